"""Builds telemetry from what the vehicle believes, which is the truth with the sensors' errors."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from missions.mavlink import mavlink2 as m
from sim.autopilot.battery import CELLS, Battery
from sim.autopilot.fence import Fence
from sim.autopilot.flight import Flight
from sim.autopilot.gimbal import Gimbal, Targeting
from sim.autopilot.kinds import VehicleKind
from sim.autopilot.manoeuvres import Leg
from sim.autopilot.mission import MissionRunner
from sim.autopilot.modes import Mode
from sim.autopilot.parameters import Parameters
from sim.dynamics import wrap_180

EKF_HEALTHY = 831
_EKF_STARTING = 1024
# Gyros, accelerometers, magnetometer, barometer, GPS, rate/attitude/yaw/altitude/position control, motors, AHRS, battery.
_SENSORS = 0b1111 | 1 << 5 | 0b11111 << 10 | 1 << 15 | 1 << 21 | 1 << 25
_FENCE_BIT, _PREARM_BIT, _TERRAIN_BIT = 1 << 20, 1 << 28, 1 << 22
FLIGHT_VERSION = 4 << 24 | 6 << 16 | 0 << 8 | 255
CAPABILITIES = (
    m.MAV_PROTOCOL_CAPABILITY_MISSION_FLOAT
    | m.MAV_PROTOCOL_CAPABILITY_FTP
    | m.MAV_PROTOCOL_CAPABILITY_PARAM_FLOAT
    | m.MAV_PROTOCOL_CAPABILITY_MISSION_INT
    | m.MAV_PROTOCOL_CAPABILITY_COMMAND_INT
    | m.MAV_PROTOCOL_CAPABILITY_SET_POSITION_TARGET_LOCAL_NED
    | m.MAV_PROTOCOL_CAPABILITY_SET_POSITION_TARGET_GLOBAL_INT
    | m.MAV_PROTOCOL_CAPABILITY_MAVLINK2
    | m.MAV_PROTOCOL_CAPABILITY_MISSION_FENCE
    | m.MAV_PROTOCOL_CAPABILITY_MISSION_RALLY
)
_UINT16_UNKNOWN, _INT16_UNKNOWN, _INT32_UNKNOWN = 65535, 32767, 0x7FFFFFFF
_FOV_STEP_M, _FOV_STEPS = 2.0, 2000


def quaternion(roll_deg: float, pitch_deg: float, yaw_deg: float) -> list[float]:
    """``[w, x, y, z]`` of yaw about down, then pitch about right, then roll about forward (aerospace sequence)."""
    r, p, y = (math.radians(a) / 2.0 for a in (roll_deg, pitch_deg, yaw_deg))
    cr, sr, cp, sp, cy, sy = math.cos(r), math.sin(r), math.cos(p), math.sin(p), math.cos(y), math.sin(y)
    return [
        cr * cp * cy + sr * sp * sy,
        sr * cp * cy - cr * sp * sy,
        cr * sp * cy + sr * cp * sy,
        cr * cp * sy - sr * sp * cy,
    ]


def _e7(deg: float) -> int:
    return round(deg * 1e7)


class Telemetry:
    """``build(message_id)`` gives the message as it would be sent now, or None when there is nothing to say."""

    def __init__(
        self,
        parameters: Parameters,
        flight: Flight,
        gimbal: Gimbal,
        fence: Fence,
        battery: Battery,
        mission: MissionRunner,
        utc_us: Callable[[], int],
        kind: VehicleKind,
    ) -> None:
        self._kind = kind
        self.terrain_pending: Callable[[], int] = lambda: 0
        self._p, self._flight, self._gimbal, self._fence = parameters, flight, gimbal, fence
        self._battery, self._mission, self._utc_us = battery, mission, utc_us
        self._builders: dict[int, Callable[[], Any]] = {
            m.MAVLINK_MSG_ID_HEARTBEAT: self.heartbeat,
            m.MAVLINK_MSG_ID_SYS_STATUS: self._sys_status,
            m.MAVLINK_MSG_ID_SYSTEM_TIME: lambda: m.MAVLink_system_time_message(self._utc_us(), self.boot_ms),
            m.MAVLINK_MSG_ID_GPS_RAW_INT: self._gps_raw,
            m.MAVLINK_MSG_ID_ATTITUDE: self._attitude,
            m.MAVLINK_MSG_ID_LOCAL_POSITION_NED: self._local_position,
            m.MAVLINK_MSG_ID_GLOBAL_POSITION_INT: self._global_position,
            m.MAVLINK_MSG_ID_MISSION_CURRENT: self._mission.current_message,
            m.MAVLINK_MSG_ID_NAV_CONTROLLER_OUTPUT: self._nav_output,
            m.MAVLINK_MSG_ID_VFR_HUD: self._vfr_hud,
            m.MAVLINK_MSG_ID_BATTERY_STATUS: self._battery_status,
            m.MAVLINK_MSG_ID_AUTOPILOT_VERSION: self._version,
            m.MAVLINK_MSG_ID_FENCE_STATUS: self._fence_status,
            m.MAVLINK_MSG_ID_EKF_STATUS_REPORT: self._ekf,
            m.MAVLINK_MSG_ID_HOME_POSITION: self._home,
            m.MAVLINK_MSG_ID_GPS_GLOBAL_ORIGIN: self._origin,
            m.MAVLINK_MSG_ID_EXTENDED_SYS_STATE: self._extended,
            m.MAVLINK_MSG_ID_VIBRATION: lambda: m.MAVLink_vibration_message(self._boot_us, 0.1, 0.1, 0.1, 0, 0, 0),
            m.MAVLINK_MSG_ID_GIMBAL_DEVICE_ATTITUDE_STATUS: self._gimbal_attitude,
            m.MAVLINK_MSG_ID_GIMBAL_MANAGER_STATUS: self._gimbal_status,
            m.MAVLINK_MSG_ID_GIMBAL_MANAGER_INFORMATION: self._gimbal_information,
            m.MAVLINK_MSG_ID_POSITION_TARGET_GLOBAL_INT: self._position_target,
            m.MAVLINK_MSG_ID_MOUNT_STATUS: self._mount_status,
            m.MAVLINK_MSG_ID_TERRAIN_REPORT: self._terrain_report,
            m.MAVLINK_MSG_ID_SERVO_OUTPUT_RAW: self._servos,
            m.MAVLINK_MSG_ID_RC_CHANNELS: self._rc,
        }

    def add(self, message_id: int, builder: Callable[[], Any]) -> None:
        """A message that something else on the vehicle builds."""
        self._builders[message_id] = builder

    @property
    def boot_ms(self) -> int:
        """Milliseconds since boot."""
        return int(self._flight.now_s * 1000.0)

    @property
    def _boot_us(self) -> int:
        return int(self._flight.now_s * 1e6)

    def knows(self, message_id: int) -> bool:
        """Whether this vehicle can send such a message."""
        return message_id in self._builders

    def build(self, message_id: int) -> Any | None:
        """The message, or None when it cannot be had now."""
        builder = self._builders.get(message_id)
        return builder() if builder is not None else None

    def heartbeat(self) -> Any:
        """``HEARTBEAT`` as ArduCopter's."""
        f = self._flight
        base = m.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED | m.MAV_MODE_FLAG_STABILIZE_ENABLED
        base |= m.MAV_MODE_FLAG_MANUAL_INPUT_ENABLED
        if f.mode in (Mode.AUTO, Mode.GUIDED, Mode.LOITER, Mode.RTL, Mode.SMART_RTL):
            base |= m.MAV_MODE_FLAG_GUIDED_ENABLED
        if f.armed:
            base |= m.MAV_MODE_FLAG_SAFETY_ARMED
        if not f.ready:
            state = m.MAV_STATE_CALIBRATING
        elif self._battery.failsafe or self._fence.breached:
            state = m.MAV_STATE_CRITICAL
        else:
            state = m.MAV_STATE_STANDBY if f.landed else m.MAV_STATE_ACTIVE
        return m.MAVLink_heartbeat_message(
            self._kind.mav_type, m.MAV_AUTOPILOT_ARDUPILOTMEGA, base, self._kind.modes[f.mode], state, 3
        )

    def _lat_lon(self) -> tuple[float, float]:
        e, n, _ = self._flight.position_m
        return self._flight.grid.to_geodetic(e, n)

    def _yaw_deg(self) -> float:
        return (self._flight.motion.yaw_deg + self._flight.errors.yaw_deg) % 360.0

    def _sys_status(self) -> Any:
        f, battery = self._flight, self._battery.state
        present = _SENSORS | _PREARM_BIT | _TERRAIN_BIT
        enabled, health = present, present
        if self._fence.configured:
            present |= _FENCE_BIT
        if self._fence.in_force and self._p["FENCE_ACTION"] != 0:
            enabled |= _FENCE_BIT
        if not self._fence.breached:
            health |= _FENCE_BIT
        if not f.armed and f.arming_failure():
            health &= ~_PREARM_BIT
        if not f.ready:
            health &= ~(1 << 21 | 1 << 5)
        if self._battery.failsafe:
            health &= ~(1 << 25)
        return m.MAVLink_sys_status_message(
            present, enabled, health, 250, round(battery.voltage_v * 1000), round(battery.current_a * 100),
            battery.remaining_pct, 0, 0, 0, 0, 0, 0,
        )  # fmt: skip

    def _gps_raw(self) -> Any:
        f = self._flight
        lat, lon = self._lat_lon()
        s = f.motion
        course = math.degrees(math.atan2(s.ve_m_s, s.vn_m_s)) % 360.0
        fix = m.GPS_FIX_TYPE_3D_FIX if f.ready else m.GPS_FIX_TYPE_NO_FIX
        return m.MAVLink_gps_raw_int_message(
            self._boot_us, fix, _e7(lat), _e7(lon), round(f.position_m[2] * 1000), 121, 200,
            round(s.speed_m_s * 100), round(course * 100) % 36000, 12 if f.ready else 0,
            round(f.position_m[2] * 1000), 1500, 2000, 300, 0, 0,
        )  # fmt: skip

    def _attitude(self) -> Any:
        s, e = self._flight.motion, self._flight.errors
        return m.MAVLink_attitude_message(
            self.boot_ms,
            math.radians(s.roll_deg + e.roll_deg),
            math.radians(s.pitch_deg + e.pitch_deg),
            math.radians(wrap_180(self._yaw_deg())),
            math.radians(s.roll_rate_deg_s),
            math.radians(s.pitch_rate_deg_s),
            math.radians(s.yaw_rate_deg_s),
        )

    def _local_position(self) -> Any:
        # Relative to the EKF origin, which is where the vehicle started.
        s = self._flight.motion
        e, n, u = self._flight.position_m
        origin = self._flight.ground_m(0.0, 0.0)
        return m.MAVLink_local_position_ned_message(self.boot_ms, n, e, origin - u, s.vn_m_s, s.ve_m_s, -s.vu_m_s)

    def _global_position(self) -> Any:
        f, s = self._flight, self._flight.motion
        lat, lon = self._lat_lon() if f.ready else (0.0, 0.0)
        return m.MAVLink_global_position_int_message(
            self.boot_ms, _e7(lat), _e7(lon), round(f.position_m[2] * 1000), round(f.alt_rel_home_m * 1000),
            round(s.vn_m_s * 100), round(s.ve_m_s * 100), round(-s.vu_m_s * 100), round(self._yaw_deg() * 100) % 36000,
        )  # fmt: skip

    def _nav_output(self) -> Any:
        f = self._flight
        target = f.manoeuvre.target() if f.manoeuvre is not None else None
        distance, bearing, alt_error = 0.0, 0.0, 0.0
        e, n, u = f.position_m
        if target is not None:
            de, dn = target.east_m - e, target.north_m - n
            distance, bearing = math.hypot(de, dn), math.degrees(math.atan2(de, dn)) % 360.0
            alt_error = f.nav().up_of(target) - u
        crosstrack = f.manoeuvre.crosstrack_m if isinstance(f.manoeuvre, Leg) else 0.0
        s = f.motion
        return m.MAVLink_nav_controller_output_message(
            s.roll_deg,
            s.pitch_deg,
            round(bearing),
            round(bearing),
            min(round(distance), 65535),
            alt_error,
            0.0,
            crosstrack,
        )

    def _vfr_hud(self) -> Any:
        f, s = self._flight, self._flight.motion
        throttle = 0 if not f.armed else (45 if not f.landed else 5)
        return m.MAVLink_vfr_hud_message(
            s.speed_m_s, s.speed_m_s, round(self._yaw_deg()) % 360, throttle, f.position_m[2], s.vu_m_s
        )

    def _battery_status(self) -> Any:
        state = self._battery.state
        cells = [round(state.voltage_v / CELLS * 1000)] * CELLS + [_UINT16_UNKNOWN] * (10 - CELLS)
        left_mah = state.remaining_pct / 100.0 * self._p["BATT_CAPACITY"]
        seconds = round(left_mah * 3.6 / state.current_a) if state.current_a > 1.0 else 0
        charge = m.MAV_BATTERY_CHARGE_STATE_LOW if self._battery.failsafe else m.MAV_BATTERY_CHARGE_STATE_OK
        return m.MAVLink_battery_status_message(
            0, m.MAV_BATTERY_FUNCTION_ALL, m.MAV_BATTERY_TYPE_LIPO, _INT16_UNKNOWN, cells, round(state.current_a * 100),
            round(state.consumed_mah), round(state.consumed_mah * state.voltage_v * 0.036), state.remaining_pct,
            seconds, charge, [0] * 4, 0, 0,
        )  # fmt: skip

    def _version(self) -> Any:
        return m.MAVLink_autopilot_version_message(
            CAPABILITIES, FLIGHT_VERSION, 0, 0, 0, list(b"marchsim"), [0] * 8, [0] * 8, 0, 0, 0, [0] * 18
        )

    def _fence_status(self) -> Any | None:
        fence = self._fence
        if not fence.in_force:
            return None
        return m.MAVLink_fence_status_message(
            1 if fence.breached else 0,
            fence.breach_count,
            fence.status_type(),
            int(fence.breach_time_s * 1000),
            m.FENCE_MITIGATE_UNKNOWN,
        )

    def _ekf(self) -> Any:
        if not self._flight.ready:
            return m.MAVLink_ekf_status_report_message(_EKF_STARTING, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        return m.MAVLink_ekf_status_report_message(EKF_HEALTHY, 0.05, 0.08, 0.04, 0.06, 0.0, 0.0)

    def _home(self) -> Any | None:
        home = self._flight.home
        if home is None:
            return None
        lat, lon = self._flight.grid.to_geodetic(home.east_m, home.north_m)
        origin = self._flight.ground_m(0.0, 0.0)
        return m.MAVLink_home_position_message(
            _e7(lat), _e7(lon), round(home.up_m * 1000), home.north_m, home.east_m, origin - home.up_m,
            [1.0, 0.0, 0.0, 0.0], 0.0, 0.0, 0.0, self._boot_us,
        )  # fmt: skip

    def _origin(self) -> Any | None:
        f = self._flight
        if not f.ready:
            return None
        return m.MAVLink_gps_global_origin_message(
            _e7(f.grid.lat_deg), _e7(f.grid.lon_deg), round(f.ground_m(0.0, 0.0) * 1000), self._boot_us
        )

    def _extended(self) -> Any:
        f = self._flight
        if f.landed:
            landed = m.MAV_LANDED_STATE_ON_GROUND
        elif f.mode is Mode.LAND:
            landed = m.MAV_LANDED_STATE_LANDING
        else:
            landed = m.MAV_LANDED_STATE_IN_AIR
        return m.MAVLink_extended_sys_state_message(m.MAV_VTOL_STATE_UNDEFINED, landed)

    def _gimbal_yaw_in_body_deg(self) -> float:
        g, f = self._gimbal, self._flight
        return wrap_180(g.azimuth_deg + f.errors.gimbal_azimuth_deg - self._yaw_deg())

    def _gimbal_attitude(self) -> Any | None:
        g, f = self._gimbal, self._flight
        if not g.present:
            return None
        flags = (
            m.GIMBAL_DEVICE_FLAGS_ROLL_LOCK
            | m.GIMBAL_DEVICE_FLAGS_PITCH_LOCK
            | m.GIMBAL_DEVICE_FLAGS_YAW_IN_VEHICLE_FRAME
        )
        if g.target.yaw_lock:
            flags |= m.GIMBAL_DEVICE_FLAGS_YAW_LOCK
        if g.target.kind is Targeting.NEUTRAL:
            flags |= m.GIMBAL_DEVICE_FLAGS_NEUTRAL
        q = quaternion(
            f.errors.gimbal_roll_deg, g.elevation_deg + f.errors.gimbal_elevation_deg, self._gimbal_yaw_in_body_deg()
        )
        yaw_rate = math.radians(g.azimuth_rate_deg_s - f.motion.yaw_rate_deg_s)
        return m.MAVLink_gimbal_device_attitude_status_message(
            0, 0, self.boot_ms, flags, q, 0.0, math.radians(g.elevation_rate_deg_s), yaw_rate, 0, math.nan, math.nan, 1
        )

    def _gimbal_status(self) -> Any | None:
        g = self._gimbal
        if not g.present:
            return None
        flags = m.GIMBAL_MANAGER_FLAGS_ROLL_LOCK | m.GIMBAL_MANAGER_FLAGS_PITCH_LOCK
        if g.target.yaw_lock:
            flags |= m.GIMBAL_MANAGER_FLAGS_YAW_LOCK
        return m.MAVLink_gimbal_manager_status_message(self.boot_ms, flags, 1, *g.controller, 0, 0)

    def _gimbal_information(self) -> Any | None:
        if not self._gimbal.present:
            return None
        p = self._p
        caps = (
            m.GIMBAL_MANAGER_CAP_FLAGS_HAS_RETRACT
            | m.GIMBAL_MANAGER_CAP_FLAGS_HAS_NEUTRAL
            | m.GIMBAL_MANAGER_CAP_FLAGS_HAS_PITCH_AXIS
            | m.GIMBAL_MANAGER_CAP_FLAGS_HAS_PITCH_LOCK
            | m.GIMBAL_MANAGER_CAP_FLAGS_HAS_YAW_AXIS
            | m.GIMBAL_MANAGER_CAP_FLAGS_HAS_YAW_FOLLOW
            | m.GIMBAL_MANAGER_CAP_FLAGS_HAS_YAW_LOCK
            | m.GIMBAL_MANAGER_CAP_FLAGS_CAN_POINT_LOCATION_LOCAL
            | m.GIMBAL_MANAGER_CAP_FLAGS_CAN_POINT_LOCATION_GLOBAL
        )
        names = ("ROLL_MIN", "ROLL_MAX", "PITCH_MIN", "PITCH_MAX", "YAW_MIN", "YAW_MAX")
        return m.MAVLink_gimbal_manager_information_message(
            self.boot_ms, caps, 1, *(math.radians(p[f"MNT1_{name}"]) for name in names)
        )

    def _mount_status(self) -> Any | None:
        if not self._gimbal.present:
            return None
        e = self._flight.errors
        pitch = self._gimbal.elevation_deg + e.gimbal_elevation_deg
        return m.MAVLink_mount_status_message(
            0, 0, round(pitch * 100), round(e.gimbal_roll_deg * 100), round(self._gimbal_yaw_in_body_deg() * 100)
        )

    def _position_target(self) -> Any | None:
        f = self._flight
        target = f.manoeuvre.target() if f.manoeuvre is not None else None
        if target is None or f.mode not in (Mode.GUIDED, Mode.AUTO, Mode.RTL):
            return None
        lat, lon = f.grid.to_geodetic(target.east_m, target.north_m)
        return m.MAVLink_position_target_global_int_message(
            self.boot_ms, m.MAV_FRAME_GLOBAL, 0xFFF8, _e7(lat), _e7(lon), f.nav().up_of(target), *([0.0] * 8)
        )

    def _terrain_report(self) -> Any:
        lat, lon = self._lat_lon()
        e, n, u = self._flight.position_m
        ground = self._flight.ground_m(e, n)
        pending = self.terrain_pending()
        return m.MAVLink_terrain_report_message(_e7(lat), _e7(lon), 100, ground, u - ground, pending, 896 - pending)

    def camera_fov(self, hfov_deg: float, vfov_deg: float) -> Any | None:
        """``CAMERA_FOV_STATUS``: where the middle of the picture meets the terrain on board."""
        f, g = self._flight, self._gimbal
        if not f.ready or not g.present:
            return None
        e, n, u = f.position_m
        azimuth = math.radians(g.azimuth_deg + f.errors.gimbal_azimuth_deg)
        elevation = math.radians(g.elevation_deg + f.errors.gimbal_elevation_deg)
        lat, lon = self._lat_lon()
        image = (_INT32_UNKNOWN, _INT32_UNKNOWN, _INT32_UNKNOWN)
        for number in range(1, _FOV_STEPS):
            along_m = number * _FOV_STEP_M
            out_m = along_m * math.cos(elevation)
            ie, i_n, iu = (
                e + out_m * math.sin(azimuth),
                n + out_m * math.cos(azimuth),
                u + along_m * math.sin(elevation),
            )
            if iu <= f.ground_m(ie, i_n):
                ilat, ilon = f.grid.to_geodetic(ie, i_n)
                image = (_e7(ilat), _e7(ilon), round(f.ground_m(ie, i_n) * 1000))
                break
        q = quaternion(0.0, math.degrees(elevation), math.degrees(azimuth))
        return m.MAVLink_camera_fov_status_message(
            self.boot_ms, _e7(lat), _e7(lon), round(u * 1000), *image, q, hfov_deg, vfov_deg
        )

    def _servos(self) -> Any:
        pwm = 1000 if not self._flight.armed else (1150 if self._flight.landed else 1500)
        return m.MAVLink_servo_output_raw_message(self._boot_us & 0xFFFFFFFF, 0, *([pwm] * 4), *([0] * 4))

    def _rc(self) -> Any:
        # No receiver is fitted.
        return m.MAVLink_rc_channels_message(self.boot_ms, 0, *([_UINT16_UNKNOWN] * 18), 255)
