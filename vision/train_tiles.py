"""Training tiles: native-scale cuts of labelled pictures, their scaling, joining and variation. Pure numpy and OpenCV.

A small object must not be scaled away: tiles are cut at the picture's own scale, enlarged rather than made smaller, and
joined to mosaics from smaller cuts, never by scaling whole pictures down.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.dataset import LabelledPicture

Image = NDArray[np.uint8]
Boxes = NDArray[np.float64]

PAD_GREY = 114
MIN_VISIBLE_SHARE = 0.4
MIN_SIDE_PX = 3.0
"""A box that is narrower or lower than this after scaling down cannot be told from noise: it is ignored."""


@dataclass(frozen=True)
class Variation:
    """How tiles are drawn and changed. Scale is drawn log-uniformly from 1/``zoom_out`` to ``zoom_in``.

    ``hard``: share of tiles cut around a known false find, in pictures that have one. ``balance``: share of tiles whose
    class is drawn first, all classes of a source alike, and only then a picture that has it. ``mosaic``: share of tiles
    joined from four. The others are the probabilities of a change.
    """

    zoom_out: float = 1.4
    zoom_in: float = 1.4
    hard: float = 0.4
    balance: float = 0.2
    mosaic: float = 0.0
    flip: float = 0.5
    light: float = 0.8
    invert_thermal: float = 0.1
    compress: float = 0.3
    blur: float = 0.15


@dataclass(frozen=True, eq=False)
class Tile:
    """A piece of a picture, ``image_bgr`` ``(h, w, 3)``, with the boxes ``xyxy`` ``(n, 4)`` pixels that are still mostly
    visible in it and their ``class_id`` ``(n,)``; in ``ignore_xyxy`` ``(m, 4)`` nobody knows what is there."""

    image_bgr: Image
    xyxy: Boxes
    class_id: NDArray[np.int64]
    ignore_xyxy: Boxes


def cut_tile(picture: LabelledPicture, image_bgr: Image, x: int, y: int, width: int, height: int) -> Tile:
    """The rectangle whose top left corner is at ``x, y`` (inside the picture); beyond the picture it is grey.

    A box stays, clipped, when at least 40 % of it is inside; a lesser part is ignored, so that the network is neither
    told that half a person is nobody nor that it is one.
    """
    x1, y1 = min(x + width, image_bgr.shape[1]), min(y + height, image_bgr.shape[0])
    tile = np.full((height, width, 3), PAD_GREY, dtype=np.uint8)
    tile[: y1 - y, : x1 - x] = image_bgr[y:y1, x:x1]
    shifted, clipped = _clip(picture.xyxy, x, y, x1 - x, y1 - y)
    visible = _area(clipped) / np.maximum(_area(shifted), 1e-9)
    keep = visible >= MIN_VISIBLE_SHARE
    regions = _clip(picture.ignore_xyxy, x, y, x1 - x, y1 - y)[1]
    ignore = np.concatenate([regions[_area(regions) > 0], clipped[(visible > 0) & ~keep]])
    return Tile(tile, clipped[keep], picture.class_id[keep], ignore)


def _clip(xyxy: Boxes, x: int, y: int, width: int, height: int) -> tuple[Boxes, Boxes]:
    shifted = xyxy - np.array([x, y, x, y], dtype=float)
    return shifted, shifted.clip(0, np.array([width, height, width, height], dtype=float))


def _area(xyxy: Boxes) -> Boxes:
    return np.asarray(np.prod(np.maximum(xyxy[:, 2:] - xyxy[:, :2], 0), axis=1), dtype=np.float64)


def scale_tile(tile: Tile, width: int, height: int) -> Tile:
    """The tile at another size; boxes that become too small to be told are ignored."""
    old_height, old_width = tile.image_bgr.shape[:2]
    if (old_width, old_height) == (width, height):
        return tile
    method = cv2.INTER_AREA if width < old_width else cv2.INTER_LINEAR
    image = np.asarray(cv2.resize(tile.image_bgr, (width, height), interpolation=method), dtype=np.uint8)
    factor = np.array([width / old_width, height / old_height] * 2)
    xyxy = tile.xyxy * factor
    seen = (xyxy[:, 2:] - xyxy[:, :2] >= MIN_SIDE_PX).all(axis=1)
    ignore = np.concatenate([tile.ignore_xyxy * factor, xyxy[~seen]])
    return Tile(image, xyxy[seen], tile.class_id[seen], ignore)


def join_tiles(tiles: Sequence[Tile], split_x: int, split_y: int, size_px: int) -> Tile:
    """A mosaic: top left, top right, bottom left, bottom right, meeting at ``split_x, split_y``.

    Each tile must fill its quarter exactly. Raises ValueError otherwise.
    """
    image = np.empty((size_px, size_px, 3), dtype=np.uint8)
    boxes, ignore = [], []
    corners = ((0, 0), (split_x, 0), (0, split_y), (split_x, split_y))
    for tile, (x, y) in zip(tiles, corners, strict=True):
        image[y : size_px if y else split_y, x : size_px if x else split_x] = tile.image_bgr
        offset = np.array([x, y, x, y], dtype=float)
        boxes.append(tile.xyxy + offset)
        ignore.append(tile.ignore_xyxy + offset)
    classes = np.concatenate([t.class_id for t in tiles])
    return Tile(image, np.concatenate(boxes), classes, np.concatenate(ignore))


def vary_tile(tile: Tile, rng: np.random.Generator, v: Variation) -> Tile:
    """The tile mirrored, lit, blurred and compressed by chance; the picture's grey or colour nature stays."""
    image, xyxy, ignore = tile.image_bgr, tile.xyxy, tile.ignore_xyxy
    width = image.shape[1]
    grey = bool((image[::8, ::8, 0] == image[::8, ::8, 2]).all())
    if rng.random() < v.flip:
        image = image[:, ::-1]
        xyxy, ignore = _mirror(xyxy, width), _mirror(ignore, width)
    if grey and rng.random() < v.invert_thermal:
        image = np.asarray(255 - image, dtype=np.uint8)
    if rng.random() < v.light:
        gain, offset, gamma = rng.uniform(0.7, 1.35), rng.uniform(-25, 25), rng.uniform(0.8, 1.25)
        tint = np.ones(3) if grey else rng.uniform(0.93, 1.07, 3)
        ramp = np.arange(256)[:, None] / 255
        table = np.clip(255 * ramp**gamma * gain * tint + offset, 0, 255).astype(np.uint8)
        table = np.broadcast_to(table, (256, 3)).reshape(256, 1, 3)
        image = np.asarray(cv2.LUT(np.ascontiguousarray(image), np.ascontiguousarray(table)), dtype=np.uint8)
    if rng.random() < v.blur:
        image = np.asarray(cv2.GaussianBlur(image, (3, 3), float(rng.uniform(0.3, 1.0))), dtype=np.uint8)
    if rng.random() < v.compress:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))]
        _, data = cv2.imencode(".jpg", np.ascontiguousarray(image), quality)
        image = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)
    return Tile(np.ascontiguousarray(image), xyxy, tile.class_id, ignore)


def _mirror(xyxy: Boxes, width: int) -> Boxes:
    out = xyxy.copy()
    out[:, [0, 2]] = width - xyxy[:, [2, 0]]
    return out
