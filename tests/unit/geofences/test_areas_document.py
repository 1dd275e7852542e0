"""The example of docs/areas.md is one: it is read, its zones are sound, and its base may fly."""

from __future__ import annotations

import re
from pathlib import Path

from geofences.area import parse_area
from geofences.coordinates import parse_coordinate
from geofences.no_look import no_look_zones
from geofences.shapes import FlyRoom
from geofences.validity import explain, remarks

TEXT = (Path(__file__).parents[3] / "docs" / "areas.md").read_text(encoding="utf-8")


def test_the_example_is_an_area_that_can_be_flown():
    (example,) = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    area = parse_area(example, "docs/areas.md")
    frame = area.frame()
    for zone in (*area.inclusions, *area.exclusions, *no_look_zones(area)):
        assert explain(zone, frame) == []
    assert [r.code for z in (*area.inclusions, *area.exclusions) for r in remarks(z, frame)] == []
    assert {len(area.inclusions), len(area.exclusions), len(area.launches), len(area.obstacles)} == {1, 3, 2}
    room = FlyRoom.from_area(area, frame)
    for point in (*area.launches, *area.rally):
        assert room.margin_m(frame.to_plane(point.lat_deg, point.lon_deg)) > 20.0


def test_the_examples_of_coordinates_are_read():
    rows = re.findall(r"^\| (?:decimal|degrees|UTM|MGRS)[^|]*\| (.*) \|$", TEXT, re.MULTILINE)
    examples = [e for row in rows for e in re.findall(r"`([^`]+)`", row)]
    assert len(examples) >= 16
    for example in examples:
        assert abs(parse_coordinate(example).lat_deg - 49.15) < 0.2
