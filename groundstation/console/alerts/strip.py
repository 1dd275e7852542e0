"""What waits is seen whatever covers the console: a count in the window's title, and a strip above all windows."""

from __future__ import annotations

from PyQt6.QtCore import QEvent, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QMouseEvent
from PyQt6.QtWidgets import QApplication, QHBoxLayout, QLabel, QMainWindow, QWidget

from groundstation.console import theme

_AWAY_S = 2.0


def main_window_of(widget: QWidget) -> QWidget:
    """The console's window, also for a view in a dock that floats."""
    found: QWidget | None = widget
    while found is not None and not isinstance(found, QMainWindow):
        found = found.parentWidget()
    return found if found is not None else widget.window() or widget


class WindowTitle:
    """The number of waiting alerts before a window's own title, and off again."""

    def __init__(self) -> None:
        self._shown = ""
        self._own = ""

    def show(self, window: QWidget, waiting: int) -> None:
        """Set it; a title that somebody else has set meanwhile is the new one to put the number before."""
        if window.windowTitle() != self._shown:
            self._own = window.windowTitle()
        title = f"({waiting}) {self._own}" if waiting else self._own
        if title != window.windowTitle():
            window.setWindowTitle(title)
        self._shown = title


class TopStrip(QWidget):
    """Above all windows while alerts wait and the console is covered, minimised or not the one in use.

    It never takes the keyboard; a click brings the console back.
    """

    clicked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("strip")
        self._label = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 14, 6)
        row.addWidget(self._label)
        self._was_in_use = False
        self._in_use_s = 0.0
        self._retired = False

    @property
    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def show_for(self, window: QWidget, words: str, colour_name: str, now_s: float) -> None:
        """``words`` "": nothing waits. ``now_s``: monotonic time; a moment between two windows is not being away."""
        in_use = self._is_in_use(window)
        self._was_in_use = self._was_in_use or in_use
        if in_use:
            self._in_use_s = now_s
        # Before the console was ever in use, as while it starts, it is not covered by anything.
        if self._retired or not words or not self._was_in_use or now_s - self._in_use_s < _AWAY_S:
            self.hide()
            return
        if words != self._label.text():
            t = theme.palette()
            self._label.setText(words)
            self.setStyleSheet(
                f"QWidget#strip {{ background: {getattr(t, colour_name)}; border: 2px solid {t.selected}; }}"
                f" QLabel {{ color: {t.on_alarm}; font-size: 16px; font-weight: 700; }}"
            )
            self.adjustSize()
        if not self.isVisible():
            screen = window.screen() or QGuiApplication.primaryScreen()
            if screen is not None:
                area = screen.availableGeometry()
                self.move(area.center().x() - self.width() // 2, area.top() + 4)
            self.show()

    def retire(self) -> None:
        """The console is being closed: there is nothing to bring back."""
        self._retired = True
        self.hide()

    @staticmethod
    def _is_in_use(window: QWidget) -> bool:
        """Whether the operator has the console, or a dialogue of it, in front."""
        if window.isMinimized() or not window.isVisible():
            return False
        # Who looks at a replay does not see what is live.
        active = QApplication.activeWindow()
        return active is not None and not active.property("replay")

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """Bring the console back."""
        self.clicked.emit()

    def event(self, event: QEvent | None) -> bool:
        """A strip that is closed by the window system only hides."""
        if event is not None and event.type() == QEvent.Type.Close:
            event.ignore()
            self.hide()
            return True
        return super().event(event)
