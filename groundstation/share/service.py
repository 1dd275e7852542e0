"""Sharing with neighbours: one service for a station, both as the one that tells and as the one that is told.

It works on a thread of its own: a commit that survives a power cut may take tens of milliseconds on a slow disk, and
must not stand between a heartbeat and its time. Zenoh's callbacks only put events into a queue.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any

from groundstation.core import topics
from groundstation.core.bus import Bus, Subscription
from groundstation.core.clock import Clock
from groundstation.core.database import open_database
from groundstation.core.errors import StoreError
from groundstation.core.records import Incident, Severity
from groundstation.share.agreement_watch import AgreementWatch
from groundstation.share.clocks import PeerClocks
from groundstation.share.correlate.clock import ClockOffset
from groundstation.share.desk import ShareDesk
from groundstation.share.due import DueEntries
from groundstation.share.duty import Duty
from groundstation.share.exchange import OUTBOX_KEEP_US, Exchange
from groundstation.share.inbox import Inbox
from groundstation.share.incoming import Check
from groundstation.share.journal import SYNC_PAUSE_S, JournalKeeper, JournalSync, leave_to_keeper, sync_journal
from groundstation.share.ledger import Ledger
from groundstation.share.life import Life
from groundstation.share.marks import Marks
from groundstation.share.neighbour import Neighbour
from groundstation.share.outbox import Outbox
from groundstation.share.reception import News, remote_incident
from groundstation.share.reports import Reports
from groundstation.share.schema import AUDIT_FILE, EXCHANGE_FILE, EXCHANGE_SCHEMA
from groundstation.share.sessions import OpenWire, Sessions
from groundstation.share.settings import PeerSettings, ShareSettings, check_settings
from groundstation.share.signing import RECORD, open_share_key
from groundstation.share.subjects import newest_per_stream
from groundstation.share.wire import WireError, parse_envelope
from groundstation.share.wires import open_wire as any_wire

_log = logging.getLogger("groundstation.share")

TICK_S = 0.025
"""So long positions may lie here, ours and theirs, that nobody was woken for."""
TELL_S = 0.02
"""Positions are told for so long at most before all else is looked at; when something comes, one of them."""
LOG_SYNC_PAUSE_S = 0.1
STATUS_PERIOD_S = 1.0
RETRY_AFTER_S = 0.5
PRUNE_PERIOD_S = 3_600.0
PICTURE_US = 86_400_000_000
"""After a restart the neighbour's incidents of this long are put on the bus again."""


