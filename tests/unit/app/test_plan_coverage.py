"""A patrol request that names a coverage ledger: the oldest and riskiest part of the border is planned first."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from geofences.area import write_area
from geofences.errors import ConfigError, MarchwardenError
from groundstation.app.main import main
from groundstation.app.plan_coverage import with_coverage
from groundstation.store.coverage_store import add_observations
from missions.coverage.grid import CoverageGrid
from missions.requests.make import make
from missions.requests.read import read_job
from tests.helpers.records import make_area
from tests.unit.missions.coverage.support import T0, sighting

AREA = make_area()
GRID = CoverageGrid.of_area(AREA)
AS_OF = 'as_of = "2027-01-15T08:20:00Z"'  # twenty minutes after T0
LEDGER = f'area = "area.geojson"\n[coverage]\nledger = "data"\n{AS_OF}\n'
SHUTTLE = f'pattern = "shuttle"\n{LEDGER}length_m = 200.0\n[flight]\nlaps = 2\n'
WATCH = f'pattern = "watch"\n{LEDGER}[watch]\nhours = 1.0\nmax_gap_s = 600.0\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An area, and a ledger in which the border from 600 m on was seen ten minutes after the rest."""
    write_area(AREA, tmp_path / "area.geojson")
    old, new = range(120), range(120, GRID.bins)
    add_observations(tmp_path / "data", GRID, [sighting(GRID, old, 0.0), sighting(GRID, new, 600.0)], T0)
    return tmp_path


def request(folder: Path, text: str) -> Path:
    file = folder / "request.toml"
    file.write_text(text, encoding="utf-8")
    return file


def planned(folder: Path, text: str):
    return with_coverage(read_job(request(folder, text)))


def test_a_shuttle_is_flown_where_it_was_longest_not_seen(folder: Path, capsys) -> None:
    assert main(["plan", "make", str(request(folder, SHUTTLE)), "-o", str(folder / "p.plan"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (row,) = told["coverage"]
    # The first of it lies beyond the fence: nobody can fly there, however old it is.
    assert 150.0 < row["s_from_m"] < 260.0
    assert row["s_to_m"] == pytest.approx(row["s_from_m"] + 200.0)
    assert row["reason"] == "not seen for 20 min"
    assert told["plan_files"] == [str(folder / "p.plan")]


def test_a_risk_outweighs_age(folder: Path) -> None:
    risky = SHUTTLE + "[[coverage.risk]]\nfrom_m = 800.0\nto_m = 1000.0\nweight = 3.0\n"
    job = planned(folder, risky)
    assert job.request.shuttle == {"stretch_m": [800.0, 1000.0]}
    assert job.by_coverage[0][3] == "not seen for 10 min, risk 3"


def test_ledgers_of_two_stations_are_put_together(folder: Path, capsys) -> None:
    """The neighbour has just seen the old part, so that the other one is flown."""
    add_observations(folder / "west", GRID, [sighting(GRID, range(120), 1100.0, "west/1-1")], T0)
    assert main(["coverage", "export", str(folder / "west"), "-o", str(folder / "west.coverage")]) == 0
    capsys.readouterr()
    both = SHUTTLE.replace('"data"', '["data", "west.coverage"]')
    assert planned(folder, both).request.shuttle["stretch_m"][0] >= 600.0
    assert planned(folder, both.replace("08:20", "08:15")).request.shuttle["stretch_m"][0] < 600.0, (
        "as of a time before"
    )


def test_a_watch_weighs_its_stretches_by_the_ledger(folder: Path) -> None:
    job = planned(folder, WATCH)
    assert [(s.from_m, round(s.priority, 2)) for s in job.request.stretch] == [(0.0, 1.0), (500.0, 0.7), (750.0, 0.5)]
    assert {s.max_gap_s for s in job.request.stretch} == {600.0}
    own = WATCH + "[[stretch]]\nfrom_m = 760.0\nto_m = 900.0\npriority = 3.0\n[[stretch]]\nfrom_m = 0.0\nto_m = 300.0\n"
    assert [round(s.priority, 2) for s in planned(folder, own).request.stretch] == [1.5, 1.0]
    made, solution = make(replace(job, by_coverage=job.by_coverage), folder / "w.plan", promised=False)
    assert made
    assert solution is not None
    assert [p.names[0] for p in solution.pieces][:1] == ["not seen for 20 min"]


def test_what_cannot_be_used_is_told(folder: Path, capsys) -> None:
    out = ["-o", str(folder / "p.plan")]
    for text, word in (
        (SHUTTLE + "[shuttle]\nstretch_m = [0.0, 100.0]\n", "told by the coverage ledger"),
        (SHUTTLE.replace('"data"', '"nothing"'), "no coverage ledger"),
        (SHUTTLE.replace("length_m", "lenght_m"), "length_m"),
        (SHUTTLE.replace("shuttle", "sweep"), "a sweep has none"),
        (SHUTTLE.replace("2027-01-15T08:20:00Z", "soon"), "no time"),
    ):
        assert main(["plan", "make", str(request(folder, text)), *out]) == 2
        assert word in capsys.readouterr().err
    assert not (folder / "p.plan").exists()
    with pytest.raises(ConfigError, match="nobody has read the ledger"):
        make(read_job(request(folder, SHUTTLE)), folder / "p.plan")
    add_observations(folder / "data", GRID, [sighting(GRID, range(GRID.bins), 1200.0)], T0)
    with pytest.raises(MarchwardenError, match="just seen"):
        planned(folder, SHUTTLE)
    assert tomllib.loads(SHUTTLE)["coverage"]["length_m"] == 200.0
