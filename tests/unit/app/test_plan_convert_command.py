"""``groundstation plan convert`` as a script calls it: exit codes, JSON, what goes to stderr."""

import json
from pathlib import Path

import pytest

from groundstation.app.main import main

DATA = Path(__file__).parents[1] / "missions" / "files" / "data"


def convert(capsys, *arguments):
    code = main(["plan", "convert", *(str(a) for a in arguments)])
    out, err = capsys.readouterr()
    return code, out, err


def test_json_says_what_was_written_and_what_was_not(tmp_path, capsys):
    out = tmp_path / "a.waypoints"
    code, text, err = convert(capsys, DATA / "qgc_survey.plan", out, "--json")
    said = json.loads(text)
    assert code == 0
    assert (said["in"], said["out"]) == (str(DATA / "qgc_survey.plan"), str(out))
    assert (said["items"], said["fence_items"], said["rally_items"]) == (9, 0, 0)
    assert said["not_carried"][0].endswith(
        "1 inclusion polygon, 1 exclusion polygon, 1 exclusion circle, 1 return point left out"
    )
    assert len(said["not_carried"]) == len(err.splitlines()) == 2
    assert all("not carried" in line for line in err.splitlines())
    assert len(out.read_text().splitlines()) == 11
    code, text, _ = convert(capsys, out, tmp_path / "b.plan")
    assert code == 0
    assert "9 mission items" in text


def test_only_one_list(tmp_path, capsys):
    code, text, err = convert(
        capsys, DATA / "qgc_survey.plan", tmp_path / "f.waypoints", "--only", "fence", "--json", "--strict"
    )
    assert (code, err, json.loads(text)["fence_items"]) == (0, "", 9)
    assert "5001" in (tmp_path / "f.waypoints").read_text()
    assert convert(capsys, DATA / "mission_planner.fen", tmp_path / "x.plan", "--only", "rally")[0] == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((DATA / "qgc_survey.plan", "a.fen", "--strict"), "--strict"),
        ((DATA / "qgc_survey.plan", "a.gpx"), "is read, not written"),
        ((DATA / "qgc_survey.plan", "a.doc"), "extension '.doc' is not known"),
        ((DATA / "qgc_survey.plan", "a.plan", "--role", "route"), "roles already"),
        ((DATA / "qgc_survey.plan", "a.plan", "--as", "area"), "an area is a .geojson"),
        ((DATA / "qgis.geojson", "a.geojson", "--only", "fence"), "--only fence"),
        ((DATA / "qgis.geojson", "a.plan", "--alt-m", "1e9"), "--alt-m"),
        (("nowhere.plan", "a.kml"), "nowhere.plan: cannot be read"),
    ],
)
def test_bad_input_is_two_and_writes_nothing(tmp_path, capsys, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = convert(capsys, *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_maps_become_areas_and_plans(tmp_path, capsys):
    area = tmp_path / "area.geojson"
    code, text, _ = convert(capsys, DATA / "zones_utm.zip", area, "--json")
    assert (code, json.loads(text)["shapes"]) == (0, 3)
    assert [f["properties"]["role"] for f in json.loads(area.read_text())["features"]] == [
        "inclusion",
        "exclusion",
        "exclusion",
    ]
    code, _, _ = convert(capsys, DATA / "qgis.geojson", tmp_path / "area.kml")
    assert code == 0
    code, text, _ = convert(capsys, tmp_path / "area.kml", tmp_path / "again.geojson", "--json")
    assert (code, json.loads(text)["shapes"], json.loads(text)["not_carried"]) == (0, 6, [])
    code, text, _ = convert(capsys, tmp_path / "area.kml", tmp_path / "fence.plan", "--json")
    assert (code, json.loads(text)["fence_items"]) == (0, 5)


def test_a_walked_track(tmp_path, capsys):
    walked = DATA / "basecamp.gpx"
    _, text, _ = convert(capsys, walked, tmp_path / "a.plan", "--json")
    assert any("--heights ignore" in note for note in json.loads(text)["notes"])
    convert(capsys, walked, tmp_path / "b.plan", "--heights", "ignore", "--alt-m", "70")
    items = json.loads((tmp_path / "b.plan").read_text())["mission"]["items"]
    assert [(i["frame"], i["params"][6]) for i in items] == [(3, 70.0)] * 3
    # The line of a receiver can be the border as well.
    code, _, _ = convert(
        capsys, walked, tmp_path / "area.geojson", "--role", "border", "--left", "A", "--right", "B", "--own", "A"
    )
    assert code == 0
    features = json.loads((tmp_path / "area.geojson").read_text())["features"]
    assert features[0]["properties"] == {"role": "border", "name": "North path", "left": "A", "right": "B", "own": "A"}
