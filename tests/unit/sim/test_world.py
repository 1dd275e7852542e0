from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from geofences.area import read_area
from geofences.terrain import read_geotiff
from sim.paths import TimedPath, line_passages
from sim.scenario import load_scenario
from sim.world import CLASS_NAMES, World, write_area_folder


def _side_of_line(world: World, en: np.ndarray) -> float:
    """+1 left, -1 right, by shapely and not by the world's own geometry."""
    line = shapely.LineString(world.border_en_m)
    point = shapely.Point(en)
    along = line.project(point)
    a, b = line.interpolate(along - 0.5), line.interpolate(along + 0.5)
    cross = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x)
    return float(np.sign(cross))


def test_a_seed_gives_one_world_and_another_seed_another() -> None:
    scenario = load_scenario("border_day")
    one, same, other = World(scenario, 5), World(scenario, 5), World(scenario, 6)
    assert one.crossings() == same.crossings()
    assert one.objects(77.0) == same.objects(77.0)
    assert one.area() == same.area()
    assert np.array_equal(one.terrain_grid().height_amsl_m, same.terrain_grid().height_amsl_m)
    assert one.crossings() != other.crossings()
    assert one.area() != other.area()


def test_every_crossing_is_where_and_when_its_object_changes_sides(day_world: World) -> None:
    line = shapely.LineString(day_world.border_en_m)
    paths = {who.object_id: who for who in day_world.inhabitants}
    crossings = day_world.crossings()
    assert len(crossings) > 100
    for crossing in crossings[:150]:
        who = paths[crossing.object_id]
        assert crossing.class_name == who.class_name in CLASS_NAMES
        place = who.path.position(crossing.t_s)
        assert np.hypot(place[0] - crossing.east_m, place[1] - crossing.north_m) < 1e-6
        assert line.distance(shapely.Point(place)) < 1e-6
        before = _side_of_line(day_world, who.path.position(crossing.t_s - 0.3))
        after = _side_of_line(day_world, who.path.position(crossing.t_s + 0.3))
        assert (before, after) == ((-1.0, 1.0) if crossing.to_side == "left" else (1.0, -1.0))
        expected = "Belmark->Arvenia" if crossing.to_side == "left" else "Arvenia->Belmark"
        assert crossing.direction == expected


def test_nobody_changes_sides_without_a_crossing(day_world: World) -> None:
    count: dict[int, int] = {}
    for crossing in day_world.crossings():
        count[crossing.object_id] = count.get(crossing.object_id, 0) + 1
    for who in day_world.inhabitants:
        if who.class_name in CLASS_NAMES:
            ends = [_side_of_line(day_world, who.path.en_m[i]) for i in (0, -1)]
            assert (ends[0] != ends[1]) == bool(count.get(who.object_id, 0) % 2)


def test_crossings_go_both_ways_spread_over_the_stretch_and_the_time(day_world: World) -> None:
    crossings = day_world.crossings()
    left = sum(c.to_side == "left" for c in crossings)
    assert 0.35 < left / len(crossings) < 0.65
    assert {c.class_name for c in crossings} == set(CLASS_NAMES)
    course = day_world.border_en_m[-1] - day_world.border_en_m[0]
    along = np.array([(c.east_m, c.north_m) for c in crossings]) @ (course / np.hypot(*course))
    assert along.min() < -200 < 200 < along.max()
    assert np.abs(along).max() < 290
    per_minute = np.histogram([c.t_s for c in crossings], bins=np.arange(60, 901, 60))[0]
    assert per_minute.min() >= 5


@pytest.mark.parametrize("seed", range(8))
def test_nobody_crosses_when_it_is_calm(seed: int) -> None:
    world = World(load_scenario("calm"), seed)
    assert world.crossings() == ()
    nearest = {"person": np.inf, "animal": np.inf}
    for t_s in np.arange(0.0, 400.0, 4.0):
        states = [s for s in world.objects(float(t_s)) if s.class_name in nearest]
        line = world.layout.line.signed_distance_m(np.array([(s.east_m, s.north_m) for s in states]))
        for state, distance in zip(states, np.abs(line), strict=True):
            nearest[state.class_name] = min(nearest[state.class_name], distance)
    # It is no empty test: people come right up to the line and animals go over it.
    assert nearest["person"] < 0.6
    assert nearest["animal"] < 3.0


def test_speeds_are_those_of_the_real_things(day_world: World) -> None:
    limits = {"person": 3.5, "vehicle": 12.5, "two-wheeler": 7.0, "animal": 3.5}
    for t_s in (50.0, 300.0, 700.0):
        for state in day_world.objects(t_s):
            assert state.speed_m_s <= limits[state.class_name]