class ShareService:
    """Shares with the neighbours of ``settings``.

    ``start`` checks everything and opens it, or raises ConfigError, CertificateError, PortInUseError, LinkError or
    StoreError with nothing left open. ``stop`` tells that the shared tracks have ended, and closes; it is harmless when
    called twice, and must be called before the process ends (a guard closes what an exception left open).
    """

    def __init__(self, bus: Bus, settings: ShareSettings, clock: Clock, open_wire: OpenWire = any_wire) -> None:
        self._bus = bus
        self._settings = settings
        self._wake = threading.Event()
        self._clock = clock
        self._sessions = Sessions(settings, clock, open_wire, self._wake_up)
        self.desk = ShareDesk(settings.name, self._wake_up)
        """What people order: :class:`groundstation.core.share_commands.ShareCommands`."""
        self._clocks = PeerClocks(ClockOffset)
        self._reports = Reports(bus, settings.data_dir, self._sessions, self._clocks)
        self._urgent = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._resources = ExitStack()
        self._db: sqlite3.Connection | None = None
        self._neighbours: list[Neighbour] = []
        self._syncs: list[JournalSync] = []
        self._watches: dict[str, AgreementWatch] = {}
        self._offered: deque[Incident] = deque()
        self._subscriptions: list[Subscription[Any]] = []
        self._incidents: Subscription[Incident] | None = None
        self._tracks: Subscription[Any] | None = None
        self._terminated: set[str] = set()
        self._ledger: Ledger | None = None
        self._due: DueEntries | None = None
        self._duty: Duty | None = None
        self._steps = 0
        self._status_at_s = 0.0
        self._retry_at_s = 0.0
        self._prune_at_s = 0.0

    # ------------------------------------------------------------------------------------------- start and stop

    def start(self, threaded: bool = True) -> None:
        """Open everything and begin. With ``threaded=False`` the caller calls :meth:`step` itself, from one thread."""
        try:
            self._open()
        except BaseException:
            self._close()
            raise
        if threaded:
            try:
                self._keep_journals()
            except (sqlite3.Error, OSError) as error:
                self._close()
                raise StoreError(f"{self._settings.data_dir}: {error}", "check the data disk") from error
            self._thread = threading.Thread(target=self._run, name="share", daemon=True)
            self._thread.start()

    def _keep_journals(self) -> None:
        if self._db is not None and self._ledger is not None:
            leave_to_keeper(self._db)
            self._ledger.leave_journal()
            exchange, audit = (self._settings.data_dir / name for name in (EXCHANGE_FILE, AUDIT_FILE))
            self._resources.callback(JournalKeeper((exchange, audit)).close)
            sync_journal(exchange)  # a killed process may have left what is not on the disk
            # Nobody waits for the log's.
            for path, on_reached, pause_s in (
                (exchange, self._wake_up, SYNC_PAUSE_S),
                (audit, lambda: None, LOG_SYNC_PAUSE_S),
            ):
                self._syncs.append(sync := JournalSync(path, on_reached, pause_s))
                self._resources.callback(sync.close)
            for neighbour in self._neighbours:
                neighbour.exchange.leave_disk_to(self._syncs[0])
            if self._due is not None:
                self._due.leave_disk_to(self._syncs[1])

    def _open(self) -> None:
        s = self._settings
        check_settings(s)
        for peer in s.peers:
            self._watches[peer.name] = watch = AgreementWatch(peer.agreement, s.name, peer.name, s.data_dir)
            now_s = self._clock.mono_ns() / 1e9
            if peer.agreement_may_come and peer.agreement is not None and not peer.agreement.exists():
                watch.look(now_s)
            else:
                watch.open(now_s)
        self._sessions.check()
        audit = self._ledger = Ledger(s.data_dir, s.name, open_share_key(s.data_dir))
        self._resources.callback(audit.close)
        db = open_database(s.data_dir / EXCHANGE_FILE, EXCHANGE_SCHEMA, "FULL", busy_timeout_s=0.25)
        self._resources.callback(db.close)
        self._db = db
        self._due = DueEntries(db, audit)
        with contextlib.suppress(sqlite3.Error):  # it is tried again, and nothing is told until it is done
            self._due.settle()
        # Unlike any other run's, so that a track number is never used for two tracks.
        run_tag = _base36(self._clock.utc_us() // 1_000_000)
        marks = Marks(s.data_dir, self._clock.utc_us(), s.protected_areas)
        self._resources.callback(marks.close)
        duty = self._duty = Duty(self._bus, s.name, marks, audit, s.protection_steps)
        self._resources.callback(duty.close)
        marks.forget_runs()
        for peer in s.peers:
            self._add(peer, db, audit, self._due, run_tag, marks)
        self.desk.open(self._neighbours, duty)
        self._incidents = self._subscribe(topics.INCIDENT, self._incident_waits)
        # Not woken by tracks: they are told once a second, and each tick is soon enough for that.
        self._tracks = self._subscribe(topics.VIDEO_TRACKS)
        self._publish_picture(db)
        names = ", ".join(f"{p.name} ({self._watches[p.name].words})" for p in s.peers)
        _log.info("%s shares with %s", s.name, names or "nobody")

    def _add(
        self, peer: PeerSettings, db: sqlite3.Connection, audit: Ledger, due: DueEntries, run_tag: str, marks: Marks
    ) -> None:
        s, watch, key = self._settings, self._watches[peer.name], open_share_key(self._settings.data_dir)
        life = Life(db, peer.name, self._clock.utc_us())

        def verify(digest: bytes, signature: bytes) -> bool:
            known = self._sessions.key_of(peer.name)
            return known is None or known.has_signed(RECORD, signature, digest)

        outbox = Outbox(db, peer.name, sign=lambda digest: key.sign(RECORD, digest))
        inbox = Inbox(db, peer.name, Check(s.name, peer.name, watch, life), verify, life.on_stored)
        wire = self._sessions.open(peer, self._clock.mono_ns() / 1e9)
        exchange = Exchange(outbox, inbox, wire, self._clocks.probe_of(peer.name))
        self._resources.callback(exchange.close)
        urgent = self._urgent.is_set
        self._neighbours.append(
            Neighbour(s.name, peer.name, watch.agreement, exchange, audit, due, run_tag, db, life, marks, urgent)
        )

    def _wake_up(self) -> None:
        self._wake.set()

    def _incident_waits(self) -> None:
        self._urgent.set()
        self._wake.set()

    def _subscribe(self, topic: topics.Topic[Any], on_ready: Callable[[], None] | None = None) -> Subscription[Any]:
        subscription = self._bus.subscribe(topic, on_ready)
        self._subscriptions.append(subscription)
        return subscription

    def stop(self, deliver_s: float = 5.0) -> None:
        """Tell the ends of the shared tracks, wait up to ``deliver_s`` for connected neighbours to store all, close."""
        if self._db is None:
            return
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(10.0)
            self._thread = None
        for neighbour in self._neighbours:
            neighbour.end_all()
        deadline_s = time.monotonic() + deliver_s
        try:
            while True:
                self.step()
                waits = any((n.exchange.connected and n.exchange.outbox.waiting) or n.more for n in self._neighbours)
                if not waits or time.monotonic() >= deadline_s:
                    break
                self._wake.wait(0.02)
                self._wake.clear()
            now_utc_us = self._clock.utc_us()
            for neighbour in self._neighbours:
                neighbour.save_counters(now_utc_us)
            if self._due is not None:
                self._due.settle()
        except sqlite3.Error as error:
            _log.error("the last of sharing could not be written: %s", error)
        finally:
            self._close()

    def _close(self) -> None:
        for subscription in self._subscriptions:
            self._bus.unsubscribe(subscription)
        self._subscriptions.clear()
        self.desk.close()
        self._neighbours = []
        self._syncs.clear()
        self._watches.clear()
        self._db = self._due = self._duty = None
        self._resources.close()

    # ------------------------------------------------------------------------------------------------ for others

    def offer_incidents(self, incidents: Iterable[Incident]) -> None:
        """Incidents that the store holds from before a restart: those that were not told yet will be. Any thread."""
        self._offered.extend(incidents)
        self._wake.set()

    def wait_delivered(self, timeout_s: float) -> bool:
        """Wait until every neighbour has stored all that was published before this call and released for it.

        False when that took too long. For the threaded service; any thread but its own.
        """
        deadline_s = time.monotonic() + timeout_s
        # The step that now runs may have looked at the bus already; the one after it has not.
        enough = self._steps + 2
        while self._steps < enough or any(n.pending or n.exchange.outbox.waiting for n in tuple(self._neighbours)):
            if time.monotonic() >= deadline_s:
                return False
            self._wake.set()
            time.sleep(0.02)
        return True

    # ------------------------------------------------------------------------------------------------ the thread

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(TICK_S)
            self._wake.clear()
            try:
                self.step()
            except Exception:
                # One odd record must not end the sharing of all others.
                _log.exception("share step failed")
                self._fault("step", "critical", "Sharing failed with an internal error", "see the log", True)

    def step(self) -> None:
        """Do what has come and what is due; some milliseconds at most, unless the disk is slow."""
        now_s, now_utc_us = self._clock.mono_ns() / 1e9, self._clock.utc_us()
        self._collect()
        self._check_disk(now_s)
        writes = now_s >= self._retry_at_s
        # What has come first: it may be an incident, and the rest may take a millisecond.
        came = [(n, self._receive(n, now_s, now_utc_us, writes)) for n in self._neighbours]
        self._keep_house(now_s, now_utc_us)
        for neighbour, news in came:
            try:
                if writes:
                    self._tell(neighbour, now_s, now_utc_us)
                    self._answer(neighbour, news, self._watches[neighbour.name], now_s, now_utc_us)
            except sqlite3.Error as error:
                self._disk_refuses(error, now_s)
            if neighbour.more:
                self._wake.set()
        if writes:
            self._keep_log(now_s)
        if now_s >= self._status_at_s:
            self._status_at_s = now_s + STATUS_PERIOD_S
            self._report(now_s, now_utc_us)
        self._steps += 1

    def _check_disk(self, now_s: float) -> None:
        try:
            for sync in self._syncs:
                sync.check()
        except sqlite3.Error as error:
            self._disk_refuses(error, now_s)

    def _receive(self, neighbour: Neighbour, now_s: float, now_utc_us: int, writes: bool) -> News:
        watch = self._watches[neighbour.name]
        if watch.look(now_s):
            neighbour.set_agreement(watch.agreement)
        try:
            news = neighbour.exchange_step(now_s, now_utc_us, self._clock.mono_ns(), writes)
            self._publish(news)
            self._reports.publish_picture(neighbour, now_utc_us)
        except sqlite3.Error as error:
            self._disk_refuses(error, now_s)
            return News()
        return news

    def _keep_house(self, now_s: float, now_utc_us: int) -> None:
        """Sessions, and what people have ordered: before anything is told."""
        for name, wire in self._sessions.look(now_s).items():
            for neighbour in self._neighbours:
                if neighbour.name == name:
                    neighbour.exchange.set_wire(wire)
        for lead in self.desk.work(now_s, now_utc_us):
            self._bus.publish(topics.LEAD_STATE, lead)
        try:
            if self._duty is not None:
                self._duty.step(self._neighbours, now_utc_us)
        except sqlite3.Error as error:
            _log.error("what officers ordered could not be written now: %s", error)

    def _tell(self, neighbour: Neighbour, now_s: float, now_utc_us: int) -> None:
        """What is urgent, or positions for a moment; an incident that comes meanwhile waits for one of them."""
        until_s = time.monotonic() + TELL_S
        while True:
            for told in neighbour.tell(now_utc_us):
                self._bus.publish(topics.DISCLOSURE, told)
            if self._urgent.is_set():
                self._collect()
                self._keep_house(now_s, now_utc_us)  # what was ordered before it came holds for it
            elif not neighbour.more or self._wake.is_set() or time.monotonic() >= until_s:
                return

    def _keep_log(self, now_s: float) -> None:
        """Move what was told into the chain of the disclosure log; an incident that has come goes first."""
        try:
            if self._due is not None and not self._urgent.is_set():
                self._due.look(now_s)
        except sqlite3.Error as error:
            self._disk_refuses(error, now_s)
        if now_s >= self._retry_at_s:
            self._fault("disk", "critical", "Sharing again", "", False)

    def _disk_refuses(self, error: sqlite3.Error, now_s: float) -> None:
        self._retry_at_s = now_s + RETRY_AFTER_S
        text = f"Nothing is shared: exchange or disclosure log cannot be written: {error}"
        self._fault("disk", "critical", text, "free space on the data disk", True)

    def _collect(self) -> None:
        self._urgent.clear()
        raised = self._incidents.drain() if self._incidents is not None else []
        # Those from before a restart go first, and are looked for last: what was published after them is newer.
        incidents = [self._offered.popleft() for _ in range(len(self._offered))] + raised
        records = newest_per_stream(self._tracks.drain()) if self._tracks is not None else []
        if self._duty is not None:
            self._duty.note(incidents)
        for neighbour in self._neighbours:
            for incident in incidents:
                neighbour.offer_incident(incident)
            for record in records:
                neighbour.offer_tracks(record)

    def _answer(self, neighbour: Neighbour, news: News, watch: AgreementWatch, now_s: float, now_utc_us: int) -> None:
        """Deal with what the neighbour wants of this station."""
        for notice in self.desk.letters(neighbour, news, now_utc_us):
            self._bus.publish(topics.SHARE_NOTICE, notice)
        for letter in news.letters:
            if letter.kind == "termination" and watch.take_termination(letter.body["document"]):
                neighbour.set_agreement(watch.agreement)
            elif letter.kind == "checkpoint" and self._ledger is not None:
                key = self._sessions.key_of(neighbour.name)
                fault = self._ledger.take_checkpoint(neighbour.name, letter.body, key, now_utc_us)
                # It stands until the station is started again: somebody has to have read it.
                if fault:
                    self._fault(
                        f"ledger-{neighbour.name}", "critical", fault, "compare the ledgers, with witness", True
                    )
        ended = watch.signed.termination if watch.signed is not None else None
        if ended is not None and ended.party == self._settings.name and neighbour.name not in self._terminated:
            self._terminated.add(neighbour.name)
            values = {"document": watch.termination, "t_utc_us": now_utc_us}
            neighbour.say("termination", "agreement", "agreement", values, now_utc_us)

    def _keep_ledger(self, now_s: float, now_utc_us: int) -> None:
        """Sign the ledger's head when that is due, for every neighbour; erase what may be kept no longer."""
        if self._ledger is None:
            return
        try:
            made = self._ledger.due_checkpoint(now_utc_us)
            for neighbour in self._neighbours if made is not None else ():
                neighbour.say("checkpoint", "ledger", "ledger", made.body() if made else {}, now_utc_us)
            if now_s >= self._prune_at_s:
                self._ledger.enforce_retention(now_utc_us)
        except sqlite3.Error as error:
            _log.warning("the ledger could not be kept: %s", error)

    def _publish(self, news: News) -> None:
        for track in news.tracks.values():
            self._bus.publish(topics.REMOTE_TRACK, track)
        for incident in news.incidents:
            self._bus.publish(topics.REMOTE_INCIDENT, incident)
        for disclosure in news.disclosures:
            self._bus.publish(topics.DISCLOSURE, disclosure)
        for receipt in news.receipts:
            self._bus.publish(topics.RECEIPT, receipt)
        for notice in news.notices:
            self._bus.publish(topics.SHARE_NOTICE, notice)
        for lead in news.leads:
            self._bus.publish(topics.LEAD_STATE, lead)
        if news.busy:
            self._wake.set()

    def _publish_picture(self, db: sqlite3.Connection) -> None:
        # A process that was killed between its commit and the bus has told nobody here.
        rows = db.execute(
            "SELECT peer, envelope, received_utc_us FROM inbox WHERE kind='incident' AND refused='' AND"
            " NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.peer=inbox.peer AND t.way='in' AND t.subject=inbox.subject) AND"
            " received_utc_us>? ORDER BY received_utc_us LIMIT 1000",
            (self._clock.utc_us() - PICTURE_US,),
        ).fetchall()
        for peer, data, received_utc_us in rows:
            try:
                envelope = parse_envelope(data)
            except WireError:
                continue
            self._bus.publish(topics.REMOTE_INCIDENT, remote_incident(peer, envelope, received_utc_us))

    def _report(self, now_s: float, now_utc_us: int) -> None:
        self._reports.publish(self._neighbours, self._watches, now_utc_us)
        prunes = now_s >= self._prune_at_s
        for neighbour in self._neighbours:
            try:
                neighbour.save_counters(now_utc_us)
                if prunes:
                    neighbour.exchange.outbox.prune(now_utc_us - OUTBOX_KEEP_US)
                    neighbour.exchange.inbox.prune(now_utc_us)
                    neighbour.life.prune(now_utc_us)
                    neighbour.leads.prune(now_utc_us)
            except sqlite3.Error as error:
                _log.warning("%s: house-keeping failed: %s", neighbour.name, error)
        self._keep_ledger(now_s, now_utc_us)
        if prunes:
            self._prune_at_s = now_s + PRUNE_PERIOD_S

    def _fault(self, key: str, severity: Severity, text: str, remedy: str, active: bool) -> None:
        self._reports.fault(key, severity, text, remedy, active, self._clock.utc_us())


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"
