"""Batches for training: random native-scale squares of the pictures, varied in light, size and compression."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.dataset import LabelledPicture, Tile, cut_tile, paint_out


@dataclass(frozen=True)
class Variation:
    """How much a tile may be changed. Scale is drawn log-uniformly from 1/``zoom_out`` to ``zoom_in``; ``hard`` is the
    share of tiles cut around a known false find, in pictures that have one."""

    zoom_out: float = 1.4
    zoom_in: float = 1.4
    hard: float = 0.4
    flip: float = 0.5
    light: float = 0.8
    invert_thermal: float = 0.1
    compress: float = 0.3
    blur: float = 0.15


@dataclass(frozen=True, eq=False)
class Batch:
    """``image`` ``(b, 3, s, s)`` float32 RGB 0..1; ``box`` ``(n, 4)`` centre and extent 0..1; ``class_id``, ``owner``
    ``(n,)``: the class of each box and the index of its picture in the batch, ascending."""

    image: NDArray[np.float32]
    box: NDArray[np.float32]
    class_id: NDArray[np.float32]
    owner: NDArray[np.float32]


class TileSampler:
    """Draws batches without end. Pictures are decoded once and kept (grey ones with one channel)."""

    def __init__(
        self,
        sources: Sequence[tuple[Sequence[LabelledPicture], float]],
        size_px: int,
        batch: int,
        seed: int,
        variation: Variation | None = None,
    ) -> None:
        """``sources``: pictures and the share of the tiles that comes from them."""
        self._sources = [list(pictures) for pictures, share in sources if pictures and share > 0]
        shares = np.array([share for pictures, share in sources if pictures and share > 0], dtype=float)
        self._shares = shares / shares.sum()
        self._size_px = size_px
        self._batch = batch
        self._variation = variation or Variation()
        self._rng = np.random.default_rng(seed)
        self._kept: dict[int, NDArray[np.uint8]] = {}
        self._queues: list[list[int]] = [[] for _ in self._sources]

    def next_batch(self) -> Batch:
        """The next batch of tiles."""
        images, boxes, classes, owners = [], [], [], []
        for index in range(self._batch):
            tile = self._vary(self._draw())
            images.append(tile.image_bgr[:, :, ::-1].transpose(2, 0, 1))
            centre, extent = (tile.xyxy[:, :2] + tile.xyxy[:, 2:]) / 2, tile.xyxy[:, 2:] - tile.xyxy[:, :2]
            boxes.append(np.hstack([centre, extent]) / self._size_px)
            classes.append(tile.class_id)
            owners.append(np.full(len(tile.xyxy), index))
        return Batch(
            np.stack(images).astype(np.float32) / np.float32(255.0),
            np.concatenate(boxes).astype(np.float32),
            np.concatenate(classes).astype(np.float32),
            np.concatenate(owners).astype(np.float32),
        )

    def _picture(self, picture: LabelledPicture) -> NDArray[np.uint8]:
        key = id(picture)
        if key not in self._kept:
            image = paint_out(picture.read_bgr(), picture.ignore_xyxy)
            grey = bool((image[..., 0] == image[..., 1]).all() and (image[..., 1] == image[..., 2]).all())
            self._kept[key] = image[..., :1].copy() if grey else image
        return self._kept[key]

    def _draw(self) -> Tile:
        rng = self._rng
        source = int(rng.choice(len(self._sources), p=self._shares))
        if not self._queues[source]:
            self._queues[source] = list(rng.permutation(len(self._sources[source])))
        picture = self._sources[source][self._queues[source].pop()]
        image = self._picture(picture)
        scale = float(np.exp(rng.uniform(-np.log(self._variation.zoom_out), np.log(self._variation.zoom_in))))
        side = round(self._size_px / scale)
        height, width = image.shape[:2]
        if len(picture.hard_xy) and rng.random() < self._variation.hard:
            place = picture.hard_xy[rng.integers(len(picture.hard_xy))]
            x, y = (int(place[i] - rng.uniform(0.1, 0.9) * side) for i in (0, 1))
        elif len(picture.xyxy) and rng.random() < 2 / 3:
            # Rare classes are chosen as often as common ones, so that a van among a hundred people is learnt too.
            wanted = rng.choice(np.unique(picture.class_id))
            box = picture.xyxy[rng.choice(np.flatnonzero(picture.class_id == wanted))]
            x, y = (int((box[i] + box[i + 2]) / 2 - rng.uniform(0.1, 0.9) * side) for i in (0, 1))
        else:
            x, y = int(rng.integers(max(width - side, 0) + 1)), int(rng.integers(max(height - side, 0) + 1))
        x, y = max(min(x, width - side), 0), max(min(y, height - side), 0)
        tile = cut_tile(picture, image, x, y, side)
        if side != self._size_px:
            method = cv2.INTER_AREA if side > self._size_px else cv2.INTER_LINEAR
            resized = cv2.resize(tile.image_bgr, (self._size_px, self._size_px), interpolation=method)
            tile = Tile(np.asarray(resized, dtype=np.uint8), tile.xyxy * (self._size_px / side), tile.class_id)
        return tile

    def _vary(self, tile: Tile) -> Tile:
        rng, v = self._rng, self._variation
        image, xyxy = tile.image_bgr, tile.xyxy
        grey = bool((image[::8, ::8, 0] == image[::8, ::8, 2]).all())
        if rng.random() < v.flip:
            image = image[:, ::-1]
            xyxy = xyxy.copy()
            xyxy[:, [0, 2]] = self._size_px - xyxy[:, [2, 0]]
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
        return Tile(np.ascontiguousarray(image), xyxy, tile.class_id)
