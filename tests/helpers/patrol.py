"""A short patrol around a point: a plan with an inclusion, an exclusion and a rally point."""

from __future__ import annotations

import math

from missions.codec import degrees_e7
from missions.plan import FencePlan, FencePolygon, MissionItem, Plan, RallyPoint


def around(lat_deg: float, lon_deg: float, north_m: float, east_m: float) -> tuple[float, float]:
    """A point so far from another, as (lat, lon)."""
    return lat_deg + north_m / 111_200.0, lon_deg + east_m / (111_200.0 * math.cos(math.radians(lat_deg)))


def small_plan(lat_deg: float, lon_deg: float, alt_amsl_m: float, name: str = "patrol", side_m: float = 60.0) -> Plan:
    """Take off to 30 m, two waypoints at 40 m, return; inside a square of 400 m with a hole in its corner."""

    def waypoint(north_m: float, east_m: float) -> MissionItem:
        lat, lon = around(lat_deg, lon_deg, north_m, east_m)
        return MissionItem(16, 3, x=degrees_e7(lat), y=degrees_e7(lon), z=40.0)

    def polygon(title: str, *corners: tuple[float, float]) -> FencePolygon:
        return FencePolygon(title, tuple(around(lat_deg, lon_deg, n, e) for n, e in corners))

    fence = FencePlan(
        (polygon("stay in", (-200, -200), (-200, 200), (200, 200), (200, -200)),),
        (polygon("keep out", (120, 120), (120, 160), (160, 140)),),
        alt_max_rel_home_m=120.0,
        margin_m=3.0,
    )
    rally_lat, rally_lon = around(lat_deg, lon_deg, 10.0, 10.0)
    items = (
        MissionItem(22, 3, z=30.0),
        waypoint(side_m, 0.0),
        waypoint(side_m, side_m),
        MissionItem(20, 0),
    )
    return Plan(name, lat_deg, lon_deg, alt_amsl_m, items, fence, (RallyPoint(rally_lat, rally_lon, 30.0),))
