"""Where to look: the part of the picture that holds the strip along the border, at full resolution.

People are a dozen pixels high from patrol height; a network that sees the whole picture scaled down misses them. So the
detector gets the rectangle of the picture that holds the ground within some metres of the border, unscaled, as long as
that fits the pixels that can be paid for in the time allowed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofences.geodesy import FloatArray, LocalFrame
from vision.camera import CameraView
from vision.records import Detections

RegionKind = Literal["border", "whole", "centre"]
GroundHeight = Callable[[ArrayLike, ArrayLike], FloatArray]
_GRID_PX = 32
_SPACING_M = 5.0


@dataclass(frozen=True)
class AttentionSettings:
    """``strip_m`` either side of the border; ``max_pixels`` into the network; ``target_ms`` for one inference.

    The pixels are cut to what fits ``target_ms`` as measured, but never below ``min_pixels``. A border strip is scaled
    down to ``min_scale`` at most before a part of it is left out. Ground farther than ``max_range_m`` or seen shallower
    than ``min_depression_deg`` is not looked at: nothing there can be put on the map.
    """

    strip_m: float = 35.0
    max_pixels: int = 1280 * 512
    min_pixels: int = 640 * 320
    target_ms: float = 110.0
    min_scale: float = 0.6
    max_range_m: float = 600.0
    min_depression_deg: float = 15.0


@dataclass(frozen=True)
class Region:
    """The rectangle ``x0, y0, x1, y1`` of the full picture and the scale at which the network sees it.

    ``left_out`` says in words what of the border strip in the picture is not looked at ("" = nothing).
    """

    kind: RegionKind
    x0: int
    y0: int
    x1: int
    y1: int
    scale: float
    left_out: str = ""

    def crop(self, image_bgr: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The picture for the network, contiguous."""
        part = image_bgr[self.y0 : self.y1, self.x0 : self.x1]
        if self.scale >= 1.0:
            return np.ascontiguousarray(part)
        size = (round((self.x1 - self.x0) * self.scale), round((self.y1 - self.y0) * self.scale))
        return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)

    def to_picture(self, detections: Detections) -> Detections:
        """Detections of :meth:`crop` in pixels of the full picture."""
        if not len(detections):
            return detections
        xyxy = detections.xyxy / self.scale + np.array([self.x0, self.y0, self.x0, self.y0], dtype=np.float64)
        return Detections(xyxy, detections.confidence, detections.class_id)

    def holds(self, xy_px: FloatArray) -> NDArray[np.bool_]:
        """Which pixels ``(n, 2)`` of the full picture lie inside; NaN is outside."""
        x, y = xy_px[:, 0], xy_px[:, 1]
        return np.asarray((x >= self.x0) & (x < self.x1) & (y >= self.y0) & (y < self.y1))


