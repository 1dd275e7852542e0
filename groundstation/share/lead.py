"""Who is in charge of one shared subject: a pure state machine. No socket, no clock, no disk.

Only the holder can end its own lead, and it does so in one step: it counts the term up and names the other as holder. So
every term has exactly one holder, two stations never lead at the same time, and a cut link changes nothing: the lead
stays where it was and is shown as not confirmed. The other station may accept an offer, or demand the lead (it is on its
soil) or that the holder ceases; then the holder's machine yields as soon as it hears, without asking anybody. An offer
ends at the holder's own clock, nobody else's.

Messages may be lost, doubled, late or out of order: each carries its sender's term and holder, the higher term is always
right, and what waits for an answer is said again by :meth:`Lead.on_time`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

Action = Literal["offer", "accept", "decline", "timeout", "take_over", "cease", "transfer", "confirm"]
Phase = Literal["held", "offered", "accepted", "demanded", "handed_over"]

RESEND_S = 5.0


@dataclass(frozen=True)
class LeadMessage:
    """What one station says to the other. ``offer`` numbers the offers of a term; ``left_s`` is how long it stands."""

    action: Action
    term: int
    holder: str
    offer: int = 0
    left_s: float = 0.0


@dataclass(frozen=True)
class LeadView:
    """What is kept on disk and shown. ``holder`` leads in ``term``.

    ``offer``: the number of the last offer known. ``phase`` is of this station's view: "handed_over" here means that the
    new holder has not confirmed yet, "accepted" and "demanded" that the holder has not answered. ``ceased``: the holder
    lost the lead by a demand to cease.
    """

    holder: str
    term: int = 0
    phase: Phase = "held"
    offer: int = 0
    demand: Literal["", "take_over", "cease"] = ""
    ceased: bool = False

    def to_dict(self) -> dict[str, Any]:
        """For the disk."""
        return dict(vars(self))


@dataclass
class LeadStep:
    """What came of an event: messages to send, after the view is on disk; ``event`` for people, "" for none."""

    messages: list[LeadMessage] = field(default_factory=list)
    event: str = ""
    refused: str = ""


class Lead:
    """The lead of one subject between ``own`` and ``peer``. Begins with the originator, term 0."""

    def __init__(self, own: str, peer: str, originator: str, view: LeadView | None = None) -> None:
        self.own = own
        self.peer = peer
        self.view = view or LeadView(originator)
        # After a restart everything open is said again; an offer's time has gone with the old process.
        self._deadline_s = 0.0
        self._resend_at_s = 0.0
        if self.view.phase == "offered" and self.view.holder == own:
            self._deadline_s = -1.0

    @property
    def leads(self) -> bool:
        """Whether this station may act as the one in charge."""
        return self.view.holder == self.own

    @property
    def deadline_s(self) -> float:
        """When an offer that is open here ends, by the caller's clock; 0 for none."""
        return self._deadline_s if self.view.phase == "offered" else 0.0

    # ------------------------------------------------------------------------------------------------ what people do

    def offer(self, now_s: float, timeout_s: float) -> LeadStep:
        """Offer the lead."""
        if not self.leads:
            return LeadStep(refused=f"{self.view.holder} leads")
        if self.view.phase == "offered":
            return LeadStep(refused="it is offered already")
        self._set(phase="offered", offer=self.view.offer + 1, ceased=False)
        self._deadline_s = now_s + timeout_s
        return LeadStep([self._say("offer", now_s)], "offered")

    def accept(self, now_s: float) -> LeadStep:
        """Accept the open offer."""
        if self.leads or self.view.phase != "offered":
            return LeadStep(refused="nothing is offered")
        self._set(phase="accepted")
        return LeadStep([self._say("accept", now_s)], "accepted")

    def decline(self, now_s: float) -> LeadStep:
        """Decline the open offer."""
        if self.leads or self.view.phase != "offered":
            return LeadStep(refused="nothing is offered")
        self._set(phase="held")
        return LeadStep([self._say("decline", now_s)], "declined")

    def demand(self, now_s: float, cease: bool) -> LeadStep:
        """Demand the lead, or that the holder ceases."""
        if self.leads:
            return LeadStep(refused="this station leads")
        if self.view.phase == "handed_over":
            return LeadStep(refused=f"{self.peer} has not confirmed the handover")
        self._set(phase="demanded", demand="cease" if cease else "take_over")
        return LeadStep([self._say("cease" if cease else "take_over", now_s)], "demanded")

    # ------------------------------------------------------------------------------------------------ what comes in

    def on_message(self, message: LeadMessage, now_s: float) -> LeadStep:
        """A message of the peer."""
        step = LeadStep()
        if message.holder not in (self.own, self.peer):
            return step
        if message.term > self.view.term:
            self._adopt(message, step)
        if message.term < self.view.term:
            # It speaks of a time that is over: tell it what holds now, unless it only confirms.
            if message.action != "confirm":
                step.messages.append(self._say("transfer", now_s))
            return step
        if message.holder != self.view.holder:
            return step  # cannot be: a term has one holder; nothing is believed
        match message.action:
            case "offer":
                self._offered(message, now_s, step)
            case "accept":
                self._accepted(message, now_s, step)
            case "decline":
                if self.leads and self.view.phase == "offered" and message.offer == self.view.offer:
                    self._set(phase="held")
                    step.event = "declined"
            case "timeout":
                if not self.leads and self.view.phase in ("offered", "accepted") and message.offer >= self.view.offer:
                    self._set(phase="held", offer=message.offer)
                    step.event = "timeout"
            case "take_over" | "cease":
                if self.leads:
                    self._yield(now_s, step, cease=message.action == "cease")
            case "transfer":
                step.messages.append(self._say("confirm", now_s))
            case "confirm":
                if self.view.phase == "handed_over":
                    self._set(phase="held")
                    step.event = step.event or "confirmed"
        return step

    def _adopt(self, message: LeadMessage, step: LeadStep) -> None:
        """The other knows a later term: it is right."""
        gained = message.holder == self.own and not self.leads
        lost = message.holder != self.own and self.leads
        self.view = LeadView(message.holder, message.term)
        step.event = "gained" if gained else "lost" if lost else ""

    def _offered(self, message: LeadMessage, now_s: float, step: LeadStep) -> None:
        if self.leads or message.offer < self.view.offer:
            return
        if message.offer == self.view.offer:
            if self.view.phase == "accepted":  # the answer was lost
                step.messages.append(self._say("accept", now_s))
            return  # answered, or said twice
        if self.view.phase == "demanded":
            self._set(offer=message.offer)  # the demand says more than the offer
            return
        self._set(phase="offered", offer=message.offer)
        self._deadline_s = now_s + message.left_s
        step.event = "offered"

    def _accepted(self, message: LeadMessage, now_s: float, step: LeadStep) -> None:
        if not self.leads:
            return
        if self.view.phase == "offered" and message.offer == self.view.offer and now_s < self._deadline_s:
            self._yield(now_s, step, cease=False)
        else:
            self._expire(step)
            step.messages.append(replace(self._say("timeout", now_s), offer=max(message.offer, self.view.offer)))

    def _yield(self, now_s: float, step: LeadStep, cease: bool) -> None:
        self.view = LeadView(self.peer, self.view.term + 1, "handed_over", ceased=cease)
        step.messages.append(self._say("transfer", now_s))
        step.event = "cease" if cease else "handed_over"

    def _expire(self, step: LeadStep) -> None:
        if self.view.phase == "offered":
            self._set(phase="held")
            step.event = "timeout"

    # ---------------------------------------------------------------------------------------------------- time

    def on_time(self, now_s: float) -> LeadStep:
        """Let an offer end that was not answered, and say again what waits for an answer. Call while the link is up;
        with the link down only :meth:`expire` is needed."""
        step = self.expire(now_s)
        if step.messages or now_s < self._resend_at_s:
            return step
        open_action: dict[str, Action] = {"accepted": "accept", "handed_over": "transfer"}
        phase = self.view.phase
        if phase == "offered" and self.leads:
            step.messages.append(self._say("offer", now_s))
        elif phase == "demanded":
            step.messages.append(self._say("cease" if self.view.demand == "cease" else "take_over", now_s))
        elif phase in open_action:
            step.messages.append(self._say(open_action[phase], now_s))
        return step

    def expire(self, now_s: float) -> LeadStep:
        """Let an offer end that was not answered in time. The lead stays with the holder."""
        step = LeadStep()
        if self.view.phase == "offered" and now_s >= self._deadline_s:
            holder = self.leads
            self._expire(step)
            if holder:
                step.messages.append(self._say("timeout", now_s))
        return step

    def announce(self, now_s: float) -> LeadStep:
        """Say what holds here: on a new link, so that a station that came back from a backup learns of it."""
        return LeadStep([self._say("transfer", now_s)])

    def _say(self, action: Action, now_s: float) -> LeadMessage:
        self._resend_at_s = now_s + RESEND_S
        left_s = max(self._deadline_s - now_s, 0.0) if action == "offer" else 0.0
        return LeadMessage(action, self.view.term, self.view.holder, self.view.offer, left_s)

    def _set(self, **changes: Any) -> None:
        self.view = replace(self.view, **changes)
