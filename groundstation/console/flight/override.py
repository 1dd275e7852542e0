"""Starting against the pre-flight list: somebody answers for it by name, and it is logged."""

from __future__ import annotations

import html

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from groundstation.console import i18n, theme
from groundstation.console.panels.common import HoldButton
from groundstation.core.records import VehicleId
from groundstation.core.safety_records import PreflightReport

HOLD_MS = 2000


class OverrideDialog(QDialog):
    """Two deliberate acts: write who and why, then hold."""

    confirmed = pyqtSignal(str)
    """Who answers for it, and why."""

    def __init__(self, vehicle_id: VehicleId, report: PreflightReport | None, operator: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(i18n.fill(self.tr("Start aircraft {name} against the list"), name=vehicle_id))
        self.resize(560, 0)
        column = QVBoxLayout(self)
        items = () if report is None else (*report.failed, *report.unknown)
        lines = [
            f"<li><b>{html.escape(i.text)}</b> {html.escape(i.seen)}<br>{html.escape(i.remedy)}</li>" for i in items
        ]
        text = "".join(lines) or f"<li>{html.escape(self.tr('The list has not been read.'))}</li>"
        head = html.escape(self.tr("These forbid the start:"))
        label = QLabel(f'<b style="color:{theme.ALARM}">{head}</b><ul>{text}</ul>')
        label.setWordWrap(True)
        column.addWidget(label)
        form = QFormLayout()
        self.name, self.reason = QLineEdit(operator), QLineEdit()
        form.addRow(self.tr("Who answers for it"), self.name)
        form.addRow(self.tr("Why"), self.reason)
        column.addLayout(form)
        row = QHBoxLayout()
        cancel = QPushButton(self.tr("Do not start"))
        cancel.setDefault(True)
        cancel.clicked.connect(self.reject)
        self.start = HoldButton(self.tr("Start anyway"), hold_ms=HOLD_MS)
        self.start.setObjectName("alarm")
        self.start.setAutoDefault(False)
        self.start.setEnabled(False)
        row.addWidget(cancel)
        row.addStretch(1)
        row.addWidget(self.start)
        column.addLayout(row)
        for field in (self.name, self.reason):
            field.textChanged.connect(self._enable)
        self.start.confirmed.connect(self._confirm)

    def _enable(self) -> None:
        self.start.setEnabled(bool(self.name.text().strip()) and len(self.reason.text().strip()) >= 5)

    def _confirm(self) -> None:
        self.confirmed.emit(f"{self.name.text().strip()}: {self.reason.text().strip()}")
        self.accept()
