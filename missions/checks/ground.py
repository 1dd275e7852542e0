"""Clearance over terrain and from obstacles along what is flown, and the station's line of sight.

Terrain is bilinear between its posts. Along a straight piece it is a quadratic in every cell of the grid, so its highest rise
above the line of flight is found from the two ends and the middle of every cell that the piece crosses: nothing between
samples is missed. Where a piece crosses a line of the grid is right to centimetres; over steep ground the height is to 10 cm.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from missions.checks.findings import CheckLimits, Finding, Severity
from missions.checks.legs import Stretch
from missions.flown_path import FlownPath, return_goal
from missions.plan import Plan

_AIRBORNE = ("leg", "turn", "rtl", "rally")
_EARTH_M = 6_371_000.0 * 4.0 / 3.0
_LOOK_EVERY_M, _MOST_LOOKS, _MOST_SPANS, _MOST_RETURNS = 50.0, 1500, 400, 400


def cell_shares(
    terrain: TerrainGrid, lat: FloatArray, lon: FloatArray, to_lat: FloatArray, to_lon: FloatArray
) -> tuple[NDArray[np.int64], FloatArray]:
    """Where straight pieces cross the lines of the grid: the piece and the share of its length (0 and 1 too), in order."""
    row, column = terrain.posts(lat, lon)
    to_row, to_column = terrain.posts(to_lat, to_lon)
    owners, shares = [], []
    for a, b in ((row, to_row), (column, to_column)):
        low, high = np.ceil(np.minimum(a, b)), np.floor(np.maximum(a, b))
        count = np.maximum(high - low + 1.0, 0.0).astype(np.int64)
        owner = np.repeat(np.arange(len(a)), count)
        line = low[owner] + np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = (line - a[owner]) / (b - a)[owner]
        good = np.isfinite(share)
        owners.append(owner[good])
        shares.append(np.clip(share[good], 0.0, 1.0))
    every = np.arange(len(row))
    owner = np.concatenate([every, every, *owners])
    share = np.concatenate([np.zeros(len(row)), np.ones(len(row)), *shares])
    order = np.lexsort((share, owner))
    return owner[order], share[order]


class Clearance:
    """The least height above ground of straight pieces, exactly: ``agl_m`` ``(n,)`` (NaN: unknown ground) and where."""

    def __init__(
        self, path: FlownPath, pieces: NDArray[np.int64], home_amsl_m: float, terrain: TerrainGrid, clear_m: float
    ) -> None:
        """``clear_m``: what lies nearer to home than this does not count."""
        starts, ends = path.map_m[pieces[:, 0]], path.map_m[pieces[:, 1]]
        alt = path.alt_rel_home_m[pieces] + home_amsl_m
        lat, lon = path.chart.from_map(starts)
        to_lat, to_lon = path.chart.from_map(ends)
        owner, share = cell_shares(terrain, lat, lon, to_lat, to_lon)
        same = owner[1:] == owner[:-1]
        owner, t0, t1 = owner[:-1][same], share[:-1][same], share[1:][same]
        h0, h1, hm = (self._agl(path, starts, ends, alt, terrain, owner, t) for t in (t0, t1, 0.5 * (t0 + t1)))
        # Height above ground as a quadratic in s from 0 to 1 across the cell: least at its vertex if that is within.
        c2 = 2.0 * (h0 + h1 - 2.0 * hm)
        c1 = h1 - h0 - c2
        with np.errstate(divide="ignore", invalid="ignore"):
            s = np.where(c2 > 1e-9, np.clip(-c1 / (2.0 * c2), 0.0, 1.0), np.where(h1 < h0, 1.0, 0.0))
        t = t0 + s * (t1 - t0)
        agl = h0 + c1 * s + c2 * s * s
        here = starts[owner] + t[:, None] * (ends - starts)[owner]
        counted = np.hypot(*here.T) > clear_m
        self.unknown = np.zeros(len(pieces), dtype=np.bool_)
        np.logical_or.at(self.unknown, owner, counted & ~np.isfinite(agl))
        self.agl_m = np.full(len(pieces), np.inf)
        agl = np.where(counted & np.isfinite(agl), agl, np.inf)
        np.minimum.at(self.agl_m, owner, agl)
        self._owner, self._agl_m, self._here = owner, agl, here

    def _agl(
        self, path: FlownPath, starts: FloatArray, ends: FloatArray, alt: FloatArray, terrain: TerrainGrid,
        owner: NDArray[np.int64], t: FloatArray,
    ) -> FloatArray:  # fmt: skip
        lat, lon = path.chart.from_map(starts[owner] + t[:, None] * (ends - starts)[owner])
        height = alt[owner, 0] + t * (alt[owner, 1] - alt[owner, 0])
        return np.asarray(height - terrain.height(lat, lon))

    def place(self, row: int) -> FloatArray:
        """Where on the map piece ``row`` is lowest, or begins where that is not known."""
        mine = np.flatnonzero(self._owner == row)
        return np.asarray(self._here[mine[int(np.argmin(self._agl_m[mine]))]])


def check_clearance(
    plan: Plan, path: FlownPath, parts: list[Stretch], terrain: TerrainGrid, limits: CheckLimits
) -> Iterator[Finding]:
    """Height above ground along every leg, turn and way home. Taking off and landing are low by nature."""
    landings = {s for s, i in enumerate(plan.items, start=1) if i.command in (21, 85)}
    parts = [p for p in parts if p.kind in _AIRBORNE and p.seq not in landings]
    pieces = path.pieces()
    known = np.asarray(np.isfinite(path.alt_rel_home_m[pieces]).all(axis=1))
    rows = np.concatenate([p.rows for p in parts]) if parts else np.empty(0, dtype=np.int64)
    rows = rows[known[rows]]
    if not len(rows):
        return
    clear = Clearance(path, pieces[rows], plan.home_alt_amsl_m, terrain, limits.home_clear_m)
    place = np.full(len(pieces), -1)
    place[rows] = np.arange(len(rows))
    for part in parts:
        own = place[part.rows]
        own = own[own >= 0]
        if not len(own):
            continue
        if clear.unknown[own].any():
            blind = int(own[int(np.argmax(clear.unknown[own]))])
            lat, lon = path.chart.from_map(path.map_m[pieces[rows[blind], 1]])
            text = f"the terrain under {part.name} is not known"
            yield Finding("error", "terrain_unknown", text, float(lat), float(lon), part.at)
            continue
        worst = int(own[int(np.argmin(clear.agl_m[own]))])
        least = float(clear.agl_m[worst])
        if least < limits.min_agl_m:
            lat, lon = path.chart.from_map(clear.place(worst))
            text = f"{part.name} comes to {least:.0f} m above ground, {limits.min_agl_m:g} m are asked for"
            yield Finding("error", "too_low", text, float(lat), float(lon), part.at)


def check_return_ground(
    plan: Plan, path: FlownPath, terrain: TerrainGrid, limits: CheckLimits, family: str
) -> Iterator[Finding]:
    """One warning where the straight return from somewhere on the route comes too near the ground.

    From places every 50 m of the route (400 at most); each return is judged exactly. RTL climbs to its height first and never
    descends to it.
    """
    pieces = path.pieces()
    pieces = pieces[np.isin(path.kind[pieces[:, 1]], ("leg", "turn"))]
    length = np.hypot(*(path.map_m[pieces[:, 1]] - path.map_m[pieces[:, 0]]).T)
    if not len(pieces) or not np.isfinite(path.alt_rel_home_m).all():
        return
    every = max(_LOOK_EVERY_M, float(length.sum()) / _MOST_RETURNS)
    count = np.ceil(length / every).astype(np.int64)
    row = np.repeat(np.arange(len(pieces)), count)
    if not len(row):
        return
    share = (np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + 1.0) / count[row]
    a, b = pieces[row, 0], pieces[row, 1]
    here = path.map_m[a] + share[:, None] * (path.map_m[b] - path.map_m[a])
    alt = path.alt_rel_home_m[a] + share * (path.alt_rel_home_m[b] - path.alt_rel_home_m[a])
    goals = [return_goal(plan, family, place, path.chart) for place in here]
    there = path.chart.to_map([g[0] for g in goals], [g[1] for g in goals])
    alt = np.maximum(alt, [limits.rtl_alt_m if g[3] else g[2] for g in goals])
    n = len(here)
    ways = replace(path, map_m=np.stack([here, there], axis=1).reshape(-1, 2), alt_rel_home_m=np.repeat(alt, 2))
    clear = Clearance(ways, np.arange(2 * n).reshape(-1, 2), plan.home_alt_amsl_m, terrain, limits.home_clear_m)
    low = clear.agl_m < limits.min_agl_m
    if low.any():
        worst = int(np.argmin(clear.agl_m))
        lat, lon = path.chart.from_map(clear.place(worst))
        text = (
            f"a straight return from {100.0 * low.mean():.0f} % of the route comes nearer than {limits.min_agl_m:g} m to the "
            f"ground, to {clear.agl_m[worst]:.0f} m on the way from near item {int(path.item_seq[b[worst]])}"
        )
        yield Finding("warning", "rtl_too_low", text, float(lat), float(lon), int(path.item_seq[b[worst]]))


def check_sight(
    plan: Plan, path: FlownPath, terrain: TerrainGrid, limits: CheckLimits, severity: Severity = "warning"
) -> Iterator[Finding]:
    """Whether the antenna at home sees the aircraft over the terrain, with the earth at 4/3 of its radius (refraction).

    Places of the route every 50 m; along each line of sight the terrain at every post spacing.
    """
    pieces = path.pieces()
    pieces = pieces[np.isin(path.kind[pieces[:, 1]], ("leg", "turn", "rtl", "rally"))]
    if not len(pieces):
        return
    length = np.hypot(*(path.map_m[pieces[:, 1]] - path.map_m[pieces[:, 0]]).T)
    every = max(_LOOK_EVERY_M, float(length.sum()) / _MOST_LOOKS)
    count = np.ceil(length / every).astype(np.int64).clip(1)
    row = np.repeat(np.arange(len(pieces)), count)
    share = (np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + 1.0) / count[row]
    a, b = pieces[row, 0], pieces[row, 1]
    at = path.map_m[a] + share[:, None] * (path.map_m[b] - path.map_m[a])
    alt = plan.home_alt_amsl_m + path.alt_rel_home_m[a] + share * (path.alt_rel_home_m[b] - path.alt_rel_home_m[a])
    antenna = plan.home_alt_amsl_m + limits.antenna_m
    hidden = np.asarray(~lines_clear(path, at, alt, antenna, terrain))
    if not hidden.any():
        return
    seq = path.item_seq[b]
    first = int(np.argmax(hidden))
    lat, lon = path.chart.from_map(at[first])
    legs = sorted(set(seq[hidden].tolist()) - {0})
    named = ", ".join(str(s) for s in legs[:8]) + (f" and {len(legs) - 8} more" if len(legs) > 8 else "")
    text = (
        f"terrain hides the aircraft from the antenna at home on {100.0 * hidden.mean():.0f} % of the way"
        f"{f' (to item {named})' if legs else ''}: its link may be lost there"
    )
    yield Finding(severity, "no_line_of_sight", text, float(lat), float(lon), int(seq[first]))


def lines_clear(
    path: FlownPath, at: FloatArray, alt_amsl_m: FloatArray, antenna_amsl_m: float, terrain: TerrainGrid
) -> NDArray[np.bool_]:
    """Which places ``(n, 2)`` at heights ``(n,)`` are seen from the antenna at home. Unknown ground hides nothing."""
    step_m = max(terrain.step_lat_deg * 111_000.0, 10.0)
    far = np.hypot(*at.T)
    spans = int(np.clip(far.max(initial=0.0) / step_m, 8, _MOST_SPANS))
    share = (np.arange(spans) + 0.5) / spans
    lat, lon = path.chart.from_map(share[None, :, None] * at[:, None, :])
    ground = terrain.height(lat, lon)
    gone = share * far[:, None]
    drop = gone * (far[:, None] - gone) / (2.0 * _EARTH_M)
    line = antenna_amsl_m + share * (alt_amsl_m - antenna_amsl_m)[:, None]
    # Next to the antenna the model's posts say little about the ground it stands on.
    hides = (ground + drop > line) & (gone > 30.0)
    return np.asarray(~hides.any(axis=1))
