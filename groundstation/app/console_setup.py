"""A console on a running station: its settings, what it is handed, and what is kept when something in it fails."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from geofences.area import Area, LatLon
from geofences.terrain import TerrainGrid
from groundstation.app.replay_window import Replays
from groundstation.console.craft.crash import CrashWatch, failure_words
from groundstation.console.settings import ConsoleSettings, settings_path
from groundstation.console.window import ConsoleWindow
from groundstation.core.bus import Bus
from groundstation.core.commands import StationCommands
from missions.plan import Plan

_log = logging.getLogger("groundstation.console")


class _Teller(QObject):
    """Brings news of an error from any thread to the window's."""

    failed = pyqtSignal(str, object)


class Consoles(QObject):
    """The windows of one process on one bus. A window can be closed and opened again as often as one likes.

    All windows share one settings file; the last one closed keeps its layout.
    """

    def __init__(
        self,
        bus: Bus,
        commands: StationCommands | None,
        data_dir: Path,
        area: Area | None = None,
        terrain: TerrainGrid | None = None,
        basemap: Path | None = None,
        operator: str = "operator",
        title: str = "Marchwarden",
        corridors: Sequence[tuple[LatLon, ...]] = (),
        services: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self._handed: dict[str, Any] = {
            "area": area, "terrain": terrain, "basemap": basemap, "operator": operator, "title": title,
            "corridors": corridors, "data_dir": data_dir,
        }  # fmt: skip
        self._bus, self._commands, self._services = bus, commands, dict(services or {})
        self.settings = ConsoleSettings(settings_path(data_dir), self)
        self._plan: Plan | None = None
        self.windows: list[ConsoleWindow] = []
        teller = _Teller(self)
        teller.failed.connect(self._on_failure)
        self.watch = CrashWatch(data_dir, teller.failed.emit)
        self.watch.install()
        self.replays = Replays(data_dir, self._handed, self.settings, self.open_windows, self)
        self._services |= {
            "another_window": self.open, "write_report": self.watch.report, "replay": self.replays.open,
        }  # fmt: skip

    def open(self, show: bool = True) -> ConsoleWindow:
        """Another window."""
        window = ConsoleWindow(
            self._bus, self._commands, settings=self.settings, services=self._services, **self._handed
        )
        if self._plan is not None:
            window.set_plan(self._plan)
        window.start()
        if show:
            window.show()
        self.windows.append(window)
        return window

    def set_plan(self, plan: Plan) -> None:
        """The plan that every window offers."""
        self._plan = plan
        for window in self.open_windows():
            window.set_plan(plan)

    def open_windows(self) -> list[ConsoleWindow]:
        """Those that were not closed."""
        self.windows = [window for window in self.windows if not window.closed]
        return self.windows

    def close(self) -> None:
        """Close all, and catch errors no longer."""
        self.replays.close()
        for window in self.open_windows():
            window.close()
        self.watch.remove()

    def _on_failure(self, text: str, path: Path | None) -> None:
        said = failure_words(text, path)
        _log.error("%s", said)
        for window in self.open_windows():
            window.say(said, 120.0)
