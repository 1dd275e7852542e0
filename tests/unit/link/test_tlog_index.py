"""What is in a recording, also one of another program, damaged or cut off."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from groundstation.core.errors import LinkError
from groundstation.link.tlog_index import index_tlog
from groundstation.link.tlog_read import TlogDamage, TlogRecord, read_tlog, scan_tlog
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import START_UTC_US, Sender, heartbeat

GCS_BEAT = m.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3)


def _stamped(t_utc_us, packet):
    return t_utc_us.to_bytes(8, "big") + packet


def _flight(seconds=60, hz=4):
    """An aircraft, its gimbal and a ground station; a record every quarter of a second each."""
    aircraft, gimbal, station = Sender(3, 1), Sender(3, 154), Sender(255, 190)
    records = []
    for n in range(seconds * hz):
        t = START_UTC_US + n * 1_000_000 // hz
        records.append(_stamped(t, aircraft.packet(heartbeat(custom_mode=n))))
        records.append(_stamped(t + 1, gimbal.packet(m.MAVLink_heartbeat_message(26, 8, 0, 0, 4, 3))))
        records.append(_stamped(t + 2, station.packet(GCS_BEAT)))
    return records


def test_who_when_and_how_many(tmp_path):
    path = tmp_path / "f.tlog"
    path.write_bytes(b"".join(_flight()))
    index = index_tlog(path)
    assert (index.records, index.start_utc_us) == (720, START_UTC_US)
    assert index.end_utc_us == START_UTC_US + 59_750_002
    assert {s: x.is_aircraft for s, x in index.sources.items()} == {(3, 1): True, (3, 154): False, (255, 190): False}
    assert [index.is_ground(s) for s in ((3, 1), (3, 154), (255, 190))] == [False, False, True]
    assert index.message_counts() == {"HEARTBEAT": 720}
    assert not index.gaps
    assert not index.damage


def test_ground_stations_are_known_without_a_heartbeat_too(tmp_path):
    ground, other = Sender(254, 190), Sender(201, 5)
    path = tmp_path / "f.tlog"
    path.write_bytes(
        _stamped(START_UTC_US, ground.packet(m.MAVLink_param_request_list_message(1, 1)))
        + _stamped(START_UTC_US, other.packet(GCS_BEAT))
        + _stamped(START_UTC_US, Sender(201, 7).packet(m.MAVLink_param_request_list_message(1, 1)))
        + _stamped(START_UTC_US, Sender(9, 1).packet(heartbeat()))
    )
    index = index_tlog(path)
    assert {s: index.is_ground(s) for s in index.sources} == {
        (254, 190): True, (201, 5): True, (201, 7): True, (9, 1): False,
    }  # fmt: skip


def test_loss_gaps_and_a_clock_that_was_set_back(tmp_path):
    sender, path, data = Sender(), tmp_path / "f.tlog", b""
    for n in range(10):
        data += _stamped(START_UTC_US + n * 1_000_000, sender.packet(heartbeat()))
    sender.skip(5)
    data += _stamped(START_UTC_US + 60_000_000, sender.packet(heartbeat()))
    data += _stamped(START_UTC_US + 30_000_000, sender.packet(heartbeat()))
    path.write_bytes(data)
    index = index_tlog(path)
    assert [(g.to_utc_us - g.from_utc_us) / 1e6 for g in index.gaps] == [51.0]
    assert index.clock_steps_back == 1
    assert index.sources[1, 1].statistics.lost == 5
    assert index.end_utc_us == START_UTC_US + 60_000_000


def test_the_place_of_a_time(tmp_path):
    path = tmp_path / "f.tlog"
    path.write_bytes(b"".join(_flight()))
    index = index_tlog(path)
    data = path.read_bytes()
    for t in (START_UTC_US - 5, START_UTC_US, START_UTC_US + 30_300_000, index.end_utc_us, index.end_utc_us + 9):
        offset = index.offset_of(t)
        missed = [r for r in scan_tlog(data[:offset]) if r.t_utc_us >= t]
        assert not missed
        first = next(scan_tlog(data, offset))
        assert first.t_utc_us >= min(t, index.end_utc_us) - 1_250_000


def test_damage_is_measured_and_costs_what_it_covers(tmp_path):
    records = _flight(seconds=10)
    data = bytearray(b"".join(records))
    size = len(records[0])
    data[size * 20 + 12] ^= 0xFF  # a bit in a payload
    data[size * 40 : size * 43] = b"\xfd" * (size * 3)  # a stretch of nonsense that looks like packets
    data += records[0][:15]
    path = tmp_path / "f.tlog"
    path.write_bytes(bytes(data))
    index = index_tlog(path)
    assert index.records == len(records) - 4
    assert index.damaged_bytes == size * 4
    assert index.cut_bytes == 15
    assert [d.offset for d in index.damage] == [size * 20, size * 40, len(data) - 15]


@given(st.binary(min_size=1, max_size=200), st.integers(0, 900), st.booleans())
@example(b"\xb4\x00", 328, True)  # made a long message of an unknown id that ended where a record began
@settings(deadline=None, max_examples=150)
def test_whatever_is_damaged_the_rest_is_read(noise, at, insert):
    records = _flight(seconds=4)
    good = b"".join(records)
    data = good[:at] + noise + good[at if insert else at + len(noise) :]
    items = list(scan_tlog(data))
    packets = [i for i in items if isinstance(i, TlogRecord)]
    touched = (0 if insert else len(noise)) // len(records[0]) + 3
    assert len(packets) >= len(records) - touched
    covered = sum(i.size_bytes if isinstance(i, TlogDamage) else 8 + len(i.packet) for i in items)
    assert covered == len(data)
    assert packets[-1].packet == records[-1][8:]


def test_messages_of_another_dialect_are_counted_not_damage(tmp_path):
    packet = bytearray(Sender().packet(heartbeat()))
    packet[7:10] = (54_321).to_bytes(3, "little")
    path = tmp_path / "f.tlog"
    path.write_bytes(_stamped(START_UTC_US, bytes(packet)) * 3)
    index = index_tlog(path)
    assert index.message_counts() == {"UNKNOWN_54321": 3}
    assert not index.damage
    assert len(list(read_tlog(path))) == 3


def test_a_mavproxy_recording_with_mavlink_1_and_link_numbers_in_its_stamps(tmp_path):
    codec = m.MAVLink(None, 1, 1)
    path = tmp_path / "f.tlog"
    packets = [bytes(heartbeat(custom_mode=n).pack(codec, force_mavlink1=True)) for n in range(4)]
    path.write_bytes(b"".join(_stamped((START_UTC_US + n * 250_000) & ~3 | 3, p) for n, p in enumerate(packets)))
    assert [r.packet for r in read_tlog(path)] == packets


@pytest.mark.parametrize("content", [b"", b"x", b"\xfd" * 100])
def test_no_recording(tmp_path, content):
    path = tmp_path / "f.tlog"
    path.write_bytes(content)
    with pytest.raises(LinkError, match="holds no MAVLink packet"):
        index_tlog(path)


def test_a_long_recording_of_another_dialect_is_read_in_one_go(tmp_path):
    """Every record is looked at once, not all the rest for each."""
    packet = bytearray(Sender().packet(heartbeat()))
    packet[7:10] = (54_321).to_bytes(3, "little")
    path = tmp_path / "f.tlog"
    path.write_bytes(b"".join(_stamped(START_UTC_US + n, bytes(packet)) for n in range(20_000)))
    assert index_tlog(path).records == 20_000
