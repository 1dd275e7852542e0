"""The heartbeat beats while the station lives, and only then."""

import itertools

from groundstation.vehicle.heartbeat import Heartbeat, Watchdog


def _run(heartbeat, from_s, to_s, step_s=0.05, feed=None):
    times, t_s = [], from_s
    while t_s < to_s:
        if feed is not None:
            feed.feed(t_s)
        if heartbeat.on_time(t_s) is not None:
            times.append(t_s)
        t_s += step_s
    return times


def test_once_a_second_while_fed():
    watchdog = Watchdog(0.0)
    times = _run(Heartbeat(watchdog), 0.0, 10.0, feed=watchdog)
    assert 10 <= len(times) <= 11
    assert all(0.9 < b - a < 1.1 for a, b in itertools.pairwise(times))


def test_it_stops_when_starved_and_goes_on_when_fed_again():
    watchdog = Watchdog(0.0)
    heartbeat = Heartbeat(watchdog)
    times = _run(heartbeat, 0.0, 10.0)
    assert max(times) <= 3.0
    assert heartbeat.suppressed
    watchdog.feed(10.0)
    assert heartbeat.on_time(10.01) is not None
    assert not heartbeat.suppressed


def test_no_burst_after_a_long_pause():
    watchdog = Watchdog(0.0)
    heartbeat = Heartbeat(watchdog)
    heartbeat.on_time(0.0)
    watchdog.feed(30.0)
    assert len(_run(heartbeat, 30.0, 31.0, feed=watchdog)) <= 2


def test_it_is_a_ground_stations():
    message = Heartbeat(Watchdog(0.0)).on_time(0.0)
    assert (message.type, message.autopilot) == (6, 8)
