"""The simulated world: land, inhabitants and the truth about who crosses the border when.

Coordinates are east, north in metres in one local frame at the scenario's place; heights are AMSL. Within the two
kilometres of a world the frame's curvature drop (under 0.2 m) is left out, the same for ground, aircraft and objects.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from geofences.area import Area, BorderLine, NamedPoint, Side, Zone, write_area
from geofences.geodesy import FloatArray, LocalFrame
from geofences.terrain import TerrainGrid, write_geotiff
from sim.layout import Layout, make_layout
from sim.paths import line_passages
from sim.population import Inhabitant, Populator
from sim.scenario import Scenario
from sim.terrain import Terrain

CLASS_NAMES = ("person", "vehicle", "two-wheeler")
"""The classes that count as crossers, in the order of their ids in training labels."""

HALF_EAST_M, HALF_NORTH_M = 1500.0, 1100.0


@dataclass(frozen=True)
class ObjectState:
    """Where one object is; ``heading_deg`` clockwise from north, the way it faces."""

    object_id: int
    kind: str
    class_name: str
    east_m: float
    north_m: float
    heading_deg: float
    speed_m_s: float
    look: int
    travelled_m: float
    """Way gone so far on this leg: where in its gait it is."""


@dataclass(frozen=True)
class Crossing:
    """The truth about one passage of the border. ``to_side`` is the side on which it ended."""

    t_s: float
    east_m: float
    north_m: float
    to_side: Side
    direction: str
    class_name: str
    object_id: int


def seeded(seed: int, subject: str) -> np.random.Generator:
    """A generator of its own for each subject, so that a change in one leaves the others as they were."""
    return np.random.default_rng([seed, *subject.encode()])


class World:
    """A world made from a scenario and a seed; the same two give the same world.

    Cheap to make (well under a second): the picture of the ground belongs to :class:`sim.camera.Renderer`.
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.scenario, self.seed = scenario, seed
        place = scenario.place
        self.frame = LocalFrame(place.lat_deg, place.lon_deg, place.ground_amsl_m)
        self.terrain = Terrain.from_seed(seeded(seed, "terrain"), place.ground_amsl_m)
        self.layout: Layout = make_layout(seeded(seed, "layout"), scenario.patrol.stretch_m)
        self.border_en_m: FloatArray = self.layout.line.vertices
        self._inhabitants = Populator(self.layout, scenario.population, seeded(seed, "population")).fill()
        self._legs = _Legs(self._inhabitants)

    # -- ground -----------------------------------------------------------------------------------------------------

    def height_amsl_m(self, east_m: float, north_m: float) -> float:
        """Ground height at a point."""
        return float(self.terrain.height_amsl_m(east_m, north_m))

    def ground_amsl_m(self, lat_deg: float, lon_deg: float) -> float:
        """Ground height at a geodetic position."""
        return self.height_amsl_m(*self.to_plane(lat_deg, lon_deg))

    def to_plane(self, lat_deg: float, lon_deg: float) -> tuple[float, float]:
        """East, north of a geodetic position."""
        east, north = self.frame.to_plane(lat_deg, lon_deg)
        return float(east), float(north)

    def to_lat_lon(self, east_m: float, north_m: float) -> tuple[float, float]:
        """Degrees of a point in the plane."""
        lat, lon = self.frame.from_plane([east_m, north_m])
        return float(lat), float(lon)

    def _points(self, en_m: FloatArray) -> tuple[tuple[float, float], ...]:
        lat, lon = self.frame.from_plane(en_m)
        return tuple(zip(lat.tolist(), lon.tolist(), strict=True))

    @cached_property
    def border(self) -> BorderLine:
        """The border line with its two sides; the left one is ours."""
        place = self.scenario.place
        return BorderLine(self._points(self.border_en_m), place.left, place.right, own=place.left)

    def area(self) -> Area:
        """What a planner is told: border, fences, launch and rally points."""
        layout = self.layout
        launch = self.to_lat_lon(*layout.launch)
        rally = [NamedPoint(f"Rally {i + 1}", *self.to_lat_lon(*p)) for i, p in enumerate(layout.rally)]
        return Area(
            border=self.border,
            inclusions=(Zone("Patrol area", self._points(layout.inclusion)),),
            exclusions=(Zone("Village", self._points(layout.village)),),
            launch=NamedPoint("Launch", *launch),
            rally=tuple(rally),
        )

    def terrain_grid(self, step_m: float = 8.0) -> TerrainGrid:
        """The relief as the station gets it: a grid with a margin around everything."""
        return self.terrain.grid(self.frame, HALF_EAST_M, HALF_NORTH_M, step_m)

    # -- inhabitants ------------------------------------------------------------------------------------------------

    @property
    def inhabitants(self) -> tuple[Inhabitant, ...]:
        """Everybody who ever appears."""
        return self._inhabitants

    def objects(self, t_s: float) -> list[ObjectState]:
        """Everything that is about at ``t_s`` seconds after the start, moving or not."""
        return self._legs.at(t_s)

    @cached_property
    def _crossings(self) -> tuple[Crossing, ...]:
        found = []
        for who in self._inhabitants:
            if who.class_name not in CLASS_NAMES:
                continue
            for t_s, en, to in line_passages(who.path, self.border_en_m):
                to_side: Side = "left" if to > 0 else "right"
                direction = self.border.direction("right" if to > 0 else "left", to_side)
                found.append(
                    Crossing(t_s, float(en[0]), float(en[1]), to_side, direction, who.class_name, who.object_id)
                )
        return tuple(sorted(found, key=lambda c: (c.t_s, c.object_id)))

    def crossings(self) -> tuple[Crossing, ...]:
        """Every passage of the border by a person, vehicle or two-wheeler, in order of time, from the paths' geometry."""
        return self._crossings


