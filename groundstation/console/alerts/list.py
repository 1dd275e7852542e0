"""The list of alerts on the screen."""

from __future__ import annotations

from PyQt6.QtCore import QItemSelectionModel, QModelIndex
from PyQt6.QtGui import QFocusEvent
from PyQt6.QtWidgets import QListView, QWidget


class AlertList(QListView):
    """A list in which only a hand chooses: Qt makes the first row the current one when the keyboard comes to a list, and then
    one key would acknowledge an alert that nobody has chosen, and the next one would be the second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """The keyboard has come here; what was chosen before stays chosen, nothing stays nothing."""
        chosen = self.selectionModel()
        nothing = chosen is not None and not self.currentIndex().isValid()
        if nothing:
            chosen.blockSignals(True)
        try:
            super().focusInEvent(event)
            if nothing:
                chosen.setCurrentIndex(QModelIndex(), QItemSelectionModel.SelectionFlag.Clear)
        finally:
            if nothing:
                chosen.blockSignals(False)
