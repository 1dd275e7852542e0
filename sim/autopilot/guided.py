"""Targets for GUIDED mode: SET_POSITION_TARGET_GLOBAL_INT, ..._LOCAL_NED, and the old MISSION_ITEM with current = 2."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from missions.mavlink import mavlink2 as m
from sim.autopilot.manoeuvres import Place
from sim.autopilot.modes import Mode

if TYPE_CHECKING:
    from sim.autopilot.core import Autopilot

_IGNORE_POSITION, _IGNORE_VELOCITY = 0b111, 0b111 << 3
_IGNORE_YAW = 1 << 10
_FAR_M = 1e5


class GuidedTargets:
    """Turns target messages into manoeuvres; a message that does not fit the moment is dropped, as the vehicle does."""

    def __init__(self, autopilot: Autopilot) -> None:
        self._a = autopilot

    def _yaw_deg(self, msg: Any) -> float | None:
        return None if msg.type_mask & _IGNORE_YAW else math.degrees(msg.yaw) % 360.0

    @property
    def _ready(self) -> bool:
        f = self._a.flight
        return f.mode is Mode.GUIDED and f.armed and not f.landed

    @staticmethod
    def _usable(msg: Any) -> bool:
        """Every number that the mask does not hide is one."""
        mask = msg.type_mask
        place = (msg.alt,) if msg.get_type() == "SET_POSITION_TARGET_GLOBAL_INT" else (msg.x, msg.y, msg.z)
        used = (() if mask & _IGNORE_POSITION else place) + (
            () if mask & _IGNORE_VELOCITY else (msg.vx, msg.vy, msg.vz)
        )
        return all(math.isfinite(v) for v in (*used, *(() if mask & _IGNORE_YAW else (msg.yaw,))))

    def _go(self, place: Place | None, yaw_deg: float | None) -> bool:
        if place is None or not self._a.safety.fence_allows(place):
            return False
        self._a.flight.guided_to(place, yaw_deg)
        return True

    def on_global(self, msg: Any) -> None:
        """SET_POSITION_TARGET_GLOBAL_INT: a position, or a velocity in the earth frame."""
        if not self._ready or not self._usable(msg):
            return
        if not msg.type_mask & _IGNORE_POSITION:
            self._go(self._a.place(msg.coordinate_frame, msg.lat_int, msg.lon_int, msg.alt), self._yaw_deg(msg))
        elif not msg.type_mask & _IGNORE_VELOCITY:
            self._a.flight.guided_velocity((msg.vy, msg.vx, -msg.vz), self._yaw_deg(msg))

    def on_local(self, msg: Any) -> None:
        """SET_POSITION_TARGET_LOCAL_NED: from the start point, or an offset from here; velocities earth or body."""
        if not self._ready or not self._usable(msg):
            return
        f = self._a.flight
        body = msg.coordinate_frame in (m.MAV_FRAME_BODY_NED, m.MAV_FRAME_BODY_OFFSET_NED)
        offset = body or msg.coordinate_frame == m.MAV_FRAME_LOCAL_OFFSET_NED
        c, s = (
            (math.cos(math.radians(f.motion.yaw_deg)), math.sin(math.radians(f.motion.yaw_deg))) if body else (1.0, 0.0)
        )
        if not msg.type_mask & _IGNORE_POSITION:
            north, east = msg.x * c - msg.y * s, msg.x * s + msg.y * c
            e0, n0, u0 = f.position_m if offset else (0.0, 0.0, f.ground_m(0.0, 0.0))
            if max(abs(east), abs(north), abs(msg.z)) < _FAR_M:
                self._go(Place(e0 + east, n0 + north, u0 - msg.z), self._yaw_deg(msg))
        elif not msg.type_mask & _IGNORE_VELOCITY:
            vn, ve = msg.vx * c - msg.vy * s, msg.vx * s + msg.vy * c
            f.guided_velocity((ve, vn, -msg.vz), self._yaw_deg(msg))

    def on_mission_item(self, channel: int, msg: Any) -> None:
        """The old way: MISSION_ITEM with current = 2 is a target, current = 3 a new height."""
        a = self._a
        ok = self._ready and msg.command == m.MAV_CMD_NAV_WAYPOINT
        ok = ok and abs(msg.x) <= 90 and abs(msg.y) <= 180
        if ok:
            x, y = round(msg.x * 1e7), round(msg.y * 1e7)
            place = a.place(msg.frame, x, y, msg.z)
            if msg.current == 3 and place is not None:
                e, n, _ = a.flight.position_m
                place = Place(e, n, place.height_m, place.above_ground)
            ok = self._go(place, None)
        result = m.MAV_MISSION_ACCEPTED if ok else m.MAV_MISSION_ERROR
        a.outbox.send(channel, m.MAVLink_mission_ack_message(msg.get_srcSystem(), msg.get_srcComponent(), result, 0))
