"""``plan make``: the examples, requests that are wrong in many ways at once, demands that cannot be met, exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from geofences.errors import ConfigError
from groundstation.app.main import main
from missions.codec import DO_JUMP, MissionKind
from missions.plan_file import read_plan_file
from missions.requests.read import read_job
from missions.requests.request import moment_us

EXAMPLES = Path(__file__).parents[3] / "examples"
SHUTTLE = EXAMPLES / "patrol_border_shuttle"
WATCH = EXAMPLES / "patrol_watch_three_aircraft"


def made(request: Path, out: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, dict[str, Any], str]:
    code = main(["plan", "make", str(request), "-o", str(out), "--json", *more])
    text = capsys.readouterr()
    return code, json.loads(text.out) if text.out else {}, text.err


def changed(tmp_path: Path, example: Path, *pairs: tuple[str, str]) -> Path:
    """A copy of an example's folder with its request changed."""
    folder = tmp_path / "request"
    shutil.copytree(example, folder, dirs_exist_ok=True)
    text = (folder / "request.toml").read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    (folder / "request.toml").write_text(text, encoding="utf-8")
    return folder / "request.toml"


@pytest.mark.parametrize("name", sorted(p.name for p in EXAMPLES.glob("patrol_*")))
def test_the_examples_are_made_and_pass_their_checks(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told, _ = made(EXAMPLES / name / "request.toml", tmp_path / "a.plan", capsys)
    assert code == 0, told["findings"]
    assert told["written"]
    assert told["plan_files"] == [p["file"] for p in told["plans"]]
    assert not [f for f in told["findings"] if f["severity"] == "error"]
    assert all(p["reserve_kept"] for p in told["plans"])
    assert told["length_m"] > 1000.0
    for each in told["plans"]:
        document = json.loads(Path(each["file"]).read_text(encoding="utf-8"))
        assert document["marchwarden"]["promised"]["revisit_gap_s"] == each["revisit_gap_s"]
        held = read_plan_file(Path(each["file"]))
        assert len(held.items[MissionKind.MISSION]) == each["items"] + 1
        assert held.items[MissionKind.FENCE]


def test_as_many_laps_as_the_battery_allows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    few = changed(tmp_path, SHUTTLE, ("endurance_s = 1800.0", "endurance_s = 1500.0"))
    _, short, _ = made(few, tmp_path / "a.plan", capsys)
    many = changed(tmp_path, SHUTTLE, ("endurance_s = 1800.0", "endurance_s = 5400.0"))
    _, long, _ = made(many, tmp_path / "b.plan", capsys)
    assert long["plans"][0]["laps"] > short["plans"][0]["laps"] >= 1
    assert 0.25 <= long["battery_left"] < 0.45
    items = read_plan_file(tmp_path / "b.plan").items[MissionKind.MISSION]
    (jump,) = [i for i in items if i.command == DO_JUMP]
    assert jump.param2 == long["plans"][0]["laps"] - 1
    # The gap does not depend on how often it is flown.
    assert long["revisit_gap_s"]["max"] == pytest.approx(short["revisit_gap_s"]["max"], rel=0.03)


def test_a_watch_tells_all_of_its_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, told, _ = made(WATCH / "request.toml", tmp_path / "w.plan", capsys)
    assert code == 0
    assert sorted(p.name for p in tmp_path.glob("*.plan")) == ["w-1.plan", "w-2.plan", "w-3.plan"]
    assert told["met"]
    assert told["aircraft_needed"] <= told["aircraft"] == 3
    assert {s["stretch"] for s in told["stretches"]} == {"west wood", "ford", "east fields"}
    assert all(s["reached_s"] <= s["asked_s"] for s in told["stretches"])
    assert max(p["revisit_gap_s"] for p in told["patrols"]) == pytest.approx(told["revisit_gap_s"]["max"], rel=0.05)
    flying = {a["name"] for p in told["patrols"] for a in p["aircraft"]}
    assert flying == {p["aircraft"] for p in told["plans"]}
    assert all({s["aircraft"] for s in p["sorties"]} <= flying for p in told["patrols"])


def test_a_demand_that_cannot_be_met_writes_nothing_and_says_what_would(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    request = changed(tmp_path, WATCH, ("max_gap_min = 25.0", "max_gap_min = 2.0"))
    code, told, _ = made(request, tmp_path / "w.plan", capsys)
    assert code == 1
    assert not told["written"]
    assert not told["met"]
    assert not list(tmp_path.glob("*.plan"))
    assert [s["stretch"] for s in told["not_met"]] == ["ford"]
    assert any(f["code"] == "demand_not_met" and f["severity"] == "error" for f in told["findings"])
    assert {"aircraft", "demand"} <= {a["kind"] for a in told["what_would_meet_it"]}
    code, told, _ = made(request, tmp_path / "w.plan", capsys, "--write-anyway")
    assert code == 1
    assert told["written"]
    assert list(tmp_path.glob("w-*.plan"))


def test_a_plan_with_an_error_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # One lap is more than this battery gives.
    request = changed(tmp_path, SHUTTLE, ("endurance_s = 1800.0", "endurance_s = 500.0"))
    code, told, _ = made(request, tmp_path / "a.plan", capsys)
    assert code == 1
    assert [f for f in told["findings"] if f["severity"] == "error"]
    assert not (tmp_path / "a.plan").exists()


def test_every_fault_of_a_request_is_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    request = changed(
        tmp_path, SHUTTLE,
        ('pattern = "shuttle"', 'pattern = "shutle"\nterain = "x.tif"'),
        ("height_agl_m = 110.0", "height_agl_m = 5.0"),
        ("from_deg = 250.0", 'from_deg = "west"'),
        ("edge_m = 15.0", "egde_m = 15.0"),
    )  # fmt: skip
    code, told, error = made(request, tmp_path / "a.plan", capsys)
    assert code == 2
    assert not told
    for word in (
        "pattern: 'shutle'", "did you mean 'shuttle'", "flight.height_agl_m", "wind.from_deg", "did you mean 'edge_m'",
        "did you mean 'terrain'",
    ):  # fmt: skip
        assert word in error, word
    assert not (tmp_path / "a.plan").exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("speed_m_s = 6.0", "sped_m_s = 6.0", ["performance.sped_m_s", "speed_m_s"]),
        ('based_on = "quadcopter"', 'based_on = "zeppelin"', ["zeppelin", "quadcopter"]),
        ("stretch_m = [900.0, 2000.0]", "strech_m = [900.0, 2000.0]", ["shuttle.strech_m", "stretch_m"]),
        ("stretch_m = [900.0, 2000.0]", 'stretch_m = "all"', ["shuttle.stretch_m"]),
        ('area = "area.geojson"', 'area = "nowhere.geojson"', ["nowhere.geojson", "relative to the request"]),
        ('area = "area.geojson"', 'area = "area.geojson"\nstart_from = "Staton"', ["start_from", "'Station'"]),
        ('area = "area.geojson"', 'area = "area.geojson"\nterrain = "x.tif"', ["terrain", "x.tif"]),
        ("[camera]", "[sweep]\noverlap = 0.3\n[camera]", ["sweep", "another"]),
        ("[camera]", "[[stretch]]\nmax_gap_s = 3.0\n[camera]", ["stretch", "watch"]),
        ('laps = "max"', "laps = 0", ["flight.laps"]),
        ('name = "Arvenia', "name = Arvenia", ["is not TOML"]),
        ("standoff_m = 75.0", "standoff_m = nan", ["flight.standoff_m"]),
    ],
)
def test_what_is_wrong_is_named_with_its_key(
    old: str, new: str, words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, error = made(changed(tmp_path, SHUTTLE, (old, new)), tmp_path / "a.plan", capsys)
    assert code == 2
    assert "Traceback" not in error
    for word in words:
        assert word in error, error


def test_an_impossible_place_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    request = changed(tmp_path, SHUTTLE, ("standoff_m = 75.0", "standoff_m = 1900.0"))
    code, _, error = made(request, tmp_path / "a.plan", capsys)
    assert code == 2
    assert "border" in error
    assert made(SHUTTLE / "request.toml", tmp_path / "no" / "a.plan", capsys)[0] == 2
    assert made(tmp_path / "missing.toml", tmp_path / "a.plan", capsys)[0] == 2


def test_border_and_zones_may_stand_in_files_of_their_own(tmp_path: Path) -> None:
    request = changed(
        tmp_path,
        SHUTTLE,
        ('area = "area.geojson"', 'area = ["zones.geojson"]\nborder = "line.geojson"\nown_side = "right"'),
    )
    whole = json.loads((request.parent / "area.geojson").read_text(encoding="utf-8"))
    border = [f for f in whole["features"] if f["properties"]["role"] == "border"]
    others = [f for f in whole["features"] if f not in border]
    border[0]["properties"] = {"name": "drawn elsewhere"}
    (request.parent / "line.geojson").write_text(json.dumps(border[0]), encoding="utf-8")
    (request.parent / "zones.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": others}), encoding="utf-8"
    )
    job = read_job(request)
    assert (job.area.border.left, job.area.border.right, job.area.border.own) == ("left", "right", "right")
    assert job.area.border.own_side == "right"


