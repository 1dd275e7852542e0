"""A plane's turn is an area, not a line: what stands anywhere in it is found, and what stands beside it is not."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely

from missions.checks import Circumstances, check_plan
from missions.flown_path import flown_path
from missions.plan import FenceCircle, FencePlan
from missions.turns import fan, plane_corner, plane_corner_areas, ruled
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
    area = shapely.union_all(shapely.polygons(plane_corner_areas(*told)))
    curves = [shapely.linestrings(way) for way in plane_corner(*told)]
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
