"""Finds where a model takes something else for one of its classes: ``python -m vision.train_mine --out hard.json ...``.

Animals, bushes and warm stones carry no labels. Training that looks at them more often (``vision.train --hard``) learns
sooner that they are nobody. Only training pictures are searched.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from geofences.errors import MarchwardenError
from vision.dataset import LabelledPicture, read_hit_uav, read_sim_frames
from vision.detectors.base import Detector
from vision.detectors.onnx import DEFAULT_MODEL, OnnxDetector, OnnxOptions
from vision.metrics import box_iou, covered_share
from vision.records import CLASS_NAMES


def mine(detector: Detector, pictures: Iterable[LabelledPicture]) -> dict[str, list[list[float]]]:
    """File name -> centres (pixels) of finds that touch no label and no ignored region."""
    places: dict[str, list[list[float]]] = {}
    for picture in pictures:
        found = detector.detect(picture.read_bgr())
        touching = box_iou(found.xyxy, picture.xyxy).max(axis=1, initial=0.0) > 0.1
        wrong = found.xyxy[~touching & (covered_share(found.xyxy, picture.ignore_xyxy) < 0.5)]
        if len(wrong):
            centres = (wrong[:, :2] + wrong[:, 2:]) / 2
            places[picture.path.name] = [[round(float(v), 1) for v in c] for c in centres]
    return places


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    p = argparse.ArgumentParser(prog="python -m vision.train_mine", description="Find a model's false finds.")
    p.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    p.add_argument("--hit-uav", type=Path)
    p.add_argument("--sim-frames", type=Path)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--least", type=float, default=0.2, help="least confidence of a find that counts")
    p.add_argument("--every", type=int, default=1, help="search each n-th picture only")
    options = p.parse_args(argv)
    try:
        pictures: list[LabelledPicture] = []
        if options.hit_uav is not None:
            pictures += read_hit_uav(options.hit_uav)
        if options.sim_frames is not None:
            pictures += read_sim_frames(options.sim_frames)
        chosen = [q.without_animals() for q in pictures if q.split == "train"][:: options.every]
        detector = OnnxDetector(options.model, OnnxOptions(threshold=dict.fromkeys(CLASS_NAMES, options.least)))
        places = mine(detector, chosen)
    except MarchwardenError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    options.out.write_text(json.dumps(places) + "\n", encoding="utf-8")
    print(f"{sum(len(v) for v in places.values())} false finds in {len(chosen)} pictures: {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
