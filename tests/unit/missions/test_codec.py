"""Plans to mission items and back; what counts as the same after reading back."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geofences.errors import PlanError
from missions.codec import (
    MissionKind,
    WireItem,
    compare_items,
    decode,
    encode,
    fence_from_items,
    fence_items,
    items_of,
    mission_from_items,
    mission_items,
    rally_from_items,
)
from missions.plan import FenceCircle, FencePlan, FencePolygon, MissionItem, Plan, RallyPoint
from tests.unit.missions.fake_vehicle import VEHICLE, over_the_wire

SQUARE = FencePolygon("inclusion 1", ((49.05, 22.7), (49.05, 22.71), (49.06, 22.71), (49.06, 22.7)))
HOLE = FencePolygon("exclusion 1", ((49.052, 22.702), (49.052, 22.703), (49.053, 22.703)))
PLAN = Plan(
    "patrol", 49.051, 22.701, 301.25,
    (
        MissionItem(22, 3, z=110.0),
        MissionItem(178, 2, 1.0, 4.0, -1.0),
        MissionItem(16, 3, x=490_510_001, y=227_020_002, z=111.37),
        MissionItem(1000, 2, -50.0, 135.0, 0.0, 0.0, 16, 0, 0.0),
        MissionItem(177, 2, 3.0, 2.0),
        MissionItem(20, 2),
    ),
    FencePlan((SQUARE,), (HOLE,), 150.0, 5.0),
    (RallyPoint(49.0511, 22.7011, 60.0),),
)  # fmt: skip

float32 = st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=-1e6, max_value=1e6)
item = st.builds(
    MissionItem,
    command=st.sampled_from([16, 20, 22, 177, 178, 1000]),
    frame=st.sampled_from([0, 2, 3, 6, 10]),
    param1=float32, param2=float32, param3=float32, param4=float32,
    x=st.integers(-900_000_000, 900_000_000), y=st.integers(-1_800_000_000, 1_800_000_000), z=float32,
)  # fmt: skip


@given(st.lists(item, min_size=1, max_size=8))
def test_a_mission_survives_the_wire(items):
    plan = replace(PLAN, items=tuple(items))
    wire = mission_items(plan)
    assert [i.seq for i in wire] == list(range(len(items) + 1))
    received = [decode(over_the_wire(encode(i, 255, 190), VEHICLE)) for i in wire]
    assert mission_from_items(received) == plan.items
    assert compare_items(MissionKind.MISSION, wire, received) == []


def test_home_is_sequence_zero_above_sea_level():
    home = mission_items(PLAN)[0]
    assert (home.seq, home.command, home.frame, home.x, home.y, home.z) == (0, 16, 0, 490_510_000, 227_010_000, 301.25)


def test_every_fence_vertex_carries_its_polygon_count():
    wire = fence_items(PLAN.fence)
    assert [(i.command, i.param1) for i in wire] == [(5001, 4.0)] * 4 + [(5002, 3.0)] * 3
    assert all(i.kind is MissionKind.FENCE for i in wire)


def test_fence_and_rally_come_back():
    assert fence_from_items(items_of(PLAN, MissionKind.FENCE)) == (PLAN.fence, ())
    assert rally_from_items(items_of(PLAN, MissionKind.RALLY)) == PLAN.rally


def test_a_fence_that_is_cut_off_is_refused():
    with pytest.raises(PlanError, match="fence item 4"):
        fence_from_items(fence_items(PLAN.fence)[:-1])


def test_what_a_fence_plan_cannot_hold_is_said():
    return_point = WireItem(MissionKind.FENCE, 0, 5000, 0, 50.0, x=490_000_000, y=227_000_000)
    fence, left_out = fence_from_items([return_point])
    assert fence == FencePlan()
    assert "5000" in left_out[0]


def test_round_fences_go_out_and_come_back():
    fence = FencePlan(
        (SQUARE,), (HOLE,),
        inclusion_circles=(FenceCircle("inclusion circle 1", 49.05, 22.7, 812.5),),
        exclusion_circles=(FenceCircle("exclusion circle 1", 49.051, 22.701, 75.3),),
    )  # fmt: skip
    items = fence_items(fence)
    assert [i.command for i in items[-2:]] == [5003, 5004]
    assert [i.seq for i in items] == list(range(len(items)))
    assert fence_from_items(items) == (fence, ())
    assert PLAN.digest() != replace(PLAN, fence=fence).digest()


def test_a_radius_is_kept_as_a_32_bit_float():
    (sent,) = fence_items(FencePlan(exclusion_circles=(FenceCircle("c", 49.0, 22.0, 75.3),)))
    assert compare_items(MissionKind.FENCE, [sent], [replace(sent, param1=75.30000305175781)]) == []
    (difference,) = compare_items(MissionKind.FENCE, [sent], [replace(sent, param1=75.0)])
    assert difference.field == "param1"


def test_a_circle_without_a_radius_is_refused():
    with pytest.raises(PlanError, match="radius 0 m"):
        fence_from_items([WireItem(MissionKind.FENCE, 0, 5004, 0, 0.0, x=1, y=1)])


def as_ardupilot_reads_it_back(sent: WireItem) -> WireItem:
    """AP_Mission's storage: whole parameters, centimetres, plain frames, no frame without a place."""
    if sent.seq == 0:
        return replace(sent, x=1, y=2, z=420.09)
    located = sent.command in (16, 22)
    whole = {16: ("param1",), 22: ("param1",), 1000: ("param1", "param2", "param3", "param4")}.get(sent.command, ())
    return replace(
        sent,
        frame={6: 3}.get(sent.frame, sent.frame) if located else 0,
        z=int(sent.z * 100) / 100 if located else sent.z,
        **{n: float(int(getattr(sent, n))) for n in whole},
    )


