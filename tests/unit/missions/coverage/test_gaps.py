"""What is told of gaps does not hang on a metre: short gaps that join or do not, single pieces at a picture's rim."""

import numpy as np
import pytest

from missions.coverage.gaps import RUN_PIECES, gaps_of_laps, visits_and_gaps


def told(*times_s: float) -> tuple[int, float, float]:
    piece = np.full(len(times_s), 1)
    visits, usual, longest = visits_and_gaps(piece, np.array(times_s, dtype=float), 3)
    assert visits[0] == visits[2] == 0
    assert np.isnan(usual[[0, 2]]).all()
    return int(visits[1]), float(usual[1]), float(longest[1])


def test_a_short_gap_that_joins_or_not_changes_the_usual_gap_little() -> None:
    joined, apart = told(0, 14, 374, 388), told(0, 16, 376, 392)
    assert joined[0] == 2
    assert apart[0] == 4
    assert apart[1] == pytest.approx(joined[1], rel=0.09)
    assert told(0, 100, 400) == (3, pytest.approx((100**2 + 300**2) / 400), 300.0)
    assert told(5)[0] == 1
    assert np.isnan(told(5)[1:]).all()
    assert told(400, 0, 100) == told(0, 100, 400), "in any order"


def test_the_longest_gap_is_that_of_a_run_of_pieces() -> None:
    n = 40
    visits, usual, longest = np.full(n, 4), np.full(n, 90.0), np.full(n, 100.0)
    number = np.arange(n)
    longest[[7, 20, 21]] = 900.0
    assert gaps_of_laps(visits, usual, longest, 2, number) == (90.0, 100.0)
    assert gaps_of_laps(visits, usual, longest, 2) == (90.0, 900.0), "no line, no runs"
    longest[30 : 30 + RUN_PIECES] = 500.0
    assert gaps_of_laps(visits, usual, longest, 2, number)[1] == 500.0
    visits[32] = 1
    assert gaps_of_laps(visits, usual, longest, 2, number)[1] == 100.0, "a run is not seen in every lap"


def test_pieces_on_both_sides_of_what_may_not_be_seen_are_no_run() -> None:
    number = np.concatenate([np.arange(3), np.arange(50, 53)])
    gaps = np.array([10.0, 20.0, 30.0, 30.0, 20.0, 10.0])
    assert gaps_of_laps(np.full(6, 3), gaps, gaps, 2, number)[1] == 30.0, "where no run is so long, any piece counts"
    assert gaps_of_laps(np.full(6, 1), gaps, gaps, 1, number) == (None, None)
