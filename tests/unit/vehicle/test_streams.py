"""Message intervals of one link: asked for, refused, lost and asked for again."""

import itertools

from groundstation.core.records import CommandResult, VehicleId
from groundstation.vehicle.streams import DEFAULT_RATES_HZ, StreamWishes, rates_for


def _wishes(**rates_hz):
    return StreamWishes(VehicleId(1, 1), "radio", {int(k[1:]): v for k, v in rates_hz.items()} or {33: 10.0, 30: 50.0})


def _round(wishes, now_s, results):
    """One round; what was asked for as ``(message, interval)``."""
    asked = []
    for command in wishes.begin(now_s):
        while command is not None:
            asked.append((int(command.param1), int(command.param2)))
            command = wishes.on_outcome(command, results.get(asked[-1], CommandResult.ACCEPTED))
    return asked


def test_all_are_asked_for_at_once_and_again_when_positions_stay_away():
    wishes = _wishes()
    assert wishes.due(100.0, False)
    assert _round(wishes, 100.0, {}) == [(33, 100_000), (30, 20_000)]
    assert not wishes.due(103.0, False)
    for step in range(100):
        wishes.on_position(100.0 + step)
        assert not wishes.due(100.0 + step, False)
    assert not wishes.due(202.0, False)
    assert wishes.due(202.5, False)
    assert len(_round(wishes, 202.5, {})) == 2


def test_an_aircraft_that_has_no_positions_to_tell_is_asked_ever_more_rarely():
    wishes, rounds = _wishes(), []
    for now_s in range(1800):
        if wishes.due(float(now_s), False):
            rounds.append(now_s)
            _round(wishes, float(now_s), {})
    assert len(rounds) < 40
    assert max(b - a for a, b in itertools.pairwise(rounds)) <= 61


def test_during_a_transfer_thin_positions_are_no_reason_to_ask():
    wishes = _wishes()
    _round(wishes, 0.0, {})
    assert not wishes.due(30.0, True)
    assert wishes.due(30.0, False)


def test_a_rate_that_is_denied_is_tried_slower_and_then_given_up_until_a_restart():
    wishes = _wishes()
    denied = {(30, 20_000): CommandResult.DENIED, (30, 1_000_000): CommandResult.DENIED}
    assert _round(wishes, 0.0, denied) == [(33, 100_000), (30, 20_000), (30, 1_000_000)]
    assert _round(wishes, 10.0, denied) == [(33, 100_000)], "the refused message is not asked for again"
    wishes.restart()
    assert (30, 20_000) in _round(wishes, 20.0, {})


def test_what_was_never_answered_is_asked_for_again_alone():
    wishes = _wishes()
    _round(wishes, 0.0, {(30, 20_000): CommandResult.TIMEOUT})
    assert _round(wishes, 10.0, {}) == [(30, 20_000)]
    assert len(_round(wishes, 20.0, {})) == 2, "all settled, and still nothing comes: from the start"


def test_what_was_never_answered_is_asked_for_again_though_positions_come():
    wishes = _wishes()
    _round(wishes, 0.0, {(30, 20_000): CommandResult.TIMEOUT})
    rounds = []
    for step in range(1, 100):
        wishes.on_position(step * 0.5)
        if wishes.due(step * 0.5, False):
            rounds.append(_round(wishes, step * 0.5, {}))
    assert rounds == [[(30, 20_000)]]


def test_px4_is_asked_for_its_own_estimator_message():
    assert 230 in rates_for("PX4", DEFAULT_RATES_HZ)
    assert 193 not in rates_for("PX4", DEFAULT_RATES_HZ)
    assert rates_for("ArduPilot", DEFAULT_RATES_HZ) == DEFAULT_RATES_HZ


def test_after_a_silence_all_are_asked_for_at_once():
    """A connection that was made anew, or an aircraft that forgot: not one by one as something is missed."""
    wishes = _wishes()
    _round(wishes, 0.0, {})
    for step in range(60):
        wishes.on_position(step * 0.5)
    assert not wishes.due(30.0, False)
    wishes.returned()
    assert wishes.due(30.0, False)
    assert _round(wishes, 30.0, {}) == [(33, 100_000), (30, 20_000)]
    assert not wishes.due(30.5, False), "once"
    # What it refused it will refuse again: only a restart changes that.
    denied = {(30, 20_000): CommandResult.DENIED, (30, 1_000_000): CommandResult.DENIED}
    wishes.restart()
    _round(wishes, 40.0, denied)
    wishes.returned()
    assert _round(wishes, 50.0, {}) == [(33, 100_000)]
