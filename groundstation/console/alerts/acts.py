"""What the operator did with an alert and is not kept yet: told as saved only when the station says that it is."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from groundstation.console import i18n
from groundstation.console.alerts.detail import AlertDetail
from groundstation.core.alert_records import AlertAct
from groundstation.core.errors import MarchwardenError

_SLOW_S = 3.0


@dataclass(frozen=True)
class _Pending:
    future: Future[AlertAct]
    alert_id: str
    kind: str
    step: str
    since_s: float


class PendingActs:
    """``kept`` (alert id, kind) is called for each act once it is on the station's disk."""

    def __init__(self, detail: AlertDetail, kept: Callable[[str, str], None]) -> None:
        self._detail, self._kept = detail, kept
        self._pending: list[_Pending] = []

    def waits(self, alert_id: str, kind: str) -> bool:
        """Whether such an act on an alert is on its way."""
        return any(p.alert_id == alert_id and p.kind == kind for p in self._pending)

    def do(self, alert_id: str, kind: str, act: Callable[[], Future[AlertAct]], now_s: float, step: str = "") -> bool:
        """Order it; False, and told, when the station refuses."""
        try:
            future = act()
        except MarchwardenError as error:
            self._detail.say(str(error), bad=True)
            self._detail.checklist.not_kept(step)
            return False
        self._pending.append(_Pending(future, alert_id, kind, step, now_s))
        return True

    def look(self, chosen_id: str | None, now_s: float) -> None:
        """See what was kept since."""
        entries, self._pending = self._pending, []
        for entry in entries:
            if not entry.future.done():
                self._pending.append(entry)
                if now_s - entry.since_s > _SLOW_S and entry.alert_id == chosen_id:
                    self._detail.say(
                        i18n.text("alerts", "NOT SAVED YET: the station's disk does not take it"), bad=True
                    )
                continue
            error = entry.future.exception()
            if error is not None:
                self._detail.say(str(error), bad=True)
                self._detail.checklist.not_kept(entry.step)
                continue
            self._kept(entry.alert_id, entry.kind)
            if entry.alert_id != chosen_id:
                continue
            if entry.kind == "note":
                self._detail.note_text.clear()
            if not any(p.alert_id == entry.alert_id for p in self._pending):
                self._detail.say(i18n.text("alerts", "saved"))
