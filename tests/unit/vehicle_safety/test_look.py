"""Where a camera looks and what it must not see."""

import math
from dataclasses import replace

import numpy as np
import pytest

from geofences.area import Zone
from geofences.border import BorderGeometry
from geofences.geodesy import LocalFrame
from geofences.terrain import TerrainGrid
from groundstation.vehicle.fence_shapes import FenceRegion, read_shapes
from groundstation.vehicle.look import (
    Ground,
    LookRules,
    Place,
    Viewpoint,
    allowed_border_look,
    angles_to,
    border_target,
    footprint_en_m,
    ground_place,
)
from missions.codec import MissionKind, items_of
from tests.helpers.patrol import around, small_plan

LAT, LON, ALT = 49.0, 20.0, 300.0
FLAT = Ground(None, ALT)
VIEW = Viewpoint(LAT, LON, ALT + 100.0, 40.0, 23.0)
FRAME = LocalFrame(LAT, LON)


def place(north_m, east_m, up_m=0.0):
    return Place(*around(LAT, LON, north_m, east_m), ALT + up_m)


def square(name, north_m, east_m, half_m):
    corners = [(-half_m, -half_m), (-half_m, half_m), (half_m, half_m), (half_m, -half_m)]
    return Zone(name, tuple(around(LAT, LON, north_m + n, east_m + e) for n, e in corners))


def test_angles_and_ground_place_are_each_others_inverse():
    target = place(150.0, 200.0)
    azimuth, elevation, range_m = angles_to(VIEW, target)
    assert azimuth == pytest.approx(math.degrees(math.atan2(200.0, 150.0)), abs=0.2)
    assert elevation == pytest.approx(-math.degrees(math.atan2(100.0, 250.0)), abs=0.2)
    assert range_m == pytest.approx(math.hypot(250.0, 100.0), rel=0.01)
    met = ground_place(VIEW, azimuth, elevation, FLAT)
    assert np.hypot(*(FRAME.to_plane(met.lat_deg, met.lon_deg) - FRAME.to_plane(target.lat_deg, target.lon_deg))) < 0.5


def test_a_hill_in_the_way_is_met_first():
    rows = np.zeros((40, 40), dtype=np.float32) + ALT
    rows[:20, :] = ALT + 90.0  # the north half is high
    hill = Ground(TerrainGrid(rows, LAT + 0.02, LON - 0.02, 0.001, 0.001), ALT)
    met = ground_place(VIEW, 0.0, -10.0, hill)
    flat = ground_place(VIEW, 0.0, -10.0, FLAT)
    assert met.alt_amsl_m > ALT + 60.0
    assert met.lat_deg < flat.lat_deg


def test_above_the_horizon_there_is_no_ground():
    assert ground_place(VIEW, 0.0, 5.0, FLAT) is None


def test_the_footprint_straight_down_is_the_field_of_view():
    en = footprint_en_m(VIEW, place(0.001, 0.0), FLAT)
    assert np.ptp(en[:, 0]) == pytest.approx(2 * 100.0 * math.tan(math.radians(20.0)), rel=0.03)
    assert np.ptp(en[:, 1]) == pytest.approx(2 * 100.0 * math.tan(math.radians(11.5)), rel=0.03)


def test_a_corner_above_the_horizon_reaches_far():
    en = footprint_en_m(VIEW, place(900.0, 0.0), FLAT)
    assert en[:, 1].max() == pytest.approx(10_000.0, rel=0.1)


def rules(**changes):
    fence = FenceRegion(read_shapes(items_of(small_plan(LAT, LON, ALT), MissionKind.FENCE)), FRAME)
    return LookRules(**{"no_look": (square("school", 300.0, 0.0, 20.0),), "inside": fence, "ground": FLAT, **changes})


def test_areas_not_to_be_looked_at_are_kept_out_of_the_whole_picture():
    assert "lies in 'school'" in rules().refusal(VIEW, place(300.0, 0.0))
    assert "a part of 'school'" in rules().refusal(VIEW, place(260.0, 30.0)), "its edge would be in the picture"
    assert rules().refusal(VIEW, place(-150.0, 0.0)) == ""


def test_the_buffer_of_an_area_is_not_looked_at_and_its_hole_is():
    school = square("school", 300.0, 0.0, 20.0)
    assert rules(no_look=(school,)).refusal(VIEW, place(150.0, 0.0)) == ""
    assert "a part of 'school'" in rules(no_look=(replace(school, buffer_m=120.0),)).refusal(VIEW, place(150.0, 0.0))
    town = square("town", 0.0, 0.0, 900.0)
    assert "town" in rules(no_look=(town,)).refusal(VIEW, place(30.0, 0.0))
    hole = square("park", 0.0, 0.0, 400.0).points
    assert rules(no_look=(replace(town, holes=(hole,)),)).refusal(VIEW, place(30.0, 0.0)) == ""


def test_a_place_far_outside_the_fence_is_refused():
    far = rules(no_look=(), beyond_m=100.0)
    assert far.refusal(VIEW, place(-280.0, 0.0)) == ""
    assert "outside the fence" in far.refusal(VIEW, place(-320.0, 0.0))


def test_without_a_position_nothing_can_be_kept_out():
    blind = Viewpoint(math.nan, math.nan, math.nan, 40.0, 23.0)
    assert "not known" in rules().refusal(blind, place(0.0, 0.0))


BORDER = BorderGeometry([[-1000.0, 50.0], [1000.0, 50.0]])


def test_along_the_border_it_looks_ahead_in_the_direction_of_flight():
    east = border_target(BORDER, FRAME, (LAT, LON), (0.0, 8.0), FLAT)
    assert east.along_m == pytest.approx(1150.0, abs=1.0)
    west = border_target(BORDER, FRAME, (LAT, LON), (0.0, -8.0), FLAT)
    assert west.along_m == pytest.approx(850.0, abs=1.0)
    assert not west.forward
    hovering = border_target(BORDER, FRAME, (LAT, LON), (0.0, 0.0), FLAT, forward=False)
    assert hovering.along_m == pytest.approx(850.0, abs=1.0), "the direction it had"
    end = border_target(BORDER, FRAME, around(LAT, LON, 0.0, 950.0), (0.0, 8.0), FLAT)
    assert end.along_m == 2000.0


def test_along_the_border_it_skips_what_must_not_be_looked_at():
    near = LookRules(no_look=(square("farm", 50.0, 150.0, 5.0),), ground=FLAT)
    look = border_target(BORDER, FRAME, (LAT, LON), (0.0, 8.0), FLAT)
    moved = allowed_border_look(look, BORDER, FRAME, VIEW, near)
    assert moved.along_m > look.along_m
    assert near.refusal(VIEW, moved.place) == ""
    everywhere = LookRules(no_look=(square("town", 0.0, 0.0, 3000.0),), ground=FLAT)
    assert "'town'" in allowed_border_look(look, BORDER, FRAME, VIEW, everywhere)
