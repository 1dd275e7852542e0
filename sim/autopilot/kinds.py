"""What kind of vehicle a ground station is told that this is: type, mode numbers, parameter names.

The simulator flies a multicopter whatever it says it is: the tables are there to try a station's tables for planes and
rovers, and its handling of old and new parameter names, not to fly like one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from geofences.errors import ConfigError
from missions.mavlink import mavlink2 as m
from sim.autopilot.modes import Mode

_INT8, _INT16, _INT32, _REAL = (
    m.MAV_PARAM_TYPE_INT8, m.MAV_PARAM_TYPE_INT16, m.MAV_PARAM_TYPE_INT32, m.MAV_PARAM_TYPE_REAL32
)  # fmt: skip


@dataclass(frozen=True)
class NameOf:
    """A parameter of the simulated copter under another name: ``shown = inner * scale``, of another type."""

    inner: str
    scale: float = 1.0
    kind: int | None = None


@dataclass(frozen=True)
class VehicleKind:
    """One kind. ``modes`` is what ``custom_mode`` says for each mode of ours; ``orders`` what each number is taken for."""

    name: str
    mav_type: int
    modes: Mapping[Mode, int]
    orders: Mapping[int, Mode]
    renamed: Mapping[str, NameOf] = field(default_factory=dict)
    """Shown name -> parameter of the copter that it stands for; that one's own name is not shown."""
    own: tuple[tuple[str, int, float], ...] = ()
    """Parameters that only this kind has: name, type, default. They are kept and have no effect."""
    hidden: tuple[str, ...] = ()
    """Beginnings of the names of the copter's parameters that this kind does not have."""
    defaults: Mapping[str, float] = field(default_factory=dict)


_COPTER = {mode: int(mode) for mode in Mode}
_PLANE = {
    Mode.STABILIZE: 0, Mode.ALT_HOLD: 6, Mode.AUTO: 10, Mode.GUIDED: 15, Mode.LOITER: 12, Mode.RTL: 11,
    Mode.LAND: 26, Mode.POSHOLD: 7, Mode.BRAKE: 12, Mode.SMART_RTL: 11,
}  # fmt: skip
_PLANE_ORDERS = {
    0: Mode.STABILIZE, 6: Mode.ALT_HOLD, 7: Mode.POSHOLD, 10: Mode.AUTO, 11: Mode.RTL, 12: Mode.LOITER,
    15: Mode.GUIDED, 26: Mode.LAND,
}  # fmt: skip
_ROVER = {
    Mode.STABILIZE: 0, Mode.ALT_HOLD: 3, Mode.AUTO: 10, Mode.GUIDED: 15, Mode.LOITER: 5, Mode.RTL: 11,
    Mode.LAND: 4, Mode.POSHOLD: 5, Mode.BRAKE: 4, Mode.SMART_RTL: 12,
}  # fmt: skip
_ROVER_ORDERS = {
    0: Mode.STABILIZE, 3: Mode.ALT_HOLD, 4: Mode.BRAKE, 5: Mode.LOITER, 10: Mode.AUTO, 11: Mode.RTL,
    12: Mode.SMART_RTL, 15: Mode.GUIDED,
}  # fmt: skip
_COPTER_ONLY = (
    "WPNAV_", "LOIT_", "CIRCLE_", "PILOT_SPEED", "ATC_", "ANGLE_MAX", "LAND_", "WP_YAW", "WP_NAVALT", "RTL_ALT",
    "RTL_CLIMB", "RTL_CONE", "RTL_LOIT", "RTL_SPEED", "SRTL_", "FRAME_", "FS_EKF_", "FS_THR_ENABLE", "AUTO_OPTIONS",
    "GUID_", "FENCE_ALT_MAX_TYPE", "FS_OPTIONS",
)  # fmt: skip

