"""Which time is to be replayed: from and to, in UTC."""

from __future__ import annotations

from PyQt6.QtCore import QDateTime, QTimeZone, pyqtSignal
from PyQt6.QtWidgets import QDateTimeEdit, QDialog, QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from groundstation.console import i18n

MOST_US = 24 * 3_600_000_000


class PeriodDialog(QDialog):
    """Not modal: an alarm behind it can be seen and answered. ``chosen`` (from, to), UTC in microseconds."""

    chosen = pyqtSignal(object, object)

    def __init__(self, from_utc_us: int, to_utc_us: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Replay"))
        self.setModal(False)
        self.start, self.end = self._field(from_utc_us), self._field(to_utc_us)
        form = QFormLayout()
        form.addRow(self.tr("From (UTC)"), self.start)
        form.addRow(self.tr("To (UTC)"), self.end)
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.show_button = QPushButton(self.tr("Show it"))
        self.cancel = QPushButton(self.tr("Cancel"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.show_button)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.said)
        column.addLayout(row)
        self.cancel.clicked.connect(self.reject)
        self.show_button.clicked.connect(self._chosen)

    @staticmethod
    def _field(t_utc_us: int) -> QDateTimeEdit:
        field = QDateTimeEdit()
        field.setTimeZone(QTimeZone.utc())
        field.setDisplayFormat("yyyy-MM-dd HH:mm:ss")
        field.setCalendarPopup(True)
        field.setDateTime(QDateTime.fromMSecsSinceEpoch(t_utc_us // 1000, QTimeZone.utc()))
        return field

    def _chosen(self) -> None:
        from_us, to_us = (1000 * f.dateTime().toMSecsSinceEpoch() for f in (self.start, self.end))
        if to_us <= from_us:
            self.said.setText(self.tr("It ends before it begins."))
        elif to_us - from_us > MOST_US:
            self.said.setText(i18n.fill(self.tr("At most {hours} hours at once."), hours=24))
        else:
            self.chosen.emit(from_us, to_us)
            self.accept()
