"""Sorties in time, and aircraft that could meet in different height layers.

Two aircraft need different layers when what they fly (the way out, the stretch, the way home) comes closer than the
separation; aircraft of one patrol that relieve each other always do. Take-offs and landings at one point are kept apart
in time by shifting whole patrols, which leaves their gaps as they are.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString

from geofences.geodesy import FloatArray, LocalFrame
from geofences.zone import TimeWindow
from missions.plan_time import LAND_SLOW_BELOW_M, LAND_SLOW_M_S
from missions.planner.demand import Piece
from missions.planner.fleet import Fleet
from missions.planner.line import Track
from missions.planner.solution import Aircraft, Conflict, Patrol, Sortie

_MOST_SORTIES = 5000
_LAYERS = 6
_PAD_CLEAR_S = 10.0
_SHIFT_STEP_S = 15.0
_LONGEST_SHIFT_S = 900.0
_FIRST_TIMES = 4
_LAUNCH_CLEAR_M = 100.0
"""Near a launch point aircraft are apart in time, by their take-offs and landings."""


def scheduled(
    patrols: Sequence[Patrol],
    fleet: Fleet,
    track: Track,
    frame: LocalFrame,
    watch_s: float,
    pieces: Sequence[Sequence[Piece]],
    start_utc_us: int,
) -> tuple[tuple[Patrol, ...], tuple[Conflict, ...]]:
    """The patrols with their sorties and layers, and what could not be parted. ``pieces``: the demand on each patrol."""
    layered, conflicts = _layered(list(patrols), fleet, track, frame)
    out: list[Patrol] = []
    busy: dict[str, _Pad] = {}
    for patrol, mine in zip(layered, pieces, strict=True):
        windows = tuple(dict.fromkeys(w for p in mine for w in p.forbidden))
        free = _free(windows, watch_s, start_utc_us)
        performance, way = fleet.groups[patrol.aircraft[0].group].performance, fleet.way
        height = way.height_agl_m + way.layer_m * max(a.layer for a in patrol.aircraft)
        up_s = max(height / performance.climb_m_s, way.take_off_gap_s) + _PAD_CLEAR_S
        down_s = height / performance.sink_m_s + LAND_SLOW_BELOW_M / LAND_SLOW_M_S + _PAD_CLEAR_S
        pad = busy.setdefault(patrol.launch.name, _Pad())
        # The whole patrol a little later, which leaves its gaps as they are: as little as keeps the launch point free.
        best: tuple[float, list[Sortie]] | None = None
        for shift in np.arange(0.0, min(patrol.period_s, _LONGEST_SHIFT_S), _SHIFT_STEP_S):
            sorties = _sorties(patrol, free, float(shift))
            cost = pad.cost(sorties, up_s, down_s) + float(shift) / 600.0
            if best is None or cost < best[0]:
                best = cost, sorties
            if best[0] <= float(shift) / 600.0:
                break
        sorties = best[1] if best is not None else _sorties(patrol, free, 0.0)
        pad.take(sorties, up_s, down_s)
        out.append(replace(patrol, sorties=tuple(sorties)))
    told = [Conflict(text, name, name) for name, pad in busy.items() for text in pad.told(name)]
    return tuple(out), (*conflicts, *told)


class _Pad:
    """When a launch point and the air above it are taken: a column for each take-off and landing."""

    def __init__(self) -> None:
        self._begin = np.empty(0)
        self._end = np.empty(0)
        self._first = np.empty(0, dtype=np.bool_)
        self.meetings = 0

    @staticmethod
    def _times(
        sorties: Sequence[Sortie], up_s: float, down_s: float
    ) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
        begin = np.array([t for s in sorties for t in (s.take_off_s - _PAD_CLEAR_S, s.landing_s - down_s)])
        end = np.array([t for s in sorties for t in (s.take_off_s + up_s, s.landing_s + _PAD_CLEAR_S)])
        return begin, end, np.arange(len(begin)) < _FIRST_TIMES

    def _overlaps(self, begin: FloatArray, end: FloatArray) -> NDArray[np.bool_]:
        return np.asarray((begin[:, None] < self._end) & (self._begin < end[:, None]))

    def cost(self, sorties: Sequence[Sortie], up_s: float, down_s: float) -> float:
        """How many meetings these would bring; the first sorties', which can still be planned away, weigh most."""
        if not len(self._begin) or not sorties:
            return 0.0
        begin, end, first = self._times(sorties, up_s, down_s)
        over = self._overlaps(begin, end)
        return float(over.sum()) + 1000.0 * float((over & first[:, None] & self._first).sum())

    def take(self, sorties: Sequence[Sortie], up_s: float, down_s: float) -> None:
        """These are flown."""
        if not sorties:
            return
        begin, end, first = self._times(sorties, up_s, down_s)
        self.meetings += int(self._overlaps(begin, end).sum())
        self._begin, self._end = np.concatenate([self._begin, begin]), np.concatenate([self._end, end])
        self._first = np.concatenate([self._first, first])

    def told(self, name: str) -> list[str]:
        """What is left, in words."""
        if not self.meetings:
            return []
        return [
            f"at {name!r} a take-off or landing falls into another one {self.meetings} times in the watch: the later one "
            "waits, up to the time of a landing, or takes off from a place of its own"
        ]


