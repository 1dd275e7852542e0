"""What an operator does with an alert, and what the station says about the time it takes. Frozen; times as DESIGN 5.

An act is never changed and never taken back: a tick that was wrong is followed by an untick, a verdict by another one.
What an alert's state is, is read from its acts in their order (:mod:`groundstation.core.alert_state`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groundstation.core.records import Incident, RemoteIncident

ActKind = Literal["acknowledge", "verdict", "tick", "untick", "note", "hand_over", "escalated"]
ACT_KINDS: tuple[ActKind, ...] = ("acknowledge", "verdict", "tick", "untick", "note", "hand_over", "escalated")

Verdict = Literal["confirmed", "false", "animal", "own_patrol", "help"]
VERDICTS: tuple[Verdict, ...] = ("confirmed", "false", "animal", "own_patrol", "help")
"""What an operator found an alert to be; "help": somebody needs help."""

THE_STATION = "station"
"""The operator's name in what the station does by itself (an escalation)."""


@dataclass(frozen=True)
class AlertAct:
    """One thing that was done with an alert, by whom and when. On the bus only after it was committed.

    ``alert_id``: an incident's id, of a neighbour's incident :func:`remote_alert_id`. ``value``: the verdict, the step of
    the procedure ("procedure/step") or the neighbour's name; ``text``: the operator's own words. ``act_id`` is unique.
    """

    act_id: str
    alert_id: str
    t_utc_us: int
    operator: str
    kind: ActKind
    value: str = ""
    text: str = ""


@dataclass(frozen=True)
class AlertSnapshot:
    """Everything a console that has just been opened needs: what was raised and told, and all that was done with it.

    ``station``: our own name between stations.
    """

    incidents: tuple[Incident, ...] = ()
    remote_incidents: tuple[RemoteIncident, ...] = ()
    acts: tuple[AlertAct, ...] = ()
    station: str = ""


def remote_alert_id(peer: str, incident_id: str) -> str:
    """The id under which a neighbour's incident stands in our queue."""
    return f"{peer}/{incident_id}"
