"""A row of buttons that goes on below when there is no room beside: words are longer in some languages, and screens narrower."""

from __future__ import annotations

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Items from left to right and then below. One of them may take what is left of its line: ``stretch``."""

    def __init__(self, parent: QWidget | None = None, spacing_px: int = 4, columns: bool = False) -> None:
        """``columns``: all as wide as the widest, so that those of one line stand below those of the one before."""
        super().__init__(parent)
        self._columns = columns
        self._items: list[QLayoutItem] = []
        self._stretched: QWidget | None = None
        self.setSpacing(spacing_px)
        self.setContentsMargins(0, 0, 0, 0)

    def stretch(self, widget: QWidget) -> None:
        """Let this one have what is left of its line."""
        self._stretched = widget

    def addItem(self, item: QLayoutItem | None) -> None:
        if item is not None:
            self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal if self._stretched is not None else Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, True)

    def sizeHint(self) -> QSize:
        """All beside each other."""
        sizes = [self._wanted(item) for item in self._shown()]
        margins = self.contentsMargins()
        return QSize(
            sum(s.width() for s in sizes) + self.spacing() * max(len(sizes) - 1, 0) + margins.left() + margins.right(),
            max((s.height() for s in sizes), default=0) + margins.top() + margins.bottom(),
        )

    def minimumSize(self) -> QSize:
        """The widest alone."""
        sizes = [item.minimumSize() for item in self._shown()]
        margins = self.contentsMargins()
        return QSize(
            max((s.width() for s in sizes), default=0) + margins.left() + margins.right(),
            max((s.height() for s in sizes), default=0) + margins.top() + margins.bottom(),
        )

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _wanted(self, item: QLayoutItem) -> QSize:
        size = item.sizeHint()
        if self._columns:
            size.setWidth(max(each.sizeHint().width() for each in self._shown()))
        return size

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        left = 0
        for item in self._shown():
            wanted = self._wanted(item).width()
            if lines and wanted + self.spacing() <= left:
                lines[-1].append(item)
                left -= wanted + self.spacing()
            else:
                lines.append([item])
                left = width - wanted
        return lines

    def _place(self, rect: QRect, really: bool) -> int:
        inner = rect.marginsRemoved(self.contentsMargins())
        y = inner.top()
        for number, line in enumerate(self._lines(inner.width())):
            y += self.spacing() if number else 0
            height = max(item.sizeHint().height() for item in line)
            spare = inner.width() - sum(self._wanted(i).width() for i in line) - self.spacing() * (len(line) - 1)
            x = inner.left()
            for item in line:
                width = min(self._wanted(item).width(), inner.width())
                if item.widget() is self._stretched and self._stretched is not None:
                    width += max(spare, 0)
                if really:
                    high = item.sizeHint().height()
                    item.setGeometry(QRect(x, y + (height - high) // 2, width, high))
                x += width + self.spacing()
            y += height
        margins = self.contentsMargins()
        return y - inner.top() + margins.top() + margins.bottom()
