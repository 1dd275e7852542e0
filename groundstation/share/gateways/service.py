"""The gateways of a station: each on a thread of its own, so that a router that does not answer holds up nobody else."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundstation.core import topics
from groundstation.core.bus import Bus, Subscription
from groundstation.core.clock import Clock
from groundstation.core.errors import ConfigError
from groundstation.core.picture_records import GatewayStatus
from groundstation.core.records import Fault, Incident, Severity, StationFault
from groundstation.share.agreement import Agreement
from groundstation.share.agreement_file import STATION_NAME
from groundstation.share.agreement_signed import read_signed
from groundstation.share.agreement_watch import AgreementWatch
from groundstation.share.audit import AuditLog
from groundstation.share.gateways.asterix_gateway import AsterixGateway
from groundstation.share.gateways.base import Gateway
from groundstation.share.gateways.cot import GroundHeight
from groundstation.share.gateways.cot_gateways import CotDatagramGateway, CotStreamGateway
from groundstation.share.gateways.gate import ReleaseGate
from groundstation.share.gateways.geojson_gateways import GeoJsonFileGateway, GeoJsonHttpGateway
from groundstation.share.gateways.url import (
    AsterixDatagrams,
    CotDatagrams,
    CotStream,
    GeoJsonFile,
    GeoJsonHttp,
    Target,
    address_text,
    parse_gateway_url,
)
from groundstation.share.marks import Marks

_log = logging.getLogger("groundstation.share.gateways")

TICK_S = 0.1
STATUS_PERIOD_S = 1.0
RETRY_AFTER_S = 0.5
STOP_S = 8.0
"""A step takes at most a connection's six seconds; what takes longer (a name server) is left to end alone."""
QUIET_S = 3.0
"""A way that is shut for less than this is not told as a fault."""


@dataclass(frozen=True)
class GatewaySettings:
    """One gateway. ``recipient`` is the party of the agreement that it leads to; ``folder`` where relative paths of
    ``url`` start."""

    name: str
    url: str
    agreement: Path
    recipient: str = ""
    folder: Path = Path()


@dataclass(frozen=True)
class _Checked:
    settings: GatewaySettings
    target: Target
    agreement: Agreement
    recipient: str


class GatewayService:
    """All gateways. ``start`` checks everything first, or raises ConfigError or StoreError with nothing left open.

    ``stop`` tells the ends of what is live there and closes; harmless when called twice.
    """

    def __init__(
        self,
        bus: Bus,
        own_name: str,
        settings: Iterable[GatewaySettings],
        data_dir: Path,
        clock: Clock,
        ground: GroundHeight | None = None,
        protected_areas: Path | None = None,
    ) -> None:
        """``protected_areas``: as in :class:`groundstation.share.settings.ShareSettings`.
        ``ground`` gives the height of the terrain (see :mod:`.cot`); None where there is none."""
        self._bus, self._own_name, self._settings = bus, own_name, tuple(settings)
        self._data_dir, self._clock, self._ground = data_dir, clock, ground
        self._protected_areas = protected_areas
        self._workers: list[_Worker] = []

    def check(self) -> list[Agreement]:
        """Read and judge everything that is named; opens nothing. Returns the agreements. Raises :class:`ConfigError`."""
        return [c.agreement for c in self._checked()]

    def _checked(self) -> list[_Checked]:
        seen: set[str] = set()
        checked: list[_Checked] = []
        for s in self._settings:
            where = f"gateway {s.name!r}"
            if not STATION_NAME.fullmatch(s.name) or s.name in seen:
                raise ConfigError(
                    f"{where}: the name stands twice or is not usable", "use a-z, 0-9, - and _, once each"
                )
            seen.add(s.name)
            target = parse_gateway_url(s.url, where, s.folder)
            agreement = read_signed(s.agreement).agreement
            recipient = s.recipient or s.name
            if {self._own_name, recipient} != set(agreement.parties) or recipient == self._own_name:
                raise ConfigError(
                    f"{where}: {s.agreement} is between {' and '.join(agreement.parties)}, "
                    f"not between {self._own_name} and {recipient}",
                    "make an agreement that names this recipient, or set recipient to the party it leads to",
                )
            via = via_of(target)
            if via not in {g.name for g in agreement.gateways}:
                raise ConfigError(
                    f"{where}: {s.agreement} does not allow the way out {via!r}",
                    f'add {via} = ["category", "position", "time"] to its [gateways], and sign it anew',
                )
            checked.append(_Checked(s, target, agreement, recipient))
        return checked

    def start(self, threaded: bool = True) -> None:
        """Open the disclosure log and begin. With ``threaded=False`` the caller calls :meth:`step`, from one thread."""
        try:
            for c in self._checked():
                marks = Marks(self._data_dir, self._clock.utc_us(), self._protected_areas)
                try:
                    worker = _Worker(self._bus, self._own_name, c, self._data_dir, self._clock, self._ground, marks)
                except BaseException:
                    marks.close()
                    raise
                self._workers.append(worker)
        except BaseException:
            self._close()
            raise
        for worker in self._workers:
            if threaded:
                worker.run_threaded()

    def step(self) -> None:
        """One step of every gateway, for tests."""
        for worker in self._workers:
            worker.step()

    def offer_incidents(self, incidents: Iterable[Incident]) -> None:
        """Incidents of before a restart that are still to be shown. Any thread, before the first step."""
        for incident in incidents:
            for worker in self._workers:
                worker.offered.append(incident)

    def stop(self) -> None:
        """End all; up to :data:`STOP_S` for all together."""
        for worker in self._workers:
            worker.stopping.set()
        deadline_s = self._clock.mono_ns() / 1e9 + STOP_S
        for worker in self._workers:
            worker.join(max(0.1, deadline_s - self._clock.mono_ns() / 1e9))
        self._workers.clear()

    def _close(self) -> None:
        for worker in self._workers:
            worker.close()
        self._workers.clear()


