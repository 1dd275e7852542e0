"""Ways round zones: a plan that flies farther than was reckoned is told, and the watch is split again with it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from geofences.area import Zone
from missions.planner.demand import Demand, Stretch
from missions.planner.fleet import Group
from missions.planner.plans import longer_ways, plans_of
from missions.planner.watch import Watch, plan_watch
from tests.unit.missions.planner.scenes import LONG, border_area, fleet_of, lat_lon

DEMAND = Demand((Stretch("west", 200.0, 1200.0, 900.0),))
WATCH = Watch(3600.0)


def test_a_way_round_a_wall_is_longer_and_counts_when_it_is_planned_again():
    area, fleet = border_area(4000.0), fleet_of(Group(LONG, 1))
    free = plan_watch(area, DEMAND, fleet, WATCH)
    assert longer_ways(plans_of(free, area, None, fleet), {}) == {}
    # Between home and the line, open at its eastern end only.
    wall = Zone(
        "wall", tuple(lat_lon(*p) for p in ((-2600.0, -440.0), (900.0, -440.0), (900.0, -400.0), (-2600.0, -400.0)))
    )
    walled = replace(area, exclusions=(wall,))
    first = plan_watch(walled, DEMAND, fleet, WATCH)
    longer = longer_ways(plans_of(first, walled, None, fleet), {})
    assert 1.2 < longer["home"] < 4.0
    again = plan_watch(walled, DEMAND, fleet, WATCH, longer_ways=longer)
    assert again.patrols[0].out_s > 1.2 * first.patrols[0].out_s
    assert longer_ways(plans_of(again, walled, None, fleet), longer)["home"] == pytest.approx(longer["home"], rel=0.35)
