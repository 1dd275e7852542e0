"""How the picture as a whole has moved between two frames: sparse optical flow on reduced grey pictures.

Corners of the earlier picture are looked for in the later one (pyramidal Lucas-Kanade), and one similarity (shift,
turn, zoom) is fitted to them by RANSAC. Seen from a drone the ground is nearly a plane far away, for which that is enough
over a fraction of a second. What moves by itself is left out: the corners in the boxes are not used.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray

GreyPicture = NDArray[np.uint8]
_WIDTH_PX = 320
_MOST_CORNERS = 120
_FEWEST = 12
_LEAST_SHARE = 0.5
_MOST_ZOOM = 1.3
_LEAST_SPREAD = 0.05
_INLIER_PX = 1.0


@dataclass(frozen=True, eq=False)
class ImageMotion:
    """Where the ground of one picture lies in a later one, in pixels of the full picture.

    ``matrix`` ``(2, 3)``: ``later = matrix[:, :2] @ earlier + matrix[:, 2]``. ``sigma_px``: how well single corners fit.
    """

    matrix: FloatArray
    sigma_px: float

    def moved(self, xy_px: FloatArray) -> FloatArray:
        """Points ``(n, 2)`` of the earlier picture in the later one."""
        return np.asarray(xy_px @ self.matrix[:, :2].T + self.matrix[:, 2])

    def turned(self, vector_px: FloatArray) -> FloatArray:
        """Vectors ``(n, 2)`` (speeds, say) in the later picture."""
        return np.asarray(vector_px @ self.matrix[:, :2].T)


def reduced_grey(image_bgr: NDArray[np.uint8]) -> GreyPicture:
    """A grey picture at most 320 pixels wide."""
    # Green alone is quicker than a weighted mean, and as good to find corners in.
    green = cv2.extractChannel(image_bgr, 1)
    height, width = green.shape
    scale = min(1.0, _WIDTH_PX / width)
    if scale < 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        green = cv2.resize(green, size, interpolation=cv2.INTER_AREA)
    return np.asarray(green, dtype=np.uint8)


def image_motion(
    earlier: GreyPicture, later: GreyPicture, width_px: int, leave_out_xyxy: FloatArray
) -> ImageMotion | None:
    """The motion between two pictures of :func:`reduced_grey`, or None where it cannot be told safely.

    ``width_px`` of the full picture. ``leave_out_xyxy`` ``(n, 4)``: boxes in the earlier full picture whose content moves
    by itself. None when there are too few corners, when fewer than half of them agree, when they lie in one corner of
    the picture, or when the pictures are of different sizes.
    """
    if earlier.shape != later.shape or min(earlier.shape) < 24:
        return None
    scale = earlier.shape[1] / width_px
    mask = np.full(earlier.shape, 255, dtype=np.uint8)
    for x0, y0, x1, y1 in np.asarray(leave_out_xyxy) * scale:
        mask[max(0, int(y0) - 1) : max(0, int(y1) + 2), max(0, int(x0) - 1) : max(0, int(x1) + 2)] = 0
    corners = cv2.goodFeaturesToTrack(earlier, _MOST_CORNERS, 0.01, 7, mask=mask)
    if corners is None or len(corners) < _FEWEST:
        return None
    start = np.zeros_like(corners)
    found, status, _ = cv2.calcOpticalFlowPyrLK(earlier, later, corners, start, winSize=(11, 11), maxLevel=3)
    seen = status.ravel() == 1
    # OpenCV counts from the middle of the first pixel, boxes from its edge.
    before = corners.reshape(-1, 2)[seen].astype(np.float64) + 0.5
    after = found.reshape(-1, 2)[seen].astype(np.float64) + 0.5
    if len(before) < _FEWEST:
        return None
    matrix, chosen = cv2.estimateAffinePartial2D(
        before, after, method=cv2.RANSAC, ransacReprojThreshold=_INLIER_PX, maxIters=300, confidence=0.99
    )
    if matrix is None or not np.isfinite(matrix).all():
        return None
    agree = chosen.ravel() == 1
    zoom = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    spread = before[agree].std(axis=0) if agree.any() else np.zeros(2)
    if (
        agree.sum() < max(_FEWEST, _LEAST_SHARE * len(corners))
        or not 1.0 / _MOST_ZOOM <= zoom <= _MOST_ZOOM
        or float(spread.min()) < _LEAST_SPREAD * min(earlier.shape)
    ):
        return None
    rest = after[agree] - (before[agree] @ matrix[:, :2].T + matrix[:, 2])
    full = np.array(matrix, dtype=np.float64)
    full[:, 2] /= scale
    return ImageMotion(full, float(np.sqrt(np.mean(rest**2))) / scale)
