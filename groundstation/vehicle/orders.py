"""The orders of an operator to each aircraft: the newest counts, and one that could only act late may be insisted on."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from groundstation.core.records import CommandOutcome, CommandResult, VehicleId

INSIST_S = 15.0
"""An order that was not sent may be insisted on within this time."""


@dataclass
class _Running:
    what: str
    task: asyncio.Task[CommandOutcome]
    overtaken_by: str = ""


class Orders:
    """One order at a time per aircraft; a newer one ends the one before it between two of its steps."""

    def __init__(self) -> None:
        self._running: dict[VehicleId, _Running] = {}
        self._numbers: dict[VehicleId, int] = {}
        self._insist: dict[tuple[VehicleId, str], float] = {}

    def number(self, vehicle_id: VehicleId) -> int:
        """How many orders the aircraft was given."""
        return self._numbers.get(vehicle_id, 0)

    async def run(
        self, vehicle_id: VehicleId, what: str, action: Coroutine[Any, Any, CommandOutcome]
    ) -> CommandOutcome:
        """Carry out an order to its end, or until a newer one overtakes it."""
        before = self._running.get(vehicle_id)
        if before is not None and not before.task.done():
            before.overtaken_by = what
            before.task.cancel()
        self._numbers[vehicle_id] = self.number(vehicle_id) + 1
        running = self._running[vehicle_id] = _Running(what, asyncio.ensure_future(action))
        try:
            return await running.task
        except asyncio.CancelledError:
            if running.overtaken_by:
                return CommandOutcome(CommandResult.CANCELLED, f"overtaken by a newer order: {running.overtaken_by}")
            running.task.cancel()
            raise
        finally:
            if self._running.get(vehicle_id) is running:
                del self._running[vehicle_id]

    def may_insist(self, vehicle_id: VehicleId, what: str, asked_s: float, outcome: CommandOutcome) -> CommandOutcome:
        """The outcome with the words that it can be insisted on; the same order within the time then is."""
        self._insist[vehicle_id, what] = asked_s + INSIST_S
        reason = f"{outcome.reason}; ask again within {INSIST_S:.0f} s to send it all the same: it may act late"
        return CommandOutcome(outcome.result, reason)

    def insisted(self, vehicle_id: VehicleId, what: str, asked_s: float) -> bool:
        """Whether an order is asked for again that could not be sent in time. Holds once."""
        return asked_s <= self._insist.pop((vehicle_id, what), float("-inf"))
