"""What an attached console may ask of the station, by name: exactly the protocols that the console is written against."""

from __future__ import annotations

from groundstation.app.attach.client import methods_of
from groundstation.core.alert_commands import AlertCommands
from groundstation.core.commands import StationCommands
from groundstation.core.flight_commands import FlightCommands
from groundstation.core.plan_commands import PlanCommands
from groundstation.core.share_commands import ShareCommands
from groundstation.core.shift_commands import ShiftCommands
from groundstation.core.video_commands import VideoCommands

COMMANDS = "commands"
PROTOCOLS: dict[str, type] = {
    COMMANDS: StationCommands,
    "alerts": AlertCommands,
    "flight": FlightCommands,
    "plans": PlanCommands,
    "share": ShareCommands,
    "shift": ShiftCommands,
    "video": VideoCommands,
}
ALLOWED: dict[str, frozenset[str]] = {name: frozenset(methods_of(p)) for name, p in PROTOCOLS.items()}
