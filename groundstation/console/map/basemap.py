"""The map's background without a network: a hillshade of the terrain, or the tiles of an MBTiles file."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.terrain import TerrainGrid
from groundstation.console.map.projection import RADIUS_M, to_lat_lon, to_mercator
from groundstation.core.errors import ConfigError

_log = logging.getLogger("groundstation.console.basemap")
_WORLD_M = 2 * np.pi * RADIUS_M
_MAX_TILES = 400


@dataclass(frozen=True, eq=False)
class BaseImage:
    """An RGB picture (row 0 north) and its Mercator rectangle ``(x, y, width, height)``, y of the south edge."""

    rgb: NDArray[np.uint8]
    rectangle: tuple[float, float, float, float]


def hillshade(terrain: TerrainGrid, size_px: int = 1400, exaggeration: float = 5.0) -> BaseImage:
    """Shaded relief lit from the north-west (Horn, Proc. IEEE 69, 1981), dark enough to draw on, with contour lines."""
    low = to_mercator(terrain.south_deg, terrain.west_deg)
    high = to_mercator(terrain.north_deg, terrain.east_deg)
    width_m, height_m = high - low
    columns = size_px if width_m >= height_m else round(size_px * width_m / height_m)
    rows = round(columns * height_m / width_m)
    x = low[0] + (np.arange(columns) + 0.5) * width_m / columns
    y = high[1] - (np.arange(rows) + 0.5) * height_m / rows
    lat, _ = to_lat_lon(0.0, y)
    _, lon = to_lat_lon(x, 0.0)
    heights = terrain.height(lat[:, None], lon[None, :])
    filled = np.where(np.isfinite(heights), heights, np.nanmin(heights)).astype(np.float32)
    cell_m = width_m / columns * float(np.cos(np.radians(lat.mean())))
    smooth = cv2.GaussianBlur(filled, (0, 0), 2.0)
    dy, dx = np.gradient(smooth * exaggeration, cell_m)
    light = np.array([-0.55, 0.55, 0.63])
    # The picture's rows run south, so d/dnorth is -dy.
    shade = (-dx * light[0] + dy * light[1] + light[2]) / np.sqrt(dx**2 + dy**2 + 1.0)
    span = max(float(np.ptp(smooth)), 1.0)
    relative = (smooth - smooth.min()) / span
    base = np.stack([30 + 16 * relative, 42 + 14 * relative, 40 + 4 * relative], axis=-1)
    rgb = base * (0.45 + 0.85 * np.clip(shade, 0.0, 1.0))[..., None]
    step_m = next(s for s in (5, 10, 20, 50, 100, 200, 500, 1000) if span / s <= 14 or s == 1000)
    level = np.floor(smooth / step_m)
    edge = (level != np.roll(level, 1, 0)) | (level != np.roll(level, 1, 1))
    edge[0], edge[:, 0] = False, False
    rgb[edge] = rgb[edge] * 0.7 + 24
    return BaseImage(np.clip(rgb, 0, 255).astype(np.uint8), (low[0], low[1], width_m, height_m))


def read_mbtiles(path: Path, south: float, west: float, north: float, east: float) -> BaseImage:
    """The tiles of an MBTiles 1.3 raster file over a box in degrees, at the deepest zoom of at most 400 tiles.

    Raises :class:`ConfigError` when the file is no raster MBTiles or has nothing there.
    """
    try:
        with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
            low_zoom, high_zoom = connection.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
            if high_zoom is None:
                raise ConfigError(f"{path}: holds no tiles", "export the map again")
            for zoom in range(high_zoom, low_zoom - 1, -1):
                tile_m = _WORLD_M / 2**zoom
                (x0, y0), (x1, y1) = (
                    np.floor((to_mercator(lat, lon) + _WORLD_M / 2) / tile_m).astype(int)
                    for lat, lon in ((south, west), (north, east))
                )
                if (x1 - x0 + 1) * (y1 - y0 + 1) <= _MAX_TILES:
                    break
            # MBTiles rows count from the south (TMS).
            found = connection.execute(
                "SELECT tile_column, tile_row, tile_data FROM tiles WHERE zoom_level=? "
                "AND tile_column BETWEEN ? AND ? AND tile_row BETWEEN ? AND ?",
                (zoom, int(x0), int(x1), int(y0), int(y1)),
            ).fetchall()
    except sqlite3.Error as error:
        raise ConfigError(f"{path}: cannot be read as MBTiles: {error}", "give an MBTiles 1.3 raster file") from error
    picture: NDArray[np.uint8] | None = None
    for column, row, data in found:
        tile = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        if tile is None:
            continue
        side = tile.shape[0]
        if picture is None:
            picture = np.full(((y1 - y0 + 1) * side, (x1 - x0 + 1) * side, 3), 24, dtype=np.uint8)
        top, left = (y1 - row) * side, (column - x0) * side
        picture[top : top + side, left : left + side] = tile[..., ::-1]
    if picture is None:
        raise ConfigError(f"{path}: has no raster tiles over this area", "check that the map covers the patrol area")
    origin = np.array([x0, y0]) * tile_m - _WORLD_M / 2
    return BaseImage(picture, (origin[0], origin[1], (x1 - x0 + 1) * tile_m, (y1 - y0 + 1) * tile_m))
