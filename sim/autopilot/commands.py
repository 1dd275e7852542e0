"""COMMAND_LONG and COMMAND_INT: one table of handlers, each giving a ``MAV_RESULT``."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from missions.mavlink import mavlink2 as m
from sim.autopilot.camera import AUTOPILOT_CAMERA
from sim.autopilot.fence import ALL_FENCES, FenceType
from sim.autopilot.flight import Home
from sim.autopilot.items import valid_lat_lon
from sim.autopilot.mission import change_speed, turn_to
from sim.autopilot.mode_list import AVAILABLE_MODES
from sim.autopilot.modes import Mode
from sim.autopilot.outgoing import said_by

if TYPE_CHECKING:
    from sim.autopilot.core import Autopilot

ACCEPTED, DENIED, FAILED, UNSUPPORTED = (
    int(m.MAV_RESULT_ACCEPTED),
    int(m.MAV_RESULT_DENIED),
    int(m.MAV_RESULT_FAILED),
    int(m.MAV_RESULT_UNSUPPORTED),
)
_FORCE_MAGIC = {21196, 2989}

# Commands with a place that COMMAND_LONG may carry, and the frame it then has; by LONG the others are UNSUPPORTED.
_LONG_FRAMES = {
    m.MAV_CMD_DO_SET_ROI: m.MAV_FRAME_GLOBAL_RELATIVE_ALT,
    m.MAV_CMD_DO_SET_ROI_LOCATION: m.MAV_FRAME_GLOBAL_RELATIVE_ALT,
    m.MAV_CMD_DO_SET_HOME: m.MAV_FRAME_GLOBAL,
}
_LOCATED_ONLY_INT = frozenset({m.MAV_CMD_DO_REPOSITION})


@dataclass(frozen=True)
class Command:
    """A command in the form of ``COMMAND_INT``: ``x``, ``y`` are degrees * 1e7 where they are a place."""

    number: int
    param1: float
    param2: float
    param3: float
    param4: float
    x: float
    y: float
    z: float
    frame: int
    channel: int
    sysid: int
    compid: int


def from_message(msg: Any, channel: int) -> Command | None:
    """The command of a message; None when this command cannot come by COMMAND_LONG."""
    head = (msg.command, msg.param1, msg.param2, msg.param3, msg.param4)
    tail = (channel, msg.get_srcSystem(), msg.get_srcComponent())
    if msg.get_type() == "COMMAND_INT":
        return Command(*head, msg.x, msg.y, msg.z, msg.frame, *tail)
    if msg.command in _LOCATED_ONLY_INT:
        return None
    x, y = msg.param5, msg.param6
    if msg.command in _LONG_FRAMES:
        x, y = (round(v * 1e7) if math.isfinite(v) and abs(v) <= 360.0 else 0x7FFFFFFF for v in (x, y))
    frame = _LONG_FRAMES.get(msg.command, m.MAV_FRAME_GLOBAL_RELATIVE_ALT)
    return Command(*head, x, y, msg.param7, frame, *tail)


def _whole(value: float) -> int:
    """A float parameter that stands for a whole number; what is no number is 0."""
    return int(value) if math.isfinite(value) else 0


class Commands:
    """Carries commands out on an autopilot."""

    def __init__(self, autopilot: Autopilot) -> None:
        self._a = autopilot
        self._handlers: dict[int, Callable[[Command], int]] = {
            m.MAV_CMD_COMPONENT_ARM_DISARM: self._arm_disarm,
            m.MAV_CMD_NAV_TAKEOFF: self._take_off,
            m.MAV_CMD_DO_SET_MODE: lambda c: self.set_mode(_whole(c.param1), _whole(c.param2)),
            m.MAV_CMD_MISSION_START: self._mission_start,
            m.MAV_CMD_DO_SET_MISSION_CURRENT: self._set_mission_current,
            m.MAV_CMD_DO_CHANGE_SPEED: self._change_speed,
            m.MAV_CMD_DO_REPOSITION: self._reposition,
            m.MAV_CMD_DO_FENCE_ENABLE: self._fence_enable,
            m.MAV_CMD_DO_SET_HOME: self._set_home,
            m.MAV_CMD_GET_HOME_POSITION: lambda c: self._send(c, m.MAVLINK_MSG_ID_HOME_POSITION),
            m.MAV_CMD_DO_SET_ROI_LOCATION: self._roi,
            m.MAV_CMD_DO_SET_ROI: self._roi,
            m.MAV_CMD_DO_SET_ROI_NONE: self._roi_none,
            m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW: self._gimbal_pitch_yaw,
            m.MAV_CMD_DO_GIMBAL_MANAGER_CONFIGURE: self._gimbal_configure,
            m.MAV_CMD_DO_MOUNT_CONTROL: self._mount_control,
            m.MAV_CMD_SET_MESSAGE_INTERVAL: self._set_interval,
            m.MAV_CMD_GET_MESSAGE_INTERVAL: self._get_interval,
            m.MAV_CMD_REQUEST_MESSAGE: self._request_message,
            m.MAV_CMD_REQUEST_AUTOPILOT_CAPABILITIES: lambda c: self._send(c, m.MAVLINK_MSG_ID_AUTOPILOT_VERSION),
            m.MAV_CMD_NAV_RETURN_TO_LAUNCH: lambda c: self._to_mode(Mode.RTL),
            m.MAV_CMD_NAV_LAND: lambda c: self._to_mode(Mode.LAND),
            m.MAV_CMD_NAV_LOITER_UNLIM: lambda c: self._to_mode(Mode.LOITER),
            m.MAV_CMD_DO_PAUSE_CONTINUE: self._pause_continue,
            m.MAV_CMD_CONDITION_YAW: self._condition_yaw,
            m.MAV_CMD_RUN_PREARM_CHECKS: self._run_prearm,
            m.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN: self._reboot,
        }
        camera = autopilot.camera
        self._camera_handlers: dict[int, Callable[[Command], int]] = {
            m.MAV_CMD_SET_CAMERA_ZOOM: lambda c: camera.set_zoom(c.param1, c.param2)
        }
        if camera.facts.component == AUTOPILOT_CAMERA:
            self._handlers |= self._camera_handlers
        else:
            self._camera_handlers[m.MAV_CMD_REQUEST_MESSAGE] = self._request_of_camera

    def handle(self, msg: Any, channel: int) -> None:
        """Carry out and acknowledge."""
        command = from_message(msg, channel)
        component = self._a.camera.facts.component
        to_camera = component != AUTOPILOT_CAMERA and msg.target_component == component
        handlers = self._camera_handlers if to_camera else self._handlers
        handler = handlers.get(msg.command) if command is not None else None
        result = handler(command) if handler is not None and command is not None else UNSUPPORTED
        ack = m.MAVLink_command_ack_message(msg.command, result, 0, 0, msg.get_srcSystem(), msg.get_srcComponent())
        self._a.outbox.send(channel, said_by(ack, self._a.sysid, component) if to_camera else ack)
        if msg.command == m.MAV_CMD_PREFLIGHT_REBOOT_SHUTDOWN and result == ACCEPTED:
            self._a.reboot()

    def set_mode(self, base_mode: int, custom_mode: int) -> int:
        """DO_SET_MODE and the SET_MODE message."""
        if not base_mode & m.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED:
            return DENIED
        mode = self._a.kind.orders.get(custom_mode)
        if mode is None:
            self._a.outbox.text(m.MAV_SEVERITY_WARNING, f"No such mode {custom_mode}")
            return FAILED
        return self._to_mode(mode)

    def _to_mode(self, mode: Mode) -> int:
        return ACCEPTED if self._a.flight.set_mode(mode) else FAILED

    def _arm_disarm(self, c: Command) -> int:
        force = _whole(c.param2) in _FORCE_MAGIC
        if c.param1 == 1:
            return ACCEPTED if self._a.flight.arm(force) else FAILED
        if c.param1 == 0:
            return ACCEPTED if self._a.flight.disarm(force) else FAILED
        return UNSUPPORTED

    def _take_off(self, c: Command) -> int:
        # This very frame: even its INT twin is refused.
        if c.frame != m.MAV_FRAME_GLOBAL_RELATIVE_ALT:
            return DENIED
        return ACCEPTED if math.isfinite(c.z) and self._a.flight.take_off(c.z) else FAILED

    def _mission_start(self, c: Command) -> int:
        if c.param1 != 0 or c.param2 != 0:
            return DENIED
        if not self._a.flight.set_mode(Mode.AUTO):
            return FAILED
        self._a.mission.start()
        return ACCEPTED

    def _set_mission_current(self, c: Command) -> int:
        if not 0 <= c.param1 < self._a.mission_store.count():
            return DENIED
        if not self._a.mission.set_current(_whole(c.param1), reset=c.param2 == 1):
            return FAILED
        self._a.outbox.send(c.channel, self._a.mission.current_message())
        return ACCEPTED

    def _change_speed(self, c: Command) -> int:
        if not c.param2 > 0:
            return DENIED
        return ACCEPTED if change_speed(self._a.flight, c.param1, c.param2) else FAILED

    def _reposition(self, c: Command) -> int:
        a = self._a
        change_mode = _whole(c.param2) & m.MAV_DO_REPOSITION_FLAGS_CHANGE_MODE
        if a.flight.mode is not Mode.GUIDED and not change_mode:
            return DENIED
        if not valid_lat_lon(_whole(c.x), _whole(c.y)) or (c.x == 0 and c.y == 0) or not math.isfinite(c.z):
            return DENIED
        place = a.place(c.frame, _whole(c.x), _whole(c.y), c.z)
        if place is None:
            return DENIED
        if not a.safety.fence_allows(place):
            return FAILED
        if a.flight.mode is not Mode.GUIDED and not a.flight.set_mode(Mode.GUIDED):
            return FAILED
        if math.isfinite(c.param1) and c.param1 > 0:
            a.flight.speed_m_s = c.param1
        # On the ground it is accepted too, and comes to nothing: only a take-off leaves the ground.
        if not a.flight.landed:
            a.flight.guided_to(place)
        return ACCEPTED

    def _fence_enable(self, c: Command) -> int:
        types = FenceType(_whole(c.param2) & ALL_FENCES) if c.param2 > 0 else ALL_FENCES
        if c.param1 == 0:
            self._a.fence.enable(False, types)
        elif c.param1 == 1:
            if not self._a.fence.enable(True, types):
                return FAILED
        elif c.param1 == 2:
            self._a.fence.enable(False, FenceType.ALT_MIN)
        else:
            return FAILED
        return ACCEPTED

    def _set_home(self, c: Command) -> int:
        a = self._a
        if not a.flight.ready:
            return FAILED
        if c.param1 == 1 or (c.x == 0 and c.y == 0 and c.z == 0):
            a.flight.set_home_here()
        else:
            if not valid_lat_lon(_whole(c.x), _whole(c.y)) or (c.x == 0 and c.y == 0) or not math.isfinite(c.z):
                return DENIED
            place = a.place(c.frame, _whole(c.x), _whole(c.y), c.z)
            if place is None:
                return DENIED
            a.flight.home = Home(place.east_m, place.north_m, a.flight.nav().up_of(place))
            a.flight.true_home_up_m = a.flight.home.up_m
        a.flight.home_set_by_user = True
        a.announce_home()
        return ACCEPTED

    def _roi(self, c: Command) -> int:
        a = self._a
        if not a.gimbal.present or not valid_lat_lon(_whole(c.x), _whole(c.y)) or not math.isfinite(c.z):
            return FAILED
        if c.x == 0 and c.y == 0 and c.z == 0:
            a.gimbal.neutral()
            return ACCEPTED
        place = a.place(c.frame, _whole(c.x), _whole(c.y), c.z)
        if place is None:
            return FAILED
        a.gimbal.look_at((place.east_m, place.north_m, a.flight.nav().up_of(place)))
        return ACCEPTED

    def _roi_none(self, c: Command) -> int:
        self._a.gimbal.neutral()
        return ACCEPTED

    def _gimbal_pitch_yaw(self, c: Command) -> int:
        # Degrees here, radians in GIMBAL_MANAGER_SET_PITCHYAW.
        if c.z not in (0, 1):
            return FAILED
        rates = (c.param3, c.param4)
        if math.isfinite(c.param1) and math.isfinite(c.param2):
            rates = (math.nan, math.nan)  # the message ignores angles and rates together, the command takes the angles
        return ACCEPTED if self._a.gimbal.order(_whole(c.x), c.param1, c.param2, *rates) else FAILED

    def _gimbal_configure(self, c: Command) -> int:
        # Reported, not enforced: ArduPilot obeys anybody.
        def who(value: float, own: int, now: int) -> int:
            if value == -1:
                return now
            if value == -2:
                return own
            if value == -3:
                return 0 if now == own else now
            return _whole(value) if 0 <= value <= 255 else now

        now = self._a.gimbal.controller
        self._a.gimbal.controller = (who(c.param1, c.sysid, now[0]), who(c.param2, c.compid, now[1]))
        return ACCEPTED

    def _mount_control(self, c: Command) -> int:
        # param7 is the mount mode; only angles make sense here.
        if c.z in (m.MAV_MOUNT_MODE_RETRACT, m.MAV_MOUNT_MODE_NEUTRAL):
            self._a.gimbal.neutral()
            return ACCEPTED
        if c.z != m.MAV_MOUNT_MODE_MAVLINK_TARGETING:
            return FAILED
        return ACCEPTED if self._a.gimbal.point(c.param1, c.param3, math.nan, math.nan, False) else FAILED

    def _set_interval(self, c: Command) -> int:
        number = _whole(c.param1)
        if c.param3 != 0 or not self._a.telemetry.knows(number):
            return DENIED
        accepted = self._a.streams(c.channel).set_interval(number, c.param2, self._a.now_s)
        return ACCEPTED if accepted else DENIED

    def _get_interval(self, c: Command) -> int:
        number = _whole(c.param1)
        known = self._a.telemetry.knows(number)
        interval = self._a.streams(c.channel).interval_us(number) if known else 0
        self._a.outbox.send(c.channel, m.MAVLink_message_interval_message(number, interval))
        return ACCEPTED if known else FAILED

    def _request_message(self, c: Command) -> int:
        if _whole(c.param1) == AVAILABLE_MODES:
            found = self._a.mode_list.available(_whole(c.param2))
            for message in found:
                self._a.outbox.send(c.channel, message)
            return ACCEPTED if found else DENIED
        return self._send(c, _whole(c.param1))

    def _send(self, c: Command, message_id: int) -> int:
        if not self._a.telemetry.knows(message_id):
            return FAILED
        message = self._a.telemetry.build(message_id)
        # Accepted although nothing may come: so ArduPilot answers for FENCE_STATUS while no fence is on.
        if message is not None:
            self._a.outbox.send(c.channel, message)
        return ACCEPTED

    def _request_of_camera(self, c: Command) -> int:
        camera = self._a.camera
        if _whole(c.param1) not in camera.message_ids:
            return UNSUPPORTED
        message = camera.build(_whole(c.param1))
        if message is not None:
            self._a.outbox.send(c.channel, said_by(message, self._a.sysid, camera.facts.component))
        return ACCEPTED

    def _pause_continue(self, c: Command) -> int:
        if c.param1 not in (0, 1):
            return DENIED
        stop = c.param1 == 0
        if self._a.flight.pause(stop):
            return ACCEPTED
        self._a.outbox.text(m.MAV_SEVERITY_INFO, f"Failed to {'pause' if stop else 'resume'}")
        return FAILED

    def _condition_yaw(self, c: Command) -> int:
        if not 0 <= c.param1 <= 360:
            return FAILED
        turn_to(self._a.flight, c.param1, c.param2, c.param3, c.param4)
        return ACCEPTED

    def _run_prearm(self, c: Command) -> int:
        if self._a.flight.armed:
            return int(m.MAV_RESULT_TEMPORARILY_REJECTED)
        reason = self._a.flight.arming_failure()
        if reason:
            self._a.outbox.text(m.MAV_SEVERITY_CRITICAL, f"PreArm: {reason}")
        return ACCEPTED

    def _reboot(self, c: Command) -> int:
        if self._a.flight.armed:
            return FAILED
        return ACCEPTED if c.param1 in (1, 3) else UNSUPPORTED
