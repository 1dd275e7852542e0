"""Misbehaviours of the air between: losses, delays, damage, old frames, and the other ground station in it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from missions.mavlink import mavlink2 as m
from sim.autopilot.items import Item
from sim.autopilot.misbehave.base import STATION_TWO, Misbehaviour, OnceInTheAir, Said, kind_of

if TYPE_CHECKING:
    from sim.autopilot.core import Autopilot

_LOSS = 0.05
_TROUBLE_FROM_S = 12.0


class Loss(Misbehaviour):
    name = "loss"
    what = "5 % of all messages are lost, each way"
    source = "1, 5 % loss"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if self._rng.random() < _LOSS:
            self.times += 1
            return None
        return 0.0

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if self._rng.random() < _LOSS:
            self.times += 1
            return []
        return super().says(channel, msg, now_s)


class Delay(Misbehaviour):
    name = "delay"
    what = "every message takes 0.15 s, each way"
    source = "1, 300 ms round trip"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        self.times += 1
        return 0.15

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        return [(0.15, channel, msg)]


class Reorder(Misbehaviour):
    name = "reorder"
    what = "every message takes between 0 and 0.2 s, each way, so that they overtake each other"
    source = "5, routing"

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        self.times += 1
        return self._rng.uniform(0.001, 0.2)

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        return [(self._rng.uniform(0.001, 0.2), channel, msg)]


class PacketsTwice(Misbehaviour):
    name = "packets-twice"
    what = "every packet comes twice, as over two radios to one station"
    source = "5, routing"

    def wire(self, packet: bytes) -> list[bytes]:
        self.times += 1
        return [packet, packet]


class CorruptBytes(Misbehaviour):
    name = "corrupt-bytes"
    what = "one packet in twenty has a bit turned, one in twenty ends early, one in twenty comes after noise"
    source = "5, filter every message"

    def wire(self, packet: bytes) -> list[bytes]:
        chance = self._rng.randrange(20)
        if chance > 2:
            return [packet]
        self.times += 1
        if chance == 0:
            at = self._rng.randrange(len(packet))
            return [packet[:at] + bytes((packet[at] ^ 1 << self._rng.randrange(8),)) + packet[at + 1 :]]
        if chance == 1:
            return [packet[: self._rng.randrange(1, len(packet))]]
        return [bytes(self._rng.randrange(256) for _ in range(30)) + b"\xfd" + packet]


class MavlinkOne(Misbehaviour):
    name = "mavlink1"
    what = (
        "MAVLink 1 only: no extension fields, no message above 255, fences and rally points refused with a text alone"
    )
    source = "2, MAVLink 2 required"
    mavlink1 = True

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        if kind_of(msg).startswith("MISSION_") and getattr(msg, "mission_type", 0) != 0:
            self.times += 1
            self._vehicle.outbox.text(m.MAV_SEVERITY_WARNING, "Need mavlink2 for item transfer", channel)
            return None
        return 0.0


class SecondStationMode(OnceInTheAir):
    name = "second-station-mode"
    what = "another station orders LOITER 10 s after the aircraft has left the ground, once"
    source = "5, two stations"

    def act(self) -> None:
        command = m.MAVLink_command_long_message(1, 1, m.MAV_CMD_DO_SET_MODE, 0, 1, 5, 0, 0, 0, 0, 0)
        self._vehicle.other_station_says(command, *STATION_TWO)


class _SecondStationAtWork(Misbehaviour):
    """Acts 3 s after a plan of ours is whole."""

    def __init__(self, vehicle: Autopilot, rng: random.Random) -> None:
        super().__init__(vehicle, rng)
        self._due_s: float | None = None

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "SYS_STATUS" and msg.onboard_control_sensors_enabled & 1 << 20 and self._due_s is None:
            self._due_s = now_s + 3.0
        return super().says(channel, msg, now_s)

    def step(self, now_s: float) -> None:
        if not self.times and self._due_s is not None and now_s >= self._due_s:
            self.times += 1
            self.act()

    def act(self) -> None:
        """What the other station does."""


class SecondStationPlan(_SecondStationAtWork):
    name = "second-station-plan"
    what = "another station uploads a mission of one waypoint 3 s after our fence is on"
    source = "1, who may upload; 5, two stations"

    def act(self) -> None:
        self._vehicle.other_station_uploads([Item(m.MAV_CMD_NAV_TAKEOFF, m.MAV_FRAME_GLOBAL_RELATIVE_ALT, z=50.0)])


class SecondStationSamePlace(_SecondStationAtWork):
    name = "second-station-same-count"
    what = "another station uploads a mission with as many items as ours, but other ones, 3 s after our fence is on"
    source = "1, no mission id"

    def act(self) -> None:
        store = self._vehicle.mission_store
        ours = [store.get(seq) for seq in range(1, store.count())]
        self._vehicle.other_station_uploads(
            [Item(i.command, i.frame, i.param1, i.param2, i.param3, i.param4, i.x, i.y, i.z + 25.0) for i in ours]
        )


class SecondStationElsewhere(_SecondStationAtWork):
    name = "second-station-elsewhere"
    what = (
        "another station uploads as many other items as ours over a link that we do not hear, 3 s after our fence is on"
    )
    source = "1, no mission id; 5, two stations"

    def act(self) -> None:
        store = self._vehicle.mission_store
        ours = [store.get(seq) for seq in range(1, store.count())]
        self._vehicle.other_station_uploads(
            [Item(i.command, i.frame, i.param1, i.param2, i.param3, i.param4, i.x, i.y, i.z + 25.0) for i in ours],
            told_to_all=False,
        )


class SecondStationClears(_SecondStationAtWork):
    name = "second-station-clears"
    what = "another station clears the mission 3 s after our fence is on"
    source = "1, upload while in AUTO; 5, two stations"

    def act(self) -> None:
        command = m.MAVLink_mission_clear_all_message(1, 1, m.MAV_MISSION_TYPE_MISSION)
        self._vehicle.other_station_says(command, *STATION_TWO)


class SecondStationFenceOff(_SecondStationAtWork):
    name = "second-station-fence-off"
    what = "another station switches the fence off 3 s after ours has switched it on"
    source = "3, DO_FENCE_ENABLE; 5, two stations"

    def act(self) -> None:
        command = m.MAVLink_command_long_message(1, 1, m.MAV_CMD_DO_FENCE_ENABLE, 0, 0, 0, 0, 0, 0, 0, 0)
        self._vehicle.other_station_says(command, *STATION_TWO)


class SecondStationCamera(Misbehaviour):
    name = "second-station-camera"
    what = "another station turns the gimbal to its right every 2 s, without yaw lock: ownership is told, not enforced"
    source = "7, DO_GIMBAL_MANAGER_CONFIGURE"

    def step(self, now_s: float) -> None:
        if now_s >= _TROUBLE_FROM_S + 2.0 * self.times:
            self.times += 1
            command = m.MAVLink_command_long_message(
                1, 1, m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, 0, -20, 60, float("nan"), float("nan"), 0, 0, 0
            )
            self._vehicle.other_station_says(command, *STATION_TWO)


ALL: tuple[type[Misbehaviour], ...] = (
    Loss, Delay, Reorder, PacketsTwice, CorruptBytes, MavlinkOne, SecondStationMode, SecondStationPlan,
    SecondStationSamePlace, SecondStationElsewhere, SecondStationClears, SecondStationFenceOff, SecondStationCamera,
)  # fmt: skip
