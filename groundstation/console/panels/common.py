"""Small pieces that the panels share."""

from __future__ import annotations

import math

from PyQt6.QtCore import QElapsedTimer, QEvent, QRectF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from groundstation.console import i18n, theme


class Panel(QFrame):
    """A titled box; put widgets into ``body``."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(10, 8, 10, 10)
        outer.setSpacing(6)
        self.header = QHBoxLayout()
        self.title = QLabel(title.upper())
        self.title.setObjectName("title")
        self.header.addWidget(self.title)
        self.header.addStretch(1)
        outer.addLayout(self.header)
        self.body = QVBoxLayout()
        self.body.setSpacing(6)
        outer.addLayout(self.body, 1)


class Lamp(QWidget):
    """One state of the station: a name, a word and a colour that says the same. A click asks for more of it."""

    clicked = pyqtSignal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(0)
        self._caption = QLabel(name.upper())
        self._caption.setObjectName("title")
        self._word = QLabel("–")
        layout.addWidget(self._caption)
        layout.addWidget(self._word)
        self.state = ""
        theme.changed.connect(self._restyle)
        self.show_state("off", self.tr("no data"))

    @property
    def word(self) -> str:
        """What it says."""
        return self._word.text()

    def show_state(self, state: str, word: str, hint: str = "") -> None:
        """``state``: "ok", "caution", "alarm" or "off"."""
        if state != self.state:
            self.state = state
            self._restyle()
        if word != self._word.text():
            self._word.setText(word)
        if hint != self.toolTip():
            self.setToolTip(hint)
        said = f"{self._caption.text()}: {word}"
        if said != self.accessibleName():
            self.setAccessibleName(said)

    def _restyle(self) -> None:
        name = theme.state_colour(self.state)
        # An alarm is also a filled plate: seen without its colour.
        look = f"color: {theme.palette().on_alarm}; background: {name};" if self.state == "alarm" else f"color: {name};"
        self._word.setStyleSheet(f"{look} font-size: 15px; font-weight: 700; padding: 0 3px; border-radius: 3px;")

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        super().mouseReleaseEvent(event)
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()


class HoldButton(QPushButton):
    """Acts only when held (a second, unless told otherwise): what moves an aircraft is never pressed by accident.

    The space bar works like the mouse.
    """

    confirmed = pyqtSignal()
    HOLD_MS = 900

    def __init__(self, text: str, parent: QWidget | None = None, hold_ms: int = HOLD_MS) -> None:
        super().__init__(text, parent)
        self._hold_ms = hold_ms
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(30)
        self._timer.timeout.connect(self._progress)
        self._fraction = 0.0
        self.setToolTip(i18n.fill(self.tr("Hold it for {seconds} s"), seconds=f"{hold_ms / 1000:.1f}"))

    def _begin(self) -> None:
        self._clock.start()
        self._timer.start()

    def _end(self) -> None:
        self._timer.stop()
        self._fraction = 0.0
        self.update()

    def _progress(self) -> None:
        self._fraction = min(self._clock.elapsed() / self._hold_ms, 1.0)
        self.update()
        if self._fraction >= 1.0:
            self._end()
            self.confirmed.emit()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        super().mousePressEvent(event)
        if self.isEnabled() and event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._begin()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self._end()
        super().mouseReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        # A key that is released elsewhere never tells: what was held is let go.
        self._end()
        super().focusOutEvent(event)

    def changeEvent(self, event: QEvent | None) -> None:
        if event is not None and event.type() == QEvent.Type.EnabledChange and not self.isEnabled():
            self._end()
        super().changeEvent(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() == Qt.Key.Key_Space and not event.isAutoRepeat() and self.isEnabled():
            self._begin()
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._end()
        super().keyReleaseEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        super().paintEvent(event)
        if self._fraction > 0.0:
            painter = QPainter(self)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.INFORMATION))
            painter.drawRect(QRectF(3, self.height() - 6, (self.width() - 6) * self._fraction, 4))
            painter.end()


def number(value: float, unit: str, digits: int = 0) -> str:
    """A value with its unit, or a dash when it was never received."""
    return f"{value:.{digits}f} {unit}" if math.isfinite(value) else "–"
