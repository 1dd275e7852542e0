"""Scores a model on labelled pictures: ``python -m vision.evaluate --model FILE --hit-uav DIR | --sim-frames DIR``.

Prints AP50, precision and recall of every class, over all pictures and by altitude and condition. Uses the validation
part of the split unless told otherwise.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from geofences.errors import ConfigError, MarchwardenError
from vision.dataset import LabelledPicture, read_hit_uav, read_sim_frames
from vision.detectors.base import Detector
from vision.detectors.onnx import DEFAULT_MODEL, OnnxDetector, OnnxOptions
from vision.metrics import DetectionScore, mean_ap50
from vision.records import CLASS_NAMES

LOW_ALTITUDE_M = 80.0
HIGH_ALTITUDE_M = 110.0


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


def evaluate(detector: Detector, pictures: Iterable[LabelledPicture]) -> tuple[dict[str, DetectionScore], list[float]]:
    """Scores by group, and the milliseconds that each picture took."""
    scores: dict[str, DetectionScore] = defaultdict(DetectionScore)
    took_ms = []
    for picture in pictures:
        image = picture.read_bgr()
        started = time.perf_counter()
        found = detector.detect(image)
        took_ms.append((time.perf_counter() - started) * 1e3)
        for group in groups_of(picture):
            scores[group].add(found, picture.xyxy, picture.class_id, picture.ignore_xyxy)
    return dict(scores), took_ms


def table(scores: dict[str, DetectionScore], threshold: Sequence[float]) -> str:
    """The scores as a Markdown table; precision and recall at each class's own threshold."""
    head = ["pictures", "group", "mAP50"] + [f"{c} AP50 (P / R, n)" for c in CLASS_NAMES]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for group, score in sorted(scores.items()):
        by_class = [score.per_class(t)[c] for c, t in enumerate(threshold)]
        cells = [str(score.pictures), group, f"{mean_ap50(by_class):.3f}"]
        for s in by_class:
            cells.append(f"{s.ap50:.3f} ({s.precision:.2f} / {s.recall:.2f}, {s.truths})" if s.truths else "-")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    p = argparse.ArgumentParser(prog="python -m vision.evaluate", description="Score a detector model.")
    p.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    p.add_argument("--hit-uav", type=Path, help="HIT-UAV folder")
    p.add_argument("--sim-frames", type=Path, help="folder written by `python -m sim.frames`")
    p.add_argument("--split", choices=("train", "val", "margin"), default="val")
    p.add_argument("--threads", type=int, default=2)
    p.add_argument("--beta", type=float, default=0.7, help="tell the thresholds of the highest F-beta (1: F1)")
    p.add_argument("--every", type=int, default=1, help="use each n-th picture only")
    options = p.parse_args(argv)
    try:
        pictures: list[LabelledPicture] = []
        if options.hit_uav is not None:
            pictures += read_hit_uav(options.hit_uav)
        if options.sim_frames is not None:
            pictures += read_sim_frames(options.sim_frames)
        chosen = [q.without_animals() for q in pictures if q.split == options.split][:: options.every]
        if not chosen:
            raise ConfigError(f"no pictures of the part {options.split!r}", "give --hit-uav or --sim-frames")
        thresholds = OnnxDetector(options.model).threshold
        low = dict.fromkeys(CLASS_NAMES, 0.01)
        detector = OnnxDetector(options.model, OnnxOptions(threads=options.threads, threshold=low))
        scores, took_ms = evaluate(detector, chosen)
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    told = ", ".join(f"{c} {t:.2f}" for c, t in zip(CLASS_NAMES, thresholds, strict=True))
    print(f"{detector.info.name} {detector.info.sha256[:12]}, {detector.info.runtime}; P / R at {told}")
    print(table(scores, list(thresholds)))
    best = ", ".join(
        f"{c} {t:.2f}" for c, t in zip(CLASS_NAMES, scores["all"].best_thresholds(options.beta), strict=True)
    )
    print(f"highest F-{options.beta:g} at {best}")
    took_ms.sort()
    print(f"{took_ms[len(took_ms) // 2]:.0f} ms a picture (median)")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
