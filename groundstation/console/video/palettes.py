"""Colours for thermal pictures: for the eye only, nothing that is kept or measured uses them. Pure."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

NAMES = ("as received", "white hot", "black hot", "ironbow", "green")

# Corner points of each ramp: share of the brightest, then blue, green, red.
_RAMPS: dict[str, tuple[tuple[float, int, int, int], ...]] = {
    "white hot": ((0.0, 0, 0, 0), (1.0, 255, 255, 255)),
    "black hot": ((0.0, 255, 255, 255), (1.0, 0, 0, 0)),
    "ironbow": (
        (0.0, 8, 0, 0), (0.2, 110, 0, 40), (0.45, 130, 20, 190), (0.65, 30, 90, 240), (0.85, 20, 200, 255),
        (1.0, 240, 255, 255),
    ),
    "green": ((0.0, 0, 0, 0), (0.5, 20, 130, 10), (1.0, 190, 255, 170)),
}  # fmt: skip


@lru_cache
def _table(name: str) -> NDArray[np.uint8]:
    ramp = np.array(_RAMPS[name])
    levels = np.linspace(0.0, 1.0, 256)
    channels = [np.interp(levels, ramp[:, 0], ramp[:, k]) for k in (1, 2, 3)]
    return np.ascontiguousarray(np.stack(channels, axis=-1).round().astype(np.uint8).reshape(256, 1, 3))


def coloured(image_bgr: NDArray[np.uint8], name: str) -> NDArray[np.uint8]:
    """The picture in a palette; the same array for "as received". Raises ``KeyError`` for an unknown name."""
    if name == "as received":
        return image_bgr
    table = _table(name)
    grey = cv2.cvtColor(image_bgr, cv2.COLOR_BGR2GRAY)
    return np.asarray(cv2.applyColorMap(grey, table), dtype=np.uint8)
