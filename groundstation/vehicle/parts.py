"""What is added to an aircraft without being built into it: camera, gimbal, traffic, terrain, fence checks and so on.

A part is one subject of one aircraft. It owns no socket and no clock: it is handed messages and times, and gives back
messages to send. A part that fails is logged and left out of that one call; it never costs the others the aircraft.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from groundstation.core.records import Fault, VehicleId, VehicleState
from groundstation.vehicle.modes import Family

_log = logging.getLogger("groundstation.vehicle")
_TOLD_EVERY_S = 60.0


class AircraftPart(Protocol):
    """One subject of one aircraft."""

    def on_message(self, link_name: str, message: Any, now_s: float) -> list[Any]:
        """A message of the aircraft or of another component of its system id; returns messages to send back.

        They go out on the link on which ``message`` came. Called on every link, so a message that came on two links is
        seen twice. A part with an attribute ``hears``, a set of message type names, is called for those only: for a
        fleet that is worth the line.
        """
        ...

    def on_time(self, state: VehicleState, now_s: float) -> list[Any]:
        """Called about ten times a second, four in a fleet of more than 50, also while nothing is heard; returns messages.

        They go out on the link that is used for sending, whether or not the aircraft is heard: look at
        ``state.link_alive``.
        """
        ...

    def faults(self, state: VehicleState, now_s: float) -> tuple[Fault, ...]:
        """The standing faults of this subject. They are put among the aircraft's own; the same key is told once."""
        ...


PartFactory = Callable[[VehicleId, Family], AircraftPart]
"""Makes the part of an aircraft that was heard for the first time; its family is that of its first heartbeat."""

P = TypeVar("P")


class PartSet:
    """The parts of one aircraft."""

    def __init__(self, vehicle_id: VehicleId, family: Family, factories: Iterable[PartFactory]) -> None:
        self._vehicle_id = vehicle_id
        self._parts: list[AircraftPart] = [factory(vehicle_id, family) for factory in factories]
        self._told_s: dict[int, float] = {}
        self._hearing: dict[str, tuple[AircraftPart, ...]] = {}

    def find(self, kind: type[P]) -> P | None:
        """The first part of that class, or None."""
        return next((part for part in self._parts if isinstance(part, kind)), None)

    def on_message(self, link_name: str, message: Any, now_s: float) -> list[Any]:
        """Hand a message to every part that hears its type."""
        out: list[Any] = []
        kind = message.get_type()
        parts = self._hearing.get(kind)
        if parts is None:
            parts = self._hearing[kind] = tuple(p for p in self._parts if kind in getattr(p, "hears", (kind,)))
        for part in parts:
            try:
                out += part.on_message(link_name, message, now_s)
            except Exception:
                self._failed(part, now_s)
        return out

    def on_time(self, state: VehicleState, now_s: float) -> list[Any]:
        """Tell every part the time."""
        out: list[Any] = []
        for part in self._parts:
            try:
                out += part.on_time(state, now_s)
            except Exception:
                self._failed(part, now_s)
        return out

    def faults(self, state: VehicleState, now_s: float) -> tuple[Fault, ...]:
        """The standing faults of all parts."""
        out: list[Fault] = []
        for part in self._parts:
            try:
                out += part.faults(state, now_s)
            except Exception:
                self._failed(part, now_s)
        return tuple(out)

    def _failed(self, part: AircraftPart, now_s: float) -> None:
        if now_s - self._told_s.get(id(part), float("-inf")) > _TOLD_EVERY_S:
            self._told_s[id(part)] = now_s
            _log.exception("vehicle %s: part %s failed", self._vehicle_id, type(part).__name__)
