"""The split of the line against all splits there are, and what must hold of it."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geofences.border import BorderGeometry
from geofences.errors import PlanError
from missions.planner.demand import Demand, Piece, Stretch
from missions.planner.fleet import Fleet, Group
from missions.planner.judge import Judge
from missions.planner.line import GroupLine, Track
from missions.planner.split import Splitter, Table, grid, late_of, shifted
from tests.unit.missions.planner.scenes import LONG, SHORT, border_area, fleet_of, launch_at

AREA = border_area()
FRAME = AREA.frame()
BORDER = BorderGeometry.from_line(AREA.border, FRAME)
TRACK = Track.beside(BORDER, -1.0, 75.0)


def judges_of(fleet: Fleet, pieces: tuple[Piece, ...], watch_s: float = 28_800.0) -> list[Judge]:
    en = FRAME.to_plane([p.lat_deg for p in fleet.launches], [p.lon_deg for p in fleet.launches])
    return [
        Judge(GroupLine(g, fleet.way, fleet.wind_en_m_s, TRACK, en), pieces, watch_s, fleet.way.relief_s)
        for g in fleet.groups
    ]


def table_of(fleet: Fleet, pieces: tuple[Piece, ...], cells: int) -> tuple[Table, Splitter]:
    places = grid(pieces, BORDER.length_m, cells)
    every = [list(range(len(fleet.launches)))] * len(fleet.groups)
    table = Table(judges_of(fleet, pieces), places, every, [g.count for g in fleet.groups])
    return table, Splitter(table, table.asked(pieces))


def brute_force(table: Table, pieces: tuple[Piece, ...], counts: list[int]) -> float:
    """The least worst lateness over all ways to cut the grid into stretches and give them to aircraft."""
    n = len(table.places_m)
    asked = [
        any(p.from_m - 0.02 <= table.places_m[i] and table.places_m[i + 1] <= p.to_m + 0.02 for p in pieces)
        for i in range(n - 1)
    ]
    best = math.inf

    def go(at: int, left: tuple[int, ...], worst: float) -> None:
        nonlocal best
        while at < n - 1 and not asked[at]:
            at += 1
        if worst >= best:
            return
        if at == n - 1:
            best = worst
            return
        for use, (group, aircraft) in enumerate(table.uses):
            if left[group] < aircraft:
                continue
            rest = tuple(c - (aircraft if g == group else 0) for g, c in enumerate(left))
            # Stretches may begin earlier than where the last one ended.
            for i in range(at + 1):
                for j in range(at + 1, n):
                    go(j, rest, max(worst, float(table.late[use][i, j])))

    go(0, tuple(counts), -math.inf)
    return best


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(0, 2))
def test_no_other_split_of_the_grid_is_better(seed: int, long: int, short: int) -> None:
    rng = np.random.default_rng(seed)
    gaps = rng.uniform(300.0, 2500.0, 2)
    pieces = Demand(
        (
            Stretch("a", 0.0, 2500.0, float(gaps[0]), float(rng.uniform(0.5, 3.0))),
            Stretch("b", 3300.0, 6000.0, float(gaps[1])),
        )
    ).pieces(BORDER.length_m)
    groups = [Group(LONG, long), *([Group(SHORT, short)] if short else [])]
    launches = (launch_at("w", float(rng.uniform(-3000.0, 0.0))), launch_at("e", float(rng.uniform(0.0, 3000.0))))
    fleet = fleet_of(*groups, launches=launches, wind=(float(rng.uniform(-5.0, 5.0)), 0.0))
    counts = [g.count for g in groups]
    table, splitter = table_of(fleet, pieces, 5)
    wanted = brute_force(table, pieces, counts)
    shares = splitter.best(counts)
    if not shares:
        assert wanted == math.inf
        return
    assert max(s.late for s in shares) == pytest.approx(wanted, abs=2e-3)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000))
def test_the_demand_is_covered_and_no_aircraft_used_twice(seed: int) -> None:
    rng = np.random.default_rng(seed)
    pieces = Demand(
        tuple(Stretch(f"s{k}", 1000.0 * k, 1000.0 * (k + 1), float(rng.uniform(200.0, 2000.0))) for k in range(6))
    ).pieces(BORDER.length_m)
    fleet = fleet_of(Group(LONG, 3), Group(SHORT, 2), launches=(launch_at("w", -2000.0), launch_at("e", 1500.0)))
    table, splitter = table_of(fleet, pieces, 24)
    shares = shifted(splitter.best([3, 2]), table.judges)
    assert shares[0].from_m <= 0.1
    assert shares[-1].to_m >= BORDER.length_m - 0.1
    for one, other in itertools.pairwise(shares):
        assert other.from_m <= one.to_m + 0.1
    for group, most in enumerate((3, 2)):
        assert sum(s.kind.aircraft for s in shares if s.kind.group == group) <= most
    for share in shares:
        assert share.late == pytest.approx(late_of(table.judges, share.kind, share.from_m, share.to_m), abs=1e-6)


def test_shifting_boundaries_never_makes_the_worst_worse() -> None:
    pieces = Demand((Stretch("a", 0.0, 6000.0, 500.0),)).pieces(BORDER.length_m)
    table, splitter = table_of(fleet_of(Group(LONG, 5), launches=(launch_at("w", -1000.0),)), pieces, 12)
    before = splitter.best([5])
    after = shifted(before, table.judges)
    assert max(s.late for s in after) <= max(s.late for s in before) + 1e-9


def test_too_many_kinds_of_aircraft_are_refused_with_a_way_out() -> None:
    pieces = Demand((Stretch("a", 0.0, 6000.0, 500.0),)).pieces(BORDER.length_m)
    _, splitter = table_of(fleet_of(*(Group(LONG, 4) for _ in range(7))), pieces, 6)
    with pytest.raises(PlanError, match="fewer groups"):
        splitter.best([4] * 7)
