"""Painting figures and tree crowns into a picture, finer than its pixels, and knowing what each one covers."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from sim.figures import Capsule, Parts
from sim.projection import Pinhole, ViewPose, project

Image = NDArray[np.uint8]
_FINE = 4
_BITS = 3
_MAX_SIDE_PX = 900


@dataclass(eq=False)
class Sprite:
    """A painted thing: ``pixels`` ``(h, w, 4)`` with colour already multiplied by coverage, its place in the picture,
    and its outline's exact box; ``mask`` is what of it is still seen, 0..255."""

    left: int
    top: int
    pixels: Image
    xyxy: tuple[float, float, float, float]
    mask: Image
    full: float
    """Sum of the coverage before anything hides it, also outside the picture."""


@dataclass(frozen=True, eq=False)
class _Flat:
    """Parts in pixels."""

    strokes: list[tuple[FloatArray, float, int]]
    """Points ``(2, 2)`` or corners ``(n, 2)``, radius in pixels (0 for a face), index of the part."""


class FigurePainter:
    """Draws figures as seen by one camera; ``thermal`` chooses warmth instead of colour."""

    def __init__(self, camera: Pinhole, thermal: bool, sun: tuple[float, float, float], gain: FloatArray) -> None:
        self._camera, self._thermal, self._gain = camera, thermal, gain
        self._sun = np.array(sun)

    def world_points(self, parts: Parts, heading_deg: float, foot_enu_m: FloatArray) -> FloatArray:
        """All corners of all parts, ``(n, 3)``, in east, north, up."""
        local = np.array(
            [p for part in parts for p in ((part.a, part.b) if isinstance(part, Capsule) else part.corners)]
        )
        angle = np.radians(heading_deg)
        ahead, left = np.array([np.sin(angle), np.cos(angle)]), np.array([-np.cos(angle), np.sin(angle)])
        enu = np.empty_like(local)
        enu[:, :2] = local[:, :1] * ahead + local[:, 1:2] * left
        enu[:, 2] = local[:, 2]
        return np.asarray(enu + foot_enu_m)

    def draw(self, pose: ViewPose, parts: Parts, enu_m: FloatArray) -> Sprite | None:
        """The figure's sprite, or None when it is too near, behind, or has no size."""
        xy, depth = project(pose, self._camera, enu_m)
        if not np.isfinite(xy).all():
            return None
        scale = self._camera.focal_px / float(depth.mean())
        box = self._canvas_box(xy, scale)
        if box is None:
            return None
        left, top, width, height = box
        canvas = np.zeros((height * _FINE, width * _FINE, 4), np.uint8)
        fine = np.round(((xy - (left, top)) * _FINE - 0.5) * (1 << _BITS)).astype(np.int32)
        row = 0
        for part in parts:
            if isinstance(part, Capsule):
                self._capsule(canvas, fine[row], fine[row + 1], part, scale)
                row += 2
            else:
                corners = fine[row : row + len(part.corners)]
                self._face(canvas, corners, enu_m[row : row + len(part.corners)], part)
                row += len(part.corners)
        cover = canvas[..., 3]
        rows, columns = np.flatnonzero(cover.any(axis=1)), np.flatnonzero(cover.any(axis=0))
        if not len(rows):
            return None
        pixels = cv2.resize(canvas, (width, height), interpolation=cv2.INTER_AREA)
        xyxy = (
            left + columns[0] / _FINE,
            top + rows[0] / _FINE,
            left + (columns[-1] + 1) / _FINE,
            top + (rows[-1] + 1) / _FINE,
        )
        mask = pixels[..., 3].copy()
        return Sprite(left, top, pixels, xyxy, mask, float(mask.sum()))

    def draw_shadow(self, pose: ViewPose, parts: Parts, enu_m: FloatArray, ground_m: float) -> Sprite | None:
        """The figure's shadow on level ground under it, as a sprite whose fourth channel is what matters."""
        height = np.maximum(enu_m[:, 2] - ground_m, 0.0)
        flat = enu_m - height[:, None] * (self._sun / max(float(self._sun[2]), 0.3))
        flat[:, 2] = ground_m
        xy, depth = project(pose, self._camera, flat)
        if not np.isfinite(xy).all():
            return None
        scale = self._camera.focal_px / float(depth.mean())
        box = self._canvas_box(xy, scale)
        if box is None:
            return None
        left, top, width, high = box
        fine_scale = 2
        canvas = np.zeros((high * fine_scale, width * fine_scale), np.uint8)
        fine = np.round(((xy - (left, top)) * fine_scale - 0.5) * (1 << _BITS)).astype(np.int32)
        row = 0
        for part in parts:
            if isinstance(part, Capsule):
                thick = max(1, round(2 * part.radius_m * scale * fine_scale))
                cv2.line(canvas, fine[row].tolist(), fine[row + 1].tolist(), 255, thick, cv2.LINE_8, _BITS)
                row += 2
            else:
                count = len(part.corners)
                cv2.fillConvexPoly(canvas, fine[row : row + count], 255, cv2.LINE_8, _BITS)
                row += count
        mask = cv2.blur(cv2.resize(canvas, (width, high), interpolation=cv2.INTER_AREA), (3, 3))
        return Sprite(left, top, np.zeros((0, 0, 4), np.uint8), (0.0, 0.0, 0.0, 0.0), mask, 0.0)

    def _canvas_box(self, xy: FloatArray, scale: float) -> tuple[int, int, int, int] | None:
        margin = 0.45 * scale + 2.0
        left, top = np.floor(xy.min(axis=0) - margin).astype(int)
        right, bottom = np.ceil(xy.max(axis=0) + margin).astype(int)
        if right - left > _MAX_SIDE_PX or bottom - top > _MAX_SIDE_PX:
            return None
        return int(left), int(top), int(right - left), int(bottom - top)

    def _ink(self, colour: tuple[float, float, float], warmth: float, k: float) -> tuple[float, ...]:
        if self._thermal:
            return (min(warmth, 255.0),) * 3 + (255.0,)
        b, g, r = (min(c * float(t) * k, 255.0) for c, t in zip(colour, self._gain, strict=True))
        return (b, g, r, 255.0)

    def _capsule(self, canvas: Image, a: FloatArray, b: FloatArray, part: Capsule, scale: float) -> None:
        radius = part.radius_m * scale * _FINE
        ends = a.tolist(), b.tolist()
        thick = max(1, round(2 * radius))
        cv2.line(canvas, *ends, self._ink(part.colour, part.warmth, 0.84), thick, cv2.LINE_8, _BITS)
        if radius > 2.0:
            # A lighter core gives the limb its roundness; by day it sits towards the sky.
            lift = round(radius * (0.0 if self._thermal else 0.3)) << _BITS
            lit = [[x, y - lift] for x, y in ends]
            inner = max(1, round(1.15 * radius))
            ink = self._ink(part.colour, part.warmth + 10.0, 1.12)
            cv2.line(canvas, lit[0], lit[1], ink, inner, cv2.LINE_8, _BITS)

    def _face(self, canvas: Image, corners: FloatArray, enu_m: FloatArray, part: object) -> None:
        area = 0.0
        for i in range(len(corners)):
            x0, y0 = corners[i - 1]
            x1, y1 = corners[i]
            area += float(x0) * float(y1) - float(x1) * float(y0)
        # Pixels have y down, so a face that looks at the camera runs clockwise here: its area comes out negative.
        if area >= 0:
            return
        normal = np.cross(enu_m[1] - enu_m[0], enu_m[2] - enu_m[0])
        length = float(np.linalg.norm(normal))
        lit = max(0.0, float(normal @ self._sun) / length) if length else 0.0
        ink = self._ink(part.colour, part.warmth, 0.62 + 0.5 * lit)  # type: ignore[attr-defined]
        cv2.fillConvexPoly(canvas, corners, ink, cv2.LINE_8, _BITS)


