"""Fences made ready for the forecast: every polygon, circle and zone by name, all their edges in a few arrays.

A fence is a shape to stay in or to keep out of, from a height to a height. What a fence that only holds between two
heights forbids is entered from the side, from above or from below.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from geofences.area import LatLon, Zone
from geofences.errors import ConfigError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.shapes import HeightDatum, to_plane, zone_region
from geofences.zone import Role
from groundstation.vehicle.fence_shapes import FenceShapes
from groundstation.vehicle.moving_edges import Motion, circle_times, straight_hits, turning_hits

_SPARE_M = 150.0
_MANY_CORNERS = 40


@dataclass(frozen=True, eq=False)
class Fence:
    """One of them, in the plane of the frame it was made in.

    ``rings``: corners ``(n, 2)`` of outlines and holes, not closed; a place inside an odd number of them is inside.
    ``circle``: east, north, radius instead. ``low_rel_home_m`` to ``high_rel_home_m``: where an exclusion forbids, where
    an inclusion allows.
    """

    name: str
    inclusion: bool
    rings: tuple[FloatArray, ...] = ()
    circle: tuple[float, float, float] | None = None
    low_rel_home_m: float = -math.inf
    high_rel_home_m: float = math.inf

    @property
    def all_heights(self) -> bool:
        """Whether height is no matter."""
        return math.isinf(self.low_rel_home_m) and math.isinf(self.high_rel_home_m)

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        if self.circle is not None:
            e, n, r = self.circle
            return e - r, n - r, e + r, n + r
        corners = np.concatenate(self.rings)
        return (*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist())

    @cached_property
    def _corners(self) -> list[list[tuple[float, float]]]:
        """The rings as plain numbers: for the dozen corners of a usual fence that is quicker than an array."""
        return [[(e, n) for e, n in ring.tolist()] for ring in self.rings]

    def covers(self, east_m: float, north_m: float) -> bool:
        """Whether a place is inside its outline."""
        if self.circle is not None:
            e, n, r = self.circle
            return math.hypot(east_m - e, north_m - n) <= r
        inside = False
        for ring, corners in zip(self.rings, self._corners, strict=True):
            if len(corners) > _MANY_CORNERS:
                inside ^= _odd_crossings(ring, east_m, north_m)
                continue
            ae, an = corners[-1]
            for be, bn in corners:
                if (an > north_m) != (bn > north_m) and ae + (north_m - an) / (bn - an) * (be - ae) > east_m:
                    inside = not inside
                ae, an = be, bn
        return inside

    def edge_distance_m(self, east_m: float, north_m: float) -> float:
        """To the nearest point of its outline."""
        if self.circle is not None:
            e, n, r = self.circle
            return abs(math.hypot(east_m - e, north_m - n) - r)
        place = np.array([east_m, north_m])
        nearest = math.inf
        for ring in self.rings:
            along, off = np.roll(ring, -1, axis=0) - ring, place - ring
            length2 = np.maximum((along**2).sum(axis=1), 1e-12)
            part = np.clip((off * along).sum(axis=1) / length2, 0.0, 1.0)
            nearest = min(nearest, float(np.hypot(*(off - part[:, None] * along).T).min()))
        return nearest


def _odd_crossings(ring: FloatArray, east_m: float, north_m: float) -> bool:
    """Whether a ray to the east meets the ring an odd number of times."""
    up, after = ring[:, 1] > north_m, np.roll(ring, -1, axis=0)
    k = np.flatnonzero(up != np.roll(up, -1))
    part = (north_m - ring[k, 1]) / (after[k, 1] - ring[k, 1])
    return bool((ring[k, 0] + part * (after[k, 0] - ring[k, 0]) > east_m).sum() & 1)


@dataclass(frozen=True, eq=False)
class _Patch:
    """All edges and circles of the fences that reach into a box: what one aircraft needs for some seconds."""

    west: float
    south: float
    east: float
    north: float
    a_en: FloatArray
    b_en: FloatArray
    owner: NDArray[np.intp]
    centres_en: FloatArray
    radius_m: FloatArray
    circle_owner: NDArray[np.intp]

    def holds(self, box: tuple[float, float, float, float]) -> bool:
        """Whether a box lies within its own."""
        return self.west <= box[0] and self.south <= box[1] and self.east >= box[2] and self.north >= box[3]


class FenceSet:
    """Fences in one frame, for one aircraft: it keeps at hand what lies round that one's way."""

    def __init__(self, fences: Sequence[Fence], frame: LocalFrame) -> None:
        self.fences, self.frame = tuple(fences), frame
        starts, ends, owners = [], [], []
        for number, fence in enumerate(self.fences):
            for ring in fence.rings:
                starts.append(ring)
                ends.append(np.roll(ring, -1, axis=0))
                owners.append(np.full(len(ring), number, dtype=np.intp))
        empty = np.empty((0, 2))
        self.a_en = np.ascontiguousarray(np.concatenate(starts or [empty]).T)
        self.b_en = np.ascontiguousarray(np.concatenate(ends or [empty]).T)
        self.owner = np.concatenate(owners) if owners else np.empty(0, dtype=np.intp)
        round_ones = [(n, f.circle) for n, f in enumerate(self.fences) if f.circle is not None]
        self._circle_owner = np.array([n for n, _ in round_ones], dtype=np.intp)
        circles = np.array([c for _, c in round_ones]).reshape(-1, 3)
        self._centres, self._radius = circles[:, :2], circles[:, 2]
        boxes = np.array([f.bounds() for f in self.fences]).reshape(-1, 4)
        self._west, self._south, self._east, self._north = np.ascontiguousarray(boxes.T)
        self._inclusions = frozenset(n for n, f in enumerate(self.fences) if f.inclusion)
        self._layered = frozenset(n for n, f in enumerate(self.fences) if not f.all_heights)
        self._patch: _Patch | None = None

    def __len__(self) -> int:
        return len(self.fences)

    def near(self, west: float, south: float, east: float, north: float) -> list[int]:
        """The fences whose boxes meet a box."""
        meets = (self._west <= east) & (self._east >= west) & (self._south <= north) & (self._north >= south)
        found: list[int] = np.flatnonzero(meets).tolist()
        return found

    def inside(self, east_m: float, north_m: float) -> set[int]:
        """The fences whose outlines hold a place."""
        near = self.near(east_m, north_m, east_m, north_m)
        return {n for n in near if self.fences[n].covers(east_m, north_m)}

    def violated(self, inside: set[int]) -> list[int]:
        """Of the fences that hold at all heights: inclusions not among those that hold the place, exclusions among them."""
        wrong = (inside - self._inclusions) | (self._inclusions - inside)
        return sorted(wrong - self._layered)

    @property
    def layered(self) -> frozenset[int]:
        """The fences for which height matters."""
        return self._layered

    def meetings(self, motion: Motion, horizon_s: float) -> list[tuple[float, int]]:
        """When which outline is crossed until then, in order of time."""
        near = self._round(motion.bounds(horizon_s))
        found: list[tuple[float, int]] = []
        if len(near.owner):
            here = np.array([[motion.east_m, motion.north_m]])
            if motion.turns:
                centre = np.array([motion.centre])
                t, _, j = turning_hits(here, centre, motion.turn_rad_s, near.a_en, near.b_en, horizon_s)
            else:
                t, _, j = straight_hits(here, (motion.ve_m_s, motion.vn_m_s), near.a_en, near.b_en, horizon_s)
            found += zip(t.tolist(), near.owner[j].tolist(), strict=True)
        if len(near.circle_owner):
            t, _, j = circle_times(motion, near.centres_en, near.radius_m, horizon_s)
            found += zip(t.tolist(), near.circle_owner[j].tolist(), strict=True)
        found.sort()
        return found

    def _round(self, box: tuple[float, float, float, float]) -> _Patch:
        """What reaches into a box, and some way further, so that the next looks find it made."""
        if self._patch is None or not self._patch.holds(box):
            west, south, east, north = box[0] - _SPARE_M, box[1] - _SPARE_M, box[2] + _SPARE_M, box[3] + _SPARE_M
            wanted = np.zeros(len(self.fences), dtype=np.bool_)
            wanted[self.near(west, south, east, north)] = True
            edges, circles = np.flatnonzero(wanted[self.owner]), np.flatnonzero(wanted[self._circle_owner])
            self._patch = _Patch(
                west, south, east, north, self.a_en[:, edges], self.b_en[:, edges], self.owner[edges],
                self._centres[circles], self._radius[circles], self._circle_owner[circles],
            )  # fmt: skip
        return self._patch


