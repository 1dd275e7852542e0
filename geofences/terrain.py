"""Terrain models: a GeoTIFF, an SRTM tile or a folder of tiles, all read into one :class:`TerrainGrid`.

What reads and writes GeoTIFFs is loaded when it is asked for: most commands know the grid and read none.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geofences.errors import ConfigError
from geofences.terrain_grid import TerrainGrid
from geofences.terrain_srtm import read_srtm

if TYPE_CHECKING:
    from geofences.terrain_geotiff import read_geotiff, write_geotiff

__all__ = ["TerrainGrid", "read_geotiff", "read_srtm", "read_terrain", "write_geotiff"]

_log = logging.getLogger("geofences.terrain")
_SUFFIXES = (".tif", ".tiff", ".hgt", ".zip")
_ON_LATTICE_POSTS = 0.02
_MAX_POSTS = 200_000_000

_LATE = ("read_geotiff", "write_geotiff")

Bounds = tuple[float, float, float, float]
"""South, west, north, east; degrees."""


def __getattr__(name: str) -> Any:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from geofences import terrain_geotiff

    return getattr(terrain_geotiff, name)


def read_terrain(path: Path, bounds: Bounds | None = None) -> TerrainGrid:
    """The terrain of a ``.tif``, ``.hgt`` or ``.hgt.zip`` file, or of a folder of such files.

    ``bounds`` cuts out what a mission needs (the whole degree of a tile is 13 million posts). Tiles of a folder are laid
    together on the lattice of the finest; where they overlap the finer one holds and fills of the coarser its voids.

    Raises :class:`ConfigError` when something cannot be read, nothing is there, or it is too large.
    """
    if not path.is_dir():
        return _cut(_read_one(path), path, bounds)
    files = sorted(f for f in path.iterdir() if f.suffix.lower() in _SUFFIXES and f.is_file())
    if not files:
        raise ConfigError(f"{path}: holds no terrain tile", "put .tif, .hgt or .hgt.zip files into it")
    tiles = []
    for file in files:
        tile = _read_one(file)
        if bounds is None or _meets(tile, bounds):
            tiles.append(tile if bounds is None else _cut(tile, file, _wider(tile, bounds)))
    if not tiles:
        raise ConfigError(
            f"{path}: none of its {len(files)} tiles covers {_words(bounds)}", "add the tiles of the area"
        )
    grid = tiles[0] if len(tiles) == 1 else _laid_together(tiles, path)
    return _cut(grid, path, bounds)


def _read_one(path: Path) -> TerrainGrid:
    kind = path.suffix.lower()
    if kind in (".hgt", ".zip"):
        return read_srtm(path)
    if kind in (".tif", ".tiff"):
        from geofences.terrain_geotiff import read_geotiff

        return read_geotiff(path)
    raise ConfigError(f"{path}: is no terrain model this program reads", f"give one of {', '.join(_SUFFIXES)}")


def _cut(grid: TerrainGrid, path: Path, bounds: Bounds | None) -> TerrainGrid:
    if bounds is None:
        return grid
    try:
        part = grid.cropped(*bounds)
    except ValueError as error:
        raise ConfigError(f"{path}: does not cover {_words(bounds)}", "give the terrain of the area") from error
    if not np.isfinite(part.height_amsl_m).any():
        raise ConfigError(f"{path}: holds only voids in {_words(bounds)}", "give another terrain model of the area")
    return part


def _words(bounds: Bounds | None) -> str:
    return "anything" if bounds is None else "{:.4f}, {:.4f} to {:.4f}, {:.4f}".format(*bounds)


def _meets(tile: TerrainGrid, bounds: Bounds) -> bool:
    south, west, north, east = _wider(tile, bounds)
    return tile.south_deg < north and tile.north_deg > south and tile.west_deg < east and tile.east_deg > west


def _wider(tile: TerrainGrid, bounds: Bounds) -> Bounds:
    """Two posts more on each side: tiles of areas, not of points, end half a post before their neighbours begin."""
    south, west, north, east = bounds
    lat, lon = 2.0 * tile.step_lat_deg, 2.0 * tile.step_lon_deg
    return south - lat, west - lon, north + lat, east + lon


def _laid_together(tiles: list[TerrainGrid], path: Path) -> TerrainGrid:
    tiles = sorted(tiles, key=lambda t: (t.step_lat_deg, t.step_lon_deg))
    finest = tiles[0]
    step_lat, step_lon = finest.step_lat_deg, finest.step_lon_deg
    # Whole posts from the finest tile's corner, so that its own heights are taken over as they are.
    up = round((max(t.north_deg for t in tiles) - finest.north_deg) / step_lat)
    left = round((finest.west_deg - min(t.west_deg for t in tiles)) / step_lon)
    north, west = finest.north_deg + up * step_lat, finest.west_deg - left * step_lon
    rows = round((north - min(t.south_deg for t in tiles)) / step_lat) + 1
    columns = round((max(t.east_deg for t in tiles) - west) / step_lon) + 1
    if rows * columns > _MAX_POSTS:
        raise ConfigError(f"{path}: {rows} x {columns} posts are too many", "give the bounds of the area")
    heights = np.full((rows, columns), np.nan, dtype=np.float32)
    for tile in tiles:
        _lay(heights, tile, north, west, step_lat, step_lon)
    voids = int(np.isnan(heights).sum())
    if voids:
        _log.info("%s: %d tiles, %.1f %% of their rectangle is void", path, len(tiles), 100.0 * voids / heights.size)
    return TerrainGrid(heights, north, west, step_lat, step_lon)


def _lay(
    heights: NDArray[np.float32], tile: TerrainGrid, north: float, west: float, step_lat: float, step_lon: float
) -> None:
    """Fill the voids of ``heights`` from a tile: post by post where it lies on the lattice, else between its posts."""
    row, column = (north - tile.north_deg) / step_lat, (tile.west_deg - west) / step_lon
    rows, columns = tile.height_amsl_m.shape
    off = (
        abs(row - round(row)),
        abs(column - round(column)),
        abs(tile.step_lat_deg / step_lat - 1.0) * rows,
        abs(tile.step_lon_deg / step_lon - 1.0) * columns,
    )
    if max(off) < _ON_LATTICE_POSTS:
        r, c = round(row), round(column)
        values: NDArray[np.float32] = tile.height_amsl_m
    else:
        # Half a post beyond the outer ones still belongs to a pixel of area.
        more_lat, more_lon = 0.5 * tile.step_lat_deg, 0.5 * tile.step_lon_deg
        r = max(0, int(np.ceil((north - tile.north_deg - more_lat) / step_lat - 1e-6)))
        c = max(0, int(np.ceil((tile.west_deg - more_lon - west) / step_lon - 1e-6)))
        last_r = int(np.floor((north - tile.south_deg + more_lat) / step_lat + 1e-6))
        last_c = int(np.floor((tile.east_deg + more_lon - west) / step_lon + 1e-6))
        lat = north - step_lat * np.arange(r, min(last_r + 1, heights.shape[0]))
        lon = west + step_lon * np.arange(c, min(last_c + 1, heights.shape[1]))
        at_row, at_column = tile.posts(lat, lon)
        at_row, at_column = np.meshgrid(
            np.clip(at_row, 0.0, rows - 1.0), np.clip(at_column, 0.0, columns - 1.0), indexing="ij"
        )
        values = tile.height_at_posts(at_row, at_column).astype(np.float32)
    part = heights[r : r + values.shape[0], c : c + values.shape[1]]
    part[...] = np.where(np.isnan(part), values[: part.shape[0], : part.shape[1]], part)
