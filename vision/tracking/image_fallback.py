"""Boxes followed in the picture alone, for as long as no pose puts them on the ground.

Without a pose nothing is put on the map, and nothing here makes up a place. The boxes go on under their numbers in the
picture, whose own motion (see :mod:`vision.tracking.image_motion`) is taken off. When the pose comes back, what was
followed without doubt says which box is which ground track. Where two could have been exchanged, it is told that nobody
knows: those go on under new numbers.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from geofences.geodesy import FloatArray
from vision.records import TrackStatus
from vision.tracking.base import Resumption, TrackStates
from vision.tracking.image_motion import GreyPicture, ImageMotion, image_motion, reduced_grey

_log = logging.getLogger("vision.tracking")
_GATE = 16.0
_MARGIN = 9.0
_FORBIDDEN = 1e6
_GAIN = 0.3


@dataclass(frozen=True)
class ImageFallbackSettings:
    """``max_gap_s``: after a longer time without poses all tracks get new numbers. Gaps below ``min_gap_s`` are left
    to the ground tracker, as dropped frames are. ``coast_s``: how long a box that the detector misses is carried on.

    A box's centre is known to ``noise_px`` and ``noise_of_size`` of its larger side; its speed over the ground is not
    known better than ``new_speed`` sizes per second at first, ``known_speed`` after some frames.
    """

    max_gap_s: float = 3.0
    min_gap_s: float = 0.4
    coast_s: float = 1.0
    noise_px: float = 1.2
    noise_of_size: float = 0.1
    new_speed: float = 1.2
    known_speed: float = 0.6
    largest_change: float = 3.0


@dataclass(frozen=True, eq=False)
class FollowedBoxes:
    """Boxes of one frame: ``xyxy`` ``(m, 4)``, ``track_id`` ``(m,)`` as ``GroundTracks.unlocated_track_id``.

    The frame's own boxes come first, in their order; then those that the detector missed for a moment.
    """

    xyxy: FloatArray
    track_id: NDArray[np.int64]


@dataclass(eq=False)
class _Followed:
    number: int
    xyxy: FloatArray
    speed_px_s: FloatArray
    hits: int
    seen_us: int

    @property
    def centre(self) -> FloatArray:
        return np.asarray((self.xyxy[:2] + self.xyxy[2:]) / 2.0)

    @property
    def size(self) -> float:
        return float(max(self.xyxy[2] - self.xyxy[0], self.xyxy[3] - self.xyxy[1], 1.0))


@dataclass(frozen=True, eq=False)
class _Located:
    """The last frame with positions. The picture is reduced only when it is needed."""

    image_bgr: NDArray[np.uint8]
    t_utc_us: int
    states: TrackStates
    to_pixels: Callable[[FloatArray], FloatArray]


class ImageFallback:
    """One per stream. :meth:`remember` after each located frame, :meth:`follow` for each one without a pose, and
    :meth:`resume` for the first located one after those."""

    def __init__(self, settings: ImageFallbackSettings | None = None) -> None:
        self.settings = settings or ImageFallbackSettings()
        self._located: _Located | None = None
        self._sizes: dict[int, tuple[float, float]] = {}
        self._following = False
        self._boxes: list[_Followed] = []
        self._doubtful: set[int] = set()
        self._picture: GreyPicture | None = None
        self._t_us = 0
        self._next_number = -1

    @property
    def following(self) -> bool:
        """Whether frames without a pose came since the last located one."""
        return self._following

    def remember(
        self,
        image_bgr: NDArray[np.uint8],
        t_utc_us: int,
        states: TrackStates,
        to_pixels: Callable[[FloatArray], FloatArray],
    ) -> None:
        """A located frame: its tracks, and where in its picture points ``(n, 2)`` of the local frame are."""
        alive = states.status != TrackStatus.DELETED
        sizes = {}
        for number, (x0, y0, x1, y1) in zip(states.track_id[alive].tolist(), states.xyxy[alive].tolist(), strict=True):
            size = (x1 - x0, y1 - y0) if x0 == x0 else self._sizes.get(number)
            if size is not None:
                sizes[number] = size
        self._sizes = sizes
        self._located = _Located(image_bgr, t_utc_us, states, to_pixels)
        self._following = False
        self._boxes = []
        self._picture = None

    def follow(self, image_bgr: NDArray[np.uint8], t_utc_us: int, xyxy: FloatArray) -> FollowedBoxes:
        """A frame that cannot be georeferenced, with the detector's boxes ``(m, 4)``."""
        if not self._following or t_utc_us < self._t_us:
            self._begin(image_bgr, t_utc_us)
        taken = self._advance(image_bgr, t_utc_us, xyxy)
        numbers = np.zeros(len(xyxy), dtype=np.int64)
        for j in range(len(xyxy)):
            box = taken.get(j)
            if box is None:
                box = _Followed(self._new_number(), xyxy[j].copy(), np.zeros(2), 1, t_utc_us)
                self._boxes.append(box)
            numbers[j] = box.number
        height, width = image_bgr.shape[:2]
        missed = [
            b
            for b in self._boxes
            if b.seen_us < t_utc_us and b.hits > 1 and 0 <= b.centre[0] < width and 0 <= b.centre[1] < height
        ]
        if not missed:
            return FollowedBoxes(xyxy, numbers)
        return FollowedBoxes(
            np.concatenate([xyxy, [b.xyxy for b in missed]]),
            np.concatenate([numbers, np.array([b.number for b in missed], dtype=np.int64)]),
        )

    def resume(self, image_bgr: NDArray[np.uint8], t_utc_us: int, xyxy: FloatArray) -> Resumption | None:
        """The first located frame after some without a pose: which of its boxes ``(m, 4)`` is which ground track.

        Rows of ``Resumption.same`` are rows of ``xyxy``. None when the gap was too short to say anything.
        """
        if not self._following or self._located is None:
            return None
        gap_s = (t_utc_us - self._located.t_utc_us) / 1e6
        everybody = frozenset(self._sizes)
        if gap_s < self.settings.min_gap_s:
            # Also where the time fell back: the tracker has its own answer to that.
            return None
        if gap_s > self.settings.max_gap_s:
            _log.info("no positions for %.1f s: %d tracks go on under new numbers", gap_s, len(everybody))
            return Resumption({}, everybody)
        taken = self._advance(image_bgr, t_utc_us, xyxy)
        same = {box.number: row for row, box in taken.items() if box.number > 0}
        _log.info(
            "positions again after %.1f s: %d tracks followed in the picture, %d in doubt",
            gap_s, len(same), len(self._doubtful),
        )  # fmt: skip
        return Resumption(same, frozenset(self._doubtful))

    # ------------------------------------------------------------------------------------------------- in the picture

    def _new_number(self) -> int:
        number = self._next_number
        self._next_number -= 1
        return number

    def _begin(self, image_bgr: NDArray[np.uint8], t_utc_us: int) -> None:
        """Take the tracks of the last located frame over into the picture, unless it is too long ago."""
        last = self._located
        self._following = True
        self._boxes, self._doubtful, self._picture = [], set(), None
        self._t_us = t_utc_us
        if last is None or not 0 < t_utc_us - last.t_utc_us <= self.settings.max_gap_s * 1e6:
            return
        if last.image_bgr.shape != image_bgr.shape:
            return
        states = last.states
        seen: NDArray[np.bool_] = np.asarray(np.isfinite(states.xyxy).all(axis=1))
        for i in np.flatnonzero(states.status != TrackStatus.DELETED):
            number = int(states.track_id[i])
            if seen[i]:
                xyxy = states.xyxy[i].copy()
            elif number in self._sizes and last.t_utc_us - states.last_seen_utc_us[i] <= self.settings.coast_s * 1e6:
                x, y = last.to_pixels(states.state[i : i + 1, :2])[0]
                if not np.isfinite([x, y]).all():
                    continue
                width, height = self._sizes[number]
                xyxy = np.array([x - width / 2.0, y - height, x + width / 2.0, y])
            else:
                continue
            self._boxes.append(_Followed(number, xyxy, np.zeros(2), 2, int(states.last_seen_utc_us[i])))
        self._picture = reduced_grey(last.image_bgr)
        self._t_us = last.t_utc_us

    def _advance(self, image_bgr: NDArray[np.uint8], t_utc_us: int, xyxy: FloatArray) -> dict[int, _Followed]:
        """Carry what is followed to this frame and find it there: row of ``xyxy`` -> what was followed."""
        picture = reduced_grey(image_bgr)
        motion: ImageMotion | None = None
        if self._picture is not None and self._boxes:
            left_out = np.array([b.xyxy for b in self._boxes])
            motion = image_motion(self._picture, picture, image_bgr.shape[1], left_out)
            if motion is None:
                _log.info("the picture's motion cannot be told: %d boxes lost", len(self._boxes))
        dt_s = (t_utc_us - self._t_us) / 1e6
        self._picture, self._t_us = picture, t_utc_us
        if motion is None:
            self._boxes = []
            return {}
        self._carry(motion, dt_s)
        taken = self._match(motion, t_utc_us, xyxy)
        patience_us = self.settings.coast_s * 1e6
        self._boxes = [b for b in self._boxes if t_utc_us - b.seen_us <= patience_us]
        return taken

    def _carry(self, motion: ImageMotion, dt_s: float) -> None:
        zoom = float(np.hypot(motion.matrix[0, 0], motion.matrix[1, 0]))
        for box in self._boxes:
            box.speed_px_s = motion.turned(box.speed_px_s[None])[0]
            centre = motion.moved(box.centre[None])[0] + box.speed_px_s * dt_s
            half = zoom * (box.xyxy[2:] - box.xyxy[:2]) / 2.0
            box.xyxy = np.concatenate([centre - half, centre + half])

    def _match(self, motion: ImageMotion, t_utc_us: int, xyxy: FloatArray) -> dict[int, _Followed]:
        if not len(xyxy) or not self._boxes:
            return {}
        s = self.settings
        size = np.array([b.size for b in self._boxes])
        unseen_s = np.array([(t_utc_us - b.seen_us) / 1e6 for b in self._boxes])
        speed = np.array([s.new_speed if b.hits < 5 else s.known_speed for b in self._boxes]) * size
        variance = 2.0 * (s.noise_px**2 + (s.noise_of_size * size) ** 2) + motion.sigma_px**2 + (speed * unseen_s) ** 2
        here = np.array([b.centre for b in self._boxes])
        there = (xyxy[:, :2] + xyxy[:, 2:]) / 2.0
        distance = ((here[:, None] - there[None]) ** 2).sum(axis=-1) / variance[:, None]
        sizes = np.maximum((xyxy[:, 2:] - xyxy[:, :2]).max(axis=1), 1.0)
        change = np.abs(np.log(sizes[None] / size[:, None]))
        distance = np.where((distance <= _GATE) & (change <= np.log(s.largest_change)), distance, _FORBIDDEN)
        rows, columns = linear_sum_assignment(distance)
        good = distance[rows, columns] < _FORBIDDEN
        pairs = dict(zip(rows[good].tolist(), columns[good].tolist(), strict=True))
        for i in _exchangeable(distance, pairs):
            box = self._boxes[i]
            if box.number > 0:
                self._doubtful.add(box.number)
                box.number = self._new_number()
        for i, j in pairs.items():
            box = self._boxes[i]
            missed = there[j] - here[i]
            box.speed_px_s = box.speed_px_s + _GAIN * missed / max(float(unseen_s[i]), 1e-3)
            box.xyxy, box.seen_us = xyxy[j].copy(), t_utc_us
            box.hits += 1
        return {j: self._boxes[i] for i, j in pairs.items()}


def _exchangeable(distance: FloatArray, pairs: dict[int, int]) -> set[int]:
    """Rows for which another assignment would be nearly as good: the other box free, or exchanged with its owner."""
    owner = {j: i for i, j in pairs.items()}
    doubtful: set[int] = set()
    for i, other in zip(*np.nonzero(distance < _FORBIDDEN), strict=True):
        own = pairs.get(int(i))
        if own == other:
            continue
        rival = owner.get(int(other))
        now = distance[i, own] if own is not None else _GATE
        instead = distance[i, other]
        if rival is not None:
            now += distance[rival, other]
            # A box that nobody takes, or that the rival cannot have, costs as much as the farthest that is believed.
            instead += min(distance[rival, own], _GATE) if own is not None else _GATE
        if instead < now + _MARGIN:
            doubtful.add(int(i))
            if rival is not None:
                doubtful.add(rival)
    return doubtful
