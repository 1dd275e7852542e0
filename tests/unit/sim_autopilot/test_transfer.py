"""The vehicle's side of the mission protocol, by the facts measured on ArduPilot."""

from __future__ import annotations

from typing import Any

import pytest

from missions.mavlink import mavlink2 as m
from tests.unit.sim_autopilot.bench import Bench, item, item_message, offset

WP = m.MAV_CMD_NAV_WAYPOINT


def _waypoints(bench: Bench, count: int) -> list[tuple[Any, ...]]:
    return [item(WP, *offset(10.0 * i, 5.0, bench), 30.0 + i) for i in range(count)]


def _of(messages: list[Any], kind: str) -> list[Any]:
    return [msg for msg in messages if msg.get_type() == kind]


def test_upload_is_pulled_with_the_old_request_and_read_back_unchanged() -> None:
    bench = Bench()
    bench.run(3.0)
    items = _waypoints(bench, 5)
    assert bench.upload(items) == m.MAV_MISSION_ACCEPTED
    assert not [msg for _, _, msg in bench.heard if msg.get_type() == "MISSION_REQUEST_INT"]
    back = bench.download()
    assert len(back) == 6
    for sent, got in zip(items, back[1:], strict=True):
        assert (got.command, got.x, got.y, got.z) == (sent[0], sent[3], sent[4], sent[5])
        assert got.frame == m.MAV_FRAME_GLOBAL_RELATIVE_ALT  # *_INT comes back plain
        assert got.autocontinue == 1


def test_item_0_is_home_whatever_is_sent() -> None:
    bench = Bench()
    bench.run(3.0)
    assert bench.upload([item(WP, 1, 2, 60.0), *_waypoints(bench, 1)], add_home=False) == m.MAV_MISSION_ACCEPTED
    home = bench.download()[0]
    assert (home.x, home.y, home.frame) == (480000000, 200000000, 0)
    assert home.z == pytest.approx(200.0)


NAN = float("nan")

# What ArduCopter 4.8-dev (SITL) made of the same items: (sent, read back as frame, params, x, y, z).
_PLACE = (490490000, 227010000)
STORED = [
    (item(WP, *_PLACE, 30.126, 2.7, 9.0, 9.0, NAN), (3, [2, 0, 0, 0], *_PLACE, 30.12)),
    (item(WP, *_PLACE, 330.55, frame=5), (0, [0, 0, 0, 0], *_PLACE, 330.55)),
    (item(WP, *_PLACE, 30.0, frame=2), (0, [0, 0, 0, 0], *_PLACE, 30.0)),
    (item(WP, *_PLACE, 55.5, frame=11), (10, [0, 0, 0, 0], *_PLACE, 55.5)),
    (item(m.MAV_CMD_NAV_TAKEOFF, 0, 0, 20.5, 15.7, 2, 3, NAN), (3, [15, 0, 0, 0], 0, 0, 20.5)),
    (item(m.MAV_CMD_NAV_LOITER_UNLIM, *_PLACE, 20.0, 1, 2, -3.5, 4), (3, [0, 0, -3, 0], *_PLACE, 20.0)),
    (item(m.MAV_CMD_NAV_LOITER_TURNS, *_PLACE, 20.0, 2.5, 1, 30.7, 1), (3, [2, 0, 30, 1], *_PLACE, 20.0)),
    (item(m.MAV_CMD_NAV_LOITER_TURNS, *_PLACE, 20.0, 0.5, 1, -30.7, 1), (3, [0.5, 0, -30, 1], *_PLACE, 20.0)),
    (item(m.MAV_CMD_NAV_LOITER_TURNS, *_PLACE, 20.0, 2, 0, 507, 0), (3, [2, 0, 500, 0], *_PLACE, 20.0)),
    (item(m.MAV_CMD_NAV_LOITER_TIME, *_PLACE, 20.0, 12.7, 1, 2, 3), (3, [12, 0, 1, 1], *_PLACE, 20.0)),
    (item(m.MAV_CMD_NAV_LAND, 0, 0, 0.0), (3, [0, 0, 0, 1], 0, 0, 0.0)),
    (item(m.MAV_CMD_NAV_LAND, *_PLACE, 20.0, 1.6, 2, 3, -4), (3, [1, 0, 0, -1], *_PLACE, 20.0)),
    (item(m.MAV_CMD_NAV_RETURN_TO_LAUNCH, *_PLACE, 20.0, 1, 2, 3, 4), (0, [0, 0, 0, 0], 0, 0, 0.0)),
    (item(m.MAV_CMD_DO_JUMP, 5, 6, 7.0, 1, 2.6), (0, [1, 2, 0, 0], 0, 0, 0.0)),
    (item(m.MAV_CMD_CONDITION_YAW, 0, 0, 0, 90.5, 10.5, -1, 1), (0, [90.5, 10.5, -1, 1], 0, 0, 0.0)),
    (item(m.MAV_CMD_DO_SET_ROI_LOCATION, *_PLACE, 3.0, 1.6, 1, 1, 1), (3, [1, 0, 0, 0], *_PLACE, 3.0)),
    (item(m.MAV_CMD_DO_MOUNT_CONTROL, 5, 6, 2.0, -30.5, 1.5, 20.5, 9), (0, [-30.5, 1.5, 20.5, 0], 0, 0, 2.0)),
    (item(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, 16, 5, 1.0, -30.7, 200.6, 0, 0), (0, [-30, 200, 0, 0], 16, 0, 1.0)),
]
REFUSED = [
    (item(WP, *_PLACE, 10.0, NAN), m.MAV_MISSION_INVALID_PARAM1),
    (item(WP, *_PLACE, 10.0, -1.0), m.MAV_MISSION_INVALID_PARAM1),
    (item(WP, *_PLACE, 10.0, 0, NAN), m.MAV_MISSION_INVALID_PARAM2),
    (item(WP, *_PLACE, NAN), m.MAV_MISSION_INVALID_PARAM7),
    (item(m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW, 16, 0, 0, -30, 20, NAN, NAN), m.MAV_MISSION_INVALID_PARAM3),
    (item(m.MAV_CMD_DO_SET_ROI_LOCATION, *_PLACE, 3.0, 0, 0, 0, NAN), m.MAV_MISSION_INVALID_PARAM4),
    (item(0, 0, 0, 0), m.MAV_MISSION_INVALID),
    (item(4242, 0, 0, 0), m.MAV_MISSION_UNSUPPORTED),
]


