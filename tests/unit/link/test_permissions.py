"""What passes for whom: closed by default, each thing by its own word."""

import pytest

from groundstation.link.permissions import (
    READ_MESSAGES,
    ClientJudge,
    ClientPermissions,
    Decision,
    command_id,
    command_name,
)
from missions.mavlink import mavlink2 as m

P, Q, R = Decision.PASS, Decision.IGNORE, Decision.REFUSE


def _ftp(opcode, path=b"", session=1, system_id=1):
    data = bytes([0, 0, session, opcode, len(path), 0, 0, 0, 0, 0, 0, 0]) + path
    return m.MAVLink_file_transfer_protocol_message(0, system_id, 1, list(data.ljust(251, b"\0")))


def _long(command, system_id=1, param1=0.0):
    return m.MAVLink_command_long_message(system_id, 1, command, 0, param1, 0, 0, 0, 0, 0, 0)


def _int(command, system_id=1):
    return m.MAVLink_command_int_message(system_id, 1, 3, command, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def _count(kind):
    return m.MAVLink_mission_count_message(1, 1, 5, kind)


def _item(current=0, kind=0):
    return m.MAVLink_mission_item_int_message(1, 1, 0, 3, 16, current, 1, 0, 0, 0, 0, 0, 0, 0, kind)


def _set(name):
    return m.MAVLink_param_set_message(1, 1, name, 1.0, 9)


def _decide(message, **permissions):
    return ClientJudge(ClientPermissions(**permissions)).judge(message).decision


@pytest.mark.parametrize(
    "message",
    [
        m.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3),
        m.MAVLink_param_request_list_message(1, 1),
        m.MAVLink_param_request_read_message(1, 1, b"FENCE_TYPE", -1),
        m.MAVLink_mission_request_list_message(1, 1, 1),
        m.MAVLink_mission_request_int_message(1, 1, 0, 0),
        m.MAVLink_mission_ack_message(1, 1, 0, 0),
        m.MAVLink_log_request_list_message(1, 1, 0, 9),
        _long(512, param1=148.0),
        _int(512),
        _ftp(4, b"@PARAM/param.pck"),
        _ftp(15),
    ],
)
def test_questions_pass_by_default(message):
    assert _decide(message) is P


