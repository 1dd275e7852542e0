"""Loss is counted from the gaps in the sequence numbers."""

import math
import random

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


def test_a_packet_that_was_overtaken_is_not_lost_any_more():
    statistics = _fed([10, 12, 13, 11, 14])
    assert (statistics.lost, statistics.reordered, statistics.received) == (0, 1, 5)
    assert statistics.loss_fraction() == 0.0


def test_overtaken_over_the_wrap():
    statistics = _fed([254, 0, 1, 255, 2])
    assert (statistics.lost, statistics.reordered, statistics.duplicates) == (0, 1, 0)


def test_duplicates_are_counted_once():
    statistics = _fed([1, 1, 2, 2, 3, 4, 3, 5, 4])
    assert (statistics.received, statistics.duplicates, statistics.lost) == (5, 4, 0)


def test_a_late_packet_that_comes_twice_is_a_duplicate_the_second_time():
    statistics = _fed([1, 3, 2, 2])
    assert (statistics.lost, statistics.reordered, statistics.duplicates) == (0, 1, 1)


def test_a_restart_soon_after_the_first_start():
    """The count begins again at 0 while 20 is still near: not a run of duplicates."""
    statistics = SourceStatistics()
    for n in range(21):
        statistics.add(n, n * 50_000_000)
    for n in range(10):
        statistics.add(n, 6_000_000_000 + n * 50_000_000)
    assert (statistics.received, statistics.restarts, statistics.lost, statistics.duplicates) == (31, 1, 0, 0)


def test_a_restart_without_a_silence_is_seen_from_the_run():
    statistics = _fed([*range(21), *range(10)])
    assert statistics.restarts == 1
    assert statistics.duplicates == 3
    assert statistics.last_seq == 9


@pytest.mark.parametrize("seed", range(3))
def test_the_count_of_lost_packets_is_right_on_a_bad_link(seed):
    """2000 packets; 10 % lost, 10 % held back by up to five places, 10 % doubled."""
    rng = random.Random(seed)
    sent, arrivals, lost = 2000, [], 0
    for n in range(sent):
        if 0 < n < sent - 1 and rng.random() < 0.1:
            lost += 1
            continue
        arrivals.append((n + (rng.randrange(6) if rng.random() < 0.1 else 0), n))
        if rng.random() < 0.1:
            arrivals.append((n + rng.randrange(6), n))
    statistics = SourceStatistics()
    for i, (_, n) in enumerate(sorted(arrivals, key=lambda a: a[0])):
        statistics.add(n % 256, i * 1_000_000)
    assert abs(statistics.lost - lost) <= 2
    assert abs(statistics.received - (sent - lost)) <= 2
    assert statistics.restarts == 0


def test_quality_of_one_aircraft():
    link = LinkStatistics("radio")
    for n in range(100):
        if n % 10:
            link.add((3, 1), n % 256, 1_000_000_000 + n * 100_000_000, 40)
    link.add((4, 1), 0, 11_000_000_000, 40)
    quality = link.quality((3, 1), 11.4)
    assert (quality.link, quality.system_id, quality.component_id) == ("radio", 3, 1)
    assert quality.loss_fraction == pytest.approx(0.1, abs=0.02)
    assert quality.age_s == pytest.approx(0.5, abs=0.01)
    assert quality.packets_s == pytest.approx(9.0, abs=1.2)
    assert quality.bytes_s == pytest.approx(9.0 * 40, abs=50)
    assert link.quality((3, 1), 60.0).packets_s == 0.0
    never = link.quality((9, 1), 11.4)
    assert (never.heard, never.received) == (False, 0)
    assert math.isinf(never.age_s)


def test_round_trip_is_smoothed_and_grows_old():
    link = LinkStatistics("radio")
    link.add((3, 1), 0, 1_000_000_000)
    assert math.isnan(link.quality((3, 1), 2.0).round_trip_s)
    link.add_round_trip((3, 1), 0.1, 2.0)
    link.add_round_trip((3, 1), 0.2, 3.0)
    assert 0.1 < link.quality((3, 1), 3.0).round_trip_s < 0.2
    assert math.isnan(link.quality((3, 1), 40.0).round_trip_s)
    link.add_round_trip((3, 1), -1.0, 41.0)
    assert math.isnan(link.quality((3, 1), 41.0).round_trip_s)


def test_noise_does_not_fill_the_memory():
    link = LinkStatistics()
    for n in range(3000):
        link.add((n % 250 + 1, n % 199), 0, n)
        link.add((1, 255), n % 256, n)
    assert len(link.sources) <= 2048
    assert link.sources[1, 255].received == 3000, "the one that is really there is kept"
