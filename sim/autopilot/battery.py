"""A lithium pack that empties, and what the autopilot does about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sim.autopilot.parameters import Parameters

CELLS = 6
_FULL_CELL_V, _EMPTY_CELL_V = 4.2, 3.4
_INTERNAL_OHM = 0.02
_IDLE_A, _HOVER_A, _PER_CLIMB_A, _PER_SPEED_A = 0.6, 28.0, 4.0, 0.5


class BatteryEvent(Enum):
    """A failsafe level that has just been reached."""

    LOW = "low"
    CRITICAL = "critical"


@dataclass(frozen=True)
class BatteryState:
    """What the monitor reads."""

    voltage_v: float
    current_a: float
    consumed_mah: float
    remaining_pct: int


class Battery:
    """Integrates the current. ``capacity_mah`` is the true content; the failsafe thresholds are parameters."""

    def __init__(self, parameters: Parameters, consumed_mah: float = 0.0) -> None:
        self._parameters = parameters
        self._consumed_mah = consumed_mah
        self._current_a = 0.0
        self._below_since: dict[BatteryEvent, float] = {}
        self._told: set[BatteryEvent] = set()

    @property
    def state(self) -> BatteryState:
        """The readings of this moment."""
        capacity = max(self._parameters["BATT_CAPACITY"], 1.0)
        full = max(0.0, 1.0 - self._consumed_mah / capacity)
        open_v = CELLS * (_EMPTY_CELL_V + (_FULL_CELL_V - _EMPTY_CELL_V) * full)
        return BatteryState(
            open_v - self._current_a * _INTERNAL_OHM, self._current_a, self._consumed_mah, round(100 * full)
        )

    @staticmethod
    def current_a(climb_m_s: float, speed_m_s: float) -> float:
        """What is drawn in the air at a speed through it."""
        return _IDLE_A + _HOVER_A + max(0.0, climb_m_s) * _PER_CLIMB_A + speed_m_s * _PER_SPEED_A

    @classmethod
    def capacity_for(cls, endurance_s: float, speed_m_s: float) -> float:
        """The capacity, mAh, that lasts so long at that speed in calm air."""
        return cls.current_a(0.0, speed_m_s) * endurance_s / 3.6

    @property
    def failsafe(self) -> bool:
        """Whether a failsafe level is in force, which also forbids arming."""
        return bool(self._told)

    def replace(self) -> None:
        """A fresh pack, as after a battery swap."""
        self._consumed_mah = self._current_a = 0.0
        self._below_since.clear()
        self._told.clear()

    def step(
        self, now_s: float, dt_s: float, airborne: bool, climb_m_s: float, speed_m_s: float
    ) -> BatteryEvent | None:
        """Draw current for ``dt_s``; the level that was reached just now, if any."""
        self._current_a = self.current_a(climb_m_s, speed_m_s) if airborne else _IDLE_A
        self._consumed_mah += self._current_a * dt_s / 3.6
        state = self.state
        left_mah = self._parameters["BATT_CAPACITY"] - self._consumed_mah
        for event, prefix in ((BatteryEvent.CRITICAL, "BATT_CRT"), (BatteryEvent.LOW, "BATT_LOW")):
            if event in self._told:
                continue
            low_mah, low_v = self._parameters[f"{prefix}_MAH"], self._parameters[f"{prefix}_VOLT"]
            if (low_mah > 0 and left_mah <= low_mah) or (low_v > 0 and state.voltage_v < low_v):
                since = self._below_since.setdefault(event, now_s)
                if now_s - since >= self._parameters["BATT_LOW_TIMER"]:
                    self._told.add(event)
                    return event
            else:
                self._below_since.pop(event, None)
        return None
