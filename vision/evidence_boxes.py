"""What the detector saw in every picture of the last seconds: boxes, kept so that evidence can be shown to others.

Whoever is given a clip must not see people it is not about. The boxes of everybody in it are therefore kept with it:
all detections down to the weakest the network passes on, those that could not be put on the ground included, and the
boxes of all tracks. Boxes, classes and numbers only: nothing that describes what a person looks like.
"""

from __future__ import annotations

import json
import os
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vision.clip import ClipInfo
from vision.pipeline import PipelineOutput
from vision.records import CLASS_NAMES, Frame, TrackStatus

SIDECAR_SUFFIX = ".boxes.json"
_AROUND_US = 1_500_000
"""Pictures this much before and after a clip are kept with it: a box is carried on from there into the clip."""


@dataclass(frozen=True)
class LookedAt:
    """One picture that the detector looked at.

    ``pts_s`` is the picture's time in the stream, the one thing that clip and boxes share exactly. ``region``
    ``(x0, y0, x1, y1)`` is the part that was looked at; boxes are ``x0, y0, x1, y1`` in pixels of the full picture.
    ``detections`` are ``(box, class id, confidence)``, ``tracks`` ``(track number, status, box)``.
    """

    t_utc_us: int
    pts_s: float
    time_source: str
    size_wh: tuple[int, int]
    region: tuple[int, int, int, int]
    detections: tuple[tuple[tuple[float, ...], int, float], ...]
    tracks: tuple[tuple[int, int, tuple[float, ...]], ...]

    @classmethod
    def of(cls, frame: Frame, output: PipelineOutput) -> LookedAt:
        """What one step of the pipeline saw. Coasting tracks have no box and are left out."""
        found, tracks, region = output.detections, output.tracks, output.region
        height, width = frame.image_bgr.shape[:2]
        return cls(
            frame.t_utc_us,
            frame.pts_s,
            frame.time_source,
            (width, height),
            (region.x0, region.y0, region.x1, region.y1),
            tuple(
                (_box(found.xyxy[i]), int(found.class_id[i]), round(float(found.confidence[i]), 4))
                for i in range(len(found))
            ),
            tuple(
                (int(tracks.track_id[i]), int(tracks.status[i]), _box(tracks.xyxy[i]))
                for i in range(len(tracks))
                if tracks.xyxy[i, 0] == tracks.xyxy[i, 0] and tracks.status[i] != TrackStatus.DELETED
            ),
        )

    def as_json(self) -> dict[str, Any]:
        """For the file beside a clip; :meth:`from_json` reads it."""
        return {
            "t_utc_us": self.t_utc_us,
            "pts_s": round(self.pts_s, 6),
            "time_source": self.time_source,
            "size_wh": list(self.size_wh),
            "region": list(self.region),
            "detections": [[*box, class_id, confidence] for box, class_id, confidence in self.detections],
            "tracks": [[number, status, *box] for number, status, box in self.tracks],
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> LookedAt:
        """Raises KeyError, TypeError or ValueError for what :meth:`as_json` cannot have written."""
        width, height = value["size_wh"]
        x0, y0, x1, y1 = value["region"]
        detections = []
        for dx0, dy0, dx1, dy1, class_id, confidence in value["detections"]:
            detections.append(((float(dx0), float(dy0), float(dx1), float(dy1)), int(class_id), float(confidence)))
        tracks = []
        for number, status, tx0, ty0, tx1, ty1 in value["tracks"]:
            tracks.append((int(number), int(status), (float(tx0), float(ty0), float(tx1), float(ty1))))
        return cls(
            int(value["t_utc_us"]), float(value["pts_s"]), str(value["time_source"]), (int(width), int(height)),
            (int(x0), int(y0), int(x1), int(y1)), tuple(detections), tuple(tracks),
        )  # fmt: skip


def _box(xyxy: Any) -> tuple[float, ...]:
    return tuple(round(float(v), 1) for v in xyxy)


class BoxRecorder:
    """Keeps what was seen in the last ``keep_s`` seconds. One thread adds, another saves."""

    def __init__(self, keep_s: float = 30.0, most: int = 4000) -> None:
        self._keep_us = int(keep_s * 1e6)
        self._pictures: deque[LookedAt] = deque(maxlen=most)
        self._lock = threading.Lock()

    def add(self, frame: Frame, output: PipelineOutput) -> None:
        """Remember one picture; those older than ``keep_s`` before it are forgotten."""
        seen = LookedAt.of(frame, output)
        with self._lock:
            self._pictures.append(seen)
            while self._pictures[0].t_utc_us < seen.t_utc_us - self._keep_us:
                self._pictures.popleft()

    def between(self, from_utc_us: int, to_utc_us: int) -> tuple[LookedAt, ...]:
        """What was seen in that time."""
        with self._lock:
            return tuple(p for p in self._pictures if from_utc_us <= p.t_utc_us <= to_utc_us)

    def save(self, clip: ClipInfo, asked_from_utc_us: int, asked_to_utc_us: int) -> Path:
        """Write the boxes of a clip beside it, whole or not at all. Raises OSError."""
        path = sidecar_of(clip.path)
        pictures = self.between(clip.from_utc_us - _AROUND_US, clip.to_utc_us + _AROUND_US)
        content = {
            "version": 1,
            "classes": list(CLASS_NAMES),
            "clip": {
                "asked_from_utc_us": asked_from_utc_us,
                "asked_to_utc_us": asked_to_utc_us,
                "from_utc_us": clip.from_utc_us,
                "to_utc_us": clip.to_utc_us,
                "pictures": clip.pictures,
                "metadata_packets": clip.metadata_packets,
                "codec": clip.codec,
                "size_wh": list(clip.size_wh),
                "first_pts_s": round(clip.first_pts_s, 6),
            },
            "pictures": [p.as_json() for p in pictures],
        }
        part = path.with_name(f".{path.name}.part")
        try:
            with part.open("w", encoding="utf-8") as file:
                json.dump(content, file, separators=(",", ":"), allow_nan=False)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError:
            part.unlink(missing_ok=True)
            raise
        return path


def sidecar_of(clip: Path) -> Path:
    """Where the boxes of a clip lie: ``X.ts`` -> ``X.boxes.json``."""
    return clip.with_suffix(SIDECAR_SUFFIX)
