"""Does what is flown keep the fence: every leg and turn, home, the rally points, the ceiling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from missions.checks.findings import CheckLimits, Finding
from missions.checks.room import FenceRoom
from missions.flown_path import FlownPath
from missions.plan import Plan

_AT_HOME_M = 1.0
_HOME_SHARE = 3.0


@dataclass(frozen=True, eq=False)
class Stretch:
    """Pieces of the path that belong together: a leg, the turns at one item, a way home.

    ``rows``: indices into the pieces of the path.
    """

    kind: str
    from_seq: int
    seq: int
    rows: NDArray[np.int64]

    @property
    def name(self) -> str:
        """For texts."""
        start, end = (f"item {s}" if s else "home" for s in (self.from_seq, self.seq))
        if self.kind == "turn":
            return f"the turn at {end}"
        if self.kind == "takeoff":
            return f"the take-off of {end}"
        if self.kind == "land":
            return f"the landing at {end}"
        if self.kind in ("rtl", "rally") and self.seq:
            return f"the climb at {end} before the return"
        if self.kind == "rtl":
            return f"the way home from {start}"
        if self.kind == "rally":
            return f"the way from {start} to the rally point"
        word = "leg" if self.seq > self.from_seq else "jump"
        return f"the {word} from {start} to {end}"

    @property
    def at(self) -> int:
        """The item that a finding is told at: the one that is flown to, or from where a way home begins."""
        return self.from_seq if self.kind in ("rtl", "rally") else self.seq


def stretches(path: FlownPath) -> list[Stretch]:
    """All of them, in the order of flight."""
    if not len(path.map_m):
        return []
    to = path.pieces()[:, 1]
    kinds, kind = np.unique(path.kind[to], return_inverse=True)
    seq, came = path.item_seq[to], path.from_seq[to]
    most = int(max(seq.max(), came.max())) + 1
    _, first, group = np.unique((kind * most + came) * most + seq, return_index=True, return_inverse=True)
    order = np.argsort(group, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(group))[:-1])
    found = [Stretch(str(kinds[kind[r[0]]]), int(came[r[0]]), int(seq[r[0]]), r) for r in parts]
    return [found[k] for k in np.argsort(first)]


def check_fence(
    plan: Plan, path: FlownPath, parts: list[Stretch], room: FenceRoom, need_m: float, limits: CheckLimits
) -> Iterator[Finding]:
    """Everything about the ground plan of the fence. ``need_m``: the margin that is asked for."""
    yield from _room(plan, room)
    if room.is_empty:
        return
    yield from _home(plan, room)
    yield from _path(plan, path, parts, room, need_m)
    yield from _between(path, room)
    for number, rally in enumerate(plan.rally, start=1):
        margin = room.margin_m(path.chart.to_map(rally.lat_deg, rally.lon_deg))
        if margin < plan.fence.margin_m:
            text = f"rally point {number} lies outside the fence or on its edge"
            yield Finding("error", "rally_outside", text, rally.lat_deg, rally.lon_deg)
    speed = plan.fence.margin_m * limits.check_hz
    if need_m > plan.fence.margin_m:
        text = (
            f"the aircraft looks at its fence {limits.check_hz:g} times a second and flies {need_m:.1f} m in between: a "
            f"margin of {plan.fence.margin_m:g} m is right for {speed:.0f} m/s, {need_m:.1f} m are asked for"
        )
        yield Finding("warning", "fence_rate", text, plan.home_lat_deg, plan.home_lon_deg)


def _room(plan: Plan, room: FenceRoom) -> Iterator[Finding]:
    fence, home = plan.fence, (plan.home_lat_deg, plan.home_lon_deg)
    count = fence.inclusion_count
    if room.is_empty:
        text = "the fence leaves no room at all"
        if count > 1 and not fence.union_of_inclusions:
            text = f"the {count} inclusions have no place in common; set them as a union"
        yield Finding("error", "no_room", text, *home)
    elif count > 1 and not fence.union_of_inclusions:
        text = "several inclusions are intersected: only what lies in all of them may be flown"
        yield Finding("warning", "intersected_inclusions", text, *home)


def _home(plan: Plan, room: FenceRoom) -> Iterator[Finding]:
    margin, place = room.margin_m(np.zeros(2)), (plan.home_lat_deg, plan.home_lon_deg)
    if margin < 0.0:
        yield Finding("error", "home_outside", f"home lies {-margin:.0f} m outside the fence", *place, 0)
    elif margin < plan.fence.margin_m:
        yield Finding("warning", "home_near_fence", f"home is only {margin:.0f} m from the fence", *place, 0)


def _path(plan: Plan, path: FlownPath, parts: list[Stretch], room: FenceRoom, need_m: float) -> Iterator[Finding]:
    pieces = path.pieces()
    starts, ends = path.map_m[pieces[:, 0]], path.map_m[pieces[:, 1]]
    margins = room.margins_m(starts, ends, need_m)
    if room.margin_m(np.zeros(2)) < need_m:
        # What begins or ends at home is as near to the fence as home is, which is told once.
        at_home = np.flatnonzero((margins >= 0.0) & (margins < need_m) & _touches_home(starts, ends))
        for k in at_home.tolist():
            rest = _away_from_home(starts[k], ends[k], _HOME_SHARE * need_m)
            margins[k] = need_m if rest is None else room.margins_m(rest[0][None], rest[1][None], need_m)[0]
    for part in parts:
        worst = int(part.rows[np.argmin(margins[part.rows])])
        margin = float(margins[worst])
        if margin >= need_m:
            continue
        where, apart = room.nearest_place(starts[worst], ends[worst])
        lat, lon = path.chart.from_map(where)
        place = float(lat), float(lon), part.at
        turn = part.kind == "turn"
        if margin < 0.0:
            text = f"{part.name} leaves the fence by {_metres(apart)} m"
            yield Finding("error", "turn_outside" if turn else "leg_outside", text, *place)
        else:
            text = f"{part.name} comes to {apart:.1f} m from the fence, {need_m:g} m are asked for"
            yield Finding("warning" if turn else "error", "turn_near_fence" if turn else "leg_near_fence", text, *place)


def _between(path: FlownPath, room: FenceRoom) -> Iterator[Finding]:
    """What lies between the curves of a plane's turns: an area, so the fence must leave all of it."""
    if not len(path.between_m):
        return
    bad = room.areas_near(path.between_m, 0.0)
    for seq in np.unique(path.between_seq[bad]).tolist():
        mine = path.between_m[bad & (path.between_seq == seq)]
        lat, lon = path.chart.from_map(mine[0].mean(axis=0))
        text = (
            f"at item {seq} a plane may fly anywhere between its tightest and its widest turn, where the fence is left"
        )
        yield Finding("error", "turn_outside", text, float(lat), float(lon), seq)


