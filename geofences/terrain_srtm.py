"""SRTM height tiles (``N49E022.hgt``): one square degree of big-endian int16 heights, whose name is its south-west corner.

The format is that of NASA's SRTM documentation (LP DAAC, SRTM User Guide, 2015): 3601 x 3601 posts at 1 arc second or
1201 x 1201 at 3, the first in the north-west, row by row to the south-east; the outer posts are shared with the
neighbouring tiles; -32768 is a void. Heights are in metres above EGM96.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

import numpy as np

from geofences.errors import ConfigError
from geofences.terrain_grid import TerrainGrid

_VOID = -32768
_NAME = re.compile(r"^([NS])(\d{2})([EW])(\d{3})", re.IGNORECASE)
_POSTS = (3601, 1201)
_MAX_BYTES = 2 * _POSTS[0] ** 2


def read_srtm(path: Path) -> TerrainGrid:
    """Read ``.hgt``, or the one ``.hgt`` inside a ``.zip``; its name gives the corner.

    Raises :class:`ConfigError` for a name without a corner, a size that no tile has, a broken archive or only voids.
    """
    name = path.name
    try:
        if path.suffix.lower() == ".zip":
            name, data = _from_archive(path)
        else:
            # One byte more than the largest tile: whatever else bears this name need not be read whole.
            with path.open("rb") as file:
                data = file.read(_MAX_BYTES + 1)
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise ConfigError(f"{path}: cannot be read as an SRTM tile: {error}", "fetch the tile anew") from error
    south, west = _corner(name, path)
    posts = next((n for n in _POSTS if 2 * n * n == len(data)), 0)
    if not posts:
        raise ConfigError(f"{path}: {len(data)} bytes are no SRTM tile of 1 or 3 arc seconds", "fetch the tile anew")
    stored = np.frombuffer(data, dtype=">i2").reshape(posts, posts)
    heights = stored.astype(np.float32)
    heights[stored == _VOID] = np.nan
    if not np.isfinite(heights).any():
        raise ConfigError(f"{path}: holds no height at all", "use another source for this square degree")
    step = 1.0 / (posts - 1)
    return TerrainGrid(heights, south + 1.0, west, step, step)


def _from_archive(path: Path) -> tuple[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        inside = [i for i in archive.infolist() if i.filename.lower().endswith(".hgt")]
        if len(inside) != 1:
            raise ConfigError(f"{path}: holds {len(inside)} .hgt files, not one", "unpack it into the terrain folder")
        with archive.open(inside[0]) as file:
            return Path(inside[0].filename).name, file.read(_MAX_BYTES + 1)


def _corner(name: str, path: Path) -> tuple[float, float]:
    found = _NAME.match(name)
    if found is None:
        raise ConfigError(f"{path}: its name does not begin with its corner", "name it as N49E022.hgt")
    lat = float(found[2]) * (1.0 if found[1].upper() == "N" else -1.0)
    lon = float(found[4]) * (1.0 if found[3].upper() == "E" else -1.0)
    if not (-90.0 <= lat <= 89.0 and -180.0 <= lon <= 179.0):
        raise ConfigError(f"{path}: no square degree of the earth has the corner {found[0]}", "name it as N49E022.hgt")
    return lat, lon
