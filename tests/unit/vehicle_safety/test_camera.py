"""Cameras found, their streams, the cross-check of where they look, and what an operator does with them."""

import asyncio
import math
from dataclasses import replace

import pytest

from geofences.border import BorderGeometry
from geofences.geodesy import LocalFrame
from groundstation.core.records import CommandOutcome, CommandResult, VehicleId
from groundstation.vehicle.camera import CameraPart, stream_url, zoom_order
from groundstation.vehicle.camera_control import BorderLine, CameraControl, Cue
from groundstation.vehicle.gimbal import GimbalPart
from groundstation.vehicle.look import Ground, LookRules, Place, Viewpoint, ground_place
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import FakeClock, Sender
from tests.helpers.patrol import around
from tests.unit.vehicle_safety.states import ALT, LAT, LON, flying
from tests.unit.vehicle_safety.test_look import square

ME = VehicleId(1)
FLAT = Ground(None, ALT)


def text(words, size):
    return list(words.encode().ljust(size, b"\0"))


def information(component=1, flags=64 | 256, gimbal=1):
    message = m.MAVLink_camera_information_message(
        0, text("Marchwarden", 32), text("Eye", 32), 0, 5.0, 6.0, 4.0, 1280, 720, 0, flags, 0, b"", gimbal, 0
    )
    return Sender(1, component).decoded(message)


def stream(number=1, count=1, uri=b"rtsp://camera/1", component=1, flags=1):
    message = m.MAVLink_video_stream_information_message(
        number, count, 0, flags, 30.0, 1280, 720, 4_000_000, 0, 40, b"day", uri, 1, 0
    )
    return Sender(1, component).decoded(message)


def heartbeat(component, mav_type=30):
    return Sender(1, component).decoded(m.MAVLink_heartbeat_message(mav_type, 8, 0, 0, 4, 3))


def asked(part, now_s):
    return [(component, int(c.param1)) for component, c in part.questions(now_s)]


def test_the_autopilots_own_camera_is_asked_first_and_given_up_when_it_has_none():
    part = CameraPart(ME)
    assert asked(part, 0.0) == [(1, 259)]
    assert asked(part, 0.5) == []
    part.answered_no(1, 259)
    assert asked(part, 1.0) == [(1, 280)]
    part.answered_no(1, 280)
    assert asked(part, 100.0) == []
    part.ask_again()
    assert asked(part, 101.0) == [(1, 259)]


def test_silence_is_asked_three_times():
    part = CameraPart(ME)
    part.answered_no(1, 280)
    times = [t for t in range(120) if asked(part, float(t))]
    assert len(times) == 3


def test_a_camera_with_a_heartbeat_of_its_own_is_found_and_its_streams_asked_for():
    part = CameraPart(ME)
    part.answered_no(1, 259)
    part.answered_no(1, 280)
    part.on_message("a", heartbeat(100), 0.0)
    part.on_message("a", heartbeat(154, mav_type=26), 0.0)
    assert asked(part, 1.0) == [(100, 259)]
    part.on_message("a", information(100), 1.5)
    assert part.cameras[100].model == "Eye"
    assert part.cameras[100].can_zoom
    assert asked(part, 3.0) == [(100, 269)]
    part.on_message("a", stream(1, 2, component=100), 3.5)
    assert asked(part, 9.0) == [(100, 269)], "one of two is missing"
    part.on_message("a", stream(2, 2, b"5601", 100, flags=3), 9.5)
    assert asked(part, 60.0) == []
    day, heat = part.cameras[100].streams
    assert (day.uri, day.encoding, day.width_px, day.running, day.thermal) == (
        "rtsp://camera/1",
        "H.264",
        1280,
        True,
        False,
    )
    assert heat.thermal
    assert stream_url(day) == "rtsp://camera/1"
    assert stream_url(heat) == "udp://0.0.0.0:5601"


def test_an_empty_answer_is_no_stream():
    part = CameraPart(ME)
    part.on_message("a", information(), 0.0)
    empty = m.MAVLink_video_stream_information_message(0, 0, 0, 0, 0.0, 0, 0, 0, 0, 0, b"", b"", 0, 0)
    part.on_message("a", Sender(1, 1).decoded(empty), 1.0)
    assert part.cameras[1].streams == ()
    assert (1, 269) not in asked(part, 10.0)


