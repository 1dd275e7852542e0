"""The geofence at work: which fences are in force, which are breached, by how much."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntFlag

from missions.mavlink import mavlink2 as m
from sim.autopilot.fence_items import FenceShapes
from sim.autopilot.parameters import Parameters
from sim.dynamics import LocalGrid


class FenceType(IntFlag):
    """Bits of ``FENCE_TYPE``."""

    NONE = 0
    ALT_MAX = 1
    CIRCLE = 2
    POLYGON = 4
    ALT_MIN = 8


ALL_FENCES = FenceType.ALT_MAX | FenceType.CIRCLE | FenceType.POLYGON | FenceType.ALT_MIN
GIVE_UP_DISTANCE_M = 100.0
_MANUAL_RECOVERY_S = 10.0
_OPTION_UNION = 2

Point = tuple[float, float]
_NAMES = (
    (FenceType.ALT_MAX, "Max Alt"),
    (FenceType.CIRCLE, "Circle"),
    (FenceType.ALT_MIN, "Min Alt"),
    (FenceType.POLYGON, "Polygon"),
)


def fence_names(types: FenceType) -> str:
    """ "Max Alt and Polygon fence", as the vehicle puts it."""
    names = [name for kind, name in _NAMES if kind & types]
    return f"{' and '.join(names)} fence{'s' if len(names) > 1 else ''}"


def signed_distance_to_polygon_m(point: Point, polygon: tuple[Point, ...]) -> float:
    """Metres from the edge of a polygon on the grid, negative inside."""
    inside, nearest = False, math.inf
    px, py = point
    for (ax, ay), (bx, by) in zip(polygon, polygon[1:] + polygon[:1], strict=True):
        if (ay > py) != (by > py) and px < (bx - ax) * (py - ay) / (by - ay) + ax:
            inside = not inside
        dx, dy = bx - ax, by - ay
        length2 = dx * dx + dy * dy
        u = 0.0 if length2 == 0.0 else min(max(((px - ax) * dx + (py - ay) * dy) / length2, 0.0), 1.0)
        nearest = min(nearest, math.hypot(px - ax - u * dx, py - ay - u * dy))
    return -nearest if inside else nearest


@dataclass(frozen=True)
class Position:
    """Where the vehicle is, for a fence: grid metres, height above home, distance from home."""

    east_m: float
    north_m: float
    alt_rel_home_m: float
    home_distance_m: float


class Fence:
    """Holds the shapes and the state of breach. All checks are pure arithmetic on a handed-in position."""

    def __init__(self, parameters: Parameters, grid: LocalGrid) -> None:
        self._parameters = parameters
        self._grid = grid
        self._shapes = FenceShapes()
        self._inclusions: list[tuple[Point, ...]] = []
        self._exclusions: list[tuple[Point, ...]] = []
        self._in_circles: list[tuple[Point, float]] = []
        self._out_circles: list[tuple[Point, float]] = []
        self.enabled = FenceType.NONE
        self.breached = FenceType.NONE
        self.breach_count = 0
        self.breach_time_s = 0.0
        self._ignore_until_s = -math.inf
        self._truly_out = FenceType.NONE
        self.true_breach_count = 0
        self.follow_parameter()

    @property
    def configured(self) -> FenceType:
        """The types that ``FENCE_TYPE`` asks for and that there is something of."""
        types = FenceType(self._parameters.integer("FENCE_TYPE") & ALL_FENCES)
        return types & ~FenceType.POLYGON if self._shapes.empty else types

    @property
    def in_force(self) -> FenceType:
        """The types that are enabled and that there is something of."""
        return self.enabled & self.configured

    def follow_parameter(self) -> None:
        """``FENCE_ENABLE`` was changed, or the vehicle has booted."""
        on = self._parameters["FENCE_ENABLE"] != 0
        self.enabled = ALL_FENCES if on else FenceType.NONE
        if not on:
            self.clear()

    def enable(self, on: bool, types: FenceType) -> bool:
        """``DO_FENCE_ENABLE``; False when there is nothing of that kind to enable."""
        if on:
            if not self.configured & types:
                return False
            self.enabled |= types
        else:
            self.enabled &= ~types
            self.breached &= ~types
        return True

    def clear(self) -> None:
        """Forget a breach."""
        self.breached = FenceType.NONE
        self._truly_out = FenceType.NONE

    def load(self, shapes: FenceShapes) -> None:
        """Replace the areas."""
        self._shapes = shapes

        def ring(points: tuple[tuple[float, float], ...]) -> tuple[Point, ...]:
            return tuple(self._grid.to_grid(lat, lon) for lat, lon in points)

        self._inclusions = [ring(points) for points in shapes.inclusion_polygons]
        self._exclusions = [ring(points) for points in shapes.exclusion_polygons]
        self._in_circles = [(self._grid.to_grid(*centre), radius) for centre, radius in shapes.inclusion_circles]
        self._out_circles = [(self._grid.to_grid(*centre), radius) for centre, radius in shapes.exclusion_circles]

    def _area_excess_m(self, east_m: float, north_m: float) -> float:
        """How far outside the allowed ground, positive outside."""
        point = (east_m, north_m)
        inclusions = [signed_distance_to_polygon_m(point, ring) for ring in self._inclusions]
        inclusions += [math.dist(point, centre) - radius for centre, radius in self._in_circles]
        outs = [-signed_distance_to_polygon_m(point, ring) for ring in self._exclusions]
        outs += [radius - math.dist(point, centre) for centre, radius in self._out_circles]
        if inclusions:
            union = self._parameters.integer("FENCE_OPTIONS") & _OPTION_UNION
            outs.append(min(inclusions) if union else max(inclusions))
        return max(outs, default=-math.inf)

    def excess_m(self, position: Position, types: FenceType) -> dict[FenceType, float]:
        """How far each of ``types`` is exceeded, metres, positive outside."""
        p = self._parameters
        excess = {
            FenceType.ALT_MAX: position.alt_rel_home_m - p["FENCE_ALT_MAX"],
            FenceType.CIRCLE: position.home_distance_m - p["FENCE_RADIUS"],
            FenceType.ALT_MIN: p["FENCE_ALT_MIN"] - position.alt_rel_home_m,
        }
        result = {kind: value for kind, value in excess.items() if kind & types}
        if FenceType.POLYGON & types:
            result[FenceType.POLYGON] = self._area_excess_m(position.east_m, position.north_m)
        return result

    def allows(self, position: Position) -> bool:
        """Whether a GUIDED target lies within every fence in force (a floor does not bar a target)."""
        types = self.in_force & ~FenceType.ALT_MIN
        return all(value < 0.0 for value in self.excess_m(position, types).values())

    def check(self, position: Position, now_s: float, airborne: bool) -> tuple[FenceType, float]:
        """``(new breaches, how far outside in metres)``. Within 10 s of a breach nothing new is told."""
        types = self.in_force
        if not airborne:
            types &= ~FenceType.ALT_MIN
        excess = self.excess_m(position, types)
        out = FenceType.NONE
        for kind, value in excess.items():
            if value >= 0.0:
                out |= kind
        if now_s < self._ignore_until_s:
            # The window hides new breaches; one that has ended still ends.
            self.breached &= out
            return FenceType.NONE, 0.0
        new = out & ~self.breached
        self.breached = out
        if not new:
            return FenceType.NONE, 0.0
        self.breach_count = min(self.breach_count + 1, 65535)
        self.breach_time_s = now_s
        return new, max(excess[kind] for kind in excess if kind & new)

    def start_manual_recovery(self, now_s: float) -> None:
        """The mode was changed during a breach: leave the vehicle alone for 10 s."""
        self._ignore_until_s = now_s + _MANUAL_RECOVERY_S

    def note_truth(self, position: Position, airborne: bool) -> FenceType:
        """Count real exits, by the true position, whatever the sensors say; the fences left just now."""
        out = FenceType.NONE
        if airborne:
            for kind, value in self.excess_m(position, self.in_force & ~FenceType.ALT_MIN).items():
                if value >= 0.0:
                    out |= kind
        left = out & ~self._truly_out
        if left:
            self.true_breach_count += 1
        self._truly_out = out
        return left

    def status_type(self) -> int:
        """``FENCE_STATUS.breach_type``."""
        if self.breached & FenceType.ALT_MIN:
            return int(m.FENCE_BREACH_MINALT)
        if self.breached & FenceType.ALT_MAX:
            return int(m.FENCE_BREACH_MAXALT)
        return int(m.FENCE_BREACH_BOUNDARY) if self.breached else int(m.FENCE_BREACH_NONE)
