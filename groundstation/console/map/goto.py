"""Going to a place that is typed, and the places that the operator keeps."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from geofences.coordinates import Coordinate, parse_coordinate
from geofences.errors import ConfigError
from groundstation.console.settings import ConsoleSettings

_PART = "map.bookmarks"
_MOST = 200


class GoToDialog(QDialog):
    """A line for a coordinate in any notation. What is not understood is said while it is typed."""

    def __init__(self, go: Callable[[Coordinate], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Go to coordinate"))
        self.setMinimumWidth(460)
        self._go = go
        column = QVBoxLayout(self)
        column.addWidget(QLabel(self.tr("Degrees, degrees and minutes, UTM or MGRS:")))
        self.line = QLineEdit()
        self.line.setPlaceholderText("49.05 22.70   ·   N 49°03'00\" E 22°42'00\"   ·   34U EV 12345 54321")
        column.addWidget(self.line)
        self.answer = QLabel()
        self.answer.setWordWrap(True)
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        column.addWidget(self.answer)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go_button = self.buttons.addButton(self.tr("Go"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self._accept)
        self.buttons.rejected.connect(self.reject)
        column.addWidget(self.buttons)
        self.line.textChanged.connect(self._typed)
        self.place: Coordinate | None = None
        self._typed("")

    def _typed(self, text: str) -> None:
        self.place = None
        if text.strip():
            try:
                self.place = parse_coordinate(text)
                self.answer.setText(f"{self.place.lat_deg:.6f}  {self.place.lon_deg:.6f}")
            except ConfigError as error:
                self.answer.setText(f"{error.message}: {error.remedy}")
        else:
            self.answer.setText("")
        self.go_button.setEnabled(self.place is not None)

    def _accept(self) -> None:
        if self.place is not None:
            self._go(self.place)
            self.accept()


@dataclass(frozen=True)
class Bookmark:
    """A place with a name, and how many metres of ground the map shows across."""

    name: str
    lat_deg: float
    lon_deg: float
    width_m: float


class Bookmarks:
    """The places that are kept in the console's settings; what cannot be read there is left out."""

    def __init__(self, settings: ConsoleSettings) -> None:
        self._settings = settings

    def all(self) -> list[Bookmark]:
        """In the order of their names."""
        raw = self._settings.part(_PART, [])
        found: dict[str, Bookmark] = {}
        for one in raw if isinstance(raw, list) else []:
            try:
                mark = Bookmark(str(one["name"]), float(one["lat_deg"]), float(one["lon_deg"]), float(one["width_m"]))
            except (KeyError, TypeError, ValueError):
                continue
            if (
                abs(mark.lat_deg) <= 85.0
                and abs(mark.lon_deg) <= 180.0
                and math.isfinite(mark.width_m)
                and mark.width_m > 0
            ):
                found[mark.name] = mark
        return [found[name] for name in sorted(found)]

    def put(self, mark: Bookmark) -> None:
        """Keep one; one of the same name is replaced. Raises ``ValueError`` without a name or when there are too many."""
        if not mark.name.strip():
            raise ValueError("a bookmark needs a name")
        others = [one for one in self.all() if one.name != mark.name]
        if len(others) >= _MOST:
            raise ValueError(f"more than {_MOST} bookmarks")
        self._settings.put_part(_PART, [asdict(one) for one in (*others, mark)])

    def remove(self, name: str) -> None:
        """Let one go."""
        self._settings.put_part(_PART, [asdict(one) for one in self.all() if one.name != name])
