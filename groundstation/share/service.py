"""Sharing with neighbours: one service for a station, both as the one that tells and as the one that is told.

It works on a thread of its own: a commit that survives a power cut may take tens of milliseconds on a slow disk, and
must not stand between a heartbeat and its time. Zenoh's callbacks only put events into a queue.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from groundstation.core import topics
from groundstation.core.bus import Bus, Subscription
from groundstation.core.clock import Clock
from groundstation.core.database import open_database
from groundstation.core.records import Fault, Incident, PeerStatus, Severity, StationFault
from groundstation.core.share_records import SharePicture
from groundstation.share.agreement_watch import AgreementWatch
from groundstation.share.bodies import DUTY_KINDS
from groundstation.share.clocks import PeerClocks
from groundstation.share.correlate.clock import ClockOffset
from groundstation.share.desk import ShareDesk
from groundstation.share.exchange import OUTBOX_KEEP_US, Exchange
from groundstation.share.inbox import BURIED, Inbox
from groundstation.share.ledger import Ledger
from groundstation.share.life import Life
from groundstation.share.neighbour import Neighbour
from groundstation.share.outbox import Outbox
from groundstation.share.reception import News, remote_incident
from groundstation.share.schema import EXCHANGE_FILE, EXCHANGE_SCHEMA
from groundstation.share.sessions import OpenWire, Sessions
from groundstation.share.settings import PeerSettings, ShareSettings, check_settings
from groundstation.share.signing import RECORD, open_share_key
from groundstation.share.status_file import write_status
from groundstation.share.subjects import newest_per_stream
from groundstation.share.wire import Envelope, WireError, parse_envelope
from groundstation.share.zenoh_wire import ZenohWire

_log = logging.getLogger("groundstation.share")

TICK_S = 0.05
STATUS_PERIOD_S = 1.0
RETRY_AFTER_S = 0.5
PRUNE_PERIOD_S = 3_600.0
RENEW_BEFORE = timedelta(days=1)
SILENT_US = 10_000_000
"""A neighbour that acknowledges nothing for this long is told as silent."""
CLOCK_OFF_US = 250_000.0
"""Further off for certain than this, a neighbour's clock is told as wrong."""
PICTURE_US = 86_400_000_000
"""After a restart the neighbour's incidents of this long are put on the bus again."""


