"""Shapes on a map: what they are for, what becomes of them in a plan or an area, and that nothing is guessed."""

import json
from dataclasses import replace

import pytest

from geofences.area import parse_area
from geofences.errors import PlanError
from missions.codec import DO_JUMP, MissionKind, WireItem
from missions.files import geojson
from missions.files.area_of_drawing import Sides, area_of
from missions.files.drawing import Drawing, Shape, role_given, with_role
from missions.files.fence_parts import parts_of
from missions.files.formats import as_plan
from missions.files.kml_read import decode_kml
from missions.files.kml_write import kml
from missions.files.plan_shapes import plan_shapes
from missions.plan_file import PlanFile

MISSION, FENCE, RALLY = MissionKind.MISSION, MissionKind.FENCE, MissionKind.RALLY
RING = ((47.0, 23.0), (47.0, 23.1), (47.1, 23.1))


@pytest.mark.parametrize(
    ("kind", "names", "role"),
    [
        ("polygon", ("No-fly zone",), "exclusion"),
        ("polygon", ("NOFLY 3",), "exclusion"),
        ("polygon", ("Keep out: farm",), "exclusion"),
        ("polygon", ("Geofence",), "inclusion"),
        ("polygon", ("Sector 4", "Inclusion areas"), "inclusion"),
        ("polygon", ("no_look",), "no_look"),
        ("polygon", ("Do not film",), "no_look"),
        ("polygon", ("Homes",), ""),
        ("polygon", ("Forest", "Untitled"), ""),
        ("line", ("State border fence",), "border"),
        ("line", ("Patrol route north",), "route"),
        ("line", ("Something",), ""),
        ("point", ("Take-off",), "launch"),
        ("point", ("Safe point 2",), "rally"),
        ("point", ("Fence post",), ""),
        ("point", ("Mast",), "obstacle"),
    ],
)
def test_roles_by_name(kind, names, role):
    assert role_given({}, kind, *names) == role


def test_a_property_says_the_role_before_any_name():
    assert role_given({"role": "No-Look"}, "polygon", "Fence") == "no_look"
    assert role_given({"radius_m": 5}, "point", "Fence") == "inclusion"


def test_an_area_without_a_role_is_never_taken_for_a_fence():
    drawing = Drawing((Shape("polygon", RING, name="Forest"), Shape("line", RING, name="way", role="route")))
    plan, not_carried = as_plan(drawing, "a.kml")
    assert plan.items[FENCE] == ()
    assert not_carried == ["1 polygon without a role left out: name what they are, or give --role"]
    with pytest.raises(PlanError, match=r"holds nothing that a plan has: 1 polygon without a role \(.*--role"):
        as_plan(Drawing(drawing.shapes[:1]), "a.kml")
    given, _ = as_plan(with_role(drawing, "exclusion"), "a.kml")
    assert [p.words for p in parts_of(given.items[FENCE])] == ["exclusion polygon"]
    with pytest.raises(PlanError, match="--role rally: needs a point"):
        with_role(drawing, "rally")
    with pytest.raises(PlanError, match="--role fence: is not known"):
        with_role(drawing, "fence")


def test_a_single_line_is_the_route_and_two_are_not():
    line = Shape("line", RING, name="way")
    plan, _ = as_plan(Drawing((line,)), "a.kml", 80.0)
    assert [(i.command, i.frame, i.z) for i in plan.items[MISSION]] == [(16, 0, 0.0), *[(16, 3, 80.0)] * 3]
    assert any("taken for the route" in n for n in plan.notes)
    assert any("80 m above home" in n for n in plan.notes)
    with pytest.raises(PlanError, match="2 lines without a role"):
        as_plan(Drawing((line, line)), "a.kml")


def test_areas_that_a_fence_cannot_be():
    def fence(*shapes):
        plan, not_carried = as_plan(Drawing(shapes), "a.geojson")
        return [p.words for p in parts_of(plan.items[FENCE])], not_carried, plan.notes

    hole = ((47.02, 23.05), (47.02, 23.06), (47.03, 23.06))
    inside = Shape("polygon", RING, (hole,), name="S", role="inclusion")
    assert fence(inside)[0] == ["inclusion polygon", "exclusion polygon"]
    words, not_carried, _ = fence(replace(inside, role="exclusion"))
    assert words == ["exclusion polygon"]
    assert "1 hole filled in: a fence has none, this forbids more" in not_carried[0]
    limited = replace(inside, properties={"ceiling_m": 120, "windows": "Mo 08:00-09:00"})
    assert len(fence(limited)[1]) == 2
    corridor = Shape("line", RING[:2], name="C", role="exclusion", properties={"half_width_m": 50})
    words, _, notes = fence(corridor)
    assert words == ["exclusion polygon"]
    assert "no corridors" in notes[0]
    circle = Shape("point", RING[:1], name="M", role="exclusion", properties={"radius_m": "80"})
    assert fence(circle)[0] == ["exclusion circle"]
    assert "stays in all of them at once" in fence(inside, inside)[2][-1]


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        (Shape("line", RING, role="inclusion", name="x", place="features[0]"), "an area only with its half_width_m"),
        (Shape("point", RING[:1], role="exclusion", place="features[0]"), "an area only with its radius_m"),
        (Shape("point", RING[:1], role="exclusion", properties={"radius_m": 0}, place="features[0]"), "radius_m is 0"),
        (Shape("polygon", RING, role="rally", place="features[0]"), "a rally point is not a polygon"),
        (Shape("polygon", RING, role="route", place="features[0]"), "a route is a line or points"),
        (Shape("polygon", (RING[0], RING[0], RING[1]), role="inclusion", place="features[0]"), "2 different corners"),
        (
            Shape(
                "polygon",
                tuple((47 + n / 1e4, 23 + n * n / 1e7) for n in range(300)),
                role="inclusion",
                place="features[0]",
            ),
            "300 corners",
        ),
        (Shape("none", role="item", properties={"seq": 1}, place="features[0]"), "command None is not a number"),
    ],
)
def test_shapes_that_make_no_plan(shape, said):
    with pytest.raises(PlanError) as error:
        as_plan(Drawing((shape,)), "a.geojson")
    assert error.value.message.startswith("a.geojson: features[0]")
    assert said in error.value.message


