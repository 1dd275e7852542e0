"""Where to look: the part of the picture that holds the strip along the border, at full resolution.

People are a dozen pixels high from patrol height; a network that sees the whole picture scaled down misses them. So the
detector gets the part of the picture that holds the ground within some metres of the border, unscaled, in one to three
rectangles, as long as they fit the pixels that can be paid for in the time allowed. On a machine too slow or too busy for
that the halves of the strip take turns: what is looked at half as often is still found, what is scaled down or left out
is not. What is left of the budget goes to tracks that were lost elsewhere (a small unscaled tile, in turn) and to the
whole picture scaled down, as often as it is paid for: vehicles are found there, and people where they are large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from vision.camera import CameraView
from vision.records import Detections
from vision.strip import BorderStrip, Box, GroundHeight, StripInPicture, cover

RegionKind = Literal["border", "whole", "centre", "search", "surroundings"]
_GRID_PX = 32
_SCALE_STEP = 0.05
_BUDGET_STEP_PX = 1 << 15
_MOST_PARTS = 3
_FINE_SCALE = 0.7  # a person is still found at this scale


@dataclass(frozen=True)
class AttentionSettings:
    """``strips_m``: half widths of the strip along the border, widest first; ``max_pixels`` into the network;
    ``target_ms`` for all that the network does for one frame, second looks (``vision.closer_look``) included.

    The pixels are cut to what fits ``target_ms`` as measured, but never below ``min_pixels``. The widest strip that
    fits unscaled (or nearly: ``good_scale``) is taken. The narrowest is scaled down to ``turn_scale``, then its halves
    take turns, scaled down to ``min_scale`` at most before their ends are left out. Ground farther than ``max_range_m`` or
    seen shallower than ``min_depression_deg`` is not looked at: nothing there can be put on the map.
    ``surroundings_scale``: of the whole picture (0: never looked at), looked at in each n-th frame at most
    (``surroundings_every``; new tracks wait half a second for their next box); ``search_px``: side of the tile around a
    lost track (0: none).
    """

    strips_m: tuple[float, ...] = (35.0, 28.0, 22.0, 17.0)
    max_pixels: int = 1280 * 736
    min_pixels: int = 640 * 400
    target_ms: float = 105.0
    good_scale: float = 0.95
    turn_scale: float = 0.85
    min_scale: float = 0.7
    surroundings_scale: float = 0.5
    surroundings_every: int = 3
    search_px: int = 192
    max_range_m: float = 600.0
    min_depression_deg: float = 15.0


@dataclass(frozen=True)
class Region:
    """The rectangle ``x0, y0, x1, y1`` of the full picture and the scale at which the network sees it.

    ``left_out`` says in words what of the border strip in the picture is not looked at ("" = nothing). ``open_sides``:
    which of its left, top, right and bottom are the picture's own, where nothing is cut off that could be seen elsewhere.
    """

    kind: RegionKind
    x0: int
    y0: int
    x1: int
    y1: int
    scale: float
    left_out: str = ""
    open_sides: tuple[bool, bool, bool, bool] = (False, False, False, False)

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

    def depth(self, xy_px: FloatArray) -> FloatArray:
        """How far inside pixels ``(n, 2)`` of the full picture are from the nearest side that cuts something off."""
        low, high = xy_px - [self.x0, self.y0], np.array([self.x1, self.y1]) - xy_px
        sides = np.concatenate([low, high], axis=1)
        return np.asarray(np.where(self.open_sides, np.inf, sides).min(axis=1))


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
        """Which boxes of a region are better seen in another: a finer one, or an equal one that holds them deeper inside."""
        region, centre = self.regions[number], (xyxy[:, :2] + xyxy[:, 2:]) / 2.0
        covered = np.zeros(len(xyxy), dtype=np.bool_)
        for other, finer in enumerate(self.regions):
            if other == number or finer.scale < region.scale:
                continue
            better = finer.holds(centre)
            if finer.scale == region.scale:
                ours, theirs = region.depth(centre), finer.depth(centre)
                better &= (theirs >= ours) if other < number else (theirs > ours)
            covered |= better
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
        self._sizes: dict[tuple[float, int, int], tuple[int, int]] = {}
        self._credit_px = 0.0
        self._frames_since_whole = self.settings.surroundings_every
        self._turn = 0
        self._second_half = False
        self._strip = BorderStrip(border_lat_lon, self.settings.strips_m, ground_height)

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
        regions = self._main(view, width, height)
        left = self.pixel_budget - Look(regions).pixels
        self._frames_since_whole += 1
        if regions[0].kind == "border":
            tile = self._search(regions, lost_px, width, height)
            if tile is not None and Look((tile,)).pixels <= left:
                regions += (tile,)
                left -= Look((tile,)).pixels
            scale = self.settings.surroundings_scale
            whole = Region("surroundings", 0, 0, width, height, scale)
            if scale > 0.0 and left > 0:
                # What one frame leaves over is saved up until the whole picture is paid for.
                cost = Look((whole,)).pixels
                self._credit_px = min(self._credit_px + left, float(cost))
                if self._credit_px >= cost and self._frames_since_whole >= self.settings.surroundings_every:
                    self._credit_px, self._frames_since_whole = 0.0, 0
                    regions += (whole,)
        return Look(regions)

    def _search(self, main: tuple[Region, ...], lost_px: FloatArray | None, width: int, height: int) -> Region | None:
        """A tile around one of the lost places outside of the main regions, another one each time."""
        side = self.settings.search_px
        if lost_px is None or not len(lost_px) or side <= 0 or side > min(width, height):
            return None
        inside = (lost_px >= 0.0).all(axis=1) & (lost_px < [width, height]).all(axis=1)
        places = lost_px[inside & ~Look(main).holds(lost_px)]
        if not len(places):
            return None
        self._turn += 1
        x, y = places[self._turn % len(places)]
        x0 = int(np.clip(x - side / 2.0, 0, width - side))
        y0 = int(np.clip(y - side / 2.0, 0, height - side))
        return Region("search", x0, y0, x0 + side, y0 + side, 1.0)

    def _main(self, view: CameraView | None, width: int, height: int) -> tuple[Region, ...]:
        """The regions along the border; without a pose or a border in view the whole picture."""
        s = self.settings
        seen = None if view is None else self._strip.seen(view, s.max_range_m, s.min_depression_deg)
        if seen is None or not seen.holds(s.strips_m[0]):
            return (self._whole(width, height),)
        left_out = ""
        parts: list[list[Box]] = []
        for strip_m in s.strips_m:
            if not seen.holds(strip_m):
                break
            left_out = "" if strip_m == s.strips_m[0] else f"ground farther than {strip_m:g} m from the border"
            parts = []
            for count in range(1, _MOST_PARTS + 1):
                boxes = self._boxes(seen, strip_m, count, width, height)
                parts.append(boxes)
                if self._scale(_pixels(boxes)) >= s.good_scale:
                    return _regions(boxes, 1.0, left_out, width, height)
        cheapest = min(parts, key=_pixels)
        scale = self._scale(_pixels(cheapest))
        if scale >= s.turn_scale:
            return _regions(cheapest, scale, left_out, width, height)
        return self._half(seen, left_out, width, height)

    def _half(self, seen: StripInPicture, left_out: str, width: int, height: int) -> tuple[Region, ...]:
        """The half of the narrowest strip in the picture whose turn it is."""
        s = self.settings
        strip_m = next(m for m in reversed(s.strips_m) if seen.holds(m))
        self._second_half = not self._second_half
        halves = []
        for pieces in (1, 2):  # a half that runs slantwise is cheaper in two
            boxes = self._boxes(seen, strip_m, 2 * pieces, width, height)
            middle = len(boxes) // 2
            halves.append(boxes[middle:] if self._second_half else boxes[: max(middle, 1)])
        half = min(halves, key=_pixels)
        turns = "each half of the border strip, in every second frame"
        left_out = f"{turns}; {left_out}" if left_out else turns
        scale = self._scale(_pixels(half))
        if scale >= s.min_scale:
            return _regions(half, scale, left_out, width, height)
        # Too much even so: keep the middle of each piece, cutting its longer side.
        share = self.pixel_budget / s.min_scale**2 / _pixels(half)
        left_out = f"{100.0 * (1.0 - share):.0f} % of the border strip in the picture, at its ends; {left_out}"
        return _regions([_shortened(box, share) for box in half], s.min_scale, left_out, width, height)

    def _boxes(self, seen: StripInPicture, strip_m: float, count: int, width: int, height: int) -> list[Box]:
        """The strip in so many pieces, with sizes in coarse steps: a runtime plans anew for every new size."""
        boxes = []
        for number, box in enumerate(cover(seen.points(strip_m), count, width, height)):
            w, h = self._steady((strip_m, count, number), float(box.size[0]), float(box.size[1]), width, height)
            x0 = int(np.clip(box.centre[0] - w / 2.0, 0, width - w))
            y0 = int(np.clip(box.centre[1] - h / 2.0, 0, height - h))
            boxes.append(Box(x0, y0, x0 + w, y0 + h))
        return boxes

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

    def _scale(self, pixels: float) -> float:
        """Scale that brings so many pixels into the budget, in steps: a runtime plans anew for every new size."""
        scale = float(np.sqrt(self.pixel_budget / pixels))
        return 1.0 if scale >= self.settings.good_scale else float(np.floor(scale / _SCALE_STEP) * _SCALE_STEP)

    def _steady(
        self, which: tuple[float, int, int], wanted_w: float, wanted_h: float, width: int, height: int
    ) -> tuple[int, int]:
        """The size in coarse steps; the last one of this piece of this strip is kept while it is large enough and hardly
        larger."""
        w = min(width, int(np.ceil(max(wanted_w, 1.0) / 128)) * 128)
        h = min(height, int(np.ceil(max(wanted_h, 1.0) / 64)) * 64)
        last_w, last_h = self._sizes.get(which, (0, 0))
        if wanted_w <= last_w <= width and wanted_h <= last_h <= height and last_w * last_h <= 1.2 * w * h:
            return last_w, last_h
        self._sizes[which] = (w, h)
        return w, h


def _pixels(boxes: Sequence[Box]) -> float:
    return float(sum(np.prod(box.size) for box in boxes))


def _regions(boxes: Sequence[Box], scale: float, left_out: str, width: int, height: int) -> tuple[Region, ...]:
    """The regions of some boxes; what is left out is said by the first."""
    return tuple(
        Region(
            "border", int(b.x0), int(b.y0), int(b.x1), int(b.y1), scale, "" if number else left_out,
            (b.x0 <= 0, b.y0 <= 0, b.x1 >= width, b.y1 >= height),
        )
        for number, b in enumerate(boxes)
    )  # fmt: skip


def _shortened(box: Box, share: float) -> Box:
    """The middle of a box, its longer side cut to this share in whole steps."""
    w, h = box.size
    (cx, cy), cut = box.centre, _GRID_PX
    if w >= h:
        w = max(cut, int(w * share) // cut * cut)
    else:
        h = max(cut, int(h * share) // cut * cut)
    x0, y0 = int(cx - w / 2.0), int(cy - h / 2.0)
    return Box(x0, y0, x0 + w, y0 + h)


def _on_grid(length_px: float, limit_px: int) -> int:
    """At least ``length_px``, a multiple of 32, or the whole side where the grid does not fit it."""
    return min(int(np.ceil(max(length_px, 1.0) / _GRID_PX)) * _GRID_PX, limit_px)
