"""Gathers what the pre-flight list is made from: out of the parts of an aircraft, and by asking for what is missing."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from groundstation.core.clock import Clock
from groundstation.core.link_quality import LinkQuality
from groundstation.core.records import PlanStatus, VehicleId, VehicleState
from groundstation.core.safety_records import CameraState, PreflightReport
from groundstation.vehicle.failsafes import failsafe_parameters
from groundstation.vehicle.fence_part import FencePart
from groundstation.vehicle.fence_state import FENCE_PARAMETERS
from groundstation.vehicle.firmware_names import spellings, value_of
from groundstation.vehicle.health import HealthPart
from groundstation.vehicle.modes import Family, family_of_name
from groundstation.vehicle.parameter_watch import ParameterWatch
from groundstation.vehicle.parameters import ParameterResult
from groundstation.vehicle.preflight import PreflightView, StationFacts, preflight
from groundstation.vehicle.terrain_answer import TerrainPart
from groundstation.vehicle.traffic import TrafficPart
from missions.plan import Plan

P = TypeVar("P")
_AT_ONCE = 8


class FleetView(Protocol):
    """What is needed of :class:`groundstation.vehicle.service.VehicleService`."""

    def state(self, vehicle_id: VehicleId) -> VehicleState: ...
    def part(self, vehicle_id: VehicleId, kind: type[P]) -> P | None: ...
    def plan_status(self, vehicle_id: VehicleId) -> PlanStatus | None: ...
    def plan_in_force(self, vehicle_id: VehicleId) -> Plan | None: ...
    def link_qualities(self, vehicle_id: VehicleId) -> Sequence[LinkQuality]: ...
    async def get_param(self, vehicle_id: VehicleId, name: str) -> ParameterResult: ...
    async def read_fence(self, vehicle_id: VehicleId) -> str: ...
    async def check_plan(self, vehicle_id: VehicleId) -> str: ...
    async def prearm_reasons(self, vehicle_id: VehicleId) -> tuple[str, ...]: ...


class PreflightReader:
    """The list of any aircraft of a service. ``facts`` are asked for at each reading; ``camera`` gives its state."""

    def __init__(
        self,
        fleet: FleetView,
        clock: Clock,
        facts: Callable[[], StationFacts],
        camera: Callable[[VehicleId], CameraState | None] = lambda _: None,
    ) -> None:
        self._fleet, self._clock, self._facts, self._camera = fleet, clock, facts, camera
        self._prearm: dict[VehicleId, tuple[str, ...]] = {}
        self._plan_unread: dict[VehicleId, str] = {}

    def judge(self, vehicle_id: VehicleId) -> PreflightReport:
        """The list from what is known now; asks for nothing, so that an order does not wait for it."""
        fleet, state = self._fleet, self._fleet.state(vehicle_id)
        watch, health = fleet.part(vehicle_id, ParameterWatch), fleet.part(vehicle_id, HealthPart)
        fence, traffic = fleet.part(vehicle_id, FencePart), fleet.part(vehicle_id, TrafficPart)
        terrain = fleet.part(vehicle_id, TerrainPart)
        view = PreflightView(
            vehicle_id, self._family(state), state, watch.values if watch is not None else {}, self._facts(),
            fence.report if fence is not None else None, fleet.plan_status(vehicle_id), fleet.plan_in_force(vehicle_id),
            self._prearm.get(vehicle_id, ()), self._round_trip_s(vehicle_id),
            health.utc_ahead_s if health is not None else math.nan,
            traffic.picture if traffic is not None else None, terrain.served if terrain is not None else None,
            self._camera(vehicle_id), health.time_left_s() if health is not None else math.nan,
            self._plan_unread.get(vehicle_id, ""),
        )  # fmt: skip
        return preflight(view, self._clock.utc_us())

    async def read(self, vehicle_id: VehicleId) -> PreflightReport:
        """Asks the aircraft for what is missing (parameters, fence, the reasons of its own checks), reads a plan in force
        back once more, then judges."""
        fleet = self._fleet
        watch, fence = fleet.part(vehicle_id, ParameterWatch), fleet.part(vehicle_id, FencePart)
        if watch is not None:
            names = (*FENCE_PARAMETERS, *failsafe_parameters(self._family(fleet.state(vehicle_id))))
            watch.want(names)
            await self._read_parameters(vehicle_id, watch, names)
        if fence is not None and not fence.items_known:
            await fleet.read_fence(vehicle_id)
        reason = await fleet.check_plan(vehicle_id)
        self._plan_unread[vehicle_id] = reason if fleet.plan_in_force(vehicle_id) is not None else ""
        self._prearm[vehicle_id] = ()
        if fleet.state(vehicle_id).prearm_ok is False:
            self._prearm[vehicle_id] = await fleet.prearm_reasons(vehicle_id)
        if fence is not None:
            fence.on_time(fleet.state(vehicle_id), self._clock.mono_ns() / 1e9)
        return self.judge(vehicle_id)

    async def _read_parameters(self, vehicle_id: VehicleId, watch: ParameterWatch, names: Iterable[str]) -> None:
        """Present names first; former ones only of those that this firmware does not have."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def read(name: str) -> None:
            async with gate:
                result = await self._fleet.get_param(vehicle_id, name)
                if result.value is not None:
                    watch.learn({name: result.value})

        names = tuple(names)
        for wanted in (names, spellings(names)):
            missing = [n for n in wanted if n not in watch.values and value_of(watch.values, n) is None]
            former = {s for n in names if value_of(watch.values, n) is not None for s in spellings([n])}
            await asyncio.gather(*(read(n) for n in missing if n not in former))

    def _round_trip_s(self, vehicle_id: VehicleId) -> float:
        trips = [q.round_trip_s for q in self._fleet.link_qualities(vehicle_id) if math.isfinite(q.round_trip_s)]
        return min(trips, default=math.nan)

    @staticmethod
    def _family(state: VehicleState) -> Family:
        return family_of_name(state.vehicle_type)
