"""The lists of a plan file as one :class:`Plan`, for whatever checks, flies or draws it."""

from __future__ import annotations

import math

from missions.codec import LOCATION_COMMANDS, MissionKind, fence_from_items, mission_from_items, rally_from_items
from missions.plan import FencePlan, Plan
from missions.plan_file import PlanFile

ARDUPILOT_MARGIN_M = 2.0
"""``FENCE_MARGIN`` of an aircraft that was told nothing else."""


def plan_of_file(
    file: PlanFile,
    name: str,
    ceiling_rel_home_m: float | None = None,
    margin_m: float = ARDUPILOT_MARGIN_M,
    union_of_inclusions: bool = False,
    home_alt_amsl_m: float | None = None,
) -> tuple[Plan, list[str]]:
    """The plan, and in words what of the file it cannot hold.

    A file holds neither ceiling nor margin nor how several inclusions are joined: those are parameters of the aircraft and are
    handed in (``ceiling_rel_home_m`` None: no ceiling). ``home_alt_amsl_m``: in place of the file's. A file without a planned
    home (0, 0) takes the first place of its mission. Raises :class:`PlanError` for a fence that is not whole.
    """
    items = mission_from_items(file.items.get(MissionKind.MISSION, ()))
    notes: list[str] = []
    lat, lon, alt = file.home
    if lat == 0.0 and lon == 0.0:
        first = next((i for i in items if i.command in LOCATION_COMMANDS and (i.x or i.y)), None)
        if first is not None:
            lat, lon = first.x / 1e7, first.y / 1e7
            notes.append("the file has no planned home: the first place of its mission is taken for it")
    ceiling = math.inf if ceiling_rel_home_m is None else ceiling_rel_home_m
    fence, left_out = fence_from_items(file.items.get(MissionKind.FENCE, ()), ceiling, margin_m)
    fence = FencePlan(
        fence.inclusions, fence.exclusions, ceiling, margin_m, union_of_inclusions, fence.inclusion_circles,
        fence.exclusion_circles,
    )  # fmt: skip
    height = alt if home_alt_amsl_m is None else home_alt_amsl_m
    plan = Plan(name, lat, lon, height, items, fence, rally_from_items(file.items.get(MissionKind.RALLY, ())))
    return plan, [*notes, *left_out]