def test_ardupilots_own_changes_are_no_difference():
    sent = mission_items(PLAN)
    sent = (*sent[:3], replace(sent[3], frame=6, param1=2.5), *sent[4:])
    assert compare_items(MissionKind.MISSION, sent, [as_ardupilot_reads_it_back(i) for i in sent]) == []


@pytest.mark.parametrize(
    ("seq", "change"),
    [
        (3, {"x": 490_510_002}), (3, {"y": 0}), (3, {"z": 111.0}), (3, {"frame": 0}), (3, {"command": 17}),
        (2, {"param2": 5.0}), (4, {"param2": 134.0}), (4, {"x": 0}), (5, {"param1": 2.0}), (3, {"seq": 4}),
        (3, {"z": math.nan}),
    ],
)  # fmt: skip
def test_a_real_change_is_a_difference(seq, change):
    sent = mission_items(PLAN)
    received = [replace(i, **change) if i.seq == seq else i for i in sent]
    (difference,) = compare_items(MissionKind.MISSION, sent, received)
    assert difference.seq == seq
    assert difference.field == next(iter(change))


def test_nan_may_come_back_as_zero_but_not_as_a_number():
    sent = [WireItem(MissionKind.MISSION, 1, 16, 3, param4=math.nan)]
    assert compare_items(MissionKind.MISSION, sent, [replace(sent[0], param4=0.0)]) == []
    assert compare_items(MissionKind.MISSION, sent, [replace(sent[0], param4=90.0)]) != []


def test_fence_frames_and_heights_do_not_count_but_places_do():
    sent = fence_items(PLAN.fence)
    received = [replace(i, frame=0, z=0.0, autocontinue=0) for i in sent]
    assert compare_items(MissionKind.FENCE, sent, received) == []
    received[2] = replace(received[2], x=received[2].x + 1)
    assert [(d.seq, d.field) for d in compare_items(MissionKind.FENCE, sent, received)] == [(2, "x")]


def test_a_missing_item_is_a_difference():
    sent = mission_items(PLAN)
    (difference,) = compare_items(MissionKind.MISSION, sent, sent[:-1])
    assert "number of items" in str(difference)


def test_an_empty_mission_that_still_lists_home_is_empty():
    assert compare_items(MissionKind.MISSION, (), mission_items(PLAN)[:1]) == []
