"""One shape by its figures: name, heights, times, buffer, and every corner as coordinates that can be typed."""

from __future__ import annotations

from typing import Any

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from geofences.coordinates import FORMATS, CoordinateFormat, coordinate_text, parse_coordinate, parse_coordinates
from geofences.errors import ConfigError, MarchwardenError
from geofences.windows import parse_windows, windows_text
from geofences.zone import REFERENCES, Height
from groundstation.console import theme
from groundstation.console.planner import edits
from groundstation.console.planner.document import PlannerDocument, Shape
from groundstation.console.planner.session import PlannerSession

_FORMAT_WORDS = {"decimal": "49.05, 22.70", "dm": "49°03.0'N", "dms": "49°03'00\"N", "utm": "UTM", "mgrs": "MGRS"}


class _HeightField(QWidget):
    """A height and what it is measured from; empty: none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.metres = QLineEdit()
        self.metres.setPlaceholderText(self.tr("none"))
        self.reference = QComboBox()
        words = {
            "home": self.tr("m above home"),
            "amsl": self.tr("m above sea level"),
            "ground": self.tr("m above ground"),
        }
        for name in REFERENCES:
            self.reference.addItem(words[name], name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.metres, 1)
        row.addWidget(self.reference, 2)
        self.show_height(None)

    def show_height(self, height: Height | None) -> None:
        self.metres.setText("" if height is None else f"{height.metres:g}")
        self.reference.setCurrentIndex(self.reference.findData("home" if height is None else height.reference))

    def height_now(self) -> Height | None:
        """Raises :class:`ConfigError` for what is no number."""
        text = self.metres.text().strip().replace(",", ".")
        if not text:
            return None
        try:
            return Height(float(text), self.reference.currentData())
        except ValueError as error:
            raise ConfigError(f"{text!r} is no height", "give metres, like 120, or leave it empty") from error


class ShapeForm(QWidget):
    """The chosen shape. Every change is a step; what is typed wrong is said and the old figure comes back."""

    def __init__(self, session: PlannerSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._filling = False
        self._shown: tuple[object, ...] | None = None
        self.name = QLineEdit()
        self.radius = self._metres(0.1, 100_000.0)
        self.half_width = self._metres(0.1, 50_000.0)
        self.buffer = self._metres(0.0, 10_000.0)
        self.floor, self.ceiling, self.top = _HeightField(), _HeightField(), _HeightField()
        self.windows = QLineEdit()
        self.windows.setPlaceholderText(self.tr("always; or Mo-Fr 22:00-04:00 (UTC)"))
        self.left, self.right, self.own = QLineEdit(), QLineEdit(), QComboBox()
        self._form = QFormLayout()
        self._form.setContentsMargins(0, 0, 0, 0)
        self._rows: dict[str, QWidget] = {}
        for key, label, field in (
            ("name", self.tr("Name"), self.name),
            ("radius_m", self.tr("Radius"), self.radius),
            ("half_width_m", self.tr("Half width"), self.half_width),
            ("floor", self.tr("From height"), self.floor),
            ("ceiling", self.tr("Up to height"), self.ceiling),
            ("top", self.tr("Its top"), self.top),
            ("windows", self.tr("When"), self.windows),
            ("buffer_m", self.tr("Buffer"), self.buffer),
            ("left", self.tr("Land on its left"), self.left),
            ("right", self.tr("Land on its right"), self.right),
            ("own", self.tr("Ours is"), self.own),
        ):
            field.setAccessibleName(label)
            self._rows[key] = field
            self._form.addRow(label, field)
        self._connect()
        self.heading = QLabel()
        self.heading.setObjectName("title")
        self.format = QComboBox()
        for each in FORMATS:
            self.format.addItem(_FORMAT_WORDS[each], each)
        self.format.setAccessibleName(self.tr("Coordinates written as"))
        self.format.currentIndexChanged.connect(self._format_chosen)
        self.table = QTableWidget(0, 1)
        self.table.setHorizontalHeaderLabels([self.tr("Corner (type or paste any form)")])
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setAccessibleName(self.tr("Coordinates"))
        self.table.itemChanged.connect(self._typed)
        self.table.currentCellChanged.connect(self._row_chosen)
        self.add_corner, self.drop_corner = QPushButton(self.tr("Add corner")), QPushButton(self.tr("Delete corner"))
        self.paste = QPushButton(self.tr("Paste list"))
        for button, slot in (
            (self.add_corner, self._add_corner), (self.drop_corner, self._drop_corner), (self.paste, self._paste),
        ):  # fmt: skip
            button.setObjectName("small")
            button.clicked.connect(slot)
        QShortcut(QKeySequence.StandardKey.Paste, self.table, activated=self._paste)
        below = QHBoxLayout()
        for button in (self.add_corner, self.drop_corner, self.paste):
            below.addWidget(button)
        below.addWidget(self.format, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.heading)
        layout.addLayout(self._form)
        layout.addWidget(self.table, 1)
        layout.addLayout(below)
        session.chosen.connect(self.refresh)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.refresh()

    def _restyle(self) -> None:
        t = theme.palette()
        self.table.setStyleSheet(f"QHeaderView, QTableCornerButton::section {{ background: {t.panel}; border: none; }}")

    def _metres(self, low: float, high: float) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setRange(low, high)
        field.setDecimals(1)
        field.setSuffix(" m")
        field.setKeyboardTracking(False)
        return field

    def _connect(self) -> None:
        self.name.editingFinished.connect(lambda: self._set(name=self.name.text().strip()))
        self.radius.valueChanged.connect(lambda v: self._set(radius_m=v))
        self.half_width.valueChanged.connect(lambda v: self._set(half_width_m=v))
        self.buffer.valueChanged.connect(lambda v: self._set(buffer_m=v))
        for key, field in (("floor", self.floor), ("ceiling", self.ceiling), ("top", self.top)):
            field.metres.editingFinished.connect(lambda k=key, f=field: self._set_height(k, f))
            field.reference.activated.connect(lambda _, k=key, f=field: self._set_height(k, f))
        self.windows.editingFinished.connect(self._set_windows)
        self.left.editingFinished.connect(lambda: self._set_side("left", self.left.text().strip()))
        self.right.editingFinished.connect(lambda: self._set_side("right", self.right.text().strip()))
        self.own.activated.connect(lambda _: self._set(own=self.own.currentText()))

    # -- showing -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the chosen shape."""
        shape = self._session.selected
        state = (shape, self._session.coordinates, self._session.corner, len(self._session.selection))
        if state == self._shown:
            return
        same = self._shown is not None and self._shown[:2] == state[:2]
        self._shown = state
        self._filling = True
        try:
            if not same:
                self._fill(shape)
            self._mark_corner(shape)
        finally:
            self._filling = False

    def _fill(self, shape: Shape | None) -> None:
        self.setEnabled(shape is not None)
        if shape is None:
            many = len(self._session.selection)
            self.heading.setText(
                self.tr("{n} shapes are chosen").format(n=many)
                if many
                else self.tr("No shape is chosen: click one on the map")
            )
            self.table.setRowCount(0)
            for field in self._rows.values():
                self._form.setRowVisible(field, False)
            return
        self.heading.setText(f"{shape.name}".upper())
        zone = shape.is_zone
        shown = {
            "name": True, "radius_m": shape.kind == "circle" or shape.role == "obstacle",
            "half_width_m": shape.kind == "corridor", "floor": zone and shape.role != "no_look",
            "ceiling": zone and shape.role != "no_look", "top": shape.role == "obstacle", "windows": zone,
            "buffer_m": zone, "left": shape.role == "border", "right": shape.role == "border", "own": shape.role == "border",
        }  # fmt: skip
        for key, field in self._rows.items():
            self._form.setRowVisible(field, shown[key])
        self.name.setText(shape.name)
        for spin, value in (
            (self.radius, shape.radius_m),
            (self.half_width, shape.half_width_m),
            (self.buffer, shape.buffer_m),
        ):
            spin.setValue(value)
        for height_field, height in ((self.floor, shape.floor), (self.ceiling, shape.ceiling), (self.top, shape.top)):
            height_field.show_height(height)
        self.windows.setText(windows_text(shape.windows) if shape.windows else "")
        self.left.setText(shape.left)
        self.right.setText(shape.right)
        self.own.clear()
        self.own.addItems([shape.left, shape.right])
        self.own.setCurrentText(shape.own)
        self.format.setCurrentIndex(self.format.findData(self._session.coordinates))
        self._fill_table(shape)
        several = shape.kind not in ("circle", "point")
        self.add_corner.setEnabled(several)
        self.drop_corner.setEnabled(several)

    def _fill_table(self, shape: Shape) -> None:
        rows = [(ring, k, place) for ring, points in enumerate(shape.rings) for k, place in enumerate(points)]
        self.table.setRowCount(len(rows))
        heads = []
        for row, (ring, k, place) in enumerate(rows):
            heads.append(f"{k + 1}" if ring == 0 else self.tr("hole {n}, {k}").format(n=ring, k=k + 1))
            try:
                text = coordinate_text(*place, self._session.coordinates)
            except ConfigError:
                text = coordinate_text(*place)
            item = QTableWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, (ring, k))
            self.table.setItem(row, 0, item)
        self.table.setVerticalHeaderLabels(heads)

    def _mark_corner(self, shape: Shape | None) -> None:
        corner = self._session.corner
        if shape is None or corner is None or corner[0] != shape.ident:
            return
        for row in range(self.table.rowCount()):
            if self.table.item(row, 0).data(Qt.ItemDataRole.UserRole) == corner[1:]:
                self.table.setCurrentCell(row, 0)
                return

    # -- changing ----------------------------------------------------------------------------------------------------

    def _do(self, name: str, edit: Any) -> None:
        if self._filling:
            return
        if not self._session.do(name, edit):
            self._again()

    def _again(self) -> None:
        """What was typed was refused: show what is."""
        self._shown = None
        self.refresh()

    def _set(self, **values: Any) -> None:
        shape = self._session.selected
        if self._filling or shape is None or all(getattr(shape, k) == v for k, v in values.items()):
            return
        self._do(self.tr("Change {name}").format(name=shape.name), lambda d: edits.change(d, shape.ident, **values))

    def _refused(self, error: MarchwardenError) -> None:
        self._session.said.emit(f"{error.message}: {error.remedy}", "caution")
        self._again()

    def _set_height(self, key: str, field: _HeightField) -> None:
        if self._filling:
            return
        try:
            self._set(**{key: field.height_now()})
        except ConfigError as error:
            self._refused(error)

    def _set_windows(self) -> None:
        text = self.windows.text().strip()
        try:
            self._set(windows=parse_windows(text) if text else ())
        except ConfigError as error:
            self._refused(error)

    def _set_side(self, side: str, name: str) -> None:
        shape = self._session.selected
        if shape is None or not name:
            self._again()
            return
        values = {side: name}
        if shape.own == getattr(shape, side):
            values["own"] = name
        self._set(**values)

    # -- corners -----------------------------------------------------------------------------------------------------

    def _format_chosen(self) -> None:
        chosen: CoordinateFormat = self.format.currentData()
        if not self._filling and chosen != self._session.coordinates:
            self._session.coordinates = chosen
            self.refresh()

    def _typed(self, item: QTableWidgetItem) -> None:
        shape = self._session.selected
        if self._filling or shape is None:
            return
        ring, index = item.data(Qt.ItemDataRole.UserRole)
        try:
            found = parse_coordinate(item.text())
        except ConfigError as error:
            self._refused(error)
            return
        place = (found.lat_deg, found.lon_deg)
        self._do(self.tr("Type a corner"), lambda d: edits.move_point(d, shape.ident, ring, index, place))
        self._again()

    def _row_chosen(self, row: int, *_: int) -> None:
        shape = self._session.selected
        item = self.table.item(row, 0) if row >= 0 else None
        if self._filling or shape is None or item is None:
            return
        where = item.data(Qt.ItemDataRole.UserRole)
        if where is not None and self._session.corner != (shape.ident, *where):
            self._session.choose_corner(shape.ident, *where)

    def _current(self) -> tuple[int, int] | None:
        item = self.table.item(max(self.table.currentRow(), 0), 0)
        return item.data(Qt.ItemDataRole.UserRole) if item is not None else None

    def _add_corner(self) -> None:
        shape, where = self._session.selected, self._current()
        if shape is None or where is None:
            return
        ring, index = where
        points = shape.rings[ring]
        a = points[index]
        b = points[(index + 1) % len(points)] if shape.closed or index + 1 < len(points) else points[index - 1]
        half = 0.5 if shape.closed or index + 1 < len(points) else -0.5
        place = (a[0] + half * (b[0] - a[0]), a[1] + half * (b[1] - a[1]))
        if self._session.do(
            self.tr("New corner"), lambda d: edits.insert_point(d, shape.ident, ring, index + 1, place)
        ):
            self._session.choose_corner(shape.ident, ring, index + 1)

    def _drop_corner(self) -> None:
        shape, where = self._session.selected, self._current()
        if shape is not None and where is not None:
            self._session.do(self.tr("Delete corner"), lambda d: edits.delete_point(d, shape.ident, *where))

    def _paste(self) -> None:
        """Many corners at once, one a line: they take the place of the ring."""
        shape = self._session.selected
        if shape is None:
            return
        clipboard = QApplication.clipboard()
        try:
            places = [
                (c.lat_deg, c.lon_deg) for c in parse_coordinates(clipboard.text() if clipboard is not None else "")
            ]
        except ConfigError as error:
            self._refused(error)
            return
        where = self._current() or (0, 0)

        def edit(document: PlannerDocument) -> PlannerDocument:
            if shape.kind in ("circle", "point"):
                return edits.set_points(document, shape.ident, 0, places[:1])
            if len(places) == 1:
                return edits.insert_point(document, shape.ident, where[0], where[1] + 1, places[0])
            return edits.set_points(document, shape.ident, where[0], places)

        self._do(self.tr("Paste corners"), edit)
