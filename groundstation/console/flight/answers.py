"""Answers of the station to what the operator asked, brought to the GUI thread."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from PyQt6.QtCore import QObject, QTimer, pyqtSignal


class Answers(QObject):
    """Futures are polled, so that their results arrive on the GUI thread and never after the widget is gone."""

    arrived = pyqtSignal(str, object)
    """The name of what was asked, and its result, or the exception."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[tuple[str, Future[Any]]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(50)
        self._timer.timeout.connect(self._collect)

    @property
    def waiting(self) -> tuple[str, ...]:
        """What has no answer yet."""
        return tuple(name for name, _ in self._waiting)

    def expect(self, name: str, future: Future[Any]) -> None:
        """Wait for an answer."""
        self._waiting.append((name, future))
        self._timer.start()

    def _collect(self) -> None:
        done = [entry for entry in self._waiting if entry[1].done()]
        for entry in done:
            self._waiting.remove(entry)
        if not self._waiting:
            self._timer.stop()
        for name, future in done:
            try:
                result: object = future.result()
            except Exception as error:
                result = error
            self.arrived.emit(name, result)