@pytest.mark.parametrize(("sent", "kept"), STORED)
def test_items_read_back_as_the_real_vehicle_keeps_them(sent: tuple[Any, ...], kept: tuple[Any, ...]) -> None:
    bench = Bench()
    bench.run(3.0)
    assert bench.upload([sent]) == m.MAV_MISSION_ACCEPTED
    got = bench.download()[1]
    assert (got.frame, [got.param1, got.param2, got.param3, got.param4], got.x, got.y) == kept[:4]
    assert got.z == pytest.approx(kept[4], abs=1e-4)


@pytest.mark.parametrize(("sent", "result"), REFUSED)
def test_items_that_the_real_vehicle_refuses(sent: tuple[Any, ...], result: int) -> None:
    bench = Bench()
    bench.run(3.0)
    assert bench.upload([sent]) == result


def test_rally_points_read_back_in_whole_metres() -> None:
    bench = Bench()
    bench.run(3.0)
    points = [item(m.MAV_CMD_NAV_RALLY_POINT, *_PLACE, 30.7, frame=frame) for frame in (6, 0, 10)]
    assert bench.upload(points, 2) == m.MAV_MISSION_ACCEPTED
    assert [(got.frame, got.z, got.autocontinue) for got in bench.download(2)] == [(3, 30, 0), (0, 30, 0), (10, 30, 0)]
    assert bench.upload([item(WP, *_PLACE, 3.0, frame=3)], 2) == m.MAV_MISSION_UNSUPPORTED


def test_asks_again_each_second_and_cancels_after_eight() -> None:
    bench = Bench()
    bench.run(3.0)
    bench.send(m.MAVLink_mission_count_message(1, 1, 3, 0))
    start = bench.now_s
    bench.run(8.5, 0.05)
    asked = [t - start for t, _, msg in bench.heard if msg.get_type() == "MISSION_REQUEST" and t > start]
    assert len(asked) == 7
    assert asked[0] == pytest.approx(1.05, abs=0.06)
    cancels = [(t - start, msg) for t, _, msg in bench.heard if msg.get_type() == "MISSION_ACK"]
    assert [msg.type for _, msg in cancels] == [m.MAV_MISSION_OPERATION_CANCELLED]
    assert cancels[0][0] == pytest.approx(8.05, abs=0.06)
    assert "Mission upload timeout" in bench.texts()


