"""From MAVLink messages to one :class:`VehicleState`: pure, so that a recording of a flight gives the same states again.

Each message has a handler that gives what the message says about the state, given what is known. :func:`reduce` makes
the next state of it; :class:`StateReducer` gathers what many messages say and makes a state when it is asked for one,
which for a fleet at 20 messages a second each is most of the saving.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Literal

from groundstation.core.records import Fault, FlightMode, LandedState, VehicleState
from groundstation.vehicle.angles import quaternion_to_euler_deg, wrap_180
from groundstation.vehicle.modes import ARDUPILOT, AUTOPILOTS, VEHICLE_TYPES, mode_name

_ARMED = 0x80  # MAV_MODE_FLAG_SAFETY_ARMED
_GEOFENCE = 0x100000  # MAV_SYS_STATUS_GEOFENCE
_PREARM = 0x10000000  # MAV_SYS_STATUS_PREARM_CHECK
# EKF_STATUS_FLAGS and ESTIMATOR_STATUS_FLAGS: attitude, horizontal and vertical velocity, absolute horizontal position;
# and "constant position".
_EKF_NEEDED = 0x01 | 0x02 | 0x04 | 0x10
_EKF_CONSTANT_POSITION = 0x80
_YAW_IN_EARTH_FRAME = 0x40  # GIMBAL_DEVICE_FLAGS_YAW_IN_EARTH_FRAME
_MISSION_STATES: dict[int, Literal["unknown", "none", "not_started", "active", "paused", "complete"]] = {
    0: "unknown", 1: "none", 2: "not_started", 3: "active", 4: "paused", 5: "complete",
}  # fmt: skip
_LANDED: dict[int, LandedState] = {1: "on_ground", 2: "in_air", 3: "taking_off", 4: "landing"}
_SYSTEM_STATUS = {
    1: "booting", 2: "calibrating", 3: "standby", 4: "active", 5: "critical", 6: "emergency", 7: "powered off",
    8: "terminating",
}  # fmt: skip
_RELEASES = {0: "dev", 64: "alpha", 128: "beta", 192: "rc"}
_NO_ITEM = 65_535
_WIND_OLD_NS = 10_000_000_000
_NOT_SELECTABLE = 2  # MAV_MODE_PROPERTY_NOT_USER_SELECTABLE
_MOST_MODES = 128
_LAT_LIMIT, _LON_LIMIT = 900_000_000, 1_800_000_000

Changes = dict[str, Any]
_Handler = Callable[[Any, Any], Changes]


def _is_place(lat: int, lon: int) -> bool:
    """Not 0, 0, which is sent before the first fix, and nothing that cannot be on the earth."""
    return bool(lat or lon) and abs(lat) <= _LAT_LIMIT and abs(lon) <= _LON_LIMIT


def _heartbeat(known: Any, m: Any) -> Changes:
    mode = mode_name(m.type, m.custom_mode, m.autopilot, known.available_modes)
    return {
        "link_alive": True,
        "heartbeat_age_s": 0.0,
        "autopilot": AUTOPILOTS.get(m.autopilot) or f"autopilot {m.autopilot}",
        "read_only": m.autopilot != ARDUPILOT,
        "vehicle_type": VEHICLE_TYPES.get(m.type) or f"type {m.type}",
        "mode": mode,
        # The pre-arm bit is judged for the mode of that moment: in another mode it says nothing.
        "prearm_ok": known.prearm_ok if mode == known.mode else None,
        "armed": bool(m.base_mode & _ARMED),
        "system_status": _SYSTEM_STATUS.get(m.system_status, ""),
    }


def _sys_status(known: Any, m: Any) -> Changes:
    present, enabled = m.onboard_control_sensors_present, m.onboard_control_sensors_enabled
    healthy_bits = m.onboard_control_sensors_health
    fence_on, healthy = bool(enabled & _GEOFENCE), bool(healthy_bits & _GEOFENCE)
    # The health bit says nothing while the fence is off; one that only reports is "off" here too, and FENCE_STATUS tells
    # of its breach.
    breached = not healthy and (fence_on or known.fence.breached)
    fence = replace(
        known.fence,
        present=bool(present & _GEOFENCE),
        enabled=fence_on,
        healthy=healthy or not fence_on,
        breached=breached,
        breach_type=known.fence.breach_type if breached else 0,
    )
    changes: Changes = {"fence": fence, "prearm_ok": bool(healthy_bits & _PREARM) if enabled & _PREARM else None}
    if 0 <= m.battery_remaining <= 100:
        changes["battery_percent"] = float(m.battery_remaining)
    if m.voltage_battery not in (0, 65_535):
        changes["battery_v"] = m.voltage_battery / 1000.0
    return changes


def _global_position(known: Any, m: Any) -> Changes:
    if not _is_place(m.lat, m.lon):
        return {}
    return {
        "lat_deg": m.lat / 1e7,
        "lon_deg": m.lon / 1e7,
        "alt_amsl_m": m.alt / 1000.0,
        "alt_rel_home_m": m.relative_alt / 1000.0,
        "velocity_ned_m_s": (m.vx / 100.0, m.vy / 100.0, m.vz / 100.0),
    }


def _attitude(known: Any, m: Any) -> Changes:
    if not (math.isfinite(m.roll) and math.isfinite(m.pitch) and math.isfinite(m.yaw)):
        return {}
    return {
        "roll_deg": math.degrees(m.roll),
        "pitch_deg": math.degrees(m.pitch),
        "yaw_deg": wrap_180(math.degrees(m.yaw)),
    }


def _gps(known: Any, m: Any) -> Changes:
    satellites = m.satellites_visible if m.satellites_visible != 255 else 0
    return {"gps_fix_type": m.fix_type, "satellites": satellites}


def _vfr_hud(known: Any, m: Any) -> Changes:
    # Only a stand-in until a position has come: it has no time stamp and no direction of flight.
    return {} if math.isfinite(known.alt_amsl_m) or not math.isfinite(m.alt) else {"alt_amsl_m": float(m.alt)}


def _battery(known: Any, m: Any) -> Changes:
    if m.id != 0:
        return {}
    changes: Changes = {}
    cells = [v for v in m.voltages if v != 65_535]
    if 0 <= m.battery_remaining <= 100:
        changes["battery_percent"] = float(m.battery_remaining)
    if sum(cells):
        changes["battery_v"] = sum(cells) / 1000.0
    changes["battery_left_s"] = float(m.time_remaining) if m.time_remaining > 0 else math.nan
    return changes


def _wind(known: Any, m: Any) -> Changes:
    # ArduPilot's message: "direction" is where it comes from.
    if not (math.isfinite(m.direction) and math.isfinite(m.speed)):
        return {}
    return {"wind_from_deg": m.direction % 360.0, "wind_m_s": max(float(m.speed), 0.0)}


def _mission_current(known: Any, m: Any) -> Changes:
    # "total" and "mission_state" are extensions: 0 from an aircraft that does not know them, 65535 for no mission.
    return {
        "mission_seq": m.seq,
        "mission_total": 0 if m.total == _NO_ITEM else m.total,
        "mission_state": _MISSION_STATES.get(m.mission_state, "unknown"),
    }


def _fence_status(known: Any, m: Any) -> Changes:
    # Only sent while a fence is enabled, so "enabled" stays with SYS_STATUS, which is always sent.
    fence = replace(
        known.fence,
        breached=bool(m.breach_status),
        breach_count=m.breach_count,
        breach_type=m.breach_type if m.breach_status else 0,
    )
    return {"fence": fence}


def _home(known: Any, m: Any) -> Changes:
    if not _is_place(m.latitude, m.longitude):
        return {}
    return {
        "home_lat_deg": m.latitude / 1e7,
        "home_lon_deg": m.longitude / 1e7,
        "home_alt_amsl_m": m.altitude / 1000.0,
    }


def _gimbal(known: Any, m: Any) -> Changes:
    roll_deg, pitch_deg, yaw_deg = quaternion_to_euler_deg(m.q)
    if not math.isfinite(pitch_deg):
        return {}
    # ArduPilot always gives yaw in the vehicle's frame (mounted gimbals with a compass may say otherwise).
    azimuth_deg = yaw_deg if m.flags & _YAW_IN_EARTH_FRAME else wrap_180(yaw_deg + known.yaw_deg)
    return {"gimbal_azimuth_deg": azimuth_deg, "gimbal_elevation_deg": pitch_deg, "gimbal_roll_deg": roll_deg}


def ekf_position_ok(flags: int) -> bool:
    """Whether EKF flags say that attitude, velocity and absolute position can be used.

    ``EKF_STATUS_REPORT`` (ArduPilot) and ``ESTIMATOR_STATUS`` (PX4) number these bits alike.
    """
    return flags & _EKF_NEEDED == _EKF_NEEDED and not flags & _EKF_CONSTANT_POSITION


def _ekf(known: Any, m: Any) -> Changes:
    return {"position_ok": ekf_position_ok(m.flags)}


def _version(known: Any, m: Any) -> Changes:
    v = m.flight_sw_version
    release = next((name for limit, name in sorted(_RELEASES.items(), reverse=True) if v & 0xFF >= limit), "")
    suffix = "" if v & 0xFF == 255 else f"-{release}"
    return {"firmware": f"{v >> 24 & 0xFF}.{v >> 16 & 0xFF}.{v >> 8 & 0xFF}{suffix}"}


def _extended(known: Any, m: Any) -> Changes:
    return {"landed": _LANDED.get(m.landed_state, "unknown")}


def _available_modes(known: Any, m: Any) -> Changes:
    """One entry of the aircraft's own list. A list of another length is another list."""
    if not 1 <= m.mode_index <= m.number_modes <= _MOST_MODES:
        return {}
    raw = m.mode_name
    name = (raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)).rstrip("\0")
    entry = FlightMode(m.mode_index, m.custom_mode, name, not m.properties & _NOT_SELECTABLE)
    others = known.available_modes if known.modes_expected == m.number_modes else ()
    listed = sorted([entry, *(each for each in others if each.index != entry.index)])
    return {"available_modes": tuple(listed), "modes_expected": m.number_modes}


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
    "ESTIMATOR_STATUS": _ekf,
    "AUTOPILOT_VERSION": _version,
    "EXTENDED_SYS_STATE": _extended,
    "AVAILABLE_MODES": _available_modes,
    "WIND": _wind,
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
    return replace(state, **handler(state, message), t_mono_ns=t_mono_ns, t_utc_us=t_utc_us)


