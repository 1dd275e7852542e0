"""The alerts: one list by urgency, and the chosen one with all that can be done about it.

Nothing is acknowledged by accident: the list keeps its order while the pointer is over it, what comes in never changes the
choice, Enter does nothing, and an alert can be acknowledged only half a second after it was chosen. Nothing is lost: what
waits is counted in the window's title, stands in a strip above all windows when the console is covered, and is told again
and again once the station has escalated it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, cast

from PyQt6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, Qt, QUrl
from PyQt6.QtGui import QCursor, QDesktopServices, QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from groundstation.console import i18n, theme
from groundstation.console.alerts import words
from groundstation.console.alerts.acts import PendingActs
from groundstation.console.alerts.annunciator import Annunciator
from groundstation.console.alerts.delegate import AlertDelegate, colour_of
from groundstation.console.alerts.detail import AlertDetail
from groundstation.console.alerts.follow_up import TakeBack
from groundstation.console.alerts.list import AlertList
from groundstation.console.alerts.model import ALERT_ROLE, AlertListModel
from groundstation.console.alerts.neighbour import HandOver
from groundstation.console.alerts.queue import Alert, AlertQueue
from groundstation.console.alerts.reports import IncidentReports
from groundstation.console.alerts.strip import TopStrip, WindowTitle, main_window_of
from groundstation.console.context import ConsoleContext
from groundstation.core import topics
from groundstation.core.alert_commands import AlertCommands
from groundstation.core.alert_records import AlertAct
from groundstation.core.clock import Clock
from groundstation.core.errors import MarchwardenError
from groundstation.core.procedure_records import Procedure
from groundstation.core.records import Incident, RemoteIncident

_log = logging.getLogger("groundstation.console.alerts")
_SETTLE_S = 0.5
_TICK_S = 0.25


class AlertsView(QWidget):
    """All alerts of the station and its neighbours."""

    def __init__(
        self,
        context: ConsoleContext,
        parent: QWidget | None = None,
        clock: Clock | None = None,
        annunciator: Annunciator | None = None,
        open_url: Callable[[QUrl], Any] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(parent)
        self._context, self._clock = context, clock or context.clock
        self._commands = cast("AlertCommands | None", context.services.get("alerts"))
        self._open_url = open_url
        self._annunciator = annunciator or Annunciator(context.settings, self)
        self.queue = AlertQueue()
        self.model = AlertListModel(self.queue, self)
        self.hand_over = HandOver(context)
        self.take_back = TakeBack(context)
        self._reports = IncidentReports(context, self._clock, open_url)
        self._procedures: tuple[Procedure, ...] = ()
        self._verdicts: dict[str, str] = {}  # given here and not kept yet
        self._pointer_in = False
        self._chosen_s = float("-inf")
        self._ticked_s = float("-inf")
        self._title = WindowTitle()
        self._window: QWidget | None = None
        self.strip = TopStrip()
        self._lay_out()
        if self._commands is not None:
            try:
                self._procedures = tuple(self._commands.procedures())
                self.queue.take(self._commands.snapshot())
            except MarchwardenError as error:
                _log.error("the station did not tell its alerts: %s", error)
                self._commands = None
        self._connect()
        self._arrange()
        self._show_count()

    def _lay_out(self) -> None:
        self._count = QLabel()
        # Always there, so that its words do not move the list.
        self.news = QPushButton()
        self.news.setObjectName("small")
        self.news.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        head = QHBoxLayout()
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.news)
        self.list = AlertList()
        self.list.setModel(self.model)
        self.list.setItemDelegate(AlertDelegate(self._clock.utc_us, self))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(self.tr("Alerts"))
        self.detail = AlertDetail()
        self._acts = PendingActs(self.detail, self._on_kept)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.list)
        split.addWidget(self.detail)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(split, 1)

    def _connect(self) -> None:
        bridge = self._context.bridge
        bridge.incident.connect(self.on_incident)
        bridge.remote_incident.connect(self.on_remote_incident)
        bridge.listen(topics.ALERT_ACT, self.on_act)
        self.hand_over.listen(self.queue, self._changed)
        bridge.tick.connect(self._on_tick)
        theme.changed.connect(self._on_theme)
        viewport = self.list.viewport()
        assert viewport is not None
        viewport.installEventFilter(self)
        chosen = self.list.selectionModel()
        assert chosen is not None
        chosen.currentChanged.connect(self._on_current)
        self.news.clicked.connect(self.show_news)
        self.strip.clicked.connect(self._bring_back)
        detail = self.detail
        detail.acknowledge.connect(self.acknowledge)
        detail.classify.connect(self._classify)
        detail.tick.connect(self._tick_step)
        detail.note.connect(self._note)
        detail.hand_over.connect(self._hand_over)
        detail.show_on_map.connect(self._show_on_map)
        detail.open_clip.connect(self._open_clip)
        detail.report.connect(self._make_report)
        detail.question.answered.connect(self._answer_question)
        self._context.selection.incident_chosen.connect(self.choose)
        for keys, slot in (("Ctrl+K", self._acknowledge_chosen), ("Ctrl+J", self.choose_next)):
            shortcut = QShortcut(QKeySequence(keys), self, activated=slot)
            shortcut.setAutoRepeat(False)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)

    # -- what comes in -------------------------------------------------------------------------------------------------

    def on_incident(self, incident: Incident) -> None:
        """A new incident of ours, or news of one."""
        new = self.queue.on_incident(incident)
        self._changed(incident.incident_id, new)

    def on_remote_incident(self, incident: RemoteIncident) -> None:
        """The neighbour has told us of an incident."""
        new = self.queue.on_remote(incident)
        self._changed(f"{incident.peer}/{incident.incident_id}", new)

    def on_act(self, act: AlertAct) -> None:
        """Somebody did something with an alert, here or at another console; it is kept."""
        self.queue.on_acts((act,))
        self._changed(act.alert_id, False)

    def _changed(self, alert_id: str, new: bool) -> None:
        alert = self.queue.get(alert_id)
        if alert is None:
            return
        if new and alert.open:
            self._annunciator.announce(alert.urgency, words.spoken(alert))
        self.model.news_of(alert_id)
        self._arrange()
        self._show_count()
        if alert_id == self.chosen_id():
            self._show_detail()

    def _arrange(self) -> None:
        """Put the list in order, unless the operator's pointer is over it."""
        if not self._pointer_in:
            self.model.arrange()
        unseen = self.model.unseen()
        if not unseen:
            self.news.setText(self.tr("nothing new above"))
            self.news.setEnabled(False)
            self.news.setStyleSheet("")
            return
        first = unseen[0]
        text = i18n.fill(self.tr("{count} new: {first}"), count=len(unseen), first=words.urgency(first))
        self.news.setText(text)
        self.news.setEnabled(True)
        self.news.setStyleSheet(f"color: {getattr(theme.palette(), colour_of(first))};")

    def show_news(self) -> None:
        """Put in what has come while the list was held."""
        self.model.arrange()
        self._arrange()
        self.list.scrollToTop()

    # -- the choice ------------------------------------------------------------------------------------------------------

    def ids(self) -> list[str]:
        """The alerts in the order shown."""
        return self.model.ids()

    def open_count(self) -> int:
        """Alerts that nobody has acknowledged."""
        return len(self.queue.waiting())

    def chosen_id(self) -> str | None:
        """The chosen alert."""
        alert = self.list.currentIndex().data(ALERT_ROLE)
        return alert.alert_id if isinstance(alert, Alert) else None

    def choose(self, alert_id: str | None) -> None:
        """Choose an alert, by the operator's hand here or on the map."""
        if alert_id is None or self.queue.get(alert_id) is None or alert_id == self.chosen_id():
            return
        if self.model.row_of(alert_id) is None:
            self.model.arrange()
            self._arrange()
        row = self.model.row_of(alert_id)
        chosen = self.list.selectionModel()
        if row is not None and chosen is not None:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
            chosen.setCurrentIndex(self.model.index(row), flags)
            self.list.scrollTo(self.model.index(row))

    def choose_next(self) -> None:
        """The most urgent alert that waits, and from there the next."""
        waiting = [a.alert_id for a in self.queue.waiting()]
        if waiting:
            here = self.chosen_id()
            at = waiting.index(here) + 1 if here in waiting else 0
            self.choose(waiting[at % len(waiting)])

    def _on_current(self, current: QModelIndex, _: QModelIndex) -> None:
        self._chosen_s = self._now_s()
        alert = current.data(ALERT_ROLE)
        if isinstance(alert, Alert):
            self._context.selection.choose_incident(alert.alert_id)
        self._show_detail()

    def _show_detail(self) -> None:
        alert_id = self.chosen_id()
        alert = self.queue.get(alert_id) if alert_id is not None else None
        self.take_back.show(self.detail.question, alert)
        if alert is None:
            self.detail.show_nothing()
            return
        procedure = self._procedure_of(alert)
        language = i18n.choose_language(self._context.settings.language)
        lack = "" if self._commands is not None else self.tr("The station did not hand over its alerts.")
        may = self._may_acknowledge(alert)
        self.detail.show_alert(alert, procedure, language, self._clock.utc_us(), may, lack)
        self.detail.show_report(self._reports.lack_for(alert))
        self.detail.show_peers(*self.hand_over.peers_for(alert, lack))

    def _may_acknowledge(self, alert: Alert) -> bool:
        if self._commands is None and (self._context.commands is None or alert.peer):
            return False
        waits = self._acts.waits(alert.alert_id, "acknowledge")
        return alert.open and not waits and self._now_s() - self._chosen_s >= _SETTLE_S

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """The list is held while the pointer is over it; the strip goes with the console's window."""
        if watched is self._window and event is not None:
            if event.type() == QEvent.Type.Close:
                self.strip.retire()
        elif event is not None and event.type() in (
            QEvent.Type.Enter,
            QEvent.Type.MouseMove,
            QEvent.Type.MouseButtonPress,
        ):
            self._pointer_in = True
        elif event is not None and event.type() == QEvent.Type.Leave:
            self._pointer_in = False
            self._arrange()
        return super().eventFilter(watched, event)

    # -- what is done ------------------------------------------------------------------------------------------------------

    def _acknowledge_chosen(self) -> None:
        alert_id = self.chosen_id()
        if alert_id is not None:
            self.acknowledge(alert_id)

    def acknowledge(self, alert_id: str) -> None:
        """Acknowledge the chosen alert; nothing within half a second of its choice."""
        alert = self.queue.get(alert_id)
        if alert is None or alert_id != self.chosen_id() or not self._may_acknowledge(alert):
            return
        if self._commands is None:
            assert self._context.commands is not None
            self._context.commands.acknowledge(alert_id, self._context.operator)
            return
        commands = self._commands
        self._do(alert_id, "acknowledge", lambda: commands.acknowledge(alert_id, self._context.operator))
        self.hand_over.mark_seen(alert)

    def _classify(self, alert_id: str, verdict: str) -> None:
        commands, alert = self._commands, self.queue.get(alert_id)
        if commands is None or alert is None:
            return
        operator = self._context.operator
        self._verdicts[alert_id] = verdict
        self._do(alert_id, "verdict", lambda: commands.classify(alert_id, cast("Any", verdict), operator))
        if alert.open:  # who has judged it has seen it
            self._do(alert_id, "acknowledge", lambda: commands.acknowledge(alert_id, operator))
            self.hand_over.mark_seen(alert)

    def _tick_step(self, alert_id: str, step_id: str, done: bool) -> None:
        commands = self._commands
        if commands is not None:
            self._do(alert_id, "tick", lambda: commands.tick(alert_id, step_id, self._context.operator, done), step_id)

    def _note(self, alert_id: str, text: str) -> None:
        commands = self._commands
        if commands is not None:
            self._do(alert_id, "note", lambda: commands.note(alert_id, self._context.operator, text))

    def _hand_over(self, alert_id: str, peer: str) -> None:
        commands, alert = self._commands, self.queue.get(alert_id)
        if commands is None or alert is None:
            return

        def told(text: str, bad: bool) -> None:
            self.detail.say(text, bad)
            if not bad:
                self._do(alert_id, "hand_over", lambda: commands.hand_over(alert_id, peer, self._context.operator))

        self.hand_over.offer(alert, peer, told)

    def _do(self, alert_id: str, kind: str, act: Callable[[], Future[AlertAct]], step: str = "") -> None:
        if self._acts.do(alert_id, kind, act, self._now_s(), step):
            self._show_detail()

    def _on_kept(self, alert_id: str, kind: str) -> None:
        alert = self.queue.get(alert_id)
        if kind != "verdict" or alert is None:
            return
        verdict = self._verdicts.pop(alert_id, "")
        peers, _ = self.hand_over.peers_for(alert, "")
        self.take_back.on_verdict(alert, verdict, self._procedure_of(alert), peers)

    def _answer_question(self, yes: bool) -> None:
        alert = self.detail.alert
        if alert is None:
            return

        def told(text: str, bad: bool) -> None:
            if alert.alert_id == self.chosen_id():
                self.detail.say(text, bad)

        self.take_back.answer(alert, self.queue.station, yes, told, self._write_down)
        self._show_detail()

    def _write_down(self, alert_id: str, text: str) -> None:
        """What was done with the neighbour, among the notes of the alert and so in the log book."""
        commands = self._commands
        if commands is not None:
            self._do(alert_id, "written", lambda: commands.note(alert_id, self._context.operator, text))

    def _procedure_of(self, alert: Alert) -> Procedure | None:
        return next((p for p in self._procedures if p.fits(alert.kind, alert.urgency)), None)

    def _show_on_map(self, alert_id: str) -> None:
        alert = self.queue.get(alert_id)
        if alert is not None and alert.lat_deg == alert.lat_deg:
            self._context.selection.look_at.emit(alert.lat_deg, alert.lon_deg)

    def _open_clip(self, alert_id: str) -> None:
        alert, folder = self.queue.get(alert_id), self._context.data_dir
        if alert is None or not alert.evidence:
            return
        path = Path(alert.evidence)
        if not path.is_absolute() and folder is not None:
            path = folder / path
        if not path.is_file():
            self.detail.say(i18n.fill(self.tr("The clip {file} is not there any more."), file=path.name), bad=True)
        elif not self._open_url(QUrl.fromLocalFile(str(path.resolve()))):
            self.detail.say(i18n.fill(self.tr("No program opens the clip: {file}"), file=str(path)), bad=True)

    def _make_report(self, alert_id: str) -> None:
        alert = self.queue.get(alert_id)
        if alert is not None:
            self.detail.say(self._reports.make(alert, self._procedure_of(alert), self.queue.station, self.detail.say))

    # -- time ----------------------------------------------------------------------------------------------------------------

    def _now_s(self) -> float:
        return self._clock.mono_ns() / 1e9

    def _on_tick(self) -> None:
        now_s = self._now_s()
        if now_s - self._ticked_s < _TICK_S:
            return
        self._ticked_s = now_s
        self._acts.look(self.chosen_id(), now_s)
        self._reports.step()
        self._show_detail()
        self._show_count()
        viewport = self.list.viewport()
        if viewport is not None:
            # A window system may forget to tell that the pointer has left.
            if self._pointer_in and not viewport.rect().contains(viewport.mapFromGlobal(QCursor.pos())):
                self._pointer_in = False
                self._arrange()
            viewport.update()  # ages

    def _show_count(self) -> None:
        waiting = self.queue.waiting()
        t = theme.palette()
        if waiting:
            text = i18n.fill(self.tr("{count} waiting"), count=len(waiting))
            self._count.setText(f'<b style="color:{getattr(t, colour_of(waiting[0]))}">{text}</b>')
        else:
            self._count.setText(f'<b style="color:{t.ok}">{self.tr("none waiting")}</b>')
        window = main_window_of(self)
        if window is not self._window:
            if self._window is not None:
                self._window.removeEventFilter(self)
            self._window = window
            window.installEventFilter(self)
        self._title.show(window, len(waiting))
        first = f"{words.urgency(waiting[0])} · {words.title(waiting[0])}" if waiting else ""
        text = i18n.fill(self.tr("{count} alerts wait   {first}"), count=len(waiting), first=first) if waiting else ""
        self.strip.show_for(window, text, colour_of(waiting[0]) if waiting else "ok", self._now_s())
        escalated = [a for a in waiting if a.state.escalated is not None]
        if escalated:
            sentence = i18n.fill(self.tr("Nobody has acknowledged: {alert}"), alert=words.spoken(escalated[0]))
            self._annunciator.remind(sentence, self._now_s())
        else:
            self._annunciator.calm()

    def _bring_back(self) -> None:
        window = main_window_of(self)
        if window.isMinimized():
            window.showNormal()
        window.raise_()
        window.activateWindow()
        self.choose_next()

    def _on_theme(self) -> None:
        self._show_count()
        self._arrange()
        self._show_detail()
