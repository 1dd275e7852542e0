"""A console on made-up screens: ``console_on_screens.py SETTINGS ACTION``; tells as JSON where the video's panel is.

``float``: the panel is put on the second screen and the window closed; ``look``: the window is opened and looked at;
``unplug``: the panel is put there, then stands where no screen is any more.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from PyQt6.QtCore import QRect
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtTest import QTest

from groundstation.console.qt import make_application
from groundstation.console.settings import ConsoleSettings
from groundstation.console.window import ConsoleWindow
from groundstation.core.bus import Bus
from tests.helpers import records as r

ON_SECOND = QRect(2000, 100, 700, 500)


def main() -> int:
    application = make_application()  # kept: what Qt holds goes with it
    window = ConsoleWindow(Bus(), None, r.make_area(), r.make_terrain(), settings=ConsoleSettings(Path(sys.argv[1])))
    window.start()
    window.show()
    dock = window.docks["video"]
    if sys.argv[2] != "look":
        window.lock(False)
        dock.setFloating(True)
        dock.setGeometry(ON_SECOND)
    QTest.qWait(50)
    back: list[str] = []
    if sys.argv[2] == "unplug":
        dock.setGeometry(ON_SECOND.translated(9000, 0))
        back = window.layouts.bring_back()
    place = dock.frameGeometry()
    screen = QGuiApplication.screenAt(place.center())
    told = {
        "screens": len(application.screens()),
        "floating": dock.isFloating(),
        "visible": dock.isVisible(),
        "screen": screen.name() if screen is not None else "",
        "size": [place.width(), place.height()],
        "back": back,
    }
    window.close()
    print(json.dumps(told), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
