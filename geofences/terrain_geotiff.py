"""GeoTIFF terrain models: read in any projection that PROJ knows, written in latitude and longitude."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from geofences.errors import ConfigError
from geofences.geodesy import FloatArray
from geofences.terrain_grid import TerrainGrid
from geofences.vertical import geoid_undulation_m

_log = logging.getLogger("geofences.terrain")

# GeoTIFF tags and keys (OGC GeoTIFF 1.1, 19-008r4), GDAL's tags.
_TAG_PIXEL_SCALE, _TAG_TIEPOINT, _TAG_MATRIX, _TAG_GEO_KEYS = 33550, 33922, 34264, 34735
_TAG_GDAL_METADATA, _TAG_GDAL_NODATA = 42112, 42113
_KEY_MODEL, _KEY_RASTER, _KEY_GEODETIC, _KEY_PROJECTED = 1024, 1025, 2048, 3072
_KEY_VERTICAL, _KEY_VERTICAL_UNITS = 4096, 4099
_PROJECTED, _GEOGRAPHIC = 1, 2
_PIXEL_IS_POINT = 2
_USER_DEFINED = 32767
_KEYS_WGS84_POINT = (1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 2, 2048, 0, 1, 4326)
_WGS84 = 4326
_METRES_OF_UNIT = {9001: 1.0, 9002: 0.3048, 9003: 1200.0 / 3937.0}
_ELLIPSOIDAL_VERTICAL = range(5001, 5034)  # GeoTIFF 1.0's codes of heights above an ellipsoid

_LOWEST_LAND_M, _HIGHEST_LAND_M = -500.0, 9000.0  # the Dead Sea's shore, Mount Everest
_MAX_POSTS = 200_000_000
_SAME_DATUM_M = 1.0
_M_PER_DEG = 111_320.0
_ROWS_AT_ONCE = 256


@dataclass(frozen=True)
class _Raster:
    """Values as stored, posts at ``x0 + column * step_x``, ``y0 - row * step_y`` of the raster's own coordinates."""

    values: NDArray[np.generic]
    x0: float
    y0: float
    step_x: float
    step_y: float
    keys: dict[int, int]
    nodata: float


def write_geotiff(terrain: TerrainGrid, path: Path) -> None:
    """Write a float32 GeoTIFF (EPSG:4326, pixel is point, voids NaN) that GDAL and QGIS read."""
    tags: list[tuple[Any, ...]] = [
        (_TAG_PIXEL_SCALE, "d", 3, (terrain.step_lon_deg, terrain.step_lat_deg, 0.0), True),
        (_TAG_TIEPOINT, "d", 6, (0.0, 0.0, 0.0, terrain.west_deg, terrain.north_deg, 0.0), True),
        (_TAG_GEO_KEYS, "H", len(_KEYS_WGS84_POINT), _KEYS_WGS84_POINT, True),
    ]
    if terrain.has_voids:
        tags.append((_TAG_GDAL_NODATA, "s", 0, "nan", True))
    tifffile.imwrite(path, terrain.height_amsl_m.astype(np.float32), compression="zlib", extratags=tags)


def read_geotiff(path: Path) -> TerrainGrid:
    """Read a single-band GeoTIFF of ground heights.

    A raster in a projection, or on another datum than WGS 84, is resampled to latitude and longitude at its own
    resolution. No-data values and heights that no land has become NaN. Heights are taken as above mean sea level unless
    the file says that they are above the ellipsoid; those are converted, or refused where no geoid model is installed.

    Raises :class:`ConfigError` when the file is missing, is no TIFF, has several bands, a rotated grid or no reference.
    """
    raster = _read(path)
    keys = raster.keys
    heights = _metres(raster, path)
    if not np.isfinite(heights).any():
        raise ConfigError(f"{path}: holds no height at all", "check its no-data value")
    plane = TerrainGrid(heights, raster.y0, raster.x0, raster.step_y, raster.step_x)
    model = keys.get(_KEY_MODEL)
    if model == _GEOGRAPHIC:
        code = keys.get(_KEY_GEODETIC, _WGS84)
        grid = plane if _is_wgs84(plane, code, path) else _resampled(plane, _crs(code, path), path)
    elif model == _PROJECTED:
        grid = _resampled(plane, _crs(keys.get(_KEY_PROJECTED, _USER_DEFINED), path), path)
    else:
        raise ConfigError(
            f"{path}: does not say in which coordinates it is", "reproject it, e.g. gdalwarp -t_srs EPSG:4326"
        )
    if keys.get(_KEY_VERTICAL, 0) in _ELLIPSOIDAL_VERTICAL or _is_three_dimensional(keys):
        grid = _above_sea(grid, path)
    return grid


