"""An aircraft that mishandles plans, and a station that says "in force" only where that is true."""

from __future__ import annotations

from typing import Any

import pytest

from groundstation.core.records import CommandResult
from missions.codec import MissionKind, compare_items, items_of
from missions.plan import Plan
from tests.helpers.patrol import small_plan
from tests.helpers.virtual_field import GROUND_M, LAT, LON, VirtualClock, VirtualField, held, run_virtual

# By the item protocol, which is what these misbehave in; a station uses files where the aircraft has them.
ITEMS_ONLY = ["no-ftp"]
OLD = small_plan(LAT, LON, GROUND_M, "old", 50.0)
NEW = small_plan(LAT, LON, GROUND_M, "new", 70.0)


def holds(field: VirtualField, plan: Plan) -> bool:
    """Whether the aircraft really holds a plan, all three lists."""
    return not any(compare_items(kind, items_of(plan, kind), held(field.autopilot, kind)) for kind in MissionKind)


async def _old_then_new(field: VirtualField) -> Any:
    """A plan on an aircraft that behaves, then another on one that does not; the second's status."""
    field.autopilot.misbehaviours.paused = True
    assert (await field.upload(OLD)).phase == "in_force"
    assert holds(field, OLD)
    field.autopilot.misbehaviours.paused = False
    return await field.upload(NEW)


@pytest.mark.parametrize(
    "name",
    [
        "upload-ack-lost",
        "items-reasked",
        "wrong-sequence-acks",
        "read-back-unanswered",
        "int-frames",
        "items-twice",
        "upload-ack-late",
        "ack-before-items",
        "asks-beyond-the-end",
        "asks-with-int",
    ],
)
def test_a_plan_gets_through_all_the_same(name: str) -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, [name, *ITEMS_ONLY]) as field:
            status = await _old_then_new(field)
            assert field.times(name) > 0, "it did misbehave"
            assert status.phase == "in_force", status.detail
            assert holds(field, NEW), "and that is true"

    run_virtual(main)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("upload-given-up", "operation cancelled: Mission upload timeout"),
        ("other-uploader", "denied"),
        ("no-space", "no space: Only 3 items are supported"),
        ("fence-refused-late-text", "error: Fence exceeds storage size"),
        ("mission-tail-lost", "sent 4, read back 3"),
        ("item-altered", "item 3 x"),
        ("ack-to-another", "operation cancelled"),
        ("fence-forgotten", "sent 7, read back 0"),
    ],
)
def test_a_plan_that_is_not_there_whole_is_not_in_force(name: str, words: str) -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, [name, *ITEMS_ONLY]) as field:
            status = await _old_then_new(field)
            assert field.times(name) > 0, "it did misbehave"
            assert status.phase == "failed"
            assert words in status.detail, "the aircraft's own words, or what is different"
            assert not (status.mission_verified and status.fence_verified and status.rally_verified)
            assert (await field.service.start_mission(field.id)).result is CommandResult.DENIED
            assert not field.autopilot.flight.armed
            # What the station says it holds now is what it holds.
            if "put back" in status.detail and "could not" not in status.detail:
                assert holds(field, OLD)
            else:
                assert "could not be put back" in status.detail
            field.autopilot.misbehaviours.paused = True
            field.autopilot.mission_store.max_items = 650
            field.autopilot.fence_store.refuses_all = False
            assert (await field.upload(NEW)).phase == "in_force", "and it recovers"
            assert holds(field, NEW)

    run_virtual(main)


def test_lists_that_read_empty_at_first_are_no_reason_to_believe_anything() -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, ["empty-at-first", *ITEMS_ONLY]) as field:
            status = await _old_then_new(field)
            assert field.times("empty-at-first") > 0
            assert (status.phase == "in_force") == (holds(field, NEW) and field.autopilot.fence.in_force != 0)
            again = await field.upload(NEW)
            assert again.phase == "in_force"
            assert holds(field, NEW)

    run_virtual(main)


@pytest.mark.parametrize("name", ["no-ftp", "ftp-silent", "ftp-refuses-close"])
def test_a_plan_goes_by_items_where_files_do_not_work(name: str) -> None:
    async def main(clock: VirtualClock) -> None:
        async with VirtualField(clock, [name]) as field:
            status = await _old_then_new(field)
            assert field.times(name) > 0, "it did misbehave"
            assert status.phase == "in_force", status.detail
            assert holds(field, NEW), "and that is true"

    run_virtual(main)
