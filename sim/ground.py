"""The picture of the ground from above, painted once per world, and the fine grain that is laid over it.

The picture lies along the border: column = along the line's middle course, row = away from it to the right.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from sim.layout import Layout
from sim.vegetation import Trees

Image = NDArray[np.uint8]

METRES_PER_PX = 0.2
GRAIN_METRES_PER_PX = 0.05
GRAIN_TILE_PX = 1024
_HALF_ALONG_M, _HALF_ACROSS_M = 800.0, 450.0
_COARSE = 4

# Crops 0..5: meadow, dry grass, stubble, ploughed, green crop, fallow; blue, green, red.
_CROPS = ((72, 112, 92), (96, 140, 142), (112, 158, 176), (82, 100, 122), (62, 118, 84), (88, 118, 112))
_CROP_WARMTH = (88, 96, 100, 108, 84, 92)


@dataclass(frozen=True)
class Light:
    """Sun and tint of the day. ``sun`` is the unit vector towards the sun, east north up."""

    sun: tuple[float, float, float]
    gain: float
    tint_bgr: tuple[float, float, float]
    shadow: float

    @classmethod
    def from_seed(cls, rng: np.random.Generator) -> Light:
        """Morning to late afternoon; sometimes overcast with hardly a shadow."""
        azimuth, height = np.radians(rng.uniform(95, 265)), np.radians(rng.uniform(30, 58))
        overcast = rng.random() < 0.25
        warm = rng.uniform(-0.05, 0.06)
        return cls(
            (float(np.sin(azimuth) * np.cos(height)), float(np.cos(azimuth) * np.cos(height)), float(np.sin(height))),
            float(rng.uniform(0.82, 1.15) * (0.9 if overcast else 1.0)),
            (1.0 - warm, 1.0, 1.0 + warm),
            0.18 if overcast else float(rng.uniform(0.42, 0.58)),
        )


def octave_noise(rng: np.random.Generator, shape: tuple[int, int], cells: tuple[int, ...]) -> NDArray[np.float32]:
    """Zero-mean noise, about unit spread, with features of ``cells`` pixels, shape ``(rows, columns)``."""
    rows, columns = shape
    total = np.zeros(shape, np.float32)
    for cell in cells:
        small = rng.standard_normal((max(2, rows // cell + 2), max(2, columns // cell + 2))).astype(np.float32)
        total += cv2.resize(small, (columns, rows), interpolation=cv2.INTER_CUBIC if cell > 2 else cv2.INTER_LINEAR)
    return total / np.float32(np.sqrt(len(cells)))


class Ground:
    """``image`` is ``(rows, columns, 3)`` by day and ``(rows, columns)`` for a thermal camera; ``grain`` one channel
    around 128, a tile five times over; ``forest`` a mask at a quarter of the resolution."""

    def __init__(self, layout: Layout, trees: Trees, thermal: bool, light: Light, rng: np.random.Generator) -> None:
        course = layout.line.course_rad()
        self._along = np.array([np.cos(course), np.sin(course)])
        self._right = np.array([np.sin(course), -np.cos(course)])
        self._thermal, self._light, self._rng = thermal, light, rng
        # A camera's automatic gain puts the cool background anywhere in the darker half; foliage is either way.
        self._level = float(rng.uniform(-28.0, 30.0)) if thermal else 0.0
        self._dark_trees = bool(rng.random() < 0.5)
        self._shape = (int(2 * _HALF_ACROSS_M / METRES_PER_PX), int(2 * _HALF_ALONG_M / METRES_PER_PX))
        self.forest = self._forest_mask(layout)
        self.image = self._paint(layout, trees)
        self.grain = self._make_grain()

    @property
    def foliage_warmth(self) -> float:
        """Grey value of tree crowns in a thermal picture."""
        return self._level + (72.0 if self._dark_trees else 106.0)

    def to_px(self, en_m: FloatArray) -> FloatArray:
        """Column, row of points ``(..., 2)`` in ``image``, pixel centres at whole numbers as OpenCV has them."""
        en = np.asarray(en_m, dtype=np.float64)
        column = (en @ self._along + _HALF_ALONG_M) / METRES_PER_PX - 0.5
        row = (en @ self._right + _HALF_ACROSS_M) / METRES_PER_PX - 0.5
        return np.stack([column, row], axis=-1)

    def in_forest(self, en_m: FloatArray) -> NDArray[np.bool_]:
        """Whether points ``(n, 2)`` lie under a closed canopy."""
        px = (self.to_px(en_m) / _COARSE).astype(np.int64)
        inside = (px >= 0).all(axis=1) & (px[:, 0] < self.forest.shape[1]) & (px[:, 1] < self.forest.shape[0])
        px = np.where(inside[:, None], px, 0)
        return np.asarray(inside & (self.forest[px[:, 1], px[:, 0]] > 0))

    # -- painting ---------------------------------------------------------------------------------------------------

    def _colour(self, bgr: tuple[float, float, float], warmth: float) -> tuple[float, ...]:
        if self._thermal:
            return (warmth + self._level,)
        k = self._light.gain
        return tuple(float(np.clip(c * k * t, 0, 255)) for c, t in zip(bgr, self._light.tint_bgr, strict=True))

    def _fixed(self, en_m: FloatArray, scale: float = 1.0) -> NDArray[np.int32]:
        """Points for OpenCV's drawing with four fractional bits."""
        return np.round((self.to_px(en_m) + 0.5) * scale * 16 - 8).astype(np.int32)

    def _forest_mask(self, layout: Layout) -> Image:
        mask = np.zeros((self._shape[0] // _COARSE, self._shape[1] // _COARSE), np.uint8)
        for polygon in layout.forests:
            cv2.fillPoly(mask, [self._fixed(polygon, 1 / _COARSE)], 1, cv2.LINE_8, 4)
        for road in layout.roads:
            width = int((road.width_m + 5.0) / (METRES_PER_PX * _COARSE))
            cv2.polylines(mask, [self._fixed(road.points, 1 / _COARSE)], False, 0, width, cv2.LINE_8, 4)
        return mask

    def _paint(self, layout: Layout, trees: Trees) -> Image:
        coarse = self._paint_fields(layout)
        image: Image = np.asarray(cv2.resize(coarse, self._shape[::-1], interpolation=cv2.INTER_LINEAR), dtype=np.uint8)
        self._paint_furrows(image, layout)
        cv2.fillPoly(image, [self._fixed(layout.village)], self._colour(_CROPS[0], _CROP_WARMTH[0]), cv2.LINE_AA, 4)
        self._roughen(image)
        self._paint_roads(image, layout)
        self._paint_village(image, layout)
        if not self._thermal:
            self._paint_tree_shadows(image, trees)
        self._paint_forest(image)
        return image

    def _paint_fields(self, layout: Layout) -> Image:
        rows, columns = self._shape[0] // _COARSE, self._shape[1] // _COARSE
        channels = 1 if self._thermal else 3
        canvas = np.empty((rows, columns, channels), np.float32)
        canvas[:] = self._colour(_CROPS[0], _CROP_WARMTH[0])
        for polygon, crop in layout.fields:
            wobble = self._rng.uniform(0.92, 1.08)
            bgr = tuple(c * wobble for c in _CROPS[crop])
            colour = self._colour((bgr[0], bgr[1], bgr[2]), _CROP_WARMTH[crop] * wobble)
            cv2.fillPoly(canvas, [self._fixed(polygon, 1 / _COARSE)], colour, cv2.LINE_AA, 4)
        strip = self._fixed(layout.line.vertices, 1 / _COARSE)
        cv2.polylines(canvas, [strip], False, self._colour((92, 128, 122), 97), 9, cv2.LINE_AA, 4)
        cv2.GaussianBlur(canvas, (5, 5), 1.0, dst=canvas)
        broad = octave_noise(self._rng, (rows, columns), (160, 60, 24))[..., None]
        patchy = octave_noise(self._rng, (rows, columns), (40, 10, 4))[..., None]
        if self._thermal:
            canvas = canvas.reshape(rows, columns, 1) + broad * 6.0 + patchy * 3.5
            return np.asarray(np.clip(canvas[..., 0], 0, 255).astype(np.uint8))
        weights = np.array([0.8, 0.9, 1.15], np.float32) * self._light.gain
        canvas += broad * weights * 7.0 + patchy * np.array([0.9, 0.8, 1.2], np.float32) * 6.0
        return np.asarray(np.clip(canvas, 0, 255).astype(np.uint8))

    def _paint_furrows(self, image: Image, layout: Layout) -> None:
        for polygon, crop in layout.fields:
            if crop not in (2, 3, 4):
                continue
            step = self._rng.uniform(1.6, 3.0) if crop != 2 else self._rng.uniform(5.0, 9.0)
            across = self._rng.random() < 0.5
            a, b, c, d = polygon if across else np.roll(polygon, 1, axis=0)
            count = max(2, int(np.hypot(*(b - a)) / step))
            t = np.linspace(0.02, 0.98, count)[:, None]
            lines = np.stack([a + (b - a) * t, d + (c - d) * t], axis=1)
            wobble = self._rng.uniform(0.85, 0.92)
            bgr = tuple(x * wobble for x in _CROPS[crop])
            colour = self._colour((bgr[0], bgr[1], bgr[2]), _CROP_WARMTH[crop] - 5)
            cv2.polylines(image, list(self._fixed(lines)), False, colour, 2 if crop != 2 else 1, cv2.LINE_AA, 4)

    def _roughen(self, image: Image) -> None:
        size = 1024
        spread = 3.0 if self._thermal else 9.0
        noise = octave_noise(self._rng, (size, size), (20, 7, 3, 2)) * spread
        tile: Image = np.clip(noise + 128, 0, 255).astype(np.uint8)
        if not self._thermal:
            tile = np.repeat(tile[..., None], 3, axis=2)
        for row in range(0, image.shape[0], size):
            for column in range(0, image.shape[1], size):
                block = image[row : row + size, column : column + size]
                turned = np.ascontiguousarray(np.rot90(tile, int(self._rng.integers(0, 4))))
                part = turned[: block.shape[0], : block.shape[1]]
                block[:] = cv2.addWeighted(block, 1.0, part, 1.0, -128.0)

    def _paint_roads(self, image: Image, layout: Layout) -> None:
        def stroke(points: FloatArray, width_m: float, bgr: tuple[float, float, float], warmth: float) -> None:
            width = max(1, round(width_m / METRES_PER_PX))
            cv2.polylines(image, [self._fixed(points)], False, self._colour(bgr, warmth), width, cv2.LINE_AA, 4)

        def beside(points: FloatArray, offset_m: float) -> FloatArray:
            step = np.gradient(points, axis=0)
            step /= np.hypot(step[:, 0], step[:, 1])[:, None]
            return points + np.stack([step[:, 1], -step[:, 0]], axis=-1) * offset_m

        for road in sorted(layout.roads, key=lambda r: r.kind):
            if road.kind == "asphalt":
                grey = self._rng.uniform(105, 130)
                stroke(road.points, road.width_m + 1.6, (88, 118, 122), 100)
                stroke(road.points, road.width_m, (grey, grey, grey), 138)
                stroke(road.points, road.width_m * 0.4, (grey - 6, grey - 6, grey - 6), 142)
                for edge in (-1, 1):
                    stroke(beside(road.points, edge * road.width_m * 0.45), 0.2, (185, 185, 185), 134)
            else:
                stroke(road.points, road.width_m, (92, 122, 124), 96)
                for edge in (-1, 1):
                    stroke(beside(road.points, edge * 0.75), 0.6, (118, 148, 164), 112)

    def _paint_village(self, image: Image, layout: Layout) -> None:
        cv2.polylines(image, [self._fixed(layout.village)], True, self._colour((70, 95, 88), 92), 3, cv2.LINE_AA, 4)
        sun = np.array(self._light.sun)
        for roof, height in layout.houses:
            if not self._thermal:
                shadow = roof - sun[:2] / max(sun[2], 0.3) * height
                hull = cv2.convexHull(np.concatenate([self._fixed(roof), self._fixed(shadow)]))
                cv2.fillConvexPoly(image, hull, self._colour((42, 52, 50), 0), cv2.LINE_AA, 4)
            centre = roof.mean(axis=0)
            red = self._rng.random() < 0.65
            bgr = (70.0, 82.0, 150.0) if red else (112.0, 112.0, 118.0)
            ridge = ((roof[0] + roof[3]) / 2, (roof[1] + roof[2]) / 2)
            warmth = self._rng.uniform(70, 150)
            for half, gain in (((roof[0], roof[1], ridge[1], ridge[0]), 1.08), ((*ridge, roof[2], roof[3]), 0.78)):
                shade = (bgr[0] * gain, bgr[1] * gain, bgr[2] * gain)
                cv2.fillPoly(image, [self._fixed(np.array(half))], self._colour(shade, warmth * gain), cv2.LINE_AA, 4)
            chimney = self._fixed(centre[None])[0]
            cv2.circle(
                image, (int(chimney[0]), int(chimney[1])), 40, self._colour((60, 60, 70), 190), -1, cv2.LINE_AA, 4
            )

    def _paint_tree_shadows(self, image: Image, trees: Trees) -> None:
        sun = np.array(self._light.sun)
        reach = sun[:2] / max(sun[2], 0.3)
        dark = np.full(image.shape[:2], 0, np.uint8)
        centre = self._fixed(trees.en_m - reach * trees.centre_m[:, None])
        angle = float(np.degrees(np.arctan2(reach @ self._right, reach @ self._along)))
        long = 1.0 / max(sun[2], 0.4)
        for (x, y), radius in zip(centre.tolist(), trees.radius_m, strict=True):
            size = radius / METRES_PER_PX * 16
            cv2.ellipse(dark, (x, y), (int(size * long), int(size)), angle, 0, 360, 255, -1, cv2.LINE_8, 4)
        rows = np.flatnonzero(dark.any(axis=1))
        if len(rows):
            band = slice(int(rows[0]), int(rows[-1]) + 1)
            mask = dark[band] > 0
            image[band][mask] = (image[band][mask] * (1.0 - self._light.shadow)).astype(np.uint8)

    def _paint_forest(self, image: Image) -> None:
        """A closed canopy: overlapping crowns, darker underneath, lit from the sun's side."""
        rng = self._rng
        scale = METRES_PER_PX * _COARSE
        rows, columns = np.nonzero(self.forest)
        if not len(rows):
            return
        under = cv2.resize(self.forest, self._shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
        image[under] = self._colour((34, 52, 42), 62 if self._dark_trees else 92)
        count = int(len(rows) * scale * scale / 14.0)
        pick = rng.integers(0, len(rows), count)
        x = (columns[pick] + rng.random(count)) * _COARSE
        y = (rows[pick] + rng.random(count)) * _COARSE
        radius = rng.uniform(1.5, 3.6, count) / METRES_PER_PX
        sun = np.array(self._light.sun)[:2]
        lit = np.array([sun @ self._along, sun @ self._right]) * 0.35
        tone, hue = rng.uniform(0.75, 1.2, count)[:, None], rng.uniform(-8, 8, count)[:, None]
        if self._thermal:
            warmth = (66.0 if self._dark_trees else 96.0) + 12.0 * tone
            lower, upper = warmth + self._level, warmth + self._level + 6.0
        else:
            gain = self._light.gain * np.array(self._light.tint_bgr)
            lower = (np.array([38.0, 66.0, 50.0]) + hue * [0, 1, -1]) * tone * gain
            upper = (np.array([50.0, 90.0, 68.0]) + hue * [0, 1, -1]) * tone * gain
        low_ink, high_ink = lower.tolist(), upper.tolist()
        low_at = np.stack([x, y], axis=-1).astype(int).tolist()
        high_at = np.stack([x + lit[0] * radius, y + lit[1] * radius], axis=-1).astype(int).tolist()
        for i, r in enumerate(radius.tolist()):
            cv2.circle(image, low_at[i], int(r), low_ink[i], -1)
            cv2.circle(image, high_at[i], int(r * 0.6), high_ink[i], -1)

    def _make_grain(self) -> Image:
        spread = 2.2 if self._thermal else 8.0
        size = GRAIN_TILE_PX
        noise = octave_noise(self._rng, (size, size), (16, 6, 3, 2))
        # Wrap-around: fold the edges together so that the tile repeats without a seam.
        ramp = np.arange(size)
        fade = np.clip(np.minimum(ramp, ramp[::-1]) / 32.0, 0, 1).astype(np.float32)
        rolled = np.roll(noise, (size // 2, size // 2), axis=(0, 1))
        weight = fade[:, None] * fade[None]
        mixed = (noise * weight + rolled * (1 - weight)) / np.sqrt(weight**2 + (1 - weight) ** 2)
        return np.tile(np.clip(mixed * spread + 128, 0, 255).astype(np.uint8), (5, 5))
