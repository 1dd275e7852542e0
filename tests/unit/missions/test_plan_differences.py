"""A plan against what an aircraft holds: nothing where they are the same, words and places where they are not."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from missions.codec import MissionKind, WireItem, compare_items, items_of
from missions.plan import FenceCircle, Plan, RallyPoint
from missions.plan_differences import plan_differences
from tests.helpers.records import make_area, make_plan, place

Lists = dict[MissionKind, tuple[WireItem, ...]]


def _plan() -> Plan:
    plan = make_plan(make_area())
    lat, lon = place(-100, 0)
    fence = replace(plan.fence, exclusion_circles=(FenceCircle("mast", lat, lon, 20.0),))
    return replace(plan, fence=fence, rally=(RallyPoint(lat, lon, 60.0),))


def _held(plan: Plan) -> Lists:
    return {kind: items_of(plan, kind) for kind in MissionKind}


def test_the_same_is_the_same() -> None:
    """Even with another home, which is the aircraft's own."""
    plan = _plan()
    held = _held(plan)
    mission = held[MissionKind.MISSION]
    held[MissionKind.MISSION] = (replace(mission[0], x=1, y=2, z=3.0), *mission[1:])
    assert plan_differences(plan, held) == []


def test_a_moved_a_lifted_and_a_missing_item() -> None:
    """Each in words, with the place where the aircraft would go."""
    plan = _plan()
    held = _held(plan)
    home, first, second = held[MissionKind.MISSION]
    moved = replace(first, x=first.x + 4500)
    held[MissionKind.MISSION] = (home, moved, second)
    (told,) = plan_differences(plan, held)
    assert told.text == "item 1 lies 50 m from its place in the plan"
    assert told.lat_deg == moved.x / 1e7
    held[MissionKind.MISSION] = (home, replace(first, z=80.0), second)
    assert [d.text for d in plan_differences(plan, held)] == ["item 1 is at 80 m, in the plan at 110 m"]
    held[MissionKind.MISSION] = (home, first)
    assert [d.text for d in plan_differences(plan, held)] == ["item 2 of the plan is missing on the aircraft"]


def test_a_fence_that_is_not_there_is_told_loudly() -> None:
    """And an area too many or too few, a circle of another size."""
    plan = _plan()
    held = _held(plan)
    held[MissionKind.FENCE] = ()
    assert [d.text for d in plan_differences(plan, held)] == ["the aircraft holds NO fence areas; the plan has some"]
    fence = replace(
        plan.fence, exclusions=(), exclusion_circles=(replace(plan.fence.exclusion_circles[0], radius_m=30.0),)
    )
    held = _held(replace(plan, fence=fence))
    texts = [d.text for d in plan_differences(plan, held)]
    assert len(texts) == 3
    assert "the aircraft's fence lacks a keep-out area of 4 corners" in texts
    assert "the aircraft's fence has a keep-out circle of 30 m that the plan does not have" in texts


def test_an_empty_aircraft() -> None:
    """Everything is missing, list by list."""
    assert {d.kind for d in plan_differences(_plan(), {})} == set(MissionKind)


@given(st.data())
def test_silent_only_when_the_lists_compare_equal(data: st.DataObject) -> None:
    """Whatever is changed: words exactly where the exact comparison finds something."""
    plan = _plan()
    held = _held(plan)
    kind = data.draw(st.sampled_from(list(MissionKind)))
    items = list(held[kind])
    row = data.draw(st.integers(0, len(items) - 1))
    what = data.draw(st.sampled_from(["x", "y", "z", "param1", "param4", "command", "drop", "twice"]))
    if what == "drop":
        del items[row]
    elif what == "twice":
        items.insert(row, items[row])
    else:
        change = data.draw(st.sampled_from([1, 5, 17, 4000]))
        items[row] = replace(items[row], **{what: getattr(items[row], what) + change})
    held[kind] = tuple(replace(i, seq=n) for n, i in enumerate(items))
    exact = compare_items(kind, items_of(plan, kind), held[kind])
    assert bool(plan_differences(plan, held)) == bool(exact)
