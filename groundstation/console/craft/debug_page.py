"""What the station says: every topic with how often, how long ago, and the last value. For whoever looks for a fault."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import numpy as np
from PyQt6.QtCore import Qt, QTimer
from PyQt6.QtGui import QCloseEvent, QHideEvent, QShowEvent
from PyQt6.QtWidgets import (
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from groundstation.console import i18n
from groundstation.console.context import ConsoleContext
from groundstation.console.freshness import age_words
from groundstation.core.bus import Subscription
from groundstation.core.topics import ALL_TOPICS, Delivery, Topic

_LONGEST = 160


def short(value: object, depth: int = 0) -> str:
    """A value in a line: arrays by their shape, long sequences by their beginning."""
    if isinstance(value, np.ndarray):
        return f"array{value.shape}" if value.size > 4 else np.array2string(value, precision=4)
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        if depth > 2:
            return type(value).__name__
        parts = (f"{f.name}={short(getattr(value, f.name), depth + 1)}" for f in dataclasses.fields(value))
        return f"{type(value).__name__}({', '.join(parts)})"
    if isinstance(value, tuple | list) and not hasattr(value, "_fields"):
        inner = ", ".join(short(each, depth + 1) for each in value[:3])
        return f"[{inner}{f', … {len(value)}' if len(value) > 3 else ''}]"
    text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


class DebugPage(QWidget):
    """Looks once a second, and only while it is seen."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bus = context.bus
        self._heard: dict[str, Any] = {}
        self._subscriptions: list[tuple[Topic[Any], Subscription[Any]]] = []
        self._before: dict[str, tuple[int, int]] = {}
        self._topics = ALL_TOPICS
        column = QVBoxLayout(self)
        self._head = QLabel()
        self._head.setObjectName("dim")
        column.addWidget(self._head)
        self.table = QTableWidget(len(self._topics), 6)
        self.table.setHorizontalHeaderLabels(
            [
                self.tr("Topic"),
                self.tr("Records"),
                self.tr("A second"),
                self.tr("Age"),
                self.tr("State"),
                self.tr("Last value"),
            ]
        )
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        header, rows = self.table.horizontalHeader(), self.table.verticalHeader()
        assert header is not None
        assert rows is not None
        rows.hide()
        header.setSectionResizeMode(5, QHeaderView.ResizeMode.Stretch)
        for row, topic in enumerate(self._topics):
            for cell in range(6):
                self.table.setItem(row, cell, QTableWidgetItem(topic.name if cell == 0 else ""))
        self._whole = QPlainTextEdit()
        self._whole.setReadOnly(True)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.table)
        splitter.addWidget(self._whole)
        splitter.setSizes([480, 160])
        column.addWidget(splitter)
        self.table.currentCellChanged.connect(lambda *_: self._show_whole())
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.refresh)

    def showEvent(self, event: QShowEvent | None) -> None:
        super().showEvent(event)
        if not self._subscriptions:
            self._subscriptions = [
                (topic, self._bus.subscribe(topic)) for topic in self._topics if topic.delivery is Delivery.EVERY
            ]
        self._timer.start()
        self.refresh()

    def hideEvent(self, event: QHideEvent | None) -> None:
        self._leave()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent | None) -> None:
        self._leave()
        super().closeEvent(event)

    def _leave(self) -> None:
        self._timer.stop()
        for _, subscription in self._subscriptions:
            self._bus.unsubscribe(subscription)
        self._subscriptions.clear()

    def refresh(self) -> None:
        """Look again."""
        for topic, subscription in self._subscriptions:
            records = subscription.drain()
            if records:
                self._heard[topic.name] = records[-1]
        now_ns, statistics = time.monotonic_ns(), self._bus.statistics()
        for row, topic in enumerate(self._topics):
            known = statistics[topic.name]
            count_before, then_ns = self._before.get(topic.name, (known.count, now_ns))
            # Counted here: the bus's own figure does not fall when a topic stops.
            passed_s = (now_ns - then_ns) / 1e9
            rate = (known.count - count_before) / passed_s if passed_s > 0.2 else 0.0
            self._before[topic.name] = (known.count, now_ns)
            age_s = (now_ns - known.last_mono_ns) / 1e9 if known.count else float("inf")
            if not known.count:
                state = self.tr("never")
            elif topic.max_age_s and age_s > topic.max_age_s:
                state = self.tr("STALE")
            else:
                state = self.tr("live") if topic.max_age_s else ""
            value = self._value(topic)
            for cell, text in enumerate(
                (str(known.count), f"{rate:.1f}", age_words(age_s), state, short(value) if value is not None else ""), 1
            ):
                item = self.table.item(row, cell)
                if item is not None and item.text() != text:
                    item.setText(text)
        silent = sum(not s.count for s in statistics.values())
        self._head.setText(
            i18n.fill(self.tr("{topics} topics, {silent} never heard"), topics=len(self._topics), silent=silent)
        )
        self._show_whole()

    def _value(self, topic: Topic[Any]) -> object:
        if topic.delivery is Delivery.LATEST:
            known = self._bus.latest_all(topic)
            return known[-1] if known else None
        return self._heard.get(topic.name)

    def _show_whole(self) -> None:
        row = self.table.currentRow()
        if row < 0:
            return
        value = self._value(self._topics[row])
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            text = "\n".join(f"{f.name} = {short(getattr(value, f.name))}" for f in dataclasses.fields(value))
        else:
            text = "" if value is None else short(value)
        if text != self._whole.toPlainText():
            self._whole.setPlainText(text)
