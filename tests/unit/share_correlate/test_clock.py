"""A neighbour's clock: the truth lies within the stated uncertainty, whatever the network does."""

from __future__ import annotations

import math
from random import Random

import pytest

from groundstation.share.correlate.clock import LIMIT_US, ClockOffset

T0 = 1_790_000_000_000_000


def probes(
    clock: ClockOffset, seed: int, offset_us: float, drift: float = 0.0, minutes: float = 10.0, start_us: float = 0.0
) -> float:
    """Probes every 2 s over a way of 1 to 80 ms, one-sided at times; returns the true offset at the end."""
    rng = Random(seed)
    true = offset_us
    for i in range(round(minutes * 30)):
        sent = T0 + start_us + i * 2_000_000
        there, back = rng.expovariate(1 / 20_000) + 500, rng.expovariate(1 / 3_000) + 500
        true = offset_us + drift * (sent + there - T0)
        clock.on_probe(round(sent), round(sent + there + true), round(sent + there + back))
    return true


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("drift", [-30e-6, 0.0, 30e-6])
def test_the_truth_is_within_the_uncertainty_and_the_uncertainty_is_small(seed: int, drift: float) -> None:
    clock = ClockOffset()
    true = probes(clock, seed, 137_000.0, drift)
    assert abs(clock.offset_us - true) <= clock.uncertainty_us
    assert clock.uncertainty_us < 8_000
    assert clock.fit_to_fuse
    assert clock.steps == 0
    assert clock.drift == pytest.approx(drift, abs=10e-6)


def test_before_the_first_probe_nothing_is_fit() -> None:
    clock = ClockOffset()
    assert not clock.fit_to_fuse
    assert math.isinf(clock.uncertainty_us)
    assert math.isnan(clock.drift)


def test_the_uncertainty_grows_while_nothing_comes_until_nothing_is_fused() -> None:
    clock = ClockOffset()
    probes(clock, 1, 5_000.0, minutes=1.0)
    now = T0 + 60e6
    assert clock.at(now + 600e6)[1] == pytest.approx(clock.at(now)[1] + 600e6 * 50e-6, rel=0.1)
    assert clock.fit_at(now)
    assert not clock.fit_at(now + 2 * LIMIT_US / 50e-6)


def test_a_clock_that_is_set_is_not_fused_until_it_is_known_again() -> None:
    clock = ClockOffset()
    probes(clock, 2, 0.0, minutes=2.0)
    assert clock.fit_to_fuse
    sent = T0 + 200_000_000
    clock.on_probe(sent, sent + 500_000 + 5_000, sent + 10_000)
    assert not clock.fit_to_fuse
    for _ in range(1, 4):
        sent += 2_000_000
        clock.on_probe(sent, sent + 500_000 + 5_000, sent + 10_000)
    assert clock.steps == 1
    assert clock.fit_to_fuse
    assert clock.offset_us == pytest.approx(500_000, abs=5_000)


def test_one_probe_that_lies_does_not_move_the_estimate() -> None:
    clock = ClockOffset()
    probes(clock, 3, 0.0, minutes=2.0)
    before = clock.offset_us
    sent = T0 + 200_000_000
    clock.on_probe(sent, sent + 90_000_000, sent + 10_000)
    clock.on_probe(sent + 2_000_000, sent + 2_005_000, sent + 2_010_000)
    assert clock.steps == 0
    assert abs(clock.offset_us - before) < 5_000


def test_ninety_seconds_off_is_known_exactly_and_still_not_fused() -> None:
    clock = ClockOffset()
    probes(clock, 4, 90e6)
    assert clock.offset_us == pytest.approx(90e6, abs=10_000)
    assert not clock.fit_to_fuse


def test_our_own_clock_set_back_begins_anew_and_a_probe_from_the_future_is_dropped() -> None:
    clock = ClockOffset()
    probes(clock, 5, 0.0, minutes=1.0)
    clock.on_probe(T0 + 100, T0, T0)
    assert clock.steps == 0
    clock.on_probe(T0 - 60_000_000, T0 + 5_000, T0 - 60_000_000 + 10_000)
    assert clock.steps == 1
    assert clock.offset_us == pytest.approx(60e6, abs=10_000)


def test_a_slow_way_is_told_as_uncertain() -> None:
    clock = ClockOffset()
    for i in range(10):
        sent = T0 + i * 2_000_000
        clock.on_probe(sent, sent + 1_000_000, sent + 1_000_000)
    assert clock.uncertainty_us > LIMIT_US
    assert not clock.fit_to_fuse
