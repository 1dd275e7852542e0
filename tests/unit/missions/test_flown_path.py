"""The path that an aircraft really flies: corners, turn circles, the way home."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from missions import turns
from missions.chart import Chart
from missions.codec import degrees_e7
from missions.flown_path import flight_order, flown_path
from missions.performance import KNOWN
from missions.plan import FencePlan, MissionItem, Plan, RallyPoint

LAT, LON = 49.0, 22.0
CHART = Chart(LAT, LON)
COPTER, PLANE = KNOWN["quadcopter"], KNOWN["plane"]


def waypoint(east, north, alt=100.0, command=16, **params):
    lat, lon = CHART.from_map([east, north])
    return MissionItem(command, 3, x=degrees_e7(float(lat)), y=degrees_e7(float(lon)), z=alt, **params)


def plan(*items, rally=()):
    return Plan("p", LAT, LON, 300.0, (MissionItem(22, 3, z=100.0), *items), FencePlan(), rally)


def reach(path, kind=None):
    points = path.map_m if kind is None else path.map_m[path.kind == kind]
    return points[:, 0].max(), points[:, 1].max()


def test_a_copter_runs_past_a_corner_by_its_lag_and_cuts_inside_by_two_metres():
    path = flown_path(plan(waypoint(500, 0), waypoint(500, 400), MissionItem(20, 2)), COPTER)
    assert reach(path)[0] == pytest.approx(500.0 + turns.overshoot_m(5.0, 2.0, 90.0), abs=0.05)
    assert turns.overshoot_m(5.0, 2.0, 90.0) == pytest.approx(1.0)
    assert turns.overshoot_m(0.5, 2.0, 90.0) == pytest.approx(0.0625), "no more than it brakes in"
    inside = path.map_m[(path.kind == "turn") & (path.map_m[:, 1] > 0.2) & (path.map_m[:, 1] < 100.0)]
    assert np.hypot(*(inside - (500, 0)).T).min() == pytest.approx(2.0, abs=0.3)
    assert path.alt_rel_home_m.max() == 100.0


def test_it_does_not_run_past_a_place_where_it_goes_straight_on():
    path = flown_path(plan(waypoint(500, 0), waypoint(900, 0, param1=0.0), MissionItem(20, 2)), COPTER)
    beyond = path.map_m[path.item_seq == 2]
    assert np.abs(beyond[:, 1]).max() < 0.1


@pytest.mark.parametrize("turn", [20.0, 90.0, 135.0, 165.0, 179.0])
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_a_planes_turn_ends_upon_the_new_leg_and_keeps_its_radius(turn, side):
    before = np.array([0.0, 1.0])
    angle = math.radians(side * turn)
    after = np.array([math.sin(angle), math.cos(angle)])
    ways = turns.plane_corner(np.zeros(2), before, after, 500.0, 18.0, 60.0).ways
    curves = [way for way in ways if len(way) > 2]
    assert len(curves) == 2 * (2 if turn > 170.0 else 1)
    for way in ways:
        assert abs(way[-1] @ np.array([after[1], -after[0]])) < 1e-6
    for way in curves:
        assert way[0] == pytest.approx((0.0, way[0][1]), abs=1e-9)
        assert way[0][1] <= 0.0
        assert abs(way[-1] @ np.array([after[1], -after[0]])) < 1e-6
        step = np.diff(way, axis=0)
        length = np.hypot(*step.T)
        bend = np.abs(np.diff(np.unwrap(np.arctan2(step[:, 0], step[:, 1]))))
        short = length[:-1] < 50.0
        # A turn that comes out inside joins the leg at 30 degrees; all else is circles of 60 m.
        tight = bend[short] / length[:-1][short] > 1.2 / 60.0
        assert not tight[:-1].any()
        assert bend[-1] < math.radians(31.0)


def test_wind_widens_a_planes_turn():
    there = plan(waypoint(1500, 0), waypoint(0, 30), MissionItem(20, 2))
    calm, windy = (flown_path(there, PLANE, (w, 0.0)) for w in (0.0, 9.0))
    assert reach(windy, "turn")[1] > 1.5 * reach(calm, "turn")[1]
    assert reach(calm)[0] > 1450.0


def test_jumps_are_flown_once_each_way_and_end():
    items = (waypoint(100, 0), waypoint(200, 0), waypoint(200, 100), MissionItem(177, 2, 2.0, -1.0), MissionItem(20, 2))
    mission = plan(*items)
    assert flight_order(mission) == [1, 2, 3, 4, 2, 3, 4, 2, 3, 4, 6]
    path = flown_path(mission, COPTER)
    legs = path.map_m[(path.kind == "leg") & (path.item_seq == 2)]
    assert len(legs) == 4  # from the start, and by the jump


def test_the_way_home_climbs_first_and_goes_to_the_nearest_rally_point():
    lat, lon = CHART.from_map([600.0, 0.0])
    low = plan(waypoint(500, 0, 10.0), MissionItem(20, 2), rally=(RallyPoint(float(lat), float(lon), 60.0),))
    path = flown_path(low, COPTER)
    way = path.kind == "rally"
    assert path.map_m[way][-1] == pytest.approx((600.0, 0.0), abs=0.1)
    assert path.alt_rel_home_m[way] == pytest.approx(60.0)
    home = flown_path(replace(low, rally=()), COPTER)
    assert home.alt_rel_home_m[home.kind == "rtl"][-1] == 15.0


def test_circles_of_loiter_turns():
    copter = flown_path(plan(waypoint(500, 0, command=18, param1=2.0, param3=40.0), MissionItem(20, 2)), COPTER)
    assert reach(copter)[0] == pytest.approx(540.0, abs=0.1)
    plane = flown_path(plan(waypoint(900, 0, command=17), MissionItem(20, 2)), PLANE)
    # By a second of flight further out while it rolls in.
    assert reach(plane)[0] == pytest.approx(978.0, abs=0.1)


def test_long_legs_are_straight_to_the_aircraft_and_curved_on_the_ground():
    path = flown_path(plan(waypoint(20_000, 10_000), MissionItem(20, 2)), COPTER)
    leg = (path.kind == "leg") & (path.item_seq == 2)
    middle = path.en_m[leg]
    chord = middle[0] + np.linspace(0, 1, len(middle))[:, None] * (middle[-1] - middle[0])
    assert np.hypot(*(middle - chord).T).max() > 2.0


def test_the_chart_and_its_rings():
    places = np.array([[49.3, 22.4], [48.9, 21.7]])
    assert np.stack(CHART.from_map(CHART.to_map(*places.T)), axis=-1) == pytest.approx(places, abs=1e-12)
    assert Chart(0.0, 179.9).to_map(0.0, -179.9)[0] == pytest.approx(22_263.8, abs=1.0)
    ring = CHART.ring([(49.0, 22.0), (49.0, 22.3), (49.3, 22.3)])
    assert len(ring) > 3
    # A point half way along an edge in degrees lies on the ring.
    half = CHART.to_map(49.15, 22.15)
    a, b = ring, np.roll(ring, -1, axis=0)
    t = np.clip(((half - a) * (b - a)).sum(1) / ((b - a) ** 2).sum(1), 0, 1)
    assert np.hypot(*(a + t[:, None] * (b - a) - half).T).min() < 0.011
    inner, outer = (CHART.circle(49.1, 22.1, 800.0, outside) for outside in (False, True))
    own = Chart(49.1, 22.1)
    assert np.hypot(*own.to_map(*CHART.from_map(inner)).T).max() == pytest.approx(800.0, abs=1e-6)
    assert np.hypot(*own.to_map(*CHART.from_map(outer)).T).min() > 800.0