def test_a_launch_point_can_be_added_and_chosen(tmp_path: Path) -> None:
    request = changed(
        tmp_path, SHUTTLE,
        ("[camera]", '[[launch]]\nname = "Bend"\nlat_deg = 46.8005\nlon_deg = 9.495\n[camera]'),
        ('area = "area.geojson"', 'area = "area.geojson"\nstart_from = "Bend"'),
    )  # fmt: skip
    job = read_job(request)
    assert job.area.launch.name == "Bend"
    assert [p.name for p in job.area.launches] == ["Bend", "Station"]


def test_times_are_utc_and_unmistakable() -> None:
    assert moment_us("20:30") - moment_us("00:00") == 20.5 * 3_600_000_000
    assert moment_us("2026-11-23T20:30:00+01:00") == moment_us("2026-11-23T19:30:00Z")
    with pytest.raises(ValueError, match="no time"):
        moment_us("tonight")


def test_a_walker_gives_the_gap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    request = changed(
        tmp_path, WATCH, ("max_gap_min = 25.0", "walker = { speed_m_s = 1.0, strip_m = 1400.0, seen_s = 0.0 }")
    )
    _, told, _ = made(request, tmp_path / "w.plan", capsys)
    assert {s["stretch"]: s["asked_s"] for s in told["stretches"]}["ford"] == 1400.0


