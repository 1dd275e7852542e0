"""Files over MAVLink: against the simulated aircraft, over links that lose, double, delay and reorder."""

import struct
import zlib
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geofences.errors import LinkError, PlanError
from missions.codec import MissionKind, compare_items, items_of
from missions.ftp import FtpAsk, FtpError, FtpOutcome, FtpPacket, FtpPeer, Opcode
from missions.ftp_items import FILES, FileDownload, FileUpload, decode_file, encode_file, file_size, pieces
from missions.ftp_parameters import FILE, decode_parameters
from missions.ftp_read import FtpRead
from missions.ftp_write import FtpWrite
from missions.mavlink import mavlink2 as m
from missions.transfer import Address, Outcome
from missions.verified import VerifiedUpload
from sim.autopilot.files import packed_parameters
from tests.helpers.parked import GROUND_M, LAT, LON, SimVehicle
from tests.helpers.patrol import small_plan
from tests.unit.missions.fake_vehicle import STATION, VEHICLE, BadLink, over_the_wire, run

PLAN = small_plan(LAT, LON, GROUND_M)
LONG = replace(PLAN, items=(*PLAN.items[:1], *(PLAN.items[1],) * 120, PLAN.items[-1]))
KINDS = list(MissionKind)


def upload(kind, items, vehicle, link=None, peer=None, **more):
    machine = VerifiedUpload(kind, items, VEHICLE, STATION, ftp=peer or FtpPeer(), **more)
    return run(machine, vehicle, link)


def ask(vehicle, packet, now_s=200.0):
    """One request without a machine; the answers' packets."""
    answers = vehicle.on_message(over_the_wire(packet.message(VEHICLE), STATION), now_s)
    return [FtpPacket.from_payload(a.payload) for a in answers if a.get_type() == "FILE_TRANSFER_PROTOCOL"]


def test_packets_are_as_the_protocol_says():
    packet = FtpPacket(0x1234, 7, Opcode.WRITE_FILE, 3, offset=0x01020304, data=b"abc")
    raw = bytes(packet.to_payload())
    assert raw[:15] == b"\x34\x12\x07\x07\x03\x00\x00\x00\x04\x03\x02\x01abc"
    assert len(raw) == 251
    assert FtpPacket.from_payload(raw) == packet
    assert FtpPacket.from_payload(raw[:4] + b"\xff" + raw[5:]) is None
    with pytest.raises(ValueError, match="240"):
        FtpPacket(1, 1, 7, data=bytes(240)).to_payload()


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_goes_up_and_comes_back(kind):
    vehicle = SimVehicle()
    result = upload(kind, items_of(PLAN, kind), vehicle)
    assert result.ok, result.reason
    assert result.method == "ftp"
    assert len(vehicle.items(kind)) == len(items_of(PLAN, kind))
    assert result.upload_s > 0
    assert result.readback_s > 0


def test_a_short_list_takes_two_round_trips_and_a_long_one_little_more():
    vehicle = SimVehicle()
    link, peer = BadLink(delay_s=(0.15, 0.15)), FtpPeer()
    assert upload(MissionKind.FENCE, items_of(PLAN, MissionKind.FENCE), vehicle, link, peer).upload_s < 0.7
    result = upload(MissionKind.MISSION, items_of(LONG, MissionKind.MISSION), vehicle, link, peer)
    assert result.upload_s < 0.9
    assert result.readback_s < 0.5


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    seed=st.integers(0, 2**32 - 1),
    loss=st.sampled_from([0.0, 0.05, 0.2]),
    duplicate=st.sampled_from([0.0, 0.3]),
    spread_s=st.sampled_from([0.0, 0.02, 0.3]),
    kind=st.sampled_from(KINDS),
)
def test_any_link_ends_with_what_was_sent_or_says_so(seed, loss, duplicate, spread_s, kind):
    vehicle = SimVehicle()
    items = items_of(LONG, kind)
    result = upload(kind, items, vehicle, BadLink(seed, loss, duplicate, (0.02, 0.02 + spread_s)))
    if result.ok:
        held = FileDownload(kind, VEHICLE, STATION, FtpPeer())
        read = run(held, vehicle)
        assert compare_items(kind, items, read.items) == []
    else:
        assert result.reason
        assert loss > 0.1 or duplicate > 0 or spread_s > 0


