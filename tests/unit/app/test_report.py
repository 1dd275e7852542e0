"""The report's map: nothing in it may say the wrong side."""

from __future__ import annotations

import pytest

from geofences.border import BorderGeometry
from groundstation.app.report import _Sheet, _side_labels, map_svg
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


def test_map_holds_what_was_flagged_and_escapes_its_texts() -> None:
    area = make_area()
    svg = map_svg(area, [], [], [], [make_incident(1, text="<b>odd & bold</b>")], frozenset({0}))
    assert "&lt;b&gt;odd &amp; bold&lt;/b&gt;" in svg
    assert "<b>" not in svg
    assert svg.count("<polygon") == 2
