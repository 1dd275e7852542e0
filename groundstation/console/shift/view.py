"""The shift: the log book with a search in it, entries of one's own, and the handover sheet in one click."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from typing import Any, cast

from PyQt6.QtCore import Qt, QTimer, QUrl
from PyQt6.QtGui import QColor, QDesktopServices
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from groundstation.console import i18n, theme
from groundstation.console.alerts.queue import AlertQueue
from groundstation.console.context import ConsoleContext
from groundstation.console.flow import FlowLayout
from groundstation.console.replay.period import PeriodDialog
from groundstation.console.shift.report import day_time, handover_html, save_report
from groundstation.core import topics
from groundstation.core.alert_records import AlertAct
from groundstation.core.clock import Clock
from groundstation.core.errors import MarchwardenError
from groundstation.core.shift_commands import ShiftCommands
from groundstation.core.shift_records import LogEntry

_HOUR_US, _MINUTE_US = 3_600_000_000, 60_000_000
_PERIODS = (
    (i18n.mark("shift", "last 12 hours"), 12),
    (i18n.mark("shift", "last 24 hours"), 24),
    (i18n.mark("shift", "last 7 days"), 7 * 24),
    (i18n.mark("shift", "everything"), 0),
)
_KINDS = {
    "flight": i18n.mark("shift", "flight"),
    "incident": i18n.mark("shift", "alert"),
    "neighbour": i18n.mark("shift", "neighbour"),
    "act": i18n.mark("shift", "alert: done"),
    "order": i18n.mark("shift", "order"),
    "plan": i18n.mark("shift", "plan"),
    "note": i18n.mark("shift", "NOTE"),
}
_MOST_SHOWN = 2_000


class ShiftView(QWidget):
    """Reads through the service "shift"; without one it is greyed and says so."""

    def __init__(
        self,
        context: ConsoleContext,
        parent: QWidget | None = None,
        clock: Clock | None = None,
        open_url: Callable[[QUrl], Any] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(parent)
        self._context, self._clock, self._open_url = context, clock or context.clock, open_url
        self._commands = cast("ShiftCommands | None", context.services.get("shift"))
        self._waiting: list[tuple[Future[Any], Callable[[Any], None]]] = []
        self._asked = 0
        self.entries: tuple[LogEntry, ...] = ()
        self._lay_out()
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(250)
        self._typed.timeout.connect(self.read)
        self.search.textChanged.connect(lambda _: self._typed.start())
        self.period.currentIndexChanged.connect(lambda _: self.read())
        self.entry.returnPressed.connect(self._write)
        self.add.clicked.connect(self._write)
        self.handover.clicked.connect(self.make_handover)
        self.refresh.clicked.connect(self.read)
        self.replay.clicked.connect(self.ask_replay)
        if "replay" not in context.services:
            self.replay.setEnabled(False)
            self.replay.setToolTip(self.tr("This console cannot open another window."))
        self.table.cellDoubleClicked.connect(self._on_row)
        bridge = context.bridge
        bridge.tick.connect(self._on_tick)
        bridge.incident.connect(lambda _: self._news())
        bridge.listen(topics.ALERT_ACT, lambda _: self._news())
        theme.changed.connect(self._show)
        if self._commands is None:
            self.setEnabled(False)
            self.said.setText(self.tr("The station did not hand over its log book."))
        else:
            self.read()

    def _lay_out(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search: words that must all be there"))
        self.search.setClearButtonEnabled(True)
        self.period = QComboBox()
        for text, hours in _PERIODS:
            self.period.addItem(i18n.text("shift", text), hours)
        self.refresh = QPushButton(self.tr("Read again"))
        self.handover = QPushButton(self.tr("Handover sheet"))
        self.replay = QPushButton(self.tr("Replay …"))
        top = FlowLayout()
        self.search.setMinimumWidth(160)
        top.addWidget(self.search)
        top.stretch(self.search)
        for widget in (self.period, self.refresh, self.handover, self.replay):
            top.addWidget(widget)
        self.table = QTableWidget(0, 5)
        self.table.setHorizontalHeaderLabels(
            [self.tr("Time"), self.tr("Kind"), self.tr("Who"), self.tr("What"), self.tr("Text")]
        )
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setAlternatingRowColors(True)
        header, side = self.table.horizontalHeader(), self.table.verticalHeader()
        assert header is not None
        assert side is not None
        side.hide()
        header.setSectionResizeMode(4, QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate((170, 90, 90, 200)):
            self.table.setColumnWidth(column, width)
        self.entry = QLineEdit()
        self.entry.setMaxLength(4000)
        self.entry.setPlaceholderText(self.tr("Entry in the log book"))
        self.add = QPushButton(self.tr("Write"))
        bottom = QHBoxLayout()
        bottom.addWidget(self.entry, 1)
        bottom.addWidget(self.add)
        self.said = QLabel()
        self.said.setObjectName("dim")
        self.said.setWordWrap(True)
        column_layout = QVBoxLayout(self)
        column_layout.addLayout(top)
        column_layout.addWidget(self.table, 1)
        column_layout.addLayout(bottom)
        column_layout.addWidget(self.said)

    # -- reading -------------------------------------------------------------------------------------------------------

    def _times(self) -> tuple[int, int]:
        now_us = self._clock.utc_us()
        hours = int(self.period.currentData() or 0)
        return (now_us - hours * _HOUR_US if hours else 0), now_us + 60_000_000

    def _news(self) -> None:
        if not self._typed.isActive() and self.isVisible():
            self._typed.start()

    def read(self) -> None:
        """Ask for the lines of the chosen time and words; an older answer that comes later is not shown."""
        if self._commands is None:
            return
        self._asked += 1
        number = self._asked

        def show(found: tuple[LogEntry, ...]) -> None:
            if number == self._asked:
                self.entries = found
                self._show()

        try:
            self._wait(self._commands.entries(*self._times(), self.search.text()), show)
        except MarchwardenError as error:
            self.said.setText(str(error))

    def _show(self) -> None:
        shown = self.entries[-_MOST_SHOWN:][::-1]  # newest first
        self.table.setRowCount(len(shown))
        note = QColor(theme.palette().information)
        for row, entry in enumerate(shown):
            cells = (
                day_time(entry.t_utc_us), i18n.text("shift", _KINDS[entry.kind]), entry.who, entry.subject, entry.text,
            )  # fmt: skip
            for column, text in enumerate(cells):
                item = QTableWidgetItem(text)
                if entry.kind == "note":
                    item.setForeground(note)
                item.setData(Qt.ItemDataRole.UserRole, entry)
                self.table.setItem(row, column, item)
        more = len(self.entries) - len(shown)
        text = i18n.fill(self.tr("{count} lines"), count=len(self.entries))
        if more > 0:
            text += ", " + i18n.fill(self.tr("the newest {count} shown"), count=len(shown))
        self.said.setText(text)

    def _on_row(self, row: int, _: int) -> None:
        item = self.table.item(row, 0)
        entry = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if isinstance(entry, LogEntry) and entry.kind in ("incident", "act"):
            self._context.selection.choose_incident(entry.subject)

    # -- writing -------------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        text = self.entry.text().strip()
        if self._commands is None or not text:
            return

        def kept(_: AlertAct) -> None:
            if self.entry.text().strip() == text:
                self.entry.clear()
            self.read()

        try:
            self._wait(self._commands.write(self._context.operator, text), kept)
        except MarchwardenError as error:
            self.said.setText(str(error))

    def make_handover(self) -> None:
        """Write the sheet of the chosen time, as HTML and PDF, and open it."""
        folder = self._context.data_dir
        if self._commands is None or folder is None:
            self.said.setText(self.tr("There is no folder to write the sheet to."))
            return
        from_us, to_us = self._times()
        now_us = self._clock.utc_us()

        def write(found: tuple[LogEntry, ...]) -> None:
            queue = AlertQueue()
            alerts = self._context.services.get("alerts")
            if alerts is not None:
                queue.take(alerts.snapshot())
            page = handover_html(found, queue.ordered(), from_us, now_us, queue.station, self._context.operator)
            name = datetime.fromtimestamp(now_us / 1e6, UTC).strftime("handover-%Y%m%dT%H%M%SZ")
            self.said.setText(write_and_open(self._open_url, folder, name, page))

        try:
            self._wait(self._commands.entries(from_us, to_us), write)
        except MarchwardenError as error:
            self.said.setText(str(error))

    # -- replay --------------------------------------------------------------------------------------------------------

    def ask_replay(self) -> None:
        """Ask which time: round the chosen line, else the last half hour."""
        chosen = self.table.item(self.table.currentRow(), 0)
        entry = chosen.data(Qt.ItemDataRole.UserRole) if chosen is not None else None
        now_us = self._clock.utc_us()
        if isinstance(entry, LogEntry):
            from_us, to_us = entry.t_utc_us - _MINUTE_US, entry.t_utc_us + 4 * _MINUTE_US
        else:
            from_us, to_us = now_us - 30 * _MINUTE_US, now_us
        self.dialog = PeriodDialog(from_us, to_us, self)
        self.dialog.chosen.connect(lambda begin, end: self._context.services["replay"](begin, end, self.said.setText))
        self.dialog.show()

    # -- answers -------------------------------------------------------------------------------------------------------

    def _wait(self, future: Future[Any], then: Callable[[Any], None]) -> None:
        self._waiting.append((future, then))

    def _on_tick(self) -> None:
        waiting, self._waiting = self._waiting, []
        for future, then in waiting:
            if not future.done():
                self._waiting.append((future, then))
                continue
            error = future.exception()
            if error is not None:
                self.said.setText(str(error))
                continue
            try:
                then(future.result())
            except MarchwardenError as problem:
                self.said.setText(str(problem))


def write_and_open(open_url: Callable[[QUrl], Any], folder: Any, name: str, page: str) -> str:
    """Save a report and open it; what to say about it."""
    try:
        written, printed = save_report(folder, name, page)
    except OSError as error:
        reason = error.strerror or str(error)
        return i18n.fill(i18n.text("shift", "the report could not be written: {error}"), error=reason)
    open_url(QUrl.fromLocalFile(str(written.resolve())))
    return i18n.fill(i18n.text("shift", "written: {page} and {printed}"), page=written.name, printed=printed.name)
