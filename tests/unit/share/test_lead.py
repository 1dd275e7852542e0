"""The lead between two stations over a line that loses, doubles, delays and reorders, and is cut: never two, never none."""

from __future__ import annotations

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from groundstation.share.lead import RESEND_S, Lead, LeadMessage, LeadStep, LeadView


class Line:
    """Two leads and what is under way between them."""

    def __init__(self) -> None:
        self.leads = {"a": Lead("a", "b", "a"), "b": Lead("b", "a", "a")}
        self.under_way: list[tuple[str, LeadMessage]] = []
        self.now_s = 100.0
        self.events: list[tuple[str, str]] = []

    def say(self, who: str, step: LeadStep) -> LeadStep:
        self.under_way += [("b" if who == "a" else "a", m) for m in step.messages]
        if step.event:
            self.events.append((who, step.event))
        return step

    def deliver(self, index: int = 0, keep: bool = False) -> None:
        to, message = self.under_way[index] if keep else self.under_way.pop(index)
        self.say(to, self.leads[to].on_message(message, self.now_s))

    def settle(self) -> None:
        for _ in range(20):
            while self.under_way:
                self.deliver()
            self.now_s += RESEND_S + 0.1
            for who, lead in self.leads.items():
                self.say(who, lead.on_time(self.now_s))

    @property
    def holders(self) -> list[str]:
        return [who for who, lead in self.leads.items() if lead.leads]


def test_offer_accept_and_the_answer() -> None:
    line = Line()
    line.say("a", line.leads["a"].offer(line.now_s, 60.0))
    line.deliver()
    assert line.leads["b"].view.phase == "offered"
    line.say("b", line.leads["b"].accept(line.now_s))
    assert line.holders == ["a"]  # accepting alone changes nothing
    line.deliver()
    assert line.holders == []  # a has let go, b does not know yet; a says so
    assert line.leads["a"].view.phase == "handed_over"
    line.deliver()
    assert line.holders == ["b"]
    line.deliver()
    assert line.leads["a"].view == LeadView("b", 1)
    assert ("b", "gained") in line.events


def test_declined_and_timed_out_offers_leave_the_lead_where_it_is() -> None:
    line = Line()
    line.say("a", line.leads["a"].offer(line.now_s, 60.0))
    line.deliver()
    line.say("b", line.leads["b"].decline(line.now_s))
    line.settle()
    assert (line.holders, line.leads["a"].view.term) == (["a"], 0)
    line.say("a", line.leads["a"].offer(line.now_s, 60.0))
    line.deliver()
    line.say("b", line.leads["b"].accept(line.now_s))
    line.now_s += 61.0
    line.say("a", line.leads["a"].expire(line.now_s))
    line.settle()  # the acceptance comes too late: a's clock has decided
    assert line.holders == ["a"]
    assert line.leads["b"].view.phase == "held"
    assert ("b", "timeout") in line.events


def test_the_host_takes_over_and_the_holder_is_told_to_cease() -> None:
    line = Line()
    line.say("b", line.leads["b"].demand(line.now_s, cease=True))
    line.deliver()
    assert not line.leads["a"].leads
    assert line.leads["a"].view.ceased
    assert ("a", "cease") in line.events
    line.settle()
    assert line.holders == ["b"]


def test_a_cut_link_changes_nothing_and_a_restart_goes_on() -> None:
    line = Line()
    line.say("b", line.leads["b"].demand(line.now_s, cease=False))
    line.under_way.clear()
    line.now_s += 86_400.0
    assert line.holders == ["a"]
    line.leads["b"] = Lead("b", "a", "a", line.leads["b"].view)
    line.settle()
    assert line.holders == ["b"]


def test_a_station_back_from_a_backup_learns_who_leads() -> None:
    line = Line()
    old = line.leads["a"].view
    line.say("b", line.leads["b"].demand(line.now_s, cease=False))
    line.settle()
    line.leads["a"] = Lead("a", "b", "a", old)
    line.say("b", line.leads["b"].announce(line.now_s))
    line.settle()
    assert line.holders == ["b"]


def test_an_answered_offer_does_not_come_back() -> None:
    line = Line()
    line.say("a", line.leads["a"].offer(line.now_s, 60.0))
    line.deliver(keep=True)
    line.say("b", line.leads["b"].decline(line.now_s))
    line.deliver()
    assert line.leads["b"].view.phase == "held"
    assert line.leads["b"].accept(line.now_s).refused


class Attack(RuleBasedStateMachine):
    """Any order of orders, losses, copies, delays and restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.line = Line()
        self.disk: dict[str, LeadView] = {}
        self.terms: dict[int, str] = {0: "a"}
        self.highest = {"a": 0, "b": 0}

    @rule(who=st.sampled_from("ab"), what=st.sampled_from(["offer", "accept", "decline", "take_over", "cease"]))
    def order(self, who: str, what: str) -> None:
        lead, now_s = self.line.leads[who], self.line.now_s
        orders: dict[str, Any] = {
            "offer": lambda: lead.offer(now_s, 20.0),
            "accept": lambda: lead.accept(now_s),
            "decline": lambda: lead.decline(now_s),
            "take_over": lambda: lead.demand(now_s, cease=False),
            "cease": lambda: lead.demand(now_s, cease=True),
        }
        self.line.say(who, orders[what]())

    @precondition(lambda self: self.line.under_way)
    @rule(data=st.data(), keep=st.booleans())
    def deliver(self, data: st.DataObject, keep: bool) -> None:
        self.line.deliver(data.draw(st.integers(0, len(self.line.under_way) - 1)), keep)

    @precondition(lambda self: self.line.under_way)
    @rule(data=st.data())
    def lose(self, data: st.DataObject) -> None:
        self.line.under_way.pop(data.draw(st.integers(0, len(self.line.under_way) - 1)))

    @rule(seconds=st.sampled_from([0.1, 6.0, 30.0]), up=st.booleans())
    def wait(self, seconds: float, up: bool) -> None:
        self.line.now_s += seconds
        for who, lead in self.line.leads.items():
            self.line.say(who, lead.on_time(self.line.now_s) if up else lead.expire(self.line.now_s))

    @rule(who=st.sampled_from("ab"))
    def kill(self, who: str) -> None:
        other = "b" if who == "a" else "a"
        self.line.leads[who] = Lead(who, other, "a", self.line.leads[who].view)

    @invariant()
    def never_two(self) -> None:
        assert len(self.line.holders) <= 1

    @invariant()
    def every_term_has_one_holder_and_terms_only_grow(self) -> None:
        for who, lead in self.line.leads.items():
            assert self.terms.setdefault(lead.view.term, lead.view.holder) == lead.view.holder
            assert lead.view.term >= self.highest[who]
            self.highest[who] = lead.view.term

    @invariant()
    def who_has_let_go_says_so_until_it_is_confirmed(self) -> None:
        a, b = self.line.leads["a"], self.line.leads["b"]
        if not self.line.holders:
            later = a if a.view.term > b.view.term else b
            assert later.view.phase == "handed_over"

    def teardown(self) -> None:
        self.line.settle()
        assert len(self.line.holders) == 1
        assert self.line.leads["a"].view.holder == self.line.leads["b"].view.holder


Attack.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestAttack = Attack.TestCase
