"""What may be told to whom: the agreement as an object, and the one function that everything outgoing passes.

:func:`release` is pure. Its answer is closed by default: without an agreement that names the recipient, is in force,
covers the kind, the category and the place, nothing leaves. What leaves is put together from the agreed fields; nothing
is copied and then removed.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from groundstation.core.canonical import canonical_json
from groundstation.share.corridor import Corridor
from vision.records import CLASS_NAMES

Field = Literal["category", "position", "velocity", "accuracy", "time"]
Kind = Literal["track", "incident", "track_end"]
EndState = Literal["left_area", "ended"]

FIELDS: tuple[Field, ...] = ("category", "position", "velocity", "accuracy", "time")
"""What an agreement may allow. For an incident the category is its kind, the class of its subject and the direction
over the line: without the direction "a crossing" would be half a category."""

OTHER_INCIDENTS = ("approach", "loitering", "group", "vehicle_stopped", "person_down")
"""Kinds of incidents that an agreement has to name one by one; its kind "incident" means crossings."""

PURPOSES = ("BorderMonitoring", "BorderOperation", "SAR", "LawEnforcementOperation", "NonSpecified")
"""Names of the CISE data model."""

INNER_MARGIN_FRACTION = 0.05
"""A track starts to be shared a little inside the edge and stops at the edge, so that one that walks along the edge
does not come and go."""


class Reason(Enum):
    """Why something stayed here."""

    NO_AGREEMENT = "no agreement"
    NO_PARTY = "recipient is no party to the agreement"
    NOT_YET_VALID = "agreement not yet in force"
    EXPIRED = "agreement expired"
    KIND = "kind not agreed"
    NOT_CONFIRMED = "track not confirmed"
    CATEGORY = "category not agreed"
    NO_POSITION = "position unknown"
    OUTSIDE = "outside the corridor"
    RATE = "told a moment ago"


@dataclass(frozen=True)
class Agreement:
    """One agreement between two stations; times in microseconds UTC, ``valid_until_utc_us`` exclusive."""

    agreement_id: str
    parties: tuple[str, str]
    valid_from_utc_us: int
    valid_until_utc_us: int
    corridor: Corridor
    purpose: str = "BorderMonitoring"
    kinds: tuple[str, ...] = ("track", "incident")
    fields: tuple[Field, ...] = FIELDS
    categories: tuple[str, ...] = CLASS_NAMES
    max_rate_hz: float = 1.0
    retention_days: float = 30.0

    def digest(self) -> str:
        """SHA-256 of the content, hexadecimal: both parties hold the same agreement when it is equal."""
        content: dict[str, Any] = {
            "id": self.agreement_id,
            "parties": sorted(self.parties),
            "valid_from_utc_us": self.valid_from_utc_us,
            "valid_until_utc_us": self.valid_until_utc_us,
            "purpose": self.purpose,
            "kinds": sorted(self.kinds),
            "fields": sorted(self.fields),
            "categories": sorted(self.categories),
            "max_rate_hz": self.max_rate_hz,
            "retention_days": self.retention_days,
            "corridor": {"width_m": self.corridor.width_m, "border": [list(p) for p in self.corridor.border]},
        }
        return hashlib.sha256(canonical_json(content)).hexdigest()


@dataclass(frozen=True)
class Subject:
    """Something that could be told. NaN where nothing is known.

    ``told_t_utc_us`` is the time of validity of what was last told of it (0 = never); ``shared`` says that the
    neighbour holds it as live.
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


@dataclass(frozen=True)
class Release:
    """May leave: exactly this ``body``. ``clause`` says by which words of the agreement."""

    body: dict[str, Any]
    fields: tuple[str, ...]
    clause: str
    retain_until_utc_us: int


@dataclass(frozen=True)
class Withheld:
    """Stays here, and why."""

    reason: Reason
    detail: str = ""


