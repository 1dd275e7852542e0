"""The map's background without a network: a hillshade of the terrain."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.terrain import TerrainGrid
from groundstation.console.map.projection import to_lat_lon, to_mercator


@dataclass(frozen=True, eq=False)
class BaseImage:
    """An RGB picture (row 0 north) and its Mercator rectangle ``(x, y, width, height)``, y of the south edge."""

    rgb: NDArray[np.uint8]
    rectangle: tuple[float, float, float, float]


def hillshade(
    terrain: TerrainGrid, size_px: int = 1400, exaggeration: float = 5.0, light_ground: bool = False
) -> BaseImage:
    """Shaded relief lit from the north-west (Horn, Proc. IEEE 69, 1981) with contour lines.

    Dark enough, or with ``light_ground`` light enough, to draw on.
    """
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
    if light_ground:
        rgb = 148.0 + 1.5 * rgb
    step_m = next(s for s in (5, 10, 20, 50, 100, 200, 500, 1000) if span / s <= 14 or s == 1000)
    level = np.floor(smooth / step_m)
    edge = (level != np.roll(level, 1, 0)) | (level != np.roll(level, 1, 1))
    edge[0], edge[:, 0] = False, False
    rgb[edge] = rgb[edge] * 0.86 if light_ground else rgb[edge] * 0.7 + 24
    return BaseImage(np.clip(rgb, 0, 255).astype(np.uint8), (low[0], low[1], width_m, height_m))