def test_who_walks_together_keeps_apart(day_world: World) -> None:
    for t_s in (100.0, 400.0):
        people = [(s.object_id, s.east_m, s.north_m) for s in day_world.objects(t_s) if s.kind == "person"]
        ids, en = np.array([p[0] for p in people]), np.array([p[1:] for p in people])
        gap = np.hypot(*(en[:, None] - en[None]).transpose(2, 0, 1))
        neighbours = (np.abs(ids[:, None] - ids[None]) == 1) & (gap < 8.0)
        assert neighbours.any()
        assert np.median(gap[neighbours]) > 1.5


@pytest.mark.parametrize("seed", range(5))
def test_a_patrol_fits_the_fences_and_the_village_is_in_the_way(seed: int) -> None:
    world = World(load_scenario("border_day"), seed)
    layout, half = world.layout, world.scenario.patrol.stretch_m / 2
    inclusion, village = shapely.Polygon(layout.inclusion), shapely.Polygon(layout.village)
    border = shapely.LineString(world.border_en_m)
    for standoff in (60.0, 90.0):
        along = layout.line.to_plane(np.linspace(-half, half, 60), standoff)
        leg = shapely.LineString(along)
        assert inclusion.contains(leg.buffer(8.0))
        assert leg.distance(village) > 8.0
    for point in (layout.launch, *layout.rally):
        assert inclusion.contains(shapely.Point(point).buffer(8.0))
        assert village.distance(shapely.Point(point)) > 8.0
    assert inclusion.distance(border) > 5.0
    assert _side_of_line(world, layout.launch) == 1.0
    far_end = layout.line.to_plane(layout.mirror * half, 75.0)
    assert shapely.LineString([layout.launch, far_end]).intersects(village)


def test_relief_is_gentle_and_the_grid_tells_it(day_world: World) -> None:
    grid = day_world.terrain_grid()
    relief = grid.height_amsl_m - day_world.scenario.place.ground_amsl_m
    assert np.abs(relief).max() <= 25.0
    assert relief.max() - relief.min() > 10.0
    rng = np.random.default_rng(1)
    for east, north in rng.uniform(-1000, 1000, (50, 2)):
        lat, lon = day_world.to_lat_lon(float(east), float(north))
        assert abs(float(grid.height(lat, lon)) - day_world.height_amsl_m(float(east), float(north))) < 0.05


def test_the_area_folder_holds_the_place_and_no_truth(day_world: World, tmp_path: Path) -> None:
    write_area_folder(day_world, tmp_path / "area")
    assert sorted(p.name for p in (tmp_path / "area").iterdir()) == ["area.geojson", "terrain.tif"]
    area = read_area(tmp_path / "area" / "area.geojson")
    assert area == day_world.area()
    assert area.border.own == "Arvenia"
    launch = area.launch
    height = read_geotiff(tmp_path / "area" / "terrain.tif").height(launch.lat_deg, launch.lon_deg)
    assert abs(float(height) - day_world.ground_amsl_m(launch.lat_deg, launch.lon_deg)) < 0.05


def test_passages_over_a_line_are_found_in_order_with_their_sides() -> None:
    line = np.array([[-10.0, 0.0], [0.0, 0.0], [10.0, 0.0]])
    there_and_back = TimedPath(np.array([0.0, 2.0, 4.0]), np.array([[1.0, -1.0], [1.0, 1.0], [3.0, -1.0]]))
    found = line_passages(there_and_back, line)
    assert [(t, side) for t, _, side in found] == [(1.0, 1), (3.0, -1)]
    through_a_vertex = TimedPath(np.array([0.0, 2.0]), np.array([[0.0, -1.0], [0.0, 1.0]]))
    assert len(line_passages(through_a_vertex, line)) == 1
    beside = TimedPath(np.array([0.0, 9.0]), np.array([[-5.0, 0.2], [5.0, 0.2]]))
    assert line_passages(beside, line) == []


def test_who_stands_keeps_facing_the_way_it_came(day_world: World) -> None:
    standing = [s for s in day_world.objects(200.0) if s.speed_m_s == 0.0]
    assert standing
    for state in standing:
        assert np.isfinite(state.heading_deg)


def test_a_path_with_a_corner_on_the_line_passes_it_once():
    # Points that lie on the line but for rounding, where legs tested one by one would both miss it.
    rng = np.random.default_rng(5)
    for _ in range(300):
        a, b = rng.uniform(-400, 400, 2), rng.uniform(-400, 400, 2)
        on_line = a + rng.uniform(0.1, 0.9) * (b - a)
        across = np.array([a[1] - b[1], b[0] - a[0]]) / np.hypot(*(b - a))
        slant = across + rng.uniform(-0.8, 0.8) * (b - a) / np.hypot(*(b - a))
        way = np.array([on_line - 30.0 * slant, on_line, on_line + 30.0 * slant])
        found = line_passages(TimedPath(np.array([0.0, 10.0, 20.0]), way), np.array([a, b]))
        assert len(found) == 1
        assert found[0][0] == pytest.approx(10.0, abs=1e-6)
        assert found[0][2] == 1
