"""``groundstation plan check`` as a script calls it."""

from __future__ import annotations

import json

import pytest

from geofences.area import write_area
from groundstation.app.main import main
from missions.codec import MissionKind, items_of
from missions.plan_file_write import plan_document, write_plan_file
from tests.helpers.patrol import small_plan
from tests.unit.missions.places import area

PLAN = small_plan(49.05, 22.7, 200.0)
LISTS = {kind: items_of(PLAN, kind) for kind in MissionKind}


@pytest.fixture
def write(tmp_path):
    def to_file(lists=LISTS, name="a.plan", own=None):
        document = plan_document(lists)
        if own is not None:
            document["marchwarden"] = own
        write_plan_file(tmp_path / name, document)
        return str(tmp_path / name)

    return to_file


def far(lists=LISTS):
    mission = list(lists[MissionKind.MISSION])
    mission[2] = type(mission[2])(**{**mission[2].__dict__, "x": mission[2].x + 1_000_000})
    return {**lists, MissionKind.MISSION: tuple(mission)}


def check(capsys, *arguments):
    code = main(["plan", "check", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_good_plan(write, capsys):
    code, result = check(capsys, write())
    assert (code, result["errors"]) == (0, 0)
    assert result["warnings"] == len(result["findings"])


def test_a_bad_plan_names_its_places(write, capsys):
    code, result = check(capsys, write(far()))
    assert code == 1
    assert result["errors"] == sum(f["severity"] == "error" for f in result["findings"]) > 0
    first = result["findings"][0]
    assert {"severity", "code", "message", "lat", "lon", "item"} <= set(first)
    assert (first["code"], first["severity"], first["item"]) == ("leg_outside", "error", 2)
    assert main(["plan", "check", write(far())]) == 1
    assert "leaves the fence" in capsys.readouterr().out


def test_several_plans_against_each_other(write, capsys):
    two = (write(), write(name="b.plan"))
    code, result = check(capsys, *two)
    assert code == 1
    assert [f["code"] for f in result["findings"] if f["severity"] == "error"] == ["too_close"]
    assert check(capsys, *two, "--start", "0,3000")[0] == 0


def test_what_plan_make_wrote_into_the_file_counts(write, tmp_path, capsys):
    own = {"performance": {"based_on": "quadcopter", "endurance_s": 60}, "fence": {"margin_m": 3.0, "ceiling_m": 20.0}}
    code, result = check(capsys, write(own=own))
    assert {"battery", "above_ceiling"} <= {f["code"] for f in result["findings"] if f["severity"] == "error"}
    assert code == 1
    code, result = check(capsys, write(own=own), "--aircraft", "quadcopter", "--ceiling", "150")
    assert code == 0


def test_an_area_and_the_weather(write, tmp_path, capsys):
    write_area(area(), tmp_path / "area.geojson")
    code, result = check(
        capsys, write(), "--area", str(tmp_path / "area.geojson"), "--wind", "5,270", "--at", "2026-05-04T22:00"
    )
    assert "zone_missing" in {f["code"] for f in result["findings"]}
    assert code == 1


@pytest.mark.parametrize(
    "options",
    [
        ("--wind", "fast"), ("--wind", "5"), ("--wind=-1,0",), ("--at", "noon"), ("--start", "0,1"), ("--margin", "-1"),
        ("--area", "missing.geojson"), ("--terrain", "missing.tif"), ("--aircraft", "missing.toml"), ("--rain", "nan"),
    ],
)  # fmt: skip
def test_bad_options_are_bad_input(write, capsys, options):
    assert main(["plan", "check", write(), *options]) == 2
    assert "groundstation:" in capsys.readouterr().err


def test_bad_files_are_bad_input(tmp_path, capsys):
    assert main(["plan", "check", str(tmp_path / "none.plan")]) == 2
    for text in ("{}", "not json", '{"fileType": "Plan", "version": 1}'):
        (tmp_path / "bad.plan").write_text(text)
        assert main(["plan", "check", str(tmp_path / "bad.plan")]) == 2
        assert "bad.plan" in capsys.readouterr().err


@pytest.mark.parametrize("own", ["x", {"camera": {"x": 1}}, {"performance": {"speed_m_s": "fast"}}, {"area": {}}])
def test_a_damaged_own_part_is_bad_input(write, capsys, own):
    assert main(["plan", "check", write(own=own)]) == 2
    assert capsys.readouterr().err.startswith("groundstation:")
