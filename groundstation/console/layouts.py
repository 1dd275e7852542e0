"""The window's arrangement by name, kept apart for each number of screens."""

from __future__ import annotations

import base64
import logging

from PyQt6.QtCore import QByteArray
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QDockWidget, QMainWindow

from groundstation.console.settings import ConsoleSettings

_log = logging.getLogger("groundstation.console.layouts")
DEFAULT = "default"
_VERSION = 1


class Layouts:
    """``save`` and ``restore`` of one window. What cannot be restored leaves the window as it was built."""

    def __init__(self, window: QMainWindow, settings: ConsoleSettings) -> None:
        self._window, self._settings = window, settings
        self._built = window.saveState(_VERSION)

    @staticmethod
    def screens() -> int:
        """How many screens there are now."""
        return max(len(QGuiApplication.screens()), 1)

    def names(self) -> list[str]:
        """Layouts for this number of screens."""
        prefix = f"{self.screens()}/"
        return sorted(key.removeprefix(prefix) for key in self._settings.values.layouts if key.startswith(prefix))

    def save(self, name: str) -> None:
        """Keep the present arrangement under a name, for this number of screens, and use it from now on."""
        entry = {
            "geometry": base64.b64encode(self._window.saveGeometry().data()).decode(),
            "state": base64.b64encode(self._window.saveState(_VERSION).data()).decode(),
        }
        key = f"{self.screens()}/{name}"
        self._settings.change(layouts={**self._settings.values.layouts, key: entry}, layout=name)

    def forget(self, name: str) -> None:
        """Delete one."""
        kept = {k: v for k, v in self._settings.values.layouts.items() if k != f"{self.screens()}/{name}"}
        self._settings.change(layouts=kept)

    def restore(self, name: str) -> bool:
        """Arrange the window as it was kept; False (and the window as built) where that is not possible."""
        entry = self._settings.values.layouts.get(f"{self.screens()}/{name}")
        if entry is None:
            return False
        try:
            geometry, state = (QByteArray(base64.b64decode(entry[k], validate=True)) for k in ("geometry", "state"))
        except (KeyError, TypeError, ValueError) as error:
            _log.warning("layout %s cannot be read: %s", name, error)
            return False
        self._window.restoreGeometry(geometry)
        if not self._window.restoreState(state, _VERSION):
            _log.warning("layout %s is of another version of the window", name)
            self.reset()
            return False
        self.bring_back()
        self._settings.change(layout=name)
        return True

    def reset(self) -> None:
        """As built."""
        self._window.restoreState(self._built, _VERSION)

    def bring_back(self) -> list[str]:
        """Panels that float where no screen is any more come back into the window; their titles."""
        areas = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        lost = [
            dock
            for dock in self._window.findChildren(QDockWidget)
            if dock.isFloating() and not any(area.intersects(dock.frameGeometry()) for area in areas)
        ]
        for dock in lost:
            dock.setFloating(False)
        return [dock.windowTitle() for dock in lost]
