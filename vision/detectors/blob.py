"""The picture as a network takes it: RGB planes from 0 to 1, padded with grey. One way for all runtimes."""

from __future__ import annotations

from collections import OrderedDict

import cv2
import numpy as np
from numpy.typing import NDArray

PAD_GREY = 114
_SCALE = np.float32(1.0 / 255.0)
_KEPT_SIZES = 4


class BlobMaker:
    """Turns pictures into network input, in memory that is kept for the sizes used last.

    Fresh megabytes for every picture cost more than the arithmetic: the system hands them out page by page, each
    cleared first. What :meth:`make` returns is therefore overwritten by the next picture of the same size.
    """

    def __init__(self, stride_px: int, fixed_size: tuple[int, int] | None = None) -> None:
        """``fixed_size``: height and width of a network that takes no other; else sides become multiples of the stride."""
        self._stride = stride_px
        self._fixed = fixed_size
        self._kept: OrderedDict[tuple[int, int], tuple[NDArray[np.float32], list[NDArray[np.uint8]]]] = OrderedDict()

    def make(self, image_bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
        """``(h, w, 3)`` BGR -> ``(1, 3, H, W)`` with the picture at the top left."""
        height, width = image_bgr.shape[:2]
        blob, planes = self._memory(height, width)
        cv2.split(image_bgr, planes)
        for number, plane in enumerate(reversed(planes)):
            np.multiply(plane, _SCALE, out=blob[0, number, :height, :width])
        return blob

    def _memory(self, height: int, width: int) -> tuple[NDArray[np.float32], list[NDArray[np.uint8]]]:
        found = self._kept.get((height, width))
        if found is None:
            h, w = self._fixed or (height + -height % self._stride, width + -width % self._stride)
            blob = np.full((1, 3, h, w), PAD_GREY * _SCALE, dtype=np.float32)
            found = blob, [np.empty((height, width), dtype=np.uint8) for _ in range(3)]
            self._kept[(height, width)] = found
            if len(self._kept) > _KEPT_SIZES:
                self._kept.popitem(last=False)
        self._kept.move_to_end((height, width))
        return found