def test_five_percent_loss_costs_little():
    times = []
    for seed in range(40):
        vehicle = SimVehicle()
        result = upload(
            MissionKind.MISSION, items_of(LONG, MissionKind.MISSION), vehicle, BadLink(seed, 0.05, delay_s=(0.05, 0.05))
        )
        assert result.ok, result.reason
        assert result.method == "ftp"
        times.append(result.upload_s)
    assert sorted(times)[20] < 0.5


@pytest.mark.parametrize("loss", [0.0, 0.1])
def test_parameters_come_whole(loss):
    for seed in range(20 if loss else 1):
        vehicle = SimVehicle()
        result = run(FtpRead(FILE, VEHICLE, STATION, FtpPeer()), vehicle, BadLink(seed, loss, delay_s=(0.02, 0.05)))
        assert result.ok, result.reason
        read = {p.name: p.value for p in decode_parameters(result.data)}
        table = vehicle.autopilot.parameters
        assert read == {table.by_index(n).name: table.by_index(n).value for n in range(len(table))}


@pytest.mark.parametrize("end", [239, 478, 240, 1])
def test_a_file_ends_where_it_ends(end):
    """Also one whose last piece is full, whose end the aircraft tells by the offset of that piece."""

    class Blob(SimVehicle):
        def on_message(self, message, now_s):
            self.autopilot.ftp._content = lambda session, size: bytes(range(256))[:1] * end
            return super().on_message(message, now_s)

    for seed in range(12):
        result = run(FtpRead(FILE, VEHICLE, STATION, FtpPeer()), Blob(), BadLink(seed, 0.2))
        assert result.ok, result.reason
        assert len(result.data) == end


def test_an_empty_list_is_read_as_empty():
    result = run(FileDownload(MissionKind.FENCE, VEHICLE, STATION, FtpPeer()), SimVehicle())
    assert result.ok
    assert result.items == ()


def test_the_reason_of_a_refusal_is_learnt_by_items():
    vehicle = SimVehicle()
    good = items_of(PLAN, MissionKind.MISSION)
    assert upload(MissionKind.MISSION, good, vehicle).ok
    bad = (*good[:3], replace(good[3], command=999), *good[4:])
    result = upload(MissionKind.MISSION, bad, vehicle)
    assert result.outcome is Outcome.REFUSED
    assert "item 3: unsupported" in result.reason
    assert "did not take the content" in result.reason
    assert result.method == "ftp, then items"


def test_an_aircraft_without_the_files_gets_items():
    vehicle = SimVehicle()
    vehicle.autopilot.ftp.refuse_lists = True
    result = upload(MissionKind.MISSION, items_of(PLAN, MissionKind.MISSION), vehicle)
    assert result.ok
    assert result.method == "ftp, then items"


def test_an_aircraft_that_ignores_files_gets_items():
    class Deaf(SimVehicle):
        def on_message(self, message, now_s):
            return [] if message.get_type() == "FILE_TRANSFER_PROTOCOL" else super().on_message(message, now_s)

    result = upload(MissionKind.RALLY, items_of(PLAN, MissionKind.RALLY), Deaf())
    assert result.ok
    assert result.method == "ftp, then items"


@pytest.mark.parametrize("opcode", [Opcode.OPEN_FILE_RO, Opcode.CREATE_FILE])
def test_a_session_left_open_by_a_crash_is_no_obstacle(opcode):
    """Even one with the number that the new one happens to choose, and one that blocks writing."""
    for same in (True, False):
        vehicle = SimVehicle()
        peer = FtpPeer(_session=9)
        name = FILES[MissionKind.FENCE].encode()
        (answer,) = ask(vehicle, FtpPacket(5, 10 if same else 99, opcode, len(name), data=name), 99.0)
        assert answer.opcode == Opcode.ACK
        result = upload(MissionKind.MISSION, items_of(LONG, MissionKind.MISSION), vehicle, peer=peer)
        assert result.ok, result.reason
        assert result.method == "ftp"
        assert vehicle.items(1) == []


