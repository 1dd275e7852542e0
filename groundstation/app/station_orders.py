"""What people order of the aircraft, carried out on the station's loop and written down with their name."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from groundstation.app.plan_overrides import note_override
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock
from groundstation.core.errors import LinkError
from groundstation.core.records import (
    Acknowledgement,
    CommandOutcome,
    FleetOutcome,
    FleetRequest,
    FleetVerb,
    PlanStatus,
    VehicleId,
)
from groundstation.core.safety_records import PreflightReport
from groundstation.store.service import StoreService
from groundstation.vehicle.camera_control import CameraControl
from groundstation.vehicle.parameters import ParameterResult
from groundstation.vehicle.safety_service import SafetyService
from groundstation.vehicle.service import VehicleService
from missions.checks import Override
from missions.plan import Plan

T = TypeVar("T")


def _no_link() -> LinkError:
    return LinkError("this station has no link to an aircraft", "give --link URL")


class StationOrders:
    """Implements :class:`groundstation.core.commands.StationCommands`, from any thread.

    Every method raises :class:`LinkError` while the station does not run or has no link to an aircraft.
    """

    def __init__(
        self,
        bus: Bus,
        clock: Clock,
        store: StoreService,
        operator: str,
        data_dir: Path,
        plan_faults: Callable[[Plan], list[str]],
    ) -> None:
        self._bus = bus
        self._clock = clock
        self._store = store
        self._operator = operator
        self._data_dir = data_dir
        self._plan_faults = plan_faults
        self._loop: asyncio.AbstractEventLoop | None = None
        self._vehicle: VehicleService | None = None
        self._safety: SafetyService | None = None

    def run_on(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on orders are carried out on this loop."""
        self._loop = loop

    def fly(self, vehicle: VehicleService, safety: SafetyService) -> None:
        """From now on there are aircraft."""
        self._vehicle, self._safety = vehicle, safety

    def on_loop(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run something on the station's loop."""
        loop = self._loop
        if loop is None or loop.is_closed():
            work.close()
            raise LinkError("the station is not running", "start it again")
        return asyncio.run_coroutine_threadsafe(work, loop)

    def vehicles(self) -> VehicleService:
        """The aircraft's service."""
        if self._vehicle is None:
            raise _no_link()
        return self._vehicle

    def camera(self, vehicle_id: VehicleId) -> CameraControl:
        """The camera of an aircraft; its orders are to be awaited on the station's loop (:meth:`on_loop`)."""
        return self._safe().camera(vehicle_id)

    def preflight(self, vehicle_id: VehicleId) -> Future[PreflightReport]:
        """Read the pre-flight list anew."""
        return self.on_loop(self._safe().preflight(vehicle_id))

    def upload_plan(self, vehicle_id: VehicleId, plan: Plan, override: Override | None = None) -> Future[PlanStatus]:
        """See :class:`~groundstation.core.commands.StationCommands`. Raises :class:`StoreError` when an override cannot be
        logged."""
        faults = self._plan_faults(plan) if override is not None else []
        action = "upload"
        if override is not None and faults:
            action = f"upload against {len(faults)} findings by {override.name.strip()}: {override.reason.strip()}"
            note_override(
                self._data_dir, self._clock.utc_us(), override, str(vehicle_id), plan.name, plan.digest(), faults
            )
        return self._act(vehicle_id, action, lambda v, _: self.vehicles().upload_plan(v, plan, override))

    def start_mission(self, vehicle_id: VehicleId, override_by: str = "") -> Future[CommandOutcome]:
        """See :class:`~groundstation.core.commands.StationCommands`."""
        action = f"start against the pre-flight list by {override_by}" if override_by else "start"
        return self._act(vehicle_id, action, lambda v, asked_s: self.vehicles().start_mission(v, asked_s, override_by))

    def set_parameter(self, vehicle_id: VehicleId, name: str, value: float) -> Future[ParameterResult]:
        """Set one parameter of an aircraft; ``ok`` only when the aircraft echoed it."""
        return self._act(
            vehicle_id, f"parameter {name}={value:g}", lambda v, _: self.vehicles().set_param(v, name, value)
        )

    def pause(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        """See :class:`~groundstation.core.commands.StationCommands`."""
        return self._act(vehicle_id, "pause", self.vehicles().pause)

    def resume(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        """See :class:`~groundstation.core.commands.StationCommands`."""
        return self._act(vehicle_id, "resume", self.vehicles().resume)

    def return_to_launch(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        """See :class:`~groundstation.core.commands.StationCommands`."""
        return self._act(vehicle_id, "return", self.vehicles().return_to_launch)

    def prepare_group(
        self, verb: FleetVerb, vehicle_ids: Sequence[VehicleId], argument: str = ""
    ) -> Future[FleetRequest]:
        """See :class:`~groundstation.core.commands.StationCommands`."""

        async def prepare() -> FleetRequest:
            return self.vehicles().fleet.prepare(verb, vehicle_ids, argument)

        return self.on_loop(prepare())

    def confirm_group(self, request: FleetRequest) -> Future[FleetOutcome]:
        """See :class:`~groundstation.core.commands.StationCommands`."""
        asked_s = self._clock.mono_ns() / 1e9
        names = " ".join(str(v) for v in request.vehicle_ids)
        self._store.record_action(self._operator, f"group {request.verb} {request.argument}", names)
        return self.on_loop(self.vehicles().fleet.confirm(request.token, asked_s))

    def acknowledge(self, incident_id: str, operator: str) -> None:
        """See :class:`~groundstation.core.commands.StationCommands`."""
        self._bus.publish(topics.ACKNOWLEDGEMENT, Acknowledgement(incident_id, self._clock.utc_us(), operator))

    def _safe(self) -> SafetyService:
        if self._safety is None:
            raise _no_link()
        return self._safety

    def _act(
        self, vehicle_id: VehicleId, name: str, action: Callable[[VehicleId, float], Coroutine[Any, Any, T]]
    ) -> Future[T]:
        # The second within which an order acts begins here, not when the loop comes to it.
        asked_s = self._clock.mono_ns() / 1e9
        self._store.record_action(self._operator, name, str(vehicle_id))
        return self.on_loop(action(vehicle_id, asked_s))
