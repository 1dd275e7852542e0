"""``groundstation run``: the station itself, with or without its console."""

from __future__ import annotations

import logging
import os
import signal
import threading
from dataclasses import dataclass
from pathlib import Path

from groundstation.app.config import LinkSection, StationConfig, read_config
from groundstation.app.share_setup import with_pairing
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
    """Start the station and stay until interrupted (or until the console is closed); 0 when it ended in order."""
    config = _configuration(options)
    logging.getLogger("groundstation").setLevel(config.log_level.upper())
    station = Station(config)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        station.start()
        station.wait_for_video(20.0)
        print("STATION READY", flush=True)
        for line in station.describe():
            print(line, flush=True)
        if options.headless:
            while not stop.wait(0.2) and not _parent_is_gone(options.parent_pid):
                pass
        else:
            _run_console(station, config, stop)
    finally:
        station.stop()
    return 0


def _run_console(station: Station, config: StationConfig, stop: threading.Event) -> None:
    from PyQt6.QtCore import QTimer

    from groundstation.app.console_setup import Consoles
    from groundstation.console.qt import make_application

    application = make_application()
    consoles = Consoles(
        station.bus,
        station,
        station.data_dir,
        station.area,
        station.terrain,
        config.area.basemap,
        operator=config.station.operator,
        title=f"Marchwarden · {config.station.name}",
        corridors=station.shared_corridors(),
        services=station.services(),
    )
    consoles.open()
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
