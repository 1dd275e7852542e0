"""What follows from a document: plans by the code of ``plan make``, and findings with their places."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from groundstation.console.planner import edits
from groundstation.console.planner.document import FixedPlan, PlannerDocument, Shape
from groundstation.console.planner.evaluate import evaluate, plan_documents, with_promises
from missions.files.json_text import dump_json
from missions.plan_file import parse_plan_file
from missions.plan_of_file import plan_of_file
from tests.helpers.records import make_area, make_plan, make_terrain, place
from tests.unit.planner.places import area_document, square


def test_a_border_patrol_is_planned_and_checked() -> None:
    """The whole way: as often as the battery gives, ready to be sent, and a file that reads back as the same plan."""
    document = edits.ask(area_document(), see="border", standoff_m=75.0)
    done = evaluate(document, make_terrain())
    assert done.document is document
    assert done.errors() == ()
    assert done.ready
    (plan,) = done.plans
    assert plan.made is not None
    assert plan.made.laps > 1
    # The findings are there at once, the promise follows: the same plan, with more known about it.
    assert not done.promised
    assert plan.gap_max_s is None
    later = with_promises(done)
    assert later.promised
    assert later.plans[0].plan is plan.plan
    assert later.plans[0].gap_max_s is not None
    (file,) = plan_documents(done)
    read = parse_plan_file(dump_json(file))
    back, _ = plan_of_file(read, plan.plan.name, plan.plan.fence.alt_max_rel_home_m, plan.plan.fence.margin_m)
    assert [i.command for i in back.items] == [i.command for i in plan.plan.items]


def test_nothing_drawn_says_nothing_and_half_a_drawing_says_what_is_missing() -> None:
    """An empty sheet is no fault."""
    assert evaluate(PlannerDocument()).told == ()
    half = edits.add(PlannerDocument(), square(0, 0, role="inclusion"))
    assert [t.text for t in evaluate(half).errors()] == ["no border is drawn: draw the border line"]


def test_a_zone_that_crosses_itself_blocks_and_names_its_place() -> None:
    """The repair is offered; no plan is made of it."""
    tie = tuple(place(*p) for p in ((-350, -40), (-300, 40), (-300, -40), (-350, 40)))
    document = edits.ask(area_document(), see="border")
    document = edits.add(document, Shape(0, "exclusion", "polygon", tie, name="tie"))
    done = evaluate(document)
    (first, *_) = done.errors()
    assert first.code == "self_intersection"
    assert first.mends
    assert first.ident == document.shapes[-1].ident
    assert not done.plans
    mended, _ = edits.mend(document, first.ident)
    assert evaluate(mended).ready


def test_a_request_that_cannot_be_flown_is_said_in_words() -> None:
    """A figure out of its range, a patrol that has nothing to see, several aircraft without a gap."""
    for patrol, words in (
        ({"height_agl_m": 5.0}, "height_agl_m"),
        ({"see": "area"}, "no area to be seen is chosen"),
        ({"count": 2}, "only by a longest gap"),
        ({"standoff_m": 1500.0}, ""),
        ({"start": "25:99"}, "start"),
        ({"aircraft": "balloon"}, "balloon"),
    ):
        done = evaluate(edits.ask(area_document(), **patrol))
        assert not done.ready, patrol
        assert words in done.errors()[0].text
        assert "night patrol:" not in done.errors()[0].text


@pytest.mark.parametrize(
    ("kind", "values"),
    [("polygon", {"see": "area"}), ("line", {"see": "line"}), ("point", {"see": "point"}),
     ("point", {"see": "point", "way": "stand"}), ("point", {"see": "point", "way": "search"})],
)  # fmt: skip
def test_every_kind_of_target_gives_a_plan(kind: str, values: dict[str, str]) -> None:
    """An area, a line, a point that is circled, stood at, or searched round."""
    corners = {
        "polygon": ((-300, 0), (-200, 0), (-200, 60), (-300, 60)),
        "line": ((-300, 0), (-100, 0)),
        "point": ((-200, 40),),
    }
    shape = Shape(0, "target", kind, tuple(place(*p) for p in corners[kind]))  # type: ignore[arg-type]
    document = edits.add(area_document(), shape)
    document = edits.ask(
        document, target=document.shapes[-1].ident, often="once", radius_m=50.0, offset_m=30.0, **values
    )
    done = evaluate(document)
    assert done.failed == ""
    assert len(done.plans) == 1
    assert done.plans[0].plan.name == "night patrol"


def test_a_watch_of_two_gives_two_plans_or_says_what_is_missing() -> None:
    """An impossible demand has a place on the border and advice."""
    document = edits.ask(area_document(), often="within", gap_min=10.0, count=2, hours=2.0)
    done = evaluate(document)
    assert done.plans
    assert len({p.plan.name for p in done.plans}) == len(done.plans)
    short = evaluate(edits.ask(document, gap_min=0.2))
    lacking = [t for t in short.errors() if t.code == "demand_not_met"]
    assert lacking
    assert lacking[0].lat_deg is not None


def test_a_plan_of_a_file_is_checked_as_it_stands() -> None:
    """And it is not made anew."""
    plan = make_plan(make_area())
    done = evaluate(replace(area_document(), fixed=FixedPlan(plan, "old.plan", notes=("it says nothing of a camera",))))
    assert done.plans[0].plan is plan
    assert any(t.text == "it says nothing of a camera" for t in done.told)
    assert json.loads(dump_json(plan_documents(done)[0]))["marchwarden"]["name"] == plan.name
    outside = replace(plan, home_lat_deg=plan.home_lat_deg + 0.02)
    assert evaluate(PlannerDocument(fixed=FixedPlan(outside, "old.plan"))).errors()
