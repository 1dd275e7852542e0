"""Cursor-on-Target events (CoT 2.0 XML) from what was released. Pure: no socket, no clock.

What an event says comes from the released body and the agreement; nothing is added that could tell more:

* ``time`` is when it left, ``start`` when the position held, ``stale`` a few seconds on (and never after the agreement's
  end): routers hand what is not stale to everybody who comes later, even after it was deleted. All are UTC with ``Z``:
  ``taky`` drops offsets, which makes 21:00+02:00 two hours wrong.
* ``ce`` is one sigma, as the schema has it: CE90 divided by 2.146; ``ce90_m`` stands in the own child as well.
* ``hae`` is metres above the ellipsoid. What is released has no height, so it is that of the ground at the released
  place, from the terrain that both sides can look up, plus the height of the geoid that the station's file states for its
  area. Without that figure it is 9999999, "unknown": a height above sea level under that name would be 50 m wrong in
  central Europe. ``le`` covers the terrain's error, the geoid's over the area, and the slope within the circle.
* The policy (agreement, purpose, recipient, until when it may be kept, that it cannot be recalled) stands in an own child
  of ``detail``: routers strip the event's own ``access``, ``caveat`` and ``releasableTo``, and keep children they do not know.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime
from xml.etree import ElementTree

from groundstation.share.gateways.base import CE90_PER_SIGMA, Told

UNKNOWN = "9999999.0"
POLICY_TAG = "__marchwarden"
GEOID_SIGMA_M = 2.0
"""How far the geoid may be from the stated figure within an area of some tens of kilometres."""

_TYPES = {"person": "a-u-G", "vehicle": "a-u-G-E-V", "two-wheeler": "a-u-G-E-V"}
_INCIDENT_TYPE = "b-m-p-s-m"
_DELETE_TYPE = "t-x-d-d"
_PING_TYPE = "t-x-c-t"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

GroundHeight = Callable[[float, float], tuple[float, float]]
"""Height of the ground above mean sea level at latitude and longitude, and its one-sigma error, metres; NaN where unknown."""


def event(told: Told, now_utc_us: int, stale_s: float, geoid_m: float | None, ground: GroundHeight | None) -> bytes:
    """One CoT event, UTF-8, without an XML declaration: streams are a sequence of bare ``event`` elements."""
    uid = event_uid(told)
    stale_us = min(now_utc_us + round(stale_s * 1e6), max(told.valid_until_utc_us, now_utc_us))
    ends = told.kind == "track_end"
    valid_us = int(told.body.get("t_utc_us", now_utc_us))
    element = ElementTree.Element(
        "event",
        version="2.0",
        uid=f"{uid}.end" if ends else uid,
        type=_DELETE_TYPE if ends else _type(told),
        how="m-f",
        time=utc_text(now_utc_us),
        # A position must not be stated to hold later than the event was made: receivers take that for a wrong clock.
        start=utc_text(now_utc_us if ends else min(valid_us, now_utc_us)),
        stale=utc_text(stale_us),
        access=_clean(told.marking),
        caveat=_clean(told.purpose),
        releasableTo=_clean(told.recipient),
    )
    _point(element, told, geoid_m, ground)
    detail = ElementTree.SubElement(element, "detail")
    if ends:
        ElementTree.SubElement(detail, "link", uid=uid, relation="none", type="none")
        ElementTree.SubElement(detail, "__forcedelete")
    else:
        ElementTree.SubElement(detail, "contact", callsign=_callsign(told))
        _motion(detail, told)
    if told.exercise:
        ElementTree.SubElement(detail, "remarks").text = "EXERCISE EXERCISE EXERCISE"
    _policy(detail, told)
    return ElementTree.tostring(element, encoding="unicode").encode()


def ping(own_name: str, now_utc_us: int) -> bytes:
    """A keep-alive, which routers answer and do not pass on. It says no more than the name in the certificate."""
    element = ElementTree.Element(
        "event",
        version="2.0",
        uid=f"marchwarden.{_clean(own_name)}-ping",
        type=_PING_TYPE,
        how="m-g",
        time=utc_text(now_utc_us),
        start=utc_text(now_utc_us),
        stale=utc_text(now_utc_us + 20_000_000),
    )
    ElementTree.SubElement(element, "point", lat="0.0", lon="0.0", hae=UNKNOWN, ce=UNKNOWN, le=UNKNOWN)
    ElementTree.SubElement(element, "detail")
    return ElementTree.tostring(element, encoding="unicode").encode()


def event_uid(told: Told) -> str:
    """The uid of a thing: unlike that of any other run, and without names or numbers used here."""
    return f"marchwarden.{_clean(told.originator)}.{_clean(told.name)}"


def utc_text(t_utc_us: int) -> str:
    """A time as CoT has it: milliseconds, Zulu."""
    moment = datetime.fromtimestamp(t_utc_us // 1_000_000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{t_utc_us % 1_000_000 // 1000:03d}Z"


def height(
    lat_deg: float, lon_deg: float, sigma_m: float, geoid_m: float | None, ground: GroundHeight | None
) -> tuple[float, float] | None:
    """``(hae_m, le_m)`` of the ground, or None where it is not known. ``sigma_m`` is that of the place on the map."""
    if geoid_m is None or ground is None or not math.isfinite(sigma_m):
        return None
    here_m, terrain_sigma_m = ground(lat_deg, lon_deg)
    if not math.isfinite(here_m) or not math.isfinite(terrain_sigma_m):
        return None
    # How much the ground rises or falls within one sigma of the place.
    step_deg = max(sigma_m, 1.0) / 111_000.0
    slopes = [
        ground(lat_deg + n * step_deg, lon_deg + e * step_deg / max(math.cos(math.radians(lat_deg)), 0.01))[0]
        for n, e in ((1, 0), (-1, 0), (0, 1), (0, -1))
    ]
    rise_m = max((abs(s - here_m) for s in slopes if math.isfinite(s)), default=math.inf)
    le_m = math.sqrt(terrain_sigma_m**2 + GEOID_SIGMA_M**2 + rise_m**2)
    return (here_m + geoid_m, le_m) if math.isfinite(le_m) else None


def _type(told: Told) -> str:
    return _INCIDENT_TYPE if told.kind == "incident" else _TYPES.get(str(told.body.get("class", "")), "a-u-G")


def _point(element: ElementTree.Element, told: Told, geoid_m: float | None, ground: GroundHeight | None) -> None:
    body = told.body
    hae = ce = le = UNKNOWN
    lat = lon = "0.0"
    if "lat_deg" in body:
        # Seven decimals are a centimetre; taky cuts to six.
        lat, lon = f"{body['lat_deg']:.7f}", f"{body['lon_deg']:.7f}"
        sigma_m = body["ce90_m"] / CE90_PER_SIGMA if "ce90_m" in body else math.nan
        if math.isfinite(sigma_m):
            # Rounded up: nothing may look more exact than it was released.
            ce = f"{math.ceil(sigma_m * 10.0) / 10.0:.1f}"
        known = height(body["lat_deg"], body["lon_deg"], sigma_m, geoid_m, ground)
        if known is not None:
            hae, le = f"{known[0]:.1f}", f"{math.ceil(known[1] * 10.0) / 10.0:.1f}"
    ElementTree.SubElement(element, "point", lat=lat, lon=lon, hae=hae, ce=ce, le=le)


def _motion(detail: ElementTree.Element, told: Told) -> None:
    if "velocity_en_m_s" in told.body:
        east, north = told.body["velocity_en_m_s"]
        course_deg = math.degrees(math.atan2(east, north)) % 360.0
        ElementTree.SubElement(detail, "track", course=f"{course_deg:.1f}", speed=f"{math.hypot(east, north):.2f}")


def _callsign(told: Told) -> str:
    words = [str(told.body[k]) for k in ("class", "kind", "direction") if told.body.get(k)]
    words.append(told.name.rpartition("-")[2])
    return _clean(" ".join(["EXERCISE", *words] if told.exercise else words))


def _policy(detail: ElementTree.Element, told: Told) -> None:
    policy = ElementTree.SubElement(
        detail,
        POLICY_TAG,
        version="1",
        kind=told.kind,
        originator=_clean(told.originator),
        releasableTo=_clean(told.recipient),
        agreement=_clean(told.agreement_id),
        purpose=_clean(told.purpose),
        marking=_clean(told.marking),
        retainUntil=utc_text(told.retain_until_utc_us),
        recall="none",
        receipts="none",
    )
    if told.exercise:
        policy.set("exercise", "1")
    if "ce90_m" in told.body:
        policy.set("ce90_m", f"{told.body['ce90_m']:.1f}")
    if told.kind == "track_end":
        policy.set("state", _clean(str(told.body["state"])))


def _clean(text: str) -> str:
    return _NOT_XML.sub("?", text)
