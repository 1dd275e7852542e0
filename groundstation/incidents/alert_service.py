"""What operators do with alerts: checked, kept, then told to everybody; and what nobody has acknowledged in time.

Order matters: an act is handed to the store first and comes onto the bus from there, after its commit. So whatever a
console shows as done is on the disk, and a second console, or the same one after a kill, reads the same back.
"""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Any

from groundstation.core.alert_records import (
    THE_STATION,
    VERDICTS,
    ActKind,
    AlertAct,
    AlertSnapshot,
    Verdict,
    remote_alert_id,
)
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock
from groundstation.core.errors import ConfigError
from groundstation.core.procedure_records import Procedure
from groundstation.core.records import Acknowledgement, Incident, RemoteIncident
from groundstation.core.topics import ACKNOWLEDGEMENT, ALERT_ACT, INCIDENT, PEER_STATUS, REMOTE_INCIDENT

_log = logging.getLogger("groundstation.incidents.alerts")

ESCALATE_AFTER_S = 60.0
_LONGEST_TEXT = 4_000
_MOST_REMEMBERED = 5_000

Keep = Callable[[AlertAct], "Future[AlertAct]"]
"""Puts an act on the disk, then on the bus as ALERT_ACT; the future ends after the commit."""


class AlertService:
    """The :class:`~groundstation.core.alert_commands.AlertCommands` of a station.

    Commands come from any thread. :meth:`step` is called by one thread about 20 times a second.
    """

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        keep: Keep,
        procedures: Sequence[Procedure],
        peers: Sequence[str] = (),
        station: str = "",
        escalate_after_s: float = ESCALATE_AFTER_S,
        new_id: Callable[[], str] = lambda: secrets.token_hex(10),
    ) -> None:
        self._bus, self._clock, self._keep, self._new_id = bus, clock, keep, new_id
        self._station = station
        self._procedures, self._peers = tuple(procedures), set(peers)
        self._steps = frozenset(p.step_id(s) for p in self._procedures for s in p.steps)
        self._escalate_after_s = escalate_after_s
        self._lock = threading.Lock()
        self._incidents: dict[str, Incident] = {}
        self._remote: dict[str, RemoteIncident] = {}
        self._acts: dict[str, AlertAct] = {}
        self._open_since_s: dict[str, float] = {}  # urgent and not acknowledged, by monotonic time
        self._of_this_run: set[str] = set()
        self._settled: set[str] = set()  # acknowledged, or escalated already
        self._incident_feed = bus.subscribe(INCIDENT)
        self._remote_feed = bus.subscribe(REMOTE_INCIDENT)
        self._act_feed = bus.subscribe(ALERT_ACT)
        self._peer_feed = bus.subscribe(PEER_STATUS)

    # -- life ------------------------------------------------------------------------------------------------------

    def restore(
        self, incidents: Iterable[Incident], remote: Iterable[RemoteIncident], acts: Iterable[AlertAct]
    ) -> None:
        """Take over what an earlier run has kept. What is still open begins to wait anew: nobody was there to see it."""
        for act in acts:
            self._note_act(act)
        for incident in incidents:
            self._note_incident(incident)
        for told in remote:
            self._note_remote(told)

    def step(self) -> None:
        """Handle what came, and escalate what has waited for too long."""
        self._peers |= {status.peer for status in self._peer_feed.drain()}
        for incident in self._incident_feed.drain():
            self._of_this_run.add(incident.incident_id)
            self._note_incident(incident)
        for told in self._remote_feed.drain():
            self._note_remote(told)
        for act in self._act_feed.drain():
            self._note_act(act)
            # Incidents of an earlier run are not the incident service's any more; the store has both by now.
            if act.kind == "acknowledge" and act.alert_id in self._of_this_run:
                self._bus.publish(ACKNOWLEDGEMENT, Acknowledgement(act.alert_id, act.t_utc_us, act.operator))
        now_s = self._clock.mono_ns() / 1e9
        for alert_id in [a for a, since in self._open_since_s.items() if now_s - since >= self._escalate_after_s]:
            del self._open_since_s[alert_id]
            self._settled.add(alert_id)
            _log.warning("%s: nobody has acknowledged it for %.0f s", alert_id, self._escalate_after_s)
            self._act(alert_id, "escalated", THE_STATION)

    def close(self) -> None:
        """Leave the bus."""
        self.step()
        subscriptions: tuple[Any, ...] = (self._incident_feed, self._remote_feed, self._act_feed, self._peer_feed)
        for subscription in subscriptions:
            self._bus.unsubscribe(subscription)

    # -- commands, from any thread -----------------------------------------------------------------------------------

    def snapshot(self) -> AlertSnapshot:
        """See :class:`~groundstation.core.alert_commands.AlertCommands`."""
        with self._lock:
            return AlertSnapshot(
                tuple(self._incidents.values()),
                tuple(self._remote.values()),
                tuple(self._acts.values()),
                self._station,
            )

    def procedures(self) -> Sequence[Procedure]:
        """The standing procedures in force."""
        return self._procedures

    def acknowledge(self, alert_id: str, operator: str) -> Future[AlertAct]:
        """See :class:`~groundstation.core.alert_commands.AlertCommands`."""
        return self._act(alert_id, "acknowledge", operator)

    def classify(self, alert_id: str, verdict: Verdict, operator: str, text: str = "") -> Future[AlertAct]:
        """See :class:`~groundstation.core.alert_commands.AlertCommands`."""
        if verdict not in VERDICTS:
            raise ConfigError(f"the verdict {verdict!r} is none of {', '.join(VERDICTS)}", "choose one of these")
        return self._act(alert_id, "verdict", operator, verdict, text)

    def tick(self, alert_id: str, step: str, operator: str, done: bool = True) -> Future[AlertAct]:
        """See :class:`~groundstation.core.alert_commands.AlertCommands`."""
        if step not in self._steps:
            raise ConfigError(f"no procedure has the step {step!r}", "open the console again: the procedures changed")
        return self._act(alert_id, "tick" if done else "untick", operator, step)

    def note(self, alert_id: str, operator: str, text: str) -> Future[AlertAct]:
        """See :class:`~groundstation.core.alert_commands.AlertCommands`."""
        if not text.strip():
            raise ConfigError("the note is empty", "write something, or cancel")
        return self._act(alert_id, "note", operator, "", text)

    def hand_over(self, alert_id: str, peer: str, operator: str, text: str = "") -> Future[AlertAct]:
        """See :class:`~groundstation.core.alert_commands.AlertCommands`."""
        if peer not in self._peers:
            known = ", ".join(sorted(self._peers)) or "none is set up"
            raise ConfigError(f"there is no neighbour called {peer!r} ({known})", "set up the neighbour under [share]")
        return self._act(alert_id, "hand_over", operator, peer, text)

    def _act(self, alert_id: str, kind: ActKind, operator: str, value: str = "", text: str = "") -> Future[AlertAct]:
        name, words = operator.strip(), text.strip()
        if not name:
            raise ConfigError("nobody is named who does this", "set the operator's name")
        if len(words) > _LONGEST_TEXT:
            raise ConfigError(f"the text has {len(words)} characters", f"write at most {_LONGEST_TEXT}")
        with self._lock:
            known = alert_id in self._incidents or alert_id in self._remote
        if not known:
            raise ConfigError(f"there is no alert {alert_id!r}", "choose one of the list")
        return self._keep(AlertAct(self._new_id(), alert_id, self._clock.utc_us(), name, kind, value, words))

    # -- memory ----------------------------------------------------------------------------------------------------

    def _note_incident(self, incident: Incident) -> None:
        with self._lock:
            self._incidents[incident.incident_id] = incident
            while len(self._incidents) > _MOST_REMEMBERED:
                self._forget_one(self._incidents)
        if incident.acknowledged_utc_us:
            self._settle(incident.incident_id)
        elif incident.urgency != "notice":
            self._begin(incident.incident_id)

    def _note_remote(self, incident: RemoteIncident) -> None:
        alert_id = remote_alert_id(incident.peer, incident.incident_id)
        with self._lock:
            self._remote[alert_id] = incident
            while len(self._remote) > _MOST_REMEMBERED:
                self._forget_one(self._remote)
        self._begin(alert_id)

    def _note_act(self, act: AlertAct) -> None:
        with self._lock:
            self._acts[act.act_id] = act
        if act.kind in ("acknowledge", "escalated"):
            self._settle(act.alert_id)

    def _forget_one(self, known: dict[str, Any]) -> None:
        """The oldest that somebody has seen; the oldest of all only when every one is open."""
        oldest = next((i for i in known if i not in self._open_since_s), next(iter(known)))
        del known[oldest]
        for act_id in [a.act_id for a in self._acts.values() if a.alert_id == oldest]:
            del self._acts[act_id]

    def _begin(self, alert_id: str) -> None:
        if alert_id not in self._settled:
            self._open_since_s.setdefault(alert_id, self._clock.mono_ns() / 1e9)

    def _settle(self, alert_id: str) -> None:
        self._settled.add(alert_id)
        self._open_since_s.pop(alert_id, None)
