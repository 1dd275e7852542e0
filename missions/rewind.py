"""Where to take up a mission again so that no part of the way is left out: pure geometry on what was flown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from geofences.geodesy import LocalFrame
from missions.codec import LOCATION_COMMANDS, NAV_LAND, NAV_RETURN_TO_LAUNCH, NAV_TAKEOFF, WireItem

# Orders that stay in force until another one comes, and that an aircraft that was switched off has forgotten.
_LASTING = {178: "speed", 195: "region of interest", 201: "region of interest", 205: "camera mount", 206: "camera trigger",
            1000: "gimbal", 215: "rewind distance"}  # fmt: skip


@dataclass(frozen=True)
class Crumb:
    """The item ``seq`` became the one flown to when the aircraft was here; ``from_seq``: the one before it."""

    seq: int
    from_seq: int
    lat_deg: float
    lon_deg: float


@dataclass(frozen=True)
class ResumePoint:
    """Where to go on. ``repeated_m``: how much of the way is flown again; ``notes``: what the operator must know."""

    seq: int
    lat_deg: float
    lon_deg: float
    repeated_m: float
    notes: tuple[str, ...] = ()


def resume_point(
    items: Sequence[WireItem], trail: Sequence[Crumb], lat_deg: float, lon_deg: float, rewind_m: float
) -> ResumePoint | None:
    """The item to fly to first so that at least ``rewind_m`` before (``lat_deg``, ``lon_deg``) are flown again.

    ``items`` is the mission with home at 0; ``trail`` the items flown to, oldest first, the last being the one that was
    on when the aircraft broke off. The way back is measured along the trail, so that loops (DO_JUMP) are followed as they
    were flown. An aircraft that is given item n flies straight to it and on from there: the answer is the waypoint at
    which the leg with the place to begin starts. None when the trail holds nothing of this mission.
    """
    by_seq = {item.seq: item for item in items}
    crumbs = [c for c in trail if c.seq in by_seq]
    if not crumbs or not math.isfinite(lat_deg) or not math.isfinite(lon_deg):
        return None
    frame = LocalFrame(lat_deg, lon_deg)
    back_m, here = 0.0, (0.0, 0.0)
    chosen = crumbs[0]
    for crumb in reversed(crumbs):
        chosen = crumb
        east_m, north_m = (float(v) for v in frame.to_plane(crumb.lat_deg, crumb.lon_deg))
        back_m += math.hypot(east_m - here[0], north_m - here[1])
        here = (east_m, north_m)
        if back_m >= rewind_m:
            break
    start = _start_of_leg(by_seq, chosen)
    notes = list(_forgotten(items, start.seq))
    if back_m < rewind_m:
        notes.append(f"only {back_m:.0f} m of the way are known: it begins at the first of them")
    lat, lon = (start.x / 1e7, start.y / 1e7) if _placed(start) else (chosen.lat_deg, chosen.lon_deg)
    return ResumePoint(start.seq, lat, lon, back_m, tuple(notes))


def _placed(item: WireItem) -> bool:
    return item.command in LOCATION_COMMANDS and (item.x != 0 or item.y != 0) and item.command != NAV_TAKEOFF


def _start_of_leg(by_seq: dict[int, WireItem], crumb: Crumb) -> WireItem:
    """The waypoint at which the leg to ``crumb.seq`` began; its end where it began at none (after a take-off)."""
    start = by_seq.get(crumb.from_seq)
    if start is not None and _placed(start) and start.seq > 0 and start.command not in (NAV_LAND, NAV_RETURN_TO_LAUNCH):
        return start
    return by_seq[crumb.seq]


def _forgotten(items: Sequence[WireItem], seq: int) -> list[str]:
    last: dict[str, WireItem] = {}
    for item in items:
        if 0 < item.seq < seq and item.command in _LASTING:
            last[_LASTING[item.command]] = item
    return [
        f"the {what} of item {item.seq} is not in force after a restart of the aircraft, and item {seq} comes after it"
        for what, item in last.items()
    ]
