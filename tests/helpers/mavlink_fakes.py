"""Small stand-ins for a clock, a link's wire and an aircraft, for tests without sockets and without waiting."""

from __future__ import annotations

from typing import Any

from missions.mavlink import mavlink2

START_UTC_US = 1_790_000_000_000_000


class FakeClock:
    """A clock that is moved by hand."""

    def __init__(self, now_s: float = 1000.0) -> None:
        self.now_s = now_s
        self.utc_step_us = 0  # as when somebody sets the machine's clock

    def mono_ns(self) -> int:
        return int(self.now_s * 1e9)

    def utc_us(self) -> int:
        return START_UTC_US + int(self.now_s * 1e6) + self.utc_step_us


class Sender:
    """Packs messages as a component of an aircraft (or of anything) does, and gives them back decoded."""

    def __init__(self, system_id: int = 1, component_id: int = 1) -> None:
        self._out = mavlink2.MAVLink(None, srcSystem=system_id, srcComponent=component_id)
        self._in = mavlink2.MAVLink(None)

    def packet(self, message: Any) -> bytes:
        """The bytes on the wire; the sequence number moves on."""
        data = bytes(message.pack(self._out))
        self._out.seq = (self._out.seq + 1) % 256
        return data

    def skip(self, count: int) -> None:
        """As if ``count`` packets had been lost."""
        self._out.seq = (self._out.seq + count) % 256

    def decoded(self, message: Any) -> Any:
        """The message as the other side sees it."""
        (received,) = self._in.parse_buffer(self.packet(message))
        return received


def heartbeat(custom_mode: int = 0, armed: bool = False, mav_type: int = 2, autopilot: int = 3) -> Any:
    """HEARTBEAT of an ArduPilot aircraft."""
    return mavlink2.MAVLink_heartbeat_message(mav_type, autopilot, 1 | (0x80 if armed else 0), custom_mode, 4, 3)
