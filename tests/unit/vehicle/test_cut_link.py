"""The link is cut at every single message of a transaction, in turn: the aircraft is never left in doubt.

The new plan whole, the old plan whole, or a report that says list by list what the aircraft can hold, which is compared
with what the simulated aircraft really holds.
"""

import asyncio
from dataclasses import replace

import pytest

from groundstation.core.clock import SystemClock
from groundstation.vehicle.plan_transfer import PlanTransfer
from missions.codec import MissionKind, compare_items, items_of
from missions.plan import FencePolygon
from tests.helpers.parked import GROUND_M, LAT, LON, ParkedAutopilot
from tests.helpers.patrol import around, small_plan
from tests.unit.vehicle.cut_link import SimPort, held

_FIRST = small_plan(LAT, LON, GROUND_M, "old", 90.0)
_SQUARE = FencePolygon(
    "square", tuple(around(LAT, LON, n, e) for n, e in ((-150, -150), (-150, 150), (150, 150), (150, -150)))
)
OLD = replace(_FIRST, fence=replace(_FIRST.fence, inclusions=(_SQUARE,), exclusions=(), alt_max_rel_home_m=90.0))
_SECOND = small_plan(LAT, LON, GROUND_M, "new")
NEW = replace(
    _SECOND,
    items=(_SECOND.items[0], *_SECOND.items[1:3] * 4, _SECOND.items[3]),
    rally=(*_SECOND.rally, replace(_SECOND.rally[0], alt_rel_home_m=40.0)),
)
NAMES = {"mission": MissionKind.MISSION, "fence": MissionKind.FENCE, "rally points": MissionKind.RALLY}


def _with_old(autopilot):
    # What was on its way is over.
    autopilot.step(autopilot.now_s + 60.0)
    settings = [autopilot.parameters[name] for name in ("FENCE_ENABLE", "FENCE_TYPE", "FENCE_ALT_MAX")]
    if _whole(autopilot, OLD) and settings == [1.0, 5.0, 90.0]:
        return autopilot
    assert _upload(SimPort(autopilot), OLD)[0].phase == "in_force"
    autopilot.step(autopilot.now_s + 60.0)
    return autopilot


def _upload(port, plan=NEW):
    transfer = PlanTransfer(
        port, plan, lambda p: [], lambda s: None, SystemClock(), use_ftp=bool(port.capabilities & 32)
    )
    return asyncio.run(transfer.upload()), transfer


def _is(autopilot, plan, kind):
    return compare_items(kind, items_of(plan, kind), held(autopilot, kind)) == []


def _whole(autopilot, plan):
    return all(_is(autopilot, plan, kind) for kind in MissionKind)


def _messages(files):
    port = SimPort(_with_old(ParkedAutopilot()), files=files)
    status, _ = _upload(port)
    assert status.phase == "in_force", status.detail
    assert status.method == ("ftp" if files else "items")
    assert _whole(port.autopilot, NEW)
    return port.messages


def _said_truly(autopilot, holds):
    """Every line of the report against the aircraft."""
    for line in holds:
        name, words = line.split(": ")
        if name not in NAMES:
            continue
        is_old, is_new = _is(autopilot, OLD, NAMES[name]), _is(autopilot, NEW, NAMES[name])
        allowed = {
            "old": is_old,
            "new": is_new,
            "old or new": is_old or is_new,
            "neither the old nor the new one": not is_old and not is_new,
            "old, new or parts of both": True,
        }
        assert allowed[words], f"{line}: really {held(autopilot, NAMES[name])}"


@pytest.mark.timeout(1800)  # hundreds of uploads: a matter of seconds, unless the machine is very busy
@pytest.mark.parametrize("files", [True, False], ids=["ftp", "items"])
@pytest.mark.parametrize("back_s", [None, 5.0, 25.0], ids=["never back", "soon back", "late back"])
def test_a_cut_at_every_message_leaves_no_doubt(files, back_s):
    outcomes = {"new": 0, "old": 0, "told": 0}
    autopilot = ParkedAutopilot()
    for cut_at in range(1, _messages(files) + 1):
        _with_old(autopilot)
        port = SimPort(autopilot, cut_at, back_s, files=files)
        status, _ = _upload(port)
        where = f"cut at {cut_at}: {status.detail}"
        if status.phase == "in_force":
            assert _whole(autopilot, NEW), where
            assert autopilot.fence.in_force, where
            outcomes["new"] += 1
            continue
        # Whatever the aircraft still does by itself, after half a minute it is done.
        _said_truly(autopilot, status.holds)
        autopilot.step(autopilot.now_s + 40.0)
        _said_truly(autopilot, status.holds)
        if status.holds:
            assert "the aircraft holds" in status.detail, where
            assert back_s is None, where
            outcomes["told"] += 1
        else:
            assert _whole(autopilot, OLD), where
            assert "put back" in status.detail or "not changed" in status.detail, where
            assert autopilot.parameters["FENCE_ENABLE"] == 1.0, where
            assert autopilot.parameters["FENCE_ALT_MAX"] == 90.0, where
            outcomes["old"] += 1
    if back_s == 5.0:
        assert outcomes["new"] > 0.9 * sum(outcomes.values()), "a break of 5 s costs nothing but time"
    else:
        assert outcomes["old"] > 20
    assert (outcomes["told"] > 20) == (back_s is None)
