"""Every key of the console, as it is now: read from the menus, not written down a second time."""

from __future__ import annotations

from PyQt6.QtGui import QAction, QKeySequence, QShowEvent
from PyQt6.QtWidgets import QHeaderView, QMainWindow, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from groundstation.console import i18n
from groundstation.console.context import ConsoleContext

# Keys that stand in no menu.
_FURTHER = (
    ("Home", i18n.mark("keys", "Map: whole area")),
    ("P", i18n.mark("keys", "Map: the patrol")),
    ("C", i18n.mark("keys", "Map: age of what was seen")),
    ("F", i18n.mark("keys", "Map: the aircraft")),
    ("F8", i18n.mark("keys", "Hold position, at once")),
    ("F9, Space", i18n.mark("keys", "Return: hold the space bar")),
    ("Alt+1 … Alt+9", i18n.mark("keys", "Choose an aircraft")),
    ("Tab, Space", i18n.mark("keys", "Next button; press or hold it")),
    ("← → ↑ ↓", i18n.mark("keys", "Camera: turn, while its stick has the keyboard")),
)


class KeysPage(QWidget):
    """A table, made anew each time that it is shown."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = context.bridge
        self.table = QTableWidget(0, 2)
        self.table.setHorizontalHeaderLabels([self.tr("Key"), self.tr("Command")])
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        header, rows = self.table.horizontalHeader(), self.table.verticalHeader()
        if header is not None and rows is not None:
            rows.hide()
            header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        QVBoxLayout(self).addWidget(self.table)

    def entries(self) -> list[tuple[str, str]]:
        """Key and command."""
        window = self._bridge.parent()
        found: dict[str, str] = {}
        if isinstance(window, QMainWindow):
            native = QKeySequence.SequenceFormat.NativeText
            for action in window.findChildren(QAction):
                if not action.shortcut().isEmpty() and action.text():
                    found[action.shortcut().toString(native)] = action.text().replace("&", "")
        return [*found.items(), *((key, i18n.text("keys", words)) for key, words in _FURTHER if key not in found)]

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        entries = self.entries()
        self.table.setRowCount(len(entries))
        for row, entry in enumerate(entries):
            for column, text in enumerate(entry):
                self.table.setItem(row, column, QTableWidgetItem(text))
        self.table.resizeColumnToContents(0)
