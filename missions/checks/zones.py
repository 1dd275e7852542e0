"""The area against the plan: its zones with their slabs and hours, its obstacles, its border.

The aircraft knows nothing of an area but the fence it is given, so both are asked: does the fence hold every zone, and does
what is flown keep out of it. Zones are drawn on the aircraft's map with edges that are straight in latitude and longitude,
as those of its fence.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon

from geofences.area import Area
from geofences.binding import AreaAir, HeightDatum, Time, binding_zones, open_inclusions
from geofences.border import BorderGeometry
from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from geofences.zone import Zone
from missions.chart import Chart
from missions.checks.findings import CheckLimits, Finding
from missions.checks.legs import Stretch
from missions.checks.room import FenceRoom, piece_shapes
from missions.flown_path import FlownPath
from missions.plan import Plan

_SLIVER_M = 0.5
_EVERY_M = 5.0
_COARSE_M = 20.0
_ON_THE_GROUND = ("takeoff", "land")


def datum_of(plan: Plan, terrain: TerrainGrid | None) -> HeightDatum:
    """What the heights of zones are measured from."""
    return HeightDatum(plan.home_alt_amsl_m, terrain)


def zone_shape(zone: Zone, chart: Chart, grow_m: float = 0.0) -> Any:
    """A zone on the map, with its holes; None when it is no polygon. ``grow_m``: negative shrinks."""
    shape = (
        Polygon(chart.ring(zone.points), [chart.ring(h) for h in zone.holes]) if len(zone.points) >= 3 else Polygon()
    )
    if not shape.is_valid or shape.area <= 0.0:
        return None
    return shape.buffer(grow_m, quad_segs=16) if grow_m else shape


def check_in_force(area: Area, room: FenceRoom, t_utc_us: int | None) -> Iterator[Finding]:
    """Every zone of the area must be kept by the plan's own fence: the aircraft knows no other."""
    for zone in binding_zones(area.exclusions, t_utc_us):
        shape = zone_shape(zone, room.chart)
        if shape is None:
            yield Finding(
                "error", "bad_zone", f"the exclusion {zone.name!r} of the area is no polygon", *zone.points[0]
            )
        elif place := _left_over(room.region.intersection(shape), room.chart):
            text = f"the fence lacks the exclusion {zone.name!r} of the area"
            if zone.floor is None and zone.ceiling is None:
                yield Finding("error", "zone_missing", text, *place)
            else:
                text += ", which has heights that no fence of the aircraft can hold: it is kept by the plan only"
                yield Finding("warning", "zone_by_plan_only", text, *place)
    shapes = [(zone, zone_shape(zone, room.chart)) for zone in area.inclusions]
    for zone, shape in shapes:
        if shape is None:
            yield Finding(
                "error", "bad_zone", f"the inclusion {zone.name!r} of the area is no polygon", *zone.points[0]
            )
    whole = [(zone, shape) for zone, shape in shapes if shape is not None]
    if area.union_of_inclusions and len(whole) > 1:
        beyond = _left_over(room.region.difference(shapely.union_all([s for _, s in whole])), room.chart)
        if beyond:
            yield Finding("error", "zone_missing", "the fence reaches beyond the inclusions of the area", *beyond)
        return
    for zone, shape in whole:
        if place := _left_over(room.region.difference(shape), room.chart):
            yield Finding("error", "zone_missing", f"the fence lacks the inclusion {zone.name!r} of the area", *place)


def _left_over(shape: Any, chart: Chart) -> tuple[float, float] | None:
    """A place of a shape that is more than a sliver between two drawings of one line."""
    if shape.area < 1.0:
        return None
    core = shape.buffer(-_SLIVER_M)
    if core.is_empty:
        return None
    lat, lon = chart.from_map(shapely.get_coordinates(core.representative_point())[0])
    return float(lat), float(lon)


