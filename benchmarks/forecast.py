"""What the forecast of breaches costs: 50 aircraft against 200 fences each, ten times a second.

    python benchmarks/forecast.py [--aircraft 50] [--fences 200] [--seconds 10] [--json]

Every aircraft is a whole fence part, told its position and the time at 10 Hz, as the vehicle service does; half
of them turn. The fences lie on a square of ``--square-m``, one inclusion around all of it, the rest polygons of 4 to 12
corners and circles to keep out of. Prints the share of one core, by process time.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from dataclasses import replace
from typing import Any

from geofences.geodesy import LocalFrame
from groundstation.core.records import FenceState, VehicleId, VehicleState
from groundstation.vehicle.fence_part import FencePart
from groundstation.vehicle.parameter_watch import ParameterWatch
from missions.codec import FRAME_GLOBAL, MissionKind, WireItem, degrees_e7
from missions.mavlink import mavlink2

LAT, LON, HOME_AMSL_M = 49.0, 20.0, 300.0
PARAMETERS = {
    "FENCE_ENABLE": 1.0, "FENCE_TYPE": 5.0, "FENCE_ACTION": 1.0, "FENCE_ALT_MAX": 120.0, "FENCE_ALT_MIN": -10.0,
    "FENCE_RADIUS": 300.0, "FENCE_MARGIN": 3.0, "FENCE_OPTIONS": 0.0, "FENCE_AUTOENABLE": 0.0, "WP_ACC": 2.5,
}  # fmt: skip


def fence_items(count: int, square_m: float, seed: int) -> tuple[WireItem, ...]:
    """One inclusion and ``count - 1`` exclusions, as an aircraft holds them."""
    rng, frame = random.Random(seed), LocalFrame(LAT, LON)
    half = square_m / 2.0
    items: list[WireItem] = []

    def put(command: int, first: float, east_m: float, north_m: float) -> None:
        lat, lon = (float(v) for v in frame.from_plane([east_m, north_m]))
        items.append(
            WireItem(MissionKind.FENCE, len(items), command, FRAME_GLOBAL, first, x=degrees_e7(lat), y=degrees_e7(lon))
        )

    for east, north in ((-half, -half), (half, -half), (half, half), (-half, half)):
        put(5001, 4.0, east, north)
    for number in range(count - 1):
        east, north = rng.uniform(-half, half), rng.uniform(-half, half)
        size = rng.uniform(20.0, 120.0)
        if number % 5 == 4:
            put(5004, size, east, north)
            continue
        corners = rng.randint(4, 12)
        for k in range(corners):
            angle = 2.0 * math.pi * (k + rng.uniform(0.0, 0.8)) / corners
            radius = size * rng.uniform(0.5, 1.0)
            put(5002, float(corners), east + radius * math.sin(angle), north + radius * math.cos(angle))
    return tuple(items)


class Aircraft:
    """One fence part and the flight that it is told of."""

    def __init__(self, number: int, items: tuple[WireItem, ...], square_m: float) -> None:
        rng = random.Random(f"aircraft {number}")
        self.id = VehicleId(number + 1)
        watch = ParameterWatch(self.id, tuple(PARAMETERS))
        watch.learn(PARAMETERS)
        self.part = FencePart(self.id, "copter", watch)
        self.part.set_items(items)
        self._frame = LocalFrame(LAT, LON)
        self._half = square_m / 2.0
        self.east_m, self.north_m = (rng.uniform(-0.9, 0.9) * self._half for _ in range(2))
        self.course_rad = rng.uniform(0.0, 2.0 * math.pi)
        self.turn_rad_s = math.radians(rng.choice([0.0, 12.0]))
        self.speed_m_s = rng.uniform(5.0, 15.0)
        self.state = VehicleState(
            self.id, 0, 0, link_alive=True, mode="GUIDED", armed=True, alt_rel_home_m=50.0, home_lat_deg=LAT,
            home_lon_deg=LON, home_alt_amsl_m=HOME_AMSL_M, fence=FenceState(True, True, True),
        )  # fmt: skip

    def fly(self, dt_s: float) -> None:
        """Move, and turn round before the edge of the square."""
        self.course_rad += self.turn_rad_s * dt_s
        self.east_m += self.speed_m_s * math.sin(self.course_rad) * dt_s
        self.north_m += self.speed_m_s * math.cos(self.course_rad) * dt_s
        if max(abs(self.east_m), abs(self.north_m)) > 0.95 * self._half:
            self.course_rad = math.atan2(-self.east_m, -self.north_m)
        lat, lon = (float(v) for v in self._frame.from_plane([self.east_m, self.north_m]))
        vn, ve = self.speed_m_s * math.cos(self.course_rad), self.speed_m_s * math.sin(self.course_rad)
        self.state = replace(self.state, lat_deg=lat, lon_deg=lon, velocity_ned_m_s=(vn, ve, 0.0))


def said(system: int, body: Any) -> Any:
    """A message as if it had come from there."""
    body._header = mavlink2.MAVLink_header(body.id, srcSystem=system, srcComponent=1)
    return body


def measure(aircraft: int, fences: int, seconds: float, square_m: float, seed: int = 1) -> dict[str, float]:
    """Run; the figures."""
    items = fence_items(fences, square_m, seed)
    fleet = [Aircraft(n, items, square_m) for n in range(aircraft)]
    bit = 0x100000
    for a in fleet:
        a.part.on_message(
            "a",
            said(a.id.system_id, mavlink2.MAVLink_sys_status_message(bit, bit, bit, 0, 24000, 0, 80, *[0] * 6)),
            0.0,
        )
    spent_s = told = looks = nearest = 0.0
    steps = round(seconds * 10)
    for step in range(steps + 5):
        now_s = 1.0 + 0.1 * step
        for a in fleet:
            a.fly(0.1)
            vn, ve, _ = a.state.velocity_ned_m_s
            message = said(
                a.id.system_id,
                mavlink2.MAVLink_global_position_int_message(0, 0, 0, 0, 0, round(vn * 100), round(ve * 100), 0, 0),
            )
            begin = time.process_time()
            a.part.on_message("a", message, now_s)
            a.part.on_time(a.state, now_s)
            a.part.faults(a.state, now_s)
            if step >= 5:  # the fences are made ready once
                spent_s += time.process_time() - begin
                looks += 1
                told += len(a.part.coming)
                nearest += bool(a.part.coming)
    return {
        "aircraft": aircraft, "fences": fences, "edges": len(items), "rate_hz": 10.0,
        "core_share": spent_s / (steps / 10.0), "us_per_look": spent_s / looks * 1e6,
        "breaches_ahead_mean": told / looks, "with_a_breach_ahead": nearest / looks,
    }  # fmt: skip


def main() -> int:
    """Print the figures; 1 when the forecast takes more than a tenth of a core."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--aircraft", type=int, default=50)
    parser.add_argument("--fences", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--square-m", type=float, default=4000.0)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures = measure(options.aircraft, options.fences, options.seconds, options.square_m)
    if options.json:
        print(json.dumps(figures, indent=2))
    else:
        print(
            f"{options.aircraft} aircraft against {options.fences} fences ({figures['edges']:.0f} corners) at 10 Hz: "
            f"{100 * figures['core_share']:.1f} % of a core, {figures['us_per_look']:.0f} us a look, "
            f"{figures['breaches_ahead_mean']:.1f} breaches ahead on average"
        )
    return 0 if figures["core_share"] < 0.10 else 1


if __name__ == "__main__":
    sys.exit(main())
