"""Reading back, for the console, what an aircraft holds."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any

from geofences.errors import MarchwardenError
from groundstation.core.clock import Clock
from groundstation.core.plan_commands import HeldLists
from groundstation.core.records import VehicleId
from groundstation.vehicle.aircraft import Aircraft
from groundstation.vehicle.list_transfer import download_lists
from groundstation.vehicle.service import VehicleService


class PlanReader:
    """A :class:`~groundstation.core.plan_commands.PlanCommands`. ``submit`` runs a coroutine on the station's loop;

    ``vehicles`` gives its vehicle service and may raise :class:`MarchwardenError`.
    """

    def __init__(
        self,
        submit: Callable[[Coroutine[Any, Any, HeldLists]], Future[HeldLists]],
        vehicles: Callable[[], VehicleService],
        clock: Clock,
    ) -> None:
        self._submit, self._vehicles, self._clock = submit, vehicles, clock

    def read_plan(self, vehicle_id: VehicleId) -> Future[HeldLists]:
        """Read mission, fence and rally points; what keeps it from that is told as the lists' problem."""
        work = self._read(vehicle_id)
        try:
            return self._submit(work)
        except MarchwardenError as error:
            work.close()
            done: Future[HeldLists] = Future()
            done.set_result(HeldLists(vehicle_id, self._clock.utc_us(), {}, error.message))
            return done

    async def _read(self, vehicle_id: VehicleId) -> HeldLists:
        async def work(aircraft: Aircraft) -> HeldLists:
            download = await download_lists(aircraft, self._clock)
            return HeldLists(vehicle_id, self._clock.utc_us(), dict(download.items))

        try:
            return await self._vehicles().exclusively(vehicle_id, work, changes=False)
        except MarchwardenError as error:
            return HeldLists(vehicle_id, self._clock.utc_us(), {}, error.message)
