"""The one queue of alerts: our incidents and the neighbour's, each with what was done about it. Pure: no Qt, no clock."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from groundstation.core.alert_records import AlertAct, AlertSnapshot, remote_alert_id
from groundstation.core.alert_state import AlertState, state_of
from groundstation.core.records import Incident, RemoteIncident, Urgency

ORDER: tuple[Urgency, ...] = ("alarm", "help", "notice")
"""Most urgent first."""


@dataclass(frozen=True)
class Alert:
    """``peer`` "" for our own. ``probability`` is NaN where it is not told. ``seen_by``, ``seen_utc_us``: the first
    acknowledgement here, "" and 0 without one; ``seen_there_utc_us``: when the neighbour's operator saw ours."""

    alert_id: str
    peer: str
    kind: str
    urgency: Urgency
    t_utc_us: int
    t_raised_utc_us: int
    lat_deg: float
    lon_deg: float
    ce90_m: float
    direction: str
    class_name: str
    probability: float
    track_id: str = ""
    evidence: str = ""
    text: str = ""
    seen_by: str = ""
    seen_utc_us: int = 0
    state: AlertState = field(default_factory=AlertState)
    seen_there_utc_us: int = 0
    ended_there: str = ""

    @property
    def open(self) -> bool:
        """Whether nobody here has acknowledged it."""
        return not self.seen_utc_us

    @property
    def rank(self) -> tuple[bool, int, int, str]:
        """For sorting: open before seen, by urgency, newest first."""
        return not self.open, ORDER.index(self.urgency), -self.t_utc_us, self.alert_id


class AlertQueue:
    """All alerts by id. Records may come in any order and again: an act may be there before its alert."""

    def __init__(self) -> None:
        self.station = ""
        self._alerts: dict[str, Alert] = {}
        self._acts: dict[str, dict[str, AlertAct]] = {}

    def __len__(self) -> int:
        return len(self._alerts)

    def get(self, alert_id: str) -> Alert | None:
        """One alert."""
        return self._alerts.get(alert_id)

    def ordered(self) -> list[Alert]:
        """All, most urgent first."""
        return sorted(self._alerts.values(), key=lambda a: a.rank)

    def waiting(self) -> list[Alert]:
        """Those that nobody has acknowledged, most urgent first."""
        return [a for a in self.ordered() if a.open]

    def take(self, snapshot: AlertSnapshot) -> None:
        """Everything that was there before."""
        self.station = snapshot.station
        for incident in snapshot.incidents:
            self.on_incident(incident)
        for told in snapshot.remote_incidents:
            self.on_remote(told)
        self.on_acts(snapshot.acts)

    def on_incident(self, incident: Incident) -> bool:
        """A new incident, or news of one; True when it was not known."""
        i = incident
        known = self._alerts.get(i.incident_id)
        made = Alert(
            i.incident_id, "", i.kind, i.urgency, i.t_utc_us, i.t_raised_utc_us, i.lat_deg, i.lon_deg, i.ce90_m,
            i.direction, i.class_name, i.probability, i.track_id, i.evidence, i.text, i.acknowledged_by,
            i.acknowledged_utc_us, seen_there_utc_us=known.seen_there_utc_us if known is not None else 0,
        )  # fmt: skip
        if known is not None and known.evidence and not made.evidence:
            made = replace(made, evidence=known.evidence)
        self._put(made)
        return known is None

    def on_remote(self, incident: RemoteIncident) -> bool:
        """The neighbour told an incident; True when it was not known."""
        i = incident
        alert_id = remote_alert_id(i.peer, i.incident_id)
        known = self._alerts.get(alert_id)
        urgency: Urgency = "help" if i.kind == "person_down" else "alarm" if i.kind == "crossing" else "notice"
        self._put(
            Alert(
                alert_id, i.peer, i.kind, urgency, i.t_utc_us, i.received_utc_us, i.lat_deg, i.lon_deg, i.ce90_m,
                i.direction, i.class_name, math.nan, ended_there=known.ended_there if known is not None else "",
            )
        )  # fmt: skip
        return known is None

    def on_acts(self, acts: Iterable[AlertAct]) -> None:
        """What was done, here or by the station."""
        touched = set()
        for act in acts:
            self._acts.setdefault(act.alert_id, {})[act.act_id] = act
            touched.add(act.alert_id)
        for alert_id in touched & self._alerts.keys():
            self._put(self._alerts[alert_id])

    def on_seen_there(self, alert_id: str, t_utc_us: int) -> None:
        """The neighbour's operator has seen what we told."""
        known = self._alerts.get(alert_id)
        if known is not None and not known.seen_there_utc_us:
            self._alerts[alert_id] = replace(known, seen_there_utc_us=t_utc_us)

    def on_ended_there(self, alert_id: str, why: str) -> None:
        """The neighbour has taken back or corrected what it told: ``why`` in words."""
        known = self._alerts.get(alert_id)
        if known is not None:
            self._alerts[alert_id] = replace(known, ended_there=why)

    def _put(self, alert: Alert) -> None:
        acts = self._acts.get(alert.alert_id, {})
        state = state_of(sorted(acts.values(), key=lambda a: (a.t_utc_us, a.act_id)))
        seen = state.acknowledged
        if not alert.seen_utc_us and seen is not None:
            alert = replace(alert, seen_by=seen.operator, seen_utc_us=seen.t_utc_us)
        self._alerts[alert.alert_id] = replace(alert, state=state)