def ring_en(points: Sequence[LatLon], frame: LocalFrame) -> FloatArray:
    """Corners in the plane."""
    return np.asarray(to_plane(points, frame), dtype=np.float64)


def polygon_rings(geometry: object) -> tuple[FloatArray, ...]:
    """Outlines and holes of all polygons of a geometry."""
    rings: list[FloatArray] = []
    for part in shapely.get_parts(geometry):
        if isinstance(part, Polygon) and not part.is_empty:
            rings += [np.asarray(r.coords, dtype=np.float64)[:-1] for r in (part.exterior, *part.interiors)]
    return tuple(rings)


def held_fences(
    shapes: FenceShapes,
    frame: LocalFrame,
    union: bool = False,
    home_circle: tuple[LatLon, float] | None = None,
    names: Sequence[str] = (),
) -> tuple[Fence, ...]:
    """The areas that an aircraft holds, each by itself.

    ``union``: any of the inclusions will do, so their outer edge alone counts, under all their names. ``names``: of the
    areas in the order of ``shapes.areas``; without them an area is called by its kind and its item.
    """
    made = []
    for number, area in enumerate(shapes.areas):
        name = names[number] if len(names) == len(shapes.areas) and names[number] else area.name
        if area.kind == "circle":
            e, n = (float(v) for v in frame.to_plane(*area.points[0]))
            made.append(Fence(name, area.inclusion, circle=(e, n, area.radius_m)))
        else:
            # A polygon whose edges cross: the aircraft too counts how often a ray meets its edges.
            made.append(Fence(name, area.inclusion, (ring_en(area.points, frame),)))
    inclusions = [f for f in made if f.inclusion]
    if union and len(inclusions) > 1:
        joined = shapely.union_all([_geometry(f) for f in inclusions])
        outer = Fence(" or ".join(f.name for f in inclusions), True, polygon_rings(joined))
        made = [outer, *(f for f in made if not f.inclusion)]
    if home_circle is not None:
        place, radius_m = home_circle
        e, n = (float(v) for v in frame.to_plane(*place))
        made.append(Fence("circle around home", True, circle=(e, n, radius_m)))
    return tuple(made)


