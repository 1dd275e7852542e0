"""The list that is read before a flight: what failed first, then what nobody has seen, then the rest."""

from __future__ import annotations

import html

from PyQt6.QtWidgets import QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from groundstation.console import i18n, theme
from groundstation.console.context import ConsoleContext
from groundstation.console.flight.answers import Answers
from groundstation.console.focus import VehicleFocus
from groundstation.console.freshness import age_words
from groundstation.console.panels.common import Panel
from groundstation.core.records import VehicleId
from groundstation.core.safety_records import CheckItem, PreflightReport

_ORDER = {"failed": 0, "unknown": 1, "warning": 2, "ok": 3}
_LOOK = {"failed": ("alarm", "✗"), "unknown": ("caution", "?"), "warning": ("caution", "!"), "ok": ("ok", "✓")}
_OLD_S = 300.0


class ChecklistPanel(Panel):
    """Read by a button; its age stands beside it, for a list of an hour ago says nothing of now."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(i18n.text("views", "Before the flight"), parent)
        self._flight, self._clock = context.services.get("flight"), context.clock
        self._vehicle_id: VehicleId | None = None
        self._report: PreflightReport | None = None
        self._ticks = 0
        self.read = QPushButton(self.tr("Read the list"))
        self.read.setObjectName("small")
        self.header.addWidget(self.read)
        self._head = QLabel()
        self._head.setWordWrap(True)
        self._list = QLabel()
        self._list.setWordWrap(True)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._list)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(inner)
        self.body.addWidget(self._head)
        self.body.addWidget(area, 1)
        self._answers = Answers(self)
        self._answers.arrived.connect(self._on_answer)
        self._focus = VehicleFocus(context, self)
        self._focus.changed.connect(self._on_vehicle)
        self._focus.preflight.connect(self.on_report)
        self.read.clicked.connect(self._read)
        context.bridge.tick.connect(self._on_tick)
        theme.changed.connect(self._show)
        if self._flight is None:
            self.read.setEnabled(False)
            self.read.setToolTip(self.tr("This console was opened without a link to an aircraft."))
        self._show()

    def head_text(self) -> str:
        """What is said above the list."""
        return self._head.text()

    def list_text(self) -> str:
        """The list."""
        return self._list.text()

    def on_report(self, report: PreflightReport) -> None:
        """The list was read."""
        self._report = report
        self._show()

    def _on_vehicle(self, vehicle_id: VehicleId | None) -> None:
        self._vehicle_id, self._report = vehicle_id, None
        self._show()

    def _read(self) -> None:
        if self._flight is not None and self._vehicle_id is not None:
            self.read.setEnabled(False)
            self._head.setText(self.tr("Reading from the aircraft …"))
            self._answers.expect(str(self._vehicle_id), self._flight.preflight(self._vehicle_id))

    def _on_answer(self, name: str, result: object) -> None:
        self.read.setEnabled(True)
        if isinstance(result, PreflightReport):
            if result.vehicle_id == self._vehicle_id:
                self.on_report(result)
        elif isinstance(result, Exception):
            self._head.setText(f'<b style="color:{theme.ALARM}">{html.escape(str(result))}</b>')

    def _on_tick(self) -> None:
        self._ticks += 1
        if self._ticks % 5 == 0 and self._report is not None and not self._answers.waiting:
            self._show()

    def _show(self) -> None:
        report = self._report
        if report is None:
            self._head.setText(self.tr("The list has not been read."))
            self._list.clear()
            return
        age_s = max((self._clock.utc_us() - report.t_utc_us) / 1e6, 0.0)
        if age_s > _OLD_S:
            verdict, level = self.tr("OLD: read it again"), "caution"
        elif report.ok:
            warned = sum(item.state == "warning" for item in report.items)
            verdict, level = self.tr("May start"), "ok"
            if warned:
                verdict = i18n.fill(self.tr("May start, {count} warnings"), count=warned)
        else:
            level = "alarm"
            verdict = i18n.fill(
                self.tr("No start: {failed} failed, {unknown} not seen"),
                failed=len(report.failed),
                unknown=len(report.unknown),
            )
        age = i18n.fill(self.tr("read {age} ago"), age=age_words(age_s))
        self._head.setText(
            f'<b style="color:{theme.state_colour(level)}">{html.escape(verdict)}</b> · {html.escape(age)}'
        )
        self._list.setText("".join(self._line(i) for i in sorted(report.items, key=lambda i: _ORDER[i.state])))

    @staticmethod
    def _line(item: CheckItem) -> str:
        level, sign = _LOOK[item.state]
        remedy = f"<br>→ {html.escape(item.remedy)}" if item.remedy and item.state != "ok" else ""
        return (
            f'<p style="margin:2px 0"><b style="color:{theme.state_colour(level)}">{sign}</b> {html.escape(item.text)} '
            f'<span style="color:{theme.DIM}">{html.escape(item.seen)}</span>{remedy}</p>'
        )
