"""Fly a small square and come home: an example of a script for

    groundstation script run examples/scripts/square.py --link tcp://127.0.0.1:5760 --allow arm,takeoff,guided,return

`vehicle` is a connected DroneKit vehicle (https://dronekit.netlify.app); without `--allow` it can only be looked at.
Arguments: SIDE in metres (default 20), HEIGHT above home in metres (default 15).
"""

import math
import sys
import time

from dronekit import LocationGlobalRelative, VehicleMode

METRES_PER_DEGREE = 111_320.0
PATIENCE_S = 90.0


def wait_for(what, condition):
    """Wait until something is so. Raises TimeoutError with what was waited for."""
    end_s = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end_s:
            raise TimeoutError(f"no {what} within {PATIENCE_S:g} s")
        time.sleep(0.05)


def corner(start, north_m, east_m, height_m):
    """A place so far from the start."""
    return LocationGlobalRelative(
        start.lat + north_m / METRES_PER_DEGREE,
        start.lon + east_m / (METRES_PER_DEGREE * math.cos(math.radians(start.lat))),
        height_m,
    )


def distance_m(a, b):
    """Over the ground, good for a few kilometres."""
    north_m = (a.lat - b.lat) * METRES_PER_DEGREE
    east_m = (a.lon - b.lon) * METRES_PER_DEGREE * math.cos(math.radians(a.lat))
    return math.hypot(north_m, east_m)


def main(vehicle):
    """Up, round, and home."""
    side_m = float(sys.argv[1]) if len(sys.argv) > 1 else 20.0
    height_m = float(sys.argv[2]) if len(sys.argv) > 2 else 15.0

    def position():
        return vehicle.location.global_relative_frame

    vehicle.mode = VehicleMode("GUIDED")
    wait_for("GUIDED", lambda: vehicle.mode.name == "GUIDED")
    vehicle.armed = True
    wait_for("arming", lambda: vehicle.armed)
    start = position()
    vehicle.simple_takeoff(height_m)
    wait_for("height", lambda: position().alt > height_m - 1.0)
    for north_m, east_m in ((side_m, 0.0), (side_m, side_m), (0.0, side_m), (0.0, 0.0)):
        goal = corner(start, north_m, east_m, height_m)
        vehicle.simple_goto(goal, groundspeed=5)
        wait_for(f"corner {north_m:g} m north, {east_m:g} m east", lambda goal=goal: distance_m(position(), goal) < 3.0)
        print(f"at {north_m:g} m north, {east_m:g} m east", flush=True)
    vehicle.mode = VehicleMode("RTL")
    wait_for("RTL", lambda: vehicle.mode.name == "RTL")
    wait_for("landing", lambda: not vehicle.armed)
    print("home", flush=True)
