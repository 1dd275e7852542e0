"""RTL from anywhere: does the straight way home, or to the nearest rally point, keep the fence from every place of the route?

All places of a straight piece that fly to the same goal sweep a triangle, so the answer is exact. Where the nearest goal
changes along a piece it is cut there: the difference of two squared distances is linear along it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from missions.checks.findings import Finding
from missions.checks.legs import Stretch
from missions.checks.room import FenceRoom
from missions.flown_path import PLANE_RALLY_LIMIT_M, FlownPath
from missions.plan import Plan

_NAMED = 8


def return_triangles(
    starts: FloatArray, ends: FloatArray, goals: FloatArray, family: str = "copter"
) -> tuple[FloatArray, NDArray[np.int64]]:
    """What straight ways home sweep: triangles ``(m, 3, 2)`` with the goal as their last corner, and the piece of each.

    ``goals`` ``(k, 2)``, home first. A copter flies to the nearest; a plane to the nearest rally point within 5 km, or to any
    goal that may be the nearest.
    """
    found: list[FloatArray] = []
    rows: list[NDArray[np.int64]] = []
    everything = np.arange(len(starts))
    for k, goal in enumerate(goals):
        low, high = np.zeros(len(starts)), np.ones(len(starts))
        rivals = [j for j in range(len(goals)) if j != k]
        if family == "plane" and k > 0:
            # Home does not count against a rally point in reach.
            rivals = [j for j in rivals if j > 0]
        for j in rivals:
            # |p - goal|^2 <= |p - rival|^2 on the line p(t) reads a + b t <= 0.
            apart = goals[j] - goal
            a = 2.0 * starts @ apart - (goals[j] @ goals[j] - goal @ goal)
            b = 2.0 * (ends - starts) @ apart
            with np.errstate(divide="ignore", invalid="ignore"):
                t = -a / b
            low = np.where(b > 0.0, low, np.where(b < 0.0, np.maximum(low, t), np.where(a <= 0.0, low, np.inf)))
            high = np.where(b > 0.0, np.minimum(high, t), high)
        if family == "plane" and k == 0 and len(goals) > 1:
            # Home only from farther than 5 km of every rally point; conservatively from any such piece, whole.
            away = np.min([_nearest(starts, ends, g) for g in goals[1:]], axis=0)
            reach = np.max([np.hypot(*(p - g).T) for p in (starts, ends) for g in goals[1:]], axis=0)
            high = np.where(np.maximum(away, reach) > PLANE_RALLY_LIMIT_M, high, -np.inf)
        some = everything[low <= high]
        if not len(some):
            continue
        way = ends[some] - starts[some]
        corners = np.stack(
            [starts[some] + low[some, None] * way, starts[some] + high[some, None] * way,
             np.broadcast_to(goal, (len(some), 2))], axis=1,
        )  # fmt: skip
        found.append(corners)
        rows.append(some)
    if not found:
        return np.empty((0, 3, 2)), np.empty(0, dtype=np.int64)
    return np.concatenate(found), np.concatenate(rows)


def _nearest(starts: FloatArray, ends: FloatArray, place: FloatArray) -> FloatArray:
    way = ends - starts
    squared = np.maximum((way**2).sum(axis=1), 1e-12)
    t = np.clip(((place - starts) * way).sum(axis=1) / squared, 0.0, 1.0)
    return np.asarray(np.hypot(*(starts + t[:, None] * way - place).T))


def check_returns(
    plan: Plan, path: FlownPath, parts: list[Stretch], room: FenceRoom, family: str, turn_radius_m: float
) -> Iterator[Finding]:
    """One warning that lists the items and legs from which a straight return would leave the fence.

    A warning, since the station steers round before RTL; the aircraft alone (its link lost) does not. A plane turns before it
    flies home: the width of its turn is kept besides.
    """
    rows = [p.rows for p in parts if p.kind in ("leg", "takeoff", "turn")]
    if not rows or room.is_empty:
        return
    own = np.concatenate(rows)
    pieces = path.pieces()[own]
    starts, ends = path.map_m[pieces[:, 0]], path.map_m[pieces[:, 1]]
    goals = np.concatenate(
        [np.zeros((1, 2)), path.chart.to_map([r.lat_deg for r in plan.rally], [r.lon_deg for r in plan.rally])]
    )
    need = 2.0 * turn_radius_m if family == "plane" else 0.0
    doubtful = _doubtful(path, own, pieces, goals, room, need)
    pieces, starts, ends = pieces[doubtful], starts[doubtful], ends[doubtful]
    corners, row = return_triangles(starts, ends, goals, family)
    bad = room.areas_near(corners, need)
    if not bad.any():
        return
    to = pieces[:, 1]
    legs = sorted(set(path.item_seq[to[row[bad]]].tolist()) - {0})
    points, at = _stops(path)
    if not len(points):
        points, at = np.zeros((1, 2)), np.zeros(1, dtype=np.int64)
    spots, which = return_triangles(points, points, goals, family)
    stuck = sorted(set(at[which[room.areas_near(spots, need)]].tolist()) - {0})
    worst = corners[bad][0]
    place = (worst[0] + worst[1]) / 2.0 if not stuck else points[list(at).index(stuck[0])]
    lat, lon = (float(v) for v in path.chart.from_map(place))
    where = f"from item {listed(stuck)} " if stuck else ""
    between = f"from places on the way to item {listed(legs)} " if legs else ""
    text = f"a straight return {where}{'and ' if where and between else ''}{between}would leave the fence: steer round before RTL"
    yield Finding("warning", "rtl_blocked", text, lat, lon, (stuck or legs or [-1])[0])


def _doubtful(
    path: FlownPath,
    own: NDArray[np.int64],
    pieces: NDArray[np.int64],
    goals: FloatArray,
    room: FenceRoom,
    need_m: float,
) -> NDArray[np.bool_]:
    """Pieces worth a look of their own: legs, and turns whose whole surroundings are not free together with every goal.

    A turn is many short pieces; what they and the goals span is seen at a glance.
    """
    doubtful = np.ones(len(own), dtype=np.bool_)
    turns = np.flatnonzero(path.kind[pieces[:, 1]] == "turn")
    if not len(turns):
        return doubtful
    seq = path.item_seq[pieces[turns, 1]]
    order = np.argsort(seq, kind="stable")
    groups = np.split(turns[order], np.flatnonzero(np.diff(seq[order])) + 1)
    spans = shapely.multipoints(
        np.concatenate([np.concatenate([path.map_m[pieces[g]].reshape(-1, 2), goals]) for g in groups]),
        indices=np.repeat(np.arange(len(groups)), [2 * len(g) + len(goals) for g in groups]),
    )
    inside = room.holds(np.array([path.map_m[pieces[g[0], 0]] for g in groups]))
    free = inside & ~room.wide_near(shapely.convex_hull(spans), need_m)
    for group, fine in zip(groups, free.tolist(), strict=True):
        doubtful[group] = not fine
    return doubtful


def _stops(path: FlownPath) -> tuple[FloatArray, NDArray[np.int64]]:
    """The places of the items: where the last piece of a leg to each ends."""
    legs = np.flatnonzero((path.kind == "leg") | (path.kind == "takeoff"))
    seqs, last = np.unique(path.item_seq[legs][::-1], return_index=True)
    return path.map_m[legs[::-1][last]], seqs


def listed(seqs: list[int]) -> str:
    """Item numbers for a text, a few of many."""
    more = f" and {len(seqs) - _NAMED} more" if len(seqs) > _NAMED else ""
    return ", ".join(str(s) for s in seqs[:_NAMED]) + more
