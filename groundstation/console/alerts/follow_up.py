"""What a verdict asks of the sharing: whether to take back what the neighbour was told. Asked once, never done by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from groundstation.console import i18n, theme
from groundstation.console.alerts import words
from groundstation.console.alerts.queue import Alert
from groundstation.console.context import ConsoleContext
from groundstation.core.errors import MarchwardenError
from groundstation.core.procedure_records import Procedure
from groundstation.core.share_records import ShareOutcome, ShareSubject

_log = logging.getLogger("groundstation.console.alerts")

_REASONS = {"false": "false_alarm", "animal": "wrong_class", "own_patrol": "own_force"}
"""Verdicts after which what was told was wrong, and the code that the neighbour is given."""

Told = Callable[[str, bool], None]
Note = Callable[[str, str], None]


class QuestionRow(QFrame):
    """A question with two answers, in the panel and not before it: an alarm behind it can be seen and answered.

    The answer that the procedure proposes is marked; neither has the keyboard.
    """

    answered = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("question")
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.yes, self.no = QPushButton(), QPushButton()
        row = QHBoxLayout()
        for button, answer in ((self.yes, True), (self.no, False)):
            button.setObjectName("small")
            button.setAutoDefault(False)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, a=answer: self.answered.emit(a))
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 6)
        column.addWidget(self.text)
        column.addLayout(row)
        self.hide()

    def ask(self, text: str, yes: str, no: str, proposed: bool, may: bool) -> None:
        """Show it; ``may`` False: an answer is on its way."""
        t = theme.palette()
        self.setStyleSheet(f"QFrame#question {{ border: 2px solid {t.caution}; border-radius: 5px; }}")
        as_written = i18n.text("alerts", "the procedure proposes this")
        self.text.setText(text)
        for button, words_, mine in ((self.yes, yes, True), (self.no, no, False)):
            button.setText(f"{words_}  ({as_written})" if mine is proposed else words_)
            button.setEnabled(may)
        self.show()


@dataclass
class _Asked:
    """A question of one alert. ``waits``: what was ordered and is not answered yet."""

    verdict: str
    proposed: bool
    waits: list[Future[ShareOutcome]] = field(default_factory=list)
    told: Told | None = None
    note: Note | None = None


class TakeBack:
    """Asks after the verdicts "false alarm", "animal" and "own patrol" on one of ours whether the neighbour's copy goes too."""

    def __init__(self, context: ConsoleContext) -> None:
        self._context = context
        self._asked: dict[str, _Asked] = {}
        self._answered: set[str] = set()
        context.bridge.tick.connect(self._on_tick)

    def on_verdict(self, alert: Alert, verdict: str, procedure: Procedure | None, peers: Sequence[str]) -> None:
        """A verdict is kept. Another one, of something that was really there, takes the question away."""
        if verdict not in _REASONS:
            asked = self._asked.get(alert.alert_id)
            if asked is not None and not asked.waits:
                del self._asked[alert.alert_id]
            return
        share = self._context.services.get("share")
        if alert.peer or not peers or share is None or alert.alert_id in self._answered:
            return
        proposed = procedure.take_back if procedure is not None else True
        self._asked.setdefault(alert.alert_id, _Asked(verdict, proposed)).verdict = verdict

    def show(self, row: QuestionRow, alert: Alert | None) -> None:
        """The question of the chosen alert, or none."""
        asked = self._asked.get(alert.alert_id) if alert is not None else None
        if asked is None:
            row.hide()
            return
        text = i18n.fill(
            i18n.text("alerts", "{verdict}: take back what the neighbour was told of this?"),
            verdict=words.verdict(asked.verdict),
        )
        yes, no = i18n.text("alerts", "Take it back"), i18n.text("alerts", "Leave it there")
        row.ask(text, yes, no, asked.proposed, not asked.waits)

    def answer(self, alert: Alert, own: str, yes: bool, told: Told, note: Note) -> None:
        """The operator's answer. ``note`` (alert id, words) writes it into the log book once it is done."""
        asked = self._asked.get(alert.alert_id)
        if asked is None or asked.waits:
            return
        if not yes:
            self._settle(alert.alert_id)
            note(alert.alert_id, i18n.text("alerts", "left with the neighbour as it was told"))
            return
        share: Any = self._context.services.get("share")
        subjects = [ShareSubject(own, alert.alert_id, "incident")]
        if alert.track_id:
            subjects.append(ShareSubject(own, alert.track_id, "track"))
        try:
            asked.waits = [share.withdraw(subject, _REASONS[asked.verdict]) for subject in subjects]
        except (MarchwardenError, AttributeError) as error:
            told(str(error), True)
            return
        asked.told, asked.note = told, note

    def _settle(self, alert_id: str) -> None:
        self._answered.add(alert_id)
        del self._asked[alert_id]

    def _on_tick(self) -> None:
        for alert_id, asked in list(self._asked.items()):
            if not asked.waits or not all(f.done() for f in asked.waits):
                continue
            assert asked.told is not None
            assert asked.note is not None
            failed = [_why(f) for f in asked.waits if _why(f)]
            asked.waits = []
            if failed:
                # It stays asked: what was not taken back is still there.
                asked.told("; ".join(failed), True)
                continue
            reason = words.verdict(asked.verdict)
            self._settle(alert_id)
            text = i18n.fill(i18n.text("alerts", "taken back from the neighbour: {reason}"), reason=reason)
            asked.told(text, False)
            asked.note(alert_id, text)


def _why(future: Future[ShareOutcome]) -> str:
    """Why an order was not taken; "" when it was."""
    error = future.exception()
    if error is not None:
        return str(error)
    outcome = future.result()
    return "" if outcome.ok else outcome.reason or "?"
