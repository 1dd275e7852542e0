"""QGroundControl's plan files: what is read, what is refused and where, and that what is written reads the same."""

import contextlib
import copy
import json
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofences.errors import PlanError
from missions.codec import MissionKind, WireItem, items_of
from missions.plan_file import parse_plan_file, read_plan_file
from missions.plan_file_write import plan_document, same_content, write_plan_file
from tests.helpers.patrol import small_plan

MISSION, FENCE, RALLY = MissionKind.MISSION, MissionKind.FENCE, MissionKind.RALLY


def simple(number, command, params, frame=3, **more):
    return {
        "autoContinue": True, "command": command, "doJumpId": number, "frame": frame, "params": params, "type": "SimpleItem",
        **more,
    }  # fmt: skip


DOCUMENT = {
    "fileType": "Plan",
    "version": 1,
    "groundStation": "QGroundControl",
    "mission": {
        "cruiseSpeed": 15, "hoverSpeed": 5, "firmwareType": 3, "vehicleType": 2, "version": 2,
        "plannedHomePosition": [49.0, 20.0, 300.5],
        "items": [
            simple(1, 22, [15, 0, 0, None, 49.0, 20.0, 20]),
            simple(4, 16, [0, 0, 0, None, 49.001, 20.0000001, 40.5]),
            {
                "type": "ComplexItem", "complexItemType": "survey", "version": 5,
                "TransectStyleComplexItem": {
                    "Items": [simple(5, 16, [0, 0, 0, None, 49.002, 20.0, 40]), simple(6, 206, [25, 0, 1, 0, 0, 0, 0], 2)]
                },
            },
            simple(7, 177, [4, 3, 0, 0, 0, 0, 0], 2),
            simple(8, 20, [0, 0, 0, 0, 0, 0, 0], 2),
        ],
    },
    "geoFence": {
        "version": 2,
        "polygons": [{"inclusion": True, "polygon": [[49, 20], [49, 20.1], [49.1, 20.1]], "version": 1}],
        "circles": [{"circle": {"center": [49.01, 20.01], "radius": 75.5}, "inclusion": False, "version": 1}],
        "breachReturn": [49.0, 20.0, 35],
    },
    "rallyPoints": {"points": [[49.0, 20.001, 30]], "version": 2},
}  # fmt: skip


def parse(document):
    return parse_plan_file(json.dumps(document))


def changed(path, value):
    document = copy.deepcopy(DOCUMENT)
    *way, last = path
    at = document
    for step in way:
        at = at[step]
    at[last] = value
    return document