def test_what_was_written_in_part_never_takes_effect():
    vehicle = SimVehicle()
    old, new = items_of(PLAN, MissionKind.MISSION), items_of(LONG, MissionKind.MISSION)
    assert upload(MissionKind.MISSION, old, vehicle).ok
    before = vehicle.items(0)
    machine = FileUpload(MissionKind.MISSION, new, VEHICLE, STATION, FtpPeer())
    messages, sent = machine.start(500.0), 0
    vehicle.autopilot.step(500.0)
    while not machine.may_take_effect:
        sent += len(messages)
        answers = [a for msg in messages for a in vehicle.on_message(over_the_wire(msg, STATION), 500.0)]
        messages = [r for a in answers for r in machine.on_message(over_the_wire(a, VEHICLE), 500.0)]
    assert sent > 15
    vehicle.on_time(530.0)
    assert vehicle.items(0) == before
    # With the last piece it does, without being told: the aircraft closes what is idle.
    vehicle.on_message(over_the_wire(messages[0], STATION), 530.1)
    assert vehicle.items(0) == before


def test_a_whole_file_takes_effect_by_itself_when_the_link_is_cut_before_the_closing():
    vehicle = SimVehicle()
    new = items_of(PLAN, MissionKind.MISSION)
    machine = FileUpload(MissionKind.MISSION, new, VEHICLE, STATION, FtpPeer())
    vehicle.autopilot.step(500.0)
    create, piece, closing = machine.start(500.0)
    assert machine.may_take_effect
    for message in (create, piece):
        vehicle.on_message(over_the_wire(message, STATION), 500.0)
    assert closing.get_type() == "FILE_TRANSFER_PROTOCOL"
    vehicle.on_time(519.0)
    assert vehicle.items(0) == []
    vehicle.on_time(521.0)
    assert len(vehicle.items(0)) == len(new)
    while machine.result is None:
        machine.on_time(machine.next_deadline_s)
    assert machine.result.outcome is Outcome.TIMEOUT
    assert machine.result.may_take_effect


def test_a_closing_that_closed_nothing_is_not_taken_for_success():
    """The opening and the piece are lost, the closing arrives: the aircraft says yes to that."""
    vehicle = SimVehicle()
    machine = FileUpload(MissionKind.MISSION, items_of(PLAN, MissionKind.MISSION), VEHICLE, STATION, FtpPeer())
    closing = machine.start(500.0)[2]
    vehicle.autopilot.step(500.0)
    (answer,) = vehicle.on_message(over_the_wire(closing, STATION), 500.0)
    more = machine.on_message(over_the_wire(answer, VEHICLE), 500.1)
    assert machine.result is None
    assert len(more) == 4, "reset, open, write, close"
    answers = [a for msg in more for a in vehicle.on_message(over_the_wire(msg, STATION), 500.2)]
    for each in answers:
        machine.on_message(over_the_wire(each, VEHICLE), 500.3)
    assert machine.result.ok
    assert len(vehicle.items(0)) == 5


def test_checksum_reset_and_a_missing_file():
    vehicle = SimVehicle()
    peer = FtpPeer()
    assert run(FtpAsk(Opcode.RESET_SESSIONS, VEHICLE, STATION, peer), vehicle).ok
    result = run(FtpAsk(Opcode.CALC_FILE_CRC32, VEHICLE, STATION, peer, FILE), vehicle)
    content = packed_parameters(vehicle.autopilot.parameters, 64)
    assert struct.unpack("<I", result.data) == (zlib.crc32(content, 0xFFFFFFFF) ^ 0xFFFFFFFF,)
    missing = run(FtpRead("@MISSION/none.dat", VEHICLE, STATION, peer), vehicle)
    assert (missing.outcome, missing.error) == (FtpOutcome.REFUSED, FtpError.FILE_NOT_FOUND)


def test_a_silent_aircraft_ends_it():
    class Silent(SimVehicle):
        def on_message(self, message, now_s):
            return []

    for machine in (
        FtpRead(FILE, VEHICLE, STATION, FtpPeer()),
        FtpWrite("@MISSION/rally.dat", [(0, b"x")], VEHICLE, STATION, FtpPeer()),
        FtpAsk(Opcode.RESET_SESSIONS, VEHICLE, STATION, FtpPeer()),
    ):
        assert run(machine, Silent()).outcome is FtpOutcome.TIMEOUT


