"""Brings what the parts of the aircraft see to the bus, and gives operators the camera and the pre-flight list.

Runs on the loop of the vehicle service, beside it; one task per aircraft for its camera, so that a slow answer of one
keeps nobody else.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from geofences.area import Zone
from geofences.terrain import TerrainGrid
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock
from groundstation.core.records import VehicleId
from groundstation.core.safety_records import CameraState, PreflightReport
from groundstation.vehicle.camera import CameraPart
from groundstation.vehicle.camera_control import BorderLine, CameraControl
from groundstation.vehicle.camera_holder import CameraHolder
from groundstation.vehicle.fence_part import FencePart
from groundstation.vehicle.gimbal import GimbalPart
from groundstation.vehicle.look import Ground, LookRules
from groundstation.vehicle.look_part import LookPart
from groundstation.vehicle.preflight import StationFacts, refusal
from groundstation.vehicle.preflight_reader import PreflightReader
from groundstation.vehicle.service import VehicleService
from groundstation.vehicle.terrain_answer import TerrainPart
from groundstation.vehicle.traffic import TrafficPart
from missions.codec import MissionKind, items_of
from missions.plan import Plan

_log = logging.getLogger("groundstation.safety")

_STEP_S = 0.5
_SAME_AGAIN_S = 2.0


@dataclass(frozen=True, eq=False)
class CameraSettings:
    """What is the same for the cameras of all aircraft."""

    field_of_view_deg: tuple[float, float] = (40.0, 23.1)
    no_look: tuple[Zone, ...] = ()
    beyond_fence_m: float = 300.0
    idle_s: float = 60.0
    answer_s: float = 15.0
    border: BorderLine | None = None
    terrain: TerrainGrid | None = None
    inclusions: tuple[Zone, ...] = ()
    exclusions: tuple[Zone, ...] = ()


class SafetyService:
    """``enforce``: a start is refused against the pre-flight list. ``facts``: what the station knows of itself."""

    def __init__(
        self,
        vehicles: VehicleService,
        bus: Bus,
        clock: Clock,
        facts: Callable[[], StationFacts],
        camera: CameraSettings | None = None,
        enforce: bool = True,
    ) -> None:
        self._vehicles, self._bus, self._clock = vehicles, bus, clock
        self._settings = camera or CameraSettings()
        self._cameras: dict[VehicleId, CameraControl] = {}
        self._camera_tasks: dict[VehicleId, asyncio.Task[None]] = {}
        self._plans: dict[VehicleId, Plan | None] = {}
        self._told: dict[tuple[str, VehicleId], tuple[float, Any]] = {}
        self._runner: asyncio.Task[None] | None = None
        self.reader = PreflightReader(vehicles, clock, facts, self._camera_state)
        if enforce:
            vehicles.set_start_gate(lambda vehicle_id: refusal(self.reader.judge(vehicle_id)))

    def start(self) -> None:
        """Begin; on the loop of the vehicle service."""
        self._runner = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End; before the vehicle service."""
        tasks = [t for t in (self._runner, *self._camera_tasks.values()) if t is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._runner = None
        self._camera_tasks.clear()

    async def preflight(self, vehicle_id: VehicleId) -> PreflightReport:
        """Read the list anew, asking the aircraft for what is missing. Raises ``KeyError`` for one never heard."""
        report = await self.reader.read(vehicle_id)
        self._bus.publish(topics.PREFLIGHT, report)
        for item in report.failed:
            _log.info("vehicle %s: pre-flight: %s", vehicle_id, item.text)
        return report

    def camera(self, vehicle_id: VehicleId) -> CameraControl:
        """The camera of an aircraft. Raises ``KeyError`` for an aircraft never heard or without these parts."""
        if vehicle_id not in self._cameras:
            cameras, gimbals = self._vehicles.part(vehicle_id, CameraPart), self._vehicles.part(vehicle_id, GimbalPart)
            if cameras is None or gimbals is None:
                raise KeyError(vehicle_id)
            settings = self._settings
            self._cameras[vehicle_id] = CameraControl(
                self._vehicles, vehicle_id, self._clock, cameras, gimbals, lambda: self._rules(vehicle_id),
                settings.field_of_view_deg, settings.border,
                CameraHolder(f"camera of {vehicle_id}", settings.idle_s, settings.answer_s),
            )  # fmt: skip
        return self._cameras[vehicle_id]

    def _rules(self, vehicle_id: VehicleId) -> LookRules:
        settings, fence = self._settings, self._vehicles.part(vehicle_id, FencePart)
        level_m = self._vehicles.state(vehicle_id).home_alt_amsl_m
        ground = Ground(settings.terrain, level_m if level_m == level_m else 0.0)
        region = fence.region if fence is not None else None
        return LookRules(settings.no_look, region, settings.beyond_fence_m, ground)

    def _camera_state(self, vehicle_id: VehicleId) -> CameraState | None:
        control = self._cameras.get(vehicle_id)
        return control.record() if control is not None else None

    # -- its own work --------------------------------------------------------------------------------------------

    async def _run(self) -> None:
        while True:
            for vehicle_id in self._vehicles.vehicle_ids:
                try:
                    self._step(vehicle_id)
                except Exception:
                    # One aircraft's defect must not silence the others.
                    _log.exception("vehicle %s: a step failed", vehicle_id)
            await asyncio.sleep(_STEP_S)

    def _step(self, vehicle_id: VehicleId) -> None:
        vehicles = self._vehicles
        fence, traffic = vehicles.part(vehicle_id, FencePart), vehicles.part(vehicle_id, TrafficPart)
        terrain = vehicles.part(vehicle_id, TerrainPart)
        plan = vehicles.plan_in_force(vehicle_id)
        if fence is not None:
            if vehicle_id not in self._plans or self._plans[vehicle_id] is not plan:
                self._plans[vehicle_id] = plan
                fence.set_plan(plan)
                if plan is not None:
                    # Read back and equal, so this is what the aircraft holds, by whatever way it was sent.
                    fence.set_items(items_of(plan, MissionKind.FENCE))
            fence.set_zones(self._holding(self._settings.inclusions), self._holding(self._settings.exclusions))
            self._tell(topics.FENCE_REPORT, vehicle_id, fence.report)
            self._tell(topics.FLIGHT_FORECAST, vehicle_id, fence.record(self._clock.mono_ns() / 1e9))
        look = vehicles.part(vehicle_id, LookPart)
        if look is not None:
            rules = self._rules(vehicle_id)
            look.set_rules(rules.no_look, self._settings.field_of_view_deg, rules.ground)
        if traffic is not None:
            self._tell(topics.TRAFFIC, vehicle_id, traffic.picture)
        if terrain is not None:
            self._tell(topics.TERRAIN_SERVED, vehicle_id, terrain.served)
        if vehicles.part(vehicle_id, CameraPart) is not None and not vehicles.state(vehicle_id).read_only:
            control = self.camera(vehicle_id)
            running = self._camera_tasks.get(vehicle_id)
            if running is None or running.done():
                self._camera_tasks[vehicle_id] = asyncio.create_task(self._step_camera(vehicle_id, control))
            self._tell(topics.CAMERA_STATE, vehicle_id, control.record())

    def _holding(self, zones: tuple[Zone, ...]) -> tuple[Zone, ...]:
        """The zones that hold at this time of day."""
        now_us = self._clock.utc_us()
        return tuple(z for z in zones if not z.windows or any(w.holds(now_us) for w in z.windows))

    async def _step_camera(self, vehicle_id: VehicleId, control: CameraControl) -> None:
        try:
            await control.step()
        except Exception:
            _log.exception("vehicle %s: its camera failed", vehicle_id)

    def _tell(self, topic: topics.Topic[Any], vehicle_id: VehicleId, record: Any) -> None:
        """What is new at once, the same again now and then; a time stamp alone is nothing new."""
        now_s = self._clock.mono_ns() / 1e9
        content = replace(record, t_utc_us=0)
        key = (topic.name, vehicle_id)
        told = self._told.get(key)
        if told is not None and told[1] == content and now_s - told[0] < _SAME_AGAIN_S:
            return
        self._told[key] = (now_s, content)
        self._bus.publish(topic, replace(record, t_utc_us=self._clock.utc_us()))
