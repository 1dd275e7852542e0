"""Commands: one in flight, never late, with the aircraft's own words."""

import math

import pytest

from groundstation.core.records import CommandResult, VehicleId
from groundstation.vehicle.commands import Command, CommandSender, LinkProof, kind_of
from groundstation.vehicle.status_text import JoinedText, StatusTextJoiner
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import Sender

ARM, INTERVAL, TARGET = 400, 511, VehicleId(1, 1)


class Desk:
    """A sender with a clock and the outcomes it told, on a link that shows itself quick whenever it is asked."""

    def __init__(self, round_trip_s=0.01):
        self.sender, self.aircraft, self.outcomes, self.sent, self.now_s = CommandSender(), Sender(), [], [], 0.0
        self.round_trip_s = round_trip_s
        self.sent_s = []

    def submit(self, command, target=TARGET, asked_s=None):
        self._sent(self.sender.submit(target, command, self.outcomes.append, self.now_s, asked_s))
        self.prove()

    def prove(self):
        """A question that leaves now and is answered after the round trip; not on a link that answers nothing."""
        for system_id in (1, 2):
            if self.round_trip_s < math.inf and self.sender.wants_proof(system_id):
                proof = LinkProof(self.now_s, self.round_trip_s)
                self._sent(self.sender.on_proof(system_id, proof, self.now_s + self.round_trip_s))

    def _sent(self, messages):
        self.sent += messages
        self.sent_s += [self.now_s] * len(messages)

    def ack(self, command, result, aircraft=None, to=(255, 190)):
        message = m.MAVLink_command_ack_message(command, result, 0, 0, *to)
        self._sent(self.sender.on_message((aircraft or self.aircraft).decoded(message), self.now_s))
        self.prove()

    def until(self, t_s):
        while (deadline := self.sender.next_deadline_s) is not None and deadline <= t_s:
            self.now_s = max(self.now_s, deadline)
            self._sent(self.sender.on_time(self.now_s))
            self.prove()
        self.now_s = t_s
        self._sent(self.sender.on_time(t_s))
        self.prove()


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


def test_a_command_that_acts_is_sent_twice_at_most_and_never_after_the_first_second(desk):
    desk.submit(Command(ARM, 1.0))
    for step in range(1, 100):
        desk.until(step * 0.05)
    assert len(desk.sent) == 2
    assert max(desk.sent_s) <= 1.0
    assert [o.result for o in desk.outcomes] == [CommandResult.TIMEOUT]
    assert "no answer" in desk.outcomes[0].reason
    assert "may still act" in desk.outcomes[0].reason


def test_nothing_that_acts_is_sent_before_the_link_has_shown_that_it_is_quick():
    desk = Desk(round_trip_s=math.inf)
    desk.submit(Command(ARM, 1.0))
    assert desk.sent == []
    assert desk.sender.wants_proof(1)
    assert desk.sender.on_proof(1, LinkProof(-0.5, 0.01), 0.1) == [], "a question from before the order proves nothing"
    assert desk.sender.on_proof(2, LinkProof(0.1, 0.01), 0.2) == [], "another aircraft's link"
    (message,) = desk.sender.on_proof(1, LinkProof(0.1, 0.01), 0.2)
    assert message.command == ARM


def test_without_a_proof_within_a_second_it_is_not_sent_and_the_reason_is_told():
    desk = Desk(round_trip_s=math.inf)
    desk.submit(Command(ARM, 1.0))
    desk.until(0.99)
    assert desk.outcomes == []
    desk.until(1.0)
    assert [o.result for o in desk.outcomes] == [CommandResult.NOT_SENT]
    assert "no link" in desk.outcomes[0].reason
    assert desk.sender.on_proof(1, LinkProof(1.0, 0.01), 1.1) == []


