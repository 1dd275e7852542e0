"""The strip of ground along the border, as pixels of a picture, and the rectangles that cover it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofences.geodesy import FloatArray, LocalFrame
from vision.camera import CameraView

GroundHeight = Callable[[ArrayLike, ArrayLike], FloatArray]
_PERSON_PX = 24.0  # a person stands up to this much above his foot
_SPACING_M = 2.5
_EDGE_PX = 120.0
_BETWEEN_PX = 48.0  # points of the line are no farther apart in the picture, or nearly
_OVERLAP_PX = 32.0
"""Half of what two parts have in common: whoever stands on the seam is whole in one of them."""


@dataclass(frozen=True)
class Box:
    """A rectangle of the picture, pixels."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def size(self) -> FloatArray:
        """Width and height."""
        return np.array([self.x1 - self.x0, self.y1 - self.y0])

    @property
    def centre(self) -> FloatArray:
        """Its middle."""
        return np.array([self.x0 + self.x1, self.y0 + self.y1]) / 2.0


@dataclass(frozen=True)
class StripInPicture:
    """Where the points of the strip are: ``px`` ``(rows, n, 2)``, a row for each of ``offsets_m`` from the line.

    ``inside``: those in the picture; ``around``: there or just beside it. The points are metres apart: where the strip
    leaves the picture, the last one inside may be far from the edge.
    """

    offsets_m: FloatArray
    px: FloatArray
    inside: NDArray[np.bool_]
    around: NDArray[np.bool_]

    def holds(self, half_m: float) -> bool:
        """Whether anything of the strip of this half width is in the picture."""
        return bool(self.inside[np.abs(self.offsets_m) <= half_m].any())

    def points(self, half_m: float) -> FloatArray:
        """The pixels ``(n, 2)`` of the strip of this half width; 0: the line itself."""
        rows = np.abs(self.offsets_m) <= half_m
        return self.px[rows][self.around[rows]]


class BorderStrip:
    """``border_lat_lon`` is the polyline ``((lat_deg, lon_deg), ...)``, ``half_widths_m`` the half widths to be asked for;
    ``ground_height`` gives metres AMSL of latitudes and longitudes (NaN where unknown)."""

    def __init__(
        self,
        border_lat_lon: tuple[tuple[float, float], ...],
        half_widths_m: tuple[float, ...],
        ground_height: GroundHeight,
    ) -> None:
        offsets = sorted({0.0, *half_widths_m, min(half_widths_m) / 2.0})
        self._offsets_m = np.array([-m for m in reversed(offsets) if m] + offsets)
        self._lat, self._lon, self._alt = _rows(border_lat_lon, self._offsets_m, ground_height)

    def seen(self, view: CameraView, max_range_m: float, min_depression_deg: float) -> StripInPicture:
        """The strip in a view, but for what is farther away or seen shallower than that."""
        if not self._lat.size:
            none = np.zeros(self._lat.shape, dtype=np.bool_)
            return StripInPicture(self._offsets_m, np.zeros((*self._lat.shape, 2)), none, none)
        enu = view.frame.to_enu(self._lat, self._lon, self._alt)
        distance_m = np.linalg.norm(enu, axis=-1)
        steep = -enu[..., 2] > distance_m * np.sin(np.radians(min_depression_deg))
        near = steep & (distance_m < max_range_m)
        px = view.project(enu)
        return StripInPicture(self._offsets_m, px, view.inside(px) & near, view.inside(px, -_EDGE_PX) & near)


def cover(points: FloatArray, count: int, width: int, height: int) -> list[Box]:
    """Rectangles that hold the strip's points and who stands there: ``count`` equal pieces of its longer side.

    A strip that runs slantwise through the picture is held by two small rectangles as well as by one large one.
    """
    limit = np.array([width, height], dtype=np.float64)
    low = np.clip(points.min(axis=0) - _PERSON_PX, 0.0, limit)
    high = np.clip(points.max(axis=0) + _PERSON_PX, 0.0, limit)
    along = 0 if high[0] - low[0] >= high[1] - low[1] else 1
    across = 1 - along
    seams = np.linspace(low[along], high[along], count + 1)
    boxes = []
    for number, (begin, end) in enumerate(pairwise(seams)):
        begin -= _OVERLAP_PX if number else 0.0
        end += _OVERLAP_PX if number < count - 1 else 0.0
        # Points stand apart: the strip between two of them belongs to the piece as well.
        here = points[(points[:, along] >= begin - _BETWEEN_PX) & (points[:, along] <= end + _BETWEEN_PX)]
        if not len(here):
            continue
        side = np.clip([here[:, across].min() - _PERSON_PX, here[:, across].max() + _PERSON_PX], 0.0, limit[across])
        if side[1] - side[0] < 1.0:
            continue
        x, y = ((begin, end), tuple(side)) if along == 0 else (tuple(side), (begin, end))
        boxes.append(Box(float(x[0]), float(y[0]), float(x[1]), float(y[1])))
    return boxes


def _rows(
    border_lat_lon: tuple[tuple[float, float], ...], offsets_m: FloatArray, ground_height: GroundHeight
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Latitude, longitude, height of points every 2.5 m along the line, ``(rows, n)``: one row per offset to its side."""
    points, across = [np.zeros((0, 2))], [np.zeros((0, 2))]
    frame = LocalFrame(0.0, 0.0)
    if len(border_lat_lon) >= 2:
        lat, lon = np.asarray(border_lat_lon, dtype=np.float64).T
        frame = LocalFrame(float(lat.mean()), float(lon.mean()))
        for a, b in pairwise(frame.to_plane(lat, lon)):
            length_m = float(np.linalg.norm(b - a))
            if length_m < 1e-6:
                continue
            f = np.linspace(0.0, 1.0, max(2, int(length_m / _SPACING_M) + 1))[:, None]
            points.append(a + f * (b - a))
            across.append(np.broadcast_to(np.array([a[1] - b[1], b[0] - a[0]]) / length_m, (len(f), 2)))
    centre, side = np.concatenate(points), np.concatenate(across)
    out_lat, out_lon = frame.from_plane(centre + offsets_m[:, None, None] * side)
    alt = np.asarray(ground_height(out_lat, out_lon), dtype=np.float64)
    known = np.isfinite(alt).all(axis=0)  # ground outside the terrain model cannot be located anyhow
    return out_lat[:, known], out_lon[:, known], alt[:, known]
