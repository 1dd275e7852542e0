"""An alerts view on a bus of its own, with a station that keeps at once, or not."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, QUrl
from PyQt6.QtGui import QCursor
from pytestqt.qtbot import QtBot

from groundstation.console.alerts.annunciator import Annunciator
from groundstation.console.alerts.view import AlertsView
from groundstation.console.bridge import Bridge
from groundstation.console.context import ConsoleContext, Selection
from groundstation.console.settings import ConsoleSettings
from groundstation.core import topics
from groundstation.core.alert_records import AlertAct
from groundstation.core.bus import Bus
from groundstation.core.records import RemoteIncident
from groundstation.incidents.alert_service import AlertService
from groundstation.incidents.procedures import default_procedures
from tests.helpers.mavlink_fakes import FakeClock


class HeardVoice:
    """Notes what would have been heard."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def play(self, pattern: str) -> None:
        self.heard.append(pattern)

    def say(self, words: str) -> None:
        self.heard.append(words)


class AlertBench:
    """``full``: the disk takes nothing until :meth:`write`."""

    def __init__(self, qtbot: QtBot, data_dir: Path | None = None, **services: Any) -> None:
        self.qtbot, self.bus, self.clock = qtbot, Bus(), FakeClock()
        self.full = False
        self.waiting: list[tuple[AlertAct, Future[AlertAct]]] = []
        self.kept: list[AlertAct] = []
        self.service = AlertService(self.bus, self.clock, self._keep, default_procedures(), ["belmark"], "arvenia")
        self.voice = HeardVoice()
        self.opened: list[str] = []
        self.data_dir, self.services = data_dir, {"alerts": self.service, **services}
        self.view = self.console()

    def console(self, services: dict[str, Any] | None = None, commands: Any = None) -> AlertsView:
        """Another console at the same station."""
        bridge = Bridge(self.bus)
        settings = ConsoleSettings()
        context = ConsoleContext(
            self.bus, bridge, commands, settings, Selection(), data_dir=self.data_dir, operator="anna",
            services=self.services if services is None else services,
        )  # fmt: skip
        view = AlertsView(
            context, clock=self.clock, annunciator=Annunciator(settings, make=self._make_voice), open_url=self._open
        )
        view.bridge, view.context = bridge, context  # type: ignore[attr-defined]
        bridge._running = True
        self.qtbot.addWidget(view)
        view.strip._is_in_use = lambda window: True  # type: ignore[method-assign]  # whatever window is in front here
        view.resize(560, 760)
        # Where an earlier test has left the pointer: over the list it would hold the list.
        QCursor.setPos(view.width() + 400, view.height() + 400)
        view.show()
        return view

    def _make_voice(self, _: QObject) -> HeardVoice:
        return self.voice

    def _open(self, url: QUrl) -> bool:
        self.opened.append(url.toLocalFile())
        return True

    def _keep(self, act: AlertAct) -> Future[AlertAct]:
        future: Future[AlertAct] = Future()
        self.waiting.append((act, future))
        if not self.full:
            self.write()
        return future

    def write(self) -> None:
        for act, future in self.waiting:
            self.kept.append(act)
            self.bus.publish(topics.ALERT_ACT, act)
            future.set_result(act)
        self.waiting = []

    def tell(self, *incidents: Any) -> None:
        """Incidents, ours or the neighbour's, onto the bus and onto the screen."""
        for incident in incidents:
            remote = isinstance(incident, RemoteIncident)
            self.bus.publish(topics.REMOTE_INCIDENT if remote else topics.INCIDENT, incident)
        self.step()

    def step(self, seconds: float = 0.0, view: AlertsView | None = None) -> None:
        """Time passes; the station and the console do their round."""
        self.clock.now_s += seconds
        self.service.step()
        (view or self.view).bridge.drain()  # type: ignore[attr-defined]

    def choose(self, alert_id: str) -> None:
        """As an operator does: choose, and look for a moment."""
        self.view.choose(alert_id)
        self.step(1.0)

    def acts(self) -> Sequence[tuple[str, str, str]]:
        return [(a.alert_id, a.kind, a.value) for a in self.kept]


def remote(incident_id: str = "b-1", kind: str = "crossing") -> RemoteIncident:
    """What the neighbour tells."""
    return RemoteIncident(
        "belmark", incident_id, kind, 5, 6, "person", "Belmark->Arvenia", 49.0, 22.0, 8.0, "agreement-1"
    )
