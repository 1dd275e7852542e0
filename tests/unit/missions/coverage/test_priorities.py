"""What to look at next."""

import numpy as np
import pytest
import shapely

from geofences.errors import PlanError
from missions.coverage.priorities import Risk, age_words, next_sortie, priorities
from tests.unit.missions.coverage.support import SECOND_US, T0, flat_grid, ledger, sighting

GRID = flat_grid()
HOUR_S = 3600.0
NOW = T0 + int(10 * HOUR_S) * SECOND_US


def seen(from_m: float, to_m: float, hours_ago: float):
    return sighting(GRID, range(int(from_m / 5), int(to_m / 5)), 10 * HOUR_S - hours_ago * HOUR_S)


def test_the_oldest_comes_first_and_never_seen_before_all():
    one = ledger(GRID, seen(0, 500, 1.0), seen(500, 1000, 6.0), seen(1000, 1500, 3.0))
    rows = priorities(one, NOW)
    assert [(r[0], r[1]) for r in rows] == [
        (1500.0, GRID.line.length_m),
        (500.0, 1000.0),
        (1000.0, 1500.0),
        (0.0, 500.0),
    ]
    assert [r[2] for r in rows] == pytest.approx([1.0, 6 / 24, 3 / 24, 1 / 24])
    assert [r[3] for r in rows] == ["never seen", "not seen for 6 h", "not seen for 3 h", "not seen for 1 h"]


def test_risk_counts_and_is_told():
    one = ledger(GRID, seen(0, 1000, 4.0), seen(1000, 2225, 2.0))
    rows = priorities(one, NOW, [Risk(1000.0, 1500.0, 5.0), Risk(0.0, 200.0, 0.0)])
    assert rows[0][:2] == (1000.0, 1500.0)
    assert rows[0][3] == "not seen for 2 h, risk 5"
    assert not any(r[0] < 200.0 for r in rows)


def test_every_piece_that_may_be_seen_is_in_exactly_one_stretch():
    grid = flat_grid(no_look=shapely.box(600.0, -500.0, 700.0, 500.0))
    rng = np.random.default_rng(4)
    one = ledger(grid, *(sighting(grid, rng.integers(0, grid.bins, 40), t) for t in rng.integers(0, 30_000, 30)))
    held = np.zeros(grid.bins, dtype=int)
    for low, high, weight, reason in priorities(one, NOW, [Risk(900.0, 1203.0, 2.0)]):
        assert 0.0 < weight <= 1.0
        assert reason
        held += (grid.bin_from_m >= low) & (grid.bin_to_m <= high)
    assert held.tolist() == grid.bin_may_be_seen.astype(int).tolist()


def test_with_nothing_to_look_at_there_is_nothing_to_propose():
    assert priorities(ledger(GRID), NOW, [Risk(0.0, 5000.0, 0.0)]) == []
    all_now = ledger(GRID, sighting(GRID, range(GRID.bins), 10 * HOUR_S))
    assert priorities(all_now, NOW) == []


def test_nonsense_is_refused():
    with pytest.raises(PlanError):
        priorities(ledger(GRID), NOW, [Risk(100.0, 100.0, 1.0)])
    with pytest.raises(PlanError):
        priorities(ledger(GRID), NOW, [Risk(0.0, 100.0, float("nan"))])
    with pytest.raises(PlanError):
        priorities(ledger(GRID), NOW, stretch_m=0.0)


@pytest.mark.parametrize(
    ("age_s", "words"),
    [
        (0.0, "0 s"),
        (59.6, "1 min"),
        (720.0, "12 min"),
        (12_000.0, "3 h 20 min"),
        (3600.0 * 52, "2 d 4 h"),
        (86_400.0, "1 d"),
    ],
)
def test_ages_in_words(age_s, words):
    assert age_words(age_s) == words


@pytest.mark.parametrize("length_m", [300.0, 800.0, 5000.0])
def test_the_next_sortie_is_the_best_window_of_its_length(length_m):
    rng = np.random.default_rng(7)
    one = ledger(GRID, *(sighting(GRID, rng.integers(0, GRID.bins, 40), t) for t in rng.integers(0, 35_000, 30)))
    row = next_sortie(one, NOW, length_m, [Risk(900.0, 1200.0, 2.0)])
    assert row is not None
    age = one.bin_age_s(NOW)
    score = np.where(np.isnan(age), 86_400.0, age) * np.where(
        (GRID.bin_from_m >= 900) & (GRID.bin_to_m <= 1200), 2.0, 1.0
    )
    n = min(GRID.bins, int(length_m / 5.0))
    best = max(float(score[k : k + n].sum()) for k in range(GRID.bins - n + 1))
    inside = (GRID.bin_from_m >= row[0]) & (GRID.bin_to_m <= row[1])
    assert float(score[inside].sum()) == pytest.approx(best)
    assert row[1] - row[0] <= length_m + 1e-6


def test_no_sortie_for_what_was_just_seen():
    all_now = ledger(GRID, sighting(GRID, range(GRID.bins), 10 * HOUR_S))
    assert next_sortie(all_now, NOW, 500.0) is None
    with pytest.raises(PlanError):
        next_sortie(all_now, NOW, 0.0)
