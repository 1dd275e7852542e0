"""Files in the layouts of other programs load, with what they mean; see data/README.md for the layouts."""

import json
import math
import zipfile
from pathlib import Path

import pytest

from geofences.errors import PlanError
from missions.codec import MissionKind
from missions.files import geojson, qgc_plan, shapefile
from missions.files.convert import convert
from missions.files.fence_parts import parts_of
from missions.files.formats import as_plan, format_in, read_any, read_plan
from missions.files.kml_read import read_kml
from missions.plan_file_write import plan_document

DATA = Path(__file__).parent / "data"
MISSION, FENCE, RALLY = MissionKind.MISSION, MissionKind.FENCE, MissionKind.RALLY


def words(plan):
    return [p.words for p in parts_of(plan.items[FENCE])]


def test_qgroundcontrol_plan_with_surveys():
    plan = qgc_plan.read(DATA / "qgc_survey.plan")
    assert [(i.seq, i.command, i.frame) for i in plan.items[MISSION]] == [
        (0, 16, 0), (1, 22, 3), (2, 16, 0), (3, 16, 3), (4, 206, 2), (5, 16, 3), (6, 16, 10), (7, 16, 10), (8, 177, 2), (9, 20, 2),
    ]  # fmt: skip
    assert plan.items[MISSION][8].param1 == 2.0
    assert plan.home == (47.63244, 23.38974, 0.0), "QGroundControl did not know the ground at home"
    assert words(plan) == ["inclusion polygon", "exclusion polygon", "exclusion circle", "return point"]
    assert plan.items[FENCE][0].x == 476200000
    assert [i.z for i in plan.items[RALLY]] == [45.5, 60.0]
    assert (plan.cruise_speed_m_s, plan.hover_speed_m_s) == (16, 6.5)


def test_a_plan_file_written_again_says_all_that_it_said():
    document = json.loads((DATA / "qgc_survey.plan").read_text())
    again = json.loads(qgc_plan.encode(qgc_plan.read(DATA / "qgc_survey.plan"))[0])
    assert again["mission"]["firmwareType"] == 12
    assert again["mission"]["globalPlanAltitudeMode"] == 0
    assert again["mission"]["items"][1] == document["mission"]["items"][1], "height above terrain as it was entered"
    for number in (2, 3):
        kept, was = again["mission"]["items"][number], document["mission"]["items"][number]
        assert {k: v for k, v in kept.items() if k != "TransectStyleComplexItem"} == {
            k: v for k, v in was.items() if k != "TransectStyleComplexItem"
        }
        assert (
            kept["TransectStyleComplexItem"]["Items"][0]["params"]
            == was["TransectStyleComplexItem"]["Items"][0]["params"]
        )
    plan = qgc_plan.read(DATA / "qgc_survey.plan")
    changed = dict(plan.items) | {MISSION: plan.items[MISSION][:-1]}
    other = plan_document(changed, kept=plan.kept)
    assert {i["type"] for i in other["mission"]["items"]} == {"SimpleItem"}, "not kept for another mission"


def test_unknown_keys_are_kept():
    document = json.loads((DATA / "qgc_survey.plan").read_text())
    document["rallyPoints"]["colour"] = document["later"] = {"x": [1]}
    again = json.loads(qgc_plan.encode(qgc_plan.decode(json.dumps(document).encode(), "a.plan"))[0])
    assert again["later"] == again["rallyPoints"]["colour"] == {"x": [1]}


