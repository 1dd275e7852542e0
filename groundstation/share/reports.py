"""What the operator is told about the sharing itself: status, faults, what was missed in an outage."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.records import Fault, PeerStatus, Severity, StationFault
from groundstation.core.share_records import SharePicture
from groundstation.share.agreement_watch import AgreementWatch
from groundstation.share.clocks import PeerClocks
from groundstation.share.neighbour import Neighbour
from groundstation.share.sessions import Sessions
from groundstation.share.status_file import write_status

_log = logging.getLogger("groundstation.share")

RENEW_BEFORE = timedelta(days=1)
SILENT_US = 10_000_000
"""A neighbour that acknowledges nothing for this long is told as silent."""
CLOCK_OFF_US = 250_000.0
"""Further off for certain than this, a neighbour's clock is told as wrong."""


@dataclass
class _Outage:
    """What was known when a long history began to come."""

    state: tuple[bool, bool] = (False, True)
    since_utc_us: int = 0
    received: int = 0
    incidents: int = 0


class Reports:
    """Publishes on the bus, and writes the status file for ``share status``. Used by one thread; owns no clock."""

    def __init__(self, bus: Bus, data_dir: Path, sessions: Sessions, clocks: PeerClocks) -> None:
        self._bus = bus
        self._data_dir = data_dir
        self._sessions = sessions
        self._clocks = clocks
        self._faults: set[str] = set()
        self._outages: dict[str, _Outage] = {}

    def publish(self, neighbours: list[Neighbour], watches: dict[str, AgreementWatch], now_utc_us: int) -> None:
        """How things stand with all of them."""
        statuses = []
        for neighbour in neighbours:
            exchange, name, words = neighbour.exchange, neighbour.name, watches[neighbour.name].words
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
                detail=self._sessions.denied(name) or _detail(neighbour, words, now_utc_us),
            )
            self._bus.publish(topics.PEER_STATUS, status)
            statuses.append(status)
            self.publish_picture(neighbour, now_utc_us)
            clock = self._clocks.state(name, now_utc_us)
            if clock is not None:
                self._bus.publish(topics.PEER_CLOCK, clock)
                text = f"The clock of {name} shows {clock.offset_us / 1e6:+.1f} s against ours"
                off = not clock.fit_to_fuse and abs(clock.offset_us) - clock.uncertainty_us > CLOCK_OFF_US
                self.fault(f"clock-{name}", "warning", text, "compare both clocks with a third", off, now_utc_us)
            self._publish_faults(neighbour, watches[name], now_utc_us)
        expiry = {n.name: self._sessions.expires(n.name) for n in neighbours}
        write_status(self._data_dir, statuses, expiry, now_utc_us)

    def publish_picture(self, neighbour: Neighbour, now_utc_us: int) -> None:
        """When a long history comes: that it does, when the picture is current, and at its end what was missed."""
        exchange, outage = neighbour.exchange, self._outages.setdefault(neighbour.name, _Outage())
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

    def _publish_faults(self, neighbour: Neighbour, watch: AgreementWatch, now_utc_us: int) -> None:
        name, agreement = neighbour.name, neighbour.agreement

        def fault(key: str, severity: Severity, text: str, remedy: str, active: bool) -> None:
            self.fault(f"{key}-{name}", severity, text, remedy, active, now_utc_us)

        strangers = neighbour.exchange.strangers
        text = f"A certificate of {', '.join(sorted(strangers))} tries to be {name}; it gets nothing"
        fault("stranger", "critical", text, f"ask {name} who uses its authority", bool(strangers))
        words = watch.words
        fault(
            "standing",
            "warning",
            f"Nothing is shared with {name}: {words}",
            "groundstation share agreement show FILE",
            agreement is None and watch.signed is not None,
        )
        over = agreement is not None and now_utc_us >= agreement.valid_until_utc_us
        fault(
            "agreement",
            "warning",
            f"The agreement with {name} has expired: nothing is shared",
            "renew it",
            over,
        )
        expires = self._sessions.expires(name)
        text = f"{name} has no session: {self._sessions.denied(name)}"
        fault(
            "revoked",
            "warning",
            text,
            f"share accept a new invitation of {name}, or take it out",
            bool(self._sessions.denied(name)),
        )
        text = f"No session with {name}: {self._sessions.trouble(name)}"
        fault("session", "critical", text, "see the log", bool(self._sessions.trouble(name)))
        text = f"The records of {name} are taken on its certificate alone: its signing key is not known here"
        fault("unsigned", "warning", text, "groundstation share accept", self._sessions.key_of(name) is None)
        exchange = neighbour.exchange
        text = f"{exchange.forged} records that came as {name}'s were not signed by it and are dropped"
        fault("forged", "critical", text, f"ask {name} who uses its certificate", exchange.forged > 0)
        text = (
            f"{name} has told something else under numbers that it had used (a restored backup, or a rewritten history)"
        )
        fault("fork", "critical", text, f"ask {name}; both records are kept", exchange.forks > 0)
        text = f"The certificate cannot be renewed: {self._sessions.renewal_trouble}"
        self.fault("renewal", "critical", text, "renew it by hand", bool(self._sessions.renewal_trouble), now_utc_us)
        soon = datetime.fromtimestamp(now_utc_us / 1e6, UTC) > expires - RENEW_BEFORE
        text = f"This station's certificate for {name} expires at {expires:%Y-%m-%d %H:%M} UTC"
        fault("certificate", "warning", text, "renew it", soon)
        refused = neighbour.reception.refused
        text = f"{refused} records of {name} are kept but not used: {neighbour.reception.refused_reason}"
        fault("refused", "warning", text, "compare the agreements with the neighbour", refused > 0)

    def fault(self, key: str, severity: Severity, text: str, remedy: str, active: bool, now_utc_us: int) -> None:
        """Publish a fault when it comes and when it goes."""
        if active == (key in self._faults):
            return
        (self._faults.add if active else self._faults.discard)(key)
        if active:
            _log.warning("%s", text)
        fault = Fault(f"share-{key}", severity, text, remedy)
        self._bus.publish(topics.STATION_FAULT, StationFault("share", fault, active, now_utc_us))


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
