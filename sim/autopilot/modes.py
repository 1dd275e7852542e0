"""The flight modes that the simulated Copter knows, with the numbers that ArduCopter puts into ``custom_mode``."""

from __future__ import annotations

from enum import IntEnum


class Mode(IntEnum):
    """ArduCopter's mode numbers (``HEARTBEAT.custom_mode``)."""

    STABILIZE = 0
    ALT_HOLD = 2
    AUTO = 3
    GUIDED = 4
    LOITER = 5
    RTL = 6
    LAND = 9
    POSHOLD = 16
    BRAKE = 17
    SMART_RTL = 21


ARMABLE = frozenset({Mode.STABILIZE, Mode.ALT_HOLD, Mode.LOITER, Mode.POSHOLD, Mode.GUIDED})
"""Modes in which a ground station may arm. AUTO joins them when ``AUTO_OPTIONS`` bit 0 is set."""

PILOTED = frozenset({Mode.STABILIZE, Mode.ALT_HOLD, Mode.LOITER, Mode.POSHOLD})
"""Modes that a pilot flies by stick. Nobody holds a stick here, so they hold their place."""

NEED_POSITION = frozenset(set(Mode) - {Mode.STABILIZE, Mode.ALT_HOLD, Mode.LAND})
"""Modes that a vehicle without a position estimate refuses."""

DISPLAY_NAMES = {
    Mode.STABILIZE: "Stabilize",
    Mode.ALT_HOLD: "Altitude Hold",
    Mode.AUTO: "Auto",
    Mode.GUIDED: "Guided",
    Mode.LOITER: "Loiter",
    Mode.RTL: "RTL",
    Mode.LAND: "Land",
    Mode.POSHOLD: "Position Hold",
    Mode.BRAKE: "Brake",
    Mode.SMART_RTL: "Smart RTL",
}
"""How ArduCopter calls them in its texts."""
