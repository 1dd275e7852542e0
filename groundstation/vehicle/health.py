"""Standing faults of an aircraft's senses and supplies: telemetry, battery, GPS, estimator, sensors, vibration, wind.

Beside :mod:`groundstation.vehicle.faults`, which judges one state without memory, this part remembers: it knows how
fast the battery empties, that a position has jumped, and how long something has been wrong.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from geofences.geodesy import LocalFrame
from groundstation.core.records import Fault, Severity, VehicleId, VehicleState
from groundstation.vehicle.firmware_names import value_of
from groundstation.vehicle.hysteresis import Level, Standing
from groundstation.vehicle.parameter_watch import ParameterWatch

HEALTH_PARAMETERS = ("FS_EKF_THRESH", "BATT_CAPACITY")
_SENSORS = {1: "gyroscope", 2: "accelerometer", 4: "compass", 8: "barometer", 32: "GPS receiver"}
_SENSOR_REMEDY = "land; check it before the next flight"
_POSITION_FLAG = 0x10  # EKF_POS_HORIZ_ABS
_VARIANCES = {
    "velocity_variance": "velocity", "pos_horiz_variance": "position", "pos_vert_variance": "height",
    "compass_variance": "compass",
}  # fmt: skip
_SEVERITY: tuple[Severity, Severity, Severity] = ("info", "warning", "critical")


_M_PER_LAT_UNIT = 0.011_131_95  # metres in 1e-7 degrees of latitude, on the equator's radius


@dataclass(frozen=True)
class HealthLimits:
    """When a value becomes a warning, and when critical.

    ``stale_s``: telemetry older than this; each transfer that is under way makes the aircraft send four times slower.
    ``return_speed_m_s``: how fast it is taken to come home; ``land_reserve_s``: kept for coming down.
    """

    stale_s: float = 3.0
    hdop: tuple[float, float] = (2.0, 4.0)
    satellites: int = 8
    jump_m: float = 30.0
    vibration_m_s2: tuple[float, float] = (30.0, 60.0)
    wind_m_s: tuple[float, float] = (10.0, 14.0)
    return_speed_m_s: float = 5.0
    land_reserve_s: float = 60.0
    ekf_default: float = 0.8


@dataclass(frozen=True)
class _Used:
    at_s: float
    percent: float
    used_mah: float


class BatteryClock:
    """How long a battery will last, from what it lost over the last minutes."""

    window_s, least_s = 180.0, 30.0

    def __init__(self) -> None:
        self._seen: deque[_Used] = deque()
        self._told_s = math.nan

    def add(self, now_s: float, percent: float, used_mah: float, told_s: float) -> None:
        """A report: percent left, charge used (mAh), the aircraft's own estimate (s); NaN where not given."""
        if self._seen and (percent > self._seen[-1].percent + 5.0 or used_mah < self._seen[-1].used_mah - 50.0):
            self._seen.clear()  # another battery
        self._seen.append(_Used(now_s, percent, used_mah))
        while self._seen and now_s - self._seen[0].at_s > self.window_s:
            self._seen.popleft()
        self._told_s = told_s

    def left_s(self, capacity_mah: float | None) -> float:
        """Seconds until it is empty; NaN before it can be told. The aircraft's own estimate where it has one."""
        if math.isfinite(self._told_s) and self._told_s > 0.0:
            return self._told_s
        if len(self._seen) < 2 or self._seen[-1].at_s - self._seen[0].at_s < self.least_s:
            return math.nan
        first, last = self._seen[0], self._seen[-1]
        span_s = last.at_s - first.at_s
        used = (last.used_mah - first.used_mah) / span_s
        if capacity_mah and math.isfinite(used) and used > 0.0 and math.isfinite(last.percent):
            # Charge is finer than percent, which moves in whole steps.
            return last.percent / 100.0 * capacity_mah / used
        rate = (first.percent - last.percent) / span_s
        # One step of the percentage tells no rate yet.
        return last.percent / rate if first.percent - last.percent >= 2.0 else math.nan


