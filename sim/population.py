"""Who lives in the world: people, vehicles, two-wheelers and animals with their ways through it.

Everything is planned when the world is made, from the seed; nothing reacts to the aircraft.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geofences.geodesy import FloatArray
from sim.layout import Layout, Road
from sim.paths import PathBuilder, TimedPath, line_passages
from sim.scenario import Population

CLASS_OF_KIND = {
    "person": "person",
    "car": "vehicle",
    "truck": "vehicle",
    "quad": "vehicle",
    "bicycle": "two-wheeler",
    "motorcycle": "two-wheeler",
    "deer": "animal",
    "boar": "animal",
    "dog": "animal",
    "cattle": "animal",
}
_BEFORE_START_S = 60.0
_TURN_BACK_M = 0.15
"""Nobody who turns back comes nearer to the line than this; they stop "on" it as far as anybody can see."""


@dataclass(frozen=True, eq=False)
class Inhabitant:
    """One thing that may move; ``look`` seeds its colours and sizes."""

    object_id: int
    kind: str
    path: TimedPath
    look: int

    @property
    def class_name(self) -> str:
        """ "person", "vehicle", "two-wheeler" or "animal"."""
        return CLASS_OF_KIND[self.kind]


class Populator:
    """Fills a layout. One object per world, used once."""

    def __init__(self, layout: Layout, population: Population, rng: np.random.Generator) -> None:
        self._layout, self._p, self._rng = layout, population, rng
        self._line = layout.line
        self._half = layout.stretch_m / 2
        self._end_s = population.horizon_s + 60.0
        self._out: list[Inhabitant] = []

    def fill(self) -> tuple[Inhabitant, ...]:
        """Everybody."""
        self._crossers()
        for _ in range(self._p.parallel_walkers):
            self._parallel_group()
        for _ in range(self._p.near_line_turners):
            self._turner_group()
        for number in range(self._p.animal_groups + self._p.animal_crossing_groups):
            self._animals(crossing=number >= self._p.animal_groups)
        along = [r for r in self._layout.roads if not r.crosses]
        for _ in range(self._p.road_vehicles):
            self._road_user(self._vehicle_kind(), along[int(self._rng.random() < 0.3)])
        for _ in range(self._p.road_two_wheelers):
            self._road_user(self._two_wheeler_kind(), along[int(self._rng.random() < 0.6)])
        for _ in range(self._p.parked_vehicles):
            self._parked()
        return tuple(self._out)

    # -- pieces -----------------------------------------------------------------------------------------------------

    def _add(self, kind: str, path: TimedPath) -> None:
        self._out.append(Inhabitant(len(self._out) + 1, kind, path, int(self._rng.integers(0, 2**31))))

    def _vehicle_kind(self) -> str:
        return str(self._rng.choice(["car", "truck", "quad"], p=[0.62, 0.2, 0.18]))

    def _two_wheeler_kind(self) -> str:
        return str(self._rng.choice(["bicycle", "motorcycle"]))

    def _walk_speed(self) -> float:
        return float(np.clip(self._rng.normal(1.3, 0.22), 0.8, 1.8))

    def _group_offsets(self, size: int) -> FloatArray:
        """``(size, 2)`` offsets in s and d, each at least 1.5 m from the others."""
        offsets = [np.zeros(2)]
        while len(offsets) < size:
            candidate = self._rng.uniform(-3.5, 3.5, 2)
            if all(np.hypot(*(candidate - o)) >= 1.6 for o in offsets):
                offsets.append(candidate)
        return np.array(offsets)

    # -- crossers ---------------------------------------------------------------------------------------------------

    def _crossers(self) -> None:
        """Crossings as a Poisson process in time, spread evenly over the stretch, until the horizon."""
        p, rng = self._p, self._rng
        if p.crossings_per_min <= 0:
            return
        sizes = np.array([0.45, 0.3, 0.17, 0.08])
        walkers = 1.0 - p.vehicle_share - p.two_wheeler_share
        mean_size = walkers * float(sizes @ np.arange(1, 5)) + (1 - walkers)
        # Groups are what arrives: shares are of crossings, so turned into shares of groups here.
        rate = p.crossings_per_min / 60.0 / mean_size
        t = p.first_crossing_s + float(rng.exponential(1.0 / rate))
        while t < p.horizon_s:
            pick = rng.random()
            if pick < p.vehicle_share:
                self._road_crosser(self._vehicle_kind(), t)
            elif pick < p.vehicle_share + p.two_wheeler_share:
                if rng.random() < 0.5:
                    self._road_crosser(self._two_wheeler_kind(), t)
                else:
                    self._foot_crossers(t, [self._two_wheeler_kind()], float(rng.uniform(2.0, 4.0)))
            else:
                size = int(rng.choice([1, 2, 3, 4], p=sizes))
                speed = float(rng.uniform(2.4, 3.2)) if rng.random() < 0.1 else self._walk_speed()
                self._foot_crossers(t, ["person"] * size, speed)
            t += float(rng.exponential(1.0 / rate))

    def _foot_crossers(self, t_cross_s: float, kinds: list[str], speed: float) -> None:
        """Straight over from 40-80 m before to 40-80 m behind, on bent ways farther out, then out of sight."""
        rng, line = self._rng, self._line
        side = 1.0 if rng.random() < 0.5 else -1.0
        s0 = rng.uniform(-self._half, self._half)
        slant = np.tan(np.radians(rng.uniform(-32.0, 32.0)))
        near, behind = rng.uniform(40, 80), rng.uniform(40, 80)
        far_before, far_behind = near + rng.uniform(25, 60), behind + rng.uniform(25, 60)
        bend_before, bend_behind = rng.uniform(-25, 25), rng.uniform(-25, 25)
        course = [
            (s0 + slant * near + bend_before, side * far_before),
            (s0 + slant * near, side * near),
            (s0 - slant * behind, -side * behind),
            (s0 - slant * behind + bend_behind, -side * far_behind),
        ]
        for kind, (ds, dd) in zip(kinds, self._group_offsets(len(kinds)), strict=True):
            points = [line.to_plane(s + ds, d + dd) for s, d in course]
            builder = PathBuilder(0.0, points[0])
            pace = speed * rng.uniform(0.97, 1.03)
            builder.go(points[1], pace)
            if rng.random() < 0.2:
                builder.wait(rng.uniform(2, 8))
            builder.go(points[2], pace).go(points[3], pace)
            raw = builder.build()
            passages = line_passages(raw, line.vertices)
            if passages:
                # The group's leader passes at t_cross_s; the others as their places in the group have it.
                lead = dd * side / speed
                self._add(kind, TimedPath(raw.t_s - passages[0][0] + t_cross_s + lead, raw.en_m))

    def _road_crosser(self, kind: str, t_cross_s: float) -> None:
        rng = self._rng
        roads = [r for r in self._layout.roads if r.crosses]
        road = roads[int(rng.random() < 0.4)]
        speed = rng.uniform(3.0, 7.0) if CLASS_OF_KIND[kind] == "vehicle" else rng.uniform(2.5, 5.5)
        points = self._lane(road, backwards=bool(rng.random() < 0.5))
        builder = PathBuilder(0.0, points[0])
        for point in points[1:]:
            builder.go(point, speed)
        raw = builder.build()
        passages = line_passages(raw, self._line.vertices)
        self._add(kind, raw if not passages else builder.build(t_cross_s - passages[0][0]))

    def _lane(self, road: Road, backwards: bool) -> FloatArray:
        points = road.points[::-1] if backwards else road.points
        step = np.gradient(points, axis=0)
        step /= np.hypot(step[:, 0], step[:, 1])[:, None]
        right = np.stack([step[:, 1], -step[:, 0]], axis=-1)
        return np.asarray(points + right * (road.width_m * 0.24 if road.width_m > 4 else 0.0))

    # -- those who do not cross -------------------------------------------------------------------------------------

    def _stays_on_its_side(self, path: TimedPath) -> bool:
        return not line_passages(path, self._line.vertices)

    def _parallel_group(self) -> None:
        """Walks along the line at 10-40 m, turns, walks back, rests now and then, for ever."""
        rng, line = self._rng, self._line
        side = 1.0 if rng.random() < 0.5 else -1.0
        d0 = side * rng.uniform(10.0, 40.0)
        size = int(rng.choice([1, 2, 3], p=[0.5, 0.35, 0.15]))
        kind = "person"
        speed = self._walk_speed()
        s = rng.uniform(-self._half, self._half)
        heading = 1.0 if rng.random() < 0.5 else -1.0
        waypoints: list[tuple[float, float]] = [(s, 0.0)]
        t = -_BEFORE_START_S
        while t < self._end_s:
            s_next = s + heading * rng.uniform(15, 40)
            if abs(s_next) > self._half + 60 or rng.random() < 0.07:
                heading = -heading
                continue
            pause = rng.uniform(3, 15) if rng.random() < 0.12 else 0.0
            waypoints.append((s_next, pause))
            t += abs(s_next - s) / speed + pause
            s = s_next
        wander = np.cumsum(rng.normal(0, 0.6, len(waypoints)))
        for ds, dd in self._group_offsets(size):
            d = side * np.maximum(np.abs(d0 + np.clip(wander, -4, 4) + dd), 8.0)
            builder = PathBuilder(-_BEFORE_START_S, line.to_plane(waypoints[0][0] + ds, d[0]))
            for (s_at, pause), d_at in zip(waypoints[1:], d[1:], strict=True):
                builder.go(line.to_plane(s_at + ds, d_at), speed).wait(pause)
            path = builder.build()
            if self._stays_on_its_side(path):
                self._add(kind, path)

    def _turner_group(self) -> None:
        """Comes up to the line, stops on it or 1-3 m before it, goes back, comes again elsewhere."""
        rng, line = self._rng, self._line
        side = 1.0 if rng.random() < 0.5 else -1.0
        size = int(rng.choice([1, 2, 3], p=[0.55, 0.3, 0.15]))
        speed = self._walk_speed()
        s, d = rng.uniform(-self._half, self._half), side * rng.uniform(25, 60)
        spacing = np.arange(size) * rng.uniform(1.6, 2.6)
        builders = [PathBuilder(-_BEFORE_START_S, line.to_plane(s + ds, d)) for ds in spacing]
        while builders[0].t_s < self._end_s:
            stop_s = float(np.clip(s + rng.uniform(-20, 20), -self._half, self._half))
            pause = rng.uniform(4, 25)
            back_s, back_d = stop_s + rng.uniform(-25, 25), side * rng.uniform(18, 60)
            on_line = rng.random() < 0.4
            rest = rng.uniform(0, 10)
            for builder, ds in zip(builders, spacing, strict=True):
                stop_d = side * (rng.uniform(_TURN_BACK_M, 0.5) if on_line else rng.uniform(1.0, 3.0))
                builder.go(line.to_plane(stop_s + ds, stop_d), speed).wait(pause)
                builder.go(line.to_plane(back_s + ds, back_d), speed).wait(rest)
            s, d = back_s, back_d
        for builder in builders:
            path = builder.build()
            if self._stays_on_its_side(path):
                self._add("person", path)

    def _animals(self, crossing: bool) -> None:
        rng, line = self._rng, self._line
        kind = str(rng.choice(["deer", "boar", "dog", "cattle"], p=[0.4, 0.25, 0.2, 0.15]))
        if crossing and kind == "cattle":
            kind = "deer"
        few, many = {"deer": (1, 4), "boar": (1, 5), "dog": (1, 1), "cattle": (3, 7)}[kind]
        size = int(rng.integers(few, many + 1))
        speed = {"deer": 1.4, "boar": 1.2, "dog": 1.6, "cattle": 0.6}[kind] * rng.uniform(0.8, 1.4)
        offsets = self._group_offsets(size) * (1.0 if kind != "cattle" else 2.2)
        s = rng.uniform(-self._half, self._half)
        side = 1.0 if rng.random() < 0.5 else -1.0
        d = side * rng.uniform(15, 90)
        builders = [PathBuilder(-_BEFORE_START_S, line.to_plane(s + ds, d + dd)) for ds, dd in offsets]
        while builders[0].t_s < self._end_s:
            if crossing and rng.random() < 0.5:
                side = -side
            s = float(np.clip(s + rng.uniform(-35, 35), -self._half - 30, self._half + 30))
            d = side * rng.uniform(10, 80)
            pause = rng.uniform(3, 40)
            for builder, (ds, dd) in zip(builders, offsets, strict=True):
                builder.go(line.to_plane(s + ds, d + dd), speed * rng.uniform(0.9, 1.1)).wait(
                    pause * rng.uniform(0.5, 1)
                )
        for builder in builders:
            self._add(kind, builder.build())

    def _road_user(self, kind: str, road: Road) -> None:
        rng = self._rng
        slow, fast = (4.0, 12.0) if road.kind == "asphalt" else (3.0, 6.0)
        if CLASS_OF_KIND[kind] == "two-wheeler":
            slow, fast = 3.0, 6.5
        speed = rng.uniform(slow, fast)
        backwards = bool(rng.random() < 0.5)
        points = self._lane(road, backwards)
        start = int(rng.integers(0, len(points) - 1))
        builder = PathBuilder(-_BEFORE_START_S, points[start])
        index = start
        while builder.t_s < self._end_s:
            index += 1
            if index >= len(points):
                backwards = not backwards
                points, index = self._lane(road, backwards), 1
                builder.wait(rng.uniform(5, 30))
            builder.go(points[index], speed)
            if rng.random() < 0.015:
                builder.wait(rng.uniform(4, 20))
        path = builder.build()
        if self._stays_on_its_side(path):
            self._add(kind, path)

    def _parked(self) -> None:
        rng, layout = self._rng, self._layout
        kind = self._vehicle_kind()
        if rng.random() < 0.4:
            house = layout.houses[int(rng.integers(0, len(layout.houses)))][0]
            centre = house.mean(axis=0)
            place = centre + (house[0] - centre) * rng.uniform(1.35, 1.6)
            ahead = house[1] - house[0]
        else:
            road = layout.roads[int(rng.integers(0, 2))]
            inner = np.flatnonzero(np.hypot(*(road.points - layout.line.to_plane(0, 0)).T) < self._half + 60)
            index = int(rng.choice(inner))
            ahead = road.points[index] - road.points[index - 1]
            ahead = ahead / np.hypot(*ahead)
            place = road.points[index] + np.array([ahead[1], -ahead[0]]) * (road.width_m / 2 + 1.6)
        ahead = ahead / np.hypot(*ahead)
        # Rolled into place long ago: the last leg gives the heading.
        builder = PathBuilder(-10_000.0, place - ahead).go(place, 1.0).wait(10_000.0 + self._end_s)
        self._add(kind, builder.build())
