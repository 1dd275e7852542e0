"""The simulated plane: it flies its legs, keeps to what the checks say that it flies, and takes the time that was promised."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely

from geofences.errors import PlanError
from missions.chart import Chart
from missions.codec import degrees_e7
from missions.flown_path import flown_path
from missions.performance import KNOWN
from missions.plan import FencePlan, MissionItem, Plan, RallyPoint
from missions.plan_time import plan_time
from sim.plane_flight import PlaneFlight
from sim.wind import GustyAir

LAT, LON = 61.0, 22.0
CHART = Chart(LAT, LON)
PLANE = KNOWN["plane"]
ROUTES = {
    "square": [(1500, 0), (1500, 1500), (0, 1500), (0, 300)],
    "lanes": [(800, 0), (1600, 300), (2800, 0), (2800, 300), (800, 300)],
    "back": [(1500, 0), (200, 0), (1700, 400)],
    "sharp": [(1500, 0), (300, 500), (1500, 1100)],
}


def place(east, north, command=16, alt=120.0, **params):
    lat, lon = CHART.from_map(np.array([east, north], dtype=float))
    return MissionItem(command, 3, x=degrees_e7(float(lat)), y=degrees_e7(float(lon)), z=alt, **params)


def plan(points, *more, rally=()):
    items = (MissionItem(22, 3, z=100.0), *(place(*p) for p in points), *more, MissionItem(20, 2))
    return Plan("p", LAT, LON, 200.0, items, FencePlan(), rally)


def flown_en(flown):
    return CHART.to_map(flown.lat_deg, flown.lon_deg)[flown.airborne]


@pytest.mark.parametrize("wind", [(0.0, 0.0), (6.0, 0.0), (-4.0, 7.0)])
@pytest.mark.parametrize("route", ROUTES)
def test_it_stays_within_what_the_checks_take_for_its_path(route, wind):
    made = plan(ROUTES[route], place(500, 2000, 18, param1=1.0, param3=100.0))
    flown = PlaneFlight(made, PLANE, None, GustyAir(wind, 0.0)).fly()
    path = flown_path(made, PLANE, wind)
    lines = shapely.linestrings(path.map_m[path.pieces()])
    told = shapely.union_all([*lines.tolist(), *shapely.polygons(path.between_m).tolist()])
    away = shapely.distance(shapely.points(flown_en(flown)), told)
    # A plane looks at its fence three times a second: 6 m is the least margin that is asked for.
    assert away.max() < 12.0, flown_en(flown)[int(np.argmax(away))]
    assert flown.ended == "landed"


@pytest.mark.parametrize("route", ["square", "lanes"])
def test_time_and_battery_are_those_that_are_promised(route):
    made = plan(ROUTES[route])
    for wind in ((0.0, 0.0), (5.0, 4.0)):
        flown = PlaneFlight(made, PLANE, None, GustyAir(wind, 0.8, 3)).fly()
        promised = plan_time(made, PLANE, wind)
        assert flown.duration_s == pytest.approx(promised.airborne_s, rel=0.1)
        assert float(flown.battery_left[-1]) == pytest.approx(promised.battery_left, abs=0.02)


def test_circles_have_their_radius_their_number_and_their_side():
    for radius, side in ((120.0, 1.0), (-120.0, -1.0)):
        made = plan([(1500, 0)], place(1500, 900, 18, param1=3.0, param3=radius))
        flown = PlaneFlight(made, PLANE).fly()
        on = flown_en(flown)[flown.seq[flown.airborne] == 3] - np.array([1500.0, 900.0])
        on = on[np.hypot(*on.T) < 160.0]
        turned = np.unwrap(np.arctan2(on[:, 0], on[:, 1]))
        assert side * (turned[-1] - turned[0]) == pytest.approx(3.0 * 2.0 * math.pi, abs=1.0)
        assert np.median(np.hypot(*on.T)) == pytest.approx(120.0, abs=5.0)


def test_it_goes_home_to_the_rally_point_in_reach():
    lat, lon = (float(v) for v in CHART.from_map(np.array([1500.0, 1500.0])))
    flown = PlaneFlight(plan([(1500, 0), (1500, 800)], rally=(RallyPoint(lat, lon, 80.0),)), PLANE).fly()
    assert np.hypot(*(flown_en(flown)[-1] - (1500.0, 1500.0))) < 100.0


def test_an_endless_patrol_is_sent_home_with_its_reserve():
    made = plan([(1500, 0), (1500, 1500), (0, 1500)], MissionItem(177, 2, 2.0, -1.0))
    flown = PlaneFlight(made, replace(PLANE, endurance_s=1500.0)).fly()
    assert flown.ended == "landed"
    assert "reserve" in flown.sent_home
    assert 0.25 <= flown.battery_left[-1] < 0.35
    short = PlaneFlight(made, PLANE).fly(300.0)
    assert short.sent_home == "300 s are over"
    assert short.duration_s < 600.0


def test_the_camera_looks_where_it_is_told():
    look = MissionItem(1000, 2, -40.0, 200.0, x=16)
    made = plan([(1500, 0)], look, place(1500, 1500))
    flown = PlaneFlight(made, PLANE).fly()
    on = flown.seq == 4
    assert set(flown.camera_azimuth_deg[on]) == {200.0}
    assert set(flown.camera_elevation_deg[on]) == {-40.0}


def test_what_no_plane_flies_is_refused():
    with pytest.raises(PlanError, match=r"item 2.*command 85"):
        PlaneFlight(plan([], place(500, 0, 85)), PLANE)
    bare = plan([(500, 0)])
    with pytest.raises(PlanError, match="take-off"):
        PlaneFlight(replace(bare, items=bare.items[1:]), PLANE)
