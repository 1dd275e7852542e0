"""The legend: what is drawn, how it looks, how old it is, and a box to switch it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from PyQt6.QtCore import QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QBrush, QIcon, QPainter, QPen, QPixmap
from PyQt6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from groundstation.console import i18n, theme
from groundstation.console.map.symbols import shape_path
from groundstation.console.map.tools import LegendRow, MapLayer, age_text_of, legend_of

_W, _H = 30, 16
_STYLES = {"dash": Qt.PenStyle.DashLine, "dotted": Qt.PenStyle.DotLine}
_PATHS = {
    "dot": ("circle", 4.5, True), "box": ("square", 4.5, True), "wedge": ("triangle", 4.5, True), "cross": ("cross", 4.0, False),
    "ring": ("circle", 6.0, False), "diamond": ("diamond", 6.0, True), "diamond_ring": ("diamond", 6.0, False),
    "star": ("star", 7.0, True), "star_ring": ("star", 7.0, False), "arrow": ("arrow", 7.0, True),
}  # fmt: skip


def swatch(row: LegendRow, ratio: float = 1.0) -> QPixmap:
    """A small picture of how it is drawn."""
    pixmap = QPixmap(round(_W * ratio), round(_H * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = theme.colour(row.colour)
    painter.setPen(QPen(colour, 2.0, _STYLES.get(row.shape, Qt.PenStyle.SolidLine)))
    middle = QPointF(_W / 2, _H / 2)
    if row.shape in ("line", "dash", "dotted"):
        painter.drawLine(QPointF(2, middle.y()), QPointF(_W - 2, middle.y()))
    elif row.shape in ("square", "hatched", "dotted_area"):
        fill = {"hatched": Qt.BrushStyle.BDiagPattern, "dotted_area": Qt.BrushStyle.Dense6Pattern}
        style = fill.get(row.shape, Qt.BrushStyle.SolidPattern)
        painter.setPen(QPen(colour, 1.4, Qt.PenStyle.DashLine if row.shape == "dotted_area" else Qt.PenStyle.SolidLine))
        painter.setBrush(QBrush(theme.colour(row.colour, 70 if row.shape == "square" else 255), style))
        painter.drawRect(QRectF(4, 2, _W - 8, _H - 4))
    elif row.shape == "letter":
        painter.drawText(QRectF(0, 0, _W, _H), Qt.AlignmentFlag.AlignCenter, "H R")
    else:
        shape, size, filled = _PATHS.get(row.shape, ("circle", 4.5, True))
        painter.translate(middle)
        painter.setPen(QPen(colour, 1.6))
        if filled:
            painter.setBrush(QBrush(colour))
        painter.drawPath(shape_path(shape, size))
    painter.end()
    return pixmap


def wrapped(text: str, width: int = 26) -> str:
    """The text in lines of at most ``width`` letters."""
    return "\n".join(part for line in text.split("\n") for part in textwrap.wrap(line, width) or [""])


class _Row(QWidget):
    """One layer."""

    def __init__(self, layer: MapLayer, switched: Callable[[MapLayer, bool], None]) -> None:
        super().__init__()
        self.layer = layer
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 2)
        column.setSpacing(0)
        self.box = QCheckBox(layer.title)
        self.box.setChecked(layer.visible)
        self.box.toggled.connect(lambda on: switched(layer, on))
        column.addWidget(self.box)
        self.age = QLabel()
        self.age.setObjectName("dim")
        self.age.setContentsMargins(22, 0, 0, 0)
        self.age.hide()
        column.addWidget(self.age)
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(22, 0, 0, 0)
        self._rows.setSpacing(0)
        column.addLayout(self._rows)
        self._shown: tuple[LegendRow, ...] | None = None

    def update_look(self, force: bool = False) -> None:
        """Take what the layer tells now."""
        age = age_text_of(self.layer) if self.layer.visible else ""
        if age != self.age.toolTip():
            self.age.setText(wrapped(age))
            self.age.setToolTip(age)
            self.age.setVisible(bool(age))
        if self.box.isChecked() != self.layer.visible:
            self.box.blockSignals(True)
            self.box.setChecked(self.layer.visible)
            self.box.blockSignals(False)
        rows = tuple(legend_of(self.layer)) if self.layer.visible else ()
        if rows == self._shown and not force:
            return
        self._shown = rows
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        single = len(rows) == 1 and rows[0].text == self.layer.title
        self.box.setIcon(QIcon(swatch(rows[0], self.devicePixelRatioF())) if single else QIcon())
        self.box.setIconSize(QSize(_W, _H))
        for row in () if single else rows:
            line = QWidget()
            across = QHBoxLayout(line)
            across.setContentsMargins(0, 0, 0, 0)
            across.setSpacing(6)
            picture = QLabel()
            picture.setPixmap(swatch(row, self.devicePixelRatioF()))
            # Broken here and not by the label: one that breaks its lines itself tells a layout too small a height.
            text = QLabel(wrapped(row.text))
            text.setObjectName("dim")
            across.addWidget(picture)
            across.addWidget(text, 1)
            self._rows.addWidget(line)

    def texts(self) -> list[str]:
        """What stands under it."""
        return [row.text for row in self._shown or ()]


class Legend(QFrame):
    """A panel on the map's left; its heading folds it. ``switched(name, visible)`` is told what the operator does."""

    placed = pyqtSignal()
    """Told after every change of its place: what stands beside it makes room."""

    def __init__(self, parent: QWidget, switched: Callable[[str, bool], None], folded: bool = False) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._switched = switched
        self._rows: dict[str, _Row] = {}
        self._groups: dict[str, QVBoxLayout] = {}
        outer = QVBoxLayout(self)
        outer.setContentsMargins(4, 4, 4, 4)
        self.fold = QToolButton()
        self.fold.setText(self.tr("Layers (L)"))
        self.fold.setCheckable(True)
        self.fold.setChecked(not folded)
        self.fold.toggled.connect(self._folded)
        outer.addWidget(self.fold)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(2, 2, 2, 2)
        self._column.setSpacing(2)
        self._column.addStretch(1)
        self._scroll.setWidget(inner)
        outer.addWidget(self._scroll, 1)
        self._folded(not folded)

    def add(self, layer: MapLayer) -> None:
        """One layer more."""
        if layer.group not in self._groups:
            group = QVBoxLayout()
            heading = QLabel(layer.group.upper())
            heading.setObjectName("title")
            group.addWidget(heading)
            self._column.insertLayout(self._column.count() - 1, group)
            self._groups[layer.group] = group
        row = _Row(layer, self._on_switched)
        self._rows[layer.name] = row
        self._groups[layer.group].addWidget(row)
        row.update_look()

    def remove(self, name: str) -> None:
        """A layer has gone."""
        row = self._rows.pop(name, None)
        if row is not None:
            row.hide()
            row.deleteLater()

    def update_look(self, force: bool = False) -> None:
        """Bring colours, words and ages up to date; the map calls it twice a second."""
        if self.fold.isChecked() or force:
            for row in self._rows.values():
                row.update_look(force)
        # Folded, it still says that something is old.
        old = sum(bool(row.layer.visible and age_text_of(row.layer)) for row in self._rows.values())
        text = self.tr("Layers (L)")
        if old:
            text += " · " + i18n.fill(self.tr("{n} not live"), n=old)
        if text != self.fold.text():
            self.fold.setText(text)
            parent = self.parentWidget()
            if parent is not None:
                self.place(parent.height())

    def box(self, name: str) -> QCheckBox:
        """The box of a layer."""
        return self._rows[name].box

    def age_of(self, name: str) -> str:
        """What the legend says of a layer's age."""
        return self._rows[name].age.toolTip()

    def texts(self, name: str) -> list[str]:
        """The rows under a layer."""
        return self._rows[name].texts()

    def place(self, height: int) -> None:
        """Fit into a map of this height."""
        wanted = self.sizeHint().height()
        if self.fold.isChecked():
            inner = self._scroll.widget()
            wanted = self.fold.sizeHint().height() + (inner.sizeHint().height() if inner is not None else 0) + 24
        self.setGeometry(8, 8, 250 if self.fold.isChecked() else self.sizeHint().width(), min(wanted, height - 60))
        self.placed.emit()

    def covers(self) -> int:
        """Pixels of the map's width that it hides."""
        return self.geometry().right() if self.fold.isChecked() else 0

    def _on_switched(self, layer: MapLayer, visible: bool) -> None:
        layer.visible = visible
        self._switched(layer.name, visible)
        self._rows[layer.name].update_look()

    def _folded(self, is_open: bool) -> None:
        self._scroll.setVisible(is_open)
        parent = self.parentWidget()
        if is_open:
            self.update_look(force=True)
        if parent is not None:
            self.place(parent.height())
