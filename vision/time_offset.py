"""How far the clocks of video and telemetry are apart, from the motion of the picture itself.

The poses say how the middle of the picture must move over the ground; phase correlation of neighbouring pictures says how
it did. The offset is the shift in time that makes both agree best, by least squares; its sigma comes from how sharply they
do. A steady flight, in which every shift fits, gives no answer.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.geodesy import FloatArray
from vision.camera import CameraView
from vision.georeference import Georeferencer
from vision.records import CameraPose

_WIDTH_PX = 256
_STEP_S = 0.01
_MIN_RESPONSE = 0.05
_OUTLIER = 4.0
_GOOD_MATCH_PX = 0.3
_MAX_SIGMA_S = 0.05

TOO_FEW = "too few pictures with a pose before and after"
TOO_STEADY = "the camera moved too steadily to tell"
NO_MATCH = "the picture does not move as the poses say"


@dataclass(frozen=True)
class TimeOffset:
    """``offset_s``: what the telemetry's clock shows more than the video's (as ``PoseBuffer.time_offset_s``).

    ``correlation`` of the two motions at that offset. With a ``refusal`` the numbers mean nothing.
    """

    offset_s: float
    sigma_s: float
    correlation: float
    pictures: int
    refusal: str = ""


class TimeOffsetEstimator:
    """Fed with pictures and poses as they come, each with its own clock's time; keeps the last ``keep`` of them."""

    def __init__(
        self, georeferencer: Georeferencer, max_offset_s: float = 1.0, keep: int = 400, min_pictures: int = 40
    ) -> None:
        self._georeferencer = georeferencer
        self._max_offset_s = max_offset_s
        self._min_pictures = min_pictures
        self._last: tuple[int, NDArray[np.float32]] | None = None
        self._window: NDArray[np.float32] | None = None
        self._shifts: deque[tuple[int, int, float, float]] = deque(maxlen=keep)
        self._poses: deque[CameraPose] = deque(maxlen=8 * keep)
        self._height_px = 0

    def add_pose(self, pose: CameraPose) -> None:
        """Take a pose; one that is not newer than the last is dropped."""
        if not self._poses or pose.t_utc_us > self._poses[-1].t_utc_us:
            self._poses.append(pose)

    def add_picture(self, t_utc_us: int, image_bgr: NDArray[np.uint8]) -> None:
        """Take a picture ``(h, w, 3)``; measured is its shift against the last one, unless that is long ago."""
        height = round(image_bgr.shape[0] * _WIDTH_PX / image_bgr.shape[1])
        small = cv2.resize(
            cv2.cvtColor(image_bgr, cv2.COLOR_BGR2GRAY), (_WIDTH_PX, height), interpolation=cv2.INTER_AREA
        )
        now = np.asarray(small, dtype=np.float32)
        if self._window is None or height != self._height_px:
            self._window = np.asarray(cv2.createHanningWindow((_WIDTH_PX, height), cv2.CV_32F), dtype=np.float32)
            self._height_px, self._last = height, None
            self._shifts.clear()
        if self._last is not None and 0 < t_utc_us - self._last[0] < 500_000:
            (x, y), response = cv2.phaseCorrelate(self._last[1], now, self._window)
            if response >= _MIN_RESPONSE:
                self._shifts.append((self._last[0], t_utc_us, float(x), float(y)))
        self._last = (t_utc_us, now)

    def estimate(self) -> TimeOffset:
        """The offset, or why there is none."""
        flow = self._flow()
        if flow is None:
            return TimeOffset(0.0, float("inf"), 0.0, 0, TOO_FEW)
        times_s, way, origin_us = flow
        shifts = np.array(self._shifts)
        t0, t1 = (shifts[:, 0] - origin_us) / 1e6, (shifts[:, 1] - origin_us) / 1e6
        reach = self._max_offset_s
        inside = (t0 - reach >= times_s[0]) & (t1 + reach <= times_s[-1])
        n = int(inside.sum())
        if n < self._min_pictures:
            return TimeOffset(0.0, float("inf"), 0.0, n, TOO_FEW)
        t0, t1, seen = t0[inside], t1[inside], shifts[inside, 2:4]

        def told(offset_s: float) -> FloatArray:
            return np.stack(
                [np.interp(t1 + offset_s, times_s, w) - np.interp(t0 + offset_s, times_s, w) for w in way.T], axis=-1
            )

        offsets = np.arange(-reach, reach + _STEP_S / 2, _STEP_S)
        cost = np.array([np.median(np.abs(seen - told(o)).sum(axis=1)) for o in offsets])
        rough = float(offsets[int(cost.argmin())])
        # Gauss-Newton from the best of the grid, without what does not fit there (a wrong phase peak, a moving crowd).
        error = np.abs(seen - told(rough)).sum(axis=1)
        good = error <= _OUTLIER * max(float(np.median(error)), 0.05)
        offset, slope, rest = rough, np.zeros_like(seen), seen
        for _ in range(5):
            slope = (told(offset + _STEP_S) - told(offset - _STEP_S))[good] / (2.0 * _STEP_S)
            rest = (seen - told(offset))[good]
            power = float(np.sum(slope * slope))
            if power < 1e-9:
                return TimeOffset(0.0, float("inf"), 0.0, n, TOO_STEADY)
            offset = float(np.clip(offset + np.sum(slope * rest) / power, rough - 0.05, rough + 0.05))
        sigma = float(np.sqrt(np.mean(rest * rest) / power))
        a, b = seen[good] - seen[good].mean(axis=0), told(offset)[good] - told(offset)[good].mean(axis=0)
        spread = float(np.sqrt(np.sum(a * a) * np.sum(b * b)))
        correlation = float(np.sum(a * b)) / spread if spread > 0.0 else 0.0
        refusal = ""
        if _GOOD_MATCH_PX / np.sqrt(power) > _MAX_SIGMA_S:
            refusal = TOO_STEADY
        elif sigma > _MAX_SIGMA_S or correlation < 0.7 or abs(rough) > reach - 2 * _STEP_S or good.mean() < 0.6:
            refusal = NO_MATCH
        return TimeOffset(offset, sigma, correlation, n, refusal)

    def _flow(self) -> tuple[FloatArray, FloatArray, int] | None:
        """Times (s), the way of the picture (px, summed up) at them, and the time's origin; by the poses alone."""
        poses = list(self._poses)
        if len(poses) < 3 or not self._shifts:
            return None
        middle = np.array([[_WIDTH_PX / 2.0, self._height_px / 2.0]])
        way = np.zeros((len(poses), 2))
        before: CameraView | None = None
        for k, pose in enumerate(poses):
            view = CameraView.of(pose, _WIDTH_PX, self._height_px)
            if before is not None:
                at = self._georeferencer.points(before, middle, np.ones((1, 2)))
                moved = view.project_geodetic(at.lat_deg, at.lon_deg, at.alt_amsl_m)[0] - middle[0]
                way[k] = moved if np.isfinite(moved).all() else 0.0
            before = view
        origin_us = poses[0].t_utc_us
        return np.array([(p.t_utc_us - origin_us) / 1e6 for p in poses]), np.cumsum(way, axis=0), origin_us
