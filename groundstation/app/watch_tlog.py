"""A flight's MAVLink recording (``.tlog``) as telemetry of its video."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from groundstation.core.errors import VideoError
from groundstation.link.tlog import read_tlog
from groundstation.vehicle.boot_time import BootTimeMap
from groundstation.vehicle.pose_buffer import PoseBuffer
from missions.mavlink import mavlink2
from vision.sidecar.poses import SidecarSigma
from vision.sidecar.samples import TelemetryLog, TelemetrySample, in_order, position_problem

TLOG_SIGMA = SidecarSigma(
    horizontal_m=1.5, vertical_relative_m=2.0, vertical_absolute_m=5.0, heading_deg=0.6, elevation_deg=0.6
)
"""An autopilot with a compass and an estimator, as everywhere in the station."""

_KINDS = ("GLOBAL_POSITION_INT", "ATTITUDE", "GIMBAL_DEVICE_ATTITUDE_STATUS", "EKF_STATUS_REPORT")


def read_tlog_telemetry(path: Path, system_id: int = 0) -> TelemetryLog:
    """The camera's (or, without a gimbal, the aircraft's) pose through the flight of ``system_id`` (0: the first one).

    With gimbal messages each sample is a pose at the time of one of them, as in flight; without, position and attitude at
    the times of the positions. Raises :class:`~geofences.errors.LinkError` when the file is no recording and
    :class:`~geofences.errors.VideoError` when it holds no position.
    """
    messages = list(_messages(path, system_id))
    if not messages:
        raise VideoError(f"telemetry {path}: no position of an aircraft in it", "choose another recording")
    own = messages[0][1].get_srcSystem()
    messages = [m for m in messages if m[1].get_srcSystem() == own]
    refused: Counter[str] = Counter()
    gimbal = any(m.get_type() == "GIMBAL_DEVICE_ATTITUDE_STATUS" for _, m in messages)
    samples = _with_gimbal(messages) if gimbal else _without_gimbal(messages)
    good = []
    for sample in samples:
        problem = position_problem(sample.lat_deg, sample.lon_deg)
        if problem:
            refused[problem] += 1
        else:
            good.append(sample)
    dialect = f"MAVLink system {own}, {'gimbal attitude' if gimbal else 'no gimbal attitude'}"
    return TelemetryLog("tlog", dialect, "utc", in_order(str(path), good, refused), None, dict(refused))


def _messages(path: Path, system_id: int) -> Iterator[tuple[int, Any]]:
    """Arrival time and message of what matters here, from the first position on."""
    codec = mavlink2.MAVLink(None)
    codec.robust_parsing = True
    located = False
    for record in read_tlog(path):
        for message in codec.parse_buffer(record.packet) or ():
            if message.get_type() not in _KINDS or (system_id and message.get_srcSystem() != system_id):
                continue
            located = located or message.get_type() == "GLOBAL_POSITION_INT"
            if located:
                yield record.t_utc_us, message


def _takeoff_amsl_m(messages: list[tuple[int, Any]]) -> float:
    heights = [(m.alt - m.relative_alt) / 1000.0 for _, m in messages if m.get_type() == "GLOBAL_POSITION_INT"]
    return float(np.median(heights)) if heights else math.nan


def _with_gimbal(messages: list[tuple[int, Any]]) -> list[TelemetrySample]:
    buffer = PoseBuffer(BootTimeMap())
    takeoff_m = _takeoff_amsl_m(messages)
    samples = []
    for t_utc_us, message in messages:
        buffer.on_message(message, t_utc_us)
        samples += [
            TelemetrySample(
                p.t_utc_us / 1e6, p.lat_deg, p.lon_deg, p.alt_amsl_m, p.alt_amsl_m - takeoff_m,
                gimbal_azimuth_deg=p.azimuth_deg, gimbal_elevation_deg=p.elevation_deg, gimbal_roll_deg=p.roll_deg,
            )
            for p in buffer.take_new()
        ]  # fmt: skip
    return samples


def _without_gimbal(messages: list[tuple[int, Any]]) -> list[TelemetrySample]:
    """Attitude interpolated to the times of the positions."""
    clock = BootTimeMap()
    attitude: list[tuple[float, float, float, float]] = []
    positions: list[tuple[float, Any]] = []
    for t_utc_us, message in messages:
        kind = message.get_type()
        if kind not in ("ATTITUDE", "GLOBAL_POSITION_INT"):
            continue
        if clock.on_boot_time(message.time_boot_ms, t_utc_us):
            attitude.clear()  # a restart: what was before belongs to another flight
            positions.clear()
        t_s = clock.to_utc_us(message.time_boot_ms) / 1e6
        if kind == "ATTITUDE":
            attitude.append((t_s, message.yaw, message.pitch, message.roll))
        else:
            positions.append((t_s, message))
    if not attitude or not positions:
        return []
    table = np.array(sorted(attitude))
    times = np.array([t for t, _ in positions])
    angles = [
        np.degrees(np.interp(times, table[:, 0], np.unwrap(table[:, c]), left=np.nan, right=np.nan)) for c in (1, 2, 3)
    ]
    # An attitude is not carried over a gap.
    gap = np.array([np.min(np.abs(table[:, 0] - t)) > 0.5 for t in times])
    samples = []
    for i, (t_s, m) in enumerate(positions):
        yaw, pitch, roll = (math.nan if gap[i] else float(a[i]) for a in angles)
        samples.append(
            TelemetrySample(
                t_s, m.lat / 1e7, m.lon / 1e7, m.alt / 1000.0, m.relative_alt / 1000.0, heading_deg=yaw, pitch_deg=pitch,
                roll_deg=roll,
            )
        )  # fmt: skip
    return samples
