"""What a console may ask of the station: the only way in for it. Implemented by ``groundstation.app.station``."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from groundstation.core.records import (
    CommandOutcome,
    FleetOutcome,
    FleetRequest,
    FleetVerb,
    PlanStatus,
    VehicleId,
)

if TYPE_CHECKING:
    # The checks bring the whole of MAVLink with them, and a console that starts needs neither.
    from missions.checks.override import Override
    from missions.plan import Plan


class StationCommands(Protocol):
    """All calls return at once; the future ends when the aircraft has answered or the deadline has passed.

    A future never raises for what the aircraft says: that is in the outcome.
    """

    def upload_plan(self, vehicle_id: VehicleId, plan: Plan, override: Override | None = None) -> Future[PlanStatus]:
        """Check, upload, read back and compare mission, fence and rally; ``in_force`` only when all are identical.

        A plan with errors is refused, unless ``override`` names who answers for them and why; that is logged before anything
        is sent.
        """
        ...

    def start_mission(self, vehicle_id: VehicleId, override_by: str = "") -> Future[CommandOutcome]:
        """Arm if needed and begin the mission in AUTO.

        Refused while the pre-flight list does not allow it, unless ``override_by`` names who answers for that.
        """
        ...

    def pause(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        """Hold position (LOITER)."""
        ...

    def resume(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        """Go on with the mission where it was left."""
        ...

    def return_to_launch(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        """Fly home (RTL)."""
        ...

    def prepare_group(
        self, verb: FleetVerb, vehicle_ids: Sequence[VehicleId], argument: str = ""
    ) -> Future[FleetRequest]:
        """Prepare an order to several aircraft; nothing is sent. Raises ``ConfigError`` for one that cannot be."""
        ...

    def confirm_group(self, request: FleetRequest) -> Future[FleetOutcome]:
        """Carry out a prepared order, once and within its time; the outcome tells every aircraft's own."""
        ...

    def acknowledge(self, incident_id: str, operator: str) -> None:
        """Record that an operator has seen an incident."""
        ...
