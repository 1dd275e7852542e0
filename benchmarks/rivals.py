"""The other trackers that ours is measured beside: ByteTrack, OC-SORT and BoT-SORT of ``trackers`` on the boxes of a case.

``python benchmarks/rivals.py --suite DIR [--tracker NAME]`` prints what each of the settings in ``GRID`` makes of some
development flights; the best of each tracker stands in ``BEST`` and is what ``benchmarks/tracking.py`` shows beside the
defaults. Never run it on the seeds that are judged by.

What is fair: every tracker gets the boxes that ours gets, the true frame rate and the frames' own times (so that a dropped
frame is a longer step). BoT-SORT compensates for the camera's motion by comparing pictures. The suite has none, so it gets
the motion of the ground by the poses, which is what ours has to do with. How much better a comparison of pictures could
make it tells the row "true motion": how the true places of all who are in view move in the picture, or the poses, whichever
fits the true boxes better; no comparison of pictures finds more than that. ByteTrack and OC-SORT have no such input.
"""

from __future__ import annotations

import argparse
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from vision.evaluate_case import Case, TruthFrame, read_case, read_cases
from vision.evaluate_replay import ReplaySettings, Stages
from vision.evaluate_tracker import BoxTracks, TrackerEvaluation, sequence
from vision.georeference import Georeferencer
from vision.records import FloatArray

Settings = Mapping[str, Any]
NAMES = ("ByteTrack", "OC-SORT", "BoT-SORT")
_LEAST_BOXES = 6


def _feet(truth: TruthFrame) -> FloatArray:
    return np.stack([0.5 * (truth.xyxy[:, 0] + truth.xyxy[:, 2]), truth.xyxy[:, 3]], axis=1)


class PictureMotion:
    """The affine transformation of the picture from one frame of a case to the next; in the place of BoT-SORT's comparison
    of pictures."""

    def __init__(self, case: Case, of_truth: bool) -> None:
        self._case, self._ground = case, Georeferencer(case.frame, case.terrain)
        self._of_truth = of_truth
        self.number = 0
        """The frame that is asked about; set before each call."""

    def estimate(self, picture: object, boxes: object = None) -> FloatArray:
        """``(2, 3)`` from pixels of the frame before to those of the frame, as ``trackers`` calls it."""
        if self.number == 0:
            return np.eye(2, 3)
        by_poses = self._of_poses()
        by_places = self._of_places() if self._of_truth else None
        if by_places is None:
            return by_poses
        return min(by_poses, by_places, key=self._missed_px)

    def _missed_px(self, motion: FloatArray) -> float:
        """By how much the true boxes of the frame before are put beside those of this frame; most people hardly move."""
        before, now = self._case.truth[self.number - 1 : self.number + 1]
        _, i, j = np.intersect1d(before.object_id, now.object_id, return_indices=True)
        beside = _feet(before)[i] @ motion[:, :2].T + motion[:, 2] - _feet(now)[j]
        return float(np.median(np.hypot(beside[:, 0], beside[:, 1]))) if len(i) else 0.0

    def _of_places(self) -> FloatArray | None:
        """Where the places of a frame before lie now: from true places and boxes, so that nobody's own steps are in it."""
        before, now = self._case.truth[self.number - 1 : self.number + 1]
        if min(len(before.en_m), len(now.en_m)) < _LEAST_BOXES:
            return None
        picture, agree = cv2.findHomography(now.en_m, _feet(now), 0)
        if picture is None or agree.sum() < _LEAST_BOXES:
            return None
        moved = cv2.perspectiveTransform(before.en_m[None], picture)[0]
        found, agree = cv2.estimateAffine2D(_feet(before), moved, ransacReprojThreshold=2.0)
        if found is None or agree.sum() < _LEAST_BOXES or not np.isfinite(found).all():
            return None
        return np.asarray(found, dtype=np.float64)

    def _of_poses(self) -> FloatArray:
        frames = self._case.frames[self.number - 1 : self.number + 1]
        if any(self._ground.pose_refusal(f.pose, f.t_utc_us) for f in frames):
            return np.eye(2, 3)
        before, now = (self._ground.view(f.pose, f.width, f.height) for f in frames)
        width, height = frames[0].width, frames[0].height
        x, y = np.meshgrid(np.linspace(0.1, 0.9, 4) * width, np.linspace(0.1, 0.9, 4) * height)
        pixels = np.stack([x.ravel(), y.ravel()], axis=1)
        ground = self._ground.points(before, pixels, np.ones_like(pixels))
        moved = now.project_geodetic(ground.lat_deg, ground.lon_deg, ground.alt_amsl_m)
        seen = np.isfinite(moved).all(axis=1)
        if seen.sum() < 4:
            return np.eye(2, 3)
        fit, *_ = np.linalg.lstsq(np.column_stack([pixels[seen], np.ones(seen.sum())]), moved[seen], rcond=None)
        return np.asarray(fit.T)


def make(name: str, case: Case, settings: Settings) -> Any:
    """One of the trackers for a case. ``iou`` among the settings is the name of a class of ``trackers``;
    ``true_motion``: of the picture, see above."""
    import trackers

    kinds = {
        "ByteTrack": trackers.ByteTrackTracker,
        "OC-SORT": trackers.OCSORTTracker,
        "BoT-SORT": trackers.BoTSORTTracker,
    }
    values = dict(settings)
    of_truth = values.pop("true_motion", False)
    if "iou" in values:
        values["iou"] = getattr(trackers, values["iou"])()
    tracker = kinds[name](frame_rate=case.frames_per_s, **values)
    if name == "BoT-SORT":
        tracker.cmc = PictureMotion(case, of_truth)
    return tracker


