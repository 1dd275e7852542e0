"""Area files: everything that can be drawn comes back exactly, and nothing that was written is left out silently."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from geofences.area import (
    Area,
    BorderLine,
    Circle,
    Corridor,
    Height,
    NamedPoint,
    Obstacle,
    TimeWindow,
    WeatherLimits,
    Zone,
    area_text,
    parse_area,
    read_area,
)
from geofences.errors import ConfigError
from geofences.geodesy import LocalFrame
from geofences.outlines import drawn_zone
from geofences.shapes import zone_region

BORDER = BorderLine(((49.05, 22.69), (49.051, 22.71)), "Arvenia", "Belmark", "Arvenia")
LAUNCH = NamedPoint("Base", 49.0535, 22.695)
RING = ((49.051, 22.69), (49.051, 22.71), (49.056, 22.71))
HOLE = ((49.052, 22.70), (49.053, 22.704), (49.052, 22.704))
NIGHT = (TimeWindow(1320, 240, frozenset(range(5))), TimeWindow(0, 1440, frozenset({6})))
FULL = Area(
    BORDER,
    (Zone("Patrol", RING, (HOLE,), Height(30.0, "ground"), Height(120.0, "ground"), NIGHT, 25.0),),
    (
        drawn_zone("Tower", Circle(49.052, 22.7, 80.5), "exclusion", ceiling=Height(450.25, "amsl"), buffer_m=12.5),
        drawn_zone("Line", Corridor(((49.05, 22.69), (49.052, 22.7), (49.051, 22.71)), 33.0), "exclusion"),
    ),
    LAUNCH,
    (NamedPoint("Meadow", 49.0537, 22.696),),
    (Zone("School", RING, windows=NIGHT[:1]),),
    (Obstacle("Mast", 49.0501, 22.7001, 15.0, Height(62.0, "ground")),),
    (LAUNCH, NamedPoint("Ridge", 49.06, 22.72)),
    WeatherLimits(10.0, None, 1500.0, 0.0, -10.0, 40.0),
    500.0,
    True,
)


def test_an_area_with_everything_comes_back_exactly():
    assert parse_area(area_text(FULL), "a") == FULL


coordinate = st.tuples(st.floats(-89, 89), st.floats(-180, 180))
heights = st.none() | st.builds(Height, st.floats(-100, 9000), st.sampled_from(["amsl", "home", "ground"]))
windows = st.lists(
    st.builds(
        TimeWindow, st.integers(0, 1438), st.just(1439) | st.just(1440), st.frozensets(st.integers(0, 6), min_size=1)
    ),
    max_size=3,
).map(tuple)
rings = st.lists(coordinate, min_size=3, max_size=6, unique=True).map(tuple)


@st.composite
def zones(draw, role):
    floor, ceiling = (None, None) if role == "no_look" else (draw(heights), draw(heights))
    if floor and ceiling and floor.reference == ceiling.reference and floor.metres >= ceiling.metres:
        floor = None
    rest = (floor, ceiling, draw(windows), draw(st.floats(0, 500)))
    name, kind = draw(st.text(max_size=8)), draw(st.sampled_from(["polygon", "circle", "corridor"]))
    lat, lon = draw(coordinate)
    if kind == "circle":
        return drawn_zone(name, Circle(lat, lon, draw(st.floats(1, 5000))), role, *rest)
    if kind == "corridor":
        return drawn_zone(name, Corridor(((lat, lon), (lat + 0.01, lon)), draw(st.floats(1, 900))), role, *rest)
    return Zone(name, draw(rings), tuple(draw(st.lists(rings, max_size=2))), *rest)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_can_be_made_comes_back_exactly(data):
    area = Area(
        BORDER,
        tuple(data.draw(st.lists(zones("inclusion"), max_size=2))),
        tuple(data.draw(st.lists(zones("exclusion"), max_size=2))),
        LAUNCH,
        (),
        tuple(data.draw(st.lists(zones("no_look"), max_size=2))),
        no_look_beyond_m=data.draw(st.none() | st.floats(0, 5000)),
    )
    assert parse_area(area_text(area), "a") == area


def test_an_area_without_anything_new_is_written_as_it_always_was():
    old = Area(BORDER, (Zone("Patrol", RING),), (), LAUNCH, ())
    features = json.loads(area_text(old))["features"]
    assert [sorted(f["properties"]) for f in features] == [
        ["left", "own", "right", "role"],
        ["name", "role"],
        ["name", "role"],
    ]


def features_of(*more, **collection):
    document = json.loads(area_text(Area(BORDER, (), (), LAUNCH, ())))
    document["features"] += list(more)
    return json.dumps({**document, **collection})


def feature(role, kind="Polygon", coordinates=None, **properties):
    ring = [[lon, lat] for lat, lon in (*RING, RING[0])]
    coordinates = [ring] if coordinates is None else coordinates
    return {
        "type": "Feature",
        "properties": {"role": role, "name": "Quarry", **properties},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (feature("exclusion", celing_m=50), "did you mean 'ceiling_m'"),
        (feature("exclusion", ceiling_ft=400), "did you mean 'ceiling_m'"),
        (feature("exclusion", Ceiling_m=50), "did you mean 'ceiling_m'"),
        (feature("exclusion", window="22:00-04:00"), "did you mean 'windows'"),
        (feature("exclusion", buffer=50), "did you mean 'buffer_m'"),
        (feature("exclusion", floor=50), "did you mean 'floor_m'"),
        (feature("exclusion", radius_m=50), "radius_m belongs to a Point"),
        (feature("exclusion", half_width_m=50), "half_width_m belongs to a LineString"),
        (feature("exclusion", ceiling_m="50"), "not a number"),
        (feature("exclusion", ceiling_m=True), "not a number"),
        (feature("exclusion", ceiling_m=float("nan")), "not a number"),
        (feature("exclusion", ceiling_reference="amsl"), "without ceiling_m"),
        (feature("exclusion", ceiling_m=50, ceiling_reference="sea"), "'sea'"),
        (feature("exclusion", floor_m=90, ceiling_m=50), "not below its ceiling"),
        (feature("exclusion", windows="at night"), "'at night'"),
        (feature("exclusion", windows=5), "not a text"),
        (feature("exclusion", buffer_m=-5), "buffer of -5"),
        (feature("exclusion", "Point", [22.7, 49.05]), "radius_m"),
        (feature("exclusion", "Point", [22.7, 49.05], radius_m=0), "radius"),
        (feature("exclusion", "LineString", [[22.7, 49.05], [22.8, 49.05]]), "half_width_m"),
        (feature("exclusion", "GeometryCollection", []), "is no zone"),
        (feature("exclusion", "Polygon", []), "no corners"),
        (feature("exclusion", "Polygon", [[[22.7, 49.05], [22.8, "x"], [22.7, 49.1]]]), "no position"),
        (feature("exclusion", "Polygon", [[[49.05, 122.7], [49.05, 122.8], [49.1, 122.8]]]), "swapped"),
        (feature("no_look", ceiling_m=50), "means nothing for 'no_look'"),
        (feature("launch", "Polygon"), "is a Point"),
        (feature("launch", "Point", [22.7, 49.05], radius_m=50), "means nothing for 'launch'"),
        (feature("obstacle", "Point", [22.7, 49.05], radius_m=5, top_m=40), "top_reference"),
        (feature("obstacle", "Point", [22.7, 49.05], top_m=40, top_reference="ground"), "radius_m"),
        (feature("exclusoin"), "did you mean 'exclusion'"),
        (feature("limits", wind_max_ms=8), "did you mean 'wind_max_m_s'"),
        (feature("limits", wind_max_m_s=-8), "wind_max_m_s"),
        (feature("limits", no_look_beyond_m=-8), "no_look_beyond_m"),
        (feature("limits", inclusions="some"), "'some'"),
    ],
)
def test_what_would_be_left_out_or_misread_is_refused_with_file_number_and_name(wrong, says):
    with pytest.raises(ConfigError) as caught:
        parse_area(features_of(wrong), "a.geojson")
    assert says in str(caught.value)
    assert "a.geojson: feature 2 ('Quarry')" in str(caught.value)


def test_other_programs_properties_and_empty_columns_are_left_alone():
    harmless = feature(
        "exclusion", fid=7, id="x", stroke="#f00", fill="#0f0", description="old", OBJECTID=3, area=5.5, type="quarry",
        radius_m=None, ceiling_m=None, windows=None, own=None, title="q", notes="n", tessellate=-1, drawOrder=None,
    )  # fmt: skip
    (zone,) = parse_area(features_of(harmless), "a").exclusions
    assert zone == Zone("Quarry", RING)


def test_limits_from_a_feature_and_from_the_collection_but_not_two_that_differ():
    one = feature("limits", wind_max_m_s=8)
    assert parse_area(features_of(one, properties={"no_look_beyond_m": 300}), "a").no_look_beyond_m == 300.0
    assert parse_area(features_of(one), "a").weather == WeatherLimits(wind_max_m_s=8.0)
    with pytest.raises(ConfigError, match="wind_max_m_s"):
        parse_area(features_of(one, properties={"wind_max_m_s": 12}), "a")
    with pytest.raises(ConfigError, match="did you mean 'wind_max_m_s'"):
        parse_area(features_of(properties={"wind_max": 12}), "a")


def test_the_first_launch_point_is_home_and_there_is_one_border():
    more = feature("launch", "Point", [22.72, 49.06])
    area = parse_area(features_of(more), "a")
    assert [p.name for p in area.launches] == ["Base", "Quarry"]
    assert area.launch.name == "Base"
    second = {**json.loads(features_of())["features"][0]}
    with pytest.raises(ConfigError, match="second border"):
        parse_area(features_of(second), "a")
    with pytest.raises(ConfigError, match="first of the launch points"):
        Area(BORDER, (), (), LAUNCH, (), launches=(NamedPoint("Other", 49.0, 22.0), LAUNCH))


def box(west, east, south=10.0, north=10.1):
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def test_a_multipolygon_is_several_zones():
    two = feature("exclusion", "MultiPolygon", [[box(22.0, 22.1)], [box(22.3, 22.4)]], ceiling_m=50)
    area = parse_area(features_of(two), "a")
    assert [z.name for z in area.exclusions] == ["Quarry 1", "Quarry 2"]
    assert all(z.ceiling == Height(50.0) for z in area.exclusions)


def test_an_inclusion_in_parts_needs_to_be_told_that_one_is_enough():
    two = feature("inclusion", "MultiPolygon", [[box(22.0, 22.1)], [box(22.3, 22.4)]])
    with pytest.raises(ConfigError, match="inclusions: any"):
        parse_area(features_of(two), "a")
    area = parse_area(features_of(two, feature("limits", inclusions="any")), "a")
    assert area.union_of_inclusions
    assert len(area.inclusions) == 2


def test_what_a_file_cut_at_the_180th_meridian_is_one_zone_again():
    notch = [[180.0, 10.02], [179.96, 10.02], [179.96, 10.04], [180.0, 10.04]]
    west = box(179.9, 180.0)
    cut = [[[*west[:2], *notch, *west[2:]]], [box(-180.0, -179.8)]]
    (zone,) = parse_area(features_of(feature("inclusion", "MultiPolygon", cut)), "a").inclusions
    frame = LocalFrame(10.05, 180.0)
    region = zone_region(zone, frame, "inclusion")
    whole = LocalFrame(10.05, 180.0).to_plane([10.0, 10.1], [179.9, -179.8])
    width, height = whole[1] - whole[0]
    assert region.area == pytest.approx(width * height * (1 - 0.04 * 0.02 / (0.3 * 0.1)), rel=1e-3)
    assert region.covers(Point(frame.to_plane(10.08, -179.9999)))
    assert not region.covers(Point(frame.to_plane(10.03, 179.98)))
    border = json.loads(features_of())
    border["features"][0]["geometry"] = {
        "type": "MultiLineString", "coordinates": [[[179.9, 10.0], [180.0, 10.01]], [[-180.0, 10.01], [-179.9, 10.0]]]
    }  # fmt: skip
    area = parse_area(json.dumps(border), "a")
    assert len(area.border.points) == 3
    line = area.border.to_plane(frame)
    assert np.hypot(*np.diff(line, axis=0).T).sum() == pytest.approx(22_000, rel=0.02)
    assert parse_area(area_text(area), "a") == area


def test_a_ring_that_runs_on_over_180_degrees_and_longitudes_beyond_it_are_the_same():
    over = feature("exclusion", coordinates=[box(179.9, 180.2)])
    wrapped = feature("exclusion", coordinates=[[[179.9, 10.0], [-179.8, 10.0], [-179.8, 10.1], [179.9, 10.1]]])
    frame = LocalFrame(10.05, 180.0)
    areas = [zone_region(parse_area(features_of(f), "a").exclusions[0], frame, "exclusion") for f in (over, wrapped)]
    assert areas[0].symmetric_difference(areas[1]).area < 1.0
    assert areas[0].area == pytest.approx(32_890 * 11_060, rel=0.01)


@settings(max_examples=30, deadline=None)
@given(st.floats(-86, 86), st.floats(-180, 180), st.floats(1, 20_000))
def test_outlines_lie_round_an_exclusion_and_inside_an_inclusion(lat, lon, radius):
    frame = LocalFrame(lat, lon)
    for shape in (Circle(lat, lon, radius), Corridor(((lat, lon), (lat + 0.001, lon)), radius)):
        out = zone_region(drawn_zone("z", shape, "exclusion"), frame, "exclusion")
        inside = zone_region(drawn_zone("z", shape, "inclusion"), frame, "inclusion")
        angle = np.linspace(0.0, 6.28, 90)
        # From the first point southwards both have the same round end.
        ring = np.stack([np.sin(angle), -np.abs(np.cos(angle))], axis=-1) * radius
        assert all(out.covers(Point(p)) for p in ring * (1.0 - 1e-6))
        assert not any(inside.contains(Point(p)) for p in ring * (1.0 + 1e-6))
        assert inside.area > 0.995 * out.area


@pytest.mark.parametrize(
    "text", ['{"features": 3}', '{"features": [3]}', '{"features": [{"properties": 3}]}', "[" * 9999]
)
def test_garbage_is_one_clear_error(text):
    with pytest.raises(ConfigError, match=r"a\.geojson"):
        parse_area(text, "a.geojson")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.just(10**400) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_whatever_stands_in_the_place_of_a_value_there_is_an_area_or_one_clear_error(data):
    document = json.loads(area_text(FULL))
    target = document["features"][data.draw(st.integers(0, len(document["features"]) - 1))]
    where = data.draw(st.sampled_from(["properties", "geometry", "feature", "coordinates", "type"]))
    value = data.draw(json_values)
    if where == "feature":
        target.clear()
        target.update(value if isinstance(value, dict) else {"properties": value})
    elif where == "properties":
        target["properties"][data.draw(st.sampled_from(sorted(target["properties"])))] = value
    elif where == "geometry" or target["geometry"] is None:
        target["geometry"] = value
    else:
        target["geometry"][where] = value
    said = "a.geojson"
    try:
        parse_area(json.dumps(document), "a.geojson")
    except ConfigError as error:
        said = str(error)
    assert "a.geojson" in said


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "area.geojson").write_text(area_text(FULL), encoding="utf-8-sig")
    assert read_area(tmp_path / "area.geojson") == FULL
