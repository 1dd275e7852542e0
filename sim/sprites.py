"""Things cut out to be laid over a picture, what each of them hides, and the crowns of trees."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray

Image = NDArray[np.uint8]


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

    @property
    def box(self) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of its pixels in the picture."""
        return self.left, self.top, self.left + self.mask.shape[1], self.top + self.mask.shape[0]


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
        return np.asarray(cv2.GaussianBlur(picture, (3, 3), 0.8), dtype=np.uint8)

    def place(self, look: int, x_px: float, y_px: float, radius_px: float, light_deg: float) -> Sprite:
        """The crown ``look`` around a pixel, its lit side turned by ``light_deg`` clockwise from the picture's top."""
        source = self._sprites[look % len(self._sprites)]
        scale = radius_px / (self.SIZE * 0.46)
        side = int(np.ceil(radius_px * 2.3)) + 2
        left, top = int(np.floor(x_px - side / 2)), int(np.floor(y_px - side / 2))
        turn = cv2.getRotationMatrix2D((self.SIZE / 2, self.SIZE / 2), -light_deg, scale)
        turn[0, 2] += x_px - left - self.SIZE / 2 - 0.5
        turn[1, 2] += y_px - top - self.SIZE / 2 - 0.5
        method = cv2.INTER_AREA if scale < 0.5 else cv2.INTER_LINEAR
        pixels = np.asarray(cv2.warpAffine(source, turn, (side, side), flags=method), dtype=np.uint8)
        return Sprite(left, top, pixels, (0.0, 0.0, 0.0, 0.0), pixels[..., 3], float(pixels[..., 3].sum()))
