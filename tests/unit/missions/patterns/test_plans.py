"""Loop, corridor, sweep and orbit as plans: inside the fence, at their height, camera where the pattern means it."""

from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from shapely.geometry import LineString, Polygon

from geofences.border import BorderGeometry
from geofences.errors import PlanError
from missions.checks import check_plan
from missions.footprint import Camera, lane_spacing_m
from missions.patterns.area_sweep import AreaSweepRequest, area_sweep, plan_area_sweep
from missions.patterns.border_loop import BorderLoopRequest, plan_border_loop
from missions.patterns.corridor import CorridorRequest, corridor_path, plan_corridor
from missions.patterns.orbit import OrbitRequest, orbit_path, plan_orbit
from tests.unit.missions.places import FRAME, area, hills, lat_lon

LAT, LON = lat_lon((-300, 250))[0]
BLOCK = lat_lon((-600, 60), (500, 110), (700, 380), (-600, 380))
HILLS = hills()

PLANS = {
    "loop": (plan_border_loop, BorderLoopRequest(laps=3)),
    "corridor": (plan_corridor, CorridorRequest(laps=2)),
    "corridor along a road": (
        plan_corridor,
        CorridorRequest(line=lat_lon((-600, 300), (600, 350)), offset_m=-30.0, one_way=True),
    ),
    "sweep": (plan_area_sweep, AreaSweepRequest(outline=BLOCK)),
    "sweep ahead": (plan_area_sweep, AreaSweepRequest(outline=BLOCK, camera_depression_deg=50.0, laps=2)),
    "orbit": (plan_orbit, OrbitRequest(poi_lat_deg=LAT, poi_lon_deg=LON, radius_m=90.0, laps=3)),
    "orbit cut": (plan_orbit, OrbitRequest(poi_lat_deg=LAT, poi_lon_deg=LON, radius_m=150.0, laps=2, may_cut=True)),
    "hold": (plan_orbit, OrbitRequest(poi_lat_deg=LAT, poi_lon_deg=LON, radius_m=60.0, hold_s=90.0)),
}


def way_of(plan):
    placed = [i for i in plan.items if i.command in (16, 22)]
    return FRAME.to_plane([i.x / 1e7 for i in placed], [i.y / 1e7 for i in placed]), np.array([i.z for i in placed])


@pytest.mark.parametrize("terrain", [None, HILLS], ids=["level", "hills"])
@pytest.mark.parametrize("name", PLANS)
def test_every_pattern_passes_the_checks_at_its_height(name, terrain):
    plan_it, request = PLANS[name]
    place = area()
    plan = plan_it(place, terrain, request)
    assert [f for f in check_plan(plan, place, terrain) if f.severity == "error"] == []
    commands = [i.command for i in plan.items]
    assert (commands[0], commands[-1]) == (22, 20)
    jumps = [i for i in plan.items if i.command == 177]
    assert [j.param2 for j in jumps] == ([request.laps - 1.0] if request.laps > 1 else [])
    way, height = way_of(plan)
    lat, lon = FRAME.from_plane(way)
    ground = 0.0 if terrain is None else terrain.height(lat, lon)
    assert height[1:-1] + plan.home_alt_amsl_m - (ground if terrain is None else ground[1:-1]) == pytest.approx(
        np.full(len(height) - 2, 110.0), abs=0.2
    )


def test_the_loop_is_near_on_the_way_out_and_further_in_on_the_way_back():
    place = area(exclusions=())
    plan = plan_border_loop(place, None, BorderLoopRequest(standoff_m=60.0, return_standoff_m=160.0))
    way, _ = way_of(plan)
    border = BorderGeometry.from_line(place.border, FRAME)
    distance = border.locate(shapely.get_coordinates(shapely.segmentize(LineString(way[1:-1]), 10.0))).signed_distance_m
    assert (np.abs(distance - 60.0) < 3.0).mean() > 0.35
    assert (np.abs(distance - 160.0) < 3.0).mean() > 0.35


def test_the_corridor_keeps_its_offset_on_the_side_asked_for():
    line = np.array([[-600.0, 250.0], [0.0, 300.0], [600.0, 250.0]])
    room = Polygon([(-700, 100), (700, 100), (700, 400), (-700, 400)])
    for offset_m in (-50.0, 40.0):
        way = corridor_path(line, offset_m, room, 100.0, 900.0)
        fix = BorderGeometry(line).locate(shapely.get_coordinates(shapely.segmentize(LineString(way), 20.0)))
        assert fix.signed_distance_m == pytest.approx(np.full(len(fix.along_m), offset_m), abs=2.1)
        assert (fix.along_m.min(), fix.along_m.max()) == pytest.approx((100.0, 900.0), abs=12.0)


def test_a_corridor_goes_round_what_is_in_its_way():
    room = Polygon([(-700, 100), (700, 100), (700, 400), (-700, 400)], [[(-50, 180), (50, 180), (50, 320), (-50, 320)]])
    way = corridor_path(np.array([[-600.0, 250.0], [600.0, 250.0]]), 0.0, room)
    assert room.buffer(0.05).covers(LineString(way))
    assert LineString(way).length > 1200.0


