"""``groundstation coverage``: what it says, writes, merges and refuses."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from geofences.area import write_area
from groundstation.app.coverage_command import risks_of, time_of
from groundstation.app.coverage_report import age_map_svg, coverage_document, coverage_section
from groundstation.app.main import main
from groundstation.core.errors import ConfigError
from groundstation.store.coverage_store import add_observations, read_observations
from missions.coverage.colours import AGES, LEGEND, NEVER, NOT_TO_BE_SEEN, age_classes, age_colour, runs
from missions.coverage.grid import CoverageGrid
from missions.coverage.ledger import Ledger
from missions.coverage.observation import observation_of
from missions.coverage.rule import CoverageRule
from missions.requests.read import read_job
from tests.helpers.records import make_area
from tests.unit.missions.coverage.support import SECOND_US, T0, border, flat_grid, look, sighting

GRID = flat_grid()


def fill(folder: Path, *observations) -> Path:
    add_observations(folder, GRID, observations, T0)
    return folder


def test_show_tells_ages_gaps_and_what_to_look_at_next(tmp_path, capsys) -> None:
    fill(tmp_path, *(sighting(GRID, range(100), 600.0 * k) for k in range(4)), sighting(GRID, range(100, 200), 900.0))
    assert main(["coverage", "show", str(tmp_path), "--json", "--to", "2027-01-15T09:00:00Z"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["length_m"] == pytest.approx(GRID.line.length_m, abs=0.1)
    assert told["seen_fraction"] == pytest.approx(200 / GRID.bins, abs=1e-3)
    assert told["never_seen_m"] == pytest.approx(GRID.line.length_m - 1000.0, abs=0.2)
    assert told["revisit_gap_s"] == {"median": 600.0, "max": 600.0}
    assert told["age_s"]["max"] == pytest.approx(3600.0 - 900.0)
    assert told["observers"] == ["east/1-1"]
    assert [p["reason"] for p in told["priorities"]] == ["never seen", "not seen for 45 min", "not seen for 30 min"]
    assert main(["coverage", "show", str(tmp_path), "--to", "2027-01-15T09:00:00Z"]) == 0
    assert "never seen" in capsys.readouterr().out


def test_ages_are_as_of_the_time_that_was_asked_for(tmp_path, capsys) -> None:
    fill(tmp_path, sighting(GRID, [3], 0.0), sighting(GRID, [3], 3000.0))
    main(["coverage", "show", str(tmp_path), "--json", "--to", "2027-01-15T08:10:00Z"])
    assert json.loads(capsys.readouterr().out)["age_s"]["max"] == 600.0


def test_export_and_import_merge_two_stations(tmp_path, capsys) -> None:
    east = fill(tmp_path / "east", sighting(GRID, [1], 0.0))
    west = fill(tmp_path / "west", sighting(GRID, [2], 5.0, "west/1-1"))
    file = tmp_path / "west.coverage"
    assert main(["coverage", "export", str(west), "-o", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["observations"] == 1
    assert main(["coverage", "import", str(east), str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["new"] == 1
    assert main(["coverage", "import", str(east), str(file)]) == 0
    assert "0 of 1" in capsys.readouterr().out
    assert len(list(read_observations(east, GRID.digest))) == 2
    # Into a folder that had no ledger.
    assert main(["coverage", "import", str(tmp_path / "new"), str(file)]) == 0


def test_another_border_and_garbage_are_refused_in_one_line(tmp_path, capsys) -> None:
    east = fill(tmp_path / "east", sighting(GRID, [1], 0.0))
    other = CoverageGrid(border(shift_deg=0.001))
    add_observations(tmp_path / "far", other, [sighting(other, [1], 0.0)], T0)
    file = tmp_path / "far.coverage"
    main(["coverage", "export", str(tmp_path / "far"), "-o", str(file)])
    assert main(["coverage", "import", str(east), str(file)]) == 3
    assert "another border line" in capsys.readouterr().err
    file.write_bytes(b"garbage\n" * 5)
    assert main(["coverage", "import", str(east), str(file)]) == 2
    assert "line 1" in capsys.readouterr().err
    assert main(["coverage", "show", str(tmp_path / "nothing")]) == 9
    assert main(["coverage", "show", str(east), "--to", "yesterday"]) == 2
    assert main(["coverage", "show", str(east), "--risk", "1:2"]) == 2
    assert main(["coverage", "show", str(east), "--from", "2027-01-15T09:00", "--to", "2027-01-15T08:00"]) == 2
    assert len(list(read_observations(east, GRID.digest))) == 1


def test_the_page_holds_picture_legend_and_table(tmp_path, capsys) -> None:
    fill(tmp_path, observation_of(GRID, look(GRID, 700.0, 0.0)))
    page = tmp_path / "page.html"
    assert main(["coverage", "show", str(tmp_path), "-o", str(page), "--to", "2027-01-15T08:30:00Z"]) == 0
    text = page.read_text()
    for one in LEGEND:
        assert one.words in text
    assert text.count("<rect") > 2
    assert AGES[1].colour in text
    assert AGES[0].colour not in text.split("</svg>")[0]
    assert "never seen" in text
    capsys.readouterr()


def test_the_boxes_of_cells_cover_what_was_seen_and_no_more() -> None:
    one = Ledger(GRID, [observation_of(GRID, look(GRID, 700.0, 0.0))])
    svg = age_map_svg(one, T0 + SECOND_US)
    area = 0.0
    for part in svg.split("<rect ")[1:]:
        width, height = (float(part.split(f'{name}="')[1].split('"')[0]) for name in ("width", "height"))
        area += width * height
    assert area == pytest.approx(one.cells_last_seen().ever.sum() * 400.0)


def test_what_may_not_be_looked_at_is_told_apart(tmp_path) -> None:
    grid = flat_grid(no_look_beyond_m=5.0)
    told = coverage_document(Ledger(grid), T0, T0 + SECOND_US)
    assert told["may_not_be_looked_at_m"] == pytest.approx(grid.line.length_m, abs=0.1)
    assert told["never_seen_m"] == 0.0
    assert told["priorities"] == []
    assert told["age_s"] == {"median": None, "max": None}


def test_the_report_of_a_flight_holds_the_section_where_there_is_a_ledger(tmp_path) -> None:
    area = make_area()
    assert coverage_section(tmp_path, area) == ""
    grid = CoverageGrid.of_area(area)
    add_observations(tmp_path, grid, [sighting(grid, range(grid.bins // 2), 0.0)], T0)
    text = coverage_section(tmp_path, area)
    assert "What was really seen" in text
    assert text.count("<svg") == 1
    write_area(area, tmp_path / "area.geojson")
    assert main(["coverage", "show", str(tmp_path), "--area", str(tmp_path), "--to", "2027-01-15T09:00Z"]) == 0
    (tmp_path / "coverage.db").write_bytes(b"not a database")
    assert "bad" in coverage_section(tmp_path, area)


def test_the_next_sortie_becomes_a_request_that_plan_make_reads(tmp_path, capsys) -> None:
    area = make_area()
    grid = CoverageGrid.of_area(area)
    folder = tmp_path / "area"
    folder.mkdir()
    write_area(area, folder / "area.geojson")
    add_observations(tmp_path, grid, [sighting(grid, range(grid.bins // 2), 0.0)], T0)
    request = tmp_path / "next.toml"
    words = [
        "coverage",
        "next",
        str(tmp_path),
        "--area",
        str(folder),
        "--to",
        "2027-01-15T08:10:00Z",
        "-o",
        str(request),
    ]
    assert main([*words, "--length-m", "200", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["reason"] == "never seen"
    assert told["s_from_m"] >= grid.bin_from_m[grid.bins // 2]
    job = read_job(request)
    assert job.request.pattern == "shuttle"
    assert job.request.shuttle == {"stretch_m": [told["s_from_m"], told["s_to_m"]]}
    assert job.area.border == area.border
    add_observations(tmp_path, grid, [sighting(grid, range(grid.bins), 600.0)], T0)
    request.unlink()
    assert main(words) == 1
    assert not request.exists()


def test_words_on_the_command_line() -> None:
    assert time_of("2027-01-15T08:00:00Z") == T0
    assert time_of("2027-01-15T08:00:00") == T0
    assert time_of("") is None
    assert [(r.from_m, r.to_m, r.weight) for r in risks_of(["10:20:3"])] == [(10.0, 20.0, 3.0)]
    with pytest.raises(ConfigError):
        risks_of(["a:b:c"])


def luminance(colour: str) -> float:
    """Relative luminance of sRGB (WCAG 2)."""
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def test_the_colours_rise_in_lightness_so_that_nobody_needs_their_hue() -> None:
    light = [luminance(a.colour) for a in AGES]
    assert all((b + 0.05) / (a + 0.05) > 1.15 for a, b in itertools.pairwise(light))
    blue_minus_yellow = [int(a.colour[5:7], 16) - 0.5 * (int(a.colour[1:3], 16) + int(a.colour[3:5], 16)) for a in AGES]
    assert blue_minus_yellow == sorted(blue_minus_yellow, reverse=True), "along the axis that red-green blindness keeps"


def test_classes_and_runs() -> None:
    ages = np.array([-5.0, 0.0, 599.0, 600.0, 40_000.0, np.nan, np.nan])
    seen = np.array([True, True, True, True, True, True, False])
    assert age_classes(ages, seen).tolist() == [0, 0, 0, 1, 5, NEVER, NOT_TO_BE_SEEN]
    assert age_colour(None) != age_colour(0.0)
    assert runs(age_classes(ages, seen)) == [(0, 3, 0), (3, 4, 1), (4, 5, 5), (5, 6, NEVER), (6, 7, NOT_TO_BE_SEEN)]
    assert runs(np.empty(0, dtype=np.int64)) == []
    assert CoverageRule().gsd_max_m == pytest.approx(0.5)