@pytest.mark.parametrize(
    "message",
    [
        _long(400, param1=1.0),
        _int(400),
        _long(22),
        _long(176),
        _long(20),
        _int(192),
        _long(246),
        _long(511),
        m.MAVLink_set_mode_message(1, 1, 4),
        _set(b"RTL_ALT"),
        _count(0),
        _count(1),
        _count(2),
        _item(),
        _item(current=2),
        m.MAVLink_mission_clear_all_message(1, 1, 0),
        m.MAVLink_mission_set_current_message(1, 1, 3),
        m.MAVLink_rc_channels_override_message(1, 1, *[1500] * 8),
        m.MAVLink_manual_control_message(1, 0, 0, 0, 0, 0),
        m.MAVLink_set_position_target_global_int_message(0, 1, 1, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
        m.MAVLink_log_erase_message(1, 1),
        m.MAVLink_setup_signing_message(1, 1, [0] * 32, 0),
        m.MAVLink_set_gps_global_origin_message(1, 0, 0, 0),
        m.MAVLink_gps_rtcm_data_message(0, 0, [0] * 180),
        _ftp(6, b"@MISSION/fence.dat"),
        _ftp(11, b"APM/x.lua"),
        _ftp(7),
        _ftp(8, b"x"),
        _ftp(13, b"a\0b"),
    ],
)
def test_what_acts_does_not_pass_by_default(message):
    assert _decide(message) is R


def test_every_message_that_passes_by_default_is_named():
    """Over the whole dialect: a new message must not pass because nobody thought of it."""
    judge, passed = ClientJudge(ClientPermissions()), set()
    for message_id, kind in m.mavlink_map.items():
        if message_id in (75, 76, 110):
            continue
        samples = kind.unpacker.unpack(bytes(kind.unpacker.size))
        from groundstation.link.frame import build_frame, decode_frame

        message = decode_frame(build_frame(message_id, bytes(kind.unpacker.size), 255, 190, 0))
        assert samples is not None
        if judge.judge(message).decision is P:
            passed.add(message_id)
    assert passed == READ_MESSAGES & set(m.mavlink_map)


@pytest.mark.parametrize(
    ("message", "word"),
    [
        (_count(0), "mission"),
        (_item(), "mission"),
        (_count(1), "fence"),
        (_count(2), "rally"),
        (_set(b"RTL_ALT"), "parameters"),
        (_ftp(6, b"@MISSION/mission.dat"), "mission"),
        (_ftp(6, b"@MISSION/fence.dat"), "fence"),
        (_ftp(6, b"/@mission/rally.dat"), "rally"),
        (_ftp(6, b"scripts/x.lua"), "files"),
        (_ftp(13, b"a\0b"), "files"),
        (_long(511), "rates"),
        (m.MAVLink_request_data_stream_message(1, 1, 0, 4, 1), "rates"),
    ],
)
def test_each_thing_by_its_own_word(message, word):
    words = ("mission", "fence", "rally", "parameters", "files", "rates")
    assert _decide(message, **{word: True}) is P
    assert _decide(message, **{w: True for w in words if w != word}) is not P


def test_the_fence_is_not_changed_by_its_parameters_or_with_all_plans():
    assert _decide(_set(b"FENCE_ENABLE"), parameters=True) is R
    assert _decide(_set(b"FENCE_ENABLE"), parameters=True, fence=True) is P
    assert _decide(_ftp(11, b"@PARAM/param.pck"), parameters=True) is R
    clear = m.MAVLink_mission_clear_all_message(1, 1, 255)
    assert _decide(clear, mission=True, rally=True) is R
    assert _decide(clear, mission=True, rally=True, fence=True) is P
    assert _decide(_ftp(13, b"a\0@MISSION/fence.dat"), files=True) is R


@pytest.mark.parametrize(
    ("message", "command"),
    [
        (_long(400), 400), (_int(192), 192), (m.MAVLink_set_mode_message(1, 1, 4), 176), (_item(current=2), 192),
        (m.MAVLink_mission_set_current_message(1, 1, 3), 224),
    ],
)  # fmt: skip
def test_commands_by_number(message, command):
    assert _decide(message, commands=frozenset({command})) is P
    assert _decide(message, commands=frozenset({command + 1}), mission=True) is R


def test_other_messages_by_number():
    override = m.MAVLink_rc_channels_override_message(1, 1, *[1500] * 8)
    assert _decide(override, messages=frozenset({70})) is P
    assert _decide(m.MAVLink_gps_rtcm_data_message(0, 0, [0] * 180), messages=frozenset({233})) is P


def test_signing_is_never_set_up_through_the_router():
    setup = m.MAVLink_setup_signing_message(1, 1, [0] * 32, 0)
    assert _decide(setup, messages=frozenset({256})) is R


@pytest.mark.parametrize("message", [_long(400, 2), m.MAVLink_param_request_list_message(2, 1), _ftp(4, b"x", 1, 2)])
def test_another_aircraft_is_refused(message):
    may = {"systems": frozenset({1}), "commands": frozenset({400})}
    assert _decide(message, **may) is R


def test_what_acts_must_name_one_aircraft():
    assert _decide(_long(400, 0), commands=frozenset({400})) is R
    assert _decide(m.MAVLink_manual_control_message(2, 0, 0, 0, 0, 0), systems=frozenset({1}),
                   messages=frozenset({69})) is R  # fmt: skip


def test_what_would_confuse_the_station_is_not_passed_nor_held_against_anybody():
    assert _decide(m.MAVLink_timesync_message(0, 5)) is Q
    assert _decide(m.MAVLink_system_time_message(5, 5)) is Q
    assert _decide(m.MAVLink_request_data_stream_message(1, 1, 0, 4, 1)) is Q


def test_a_file_is_written_only_by_who_opened_it():
    judge = ClientJudge(ClientPermissions(mission=True))
    assert judge.judge(_ftp(7, session=1)).decision is R
    assert judge.judge(_ftp(6, b"@MISSION/mission.dat", 1)).decision is P
    assert judge.judge(_ftp(7, session=1)).decision is P
    assert judge.judge(_ftp(7, session=2)).decision is R
    assert judge.judge(_ftp(1, session=1)).decision is P
    assert judge.judge(_ftp(7, session=1)).decision is R


def test_names_of_commands():
    assert command_name(400) == "COMPONENT_ARM_DISARM"
    assert command_id("MAV_CMD_NAV_RETURN_TO_LAUNCH") == command_id("nav_return_to_launch") == 20
    assert command_name(64999) == "command 64999"
    with pytest.raises(KeyError):
        command_id("NAV_RETURN_TO_LUNCH")
