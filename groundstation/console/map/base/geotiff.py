"""A GeoTIFF picture (orthophoto, scanned map) as something the map can lay out: brought to Web Mercator once, when opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import tifffile
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from groundstation.console.map.basemap import BaseImage
from groundstation.core.errors import ConfigError

_SCALE, _TIEPOINT, _MATRIX, _KEYS = 33550, 33922, 34264, 34735
_GEOGRAPHIC_CODE, _PROJECTED_CODE, _RASTER_KIND = 2048, 3072, 1025
_MOST_SIDE_PX = 4000
_MOST_PIXELS = 200_000_000


def read_geotiff_picture(path: Path) -> BaseImage:
    """A grey, RGB or RGBA GeoTIFF in any coordinate system with an EPSG number; outside its rim it is transparent.

    Raises :class:`ConfigError` when it is missing, too large, no picture or has no place.
    """
    remedy = "warp it, e.g. gdalwarp -t_srs EPSG:3857 -dstalpha"
    try:
        with tifffile.TiffFile(path) as tiff:
            page: Any = tiff.pages[0]
            if page.imagewidth * page.imagelength > _MOST_PIXELS:
                raise ConfigError(f"{path}: {page.imagewidth} x {page.imagelength} pixels are too many", "cut it out")
            values, tags = page.asarray(), {tag.code: tag.value for tag in page.tags}
            if page.planarconfig == 2 and values.ndim == 3:
                values = np.moveaxis(values, 0, -1)
    except (OSError, tifffile.TiffFileError, KeyError, IndexError, ValueError, RuntimeError, ImportError) as error:
        raise ConfigError(f"{path}: cannot be read as a GeoTIFF picture: {error}", remedy) from error
    rgba = _rgba(values, path)
    to_pixel = _place(tags, path, remedy)
    entries = tags.get(_KEYS, ())
    keys = {int(entries[i]): int(entries[i + 3]) for i in range(4, len(entries) - 3, 4) if entries[i + 1] == 0}
    code = keys.get(_PROJECTED_CODE) or keys.get(_GEOGRAPHIC_CODE) or 0
    if code in (0, 32767):
        raise ConfigError(f"{path}: its coordinate system has no EPSG number", remedy)
    if keys.get(_RASTER_KIND, 1) == 2:  # the reference is to the middle of a pixel
        to_pixel = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]]) @ to_pixel
    return _warped(rgba, to_pixel, code, path)


def _rgba(values: np.ndarray, path: Path) -> np.ndarray:
    if values.dtype == np.uint16:
        values = (values >> 8).astype(np.uint8)
    if values.dtype != np.uint8 or values.ndim not in (2, 3) or (values.ndim == 3 and values.shape[2] not in (1, 3, 4)):
        raise ConfigError(
            f"{path}: {values.dtype} of shape {values.shape} is no picture", "convert it: gdal_translate -ot Byte"
        )
    if values.ndim == 2:
        values = values[..., None]
    if values.shape[2] == 1:
        values = np.repeat(values, 3, axis=2)
    if values.shape[2] == 3:
        values = np.concatenate([values, np.full((*values.shape[:2], 1), 255, np.uint8)], axis=2)
    return np.ascontiguousarray(values)


def _place(tags: dict[int, Any], path: Path, remedy: str) -> np.ndarray:
    """``(3, 3)``: pixels (corner of the first at 0, 0) of the file's coordinates."""
    if _MATRIX in tags:
        m = np.array([float(v) for v in tags[_MATRIX]]).reshape(4, 4)
        to_world = np.array([[m[0, 0], m[0, 1], m[0, 3]], [m[1, 0], m[1, 1], m[1, 3]], [0.0, 0.0, 1.0]])
    elif _SCALE in tags and len(tags.get(_TIEPOINT, ())) >= 6:
        column, row, _, x, y, _ = (float(v) for v in tags[_TIEPOINT][:6])
        step_x, step_y = (float(v) for v in tags[_SCALE][:2])
        to_world = np.array([[step_x, 0.0, x - column * step_x], [0.0, -step_y, y + row * step_y], [0.0, 0.0, 1.0]])
    else:
        raise ConfigError(f"{path}: has no place on the ground", remedy)
    if not np.isfinite(to_world).all() or abs(np.linalg.det(to_world)) < 1e-18:
        raise ConfigError(f"{path}: its place cannot be read", remedy)
    return np.asarray(np.linalg.inv(to_world))


def _warped(rgba: np.ndarray, to_pixel: np.ndarray, code: int, path: Path) -> BaseImage:
    rows, columns = rgba.shape[:2]
    try:
        there = Transformer.from_crs(CRS.from_epsg(code), CRS.from_epsg(3857), always_xy=True)
        back = Transformer.from_crs(CRS.from_epsg(3857), CRS.from_epsg(code), always_xy=True)
    except ProjError as error:
        raise ConfigError(f"{path}: EPSG:{code} is not a known coordinate system", "reproject it") from error
    along = np.linspace(0.0, 1.0, 33)
    rim = np.concatenate(
        [[(c * columns, r * rows) for c in along for r in (0.0, 1.0)], [(c * columns, r * rows) for r in along for c in (0.0, 1.0)]]
    )  # fmt: skip
    world = np.linalg.inv(to_pixel) @ np.vstack([rim.T, np.ones(len(rim))])
    x, y = there.transform(world[0], world[1])
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ConfigError(f"{path}: reaches beyond its coordinate system", "cut it to the area")
    west, south, width, height = x.min(), y.min(), np.ptp(x), np.ptp(y)
    pixel = max(min(width / columns, height / rows), max(width, height) / _MOST_SIDE_PX)
    out_columns, out_rows = max(1, round(width / pixel)), max(1, round(height / pixel))
    # The projection is smooth: every 16th pixel is enough, between them it is interpolated.
    grid_x = west + (np.arange(0, out_columns + 16, 16) + 0.5) * pixel
    grid_y = south + height - (np.arange(0, out_rows + 16, 16) + 0.5) * pixel
    mesh = np.meshgrid(grid_x, grid_y)
    wx, wy = back.transform(*mesh)
    source = to_pixel @ np.stack([wx.ravel(), wy.ravel(), np.ones(wx.size)])
    maps = []
    for axis in (0, 1):
        coarse = (source[axis] - 0.5).reshape(wx.shape).astype(np.float64)
        full_x, full_y = np.arange(out_columns) / 16.0, np.arange(out_rows) / 16.0
        fine = cv2.remap(coarse, *(m.astype(np.float32) for m in np.meshgrid(full_x, full_y)), cv2.INTER_LINEAR)
        maps.append(fine.astype(np.float32))
    warped = cv2.remap(
        rgba, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(0, 0, 0, 0)
    )
    return BaseImage(warped, (float(west), float(south), float(width), float(height)))