def test_an_accepted_item_restarts_the_eight_seconds() -> None:
    bench = Bench()
    bench.run(3.0)
    items = _waypoints(bench, 3)
    bench.send(m.MAVLink_mission_count_message(1, 1, 3, 0))
    for seq in range(3):
        bench.run(7.0)
        answers = bench.send(item_message(seq, items[seq]))
    assert _of(answers, "MISSION_ACK")[0].type == m.MAV_MISSION_ACCEPTED


def test_wrong_sequence_is_told_and_the_upload_goes_on() -> None:
    bench = Bench()
    bench.run(3.0)
    items = _waypoints(bench, 3)
    bench.send(m.MAVLink_mission_count_message(1, 1, 3, 0))
    bench.send(item_message(0, items[0]))
    assert _of(bench.send(item_message(2, items[2])), "MISSION_ACK")[0].type == m.MAV_MISSION_INVALID_SEQUENCE
    assert _of(bench.send(item_message(1, items[1])), "MISSION_REQUEST")[0].seq == 2
    assert _of(bench.send(item_message(2, items[2])), "MISSION_ACK")[0].type == m.MAV_MISSION_ACCEPTED


def test_items_pushed_before_they_are_asked_for_are_taken() -> None:
    bench = Bench()
    bench.run(3.0)
    items = _waypoints(bench, 8)
    answers = bench.send(m.MAVLink_mission_count_message(1, 1, 8, 0))
    for seq, content in enumerate(items):
        answers = bench.send(item_message(seq, content))
    assert _of(answers, "MISSION_ACK")[0].type == m.MAV_MISSION_ACCEPTED


def test_a_rejected_item_ends_the_upload_with_its_reason() -> None:
    bench = Bench()
    bench.run(3.0)
    bench.send(m.MAVLink_mission_count_message(1, 1, 3, 0))
    bench.send(item_message(0, item(WP, 0, 0, 0)))
    answers = bench.send(item_message(1, item(m.MAV_CMD_NAV_VTOL_LAND, 0, 0, 0)))
    assert _of(answers, "MISSION_ACK")[0].type == m.MAV_MISSION_UNSUPPORTED
    late = bench.send(item_message(1, item(WP, 0, 0, 10.0)))
    assert _of(late, "MISSION_ACK")[0].type == m.MAV_MISSION_ERROR
    assert not _of(bench.run(10.0), "MISSION_ACK"), "an ended upload does not time out"


def test_bad_coordinates_and_frames_are_refused() -> None:
    bench = Bench()
    bench.run(3.0)
    assert bench.upload([item(WP, 910_000_000, 0, 10.0)]) == m.MAV_MISSION_INVALID_PARAM5_X
    assert bench.upload([item(WP, 0, 1_810_000_000, 10.0)]) == m.MAV_MISSION_INVALID_PARAM6_Y
    assert bench.upload([item(WP, 10, 10, 10.0, frame=m.MAV_FRAME_LOCAL_NED)]) == m.MAV_MISSION_UNSUPPORTED_FRAME


def test_too_many_items_are_refused_at_once_and_nothing_is_lost() -> None:
    bench = Bench()
    bench.run(3.0)
    bench.upload(_waypoints(bench, 2))
    answers = bench.send(m.MAVLink_mission_count_message(1, 1, 651, 0))
    assert [a.type for a in _of(answers, "MISSION_ACK")] == [m.MAV_MISSION_NO_SPACE]
    assert "Only 650 items are supported" in bench.texts()
    assert len(bench.download()) == 3


def test_a_second_station_is_denied_and_the_first_may_start_again() -> None:
    bench = Bench()
    bench.run(3.0)
    count = m.MAVLink_mission_count_message(1, 1, 3, 0)
    bench.send(count)
    assert _of(bench.send(m.MAVLink_mission_count_message(1, 1, 2, 0), sysid=254), "MISSION_ACK")[0].type == (
        m.MAV_MISSION_DENIED
    )
    denied = bench.send(m.MAVLink_mission_request_list_message(1, 1, 0), sysid=254)
    assert _of(denied, "MISSION_ACK")[0].type == m.MAV_MISSION_DENIED
    stolen = bench.send(item_message(0, item(WP, 0, 0, 0)), sysid=254)
    assert _of(stolen, "MISSION_ACK")[0].type == m.MAV_MISSION_DENIED
    assert _of(bench.send(count), "MISSION_REQUEST")[0].seq == 0