def _overlap(sprite: Sprite, shape: tuple[int, ...]) -> tuple[slice, slice, slice, slice] | None:
    height, width = sprite.mask.shape
    x0, y0 = max(sprite.left, 0), max(sprite.top, 0)
    x1, y1 = min(sprite.left + width, shape[1]), min(sprite.top + height, shape[0])
    if x0 >= x1 or y0 >= y1:
        return None
    return (
        slice(y0, y1),
        slice(x0, x1),
        slice(y0 - sprite.top, y1 - sprite.top),
        slice(x0 - sprite.left, x1 - sprite.left),
    )


def lay_over(image: Image, sprite: Sprite) -> None:
    """Paint a sprite over ``image`` ``(h, w)`` or ``(h, w, 3)`` in place."""
    cut = _overlap(sprite, image.shape)
    if cut is None:
        return
    y, x, sy, sx = cut
    pixels = sprite.pixels[sy, sx]
    rest = 255 - pixels[..., 3].astype(np.uint16)
    part = image[y, x]
    if image.ndim == 2:
        part[:] = pixels[..., 0] + ((part * rest + 127) // 255).astype(np.uint8)
    else:
        part[:] = pixels[..., :3] + ((part * rest[..., None] + 127) // 255).astype(np.uint8)


def darken(image: Image, sprite: Sprite, strength: float) -> None:
    """Lay a shadow's mask on ``image`` ``(h, w, 3)`` in place."""
    cut = _overlap(sprite, image.shape)
    if cut is None:
        return
    y, x, sy, sx = cut
    keep = 256 - (sprite.mask[sy, sx].astype(np.uint32) * round(strength * 256) // 255)
    image[y, x] = (image[y, x] * keep[..., None] >> 8).astype(np.uint8)


def hide(behind: Sprite, front: Sprite) -> None:
    """Take from what is seen of ``behind`` what ``front`` covers."""
    x0, y0 = max(behind.left, front.left), max(behind.top, front.top)
    x1 = min(behind.left + behind.mask.shape[1], front.left + front.mask.shape[1])
    y1 = min(behind.top + behind.mask.shape[0], front.top + front.mask.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    back = behind.mask[y0 - behind.top : y1 - behind.top, x0 - behind.left : x1 - behind.left]
    cover = front.pixels[y0 - front.top : y1 - front.top, x0 - front.left : x1 - front.left, 3]
    back[:] = (back.astype(np.uint16) * (255 - cover.astype(np.uint16)) // 255).astype(np.uint8)


def seen_fraction(sprite: Sprite, shape: tuple[int, ...]) -> float:
    """How much of the thing is in the picture and not hidden, 0..1."""
    cut = _overlap(sprite, shape)
    if cut is None or sprite.full <= 0:
        return 0.0
    return float(sprite.mask[cut[2], cut[3]].sum()) / sprite.full


class Crowns:
    """A dozen painted tree crowns, lit from the top of their picture, laid in turned and scaled.

    ``warmth`` is the crowns' grey value for a thermal camera, None by day.
    """

    SIZE = 128

    def __init__(self, warmth: float | None, gain: FloatArray, rng: np.random.Generator, count: int = 12) -> None:
        self._sprites = [self._paint(warmth, gain, rng) for _ in range(count)]

    def _paint(self, warmth: float | None, gain: FloatArray, rng: np.random.Generator) -> Image:
        size, middle = self.SIZE, self.SIZE / 2
        picture = np.zeros((size, size, 4), np.uint8)
        base = np.array([42.0, 78.0, 58.0]) * rng.uniform(0.75, 1.25) + rng.uniform(-6, 6, 3)
        n = 110
        angle, reach = rng.uniform(0, 2 * np.pi, n), np.sqrt(rng.uniform(0, 1, n)) * middle * 0.84
        order = np.argsort(-reach)
        for i in order:
            x, y = middle + reach[i] * np.cos(angle[i]), middle + reach[i] * np.sin(angle[i])
            light = 0.95 - 0.45 * (y - middle) / middle * (1 if warmth is None else 0) + rng.uniform(-0.16, 0.16)
            light *= 1.12 - 0.35 * reach[i] / middle
            if warmth is not None:
                value = float(np.clip(warmth + 40 * (light - 1), 0, 255))
                ink: tuple[float, ...] = (value, value, value, 255.0)
            else:
                b, g, r = np.clip(base * gain * light, 0, 255)
                ink = (float(b), float(g), float(r), 255.0)
            cv2.circle(picture, (int(x), int(y)), int(rng.uniform(0.07, 0.15) * size), ink, -1, cv2.LINE_8)
        return cv2.GaussianBlur(picture, (3, 3), 0.8)

    def place(self, look: int, x_px: float, y_px: float, radius_px: float, light_deg: float) -> Sprite:
        """The crown ``look`` around a pixel, its lit side turned by ``light_deg`` clockwise from the picture's top."""
        source = self._sprites[look % len(self._sprites)]
        scale = radius_px / (self.SIZE * 0.46)
        side = int(np.ceil(radius_px * 2.3)) + 2
        left, top = int(np.floor(x_px - side / 2)), int(np.floor(y_px - side / 2))
        turn = cv2.getRotationMatrix2D((self.SIZE / 2, self.SIZE / 2), -light_deg, scale)
        turn[:, 2] += (x_px - left - self.SIZE / 2 - 0.5, y_px - top - self.SIZE / 2 - 0.5)
        method = cv2.INTER_AREA if scale < 0.5 else cv2.INTER_LINEAR
        pixels = cv2.warpAffine(source, turn, (side, side), flags=method)
        return Sprite(left, top, pixels, (0.0, 0.0, 0.0, 0.0), pixels[..., 3], float(pixels[..., 3].sum()))
