"""What is wrong with the drawing and its plans, beside the map; a click takes the map there."""

from __future__ import annotations

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QBrush
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from groundstation.console import theme
from groundstation.console.planner.evaluate import Told
from groundstation.console.planner.session import PlannerSession

_TOLD = Qt.ItemDataRole.UserRole
_COLOURS = {"error": "alarm", "warning": "caution", "note": "dim"}
_MOST_LINES = 300


class FindingsList(QWidget):
    """Always of the document that is on the board: while another one is worked out, it is empty and says so."""

    def __init__(self, session: PlannerSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setAccessibleName(self.tr("Findings"))
        self.list.itemClicked.connect(self._go)
        self.list.itemActivated.connect(self._go)
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        self.repair = QPushButton(self.tr("Repair (Shift+R)"))
        self.repair.setObjectName("small")
        self.repair.clicked.connect(self.repair_current)
        head = QHBoxLayout()
        head.addWidget(self.summary, 1)
        head.addWidget(self.repair)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        session.judged.connect(self.refresh)
        theme.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what was worked out, or that it is being worked out."""
        done = self._session.evaluation
        self.list.clear()
        if done is None:
            self._say("off", self.tr("Checking ..."))
            self._enable()
            return
        words = {"error": self.tr("ERROR"), "warning": self.tr("Warning"), "note": self.tr("Note")}
        for told in done.told[:_MOST_LINES]:
            which = (
                self.tr(" (plan {n})").format(n=told.plan + 1) if told.plan is not None and len(done.plans) > 1 else ""
            )
            item = QListWidgetItem(f"{words[told.severity]}{which}: {told.text}")
            item.setForeground(QBrush(theme.colour(_COLOURS[told.severity])))
            item.setData(_TOLD, told)
            self.list.addItem(item)
        if len(done.told) > _MOST_LINES:
            self.list.addItem(self.tr("... and {n} more").format(n=len(done.told) - _MOST_LINES))
        errors = sum(1 for t in done.told if t.severity == "error")
        warnings = sum(1 for t in done.told if t.severity == "warning")
        if errors:
            self._say("alarm", self.tr("Errors that forbid an upload: {n}. Warnings: {m}").format(n=errors, m=warnings))
        elif done.plans:
            self._say(
                "ok" if not warnings else "caution", self.tr("Checked: no errors. Warnings: {m}").format(m=warnings)
            )
        elif done.document.has_place():
            self._say("off", self.tr("The drawing has no errors. No patrol is asked for yet"))
        else:
            self._say("off", self.tr("Nothing is drawn yet"))
        self._enable()

    def _say(self, state: str, text: str) -> None:
        self.summary.setText(text)
        self.summary.setStyleSheet(f"color: {theme.state_colour(state)}; font-weight: 700;")

    def _current(self) -> Told | None:
        item = self.list.currentItem()
        return item.data(_TOLD) if item is not None else None

    def _enable(self) -> None:
        current = self._current()
        done = self._session.evaluation
        some = done is not None and any(t.mends for t in done.told)
        self.repair.setEnabled(some if current is None else current.mends)

    def _go(self, item: QListWidgetItem) -> None:
        told = item.data(_TOLD)
        if told is None:
            return
        if told.ident is not None:
            self._session.choose([told.ident])
        if told.lat_deg is not None:
            self._session.look_at.emit(told.lat_deg, told.lon_deg)

    def repair_current(self) -> None:
        """Repair the zone of the current line, else the first that can be."""
        current = self._current()
        done = self._session.evaluation
        if (current is None or not current.mends) and done is not None:
            current = next((t for t in done.told if t.mends), None)
        if current is not None and current.mends and current.ident is not None:
            self._session.mend(current.ident)
