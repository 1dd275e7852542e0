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

    def mark_seen(self, subject: ShareSubject, by: str = "") -> Future[ShareOutcome]:
        """An operator has looked at what a neighbour told; that it was consulted, and by whom, goes into the ledger."""
        ...

    def mark_accepted(self, subject: ShareSubject, by: str = "") -> Future[ShareOutcome]:
        """An operator acts on what a neighbour told."""
        ...

    def mark_rescue(self, incident_id: str, by: str, rescue: bool = True) -> Future[ShareOutcome]:
        """An officer says that somebody needs help there: the incident and its track are told under the rescue clause of
        every agreement that has one. ``rescue`` False takes that back. The verdict "help" does the same by itself."""
        ...

    def protect(self, subject: ShareSubject, by: str, protected: bool = True) -> Future[ShareOutcome]:
        """Somebody who may ask for protection or is at risk: no third country is told of one of our subjects from now on.

        ``protected`` False takes that back.
        """
        ...

    def approve(self, subject: ShareSubject, by: str, peer: str = "") -> Future[ShareOutcome]:
        """One officer approves that one of our subjects be told to a third country; it takes two with different names.

        ``peer`` may be "" where one neighbour alone waits for it. What waits:
        :class:`~groundstation.core.share_records.ApprovalRequest` on the bus.
        """
        ...

    def judge_pair(self, pair_id: str, same: bool, by: str) -> Future[ShareOutcome]:
        """An officer says of a pair (:attr:`groundstation.core.picture_records.TrackPair.pair_id`) that it is the same, or not.

        It is kept in the history of the association, and told to the neighbour where that knows both tracks;
        ``reason`` says when it could not be told.
        """
        ...

    def tell_volumes(self, peer: str, document: str, by: str) -> Future[ShareOutcome]:
        """Tell a neighbour where our aircraft may be, for deconfliction: a document of
        :func:`groundstation.share.deconflict.volumes_text`. Needs own drones in the agreement (clause 15)."""
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
