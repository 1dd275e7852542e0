"""The report's map: nothing in it may say the wrong side."""

from __future__ import annotations

import pytest

from geofences.border import BorderGeometry
from groundstation.app.report import _Sheet, _side_labels, map_svg, write_html
from sim.scenario import load_scenario
from sim.world import World
from tests.helpers.records import make_area, make_incident


@pytest.mark.parametrize("seed", [5, 21, 33, 47])
def test_sides_are_named_on_their_own_sides(seed: int) -> None:
    area = World(load_scenario("border_day"), seed).area()
    sheet = _Sheet(area, [p for z in area.inclusions for p in z.points], 80.0)
    border = BorderGeometry.from_line(area.border, sheet.frame)
    for name, (x, y) in _side_labels(area, sheet, 30.0):
        east_north = [x + sheet.low[0], sheet.high[1] - y]
        side = "left" if float(border.locate(east_north).signed_distance_m) > 0 else "right"
        assert area.border.side_name(side) == name


def test_other_events_stand_apart_from_the_crossings(tmp_path) -> None:
    report = {
        "scenario": "calm", "seed": 1, "duration_s": 1.0, "wall_s": 1.0,
        "score": {"true_positives": 0, "false_positives": 0, "missed": 0, "position_error_m": {"median": None}},
        "latency_ms": {"frame_to_track": {"p50": None}, "incident_to_neighbour": {"p50": None}},
        "neighbour": dict.fromkeys(("tracks_received", "incidents_received", "records_received", "withheld", "lost"), 0),
        "video": {"codec": "h264", "width": 1, "height": 1, "frames_processed": 1, "frames_sent": 1},
        "mission": {"verified": True, "items": 1}, "fence": {"verified": True, "items": 1, "breaches": 0},
    }  # fmt: skip
    down = make_incident(1, kind="person_down", direction="", urgency="help", text="Help may be needed <here>")
    page = tmp_path / "report.html"
    write_html(page, report, [], [], map_svg(make_area(), [], [], [], [], [], [down]), [down])
    text = page.read_text()
    assert "No crossing was flagged." in text
    assert "Calls for help and notices" in text
    assert text.count("Help may be needed &lt;here&gt;") == 2, "in the table and on the map"
    write_html(page, report, [], [], "")
    assert "Calls for help" not in page.read_text(), "nothing is said of what there is none of"


def test_map_holds_what_was_flagged_and_escapes_its_texts() -> None:
    area = make_area()
    svg = map_svg(area, [], [], [], [make_incident(1, text="<b>odd & bold</b>")], ["found"])
    assert "&lt;b&gt;odd &amp; bold&lt;/b&gt;" in svg
    assert "<b>" not in svg
    assert svg.count("<polygon") == 2
