"""From MAVLink messages to one :class:`VehicleState`: a pure function.

A recording of a flight so gives the same states again.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal

from groundstation.core.records import FenceState, VehicleState
from groundstation.vehicle.angles import quaternion_to_euler_deg, wrap_180
from groundstation.vehicle.modes import AUTOPILOTS, VEHICLE_TYPES, mode_name

_ARMED = 0x80  # MAV_MODE_FLAG_SAFETY_ARMED
_GEOFENCE = 0x100000  # MAV_SYS_STATUS_GEOFENCE
# EKF_STATUS_FLAGS: attitude, horizontal and vertical velocity, absolute horizontal position; and "constant position".
_EKF_NEEDED = 0x01 | 0x02 | 0x04 | 0x10
_EKF_CONSTANT_POSITION = 0x80
_YAW_IN_EARTH_FRAME = 0x40  # GIMBAL_DEVICE_FLAGS_YAW_IN_EARTH_FRAME
_MISSION_STATES: dict[int, Literal["unknown", "none", "not_started", "active", "paused", "complete"]] = {
    0: "unknown", 1: "none", 2: "not_started", 3: "active", 4: "paused", 5: "complete",
}  # fmt: skip
_RELEASES = {0: "dev", 64: "alpha", 128: "beta", 192: "rc"}
_NO_ITEM = 65_535

_Handler = Callable[[VehicleState, Any], VehicleState]


def _heartbeat(state: VehicleState, m: Any) -> VehicleState:
    return replace(
        state,
        link_alive=True,
        heartbeat_age_s=0.0,
        autopilot=AUTOPILOTS.get(m.autopilot, f"autopilot {m.autopilot}"),
        vehicle_type=VEHICLE_TYPES.get(m.type, f"type {m.type}"),
        mode=mode_name(m.type, m.custom_mode),
        armed=bool(m.base_mode & _ARMED),
    )


def _sys_status(state: VehicleState, m: Any) -> VehicleState:
    enabled = bool(m.onboard_control_sensors_enabled & _GEOFENCE)
    healthy = bool(m.onboard_control_sensors_health & _GEOFENCE)
    # The health bit says nothing while the fence is off.
    fence = replace(
        state.fence,
        present=bool(m.onboard_control_sensors_present & _GEOFENCE),
        enabled=enabled,
        healthy=healthy or not enabled,
        breached=enabled and not healthy,
        breach_type=state.fence.breach_type if enabled and not healthy else 0,
    )
    percent = float(m.battery_remaining) if m.battery_remaining >= 0 else state.battery_percent
    voltage = m.voltage_battery / 1000.0 if m.voltage_battery not in (0, 65_535) else state.battery_v
    return replace(state, fence=fence, battery_percent=percent, battery_v=voltage)


def _global_position(state: VehicleState, m: Any) -> VehicleState:
    if m.lat == 0 and m.lon == 0:
        # Sent before the first fix: not a place.
        return state
    return replace(
        state,
        lat_deg=m.lat / 1e7,
        lon_deg=m.lon / 1e7,
        alt_amsl_m=m.alt / 1000.0,
        alt_rel_home_m=m.relative_alt / 1000.0,
        velocity_ned_m_s=(m.vx / 100.0, m.vy / 100.0, m.vz / 100.0),
    )


def _attitude(state: VehicleState, m: Any) -> VehicleState:
    return replace(
        state,
        roll_deg=math.degrees(m.roll),
        pitch_deg=math.degrees(m.pitch),
        yaw_deg=wrap_180(math.degrees(m.yaw)),
    )


def _gps(state: VehicleState, m: Any) -> VehicleState:
    satellites = m.satellites_visible if m.satellites_visible != 255 else 0
    return replace(state, gps_fix_type=m.fix_type, satellites=satellites)


def _vfr_hud(state: VehicleState, m: Any) -> VehicleState:
    # Only a stand-in until a position has come: it has no time stamp and no direction of flight.
    return state if math.isfinite(state.alt_amsl_m) else replace(state, alt_amsl_m=float(m.alt))


def _battery(state: VehicleState, m: Any) -> VehicleState:
    if m.id != 0:
        return state
    cells = [v for v in m.voltages if v != 65_535]
    return replace(
        state,
        battery_percent=float(m.battery_remaining) if m.battery_remaining >= 0 else state.battery_percent,
        battery_v=sum(cells) / 1000.0 if cells and sum(cells) else state.battery_v,
    )


def _mission_current(state: VehicleState, m: Any) -> VehicleState:
    # "total" and "mission_state" are extensions: 0 from an aircraft that does not know them, 65535 for no mission.
    total = 0 if m.total == _NO_ITEM else m.total
    return replace(
        state, mission_seq=m.seq, mission_total=total, mission_state=_MISSION_STATES.get(m.mission_state, "unknown")
    )


def _fence_status(state: VehicleState, m: Any) -> VehicleState:
    # Only sent while a fence is enabled, so "enabled" stays with SYS_STATUS, which is always sent.
    fence: FenceState = replace(
        state.fence,
        breached=bool(m.breach_status),
        breach_count=m.breach_count,
        breach_type=m.breach_type if m.breach_status else 0,
    )
    return replace(state, fence=fence)


def _home(state: VehicleState, m: Any) -> VehicleState:
    return replace(
        state, home_lat_deg=m.latitude / 1e7, home_lon_deg=m.longitude / 1e7, home_alt_amsl_m=m.altitude / 1000.0
    )


def _gimbal(state: VehicleState, m: Any) -> VehicleState:
    roll_deg, pitch_deg, yaw_deg = quaternion_to_euler_deg(m.q)
    if not math.isfinite(pitch_deg):
        return state
    # ArduPilot always gives yaw in the vehicle's frame (mounted gimbals with a compass may say otherwise).
    azimuth_deg = yaw_deg if m.flags & _YAW_IN_EARTH_FRAME else wrap_180(yaw_deg + state.yaw_deg)
    return replace(state, gimbal_azimuth_deg=azimuth_deg, gimbal_elevation_deg=pitch_deg, gimbal_roll_deg=roll_deg)


def ekf_position_ok(flags: int) -> bool:
    """Whether an ``EKF_STATUS_REPORT`` says that attitude, velocity and absolute position can be used."""
    return flags & _EKF_NEEDED == _EKF_NEEDED and not flags & _EKF_CONSTANT_POSITION


def _ekf(state: VehicleState, m: Any) -> VehicleState:
    return replace(state, position_ok=ekf_position_ok(m.flags))


def _version(state: VehicleState, m: Any) -> VehicleState:
    v = m.flight_sw_version
    release = next((name for limit, name in sorted(_RELEASES.items(), reverse=True) if v & 0xFF >= limit), "")
    suffix = "" if v & 0xFF == 255 else f"-{release}"
    return replace(state, firmware=f"{v >> 24 & 0xFF}.{v >> 16 & 0xFF}.{v >> 8 & 0xFF}{suffix}")


_HANDLERS: dict[str, _Handler] = {
    "HEARTBEAT": _heartbeat,
    "SYS_STATUS": _sys_status,
    "GLOBAL_POSITION_INT": _global_position,
    "ATTITUDE": _attitude,
    "GPS_RAW_INT": _gps,
    "VFR_HUD": _vfr_hud,
    "BATTERY_STATUS": _battery,
    "MISSION_CURRENT": _mission_current,
    "FENCE_STATUS": _fence_status,
    "HOME_POSITION": _home,
    "GIMBAL_DEVICE_ATTITUDE_STATUS": _gimbal,
    "EKF_STATUS_REPORT": _ekf,
    "AUTOPILOT_VERSION": _version,
}


def reduce(state: VehicleState, message: Any, t_mono_ns: int, t_utc_us: int) -> VehicleState:
    """The state after ``message``, which arrived at ``t_mono_ns`` = ``t_utc_us``.

    Messages of other systems or components, and those that say nothing about the state, give ``state`` itself back.
    """
    if (message.get_srcSystem(), message.get_srcComponent()) != tuple(state.vehicle_id):
        return state
    handler = _HANDLERS.get(message.get_type())
    if handler is None:
        return state
    return replace(handler(state, message), t_mono_ns=t_mono_ns, t_utc_us=t_utc_us)
