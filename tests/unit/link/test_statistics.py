"""Loss is counted from the gaps in the sequence numbers."""

import pytest

from groundstation.link.statistics import LinkStatistics, SourceStatistics


def _fed(seqs, step_ns=10_000_000):
    statistics = SourceStatistics()
    for n, seq in enumerate(seqs):
        statistics.add(seq, n * step_ns)
    return statistics


def test_no_gap_no_loss_over_the_wrap():
    assert _fed([254, 255, 0, 1]).lost == 0


def test_a_gap_is_loss():
    statistics = _fed([0, 1, 4, 5])
    assert statistics.lost == 2
    assert statistics.loss_fraction() == pytest.approx(2 / 6)


def test_a_restart_or_a_packet_that_was_overtaken_is_not_loss():
    assert _fed([100, 101, 7, 8]).lost == 0
    assert _fed([5, 4, 6]).lost <= 1


def test_old_loss_is_forgotten():
    statistics = _fed([0, 30])
    for n in range(31, 60):
        statistics.add(n, n * 1_000_000_000)
    assert statistics.loss_fraction() == 0.0
    assert statistics.lost == 29


def test_age_and_sources():
    statistics = LinkStatistics()
    assert statistics.age_s(5) == float("inf")
    statistics.add((1, 1), 0, 1_000_000_000)
    assert statistics.age_s(3_000_000_000) == 2.0
    assert statistics.loss_fraction((2, 1)) == 0.0