def test_a_cut_mission_upload_leaves_a_mixture() -> None:
    bench = Bench()
    bench.run(3.0)
    bench.upload([item(WP, *offset(1, 1, bench), 10.0) for _ in range(5)])
    bench.send(m.MAVLink_mission_count_message(1, 1, 6, 0))
    bench.send(item_message(0, item(WP, 0, 0, 0)))
    bench.send(item_message(1, item(WP, *offset(9, 9, bench), 99.0)))
    bench.run(9.0)
    assert [got.z for got in bench.download()[1:]] == [99.0, 10.0, 10.0, 10.0, 10.0]


def test_old_float_items_and_requests_work_with_a_warning_once() -> None:
    bench = Bench()
    bench.run(3.0)
    bench.send(m.MAVLink_mission_count_message(1, 1, 2, 0))
    for seq in range(2):
        answers = bench.send(
            m.MAVLink_mission_item_message(1, 1, seq, 3, WP, 0, 1, 0, 0, 0, 0, 48.001, 20.002, 40.0, 0)
        )
    assert _of(answers, "MISSION_ACK")[0].type == m.MAV_MISSION_ACCEPTED
    got = [bench.send(m.MAVLink_mission_request_message(1, 1, seq, 0)) for seq in (0, 1)]
    old = _of(got[1], "MISSION_ITEM")[0]
    assert (old.x, old.y, old.z) == (pytest.approx(48.001), pytest.approx(20.002), 40.0)
    assert bench.texts().count("got MISSION_ITEM; GCS should send MISSION_ITEM_INT") == 1
    assert bench.texts().count("got MISSION_REQUEST; use MISSION_REQUEST_INT!") == 1


def test_old_float_items_carry_flags_as_they_are() -> None:
    bench = Bench()
    bench.run(3.0)
    bench.send(m.MAVLink_mission_count_message(1, 1, 2, 0))
    number = m.MAV_CMD_DO_GIMBAL_MANAGER_PITCHYAW
    for seq in range(2):
        bench.send(m.MAVLink_mission_item_message(1, 1, seq, 2, number, 0, 1, -30, 20, 0, 0, 16, 0, 0, 0))
    assert bench.download()[1].x == 16
    assert bench.send(m.MAVLink_mission_request_message(1, 1, 1, 0))[-1].x == 16.0


def test_a_request_beyond_the_end_is_answered_with_the_real_count() -> None:
    bench = Bench()
    bench.run(3.0)
    bench.upload(_waypoints(bench, 1))
    answers = bench.send(m.MAVLink_mission_request_int_message(1, 1, 7, 0))
    assert [a.get_type() for a in answers] == ["MISSION_COUNT", "MISSION_ACK"]
    assert (answers[0].count, answers[1].type) == (2, m.MAV_MISSION_INVALID_SEQUENCE)


def test_home_can_be_read_from_an_empty_mission() -> None:
    bench = Bench()
    bench.run(3.0)
    assert bench.download() == []
    home = bench.send(m.MAVLink_mission_request_int_message(1, 1, 0, 0))[0]
    assert (home.get_type(), home.x) == ("MISSION_ITEM_INT", 480000000)
    assert bench.send(m.MAVLink_mission_request_int_message(1, 1, 0, 1))[1].type == m.MAV_MISSION_INVALID_SEQUENCE


def test_a_jump_to_nowhere_is_refused() -> None:
    bench = Bench()
    bench.run(3.0)
    jump = m.MAV_CMD_DO_JUMP
    assert bench.upload([item(jump, 0, 0, 0, 3.0, 1.0), *_waypoints(bench, 1)]) == m.MAV_MISSION_ERROR
    assert bench.upload([item(jump, 0, 0, 0, 2.0, 1.0), *_waypoints(bench, 1)]) == m.MAV_MISSION_ACCEPTED


def test_clear_and_the_three_lists_are_separate() -> None:
    bench = Bench()
    bench.run(3.0)
    bench.upload(_waypoints(bench, 2))
    assert bench.upload([item(m.MAV_CMD_NAV_RALLY_POINT, *offset(9, 9, bench), 30.0, frame=3)], 2) == 0
    cleared = bench.send(m.MAVLink_mission_clear_all_message(1, 1, 0))
    assert _of(cleared, "MISSION_ACK")[0].type == m.MAV_MISSION_ACCEPTED
    assert bench.download(0) == []
    assert len(bench.download(2)) == 1
    unknown = bench.send(m.MAVLink_mission_request_list_message(1, 1, 7))
    assert _of(unknown, "MISSION_ACK")[0].type == m.MAV_MISSION_UNSUPPORTED


