"""Trackers scored on image boxes by TrackEval: HOTA (Luiten et al., IJCV 129, 2021), IDF1 and identity switches.

The truth of a frame are the persons, vehicles and two-wheelers of which at least ``MIN_VISIBLE`` shows. A tracker's box on
one that shows less counts for nothing; a box on an animal or on nothing is false. Classes are not compared.
"""

from __future__ import annotations

import contextlib
import importlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geofences.errors import ConfigError
from vision.evaluate_case import TruthFrame
from vision.evaluate_replay import Replay
from vision.metrics import box_iou, match_greedily
from vision.records import FloatArray

MIN_VISIBLE = 0.3


@dataclass(frozen=True, eq=False)
class BoxTracks:
    """What a tracker said of one frame: ``track_id`` ``(n,)`` and ``xyxy`` ``(n, 4)``."""

    track_id: NDArray[np.int64]
    xyxy: FloatArray


@dataclass(frozen=True)
class TrackScore:
    """HOTA, its detection and association parts and IDF1 in 0..1; identity switches; objects and frames' boxes counted."""

    hota: float
    det_a: float
    ass_a: float
    idf1: float
    id_switches: int
    objects: int
    boxes: int


def own_tracks(run: Replay) -> list[BoxTracks]:
    """What the station's tracker told in each frame: confirmed tracks with a box."""
    result = []
    for frame in run.frames:
        told = frame.told
        result.append(BoxTracks(frame.tracks.track_id[told], frame.tracks.xyxy[told]))
    return result


def sequence(truth: Sequence[TruthFrame], told: Sequence[BoxTracks]) -> dict[str, Any]:
    """One sequence in the form that TrackEval's metrics take."""
    gt_ids, tracker_ids, similarity = [], [], []
    for true, frame in zip(truth, told, strict=True):
        wanted = true.counts & (true.visible >= MIN_VISIBLE)
        # Boxes that fit somebody hardly visible better than anybody else are left out.
        best = match_greedily(frame.xyxy, np.ones(len(frame.xyxy)), true.xyxy, 0.5)
        vague = true.counts & ~wanted
        kept = np.array([b < 0 or not vague[b] for b in best], dtype=np.bool_)
        gt_ids.append(true.object_id[wanted])
        tracker_ids.append(frame.track_id[kept])
        similarity.append(box_iou(true.xyxy[wanted], frame.xyxy[kept]))
    gt_ids, gt_count = _numbered(gt_ids)
    tracker_ids, tracker_count = _numbered(tracker_ids)
    return {
        "num_timesteps": len(gt_ids),
        "num_gt_ids": gt_count,
        "num_tracker_ids": tracker_count,
        "num_gt_dets": sum(len(v) for v in gt_ids),
        "num_tracker_dets": sum(len(v) for v in tracker_ids),
        "gt_ids": gt_ids,
        "tracker_ids": tracker_ids,
        "similarity_scores": similarity,
    }


def _numbered(ids: list[NDArray[np.int64]]) -> tuple[list[NDArray[np.int64]], int]:
    known = np.unique(np.concatenate(ids)) if ids else np.zeros(0, dtype=np.int64)
    return [np.searchsorted(known, v) for v in ids], len(known)


class TrackerEvaluation:
    """Collects sequences by name and tells the score over all of them, weighted as TrackEval does."""

    def __init__(self) -> None:
        # The library greets on the standard output, which belongs to the table.
        with contextlib.redirect_stdout(io.StringIO()):
            try:
                metrics: Any = importlib.import_module("trackeval.metrics")
            except ImportError as error:
                raise ConfigError(
                    "trackers are scored by TrackEval, which is not installed", "pip install trackeval"
                ) from error
            quiet = {"PRINT_CONFIG": False}
            self._metrics: dict[str, Any] = {
                "hota": metrics.HOTA(), "clear": metrics.CLEAR(quiet), "identity": metrics.Identity(quiet),
            }  # fmt: skip
        self._results: dict[str, dict[str, Any]] = {name: {} for name in self._metrics}
        self._objects = self._boxes = 0

    def add(self, name: str, data: dict[str, Any]) -> TrackScore:
        """Take one :func:`sequence`; its own score."""
        one = {}
        for key, metric in self._metrics.items():
            with contextlib.redirect_stdout(io.StringIO()):
                one[key] = self._results[key][name] = metric.eval_sequence(data)
        self._objects += data["num_gt_ids"]
        self._boxes += data["num_gt_dets"]
        return self._score({k: m.combine_sequences({name: one[k]}) for k, m in self._metrics.items()}, data)

    def total(self) -> TrackScore:
        """Over everything added; raises ``ValueError`` when nothing was."""
        if not self._results["hota"]:
            raise ValueError("no sequence was added")
        combined = {k: m.combine_sequences(self._results[k]) for k, m in self._metrics.items()}
        return self._score(combined, {"num_gt_ids": self._objects, "num_gt_dets": self._boxes})

    def _score(self, found: dict[str, Any], data: dict[str, Any]) -> TrackScore:
        hota = found["hota"]
        return TrackScore(
            float(np.mean(hota["HOTA"])), float(np.mean(hota["DetA"])), float(np.mean(hota["AssA"])),
            float(found["identity"]["IDF1"]), int(found["clear"]["IDSW"]), data["num_gt_ids"], data["num_gt_dets"],
        )  # fmt: skip
