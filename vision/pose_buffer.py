"""The camera pose at a frame's time, from poses that telemetry brought before and after it."""

from __future__ import annotations

from collections import deque
from dataclasses import replace

import numpy as np

from vision.records import CameraPose, PoseRates

_M_PER_DEG = 111_320.0


class PoseBuffer:
    """The last seconds of poses, in the order of their times.

    ``max_gap_s``: poses farther apart are not interpolated between; ``max_extrapolation_s``: how far the newest pose is
    carried forward with its last rates. ``time_offset_s``: what the telemetry's clock shows more than the video's at the
    same instant; the pose for a picture of ``t`` is the one stamped ``t + time_offset_s``.
    """

    def __init__(
        self,
        keep_s: float = 10.0,
        max_gap_s: float = 1.0,
        max_extrapolation_s: float = 0.25,
        time_offset_s: float = 0.0,
    ) -> None:
        self._keep_us = int(keep_s * 1e6)
        self._max_gap_us = int(max_gap_s * 1e6)
        self._max_extrapolation_us = int(max_extrapolation_s * 1e6)
        self._offset_us = round(time_offset_s * 1e6)
        self._poses: deque[CameraPose] = deque()

    def __len__(self) -> int:
        return len(self._poses)

    def add(self, pose: CameraPose) -> None:
        """Take a pose. One that is not newer than the last is dropped; a jump back of more than 1 s starts anew."""
        # Kept by the video's clock, in which everybody asks.
        if self._offset_us:
            pose = replace(pose, t_utc_us=pose.t_utc_us - self._offset_us)
        if self._poses:
            ahead_us = pose.t_utc_us - self._poses[-1].t_utc_us
            if ahead_us < -1_000_000:
                self._poses.clear()
            elif ahead_us <= 0:
                return
        self._poses.append(pose)
        while pose.t_utc_us - self._poses[0].t_utc_us > self._keep_us:
            self._poses.popleft()

    def at(self, t_utc_us: int) -> CameraPose | None:
        """The pose at ``t_utc_us``: between its neighbours, or the nearest one with its own time, or None when empty.

        Angles go the short way round; a pose between two others has their rates. Nothing is carried farther than
        ``max_extrapolation_s``: the pose then keeps its own ``t_utc_us``, so that whoever uses it sees its age.
        """
        if not self._poses:
            return None
        newest = self._poses[-1]
        if t_utc_us >= newest.t_utc_us:
            if len(self._poses) < 2:
                return newest
            before = self._poses[-2]
            if (
                newest.t_utc_us - before.t_utc_us > self._max_gap_us
                or t_utc_us - newest.t_utc_us > self._max_extrapolation_us
            ):
                return newest
            return _between(before, newest, t_utc_us)
        after = newest
        for pose in reversed(self._poses):
            if pose.t_utc_us <= t_utc_us:
                if after.t_utc_us - pose.t_utc_us > self._max_gap_us:
                    nearer_after = after.t_utc_us - t_utc_us < t_utc_us - pose.t_utc_us
                    return after if nearer_after else pose
                return _between(pose, after, t_utc_us)
            after = pose
        return after  # older than everything kept


def _between(a: CameraPose, b: CameraPose, t_utc_us: int) -> CameraPose:
    f = (t_utc_us - a.t_utc_us) / (b.t_utc_us - a.t_utc_us)

    def line(x: float, y: float) -> float:
        return x + f * (y - x)

    def turn(x: float, y: float) -> float:
        return x + f * _short_way(x, y)

    return replace(
        b,
        t_utc_us=t_utc_us,
        lat_deg=line(a.lat_deg, b.lat_deg),
        lon_deg=turn(a.lon_deg, b.lon_deg),
        alt_amsl_m=line(a.alt_amsl_m, b.alt_amsl_m),
        azimuth_deg=float(np.mod(turn(a.azimuth_deg, b.azimuth_deg), 360.0)),
        elevation_deg=line(a.elevation_deg, b.elevation_deg),
        roll_deg=turn(a.roll_deg, b.roll_deg),
        hfov_deg=line(a.hfov_deg, b.hfov_deg),
        vfov_deg=line(a.vfov_deg, b.vfov_deg),
        rates=_rates(a, b),
    )


def _rates(a: CameraPose, b: CameraPose) -> PoseRates:
    """Mean rates between two poses; a degree of latitude is taken as 111.3 km, good to 1 %."""
    per_s = 1e6 / (b.t_utc_us - a.t_utc_us)
    east = _short_way(a.lon_deg, b.lon_deg) * _M_PER_DEG * float(np.cos(np.radians(a.lat_deg)))
    return PoseRates(
        east * per_s,
        (b.lat_deg - a.lat_deg) * _M_PER_DEG * per_s,
        (b.alt_amsl_m - a.alt_amsl_m) * per_s,
        _short_way(a.azimuth_deg, b.azimuth_deg) * per_s,
        (b.elevation_deg - a.elevation_deg) * per_s,
        _short_way(a.roll_deg, b.roll_deg) * per_s,
    )


def _short_way(from_deg: float, to_deg: float) -> float:
    return (to_deg - from_deg + 180.0) % 360.0 - 180.0
