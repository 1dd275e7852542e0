"""What people order of the sharing, carried out on its thread: :class:`groundstation.core.share_commands.ShareCommands`."""

from __future__ import annotations

import logging
import sqlite3
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future

from groundstation.core.share_commands import Question
from groundstation.core.share_records import LeadState, ShareNotice, ShareOutcome, ShareSubject
from groundstation.share.duty import Duty
from groundstation.share.matching import answer_for
from groundstation.share.neighbour import Neighbour
from groundstation.share.reception import News
from groundstation.share.texts import REASONS
from vision.records import CLASS_NAMES

_log = logging.getLogger("groundstation.share.desk")

_OFFER_S = (5.0, 3600.0)
_Order = Callable[[float, int], ShareOutcome]


class ShareDesk:
    """Orders wait in a queue until the sharing's thread carries them out (:meth:`work`)."""

    def __init__(self, own: str, wake: Callable[[], None]) -> None:
        self._own = own
        self._wake = wake
        self._orders: deque[tuple[_Order, Future[ShareOutcome]]] = deque()
        self._neighbours: list[Neighbour] = []
        self._leads: list[LeadState] = []
        self._closed = True
        self._looked: set[str] = set()
        self._duty: Duty | None = None

    def prune(self, now_utc_us: int) -> None:
        """Forget what is too old. Raises nothing."""
        if self._duty is not None:
            try:
                self._duty.marks.prune(now_utc_us)
            except sqlite3.Error as error:
                _log.warning("old marks could not be forgotten: %s", error)

    def _take_back(self, subject: ShareSubject, reason: str, now_utc_us: int) -> None:
        if self._duty is not None:  # the gateways read it there, also after a restart
            self._duty.mark("withdrawn", subject.kind, subject.subject_id, "", now_utc_us, reason)

    def open(self, neighbours: list[Neighbour], duty: Duty) -> None:
        """From now on orders are taken."""
        self._neighbours, self._duty, self._closed = neighbours, duty, False

    def close(self) -> None:
        """Orders that wait are refused, and all later ones."""
        self._closed, self._neighbours, self._duty = True, [], None
        while self._orders:
            self._orders.popleft()[1].set_result(ShareOutcome(False, "sharing has ended"))

    def _put(self, order: _Order) -> Future[ShareOutcome]:
        future: Future[ShareOutcome] = Future()
        if self._closed:
            future.set_result(ShareOutcome(False, "sharing is not running"))
            return future
        self._orders.append((order, future))
        self._wake()
        return future

    # -------------------------------------------------------------------------------------------- the sharing's thread

    def work(self, now_s: float, now_utc_us: int) -> list[LeadState]:
        """Carry out what waits; returns the leads that changed. Raises nothing."""
        self._leads = []
        while self._orders:
            order, future = self._orders.popleft()
            try:
                future.set_result(order(now_s, now_utc_us))
            except sqlite3.Error as error:
                future.set_result(ShareOutcome(False, f"not on disk: {error}; give the order again"))
            except (ValueError, KeyError) as error:
                future.set_result(ShareOutcome(False, f"not understood: {error}"))
        return self._leads

    def letters(self, neighbour: Neighbour, news: News, now_utc_us: int) -> list[ShareNotice]:
        """Questions and requests for erasure of one neighbour are answered; what a person has to know comes back."""
        notices = []
        for erasure in neighbour.life.erasures_to_report():
            values = {
                "of": erasure.of,
                "records": erasure.records,
                "proof_sha256": erasure.proof_sha256,
                "t_utc_us": now_utc_us,
            }
            neighbour.say("erase_done", erasure.subject, erasure.subject, values, now_utc_us)
            neighbour.life.reported(erasure.subject, now_utc_us)
        for letter in news.letters if self._duty is not None else ():
            notice = self._duty.take(neighbour, letter, now_utc_us) if self._duty is not None else None
            if notice is not None:
                notices.append(notice)
        if any(letter.kind == "request" for letter in news.letters) or not self._looked_at(neighbour):
            for asked in neighbour.life.open_questions():
                answer = answer_for(
                    neighbour.agreement, self._own, neighbour.name, asked.body, neighbour.recent(now_utc_us), now_utc_us
                )
                values = {"answer": answer, "by": "rule", "t_utc_us": now_utc_us}
                refused = neighbour.say("answer", asked.reference, asked.reference, values, now_utc_us)
                neighbour.life.note_answer(asked.reference, refused or answer)
                notices.append(
                    ShareNotice(
                        neighbour.name,
                        "question",
                        answer,
                        now_utc_us,
                        reference=asked.reference,
                        text=_where(asked.body),
                    )
                )
        return notices

    def _looked_at(self, neighbour: Neighbour) -> bool:
        """False once for each neighbour: what was asked before a restart is answered then."""
        looked = neighbour.name in self._looked
        self._looked.add(neighbour.name)
        return looked

    # ------------------------------------------------------------------------------------------------------- orders

    def _one(self, peer: str) -> Neighbour | None:
        return next((n for n in self._neighbours if n.name == peer), None)

    def _each(self, neighbours: Iterable[Neighbour], act: Callable[[Neighbour], str]) -> ShareOutcome:
        reasons = [f"{n.name}: {why}" for n in neighbours if (why := act(n))]
        return ShareOutcome(not reasons, "; ".join(reasons))

    def _own_only(self, subject: ShareSubject, reason: str) -> str:
        if subject.originator != self._own:
            return f"it is {subject.originator}'s, not ours"
        return "" if reason in REASONS else f"{reason!r} is none of {', '.join(REASONS)}"

    def withdraw(self, subject: ShareSubject, reason: str) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""

        def order(_: float, now_utc_us: int) -> ShareOutcome:
            why = self._own_only(subject, reason)
            if why:
                return ShareOutcome(False, why)
            self._take_back(subject, reason, now_utc_us)
            return self._each(self._neighbours, lambda n: n.withdraw(subject, reason, now_utc_us, erase=False))

        return self._put(order)

    def request_erasure(self, subject: ShareSubject, reason: str) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""

        def order(_: float, now_utc_us: int) -> ShareOutcome:
            why = self._own_only(subject, reason)
            if why:
                return ShareOutcome(False, why)
            self._take_back(subject, reason, now_utc_us)
            return self._each(self._neighbours, lambda n: n.withdraw(subject, reason, now_utc_us, erase=True))

        return self._put(order)

    def correct(self, subject: ShareSubject, class_name: str, reason: str) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""

        def order(_: float, now_utc_us: int) -> ShareOutcome:
            why = self._own_only(subject, reason)
            if class_name not in CLASS_NAMES:
                why = why or f"{class_name!r} is none of {', '.join(CLASS_NAMES)}"
            if why:
                return ShareOutcome(False, why)
            if self._duty is not None:  # for what is told from now on, by every way
                self._duty.mark("class", subject.kind, subject.subject_id, "", now_utc_us, class_name)
            return self._each(self._neighbours, lambda n: n.correct(subject, class_name, reason, now_utc_us))

        return self._put(order)

    def mark_seen(self, subject: ShareSubject, by: str = "") -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""
        return self._receipt(subject, "seen", by)

    def mark_accepted(self, subject: ShareSubject, by: str = "") -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""
        return self._receipt(subject, "accepted", by)

    def mark_rescue(self, incident_id: str, by: str, rescue: bool = True) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""

        def order(duty: Duty, now_utc_us: int) -> ShareOutcome:
            if not duty.knows(incident_id):
                return ShareOutcome(False, f"{incident_id} is no incident of this station's last days")
            duty.mark("rescue", "incident", incident_id, by, now_utc_us, "1" if rescue else "")
            return ShareOutcome(True)

        return self._by_officer(by, order)

    def protect(self, subject: ShareSubject, by: str, protected: bool = True) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""

        def order(duty: Duty, now_utc_us: int) -> ShareOutcome:
            if subject.originator != self._own:
                return ShareOutcome(False, f"it is {subject.originator}'s, not ours")
            duty.mark("protected", subject.kind, subject.subject_id, by, now_utc_us, "1" if protected else "")
            return ShareOutcome(True)

        return self._by_officer(by, order)

    def approve(self, subject: ShareSubject, by: str, peer: str = "") -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""
        return self._by_officer(by, lambda duty, now_utc_us: duty.approve(subject, by, peer, now_utc_us))

    def judge_pair(self, pair_id: str, same: bool, by: str) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""

        def order(duty: Duty, now_utc_us: int) -> ShareOutcome:
            peer, _, rest = pair_id.partition("/")
            remote, _, own = rest.partition("/")
            if self._one(peer) is None or not (remote and own):
                return ShareOutcome(False, f"{pair_id!r} is no pair of a neighbour's track and ours")
            duty.marks.judge(peer, remote, own, "agree" if same else "disagree", by, now_utc_us, False)
            why = duty.carry_out(self._neighbours, now_utc_us)
            return ShareOutcome(True, why)

        return self._by_officer(by, order)

    def tell_volumes(self, peer: str, document: str, by: str) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""

        def order(duty: Duty, now_utc_us: int) -> ShareOutcome:
            neighbour = self._one(peer)
            if neighbour is None:
                return ShareOutcome(False, f"{peer} is no neighbour")
            why = duty.tell_volumes(neighbour, document, now_utc_us)
            return ShareOutcome(not why, why)

        return self._by_officer(by, order)

    def _by_officer(self, by: str, act: Callable[[Duty, int], ShareOutcome]) -> Future[ShareOutcome]:
        """An order that somebody answers for by name."""

        def order(_: float, now_utc_us: int) -> ShareOutcome:
            if not by.strip():
                return ShareOutcome(False, "who orders it? give a name")
            if self._duty is None:
                return ShareOutcome(False, "sharing is not running")
            return act(self._duty, now_utc_us)

        return self._put(order)

    def _receipt(self, subject: ShareSubject, level: str, by: str) -> Future[ShareOutcome]:
        def order(_: float, now_utc_us: int) -> ShareOutcome:
            neighbour = self._one(subject.originator)
            if neighbour is None:
                return ShareOutcome(False, f"{subject.originator} is no neighbour")
            why = neighbour.receipt(subject, level, by, now_utc_us)
            return ShareOutcome(not why, why)

        return self._put(order)

    def offer_lead(self, peer: str, subject: ShareSubject, timeout_s: float = 60.0) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""
        return self._lead("offer", peer, subject, min(max(timeout_s, _OFFER_S[0]), _OFFER_S[1]))

    def accept_lead(self, peer: str, subject: ShareSubject) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""
        return self._lead("accept", peer, subject)

    def decline_lead(self, peer: str, subject: ShareSubject) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""
        return self._lead("decline", peer, subject)

    def take_over_lead(self, peer: str, subject: ShareSubject) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""
        return self._lead("take_over", peer, subject)

    def demand_cease(self, peer: str, subject: ShareSubject) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""
        return self._lead("cease", peer, subject)

    def _lead(self, verb: str, peer: str, subject: ShareSubject, timeout_s: float = 60.0) -> Future[ShareOutcome]:
        def order(now_s: float, now_utc_us: int) -> ShareOutcome:
            neighbour = self._one(peer)
            if neighbour is None:
                return ShareOutcome(False, f"{peer} is no neighbour")
            why, state = neighbour.order_lead(verb, subject, now_s, now_utc_us, timeout_s)
            if state is not None:
                self._leads.append(state)
            return ShareOutcome(not why, why)

        return self._put(order)

    def ask(self, peer: str, question: Question) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""

        def order(_: float, now_utc_us: int) -> ShareOutcome:
            neighbour = self._one(peer)
            if neighbour is None:
                return ShareOutcome(False, f"{peer} is no neighbour")
            agreement = neighbour.agreement
            if agreement is None:
                return ShareOutcome(False, "there is no agreement in force")
            # A question says where we look: that too stays inside what is agreed.
            if not agreement.corridor.distance_m(question.lat_deg, question.lon_deg) <= agreement.corridor.width_m:
                return ShareOutcome(False, "the place is outside the agreed corridor: use the telephone")
            reference = f"q-{uuid.uuid4().hex[:12]}"
            values = {
                "lat_deg": float(question.lat_deg),
                "lon_deg": float(question.lon_deg),
                "radius_m": float(question.radius_m),
                "from_utc_us": int(question.from_utc_us),
                "to_utc_us": int(question.to_utc_us),
                "categories": list(question.categories),
            }
            neighbour.life.note_question(reference, values, now_utc_us)
            why = neighbour.say("request", reference, reference, values, now_utc_us)
            return ShareOutcome(not why, why, reference)

        return self._put(order)

    def answer(self, peer: str, reference: str, code: str) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""

        def order(_: float, now_utc_us: int) -> ShareOutcome:
            neighbour = self._one(peer)
            if neighbour is None or not neighbour.life.was_asked(reference):
                return ShareOutcome(False, f"{peer} has not asked {reference}")
            values = {"answer": code, "by": "officer", "t_utc_us": now_utc_us}
            why = neighbour.say("answer", reference, reference, values, now_utc_us)
            if not why:
                neighbour.life.note_answer(reference, code)
            return ShareOutcome(not why, why, reference)

        return self._put(order)

    def link_reports(self, subject: ShareSubject, other: ShareSubject) -> Future[ShareOutcome]:
        """See :class:`~groundstation.core.share_commands.ShareCommands`."""

        def order(_: float, now_utc_us: int) -> ShareOutcome:
            linked = 0
            for neighbour in self._neighbours:
                for name in neighbour.names_of(subject):
                    for other_name in neighbour.names_of(other):
                        values = {
                            "of": subject.kind,
                            "other_originator": other.originator,
                            "other": other_name,
                            "other_of": other.kind,
                            "t_utc_us": now_utc_us,
                        }
                        why = neighbour.say("link", subject.subject_id, name, values, now_utc_us)
                        if why:
                            return ShareOutcome(False, f"{neighbour.name}: {why}")
                        linked += 1
            return ShareOutcome(linked > 0, "" if linked else "no neighbour knows both")

        return self._put(order)


def _where(body: dict[str, float]) -> str:
    return f"{body['lat_deg']:.5f}, {body['lon_deg']:.5f} within {body['radius_m']:.0f} m"
