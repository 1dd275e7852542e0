"""``groundstation run``: the station itself, with or without its console."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from groundstation.app.attach.server import ConsoleServer
from groundstation.app.attach.setup import console_server
from groundstation.app.config import LinkSection, StationConfig, read_config
from groundstation.app.console_process import ConsoleProcess
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
    server, console = console_server(station, config), ConsoleProcess(station.data_dir)
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
            _beside_console(station, server, console, stop)
    finally:
        console.close()
        server.stop()
        station.stop()
    return 0


def _beside_console(station: Station, server: ConsoleServer, console: ConsoleProcess, stop: threading.Event) -> None:
    """A station with a console in a process of its own, until ``stop``."""
    console.open(time.monotonic())
    planned = False
    while not stop.wait(0.2):
        if not planned and station.area is not None and station.vehicle_ids():
            planned = True  # it was checked before the station was started
            server.offer(station.plan_patrol(station.vehicle_ids()[0]))
        said = console.on_time(time.monotonic())
        if said:
            print(said, flush=True)
