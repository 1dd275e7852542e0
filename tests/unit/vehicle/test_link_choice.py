"""Which link is used: by its age, its loss and its round trip, without going back and forth."""

import math

import pytest

from groundstation.vehicle.link_choice import Duplicates, LinkChooser, PathFigures


def _figures(name, age_s=0.1, loss=0.0, trip_s=0.1):
    return PathFigures(name, age_s, loss, trip_s)


def _run(chooser, figures, seconds):
    """Look twice a second; the changes that came."""
    changes = [chooser.choose(figures, step * 0.5) for step in range(int(seconds * 2))]
    return [c for c in changes if c is not None]


def test_the_only_link_stays_in_use_however_bad():
    assert _run(LinkChooser("a"), [_figures("a", 30.0, 0.9, math.nan)], 20) == []


@pytest.mark.parametrize(
    "better", [_figures("b", trip_s=0.02), _figures("b", trip_s=0.05), _figures("b", loss=0.0, trip_s=0.01)]
)
def test_a_clearly_better_link_is_taken_after_some_seconds_and_told_with_the_reason(better):
    chooser = LinkChooser("a")
    bad = _figures("a", loss=0.2, trip_s=0.3)
    assert _run(chooser, [bad, better], 2.5) == []
    (change,) = _run(chooser, [bad, better], 8)
    assert (change.old, change.new) == ("a", "b")
    assert "300 ms and 20% loss" in change.reason


def test_a_slightly_better_link_is_not_worth_a_change():
    assert _run(LinkChooser("a"), [_figures("a", trip_s=0.10), _figures("b", trip_s=0.08)], 60) == []


def test_two_links_that_take_turns_at_being_better_do_not_flap():
    chooser, changes = LinkChooser("a"), []
    for step in range(200):
        good, bad = (0.02, 0.4) if step % 4 < 2 else (0.4, 0.02)
        changes.append(chooser.choose([_figures("a", trip_s=good), _figures("b", trip_s=bad)], step * 0.5))
    assert changes == [None] * 200


def test_a_silent_link_is_left_at_once_and_not_for_another_silent_one():
    chooser = LinkChooser("a")
    assert chooser.choose([_figures("a", 3.5), _figures("b", 4.0)], 0.0) is None
    change = chooser.choose([_figures("a", 4.0), _figures("b", 0.5, 0.3, 0.9)], 0.5)
    assert change is not None
    assert change.new == "b"
    assert "silent for 4.0 s" in change.reason


def test_loss_counts_as_the_time_of_its_repeats():
    assert _figures("a", loss=0.5, trip_s=0.05).cost_s > _figures("b", loss=0.0, trip_s=0.6).cost_s
    assert math.isfinite(_figures("a", loss=1.0, trip_s=math.nan).cost_s)


def test_a_repetition_on_the_same_link_is_no_duplicate_and_one_on_another_is():
    duplicates = Duplicates(remember_s=2.0)
    assert not duplicates.seen("a", ("ACK", 1), 0.0)
    assert not duplicates.seen("a", ("ACK", 1), 0.5)
    assert duplicates.seen("b", ("ACK", 1), 0.6)
    assert not duplicates.seen("b", ("ACK", 2), 0.7)
    assert not duplicates.seen("b", ("ACK", 1), 5.0), "forgotten"
