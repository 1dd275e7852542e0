"""QGroundControl's ``.plan`` as one of the formats; it is read in :mod:`missions.plan_file`, written in ``plan_file_write``."""

from __future__ import annotations

from pathlib import Path

from missions.codec import MissionKind, WireItem
from missions.files.drawing import counted
from missions.files.fence_parts import more_than_areas, parts_of
from missions.files.json_text import dump_json
from missions.files.raw import read_bounded
from missions.plan_file import PlanFile, parse_plan_file
from missions.plan_file_write import plan_document

_ABOVE_HOME = (3, 6)


def read(path: Path) -> PlanFile:
    """Read a file. Raises :class:`PlanError`."""
    return decode(read_bounded(path), str(path))


def decode(raw: bytes, name: str) -> PlanFile:
    """Read a file's bytes. Raises :class:`PlanError`."""
    return parse_plan_file(raw, name)


def encode(plan: PlanFile) -> tuple[bytes, list[str]]:
    """The file, and what it cannot hold: rally points whose height is not above home, all return points but the last."""
    not_carried: list[str] = []
    items: dict[MissionKind, tuple[WireItem, ...]] = {k: tuple(plan.items.get(k, ())) for k in MissionKind}
    rally = tuple(i for i in items[MissionKind.RALLY] if i.frame in _ABOVE_HOME)
    if left := len(items[MissionKind.RALLY]) - len(rally):
        not_carried.append(f"{counted(left, 'rally point')} left out: a .plan file has rally heights above home only")
    items[MissionKind.RALLY] = rally
    parts = parts_of(items[MissionKind.FENCE])
    if (returns := sum(1 for p in parts if p.kind == "return")) > 1:
        not_carried.append(f"{counted(returns - 1, 'return point')} left out: a .plan file has one")
    not_carried += more_than_areas(items[MissionKind.FENCE])
    document = plan_document(
        items, plan.cruise_speed_m_s, plan.hover_speed_m_s, home=plan.home, kept=plan.kept
    )  # fmt: skip
    if any(p.kind == "return" and p.frame not in _ABOVE_HOME for p in parts):
        not_carried.append("the return point's height reference: a .plan file has it above home only")
    return (dump_json(document, 4) + "\n").encode(), not_carried
