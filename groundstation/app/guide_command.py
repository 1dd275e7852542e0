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
from groundstation.app.run import show_console
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
        show_console(station, config, stop, view="guide", end_with_it=True)
    finally:
        if station is not None:
            station.stop()
        simulator.stop()
    return 0
