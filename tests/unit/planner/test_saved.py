"""A document as text and back, and texts that are damaged."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofences.errors import PlanError
from geofences.windows import parse_windows
from geofences.zone import WeatherLimits
from groundstation.console.planner import edits
from groundstation.console.planner.document import FixedPlan, Limits
from groundstation.console.planner.saved import document_text, parse_document, read_document, write_document
from missions.plan import FenceCircle
from tests.helpers.records import make_area, make_plan
from tests.unit.planner.places import full_document


def _whole() -> object:
    document = edits.ask(full_document(), see="stretch", from_m=100.0, to_m=400.5, often="random", start="20:30")
    zone = next(document.of_role("exclusion"))
    document = edits.change(document, zone.ident, windows=parse_windows("Mo-Fr 22:00-04:00"), buffer_m=12.5)
    return replace(document, limits=Limits(WeatherLimits(8.0, 12.0), 500.0, True))


def test_all_of_it_comes_back(tmp_path: Path) -> None:
    """By text and by file; with a plan that has no ceiling and a round fence."""
    document = _whole()
    assert parse_document(document_text(document)) == document
    plan = make_plan(make_area())
    fence = replace(plan.fence, alt_max_rel_home_m=math.inf, inclusion_circles=(FenceCircle("c", 49.0, 22.0, 50.0),))
    fixed = replace(document, fixed=FixedPlan(replace(plan, fence=fence), "old.plan", "plane", ("a note",)))
    path = tmp_path / "x.patrol"
    write_document(fixed, path)
    back = read_document(path)
    assert back == fixed
    assert back.fixed is not None
    assert back.fixed.plan.digest() == fixed.fixed.plan.digest()


@settings(max_examples=80)
@given(st.data())
def test_a_damaged_text_is_refused_or_still_a_document(data: st.DataObject) -> None:
    """Never another error than the one that names the file."""
    whole = json.loads(document_text(_whole()))

    def places(node: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        found = [path] if path else []
        items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        for key, value in list(items)[:8]:
            found += places(value, (*path, key))
        return found

    path = data.draw(st.sampled_from(places(whole)))
    node = whole
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = data.draw(st.sampled_from([None, [], {}, "x", -1, 1e308, True, [[1, 2, 3]], "Mo 99:00"]))
    message = ""
    try:
        parse_document(json.dumps(whole), "kept.patrol")
    except PlanError as error:
        message = error.message
    assert not message or "kept.patrol" in message


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"fileType": "Plan"}', '{"fileType": "Marchwarden patrol", "version": 2}']
)
def test_what_is_no_patrol_is_refused(text: str) -> None:
    """With the name of the file."""
    with pytest.raises(PlanError, match="night"):
        parse_document(text, "night")