def fov(place, time_ms=0):
    lat, lon = (round(v * 1e7) for v in place) if place else (2_147_483_647, 2_147_483_647)
    return Sender(1, 1).decoded(
        m.MAVLink_camera_fov_status_message(time_ms, 0, 0, 0, lat, lon, 300_000, [1, 0, 0, 0], 40.0, 23.0)
    )


LOOKING = flying(gimbal_azimuth_deg=90.0, gimbal_elevation_deg=-30.0, gimbal_roll_deg=0.0)


def test_the_aircrafts_reckoning_of_the_pictures_centre_is_compared_with_ours():
    part = CameraPart(ME, lambda level: Ground(None, level))
    centre = ground_place(Viewpoint(LAT, LON, ALT + 50.0, 1, 1), 90.0, -30.0, FLAT)
    keys = []
    for second in range(12):
        part.on_message("a", fov((centre.lat_deg, centre.lon_deg)), float(second))
        part.on_time(LOOKING, second + 0.1)
        keys += [f.key for f in part.faults(LOOKING, second + 0.1)]
    assert part.fov_check.difference_m < 1.0
    assert keys == []
    off = around(centre.lat_deg, centre.lon_deg, 60.0, 0.0)
    for second in range(12, 20):
        part.on_message("a", fov(off), float(second))
        part.on_time(LOOKING, second + 0.1)
        keys += [f.key for f in part.faults(LOOKING, second + 0.1)]
    assert part.fov_check.difference_m == pytest.approx(60.0, rel=0.02)
    assert "camera_fov" in keys


def test_what_is_not_known_or_old_is_not_compared():
    part = CameraPart(ME)
    part.on_message("a", fov(None), 0.0)
    part.on_time(LOOKING, 0.1)
    assert part.fov_check is None
    part.on_message("a", fov((LAT, LON)), 1.0)
    part.on_time(LOOKING, 3.0)
    assert part.fov_check is None
    part.on_message("a", fov((LAT, LON)), 4.0)
    part.on_time(replace(LOOKING, position_ok=False), 4.1)
    assert part.fov_check is None


class FakePort:
    """Accepts every order and remembers it."""

    def __init__(self, state=LOOKING):
        self.now = state
        self.sent = []
        self.result = CommandResult.ACCEPTED

    def state(self, vehicle_id):
        return self.now

    async def command(self, vehicle_id, command, component_id=None):
        self.sent.append((component_id, command))
        return CommandOutcome(self.result)

    def numbers(self):
        return [c.command for _, c in self.sent]


def control(port=None, rules=None, border=True):
    clock = FakeClock()
    line = BorderLine(BorderGeometry([[-1000.0, 50.0], [1000.0, 50.0]]), LocalFrame(LAT, LON)) if border else None
    made = CameraControl(
        port or FakePort(),
        ME,
        clock,
        CameraPart(ME),
        GimbalPart(ME),
        lambda: rules or LookRules(ground=FLAT),
        border=line,
    )
    return made, clock


def run(work):
    return asyncio.run(work)


def test_point_here_looks_at_the_ground_there():
    port = FakePort()
    camera, _ = control(port)
    lat, lon = around(LAT, LON, 80.0, 0.0)
    assert run(camera.point_here("Anna", lat, lon)).ok
    ((_, order),) = port.sent
    assert (order.command, order.frame, order.z) == (195, 0, ALT)
    assert order.x == round(lat * 1e7)


def test_another_operator_is_refused_and_nothing_is_sent():
    port = FakePort()
    camera, clock = control(port)
    run(camera.point_angles("Anna", 90.0, -20.0))
    refused = run(camera.turn("Ben", 5.0, 0.0))
    assert refused.result is CommandResult.DENIED
    assert "Anna" in refused.reason
    assert port.numbers() == [1000]
    clock.now_s += 20.0
    assert run(camera.turn("Ben", 5.0, 0.0)).ok, "Anna did not answer"


def test_a_cue_is_refused_when_it_is_old_or_would_show_what_must_not_be_seen():
    port = FakePort()
    camera, _ = control(port, LookRules(no_look=(square("school", 100.0, 0.0, 10.0),), ground=FLAT))
    near = Place(*around(LAT, LON, 100.0, 0.0), ALT)
    assert "school" in run(camera.slew_to_cue("Anna", Cue("track cam1-7", near))).reason
    free = Place(*around(LAT, LON, -100.0, 0.0), ALT)
    assert "30 s old" in run(camera.slew_to_cue("Anna", Cue("track cam1-7", free, 30.0))).reason
    assert port.sent == []
    assert run(camera.slew_to_cue("Anna", Cue("track cam1-7", free))).ok
    assert camera.looking_at == "track cam1-7"


