"""The buttons on the map: go to, measure, follow, places, background, how coordinates are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PyQt6.QtGui import QAction, QActionGroup
from PyQt6.QtWidgets import (
    QFileDialog,
    QFrame,
    QInputDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QWidget,
)

from geofences.coordinates import FORMATS, CoordinateFormat
from groundstation.console.flow import FlowLayout
from groundstation.console.map.backgrounds import ENDINGS, Backgrounds
from groundstation.console.map.goto import Bookmark, Bookmarks
from groundstation.core.errors import ConfigError


class Commands(Protocol):
    """What the buttons do."""

    coordinates: CoordinateFormat

    def ask_where(self) -> None: ...
    def measure(self, on: bool) -> None: ...
    def follow(self, on: bool) -> None: ...
    def show_bookmark(self, mark: Bookmark) -> None: ...
    def bookmark_here(self, name: str) -> Bookmark: ...
    def write_coordinates(self, written_as: CoordinateFormat) -> None: ...


class MapBar(QFrame):
    """Buttons in the upper right corner of the map: a row, on a narrow map two."""

    def __init__(self, parent: QWidget, commands: Commands, bookmarks: Bookmarks, backgrounds: Backgrounds) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._commands, self._bookmarks, self._backgrounds = commands, bookmarks, backgrounds
        row = FlowLayout(self, spacing_px=3)
        row.setContentsMargins(3, 3, 3, 3)
        self.go_to = self._button(self.tr("Go to (G)"))
        self.go_to.clicked.connect(commands.ask_where)
        self.measure = self._button(self.tr("Measure (M)"), checkable=True)
        self.measure.toggled.connect(commands.measure)
        self.follow = self._button(self.tr("Follow (Shift+F)"), checkable=True)
        self.follow.toggled.connect(commands.follow)
        self.places = self._menu(self.tr("Places"), self._fill_places)
        self.background = self._menu(self.tr("Background"), self._fill_background)
        self.format = self._menu(self.tr("Coordinates"), self._fill_formats)

    def _button(self, text: str, checkable: bool = False) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName("small")
        button.setCheckable(checkable)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(button)
        return button

    def _menu(self, text: str, fill: Callable[[QMenu], None]) -> QPushButton:
        button = self._button(text)
        menu = QMenu(button)
        menu.aboutToShow.connect(lambda: (menu.clear(), fill(menu)))
        button.setMenu(menu)
        return button

    def place(self, width: int, left: int = 0) -> None:
        """Stand in the upper right corner of a map of this width, beside what takes ``left`` pixels of it."""
        room = max(width - left - 16, self.minimumSizeHint().width())
        wanted = min(self.sizeHint().width(), room)
        self.setGeometry(max(0, width - wanted - 8), 8, wanted, self.heightForWidth(wanted))

    # -- places --------------------------------------------------------------------------------------------------

    def _fill_places(self, menu: QMenu) -> None:
        self._act(menu, self.tr("Keep what is shown now …"), self.ask_bookmark)
        marks = self._bookmarks.all()
        if marks:
            menu.addSeparator()
        for mark in marks:
            self._act(menu, mark.name, lambda mark=mark: self._commands.show_bookmark(mark))
        if marks:
            menu.addSeparator()
            remove = menu.addMenu(self.tr("Remove"))
            for mark in marks if remove is not None else ():
                self._act(remove, mark.name, lambda mark=mark: self._bookmarks.remove(mark.name))

    def ask_bookmark(self) -> None:
        """Ask for the name and keep the place."""
        name, ok = QInputDialog.getText(self, self.tr("Keep this place"), self.tr("Name:"))
        if ok and name.strip():
            try:
                self._bookmarks.put(self._commands.bookmark_here(name.strip()))
            except ValueError as error:
                QMessageBox.warning(self, self.tr("Keep this place"), str(error))

    # -- background ----------------------------------------------------------------------------------------------

    def _fill_background(self, menu: QMenu) -> None:
        self._act(menu, self.tr("Add a map file …"), self._ask_file)
        self._act(menu, self.tr("Tile server …"), self._ask_server)
        files = self._backgrounds.files
        if files:
            menu.addSeparator()
            remove = menu.addMenu(self.tr("Remove"))
            for path in files if remove is not None else ():
                left = [other for other in files if other != path]
                self._act(remove, path.name, lambda left=left: self._backgrounds.set_files(left))

    def _ask_file(self) -> None:
        kinds = " ".join(f"*{ending}" for ending in ENDINGS)
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Add a map file"), "", self.tr("Maps") + f" ({kinds})")
        if name:
            self._backgrounds.set_files([*self._backgrounds.files, Path(name)])

    def _ask_server(self) -> None:
        text, ok = QInputDialog.getText(
            self,
            self.tr("Tile server"),
            self.tr("Address with {z}, {x} and {y}; empty for none. Every tile is kept on this machine."),
            QLineEdit.EchoMode.Normal,
            self._backgrounds.server,
        )
        if ok:
            try:
                self._backgrounds.set_server(text.strip())
            except ConfigError as error:
                QMessageBox.warning(self, self.tr("Tile server"), f"{error.message}\n{error.remedy}")

    # -- coordinates ---------------------------------------------------------------------------------------------

    def _fill_formats(self, menu: QMenu) -> None:
        names = {
            "decimal": self.tr("decimal degrees"),
            "dm": self.tr("degrees, minutes"),
            "dms": self.tr("degrees, minutes, seconds"),
            "utm": self.tr("UTM"),
            "mgrs": self.tr("MGRS"),
        }
        group = QActionGroup(menu)
        for name in FORMATS:
            action = self._act(menu, names[name], lambda name=name: self._commands.write_coordinates(name))
            action.setCheckable(True)
            action.setChecked(name == self._commands.coordinates)
            group.addAction(action)

    @staticmethod
    def _act(menu: QMenu | None, text: str, slot: Callable[[], object]) -> QAction:
        action = QAction(text, menu)
        action.triggered.connect(lambda _: slot())
        if menu is not None:
            menu.addAction(action)
        return action