def _read(path: Path) -> _Raster:
    try:
        with tifffile.TiffFile(path) as tiff:
            page: Any = tiff.pages[0]
            values = page.asarray()
            tags = {tag.code: tag.value for tag in page.tags}
    except (OSError, tifffile.TiffFileError, KeyError, IndexError) as error:
        raise ConfigError(
            f"{path}: cannot be read as a GeoTIFF terrain model: {error}", "give a single-band GeoTIFF"
        ) from error
    except (ValueError, RuntimeError, ImportError) as error:  # a damaged strip, or a compression nobody here decodes
        raise ConfigError(
            f"{path}: its heights cannot be decoded: {error}",
            "write it anew, e.g. gdal_translate -co COMPRESS=DEFLATE -co PREDICTOR=1",
        ) from error
    if values.ndim != 2 or min(values.shape) < 2:
        raise ConfigError(f"{path}: is not a single-band grid", "take one band out, e.g. gdal_translate -b 1")
    if _TAG_GEO_KEYS not in tags:
        raise ConfigError(f"{path}: has no geographic reference", "reference it, e.g. gdal_translate -a_srs -a_ullr")
    if "SCALE" in str(tags.get(_TAG_GDAL_METADATA, "")).upper():
        raise ConfigError(f"{path}: its heights are stored scaled", "write them in metres: gdal_translate -unscale")
    entries = tags[_TAG_GEO_KEYS]
    keys = {int(entries[i]): int(entries[i + 3]) for i in range(4, len(entries) - 3, 4) if entries[i + 1] == 0}
    try:
        nodata = float(str(tags.get(_TAG_GDAL_NODATA, "nan")).strip("\x00 "))
    except ValueError:
        nodata = float("nan")
    x0, y0, step_x, step_y = _placed(tags, path)
    if keys.get(_KEY_RASTER, 1) != _PIXEL_IS_POINT:
        # Pixel is area: the reference is to the pixel's corner, its height to its middle.
        x0, y0 = x0 + 0.5 * step_x, y0 - 0.5 * step_y
    return _Raster(values, x0, y0, step_x, step_y, keys, nodata)


def _placed(tags: dict[int, Any], path: Path) -> tuple[float, float, float, float]:
    """``(x, y, step x, step y)`` of the first pixel's reference point."""
    remedy = "warp it to a plain grid, e.g. gdalwarp -t_srs EPSG:4326"
    if _TAG_MATRIX in tags:
        m = [float(v) for v in tags[_TAG_MATRIX]]
        if len(m) != 16 or m[1] != 0.0 or m[4] != 0.0:
            raise ConfigError(f"{path}: its grid is rotated", remedy)
        x0, y0, step_x, step_y = m[3], m[7], m[0], -m[5]
    elif _TAG_PIXEL_SCALE in tags and len(tags.get(_TAG_TIEPOINT, ())) >= 6:
        column, row, _, x, y, _ = (float(v) for v in tags[_TAG_TIEPOINT][:6])
        step_x, step_y = (float(v) for v in tags[_TAG_PIXEL_SCALE][:2])
        x0, y0 = x - column * step_x, y + row * step_y
    else:
        raise ConfigError(f"{path}: has no place on a regular grid", remedy)
    if not (np.isfinite([x0, y0]).all() and step_x > 0.0 and step_y > 0.0):
        raise ConfigError(f"{path}: its grid steps are {step_x:g} and {step_y:g}", remedy)
    return x0, y0, step_x, step_y


def _metres(raster: _Raster, path: Path) -> NDArray[np.float32]:
    unit = raster.keys.get(_KEY_VERTICAL_UNITS, 9001)
    if unit not in _METRES_OF_UNIT:
        raise ConfigError(f"{path}: heights in the unit EPSG:{unit}", "write them in metres")
    void = raster.values == np.asarray(raster.nodata).astype(raster.values.dtype) if _holds(raster) else None
    heights = raster.values.astype(np.float32)
    if void is not None:
        heights[void] = np.nan
    heights *= np.float32(_METRES_OF_UNIT[unit])
    with np.errstate(invalid="ignore"):
        absurd = (heights < _LOWEST_LAND_M) | (heights > _HIGHEST_LAND_M) | np.isinf(heights)
    if absurd.any():
        _log.warning("%s: %d heights that no land has are taken as unknown", path, int(absurd.sum()))
        heights[absurd] = np.nan
    return heights


def _holds(raster: _Raster) -> bool:
    """Whether the no-data value can occur among the values at all."""
    if not np.isfinite(raster.nodata):
        return False
    if raster.values.dtype.kind in "iu":
        info: Any = np.iinfo(raster.values.dtype.name)
        return bool(info.min <= raster.nodata <= info.max)
    return True