class StateReducer:
    """The same as :func:`reduce`, one message after another, for one aircraft; the state is made when it is read.

    A wind that the aircraft has not told for ten seconds is not known any more: the wind turns, and nothing else would say so.
    """

    def __init__(self, state: VehicleState) -> None:
        self._address = (state.vehicle_id.system_id, state.vehicle_id.component_id)
        self._state = state
        self._known = SimpleNamespace(**vars(state))
        self._wind_mono_ns = state.t_mono_ns
        self._changed = False

    @property
    def state(self) -> VehicleState:
        """What is known now."""
        if self._changed:
            self._changed = False
            self._state = VehicleState(**vars(self._known))
        return self._state

    def on_message(self, message: Any, t_mono_ns: int, t_utc_us: int) -> bool:
        """Take a message; False when it says nothing about this aircraft's state."""
        header = message.get_header()
        if (header.srcSystem, header.srcComponent) != self._address:
            return False
        handler = _HANDLERS.get(message.get_type())
        if handler is None:
            return False
        known = self._known
        vars(known).update(handler(known, message))
        known.t_mono_ns, known.t_utc_us = t_mono_ns, t_utc_us
        if handler is _wind:
            self._wind_mono_ns = t_mono_ns
        elif t_mono_ns - self._wind_mono_ns > _WIND_OLD_NS and known.wind_m_s == known.wind_m_s:
            known.wind_from_deg = known.wind_m_s = math.nan
        self._changed = True
        return True

    def on_age(self, age_s: float, heartbeat_age_s: float, lost_after_s: float) -> bool:
        """The age of what was heard last, and of the last heartbeat; whether the link was alive before."""
        known = self._known
        was_alive = bool(known.link_alive)
        known.heartbeat_age_s, known.link_alive = heartbeat_age_s, age_s <= lost_after_s
        self._changed = True
        return was_alive

    def set_faults(self, faults: tuple[Fault, ...]) -> None:
        """The standing faults as of now."""
        if faults != self._known.faults:
            self._known.faults = faults
            self._changed = True

    def set_link(self, link_name: str, loss_fraction: float, round_trip_s: float) -> None:
        """Which link is used for sending, and how good it is."""
        known = self._known
        known.link_name, known.link_loss_fraction, known.round_trip_s = link_name, loss_fraction, round_trip_s
        self._changed = True

    def forget_modes(self) -> None:
        """The aircraft has restarted or says that its list has changed: it must be asked for again."""
        self._known.available_modes, self._known.modes_expected = (), 0
        self._changed = True
