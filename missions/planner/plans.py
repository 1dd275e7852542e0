"""One plan for every aircraft of a solution, and what flying it really takes.

The line is cut to what an aircraft needs, so that the length of the border does not slow its plan down. Laps are taken off
until the plan, with its real legs, climbs and ways round zones, keeps the reserve.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from geofences.area import Area, NamedPoint
from geofences.border import BorderGeometry
from geofences.errors import PlanError
from geofences.shapes import to_lat_lon
from geofences.terrain import TerrainGrid
from missions import codec
from missions.patterns.border_shuttle import PatrolRequest, plan_border_patrol
from missions.performance import Performance, WindEN
from missions.plan import Plan
from missions.plan_time import PlanTime, plan_time
from missions.planner.fleet import Fleet
from missions.planner.sharing_out import ShareOut, alone
from missions.planner.solution import Aircraft, Patrol, PatrolSolution

_BESIDE_M = 3000.0
_CUT_ABOVE_M = 12_000.0
_MOST_LONGER = 10.0


@dataclass(frozen=True)
class Margins:
    """Distances for the plans; see :class:`missions.patterns.border_shuttle.PatrolRequest`."""

    edge_m: float = 15.0
    own_side_m: float = 15.0
    fence_margin_m: float = 5.0
    alt_max_rel_home_m: float | None = None
    rally_alt_rel_home_m: float = 60.0


@dataclass(frozen=True, eq=False)
class AircraftPlan:
    """What one aircraft is given. ``laps`` may be fewer than its patrol's when the real way takes longer."""

    aircraft: Aircraft
    patrol: Patrol
    plan: Plan
    time: PlanTime
    laps: int


def plans_of(
    solution: PatrolSolution, area: Area, terrain: TerrainGrid | None, fleet: Fleet, margins: Margins | None = None,
    share_out: ShareOut = alone,
) -> list[AircraftPlan]:  # fmt: skip
    """The plans in the order of the line. Raises :class:`PlanError` naming the aircraft whose plan cannot be made."""
    flown: list[tuple[Aircraft, Patrol]] = []
    which: list[tuple[int, Aircraft, Patrol]] = []
    for patrol in solution.patrols:
        made: dict[int, int] = {}
        for aircraft in patrol.aircraft:
            # Those of one layer that relieve each other fly the same way.
            if aircraft.layer not in made:
                made[aircraft.layer] = len(flown)
                flown.append((aircraft, patrol))
            which.append((made[aircraft.layer], aircraft, patrol))
    plans = share_out(partial(_made_all, area, terrain, fleet, margins or Margins()), flown)
    out: list[AircraftPlan] = []
    for k, aircraft, patrol in which:
        same = plans[k]
        if isinstance(same, PlanError):
            raise PlanError(f"{aircraft.name}: {same.message}", same.remedy)
        out.append(replace(same, aircraft=aircraft, plan=replace(same.plan, name=_name(aircraft, patrol))))
    return out


def _made_all(
    area: Area, terrain: TerrainGrid | None, fleet: Fleet, margins: Margins, flown: Sequence[tuple[Aircraft, Patrol]]
) -> list[AircraftPlan | PlanError]:
    out: list[AircraftPlan | PlanError] = []
    for aircraft, patrol in flown:
        try:
            out.append(_made(aircraft, patrol, area, terrain, fleet, margins))
        except PlanError as error:
            out.append(error)
    return out


def longer_ways(plans: Sequence[AircraftPlan], before: Mapping[str, float]) -> dict[str, float]:
    """By how much the ways from each launch point are longer than straight, as the plans fly them; ``before``: as was reckoned.

    What is a tenth and ten seconds longer than was reckoned counts: round zones, over hills. To plan with it again.
    """
    out = dict(before)
    for each in plans:
        reckoned, real = each.patrol.out_s, _way_out_s(each)
        if real is not None and real > max(1.1 * reckoned, reckoned + 10.0):
            name = each.patrol.launch.name
            factor = before.get(name, 1.0) * real / max(reckoned, 1.0)
            out[name] = min(max(out.get(name, 1.0), factor), _MOST_LONGER)
    return out


def _way_out_s(made: AircraftPlan) -> float | None:
    """From lift-off to the first place beside the border; None where the plan does not tell."""
    jumps = [i for i in made.plan.items if i.command == codec.DO_JUMP]
    first = int(jumps[-1].param1) if jumps else 0
    ends = [leg.start_s + leg.duration_s for leg in made.time.legs if leg.item_seq == first and leg.kind == "leg"]
    return min(ends, default=None)


