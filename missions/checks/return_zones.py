"""RTL from anywhere against what the aircraft's fence does not hold: exclusions with heights, obstacles, the border itself.

The aircraft flies home at its own height, or at RTL_ALT if that is higher (a plane at RTL_ALTITUDE, whatever its own), in a
straight line. All places of a leg that fly to one goal sweep a triangle, as in :mod:`missions.checks.returns`; what it
meets at those heights is told. Heights above ground are taken over the whole of a zone, so more is told rather than less.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, Point

from geofences.area import Area
from geofences.binding import HeightDatum, Time, binding_zones, zone_bounds
from geofences.geodesy import FloatArray
from geofences.zone import Zone
from missions.checks.findings import CheckLimits, Finding
from missions.checks.returns import listed, return_triangles
from missions.checks.zones import zone_shape
from missions.flown_path import FlownPath
from missions.plan import Plan

_KINDS = ("leg", "takeoff")


@dataclass(frozen=True, eq=False)
class _Swept:
    """Triangles of the straight ways home, the item that each one's piece leads to, and the heights flown (AMSL)."""

    shapes: NDArray[Any]
    places: FloatArray
    seq: NDArray[np.int64]
    low_m: FloatArray
    high_m: FloatArray


def check_return_zones(
    plan: Plan, path: FlownPath, area: Area, datum: HeightDatum, limits: CheckLimits, family: str, turn_radius_m: float,
    span_us: Time,
) -> Iterator[Finding]:  # fmt: skip
    """One warning for each zone, obstacle and for the border that a straight return from somewhere on the route meets."""
    sloped = [
        z for z in binding_zones(area.exclusions, span_us) if z.floor is not None or z.ceiling is not None
    ]  # fmt: skip
    swept = _swept(plan, path, limits, family)
    if swept is None:
        return
    near_m = 2.0 * turn_radius_m if family == "plane" else 0.0
    for zone in sloped:
        shape = zone_shape(zone, path.chart)
        if shape is not None:
            floor, ceiling = _slab(zone, datum)
            met = _near(shape, swept, near_m) & ~(swept.high_m < floor) & ~(swept.low_m > ceiling)
            yield from _told(met, swept, path, "rtl_zone", f"would pass through the exclusion {zone.name!r}")
    for obstacle in area.obstacles:
        top = float(datum.amsl_m(obstacle.top, obstacle.lat_deg, obstacle.lon_deg))
        keep = obstacle.radius_m + limits.obstacle_clear_m + near_m
        here = Point(path.chart.to_map(obstacle.lat_deg, obstacle.lon_deg))
        met = _near(here, swept, keep) & ~(swept.low_m > top + limits.obstacle_clear_m)
        yield from _told(met, swept, path, "rtl_obstacle", f"would pass {obstacle.name!r} nearer than {keep:g} m")
    line = LineString(path.chart.to_map(*np.array(area.border.points, dtype=np.float64).T))
    yield from _told(_near(line, swept, near_m), swept, path, "rtl_foreign", "would cross the border")


def _swept(plan: Plan, path: FlownPath, limits: CheckLimits, family: str) -> _Swept | None:
    pieces = path.pieces()
    pieces = pieces[np.isin(path.kind[pieces[:, 1]], _KINDS)]
    if not len(pieces):
        return None
    rally = [r.alt_rel_home_m for r in plan.rally]
    goals = np.concatenate(
        [np.zeros((1, 2)), path.chart.to_map([r.lat_deg for r in plan.rally], [r.lon_deg for r in plan.rally])]
    )
    corners, row = return_triangles(path.map_m[pieces[:, 0]], path.map_m[pieces[:, 1]], goals, family)
    alt = path.alt_rel_home_m[pieces][row]
    returns = max(limits.rtl_alt_m, *rally) if rally else limits.rtl_alt_m
    low, high = alt.min(axis=1), np.maximum(alt.max(axis=1), returns)
    # A copter climbs to it first and does not sink; a plane flies at it.
    low = np.minimum(low, limits.rtl_alt_m) if family == "plane" else np.maximum(low, limits.rtl_alt_m)
    along, across = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    flat = np.abs(along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0]) < 1e-6
    shapes = np.empty(len(corners), dtype=object)
    shapes[~flat] = shapely.polygons(corners[~flat])
    shapes[flat] = shapely.multipoints(corners[flat])
    shapes[flat] = shapely.convex_hull(shapes[flat])
    home_m = plan.home_alt_amsl_m
    return _Swept(
        shapes, 0.5 * (corners[:, 0] + corners[:, 1]), path.item_seq[pieces[row, 1]], low + home_m, high + home_m
    )


def _slab(zone: Zone, datum: HeightDatum) -> tuple[float, float]:
    """The lowest floor and the highest ceiling of a zone, AMSL; infinite where it has none or nobody knows."""
    bounds = zone_bounds(zone)
    floor = -np.inf if zone.floor is None else datum.range_amsl_m(zone.floor, *bounds)[0]
    ceiling = np.inf if zone.ceiling is None else datum.range_amsl_m(zone.ceiling, *bounds)[1]
    return floor, ceiling


def _near(shape: Any, swept: _Swept, metres: float) -> NDArray[np.bool_]:
    shapely.prepare(shape)
    if metres > 0.0:
        return np.asarray(shapely.dwithin(shape, swept.shapes, metres), dtype=np.bool_)
    return np.asarray(shapely.intersects(shape, swept.shapes), dtype=np.bool_)


def _told(met: NDArray[np.bool_], swept: _Swept, path: FlownPath, code: str, what: str) -> Iterator[Finding]:
    if not met.any():
        return
    seqs = sorted(set(swept.seq[met].tolist()))
    lat, lon = path.chart.from_map(swept.places[int(np.argmax(met))])
    text = f"a straight return from places on the way to item {listed(seqs)} {what}: set a rally point, or steer round before RTL"
    yield Finding("warning", code, text, float(lat), float(lon), seqs[0])
