"""Zones with heights and hours, obstacles, ground, battery, link, camera, two aircraft: each found, and not where it is not."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofences.area import Area, BorderLine, Height, NamedPoint, Obstacle, TimeWindow, WeatherLimits, Zone
from geofences.errors import PlanError
from geofences.terrain import TerrainGrid
from geofences.weather import Weather
from missions.chart import Chart
from missions.checks import CheckLimits, Circumstances, Override, check_plan, check_plans, limits_for
from missions.checks.ground import Clearance
from missions.codec import degrees_e7
from missions.flown_path import flown_path
from missions.performance import KNOWN
from missions.plan import FenceCircle, FencePlan, FencePolygon, MissionItem, Plan, RallyPoint

LAT, LON = 49.0, 22.0
CHART = Chart(LAT, LON)
COPTER, PLANE = KNOWN["quadcopter"], KNOWN["plane"]
GIVEN = Circumstances(COPTER)


def lat_lon(*points):
    lat, lon = CHART.from_map(np.array(points, dtype=float))
    return tuple(zip(lat.tolist(), lon.tolist(), strict=True))


def waypoint(east, north, alt=80.0, command=16, frame=3, **params):
    ((lat, lon),) = lat_lon((east, north))
    return MissionItem(command, frame, x=degrees_e7(lat), y=degrees_e7(lon), z=alt, **params)


BOX = ((-2000, -2000), (2000, -2000), (2000, 2000), (-2000, 2000))
FENCE = FencePlan((FencePolygon("box", lat_lon(*BOX)),), (), 150.0, 5.0)


def plan(*items, fence=FENCE, rally=(), name="p"):
    return Plan(name, LAT, LON, 300.0, (MissionItem(22, 3, z=80.0), *items, MissionItem(20, 2)), fence, rally)


def area(**parts):
    border = BorderLine(lat_lon((-5000, 1500), (5000, 1500)), "north", "south", "south")
    made = Area(border, (), (), NamedPoint("launch", LAT, LON), ())
    return replace(made, **parts)


def codes(*args, severity="error", **kwargs):
    return {f.code for f in check_plan(*args, **kwargs) if f.severity == severity}


OUT_AND_BACK = plan(waypoint(1000, 0), waypoint(1000, 500))
MIDDLE = lat_lon((400, -50), (600, -50), (600, 50), (400, 50))


def zone(points=MIDDLE, **parts):
    return Zone("wood", points, **parts)


# -- circles -------------------------------------------------------------------------------------------------------


def test_circles_are_kept_as_the_aircraft_keeps_them():
    ((lat, lon),) = lat_lon((500, 100))
    for radius, found in ((94.0, set()), (96.0, {"leg_near_fence"}), (101.0, {"leg_outside"})):
        fence = replace(FENCE, exclusion_circles=(FenceCircle("hill", lat, lon, radius),))
        assert codes(plan(waypoint(1000, 0), waypoint(1000, -300), waypoint(0, -10), fence=fence)) >= found
        if not found:
            assert codes(plan(waypoint(1000, 0), waypoint(1000, -300), fence=fence)) == set()
    inside = FencePlan((), (), 150.0, 5.0, inclusion_circles=(FenceCircle("all", LAT, LON, 1004.0),))
    assert codes(plan(waypoint(1000, 0), fence=inside)) == {"leg_near_fence"}
    assert codes(plan(waypoint(0, 990), waypoint(500, 0), fence=inside)) == set()
    assert "bad_circle" in codes(
        plan(waypoint(1, 1), fence=replace(inside, inclusion_circles=(FenceCircle("x", LAT, LON, 0.0),)))
    )


def test_circles_count_against_the_storage():
    circles = tuple(FenceCircle(f"c{k}", LAT, LON + 0.01, 50.0) for k in range(41))
    assert "fence_too_big" not in codes(plan(waypoint(1, 500), fence=replace(FENCE, exclusion_circles=circles[:40])))
    assert "fence_too_big" in codes(plan(waypoint(1, 500), fence=replace(FENCE, exclusion_circles=circles)))


# -- zones ---------------------------------------------------------------------------------------------------------


def test_a_zone_with_heights_forbids_only_its_slab():
    def found(floor, ceiling):
        return codes(OUT_AND_BACK, area(exclusions=(zone(floor=floor, ceiling=ceiling),)))

    assert "zone_entered" in found(None, None)
    assert "zone_entered" in found(Height(60.0), Height(100.0))
    assert found(Height(90.0), None) == set()
    assert found(None, Height(70.0)) == set()
    assert "zone_entered" in found(None, Height(385.0, "amsl"))
    assert found(None, Height(375.0, "amsl")) == set()
    flat = TerrainGrid(np.full((61, 61), 320.0, dtype=np.float32), 49.1, 21.9, 0.2 / 60, 0.2 / 60)
    low = CheckLimits(min_agl_m=10.0)
    on_ground = area(exclusions=(zone(ceiling=Height(65.0, "ground")),))
    assert "zone_entered" in codes(OUT_AND_BACK, on_ground, flat, low)
    under = area(exclusions=(zone(ceiling=Height(55.0, "ground")),))
    assert codes(OUT_AND_BACK, under, flat, low) == set()
    # Above ground that nobody knows it may be there.
    assert "zone_entered" in codes(OUT_AND_BACK, under)


def test_a_thin_slab_is_not_jumped_over():
    climbing = plan(waypoint(1000, 0, 140.0), waypoint(1000, 500, 140.0))
    thin = area(exclusions=(zone(floor=Height(110.0), ceiling=Height(110.01)),))
    assert "zone_entered" in codes(climbing, thin)


def test_a_zone_by_the_clock():
    night = area(exclusions=(zone(windows=(TimeWindow(22 * 60, 4 * 60),)),))
    noon, midnight = 1_777_896_000_000_000, 1_777_852_800_000_000
    assert "zone_entered" in codes(OUT_AND_BACK, night, given=replace(GIVEN, t_utc_us=midnight))
    assert codes(OUT_AND_BACK, night, given=replace(GIVEN, t_utc_us=noon)) == set()
    assert "zone_entered" in codes(OUT_AND_BACK, night), "a time that is not known sets nobody free"
    # It begins while the flight is on its way.
    soon = noon + 10 * 3600 * 1_000_000 - 60 * 1_000_000
    assert "zone_entered" in codes(OUT_AND_BACK, night, given=replace(GIVEN, t_utc_us=soon))
    open_by_day = area(inclusions=(zone(lat_lon(*BOX), windows=(TimeWindow(6 * 60, 18 * 60),)),))
    assert codes(OUT_AND_BACK, open_by_day, given=replace(GIVEN, t_utc_us=noon)) == set()
    assert "zone_closed" in codes(OUT_AND_BACK, open_by_day, given=replace(GIVEN, t_utc_us=midnight))


def test_buffers_and_holes():
    beside = lat_lon((400, 20), (600, 20), (600, 80), (400, 80))
    fence = replace(FENCE, exclusions=(FencePolygon("wood", beside),))
    way = plan(waypoint(1000, 0), waypoint(1000, -300), fence=fence)
    assert codes(way, area(exclusions=(zone(beside, buffer_m=10.0),))) == set()
    assert codes(way, area(exclusions=(zone(beside, buffer_m=25.0),))) == {"zone_entered"}
    ring = zone(
        lat_lon((100, -400), (900, -400), (900, 400), (100, 400)),
        holes=(lat_lon((300, -300), (700, -300), (700, 300), (300, 300)),),
    )
    inner = plan(waypoint(500, 100))
    found = [f for f in check_plan(inner, area(exclusions=(ring,))) if f.code == "zone_entered"]
    assert len(found) == 2, "on the way there and on the way home, not in the hole"
    holed = zone(lat_lon(*BOX), holes=(MIDDLE,))
    assert {"zone_left", "zone_missing"} <= codes(OUT_AND_BACK, area(inclusions=(holed,)))


def test_the_heights_of_an_inclusion():
    capped = area(inclusions=(zone(lat_lon(*BOX), ceiling=Height(70.0)),))
    assert codes(OUT_AND_BACK, capped) == {"zone_height"}
    assert (
        codes(OUT_AND_BACK, area(inclusions=(zone(lat_lon(*BOX), ceiling=Height(90.0), floor=Height(40.0)),))) == set()
    )
    low, high = (zone(lat_lon(*BOX), ceiling=Height(h)) for h in (70.0, 90.0))
    assert codes(OUT_AND_BACK, area(inclusions=(low, high), union_of_inclusions=True)) == set()
    assert codes(OUT_AND_BACK, area(inclusions=(low, low), union_of_inclusions=True)) == {"zone_height"}


def test_a_zone_that_the_fence_holds_in_another_drawing_is_not_missing():
    more = lat_lon((400, -50), (500, -50), (600, -50), (600, 50), (400, 50))
    fence = replace(FENCE, exclusions=(FencePolygon("wood", more),))
    around = plan(waypoint(200, 300), waypoint(1000, 300), fence=fence)
    assert "zone_missing" not in codes(around, area(exclusions=(zone(),)))
    smaller = replace(FENCE, exclusions=(FencePolygon("wood", lat_lon((450, -50), (600, -50), (600, 50), (450, 50))),))
    assert "zone_missing" in codes(replace(around, fence=smaller), area(exclusions=(zone(),)))
    slab = area(exclusions=(zone(floor=Height(100.0)),))
    assert codes(OUT_AND_BACK, slab, severity="warning") >= {"zone_by_plan_only"}


def test_obstacles_in_three_dimensions():
    ((lat, lon),) = lat_lon((500, 14))
    mast = Obstacle("mast", lat, lon, 2.0, Height(75.0))
    assert codes(OUT_AND_BACK, area(obstacles=(mast,))) == set(), "12 m away with its radius"
    nearer = replace(mast, radius_m=5.0)
    assert codes(OUT_AND_BACK, area(obstacles=(nearer,))) == {"obstacle"}
    assert codes(OUT_AND_BACK, area(obstacles=(replace(nearer, top=Height(69.0)),))) == set()
    assert codes(OUT_AND_BACK, area(obstacles=(replace(nearer, top=Height(369.5, "amsl")),))) == set()
    assert codes(OUT_AND_BACK, area(obstacles=(replace(nearer, top=Height(40.0, "ground")),))) == {"obstacle"}


# -- ground --------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_least_height_above_ground_is_exact(seed):
    rng = np.random.default_rng(seed)
    grid = TerrainGrid(rng.uniform(250.0, 330.0, (41, 41)).astype(np.float32), 49.02, 21.97, 0.001, 0.0015)
    spots = [waypoint(*rng.uniform(-900, 900, 2), float(rng.uniform(20, 120))) for _ in range(3)]
    path = flown_path(plan(*spots), COPTER)
    pieces = path.pieces()
    clear = Clearance(path, pieces, 300.0, grid, -1.0)
    assert not clear.unknown.any()
    t = np.linspace(0.0, 1.0, 3001)
    for row, (a, b) in enumerate(pieces):
        lat, lon = CHART.from_map(path.map_m[a] + t[:, None] * (path.map_m[b] - path.map_m[a]))
        agl = (
            300.0
            + path.alt_rel_home_m[a]
            + t * (path.alt_rel_home_m[b] - path.alt_rel_home_m[a])
            - grid.height(lat, lon)
        )
        assert clear.agl_m[row] == pytest.approx(agl.min(), abs=0.1)


def test_a_ridge_between_two_posts_of_a_route_is_found():
    heights = np.full((201, 201), 290.0, dtype=np.float32)
    heights[:, 115] = 360.0
    ridge = TerrainGrid(heights, 49.05, 21.95, 0.0005, 0.0005)
    assert codes(plan(waypoint(1500, 0), waypoint(1500, 400)), terrain=ridge) >= {"too_low"}
    high = plan(waypoint(1500, 0, 140.0), waypoint(1500, 400, 140.0))
    up_first = replace(high, items=(MissionItem(22, 3, z=140.0), *high.items[1:]))
    assert codes(up_first, terrain=ridge) == set()
    # Round the end of a short ridge there is no need to climb; straight home there is.
    short = heights.copy()
    short[:90] = short[112:] = 290.0
    part = replace(ridge, height_amsl_m=short)
    round_it = plan(waypoint(0, 1500), waypoint(1500, 1500), waypoint(1500, 0), waypoint(1500, 1500), waypoint(0, 1500))
    assert codes(round_it, terrain=part) == set()
    assert "rtl_too_low" in codes(round_it, terrain=part, severity="warning")
    assert "rtl_too_low" not in codes(round_it, terrain=part, limits=CheckLimits(rtl_alt_m=110.0), severity="warning")
    follows = plan(
        waypoint(300, 0, 80.0, frame=10),
        waypoint(1500, 0, 80.0, frame=10),
        waypoint(1500, 400, 80.0, frame=10),
        fence=replace(FENCE, alt_max_rel_home_m=300.0),
    )
    found = {f.item_seq for f in check_plan(follows, terrain=ridge) if f.code == "too_low"}
    assert found <= {4}, "it follows the ground up the ridge; only the way home is straight"


def test_terrain_that_hides_the_aircraft():
    heights = np.full((201, 201), 300.0, dtype=np.float32)
    heights[:, 112:114] = 345.0
    wall = TerrainGrid(heights, 49.05, 21.95, 0.0005, 0.0005)
    warned = codes(plan(waypoint(1900, 0), waypoint(1900, 300)), terrain=wall, given=GIVEN, severity="warning")
    assert "no_line_of_sight" in warned
    assert "no_line_of_sight" not in codes(plan(waypoint(300, 0)), terrain=wall, given=GIVEN, severity="warning")


# -- battery, link, weather ----------------------------------------------------------------------------------------


def test_battery_and_reserve():
    tired = replace(COPTER, endurance_s=600.0)
    assert codes(OUT_AND_BACK, given=Circumstances(tired)) == {"battery"}
    assert codes(OUT_AND_BACK, given=GIVEN) == set()
    assert codes(OUT_AND_BACK, given=Circumstances(tired, assumed=True)) == set()
    assert "battery" in codes(OUT_AND_BACK, given=Circumstances(tired, assumed=True), severity="warning")
    assert codes(OUT_AND_BACK) == set(), "nobody said what flies it"
    windy = replace(COPTER, endurance_s=1200.0, wind_max_m_s=20.0, airspeed_max_m_s=12.0)
    assert codes(OUT_AND_BACK, given=Circumstances(windy)) == set()
    assert "battery" in codes(OUT_AND_BACK, given=Circumstances(windy, wind_en_m_s=(10.0, 0.0)))


def test_link_range():
    short = Circumstances(replace(COPTER, link_range_m=900.0))
    (finding,) = [f for f in check_plan(OUT_AND_BACK, given=short) if f.code == "link_range"]
    assert (finding.severity, finding.item_seq) == ("error", 2)


def test_weather():
    limits = area(weather=WeatherLimits(wind_max_m_s=8.0, rain_max_mm_h=1.0))
    calm = Circumstances(COPTER, wind_en_m_s=(3.0, 0.0), weather=Weather(rain_mm_h=0.0))
    assert codes(OUT_AND_BACK, limits, given=calm) == set()
    assert codes(OUT_AND_BACK, limits, given=replace(calm, wind_en_m_s=(9.0, 0.0))) == {"weather_wind"}
    assert codes(OUT_AND_BACK, limits, given=replace(calm, weather=Weather(rain_mm_h=2.0))) == {"weather_rain"}
    assert "weather_rain_unknown" in codes(OUT_AND_BACK, limits, given=replace(calm, weather=None), severity="warning")
    assert "wind_limit" in codes(OUT_AND_BACK, given=replace(calm, wind_en_m_s=(11.0, 0.0)))


# -- the camera ----------------------------------------------------------------------------------------------------


def look(pitch, yaw, flags=16):
    return MissionItem(1000, 2, float(pitch), float(yaw), x=flags)


def test_what_the_camera_may_not_look_at():
    houses = area(no_look=(Zone("houses", lat_lon((400, 60), (600, 60), (600, 160), (400, 160))),))
    north = plan(look(-45, 0), waypoint(1000, 0), waypoint(1000, -300))
    (finding,) = {(f.code, f.item_seq) for f in check_plan(north, houses) if f.severity == "error"}
    assert finding == ("no_look", 3)
    assert codes(plan(look(-45, 180), waypoint(1000, 0), waypoint(1000, -300)), houses) == set()
    assert codes(plan(look(-89, 0), waypoint(1000, 0), waypoint(1000, -300)), houses) == set()
    nose_left = plan(look(-45, -90, 0), waypoint(1000, 0), waypoint(1000, -300))
    assert codes(nose_left, houses) == {"no_look"}
    assert "camera_unknown" in codes(OUT_AND_BACK, houses, severity="warning")
    ((lat, lon),) = lat_lon((500, 110))
    roi = MissionItem(195, 0, x=degrees_e7(lat), y=degrees_e7(lon), z=300.0)
    assert codes(plan(roi, waypoint(1000, 0), waypoint(1000, -300)), houses) == {"no_look"}


def test_the_neighbours_land():
    along = plan(look(-45, 0), waypoint(0, 1400), waypoint(800, 1400))
    assert codes(along, area(no_look_beyond_m=300.0)) == set()
    assert codes(along, area(no_look_beyond_m=10.0)) == {"no_look"}


# -- planes --------------------------------------------------------------------------------------------------------


def test_a_planes_turn_needs_its_room():
    near = plan(waypoint(1800, 0), waypoint(1800, 600), waypoint(0, 600))
    assert codes(near) == set()
    back = plan(waypoint(1500, 1850), waypoint(-1500, 1850), waypoint(1500, 1800), waypoint(0, 1000))
    given = Circumstances(PLANE)
    assert "turn_outside" not in codes(back)
    assert "turn_outside" in codes(back, given=Circumstances(PLANE, wind_en_m_s=(0.0, 12.0)))
    assert limits_for(PLANE).check_hz == 3.0
    assert "fence_rate" in codes(near, given=given, severity="warning")


# -- two aircraft --------------------------------------------------------------------------------------------------


def test_two_aircraft_too_close():
    one = plan(waypoint(1000, 0), name="one")
    across = plan(waypoint(500, -500), waypoint(500, 500), name="two")
    higher = replace(across, items=tuple(replace(i, z=i.z + 40.0) if i.z else i for i in across.items))
    assert check_plans([one]) == []
    (finding,) = check_plans([one, across])
    assert finding.code == "too_close"
    assert "'one'" in finding.text
    later = check_plans([one, across], starts_s=[0.0, 2000.0])
    assert later == []
    # Both begin and end at one place, so height parts them on the way only.
    (finding,) = check_plans([one, higher])
    assert "0 s after the first take-off" in finding.text
    with pytest.raises(PlanError, match="as many"):
        check_plans([one, across], starts_s=[0.0])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_separation_is_what_small_steps_find(seed):
    from missions.plan_time import plan_time

    rng = np.random.default_rng(seed)
    two = [
        plan(*(waypoint(*rng.uniform(-400, 400, 2), float(rng.uniform(40, 110))) for _ in range(3)), name=str(k))
        for k in range(2)
    ]
    starts = [0.0, float(rng.uniform(0, 200))]
    limits = CheckLimits(apart_m=40.0, apart_up_m=15.0)
    tracks = []
    for each, start in zip(two, starts, strict=True):
        legs = plan_time(each, COPTER).legs
        t = np.array([legs[0].start_s, *(leg.start_s + leg.duration_s for leg in legs)]) + start
        e = [legs[0].from_en_m[0], *(leg.to_en_m[0] for leg in legs)]
        n = [legs[0].from_en_m[1], *(leg.to_en_m[1] for leg in legs)]
        u = [legs[0].from_alt_rel_home_m, *(leg.to_alt_rel_home_m for leg in legs)]
        tracks.append((t, e, n, u))
    when = np.arange(max(t[0][0] for t in tracks), min(t[0][-1] for t in tracks), 0.05)
    a, b = (np.stack([np.interp(when, t, v) for v in (e, n, u)]) for t, e, n, u in tracks)
    flying = (a[2] > 1.5) & (b[2] > 1.5)
    slack = 0.6

    def near(more):
        return bool((flying & (np.hypot(*(a - b)[:2]) < 40.0 + more) & (np.abs(a - b)[2] < 15.0 + more)).any())

    told = bool(check_plans(two, starts_s=starts, limits=limits))
    if near(-slack):
        assert told
    if told:
        assert near(slack) or not flying.all()


def test_an_override_needs_a_name_and_a_reason():
    assert Override("Novak", "drawn wrong").name == "Novak"
    for name, reason in (("", "x"), ("Novak", "  "), ("No\nvak", "x"), ("n" * 501, "x")):
        with pytest.raises(PlanError, match="override"):
            Override(name, reason)


def test_the_whole_way_home_is_judged_not_only_from_the_items():
    wall = FencePolygon("wall", lat_lon((200, 270), (300, 270), (300, 330), (200, 330)))
    fence = replace(FENCE, exclusions=(wall,))
    # From both ends of the leg the way home is free, from its middle it is not.
    way = plan(waypoint(-200, 600), waypoint(1500, 600), waypoint(1500, -200), fence=fence)
    (warning,) = [f for f in check_plan(way) if f.code == "rtl_blocked"]
    assert "on the way to item 3" in warning.text
    assert "from item" not in warning.text
    ((lat, lon),) = lat_lon((900, 560))
    with_rally = replace(way, rally=(RallyPoint(lat, lon, 60.0),))
    assert [f for f in check_plan(with_rally) if f.code == "rtl_blocked"] == []
    assert math.isfinite(warning.lat_deg)


def test_heights_that_are_not_known():
    void = TerrainGrid(np.full((61, 61), np.nan, dtype=np.float32), 49.1, 21.9, 0.2 / 60, 0.2 / 60)
    above_ground = plan(waypoint(1000, 0, 80.0, frame=10), waypoint(1000, 300))
    assert codes(above_ground, terrain=void) == {"terrain_unknown"}
    assert codes(plan(waypoint(1000, 0, math.nan))) == {"bad_altitude"}


def test_jumps_within_jumps_end():
    jumps = [MissionItem(177, 2, 2.0, -1.0) for _ in range(30)]
    spots = [waypoint(100 + 10 * k, 0) for k in range(30)]
    nested = plan(*(item for pair in zip(spots, jumps, strict=True) for item in pair))
    assert "endless_jump" in codes(nested, severity="warning")
