"""Which zones of an area bind at a time and height, and what heights mean above the sea.

A time is one moment or the first and the last of a flight, microseconds since 1970 in UTC; None: it is not known. What
is not known never sets anybody free: an exclusion whose time or height cannot be told binds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geofences.area import Area
from geofences.errors import ConfigError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.outlines import OUTER, polygon_in
from geofences.outlines import QUAD_SEGMENTS as _QUAD_SEGMENTS
from geofences.terrain_grid import TerrainGrid
from geofences.windows import all_covered, any_meets
from geofences.zone import Height, Obstacle, Role, Zone

Time = int | tuple[int, int] | None
AltBand = tuple[float, float]
"""Lowest and highest height of a flight or a part of it, metres above mean sea level."""
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class HeightDatum:
    """What heights are measured from: home's height above the sea, and the terrain. None: it is not known."""

    home_amsl_m: float | None = None
    terrain: TerrainGrid | None = None

    def amsl_m(self, height: Height, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
        """The height above mean sea level at places, of their shape; NaN where it cannot be told."""
        lat, lon = np.broadcast_arrays(np.asarray(lat_deg, dtype=np.float64), np.asarray(lon_deg, dtype=np.float64))
        if height.reference == "amsl":
            return np.full(lat.shape, height.metres)
        if height.reference == "home":
            return np.full(lat.shape, np.nan if self.home_amsl_m is None else self.home_amsl_m + height.metres)
        if self.terrain is None:
            return np.full(lat.shape, np.nan)
        return np.asarray(self.terrain.height(lat, lon) + height.metres, dtype=np.float64)

    def range_amsl_m(self, height: Height, south: float, west: float, north: float, east: float) -> AltBand:
        """The least and the greatest height above the sea within bounds (degrees); minus to plus infinity if not told.

        ``west`` beyond ``east`` is a box across the 180th meridian.
        """
        unknown = (-np.inf, np.inf)
        if height.reference != "ground":
            metres = float(self.amsl_m(height, south, west))
            return (metres, metres) if np.isfinite(metres) else unknown
        grid = self.terrain
        if grid is None or west > east:
            return unknown
        # Between posts a height lies between theirs, so the posts round the box are enough.
        r, c = grid.posts(np.array([north, south]), np.array([west, east]))
        rows, columns = grid.height_amsl_m.shape
        if r[0] < -1e-6 or c[0] < -1e-6 or r[1] > rows - 1 + 1e-6 or c[1] > columns - 1 + 1e-6:
            return unknown
        part = grid.height_amsl_m[
            max(0, int(np.floor(r[0]))) : int(np.ceil(r[1])) + 1, max(0, int(np.floor(c[0]))) : int(np.ceil(c[1])) + 1
        ]
        if np.isnan(part).any():
            return unknown
        return float(part.min()) + height.metres, float(part.max()) + height.metres


def zone_region(zone: Zone, frame: LocalFrame, role: Role) -> shapely.Geometry:
    """The zone with its holes and buffer in the plane of ``frame``: exclusions (and no-look areas) grow, inclusions shrink.

    Round corners are made of straight pieces on the safe side, 0.12 % of the buffer at most. What is left of an
    inclusion may be empty or in several parts. Raises :class:`ConfigError` for a zone that is no polygon
    (:func:`geofences.validity.explain` says why).
    """
    polygon = polygon_in(zone, frame)
    if not (polygon.is_valid and polygon.area > 0.0):
        raise ConfigError(
            f"zone {zone.name!r} is no valid polygon: {shapely.is_valid_reason(polygon)}", "repair it, or draw it again"
        )
    if not zone.buffer_m:
        return polygon
    metres = zone.buffer_m * OUTER * (-1.0 if role == "inclusion" else 1.0)
    return polygon.buffer(metres, quad_segs=_QUAD_SEGMENTS)


def binding_exclusions(
    area: Area, t_utc_us: Time = None, alt_band_amsl_m: AltBand | None = None, datum: HeightDatum | None = None
) -> tuple[Zone, ...]:
    """The exclusions that forbid something at that time in that band of heights.

    An exclusion is left out only if its windows surely do not hold, or the whole band surely lies above or below its
    slab anywhere in the zone. Floors and ceilings above ground are taken over the terrain of the zone's whole bounding
    box; :class:`AreaAir` is exact place by place.
    """
    return binding_zones(area.exclusions, t_utc_us, alt_band_amsl_m, datum)


def binding_zones(
    zones: Iterable[Zone],
    t_utc_us: Time = None,
    alt_band_amsl_m: AltBand | None = None,
    datum: HeightDatum | None = None,
) -> tuple[Zone, ...]:
    """:func:`binding_exclusions` for any zones that forbid (no-look areas too)."""
    known = datum or HeightDatum()
    return tuple(
        z for z in zones if _may_hold(z, t_utc_us) and (alt_band_amsl_m is None or _meets(z, alt_band_amsl_m, known))
    )


def open_inclusions(area: Area, t_utc_us: Time = None) -> tuple[Zone, ...]:
    """The inclusions in which flying is allowed during all of that time.

    With a time that is not known all of them count as open: whoever plans without a time must say so.
    """
    if t_utc_us is None:
        return area.inclusions
    begin, end = _span(t_utc_us)
    return tuple(z for z in area.inclusions if all_covered(z.windows, begin, end))


def binding_obstacles(
    area: Area, alt_band_amsl_m: AltBand | None = None, datum: HeightDatum | None = None, clearance_m: float = 0.0
) -> tuple[Obstacle, ...]:
    """The obstacles whose top, with a clearance above it, reaches into the band of heights, or may."""
    if alt_band_amsl_m is None:
        return area.obstacles
    known, low = datum or HeightDatum(), alt_band_amsl_m[0]
    tops = [float(known.amsl_m(o.top, o.lat_deg, o.lon_deg)) for o in area.obstacles]
    return tuple(o for o, top in zip(area.obstacles, tops, strict=True) if not low > top + clearance_m)


def _span(t_utc_us: int | tuple[int, int]) -> tuple[int, int]:
    begin, end = (t_utc_us, t_utc_us) if isinstance(t_utc_us, int) else t_utc_us
    if begin > end:
        raise ValueError(f"a time from {begin} to {end} ends before it begins")
    return begin, end


def _may_hold(zone: Zone, t_utc_us: Time) -> bool:
    return t_utc_us is None or any_meets(zone.windows, *_span(t_utc_us))


def _meets(zone: Zone, band: AltBand, datum: HeightDatum) -> bool:
    if band[0] > band[1] or np.isnan(band).any():
        raise ValueError(f"a band of heights from {band[0]} to {band[1]} m is none")
    if zone.floor is None and zone.ceiling is None:
        return True
    south, west, north, east = zone_bounds(zone)
    if zone.floor is not None and band[1] < datum.range_amsl_m(zone.floor, south, west, north, east)[0]:
        return False
    return zone.ceiling is None or not band[0] > datum.range_amsl_m(zone.ceiling, south, west, north, east)[1]


def zone_bounds(zone: Zone) -> tuple[float, float, float, float]:
    """South, west, north, east of a zone that has grown by its buffer; west beyond east across the 180th meridian."""
    lat, lon = np.array(zone.points).T
    if np.ptp(lon) > 180.0:
        lon = np.where(lon < 0.0, lon + 360.0, lon)
    high = np.radians(min(89.0, float(np.abs(lat).max())))
    # Whether an edge is straight in degrees or in the plane: it may bend towards the pole between its ends.
    width_m = float(np.ptp(lon)) * 111_320.0 * float(np.cos(np.radians(np.abs(lat).min())))
    bend_m = width_m**2 / (8.0 * 6_371_000.0) * float(np.tan(high))
    up = (zone.buffer_m * 1.01 + bend_m) / 110_500.0
    south, north = float(lat.min()) - up, float(lat.max()) + up
    aside = up / max(float(np.cos(np.radians(min(89.0, max(abs(south), abs(north)))))), 1e-3)
    west, east = float(lon.min()) - aside, float(lon.max()) + aside
    return south, (west + 180.0) % 360.0 - 180.0, north, (east + 180.0) % 360.0 - 180.0


class AreaAir:
    """The air that an area leaves to fly in, place by place: the ground plan, the slabs and the time of every zone.

    Exact but for the straight pieces of round buffers; meant for sampled paths. Where a height or the terrain is not
    known, what would need it is not allowed.
    """

    def __init__(self, area: Area, frame: LocalFrame, datum: HeightDatum | None = None, t_utc_us: Time = None) -> None:
        self.frame, self.datum = frame, datum or HeightDatum()
        self.union_of_inclusions = area.union_of_inclusions
        self.has_inclusions = bool(area.inclusions)
        exclusions = binding_exclusions(area, t_utc_us)
        opened = open_inclusions(area, t_utc_us)
        # An inclusion that is closed at that time allows nothing; if all must be kept, nothing is left.
        self.closed = tuple(z for z in area.inclusions if z not in opened)
        self._inclusions = [(z, _prepared(zone_region(z, frame, "inclusion"))) for z in opened]
        self._exclusions = [(z, _prepared(zone_region(z, frame, "exclusion"))) for z in exclusions]

    def allowed(self, lat_deg: ArrayLike, lon_deg: ArrayLike, alt_amsl_m: ArrayLike) -> BoolArray:
        """Whether the aircraft may be at places, shape ``(...)``; the edge of a zone counts as outside an exclusion."""
        places = (np.asarray(v, dtype=np.float64) for v in (lat_deg, lon_deg, alt_amsl_m))
        lat, lon, alt = np.broadcast_arrays(*places)
        points = shapely.points(self.frame.to_plane(lat, lon))
        inside = [shapely.covers(r, points) & self._in_slab(z, lat, lon, alt, False) for z, r in self._inclusions]
        allowed = np.ones(lat.shape, dtype=np.bool_)
        if self.has_inclusions:
            every = not self.union_of_inclusions
            if not inside or (every and self.closed):
                return np.zeros(lat.shape, dtype=np.bool_)
            allowed = np.logical_and.reduce(inside) if every else np.logical_or.reduce(inside)
        for zone, region in self._exclusions:
            allowed = allowed & ~(shapely.contains_properly(region, points) & self._in_slab(zone, lat, lon, alt, True))
        return np.asarray(allowed & np.isfinite(alt), dtype=np.bool_)

    def _in_slab(self, zone: Zone, lat: FloatArray, lon: FloatArray, alt: FloatArray, unknown: bool) -> BoolArray:
        inside = np.ones(lat.shape, dtype=np.bool_)
        if zone.floor is not None:
            floor = self.datum.amsl_m(zone.floor, lat, lon)
            inside &= np.where(np.isnan(floor), unknown, alt >= floor)
        if zone.ceiling is not None:
            ceiling = self.datum.amsl_m(zone.ceiling, lat, lon)
            inside &= np.where(np.isnan(ceiling), unknown, alt <= ceiling)
        return inside

    def height_limits_amsl_m(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """The floor and the ceiling that the inclusions set at places, ``(...)`` each, metres above mean sea level.

        Minus and plus infinity where none is set, NaN where one is set and cannot be told. If any inclusion is enough,
        the lowest floor and the highest ceiling of those round the place; no limits outside all of them.
        """
        lat, lon = np.broadcast_arrays(np.asarray(lat_deg, dtype=np.float64), np.asarray(lon_deg, dtype=np.float64))
        points = shapely.points(self.frame.to_plane(lat, lon))
        floors, ceilings = [], []
        for zone, region in self._inclusions:
            here = shapely.covers(region, points) if self.union_of_inclusions else np.ones(lat.shape, dtype=np.bool_)
            free = np.full(lat.shape, np.inf)
            floor = -free if zone.floor is None else self.datum.amsl_m(zone.floor, lat, lon)
            ceiling = free if zone.ceiling is None else self.datum.amsl_m(zone.ceiling, lat, lon)
            floors.append(np.where(here, floor, np.inf if self.union_of_inclusions else -np.inf))
            ceilings.append(np.where(here, ceiling, -np.inf if self.union_of_inclusions else np.inf))
        if not floors:
            return np.full(lat.shape, -np.inf), np.full(lat.shape, np.inf)
        if self.union_of_inclusions:
            low, high = np.minimum.reduce(floors), np.maximum.reduce(ceilings)
            return np.where(np.isposinf(low), -np.inf, low), np.where(np.isneginf(high), np.inf, high)
        return np.maximum.reduce(floors), np.minimum.reduce(ceilings)


def _prepared(region: shapely.Geometry) -> shapely.Geometry:
    shapely.prepare(region)
    return region
