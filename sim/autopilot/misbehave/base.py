"""What a misbehaviour is: a small filter between the autopilot and its channels, with a name to switch it on by."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from missions.mavlink import mavlink2 as m
from sim.autopilot.outgoing import Outgoing

if TYPE_CHECKING:
    from sim.autopilot.core import Autopilot

Said = tuple[float, int | None, Any]
"""``(delay in seconds, channel or None for all, message)``."""


class Misbehaviour:
    """One way to behave badly. ``times`` counts how often it really did: a test that never saw it proves nothing."""

    name: ClassVar[str] = ""
    what: ClassVar[str] = ""
    """What it does, for the table."""
    source: ClassVar[str] = ""
    """Where it was seen."""
    mavlink1: ClassVar[bool] = False
    """Send MAVLink 1 frames."""

    def __init__(self, vehicle: Autopilot, rng: random.Random) -> None:
        self._vehicle, self._rng = vehicle, rng
        self.times = 0

    def hears(self, channel: int, msg: Any, now_s: float) -> float | None:
        """After how many seconds the autopilot gets a message; None when it never does."""
        return 0.0

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        """What becomes of a message that the autopilot sends."""
        return [(0.0, channel, msg)]

    def step(self, now_s: float) -> None:
        """Time has passed; may put messages into the vehicle's outbox."""

    def wire(self, packet: bytes) -> list[bytes]:
        """What becomes of a packet."""
        return [packet]


class OnceInTheAir(Misbehaviour):
    """Does something once, ``after_s`` after the aircraft has left the ground."""

    after_s: ClassVar[float] = 10.0

    def __init__(self, vehicle: Autopilot, rng: random.Random) -> None:
        super().__init__(vehicle, rng)
        self._airborne_s: float | None = None

    def step(self, now_s: float) -> None:
        """Wait for the moment."""
        if self._vehicle.flight.landed or self.times:
            return
        if self._airborne_s is None:
            self._airborne_s = now_s
        if now_s - self._airborne_s >= self.after_s:
            self.times += 1
            self.act()

    def act(self) -> None:
        """What it does."""
        raise NotImplementedError


class Misbehaviours:
    """All that are switched on for one vehicle, in the order of their names."""

    def __init__(self, active: Iterable[Misbehaviour]) -> None:
        self._active = tuple(active)
        self.paused = False
        """While true the vehicle behaves."""
        self._number = itertools.count()
        self._late_out: list[tuple[float, int, int | None, Any]] = []
        self._late_in: list[tuple[float, int, int, Any]] = []

    def __bool__(self) -> bool:
        return bool(self._active)

    @property
    def _in_force(self) -> tuple[Misbehaviour, ...]:
        return () if self.paused else self._active

    def __getitem__(self, name: str) -> Misbehaviour:
        """An active one by its name. Raises ``KeyError``."""
        for one in self._active:
            if one.name == name:
                return one
        raise KeyError(name)

    def hears(self, channel: int, msg: Any, now_s: float) -> bool:
        """Whether the autopilot gets this message now; one that is held up comes out of :meth:`arrived`."""
        delay_s = 0.0
        for one in self._in_force:
            extra_s = one.hears(channel, msg, now_s)
            if extra_s is None:
                return False
            delay_s += extra_s
        if delay_s > 0.0:
            heapq.heappush(self._late_in, (now_s + delay_s, next(self._number), channel, msg))
        return delay_s <= 0.0

    def arrived(self, now_s: float) -> list[tuple[int, Any]]:
        """Messages to the autopilot whose delay is over."""
        arrived = []
        while self._late_in and self._late_in[0][0] <= now_s:
            _, _, channel, msg = heapq.heappop(self._late_in)
            arrived.append((channel, msg))
        return arrived

    def step(self, now_s: float) -> None:
        """Let time pass for each."""
        for one in self._in_force:
            one.step(now_s)

    def says(self, outgoing: list[Outgoing], now_s: float) -> list[Outgoing]:
        """What is really sent now, with what was held up until now in front."""
        result: list[Outgoing] = []
        while self._late_out and self._late_out[0][0] <= now_s:
            _, _, channel, msg = heapq.heappop(self._late_out)
            result.append((channel, msg))
        for channel, msg in outgoing:
            said: list[Said] = [(0.0, channel, msg)]
            for one in self._in_force:
                said = [(d + more_s, c, x) for d, ch, x0 in said for more_s, c, x in one.says(ch, x0, now_s)]
            for delay_s, to, each in said:
                if delay_s > 0.0:
                    heapq.heappush(self._late_out, (now_s + delay_s, next(self._number), to, each))
                else:
                    result.append((to, each))
        return result

    def packets(self, message: Any, codec: Any) -> list[bytes]:
        """The packets of a message; usually one."""
        if any(one.mavlink1 for one in self._in_force):
            if message.get_msgId() > 255:
                return []  # has no place in a MAVLink 1 frame; ArduPilot sends nothing either
            packets = [mavlink1_packet(message, codec)]
        else:
            packets = [bytes(message.pack(codec))]
        for one in self._in_force:
            packets = [each for packet in packets for each in one.wire(packet)]
        return packets