def _metres(distance: float) -> str:
    return f"{distance:.0f}" if distance >= 1.0 else f"{max(distance, 0.01):.2f}"


def _touches_home(starts: FloatArray, ends: FloatArray) -> NDArray[np.bool_]:
    return np.asarray(np.minimum(np.hypot(*starts.T), np.hypot(*ends.T)) <= _AT_HOME_M)


def _away_from_home(start: FloatArray, end: FloatArray, metres: float) -> tuple[FloatArray, FloatArray] | None:
    """The part of a piece from or to home that is farther from it than so much."""
    if np.hypot(*start) > np.hypot(*end):
        start, end = end, start
    length = float(np.hypot(*(end - start)))
    return None if length <= metres else (start + (end - start) * (metres / length), end)


def check_ceiling(plan: Plan, path: FlownPath, parts: list[Stretch], limits: CheckLimits) -> Iterator[Finding]:
    """Heights against the ceiling of the fence, which is above home."""
    ceiling, home = plan.fence.alt_max_rel_home_m, (plan.home_lat_deg, plan.home_lon_deg)
    to = path.pieces()[:, 1]
    told: set[int] = set()
    for part in parts:
        heights = path.alt_rel_home_m[to[part.rows]]
        lat, lon = (float(v) for v in path.chart.from_map(path.map_m[to[part.rows[-1]]]))
        if not np.isfinite(heights).all():
            if part.seq not in told:
                told.add(part.seq)
                # An item without a height of its own is told with the mission.
                if part.seq and np.isfinite(plan.items[part.seq - 1].z):
                    text = f"item {part.seq} has its height above ground that is not known"
                    yield Finding("error", "terrain_unknown", text, lat, lon, part.seq)
            continue
        top = float(heights.max())
        if not part.seq or part.kind in ("rtl", "rally", "land") or top <= ceiling or part.seq in told:
            continue
        told.add(part.seq)
        text = f"item {part.seq} is {top:.0f} m above home, the ceiling is {ceiling:g} m"
        yield Finding("error", "above_ceiling", text, lat, lon, part.seq)
    if limits.rtl_alt_m > ceiling:
        text = f"it returns at {limits.rtl_alt_m:g} m above home, the ceiling is {ceiling:g} m"
        yield Finding("error", "rtl_above_ceiling", text, *home)
    for number, rally in enumerate(plan.rally, start=1):
        if rally.alt_rel_home_m > ceiling:
            text = f"rally point {number} is above the ceiling of {ceiling:g} m"
            yield Finding("error", "rally_above_ceiling", text, rally.lat_deg, rally.lon_deg)