class ShareService:
    """Shares with the neighbours of ``settings``.

    ``start`` checks everything and opens it, or raises ConfigError, CertificateError, PortInUseError, LinkError or
    StoreError with nothing left open. ``stop`` tells that the shared tracks have ended, and closes; it is harmless when
    called twice, and must be called before the process ends (a guard closes what an exception left open).
    """

    def __init__(self, bus: Bus, settings: ShareSettings, clock: Clock, open_wire: OpenWire = ZenohWire) -> None:
        self._bus = bus
        self._settings = settings
        self._wake = threading.Event()
        self._clock = clock
        self._sessions = Sessions(settings, clock, open_wire, self._wake_up)
        self.desk = ShareDesk(settings.name, self._wake_up)
        """What people order: :class:`groundstation.core.share_commands.ShareCommands`."""
        self._clocks = PeerClocks(ClockOffset)
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._resources = ExitStack()
        self._db: sqlite3.Connection | None = None
        self._neighbours: list[Neighbour] = []
        self._watches: dict[str, AgreementWatch] = {}
        self._outages: dict[str, _Outage] = {}
        self._offered: deque[Incident] = deque()
        self._subscriptions: list[Subscription[Any]] = []
        self._incidents: Subscription[Incident] | None = None
        self._tracks: Subscription[Any] | None = None
        self._faults: set[str] = set()
        self._terminated: set[str] = set()
        self._ledger: Ledger | None = None
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
            self._thread = threading.Thread(target=self._run, name="share", daemon=True)
            self._thread.start()

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
        # Unlike any other run's, so that a track number is never used for two tracks.
        run_tag = _base36(self._clock.utc_us() // 1_000_000)
        for peer in s.peers:
            self._add(peer, db, audit, run_tag)
        self.desk.open(self._neighbours)
        self._incidents = self._subscribe(topics.INCIDENT, self._wake.set)
        # Not woken by tracks: they are told once a second, and each tick is soon enough for that.
        self._tracks = self._subscribe(topics.VIDEO_TRACKS)
        self._publish_picture(db)
        names = ", ".join(f"{p.name} ({self._watches[p.name].words})" for p in s.peers)
        _log.info("%s shares with %s", s.name, names or "nobody")

    def _add(self, peer: PeerSettings, db: sqlite3.Connection, audit: Ledger, run_tag: str) -> None:
        s, watch, key = self._settings, self._watches[peer.name], open_share_key(self._settings.data_dir)
        life = Life(db, peer.name)

        def verify(digest: bytes, signature: bytes) -> bool:
            known = self._sessions.key_of(peer.name)
            return known is None or known.has_signed(RECORD, signature, digest)

        outbox = Outbox(db, peer.name, sign=lambda digest: key.sign(RECORD, digest))
        inbox = Inbox(db, peer.name, _Check(s.name, peer.name, watch, life), verify, life.on_stored)
        wire = self._sessions.open(peer, self._clock.mono_ns() / 1e9)
        exchange = Exchange(outbox, inbox, wire, self._clocks.probe_of(peer.name))
        self._resources.callback(exchange.close)
        self._outages[peer.name] = _Outage()
        self._neighbours.append(Neighbour(s.name, peer.name, watch.agreement, exchange, audit, run_tag, db, life))

    def _wake_up(self) -> None:
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
        self._watches.clear()
        self._db = None
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
        for name, wire in self._sessions.look(now_s).items():
            for neighbour in self._neighbours:
                if neighbour.name == name:
                    neighbour.exchange.set_wire(wire)
        for lead in self.desk.work(now_s, now_utc_us):
            self._bus.publish(topics.LEAD_STATE, lead)
        for neighbour in self._neighbours:
            watch = self._watches[neighbour.name]
            if watch.look(now_s):
                neighbour.set_agreement(watch.agreement)
            writes = now_s >= self._retry_at_s
            try:
                if writes:
                    for told in neighbour.tell(now_utc_us):
                        self._bus.publish(topics.DISCLOSURE, told)
                news = neighbour.exchange_step(now_s, now_utc_us, self._clock.mono_ns(), writes)
                self._publish(news)
                if neighbour.more:
                    self._wake.set()
                if writes:
                    self._answer(neighbour, news, watch, now_s, now_utc_us)
                if writes:
                    self._fault("disk", "critical", "Sharing again", "", False)
            except sqlite3.Error as error:
                self._retry_at_s = now_s + RETRY_AFTER_S
                text = f"Nothing is shared: exchange or disclosure log cannot be written: {error}"
                self._fault("disk", "critical", text, "free space on the data disk", True)
        if now_s >= self._status_at_s:
            self._status_at_s = now_s + STATUS_PERIOD_S
            self._report(now_s, now_utc_us)
        self._steps += 1

    def _collect(self) -> None:
        raised = self._incidents.drain() if self._incidents is not None else []
        # Those from before a restart go first, and are looked for last: what was published after them is newer.
        incidents = [self._offered.popleft() for _ in range(len(self._offered))] + raised
        records = newest_per_stream(self._tracks.drain()) if self._tracks is not None else []
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

    # ------------------------------------------------------------------------------------------------- reporting

    def _report(self, now_s: float, now_utc_us: int) -> None:
        statuses: list[PeerStatus] = []
        for neighbour in self._neighbours:
            exchange, name = neighbour.exchange, neighbour.name
            status = PeerStatus(
                peer=name,
                t_utc_us=now_utc_us,
                connected=exchange.connected,
                last_sent_seq=exchange.outbox.last_seq,
                stored_seq=exchange.outbox.acked_seq,
                waiting=exchange.outbox.waiting,
                received=neighbour.reception.received,
                withheld=neighbour.withheld,
                last_ack_utc_us=exchange.last_ack_utc_us,
                detail=self._sessions.denied(name) or _detail(neighbour, self._watches[name].words, now_utc_us),
            )
            self._bus.publish(topics.PEER_STATUS, status)
            statuses.append(status)
            self._report_picture(neighbour, now_utc_us)
            clock = self._clocks.state(name, now_utc_us)
            if clock is not None:
                self._bus.publish(topics.PEER_CLOCK, clock)
                text = f"The clock of {name} shows {clock.offset_us / 1e6:+.1f} s against ours"
                off = not clock.fit_to_fuse and abs(clock.offset_us) - clock.uncertainty_us > CLOCK_OFF_US
                self._fault(f"clock-{name}", "warning", text, "compare both clocks with a third", off)
            self._report_faults(neighbour, now_utc_us)
            try:
                neighbour.save_counters(now_utc_us)
                if now_s >= self._prune_at_s:
                    exchange.outbox.prune(now_utc_us - OUTBOX_KEEP_US)
                    exchange.inbox.prune(now_utc_us)
                    neighbour.life.prune(now_utc_us)
                    neighbour.leads.prune(now_utc_us)
            except sqlite3.Error as error:
                _log.warning("%s: house-keeping failed: %s", name, error)
        self._keep_ledger(now_s, now_utc_us)
        if now_s >= self._prune_at_s:
            self._prune_at_s = now_s + PRUNE_PERIOD_S
        write_status(self._settings.data_dir, statuses, self._expiry(), now_utc_us)

    def _expiry(self) -> dict[str, datetime]:
        return {n.name: self._sessions.expires(n.name) for n in self._neighbours}

    def _report_picture(self, neighbour: Neighbour, now_utc_us: int) -> None:
        """When a long history comes: that it does, when the picture is current, and at its end what was missed."""
        exchange, outage = neighbour.exchange, self._outages[neighbour.name]
        state = (exchange.catching_up, exchange.picture_here)
        if exchange.catching_up and not outage.state[0]:
            outage.since_utc_us, outage.received = now_utc_us, neighbour.reception.received
            outage.incidents = neighbour.reception.incidents_received
        if state != outage.state:
            missed = neighbour.reception.received - outage.received
            names = tuple(neighbour.reception.last_incidents)[
                -max(neighbour.reception.incidents_received - outage.incidents, 0) :
            ]
            self._bus.publish(
                topics.SHARE_PICTURE,
                SharePicture(
                    neighbour.name,
                    now_utc_us,
                    current=exchange.picture_here,
                    complete=not exchange.catching_up,
                    missed_records=missed,
                    missed_incidents=names if neighbour.reception.incidents_received > outage.incidents else (),
                    since_utc_us=outage.since_utc_us,
                ),
            )
            outage.state = state

    def _report_faults(self, neighbour: Neighbour, now_utc_us: int) -> None:
        name, agreement = neighbour.name, neighbour.agreement
        strangers = neighbour.exchange.strangers
        text = f"A certificate of {', '.join(sorted(strangers))} tries to be {name}; it gets nothing"
        self._fault(f"stranger-{name}", "critical", text, f"ask {name} who uses its authority", bool(strangers))
        words = self._watches[name].words
        self._fault(
            f"standing-{name}",
            "warning",
            f"Nothing is shared with {name}: {words}",
            "groundstation share agreement show FILE",
            agreement is None and self._watches[name].signed is not None,
        )
        over = agreement is not None and now_utc_us >= agreement.valid_until_utc_us
        self._fault(
            f"agreement-{name}",
            "warning",
            f"The agreement with {name} has expired: nothing is shared",
            "renew it",
            over,
        )
        expires = self._sessions.expires(name)
        text = f"{name} has no session: {self._sessions.denied(name)}"
        self._fault(
            f"revoked-{name}",
            "warning",
            text,
            f"share accept a new invitation of {name}, or take it out",
            bool(self._sessions.denied(name)),
        )
        text = f"No session with {name}: {self._sessions.trouble(name)}"
        self._fault(f"session-{name}", "critical", text, "see the log", bool(self._sessions.trouble(name)))
        text = f"The records of {name} are taken on its certificate alone: its signing key is not known here"
        self._fault(
            f"unsigned-{name}", "warning", text, "groundstation share accept", self._sessions.key_of(name) is None
        )
        exchange = neighbour.exchange
        text = f"{exchange.forged} records that came as {name}'s were not signed by it and are dropped"
        self._fault(f"forged-{name}", "critical", text, f"ask {name} who uses its certificate", exchange.forged > 0)
        text = (
            f"{name} has told something else under numbers that it had used (a restored backup, or a rewritten history)"
        )
        self._fault(f"fork-{name}", "critical", text, f"ask {name}; both records are kept", exchange.forks > 0)
        text = f"The certificate cannot be renewed: {self._sessions.renewal_trouble}"
        self._fault("renewal", "critical", text, "renew it by hand", bool(self._sessions.renewal_trouble))
        soon = datetime.fromtimestamp(now_utc_us / 1e6, UTC) > expires - RENEW_BEFORE
        text = f"This station's certificate for {name} expires at {expires:%Y-%m-%d %H:%M} UTC"
        self._fault(f"certificate-{name}", "warning", text, "renew it", soon)
        refused = neighbour.reception.refused
        text = f"{refused} records of {name} are kept but not used: {neighbour.reception.refused_reason}"
        self._fault(f"refused-{name}", "warning", text, "compare the agreements with the neighbour", refused > 0)

    def _fault(self, key: str, severity: Severity, text: str, remedy: str, active: bool) -> None:
        """Publish a fault when it comes and when it goes."""
        if active == (key in self._faults):
            return
        (self._faults.add if active else self._faults.discard)(key)
        if active:
            _log.warning("%s", text)
        fault = Fault(f"share-{key}", severity, text, remedy)
        self._bus.publish(topics.STATION_FAULT, StationFault("share", fault, active, self._clock.utc_us()))


@dataclass
class _Outage:
    """What was known when a long history began to come."""

    state: tuple[bool, bool] = (False, True)
    since_utc_us: int = 0
    received: int = 0
    incidents: int = 0


class _Check:
    """Why an incoming envelope is kept but not used; "" when it is used."""

    def __init__(self, own_name: str, peer: str, watch: AgreementWatch, life: Life) -> None:
        self._life = life
        self._own_name = own_name
        self._peer = peer
        self._watch = watch

    def __call__(self, envelope: Envelope) -> str:
        if (envelope.originator, envelope.recipient) != (self._peer, self._own_name):
            return f"it is from {envelope.originator} to {envelope.recipient}"
        if self._life.about_buried(envelope):
            return BURIED
        if envelope.kind in DUTY_KINDS:
            return ""  # owed for what was told before, whatever became of the agreement
        agreement = self._watch.agreement
        if agreement is None:
            return f"there is no agreement with this neighbour ({self._watch.words})"
        if envelope.agreement_id != agreement.agreement_id:
            return f"agreement {envelope.agreement_id} is not {agreement.agreement_id}"
        return ""


def _detail(neighbour: Neighbour, words: str, now_utc_us: int) -> str:
    agreement, waiting = neighbour.agreement, neighbour.exchange.outbox.waiting
    if agreement is None:
        return f"{words}: nothing is shared"
    if now_utc_us >= agreement.valid_until_utc_us:
        return "agreement expired: nothing is shared"
    if now_utc_us < agreement.valid_from_utc_us:
        return "agreement not yet in force: nothing is shared"
    last_utc_us = neighbour.exchange.last_ack_utc_us
    since = f" since {datetime.fromtimestamp(last_utc_us / 1e6, UTC):%H:%M:%S} UTC" if last_utc_us else ""
    waits = f"; {waiting} records wait" if waiting else ""
    if not neighbour.exchange.connected:
        return f"not connected, nothing heard{since}{waits}" if since else f"not connected{waits}"
    if waiting and now_utc_us - last_utc_us > SILENT_US:
        return f"they have not confirmed{since}{waits}" if since else f"they have confirmed nothing yet{waits}"
    return f"{waiting} records wait to be confirmed" if waiting else "all told is stored there"


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"
