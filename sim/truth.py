"""The truth, written down for the scorer: who crossed the border, and which crossings the camera could have seen.

No part of the station reads this file. ``truth.json``::

    {scenario, seed, start_utc_us, end_utc_us,
     video: {codec, width, height, frames_sent, has_klv},
     crossings: [{t_utc_us, lat, lon, direction, class, object_id,
                  in_view, in_picture_at_crossing, seen_before_m, seen_after_m}],
     fence_breaches: [{t_utc_us, lat, lon, what}],
     tracks: [{object_id, class, t_utc_us, lat, lon}]}       # at 1 Hz per visible object, in the final file only

**In view**: from ``side_margin_m`` (10 m) before the line to as far behind it, the object was in the picture with at
least ``min_visible_fraction`` (60 %) of its outline, and at no time in between unseen for longer than ``max_gap_s``
(1 s). Ten metres are about four sigma of a position from 110 m with the stated sensor noise (2.4 m): nearer to the line
nobody can tell with confidence on which side somebody stands. A crosser that turns back before it is 10 m behind the line
is not in view, nor is one whose 10 m lie after the last frame. ``in_picture_at_crossing`` is the laxer fact.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.camera import VisibleObject
from sim.world import CLASS_NAMES, Crossing, World

_log = logging.getLogger("sim.truth")

_WRITE_EVERY_S = 2.0
_TRACK_EVERY_S = 1.0
_LOOK_AROUND_S = 180.0
_STEP_S = 0.1
_END_TOLERANCE_S = 0.15
"""A run of sightings may begin or end two frames inside the stretch: frames are samples."""


@dataclass(frozen=True)
class VideoFacts:
    """What the stream is."""

    codec: str
    width: int
    height: int
    has_klv: bool


@dataclass(frozen=True)
class _Window:
    """When a crosser is ``side_margin_m`` before the line and behind it; None where it never is."""

    before_s: float | None
    after_s: float | None


class TruthRecorder:
    """Collects what the camera saw and writes ``path`` (None: nothing is written, see :meth:`document`).

    ``start_utc_us`` is the UTC of simulation time 0. Safe to call from several threads.
    """

    def __init__(self, world: World, path: Path | None, start_utc_us: int, video: VideoFacts | None = None) -> None:
        self._world, self._path, self._start_utc_us = world, path, start_utc_us
        camera = world.scenario.camera
        self._video = video or VideoFacts("h264", camera.width_px, camera.height_px, has_klv=True)
        self._lock = threading.Lock()
        self._runs: dict[int, list[list[float]]] = {}
        self._windows: dict[Crossing, _Window] = {}
        self._path_of = {who.object_id: who.path for who in world.inhabitants}
        self._breaches: list[dict[str, Any]] = []
        self._tracks: list[dict[str, Any]] = []
        self._frames = 0
        self._now_s = 0.0
        self._next_write_s = -np.inf
        self._next_track_s = -np.inf
        self._closed = False

    def note_frame(self, t_s: float, visible: list[VisibleObject]) -> None:
        """One frame was sent, taken at ``t_s``, with these objects in it. Times must not go back."""
        rules = self._world.scenario.truth
        with self._lock:
            self._frames += 1
            self._now_s = max(self._now_s, t_s)
            for thing in visible:
                if thing.visible_fraction < rules.min_visible_fraction:
                    continue
                runs = self._runs.setdefault(thing.object_id, [])
                if runs and t_s - runs[-1][1] <= rules.max_gap_s:
                    runs[-1][1] = t_s
                else:
                    runs.append([t_s, t_s])
            if t_s >= self._next_track_s:
                self._next_track_s = t_s + _TRACK_EVERY_S
                self._note_tracks(t_s, visible)
            due = t_s >= self._next_write_s
            if due:
                self._next_write_s = t_s + _WRITE_EVERY_S
        if due:
            self._write(final=False)

    def note_time(self, t_s: float) -> None:
        """The simulation has got to ``t_s``, frame or not: crossings up to then are written."""
        with self._lock:
            self._now_s = max(self._now_s, t_s)

    def note_breach(self, t_s: float, lat_deg: float, lon_deg: float, what: str) -> None:
        """The aircraft truly left its fences."""
        with self._lock:
            self._breaches.append(
                {"t_utc_us": self._utc_us(t_s), "lat": round(lat_deg, 8), "lon": round(lon_deg, 8), "what": what}
            )

    def close(self) -> None:
        """Write the final file. Further calls do nothing."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        self._write(final=True)

    def document(self, final: bool = False) -> dict[str, Any]:
        """The content of the file as it is now; with ``final`` the sparse tracks too."""
        with self._lock:
            now_s = self._now_s
            result: dict[str, Any] = {
                "scenario": self._world.scenario.name,
                "seed": self._world.seed,
                "start_utc_us": self._start_utc_us,
                "end_utc_us": self._utc_us(now_s),
                "video": {
                    "codec": self._video.codec,
                    "width": self._video.width,
                    "height": self._video.height,
                    "frames_sent": self._frames,
                    "has_klv": self._video.has_klv,
                },
                "crossings": [self._crossing(c) for c in self._world.crossings() if 0.0 <= c.t_s <= now_s],
                "fence_breaches": list(self._breaches),
            }
            if final:
                result["tracks"] = list(self._tracks)
            return result

    # -- inside; the lock is held -----------------------------------------------------------------------------------

    def _utc_us(self, t_s: float) -> int:
        return self._start_utc_us + round(t_s * 1e6)

    def _note_tracks(self, t_s: float, visible: list[VisibleObject]) -> None:
        for thing in visible:
            if thing.class_name in CLASS_NAMES:
                lat, lon = self._world.to_lat_lon(thing.east_m, thing.north_m)
                self._tracks.append(
                    {
                        "object_id": thing.object_id,
                        "class": thing.class_name,
                        "t_utc_us": self._utc_us(t_s),
                        "lat": round(lat, 8),
                        "lon": round(lon, 8),
                    }
                )

    def _distance_m(self, object_id: int, times_s: np.ndarray[Any, np.dtype[np.float64]]) -> Any:
        path = self._path_of[object_id]
        en = np.stack([np.interp(times_s, path.t_s, path.en_m[:, i]) for i in (0, 1)], axis=-1)
        return self._world.layout.line.signed_distance_m(en)

    def _window(self, crossing: Crossing) -> _Window:
        """Times at which the crosser passes the margin on either side, on its way through this one crossing."""
        if crossing not in self._windows:
            margin = self._world.scenario.truth.side_margin_m
            path = self._path_of[crossing.object_id]
            sign = 1.0 if crossing.to_side == "left" else -1.0
            ends: list[float | None] = []
            for way in (-1.0, 1.0):
                limit = path.t_s[-1] - crossing.t_s if way > 0 else crossing.t_s - path.t_s[0]
                times = crossing.t_s + way * np.arange(_STEP_S, min(_LOOK_AROUND_S, max(limit, 0.0)), _STEP_S)
                found = None
                if len(times):
                    beyond = self._distance_m(crossing.object_id, times) * sign * way
                    reached = np.flatnonzero(beyond >= margin)
                    back = np.flatnonzero(beyond < -1e-6)
                    # Over the line again before it got that far: not this crossing's stretch.
                    if len(reached) and not (len(back) and back[0] < reached[0]):
                        found = float(times[reached[0]])
                ends.append(found)
            self._windows[crossing] = _Window(ends[0], ends[1])
        return self._windows[crossing]

    def _crossing(self, crossing: Crossing) -> dict[str, Any]:
        window = self._window(crossing)
        runs = self._runs.get(crossing.object_id, [])
        run = next((r for r in runs if r[0] - _END_TOLERANCE_S <= crossing.t_s <= r[1] + _END_TOLERANCE_S), None)
        in_view, before_m, after_m = False, 0.0, 0.0
        if run is not None:
            ends = np.array([min(run[0], crossing.t_s), max(run[1], crossing.t_s)])
            before_m, after_m = (abs(float(d)) for d in self._distance_m(crossing.object_id, ends))
            in_view = (
                window.before_s is not None
                and window.after_s is not None
                and run[0] <= window.before_s + _END_TOLERANCE_S
                and run[1] >= window.after_s - _END_TOLERANCE_S
            )
        lat, lon = self._world.to_lat_lon(crossing.east_m, crossing.north_m)
        return {
            "t_utc_us": self._utc_us(crossing.t_s),
            "lat": round(lat, 8),
            "lon": round(lon, 8),
            "direction": crossing.direction,
            "class": crossing.class_name,
            "object_id": crossing.object_id,
            "in_view": in_view,
            "in_picture_at_crossing": run is not None,
            "seen_before_m": round(before_m, 1),
            "seen_after_m": round(after_m, 1),
        }

    def _write(self, final: bool) -> None:
        if self._path is None:
            return
        text = json.dumps(self.document(final), indent=1)
        beside = self._path.with_name(self._path.name + ".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8")
            os.replace(beside, self._path)
        except OSError as error:
            if final:
                raise
            _log.warning("%s: truth could not be written: %s", self._path, error.strerror)