def _geometry(fence: Fence) -> object:
    if fence.circle is not None:
        e, n, r = fence.circle
        return shapely.Point(e, n).buffer(r, 32)
    polygon = Polygon(fence.rings[0])
    return polygon if polygon.is_valid else shapely.make_valid(polygon)


def zone_fences(
    zones: Sequence[Zone], role: Role, frame: LocalFrame, datum: HeightDatum, t_utc_us: int | None
) -> tuple[Fence, ...]:
    """The zones of an area that bind at that time (None: whenever), with holes, buffers, floors and ceilings.

    A floor or ceiling above ground is taken over the zone's corners, on the side of caution; one that cannot be known is
    none. Zones that are no polygons are left out: they are told when the area is read.
    """
    made = []
    for zone in zones:
        if t_utc_us is not None and zone.windows and not any(w.holds(t_utc_us) for w in zone.windows):
            continue
        try:
            rings = polygon_rings(zone_region(zone, frame, role))
        except ConfigError:
            continue
        if rings:
            low, high = _levels(zone, role, datum)
            made.append(Fence(zone.name, role == "inclusion", rings, None, low, high))
    return tuple(made)


def _levels(zone: Zone, role: Role, datum: HeightDatum) -> tuple[float, float]:
    """Floor and ceiling above home; infinite where there is none, or nobody knows."""
    lat, lon = np.array(zone.points).T
    home = datum.home_amsl_m if datum.home_amsl_m is not None else math.nan
    # An exclusion reaches as far as it may anywhere, an inclusion as far as it does everywhere.
    lowest, highest = (np.min, np.max) if role != "inclusion" else (np.max, np.min)
    low = lowest(datum.amsl_m(zone.floor, lat, lon)) - home if zone.floor is not None else math.nan
    high = highest(datum.amsl_m(zone.ceiling, lat, lon)) - home if zone.ceiling is not None else math.nan
    return float(low) if math.isfinite(low) else -math.inf, float(high) if math.isfinite(high) else math.inf
