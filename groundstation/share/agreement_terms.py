"""The words of an agreement as an object: what is allowed between two stations, clause by clause.

The clauses are numbered the same in every agreement (:data:`CLAUSES`), so that "because of clause 4" means the same to
both officers. :meth:`Agreement.digest` is what both sign.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from groundstation.core.canonical import canonical_json
from groundstation.share.corridor import Corridor
from vision.records import CLASS_NAMES

Field = Literal["category", "position", "velocity", "accuracy", "time"]
SharedSide = Literal["both", "own", "neighbour"]
Onward = Literal["forbidden", "originator_consent"]

FIELDS: tuple[Field, ...] = ("category", "position", "velocity", "accuracy", "time")
"""What an agreement may allow. For an incident the category is its kind, the class of its subject and the direction
over the line: without the direction "a crossing" would be half a category."""

OTHER_INCIDENTS = ("approach", "loitering", "group", "vehicle_stopped", "person_down")
"""Kinds of incidents that an agreement has to name one by one; its kind "incident" means crossings."""

KINDS = ("track", "incident", *OTHER_INCIDENTS)
PURPOSES = ("BorderMonitoring", "BorderOperation", "SAR", "LawEnforcementOperation", "NonSpecified")
"""Names of the CISE data model."""
SIDES: tuple[SharedSide, ...] = ("both", "own", "neighbour")
ONWARD: tuple[Onward, ...] = ("forbidden", "originator_consent")
MARKINGS = ("Red", "Amber", "Green", "White")
"""Sensitivity (traffic light protocol), in the words of the CISE data model."""
GATEWAYS = ("cot", "asterix", "geojson", "sapient")
RETENTION_KINDS = ("track", "incident", "own_force")
OWN_FORCE_CATEGORIES = ("drone", "patrol")

CLAUSES: dict[int, str] = {
    1: "Parties",
    2: "Time in force",
    3: "Purpose",
    4: "Place",
    5: "What is told",
    6: "Categories",
    7: "Fields",
    8: "Coarsening",
    9: "Delay",
    10: "Rate",
    11: "How long it may be kept",
    12: "Passing on",
    13: "Third country",
    14: "Rescue",
    15: "Own forces",
    16: "Other programs",
    17: "Ending it",
}


@dataclass(frozen=True)
class RescueClause:
    """Clause 14: a subject that an officer has marked as a rescue is told within ``reach_m``, whatever its category.

    It lifts the clauses that make less of a record (place, kinds, categories, coarsening, delay, rate) and no other;
    only ``fields`` leave.
    """

    reach_m: float
    fields: tuple[Field, ...] = FIELDS


@dataclass(frozen=True)
class OwnForceClause:
    """Clause 15: own aircraft and patrols are told as a circle that they are in, coarse and late."""

    grid_m: float = 500.0
    delay_s: float = 300.0
    categories: tuple[str, ...] = ("drone",)


@dataclass(frozen=True)
class GatewayAllowance:
    """Clause 16: one kind of other program of the neighbour that may be fed, and the fields that it gets."""

    name: str
    fields: tuple[Field, ...] = FIELDS


@dataclass(frozen=True)
class Agreement:
    """One agreement between two stations; times in microseconds UTC, ``valid_until_utc_us`` exclusive.

    ``side``: places on which side of the line a station tells of, seen from the station that tells. ``grid_m`` and
    ``velocity_step_m_s`` coarsen (0: not). ``delay_s`` holds everything back. ``retention_by_kind`` goes before
    ``retention_days``. ``third_country``: the hard blocks and the second person of clause 13.
    """

    agreement_id: str
    parties: tuple[str, str]
    valid_from_utc_us: int
    valid_until_utc_us: int
    corridor: Corridor
    purposes: tuple[str, ...] = ("BorderMonitoring",)
    kinds: tuple[str, ...] = ("track", "incident")
    fields: tuple[Field, ...] = FIELDS
    categories: tuple[str, ...] = CLASS_NAMES
    max_rate_hz: float = 1.0
    retention_days: float = 30.0
    side: SharedSide = "both"
    grid_m: float = 0.0
    velocity_step_m_s: float = 0.0
    delay_s: float = 0.0
    retention_by_kind: tuple[tuple[str, float], ...] = ()
    onward: Onward = "originator_consent"
    marking: str = "Amber"
    lawful_basis: str = ""
    third_country: bool = False
    rescue: RescueClause | None = None
    own_forces: OwnForceClause | None = None
    gateways: tuple[GatewayAllowance, ...] = ()

    @property
    def purpose(self) -> str:
        """The purpose of everything but a rescue."""
        return self.purposes[0]

    def retention_days_of(self, kind: str) -> float:
        """How long a record of this kind may be kept; the end of a track as long as a track."""
        return dict(self.retention_by_kind).get("track" if kind == "track_end" else kind, self.retention_days)

    def limits_m(self, originator: str) -> tuple[float, float]:
        """How far to the left and to the right of the line ``originator`` tells of places; 0: not on that side."""
        left_m, right_m = self.corridor.widths_m
        if self.side == "both":
            return left_m, right_m
        tells_left = (originator == self.corridor.left_party) == (self.side == "own")
        return (left_m, 0.0) if tells_left else (0.0, right_m)

    def terms(self) -> dict[str, Any]:
        """The content, as it is written and signed; :func:`~groundstation.share.agreement_file.read_terms` is its
        inverse."""
        corridor: dict[str, Any] = {"width_m": float(self.corridor.width_m)}
        if self.corridor.right_width_m is not None:
            corridor["right_width_m"] = float(self.corridor.right_width_m)
        for name in ("left_party", "left", "right"):
            if getattr(self.corridor, name):
                corridor[name] = getattr(self.corridor, name)
        corridor["border"] = [[float(lat), float(lon)] for lat, lon in self.corridor.border]
        terms: dict[str, Any] = {
            "id": self.agreement_id,
            "parties": sorted(self.parties),
            "valid_from": _iso(self.valid_from_utc_us),
            "valid_until": _iso(self.valid_until_utc_us),
            "purposes": list(self.purposes),
            "side": self.side,
            "kinds": _in_order(self.kinds, KINDS),
            "fields": _in_order(self.fields, FIELDS),
            "categories": _in_order(self.categories, CLASS_NAMES),
            "grid_m": float(self.grid_m),
            "velocity_step_m_s": float(self.velocity_step_m_s),
            "delay_s": float(self.delay_s),
            "max_rate_hz": float(self.max_rate_hz),
            "retention_days": float(self.retention_days),
            "onward": self.onward,
            "marking": self.marking,
            "lawful_basis": self.lawful_basis,
            "third_country": self.third_country,
            "corridor": corridor,
        }
        if self.retention_by_kind:
            terms["retention_days"] = {
                "default": float(self.retention_days), **{k: float(d) for k, d in sorted(self.retention_by_kind)}
            }  # fmt: skip
        if self.rescue is not None:
            terms["rescue"] = {"reach_m": float(self.rescue.reach_m), "fields": _in_order(self.rescue.fields, FIELDS)}
        if self.own_forces is not None:
            terms["own_forces"] = {
                "grid_m": float(self.own_forces.grid_m),
                "delay_s": float(self.own_forces.delay_s),
                "categories": _in_order(self.own_forces.categories, OWN_FORCE_CATEGORIES),
            }
        if self.gateways:
            terms["gateways"] = {g.name: _in_order(g.fields, FIELDS) for g in sorted(self.gateways, key=_name)}
        return terms

    def digest(self) -> str:
        """SHA-256 of the content, hexadecimal: both parties hold the same agreement when it is equal."""
        return hashlib.sha256(canonical_json(self.terms())).hexdigest()


def _name(gateway: GatewayAllowance) -> str:
    return gateway.name


def _iso(t_utc_us: int) -> str:
    # By whole seconds and the rest: a float of seconds is not exact to the microsecond.
    seconds, rest = divmod(t_utc_us, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest).isoformat().replace("+00:00", "Z")


def _in_order(values: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    return [k for k in known if k in values] + sorted(v for v in values if v not in known)