def _name(aircraft: Aircraft, patrol: Patrol) -> str:
    return f"{aircraft.name} from {patrol.launch.name}, {patrol.from_m:.0f}-{patrol.to_m:.0f} m"


def _made(
    aircraft: Aircraft, patrol: Patrol, area: Area, terrain: TerrainGrid | None, fleet: Fleet, margins: Margins
) -> AircraftPlan:
    group, way = fleet.groups[aircraft.group], fleet.way
    cut, from_m = cut_to(area, patrol.from_m, patrol.to_m)
    launch = NamedPoint(patrol.launch.name, patrol.launch.lat_deg, patrol.launch.lon_deg)
    here = replace(cut, launch=launch, launches=(launch,))
    room = 0.5 * (patrol.to_m - patrol.from_m)
    setback = min(way.setback_m(group.camera), max(room - 20.0, 0.0))
    request = PatrolRequest(
        standoff_m=way.standoff_m,
        height_agl_m=way.height_agl_m + aircraft.layer * way.layer_m,
        speed_m_s=group.performance.speed_m_s,
        laps=max(patrol.laps, 1),
        stretch_m=(patrol.from_m - from_m + setback, patrol.to_m - from_m - setback),
        edge_m=margins.edge_m,
        own_side_m=margins.own_side_m,
        fence_margin_m=margins.fence_margin_m,
        alt_max_rel_home_m=margins.alt_max_rel_home_m,
        rally_alt_rel_home_m=margins.rally_alt_rel_home_m,
        name=_name(aircraft, patrol),
    )
    plan = plan_border_patrol(here, terrain, request)
    # Long stretches: longer legs, until the aircraft can hold them.
    while len(plan.items) + 1 > group.performance.mission_items_max and request.leg_max_m < 2000.0:
        request = replace(request, leg_max_m=request.leg_max_m * 2.0, turn_max_deg=request.turn_max_deg * 1.5)
        plan = plan_border_patrol(here, terrain, request)
    plan, time, laps = fitted(plan, request.laps, group.performance, fleet.wind_en_m_s)
    return AircraftPlan(aircraft, patrol, plan, time, laps)


def with_laps(plan: Plan, laps: int) -> Plan:
    """The plan with another number of laps by its jump; a plan without a jump has one lap and stays as it is."""
    where = [k for k, item in enumerate(plan.items) if item.command == codec.DO_JUMP]
    if not where:
        return plan
    k = where[-1]
    jump = () if laps <= 1 else (replace(plan.items[k], param2=float(laps - 1)),)
    return replace(plan, items=(*plan.items[:k], *jump, *plan.items[k + 1 :]))


def fitted(plan: Plan, most_laps: int, performance: Performance, wind_en_m_s: WindEN) -> tuple[Plan, PlanTime, int]:
    """The plan with as many laps as keep the reserve, at least one, at most ``most_laps``; its time; the laps."""
    if most_laps <= 1:
        return plan, plan_time(plan, performance, wind_en_m_s), 1
    one = plan_time(with_laps(plan, 1), performance, wind_en_m_s)
    two = plan_time(with_laps(plan, 2), performance, wind_en_m_s)
    lap = one.battery_left - two.battery_left
    room = one.battery_left - performance.reserve_fraction
    laps = most_laps if lap <= 0.0 else 1 + math.floor(max(room, 0.0) / lap + 1e-6)
    laps = max(1, min(laps, most_laps))
    while laps > 1:
        fits = with_laps(plan, laps)
        time = plan_time(fits, performance, wind_en_m_s)
        if time.reserve_kept:
            return fits, time, laps
        laps -= 1
    return with_laps(plan, 1), one, 1


def cut_to(area: Area, from_m: float, to_m: float) -> tuple[Area, float]:
    """The area with its border cut some way beyond a stretch, and how many metres are gone before it."""
    frame = area.frame()
    border = BorderGeometry.from_line(area.border, frame)
    if border.length_m <= _CUT_ABOVE_M:
        return area, 0.0
    low = max(0.0, from_m - _BESIDE_M)
    section = border.section(low, to_m + _BESIDE_M)
    return replace(area, border=replace(area.border, points=to_lat_lon(section, frame))), low
