"""Borders, fleets and demands for the planner's tests: fictional, on level ground."""

from __future__ import annotations

import numpy as np

from geofences.area import Area, BorderLine, NamedPoint, Zone
from geofences.geodesy import LocalFrame
from missions.performance import Performance
from missions.planner.fleet import Fleet, Group, LaunchPoint

FRAME = LocalFrame(47.0, 12.0)

LONG = Performance("long", speed_m_s=10.0, endurance_s=3600.0, setup_s=60.0, turnaround_s=120.0, link_range_m=50_000.0)
SHORT = Performance("short", speed_m_s=5.0, endurance_s=1500.0, setup_s=60.0, turnaround_s=300.0, link_range_m=50_000.0)


def lat_lon(east_m: float, north_m: float) -> tuple[float, float]:
    lat, lon = FRAME.from_plane([east_m, north_m])
    return float(lat), float(lon)


def border_area(length_m: float = 6000.0, bend_m: float = 0.0) -> Area:
    """A border from west to east, our side in the south; home 800 m south of its middle."""
    x = np.linspace(-0.5 * length_m, 0.5 * length_m, 41)
    y = bend_m * np.sin(x / 900.0)
    points = tuple(lat_lon(float(a), float(b)) for a, b in zip(x, y, strict=True))
    border = BorderLine(points, "North", "South", "South")
    half = 0.5 * length_m + 500.0
    room = Zone(
        "room", tuple(lat_lon(a, b) for a, b in ((-half, 600.0), (half, 600.0), (half, -2000.0), (-half, -2000.0)))
    )
    launch = NamedPoint("home", *lat_lon(0.0, -800.0))
    return Area(border, (room,), (), launch, ())


def launch_at(name: str, east_m: float, north_m: float = -800.0) -> LaunchPoint:
    return LaunchPoint(name, *lat_lon(east_m, north_m))


def fleet_of(*groups: Group, launches: tuple[LaunchPoint, ...] = (), wind: tuple[float, float] = (0.0, 0.0)) -> Fleet:
    return Fleet(groups, launches or (launch_at("home", 0.0),), wind)