# Renamed in ArduPilot 4.7 and 4.8 (AP_Param conversions of Copter, GCS_MAVLink and AC_WPNav).
_NEW_NAMES = {
    "MAV_SYSID": NameOf("SYSID_THISMAV"),
    "MAV_GCS_SYSID": NameOf("SYSID_MYGCS"),
    "RTL_ALT_M": NameOf("RTL_ALT", 0.01, _REAL),
    "RTL_ALT_FINAL_M": NameOf("RTL_ALT_FINAL", 0.01, _REAL),
    "RTL_CLIMB_MIN_M": NameOf("RTL_CLIMB_MIN", 0.01, _REAL),
    "WP_SPD": NameOf("WPNAV_SPEED", 0.01, _REAL),
    "WP_SPD_UP": NameOf("WPNAV_SPEED_UP", 0.01, _REAL),
    "WP_SPD_DN": NameOf("WPNAV_SPEED_DN", 0.01, _REAL),
    "WP_ACC": NameOf("WPNAV_ACCEL", 0.01, _REAL),
    "WP_ACC_Z": NameOf("WPNAV_ACCEL_Z", 0.01, _REAL),
    "WP_RADIUS_M": NameOf("WPNAV_RADIUS", 0.01, _REAL),
    "WP_RFND_USE": NameOf("WPNAV_RFND_USE"),
    **{
        f"MAV1_{stream}": NameOf(f"SR0_{stream}")
        for stream in (
            "RAW_SENS", "EXT_STAT", "RC_CHAN", "RAW_CTRL", "POSITION", "EXTRA1", "EXTRA2", "EXTRA3", "PARAMS", "ADSB",
        )
    },
}  # fmt: skip
_MAV_NAMES = {name: of for name, of in _NEW_NAMES.items() if name.startswith("MAV")}

KINDS: dict[str, VehicleKind] = {
    kind.name: kind
    for kind in (
        VehicleKind("copter", m.MAV_TYPE_QUADROTOR, _COPTER, {int(mode): mode for mode in Mode}),
        VehicleKind(
            "copter-new-names", m.MAV_TYPE_QUADROTOR, _COPTER, {int(mode): mode for mode in Mode}, _NEW_NAMES,
            own=(("MAV_GCS_SYSID_HI", _INT16, 0), ("MAV_OPTIONS", _INT16, 0)), hidden=("SYSID_ENFORCE",),
        ),
        VehicleKind(
            "plane", m.MAV_TYPE_FIXED_WING, _PLANE, _PLANE_ORDERS,
            {**_MAV_NAMES, "FS_GCS_ENABL": NameOf("FS_GCS_ENABLE"), "FS_LONG_TIMEOUT": NameOf("FS_GCS_TIMEOUT")},
            own=(
                ("MAV_GCS_SYSID_HI", _INT16, 0), ("MAV_OPTIONS", _INT16, 0), ("FS_LONG_ACTN", _INT8, 0),
                ("FS_SHORT_ACTN", _INT8, 0), ("THR_FAILSAFE", _INT8, 0), ("RTL_ALTITUDE", _REAL, 100),
                ("RTL_RADIUS", _INT16, 0), ("RTL_AUTOLAND", _INT8, 0), ("WP_RADIUS", _INT16, 90),
                ("WP_LOITER_RAD", _INT16, 60), ("AIRSPEED_CRUISE", _REAL, 12), ("AIRSPEED_MIN", _REAL, 9),
                ("AIRSPEED_MAX", _REAL, 22), ("STICK_MIXING", _INT8, 1), ("FENCE_RET_ALT", _INT16, 0),
                ("FENCE_RET_RALLY", _INT8, 0), ("Q_ENABLE", _INT8, 0),
            ),
            hidden=(*_COPTER_ONLY, "SYSID_ENFORCE"),
            defaults={"FENCE_TYPE": 4, "FENCE_ACTION": 0},
        ),
        VehicleKind(
            "rover", m.MAV_TYPE_GROUND_ROVER, _ROVER, _ROVER_ORDERS, dict(_MAV_NAMES),
            own=(
                ("MAV_GCS_SYSID_HI", _INT16, 0), ("MAV_OPTIONS", _INT16, 0), ("FS_ACTION", _INT8, 2),
                ("FS_TIMEOUT", _REAL, 5), ("FS_THR_ENABLE", _INT8, 0), ("CRUISE_SPEED", _REAL, 2),
                ("CRUISE_THROTTLE", _INT8, 50), ("WP_SPEED", _REAL, 2), ("WP_RADIUS", _REAL, 2),
                ("RTL_SPEED", _REAL, 0), ("TURN_RADIUS", _REAL, 0.9),
            ),
            hidden=(*_COPTER_ONLY, "SYSID_ENFORCE", "FENCE_ALT_"),
            defaults={"FENCE_TYPE": 6},
        ),
    )
}  # fmt: skip


def kind_named(name: str) -> VehicleKind:
    """A kind by its name. Raises :class:`ConfigError`."""
    kind = KINDS.get(name)
    if kind is None:
        raise ConfigError(f"no kind of vehicle is called {name!r}", f"choose one of {', '.join(KINDS)}")
    return kind
