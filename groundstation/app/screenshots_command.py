"""``groundstation screenshots``: the pictures of the console in README and docs, made again by one command, off screen."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from groundstation.core.errors import ConfigError, MarchwardenError

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QApplication

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
    for name in options.only or shots:
        theme, view, lost_s = shots[name]
        path = options.out / f"{name}.png"
        _shoot(application, path, theme, view, lost_s, options.language)
        written.append(str(path))
        if not options.json:
            print(path, flush=True)
    if options.json:
        json.dump({"written": written}, sys.stdout, indent=1)
        print()
    return 0


def _shoot(application: QApplication, path: Path, theme: str, view: str, lost_s: float, language: str) -> None:
    from PyQt6.QtWidgets import QWidget

    from groundstation.app.screenshot_scene import Scene
    from groundstation.console.settings import ConsoleSettings
    from groundstation.console.window import ConsoleWindow
    from groundstation.core.bus import Bus
    from missions.patterns.border_shuttle import PatrolRequest, plan_border_patrol
    from sim.scenario import load_scenario
    from sim.world import World

    world = World(load_scenario("border_day"), _SEED)
    area, terrain = world.area(), world.terrain_grid()
    bus, settings = Bus(), ConsoleSettings()
    settings.change(theme=theme, language=language)
    window = ConsoleWindow(bus, None, area, terrain, title="Marchwarden · arvenia", operator="anna", settings=settings)
    try:
        window.resize(*SIZE)
        window.set_plan(plan_border_patrol(area, terrain, PatrolRequest(stretch_length_m=400.0)))
        window.start()
        window.show()
        scene = Scene(bus, area)
        settle: Callable[[], None] = application.processEvents
        scene.publish(lost_s)
        for _ in range(8):
            window.bridge.drain()
            settle()
        shown: QWidget = window
        if view:
            window.show_view(view)
            settle()
            shown = window.dialog(view) or window
        if not lost_s:
            scene.publish()  # fresh again: making a window takes its time
        for _ in range(6):
            window.bridge.drain()
            settle()
        if not shown.grab().save(str(path)):
            raise MarchwardenError(f"{path}: the picture could not be written", "see whether there is room")
    finally:
        window.close()
        settings.change(theme="dark")
