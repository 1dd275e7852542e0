"""From the acts of an alert to its state: pure, the same for every console, the report and the export of labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from groundstation.core.alert_records import VERDICTS, AlertAct, Verdict


@dataclass(frozen=True)
class AlertState:
    """Where an alert stands. Each field holds the act that made it so, None when there was none.

    ``ticks``: the steps that are done now, by ``procedure/step``. ``notes`` and ``handed`` in the order of time.
    """

    acknowledged: AlertAct | None = None
    verdict_act: AlertAct | None = None
    escalated: AlertAct | None = None
    ticks: Mapping[str, AlertAct] = field(default_factory=dict)
    notes: tuple[AlertAct, ...] = ()
    handed: tuple[AlertAct, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """The verdict that counts."""
        return next((v for v in VERDICTS if self.verdict_act is not None and v == self.verdict_act.value), None)


def fold(acts: Iterable[AlertAct]) -> dict[str, AlertState]:
    """The state of every alert that has acts. Order and repetition do not matter: time and id order them."""
    by_alert: dict[str, dict[str, AlertAct]] = {}
    for act in acts:
        by_alert.setdefault(act.alert_id, {})[act.act_id] = act
    return {
        alert_id: state_of(sorted(found.values(), key=lambda a: (a.t_utc_us, a.act_id)))
        for alert_id, found in by_alert.items()
    }


def state_of(acts: Iterable[AlertAct]) -> AlertState:
    """The state after ``acts`` of one alert, oldest first: the first acknowledgement, the last verdict."""
    acknowledged = verdict = escalated = None
    ticks: dict[str, AlertAct] = {}
    notes: list[AlertAct] = []
    handed: list[AlertAct] = []
    for act in acts:
        match act.kind:
            case "acknowledge":
                acknowledged = acknowledged or act
            case "verdict":
                verdict = act
            case "tick":
                ticks[act.value] = act
            case "untick":
                ticks.pop(act.value, None)
            case "note":
                notes.append(act)
            case "hand_over":
                handed.append(act)
            case "escalated":
                escalated = escalated or act
    return AlertState(acknowledged, verdict, escalated, ticks, tuple(notes), tuple(handed))