def test_the_lanes_of_a_sweep_are_what_the_camera_shows_less_the_overlap():
    camera = Camera(hfov_deg=60.0)
    _, figures = area_sweep(area(), None, AreaSweepRequest(camera=camera, outline=BLOCK, overlap=0.3))
    assert figures.spacing_m == pytest.approx(lane_spacing_m(camera, 110.0, -90.0, 0.3))
    assert figures.spacing_m == pytest.approx(2.0 * 110.0 * math.tan(math.radians(30.0)) * 0.7)
    assert figures.gsd_m == pytest.approx(figures.strip_m / camera.width_px, rel=0.15)
    _, ahead = area_sweep(
        area(), None, AreaSweepRequest(camera=camera, outline=BLOCK, overlap=0.3, camera_depression_deg=45.0)
    )
    assert ahead.spacing_m == pytest.approx(lane_spacing_m(camera, 110.0, -45.0, 0.3))
    assert ahead.gsd_m > figures.gsd_m


def test_hills_narrow_the_lanes():
    level, hilly = (area_sweep(area(), t, AreaSweepRequest(outline=BLOCK))[1] for t in (None, HILLS))
    assert hilly.spacing_m < level.spacing_m
    assert 0.4 <= hilly.narrowed < 1.0


def test_the_whole_block_passes_through_the_strip():
    plan, figures = area_sweep(area(), None, AreaSweepRequest(outline=BLOCK, edge_m=5.0))
    way, _ = way_of(plan)
    block = Polygon(FRAME.to_plane(*np.array(BLOCK).T))
    village = Polygon([(50, 60), (250, 60), (250, 220), (50, 220)]).buffer(10.0, join_style="mitre")
    room = Polygon([(-700, 15), (-200, 15), (300, 95), (800, 95), (800, 400), (-700, 400)])
    reach = block.intersection(room.buffer(-10.0, join_style="mitre")).difference(village)
    assert reach.difference(LineString(way).buffer(0.5 * figures.strip_m)).area < 1.0


def test_straight_down_the_picture_lies_across_the_lane():
    plan = plan_area_sweep(area(), None, AreaSweepRequest(outline=BLOCK, lane_heading_deg=90.0))
    looks = {(i.param1, i.param2) for i in plan.items if i.command == 1000}
    assert all(pitch == -90.0 for pitch, _ in looks)
    long_ones = [i for i in plan.items if i.command == 1000 and abs(abs(i.param2) - 90.0) < 2.0]
    assert long_ones, "lanes to the east and west have their picture along the lane"


def test_the_orbit_closes_and_bulges_in_no_more_than_two_metres():
    for radius_m in (20.0, 100.0, 1500.0):
        way = orbit_path(np.array([5.0, -3.0]), radius_m, np.array([400.0, 80.0]))
        assert (way[0] == way[-1]).all()
        distance = LineString(way).distance(shapely.Point(5.0, -3.0))
        assert radius_m - 2.01 <= distance <= radius_m
        area_m2 = Polygon(way).exterior.is_ccw
        assert not area_m2, "clockwise"
        assert Polygon(orbit_path(np.zeros(2), radius_m, np.array([1.0, 0.0]), clockwise=False)).exterior.is_ccw


def test_the_camera_is_held_on_the_point_and_let_go():
    plan = plan_orbit(area(), HILLS, OrbitRequest(poi_lat_deg=LAT, poi_lon_deg=LON, radius_m=90.0, laps=2))
    commands = [i.command for i in plan.items]
    assert commands.count(195) == 1
    assert commands.count(197) == 1
    assert commands.index(195) < commands.index(177) < commands.index(197)
    roi = plan.items[commands.index(195)]
    assert (roi.x / 1e7, roi.y / 1e7) == pytest.approx((LAT, LON), abs=1e-6)
    assert roi.z + plan.home_alt_amsl_m == pytest.approx(float(HILLS.height(LAT, LON)) + 1.0, abs=0.1)


@pytest.mark.parametrize(
    ("plan_it", "request_", "says"),
    [
        (plan_border_loop, BorderLoopRequest(standoff_m=75.0, return_standoff_m=80.0), "way back is 80 m"),
        (plan_border_loop, BorderLoopRequest(stretch_m=(500.0, 100.0)), "stretch is from 500 to 100"),
        (plan_border_loop, BorderLoopRequest(return_standoff_m=900.0), "nothing of the line"),
        (plan_corridor, CorridorRequest(line=lat_lon((0, 0))), "one point"),
        (plan_corridor, CorridorRequest(one_way=True, laps=2), "one way"),
        (plan_area_sweep, AreaSweepRequest(overlap=0.0), "overlap is 0"),
        (plan_area_sweep, AreaSweepRequest(outline=BLOCK[:2]), "2 corners"),
        (plan_area_sweep, AreaSweepRequest(outline=(BLOCK[0], BLOCK[2], BLOCK[1], BLOCK[3])), "no polygon"),
        (plan_area_sweep, AreaSweepRequest(outline=lat_lon((0, 2000), (100, 2000), (50, 2100))), "nothing of the area"),
        (plan_area_sweep, AreaSweepRequest(height_agl_m=float("nan")), "height above ground is nan"),
        (plan_orbit, OrbitRequest(poi_lat_deg=LAT, poi_lon_deg=LON, radius_m=400.0), "orbit lie outside"),
        (plan_orbit, OrbitRequest(poi_lat_deg=LAT, poi_lon_deg=LON, hold_s=0.0), "time to hold is 0 s"),
        (plan_orbit, OrbitRequest(poi_lat_deg=LAT, poi_lon_deg=LON, hold_s=9.0, radius_m=400.0, hold_from_deg=180.0),
         "place to hold"),
        (plan_orbit, OrbitRequest(poi_lat_deg=math.nan, poi_lon_deg=LON), "point of interest"),
    ],
)  # fmt: skip
def test_what_cannot_be_flown_is_refused_with_a_reason(plan_it, request_, says):
    with pytest.raises(PlanError, match=says) as raised:
        plan_it(area(), None, request_)
    assert raised.value.remedy