def mission(*commands):
    items = [WireItem(MISSION, 0, 16, 0, x=470000000, y=230000000, z=200.0)]
    items += [WireItem(MISSION, n, c, 3, 1.0, x=470000000 + n, y=230000000, z=40.0) for n, c in enumerate(commands, 1)]
    return PlanFile({MISSION: tuple(items), FENCE: (), RALLY: ()}, (47.0, 23.0, 200.0))


def test_what_is_moved_on_a_map_is_moved_in_the_plan():
    text = kml(plan_shapes(mission(16, 16))[0], "p").decode()
    assert "23,47.0000002,240" in text, "40 m above home is drawn at 240 m above the sea"
    plan, _ = as_plan(decode_kml(text.replace("23,47.0000002,240", "23.5,47.25,255").encode(), "a.kml"), "a.kml")
    assert [(i.x, i.y, i.z) for i in plan.items[MISSION][1:]] == [
        (470000001, 230000000, 40.0),
        (472500000, 235000000, 55.0),
    ]


def test_an_item_taken_out_on_a_map():
    def without_the_first(plan):
        shapes = [s for s in plan_shapes(plan)[0] if s.properties.get("seq") != 1]
        return as_plan(Drawing(tuple(shapes)), "a.kml")[0]

    plan = without_the_first(mission(16, 16))
    assert [(i.seq, i.x) for i in plan.items[MISSION]] == [(0, 470000000), (1, 470000002)]
    assert any("numbered again" in n for n in plan.notes)
    with pytest.raises(PlanError, match="one jumps by seq"):
        without_the_first(mission(16, 16, DO_JUMP))


def test_polygons_cut_at_the_180th_meridian_are_one():
    cut = {
        "type": "MultiPolygon",
        "coordinates": [
            [[[179.9, 65], [180, 65], [180, 65.1], [179.9, 65.1], [179.9, 65]]],
            [[[-180, 65], [-179.9, 65], [-179.9, 65.1], [-180, 65.1], [-180, 65]]],
        ],
    }
    document = {"type": "Feature", "properties": {"role": "inclusion"}, "geometry": cut}
    (shape,) = geojson.decode(json.dumps(document).encode(), "a").shapes
    assert {round(abs(lon), 6) for _, lon in shape.points} == {179.9, 180.0}
    assert {lon > 0 for _, lon in shape.points} == {True, False}, "corners on both sides"
    east = geojson.decode(b'{"type": "Point", "coordinates": [190.5, 1]}', "a").shapes[0]
    assert east.points == ((1.0, -169.5),)


AREA = {
    "type": "FeatureCollection",
    "properties": {"wind_max_m_s": 12},
    "features": [
        {"type": "Feature", "properties": {"role": "border", "name": "b", "left": "A", "right": "B", "own": "A"},
         "geometry": {"type": "LineString", "coordinates": [[23, 47], [23.1, 47.01]]}},
        {"type": "Feature", "properties": {"role": "inclusion", "name": "in", "ceiling_m": 120, "windows": "Mo-Fr 22:00-04:00"},
         "geometry": {"type": "Polygon", "coordinates": [[[23, 46.9], [23.1, 46.9], [23.1, 47.02], [23, 46.9]]]}},
        {"type": "Feature", "properties": {"role": "exclusion", "name": "circle", "radius_m": 80.5},
         "geometry": {"type": "Point", "coordinates": [23.08, 46.95]}},
        {"type": "Feature", "properties": {"role": "no_look", "name": "lane", "half_width_m": 20},
         "geometry": {"type": "LineString", "coordinates": [[23, 46.95], [23.1, 46.95]]}},
        {"type": "Feature", "properties": {"role": "launch", "name": "post"},
         "geometry": {"type": "Point", "coordinates": [23.06, 46.92]}},
    ],
}  # fmt: skip


def test_an_area_survives_kml_and_geojson():
    wanted = parse_area(json.dumps(AREA), "a")
    drawing = geojson.decode(json.dumps(AREA).encode(), "a.geojson")
    limits = Shape("none", role="limits", properties=AREA["properties"])
    for source in (drawing, decode_kml(kml((*drawing.shapes, limits), "a"), "a.kml")):
        raw, not_carried, notes = area_of(source, "a.kml")
        assert parse_area(raw.decode(), "b") == wanted
        assert not_carried == notes == []


def test_an_area_from_shapes_that_say_little():
    line = Shape("line", RING, name="River", role="border", properties={"fid": 7})
    with pytest.raises(PlanError, match=r"does not name its sides.*--left, --right, --own NAME"):
        area_of(Drawing((line,)), "a.shp")
    raw, not_carried, notes = area_of(Drawing((line, Shape("polygon", RING))), "a.shp", Sides("A", "B", "B"))
    assert json.loads(raw)["features"][0]["properties"] == {
        "role": "border",
        "name": "River",
        "left": "A",
        "right": "B",
        "own": "B",
    }
    assert not_carried == ["1 polygon without a role left out: name what they are, or give --role"]
    assert any("fid" in n for n in notes)
    assert any("not yet a whole area" in n and "launch" in n for n in notes)
    with pytest.raises(PlanError, match="nothing that an area has: 1 polygon without a role"):
        area_of(Drawing((Shape("polygon", RING),)), "a.shp")
