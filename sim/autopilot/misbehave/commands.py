"""Misbehaviours of commands, parameters and fence settings."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from missions.mavlink import mavlink2 as m
from sim.autopilot.misbehave.base import STATION_TWO, Misbehaviour, Said, kind_of

if TYPE_CHECKING:
    from sim.autopilot.core import Autopilot

_COMMANDS = ("COMMAND_LONG", "COMMAND_INT")
# Asking for messages is the station's way of knowing anything at all; it is left alone.
_ASKING = (m.MAV_CMD_REQUEST_MESSAGE, m.MAV_CMD_SET_MESSAGE_INTERVAL)


def _acts(msg: Any) -> bool:
    """An acknowledgement of a command that acts."""
    return kind_of(msg) == "COMMAND_ACK" and msg.command not in _ASKING


class AckLost(Misbehaviour):
    name = "ack-lost"
    what = "the first COMMAND_ACK of each command is lost; a repeated command is acknowledged"
    source = "4, retry"

    def __init__(self, vehicle: Autopilot, rng: random.Random) -> None:
        super().__init__(vehicle, rng)
        self._lost: set[int] = set()

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if _acts(msg) and msg.command not in self._lost:
            self._lost.add(msg.command)
            self.times += 1
            return []
        return super().says(channel, msg, now_s)


class AckNever(Misbehaviour):
    name = "ack-never"
    what = "obeys commands that act and never acknowledges them"
    source = "4, retry"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if _acts(msg):
            self.times += 1
            return []
        return super().says(channel, msg, now_s)


class AckLate(Misbehaviour):
    name = "ack-late"
    what = "obeys at once and acknowledges 6 s later"
    source = "4, same id"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if _acts(msg):
            self.times += 1
            return [(6.0, channel, msg)]
        return super().says(channel, msg, now_s)


class CommandsLate(Misbehaviour):
    name = "commands-late"
    what = "a command that acts reaches the aircraft 2.5 s after it was sent"
    source = "4, never retry"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg) in _COMMANDS and msg.command not in _ASKING:
            self.times += 1
            return 2.5
        return 0.0


class AckTwice(Misbehaviour):
    name = "ack-twice"
    what = "every COMMAND_ACK comes twice"
    source = "4, same id"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if _acts(msg):
            self.times += 1
            return [(0.0, channel, msg), (0.02, channel, msg)]
        return super().says(channel, msg, now_s)


class AckInProgress(Misbehaviour):
    name = "ack-in-progress"
    what = "answers IN_PROGRESS at once and the result 5 s later"
    source = "4, IN_PROGRESS"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if _acts(msg):
            self.times += 1
            to = (msg.target_system, msg.target_component)
            soon = m.MAVLink_command_ack_message(msg.command, m.MAV_RESULT_IN_PROGRESS, 0, 0, *to)
            return [(0.0, channel, soon), (5.0, channel, msg)]
        return super().says(channel, msg, now_s)


class AckWrongTarget(Misbehaviour):
    name = "ack-wrong-target"
    what = "addresses every COMMAND_ACK to another station"
    source = "4, same id; 5, routing"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if _acts(msg):
            self.times += 1
            return [(0.0, channel, m.MAVLink_command_ack_message(msg.command, msg.result, 0, 0, *STATION_TWO))]
        return super().says(channel, msg, now_s)


class _AcceptedNotDone(Misbehaviour):
    number = 0

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg) in _COMMANDS and msg.command == self.number and msg.param1 == 1:
            self.times += 1
            to = (msg.get_srcSystem(), msg.get_srcComponent())
            self._vehicle.outbox.send(channel, m.MAVLink_command_ack_message(msg.command, 0, 0, 0, *to))
            return None
        return 0.0


class ArmNotDone(_AcceptedNotDone):
    name = "arm-not-done"
    what = "accepts arming and stays disarmed"
    source = "4, effect"
    number = m.MAV_CMD_COMPONENT_ARM_DISARM


class ModeNotDone(_AcceptedNotDone):
    name = "mode-not-done"
    what = "accepts a change of mode and stays in its mode"
    source = "4, effect"
    number = m.MAV_CMD_DO_SET_MODE


class IntOnly(Misbehaviour):
    name = "int-only"
    what = "firmware without COMMAND_LONG: answers COMMAND_INT_ONLY"
    source = "4, COMMAND_INT"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg) == "COMMAND_LONG":
            self.times += 1
            to = (msg.get_srcSystem(), msg.get_srcComponent())
            result = m.MAV_RESULT_COMMAND_INT_ONLY
            self._vehicle.outbox.send(channel, m.MAVLink_command_ack_message(msg.command, result, 0, 0, *to))
            return None
        return 0.0


class PrearmBitLies(Misbehaviour):
    name = "prearm-bit-lies"
    what = "says with SYS_STATUS that it may be armed, and refuses in GUIDED with a text"
    source = "4, PREARM bit"

    def step(self, now_s: float) -> None:
        vehicle = self._vehicle
        vehicle.extra_arming_failure = lambda: "Need Position Estimate" if vehicle.flight.mode.name == "GUIDED" else ""

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "SYS_STATUS":
            msg.onboard_control_sensors_health |= 1 << 28
        elif kind_of(msg) == "COMMAND_ACK" and msg.command == m.MAV_CMD_COMPONENT_ARM_DISARM:
            self.times += msg.result != 0
        return super().says(channel, msg, now_s)


class ParamsClamped(Misbehaviour):
    name = "params-clamped"
    what = "keeps FENCE_ALT_MAX at 100 m at most and says nothing but its value"
    source = "3, ceiling of 100 m"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg) == "PARAM_SET" and msg.param_id == "FENCE_ALT_MAX" and msg.param_value > 100.0:
            self.times += 1
            msg.param_value = 100.0
        return 0.0


class ParamsNotEchoed(Misbehaviour):
    name = "params-not-echoed"
    what = "sets a parameter and does not echo it"
    source = "3, FENCE_ENABLE"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg) == "PARAM_SET":
            self.times += 1
            self._vehicle.parameters.set(msg.param_id, msg.param_value)
            return None
        return 0.0


class ParamsLate(Misbehaviour):
    name = "params-late"
    what = "answers for parameters 0.9 s late, so that an old answer comes after a new question"
    source = "4, streams slowed"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "PARAM_VALUE":
            self.times += 1
            return [(0.9, channel, msg)]
        return super().says(channel, msg, now_s)


class FenceReportOnly(Misbehaviour):
    name = "fence-report-only"
    what = "takes every fence setting, and SYS_STATUS still says that the fence is off"
    source = "3, SYS_STATUS bit 20; FENCE_ACTION 0; type bit off"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "SYS_STATUS" and msg.onboard_control_sensors_enabled & 1 << 20:
            self.times += 1
            msg.onboard_control_sensors_enabled &= ~(1 << 20)
        return super().says(channel, msg, now_s)


ALL: tuple[type[Misbehaviour], ...] = (
    AckLost, AckNever, AckLate, CommandsLate, AckTwice, AckInProgress, AckWrongTarget, ArmNotDone, ModeNotDone, IntOnly,
    PrearmBitLies, ParamsClamped, ParamsNotEchoed, ParamsLate, FenceReportOnly,
)  # fmt: skip
