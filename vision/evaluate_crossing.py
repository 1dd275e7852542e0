"""Crossings of a line by recorded tracks in pixels, told by the station's own rule: ``python -m vision.evaluate crossing``.

Takes a file in the form of the Stanford Drone Dataset: one line a box, ``track xmin ymin xmax ymax frame lost occluded
generated "label"``, about 30 frames a second. Every k-th frame is used (``--fps``), boxes that are *lost* (out of view) are
left out. What is watched is the centre of the box.

Pixels become metres by ``--m-per-px``, with y turned upwards, so that left and right are what they look like in the
picture: somebody who walks from X1,Y1 to X2,Y2 on the picture has "left" at his left hand. Each track goes through the
tracker's motion model (a constant-velocity Kalman filter with its class's noise) with a box noise of 2 px, to which the
jitter is added; there is no pose error. Its positions and their covariance go into :class:`CrossingDetector` with the
station's settings, except that every crossing of a track is listed, also the second in one direction, and that a track's
number is believed after any gap: the file is truth, and no tracker that may have picked up somebody else. A way round
the end of the line is not across it. ``--jitter-px`` moves each edge of each box by its own normal error, seeded.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geofences.area import BorderLine
from geofences.crossing import CrossingDetector, CrossingSettings
from geofences.errors import ConfigError
from geofences.geodesy import FloatArray, LocalFrame
from vision.tracking.class_model import MOTIONS

SOURCE_FPS = 30.0
BOX_SIGMA_PX = 2.0
"""Of the centre of a box that somebody drew by hand, one frame in dozens, the others interpolated."""
MIN_PROBABILITY = 0.5
MAX_SPEED_M_S = (7.0, 45.0, 25.0)
_CLASS_OF_LABEL = {"Pedestrian": 0, "Biker": 2, "Skater": 2, "Cart": 1, "Car": 1, "Bus": 1}
# Anywhere will do; at the equator a plane of some hundred metres is flat to a micrometre.
_FRAME = LocalFrame(0.0, 0.0)


@dataclass(frozen=True, eq=False)
class PixelTrack:
    """Boxes of one track in view, by time: ``frame`` ``(n,)`` in the file's numbers, ``xyxy`` ``(n, 4)`` px."""

    track: int
    label: str
    frame: NDArray[np.int64]
    xyxy: FloatArray

    @property
    def class_id(self) -> int:
        """The station's class; an unknown label is taken as a person."""
        return _CLASS_OF_LABEL.get(self.label, 0)

    def every(self, step: int) -> PixelTrack:
        """Only the frames whose number is a multiple of ``step``."""
        keep = self.frame % step == 0
        return PixelTrack(self.track, self.label, self.frame[keep], self.xyxy[keep])

    def jittered(self, sigma_px: float, rng: np.random.Generator) -> PixelTrack:
        """With an error of its own on each edge of each box."""
        return PixelTrack(self.track, self.label, self.frame, self.xyxy + rng.normal(0.0, sigma_px, self.xyxy.shape))


@dataclass(frozen=True)
class Crossing:
    """``frame``: the number, as in the file, of the frame nearest to the moment. ``direction`` as in the contract."""

    track: int
    frame: int
    direction: str

    def as_json(self) -> dict[str, int | str]:
        """The contract's form."""
        return {"track": self.track, "frame": self.frame, "direction": self.direction}