# Payload bytes without the extension fields, which MAVLink 1 does not carry, of the messages that have some.
_WITHOUT_EXTENSIONS = {
    m.MAVLINK_MSG_ID_SYS_STATUS: 31,
    m.MAVLINK_MSG_ID_GPS_RAW_INT: 30,
    m.MAVLINK_MSG_ID_SERVO_OUTPUT_RAW: 21,
    m.MAVLINK_MSG_ID_MISSION_ITEM: 37,
    m.MAVLINK_MSG_ID_MISSION_REQUEST: 4,
    m.MAVLINK_MSG_ID_MISSION_CURRENT: 2,
    m.MAVLINK_MSG_ID_MISSION_COUNT: 4,
    m.MAVLINK_MSG_ID_MISSION_ACK: 3,
    m.MAVLINK_MSG_ID_MISSION_ITEM_INT: 37,
    m.MAVLINK_MSG_ID_MISSION_REQUEST_INT: 4,
    m.MAVLINK_MSG_ID_COMMAND_ACK: 3,
    m.MAVLINK_MSG_ID_TIMESYNC: 16,
    m.MAVLINK_MSG_ID_BATTERY_STATUS: 36,
    m.MAVLINK_MSG_ID_AUTOPILOT_VERSION: 60,
    m.MAVLINK_MSG_ID_FENCE_STATUS: 8,
    m.MAVLINK_MSG_ID_EKF_STATUS_REPORT: 22,
    m.MAVLINK_MSG_ID_HOME_POSITION: 52,
    m.MAVLINK_MSG_ID_STATUSTEXT: 51,
}


def mavlink1_packet(message: Any, codec: Any) -> bytes:
    """A MAVLink 1 frame as an old autopilot packs it. pymavlink's own packing keeps the extension fields in."""
    message.pack(codec, force_mavlink1=True)
    payload = bytes(message.get_payload())
    payload = payload[: _WITHOUT_EXTENSIONS.get(message.get_msgId(), len(payload))]
    head = bytes((len(payload), codec.seq, codec.srcSystem, codec.srcComponent, message.get_msgId()))
    crc = m.x25crc(head + payload + bytes((message.crc_extra,))).crc
    return b"\xfe" + head + payload + bytes((crc & 255, crc >> 8))


def kind_of(msg: Any) -> str:
    """The name of a message's type."""
    return str(msg.get_type())


def is_upload_of(msg: Any, mission_type: int) -> bool:
    """Whether this is an item of an upload of that kind."""
    return kind_of(msg) in ("MISSION_ITEM_INT", "MISSION_ITEM") and msg.mission_type == mission_type


STATION_TWO = (254, 190)
"""The other ground station in the same air."""

MISSION, FENCE = int(m.MAV_MISSION_TYPE_MISSION), int(m.MAV_MISSION_TYPE_FENCE)
