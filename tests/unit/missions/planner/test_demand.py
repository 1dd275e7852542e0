"""What must be seen: stretches to pieces, walkers to gaps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geofences.errors import PlanError
from missions.planner.demand import Demand, Stretch, walker_gap_s


def test_where_stretches_overlap_the_strictest_holds() -> None:
    pieces = Demand((Stretch("a", 0.0, 600.0, 900.0), Stretch("b", 400.0, 800.0, 300.0, 2.0))).pieces(1000.0)
    assert [(p.from_m, p.to_m, p.max_gap_s, p.priority) for p in pieces] == [
        (0.0, 400.0, 900.0, 1.0), (400.0, 600.0, 300.0, 2.0), (600.0, 800.0, 300.0, 2.0),
    ]  # fmt: skip
    assert pieces[1].names == ("a", "b")


def test_priorities_of_the_ledger_become_weights() -> None:
    demand = Demand((Stretch("a", 0.0, 1000.0, 900.0),), ((200.0, 400.0, 0.25, "seen an hour ago"),))
    assert [(p.from_m, p.priority) for p in demand.pieces(1000.0)] == [(0.0, 1.0), (200.0, 0.25), (400.0, 1.0)]


@pytest.mark.parametrize(
    ("from_m", "to_m", "gap", "priority"),
    [(100.0, 100.0, 60.0, 1.0), (0.0, 100.0, 0.0, 1.0), (0.0, 100.0, 60.0, 0.0), (0.0, float("nan"), 60.0, 1.0)],
)
def test_a_stretch_that_is_none_is_refused(from_m: float, to_m: float, gap: float, priority: float) -> None:
    with pytest.raises(PlanError, match="'a'"):
        Stretch("a", from_m, to_m, gap, priority)


def test_a_stretch_beyond_the_border_is_refused() -> None:
    with pytest.raises(PlanError, match="1000 m long"):
        Demand((Stretch("a", 0.0, 1500.0, 60.0),)).pieces(1000.0)
    with pytest.raises(PlanError, match="nothing"):
        Demand(()).pieces(1000.0)


@given(st.floats(10.0, 2000.0), st.floats(0.3, 4.0), st.floats(0.0, 5.0))
def test_a_walker_is_in_the_strip_when_the_camera_comes_back(strip: float, speed: float, seen: float) -> None:
    if strip / speed <= seen:
        with pytest.raises(PlanError, match="wider"):
            walker_gap_s(strip, speed, seen)
        return
    gap = walker_gap_s(strip, speed, seen)
    # In at the moment the camera leaves: after the gap there is still way for so many seconds.
    assert strip - speed * gap == pytest.approx(speed * seen, abs=1e-6)
