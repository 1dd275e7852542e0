"""Frames are built and read as the dialect's own codec does it; damage costs no more than the damaged frame."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundstation.link.frame import build_frame, checksum, checksum_ok, decode_frame, read_header
from groundstation.link.parser import FrameParser
from missions.mavlink import mavlink2
from tests.helpers.mavlink_fakes import Sender, heartbeat

_RANDOM = random.Random(4)


def _random_frame(message_id):
    payload = _RANDOM.randbytes(mavlink2.mavlink_map[message_id].unpacker.size)
    return build_frame(message_id, payload, _RANDOM.randrange(1, 256), _RANDOM.randrange(256), _RANDOM.randrange(256))


@given(st.binary(max_size=300), st.integers(0, 255))
@settings(deadline=None)
def test_the_checksum_is_pymavlinks(data, extra):
    reference = mavlink2.x25crc(data)
    reference.accumulate(bytes([extra]))
    assert checksum(data, extra) == reference.crc


@pytest.mark.parametrize("message_id", sorted(mavlink2.mavlink_map))
def test_every_message_of_the_dialect_reads_as_with_its_codec(message_id):
    frame = _random_frame(message_id)
    (expected,) = mavlink2.MAVLink(None).parse_buffer(frame)
    message = decode_frame(frame)
    assert message.get_type() == expected.get_type() != "BAD_DATA"
    assert repr(message.to_dict()) == repr(expected.to_dict())
    assert message.get_header().pack() == expected.get_header().pack()
    assert bytes(message.get_msgbuf()) == frame
    assert message.get_crc() == expected.get_crc()


def test_mavlink_1():
    codec = mavlink2.MAVLink(None, 7, 9)
    packet = bytes(heartbeat(custom_mode=5).pack(codec, force_mavlink1=True))
    assert packet[0] == 0xFE
    assert checksum_ok(packet)
    message = decode_frame(packet)
    assert (message.custom_mode, message.get_srcSystem(), message.get_srcComponent()) == (5, 7, 9)


def test_a_longer_payload_than_we_know_is_read_as_far_as_we_know_it():
    """A newer dialect may have extended a message."""
    known = heartbeat(custom_mode=5).pack(mavlink2.MAVLink(None))
    longer = build_frame(0, read_header(bytes(known)).payload + b"\x01\x02", 1, 1, 0)
    assert decode_frame(longer).custom_mode == 5


def test_a_message_of_another_dialect_is_nothing():
    frame = bytearray(build_frame(0, b"\x01", 1, 1, 0))
    frame[7:10] = (999_999).to_bytes(3, "little")
    assert checksum_ok(bytes(frame)) is None
    assert decode_frame(bytes(frame)) is None


def test_a_parser_takes_any_cuts():
    stream = b"".join(_random_frame(i) for i in (0, 30, 33, 253, 110) for _ in range(4))
    whole = FrameParser().feed(stream, 0.0)
    assert len(whole) == 20
    parser = FrameParser()
    assert [f for i in range(len(stream)) for f in parser.feed(stream[i : i + 1], 0.0)] == whole
    assert parser.bad == 0


def test_a_marker_in_noise_does_not_cost_the_good_frames_after_it():
    sender = Sender()
    good = [sender.packet(heartbeat(custom_mode=n)) for n in range(20)]
    parser = FrameParser()
    frames = parser.feed(b"\xfd\xff\x00noise" + b"".join(good), 0.0)
    assert frames == good
    assert parser.bad == 1


def test_a_damaged_frame_costs_only_itself():
    sender = Sender()
    good = [sender.packet(heartbeat(custom_mode=n)) for n in range(3)]
    damaged = bytearray(good[1])
    damaged[1] = 200  # its length, so that it seems to hold the next frame too
    parser = FrameParser()
    assert parser.feed(good[0] + bytes(damaged) + good[2] + bytes(300), 0.0) == [good[0], good[2]]


def test_half_a_frame_does_not_wait_for_ever():
    sender = Sender()
    good = [sender.packet(heartbeat(custom_mode=n)) for n in range(2)]
    parser = FrameParser()
    assert parser.feed(good[0][:-3], 0.0) == []
    assert parser.feed(good[1], 5.0) == [good[1]]


def test_half_a_frame_waits_a_moment():
    packet = Sender().packet(heartbeat())
    parser = FrameParser()
    assert parser.feed(packet[:9], 0.0) == []
    assert parser.feed(packet[9:], 1.5) == [packet]


@given(st.lists(st.one_of(st.binary(max_size=40), st.sampled_from([b"\xfd", b"\xfe", b"\xfd\x09\x00", b"\xfe\xff"]))))
@settings(deadline=None, max_examples=200)
def test_whatever_comes_the_frames_after_it_are_found(noise):
    sender = Sender()
    parser = FrameParser()
    for piece in noise:
        parser.feed(piece, 0.0)
    good = [sender.packet(heartbeat(custom_mode=n + 1)) for n in range(16)]  # more bytes than any frame has
    frames = parser.feed(b"".join(good), 0.0)
    assert frames[-3:] == good[-3:]


@given(st.binary(min_size=1, max_size=600))
@settings(deadline=None, max_examples=200)
def test_what_the_parser_gives_can_be_read(noise):
    for frame in FrameParser().feed(noise, 0.0):
        decode_frame(frame)