def read_tracks(path: Path) -> tuple[PixelTrack, ...]:
    """The tracks of a file in the order of their numbers, without the lost boxes; empty lines are passed over.

    Raises :class:`ConfigError` naming the file and the line that cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}", "give a file of tracks") from error
    rows: dict[int, dict[int, tuple[float, ...]]] = {}
    labels: dict[int, str] = {}
    for number, line in enumerate(lines, 1):
        fields = line.split(maxsplit=9)
        if not fields:
            continue
        try:
            track, frame, lost = int(fields[0]), int(fields[5]), int(fields[6])
            box = tuple(float(x) for x in fields[1:5])
            label = fields[9].strip().strip('"')
        except (IndexError, ValueError) as error:
            raise ConfigError(
                f"{path}, line {number}: not a box of a track ({error})",
                'write: track xmin ymin xmax ymax frame lost occluded generated "label"',
            ) from error
        if not all(math.isfinite(x) for x in box):
            raise ConfigError(f"{path}, line {number}: a box that is not finite", "correct or remove the line")
        labels[track] = label
        if not lost:
            rows.setdefault(track, {})[frame] = box
    tracks = []
    for track in sorted(rows):
        frames = sorted(rows[track])
        boxes = np.array([rows[track][frame] for frame in frames], dtype=np.float64)
        tracks.append(PixelTrack(track, labels[track], np.array(frames, dtype=np.int64), boxes))
    return tuple(tracks)


class LineWatch:
    """Tells which tracks cross a line from ``(x1, y1)`` to ``(x2, y2)`` in the picture.

    Raises :class:`ConfigError` for a line without length or a scale that is not positive.
    """

    def __init__(
        self,
        line_px: tuple[float, float, float, float],
        m_per_px: float = 0.03,
        box_sigma_px: float = BOX_SIGMA_PX,
        settings: CrossingSettings | None = None,
    ) -> None:
        if not (math.isfinite(m_per_px) and m_per_px > 0.0):
            raise ConfigError(f"a scale of {m_per_px} metres per pixel", "give a positive number")
        x1, y1, x2, y2 = line_px
        self._m_per_px, self._sigma_m = m_per_px, box_sigma_px * m_per_px
        self._origin_px = np.array([0.5 * (x1 + x2), 0.5 * (y1 + y2)])
        lat, lon = _FRAME.from_plane(self._to_plane(np.array([(x1, y1), (x2, y2)])))
        points = tuple(zip(lat.tolist(), lon.tolist(), strict=True))
        self._border = BorderLine(points, "left", "right", "left")
        self._settings = settings or CrossingSettings(once_per_direction=False, gap_s=math.inf, max_gap_s=math.inf)
        self._detector()  # a line that has no sides is refused here

    def _detector(self) -> CrossingDetector:
        return CrossingDetector(self._border, _FRAME, self._settings)

    def _to_plane(self, xy_px: FloatArray) -> FloatArray:
        """The picture as a map: y points down there and north here."""
        return np.asarray((xy_px - self._origin_px) * np.array([self._m_per_px, -self._m_per_px]))

    def crossings(self, track: PixelTrack) -> list[Crossing]:
        """The crossings of one track, by time."""
        if not len(track.frame):
            return []
        detector, found = self._detector(), []
        centre = self._to_plane(0.5 * (track.xyxy[:, :2] + track.xyxy[:, 2:]))
        t_us = np.round(track.frame / SOURCE_FPS * 1e6).astype(np.int64)
        limit = MAX_SPEED_M_S[track.class_id]
        no_pose = np.zeros((2, 2))
        density = MOTIONS[track.class_id].acceleration_density_m2_s3
        speed_sigma = MOTIONS[track.class_id].speed_sigma_m_s
        for i, (place, variance) in enumerate(_filtered(centre, t_us / 1e6, self._sigma_m, density, speed_sigma)):
            event = detector.update(track.track, int(t_us[i]), place, variance * np.eye(2), no_pose, limit)
            if event is not None and event.probability >= MIN_PROBABILITY:
                frame = round(event.t_utc_us / 1e6 * SOURCE_FPS)
                found.append(Crossing(track.track, frame, f"{event.from_side}_to_{event.to_side}"))
        return found


def _filtered(
    places: FloatArray, t_s: FloatArray, sigma_m: float, density: float, speed_sigma_m_s: float
) -> Iterator[tuple[FloatArray, float]]:
    """Constant-velocity Kalman filter with white acceleration: position and its variance on either axis, one by one."""
    r = sigma_m**2
    p = np.diag([r, speed_sigma_m_s**2])
    state = np.array([places[0], (0.0, 0.0)])
    yield state[0].copy(), r
    for i in range(1, len(places)):
        dt = float(t_s[i] - t_s[i - 1])
        move = np.array([[1.0, dt], [0.0, 1.0]])
        noise = density * np.array([[dt**3 / 3.0, dt**2 / 2.0], [dt**2 / 2.0, dt]])
        state, p = move @ state, move @ p @ move.T + noise
        gain = p[:, 0] / (p[0, 0] + r)
        state = state + np.outer(gain, places[i] - state[0])
        keep = np.eye(2) - np.outer(gain, (1.0, 0.0))
        p = keep @ p @ keep.T + r * np.outer(gain, gain)
        yield state[0].copy(), float(p[0, 0])


def frame_step(fps: float) -> int:
    """Every how many frames of the file one is used for about ``fps``. Raises :class:`ConfigError` for none."""
    if not (math.isfinite(fps) and fps > 0.0):
        raise ConfigError(f"{fps} frames a second", "give a positive number")
    return max(1, round(SOURCE_FPS / fps))


def find_crossings(
    tracks: tuple[PixelTrack, ...],
    line_px: tuple[float, float, float, float],
    fps: float = 10.0,
    m_per_px: float = 0.03,
    jitter_px: float = 0.0,
    seed: int = 0,
) -> list[Crossing]:
    """All crossings by frame, then track. The jitter depends on ``seed`` alone, not on the line."""
    step = frame_step(fps)
    if not (math.isfinite(jitter_px) and jitter_px >= 0.0):
        raise ConfigError(f"a jitter of {jitter_px} px", "give 0 or a positive number")
    # The centre of two edges with independent errors has theirs divided by the root of two.
    watch = LineWatch(line_px, m_per_px, math.hypot(BOX_SIGMA_PX, jitter_px / math.sqrt(2.0)))
    rng = np.random.default_rng(seed)
    found = []
    for track in tracks:
        seen = track.every(step)
        if jitter_px > 0.0:
            seen = seen.jittered(jitter_px, rng)
        found += watch.crossings(seen)
    return sorted(found, key=lambda c: (c.frame, c.track))


def parse_line(text: str) -> tuple[float, float, float, float]:
    """``X1,Y1,X2,Y2``; raises ``argparse.ArgumentTypeError``."""
    try:
        x1, y1, x2, y2 = (float(part) for part in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not X1,Y1,X2,Y2") from error
    if not all(map(math.isfinite, (x1, y1, x2, y2))):
        raise argparse.ArgumentTypeError(f"{text!r} is not finite")
    return x1, y1, x2, y2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommand's options."""
    parser.add_argument(
        "--tracks", type=Path, required=True, metavar="FILE", help="tracks as in the Stanford Drone Dataset"
    )
    parser.add_argument("--line", type=parse_line, required=True, metavar="X1,Y1,X2,Y2", help="the line, in pixels")
    parser.add_argument("--fps", type=float, default=10.0, help="frames a second used, of the file's 30 (default 10)")
    parser.add_argument("--m-per-px", type=float, default=0.03, help="metres in a pixel (default 0.03)")
    parser.add_argument("--jitter-px", type=float, default=0.0, help="error put on every edge of every box (default 0)")
    parser.add_argument("--seed", type=int, default=0, help="of the jitter (default 0)")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")


def as_json(crossings: list[Crossing]) -> Mapping[str, object]:
    """The contract's answer."""
    return {"crossings": [c.as_json() for c in crossings]}


def run(options: argparse.Namespace) -> int:
    """Print the crossings of the file; raises :class:`ConfigError` for options or a file that cannot be used."""
    if options.seed < 0:
        raise ConfigError(f"seed {options.seed}", "give 0 or a positive number")
    found = find_crossings(
        read_tracks(options.tracks), options.line, options.fps, options.m_per_px, options.jitter_px, options.seed
    )
    if options.json:
        print(json.dumps(as_json(found)))
    else:
        print(f"{'frame':>8} {'track':>6}  direction")
        for c in found:
            print(f"{c.frame:8d} {c.track:6d}  {c.direction.replace('_', ' ')}")
        print(f"{len(found)} crossings")
    return 0