def test_a_file_becomes_the_lists_of_the_wire():
    plan = parse(DOCUMENT)
    mission = plan.items[MISSION]
    assert [(i.seq, i.command) for i in mission] == [(0, 16), (1, 22), (2, 16), (3, 16), (4, 206), (5, 177), (6, 20)]
    assert (mission[0].frame, mission[0].x, mission[0].y, mission[0].z) == (0, 490_000_000, 200_000_000, 300.5)
    assert (mission[2].x, mission[2].y, mission[2].z) == (490_010_000, 200_000_001, 40.5)
    assert math.isnan(mission[2].param4)
    assert mission[5].param1 == 2.0, "a jump to the item that has that number in the file, which is the second"
    assert [(i.command, i.param1) for i in plan.items[FENCE]] == [(5001, 3)] * 3 + [(5004, 75.5), (5000, 0)]
    assert [(i.command, i.frame, i.x, i.z) for i in plan.items[RALLY]] == [(5100, 3, 490_000_000, 30.0)]
    assert "survey" in plan.notes[0]


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("fileType",), "Mission", "fileType"),
        (("version",), 9, "version"),
        (("mission",), None, "mission"),
        (("mission", "items"), {}, "mission.items"),
        (("mission", "items", 1, "type"), "Strange", "mission.items[1]"),
        (("mission", "items", 1, "params"), [0, 0], "mission.items[1].params"),
        (("mission", "items", 1, "params", 4), None, "mission.items[1].params[4]"),
        (("mission", "items", 1, "params", 4), 91, "mission.items[1].params[4]"),
        (("mission", "items", 1, "params", 0), "x", "mission.items[1].params[0]"),
        (("mission", "items", 1, "command"), 0, "mission.items[1].command"),
        (("mission", "items", 3, "params", 0), 77, "mission.items[3].params[0]"),
        (("mission", "items", 2, "complexItemType"), "fwLandingPattern", "mission.items[2]"),
        (("mission", "items", 2, "TransectStyleComplexItem"), {}, "mission.items[2]"),
        (("mission", "plannedHomePosition"), [1], "mission.plannedHomePosition"),
        (("geoFence", "polygons", 0, "polygon"), [[1, 2], [3, 4]], "geoFence.polygons[0].polygon"),
        (("geoFence", "polygons", 0, "inclusion"), None, "geoFence.polygons[0].inclusion"),
        (("geoFence", "circles", 0, "circle", "radius"), 0, "geoFence.circles[0].circle.radius"),
        (("geoFence", "circles", 0, "circle", "center"), [200, 0], "geoFence.circles[0].circle.center[0]"),
        (("rallyPoints", "points"), [[1, 2]], "rallyPoints.points[0]"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(path, value, place):
    with pytest.raises(PlanError) as error:
        parse(changed(path, value))
    assert f"plan: {place}: " in error.value.message


@pytest.mark.parametrize("raw", [b"", b"\xff\xfe", b"[]", b"null", b'{"fileType": "Plan"', b"[" * 100_000])
def test_what_is_no_plan_file_is_refused(raw):
    with pytest.raises(PlanError):
        parse_plan_file(raw)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(PlanError, match="nowhere"):
        read_plan_file(tmp_path / "nowhere.plan")


def test_what_is_written_reads_the_same(tmp_path):
    for items in (parse(DOCUMENT).items, {k: items_of(small_plan(49.0, 20.0, 300.0), k) for k in MissionKind}, {}):
        write_plan_file(tmp_path / "a.plan", plan_document(items))
        again = read_plan_file(tmp_path / "a.plan").items
        assert same_content(items, again)
        document = json.loads((tmp_path / "a.plan").read_text())
        assert document["mission"]["version"] == 2
        assert plan_document(again) == document, "and writes the same"
    assert [f.name for f in tmp_path.iterdir()] == ["a.plan"]


def test_another_content_is_another():
    items = dict(parse(DOCUMENT).items)
    moved = parse(changed(("rallyPoints", "points", 0, 0), 49.0000001)).items
    assert not same_content(items, moved)
    turned = parse(changed(("geoFence", "circles", 0, "inclusion"), True)).items
    assert not same_content(items, turned)


def test_a_fence_that_is_not_whole_is_not_written():
    half = [WireItem(FENCE, n, 5001, 0, 4.0) for n in range(3)]
    with pytest.raises(PlanError, match="not whole"):
        plan_document({FENCE: half})
    with pytest.raises(PlanError, match="6000"):
        plan_document({FENCE: [WireItem(FENCE, 0, 6000, 0)]})


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([16, 17, 19, 21, 22, 82]), st.integers(-900_000_000, 900_000_000),
            st.integers(-1_800_000_000, 1_800_000_000), st.floats(-500, 9000, width=32),
        ),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_every_place_survives_the_file(places):
    mission = [WireItem(MISSION, 0, 16, 0, z=1.0)]
    mission += [WireItem(MISSION, n, c, 3, x=x, y=y, z=z) for n, (c, x, y, z) in enumerate(places, 1)]
    again = parse_plan_file(json.dumps(plan_document({MISSION: mission}))).items
    assert [(i.x, i.y, i.z) for i in again[MISSION]] == [(i.x, i.y, i.z) for i in mission]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_damage_makes_more_than_a_plan_error(data):
    """Any value anywhere replaced by any other."""
    document = copy.deepcopy(DOCUMENT)
    at = document
    while True:
        key = data.draw(st.sampled_from(sorted(at) if isinstance(at, dict) else range(len(at))))
        inner = at[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.booleans()):
            break
        at = inner
    at[key] = data.draw(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=3), st.just([]), st.just({}))
    )
    with contextlib.suppress(PlanError):
        parse_plan_file(json.dumps(document))
