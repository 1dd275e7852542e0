"""A digital elevation model: a regular latitude-longitude grid of ground heights above mean sea level."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tifffile
from numpy.typing import ArrayLike, NDArray

from geofences.errors import ConfigError
from geofences.geodesy import FloatArray

# GeoTIFF tags and keys (OGC GeoTIFF 1.1, 19-008r4).
_TAG_PIXEL_SCALE, _TAG_TIEPOINT, _TAG_GEO_KEYS = 33550, 33922, 34735
_KEYS_WGS84_POINT = (1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 2, 2048, 0, 1, 4326)


@dataclass(frozen=True, eq=False)
class TerrainGrid:
    """Heights at grid posts, read between them by bilinear interpolation.

    ``height_amsl_m`` has shape ``(rows, columns)``, row 0 at the north edge, column 0 at the west edge;
    ``north_deg``/``west_deg`` are the coordinates of post ``[0, 0]``.
    """

    height_amsl_m: NDArray[np.float32]
    north_deg: float
    west_deg: float
    step_lat_deg: float
    step_lon_deg: float

    @property
    def south_deg(self) -> float:
        """Latitude of the last row."""
        return float(self.north_deg - self.step_lat_deg * (self.height_amsl_m.shape[0] - 1))

    @property
    def east_deg(self) -> float:
        """Longitude of the last column."""
        return float(self.west_deg + self.step_lon_deg * (self.height_amsl_m.shape[1] - 1))

    def height(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
        """Ground height in metres AMSL, NaN outside the grid: nobody is told a height that is not known."""
        lat, lon = np.broadcast_arrays(np.asarray(lat_deg, dtype=np.float64), np.asarray(lon_deg, dtype=np.float64))
        rows, columns = self.height_amsl_m.shape
        r = (self.north_deg - lat) / self.step_lat_deg
        c = (lon - self.west_deg) / self.step_lon_deg
        tolerance = 1e-6
        inside = (r >= -tolerance) & (r <= rows - 1 + tolerance) & (c >= -tolerance) & (c <= columns - 1 + tolerance)
        r = np.where(inside, np.clip(r, 0, rows - 1), 0.0)
        c = np.where(inside, np.clip(c, 0, columns - 1), 0.0)
        r0 = np.minimum(r.astype(np.int64), rows - 2)
        c0 = np.minimum(c.astype(np.int64), columns - 2)
        fr, fc = r - r0, c - c0
        h = self.height_amsl_m
        top = h[r0, c0] * (1 - fc) + h[r0, c0 + 1] * fc
        bottom = h[r0 + 1, c0] * (1 - fc) + h[r0 + 1, c0 + 1] * fc
        return np.where(inside, top * (1 - fr) + bottom * fr, np.nan)


def write_geotiff(terrain: TerrainGrid, path: Path) -> None:
    """Write a float32 GeoTIFF (EPSG:4326, pixel is point) that GDAL and QGIS read."""
    tifffile.imwrite(
        path,
        terrain.height_amsl_m.astype(np.float32),
        compression="zlib",
        extratags=[
            (_TAG_PIXEL_SCALE, "d", 3, (terrain.step_lon_deg, terrain.step_lat_deg, 0.0), True),
            (_TAG_TIEPOINT, "d", 6, (0.0, 0.0, 0.0, terrain.west_deg, terrain.north_deg, 0.0), True),
            (_TAG_GEO_KEYS, "H", len(_KEYS_WGS84_POINT), _KEYS_WGS84_POINT, True),
        ],
    )


def read_geotiff(path: Path) -> TerrainGrid:
    """Read a single-band GeoTIFF in latitude and longitude (EPSG:4326).

    Raises :class:`ConfigError` when the file is missing, is no TIFF, or is not referenced in degrees.
    """
    try:
        with tifffile.TiffFile(path) as tiff:
            page = tiff.pages[0]
            heights = np.asarray(page.asarray(), dtype=np.float32)
            scale = page.tags[_TAG_PIXEL_SCALE].value  # type: ignore[union-attr]
            tiepoint = page.tags[_TAG_TIEPOINT].value  # type: ignore[union-attr]
            keys = page.tags[_TAG_GEO_KEYS].value  # type: ignore[union-attr]
    except (OSError, tifffile.TiffFileError, KeyError) as error:
        raise ConfigError(
            f"{path}: cannot be read as a GeoTIFF terrain model: {error}",
            "give a single-band GeoTIFF in EPSG:4326",
        ) from error
    geo_keys = {keys[i]: keys[i + 3] for i in range(4, len(keys), 4)}
    if geo_keys.get(1024) != 2 or heights.ndim != 2:
        raise ConfigError(
            f"{path}: is not a single-band grid in latitude and longitude",
            "reproject it, e.g. gdalwarp -t_srs EPSG:4326",
        )
    column, row, _, west, north, _ = tiepoint[:6]
    # GTRasterTypeGeoKey 1 = pixel is area: the tie point is the pixel's corner, not its centre.
    half = 0.5 if geo_keys.get(1025, 1) == 1 else 0.0
    return TerrainGrid(
        heights, north - (half - row) * scale[1], west + (half - column) * scale[0], float(scale[1]), float(scale[0])
    )
