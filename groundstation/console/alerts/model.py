"""The queue as a list that does not move under the operator's hand."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import QAbstractListModel, QModelIndex, QObject, Qt

from groundstation.console.alerts import words
from groundstation.console.alerts.queue import Alert, AlertQueue

ALERT_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class AlertListModel(QAbstractListModel):
    """Rows in the order of urgency, as of the last :meth:`arrange`.

    While the list is held, rows keep their places and show their news there; what has come meanwhile is in ``unseen``.
    """

    def __init__(self, queue: AlertQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._ids: list[str] = []
        self._row: dict[str, int] = {}

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Qt's question."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The alert, or its words for a screen reader."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        alert = self._queue.get(self._ids[index.row()])
        if alert is None:
            return None
        if role == ALERT_ROLE:
            return alert
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{words.urgency(alert)} {words.title(alert)}"
        return None

    def ids(self) -> list[str]:
        """The alerts in the order shown."""
        return list(self._ids)

    def row_of(self, alert_id: str) -> int | None:
        """Where an alert stands; None while it is not in the list."""
        return self._row.get(alert_id)

    def unseen(self) -> list[Alert]:
        """What came while the list was held, most urgent first."""
        return [a for a in self._queue.ordered() if a.alert_id not in self._row]

    def arrange(self) -> None:
        """Put all in order. Selections and the like stay with their alerts."""
        ids = [a.alert_id for a in self._queue.ordered()]
        if ids == self._ids:
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        kept = [self._ids[i.row()] for i in before]
        self._ids = ids
        self._row = {alert_id: row for row, alert_id in enumerate(ids)}
        after = [self.index(self._row[a]) if a in self._row else QModelIndex() for a in kept]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def news_of(self, alert_id: str) -> None:
        """One alert has changed: its row is drawn anew where it stands."""
        row = self._row.get(alert_id)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))
