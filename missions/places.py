"""Which mission commands have a place: their ``x`` and ``y`` are latitude and longitude, not whole numbers of their own."""

from __future__ import annotations

from missions.codec import LOCATION_COMMANDS
from missions.mavlink import mavlink2

FRAME_MISSION = 2
# MAVLink's own list beside ArduPilot's: other autopilots give places to more commands than ArduPilot stores.
_PLACED = LOCATION_COMMANDS | {
    command for command, entry in mavlink2.enums["MAV_CMD"].items() if getattr(entry, "has_location", False)
}
# What ArduPilot and Mission Planner send unscaled though the frame may be one of places: camera control and
# configuration, and the attitude held for a time.
_PLAIN_NUMBERS = frozenset({202, 203, 42702})


def has_place(command: int) -> bool:
    """Whether a command's ``x`` and ``y`` are a place on the ground."""
    return command in _PLACED


def is_scaled(command: int, frame: int) -> bool:
    """Whether ``x`` and ``y`` stand in a text file as degrees (1e-7 of the number on the wire) or as they are."""
    return frame != FRAME_MISSION and command not in _PLAIN_NUMBERS