class _Legs:
    """All legs of all paths side by side, so that one comparison finds where everything is."""

    def __init__(self, inhabitants: tuple[Inhabitant, ...]) -> None:
        t0, t1, start, velocity, heading, owner = [], [], [], [], [], []
        for index, who in enumerate(inhabitants):
            path = who.path
            step, dt = np.diff(path.en_m, axis=0), np.diff(path.t_s)
            length = np.hypot(step[:, 0], step[:, 1])
            angle = np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 360.0
            moving = length > 1e-9
            # Who stands looks where it last went, or where it will go first.
            source = np.maximum.accumulate(np.where(moving, np.arange(len(dt)), -1))
            source = np.where(source < 0, int(np.argmax(moving)), source)
            t0.append(path.t_s[:-1])
            t1.append(path.t_s[1:])
            start.append(path.en_m[:-1])
            velocity.append(step / np.maximum(dt, 1e-9)[:, None])
            heading.append(angle[source])
            owner.append(np.full(len(dt), index))
        self._who = inhabitants
        self._t0, self._t1 = np.concatenate(t0 or [np.zeros(0)]), np.concatenate(t1 or [np.zeros(0)])
        self._start = np.concatenate(start or [np.zeros((0, 2))])
        self._velocity = np.concatenate(velocity or [np.zeros((0, 2))])
        self._heading = np.concatenate(heading or [np.zeros(0)])
        self._owner = np.concatenate(owner or [np.zeros(0, dtype=np.int64)])

    def at(self, t_s: float) -> list[ObjectState]:
        live = np.flatnonzero((self._t0 <= t_s) & (t_s < self._t1))
        since = t_s - self._t0[live]
        place = self._start[live] + self._velocity[live] * since[:, None]
        speed = np.hypot(self._velocity[live, 0], self._velocity[live, 1])
        states = []
        for row, leg in enumerate(live):
            who = self._who[self._owner[leg]]
            states.append(
                ObjectState(
                    who.object_id,
                    who.kind,
                    who.class_name,
                    float(place[row, 0]),
                    float(place[row, 1]),
                    float(self._heading[leg]),
                    float(speed[row]),
                    who.look,
                    float(speed[row] * since[row]),
                )
            )
        return states


def write_area_folder(world: World, folder: Path) -> None:
    """Write what a station is given of this place, ``area.geojson`` and ``terrain.tif``; no truth about anybody."""
    folder.mkdir(parents=True, exist_ok=True)
    write_area(world.area(), folder / "area.geojson")
    write_geotiff(world.terrain_grid(), folder / "terrain.tif")
