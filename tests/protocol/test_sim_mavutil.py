"""pymavlink's mavutil, as its users drive it, against the simulator."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pymavlink import mavutil

from missions.mavlink import mavlink2 as m
from tests.protocol.conftest import Served

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def link(served: Served) -> Iterator[Any]:
    connection = mavutil.mavlink_connection(f"tcp:127.0.0.1:{served.port}", dialect="ardupilotmega", source_system=255)
    try:
        assert connection.wait_heartbeat(timeout=30) is not None
        yield connection
    finally:
        connection.close()


def _wait(link: Any, kind: str, timeout_s: float = 40.0, **wanted: Any) -> Any:
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        msg = link.recv_match(type=kind, blocking=True, timeout=0.5)
        if msg is not None and all(getattr(msg, key) == value for key, value in wanted.items()):
            return msg
    raise AssertionError(f"no {kind} with {wanted} within {timeout_s} s")


def _command(link: Any, number: int, *params: float) -> int:
    link.mav.command_long_send(1, 1, number, 0, *params, *([0.0] * (7 - len(params))))
    return int(_wait(link, "COMMAND_ACK", command=number).result)


def _items(served: Served) -> list[Any]:
    def item(command: int, lat: float, lon: float, alt: float, *params: float) -> Any:
        padded = [*params, *([0.0] * (4 - len(params)))]
        return lambda seq: m.MAVLink_mission_item_int_message(
            1, 1, seq, 6, command, 0, 1, *padded, round(lat * 1e7), round(lon * 1e7), alt, 0
        )

    return [
        item(m.MAV_CMD_NAV_WAYPOINT, 0, 0, 0),
        item(m.MAV_CMD_NAV_TAKEOFF, 0, 0, 25),
        item(m.MAV_CMD_NAV_WAYPOINT, *served.at(60, 0), 30),
        item(m.MAV_CMD_NAV_WAYPOINT, *served.at(60, 50), 30, 2),
        item(m.MAV_CMD_NAV_RETURN_TO_LAUNCH, 0, 0, 0),
    ]


def _upload(link: Any, items: list[Any]) -> int:
    link.mav.mission_count_send(1, 1, len(items), 0)
    while True:
        msg = link.recv_match(type=["MISSION_REQUEST", "MISSION_REQUEST_INT", "MISSION_ACK"], blocking=True, timeout=30)
        assert msg is not None
        if msg.get_type() == "MISSION_ACK":
            return int(msg.type)
        link.mav.send(items[msg.seq](msg.seq))


def test_parameters_are_read_and_set(link: Any) -> None:
    link.param_fetch_all()
    first = _wait(link, "PARAM_VALUE")
    end = time.monotonic() + 60
    while len(link.params) < first.param_count and time.monotonic() < end:
        link.recv_match(type="PARAM_VALUE", blocking=True, timeout=0.5)
    assert len(link.params) == first.param_count > 75
    assert link.params["RTL_ALT"] == 1500
    link.param_set_send("RTL_ALT", 2500)
    assert _wait(link, "PARAM_VALUE", param_id="RTL_ALT").param_value == 2500


def test_mission_is_uploaded_read_back_and_flown(served: Served, link: Any) -> None:
    items = _items(served)
    assert _upload(link, items) == m.MAV_MISSION_ACCEPTED
    link.mav.mission_request_list_send(1, 1, 0)
    assert _wait(link, "MISSION_COUNT").count == len(items)
    for seq in range(1, len(items)):
        link.mav.mission_request_int_send(1, 1, seq, 0)
        got, sent = _wait(link, "MISSION_ITEM_INT", seq=seq), items[seq](seq)
        assert (got.command, got.x, got.y, got.z, got.param1) == (sent.command, sent.x, sent.y, sent.z, sent.param1)

    # Armable a moment after boot; a user of mavutil waits for the EKF.
    assert _command(link, m.MAV_CMD_SET_MESSAGE_INTERVAL, 193, 200_000) == m.MAV_RESULT_ACCEPTED
    _wait(link, "EKF_STATUS_REPORT", timeout_s=10, flags=831)
    link.set_mode("GUIDED")
    _wait(link, "HEARTBEAT", custom_mode=4)
    link.arducopter_arm()
    assert _wait(link, "COMMAND_ACK", command=m.MAV_CMD_COMPONENT_ARM_DISARM).result == m.MAV_RESULT_ACCEPTED
    assert _command(link, m.MAV_CMD_MISSION_START) == m.MAV_RESULT_ACCEPTED
    served.fast()
    reached: list[int] = []
    farthest_m = highest_m = 0.0
    end = time.monotonic() + 25
    while time.monotonic() < end:
        msg = link.recv_match(type=["MISSION_ITEM_REACHED", "HEARTBEAT"], blocking=True, timeout=1)
        east_m, north_m, height_m = served.true_place_m()
        farthest_m, highest_m = max(farthest_m, math.hypot(east_m, north_m)), max(highest_m, height_m)
        if msg is not None and msg.get_type() == "MISSION_ITEM_REACHED":
            reached.append(msg.seq)
        elif msg is not None and not msg.base_mode & m.MAV_MODE_FLAG_SAFETY_ARMED:
            break
    assert reached == [1, 2, 3, 4]
    assert farthest_m > 65.0
    assert 25.0 < highest_m < 40.0
    east_m, north_m, _ = served.true_place_m()
    assert math.hypot(east_m, north_m) < 12.0, "home again, within the error of its GPS"


def test_a_mavlink_1_client_is_understood(served: Served) -> None:
    from pymavlink.dialects.v10 import ardupilotmega as mavlink1

    link = mavutil.mavlink_connection(f"tcp:127.0.0.1:{served.port}", dialect="ardupilotmega")
    try:
        link.wait_heartbeat(timeout=30)
        codec = mavlink1.MAVLink(None, 255, 190)
        ask = mavlink1.MAVLink_param_request_read_message(1, 1, b"RTL_ALT", -1)
        link.write(ask.pack(codec))
        assert _wait(link, "PARAM_VALUE", param_id="RTL_ALT").param_value == 1500
    finally:
        link.close()
