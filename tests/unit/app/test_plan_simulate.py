"""``groundstation plan simulate`` and ``plan show``: what comes out, and the exit codes."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from geofences.area import area_text
from geofences.geodesy import LocalFrame
from groundstation.app.main import main
from groundstation.app.plan_margins import margins_of
from groundstation.app.plan_seen import Pictures, border_pieces, seen_by
from missions.codec import MissionKind, items_of
from missions.coverage.grid import CoverageGrid, Eye
from missions.footprint import Camera, footprint
from missions.patterns.border_shuttle import PatrolRequest, plan_border_patrol
from missions.plan_file_write import plan_document, write_plan_file
from sim.plan_flight import Flown
from sim.scenario import load_scenario
from sim.world import World


@pytest.fixture(scope="module")
def patrol(tmp_path_factory):
    """A folder with an area and the plan of a patrol of one short stretch, flown twice."""
    world = World(load_scenario("border_day"), 1)
    folder = tmp_path_factory.mktemp("patrol")
    area = world.area()
    plan = plan_border_patrol(area, None, PatrolRequest(laps=2, speed_m_s=8.0))
    (folder / "area.geojson").write_text(area_text(area), encoding="utf-8")
    document = plan_document({k: items_of(plan, k) for k in MissionKind})
    document["marchwarden"] = {"area": json.loads(area_text(area)), "fence": {"ceiling_m": 150.0, "margin_m": 5.0},
                               "performance": {"endurance_s": 1500.0, "speed_m_s": 8.0}}  # fmt: skip
    write_plan_file(folder / "patrol.plan", document)
    return folder, area, plan


def simulate(capsys, *arguments):
    code = main(["plan", "simulate", *(str(a) for a in arguments), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_a_good_plan_is_flown_and_told(patrol, capsys):
    folder, _, _ = patrol
    code, told = simulate(capsys, folder / "patrol.plan", "--wind", "6,250")
    assert code == 0
    assert told["measured_over"] == "border"
    assert 0.1 < told["seen_fraction"] < 1.0
    assert told["fence_margin_m"] > 5.0
    assert 0.25 < told["battery_left"] < 1.0
    assert 0.0 < told["revisit_gap_s"]["median"] <= told["revisit_gap_s"]["max"] < told["duration_s"]
    assert told["breaches"] == 0
    area = patrol[1]
    names = {z.name for z in (*area.inclusions, *area.exclusions)}
    assert {*names, "ceiling"} == {f["name"] for f in told["plans"][0]["fences"]}, "called as the area calls them"
    assert told["wind"]["from_deg"] == 250.0


def test_a_plan_that_leaves_its_fence_is_told_with_the_place_and_fails(patrol, capsys, tmp_path):
    _, area, plan = patrol
    inclusion = plan.fence.inclusions[0]
    # The northern half of the fence is taken away.
    frame = area.frame()
    middle = np.mean([p[0] for p in inclusion.points])
    cut = tuple((min(lat, middle), lon) for lat, lon in inclusion.points)
    bad = replace(plan, fence=replace(plan.fence, inclusions=(replace(inclusion, points=cut),), exclusions=()))
    write_plan_file(tmp_path / "bad.plan", plan_document({k: items_of(bad, k) for k in MissionKind}))
    code, told = simulate(capsys, tmp_path / "bad.plan", "--laps", "1")
    assert code == 1
    assert told["breaches"] >= 1
    assert told["fence_margin_m"] < 0.0
    breach = told["plans"][0]["breaches"][0]
    assert breach["depth_m"] > 0.0
    assert abs(frame.to_plane(breach["lat"], breach["lon"])[1]) < 2000.0
    assert told["measured_over"].startswith("ground along"), "no area was given"


def test_a_plan_that_eats_its_reserve_fails(patrol, capsys, tmp_path):
    folder, _, _ = patrol
    (tmp_path / "weak.toml").write_text("endurance_s = 420.0\nspeed_m_s = 8.0\nreserve_fraction = 0.5\n")
    code, told = simulate(capsys, folder / "patrol.plan", "--aircraft", tmp_path / "weak.toml", "--laps", "1")
    assert code == 1
    assert told["battery_left"] < 0.5
    assert told["breaches"] == 0


def test_two_that_fly_one_after_the_other_are_counted_together(patrol, capsys):
    folder, _, _ = patrol
    _, one = simulate(capsys, folder / "patrol.plan", "--laps", "1")
    code, both = simulate(capsys, folder / "patrol.plan", folder / "patrol.plan", "--laps", "1", "--start", "0,900")
    assert code == 0
    assert len(both["plans"]) == 2
    assert both["visits"] == 2 * one["visits"]
    assert both["revisit_gap_s"]["max"] > 300.0
    assert both["seen_fraction"] == one["seen_fraction"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--wind", "fast"],
        ["--wind", "5"],
        ["--laps", "0"],
        ["--start", "1,2"],
        ["--duration-s", "0"],
        ["--pictures-hz", "0"],
    ],
)
def test_bad_input_is_told_in_one_line(patrol, arguments, capsys):
    folder, _, _ = patrol
    assert main(["plan", "simulate", str(folder / "patrol.plan"), *arguments]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_plane_is_flown_as_a_plane(patrol, capsys):
    folder, _, _ = patrol
    code, told = simulate(capsys, folder / "patrol.plan", "--aircraft", "plane", "--wind", "4,250")
    # There is no room for its turns between the border and the edge.
    assert code == 1
    assert told["breaches"] > 0
    assert told["fence_margin_m"] < 0.0
    assert told["plans"][0]["ended"] == "landed"
    assert main(["plan", "simulate", str(folder / "patrol.plan"), "--aircraft", "plane", "--wind", "19,250"]) == 2
    assert "gets nowhere" in capsys.readouterr().err


def test_what_is_seen_is_what_the_ledger_would_say(patrol):
    _, area, _ = patrol
    grid = CoverageGrid.of_area(area, None, ground_amsl_m=173.0)
    pieces = border_pieces(grid)
    rng = np.random.default_rng(3)
    for _ in range(40):
        along = rng.uniform(0.0, grid.line.length_m)
        here = grid.line.at(np.array([along]))[0][0] + rng.normal(0.0, 60.0, 2)
        lat, lon = grid.frame.from_plane(here)
        alt, azimuth, elevation = 173.0 + rng.uniform(40, 150), rng.uniform(0, 360), rng.uniform(-90, -15)
        one = Pictures(*(np.array([float(v)]) for v in (0.0, lat, lon, alt, azimuth, elevation)))
        ours = np.flatnonzero(seen_by(one, pieces, Camera(), grid.rule, None).visits)
        outline = footprint(Camera(), here, alt, azimuth, elevation, grid.frame, None, 173.0).outline_en_m
        theirs = grid.observe(0, outline, "x", Eye((float(here[0]), float(here[1])), alt, Camera())).bins
        assert len(set(ours.tolist()) ^ set(theirs.tolist())) <= 1, "one on the very edge may differ"


def flown(places):
    """A flight over places ``(n, 3)`` of a frame at 49 N 20 E, east, north, above home; a second apart."""
    en, count = np.array(places, dtype=float), len(places)
    lat, lon = LocalFrame(49.0, 20.0).from_plane(en[:, :2])
    zero = np.zeros(count)
    return Flown(
        np.arange(count, dtype=float), lat, lon, 300.0 + en[:, 2], np.zeros((count, 3)), zero, zero,
        zero.astype(int), np.ones(count), np.ones(count, dtype=bool), 300.0, "landed", "",
    )  # fmt: skip


def test_margins_count_the_heights_of_a_block_of_air(patrol):
    from geofences.area import Area, BorderLine, Height, NamedPoint, Zone

    frame = LocalFrame(49.0, 20.0)

    def square(east, north, half):
        lat, lon = frame.from_plane(
            [[east + a, north + b] for a, b in ((-half, -half), (half, -half), (half, half), (-half, half))]
        )
        return tuple(zip(lat.tolist(), lon.tolist(), strict=True))

    block = Zone("block", square(0.0, 0.0, 50.0), floor=Height(60.0), ceiling=Height(90.0))
    border = BorderLine(((49.1, 20.0), (49.1, 20.1)), "A", "B", "B")
    area = Area(border, (), (block,), NamedPoint("home", 49.0, 20.0), ())
    over, below, through = ([(e, 0.0, h) for e in range(-80, 81, 5)] for h in (100.0, 40.0, 75.0))
    assert margins_of(flown(over), (), area).smallest_m == pytest.approx(10.0, abs=0.1)
    assert margins_of(flown(below), (), area).smallest_m == pytest.approx(20.0, abs=0.1)
    hit = margins_of(flown(through), (), area)
    assert hit.smallest_m == pytest.approx(-15.0, abs=0.1), "a way out upwards or downwards is nearest"
    assert [(e.name, round(e.from_s), round(e.duration_s)) for e in hit.excursions] == [("block", 7, 18)]
    aslant = margins_of(flown([(80.0, 0.0, 50.0)] * 3), (), area)
    assert aslant.smallest_m == pytest.approx(math.hypot(30.0, 10.0), abs=0.1)
    assert margins_of(flown([(0.0, 0.0, 120.0)] * 2), (), None, ceiling_rel_home_m=110.0).smallest_m == -10.0


def test_a_picture_of_the_plan_is_painted(patrol, tmp_path, capsys):
    from PyQt6.QtGui import QImage

    folder, _, _ = patrol
    out = tmp_path / "plan.png"
    code = main(["plan", "show", str(folder / "patrol.plan"), "-o", str(out), "--width", "900", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert code == 0
    picture = QImage(str(out))
    assert (picture.width(), picture.height()) == (told["width_px"], told["height_px"])
    colours = {picture.pixelColor(x, y).name() for x in range(0, 900, 2) for y in range(0, picture.height(), 2)}
    assert {"#0b7a54", "#0a5fa8", "#1d2429"} <= colours, "fence, way and home are there"


def test_a_picture_that_cannot_be_written_is_told(patrol, tmp_path, capsys):
    folder, _, _ = patrol
    for name in ("nowhere/plan.png", "plan.pdf"):
        assert main(["plan", "show", str(folder / "patrol.plan"), "-o", str(tmp_path / name)]) == 2
    assert main(["plan", "show", str(tmp_path / "none.plan"), "-o", str(tmp_path / "x.png")]) == 2
    capsys.readouterr()
