"""The chosen alert: its facts, its procedure, and everything that can be done about it."""

from __future__ import annotations

import html

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from groundstation.console import i18n, theme
from groundstation.console.alerts import words
from groundstation.console.alerts.checklist import CheckList
from groundstation.console.alerts.delegate import colour_of
from groundstation.console.alerts.follow_up import QuestionRow
from groundstation.console.alerts.queue import Alert
from groundstation.core.alert_records import VERDICTS
from groundstation.core.procedure_records import Procedure


class AlertDetail(QWidget):
    """Tells what the operator wants; it keeps nothing and decides nothing."""

    acknowledge = pyqtSignal(str)
    classify = pyqtSignal(str, str)
    tick = pyqtSignal(str, str, bool)
    note = pyqtSignal(str, str)
    hand_over = pyqtSignal(str, str)
    show_on_map = pyqtSignal(str)
    open_clip = pyqtSignal(str)
    report = pyqtSignal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.alert: Alert | None = None
        self.head = QLabel()
        self.head.setWordWrap(True)
        self.head.setTextFormat(Qt.TextFormat.RichText)
        self.ack = QPushButton(self.tr("Acknowledge  Ctrl+K"))
        self.map = QPushButton(self.tr("Show on map"))
        self.clip = QPushButton(self.tr("Clip"))
        self.make_report = QPushButton(self.tr("Report"))
        self.hand = QToolButton()
        self.hand.setText(self.tr("Hand to the neighbour"))
        self.hand.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.peers = QMenu(self.hand)
        self.hand.setMenu(self.peers)
        self.verdicts: dict[str, QPushButton] = {}
        self.question = QuestionRow()
        self.checklist = CheckList()
        self.procedure = QLabel()
        self.procedure.setObjectName("title")
        self.note_text = QLineEdit()
        self.note_text.setPlaceholderText(self.tr("Note"))
        self.note_text.setMaxLength(4000)
        self.add_note = QPushButton(self.tr("Add note"))
        self.history = QLabel()
        self.history.setObjectName("dim")
        self.history.setWordWrap(True)
        self.outcome = QLabel()
        self.outcome.setWordWrap(True)
        self._lay_out()
        self._connect()
        self.show_nothing()

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(6)
        column.addWidget(self.head)
        # Two rows: in a dock beside the map nothing that can be done may lie outside.
        for row in ((self.ack, self.map), (self.clip, self.make_report, self.hand)):
            line = QHBoxLayout()
            line.setSpacing(4)
            for widget in row:
                widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                line.addWidget(widget)
            line.addStretch(1)
            column.addLayout(line)
        grid = QGridLayout()
        grid.setSpacing(4)
        for number, name in enumerate(VERDICTS):
            button = QPushButton(words.verdict(name))
            button.setObjectName("small")
            button.setCheckable(True)
            button.clicked.connect(lambda _, n=name: self._on_verdict(n))
            self.verdicts[name] = button
            grid.addWidget(button, number // 3, number % 3)
        column.addLayout(grid)
        column.addWidget(self.question)
        column.addWidget(self.procedure)
        column.addWidget(self.checklist)
        row = QHBoxLayout()
        row.addWidget(self.note_text, 1)
        row.addWidget(self.add_note)
        column.addLayout(row)
        column.addWidget(self.outcome)
        column.addWidget(self.history)
        column.addStretch(1)
        inner = QWidget()
        inner.setLayout(column)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def _connect(self) -> None:
        self.ack.clicked.connect(lambda: self._emit(self.acknowledge))
        self.map.clicked.connect(lambda: self._emit(self.show_on_map))
        self.clip.clicked.connect(lambda: self._emit(self.open_clip))
        self.make_report.clicked.connect(lambda: self._emit(self.report))
        self.checklist.ticked.connect(self._on_tick)
        self.add_note.clicked.connect(self._on_note)
        self.note_text.returnPressed.connect(self._on_note)

    # -- what is shown -----------------------------------------------------------------------------------------------

    def show_nothing(self) -> None:
        """No alert is chosen."""
        self.alert = None
        self.setEnabled(False)
        self.head.setText(html.escape(self.tr("No alert is chosen.")))
        for widget in (self.procedure, self.history, self.outcome):
            widget.clear()
        self.checklist.hide()

    def show_alert(
        self, alert: Alert, procedure: Procedure | None, language: str, now_us: int, may_acknowledge: bool, lack: str
    ) -> None:
        """``lack``: why nothing but acknowledging can be done here, "" when all can."""
        if self.alert is None or self.alert.alert_id != alert.alert_id:
            self.note_text.clear()
            self.outcome.clear()
        self.alert = alert
        self.setEnabled(True)
        self._show_head(alert)
        self.ack.setVisible(alert.open)
        self.ack.setEnabled(may_acknowledge)
        self.clip.setEnabled(bool(alert.evidence))
        self.clip.setToolTip("" if alert.evidence else self.tr("There is no clip yet, or none was written."))
        for name, button in self.verdicts.items():
            with QSignalBlocker(button):
                button.setChecked(alert.state.verdict == name)
            button.setEnabled(not lack)
            button.setToolTip(lack)
        self.checklist.show()
        self.procedure.setText(procedure.title(language).upper() if procedure is not None else "")
        self.checklist.show_for(alert, procedure, language, not lack, now_us)
        for widget in (self.note_text, self.add_note):
            widget.setEnabled(not lack)
            widget.setToolTip(lack)
        self._show_history(alert)

    def show_report(self, lack: str) -> None:
        """``lack``: why no report can be made, "" when it can."""
        self.make_report.setEnabled(not lack)
        self.make_report.setToolTip(lack or self.tr("Incident report as HTML and PDF"))

    def show_peers(self, peers: list[str], lack: str) -> None:
        """Who it can be handed to; ``lack`` says why to nobody."""
        if [a.text() for a in self.peers.actions()] != peers:
            self.peers.clear()
            for peer in peers:
                action = QAction(peer, self.peers)
                action.triggered.connect(lambda _, p=peer: self._on_hand_over(p))
                self.peers.addAction(action)
        self.hand.setEnabled(bool(peers) and not lack)
        self.hand.setToolTip(lack)

    def say(self, text: str, bad: bool = False) -> None:
        """What became of the last thing that was done."""
        self.outcome.setStyleSheet(f"color: {theme.palette().alarm if bad else theme.palette().dim};")
        self.outcome.setText(text)

    def _show_head(self, alert: Alert) -> None:
        t = theme.palette()
        colour = getattr(t, colour_of(alert))
        lines = [
            f'<span style="color:{colour}; font-size:16px; font-weight:700">'
            f"{html.escape(words.urgency(alert))} · {html.escape(words.title(alert))}</span>"
        ]
        if alert.peer:
            theirs = i18n.fill(self.tr("Told by the neighbour {peer}"), peer=alert.peer)
            lines.append(f'<b style="color:{t.neighbour}">{html.escape(theirs)}</b>')
        if alert.text:
            lines.append(html.escape(alert.text))
        facts = "  ·  ".join((words.clock(alert.t_utc_us), words.place(alert), words.probability(alert)))
        lines.append(html.escape(facts))
        text = "<br>".join(lines)
        if text != self.head.text():
            self.head.setText(text)

    def _show_history(self, alert: Alert) -> None:
        state = alert.state
        lines = []
        if not alert.open:
            seen = i18n.fill(
                self.tr("{time} acknowledged by {name}"), time=words.clock(alert.seen_utc_us), name=alert.seen_by
            )
            lines.append((alert.seen_utc_us, seen))
        for act in (*state.notes, *state.handed, *filter(None, (state.verdict_act, state.escalated))):
            if act.kind == "note":
                told = f"{act.operator}: {act.text}"
            elif act.kind == "hand_over":
                told = i18n.fill(self.tr("handed to {peer} by {name}"), peer=act.value, name=act.operator)
            elif act.kind == "verdict":
                told = i18n.fill(self.tr("{verdict}, says {name}"), verdict=words.verdict(act.value), name=act.operator)
            else:
                told = self.tr("escalated: nobody had acknowledged it")
            lines.append((act.t_utc_us, f"{words.clock(act.t_utc_us)} {told}"))
        text = "\n".join(line for _, line in sorted(lines))
        if text != self.history.text():
            self.history.setText(text)

    # -- what is asked -----------------------------------------------------------------------------------------------

    def _emit(self, signal: object) -> None:
        if self.alert is not None:
            signal.emit(self.alert.alert_id)  # type: ignore[attr-defined]

    def _on_verdict(self, name: str) -> None:
        if self.alert is None:
            return
        # The buttons show what is kept.
        for verdict, button in self.verdicts.items():
            with QSignalBlocker(button):
                button.setChecked(self.alert.state.verdict == verdict)
        self.classify.emit(self.alert.alert_id, name)

    def _on_tick(self, step_id: str, done: bool) -> None:
        if self.alert is not None:
            self.tick.emit(self.alert.alert_id, step_id, done)

    def _on_note(self) -> None:
        if self.alert is not None and self.note_text.text().strip():
            self.note.emit(self.alert.alert_id, self.note_text.text().strip())

    def _on_hand_over(self, peer: str) -> None:
        if self.alert is not None:
            self.hand_over.emit(self.alert.alert_id, peer)
