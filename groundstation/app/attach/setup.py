"""A station that lets consoles attach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from groundstation import __version__
from groundstation.app.attach.server import ConsoleServer
from groundstation.app.attach.services import ALLOWED, COMMANDS
from groundstation.app.attach.wire import Hello
from groundstation.app.config import StationConfig
from groundstation.app.station import Station
from groundstation.core.errors import MarchwardenError


def console_server(station: Station, config: StationConfig) -> ConsoleServer:
    """Not started yet."""

    def targets() -> Mapping[str, Any]:
        return {COMMANDS: station.orders, **station.services()}

    def hello() -> Hello:
        plan = None
        if station.area is not None and station.vehicle_ids():
            try:
                plan = station.plan_patrol(station.vehicle_ids()[0])
            except MarchwardenError:
                plan = None  # the console is told by the checks when somebody plans
        return Hello(
            __version__,
            f"Marchwarden · {config.station.name}",
            config.station.operator,
            station.area,
            station.terrain,
            config.area.basemap,
            tuple(station.shared_corridors()),
            plan,
            tuple(station.services()),
        )

    return ConsoleServer(station.bus, station.data_dir, hello, targets, ALLOWED)
