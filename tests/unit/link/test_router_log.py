"""What happens at the router is told once, with its count, and cannot fill the log."""

from groundstation.link.router_log import RouterLog
from tests.helpers.mavlink_fakes import FakeClock


def _log():
    clock, events = FakeClock(), []
    return RouterLog(clock, events.append), clock, events


def test_repeats_are_counted_and_told_in_the_end():
    log, clock, events = _log()
    assert log.tell("refused", "qgc", "PARAM_SET X", 3)
    for _ in range(4):
        clock.now_s += 1.0
        assert not log.tell("refused", "qgc", "PARAM_SET X", 3)
    log.on_time(clock.now_s)
    assert [e.repeats for e in events] == [1]
    clock.now_s += 7.0
    log.on_time(clock.now_s)
    assert [(e.repeats, e.system_id, e.text) for e in events] == [(1, 3, "PARAM_SET X"), (4, 3, "PARAM_SET X")]
    for _ in range(2):
        clock.now_s += 11.0
        log.on_time(clock.now_s)
    assert log.tell("refused", "qgc", "PARAM_SET X", 3), "forgotten by now"
    assert [e.repeats for e in events] == [1, 4, 1]


def test_every_command_is_told():
    log, _, events = _log()
    for _ in range(3):
        assert log.tell("passed", "script", "DO_SET_MODE", 1, each=True)
    assert len(events) == 3


def test_many_different_things_become_one_line():
    log, clock, events = _log()
    for n in range(500):
        log.tell("refused", "qgc", f"PARAM_SET P{n}")
    assert len(events) == 21
    assert events[-1].text == "and other things"
    assert log.tell("refused", "other", "PARAM_SET P1"), "another client is told all the same"
    clock.now_s += 11.0
    log.on_time(clock.now_s)
    assert events[-1].repeats == 479
