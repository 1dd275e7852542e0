"""The one function that everything outgoing passes: may this leave, now, for this neighbour, by this way?

:func:`release` is pure. Its answer is closed by default: without an agreement that names the recipient, is in force and
covers the kind, the category and the place, nothing leaves. What leaves is put together from the agreed fields; nothing
is copied and then removed. The place that leaves is judged as the true one is: coarsening never moves somebody out of
the corridor.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from groundstation.share.agreement_terms import Agreement, Field
from groundstation.share.coarsening import coarse_place, coarse_speed, rounded_up
from groundstation.share.corridor import Corridor

Kind = Literal["track", "incident", "track_end", "own_force"]
EndState = Literal["left_area", "ended"]

INNER_MARGIN_FRACTION = 0.05
"""A track starts to be shared a little inside the edge and stops at the edge, so that one that walks along the edge
does not come and go."""
WIRE = "wire"
"""The way to another station of this kind; every other way is named in clause 16 of the agreement."""

_DIRECTION = re.compile(r"[\w.\- ]{1,32}->[\w.\- ]{1,32}")
_MAX_SPEED_M_S = 1_000.0
_MAX_CE90_M = 1e6


class Reason(Enum):
    """Why something stayed here."""

    NO_AGREEMENT = "no agreement"
    NO_PARTY = "recipient is no party to the agreement"
    NOT_YET_VALID = "agreement not yet in force"
    EXPIRED = "agreement expired"
    KIND = "kind not agreed"
    NOT_CONFIRMED = "track not confirmed"
    NOT_TOLD = "it was never told"
    CATEGORY = "category not agreed"
    NO_POSITION = "position unknown"
    OUTSIDE = "outside the corridor"
    RATE = "told a moment ago"
    DELAY = "held back for the agreed time"
    OWN_FORCE = "own forces not agreed"
    GATEWAY = "this way out not agreed"
    PROTECTED = "a person who may ask for protection"
    APPROVAL = "a second person has not approved"


_CLAUSE_OF: dict[Reason, int] = {
    Reason.NO_AGREEMENT: 0,
    Reason.NO_PARTY: 1,
    Reason.NOT_YET_VALID: 2,
    Reason.EXPIRED: 2,
    Reason.KIND: 5,
    Reason.NOT_CONFIRMED: 5,
    Reason.NOT_TOLD: 5,
    Reason.CATEGORY: 6,
    Reason.NO_POSITION: 7,
    Reason.OUTSIDE: 4,
    Reason.RATE: 10,
    Reason.DELAY: 9,
    Reason.OWN_FORCE: 15,
    Reason.GATEWAY: 16,
    Reason.PROTECTED: 13,
    Reason.APPROVAL: 13,
}

PASSING = (Reason.RATE, Reason.DELAY)
"""Not a no: the same or a later update of the subject will leave. A shared track has not left the area for these."""


@dataclass(frozen=True)
class Subject:
    """Something that could be told. NaN where nothing is known.

    ``told_t_utc_us`` is the time of validity of what was last told of it (0 = never); ``shared`` says that the
    neighbour holds it as live. ``rescue_by`` names the officer who has marked it as a rescue. ``protected``: it may be
    somebody who asks for protection or is at risk. ``approved_by``: who has approved that it be told to a third country.
    """

    kind: Kind
    subject_id: str
    t_utc_us: int
    class_name: str = ""
    lat_deg: float = math.nan
    lon_deg: float = math.nan
    velocity_en_m_s: tuple[float, float] = (math.nan, math.nan)
    ce90_m: float = math.nan
    confirmed: bool = False
    incident_kind: str = ""
    direction: str = ""
    end_state: EndState = "ended"
    shared: bool = False
    told_t_utc_us: int = 0
    rescue_by: str = ""
    protected: bool = False
    approved_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Release:
    """May leave: exactly this ``body``, whose parts are ``fields``.

    ``clause`` says in words by which clause of the agreement, ``clause_number`` which (4: the place, 14: a rescue, 15:
    own forces, 5: the end of what was told). ``authorised_by``: the names that stand for it; "" is the agreement alone.
    """

    body: dict[str, Any]
    fields: tuple[str, ...]
    clause: str
    retain_until_utc_us: int
    clause_number: int = 4
    purpose: str = "BorderMonitoring"
    marking: str = "Amber"
    onward: str = "originator_consent"
    authorised_by: str = ""


@dataclass(frozen=True)
class Withheld:
    """Stays here, and why; ``detail`` in words. ``due_utc_us``: when it may leave, for what is only held back (else 0)."""

    reason: Reason
    detail: str = ""
    due_utc_us: int = 0

    @property
    def clause_number(self) -> int:
        """The clause that keeps it here; 0 where there is no agreement."""
        return _CLAUSE_OF[self.reason]

    @property
    def clause(self) -> str:
        """In words."""
        number = self.clause_number
        return f"clause {number}: {self.reason.value}" if number else self.reason.value


@dataclass(frozen=True)
class _Terms:
    """What applies to one subject, once it is clear under which clause it would be told."""

    number: int
    purpose: str
    fields: tuple[Field, ...]
    left_m: float
    right_m: float
    grid_m: float
    velocity_step_m_s: float
    delay_s: float


def release(
    agreement: Agreement | None,
    originator: str,
    recipient: str,
    subject: Subject,
    now_utc_us: int,
    via: str = WIRE,
) -> Release | Withheld:
    """Decide about one subject, now. ``originator`` is this station, ``recipient`` the neighbour, ``via`` the way out."""
    if agreement is None:
        return Withheld(Reason.NO_AGREEMENT)
    refusal = _refused_as_such(agreement, originator, recipient, subject, now_utc_us)
    if refusal is not None:
        return refusal
    allowed = _fields_of_way(agreement, via)
    if allowed is None:
        return Withheld(Reason.GATEWAY, via)
    rescued = _is_rescue(agreement, subject)
    refusal = None if rescued else _refused_kind(agreement, subject)
    if refusal is not None:
        return refusal
    terms = _terms(agreement, originator, subject, rescued)
    due_utc_us = int(subject.t_utc_us) + math.ceil(terms.delay_s * 1e6)
    if due_utc_us > now_utc_us and terms.delay_s > 0.0:
        return Withheld(Reason.DELAY, f"{terms.delay_s:g} s are agreed", due_utc_us)
    if subject.kind == "track_end":
        # It says only that what was told before is over: where it went is not said.
        state = subject.end_state if subject.end_state == "left_area" else "ended"
        body = {"state": state, "t_utc_us": int(subject.t_utc_us)}
        clause = f"end of a shared track: {state}"
        return _released(agreement, subject, terms, body, ("time",), 5, clause, now_utc_us)
    refusal = _refused_third_country(agreement, subject)
    if refusal is not None:
        return refusal
    if subject.told_t_utc_us and subject.kind != "incident":
        # A rescue is told as often as it is seen, but never the same moment twice.
        period_us = 1 if rescued else math.ceil(1e6 / agreement.max_rate_hz)
        if subject.t_utc_us - subject.told_t_utc_us < period_us:
            return Withheld(Reason.RATE)
    return _at_its_place(agreement, subject, terms, allowed, now_utc_us)


def _refused_as_such(
    agreement: Agreement, originator: str, recipient: str, subject: Subject, now_utc_us: int
) -> Withheld | None:
    """Parties and time in force: no clause lifts these."""
    if originator == recipient or {originator, recipient} != set(agreement.parties):
        return Withheld(Reason.NO_PARTY, f"{originator} to {recipient}")
    if now_utc_us < agreement.valid_from_utc_us or subject.t_utc_us < agreement.valid_from_utc_us:
        return Withheld(Reason.NOT_YET_VALID)
    if now_utc_us >= agreement.valid_until_utc_us or subject.t_utc_us >= agreement.valid_until_utc_us:
        return Withheld(Reason.EXPIRED)
    return None


def _fields_of_way(agreement: Agreement, via: str) -> tuple[Field, ...] | None:
    if via == WIRE:
        return ("category", "position", "velocity", "accuracy", "time")
    return next((g.fields for g in agreement.gateways if g.name == via), None)


def _is_rescue(agreement: Agreement, subject: Subject) -> bool:
    return (
        agreement.rescue is not None
        and "SAR" in agreement.purposes
        and bool(subject.rescue_by.strip())
        and subject.kind in ("track", "incident")
    )


def _refused_kind(agreement: Agreement, subject: Subject) -> Withheld | None:
    """Clauses 5, 6 and 15."""
    if subject.kind == "own_force":
        if agreement.own_forces is None:
            return Withheld(Reason.OWN_FORCE)
        if subject.class_name not in agreement.own_forces.categories:
            return Withheld(Reason.OWN_FORCE, subject.class_name)
        return None
    if subject.kind not in ("track", "incident", "track_end"):
        return Withheld(Reason.KIND, subject.kind)
    if ("track" if subject.kind == "track_end" else subject.kind) not in agreement.kinds:
        return Withheld(Reason.KIND, subject.kind)
    if subject.kind == "track_end":
        return None if subject.shared else Withheld(Reason.NOT_TOLD)
    if (
        subject.kind == "incident"
        and subject.incident_kind != "crossing"
        and subject.incident_kind not in agreement.kinds
    ):
        return Withheld(Reason.KIND, subject.incident_kind)
    if subject.kind == "track" and not subject.confirmed:
        return Withheld(Reason.NOT_CONFIRMED)
    if subject.class_name not in agreement.categories:
        return Withheld(Reason.CATEGORY, subject.class_name)
    return None


def _refused_third_country(agreement: Agreement, subject: Subject) -> Withheld | None:
    """Clause 13. A rescue does not lift it."""
    if not agreement.third_country or subject.kind == "own_force":
        return None
    if subject.protected:
        return Withheld(Reason.PROTECTED)
    if len({name.strip().casefold() for name in subject.approved_by} - {""}) < 2:
        return Withheld(Reason.APPROVAL, "two officers have to approve what a third country is told")
    return None


def _terms(agreement: Agreement, originator: str, subject: Subject, rescued: bool) -> _Terms:
    if rescued and agreement.rescue is not None:
        reach_m = agreement.rescue.reach_m
        return _Terms(14, "SAR", agreement.rescue.fields, reach_m, reach_m, 0.0, 0.0, 0.0)
    if subject.kind == "own_force" and agreement.own_forces is not None:
        left_m, right_m = agreement.corridor.widths_m
        own = agreement.own_forces
        told: tuple[Field, ...] = ("category", "position", "accuracy", "time")
        return _Terms(15, agreement.purpose, told, left_m, right_m, own.grid_m, 0.0, own.delay_s)
    left_m, right_m = agreement.limits_m(originator)
    return _Terms(
        4, agreement.purpose, agreement.fields, left_m, right_m, agreement.grid_m, agreement.velocity_step_m_s,
        agreement.delay_s,
    )  # fmt: skip


def _at_its_place(
    agreement: Agreement, subject: Subject, terms: _Terms, allowed: tuple[Field, ...], now_utc_us: int
) -> Release | Withheld:
    lat_deg, lon_deg = float(subject.lat_deg), float(subject.lon_deg)
    if not (math.isfinite(lat_deg) and math.isfinite(lon_deg)):
        return Withheld(Reason.NO_POSITION)
    corridor = agreement.corridor
    starts = subject.kind == "track" and not subject.shared
    beyond_m, distance_m, limit_m = _beyond_m(corridor, lat_deg, lon_deg, terms, INNER_MARGIN_FRACTION * starts)
    if beyond_m > 0.0:
        return Withheld(Reason.OUTSIDE, _outside_text(corridor, lat_deg, lon_deg, terms, distance_m, limit_m))
    told_lat_deg, told_lon_deg, moved_m = coarse_place(lat_deg, lon_deg, terms.grid_m)
    if _beyond_m(corridor, told_lat_deg, told_lon_deg, terms, 0.0)[0] > 0.0:
        return Withheld(Reason.OUTSIDE, "the middle of its grid square is outside")
    fields = tuple(f for f in terms.fields if f in allowed)
    body = _body(agreement, subject, fields, (told_lat_deg, told_lon_deg), moved_m, terms.velocity_step_m_s)
    clause = f"{subject.kind.replace('_', ' ')}, {distance_m:.0f} m from the border of {limit_m:.0f} m agreed"
    return _released(agreement, subject, terms, body, _told(body), terms.number, clause, now_utc_us)


def _beyond_m(
    corridor: Corridor, lat_deg: float, lon_deg: float, terms: _Terms, margin: float
) -> tuple[float, float, float]:
    """How far a place is outside (0 or less: it is not), its distance from the line and the width on its side."""
    distance_m, is_left = corridor.locate(lat_deg, lon_deg)
    if not math.isfinite(distance_m):
        return math.inf, math.inf, max(terms.left_m, terms.right_m)
    limit_m, other_m = (terms.left_m, terms.right_m) if is_left else (terms.right_m, terms.left_m)
    if limit_m == 0.0 and distance_m > 0.0:
        return distance_m, distance_m, 0.0
    beyond_m = distance_m - limit_m * (1.0 - margin)
    if other_m == 0.0:  # the line itself is an edge
        beyond_m = max(beyond_m, limit_m * margin - distance_m)
    return beyond_m, distance_m, limit_m


def _outside_text(
    corridor: Corridor, lat_deg: float, lon_deg: float, terms: _Terms, distance_m: float, limit_m: float
) -> str:
    beyond_m = _beyond_m(corridor, lat_deg, lon_deg, terms, 0.0)[0]
    if not math.isfinite(distance_m):
        return "far away from the border"
    if beyond_m <= 0.0:
        return f"{distance_m:.0f} m from the border, agreed are {limit_m:.0f} m: too near the edge to begin"
    if limit_m == 0.0:
        return f"{beyond_m:.0f} m outside: on the side of the border that is not shared"
    return f"{beyond_m:.0f} m outside: {distance_m:.0f} m from the border, agreed are {limit_m:.0f} m"


def _body(
    agreement: Agreement,
    subject: Subject,
    fields: tuple[Field, ...],
    place: tuple[float, float],
    moved_m: float,
    velocity_step_m_s: float,
) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if "category" in fields:
        body["class"] = subject.class_name
        if subject.kind == "incident":
            body["kind"] = subject.incident_kind
            body["direction"] = _direction(agreement.corridor, subject.direction)
    if "position" in fields:
        body["lat_deg"], body["lon_deg"] = place
    velocity = [coarse_speed(v, velocity_step_m_s) for v in subject.velocity_en_m_s]
    if "velocity" in fields and all(abs(v) <= _MAX_SPEED_M_S for v in velocity):  # also not NaN
        body["velocity_en_m_s"] = velocity
    ce90_m = float(subject.ce90_m)
    if "accuracy" in fields and 0.0 <= ce90_m <= _MAX_CE90_M:
        body["ce90_m"] = rounded_up(ce90_m + moved_m)
    if "time" in fields:
        body["t_utc_us"] = int(subject.t_utc_us)
    return body


def _direction(corridor: Corridor, direction: str) -> str:
    """Only "from one side to the other": it is the one word that does not come out of a list of the program."""
    if corridor.left and corridor.right:
        names = f"{corridor.left}->{corridor.right}", f"{corridor.right}->{corridor.left}"
        return direction if direction in names else ""
    return direction if _DIRECTION.fullmatch(direction) else ""


_FIELD_OF = (
    ("class", "category"), ("lat_deg", "position"), ("velocity_en_m_s", "velocity"), ("ce90_m", "accuracy"),
    ("t_utc_us", "time"),
)  # fmt: skip


def _told(body: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for key, name in _FIELD_OF if key in body)


def _released(
    agreement: Agreement,
    subject: Subject,
    terms: _Terms,
    body: dict[str, Any],
    fields: tuple[str, ...],
    number: int,
    clause: str,
    now_utc_us: int,
) -> Release:
    names = (*subject.approved_by, subject.rescue_by if number == 14 else "")
    return Release(
        body=body,
        fields=fields,
        clause=f"{agreement.agreement_id}: clause {number}: {clause}",
        retain_until_utc_us=now_utc_us + round(agreement.retention_days_of(subject.kind) * 86_400e6),
        clause_number=number,
        purpose=terms.purpose,
        marking=agreement.marking,
        onward=agreement.onward,
        authorised_by=", ".join(dict.fromkeys(n.strip() for n in names if n.strip())),
    )