def test_two_ways_to_say_a_gap_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="give one of them"):
        read_job(changed(tmp_path, WATCH, ("max_gap_min = 25.0", "max_gap_min = 25.0\nmax_gap_s = 20.0")))


_OTHERS = {
    "loop": "[loop]\nfrom_m = 900\nto_m = 1500\n",
    "corridor": "[corridor]\noffset_m = 120\nfrom_km = 0.9\nto_km = 1.4\n",
    "expanding_square": "[expanding_square]\ndatum_lat_deg = 46.8015\ndatum_lon_deg = 9.494\nlegs = 5\nspacing_m = 50\n",
    "sector": "[sector]\ndatum_lat_deg = 46.8025\ndatum_lon_deg = 9.492\nradius_m = 120\n",
    "orbit": "[orbit]\npoi_lat_deg = 46.802\npoi_lon_deg = 9.492\nradius_m = 90\n",
    "random_gap": "[random_gap]\nstretch_m = [900.0, 1500.0]\nmean_gap_s = 200\n",
}


@pytest.mark.parametrize("pattern", sorted(_OTHERS))
def test_every_other_pattern_can_be_asked_for(pattern: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(SHUTTLE / "area.geojson", tmp_path)
    request = tmp_path / "r.toml"
    request.write_text(f'pattern = "{pattern}"\narea = "area.geojson"\n{_OTHERS[pattern]}', encoding="utf-8")
    code, told, error = made(request, tmp_path / "p.plan", capsys)
    assert code == 0, (told.get("findings"), error)
    assert told["battery_left"] >= 0.25