class Attention:
    """Chooses the region for every frame.

    ``border_lat_lon`` is the border's polyline ``((lat_deg, lon_deg), ...)``, or empty: then the whole picture is used.
    ``ground_height`` gives metres AMSL of latitudes and longitudes (NaN where unknown).
    """

    def __init__(
        self,
        border_lat_lon: tuple[tuple[float, float], ...],
        ground_height: GroundHeight,
        settings: AttentionSettings | None = None,
    ) -> None:
        self.settings = settings or AttentionSettings()
        self._ms_per_pixel = 0.0
        self._size: tuple[int, int] | None = None
        self._lat, self._lon, self._alt = _strip(border_lat_lon, self.settings.strip_m, ground_height)

    def observe(self, pixels: int, inference_ms: float) -> None:
        """Learn what a network pixel costs on this machine, now."""
        if pixels <= 0 or inference_ms <= 0.0:
            return
        now = inference_ms / pixels
        # The first inference warms the runtime up; a single slow frame must not shrink the view at once.
        self._ms_per_pixel = now if self._ms_per_pixel == 0.0 else 0.9 * self._ms_per_pixel + 0.1 * now

    @property
    def pixel_budget(self) -> int:
        """Pixels that one inference may have at present."""
        s = self.settings
        if self._ms_per_pixel == 0.0:
            return s.max_pixels
        return int(np.clip(s.target_ms / self._ms_per_pixel, s.min_pixels, s.max_pixels))

    def region(self, view: CameraView | None, width: int, height: int) -> Region:
        """The region for a ``width`` x ``height`` picture; without a view (no pose) the whole picture."""
        strip = None if view is None else self._visible(view)
        if strip is None or not len(strip[0]):
            return self._whole(width, height)
        return self._around(*strip, width, height)

    def _visible(self, view: CameraView) -> tuple[FloatArray, FloatArray] | None:
        """Pixels of the strip and of the line itself that are in the picture, ``(n, 2)`` and ``(m, 2)``."""
        if not self._lat.size:
            return None
        enu = view.frame.to_enu(self._lat, self._lon, self._alt)
        distance_m = np.linalg.norm(enu, axis=-1)
        steep = -enu[..., 2] > distance_m * np.sin(np.radians(self.settings.min_depression_deg))
        px = view.project(enu)
        seen = view.inside(px) & steep & (distance_m < self.settings.max_range_m)
        return px[seen], px[1][seen[1]]

    def _whole(self, width: int, height: int) -> Region:
        """Everything, scaled to the budget; when that would lose too much, the middle of the picture."""
        scale = min(1.0, float(np.sqrt(self.pixel_budget / (width * height))))
        floor = 0.5
        if scale >= floor:
            return Region("whole", 0, 0, width, height, scale)
        share = scale / floor
        w, h = _on_grid(width * share, width), _on_grid(height * share, height)
        x0, y0 = (width - w) // 2, (height - h) // 2
        return Region(
            "centre", x0, y0, x0 + w, y0 + h, floor, f"all but the middle {100.0 * share:.0f} % of the picture"
        )

    def _around(self, strip: FloatArray, line: FloatArray, width: int, height: int) -> Region:
        pad = 24.0  # a person stands up to this much above his foot; pixels
        low, high = strip.min(axis=0) - pad, strip.max(axis=0) + pad
        wanted = np.minimum(high, [width, height]) - np.maximum(low, 0.0)
        w, h = self._steady(_on_grid(wanted[0], width), _on_grid(wanted[1], height), width, height)
        budget, s = self.pixel_budget, self.settings
        scale = min(1.0, float(np.sqrt(budget / (w * h))))
        left_out = ""
        if scale < s.min_scale:
            # Too much even when scaled down: keep what lies around the line itself, cutting the longer side.
            allowed = budget / s.min_scale**2
            full = w * h
            if w >= h:
                w = max(_GRID_PX, int(allowed / h) // _GRID_PX * _GRID_PX)
            else:
                h = max(_GRID_PX, int(allowed / w) // _GRID_PX * _GRID_PX)
            scale = s.min_scale
            left_out = f"{100.0 * (1.0 - w * h / full):.0f} % of the border strip in the picture, at its ends"
            centre = (line if len(line) else strip).mean(axis=0)
        else:
            centre = (np.maximum(low, 0.0) + np.minimum(high, [width, height])) / 2.0
        x0 = int(np.clip(centre[0] - w / 2.0, 0, width - w))
        y0 = int(np.clip(centre[1] - h / 2.0, 0, height - h))
        return Region("border", x0, y0, x0 + w, y0 + h, scale, left_out)

    def _steady(self, w: int, h: int, width: int, height: int) -> tuple[int, int]:
        """Keep the last size while it is large enough and not wasteful: a runtime plans anew for every new size."""
        if self._size is not None:
            last_w, last_h = self._size
            fits = w <= last_w <= width and h <= last_h <= height
            if fits and last_w * last_h <= 1.35 * w * h:
                return self._size
        # Coarser steps than the network's grid for the same reason.
        w, h = min(width, -(-w // 128) * 128), min(height, -(-h // 64) * 64)
        self._size = (w, h)
        return self._size


def _on_grid(length_px: float, limit_px: int) -> int:
    """At least ``length_px``, a multiple of 32, or the whole side where the grid does not fit it."""
    return min(int(np.ceil(max(length_px, 1.0) / _GRID_PX)) * _GRID_PX, limit_px)


def _strip(
    border_lat_lon: tuple[tuple[float, float], ...], strip_m: float, ground_height: GroundHeight
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Latitude, longitude, height of points every 5 m along the line, ``(5, n)``: rows at -1, 0, 1, -.5, .5 strips."""
    if len(border_lat_lon) < 2:
        return np.zeros((5, 0)), np.zeros((5, 0)), np.zeros((5, 0))
    lat, lon = np.asarray(border_lat_lon, dtype=np.float64).T
    frame = LocalFrame(float(lat.mean()), float(lon.mean()))
    line = frame.to_plane(lat, lon)
    points, across = [], []
    for a, b in pairwise(line):
        length_m = float(np.linalg.norm(b - a))
        if length_m < 1e-6:
            continue
        f = np.linspace(0.0, 1.0, max(2, int(length_m / _SPACING_M) + 1))[:, None]
        points.append(a + f * (b - a))
        across.append(np.broadcast_to(np.array([a[1] - b[1], b[0] - a[0]]) / length_m, (len(f), 2)))
    if not points:
        return np.zeros((5, 0)), np.zeros((5, 0)), np.zeros((5, 0))
    centre, side = np.concatenate(points), np.concatenate(across)
    rows = np.stack([centre + k * strip_m * side for k in (-1.0, 0.0, 1.0, -0.5, 0.5)])
    out_lat, out_lon = frame.from_plane(rows)
    alt = np.asarray(ground_height(out_lat, out_lon), dtype=np.float64)
    known = np.isfinite(alt).all(axis=0)  # ground outside the terrain model cannot be located anyhow
    return out_lat[:, known], out_lon[:, known], alt[:, known]
