"""Where to look: the part of the picture that holds the strip along the border, at full resolution.

People are a dozen pixels high from patrol height; a network that sees the whole picture scaled down misses them. So the
detector gets the rectangle of the picture that holds the ground within some metres of the border, unscaled, as long as
that fits the pixels that can be paid for in the time allowed. What is left of the budget goes to tracks that were lost
outside of the rectangle (a small unscaled tile, in turn) and to the whole picture scaled down, as often as it is paid for:
vehicles are found there, and people where they are large.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofences.geodesy import FloatArray, LocalFrame
from vision.camera import CameraView
from vision.records import Detections

RegionKind = Literal["border", "whole", "centre", "search", "surroundings"]
GroundHeight = Callable[[ArrayLike, ArrayLike], FloatArray]
_GRID_PX = 32
_SCALE_STEP = 0.05
_BUDGET_STEP_PX = 1 << 15
_PERSON_PX = 24.0  # a person stands up to this much above his foot
_SPACING_M = 5.0
_EDGE_PX = 120.0
_FINE_SCALE = 0.7  # a person is still found at this scale


@dataclass(frozen=True)
class AttentionSettings:
    """``strips_m``: half widths of the strip along the border, widest first; ``max_pixels`` into the network;
    ``target_ms`` for all that the network does for one frame, second looks (``vision.closer_look``) included.

    The pixels are cut to what fits ``target_ms`` as measured, but never below ``min_pixels``. The widest strip that
    fits unscaled (or nearly: ``good_scale``) is taken; the narrowest is scaled down to ``min_scale`` at most before its
    ends are left out. Ground farther than ``max_range_m`` or seen shallower than ``min_depression_deg`` is not looked
    at: nothing there can be put on the map. ``surroundings_scale``: of the whole picture (0: never looked at)
    and looked at in each n-th frame at most (``surroundings_every``; new tracks wait half a second for their next box);
    ``search_px``: side of the tile around a lost track (0: none).
    """

    strips_m: tuple[float, ...] = (35.0, 28.0, 22.0, 17.0)
    max_pixels: int = 1280 * 736
    min_pixels: int = 640 * 400
    target_ms: float = 105.0
    good_scale: float = 0.95
    min_scale: float = 0.7
    surroundings_scale: float = 0.5
    surroundings_every: int = 3
    search_px: int = 192
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
        corner = np.array([self.x0, self.y0, self.x0, self.y0], dtype=np.float64)
        xyxy, animals = (boxes / self.scale + corner for boxes in (detections.xyxy, detections.animal_xyxy))
        return Detections(xyxy, detections.confidence, detections.class_id, animals)

    def holds(self, xy_px: FloatArray) -> NDArray[np.bool_]:
        """Which pixels ``(n, 2)`` of the full picture lie inside; NaN is outside."""
        x, y = xy_px[:, 0], xy_px[:, 1]
        return np.asarray((x >= self.x0) & (x < self.x1) & (y >= self.y0) & (y < self.y1))


@dataclass(frozen=True)
class Look:
    """All that the network is shown of one frame: ``regions``, the main one first."""

    regions: tuple[Region, ...]

    @property
    def main(self) -> Region:
        """The region along the border, or what stands for it."""
        return self.regions[0]

    @property
    def pixels(self) -> int:
        """What the network computes."""
        return sum(round((r.x1 - r.x0) * (r.y1 - r.y0) * r.scale**2) for r in self.regions)

    def joined(self, found: Sequence[Detections]) -> Detections:
        """What was found in each region (pixels of its crop), in pixels of the full picture.

        What a coarse region shows inside a finer one is left to the finer one.
        """
        parts = []
        for number, (region, own) in enumerate(zip(self.regions, found, strict=True)):
            here = region.to_picture(own)
            own_place, animal = (~self._finer(number, boxes) for boxes in (here.xyxy, here.animal_xyxy))
            parts.append(replace(here.take(own_place), animal_xyxy=here.animal_xyxy[animal]))
        return Detections.joined(parts)

    def _finer(self, number: int, xyxy: FloatArray) -> NDArray[np.bool_]:
        """Which boxes of a region lie in a finer one, or in an equal one before it."""
        region, centre = self.regions[number], (xyxy[:, :2] + xyxy[:, 2:]) / 2.0
        covered = np.zeros(len(xyxy), dtype=np.bool_)
        for other, finer in enumerate(self.regions):
            if finer.scale > region.scale or (finer.scale == region.scale and other < number):
                covered |= finer.holds(centre)
        return covered

    def holds(self, xy_px: FloatArray) -> NDArray[np.bool_]:
        """Which pixels ``(n, 2)`` were looked at closely enough for a person to be found; NaN is not."""
        fine = np.zeros(len(xy_px), dtype=np.bool_)
        for region in self.regions:
            if region.kind != "surroundings" or region.scale >= _FINE_SCALE:
                fine |= region.holds(xy_px)
        return fine


class Attention:
    """Chooses the regions for every frame.

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
        self._second_px = 0.0
        self._size = (0, 0)
        self._credit_px = 0.0
        self._frames_since_whole = self.settings.surroundings_every
        self._turn = 0
        widths = self.settings.strips_m
        offsets = sorted({0.0, *widths, min(widths) / 2.0})
        self._offsets_m = np.array([-m for m in reversed(offsets) if m] + offsets)
        self._lat, self._lon, self._alt = _rows(border_lat_lon, self._offsets_m, ground_height)

    def observe(self, pixels: int, inference_ms: float, second_look_px: int = 0) -> None:
        """Learn what a network pixel costs on this machine, now, and how many of ``pixels`` a second look takes."""
        self._second_px = 0.9 * self._second_px + 0.1 * second_look_px
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
        budget = np.clip(s.target_ms / self._ms_per_pixel - self._second_px, s.min_pixels, s.max_pixels)
        return int(max(s.min_pixels, budget // _BUDGET_STEP_PX * _BUDGET_STEP_PX))

    def look(self, view: CameraView | None, width: int, height: int, lost_px: FloatArray | None = None) -> Look:
        """The regions for one frame. ``lost_px`` ``(n, 2)``: where tracks are expected that were not seen of late."""
        main = self.region(view, width, height)
        regions = [main]
        left = self.pixel_budget - Look((main,)).pixels
        self._frames_since_whole += 1
        if main.kind == "border":
            tile = self._search(main, lost_px, width, height)
            if tile is not None and Look((tile,)).pixels <= left:
                regions.append(tile)
                left -= Look((tile,)).pixels
            scale = self.settings.surroundings_scale
            whole = Region("surroundings", 0, 0, width, height, scale)
            if scale > 0.0 and left > 0:
                # What one frame leaves over is saved up until the whole picture is paid for.
                cost = Look((whole,)).pixels
                self._credit_px = min(self._credit_px + left, float(cost))
                if self._credit_px >= cost and self._frames_since_whole >= self.settings.surroundings_every:
                    self._credit_px, self._frames_since_whole = 0.0, 0
                    regions.append(whole)
        return Look(tuple(regions))

    def _search(self, main: Region, lost_px: FloatArray | None, width: int, height: int) -> Region | None:
        """A tile around one of the lost places outside of the main region, another one each time."""
        side = self.settings.search_px
        if lost_px is None or not len(lost_px) or side <= 0 or side > min(width, height):
            return None
        inside = (lost_px >= 0.0).all(axis=1) & (lost_px < [width, height]).all(axis=1)
        places = lost_px[inside & ~main.holds(lost_px)]
        if not len(places):
            return None
        self._turn += 1
        x, y = places[self._turn % len(places)]
        x0 = int(np.clip(x - side / 2.0, 0, width - side))
        y0 = int(np.clip(y - side / 2.0, 0, height - side))
        return Region("search", x0, y0, x0 + side, y0 + side, 1.0)

    def region(self, view: CameraView | None, width: int, height: int) -> Region:
        """The main region for a ``width`` x ``height`` picture; without a view (no pose) the whole picture."""
        if view is None:
            return self._whole(width, height)
        px, inside, around = self._project(view)
        line = px[self._offsets_m == 0.0][around[self._offsets_m == 0.0]]
        narrowest = len(self.settings.strips_m) - 1
        for number, strip_m in enumerate(self.settings.strips_m):
            rows = np.abs(self._offsets_m) <= strip_m
            if not inside[rows].any():
                break
            region = self._around(px[rows][around[rows]], line, width, height)
            if region.scale >= self.settings.good_scale or number == narrowest:
                if number and not region.left_out:
                    region = replace(region, left_out=f"ground farther than {strip_m:g} m from the border")
                self._size = (region.x1 - region.x0, region.y1 - region.y0)
                return region
        return self._whole(width, height)

    def _project(self, view: CameraView) -> tuple[FloatArray, NDArray[np.bool_], NDArray[np.bool_]]:
        """Pixels of all strip points ``(rows, n, 2)``; which are in the picture, and which there or just beside it.

        The points are metres apart: where the strip leaves the picture, the last one inside may be far from the edge.
        """
        if not self._lat.size:
            none = np.zeros(self._lat.shape, dtype=np.bool_)
            return np.zeros((*self._lat.shape, 2)), none, none
        enu = view.frame.to_enu(self._lat, self._lon, self._alt)
        distance_m = np.linalg.norm(enu, axis=-1)
        steep = -enu[..., 2] > distance_m * np.sin(np.radians(self.settings.min_depression_deg))
        near = steep & (distance_m < self.settings.max_range_m)
        px = view.project(enu)
        return px, view.inside(px) & near, view.inside(px, -_EDGE_PX) & near

    def _whole(self, width: int, height: int) -> Region:
        """Everything, scaled to the budget; when that would lose too much, the middle of the picture."""
        scale = self._scale(width * height)
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
        limit = np.array([width, height], dtype=np.float64)
        low = np.clip(strip.min(axis=0) - _PERSON_PX, 0.0, limit)
        high = np.clip(strip.max(axis=0) + _PERSON_PX, 0.0, limit)
        w, h = self._steady(float(high[0] - low[0]), float(high[1] - low[1]), width, height)
        s = self.settings
        scale, left_out, centre = self._scale(w * h), "", (low + high) / 2.0
        if scale < s.min_scale:
            # Too much even when scaled down: keep what lies around the middle of the line, cutting the longer side.
            full, allowed = w * h, self.pixel_budget / s.min_scale**2
            if w >= h:
                w = max(_GRID_PX, int(allowed / h) // _GRID_PX * _GRID_PX)
            else:
                h = max(_GRID_PX, int(allowed / w) // _GRID_PX * _GRID_PX)
            scale = s.min_scale
            left_out = f"{100.0 * (1.0 - w * h / full):.0f} % of the border strip in the picture, at its ends"
            centre = (line if len(line) else strip).mean(axis=0)
        x0 = int(np.clip(centre[0] - w / 2.0, 0, width - w))
        y0 = int(np.clip(centre[1] - h / 2.0, 0, height - h))
        return Region("border", x0, y0, x0 + w, y0 + h, scale, left_out)

    def _scale(self, pixels: float) -> float:
        """Scale that brings so many pixels into the budget, in steps: a runtime plans anew for every new size."""
        scale = float(np.sqrt(self.pixel_budget / pixels))
        return 1.0 if scale >= self.settings.good_scale else float(np.floor(scale / _SCALE_STEP) * _SCALE_STEP)

    def _steady(self, wanted_w: float, wanted_h: float, width: int, height: int) -> tuple[int, int]:
        """The size in coarse steps; the last one is kept while it is large enough and hardly larger."""
        w = min(width, int(np.ceil(max(wanted_w, 1.0) / 128)) * 128)
        h = min(height, int(np.ceil(max(wanted_h, 1.0) / 64)) * 64)
        last_w, last_h = self._size
        if wanted_w <= last_w <= width and wanted_h <= last_h <= height and last_w * last_h <= 1.2 * w * h:
            return self._size
        return w, h


def _on_grid(length_px: float, limit_px: int) -> int:
    """At least ``length_px``, a multiple of 32, or the whole side where the grid does not fit it."""
    return min(int(np.ceil(max(length_px, 1.0) / _GRID_PX)) * _GRID_PX, limit_px)


def _rows(
    border_lat_lon: tuple[tuple[float, float], ...], offsets_m: FloatArray, ground_height: GroundHeight
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Latitude, longitude, height of points every 5 m along the line, ``(rows, n)``: one row per offset to its side."""
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