@pytest.mark.parametrize("suffix", [".geojson", ".kml", ".kmz"])
def test_maps_keep_what_a_plan_file_says_beside_the_lists(suffix, tmp_path):
    document = json.loads((DATA / "qgc_survey.plan").read_text())
    document["mission"]["items"] = [i for i in document["mission"]["items"] if i["type"] == "SimpleItem"]
    # A plan of ours has its area inside, which does not make it a GeoJSON file.
    document["marchwarden"] = {"area": json.loads((DATA / "qgis.geojson").read_text())}
    (tmp_path / "a.json").write_text(json.dumps(document))
    convert(tmp_path / "a.json", tmp_path / "a.plan")
    convert(tmp_path / "a.plan", tmp_path / f"b{suffix}")
    convert(tmp_path / f"b{suffix}", tmp_path / "c.plan")
    assert (tmp_path / "c.plan").read_bytes() == (tmp_path / "a.plan").read_bytes()
    assert json.loads((tmp_path / "c.plan").read_text())["marchwarden"] == document["marchwarden"]


def test_a_map_cannot_smuggle_a_mission_in():
    home = {
        "role": "home",
        "plan_file": {"": {"mission": {}, "x": 1}, "mission": {"items": [], "firmwareType": 7}, "geoFence": 5},
    }
    point = {"type": "Point", "coordinates": [23.0, 47.0]}
    shapes = [{"type": "Feature", "properties": home, "geometry": point}]
    shapes += [{"type": "Feature", "properties": {"role": "rally"}, "geometry": point}]
    drawing = geojson.decode(json.dumps({"type": "FeatureCollection", "features": shapes}).encode(), "a")
    document = json.loads(qgc_plan.encode(as_plan(drawing, "a")[0])[0])
    assert (document["x"], document["mission"]["firmwareType"]) == (1, 7)
    assert document["mission"]["plannedHomePosition"][:2] == [47.0, 23.0]


def test_old_fence_of_qgroundcontrol():
    plan = read_plan(DATA / "qgc_old_fence.plan")
    assert words(plan) == ["inclusion polygon", "return point"]
    assert any("no height" in note for note in plan.notes)


def test_mission_planner_waypoints():
    plan = read_plan(DATA / "mission_planner.waypoints")
    mission = plan.items[MISSION]
    assert [(i.seq, i.command, i.frame) for i in mission] == [
        (0, 16, 0), (1, 22, 3), (2, 16, 3), (3, 16, 10), (4, 16, 0), (5, 203, 3), (6, 177, 3), (7, 20, 3),
    ]  # fmt: skip
    assert (mission[2].x, mission[2].y, mission[2].z) == (476331001, 233912000, 60.25)
    assert mission[5].x == 1, "camera control has numbers, not degrees, there"
    assert plan.home == (47.63244, 23.38974, 271.5)


def test_mission_planner_fence_and_rally():
    fence = read_plan(DATA / "mission_planner_fence.waypoints")
    assert words(fence) == [
        "inclusion polygon",
        "exclusion polygon",
        "inclusion circle",
        "exclusion circle",
        "return point",
    ]
    assert [i.seq for i in fence.items[FENCE]] == list(range(10)), "the home line is none of them"
    assert fence.items[MISSION] == ()
    rally = read_plan(DATA / "mission_planner_rally.waypoints")
    assert [(i.seq, i.x, i.z) for i in rally.items[RALLY]] == [(0, 476330000, 45.5), (1, 476355000, 60.0)]
    old = read_plan(DATA / "mission_planner.fen")
    assert parts_of(old.items[FENCE])[0].points_e7 == parts_of(fence.items[FENCE])[0].points_e7
    assert words(old) == ["inclusion polygon", "return point"], "the first line is the return point, not a corner"
    ral = read_plan(DATA / "mission_planner.ral")
    assert [(i.frame, i.z) for i in ral.items[RALLY]] == [(3, 45.0), (3, 60.0)]
    assert any("landing direction" in note for note in ral.notes)


def test_plain_text_of_the_mavlink_guide():
    plan = read_plan(DATA / "qgc_text.txt")
    assert [i.seq for i in plan.items[MISSION]] == [0, 1, 2]
    assert plan.items[MISSION][1].param1 == 0.149999999999999994
    assert (plan.items[MISSION][2].x, plan.items[MISSION][2].y) == (-338688197, 1512092955)


