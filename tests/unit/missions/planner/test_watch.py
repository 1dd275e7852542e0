"""The planner's answer: promises that formulas and flown plans agree on, and honesty where a demand cannot be met."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geofences.errors import PlanError
from geofences.windows import parse_windows
from missions.plan_time import plan_time
from missions.planner.demand import Demand, Stretch
from missions.planner.fleet import Group
from missions.planner.plans import plans_of, with_laps
from missions.planner.promise import promise
from missions.planner.watch import Watch, border_length_m, plan_watch
from tests.unit.missions.planner.scenes import LONG, SHORT, border_area, fleet_of, launch_at

AREA = border_area()
WHOLE = Demand((Stretch("all", 0.0, 6000.0, 1800.0),))


def test_one_aircraft_is_away_while_its_battery_is_changed_and_that_counts() -> None:
    alone = plan_watch(AREA, WHOLE, fleet_of(Group(LONG, 1)), cells=24)
    patrol = alone.patrols[0]
    assert patrol.relief_s < 0.0
    assert patrol.max_gap_s > patrol.lap_gap_s + 200.0
    # In a watch that is over before the first sortie nobody misses the second.
    once = plan_watch(AREA, WHOLE, fleet_of(Group(LONG, 1)), Watch(900.0), cells=24)
    assert once.patrols[0].max_gap_s == pytest.approx(once.patrols[0].lap_gap_s)


def test_relief_in_place_the_next_is_there_before_the_last_leaves() -> None:
    # Far from home: to be away for a battery costs more than to share one stretch.
    fleet = fleet_of(Group(replace(LONG, endurance_s=5400.0), 2), launches=(launch_at("far", 0.0, -5000.0),))
    solution = plan_watch(AREA, Demand((Stretch("all", 1500.0, 4500.0, 1500.0),)), fleet, cells=24)
    (patrol,) = solution.patrols
    assert len(patrol.aircraft) == 2
    assert patrol.relief_s >= 0.0
    for one, other in zip(patrol.sorties[:-1], patrol.sorties[1:], strict=True):
        assert other.on_station_s <= one.off_station_s
        assert other.aircraft != one.aircraft
    mine = [s for s in patrol.sorties if s.aircraft == patrol.aircraft[0].name]
    for one, other in itertools.pairwise(mine):
        assert other.take_off_s - one.landing_s >= LONG.setup_s + LONG.turnaround_s - 1e-6
    assert len({a.layer for a in patrol.aircraft}) == 2


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(1, 4), st.floats(200.0, 3000.0), st.floats(-6.0, 6.0))
def test_more_aircraft_are_never_worse(count: int, gap: float, wind: float) -> None:
    demand = Demand((Stretch("a", 0.0, 3000.0, gap), Stretch("b", 3000.0, 6000.0, 2.0 * gap)))
    few = plan_watch(AREA, demand, fleet_of(Group(LONG, count), wind=(wind, 1.0)), cells=20)
    more = plan_watch(AREA, demand, fleet_of(Group(LONG, count + 1), wind=(wind, 1.0)), cells=20)
    assert more.worst_ratio <= few.worst_ratio * 1.01 + 1e-6


def test_the_gap_along_the_line_is_what_the_patrols_promise() -> None:
    solution = plan_watch(AREA, WHOLE, fleet_of(Group(LONG, 3)), cells=24)
    assert np.isfinite(solution.gap_s).all()
    assert solution.gap_s.max() == pytest.approx(max(p.max_gap_s for p in solution.patrols), rel=0.02)
    assert solution.met == (solution.worst_ratio <= 1.0001)


@pytest.mark.parametrize("wind", [(0.0, 0.0), (6.0, -3.0)])
def test_flying_the_plan_gives_the_gap_that_was_promised(wind: tuple[float, float]) -> None:
    area = border_area(3000.0, bend_m=40.0)
    slow = replace(SHORT, airspeed_max_m_s=8.0, endurance_s=3600.0)
    fleet = fleet_of(Group(slow, 1), wind=wind)
    solution = plan_watch(area, Demand((Stretch("a", 500.0, 1900.0, 900.0),)), fleet, cells=24)
    (made,) = plans_of(solution, area, None, fleet)
    patrol = made.patrol
    assert made.time.airborne_s == pytest.approx(patrol.out_s + made.laps * patrol.lap_s + patrol.home_s, rel=0.03)
    told = promise(made.plan, slow, wind, fleet.groups[0].camera, area, None)
    assert told.max_gap_s == pytest.approx(patrol.lap_gap_s, rel=0.05)
    # And all of the stretch is seen.
    asked = (told.from_m >= 500.0) & (told.to_m <= 1900.0)
    assert (told.visits[asked] > 0).all()


def test_wind_along_the_border_is_counted_both_ways() -> None:
    slow = replace(SHORT, airspeed_max_m_s=8.0, endurance_s=3600.0)
    demand = Demand((Stretch("a", 1000.0, 3000.0, 1200.0),))
    calm = plan_watch(AREA, demand, fleet_of(Group(slow, 1)), cells=24).patrols[0]
    windy = plan_watch(AREA, demand, fleet_of(Group(slow, 1), wind=(6.0, 0.0)), cells=24).patrols[0]
    # Against the wind 2 m/s are left of 5, with it no more than the 5 that were ordered.
    assert windy.lap_s > 1.6 * calm.lap_s


def test_a_demand_that_cannot_be_met_is_told_with_what_would_meet_it() -> None:
    demand = Demand((Stretch("west", 0.0, 3000.0, 400.0), Stretch("east", 3000.0, 6000.0, 3600.0)))
    solution = plan_watch(AREA, demand, fleet_of(Group(LONG, 1)), cells=24)
    assert not solution.met
    assert solution.aircraft_needed is None
    assert next(s.names for s in solution.shortfalls) == ("west",)
    kinds = {a.kind: a for a in solution.advice}
    more = kinds["aircraft"]
    enough = plan_watch(AREA, demand, fleet_of(Group(LONG, 1 + more.count)), cells=24)
    assert enough.met
    if more.count > 1:
        assert not plan_watch(AREA, demand, fleet_of(Group(LONG, more.count)), cells=24).met
    slower = Demand(
        tuple(replace(s, max_gap_s=dict(kinds["demand"].gaps_s).get(s.name, s.max_gap_s)) for s in demand.stretches)
    )
    assert plan_watch(AREA, slower, fleet_of(Group(LONG, 1)), cells=24).met


def test_one_hopeless_stretch_spoils_no_other() -> None:
    demand = Demand((Stretch("west", 0.0, 2000.0, 60.0), Stretch("east", 2000.0, 6000.0, 1500.0)))
    solution = plan_watch(AREA, demand, fleet_of(Group(LONG, 4)), cells=30)
    assert [s.names for s in solution.shortfalls] == [("west",)]


def test_a_nearer_launch_point_is_proposed_where_it_alone_would_do() -> None:
    far = launch_at("far", 0.0, -9000.0)
    demand = Demand((Stretch("a", 2000.0, 3500.0, 1300.0),))
    fleet = fleet_of(Group(replace(SHORT, endurance_s=2400.0), 1), launches=(far,))
    solution = plan_watch(AREA, demand, fleet, Watch(900.0), cells=24)
    assert not solution.met
    assert solution.shortfalls[0].reached_s is None
    (advice,) = [a for a in solution.advice if a.kind == "launch"]
    assert advice.lat_deg is not None
    assert abs(advice.lat_deg - 47.0) < 0.01


def test_what_nobody_reaches_is_left_out_and_the_rest_is_flown() -> None:
    near = launch_at("west", -2800.0, -300.0)
    short = replace(SHORT, link_range_m=2500.0)
    demand = Demand((Stretch("west", 0.0, 1500.0, 3600.0), Stretch("east", 4500.0, 6000.0, 3600.0)))
    solution = plan_watch(AREA, demand, fleet_of(Group(short, 2), launches=(near,)), cells=24)
    assert [(s.names, s.reached_s) for s in solution.shortfalls] == [(("east",), None)]
    assert solution.patrols[0].to_m <= 1600.0


def test_what_is_too_much_for_the_fleet_is_seen_in_part() -> None:
    demand = Demand((Stretch("low", 0.0, 3000.0, 3600.0, 0.5), Stretch("high", 3000.0, 6000.0, 3600.0, 2.0)))
    solution = plan_watch(AREA, demand, fleet_of(Group(replace(SHORT, endurance_s=2000.0), 1)), cells=40)
    (patrol,) = solution.patrols
    assert patrol.from_m >= 2900.0
    assert {s.names for s in solution.shortfalls if s.reached_s is None} >= {("low",)}
    assert np.isinf(solution.gap_s).any()
    assert np.isfinite(solution.gap_s).any()


def test_nobody_flies_in_a_forbidden_time() -> None:
    windows = parse_windows("02:00-03:00")
    demand = Demand((Stretch("a", 1000.0, 2500.0, 1500.0, forbidden=windows),))
    solution = plan_watch(AREA, demand, fleet_of(Group(LONG, 2)), Watch(5 * 3600.0), cells=20)
    times = [(s.on_station_s, s.off_station_s) for p in solution.patrols for s in p.sorties]
    assert times
    assert all(off <= 7200.0 + 1e-6 or on >= 10_800.0 - 1e-6 for on, off in times)
    assert any(on >= 10_800.0 - 1e-6 for on, _ in times)


def test_stretches_with_other_forbidden_times_are_flown_by_others() -> None:
    demand = Demand(
        (
            Stretch("day", 0.0, 3000.0, 2000.0, forbidden=parse_windows("01:00-04:00")),
            Stretch("all", 3000.0, 6000.0, 2000.0),
        )
    )
    solution = plan_watch(AREA, demand, fleet_of(Group(LONG, 4)), cells=20)
    assert solution.met
    assert all(p.to_m <= 3001.0 or p.from_m >= 2999.0 for p in solution.patrols)


def test_neighbours_that_come_close_fly_in_different_layers() -> None:
    solution = plan_watch(AREA, Demand((Stretch("a", 0.0, 6000.0, 700.0),)), fleet_of(Group(LONG, 4)), cells=24)
    assert not solution.conflicts
    for one, other in zip(solution.patrols[:-1], solution.patrols[1:], strict=True):
        assert not {a.layer for a in one.aircraft} & {a.layer for a in other.aircraft}
    starts = sorted(s.take_off_s for p in solution.patrols for s in p.sorties[:1])
    assert all(b - a >= 29.9 for a, b in itertools.pairwise(starts))


def test_too_much_wind_for_everybody_is_said() -> None:
    with pytest.raises(PlanError, match="wind"):
        plan_watch(AREA, WHOLE, fleet_of(Group(LONG, 1), wind=(15.0, 0.0)))


def test_laps_of_a_plan_can_be_set() -> None:
    fleet = fleet_of(Group(LONG, 1))
    short = Demand((Stretch("a", 2500.0, 3500.0, 1800.0),))
    (made,) = plans_of(plan_watch(AREA, short, fleet, cells=12), AREA, None, fleet)
    one = plan_time(with_laps(made.plan, 1), LONG)
    assert plan_time(with_laps(made.plan, 2), LONG).airborne_s > one.airborne_s
    assert with_laps(with_laps(made.plan, 1), 5) == with_laps(made.plan, 1)


def test_nobody_lands_where_another_takes_off() -> None:
    area = border_area(12_000.0)
    demand = Demand((Stretch("a", 0.0, 12_000.0, 900.0),))
    fleet = fleet_of(Group(LONG, 8), wind=(3.0, 2.0))
    solution = plan_watch(area, demand, fleet, Watch(3 * 3600.0), cells=40)
    assert not [c for c in solution.conflicts if not c.on_the_ground]
    firsts = [(p, s) for p in solution.patrols for s in p.sorties[:2]]
    for (one, a), (other, b) in itertools.combinations(firsts, 2):
        if one is not other:
            assert abs(a.take_off_s - b.take_off_s) >= fleet.way.take_off_gap_s
            # A descent takes more than a minute and a half.
            assert not b.landing_s - 90.0 < a.take_off_s < b.landing_s
            assert not a.landing_s - 90.0 < b.take_off_s < a.landing_s


def test_where_nothing_alone_would_do_that_is_said() -> None:
    weak = replace(SHORT, endurance_s=500.0)
    demand = Demand((Stretch("a", 0.0, 6000.0, 100.0),))
    solution = plan_watch(AREA, demand, fleet_of(Group(weak, 1)), cells=24)
    assert not solution.met
    assert [a.kind for a in solution.advice] == ["fleet"]


def test_a_border_of_any_length_is_watched_to_its_very_end() -> None:
    # The places where the line is cut are rounded: what is left of the last metre is no gap without end.
    for length in (3062.7184329, 3000.0004, 2999.9996):
        area = border_area(length)
        demand = Demand((Stretch("all", 0.0, border_length_m(area), 1500.0),))
        solution = plan_watch(area, demand, fleet_of(Group(LONG, 2)), cells=12)
        assert solution.met
        assert np.isfinite(solution.gap_s).all()
