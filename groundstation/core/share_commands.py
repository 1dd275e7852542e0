"""What a console may ask of the sharing. Implemented by :class:`groundstation.share.service.ShareService`."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from groundstation.core.share_records import ShareOutcome, ShareSubject


@dataclass(frozen=True)
class Question:
    """ "Do you have something near here?": a circle and a time. It tells the neighbour where we look, and nothing else."""

    lat_deg: float
    lon_deg: float
    radius_m: float
    from_utc_us: int
    to_utc_us: int
    categories: tuple[str, ...] = ()
    """Classes asked for; empty for any."""


class ShareCommands(Protocol):
    """All calls return at once, from any thread; the future tells whether the order is on disk and on its way.

    ``reason`` is a code of ``groundstation.share.texts`` ("false_alarm", "wrong_class", ...), never free text.
    """

    def withdraw(self, subject: ShareSubject, reason: str) -> Future[ShareOutcome]:
        """Take back what we told of our own: every neighbour that got it takes it off, and no late message brings it
        again."""
        ...

    def correct(self, subject: ShareSubject, class_name: str, reason: str) -> Future[ShareOutcome]:
        """Say that one of our tracks is of another class; also later updates then are."""
        ...

    def request_erasure(self, subject: ShareSubject, reason: str) -> Future[ShareOutcome]:
        """Ask every neighbour that holds it to delete what we told of our own; each answers with a proof."""
        ...

    def mark_seen(self, subject: ShareSubject) -> Future[ShareOutcome]:
        """An operator has looked at what a neighbour told."""
        ...

    def mark_accepted(self, subject: ShareSubject) -> Future[ShareOutcome]:
        """An operator acts on what a neighbour told."""
        ...

    def offer_lead(self, peer: str, subject: ShareSubject, timeout_s: float = 60.0) -> Future[ShareOutcome]:
        """Offer the lead of a subject that we hold; without an answer in time it stays here."""
        ...

    def accept_lead(self, peer: str, subject: ShareSubject) -> Future[ShareOutcome]:
        """Accept an open offer; we lead when the holder's answer has come, not before."""
        ...

    def decline_lead(self, peer: str, subject: ShareSubject) -> Future[ShareOutcome]:
        """Decline an open offer."""
        ...

    def take_over_lead(self, peer: str, subject: ShareSubject) -> Future[ShareOutcome]:
        """Demand the lead (it is on our soil): the holder's station yields at once when it hears."""
        ...

    def demand_cease(self, peer: str, subject: ShareSubject) -> Future[ShareOutcome]:
        """Demand that the holder ceases: it yields the lead and its operator is told to stop."""
        ...

    def ask(self, peer: str, question: Question) -> Future[ShareOutcome]:
        """Ask; ``reference`` of the outcome names the question, a :class:`~groundstation.core.share_records.ShareNotice`
        of kind "answer" brings "yes", "no" or "ask_duty_officer"."""
        ...

    def answer(self, peer: str, reference: str, code: str) -> Future[ShareOutcome]:
        """The duty officer's own answer ("yes", "no", "declined") to a question that was not answered by itself."""
        ...

    def link_reports(self, subject: ShareSubject, other: ShareSubject) -> Future[ShareOutcome]:
        """Say to the neighbour that two reports speak of the same matter."""
        ...
