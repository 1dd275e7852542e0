"""Signing on the vehicle's side."""

from __future__ import annotations

import hashlib
from typing import Any

from missions.mavlink import mavlink2 as m
from sim.server import Channel
from sim.signing import SigningCodec, VehicleSigning, signing_time
from tests.unit.sim_autopilot.bench import Bench

KEY = hashlib.sha256(b"a key for tests").digest()
UTC_US = 1_790_000_000_000_000


def _station(key: bytes | None, now: int = signing_time(UTC_US)) -> Any:
    codec = SigningCodec(None, 255, 190)
    if key is not None:
        codec.signing.secret_key, codec.signing.sign_outgoing, codec.signing.timestamp = key, True, now
    return codec


def _channel(signing: VehicleSigning, trusted: bool) -> tuple[Channel, list[bytes]]:
    written: list[bytes] = []
    channel = Channel(2, "test", 1, written.append, trusted)
    channel.sign(signing, UTC_US)
    return channel, written


def _heartbeat(codec: Any) -> bytes:
    return bytes(m.MAVLink_heartbeat_message(6, 8, 0, 0, 0, 3).pack(codec))


def _signing() -> VehicleSigning:
    signing = VehicleSigning()
    signing.set_up(KEY, signing_time(UTC_US))
    return signing


def test_only_the_first_channel_takes_what_is_not_signed() -> None:
    trusted, _ = _channel(_signing(), trusted=True)
    other, _ = _channel(_signing(), trusted=False)
    assert len(trusted.parse(_heartbeat(_station(None)))) == 1
    assert other.parse(_heartbeat(_station(None))) == []
    assert len(other.parse(_heartbeat(_station(KEY)))) == 1
    assert other.parse(_heartbeat(_station(bytes(32)))) == [], "another key"
    radio = m.MAVLink_radio_status_message(1, 1, 1, 1, 1, 1, 1).pack(_station(None))
    assert len(other.parse(bytes(radio))) == 1, "radios cannot sign"


def test_old_and_repeated_packets_are_dropped_and_a_forged_one_silences_nobody() -> None:
    signing = _signing()
    channel, _ = _channel(signing, trusted=False)
    late = _station(KEY, signing_time(UTC_US - 600_000_000))
    assert channel.parse(_heartbeat(late)) == [], "a clock ten minutes slow"
    station = _station(KEY)
    packet = _heartbeat(station)
    assert len(channel.parse(packet)) == 1
    assert channel.parse(packet) == [], "once"
    forger = _station(bytes(31) + b"\1", signing_time(UTC_US + 3_600_000_000))
    assert channel.parse(_heartbeat(forger)) == []
    assert len(channel.parse(_heartbeat(station))) == 1, "its far time was not noted"


def test_what_the_vehicle_says_is_signed_and_its_key_goes_with_an_all_zero_one() -> None:
    signing = _signing()
    channel, written = _channel(signing, trusted=False)
    channel.send(m.MAVLink_heartbeat_message(2, 3, 0, 0, 0, 3), 1)
    assert written[-1][2] & m.MAVLINK_IFLAG_SIGNED
    assert _station(KEY).parse_buffer(written[-1])
    signing.set_up(bytes(32), 0)
    channel.sign(signing, UTC_US)
    channel.send(m.MAVLink_heartbeat_message(2, 3, 0, 0, 0, 3), 1)
    assert not written[-1][2] & m.MAVLINK_IFLAG_SIGNED
    assert len(channel.parse(_heartbeat(_station(None)))) == 1


def test_set_up_is_refused_while_armed_and_kept_over_a_restart() -> None:
    bench = Bench()
    bench.run(3.0)
    setup = m.MAVLink_setup_signing_message(1, 1, list(KEY), signing_time(UTC_US))
    bench.command(m.MAV_CMD_DO_SET_MODE, 1, 4)
    bench.command(m.MAV_CMD_COMPONENT_ARM_DISARM, 1)
    bench.send(setup)
    assert bench.autopilot.signing.key == b""
    assert any("Won't setup signing when armed" in text for text in bench.texts())
    bench.command(m.MAV_CMD_COMPONENT_ARM_DISARM, 0)
    bench.send(setup)
    bench.autopilot.reboot()
    assert bench.autopilot.signing.key == KEY
