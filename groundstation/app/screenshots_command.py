"""``groundstation screenshots``: the pictures of the console in README and docs, made again by one command, off screen."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from groundstation.core.errors import ConfigError, MarchwardenError

if TYPE_CHECKING:
    from PyQt6.QtGui import QImage
    from PyQt6.QtWidgets import QApplication

    from groundstation.console.window import ConsoleWindow

SIZE = (1600, 940)
_SEED = 5


def _shots() -> dict[str, tuple[str, str, float]]:
    """Name -> theme, view to bring to the front, seconds since the first aircraft was heard."""
    return {
        "console": ("dark", "", 0.0),
        "console-light": ("light", "", 0.0),
        "console-night-red": ("night_red", "", 0.0),
        "console-stale": ("dark", "", 12.0),
        "checklist": ("dark", "checklist", 0.0),
        "camera": ("dark", "camera", 0.0),
        "group": ("dark", "group", 0.0),
        "guide": ("dark", "guide", 0.0),
        "debug": ("dark", "debug", 0.0),
        "settings": ("dark", "settings", 0.0),
        "planner": ("dark", "planner", 0.0),
        "planner-light": ("light", "planner", 0.0),
        "shift": ("dark", "shift", 0.0),
        "alert": ("dark", "alerts", 0.0),
        "alert-night-red": ("night_red", "alerts", 0.0),
    }


def run(options: argparse.Namespace) -> int:
    """Write the pictures; 0 when all were written."""
    shots = _shots()
    unknown = sorted(set(options.only) - set(shots))
    if unknown:
        raise ConfigError(f"no such picture: {', '.join(unknown)}", f"choose among {', '.join(shots)}")
    from groundstation.console.qt import make_application

    application = make_application(headless=True)  # kept: what Qt holds goes with it
    options.out.mkdir(parents=True, exist_ok=True)
    written = []
    studio = Studio(application)
    for name in options.only or shots:
        path = options.out / f"{name}.png"
        if not studio.shoot(name, options.language).save(str(path)):
            raise MarchwardenError(f"{path}: the picture could not be written", "see whether there is room")
        written.append(str(path))
        if not options.json:
            print(path, flush=True)
    if options.json:
        json.dump({"written": written}, sys.stdout, indent=1)
        print()
    return 0


class Studio:
    """Makes pictures of the console at a made-up moment, at which the clock stands: always the same picture."""

    def __init__(self, application: QApplication) -> None:
        from missions.patterns.border_shuttle import PatrolRequest, plan_border_patrol
        from sim.scenario import load_scenario
        from sim.world import World

        self._application = application
        world = World(load_scenario("border_day"), _SEED)
        self._area, self._terrain = world.area(), world.terrain_grid()
        self._plan = plan_border_patrol(self._area, self._terrain, PatrolRequest(stretch_length_m=400.0))

    def shoot(self, name: str, language: str = "en", change: Callable[[ConsoleWindow], None] | None = None) -> QImage:
        """A picture by its name in the table above. ``change``: what is done to the window before. Raises ``KeyError``."""
        from PyQt6.QtWidgets import QWidget

        from groundstation.app.screenshot_scene import Scene, StillAlerts, StillClock, StillShift
        from groundstation.console.settings import ConsoleSettings
        from groundstation.console.window import ConsoleWindow
        from groundstation.core.bus import Bus

        theme, view, lost_s = _shots()[name]
        bus, settings, clock = Bus(), ConsoleSettings(), StillClock()
        settings.change(theme=theme, language=language)
        window = ConsoleWindow(
            bus, None, self._area, self._terrain, title="Marchwarden · arvenia", operator="anna", settings=settings,
            services={"alerts": StillAlerts(bus, clock), "shift": StillShift(clock)}, clock=clock,
        )  # fmt: skip
        planner: Any = None
        try:
            window.resize(*SIZE)
            window.set_plan(self._plan)
            window.start()
            window.show()
            Scene(bus, self._area, clock).publish(lost_s)
            self._settle(window)
            shown: QWidget = window
            if view:
                window.show_view(view)
                shown = window.dialog(view) or window
            if view == "alerts":
                window.alerts.choose_next()
            if view == "planner":
                planner = window.view("planner")
            if planner is not None:
                planner.wizard.go(3)
                self._wait(lambda: planner.session.evaluation is not None and planner.session.evaluation.promised)
            self._settle(window)
            if change is not None:
                change(window)
                self._settle(window)
            return shown.grab().toImage()
        finally:
            if planner is not None:
                planner.session.forget_kept()
                planner.files.may_lose = lambda: True
            window.close()
            settings.change(theme="dark")

    def _settle(self, window: ConsoleWindow) -> None:
        for _ in range(4):
            window.bridge.drain()
            self._application.processEvents()

        def ground_is_there() -> bool:
            window.bridge.drain()
            return bool(window.map.backgrounds.idle)

        self._wait(ground_is_there)

    def _wait(self, true: Callable[[], bool], seconds: float = 60.0) -> None:
        until_s = time.monotonic() + seconds
        while not true() and time.monotonic() < until_s:
            self._application.processEvents()
            time.sleep(0.01)
