"""The menus: every command of the window by name, with its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction, QActionGroup, QKeySequence
from PyQt6.QtWidgets import QInputDialog, QMenu

from groundstation.console import i18n
from groundstation.console.layouts import DEFAULT

if TYPE_CHECKING:
    from groundstation.console.window import ConsoleWindow

_THEMES = (
    ("dark", i18n.mark("themes", "Dark")),
    ("light", i18n.mark("themes", "Light")),
    ("night_red", i18n.mark("themes", "Night, red")),
)
_MENUS = {
    "View": i18n.mark("menus", "View"),
    "Station": i18n.mark("menus", "Station"),
    "Plan": i18n.mark("menus", "Plan"),
    "Shift": i18n.mark("menus", "Shift"),
    "Share": i18n.mark("menus", "Share"),
    "Help": i18n.mark("menus", "Help"),
}


def _tr(source: str) -> str:
    return i18n.text("menus", source)


class Menus:
    """Built once; the list of layouts is made anew each time that it is opened."""

    def __init__(self, window: ConsoleWindow) -> None:
        self._window = window
        self._menus: dict[str, QMenu] = {}
        settings = window.context.settings
        self._menu("Station")
        view = self._menu("View")
        by_menu: dict[str, bool] = {}
        for spec in window.specs:
            menu = self._menu(spec.menu)
            by_menu[spec.menu] = True
            self._add(
                menu, i18n.text("views", spec.title), spec.shortcut, lambda name=spec.name: window.show_view(name)
            )
        view.addSeparator()
        self._add(view, _tr("Next panel"), "F6", lambda: window.next_panel(1))
        self._add(view, _tr("Panel before"), "Shift+F6", lambda: window.next_panel(-1))
        self._add(view, _tr("Whole screen"), "F11", self._whole_screen)
        arrange = self._add(view, _tr("Arrange panels"), "Ctrl+Shift+A", lambda: window.lock(not window.locked))
        arrange.setCheckable(True)
        panels = view.addMenu(_tr("Panels shown"))
        assert panels is not None
        for dock in window.docks.values():
            panels.addAction(dock.toggleViewAction())
        self._layouts = view.addMenu(_tr("Layout"))
        assert self._layouts is not None
        self._layouts.aboutToShow.connect(self._fill_layouts)
        themes = view.addMenu(_tr("Colours"))
        assert themes is not None
        group = QActionGroup(window)
        for name, word in _THEMES:
            action = self._add(themes, i18n.text("themes", word), "", lambda name=name: settings.change(theme=name))
            action.setCheckable(True)
            action.setChecked(name == settings.theme)
            group.addAction(action)
            settings.changed.connect(
                lambda changed, name=name, action=action: (
                    action.setChecked(name == settings.theme) if changed == "theme" else None
                )
            )
        self._add(view, _tr("Next colours"), "Ctrl+T", self._next_theme)
        self._add(view, _tr("Larger text"), "Ctrl++", lambda: self._text(1))
        self._add(view, _tr("Smaller text"), "Ctrl+-", lambda: self._text(-1))
        station = self._menu("Station")
        station.addSeparator()
        services = window.context.services
        if "another_window" in services:
            self._add(station, _tr("Another window"), "Ctrl+N", lambda: services["another_window"](True))
        if "write_report" in services:
            self._add(self._menu("Help"), _tr("Write a report"), "", self._report)
        self._add(station, _tr("Close the console (the station goes on)"), "Ctrl+Q", window.close)

    def all(self) -> list[QAction]:
        """Every action with a text, for the page of shortcuts."""
        found: list[QAction] = []

        def walk(menu: QMenu) -> None:
            for action in menu.actions():
                below = action.menu()
                if below is not None:
                    walk(below)
                elif action.text():
                    found.append(action)

        for menu in self._menus.values():
            walk(menu)
        return found

    def _menu(self, name: str) -> QMenu:
        if name not in self._menus:
            bar = self._window.menuBar()
            assert bar is not None
            made = bar.addMenu(i18n.text("menus", _MENUS.get(name, name)))
            assert made is not None
            self._menus[name] = made
        return self._menus[name]

    def _add(self, menu: QMenu, text: str, key: str, slot: Callable[[], object]) -> QAction:
        action = QAction(text, self._window)
        if key:
            action.setShortcut(QKeySequence(key))
        action.triggered.connect(lambda _checked=False: slot())
        menu.addAction(action)
        return action

    def _report(self) -> None:
        path = self._window.context.services["write_report"]()
        self._window.say(i18n.fill(_tr("Report: {path}"), path=path or "–"), 120.0)

    def _whole_screen(self) -> None:
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def _next_theme(self) -> None:
        names = [name for name, _ in _THEMES]
        settings = self._window.context.settings
        settings.change(theme=names[(names.index(settings.theme) + 1) % len(names)])

    def _text(self, step: int) -> None:
        settings = self._window.context.settings
        settings.change(text_px=min(max(settings.text_px + step, 9), 32))

    def _fill_layouts(self) -> None:
        menu, window = self._layouts, self._window
        assert menu is not None
        menu.clear()
        for name in window.layouts.names():
            action = self._add(menu, name, "", lambda name=name: window.layouts.restore(name))
            action.setCheckable(True)
            action.setChecked(name == window.context.settings.layout)
        menu.addSeparator()
        self._add(menu, _tr("Keep as…"), "", self._keep)
        self._add(menu, _tr("As at first"), "", window.layouts.reset)

    def _keep(self) -> None:
        name, given = QInputDialog.getText(self._window, _tr("Keep the layout"), _tr("Name"), text=DEFAULT)
        if given and name.strip():
            self._window.layouts.save(name.strip().replace("/", "-"))
