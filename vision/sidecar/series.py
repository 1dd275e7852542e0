"""Camera poses in order of time, asked for any time of the recording."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

from vision.pose_buffer import PoseBuffer
from vision.records import CameraPose


class PoseSeries:
    """All poses of a recording. ``max_gap_s``: nothing is interpolated over a longer gap; ``max_extrapolation_s``: how
    far the last pose before a gap or the end is carried on."""

    def __init__(self, poses: Iterable[CameraPose], max_gap_s: float = 1.5, max_extrapolation_s: float = 0.25) -> None:
        self.max_gap_s, self.max_extrapolation_s = max_gap_s, max_extrapolation_s
        self._poses = sorted(poses, key=lambda p: p.t_utc_us)
        self._times = [p.t_utc_us for p in self._poses]

    def __len__(self) -> int:
        return len(self._poses)

    @property
    def span_utc_us(self) -> tuple[int, int]:
        """Times of the first and the last pose; (0, 0) when there is none."""
        return (self._times[0], self._times[-1]) if self._times else (0, 0)

    def at(self, t_utc_us: int) -> tuple[CameraPose | None, str]:
        """``(pose, "")`` at that time, or ``(None, why there is none)``."""
        if not self._poses:
            return None, "the telemetry holds no camera pose"
        i = bisect.bisect_right(self._times, t_utc_us)
        buffer = PoseBuffer(1e6, self.max_gap_s, self.max_extrapolation_s)
        for near in self._poses[max(0, i - 2) : i + 1]:
            buffer.add(near)
        pose = buffer.at(t_utc_us)
        if pose is not None and abs(pose.t_utc_us - t_utc_us) <= self.max_extrapolation_s * 1e6:
            return pose, ""
        if i == 0:
            return None, "before the telemetry begins"
        if i == len(self._times):
            return None, "after the telemetry ends"
        return None, "gap in the telemetry"

    def nearest_s(self, t_utc_us: int) -> float:
        """How far the nearest measured pose is from that time; infinite when there is none."""
        i = bisect.bisect_left(self._times, t_utc_us)
        near = self._times[max(0, i - 1) : i + 1]
        return min((abs(t - t_utc_us) / 1e6 for t in near), default=float("inf"))