def test_google_earth():
    plan, not_carried = as_plan(read_kml(DATA / "google_earth.kml"), "google_earth.kml")
    assert [(i.frame, i.z) for i in plan.items[MISSION][1:]] == [(3, 50.0)] * 3 + [(0, 331.5), (0, 332.25)]
    assert (plan.items[MISSION][1].x, plan.items[MISSION][1].y) == (476331000, 233912000)
    assert (plan.items[MISSION][0].x, plan.items[MISSION][0].y) == (476324400, 233897400), "home is the take-off"
    assert words(plan) == ["inclusion polygon", "exclusion polygon", "exclusion polygon"], "the hole, and the school"
    assert [(i.frame, i.z) for i in plan.items[RALLY]] == [(10, 45.0)]
    assert not_carried == ["1 point without a role left out: name what they are, or give --role"]
    assert any("NetworkLink" in note for note in plan.notes)
    assert any("50 m above home" in note for note in plan.notes)


def test_gpx():
    plan = read_plan(DATA / "basecamp.gpx")
    assert [(i.frame, i.z) for i in plan.items[MISSION][1:]] == [(0, 301.5), (0, 305.0), (0, 310.25)]
    assert [(i.x, i.z) for i in plan.items[RALLY]] == [(476330000, 268.4)]
    assert any("1 track not taken" in note for note in plan.notes)
    assert any("1 point without a role" in note for note in plan.notes)


def test_qgis_geojson():
    drawing = geojson.read(DATA / "qgis.geojson")
    assert [(s.role, s.kind) for s in drawing.shapes] == [
        ("border", "line"), ("inclusion", "polygon"), ("exclusion", "point"), ("no_look", "polygon"), ("launch", "point"),
        ("rally", "point"),
    ]  # fmt: skip
    plan, not_carried = as_plan(drawing, "qgis.geojson")
    assert words(plan) == ["inclusion polygon", "exclusion circle"]
    assert [line.split(" left")[0] for line in not_carried[1:]] == ["1 border line", "1 no_look polygon"]
    assert "height of 1 area" in not_carried[0]


def test_shapefile_of_another_projection():
    drawing = shapefile.read_zip(DATA / "zones_utm.zip")
    sector, *school = drawing.shapes
    assert (sector.name, sector.role, sector.properties["ceiling_m"]) == ("Sektor Łąka", "inclusion", 120.0)
    assert {s.name for s in school} == {"Школа"}
    assert len(school) == 2
    assert len(sector.holes) == 1
    wanted = [(47.62, 23.37), (47.62, 23.43), (47.66, 23.43), (47.66, 23.37)]
    assert all(any(math.dist(p, w) < 1e-8 for p in sector.points) for w in wanted)
    assert "UTM zone 34N" in drawing.notes[0]


def test_a_shapefile_beside_its_other_files(tmp_path):
    with zipfile.ZipFile(DATA / "zones_utm.zip") as archive:
        archive.extractall(tmp_path)
    beside, packed = shapefile.read_shp(tmp_path / "zones_utm.shp"), shapefile.read_zip(DATA / "zones_utm.zip")
    assert [(s.points, s.holes, s.name) for s in beside.shapes] == [(s.points, s.holes, s.name) for s in packed.shapes]
    (tmp_path / "zones_utm.prj").unlink()
    with pytest.raises(PlanError, match="no place on the earth"):
        shapefile.read_shp(tmp_path / "zones_utm.shp")


@pytest.mark.parametrize("path", sorted(p for p in DATA.iterdir() if p.name != "README.md"), ids=lambda p: p.name)
def test_a_file_under_a_wrong_name_is_told(path, tmp_path):
    format_in(path)
    wrong = tmp_path / ("x.gpx" if path.suffix != ".gpx" else "x.kml")
    wrong.write_bytes(path.read_bytes())
    with pytest.raises(PlanError, match=rf"is named {wrong.suffix} and holds .*name it \.") as error:
        read_any(wrong)
    assert error.value.remedy.split()[2].rstrip(",") in (path.suffix, ".waypoints", ".zip")
