"""A crowd that could be laid beside itself: told apart by how each goes his own way."""

from __future__ import annotations

import numpy as np
import pytest

from groundstation.share.correlate.association import Associator
from groundstation.share.correlate.history import History, Point
from groundstation.share.correlate.shape import MOST, Shapes

SPACING_M = 6.0
POSE_M2 = 16.0


def walked(person: int, t_s: float, own_way_m: float) -> np.ndarray:
    """Five people and one in a row, all eastwards, each with a gait of his own."""
    return np.array([1.4 * t_s + own_way_m * np.sin(0.6 * t_s + 1.3 * person), SPACING_M * person])


def history(person: int, shift_m: np.ndarray, wandering_m: float, own_way_m: float, noise: int) -> History:
    rng = np.random.default_rng(noise)
    made = History("person")
    for t_s in range(12):
        drifted = wandering_m * np.array([np.sin(0.4 * t_s), np.cos(0.3 * t_s)])
        place = walked(person, t_s, own_way_m) + shift_m + drifted + rng.normal(0.0, 0.4, 2)
        made.add(Point(t_s * 1e6, place, np.eye(2) * POSE_M2, np.array([1.4, 0.0])))
    return made


def same_pairs(own_way_m: float) -> dict[str, str]:
    """We see the people 0 to 4, they see 1 to 5, and their pose is off by just one place in the row."""
    own = {f"a{p}": history(p, np.zeros(2), 0.0, own_way_m, p) for p in range(5)}
    theirs = {f"b{p}": history(p, np.array([0.0, -SPACING_M]), 1.5, own_way_m, 100 + p) for p in range(1, 6)}
    pairings = Associator().step(own, theirs, 0.0, 10_000.0)
    return {t: p.own for t, p in pairings.items() if p.state == "same"}


def test_a_row_laid_beside_itself_one_person_on_is_found_out_by_how_each_moves() -> None:
    assert same_pairs(own_way_m=1.5) == {f"b{p}": f"a{p}" for p in range(1, 5)}


def test_where_all_move_alike_nothing_is_told_by_it() -> None:
    """Then only places are left, as before: what they say is not made surer."""
    own = {f"a{p}": history(p, np.zeros(2), 0.0, 0.0, p) for p in range(5)}
    theirs = {f"b{p}": history(p, np.array([1.0, 1.0]), 1.5, 0.0, 100 + p) for p in range(5)}
    pairings = Associator().step(own, theirs, 0.0, 10_000.0)
    assert {t: p.own for t, p in pairings.items()} == {f"b{p}": f"a{p}" for p in range(5)}


def test_too_few_pairs_or_too_short_a_time_make_nothing_dearer() -> None:
    rng = np.random.default_rng(3)
    times = np.arange(8) * 1e6

    def series(pairs: int, count: int) -> list[tuple[np.ndarray, np.ndarray]]:
        return [(times[:count], rng.normal(0.0, 1.0 + 9.0 * (k == 0), (count, 2))) for k in range(pairs)]

    assert not Shapes(series(2, 8), np.ones(2)).excess([[0, 1]]).any()
    assert not Shapes(series(5, 3), np.ones(5)).excess([range(5)]).any()
    assert not Shapes(series(5, 8), np.ones(5)).excess([[]]).any()
    told = Shapes(series(5, 8), np.ones(5)).excess([range(5)])
    assert told[0] == MOST
    assert told[1:] == pytest.approx(np.zeros(4), abs=4.0)
