"""``groundstation plan area`` and ``plan coordinates`` as a script calls them."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

from geofences.area import Area, BorderLine, NamedPoint, Zone, area_text, read_area
from geofences.geodesy import LocalFrame
from geofences.outlines import to_lat_lon
from groundstation.app.main import main

FRAME = LocalFrame(49.05, 22.70)


def zone(name, *points, **more):
    return Zone(name, to_lat_lon(np.array(points, dtype=float), FRAME), **more)


ROOM = zone("room", (-500, 20), (500, 20), (500, 500), (-500, 500))
BORDER = BorderLine(to_lat_lon([(-600, 0), (600, 0)], FRAME), "Arvenia", "Belmark", "Arvenia")
HOME = NamedPoint("home", *to_lat_lon([(0, 300)], FRAME)[0])


def write(tmp_path, inclusions=(ROOM,), exclusions=(), border=BORDER, launches=(HOME,)):
    path = tmp_path / "area.geojson"
    path.write_text(area_text(Area(border, inclusions, exclusions, launches[0], (), launches=launches)))
    return path


def findings(capsys, *arguments):
    code = main(["plan", "area", *map(str, arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_sound_area_is_fine(tmp_path, capsys):
    assert findings(capsys, write(tmp_path)) == (0, {"findings": []})
    assert main(["plan", "area", str(tmp_path)]) == 0
    assert "nothing is wrong" in capsys.readouterr().out


BOW_TIE = zone("farm", (100, 100), (200, 200), (200, 100), (100, 200))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"exclusions": (BOW_TIE,)}, "self_intersection"),
        ({"inclusions": (zone("room", *[(-5, 20), (5, 20), (5, 500), (-5, 500)], buffer_m=50.0),)}, "lost_to_buffer"),
        ({"inclusions": (ROOM, zone("other", (2000, 0), (2100, 0), (2100, 100)))}, "no_room"),
        ({"launches": (HOME, NamedPoint("far", 49.06, 22.70))}, "launch_outside"),
        ({"border": BorderLine(to_lat_lon([(0, 0), (9, 9), (9, 0), (0, 9)], FRAME), "A", "B", "A")}, "bad_border"),
    ],
)
def test_what_is_wrong_is_found_with_its_place_and_exit_code_1(tmp_path, capsys, changes, code):
    exit_code, result = findings(capsys, write(tmp_path, **changes))
    assert exit_code == 1
    (finding,) = [f for f in result["findings"] if f["severity"] == "error"]
    assert finding["code"] == code
    assert abs(finding["lat"] - 49.05) < 0.1
    assert abs(finding["lon"] - 22.70) < 0.1


def test_a_repair_is_written_only_when_asked_and_says_what_it_changed(tmp_path, capsys):
    path, out = write(tmp_path, exclusions=(BOW_TIE,)), tmp_path / "mended.geojson"
    before = path.read_bytes()
    code, result = findings(capsys, path, "--repair", out)
    assert (code, result["findings"]) == (0, [])
    assert "farm" in result["repaired"][0]
    assert set(read_area(out).exclusions[0].points) == set(BOW_TIE.points)
    assert path.read_bytes() == before


def test_what_cannot_be_repaired_is_not_written(tmp_path, capsys):
    touching = zone("farm", (0, 0), (100, 0), (50, 50), (100, 100), (0, 100), (50, 50))
    out = tmp_path / "mended.geojson"
    assert main(["plan", "area", str(write(tmp_path, exclusions=(touching,))), "--repair", str(out)]) == 2
    assert "farm" in capsys.readouterr().err
    assert not out.exists()


def test_bad_input_is_exit_code_2(tmp_path, capsys):
    assert main(["plan", "area", str(tmp_path / "none.geojson")]) == 2
    assert main(["plan", "coordinates", "49.05 22.7", "somewhere"]) == 2
    assert "line 2" in capsys.readouterr().err


def test_coordinates_in_every_way_and_in_one(capsys, monkeypatch):
    assert main(["plan", "coordinates", "49.05 22.7", "-33.85 151.2", "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)["coordinates"]
    assert first["mgrs"] == "34U FV 24215 34406"
    assert first["dms"] == "49°03'00.000\"N 022°42'00.000\"E"
    assert (second["lat"], second["read_as"]) == (-33.85, "decimal")
    monkeypatch.setattr("sys.stdin", io.StringIO("# posts\n34UFV2421534406\n"))
    assert main(["plan", "coordinates", "--as", "dm"]) == 0
    assert capsys.readouterr().out.strip() == "49°03.00023'N 022°42.00023'E"
    assert main(["plan", "coordinates", "89.5 10", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["coordinates"][0]["utm"] is None
    assert main(["plan", "coordinates", "89.5 10", "--as", "utm"]) == 2