def _crs(code: int, path: Path) -> CRS:
    if code in (0, _USER_DEFINED):
        raise ConfigError(
            f"{path}: its coordinate system has no EPSG number", "reproject it, e.g. gdalwarp -t_srs EPSG:4326"
        )
    try:
        return CRS.from_epsg(code)
    except ProjError as error:
        raise ConfigError(f"{path}: EPSG:{code} is not a known coordinate system", "reproject it") from error


def _is_three_dimensional(keys: dict[int, int]) -> bool:
    code = keys.get(_KEY_GEODETIC, _WGS84)
    if keys.get(_KEY_MODEL) != _GEOGRAPHIC or code in (0, _WGS84, _USER_DEFINED):
        return False
    return len(CRS.from_epsg(code).axis_info) == 3


def _is_wgs84(grid: TerrainGrid, code: int, path: Path) -> bool:
    """Whether latitude and longitude may be taken as WGS 84's: ETRS89 and the like are the same to a metre."""
    if code in (0, _WGS84):
        return True
    lat = np.array([grid.north_deg, grid.south_deg, grid.north_deg, grid.south_deg])
    lon = np.array([grid.west_deg, grid.west_deg, grid.east_deg, grid.east_deg])
    to_wgs84 = Transformer.from_crs(_crs(code, path), CRS.from_epsg(_WGS84), always_xy=True)
    there = to_wgs84.transform(lon, lat)
    shift_m = np.hypot(there[0] - lon, there[1] - lat) * _M_PER_DEG
    return bool(np.all(shift_m < _SAME_DATUM_M))


def _resampled(plane: TerrainGrid, crs: CRS, path: Path) -> TerrainGrid:
    """A grid of other coordinates (``north_deg`` its largest y, ``west_deg`` its smallest x) in latitude, longitude."""
    wgs84 = CRS.from_epsg(_WGS84)
    edge = np.linspace(0.0, 1.0, 33)
    x = plane.west_deg + edge * (plane.east_deg - plane.west_deg)
    y = plane.south_deg + edge * (plane.north_deg - plane.south_deg)
    rim_x = np.concatenate([x, x, np.full(33, x[0]), np.full(33, x[-1])])
    rim_y = np.concatenate([np.full(33, y[0]), np.full(33, y[-1]), y, y])
    lon, lat = Transformer.from_crs(crs, wgs84, always_xy=True).transform(rim_x, rim_y)
    if not (np.isfinite(lon).all() and np.isfinite(lat).all()) or np.ptp(lon) > 180.0:
        raise ConfigError(f"{path}: reaches beyond its coordinate system", "cut it to the area of the mission")
    middle = float(np.cos(np.radians(lat.mean())))
    # The finer of its own resolutions, so that nothing of a ridge is lost.
    step_lat = float(
        min(np.ptp(lat) / (plane.height_amsl_m.shape[0] - 1), np.ptp(lon) * middle / (plane.height_amsl_m.shape[1] - 1))
    )
    step_lon = step_lat / middle
    rows, columns = int(np.ceil(np.ptp(lat) / step_lat)) + 1, int(np.ceil(np.ptp(lon) / step_lon)) + 1
    if rows * columns > _MAX_POSTS:
        raise ConfigError(f"{path}: {rows} x {columns} posts are too many", "cut it to the area of the mission")
    north, west = float(lat.max()), float(lon.min())
    back = Transformer.from_crs(wgs84, crs, always_xy=True)
    heights = np.empty((rows, columns), dtype=np.float32)
    all_lon = west + step_lon * np.arange(columns)
    for first in range(0, rows, _ROWS_AT_ONCE):
        all_lat = north - step_lat * np.arange(first, min(first + _ROWS_AT_ONCE, rows))
        grid_lon, grid_lat = np.meshgrid(all_lon, all_lat)
        part: tuple[FloatArray, FloatArray] = back.transform(grid_lon, grid_lat)
        heights[first : first + len(all_lat)] = plane.height_at_posts(*plane.posts(part[1], part[0]))
    return TerrainGrid(heights, north, west, step_lat, step_lon)


def _above_sea(grid: TerrainGrid, path: Path) -> TerrainGrid:
    rows, columns = grid.height_amsl_m.shape
    lat = grid.north_deg - grid.step_lat_deg * np.arange(rows)
    lon = grid.west_deg + grid.step_lon_deg * np.arange(columns)
    try:
        undulation = geoid_undulation_m(lat[:, None], lon[None, :])
    except ConfigError as error:
        raise ConfigError(f"{path}: {error.message}", error.remedy) from error
    return replace(grid, height_amsl_m=(grid.height_amsl_m - undulation).astype(np.float32))
