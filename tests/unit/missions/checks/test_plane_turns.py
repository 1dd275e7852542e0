"""A plane's turn is an area, not a line: what stands anywhere in it is found, and what stands beside it is not."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from missions.chart import Chart
from missions.checks import Circumstances, check_plan
from missions.checks.room import FenceRoom
from missions.flown_path import flown_path
from missions.plan import FenceCircle, FencePlan
from missions.turns import all_ruled, fan, plane_corner, ruled
from sim.plane_flight import PlaneFlight
from tests.unit.missions.checks.test_subjects import CHART, PLANE, lat_lon, plan, waypoint

NORTH = np.array([0.0, 1.0])


def around(turn):
    angle = math.radians(turn)
    corner = np.array([0.0, 1500.0])
    end = corner + 1500.0 * np.array([math.sin(angle), math.cos(angle)])
    return plan(waypoint(0, 700, 120.0), waypoint(*corner, 120.0), waypoint(*end, 120.0), fence=FencePlan())


@pytest.mark.parametrize("turn", [45.0, 90.0, -90.0, 130.0])
@pytest.mark.parametrize("wp_radius_m", [55.0, 70.0])
def test_a_mast_where_it_flies_is_found_whatever_its_radius_is_set_to(turn, wp_radius_m):
    made = around(turn)
    flown = PlaneFlight(made, PLANE, wp_radius_m=wp_radius_m).fly()
    en = CHART.to_map(flown.lat_deg, flown.lon_deg)[(flown.seq == 3) | (flown.seq == 4)]
    near = en[np.hypot(*(en - (0.0, 1500.0)).T) < 200.0]
    path = flown_path(made, PLANE)
    lines = shapely.union_all(shapely.linestrings(path.map_m[path.pieces()]))
    away = shapely.distance(shapely.points(near), lines)
    # The place of its way that is furthest from every line of the path.
    ((lat, lon),) = lat_lon(near[int(np.argmax(away))])
    fence = FencePlan(exclusion_circles=(FenceCircle("mast", lat, lon, 3.0),))
    found = check_plan(plan(*made.items[1:-1], fence=fence), given=Circumstances(PLANE))
    assert {f.code for f in found if f.severity == "error"} & {"turn_outside", "leg_outside", "leg_near_fence"}


@pytest.mark.parametrize("turn", [30.0, 90.0, 150.0])
def test_what_lies_well_beside_the_turn_is_free(turn):
    made = around(turn)
    angle = math.radians(turn / 2.0)
    for away in (200.0, -200.0):
        # On the bisector, outside and inside of the corner.
        place = np.array([0.0, 1500.0]) + away * np.array([-math.cos(angle), math.sin(angle)])
        ((lat, lon),) = lat_lon(place)
        fence = FencePlan(exclusion_circles=(FenceCircle("mast", lat, lon, 5.0),))
        found = check_plan(plan(*made.items[1:-1], fence=fence), given=Circumstances(PLANE))
        assert not [f for f in found if f.code == "turn_outside" and f.item_seq == 3]


@pytest.mark.parametrize("turn", [20.0, 90.0, 140.0, 178.0])
def test_the_areas_hold_all_curves_and_nothing_far_from_them(turn):
    after = np.array([math.sin(math.radians(turn)), math.cos(math.radians(turn))])
    told = (np.zeros(2), NORTH, after, 800.0, 18.0, 70.0, 800.0)
    made = plane_corner(*told)
    area = shapely.union_all(shapely.polygons(all_ruled(made.strips).reshape(-1, 3, 2)))
    curves = [shapely.linestrings(way) for way in made.ways]
    for curve in curves:
        assert area.buffer(1.0).covers(curve)
    assert area.hausdorff_distance(shapely.union_all(curves)) < 80.0


def test_a_strip_and_a_fan_are_what_they_say():
    square = ruled(np.array([(0.0, 0.0), (10.0, 0.0)]), np.array([(0.0, 5.0), (4.0, 5.0), (10.0, 5.0)]))
    assert shapely.union_all(shapely.polygons(square)).area == pytest.approx(50.0)
    drop = shapely.union_all(shapely.polygons(fan(np.zeros(2), 50.0, np.array([200.0, 0.0]))))
    hull = shapely.convex_hull(
        shapely.multipoints(np.concatenate([fan(np.zeros(2), 50.0, np.zeros(2))[:, 1], [[200.0, 0.0]]]))
    )
    assert drop.area == pytest.approx(hull.area, rel=1e-6)


@pytest.mark.parametrize("need_m", [0.0, 12.0])
def test_triangles_leave_the_room_together_as_they_do_one_by_one(need_m):
    rng = np.random.default_rng(7)
    room = FenceRoom.of_region(
        shapely.Polygon([(0, 0), (900, 0), (900, 900), (450, 300), (0, 900)], [[(100, 100), (140, 100), (120, 160)]]),
        Chart(0.0, 0.0),
    )
    t = np.linspace(0.0, 25.0, 2000)
    middles = np.stack([450.0 + 420.0 * np.cos(t), 250.0 + 260.0 * np.sin(1.3 * t)], axis=-1)
    corners = middles[:, None] + rng.normal(0.0, 8.0, (2000, 3, 2))
    shapes = shapely.polygons(corners)
    expected = ~shapely.covers(room.region, shapes)
    expected |= shapely.dwithin(room.boundary, shapes, need_m) if need_m else shapely.intersects(room.boundary, shapes)
    assert 200 < expected.sum() < 1800
    assert (room.areas_near(corners, need_m) == expected).all()


def test_many_strips_at_once_are_the_same_as_one_by_one():
    rng = np.random.default_rng(3)
    strips = [tuple(np.cumsum(rng.normal(0.0, 9.0, (rng.integers(2, 30), 2)), axis=0) for _ in "ab") for _ in range(40)]
    together = all_ruled(strips)
    for strip, found in zip(strips, together, strict=True):
        np.testing.assert_allclose(ruled(*strip), found, atol=1e-6)
        np.testing.assert_allclose(found[0, 0], strip[0][0], atol=1e-6)
        np.testing.assert_allclose(found[-1, 0], strip[0][-1], atol=1e-6)
    assert all_ruled([]).shape == (0, 48, 3, 2)