def _free(windows: Sequence[TimeWindow], watch_s: float, start_utc_us: int) -> list[tuple[float, float]]:
    """When a patrol may be flown, seconds from the watch's beginning."""
    if not windows:
        return [(0.0, watch_s)]
    step = 60.0
    free: list[tuple[float, float]] = []
    start: float | None = None
    for at in np.arange(0.0, watch_s, step):
        open_now = not any(w.holds(start_utc_us + round(at * 1e6) + 1) for w in windows)
        if open_now and start is None:
            start = float(at)
        if not open_now and start is not None:
            free.append((start, float(at)))
            start = None
    if start is not None:
        free.append((start, watch_s))
    return free


def _sorties(patrol: Patrol, free: Sequence[tuple[float, float]], shift_s: float) -> list[Sortie]:
    out: list[Sortie] = []
    number = 0
    for begin, end in free:
        at = begin + shift_s
        while at < end - 1e-6 and len(out) < _MOST_SORTIES:
            # Home before the forbidden time; at the end of the watch the last sortie is flown to its end.
            limited = end < free[-1][1] - 1e-6
            laps = patrol.laps
            if limited:
                laps = min(laps, math.floor((end - at) / patrol.lap_s + 1e-9))
            if laps < 1:
                break
            off = at + laps * patrol.lap_s
            aircraft = patrol.aircraft[number % len(patrol.aircraft)]
            out.append(Sortie(aircraft.name, at - patrol.out_s, at, off, off + patrol.home_s, laps))
            number += 1
            at += patrol.period_s
    return out


def _layered(
    patrols: list[Patrol], fleet: Fleet, track: Track, frame: LocalFrame
) -> tuple[list[Patrol], list[Conflict]]:
    """Layers by greedy colouring; as few as it takes."""
    ways = [_way(p, track, frame) for p in patrols]
    homes = [frame.to_plane(p.launch.lat_deg, p.launch.lon_deg) for p in patrols]
    near = [[False] * len(patrols) for _ in patrols]
    for i, j in itertools.combinations(range(len(patrols)), 2):
        one, other = LineString(ways[i]), LineString(ways[j])
        if patrols[i].launch.name == patrols[j].launch.name:
            around = shapely.Point(homes[i]).buffer(_LAUNCH_CLEAR_M)
            one, other = one.difference(around), other.difference(around)
        near[i][j] = near[j][i] = bool(shapely.dwithin(one, other, fleet.way.separation_m))
    layers: list[list[int]] = []
    conflicts: list[Conflict] = []
    for i, patrol in enumerate(patrols):
        taken = {layer for j in range(i) if near[i][j] for layer in layers[j]}
        mine: list[int] = []
        # Two layers are enough for any number that relieve each other in turn; an odd number needs three.
        wanted = 1 if len(patrol.aircraft) == 1 else 2 + len(patrol.aircraft) % 2
        for _ in range(wanted):
            layer = next((n for n in range(_LAYERS) if n not in taken and n not in mine), None)
            if layer is None:
                layer = min(range(_LAYERS), key=lambda n: (n in mine, n))
                for j in range(i):
                    if near[i][j] and layer in layers[j]:
                        text = (
                            f"{patrol.aircraft[0].name} and {patrols[j].aircraft[0].name} share a height layer where "
                            "their ways come close: let one wait, or give more room between the launch points"
                        )
                        conflicts.append(Conflict(text, patrol.aircraft[0].name, patrols[j].aircraft[0].name))
            mine.append(layer)
        layers.append(mine)
    out = []
    for patrol, mine in zip(patrols, layers, strict=True):
        aircraft = tuple(
            Aircraft(a.name, a.type_name, a.group, mine[k % len(mine)]) for k, a in enumerate(patrol.aircraft)
        )
        out.append(replace(patrol, aircraft=aircraft))
    return out, conflicts


def _way(patrol: Patrol, track: Track, frame: LocalFrame) -> FloatArray:
    """Launch point, entry, the stretch: ``(n, 2)``."""
    inside = (track.along_m > patrol.from_m) & (track.along_m < patrol.to_m)
    ends = track.at(np.array([patrol.from_m, patrol.to_m]))
    line = np.concatenate([ends[:1], track.en_m[inside], ends[1:]])
    if not patrol.enter_low:
        line = line[::-1]
    home = frame.to_plane(patrol.launch.lat_deg, patrol.launch.lon_deg)
    return np.concatenate([np.asarray(home)[None], line])
