"""A second look, enlarged, at the small things that the first look was not sure of.

A person is a dozen pixels high from patrol height, and an animal seen from above looks much like one. Enlarged twice, the
same network tells them apart far better: on 96 rendered pictures of unused worlds (seeds 700-707, day; 854 people, 290
animals) both looks together find 94 % of the people where the first alone finds 88 %, and take 8 animals for people in place
of 17; on 96 thermal pictures (708-710) as many people (93 %) and 8 animals in place of 14. Only what is doubtful is looked
at again, so that it costs a sixth of the first look at most: all places of a frame go through the network as one picture.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofences.geodesy import FloatArray
from vision.metrics import box_iou
from vision.records import CLASS_NAMES, Detections

_VEHICLE = CLASS_NAMES.index("vehicle")
_COLUMNS = 4
_SAME_IOU = 0.5


@dataclass(frozen=True)
class CloserLookSettings:
    """``max_places`` per frame (and ``max_share`` of the pixels of the first look): squares of ``source_px`` are enlarged by
    ``zoom``. Looked at again is what is at most ``max_object_px`` long and less sure than ``sure``; a find of the second
    look is the same thing as one of the first from ``min_iou`` on.

    Of both looks together a confidence of ``threshold_share`` of the model's thresholds counts as a find: at 0.26 in place
    of 0.35 more of the finds are people than with one look (97 of 100 by day, 93 by night; before: 96 and 92).
    """

    threshold_share: float = 0.75
    max_places: int = 8
    max_share: float = 0.17
    source_px: int = 64
    zoom: int = 2
    max_object_px: float = 40.0
    sure: float = 0.75
    min_iou: float = 0.3


@dataclass(frozen=True)
class Places:
    """What is looked at again: rows of the detections, rows of their animals, and the squares' upper left corners.

    ``corner_px`` ``(n, 2)``: first those of ``rows``, then those of ``animals``.
    """

    rows: NDArray[np.intp]
    animals: NDArray[np.intp]
    corner_px: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.corner_px)


class CloserLook:
    """Chooses the places, makes the picture for the network and fuses both looks."""

    def __init__(
        self, threshold: ArrayLike, weak_share: float = 1.0, settings: CloserLookSettings | None = None
    ) -> None:
        """``threshold`` ``(3,)``: the confidence per class that counts as a find; weaker ones are passed on from
        ``weak_share`` of it."""
        self.settings = settings or CloserLookSettings()
        self._threshold = np.asarray(threshold, dtype=np.float64)
        self._least = weak_share * self._threshold
        self._turn = 0

    def places(self, found: Detections, width: int, height: int, pixels: int) -> Places:
        """The most doubtful finds of a ``width`` x ``height`` picture whose first look had so many ``pixels``.

        People and two-wheelers first, those nearest to what counts as a find before the others; what room is left goes
        to the animals, other ones in each frame.
        """
        s = self.settings
        side = s.source_px
        room = min(s.max_places, int(s.max_share * pixels / (side * s.zoom) ** 2))
        if room <= 0 or side > min(width, height):
            return _NOWHERE
        small = _longest(found.xyxy) <= s.max_object_px
        wanted = np.flatnonzero(small & (found.class_id != _VEHICLE) & (found.confidence < s.sure))
        doubt = np.abs(found.confidence[wanted] - self._threshold[found.class_id[wanted]])
        rows = wanted[np.argsort(doubt, kind="stable")][:room]
        animals = np.flatnonzero(_longest(found.animal_xyxy) <= s.max_object_px)
        if len(animals):
            self._turn += 1
            animals = np.roll(animals, -(self._turn % len(animals)))[: room - len(rows)]
        boxes = np.concatenate([found.xyxy[rows], found.animal_xyxy[animals]])
        middle = 0.5 * (boxes[:, :2] + boxes[:, 2:])
        corner = np.clip(np.round(middle - side / 2.0), 0, [width - side, height - side]).astype(np.int64)
        return Places(rows, animals, corner)

    def picture(self, image_bgr: NDArray[np.uint8], places: Places) -> NDArray[np.uint8]:
        """The enlarged squares side by side, ``(128, 512, 3)`` or ``(256, 512, 3)`` at the default settings."""
        s = self.settings
        large = s.source_px * s.zoom
        rows = -(-len(places) // _COLUMNS)
        # 114: the grey with which the network's pictures are padded.
        out = np.full((rows * large, _COLUMNS * large, 3), 114, dtype=np.uint8)
        for number, (x, y) in enumerate(places.corner_px):
            part = image_bgr[y : y + s.source_px, x : x + s.source_px]
            down, across = divmod(number, _COLUMNS)
            out[down * large : (down + 1) * large, across * large : (across + 1) * large] = cv2.resize(
                part, (large, large), interpolation=cv2.INTER_LINEAR
            )
        return out

    def passed_on(self, found: Detections) -> Detections:
        """The finds that are sure enough without a second look."""
        return found.take(found.confidence >= self._least[found.class_id])

    def fused(
        self, found: Detections, places: Places, again: Detections, rivals: Detections | None = None
    ) -> Detections:
        """Both looks together: ``again`` is what the network found in :meth:`picture`.

        ``rivals``: all boxes of the first look, before the weaker ones of each thing were taken out of ``found``: what else
        it might have been there.

        The confidence is the mean of both looks, where one that did not see it counts 0; the class is the likelier one,
        the box the mean weighted by confidence. An animal is what the second look calls one unless both together
        find a person there; where it sees nothing, the first look stands.
        """
        n = len(places.rows)
        first = np.zeros((len(places), len(CLASS_NAMES)))
        first[np.arange(n), found.class_id[places.rows]] = found.confidence[places.rows]
        boxes = np.concatenate([found.xyxy[places.rows], found.animal_xyxy[places.animals]])
        if rivals is not None and len(rivals):
            same = box_iou(boxes[:n], rivals.xyxy) >= _SAME_IOU
            for class_id in range(len(CLASS_NAMES)):
                of_class = np.where(same & (rivals.class_id == class_id), rivals.confidence, 0.0).max(axis=1)
                first[:n, class_id] = np.maximum(first[:n, class_id], of_class)
        second, there, animal, fine = self._seen_again(boxes, places, again)
        score = 0.5 * (first + second)
        class_id = score.argmax(axis=1)
        weight = np.stack([first.max(axis=1), second.max(axis=1)])
        total = np.maximum(weight.sum(axis=0), 1e-9)
        xyxy = (weight[0, :, None] * boxes + weight[1, :, None] * there) / total[:, None]
        confidence = score.max(axis=1)
        rest = self.passed_on(_without(found, places))
        keep = confidence >= self._least[class_id]
        # Where an animal of the first look is nothing at all on the second, it stays one.
        animal[n:] |= second[n:].max(axis=1) == 0.0
        animal &= confidence < self._threshold[class_id]
        return Detections(
            np.concatenate([rest.xyxy, xyxy[keep]]),
            np.concatenate([rest.confidence, confidence[keep]]),
            np.concatenate([rest.class_id, class_id[keep].astype(np.int64)]),
            np.concatenate([rest.animal_xyxy, fine[animal]]),
        )

    def _seen_again(
        self, boxes: FloatArray, places: Places, again: Detections
    ) -> tuple[FloatArray, FloatArray, NDArray[np.bool_], FloatArray]:
        """Per place: confidence of each class and box of the surest; whether an animal and its box (its own box where none)."""
        n = len(places)
        score, there = np.zeros((n, len(CLASS_NAMES))), boxes.copy()
        animal, animal_box = np.zeros(n, dtype=np.bool_), boxes.copy()
        for row, place, box in self._of_places(boxes, places, again.xyxy):
            confidence, class_id = again.confidence[row], again.class_id[row]
            if confidence > score[place].max():
                there[place] = box
            score[place, class_id] = max(score[place, class_id], confidence)
        for _, place, box in self._of_places(boxes, places, again.animal_xyxy):
            animal[place], animal_box[place] = True, box
        return score, there, animal, animal_box

    def _of_places(self, boxes: FloatArray, places: Places, xyxy: FloatArray) -> Iterator[tuple[int, int, FloatArray]]:
        """Of boxes in the enlarged picture those that are the thing of their place: row, place, box in the full picture."""
        s = self.settings
        large = s.source_px * s.zoom
        across, down = np.floor(0.5 * (xyxy[:, :2] + xyxy[:, 2:]) / large).astype(np.int64).T
        for row, (column, line) in enumerate(zip(across.tolist(), down.tolist(), strict=True)):
            place = line * _COLUMNS + column
            if not (0 <= column < _COLUMNS and 0 <= place < len(places)):
                continue
            offset = np.tile([column * large, line * large], 2)
            box = (xyxy[row] - offset) / s.zoom + np.tile(places.corner_px[place], 2)
            if box_iou(boxes[place : place + 1], box[None])[0, 0] >= s.min_iou:
                yield row, place, box


def _longest(xyxy: FloatArray) -> FloatArray:
    return np.asarray((xyxy[:, 2:] - xyxy[:, :2]).max(axis=1) if len(xyxy) else np.zeros(0))


def _without(found: Detections, places: Places) -> Detections:
    """What is not looked at again."""
    keep, animals = np.ones(len(found), dtype=np.bool_), np.ones(len(found.animal_xyxy), dtype=np.bool_)
    keep[places.rows] = False
    animals[places.animals] = False
    return Detections(found.xyxy[keep], found.confidence[keep], found.class_id[keep], found.animal_xyxy[animals])


_NOWHERE = Places(np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp), np.zeros((0, 2), dtype=np.int64))
