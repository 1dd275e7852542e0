"""What hangs on the simulated autopilot: camera, ADS-B receiver, terrain questions, its list of modes; and other kinds."""

from __future__ import annotations

import math
from typing import Any

import pytest

from geofences.errors import ConfigError
from missions.mavlink import MODE_MESSAGES
from missions.mavlink import mavlink2 as m
from sim.autopilot.camera import MAVLINK_CAMERA, CameraFacts
from sim.autopilot.kinds import KINDS
from sim.autopilot.outgoing import source_of
from sim.autopilot.traffic import TrafficAircraft
from tests.unit.sim_autopilot.bench import GROUND_M, Bench

REQUEST, ZOOM = m.MAV_CMD_REQUEST_MESSAGE, m.MAV_CMD_SET_CAMERA_ZOOM


def _ask(bench: Bench, message_id: int, param2: float = 0.0, component: int = 1) -> tuple[list[Any], int]:
    command = m.MAVLink_command_long_message(1, component, REQUEST, 0, message_id, param2, 0, 0, 0, 0, 0)
    answers = bench.send(command)
    (ack,) = [a for a in answers if a.get_type() == "COMMAND_ACK"]
    return [a for a in answers if a is not ack], int(ack.result)


def test_a_camera_behind_the_autopilot_answers_as_the_autopilot() -> None:
    bench = Bench(camera=CameraFacts(video_uri="udp://127.0.0.1:5600", hfov_deg=40.0))
    ((information,), result) = _ask(bench, m.MAVLINK_MSG_ID_CAMERA_INFORMATION)
    assert result == m.MAV_RESULT_ACCEPTED
    assert source_of(information, 1, 1) == (1, 1)
    assert information.flags & m.CAMERA_CAP_FLAGS_HAS_VIDEO_STREAM
    width_deg = 2 * math.degrees(math.atan(information.sensor_size_h / 2 / information.focal_length))
    assert width_deg == pytest.approx(40.0, abs=0.1)
    ((stream,), _) = _ask(bench, m.MAVLINK_MSG_ID_VIDEO_STREAM_INFORMATION)
    assert stream.uri == "udp://127.0.0.1:5600"
    assert bench.command(ZOOM, m.ZOOM_TYPE_RANGE, 50) == m.MAV_RESULT_UNSUPPORTED, "this one has none"


def test_a_camera_of_its_own_has_a_component_and_a_heartbeat() -> None:
    bench = Bench(camera=CameraFacts(component=MAVLINK_CAMERA, most_zoom=4.0))
    heartbeats = [msg for msg in bench.run(3.0) if msg.get_type() == "HEARTBEAT"]
    assert {source_of(msg, 1, 1)[1] for msg in heartbeats} == {1, MAVLINK_CAMERA}
    assert _ask(bench, m.MAVLINK_MSG_ID_CAMERA_INFORMATION)[1] == m.MAV_RESULT_FAILED, "not the autopilot's"
    ((information,), result) = _ask(bench, m.MAVLINK_MSG_ID_CAMERA_INFORMATION, component=MAVLINK_CAMERA)
    assert result == m.MAV_RESULT_ACCEPTED
    assert source_of(information, 1, 1) == (1, MAVLINK_CAMERA)
    bench.send(m.MAVLink_command_long_message(1, MAVLINK_CAMERA, ZOOM, 0, m.ZOOM_TYPE_RANGE, 100, 0, 0, 0, 0, 0))
    assert bench.autopilot.camera.zoom == 4.0
    assert bench.autopilot.camera.fov_deg[0] == pytest.approx(10.4, abs=0.1)


def test_where_the_picture_meets_the_ground() -> None:
    bench = Bench(camera=CameraFacts())
    bench.airborne(50.0)
    assert bench.command(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, -45, 0, math.nan, math.nan, 0, 0, 0) == 0
    bench.run(5.0)
    ((fov,), _) = _ask(bench, m.MAVLINK_MSG_ID_CAMERA_FOV_STATUS)
    east_m, north_m = bench.autopilot.grid.to_grid(fov.lat_image / 1e7, fov.lon_image / 1e7)
    assert math.hypot(east_m, north_m) == pytest.approx(50.0, abs=3.0)
    assert fov.alt_image == pytest.approx(GROUND_M * 1000)


def test_traffic_is_told_one_aircraft_at_a_time_when_it_is_asked_for() -> None:
    near = TrafficAircraft(0xA1, "NEAR", 500.0, 0.0, 400.0, track_deg=270.0, speed_m_s=50.0)
    far = TrafficAircraft(0xB2, "FAR", 0.0, 3000.0, 0.0, altitude_known=False, silent_from_s=6.0)
    bench = Bench(traffic=[near, far])
    assert "ADSB_VEHICLE" not in {msg.get_type() for msg in bench.run(3.0)}, "0 by default, as on a Copter"
    bench.command(m.MAV_CMD_SET_MESSAGE_INTERVAL, m.MAVLINK_MSG_ID_ADSB_VEHICLE, 5e5)
    told = [msg for msg in bench.run(3.0) if msg.get_type() == "ADSB_VEHICLE"]
    assert {msg.ICAO_address for msg in told} == {0xA1, 0xB2}
    first = next(msg for msg in told if msg.ICAO_address == 0xA1)
    east_m, _ = bench.autopilot.grid.to_grid(first.lat / 1e7, first.lon / 1e7)
    assert 200.0 < east_m < 400.0, "it comes nearer"
    assert not next(msg for msg in told if msg.ICAO_address == 0xB2).flags & m.ADSB_FLAGS_VALID_ALTITUDE
    later = [msg.ICAO_address for msg in bench.run(3.0) if msg.get_type() == "ADSB_VEHICLE"]
    assert set(later) == {0xA1}


