"""A plan against what an aircraft holds, in words and with places. The same is what :func:`compare_items` finds the same."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from geofences.errors import PlanError
from geofences.geodesy import LocalFrame
from missions.codec import LOCATION_COMMANDS, MissionKind, WireItem, compare_items, items_of
from missions.files.fence_parts import FencePart, parts_of
from missions.plan import Plan

_NAMES = {MissionKind.MISSION: "mission", MissionKind.FENCE: "fence", MissionKind.RALLY: "rally points"}
_SMALL_M = 0.05


@dataclass(frozen=True)
class PlanDifference:
    """One thing in which they differ. ``lat_deg`` None: it has no place."""

    kind: MissionKind
    text: str
    lat_deg: float | None = None
    lon_deg: float | None = None


def plan_differences(plan: Plan, held: Mapping[MissionKind, Sequence[WireItem]]) -> list[PlanDifference]:
    """Everything in which the lists of an aircraft differ from the plan; empty only when all three are the same.

    ``held``: as read, a missing list counts as empty.
    """
    found: list[PlanDifference] = []
    for kind in MissionKind:
        ours, theirs = items_of(plan, kind), tuple(held.get(kind, ()))
        if kind is MissionKind.MISSION:
            # Home is the aircraft's own, and one without a mission has a home all the same.
            ours, theirs = tuple(i for i in ours if i.seq > 0), tuple(i for i in theirs if i.seq > 0)
        exact = compare_items(kind, ours, theirs)
        if not exact:
            continue
        told = list(_fence(ours, theirs) if kind is MissionKind.FENCE else _items(kind, ours, theirs))
        # What the words cannot tell apart is still told.
        found += told or [PlanDifference(kind, f"{_NAMES[kind]}: {difference}") for difference in exact]
    return found


def _place(item: WireItem) -> tuple[float, float] | tuple[None, None]:
    if item.kind is not MissionKind.MISSION or (item.command in LOCATION_COMMANDS and (item.x or item.y)):
        return item.x / 1e7, item.y / 1e7
    return None, None


def _key(item: WireItem) -> tuple[float, ...]:
    return (
        item.command,
        item.x,
        item.y,
        round(item.z, 1),
        *(round(p, 2) if math.isfinite(p) else 0.0 for p in _params(item)),
    )


def _params(item: WireItem) -> tuple[float, float, float, float]:
    return item.param1, item.param2, item.param3, item.param4


def _items(kind: MissionKind, ours: Sequence[WireItem], theirs: Sequence[WireItem]) -> Iterator[PlanDifference]:
    word = "rally point" if kind is MissionKind.RALLY else "item"
    first = 1 if kind is MissionKind.RALLY else 0
    if not theirs:
        yield PlanDifference(kind, f"the aircraft holds no {_NAMES[kind]}; the plan has {len(ours)}", *_place(ours[0]))
        return
    matcher = SequenceMatcher(None, [_key(i) for i in ours], [_key(i) for i in theirs], autojunk=False)
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag == "equal":
            continue
        common = min(a1 - a0, b1 - b0)
        for mine, its in zip(ours[a0 : a0 + common], theirs[b0 : b0 + common], strict=True):
            yield from _pair(kind, f"{word} {mine.seq + first}", mine, its)
        for mine in ours[a0 + common : a1]:
            yield PlanDifference(
                kind, f"{word} {mine.seq + first} of the plan is missing on the aircraft", *_place(mine)
            )
        for its in theirs[b0 + common : b1]:
            yield PlanDifference(kind, f"{word} {its.seq + first} of the aircraft is not in the plan", *_place(its))


def _pair(kind: MissionKind, name: str, mine: WireItem, its: WireItem) -> Iterator[PlanDifference]:
    if mine.command != its.command:
        text = f"{name} is of another kind: {its.command} on the aircraft, {mine.command} in the plan"
        yield PlanDifference(kind, text, *_place(mine))
        return
    here, there = _place(mine), _place(its)
    if here[0] is not None and here[1] is not None and there[0] is not None and here != there:
        away = float(np.hypot(*LocalFrame(here[0], here[1]).to_plane(*there)))
        # Less is what the integers of the wire are apart.
        yield PlanDifference(
            kind, f"{name} lies {max(away, 0.01):.{2 if away < 1.0 else 0}f} m from its place in the plan", *there
        )
    if abs(mine.z - its.z) > _SMALL_M:
        yield PlanDifference(kind, f"{name} is at {its.z:g} m, in the plan at {mine.z:g} m", *there)
    for number, (a, b) in enumerate(zip(_params(mine), _params(its), strict=True), start=1):
        a, b = (a if math.isfinite(a) else 0.0), (b if math.isfinite(b) else 0.0)
        if abs(a - b) > 1e-2 * max(1.0, abs(a)):
            yield PlanDifference(kind, f"{name}, parameter {number}: {b:g} on the aircraft, {a:g} in the plan", *there)


def _fence(ours: Sequence[WireItem], theirs: Sequence[WireItem]) -> Iterator[PlanDifference]:
    kind = MissionKind.FENCE
    if not theirs:
        place = (ours[0].x / 1e7, ours[0].y / 1e7)
        yield PlanDifference(kind, "the aircraft holds NO fence areas; the plan has some", *place)
        return
    try:
        mine, its = parts_of(ours), parts_of(theirs)
    except PlanError as error:
        yield PlanDifference(kind, f"the fence on the aircraft is not whole: {error.message}")
        return
    lacking, more = _without(mine, its), _without(its, mine)
    for part in lacking:
        yield PlanDifference(kind, f"the aircraft's fence lacks {_word(part)}", *_of(part))
    for part in more:
        yield PlanDifference(kind, f"the aircraft's fence has {_word(part)} that the plan does not have", *_of(part))


def _without(some: Sequence[FencePart], others: Sequence[FencePart]) -> list[FencePart]:
    left = list(others)
    out = []
    for part in some:
        same = next((o for o in left if _same(part, o)), None)
        if same is None:
            out.append(part)
        else:
            left.remove(same)
    return out


def _same(a: FencePart, b: FencePart) -> bool:
    return (a.kind, a.inclusion, a.points_e7) == (b.kind, b.inclusion, b.points_e7) and abs(
        a.radius_m - b.radius_m
    ) < 0.01


def _word(part: FencePart) -> str:
    if part.kind == "return":
        return "a return point"
    what = "a stay-in" if part.inclusion else "a keep-out"
    if part.kind == "circle":
        return f"{what} circle of {part.radius_m:g} m"
    return f"{what} area of {len(part.points_e7)} corners"


def _of(part: FencePart) -> tuple[float, float]:
    lat = sum(c[0] for c in part.points_e7) / len(part.points_e7) / 1e7
    lon = sum(c[1] for c in part.points_e7) / len(part.points_e7) / 1e7
    return lat, lon
