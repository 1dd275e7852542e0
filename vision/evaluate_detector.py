"""``python -m vision.evaluate detector --hit-uav DIR | --sim-frames DIR | --aerial-cars DIR``: a model on labelled pictures.

AP50, AP50-95 (COCO's mean over IoU .50 to .95), precision and recall of every class, over all pictures and by altitude,
condition and size of the object. Uses the validation part of the split unless told otherwise.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geofences.errors import ConfigError
from vision.dataset import LabelledPicture, read_aerial_cars, read_hit_uav, read_sim_frames
from vision.detectors.base import Detector
from vision.detectors.onnx import DEFAULT_MODEL, OnnxDetector, OnnxOptions
from vision.metrics import DetectionScore, box_iou, mean_ap50
from vision.records import CLASS_NAMES, Detections, FloatArray

LOW_ALTITUDE_M = 80.0
HIGH_ALTITUDE_M = 110.0
SIZES = (
    ("size: under 16 px", 0.0, 16.0),
    ("size: 16 to 32 px", 16.0, 32.0),
    ("size: 32 px and more", 32.0, float("inf")),
)
"""Rows by the square root of the object's area in pixels."""
IOU_STEPS = tuple(np.linspace(0.5, 0.95, 10).round(2).tolist())


@dataclass
class GroupScore:
    """One row of the table: a :class:`DetectionScore` at each of :data:`IOU_STEPS`."""

    steps: list[DetectionScore] = field(default_factory=lambda: [DetectionScore(iou) for iou in IOU_STEPS])

    @property
    def at_50(self) -> DetectionScore:
        """The score at IoU .50."""
        return self.steps[0]

    @property
    def pictures(self) -> int:
        """How many pictures count in it."""
        return self.at_50.pictures

    def add(self, found: Detections, picture: LabelledPicture, kept: NDArray[np.bool_] | None = None) -> None:
        """One picture; with ``kept`` ``(n,)`` bool only those true boxes count, the others are neither wanted nor wrong."""
        truth, class_id, ignore = picture.xyxy, picture.class_id, picture.ignore_xyxy
        if kept is not None:
            ignore = np.concatenate([ignore.reshape(-1, 4), truth[~kept]])
            truth, class_id = truth[kept], class_id[kept]
        for score in self.steps:
            score.add(found, truth, class_id, ignore)

    def ap50_95(self) -> list[float]:
        """By class; NaN where there is nothing to find."""
        return [float(np.mean([s.per_class(1.1)[c].ap50 for s in self.steps])) for c in range(len(CLASS_NAMES))]


def groups_of(picture: LabelledPicture) -> list[str]:
    """The rows of the table that a picture counts in."""
    rows = ["all"]
    if picture.altitude_m is not None:
        if picture.altitude_m <= LOW_ALTITUDE_M:
            rows.append(f"at or under {LOW_ALTITUDE_M:.0f} m")
        elif picture.altitude_m >= HIGH_ALTITUDE_M:
            rows.append(f"at or over {HIGH_ALTITUDE_M:.0f} m")
        else:
            rows.append("between")
    if picture.group:
        rows.append(picture.group)
    return rows


def side_px(xyxy: FloatArray) -> FloatArray:
    """Square root of the area of boxes ``(n, 4)``, ``(n,)``."""
    return np.asarray(np.sqrt(np.prod(np.maximum(xyxy[:, 2:] - xyxy[:, :2], 0.0), axis=1)))


def of_size(
    found: Detections, picture: LabelledPicture, low: float, high: float
) -> tuple[Detections, NDArray[np.bool_]]:
    """``(detections, kept truth)`` for one row of sizes: a detection of another size counts only where it finds an
    object of this one."""
    kept = (side_px(picture.xyxy) >= low) & (side_px(picture.xyxy) < high)
    mine = (side_px(found.xyxy) >= low) & (side_px(found.xyxy) < high)
    if kept.any() and len(found):
        mine |= box_iou(found.xyxy, picture.xyxy[kept]).max(axis=1) >= IOU_STEPS[0]
    return Detections(found.xyxy[mine], found.confidence[mine], found.class_id[mine]), kept