def test_terrain_is_asked_for_until_it_is_there_and_only_the_echo_of_the_question_is_taken() -> None:
    bench = Bench(asks_for_terrain=True)
    questions = [msg for msg in bench.run(7.0) if msg.get_type() == "TERRAIN_REQUEST"]
    assert 2 <= len(questions) <= 4, "once in two seconds"
    question, asking = questions[0], bench.autopilot.terrain_asking
    assert asking is not None
    assert question.mask == (1 << 56) - 1
    heights = list(range(16))
    bench.send(m.MAVLink_terrain_data_message(question.lat + 100, question.lon, question.grid_spacing, 9, heights))
    bench.send(m.MAVLink_terrain_data_message(question.lat, question.lon, question.grid_spacing, 56, heights))
    assert (asking.refused, asking.pending) == (2, 896)
    bench.send(m.MAVLink_terrain_data_message(question.lat, question.lon, question.grid_spacing, 9, heights))
    assert asking.pending == 880
    assert asking.heights_m[4, 4] == 0, "block 9 is the second from the south, the second from the west"
    assert asking.heights_m[5, 4] == 4, "four to the east before the next row to the north"
    ((report,), _) = _ask(bench, m.MAVLINK_MSG_ID_TERRAIN_REPORT)
    assert (report.pending, report.loaded) == (880, 16)


def test_its_own_list_of_modes() -> None:
    available, current = MODE_MESSAGES[0].id, MODE_MESSAGES[1].id
    bench = Bench(kind="plane")
    messages, result = _ask(bench, available)
    assert result == m.MAV_RESULT_ACCEPTED
    assert {msg.custom_mode for msg in messages} == set(KINDS["plane"].orders)
    ((second,), _) = _ask(bench, available, 2)
    assert second.mode_index == 2
    assert _ask(bench, available, 99) == ([], m.MAV_RESULT_DENIED)
    bench.run(3.0)
    assert bench.command(m.MAV_CMD_DO_SET_MODE, 1, 15) == m.MAV_RESULT_ACCEPTED
    ((now,), _) = _ask(bench, current)
    assert now.custom_mode == 15


@pytest.mark.parametrize("name", list(KINDS))
def test_each_kind_flies_under_its_own_numbers(name: str) -> None:
    kind = KINDS[name]
    bench = Bench(kind=name)
    guided = next(number for number, mode in kind.orders.items() if mode.name == "GUIDED")
    bench.run(3.0)
    assert bench.command(m.MAV_CMD_DO_SET_MODE, 1, guided) == 0
    heartbeat = next(msg for msg in bench.run(1.5) if msg.get_type() == "HEARTBEAT")
    assert (heartbeat.type, heartbeat.custom_mode) == (kind.mav_type, guided)
    assert bench.command(m.MAV_CMD_DO_SET_MODE, 1, 99) == m.MAV_RESULT_FAILED
    assert bench.command(m.MAV_CMD_COMPONENT_ARM_DISARM, 1) == 0
    assert bench.mode == "GUIDED"


def test_old_and_new_names_are_one_parameter() -> None:
    bench = Bench(kind="copter-new-names")
    table = bench.autopilot.parameters
    assert bench.set_parameter("RTL_ALT_M", 25.0) == 25.0
    assert table["RTL_ALT"] == 2500.0, "centimetres inside, metres outside"
    assert table.by_name("RTL_ALT") is None
    assert table.by_name("MAV_SYSID") is not None
    names = [table.by_index(index).name for index in range(len(table))]  # type: ignore[union-attr]
    assert len(names) == len(set(names))
    answers = bench.send(m.MAVLink_param_set_message(1, 1, b"SYSID_THISMAV", 7.0, 9))
    assert [a.get_type() for a in answers] == ["PARAM_ERROR"]
    bench.set_parameter("MAV_SYSID", 7.0)
    assert bench.autopilot.sysid == 7


def test_a_plane_has_a_planes_parameters() -> None:
    table = Bench(kind="plane").autopilot.parameters
    assert table.by_name("FS_GCS_ENABL") is not None
    assert table.by_name("FS_LONG_ACTN") is not None
    assert table.by_name("WPNAV_SPEED") is None
    assert table["FENCE_TYPE"] == 4
    with pytest.raises(ConfigError, match="submarine"):
        Bench(kind="submarine")
