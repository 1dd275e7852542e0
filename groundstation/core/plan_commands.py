"""What a console may ask about the plans that aircraft hold; service "plans" of the console's context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Protocol

from groundstation.core.records import VehicleId
from missions.codec import MissionKind, WireItem


@dataclass(frozen=True)
class HeldLists:
    """The lists of one aircraft as they were read at ``t_utc_us``. ``problem``: why they were not; then there are none."""

    vehicle_id: VehicleId
    t_utc_us: int
    items: Mapping[MissionKind, Sequence[WireItem]] = field(default_factory=dict)
    problem: str = ""


class PlanCommands(Protocol):
    """The call returns at once; the future never raises for what the aircraft or the link says."""

    def read_plan(self, vehicle_id: VehicleId) -> Future[HeldLists]:
        """Read mission, fence and rally points of an aircraft; nothing is changed."""
        ...