class _Pieces:
    """The straight pieces of a path as geometries, with the stretch that each belongs to."""

    def __init__(self, path: FlownPath, parts: list[Stretch], home_amsl_m: float) -> None:
        index = path.pieces()
        self.path = path
        self.starts, self.ends = path.map_m[index[:, 0]], path.map_m[index[:, 1]]
        self.alt_m = path.alt_rel_home_m[index] + home_amsl_m
        self.lines = piece_shapes(self.starts, self.ends)
        self.part = np.zeros(len(index), dtype=np.int64)
        for k, part in enumerate(parts):
            self.part[part.rows] = k
        self.grounded = np.array([parts[k].kind in _ON_THE_GROUND for k in self.part], dtype=np.bool_)

    def spans(self, row: int, shape: Any) -> Iterator[tuple[float, float]]:
        """The shares of a piece that lie in a shape."""
        start, way = self.starts[row], self.ends[row] - self.starts[row]
        squared = float(way @ way)
        if squared < 1e-12:
            yield 0.0, 1.0
            return
        for part in shapely.get_parts(shapely.intersection(self.lines[row], shape)):
            t = (shapely.get_coordinates(part) - start) @ way / squared
            if len(t):
                yield float(t.min()), float(t.max())

    def at(self, row: int, share: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Latitude, longitude and height above the sea at shares of a piece."""
        en = self.starts[row] + share[:, None] * (self.ends[row] - self.starts[row])
        low, high = self.alt_m[row]
        return *self.path.chart.from_map(en), low + share * (high - low)


def check_zones(
    area: Area, path: FlownPath, parts: list[Stretch], datum: HeightDatum, span_us: Time
) -> Iterator[Finding]:
    """Exclusions are not entered, inclusions are not left, in their slab and at their hours. ``span_us``: of the flight."""
    pieces = _Pieces(path, parts, datum.home_amsl_m or 0.0)
    for zone in binding_zones(area.exclusions, span_us):
        shape = zone_shape(zone, path.chart, zone.buffer_m)
        if shape is None:
            continue
        shapely.prepare(shape)
        inside = np.flatnonzero(shapely.intersects(shape, pieces.lines))
        yield from _told(pieces, parts, inside, lambda row, z=zone, s=shape: _in_slab(pieces, row, z, s, datum),
                         "zone_entered", f"enters the exclusion {zone.name!r}{_words(zone)}")  # fmt: skip
    opened = open_inclusions(area, span_us)
    for zone in area.inclusions:
        if zone not in opened and not area.union_of_inclusions:
            text = f"the inclusion {zone.name!r} is not open during the whole flight"
            yield Finding("error", "zone_closed", text, *zone.points[0])
    if area.union_of_inclusions:
        yield from _any_inclusion(area, pieces, parts, datum, span_us)
        return
    for zone in opened:
        shape = zone_shape(zone, path.chart, -zone.buffer_m)
        if shape is None:
            continue
        shapely.prepare(shape)
        out = np.flatnonzero(~shapely.covers(shape, pieces.lines))
        yield from _told(pieces, parts, out, lambda row, s=shape: _first_out(pieces, row, s),
                         "zone_left", f"leaves the inclusion {zone.name!r}")  # fmt: skip
        if zone.floor is not None or zone.ceiling is not None:
            rows = np.flatnonzero(~pieces.grounded & shapely.intersects(shape, pieces.lines))
            yield from _told(pieces, parts, rows, lambda row, z=zone, s=shape: _off_slab(pieces, row, z, s, datum),
                             "zone_height", f"leaves the heights of the inclusion {zone.name!r}{_words(zone)}")  # fmt: skip


def _words(zone: Zone) -> str:
    bounds = [f"{w} {h}" for w, h in (("from", zone.floor), ("up to", zone.ceiling)) if h is not None]
    return f" ({' '.join(bounds)})" if bounds else ""


def _told(
    pieces: _Pieces, parts: list[Stretch], rows: NDArray[np.int64], judge: Any, code: str, what: str
) -> Iterator[Finding]:
    """One finding for each stretch: of its first piece that ``judge`` gives a place for."""
    told: set[int] = set()
    for row in rows.tolist():
        k = int(pieces.part[row])
        if k in told:
            continue
        place = judge(row)
        if place is not None:
            told.add(k)
            lat, lon = place
            yield Finding("error", code, f"{parts[k].name} {what}", lat, lon, parts[k].at)


def _shares(pieces: _Pieces, row: int, t0: float, t1: float) -> FloatArray:
    length = float(np.hypot(*(pieces.ends[row] - pieces.starts[row]))) * (t1 - t0)
    return np.linspace(t0, t1, max(2, int(length / _EVERY_M) + 2))


def _in_slab(pieces: _Pieces, row: int, zone: Zone, shape: Any, datum: HeightDatum) -> tuple[float, float] | None:
    for t0, t1 in pieces.spans(row, shape):
        # Floor and ceiling run evenly with a straight piece, save above ground, where places every 5 m are looked at.
        lat, lon, alt = pieces.at(row, _shares(pieces, row, t0, t1))
        over = np.ones(len(alt), dtype=np.bool_) if zone.floor is None else ~(alt < datum.amsl_m(zone.floor, lat, lon))
        under = (
            np.ones(len(alt), dtype=np.bool_) if zone.ceiling is None else ~(alt > datum.amsl_m(zone.ceiling, lat, lon))
        )
        hit = over & under
        if not hit.any() and over.any() and under.any():
            # It passes through the whole slab between two places that were looked at.
            hit = (over[:-1] & under[1:]) | (under[:-1] & over[1:])
        if hit.any():
            k = int(np.argmax(hit))
            return float(lat[k]), float(lon[k])
    return None


def _off_slab(pieces: _Pieces, row: int, zone: Zone, shape: Any, datum: HeightDatum) -> tuple[float, float] | None:
    for t0, t1 in pieces.spans(row, shape):
        lat, lon, alt = pieces.at(row, _shares(pieces, row, t0, t1))
        off = np.zeros(len(alt), dtype=np.bool_)
        if zone.floor is not None:
            off |= ~(alt >= datum.amsl_m(zone.floor, lat, lon))
        if zone.ceiling is not None:
            off |= ~(alt <= datum.amsl_m(zone.ceiling, lat, lon))
        if off.any():
            k = int(np.argmax(off))
            return float(lat[k]), float(lon[k])
    return None


def _first_out(pieces: _Pieces, row: int, shape: Any) -> tuple[float, float] | None:
    out = shapely.get_coordinates(shapely.difference(pieces.lines[row], shape))
    place = out[len(out) // 2] if len(out) else pieces.starts[row]
    lat, lon = pieces.path.chart.from_map(place)
    return float(lat), float(lon)


def _any_inclusion(
    area: Area, pieces: _Pieces, parts: list[Stretch], datum: HeightDatum, span_us: Time
) -> Iterator[Finding]:
    """Where one inclusion is enough: the ground plan exactly, heights at places every 5 m."""
    opened = open_inclusions(area, span_us)
    shapes = [zone_shape(z, pieces.path.chart, -z.buffer_m) for z in opened]
    room = shapely.union_all([s for s in shapes if s is not None])
    if room.is_empty:
        if area.inclusions:
            text = "no inclusion of the area is open during the whole flight"
            yield Finding("error", "zone_closed", text, area.launch.lat_deg, area.launch.lon_deg)
        return
    shapely.prepare(room)
    out = np.flatnonzero(~shapely.covers(room, pieces.lines))
    yield from _told(
        pieces, parts, out, lambda row: _first_out(pieces, row, room), "zone_left", "leaves the inclusions"
    )
    if any(z.floor is not None or z.ceiling is not None for z in opened):
        bare = Area(area.border, area.inclusions, (), area.launch, (), union_of_inclusions=True)
        air = AreaAir(bare, area.frame(), datum, span_us)

        def off(row: int) -> tuple[float, float] | None:
            lat, lon, alt = pieces.at(row, _shares(pieces, row, 0.0, 1.0))
            bad = ~air.allowed(lat, lon, alt)
            return (float(lat[np.argmax(bad)]), float(lon[np.argmax(bad)])) if bad.any() else None

        rows = np.setdiff1d(np.flatnonzero(~pieces.grounded), out)
        yield from _told(pieces, parts, rows, off, "zone_height", "leaves the heights of the inclusions")


def check_obstacles(
    area: Area, path: FlownPath, parts: list[Stretch], datum: HeightDatum, limits: CheckLimits
) -> Iterator[Finding]:
    """Nothing upright within the obstacle's radius and the clearance, to the side and above. Exact in three dimensions."""
    if not area.obstacles:
        return
    pieces = _Pieces(path, parts, datum.home_amsl_m or 0.0)
    way = pieces.ends - pieces.starts
    squared = np.maximum((way**2).sum(axis=1), 1e-12)
    for obstacle in area.obstacles:
        top = float(datum.amsl_m(obstacle.top, obstacle.lat_deg, obstacle.lon_deg))
        keep = obstacle.radius_m + limits.obstacle_clear_m
        away = pieces.starts - path.chart.to_map(obstacle.lat_deg, obstacle.lon_deg)
        # |away + t way|^2 <= keep^2: the shares of each piece that lie above the circle.
        b, c = (away * way).sum(axis=1), (away**2).sum(axis=1) - keep * keep
        root = b * b - squared * c
        half = np.sqrt(np.maximum(root, 0.0))
        still = (way**2).sum(axis=1) < 1e-12
        t0 = np.where(still, 0.0, np.maximum((-b - half) / squared, 0.0))
        t1 = np.where(still, 1.0, np.minimum((-b + half) / squared, 1.0))
        over = np.where(still, c <= 0.0, (root >= 0.0) & (t0 <= t1))
        rise = pieces.alt_m[:, 1] - pieces.alt_m[:, 0]
        lowest = pieces.alt_m[:, 0] + np.minimum(t0 * rise, t1 * rise)
        near = over & ~(lowest > top + limits.obstacle_clear_m)
        told: set[int] = set()
        for row in np.flatnonzero(near).tolist():
            k = int(pieces.part[row])
            if k in told:
                continue
            told.add(k)
            word = f"{lowest[row] - top:.0f} m above" if lowest[row] > top else "below"
            text = f"{parts[k].name} passes {obstacle.name!r} nearer than {keep:g} m, {word} its top"
            yield Finding("error", "obstacle", text, obstacle.lat_deg, obstacle.lon_deg, parts[k].at)


def check_side(area: Area, path: FlownPath, parts: list[Stretch]) -> Iterator[Finding]:
    """Nothing is flown on the other side of the border."""
    frame = area.frame()
    border = BorderGeometry.from_line(area.border, frame)
    sign = 1.0 if area.border.own_side == "left" else -1.0
    pieces = path.pieces()
    en = frame.to_plane(*path.chart.from_map(path.map_m))
    starts, ends = en[pieces[:, 0]], en[pieces[:, 1]]
    suspect = _may_be_over(border, sign, starts, ends)
    for part in parts:
        for row in part.rows[suspect[part.rows]].tolist():
            points = _along(starts[row : row + 1], ends[row : row + 1], 0.5)[1]
            fix = border.locate(points)
            over = ~fix.beyond_end & (sign * fix.signed_distance_m <= 0.0)
            if over.any():
                lat, lon = frame.from_plane(points[int(np.argmax(over))])
                text = f"{part.name} leaves our own side of the border"
                yield Finding("error", "foreign_side", text, float(lat), float(lon), part.at)
                break


def _along(starts: FloatArray, ends: FloatArray, step_m: float) -> tuple[NDArray[np.int64], FloatArray]:
    count = np.ceil(np.hypot(*(ends - starts).T) / step_m).astype(np.int64).clip(1) + 1
    row = np.repeat(np.arange(len(starts)), count)
    share = (np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)) / (count[row] - 1)
    return row, starts[row] + share[:, None] * (ends - starts)[row]


def _may_be_over(border: BorderGeometry, sign: float, starts: FloatArray, ends: FloatArray) -> NDArray[np.bool_]:
    """Pieces that are not surely on our side: a signed distance changes by no more than what is flown."""
    row, points = _along(starts, ends, _COARSE_M)
    fix = border.locate(points)
    maybe = (sign * fix.signed_distance_m <= _COARSE_M) | fix.beyond_end
    found = np.zeros(len(starts), dtype=np.bool_)
    np.logical_or.at(found, row, maybe)
    return found