@settings(max_examples=200, deadline=None)
@given(
    packets=st.lists(
        st.tuples(
            st.integers(0, 65535), st.sampled_from([128, 129, 7, 255]), st.integers(0, 255), st.integers(0, 255),
            st.integers(0, 2**32 - 1), st.binary(max_size=239), st.booleans(),
        ),
        max_size=20,
    ),
    which=st.integers(0, 3),
    right=st.booleans(),
)  # fmt: skip
def test_hostile_answers_do_no_harm(packets, which, right):
    """Any answers at all, also ones that carry the right numbers: no exception, and it still ends."""
    peer = FtpPeer(_session=1, _number=100)
    machine = [
        lambda: FtpRead(FILE, VEHICLE, STATION, peer),
        lambda: FtpRead(FILES[MissionKind.FENCE], VEHICLE, STATION, peer, file_size),
        lambda: FtpWrite(FILE, pieces(bytes(1000)), VEHICLE, STATION, peer),
        lambda: FtpAsk(Opcode.CALC_FILE_CRC32, VEHICLE, STATION, peer, FILE),
    ][which]()
    machine.start(0.0)
    now_s = 0.0
    for number, opcode, size, asked, offset, data, burst in packets:
        now_s += 0.01
        number = 102 + number % 20 if right else number
        asked = 2 + asked % 14 if right else asked
        head = struct.pack("<HBBBBBBI", number, 2, opcode, size, asked, burst, 0, offset)
        payload = list((head + data).ljust(251, b"\0"))
        machine.on_message(
            over_the_wire(m.MAVLink_file_transfer_protocol_message(0, 255, 190, payload), VEHICLE), now_s
        )
    while machine.result is None:
        assert machine.next_deadline_s is not None
        now_s = max(now_s + 1e-3, machine.next_deadline_s)
        machine.on_time(now_s)
        assert now_s < 60.0


def test_files_keep_every_field():
    items = items_of(LONG, MissionKind.MISSION)
    data = encode_file(MissionKind.MISSION, items, Address(1, 1))
    assert data[:10] == struct.pack("<HHHHH", 0x763D, 0, 0, 0, len(items))
    assert len(data) == 10 + 38 * len(items) == file_size(data)
    message = m.MAVLink_mission_item_int_message(
        1, 1, 1, items[1].frame, items[1].command, 0, 1, 0, 0, 0, 0, items[1].x, items[1].y, items[1].z, 0
    )
    packed = message.pack(m.MAVLink(None))[10:-2]
    assert data[48:86] == packed.ljust(38, b"\0"), "as pymavlink packs the message"
    assert decode_file(MissionKind.MISSION, data) == tuple(
        replace(i, z=struct.unpack("<f", struct.pack("<f", i.z))[0]) for i in items
    )
    cut = pieces(data)
    assert cut[-1][0] == 0, "the header goes last"
    assert b"".join(piece for _, piece in sorted(cut)) == data
    assert all(len(piece) <= 239 for _, piece in cut)


@pytest.mark.parametrize(
    "spoil", [lambda d: d[:5], lambda d: d[:-1], lambda d: b"xx" + d[2:], lambda d: d[:10] + d[48:] + d[10:48]]
)
def test_a_damaged_file_is_refused(spoil):
    data = encode_file(MissionKind.MISSION, items_of(PLAN, MissionKind.MISSION), VEHICLE)
    with pytest.raises(PlanError):
        decode_file(MissionKind.MISSION, spoil(data))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_damaged_parameter_file_is_refused(data):
    whole = packed_parameters(SIM.autopilot.parameters, 239)
    at = data.draw(st.integers(0, len(whole) - 1))
    spoilt = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    for each in (spoilt, whole[:at]):
        try:
            decode_parameters(each)
        except LinkError:
            continue
        assert len(each) == len(whole), "what is cut off is noticed"


SIM = SimVehicle()
