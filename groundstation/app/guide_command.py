"""``groundstation guide``: a simulated aircraft, the real station and its console, for somebody who has never seen it.

Nothing flies by itself: the operator gives it its patrol, reads the list, starts it and brings it home.
"""

from __future__ import annotations

import argparse
import logging
import signal
import socket
import threading

from groundstation.app.config import (
    AreaSection,
    LinkSection,
    PatrolSection,
    StationConfig,
    StationSection,
    VideoSection,
)
from groundstation.app.demo import STRETCH_M, free_port
from groundstation.app.processes import ChildProcess
from groundstation.app.station import Station
from groundstation.core.errors import MarchwardenError
from sim.scenario import load_scenario

_log = logging.getLogger("groundstation.guide")


def run(options: argparse.Namespace) -> int:
    """Until the console is closed or Ctrl+C; 0 when it ended in order."""
    load_scenario(options.scenario)  # a wrong name is told before anything is started
    out = options.out
    out.mkdir(parents=True, exist_ok=True)
    mavlink_port, video_port = free_port(socket.SOCK_STREAM), free_port(socket.SOCK_DGRAM)
    video_url = "" if options.no_video else f"udp://127.0.0.1:{video_port}"
    simulator = ChildProcess(
        "simulator",
        ["sim", "--scenario", options.scenario, "--seed", str(options.seed), "--out", str(out / "sim"),
         "--mavlink", f"tcp://127.0.0.1:{mavlink_port}", *(["--video", video_url] if video_url else ["--no-video"])],
        out / "logs" / "sim.log",
    )  # fmt: skip
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    station: Station | None = None
    try:
        simulator.start()
        simulator.wait_for("SIM READY", 60.0)
        config = StationConfig(
            station=StationSection(name="first-steps", data_dir=out, operator="newcomer"),
            area=AreaSection(folder=out / "sim" / "area"),
            link=LinkSection(url=f"tcp://127.0.0.1:{mavlink_port}"),
            video=VideoSection(url=video_url),
            patrol=PatrolSection(stretch_length_m=STRETCH_M),
        )
        station = Station(config, beside_window=True)
        station.start()
        vehicle_id = station.wait_for_vehicle(30.0)
        # A new aircraft has no lost-link failsafe, and the list would rightly forbid the start.
        result = station.orders.set_parameter(vehicle_id, "FS_GCS_ENABLE", 1.0).result(30.0)
        if not result.ok:
            raise MarchwardenError(f"the lost-link failsafe was not set: {result.reason}", f"see {out / 'logs'}")
        print("the aircraft is ready; the console's First steps tell what to do", flush=True)
        _show_console(station, config, stop)
    finally:
        if station is not None:
            station.stop()
        simulator.stop()
    return 0


def _show_console(station: Station, config: StationConfig, stop: threading.Event) -> None:
    """A console with the first steps open, until it is closed or ``stop``."""
    from PyQt6.QtCore import QTimer

    from groundstation.app.console_setup import Consoles
    from groundstation.console.qt import make_application

    application = make_application()
    consoles = Consoles(
        station.bus,
        station.orders,
        station.data_dir,
        station.area,
        station.terrain,
        config.area.basemap,
        operator=config.station.operator,
        title=f"Marchwarden · {config.station.name}",
        corridors=station.shared_corridors(),
        services=station.services(),
    )
    consoles.open().show_view("guide")
    planned = False

    def tick() -> None:
        nonlocal planned
        if stop.is_set():
            consoles.close()
            application.quit()
        elif not planned and station.area is not None and station.vehicle_ids():
            planned = True  # it was checked before the station was started
            consoles.set_plan(station.plan_patrol(station.vehicle_ids()[0]))

    # Python sees a signal only between its own instructions; the timer gives it some.
    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(200)
    application.exec()
    consoles.close()
