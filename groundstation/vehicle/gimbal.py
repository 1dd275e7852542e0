"""A gimbal through its manager (gimbal protocol v2): the orders, and what the manager says.

The traps: ``DO_GIMBAL_MANAGER_PITCHYAW`` takes degrees and ``GIMBAL_MANAGER_SET_PITCHYAW`` radians; the pair of values that
is not meant must be NaN; an order without YAW_LOCK drops the lock, so it stands in every one; the manager reports who is
in control but lets anybody steer, so stations must arbitrate among themselves (:mod:`groundstation.vehicle.camera_holder`).
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from groundstation.core.records import Fault, VehicleId, VehicleState
from groundstation.core.safety_records import GimbalInfo
from groundstation.vehicle.commands import Command
from missions.mavlink import mavlink2

GIMBAL_MANAGER_INFORMATION, GIMBAL_MANAGER_STATUS = 280, 281
DO_SET_ROI_LOCATION, DO_SET_ROI_NONE = 195, 197
DO_GIMBAL_MANAGER_PITCHYAW, DO_GIMBAL_MANAGER_CONFIGURE = 1000, 1001
FRAME_GLOBAL, FRAME_GLOBAL_RELATIVE_ALT_INT = 0, 6

_NEUTRAL = 2
_LEVEL = 4 | 8  # ROLL_LOCK, PITCH_LOCK: both axes keep to the horizon, as ArduPilot's always do
_YAW_LOCK = 16
_HAS_YAW_LOCK = 1024  # GIMBAL_MANAGER_CAP_FLAGS_HAS_YAW_LOCK
_TAKE, _RELEASE, _UNCHANGED = -2.0, -3.0, -1.0
_DEADLINE_S = 2.0


def _flags(yaw_lock: bool) -> int:
    return _LEVEL | (_YAW_LOCK if yaw_lock else 0)


def angles_order(pitch_deg: float, yaw_deg: float, gimbal_id: int = 0, yaw_lock: bool = True) -> Command:
    """Point at angles in degrees: pitch positive up; yaw from true north with the lock, else from the nose.

    ``gimbal_id`` 0 is all gimbals. Raises ``ValueError`` for an angle that is no number: NaN would mean another order.
    """
    _finite(pitch_deg, yaw_deg)
    return Command(
        DO_GIMBAL_MANAGER_PITCHYAW, pitch_deg, _half_turn(yaw_deg), math.nan, math.nan, _flags(yaw_lock), 0,
        float(gimbal_id), deadline_s=_DEADLINE_S,
    )  # fmt: skip


def rates_order(pitch_deg_s: float, yaw_deg_s: float, gimbal_id: int = 0, yaw_lock: bool = True) -> Command:
    """Turn at rates in degrees a second, until the next order."""
    _finite(pitch_deg_s, yaw_deg_s)
    return Command(
        DO_GIMBAL_MANAGER_PITCHYAW, math.nan, math.nan, pitch_deg_s, yaw_deg_s, _flags(yaw_lock), 0,
        float(gimbal_id), deadline_s=_DEADLINE_S,
    )  # fmt: skip


def lock_order(yaw_lock: bool, gimbal_id: int = 0) -> Command:
    """Change the yaw lock only."""
    nan = math.nan
    return Command(
        DO_GIMBAL_MANAGER_PITCHYAW, nan, nan, nan, nan, _flags(yaw_lock), 0, float(gimbal_id), deadline_s=_DEADLINE_S
    )


def neutral_order(gimbal_id: int = 0) -> Command:
    """Back to the neutral angles."""
    nan = math.nan
    return Command(
        DO_GIMBAL_MANAGER_PITCHYAW, nan, nan, nan, nan, _NEUTRAL, 0, float(gimbal_id), deadline_s=_DEADLINE_S
    )  # fmt: skip


def set_angles_message(
    target: VehicleId, pitch_deg: float, yaw_deg: float, gimbal_id: int = 0, yaw_lock: bool = True
) -> Any:
    """:func:`angles_order` as the message that is not acknowledged, for a stream of orders. Its angles are radians."""
    _finite(pitch_deg, yaw_deg)
    return mavlink2.MAVLink_gimbal_manager_set_pitchyaw_message(
        *target,
        _flags(yaw_lock),
        gimbal_id,
        math.radians(pitch_deg),
        math.radians(_half_turn(yaw_deg)),
        math.nan,
        math.nan,
    )


def set_rates_message(target: VehicleId, pitch_deg_s: float, yaw_deg_s: float, gimbal_id: int = 0) -> Any:
    """:func:`rates_order` as the message that is not acknowledged, for a stick."""
    _finite(pitch_deg_s, yaw_deg_s)
    return mavlink2.MAVLink_gimbal_manager_set_pitchyaw_message(
        *target, _flags(True), gimbal_id, math.nan, math.nan, math.radians(pitch_deg_s), math.radians(yaw_deg_s)
    )


def look_at_order(
    lat_deg: float, lon_deg: float, alt_m: float, above_home: bool = False, gimbal_id: int = 0
) -> Command:
    """Keep looking at a place (region of interest); ``alt_m`` AMSL, or above home."""
    _finite(lat_deg, lon_deg, alt_m)
    return Command(
        DO_SET_ROI_LOCATION, float(gimbal_id), x=round(lat_deg * 1e7), y=round(lon_deg * 1e7), z=alt_m,
        frame=FRAME_GLOBAL_RELATIVE_ALT_INT if above_home else FRAME_GLOBAL, deadline_s=_DEADLINE_S,
    )  # fmt: skip


def look_at_nothing_order(gimbal_id: int = 0) -> Command:
    """Let go of the place."""
    return Command(DO_SET_ROI_NONE, float(gimbal_id), deadline_s=_DEADLINE_S)


def take_control_order(gimbal_id: int = 0) -> Command:
    """Name this station as the one in control; the secondary controller stays."""
    return Command(
        DO_GIMBAL_MANAGER_CONFIGURE, _TAKE, _TAKE, _UNCHANGED, _UNCHANGED, z=float(gimbal_id), deadline_s=_DEADLINE_S
    )


def release_control_order(gimbal_id: int = 0) -> Command:
    """Give up control, if this station has it."""
    return Command(
        DO_GIMBAL_MANAGER_CONFIGURE, _RELEASE, _RELEASE, _UNCHANGED, _UNCHANGED, z=float(gimbal_id),
        deadline_s=_DEADLINE_S,
    )  # fmt: skip


def _finite(*values: float) -> None:
    if not all(math.isfinite(v) for v in values):
        raise ValueError(f"not a number among {values}: it would be another order")


def _half_turn(yaw_deg: float) -> float:
    return (yaw_deg + 180.0) % 360.0 - 180.0


def _range_deg(low_rad: float, high_rad: float) -> tuple[float, float]:
    """A range as told, in degrees; NaN for one that cannot be: no order is refused for the sake of it."""
    if math.isfinite(low_rad) and math.isfinite(high_rad) and low_rad < high_rad:
        return math.degrees(low_rad), math.degrees(high_rad)
    return math.nan, math.nan


class GimbalPart:
    """The gimbals of one aircraft as their manager tells them. ``own``: the address of this station."""

    def __init__(self, vehicle_id: VehicleId, own: tuple[int, int] = (255, 190)) -> None:
        self._vehicle_id, self._own = vehicle_id, own
        self.gimbals: dict[int, GimbalInfo] = {}

    def on_message(self, _link_name: str, message: Any, _now_s: float) -> list[Any]:
        """Takes ``GIMBAL_MANAGER_INFORMATION`` and ``GIMBAL_MANAGER_STATUS`` of any component of the system."""
        kind = message.get_type()
        if kind not in ("GIMBAL_MANAGER_INFORMATION", "GIMBAL_MANAGER_STATUS"):
            return []
        gimbal_id = int(message.gimbal_device_id)
        known = self.gimbals.get(gimbal_id, GimbalInfo(gimbal_id, (math.nan, math.nan), (math.nan, math.nan), False))
        if kind == "GIMBAL_MANAGER_INFORMATION":
            known = replace(
                known,
                pitch_range_deg=_range_deg(message.pitch_min, message.pitch_max),
                yaw_range_deg=_range_deg(message.yaw_min, message.yaw_max),
                has_yaw_lock=bool(message.cap_flags & _HAS_YAW_LOCK),
            )
        else:
            known = replace(
                known,
                yaw_lock=bool(message.flags & _YAW_LOCK),
                primary=(message.primary_control_sysid, message.primary_control_compid),
                secondary=(message.secondary_control_sysid, message.secondary_control_compid),
            )
        self.gimbals[gimbal_id] = known
        return []

    @property
    def foreign_control(self) -> str:
        """Another station that the manager names as in control, "" for none. The aircraft itself does not count."""
        for gimbal in self.gimbals.values():
            for address in (gimbal.primary, gimbal.secondary):
                if address[0] not in (0, self._own[0], self._vehicle_id.system_id):
                    return f"station {address[0]}.{address[1]}"
        return ""

    def reach_problem(self, pitch_deg: float) -> str:
        """Why no gimbal can look there, "" when one can or when nothing is known of them."""
        ranges = [g.pitch_range_deg for g in self.gimbals.values() if math.isfinite(g.pitch_range_deg[0])]
        if not ranges or any(low - 1.0 <= pitch_deg <= high + 1.0 for low, high in ranges):
            return ""
        low, high = ranges[0]
        return f"the gimbal reaches {low:.0f} to {high:.0f} degrees, that is at {pitch_deg:.0f}"

    def on_time(self, _state: VehicleState, _now_s: float) -> list[Any]:
        """Nothing to send."""
        return []

    def faults(self, _state: VehicleState, _now_s: float) -> tuple[Fault, ...]:
        """Another station that steers the same camera."""
        who = self.foreign_control
        if not who:
            return ()
        return (Fault("camera_foreign", "warning", f"The camera is steered by {who} too", "agree who holds it"),)
