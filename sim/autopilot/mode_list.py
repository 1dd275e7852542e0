"""The vehicle's own list of its modes, as newer ArduPilot tells it: AVAILABLE_MODES, CURRENT_MODE."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from missions.mavlink import MODE_MESSAGES
from sim.autopilot.kinds import VehicleKind
from sim.autopilot.modes import DISPLAY_NAMES, Mode

_AVAILABLE, _CURRENT, _MONITOR = MODE_MESSAGES
AVAILABLE_MODES, CURRENT_MODE = int(_AVAILABLE.id), int(_CURRENT.id)
AVAILABLE_MODES_MONITOR = int(_MONITOR.id)
_NOT_STANDARD = 0


class ModeList:
    """``mode()`` is the present one."""

    def __init__(self, kind: VehicleKind, mode: Callable[[], Mode]) -> None:
        self._kind, self._mode = kind, mode
        self._numbers = sorted(kind.orders)

    def available(self, index: int) -> list[Any]:
        """Mode number ``index`` of the list, counted from 1; all of them for 0."""
        wanted = range(1, len(self._numbers) + 1) if index == 0 else [index]
        return [
            _AVAILABLE(
                len(self._numbers), each, _NOT_STANDARD, self._numbers[each - 1], 0,
                DISPLAY_NAMES[self._kind.orders[self._numbers[each - 1]]].encode("ascii"),
            )
            for each in wanted
            if 1 <= each <= len(self._numbers)
        ]  # fmt: skip

    def current(self) -> Any:
        """``CURRENT_MODE``."""
        number = self._kind.modes[self._mode()]
        return _CURRENT(_NOT_STANDARD, number, number)

    def monitor(self) -> Any:
        """``AVAILABLE_MODES_MONITOR``: the list never changes here."""
        return _MONITOR(0)
