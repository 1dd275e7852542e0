"""A DroneKit script (dronekit2), as an operator would write it, against the simulator."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from missions.mavlink import mavlink2 as m
from tests.protocol.conftest import Served

# Imported after the dialect: DroneKit imports pymavlink itself, and MAVLink 2 must have been chosen by then.
import dronekit  # isort: skip

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def vehicle(served: Served) -> Iterator[Any]:
    vehicle = dronekit.connect(f"tcp:127.0.0.1:{served.port}", wait_ready=True, timeout=90, heartbeat_timeout=90)
    try:
        yield vehicle
    finally:
        vehicle.close()


def _until(condition: Callable[[], bool], most_s: float) -> None:
    end = time.monotonic() + 8 * most_s
    while not condition():
        assert time.monotonic() < end, f"not within {8 * most_s} s"
        time.sleep(0.05)


def test_script_reads_parameters_uploads_a_mission_and_flies_it(served: Served, vehicle: Any) -> None:
    assert vehicle.parameters["RTL_ALT"] == 1500
    vehicle.parameters["RTL_ALT"] = 2000
    assert vehicle.parameters["RTL_ALT"] == 2000

    commands = vehicle.commands
    commands.download()
    commands.wait_ready()
    commands.clear()
    frame = m.MAV_FRAME_GLOBAL_RELATIVE_ALT
    for number, lat_lon, alt_m in (
        (m.MAV_CMD_NAV_TAKEOFF, (0, 0), 20),
        (m.MAV_CMD_NAV_WAYPOINT, served.at(50, 0), 25),
        (m.MAV_CMD_NAV_WAYPOINT, served.at(50, 50), 25),
    ):
        commands.add(dronekit.Command(0, 0, 0, frame, number, 0, 0, 0, 0, 0, 0, *lat_lon, alt_m))
    commands.upload(timeout=60)
    _until(lambda: vehicle.is_armable, 10)
    assert served.simulator.autopilot is not None
    assert served.simulator.autopilot.mission_store.count() == 4  # home, which DroneKit puts in front, and three

    vehicle.mode = dronekit.VehicleMode("GUIDED")
    _until(lambda: vehicle.mode.name == "GUIDED", 5)
    vehicle.armed = True
    _until(lambda: bool(vehicle.armed), 5)
    served.fast()
    vehicle.simple_takeoff(15)
    _until(lambda: vehicle.location.global_relative_frame.alt > 14, 10)
    vehicle.mode = dronekit.VehicleMode("AUTO")
    _until(lambda: vehicle.mode.name == "AUTO", 5)

    def distance_m(east_m: float, north_m: float) -> float:
        here = served.true_place_m()
        return math.dist(here[:2], (east_m, north_m))

    _until(lambda: distance_m(50, 0) < 8, 10)
    _until(lambda: distance_m(50, 50) < 8, 10)
    assert vehicle.commands.next >= 2
    vehicle.mode = dronekit.VehicleMode("RTL")
    _until(lambda: not vehicle.armed, 20)
    assert distance_m(0, 0) < 12


def test_script_steers_in_guided(served: Served, vehicle: Any) -> None:
    _until(lambda: vehicle.is_armable, 10)
    vehicle.mode = dronekit.VehicleMode("GUIDED")
    _until(lambda: vehicle.mode.name == "GUIDED", 5)
    vehicle.armed = True
    _until(lambda: bool(vehicle.armed), 5)
    served.fast()
    vehicle.simple_takeoff(20)
    _until(lambda: vehicle.location.global_relative_frame.alt > 19, 10)
    lat, lon = served.at(-40, 30)
    vehicle.simple_goto(dronekit.LocationGlobalRelative(lat, lon, 20), groundspeed=8)
    _until(lambda: math.dist(served.true_place_m()[:2], (-40, 30)) < 8, 15)
    assert vehicle.battery.voltage > 20
    assert vehicle.gps_0.fix_type == 3
