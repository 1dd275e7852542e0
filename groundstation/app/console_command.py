"""``groundstation console``: open a console on a station that runs on this machine, as often as one likes."""

from __future__ import annotations

import argparse
import logging
import signal
import threading

from groundstation.app.attach.client import AttachedStation
from groundstation.app.attach.services import COMMANDS, PROTOCOLS

_log = logging.getLogger("groundstation.console")


def run(options: argparse.Namespace) -> int:
    """Until its windows are closed; the station goes on."""
    station = AttachedStation(options.data)
    hello = station.connect()
    from PyQt6.QtCore import QTimer

    from groundstation.app.console_setup import Consoles
    from groundstation.console.qt import make_application

    application = make_application()
    services = {name: station.object(name, PROTOCOLS[name]) for name in hello.services if name in PROTOCOLS}
    consoles = Consoles(
        station.bus,
        station.object(COMMANDS, PROTOCOLS[COMMANDS]),
        options.data,
        hello.area,
        hello.terrain,
        hello.basemap,
        operator=options.operator or hello.operator,
        title=hello.title,
        corridors=hello.corridors,
        services=services,
    )
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    consoles.open()
    print("CONSOLE READY", flush=True)
    shown: object = None

    def tick() -> None:
        nonlocal shown
        if stop.is_set():
            consoles.close()
            application.quit()
        elif station.plan is not None and station.plan is not shown:
            shown = station.plan
            consoles.set_plan(station.plan)

    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(200)
    application.exec()
    consoles.close()
    station.close()
    return 0