def release(
    agreement: Agreement | None, originator: str, recipient: str, subject: Subject, now_utc_us: int
) -> Release | Withheld:
    """Decide about one subject, now. ``originator`` is this station, ``recipient`` the neighbour."""
    if agreement is None:
        return Withheld(Reason.NO_AGREEMENT)
    if {originator, recipient} != set(agreement.parties):
        return Withheld(Reason.NO_PARTY, f"{originator} to {recipient}")
    if now_utc_us < agreement.valid_from_utc_us or subject.t_utc_us < agreement.valid_from_utc_us:
        return Withheld(Reason.NOT_YET_VALID)
    if now_utc_us >= agreement.valid_until_utc_us:
        return Withheld(Reason.EXPIRED)
    if ("track" if subject.kind == "track_end" else subject.kind) not in agreement.kinds:
        return Withheld(Reason.KIND, subject.kind)
    if (
        subject.kind == "incident"
        and subject.incident_kind != "crossing"
        and subject.incident_kind not in agreement.kinds
    ):
        return Withheld(Reason.KIND, subject.incident_kind)
    if subject.kind == "track_end":
        # It says only that what was told before is over: where it went is not said.
        body = {"state": subject.end_state, "t_utc_us": int(subject.t_utc_us)}
        return _released(agreement, body, ("time",), f"end of a shared track: {subject.end_state}", now_utc_us)
    if subject.kind == "track" and not subject.confirmed:
        return Withheld(Reason.NOT_CONFIRMED)
    if subject.class_name not in agreement.categories:
        return Withheld(Reason.CATEGORY, subject.class_name)
    if subject.kind == "track" and subject.shared:
        period_us = 1e6 / agreement.max_rate_hz
        if subject.t_utc_us - subject.told_t_utc_us < period_us:
            return Withheld(Reason.RATE)
    if not (math.isfinite(subject.lat_deg) and math.isfinite(subject.lon_deg)):
        return Withheld(Reason.NO_POSITION)
    width_m = agreement.corridor.width_m
    distance_m = agreement.corridor.distance_m(subject.lat_deg, subject.lon_deg)
    starts = subject.kind == "track" and not subject.shared
    if distance_m > width_m * (1.0 - INNER_MARGIN_FRACTION if starts else 1.0):
        return Withheld(Reason.OUTSIDE, f"{distance_m:.0f} m from the border, agreed are {width_m:.0f} m")
    clause = f"{subject.kind}, {distance_m:.0f} m from the border of {width_m:.0f} m agreed"
    return _released(agreement, _body(agreement, subject), agreement.fields, clause, now_utc_us)


def _body(agreement: Agreement, subject: Subject) -> dict[str, Any]:
    body: dict[str, Any] = {}
    if "category" in agreement.fields:
        body["class"] = subject.class_name
        if subject.kind == "incident":
            body["kind"] = subject.incident_kind
            body["direction"] = subject.direction
    if "position" in agreement.fields:
        body["lat_deg"] = round(float(subject.lat_deg), 7)
        body["lon_deg"] = round(float(subject.lon_deg), 7)
    if "velocity" in agreement.fields and all(math.isfinite(v) for v in subject.velocity_en_m_s):
        body["velocity_en_m_s"] = [round(float(v), 2) for v in subject.velocity_en_m_s]
    if "accuracy" in agreement.fields and math.isfinite(subject.ce90_m):
        body["ce90_m"] = round(float(subject.ce90_m), 1)
    if "time" in agreement.fields:
        body["t_utc_us"] = int(subject.t_utc_us)
    return body


def _released(
    agreement: Agreement, body: dict[str, Any], fields: tuple[str, ...], clause: str, now_utc_us: int
) -> Release:
    retain_until_utc_us = now_utc_us + round(agreement.retention_days * 86_400e6)
    return Release(body, fields, f"{agreement.agreement_id}: {clause}", retain_until_utc_us)
