"""MAVLink 2 signing on the vehicle's side: one key for all channels, channel 0 takes unsigned messages too."""

from __future__ import annotations

import hashlib
from typing import Any

from missions.mavlink import mavlink2 as m

_EPOCH_US = 1_420_070_400_000_000  # 2015-01-01 UTC
_NEW_STREAM_LATE = 6_000_000  # one minute in units of 10 us


def signing_time(utc_us: int) -> int:
    """The unit of signatures: 10 us since 2015."""
    return max(0, (utc_us - _EPOCH_US) // 10)


class SigningCodec(m.MAVLink):  # type: ignore[misc]
    """pymavlink's codec with the checks in ArduPilot's order: the signature first, its time only if that is right.

    pymavlink notes a packet's time before it looks at the signature, so that a forged packet could silence a true stream.
    """

    def check_signature(self, msgbuf: bytearray, srcSystem: int, srcComponent: int) -> bool:  # noqa: N803
        """Whether the packet is authentic and not old."""
        signing = self.signing
        right = hashlib.sha256(signing.secret_key + bytes(msgbuf[:-6])).digest()[:6]
        if right != bytes(msgbuf[-6:]):
            return False
        timestamp = int.from_bytes(msgbuf[-12:-6], "little")
        stream = (int(msgbuf[-13]), srcSystem, srcComponent)
        last = signing.stream_timestamps.get(stream)
        if last is None:
            if timestamp + _NEW_STREAM_LATE < signing.timestamp:
                return False
        elif timestamp <= last:
            return False
        signing.stream_timestamps[stream] = timestamp
        signing.timestamp = max(signing.timestamp, timestamp)
        return True


class VehicleSigning:
    """The key that the vehicle keeps; it survives a restart. All zero means no signing."""

    def __init__(self) -> None:
        self.key = b""
        self.timestamp = 0
        self._streams: dict[tuple[int, int, int], int] = {}

    def set_up(self, key: bytes, timestamp: int) -> None:
        """``SETUP_SIGNING``: an all-zero key with time 0 switches signing off."""
        if not any(key) and timestamp == 0:
            self.key = b""
            return
        self.key = bytes(key)
        self.timestamp = max(self.timestamp, timestamp)

    def apply(self, codec: Any, link_id: int, trusted: bool, utc_us: int) -> None:
        """Make a channel's codec sign and check. A ``trusted`` channel takes unsigned messages too."""
        signing = codec.signing
        self.timestamp = max(self.timestamp, signing_time(utc_us))
        signing.timestamp = max(signing.timestamp, self.timestamp) if self.key else signing.timestamp
        if signing.secret_key == (self.key or None) and signing.sign_outgoing == bool(self.key):
            return
        signing.secret_key = self.key or None
        signing.sign_outgoing = bool(self.key)
        signing.link_id = link_id & 0xFF
        signing.stream_timestamps = self._streams

        def allow_unsigned(_: Any, message_id: int) -> bool:
            return trusted or message_id == m.MAVLINK_MSG_ID_RADIO_STATUS

        signing.allow_unsigned_callback = allow_unsigned
