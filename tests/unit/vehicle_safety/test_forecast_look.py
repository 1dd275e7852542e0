"""The picture before it shows what must not be looked at, against fine stepping with shapely."""

import math
import random
from types import SimpleNamespace

import numpy as np
import pytest
import shapely
from shapely import affinity
from shapely.geometry import Polygon

from geofences.area import Zone
from geofences.geodesy import LocalFrame
from groundstation.core.records import VehicleId
from groundstation.vehicle.forecast_fences import Fence
from groundstation.vehicle.forecast_look import level_footprint, look_ahead
from groundstation.vehicle.look import Ground
from groundstation.vehicle.look_part import LookPart
from groundstation.vehicle.moving_edges import Motion
from missions.footprint import Camera, footprint
from tests.helpers.patrol import around
from tests.unit.vehicle_safety.states import ALT, LAT, LON, flying
from tests.unit.vehicle_safety.test_forecast_brute import random_ring

FOV = (40.0, Camera().vfov_deg)


def stepped(corners, motion, area, holds):
    """The first time at which the moved picture meets the area, in steps of 50 ms."""
    picture, shape = Polygon(corners).convex_hull, Polygon(area.rings[0]).buffer(0.0)
    for time_s in np.arange(0.0, 40.0, 0.05):
        east, north = motion.at(time_s)
        moved = picture
        if holds == "nose":
            moved = affinity.rotate(
                moved, -math.degrees(motion.turn_rad_s * time_s), origin=(motion.east_m, motion.north_m)
            )
        if holds != "place":
            moved = affinity.translate(moved, east - motion.east_m, north - motion.north_m)
        if shapely.intersects(moved, shape):
            return time_s
    return math.inf


@pytest.mark.parametrize("seed", range(24))
def test_the_time_to_the_picture_is_when_fine_stepping_meets_the_area(seed):
    rng = random.Random(seed)
    holds = ("nose", "azimuth", "place")[seed % 3]
    turn = math.radians(rng.choice([0.0, rng.uniform(-20, 20)]))
    course, speed = rng.uniform(0, 2 * math.pi), rng.uniform(3.0, 15.0)
    motion = Motion(10.0, -20.0, speed * math.sin(course), speed * math.cos(course), turn)
    corners = level_footprint(10.0, -20.0, rng.uniform(40, 120), rng.uniform(0, 360), rng.uniform(-80, -25), FOV)
    areas = [
        Fence(f"area {k}", False, (random_ring(rng, rng.uniform(-300, 300), rng.uniform(-300, 300), 60.0),))
        for k in range(6)
    ]
    told = {a.area: a.time_s for a in look_ahead(corners, motion, areas, holds)}
    for area in areas:
        expected, got = stepped(corners, motion, area, holds), told.get(area.name, math.inf)
        if got > 39.5 and expected == math.inf:
            continue
        # A picture that only brushes a corner may lie between two steps.
        assert got <= expected
        if expected != math.inf:
            assert got == pytest.approx(expected, abs=0.1)


def test_the_level_footprint_is_that_of_the_planner():
    frame = LocalFrame(49.0, 20.0, 0.0)
    for azimuth, elevation in ((0.0, -90.0), (70.0, -45.0), (250.0, -30.0)):
        ours = Polygon(level_footprint(0.0, 0.0, 80.0, azimuth, elevation, FOV))
        theirs = Polygon(footprint(Camera(), (0.0, 0.0), 80.0, azimuth, elevation, frame, None).outline_en_m)
        assert ours.symmetric_difference(theirs).area < 0.01 * ours.area


def test_the_sky_shows_no_ground_and_the_horizon_is_cut_off():
    assert len(level_footprint(0.0, 0.0, 80.0, 0.0, 30.0, FOV)) == 0
    assert len(level_footprint(0.0, 0.0, math.nan, 0.0, -30.0, FOV)) == 0
    level = level_footprint(0.0, 0.0, 80.0, 0.0, 0.0, FOV)
    assert np.hypot(*level.T).max() == pytest.approx(3000.0)


def square(north_m, half_m):
    return tuple(
        around(LAT, LON, north_m + a, b)
        for a, b in ((-half_m, -half_m), (half_m, -half_m), (half_m, half_m), (-half_m, half_m))
    )


def said(kind, **values):
    return SimpleNamespace(get_type=lambda: kind, get_srcSystem=lambda: 1, get_srcComponent=lambda: 1, **values)


def test_the_part_warns_in_time_by_name_and_lets_go():
    part = LookPart(VehicleId(1))
    part.set_rules((Zone("the village", square(400.0, 50.0)),), FOV, Ground(None, ALT))

    def step(north_m, now_s, speed_m_s=10.0, elevation_deg=-60.0):
        lat, lon = around(LAT, LON, north_m, 0.0)
        part.on_message("a", said("GLOBAL_POSITION_INT", vx=speed_m_s * 100, vy=0), now_s)
        state = flying(
            lat_deg=lat, lon_deg=lon, velocity_ned_m_s=(speed_m_s, 0.0, 0.0), gimbal_azimuth_deg=0.0,
            gimbal_elevation_deg=elevation_deg,
        )  # fmt: skip
        part.on_time(state, now_s)
        return [f.text for f in part.faults(state, now_s)]

    assert step(0.0, 0.0) == []
    assert 20.0 < part.coming[0].time_s < 35.0
    step(250.0, 1.0)
    (text,) = step(253.0, 1.4)
    assert "the village" in text
    assert text.startswith("In ")
    (text,) = step(340.0, 2.0)
    assert text.startswith("The picture shows")
    step(345.0, 3.0, elevation_deg=-89.0, speed_m_s=-10.0)
    step(100.0, 6.0, elevation_deg=-89.0, speed_m_s=-10.0)
    assert step(80.0, 8.5, elevation_deg=-89.0, speed_m_s=-10.0) == []
