"""The standing procedure of one alert: steps with their times, who ticked them and when."""

from __future__ import annotations

from PyQt6.QtCore import QSignalBlocker, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from groundstation.console import i18n, theme
from groundstation.console.alerts import words
from groundstation.console.alerts.queue import Alert
from groundstation.core.procedure_records import Procedure, ProcedureStep


class _Row:
    """One step on the screen."""

    def __init__(self, step: ProcedureStep, box: QCheckBox, time: QLabel) -> None:
        self.step, self.box, self.time = step, box, time
        self.asked: bool | None = None  # what was clicked and is not kept yet


class _StepText(QLabel):
    """The words beside a box, in as many lines as they need; a click on them is one on the box."""

    def __init__(self, text: str, box: QCheckBox) -> None:
        super().__init__(text)
        self.setWordWrap(True)
        self._box = box

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.pos()):
            self._box.click()


class CheckList(QWidget):
    """A tick shows once it is kept, not when it was clicked."""

    ticked = pyqtSignal(str, bool)
    """Step id, done or not after all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setColumnStretch(1, 1)
        self._grid.setVerticalSpacing(3)
        self._rows: dict[str, _Row] = {}
        self._restyle()
        theme.changed.connect(self._restyle)
        self._shown: tuple[str, str, str] = ("", "", "")

    def _restyle(self) -> None:
        t = theme.palette()  # the system's white boxes would blind in the dark
        self.setStyleSheet(
            f"QCheckBox::indicator {{ width: 13px; height: 13px; border: 2px solid {t.text}; border-radius: 3px; }}"
            f" QCheckBox::indicator:checked {{ background: {t.ok}; }}"
            f" QCheckBox::indicator:disabled {{ border-color: {t.disabled}; }}"
        )

    def steps(self) -> list[QCheckBox]:
        """The boxes, in order."""
        return [row.box for row in self._rows.values()]

    def times(self) -> list[str]:
        """What stands beside each box."""
        return [row.time.text() for row in self._rows.values()]

    def show_for(self, alert: Alert, procedure: Procedure | None, language: str, enabled: bool, now_us: int) -> None:
        """Show where the procedure stands."""
        wanted = (alert.alert_id, procedure.name if procedure is not None else "", language)
        if wanted != self._shown:
            self._build(procedure, language)
            self._shown = wanted
        for step_id, row in self._rows.items():
            act = alert.state.ticks.get(step_id)
            if row.asked is not None and row.asked == (act is not None):
                row.asked = None
            with QSignalBlocker(row.box):
                row.box.setChecked(act is not None)
            row.box.setEnabled(enabled and row.asked is None)
            self._show_time(row, alert, step_id, now_us)

    def not_kept(self, step_id: str) -> None:
        """What was clicked could not be kept: offer it again."""
        if step_id in self._rows:
            self._rows[step_id].asked = None

    def _build(self, procedure: Procedure | None, language: str) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = {}
        if procedure is None:
            none = QLabel(self.tr("No procedure is written for this kind of alert."))
            none.setObjectName("dim")
            self._grid.addWidget(none, 0, 1)
            return
        for number, step in enumerate(procedure.steps):
            step_id = procedure.step_id(step)
            box, time = QCheckBox(), QLabel()
            text = _StepText(f"{number + 1}. {step.text(language)}", box)
            box.setAccessibleName(text.text())
            box.clicked.connect(lambda done, s=step_id: self._clicked(s, done))
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(box, number, 0, top)
            self._grid.addWidget(text, number, 1)
            self._grid.addWidget(time, number, 2, top)
            self._rows[step_id] = _Row(step, box, time)

    def _clicked(self, step_id: str, done: bool) -> None:
        row = self._rows[step_id]
        row.asked = done
        with QSignalBlocker(row.box):
            row.box.setChecked(not done)
        row.box.setEnabled(False)
        row.time.setText(self.tr("saving …"))
        self.ticked.emit(step_id, done)

    def _show_time(self, row: _Row, alert: Alert, step_id: str, now_us: int) -> None:
        act = alert.state.ticks.get(step_id)
        t = theme.palette()
        if row.asked is not None:
            text, colour = self.tr("saving …"), t.caution
        elif act is not None:
            text = i18n.fill(self.tr("{time} by {name}"), time=words.clock(act.t_utc_us), name=act.operator)
            late_s = (act.t_utc_us - alert.t_raised_utc_us) / 1e6 - row.step.within_s
            if row.step.within_s and late_s > 0:
                text += " " + i18n.fill(self.tr("({time} late)"), time=words.duration(late_s))
            colour = t.ok
        elif not row.step.within_s:
            text, colour = "", t.dim
        else:
            # Never more than the whole: the machine's clock may have been set back.
            left_s = row.step.within_s - max(0.0, (now_us - alert.t_raised_utc_us) / 1e6)
            if left_s >= 0:
                text, colour = i18n.fill(self.tr("{time} left"), time=words.duration(left_s)), t.dim
            else:
                text, colour = i18n.fill(self.tr("LATE {time}"), time=words.duration(-left_s)), t.alarm
        if text != row.time.text():
            row.time.setText(text)
        style = f"color: {colour};"
        if style != row.time.styleSheet():
            row.time.setStyleSheet(style)