class HealthPart:
    """Faults of one aircraft. ``parameters``: what its parameters say, as far as they were read."""

    def __init__(
        self, vehicle_id: VehicleId, parameters: ParameterWatch | None = None, limits: HealthLimits | None = None
    ) -> None:
        self._vehicle_id, self._limits = vehicle_id, limits or HealthLimits()
        self._parameters = parameters or ParameterWatch(vehicle_id)
        self._parameters.want(HEALTH_PARAMETERS)
        self._latest: dict[str, Any] = {}
        self._slow: dict[str, float] = {}
        self._parameters_s: deque[float] = deque(maxlen=5)
        self._position_s = math.nan
        self._jump: tuple[float, float] | None = None
        self._last_position: tuple[float, Any] | None = None
        self._clipped: dict[str, tuple[int, float]] = {}
        self._standing: dict[str, Standing] = {}
        self._levels: dict[str, Level] = {}
        self._utc: tuple[float, int] | None = None
        self.utc_ahead_s = math.nan
        """How far the aircraft's UTC is ahead of this station's, to some tenths of a second; NaN while it tells none."""
        self.battery = BatteryClock()

    # -- what comes in -------------------------------------------------------------------------------------------

    def on_message(self, _link_name: str, message: Any, now_s: float) -> list[Any]:
        """Takes what the autopilot itself says of its health."""
        if (message.get_srcSystem(), message.get_srcComponent()) != tuple(self._vehicle_id):
            return []
        kind = message.get_type()
        if kind in ("MISSION_REQUEST", "MISSION_REQUEST_INT", "FILE_TRANSFER_PROTOCOL"):
            self._slow[kind.split("_")[0]] = now_s
        elif kind == "PARAM_VALUE":
            # A single reading slows nothing, the whole list does.
            self._parameters_s.append(now_s)
            if now_s - self._parameters_s[0] < 1.0 and len(self._parameters_s) == self._parameters_s.maxlen:
                self._slow["PARAM"] = now_s
        elif kind == "GLOBAL_POSITION_INT":
            self._on_position(message, now_s)
        elif kind == "BATTERY_STATUS" and message.id == 0:
            percent = float(message.battery_remaining) if message.battery_remaining >= 0 else math.nan
            used = float(message.current_consumed) if message.current_consumed >= 0 else math.nan
            self.battery.add(now_s, percent, used, float(message.time_remaining) or math.nan)
        elif kind == "VIBRATION":
            clips = int(message.clipping_0 + message.clipping_1 + message.clipping_2)
            before = self._clipped.get("vibration", (clips, -math.inf))
            self._clipped["vibration"] = (clips, now_s if clips > before[0] else before[1])
            self._latest[kind] = message
        elif kind == "SYSTEM_TIME" and message.time_unix_usec:
            self._utc = (now_s, int(message.time_unix_usec))
        elif kind in ("GPS_RAW_INT", "EKF_STATUS_REPORT", "SYS_STATUS", "WIND"):
            self._latest[kind] = message
        return []

    def _on_position(self, message: Any, now_s: float) -> None:
        self._position_s = now_s
        before, self._last_position = self._last_position, (now_s, message)
        if before is None or not (message.lat or message.lon) or not (before[1].lat or before[1].lon):
            return
        span_s = (message.time_boot_ms - before[1].time_boot_ms) / 1000.0
        if not 0.0 < span_s < 5.0:
            return  # restarted, or too long ago to tell a jump from a flight
        # On a sphere, which for a step of some metres is exact enough, and cheap: this is every position of a fleet.
        turn = 3_600_000_000
        lon_step = (message.lon - before[1].lon + turn // 2) % turn - turn // 2
        east_m = lon_step * _M_PER_LAT_UNIT * math.cos(math.radians(message.lat / 1e7))
        north_m = (message.lat - before[1].lat) * _M_PER_LAT_UNIT
        flown_east_m = (before[1].vy + message.vy) / 200.0 * span_s
        flown_north_m = (before[1].vx + message.vx) / 200.0 * span_s
        jump_m = math.hypot(east_m - flown_east_m, north_m - flown_north_m)
        if jump_m > self._limits.jump_m:
            self._jump = (now_s, jump_m)

    def on_time(self, state: VehicleState, now_s: float) -> list[Any]:
        """Nothing to send; compares the clocks."""
        if self._utc is not None and state.link_alive:
            # The state carries the UTC at which its newest message came, which is now but for some tenths.
            told_s, told_us = self._utc
            self.utc_ahead_s = told_us / 1e6 + (now_s - told_s) - state.t_utc_us / 1e6
            self._utc = None
        return []

    def time_left_s(self) -> float:
        """How long the battery lasts at this rate; NaN when that is not known."""
        return self.battery.left_s(value_of(self._parameters.values, "BATT_CAPACITY"))

    # -- faults --------------------------------------------------------------------------------------------------

    def faults(self, state: VehicleState, now_s: float) -> tuple[Fault, ...]:
        """What stands now."""
        if not state.link_alive:
            return ()  # all values are old, and that is told already
        judges: tuple[Callable[[VehicleState, float], list[Fault]], ...] = (
            self._telemetry, self._battery_time, self._gps, self._estimator, self._sensors, self._vibration, self._wind,
        )  # fmt: skip
        return tuple(fault for judge in judges for fault in judge(state, now_s))

    def _stands(self, key: str, condition: bool, now_s: float, raise_s: float = 1.0, clear_s: float = 3.0) -> bool:
        return self._standing.setdefault(key, Standing(raise_s, clear_s)).update(condition, now_s)

    def _level(self, key: str, limits: tuple[float, ...], value: float, now_s: float) -> int:
        return self._levels.setdefault(key, Level(limits)).update(value, now_s)

    def _telemetry(self, _state: VehicleState, now_s: float) -> list[Fault]:
        """Late positions, except while a transfer makes the aircraft send its streams four times slower, or sixteen."""
        slower = 4.0 ** sum(now_s - at_s < 5.0 for at_s in self._slow.values())
        age_s = now_s - self._position_s
        if not self._stands("telemetry", age_s > self._limits.stale_s * slower, now_s, 0.0, 1.0):
            return []
        text = (
            f"Positions are {age_s:.0f} s old although the aircraft is heard" if age_s > 1.0 else "Positions were late"
        )
        return [Fault("telemetry", "warning", text, "reckon with its being further on; check the link's load")]

    def _battery_time(self, state: VehicleState, now_s: float) -> list[Fault]:
        left_s, home_s = self.time_left_s(), self._home_s(state)
        if not state.armed or math.isnan(left_s) or math.isnan(home_s):
            return []
        # What is needed of what is left: a third to spare is a warning, nothing to spare is critical.
        share = (home_s + self._limits.land_reserve_s) / max(left_s, 1.0)
        level = self._level("battery_time", (0.67, 1.0), share, now_s)
        if level == 0:
            return []
        text = f"Battery for {_minutes(left_s)} at this rate, the way home takes {_minutes(home_s)}"
        return [Fault("battery_time", _SEVERITY[level], text, "return now" if level == 2 else "plan the return")]

    def _home_s(self, state: VehicleState) -> float:
        values = (state.lat_deg, state.lon_deg, state.home_lat_deg, state.home_lon_deg)
        if not all(math.isfinite(v) for v in values):
            return math.nan
        way = LocalFrame(state.home_lat_deg, state.home_lon_deg).to_plane(state.lat_deg, state.lon_deg)
        return float(np.hypot(*way)) / self._limits.return_speed_m_s

    def _gps(self, _state: VehicleState, now_s: float) -> list[Fault]:
        found: list[Fault] = []
        gps = self._latest.get("GPS_RAW_INT")
        if gps is not None:
            if self._stands("gps_fix", gps.fix_type < 3, now_s):
                found.append(Fault("gps_fix", "critical", f"GPS has no 3D fix (type {gps.fix_type})",
                                   "wait; in flight be ready to take over"))  # fmt: skip
            satellites = gps.satellites_visible
            if self._stands("gps_satellites", satellites < self._limits.satellites and satellites != 255, now_s):
                found.append(Fault("gps_satellites", "warning", f"GPS sees {satellites} satellites",
                                   "give it a free view of the sky; expect wider positions"))  # fmt: skip
            hdop = gps.eph / 100.0 if gps.eph != 65_535 else math.nan
            level = self._level("gps_hdop", self._limits.hdop, hdop, now_s)
            if level:
                found.append(Fault("gps_hdop", _SEVERITY[level], f"GPS geometry is poor: HDOP {hdop:.1f}",
                                   "wait for better satellites; expect wider positions"))  # fmt: skip
        jumped = self._jump is not None and now_s - self._jump[0] < 10.0
        if self._stands("gps_jump", jumped, now_s, 0.0, 1.0) and self._jump is not None:
            found.append(Fault("gps_jump", "critical", f"The position jumped by {self._jump[1]:.0f} m",
                               "suspect interference; watch it against the map and the picture"))  # fmt: skip
        return found

    def _estimator(self, _state: VehicleState, now_s: float) -> list[Fault]:
        report = self._latest.get("EKF_STATUS_REPORT")
        if report is None:
            return []
        found: list[Fault] = []
        if self._stands("ekf_position", not report.flags & _POSITION_FLAG, now_s, clear_s=1.0):
            found.append(Fault("ekf_position", "critical", "The estimator has no absolute position",
                               "positions of detections are not trusted until it is back"))  # fmt: skip
        threshold = value_of(self._parameters.values, "FS_EKF_THRESH") or self._limits.ekf_default
        name, worst = max(((word, float(getattr(report, f))) for f, word in _VARIANCES.items()), key=lambda v: v[1])
        level = self._level("ekf_variance", (0.75 * threshold, threshold), worst, now_s)
        if level:
            text = f"The estimator doubts its {name}: {worst:.2f}, the failsafe is at {threshold:.2f}"
            remedy = (
                "expect its failsafe; be ready to take over" if level == 2 else "watch it, keep clear of metal and mast"
            )
            found.append(Fault("ekf_variance", _SEVERITY[level], text, remedy))
        return found

    def _sensors(self, state: VehicleState, now_s: float) -> list[Fault]:
        status = self._latest.get("SYS_STATUS")
        found: list[Fault] = []
        for bit, word in _SENSORS.items():
            bad = status is not None and bool(
                status.onboard_control_sensors_present
                & status.onboard_control_sensors_enabled
                & ~status.onboard_control_sensors_health
                & bit
            )
            if self._stands(f"sensor_{bit}", bad, now_s):
                severity: Severity = "critical" if state.armed else "warning"
                found.append(Fault(f"sensor_{word.split()[0].lower()}", severity, f"The {word} is not healthy",
                                   _SENSOR_REMEDY))  # fmt: skip
        return found

    def _vibration(self, _state: VehicleState, now_s: float) -> list[Fault]:
        message = self._latest.get("VIBRATION")
        if message is None:
            return []
        worst = max(message.vibration_x, message.vibration_y, message.vibration_z)
        level = self._level("vibration", self._limits.vibration_m_s2, worst, now_s)
        clipping = self._stands("clipping", now_s - self._clipped["vibration"][1] < 3.0, now_s, 0.0, 5.0)
        if not level and not clipping:
            return []
        text = f"Vibration of {worst:.0f} m/s2" + (", the accelerometers clip" if clipping else "")
        return [Fault("vibration", _SEVERITY[max(level, 1)], text, "slow down and land; look for a damaged propeller")]

    def _wind(self, _state: VehicleState, now_s: float) -> list[Fault]:
        wind = self._latest.get("WIND")
        if wind is None:
            return []
        level = self._level("wind", self._limits.wind_m_s, float(wind.speed), now_s)
        if not level:
            return []
        text = f"Wind of {wind.speed:.0f} m/s from {wind.direction % 360.0:.0f} degrees"
        return [
            Fault("wind", _SEVERITY[level], text, "return while it can" if level == 2 else "keep more in the battery")
        ]


def _minutes(seconds: float) -> str:
    return f"{seconds / 60.0:.0f} min" if seconds >= 90.0 else f"{max(seconds, 0.0):.0f} s"