def run_rival(tracker: Any, case: Case, stages: Stages) -> list[BoxTracks]:
    """What a tracker says of a case, fed what the station's detector passes on."""
    import supervision

    result, start_us = [], case.frames[0].t_utc_us
    motion = getattr(tracker, "cmc", None)
    for number, frame in enumerate(case.frames):
        boxes = stages.filtered(frame.detections)
        found = supervision.Detections(
            xyxy=boxes.xyxy.astype(np.float32),
            confidence=boxes.confidence.astype(np.float32),
            class_id=boxes.class_id,
        )
        picture = None
        if isinstance(motion, PictureMotion):
            motion.number, picture = number, np.zeros((1, 1, 3), dtype=np.uint8)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            told = tracker.update(found, frame=picture, timestamp=1.0 + (frame.t_utc_us - start_us) / 1e6)
        ids = np.asarray(told.tracker_id if told.tracker_id is not None else [], dtype=np.int64)
        kept = ids >= 0
        result.append(BoxTracks(ids[kept], np.asarray(told.xyxy, dtype=np.float64).reshape(-1, 4)[kept]))
    return result


@dataclass(frozen=True)
class Rival:
    """A row of the table."""

    name: str
    tracker: str
    settings: Settings

    def run(self, case: Case, stages: Stages) -> list[BoxTracks]:
        """The tracker on one case."""
        return run_rival(make(self.tracker, case, self.settings), case, stages)


_LEAST = 0.35
"""The confidence from which the station takes a person for strong."""
_START: dict[str, dict[str, Any]] = {
    "ByteTrack": {"high_conf_det_threshold": _LEAST, "track_activation_threshold": _LEAST},
    "OC-SORT": {"high_conf_det_threshold": _LEAST},
    "BoT-SORT": {"high_conf_det_threshold": _LEAST, "track_activation_threshold": _LEAST},
}
_TOUCHING = {"iou": "BIoU"}  # boxes of people are as large as their way from frame to frame: their surroundings overlap
BEST: dict[str, dict[str, Any]] = {
    "ByteTrack": _START["ByteTrack"] | _TOUCHING | {"minimum_iou_threshold": 0.02},
    "OC-SORT": _START["OC-SORT"]
    | _TOUCHING
    | {"minimum_iou_threshold": 0.02, "minimum_consecutive_frames": 1, "lost_track_buffer": 60},
    "BoT-SORT": _START["BoT-SORT"]
    | _TOUCHING
    | {
        "minimum_iou_threshold_first_assoc": 0.02,
        "minimum_iou_threshold_second_assoc": 0.05,
        "minimum_iou_threshold_unconfirmed_assoc": 0.05,
    },
}
"""Of ``GRID``, on development flights."""


def rivals() -> list[Rival]:
    """The rows: each tracker as it comes, and with its best settings."""
    rows = [Rival(n + how, n, s) for n in NAMES for how, s in (("", {}), (", best settings", BEST[n]))]
    return [*rows, Rival("BoT-SORT, best settings, true motion", "BoT-SORT", BEST["BoT-SORT"] | {"true_motion": True})]


GRID: dict[str, tuple[dict[str, Any], ...]] = {
    "ByteTrack": (
        {},
        {"high_conf_det_threshold": 0.2},
        {"minimum_consecutive_frames": 3, "lost_track_buffer": 60},
        {"iou": "DIoU", "minimum_iou_threshold": -0.3},
        _TOUCHING | {"minimum_iou_threshold": 0.02},
    ),
    "OC-SORT": (
        {},
        {"minimum_iou_threshold": 0.1},
        {"iou": "DIoU", "minimum_iou_threshold": -0.3, "minimum_consecutive_frames": 1},
        _TOUCHING | {"minimum_iou_threshold": 0.05, "minimum_consecutive_frames": 1, "high_conf_det_threshold": 0.2},
        BEST["OC-SORT"],
    ),
    "BoT-SORT": (
        {},
        {"high_conf_det_threshold": 0.2, "lost_track_buffer": 60},
        _TOUCHING | {"minimum_iou_threshold_first_assoc": 0.05, "minimum_iou_threshold_second_assoc": 0.2},
        BEST["BoT-SORT"],
    ),
}
"""What is changed of the station's thresholds."""


def main(arguments: list[str] | None = None) -> int:
    """Entry point; returns the exit code."""
    parser = argparse.ArgumentParser(description="Settings of the other trackers on development flights.")
    parser.add_argument("--suite", type=Path, required=True, metavar="DIR", help="written by `python -m sim.suite`")
    parser.add_argument("--tracker", choices=NAMES, nargs="*", default=NAMES)
    options = parser.parse_args(arguments)
    cases = [read_case(folder) for folder in read_cases(options.suite)]
    stages = [Stages(case, ReplaySettings()) for case in cases]
    for name in options.tracker:
        for change in GRID[name]:
            total = TrackerEvaluation()
            for case, stage in zip(cases, stages, strict=True):
                told = run_rival(make(name, case, {**_START[name], **change}), case, stage)
                total.add(case.label, sequence(case.truth, told))
            score = total.total()
            print(
                f"{name:10s} HOTA {score.hota:.3f} IDF1 {score.idf1:.3f} IDSW {score.id_switches:5d} {change}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