def test_what_the_gimbal_cannot_reach_is_refused():
    port = FakePort()
    camera, _ = control(port)
    low = Sender().decoded(m.MAVLink_gimbal_manager_information_message(0, 0, 1, 0, 0, math.radians(-20.0), 0.0, -3, 3))
    camera._gimbals.on_message("a", low, 0.0)
    lat, lon = around(LAT, LON, 10.0, 0.0)
    assert "reaches" in run(camera.point_here("Anna", lat, lon)).reason


def test_zoom_goes_to_the_camera_that_can():
    port = FakePort()
    camera, _ = control(port)
    camera._cameras.on_message("a", information(100), 0.0)
    assert run(camera.zoom("Anna", 40.0)).ok
    ((component, order),) = port.sent
    assert (component, order.command, order.param1, order.param2) == (100, 531, 2.0, 40.0)
    assert "between 0 and 100" in run(camera.zoom("Anna", 140.0)).reason
    camera._cameras.on_message("a", information(100, flags=256), 0.0)
    assert "can zoom" in run(camera.zoom("Anna", 40.0)).reason
    with pytest.raises(ValueError, match="zoom"):
        zoom_order(math.nan)


def test_along_the_border_it_follows_the_flight_and_ends_with_the_next_order():
    port = FakePort(replace(LOOKING, velocity_ned_m_s=(0.0, 8.0, 0.0)))
    camera, clock = control(port)
    camera._cameras.answered_no(1, 259)
    camera._cameras.answered_no(1, 280)

    async def fly():
        assert (await camera.look_along_border("Anna")).ok
        for n in range(1, 4):
            clock.now_s += 1.1
            lat, lon = around(LAT, LON, 0.0, 10.0 * n)
            port.now = replace(port.now, lat_deg=lat, lon_deg=lon)
            await camera.step()
        longitudes = [c.y for _, c in port.sent if c.command == 195]
        assert len(longitudes) == 4
        assert longitudes == sorted(longitudes)
        await camera.step()
        assert port.numbers().count(195) == 4, "not moved: no order"
        await camera.point_angles("Anna", 0.0, -10.0)
        clock.now_s += 5.0
        await camera.step()
        assert port.numbers()[-1] == 1000

    run(fly())


def test_along_the_border_ends_when_it_is_handed_on():
    port = FakePort(replace(LOOKING, velocity_ned_m_s=(0.0, 8.0, 0.0)))
    camera, clock = control(port)
    for number in (259, 280):
        camera._cameras.answered_no(1, number)
    run(camera.look_along_border("Anna"))
    assert camera.hand_over("Anna", "Ben").ok
    clock.now_s += 2.0
    port.now = replace(port.now, lon_deg=LON + 0.001)
    run(camera.step())
    assert port.numbers() == [195]
    assert "no border" in run(control(border=False)[0].look_along_border("Anna")).reason


def test_a_refused_request_is_not_repeated_and_a_lost_link_asks_nothing():
    port = FakePort()
    port.result = CommandResult.UNSUPPORTED
    camera, clock = control(port)
    for _ in range(20):
        clock.now_s += 2.0
        run(camera.step())
    assert port.numbers() == [512, 512], "once for the camera, once for the gimbal manager"
    lost = FakePort(replace(LOOKING, link_alive=False))
    silent, _ = control(lost)
    run(silent.step())
    assert lost.sent == []


def test_the_record_tells_who_holds_it_and_who_else_steers():
    camera, _ = control()
    run(camera.take("Anna"))
    camera._gimbals.on_message(
        "a", Sender().decoded(m.MAVLink_gimbal_manager_status_message(0, 16, 1, 254, 190, 0, 0)), 0.0
    )
    run(camera.point_angles("Ben", 0.0, 0.0))
    told = camera.record()
    assert (told.holder, told.asked_by, told.foreign_control) == ("Anna", "Ben", "station 254.190")
    assert told.held_until_utc_us > told.t_utc_us