# Fence lists.

IN, OUT = m.MAV_CMD_NAV_FENCE_POLYGON_VERTEX_INCLUSION, m.MAV_CMD_NAV_FENCE_POLYGON_VERTEX_EXCLUSION
CIRCLE = m.MAV_CMD_NAV_FENCE_CIRCLE_EXCLUSION


def _square(bench: Bench, kind: int, half_m: float, count: int = 4) -> list[tuple[Any, ...]]:
    corners = [(-half_m, -half_m), (-half_m, half_m), (half_m, half_m), (half_m, -half_m)]
    return [item(kind, *offset(e, n, bench), 7.0, float(count), frame=0) for e, n in corners]


def test_fence_reads_back_normalised() -> None:
    bench = Bench()
    bench.run(3.0)
    fence = [*_square(bench, IN, 100.0), item(CIRCLE, *offset(20, 20, bench), 0.0, 15.5, frame=3)]
    assert bench.upload(fence, 1) == m.MAV_MISSION_ACCEPTED
    back = bench.download(1)
    for sent, got in zip(fence, back, strict=True):
        assert (got.command, got.param1, got.x, got.y) == (sent[0], sent[2][0], sent[3], sent[4])
        assert (got.frame, got.z, got.autocontinue) == (0, 0.0, 0)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("two corners", "Invalid vertex count (2)"),
        ("wrong count", "Unexpected vertex count want=4 got=5"),
        ("one missing", "Incorrect item count"),
        ("no radius", "Non-positive circle radius"),
        ("too large", "Fence exceeds storage size"),
    ],
)
def test_a_bad_fence_gives_error_and_only_a_text_and_the_old_one_stays(fault: str, said: str) -> None:
    bench = Bench()
    bench.run(3.0)
    assert bench.upload(_square(bench, IN, 50.0), 1) == m.MAV_MISSION_ACCEPTED
    square = _square(bench, IN, 100.0)
    bad = {
        "two corners": [item(IN, *offset(e, 0, bench), 0, 2.0, frame=0) for e in (1, 2)],
        "wrong count": [*square[:3], item(IN, *offset(1, 1, bench), 0, 5.0, frame=0)],
        "one missing": square[:3],
        "no radius": [item(CIRCLE, *offset(1, 1, bench), 0, 0.0, frame=0)],
        "too large": [item(IN, *offset(i, i * i, bench), 0, 70.0, frame=0) for i in range(70)],
    }[fault]
    assert bench.upload(bad, 1) == m.MAV_MISSION_ERROR
    assert said in bench.texts()
    assert len(bench.download(1)) == 4


def test_fence_limits_of_storage() -> None:
    bench = Bench()
    bench.run(3.0)
    assert bench.upload([item(IN, *offset(i, i * i, bench), 0, 69.0, frame=0) for i in range(69)], 1) == 0
    answers = bench.send(m.MAVLink_mission_count_message(1, 1, 71, 1))
    assert _of(answers, "MISSION_ACK")[0].type == m.MAV_MISSION_NO_SPACE


def test_fence_frames_and_home_circle_are_refused() -> None:
    bench = Bench()
    bench.run(3.0)
    assert bench.upload([item(CIRCLE, 1, 1, 0, 5.0, frame=m.MAV_FRAME_MISSION)], 1) == m.MAV_MISSION_UNSUPPORTED_FRAME
    assert bench.upload([item(5005, 1, 1, 0, 5.0, frame=0)], 1) == m.MAV_MISSION_UNSUPPORTED


def test_a_cut_fence_upload_leaves_the_old_fence() -> None:
    bench = Bench()
    bench.run(3.0)
    bench.upload(_square(bench, IN, 50.0), 1)
    before = [(got.x, got.y) for got in bench.download(1)]
    bench.send(m.MAVLink_mission_count_message(1, 1, 4, 1))
    bench.send(item_message(0, _square(bench, IN, 90.0)[0], 1))
    bench.run(9.0)
    assert "Fence upload timeout" in bench.texts()
    assert [(got.x, got.y) for got in bench.download(1)] == before


def test_no_fence_can_be_loaded_with_an_unknown_plan_type() -> None:
    bench = Bench()
    bench.run(3.0)
    answers = bench.send(m.MAVLink_mission_count_message(1, 1, 1, 9))
    assert _of(answers, "MISSION_ACK")[0].type == m.MAV_MISSION_UNSUPPORTED
