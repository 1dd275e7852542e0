"""Misbehaviours of what the aircraft tells by itself: streams, texts, clocks, positions."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

from missions.mavlink import mavlink2 as m
from sim.autopilot.misbehave.base import Misbehaviour, OnceInTheAir, Said, kind_of
from sim.autopilot.outgoing import said_by

if TYPE_CHECKING:
    from sim.autopilot.core import Autopilot

_TROUBLE_FROM_S, _TROUBLE_UNTIL_S = 12.0, 24.0


def _in_trouble(now_s: float) -> bool:
    return _TROUBLE_FROM_S <= now_s < _TROUBLE_UNTIL_S


class HeartbeatStops(Misbehaviour):
    name = "heartbeat-stops"
    what = "no HEARTBEAT from 12 s to 24 s, while everything else goes on"
    source = "5, heartbeat"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) == "HEARTBEAT" and _in_trouble(now_s):
            self.times += 1
            return []
        return super().says(channel, msg, now_s)


class NanTelemetry(Misbehaviour):
    name = "nan-telemetry"
    what = "every third ATTITUDE and gimbal attitude is NaN, every third height of VFR_HUD infinite"
    source = "7, NaN pairs"

    def __init__(self, vehicle: Autopilot, rng: random.Random) -> None:
        super().__init__(vehicle, rng)
        self._seen = 0

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        kind = kind_of(msg)
        if kind not in ("ATTITUDE", "GIMBAL_DEVICE_ATTITUDE_STATUS", "VFR_HUD"):
            return super().says(channel, msg, now_s)
        self._seen += 1
        if self._seen % 3 == 0:
            self.times += 1
            if kind == "ATTITUDE":
                msg.roll = msg.pitch = msg.yaw = math.nan
            elif kind == "VFR_HUD":
                msg.alt = math.inf
            else:
                msg.q = [math.nan] * 4
        return super().says(channel, msg, now_s)


class StreamsStop(Misbehaviour):
    name = "streams-stop"
    what = "every 20 s all message intervals are lost without a restart"
    source = "4, SET_MESSAGE_INTERVAL"

    def step(self, now_s: float) -> None:
        if now_s > 20.0 * (self.times + 1):
            self.times += 1
            self._vehicle.forget_streams()


class ClockBack(Misbehaviour):
    name = "clock-back"
    what = "time_boot_ms goes back by 8 s at 20 s, without a restart"
    source = "5, routing: time_boot_ms"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if now_s >= 20.0 and hasattr(msg, "time_boot_ms"):
            self.times += 1
            msg.time_boot_ms = max(0, msg.time_boot_ms - 8000)
        return super().says(channel, msg, now_s)


class RebootsInFlight(OnceInTheAir):
    name = "reboots-in-flight"
    what = "restarts (watchdog) 15 s after it has left the ground, once; stays armed, mode and streams are lost"
    source = "1, resume; 4, intervals"
    after_s = 15.0

    def act(self) -> None:
        self._vehicle.reboot()


class EkfConstantPosition(Misbehaviour):
    name = "ekf-constant-position"
    what = "no absolute position from 12 s to 24 s: EKF in constant position mode, GPS without fix, position frozen"
    source = "8, EKF"

    def __init__(self, vehicle: Autopilot, rng: random.Random) -> None:
        super().__init__(vehicle, rng)
        self._held: tuple[int, int] | None = None

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if not _in_trouble(now_s):
            self._held = None
            return super().says(channel, msg, now_s)
        kind = kind_of(msg)
        if kind == "EKF_STATUS_REPORT":
            self.times += 1
            # Attitude, vertical velocity and height; constant position mode; no horizontal position.
            msg.flags = 0x01 | 0x04 | 0x20 | 0x80
        elif kind == "GPS_RAW_INT":
            msg.fix_type, msg.satellites_visible = 1, 3
        elif kind == "GLOBAL_POSITION_INT":
            self._held = self._held or (msg.lat, msg.lon)
            msg.lat, msg.lon = self._held
        return super().says(channel, msg, now_s)


class GpsJump(Misbehaviour):
    name = "gps-jump"
    what = "the reported position jumps 500 m east for 2 s of every 10 s, with the EKF's variances above its limit"
    source = "8, EKF variances"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if now_s < _TROUBLE_FROM_S or now_s % 10.0 >= 2.0:
            return super().says(channel, msg, now_s)
        kind = kind_of(msg)
        if kind in ("GLOBAL_POSITION_INT", "GPS_RAW_INT") and msg.lat:
            self.times += 1
            msg.lon += round(500.0 / 111_200.0 / math.cos(math.radians(msg.lat / 1e7)) * 1e7)
        elif kind == "EKF_STATUS_REPORT":
            msg.pos_horiz_variance = msg.velocity_variance = 1.4
        return super().says(channel, msg, now_s)


class TextsInPieces(Misbehaviour):
    name = "texts-in-pieces"
    what = "every text of more than 20 characters comes in chunks over 0.3 s, and the second chunk is lost"
    source = "8, STATUSTEXT"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        if kind_of(msg) != "STATUSTEXT" or msg.id:
            return super().says(channel, msg, now_s)
        raw = msg.text if isinstance(msg.text, bytes) else str(msg.text).encode()
        raw = raw.rstrip(b"\0")
        if len(raw) <= 20:
            return super().says(channel, msg, now_s)
        self.times += 1
        # Full chunks but for the last: padded in front, where it does no harm to the sense.
        whole = b"(the autopilot has this to say, at some length) ".ljust(50, b".") + b"." * 50 + raw
        chunks = [whole[n : n + 50] for n in range(0, len(whole) + 1, 50)]
        number = self.times % 65_535 + 1
        said = [
            (0.01 + 0.1 * seq, channel, m.MAVLink_statustext_message(msg.severity, chunk, number, seq))
            for seq, chunk in enumerate(chunks)
        ]
        return [one for seq, one in enumerate(said) if seq != 1]


class UnknownMessages(Misbehaviour):
    name = "unknown-messages"
    what = "sends messages with numbers that nobody knows, and known ones of other vehicles' firmware"
    source = "5, filter every message"

    def step(self, now_s: float) -> None:
        if now_s * 4.0 > self.times:
            self.times += 1
            payload = bytes(self._rng.randrange(256) for _ in range(self._rng.randrange(1, 60)))
            number = self._rng.choice((9_999, 60_045, 12_345_678))
            self._vehicle.outbox.send(None, Unknown(number, payload))


class Unknown:
    """A message that no dialect has."""

    def __init__(self, number: int, payload: bytes) -> None:
        self._number, self._payload = number, payload

    def get_type(self) -> str:
        """As pymavlink names them."""
        return f"UNKNOWN_{self._number}"

    def get_msgId(self) -> int:  # noqa: N802
        """Its number."""
        return self._number

    def pack(self, codec: Any, force_mavlink1: bool = False) -> bytes:
        """A MAVLink 2 frame with a checksum that fits a CRC extra of 0."""
        n = self._number
        head = [
            len(self._payload),
            0,
            0,
            codec.seq,
            codec.srcSystem,
            codec.srcComponent,
            n & 255,
            n >> 8 & 255,
            n >> 16,
        ]
        body = bytes(head) + self._payload
        crc = m.x25crc(body + b"\0").crc
        return b"\xfd" + body + bytes((crc & 255, crc >> 8))


class BatteryUnknown(Misbehaviour):
    name = "battery-unknown"
    what = "the battery monitor says nothing: remaining -1, voltage 0, current -1"
    source = "8, health"

    def says(self, channel: int | None, msg: Any, now_s: float) -> list[Said]:
        kind = kind_of(msg)
        if kind == "SYS_STATUS":
            self.times += 1
            msg.voltage_battery, msg.current_battery, msg.battery_remaining = 0, -1, -1
        elif kind == "BATTERY_STATUS":
            msg.voltages, msg.current_battery, msg.battery_remaining = [65_535] * 10, -1, -1
        return super().says(channel, msg, now_s)


class OtherComponents(Misbehaviour):
    name = "other-components"
    what = (
        "a gimbal, a camera, an ADS-B receiver, a companion computer and component 0 send heartbeats of this system id"
    )
    source = "5, srcSystem and srcComponent; 7, cameras"

    def step(self, now_s: float) -> None:
        if now_s < self.times + 1.0:
            return
        self.times += 1
        kinds = (
            (154, m.MAV_TYPE_GIMBAL), (100, m.MAV_TYPE_CAMERA), (156, m.MAV_TYPE_ADSB),
            (191, m.MAV_TYPE_ONBOARD_CONTROLLER), (0, m.MAV_TYPE_GENERIC),
        )  # fmt: skip
        for component, kind in kinds:
            heartbeat = m.MAVLink_heartbeat_message(kind, m.MAV_AUTOPILOT_INVALID, 0x80, 0, 4, 3)
            self._vehicle.outbox.send(None, said_by(heartbeat, self._vehicle.sysid, component))


class TwinSystem(Misbehaviour):
    name = "twin-system"
    what = "another aircraft has the same system and component id: a plane, armed in FBWA, 3 km away, up for an hour"
    source = "5, filter by srcSystem and srcComponent"

    def step(self, now_s: float) -> None:
        if now_s < 5.0 + self.times:
            return
        self.times += 1
        boot_ms = 3_600_000 + int(now_s * 1000)
        lat, lon = self._vehicle.grid.to_geodetic(3000.0, 0.0)
        modes = m.MAV_MODE_FLAG_SAFETY_ARMED | m.MAV_MODE_FLAG_CUSTOM_MODE_ENABLED
        for msg in (
            m.MAVLink_heartbeat_message(m.MAV_TYPE_FIXED_WING, m.MAV_AUTOPILOT_ARDUPILOTMEGA, modes, 5, 4, 3),
            m.MAVLink_global_position_int_message(
                boot_ms, round(lat * 1e7), round(lon * 1e7), 900_000, 500_000, 2000, 0, 0, 0
            ),
        ):
            self._vehicle.outbox.send(None, msg)


ALL: tuple[type[Misbehaviour], ...] = (
    HeartbeatStops, NanTelemetry, StreamsStop, ClockBack, RebootsInFlight, EkfConstantPosition, GpsJump, TextsInPieces,
    UnknownMessages, BatteryUnknown, OtherComponents, TwinSystem,
)  # fmt: skip
