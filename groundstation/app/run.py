"""``groundstation run``: the station itself, with or without its console."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from groundstation.app.attach.setup import console_server
from groundstation.app.config import LinkSection, StationConfig, read_config
from groundstation.app.share_setup import with_pairing
from groundstation.app.stand_in_officer import StandInOfficer
from groundstation.app.station import Station
from groundstation.core.errors import ConfigError


@dataclass(frozen=True)
class RunOptions:
    """What the command line says; a URL given there replaces the file's."""

    headless: bool
    link: str | None
    video: str | None
    config: Path | None
    parent_pid: int = 0
    stand_in_officer: bool = False


def _configuration(options: RunOptions) -> StationConfig:
    config = with_pairing(read_config(options.config) if options.config else StationConfig())
    if options.link is not None:
        config = config.model_copy(update={"link": LinkSection(url=options.link)})
    if options.video is not None:
        # Another source of pictures, of the same camera: all else stays as the file has it.
        config = config.model_copy(update={"video": config.video.model_copy(update={"url": options.video})})
    if not (config.link.url or config.video.url or config.share.peers):
        raise ConfigError(
            "there is nothing to do: no link, no video and no neighbour", "give --link URL or --config FILE"
        )
    return config


def _parent_is_gone(parent_pid: int) -> bool:
    return parent_pid > 0 and os.name == "posix" and os.getppid() != parent_pid


def run_station(options: RunOptions) -> int:
    """Start the station and stay until interrupted; 0 when it ended in order."""
    config = _configuration(options)
    logging.getLogger("groundstation").setLevel(config.log_level.upper())
    station = Station(config, beside_window=not options.headless)
    server = console_server(station, config)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        station.start()
        server.start()
        station.wait_for_video(20.0)
        print("STATION READY", flush=True)
        for line in station.describe():
            print(line, flush=True)
        if options.headless:
            officer = None
            if options.stand_in_officer and station.share is not None:
                officer = StandInOfficer(station.bus, station.share, config.station.name)
            while not stop.wait(0.2) and not _parent_is_gone(options.parent_pid):
                if officer is not None:
                    officer.step(time.monotonic())
        else:
            show_console(station, config, stop)
    finally:
        server.stop()
        station.stop()
    return 0


def show_console(
    station: Station, config: StationConfig, stop: threading.Event, view: str = "", end_with_it: bool = False
) -> None:
    """A console on a running station until ``stop``; ``view``: shown at once; ``end_with_it``: a closed console ends it."""
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
    window = consoles.open()
    if view:
        window.show_view(view)
    # A window that is closed, by hand or by mistake, must not take the station with it.
    application.setQuitOnLastWindowClosed(end_with_it)
    planned = told = False

    def tick() -> None:
        nonlocal planned, told
        if stop.is_set():
            consoles.close()
            application.quit()
        elif not planned and station.area is not None and station.vehicle_ids():
            planned = True  # it was checked before the station was started
            consoles.set_plan(station.plan_patrol(station.vehicle_ids()[0]))
        if not end_with_it and not told and not consoles.open_windows():
            told = True
            print(
                f"the console is closed and the station goes on: 'groundstation console --data {station.data_dir}' opens "
                "another one, Ctrl+C ends the station",
                flush=True,
            )

    # Python sees a signal only between its own instructions; the timer gives it some.
    timer = QTimer()
    timer.timeout.connect(tick)
    timer.start(200)
    application.exec()
    consoles.close()
