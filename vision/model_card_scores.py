"""What the model card measures: average precision by class, altitude and condition, recall by height, animals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from vision.dataset import LabelledPicture
from vision.detectors.base import Detector, DetectorInfo
from vision.evaluate_detector import GroupScore, evaluate
from vision.metrics import box_iou, match_greedily
from vision.records import CLASS_NAMES, Detections

HEIGHTS_PX = (0, 8, 12, 16, 24, 40)
"""Lower edges of the rows of the table of heights; the last is open."""

_PERSON = 0
_ANIMAL = len(CLASS_NAMES)
_ANIMAL_MIN_IOU = 0.3


@dataclass
class RecordingDetector:
    """A detector that keeps what it found, picture by picture."""

    detector: Detector
    found: list[Detections] = field(default_factory=list)

    @property
    def info(self) -> DetectorInfo:
        """The detector's own."""
        return self.detector.info

    def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
        """Boxes in pixels of ``image_bgr``, as the detector gives them."""
        self.found.append(self.detector.detect(image_bgr))
        return self.found[-1]


@dataclass(frozen=True)
class HeightRow:
    """Recall of one class for true boxes ``low_px`` to under ``high_px`` (None: open) high."""

    low_px: int
    high_px: int | None
    truths: int
    found: int


@dataclass(frozen=True)
class Measured:
    """One model on one set of pictures: ``scores`` by group; ``heights`` by class; of ``animals`` labelled,
    ``animals_as_person`` have a person's box on them."""

    scores: dict[str, GroupScore]
    heights: list[list[HeightRow]]
    animals: int
    animals_as_person: int
    median_ms: float


def measure(detector: Detector, pictures: Sequence[LabelledPicture], threshold: NDArray[np.float64]) -> Measured:
    """Scores ``detector``, which should pass on weak finds too; recall and animals are told at ``threshold`` ``(3,)``."""
    recording = RecordingDetector(detector)
    scores, took_ms = evaluate(recording, [p.without_animals() for p in pictures])
    confident = [_above(f, threshold) for f in recording.found]
    animals = [_animals_as_person(f, p) for f, p in zip(confident, pictures, strict=True)]
    return Measured(
        scores,
        [recall_by_height(confident, pictures, c) for c in range(len(CLASS_NAMES))],
        sum(a for a, _ in animals),
        sum(b for _, b in animals),
        float(np.median(took_ms)) if took_ms else float("nan"),
    )


def _above(found: Detections, threshold: NDArray[np.float64]) -> Detections:
    keep = found.confidence >= threshold[found.class_id]
    return Detections(found.xyxy[keep], found.confidence[keep], found.class_id[keep])


def recall_by_height(
    found: Sequence[Detections], pictures: Sequence[LabelledPicture], class_id: int, min_iou: float = 0.5
) -> list[HeightRow]:
    """How many true boxes of a class were found, by their height in pixels."""
    heights: list[NDArray[np.float64]] = []
    hits: list[NDArray[np.bool_]] = []
    for told, picture in zip(found, pictures, strict=True):
        truth = picture.xyxy[picture.class_id == class_id]
        mine = told.class_id == class_id
        matched = match_greedily(told.xyxy[mine], told.confidence[mine], truth, min_iou)
        hits.append(np.isin(np.arange(len(truth)), matched))
        heights.append(truth[:, 3] - truth[:, 1])
    height = np.concatenate([np.zeros(0), *heights])
    hit = np.concatenate([np.zeros(0, dtype=bool), *hits])
    rows = []
    for low, high in zip(HEIGHTS_PX, (*HEIGHTS_PX[1:], None), strict=True):
        inside = (height >= low) & (height < (high if high is not None else np.inf))
        rows.append(HeightRow(low, high, int(inside.sum()), int(hit[inside].sum())))
    return rows


def _animals_as_person(found: Detections, picture: LabelledPicture) -> tuple[int, int]:
    animals = picture.xyxy[picture.class_id == _ANIMAL]
    persons = found.xyxy[found.class_id == _PERSON]
    if len(animals) == 0 or len(persons) == 0:
        return len(animals), 0
    return len(animals), int((box_iou(animals, persons).max(axis=1) >= _ANIMAL_MIN_IOU).sum())


def height_table(heights: Sequence[Sequence[HeightRow]]) -> str:
    """Recall by height as a Markdown table; classes across."""
    head = ["height", *(f"{c} recall (n)" for c in CLASS_NAMES)]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for rows in zip(*heights, strict=True):
        low, high = rows[0].low_px, rows[0].high_px
        name = f"{low} px and more" if high is None else f"under {high} px" if low == 0 else f"{low} to {high - 1} px"
        cells = [f"{r.found / r.truths:.2f} ({r.truths})" if r.truths else "-" for r in rows]
        lines.append("| " + " | ".join([name, *cells]) + " |")
    return "\n".join(lines)