@pytest.mark.parametrize(("round_trip_s", "sent"), [(0.45, 1), (0.55, 0), (1.5, 0)])
def test_a_slow_link_gets_it_only_while_it_can_act_in_time(round_trip_s, sent):
    desk = Desk(round_trip_s)
    desk.submit(Command(ARM, 1.0))
    assert len(desk.sent) == sent
    desk.until(1.2)
    assert len(desk.sent) == sent, "no repetition either"
    if not sent:
        assert desk.outcomes[0].result is CommandResult.NOT_SENT
        assert f"{round_trip_s:.1f} s" in desk.outcomes[0].reason


def test_the_second_counts_from_the_operators_asking():
    desk = Desk()
    desk.now_s = 5.0
    desk.submit(Command(ARM, 1.0), asked_s=3.9)
    assert desk.sent == []
    desk.until(5.0)
    assert desk.outcomes[0].result is CommandResult.NOT_SENT
    desk.submit(Command(ARM, 1.0), asked_s=4.5)
    assert len(desk.sent) == 1


def test_what_waits_behind_an_unanswered_one_is_not_sent_late(desk):
    desk.submit(Command(ARM, 1.0))
    desk.submit(Command(ARM, 0.0))
    desk.until(3.9)
    assert [o.result for o in desk.outcomes] == [CommandResult.NOT_SENT]
    assert "before it" in desk.outcomes[0].reason
    desk.until(5.0)
    assert {message.param1 for message in desk.sent} == {1.0}


def test_a_repetition_needs_a_proof_of_its_own():
    desk = Desk(round_trip_s=math.inf)
    desk.submit(Command(ARM, 1.0))
    assert len(desk.sender.on_proof(1, LinkProof(0.0, 0.01), 0.01)) == 1
    desk.until(0.5)
    assert desk.sender.wants_proof(1)
    assert desk.sender.on_proof(1, LinkProof(0.0, 0.01), 0.5) == []
    assert len(desk.sender.on_proof(1, LinkProof(0.5, 0.01), 0.51)) == 1


def test_with_the_operators_consent_it_is_sent_at_once_and_once():
    desk = Desk(round_trip_s=math.inf)
    desk.submit(Command(20, late_ok=True))
    desk.until(3.9)
    assert desk.sent_s == [0.0]
    desk.until(4.0)
    assert "may still act late" in desk.outcomes[0].reason


def test_a_late_answer_is_told_and_is_not_taken_for_the_next_commands(desk):
    desk.submit(Command(ARM, 1.0))
    desk.until(4.5)
    desk.round_trip_s = math.inf
    desk.submit(Command(ARM, 0.0))
    desk.ack(ARM, 0)
    assert len(desk.outcomes) == 1, "the disarming has not even been sent"
    (late,) = desk.sender.take_late()
    assert (late.command, late.result, late.after_s) == (ARM, CommandResult.ACCEPTED, pytest.approx(4.5, abs=0.1))
    assert desk.sender.take_late() == []


def test_what_is_not_known_to_be_harmless_acts():
    assert {kind_of(c) for c in (16, 20, 22, 176, 192, 224, 300, 400, 31_000)} == {"acts"}
    assert {kind_of(c) for c in (511, 512)} == {"asks"}
    assert {kind_of(c) for c in (195, 207, 401, 531, 1000, 2000)} == {"sets"}


def test_a_station_that_was_asleep_does_not_repeat_it_late(desk):
    desk.submit(Command(ARM, 1.0))
    desk.now_s = 2.0
    assert desk.sender.on_time(2.0) == []
    assert not desk.sender.wants_proof(1)


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


def test_in_progress_is_not_believed_for_ever(desk):
    """An aircraft that says so again and again, or somebody in its name: the operator gets an end all the same."""
    desk.submit(Command(241))
    for second in range(0, 900, 20):
        desk.until(float(second))
        desk.ack(241, 5)
    assert [o.result for o in desk.outcomes] == [CommandResult.TIMEOUT]
    desk.submit(Command(241))
    desk.ack(241, 0)
    assert desk.outcomes[-1].ok, "and nothing waits behind it"


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
