"""A link made worse does to packets what its words say, and the same again with the same seed."""

import asyncio

import pytest

from groundstation.core.clock import SystemClock
from groundstation.link.base import Link
from groundstation.link.impairment import Impairer, Impairment
from groundstation.link.loopback import loopback_pair
from groundstation.link.open import open_link
from tests.helpers.mavlink_fakes import heartbeat
from tests.helpers.virtual_field import run_virtual


def _run(count=2000, **words):
    impairer = Impairer(Impairment(**words))
    return [impairer.arrivals(n * 0.01) for n in range(count)]


def test_nothing_asked_nothing_done():
    assert Impairment().harmless
    assert _run(3) == [(0.0,), (0.01,), (0.02,)]


def test_jitter_is_within_its_bounds_and_keeps_the_order():
    times = [a[0] for a in _run(jitter_s=0.1, delay_s=0.05)]
    assert times == sorted(times)
    late = [t - n * 0.01 for n, t in enumerate(times)]
    assert min(late) >= 0.05
    assert max(late) <= 0.1501
    assert max(late) - min(late) > 0.05


def test_reordering_lets_others_overtake():
    times = [a[0] for a in _run(reorder=0.1, reorder_s=0.035)]
    held = [n for n, t in enumerate(times) if t > n * 0.01]
    assert 140 < len(held) < 260
    assert times[held[0]] > times[held[0] + 1]


def test_duplicates_come_after_the_first():
    arrivals = _run(duplicate=0.2)
    doubled = [a for a in arrivals if len(a) == 2]
    assert 320 < len(doubled) < 480
    assert all(a[0] < a[1] for a in doubled)


def test_all_at_once_and_again_with_the_seed():
    words = {"loss": 0.1, "jitter_s": 0.02, "reorder": 0.1, "duplicate": 0.1, "delay_s": 0.01}
    assert _run(seed=3, **words) == _run(seed=3, **words)
    assert _run(seed=3, **words) != _run(seed=4, **words)
    assert 0.07 < _run(seed=3, **words).count(()) / 2000 < 0.13


def test_the_two_ways_are_different():
    one, other = (Impairer(Impairment(loss=0.5, seed=1), d) for d in (0, 1))
    assert [one.arrivals(0) for _ in range(50)] != [other.arrivals(0) for _ in range(50)]


@pytest.mark.parametrize("wrapped", ["station", "aircraft"])
def test_over_a_link_in_both_directions(wrapped):
    async def main(clock):
        wires = loopback_pair()
        how = Impairment(reorder=0.3, reorder_s=0.02, duplicate=0.3, seed=2)
        station = Link("station", wires[0], clock, impairment=how if wrapped == "station" else None)
        aircraft = Link("aircraft", wires[1], clock, impairment=how if wrapped == "aircraft" else None, system_id=1)
        modes = []
        station.add_listener(lambda message, t_mono_ns, t_utc_us: modes.append(message.custom_mode))
        await station.open()
        await aircraft.open()
        for n in range(100):
            aircraft.send(heartbeat(custom_mode=n))
            await asyncio.sleep(0.001)
        await asyncio.sleep(1.0)
        assert set(modes) == set(range(100))
        assert len(modes) > 115
        assert modes != sorted(modes)
        statistics = station.statistics.sources[1, 190]
        assert statistics.lost == 0
        assert statistics.duplicates > 10
        await station.close()
        await aircraft.close()

    run_virtual(main)


def test_from_a_url():
    url = "udpin+jitter+reorder+duplicate://127.0.0.1:0?jitter_ms=5&reorder=0.1&reorder_ms=20&duplicate=0.2&seed=9"
    link = open_link(url, SystemClock())
    assert link._impair_in._impairment == Impairment(seed=9, jitter_s=0.005, reorder=0.1, reorder_s=0.02, duplicate=0.2)
