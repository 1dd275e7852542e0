"""The harness of the window tests: what a test leaves behind is not taken away while it is painted."""

from PyQt6.QtGui import QPainter
from PyQt6.QtWidgets import QWidget

painted = []


class Busy(QWidget):
    """Makes so many objects while it paints that a collection would begin."""

    def paintEvent(self, event):  # noqa: N802
        painter = QPainter(self)
        painted.append([[k] for k in range(50_000)] and self.width())
        painter.drawLine(0, 0, 9, 9)
        painter.end()


class Held(QWidget):
    """A window that only a cycle holds."""

    def __init__(self):
        super().__init__()
        self.me, self.part = self, Busy(self)


def test_a_window_that_nobody_holds_lives_while_it_is_painted(qtbot):
    Held().show()


def test_it_was_painted_when_its_test_was_over(qapp):
    assert painted
