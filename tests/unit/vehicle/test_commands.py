"""Commands: one in flight, never late, with the aircraft's own words."""

import pytest

from groundstation.core.records import CommandResult, VehicleId
from groundstation.vehicle.commands import Command, CommandSender
from groundstation.vehicle.status_text import JoinedText, StatusTextJoiner
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender

ARM, INTERVAL, TARGET = 400, 511, VehicleId(1, 1)


class Desk:
    """A sender with a clock and the outcomes it told."""

    def __init__(self):
        self.sender, self.aircraft, self.outcomes, self.sent, self.now_s = CommandSender(), Sender(), [], [], 0.0

    def submit(self, command, target=TARGET):
        self.sent += self.sender.submit(target, command, self.outcomes.append, self.now_s)

    def ack(self, command, result, aircraft=None, to=(255, 190)):
        message = m.MAVLink_command_ack_message(command, result, 0, 0, *to)
        self.sent += self.sender.on_message((aircraft or self.aircraft).decoded(message), self.now_s)

    def until(self, t_s):
        while (deadline := self.sender.next_deadline_s) is not None and deadline <= t_s:
            self.now_s = max(self.now_s, deadline)
            self.sent += self.sender.on_time(self.now_s)
        self.now_s = t_s
        self.sent += self.sender.on_time(t_s)


@pytest.fixture
def desk():
    return Desk()


def test_accepted(desk):
    desk.submit(Command(ARM, 1.0))
    (message,) = desk.sent
    assert message.get_type() == "COMMAND_INT"
    assert (message.target_system, message.target_component, message.command, message.param1) == (1, 1, ARM, 1.0)
    desk.ack(ARM, 0)
    assert [o.result for o in desk.outcomes] == [CommandResult.ACCEPTED]


def test_a_command_that_acts_is_never_sent_after_the_first_second(desk):
    desk.submit(Command(ARM, 1.0))
    times = [0.0]
    for step in range(1, 100):
        before = len(desk.sent)
        desk.until(step * 0.05)
        times += [desk.now_s] * (len(desk.sent) - before)
    assert len(times) == 2
    assert max(times) <= 1.0
    assert [o.result for o in desk.outcomes] == [CommandResult.TIMEOUT]
    assert "no answer" in desk.outcomes[0].reason


def test_a_station_that_was_asleep_does_not_repeat_it_late(desk):
    desk.submit(Command(ARM, 1.0))
    desk.now_s = 2.0
    assert desk.sender.on_time(2.0) == []


def test_what_may_be_repeated_is_repeated(desk):
    desk.submit(Command(INTERVAL, 33.0))
    desk.until(3.5)
    assert len(desk.sent) >= 5
    desk.ack(INTERVAL, 0)
    assert desk.outcomes[0].ok


def test_the_reason_of_a_refusal_comes_after_it(desk):
    desk.submit(Command(ARM, 1.0))
    desk.ack(ARM, 4)
    assert desk.outcomes == [], "it waits for the reason"
    desk.sender.on_status_text(TARGET, JoinedText(6, "chatter"))
    desk.sender.on_status_text(VehicleId(2, 1), JoinedText(2, "PreArm: of another aircraft"))
    desk.sender.on_status_text(TARGET, JoinedText(2, "PreArm: Need Position Estimate"))
    desk.until(1.0)
    assert desk.outcomes[0].result is CommandResult.FAILED
    assert desk.outcomes[0].reason == "PreArm: Need Position Estimate"
    assert len(desk.sent) == 1


@pytest.mark.parametrize(
    ("number", "result"),
    [(1, CommandResult.TEMPORARILY_REJECTED), (2, CommandResult.DENIED), (3, CommandResult.UNSUPPORTED)],
)
def test_results(desk, number, result):
    desk.submit(Command(ARM, 1.0))
    desk.ack(ARM, number)
    desk.until(1.0)
    assert desk.outcomes[0].result is result


def test_in_progress_lengthens_the_wait(desk):
    desk.submit(Command(241))
    desk.ack(241, 5)
    desk.until(20.0)
    assert desk.outcomes == []
    assert len(desk.sent) == 1
    desk.ack(241, 0)
    assert desk.outcomes[0].ok


def test_one_in_flight_per_command(desk):
    desk.submit(Command(INTERVAL, 33.0))
    desk.submit(Command(INTERVAL, 30.0))
    desk.submit(Command(INTERVAL, 33.0), VehicleId(2, 1))
    assert [(c.target_system, c.param1) for c in desk.sent] == [(1, 33.0), (2, 33.0)]
    desk.ack(INTERVAL, 0)
    assert len(desk.outcomes) == 1
    assert (desk.sent[-1].target_system, desk.sent[-1].param1) == (1, 30.0)
    desk.ack(INTERVAL, 0, Sender(2, 1))
    desk.ack(INTERVAL, 0)
    assert len(desk.outcomes) == 3


def test_answers_of_others_and_to_others_do_not_count(desk):
    desk.submit(Command(ARM, 1.0))
    desk.ack(ARM, 0, Sender(1, 154))
    desk.ack(ARM, 0, Sender(2, 1))
    desk.ack(ARM, 0, to=(254, 190))
    desk.ack(ARM + 1, 0)
    assert desk.outcomes == []
    desk.ack(ARM, 0, to=(0, 0))
    assert desk.outcomes[0].ok


def test_everything_ends_when_the_aircraft_is_gone(desk):
    desk.submit(Command(INTERVAL, 33.0))
    desk.submit(Command(INTERVAL, 30.0))
    desk.sender.cancel_all(TARGET, CommandResult.LINK_LOST, "gone")
    assert [o.result for o in desk.outcomes] == [CommandResult.LINK_LOST] * 2
    assert desk.sender.next_deadline_s is None


def _text(text, number=0, chunk=0, severity=4):
    return Sender().decoded(m.MAVLink_statustext_message(severity, text.encode(), number, chunk))


def test_long_texts_are_joined():
    joiner = StatusTextJoiner()
    whole = "PreArm: " + "a long reason that goes on " * 4
    pieces = [whole[n : n + 50] for n in range(0, len(whole), 50)]
    out = [joiner.on_message(_text(piece, 7, n), 0.0) for n, piece in enumerate(pieces)]
    assert out[:-1] == [[]] * (len(pieces) - 1)
    assert [t.text for t in out[-1]] == [whole]


def test_a_text_with_a_lost_piece_comes_late_with_a_gap():
    joiner = StatusTextJoiner()
    joiner.on_message(_text("x" * 50, 7, 0), 0.0)
    joiner.on_message(_text("end", 7, 2), 0.1)
    assert joiner.on_time(1.0) == []
    assert [t.text for t in joiner.on_time(2.5)] == ["x" * 50 + "…end"]
    assert joiner.on_time(9.0) == []


def test_short_texts_come_at_once():
    assert StatusTextJoiner().on_message(_text("hello", severity=6), 0.0) == [JoinedText(6, "hello")]
