"""Batches for training: random native-scale squares of the pictures, drawn so that batch n is always the same.

Everything random in tile number n comes from a generator of its own, seeded with the run's seed and n. A run that was
killed goes on with exactly the tiles that it would have seen, and several threads may cut tiles at once.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geofences.errors import ConfigError
from vision.dataset import LabelledPicture
from vision.train_tiles import Image, Tile, Variation, cut_tile, join_tiles, scale_tile, vary_tile

_GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True, eq=False)
class Batch:
    """``image`` ``(b, 3, s, s)`` uint8 RGB; ``box`` ``(n, 4)`` centre and extent 0..1; ``class_id``, ``owner`` ``(n,)``:
    the class of each box and the index of its picture in the batch, ascending. ``ignore_xyxy`` ``(m, 4)`` pixels and
    ``ignore_owner`` ``(m,)``: where finds are neither rewarded nor punished."""

    image: NDArray[np.uint8]
    box: NDArray[np.float32]
    class_id: NDArray[np.float32]
    owner: NDArray[np.float32]
    ignore_xyxy: NDArray[np.float32]
    ignore_owner: NDArray[np.int64]


class TileSampler:
    """Cuts batch number n, for any n. Decoded pictures are kept up to ``cache_gb``, grey ones with one channel."""

    def __init__(
        self,
        sources: Sequence[tuple[Sequence[LabelledPicture], float]],
        size_px: int,
        batch: int,
        seed: int,
        variation: Variation | None = None,
        cache_gb: float = 4.0,
    ) -> None:
        """``sources``: pictures and the share of the tiles that comes from them. Raises ConfigError without any."""
        used = [(list(pictures), share) for pictures, share in sources if pictures and share > 0]
        if not used:
            raise ConfigError("no training pictures", "give a data folder with a share over 0")
        self._sources = [pictures for pictures, _ in used]
        shares = np.array([share for _, share in used], dtype=float)
        self._upper = np.cumsum(shares / shares.sum())
        self._by_class = [_by_class(pictures) for pictures in self._sources]
        self._size_px = size_px
        self.tiles_per_batch = self._batch = batch
        self._variation = variation or Variation()
        self._seed = seed
        self._kept: dict[int, Image] = {}
        self._room_bytes = int(cache_gb * 1e9)
        self._lock = threading.Lock()

    def batch(self, number: int) -> Batch:
        """Batch ``number``, counted from 0. May be called from several threads."""
        first = number * self._batch
        source = self._source_of(first + self._batch)
        images, boxes, classes, owners, ignored, ignore_owners = [], [], [], [], [], []
        for index in range(self._batch):
            n = first + index
            turn = int(np.count_nonzero(source[:n] == source[n]))
            tile = self._tile(n, int(source[n]), turn)
            images.append(tile.image_bgr[:, :, ::-1].transpose(2, 0, 1))
            centre, extent = (tile.xyxy[:, :2] + tile.xyxy[:, 2:]) / 2, tile.xyxy[:, 2:] - tile.xyxy[:, :2]
            boxes.append(np.hstack([centre, extent]) / self._size_px)
            classes.append(tile.class_id)
            owners.append(np.full(len(tile.xyxy), index))
            ignored.append(tile.ignore_xyxy)
            ignore_owners.append(np.full(len(tile.ignore_xyxy), index))
        return Batch(
            np.stack(images),
            np.concatenate(boxes).astype(np.float32),
            np.concatenate(classes).astype(np.float32),
            np.concatenate(owners).astype(np.float32),
            np.concatenate(ignored).astype(np.float32),
            np.concatenate(ignore_owners).astype(np.int64),
        )

    def _source_of(self, count: int) -> NDArray[np.int8]:
        """Which source the first ``count`` tiles come from: evenly spread numbers, so that shares hold at any time."""
        spread = (np.arange(count) * _GOLDEN) % 1.0
        return np.minimum(np.searchsorted(self._upper, spread, side="right"), len(self._upper) - 1).astype(np.int8)

    def _tile(self, n: int, source: int, turn: int) -> Tile:
        rng = np.random.default_rng([self._seed, n])
        v = self._variation
        if rng.random() >= v.mosaic:
            picture, wanted = self._choose(rng, source, turn)
            return vary_tile(self._cut(rng, picture, wanted, self._size_px, self._size_px), rng, v)
        split_x, split_y = (int(rng.uniform(0.3, 0.7) * self._size_px) for _ in range(2))
        right, bottom = self._size_px - split_x, self._size_px - split_y
        quarters = []
        for number, (w, h) in enumerate(
            ((split_x, split_y), (right, split_y), (split_x, bottom), (right, bottom)),
        ):
            # The first has its turn; the other three are drawn from the same source, so that the shares hold.
            at = turn if number == 0 else int(rng.integers(len(self._sources[source])))
            quarters.append(self._cut(rng, *self._choose(rng, source, at), w, h))
        return vary_tile(join_tiles(quarters, split_x, split_y, self._size_px), rng, v)

    def _choose(self, rng: np.random.Generator, source: int, turn: int) -> tuple[LabelledPicture, int | None]:
        """A picture and the class to look for in it, None for any."""
        pictures, by_class = self._sources[source], self._by_class[source]
        if by_class and rng.random() < self._variation.balance:
            wanted = list(by_class)[rng.integers(len(by_class))]
            return pictures[by_class[wanted][rng.integers(len(by_class[wanted]))]], wanted
        round_number, place = divmod(turn, len(pictures))  # every picture once before any comes again
        order = np.random.default_rng([self._seed, source, round_number, 1]).permutation(len(pictures))
        return pictures[order[place]], None

    def _cut(
        self, rng: np.random.Generator, picture: LabelledPicture, wanted: int | None, width_px: int, height_px: int
    ) -> Tile:
        image = self._picture(picture)
        v = self._variation
        scale = float(np.exp(rng.uniform(-np.log(v.zoom_out), np.log(v.zoom_in))))
        width, height = max(round(width_px / scale), 1), max(round(height_px / scale), 1)
        place: NDArray[np.float64] | None = None
        if wanted is None and len(picture.hard_xy) and rng.random() < v.hard:
            place = picture.hard_xy[rng.integers(len(picture.hard_xy))]
        elif len(picture.xyxy) and (wanted is not None or rng.random() < 2 / 3):
            # Rare classes are chosen as often as common ones, so that a van among a hundred people is learnt too.
            chosen = rng.choice(np.unique(picture.class_id)) if wanted is None else wanted
            box = picture.xyxy[rng.choice(np.flatnonzero(picture.class_id == chosen))]
            place = (box[:2] + box[2:]) / 2
        free_x, free_y = max(image.shape[1] - width, 0), max(image.shape[0] - height, 0)
        if place is None:
            x, y = int(rng.integers(free_x + 1)), int(rng.integers(free_y + 1))
        else:
            x, y = (int(place[i] - rng.uniform(0.1, 0.9) * side) for i, side in ((0, width), (1, height)))
        tile = cut_tile(picture, image, max(min(x, free_x), 0), max(min(y, free_y), 0), width, height)
        return scale_tile(tile, width_px, height_px)

    def _picture(self, picture: LabelledPicture) -> Image:
        with self._lock:
            kept = self._kept.get(id(picture))
        if kept is not None:
            return kept
        image = picture.read_bgr()
        small = image
        if bool((image[..., 0] == image[..., 1]).all() and (image[..., 1] == image[..., 2]).all()):
            small = image[..., :1].copy()
        with self._lock:
            if id(picture) not in self._kept and small.nbytes <= self._room_bytes:
                self._kept[id(picture)] = small
                self._room_bytes -= small.nbytes
        return small


def _by_class(pictures: Sequence[LabelledPicture]) -> dict[int, list[int]]:
    """Class -> numbers of the pictures that have it, classes ascending."""
    out: dict[int, list[int]] = {}
    for number, picture in enumerate(pictures):
        for c in np.unique(picture.class_id):
            out.setdefault(int(c), []).append(number)
    return dict(sorted(out.items()))