def via_of(target: Target) -> str:
    """The way out as clause 16 of an agreement names it."""
    match target:
        case CotStream() | CotDatagrams():
            return "cot"
        case AsterixDatagrams():
            return "asterix"
        case GeoJsonFile() | GeoJsonHttp():
            return "geojson"


class _Worker:
    """One gateway with its gate, its log connection and its subscriptions; all used by one thread after the start."""

    def __init__(
        self,
        bus: Bus,
        own_name: str,
        checked: _Checked,
        data_dir: Path,
        clock: Clock,
        ground: GroundHeight | None,
        marks: Marks,
    ) -> None:
        self.name = checked.settings.name
        self.stopping = threading.Event()
        self.offered: deque[Incident] = deque()
        self._bus, self._clock, self._marks = bus, clock, marks
        self._address = address_text(checked.target)
        self._watch = AgreementWatch(checked.settings.agreement, own_name, checked.recipient, data_dir)
        self._watch.open(clock.mono_ns() / 1e9)
        self._gateway = _open(checked.target, own_name, checked.recipient, clock.utc_us(), ground)
        self._audit = AuditLog(data_dir)
        # Unlike any other run's and any other gateway's: what two receivers hold cannot be joined by its names.
        run_tag = f"{checked.settings.name}{_base36(clock.utc_us() // 1_000_000)}"
        via = via_of(checked.target)
        self._gate = ReleaseGate(own_name, checked.recipient, via, self._audit, run_tag, self._gateway.repeat_s, marks)
        self._gate.set_agreement(self._watch.agreement)
        self._tracks: Subscription[Any] = bus.subscribe(topics.VIDEO_TRACKS)
        self._incidents: Subscription[Incident] = bus.subscribe(topics.INCIDENT)
        self._faults: dict[str, str] = {}
        self._thread: threading.Thread | None = None
        self._connected = False
        self._shut_since_s: float | None = None
        self._retry_at_s = 0.0
        self._status_at_s = 0.0
        self._last_sent_utc_us = 0

    def run_threaded(self) -> None:
        self._thread = threading.Thread(target=self._run, name=f"gateway-{self.name}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            while not self.stopping.wait(TICK_S):
                self._guarded(self.step)
            self._guarded(self._last_step)
        finally:
            self.close()

    def _guarded(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            # One odd record must not end the gateway.
            _log.exception("gateway %s: a step failed", self.name)
            self._fault("step", "critical", f"Gateway {self.name} failed with an internal error", "see the log")

    def join(self, timeout_s: float) -> None:
        if self._thread is None:
            self._guarded(self._last_step)
            self.close()
            return
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            _log.error("gateway %s did not end in time; it is left to end with the process", self.name)
        self._thread = None

    def _last_step(self) -> None:
        self._gate.end_all()
        if self._connected:
            self.step()

    def step(self) -> None:
        now_s, now_utc_us = self._clock.mono_ns() / 1e9, self._clock.utc_us()
        if self._watch.look(now_s):
            self._gate.set_agreement(self._watch.agreement)
        for kind, subject_id in self._look_at_marks():
            self._gate.reconsider(kind, subject_id)
        offered = [self.offered.popleft() for _ in range(len(self.offered))]
        for incident in [*offered, *self._incidents.drain()]:
            self._gate.offer_incident(incident)
        for record in self._tracks.drain():
            self._gate.offer_tracks(record)
        self._connected = self._gateway.ready(now_s)
        # Opening may have taken seconds: what leaves is judged as of now.
        now_s, now_utc_us = self._clock.mono_ns() / 1e9, self._clock.utc_us()
        if self._connected and now_s >= self._retry_at_s:
            self._tell(now_s, now_utc_us)
        self._gateway.idle(now_s, now_utc_us)
        if now_s >= self._status_at_s:
            self._status_at_s = now_s + STATUS_PERIOD_S
            self._report(now_s, now_utc_us)

    def _look_at_marks(self) -> set[tuple[str, str]]:
        try:
            return self._marks.look()
        except sqlite3.Error as error:
            _log.warning("gateway %s: what officers said cannot be read now: %s", self.name, error)
            return set()

    def _tell(self, now_s: float, now_utc_us: int) -> None:
        try:
            told = self._gate.due(now_utc_us)
            self._fault("log", "critical", "", "")
        except sqlite3.Error as error:
            self._retry_at_s = now_s + RETRY_AFTER_S
            text = f"Nothing goes to gateway {self.name}: the disclosure log cannot be written: {error}"
            self._fault("log", "critical", text, "free space on the data disk")
            return
        if not told:
            return
        try:
            self._gateway.send(told, now_utc_us)
        except OSError:
            self._gate.broke()
            self._connected = False
        else:
            self._gate.left(now_utc_us)
            self._last_sent_utc_us = now_utc_us

    def _report(self, now_s: float, now_utc_us: int) -> None:
        detail, agreement = self._gateway.detail, self._watch.agreement
        connected = self._connected and not detail
        self._shut_since_s = None if connected else (self._shut_since_s if self._shut_since_s is not None else now_s)
        shut = self._shut_since_s is not None and now_s - self._shut_since_s >= QUIET_S
        text = f"Gateway {self.name}: {self._address} {detail or 'is shut'}; {self._gate.waiting} tracks and incidents wait"
        self._fault("way", "warning", text if shut else "", "check the address, the network and the certificates")
        state = ""
        if agreement is None:
            state = f"{self._watch.words}: nothing is sent"
        elif now_utc_us >= agreement.valid_until_utc_us:
            state = "its agreement has expired: nothing is sent"
        elif now_utc_us < agreement.valid_from_utc_us:
            state = "its agreement is not yet in force: nothing is sent"
        self._fault("agreement", "warning", f"Gateway {self.name}: {state}" if state else "", "renew the agreement")
        lost = self._gate.dropped
        text = f"Gateway {self.name}: {lost} incidents were never sent: too many waited" if lost else ""
        self._fault("dropped", "critical", text, "tell them by another way")
        try:
            counts = self._gate.take_withheld()
            if counts:
                self._audit.count_withheld(counts, now_utc_us)
        except sqlite3.Error as error:
            _log.warning("gateway %s: what was withheld could not be counted: %s", self.name, error)
        self._bus.publish(
            topics.GATEWAY_STATUS,
            GatewayStatus(
                name=self.name,
                t_utc_us=now_utc_us,
                address=self._address,
                connected=connected,
                sent=self._gate.sent,
                withheld=self._gate.withheld,
                waiting=self._gate.waiting,
                last_sent_utc_us=self._last_sent_utc_us,
                limits=self._gateway.limits,
                detail=state or detail,
                exercise=self._gate.exercise,
            ),
        )

    def _fault(self, key: str, severity: Severity, text: str, remedy: str) -> None:
        """Publish a fault when it comes, when it is another one, and when it goes (``text`` "")."""
        known = self._faults.get(key, "")
        if bool(text) == bool(known):
            return
        self._faults[key] = text
        if text:
            _log.warning("%s", text)
        else:
            _log.info("gateway %s: mended: %s", self.name, known)
        fault = Fault(f"gateway-{self.name}-{key}", severity, text or known, remedy)
        self._bus.publish(topics.STATION_FAULT, StationFault("share", fault, bool(text), self._clock.utc_us()))

    def close(self) -> None:
        self._bus.unsubscribe(self._tracks)
        self._bus.unsubscribe(self._incidents)
        self._gateway.close()
        self._audit.close()
        self._marks.close()


def _open(target: Target, own_name: str, recipient: str, now_utc_us: int, ground: GroundHeight | None) -> Gateway:
    match target:
        case CotStream():
            return CotStreamGateway(target, own_name, ground)
        case CotDatagrams():
            return CotDatagramGateway(target, ground)
        case AsterixDatagrams():
            return AsterixGateway(target, now_utc_us)
        case GeoJsonFile():
            return GeoJsonFileGateway(target, own_name, recipient)
        case GeoJsonHttp():
            return GeoJsonHttpGateway(target, own_name, recipient)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"