def evaluate(detector: Detector, pictures: Iterable[LabelledPicture]) -> tuple[dict[str, GroupScore], list[float]]:
    """Scores by group, and the milliseconds that each picture took."""
    scores: dict[str, GroupScore] = defaultdict(GroupScore)
    took_ms = []
    for picture in pictures:
        image = picture.read_bgr()
        started = time.perf_counter()
        found = detector.detect(image)
        took_ms.append((time.perf_counter() - started) * 1e3)
        for group in groups_of(picture):
            scores[group].add(found, picture)
        for name, low, high in SIZES:
            sized, kept = of_size(found, picture, low, high)
            if kept.any() or len(sized):
                scores[name].add(sized, picture, kept)
    return dict(scores), took_ms


def as_json(scores: dict[str, GroupScore], threshold: Sequence[float]) -> dict[str, Any]:
    """The table's numbers."""
    document: dict[str, Any] = {}
    for group, score in scores.items():
        wide = score.ap50_95()
        rows = {}
        for c, name in enumerate(CLASS_NAMES):
            one = score.at_50.per_class(threshold[c])[c]
            if one.truths:
                rows[name] = {
                    "ap50": one.ap50, "ap50_95": wide[c], "precision": one.precision, "recall": one.recall,
                    "truths": one.truths,
                }  # fmt: skip
        document[group] = {"pictures": score.pictures, "classes": rows}
    return document


def table(scores: dict[str, GroupScore], threshold: Sequence[float]) -> str:
    """The scores as a Markdown table; precision and recall at each class's own threshold."""
    head = ["pictures", "group", "mAP50", "mAP50-95"] + [f"{c} AP50 / 50-95 (P / R, n)" for c in CLASS_NAMES]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for group, score in sorted(scores.items()):
        by_class = [score.at_50.per_class(t)[c] for c, t in enumerate(threshold)]
        wide = score.ap50_95()
        known = [w for w, s in zip(wide, by_class, strict=True) if s.truths]
        cells = [str(score.pictures), group, f"{mean_ap50(by_class):.3f}"]
        cells.append(f"{float(np.mean(known)):.3f}" if known else "-")
        for s, w in zip(by_class, wide, strict=True):
            cells.append(
                f"{s.ap50:.3f} / {w:.3f} ({s.precision:.2f} / {s.recall:.2f}, {s.truths})" if s.truths else "-"
            )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The subcommand's options."""
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    parser.add_argument("--hit-uav", type=Path, help="HIT-UAV folder")
    parser.add_argument("--aerial-cars", type=Path, help="folder of the aerial cars")
    parser.add_argument("--sim-frames", type=Path, help="folder written by `python -m sim.frames`")
    parser.add_argument("--split", choices=("train", "val", "margin"), default="val")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--beta", type=float, default=0.7, help="tell the thresholds of the highest F-beta (1: F1)")
    parser.add_argument("--every", type=int, default=1, help="use each n-th picture only")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers here too")


def run(options: argparse.Namespace) -> int:
    """Print the table; raises :class:`ConfigError` and ``ModelError``."""
    pictures: list[LabelledPicture] = []
    if options.hit_uav is not None:
        pictures += read_hit_uav(options.hit_uav)
    if options.aerial_cars is not None:
        pictures += read_aerial_cars(options.aerial_cars)
    if options.sim_frames is not None:
        pictures += read_sim_frames(options.sim_frames)
    chosen = [q.without_animals() for q in pictures if q.split == options.split][:: options.every]
    if not chosen:
        raise ConfigError(f"no pictures of the part {options.split!r}", "give --hit-uav, --aerial-cars or --sim-frames")
    thresholds = OnnxDetector(options.model).threshold
    low = dict.fromkeys(CLASS_NAMES, 0.01)
    detector = OnnxDetector(options.model, OnnxOptions(threads=options.threads, threshold=low))
    scores, took_ms = evaluate(detector, chosen)
    told = ", ".join(f"{c} {t:.2f}" for c, t in zip(CLASS_NAMES, thresholds, strict=True))
    print(f"{detector.info.name} {detector.info.sha256[:12]}, {detector.info.runtime}; P / R at {told}")
    print(table(scores, list(thresholds)))
    best = ", ".join(
        f"{c} {t:.2f}" for c, t in zip(CLASS_NAMES, scores["all"].at_50.best_thresholds(options.beta), strict=True)
    )
    print(f"highest F-{options.beta:g} at {best}")
    took_ms.sort()
    print(f"{took_ms[len(took_ms) // 2]:.0f} ms a picture (median)")
    if options.json is not None:
        try:
            options.json.write_text(json.dumps(as_json(scores, list(thresholds)), indent=1), encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"{options.json}: cannot be written: {error.strerror}", "give another file") from error
    return 0
