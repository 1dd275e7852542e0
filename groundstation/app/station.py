"""The composition root: one station put together from its services, and the only place that knows all of them.

Threads: one I/O thread with an asyncio loop (links, commands, incidents, sharing, video supervision), the store's
thread, and one process per video stream. The caller's thread stays free for Qt.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
import uuid
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from geofences.area import Area, LatLon, area_text, read_area
from geofences.terrain import TerrainGrid, read_geotiff
from groundstation.app.alerts_setup import AlertParts
from groundstation.app.config import StationConfig
from groundstation.app.coverage_setup import station_grid
from groundstation.app.evidence_context import evidence_context
from groundstation.app.flight_record import FlightRecord
from groundstation.app.flight_setup import FlightDesk
from groundstation.app.gateway_setup import gateway_service
from groundstation.app.latency import LatencyMeter
from groundstation.app.picture_setup import picture_thread
from groundstation.app.plans_setup import PlanReader
from groundstation.app.router_setup import client_permissions, event_recorder
from groundstation.app.safety_setup import StationFactsReader, camera_settings
from groundstation.app.share_setup import share_settings
from groundstation.app.station_orders import StationOrders
from groundstation.app.vision_options import detector_options, worker_settings
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.errors import ConfigError, LinkError, VideoError
from groundstation.core.postgres import choose_store
from groundstation.core.records import (
    Fault,
    StationFault,
    VehicleId,
)
from groundstation.incidents.rule_file import RuleSet, default_rules, read_rules
from groundstation.incidents.service import IncidentService, IncidentSettings
from groundstation.link.base import Link
from groundstation.link.open import SigningClocks, open_link
from groundstation.link.router import Router
from groundstation.link.tlog import TlogRecorder
from groundstation.share.agreement_signed import read_signed
from groundstation.share.desk import ShareDesk
from groundstation.share.exercise import NAME_MARK, exercise_stream
from groundstation.share.service import ShareService
from groundstation.store import queries
from groundstation.store.coverage_service import CoverageService
from groundstation.store.evidence_service import EvidenceService
from groundstation.store.queries import AREA_DOCUMENT, RULES_DOCUMENT
from groundstation.store.service import StoreService
from groundstation.vehicle.held_plans import held_plan_parts
from groundstation.vehicle.pose_buffer import PoseSample
from groundstation.vehicle.safety_parts import SAFETY_RATES_HZ, safety_parts
from groundstation.vehicle.safety_service import SafetyService
from groundstation.vehicle.service import VehicleService
from groundstation.video.service import VideoService
from missions.checks import check_plan, require_ok
from missions.patterns.border_shuttle import PatrolRequest, plan_border_patrol
from missions.plan import Plan
from vision.detectors.factory import open_detector
from vision.detectors.model_file import DEFAULT_MODEL
from vision.lens import read_calibration
from vision.records import CameraPose

_log = logging.getLogger("groundstation.station")
T = TypeVar("T")

_TICK_S = 0.05
_VEHICLE = VehicleId(1, 1)
_OFFER_AGAIN_US = 86_400_000_000


class Station:
    """One station: ``orders`` is what its console may ask of the aircraft, ``flight`` what this flight did."""

    def __init__(self, config: StationConfig, beside_window: bool = False) -> None:
        """Read what the configuration names; nothing is opened yet. Raises :class:`ConfigError`.

        ``beside_window``: somebody sits before a console on this machine, to which the analysis of the video gives way.
        """
        self._config = config
        self._beside_window = beside_window
        self._clock = SystemClock()
        self.bus = Bus(self._on_overflow)
        mark = NAME_MARK if exercise_stream(config.video.stream) else ""
        self.flight_id = mark + time.strftime("%Y%m%dT%H%M%SZ-", time.gmtime()) + uuid.uuid4().hex[:6]
        self.data_dir = config.station.data_dir
        self.area: Area | None = None
        self.terrain: TerrainGrid | None = None
        rules_file = config.rules.file
        self._rules: RuleSet = read_rules(rules_file) if rules_file is not None else default_rules()
        if config.area.folder is not None:
            self.area = read_area(config.area.folder / "area.geojson")
            self.terrain = read_geotiff(config.area.folder / "terrain.tif")
        if config.video.url and self.area is None:
            raise ConfigError("a video needs an area, or nothing in it can be put on the ground", "set [area] folder")
        self.latency = LatencyMeter(self.bus)
        self._store = StoreService(self.bus, self.data_dir, self.flight_id, self._clock)
        self.flight = FlightRecord(self.bus, self._store, self.data_dir, self.flight_id)
        self.orders = StationOrders(
            self.bus, self._clock, self._store, config.station.operator, self.data_dir, self._plan_faults
        )
        self._alerts = AlertParts(self.bus, self._clock, self._store, config)
        self._vehicle: VehicleService | None = None
        self._router: Router | None = None
        self._safety: SafetyService | None = None
        self._camera_settings = camera_settings(config, self.area, self.terrain)
        self._video: VideoService | None = None
        self._incident_service: IncidentService | None = None
        self._evidence: EvidenceService | None = None
        self._coverage: CoverageService | None = None
        self._share: ShareService | None = None
        self._gateways = gateway_service(config, self.bus, self._clock, self.terrain)
        self._picture = picture_thread(config, self.bus, self._clock)
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()

    # -- life ----------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Look at everything that can be judged before anything is opened.

        Raises :class:`PlanError` for a patrol that its fences or the terrain forbid, :class:`ModelError` for a detector
        that cannot be used, :class:`ConfigError` for a backend or device that is not there and for a damaged camera
        calibration, :class:`VideoError` for a video file that is not there.
        """
        for port in self._config.router.ports:
            client_permissions(port)
        if self._gateways is not None:
            self._gateways.check()
        if self.area is not None and self._config.link.url:
            require_ok(check_plan(self.plan_patrol(_VEHICLE), self.area, self.terrain))
        url = self._config.video.url
        if url:
            open_detector(self._config.vision.model, detector_options(self._config.vision))
            if self._config.video.calibration is not None:
                read_calibration(self._config.video.calibration)
            if "://" not in url and not Path(url).is_file():
                raise VideoError(f"{url}: there is no such video file", "check the path, or give a URL with --video")

    def start(self) -> None:
        """Start everything. Raises the first error that keeps the station from working; then nothing stays running."""
        self.check()
        try:
            self.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"{self.data_dir}: cannot be made: {error.strerror}", "set [station] data_dir") from error
        choose_store(self.data_dir, self._config.station.store)
        self._store.start()
        ready: Future[None] = Future()
        self._thread = threading.Thread(target=self._run_loop, args=(ready,), name="station-io", daemon=True)
        self._thread.start()
        try:
            ready.result(60.0)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End everything in order; harmless when called again."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(30.0)
            if self._thread.is_alive():
                _log.error("the station's loop did not end within 30 s")
            self._thread = None
        if not self._store.stop():
            _log.error("not everything could be written to %s", self.data_dir)

    def _run_loop(self, ready: Future[None]) -> None:
        try:
            asyncio.run(self._main(ready))
        except BaseException as error:
            if not ready.done():
                ready.set_exception(error)
            else:
                _log.exception("the station's loop failed")

    async def _main(self, ready: Future[None]) -> None:
        self.orders.run_on(asyncio.get_running_loop())
        try:
            await self._open()
            ready.set_result(None)
            while not self._stopping.is_set():
                self._tick()
                await asyncio.sleep(_TICK_S)
        finally:
            await self._close()

    async def _open(self) -> None:
        config = self._config
        self._alerts.open()
        if self.area is not None:
            self._incident_service = IncidentService(
                self.bus,
                self.area.border,
                self.area.frame(),
                self.flight_id,
                self._clock,
                IncidentSettings(rules=self._rules, data_dir=self.data_dir),
            )
            # So that the flight can be asked later what other rules would have said.
            self._store.record_document(AREA_DOCUMENT, area_text(self.area))
            self._store.record_document(RULES_DOCUMENT, self._rules.text)
        if self.area is not None:
            self._evidence = EvidenceService(
                self.bus,
                self.data_dir,
                self.flight_id,
                self._clock,
                evidence_context(
                    config.station.name,
                    config.vision.model or DEFAULT_MODEL,
                    self._rules,
                    self.area.border,
                    self.data_dir,
                    self.flight_id,
                    config.evidence.keep_days,
                ),
            )
            self._evidence.start()
        if config.share.peers:
            self._share = ShareService(self.bus, share_settings(config), self._clock)
            self._share.start()
            # A kill between the incident's commit and the outbox's must not keep it from the neighbour; repeats are dropped.
            since_us = self._clock.utc_us() - _OFFER_AGAIN_US
            self._share.offer_incidents([i for i in queries.incidents(self.data_dir) if i.t_utc_us > since_us])
        if self._picture is not None:
            self._picture.start()
        if self._gateways is not None:
            self._gateways.start()
        if config.link.url:
            links = self._links()
            self._vehicle = VehicleService(
                self.bus, links, self._clock, self._plan_faults, self._on_pose, dict(SAFETY_RATES_HZ),
                parts=(
                    *safety_parts(
                        self.terrain, config.terrain.answer_requests, config.terrain.pieces_per_s,
                        (links[0].system_id, links[0].component_id),
                    ),
                    held_plan_parts(self.data_dir / "held_plans.json", links[0].system_id),
                ),
            )  # fmt: skip
            await self._vehicle.start()
            facts = StationFactsReader(self._config, self.bus, self.terrain, links[0].system_id)
            self._safety = SafetyService(
                self._vehicle, self.bus, self._clock, facts, self._camera_settings, config.preflight.enforce
            )
            self._safety.start()
            self.orders.fly(self._vehicle, self._safety)
            await self._open_router(links)
        if config.video.url and self.area is not None:
            # Not on this loop: the grid of a large area takes a second, and the heartbeat must not wait for it.
            grid = await asyncio.to_thread(station_grid, config, self.area, self.terrain)
            self._coverage = CoverageService(self.bus, self.data_dir, grid, config.station.name, self._clock)
            self._coverage.start()
            settings = worker_settings(config, self.area, self._beside_window)
            self._video = VideoService(self.bus, config.video.stream, settings, _VEHICLE, self._clock)
            self._video.start()

    def _links(self) -> list[Link]:
        """The station's links, each with a recording of its own, not yet open."""
        clocks, links = SigningClocks(self._clock), []
        for number, url in enumerate((self._config.link.url, *self._config.link.further), start=1):
            recording = self.data_dir / ("flight.tlog" if number == 1 else f"flight-{number}.tlog")
            link = open_link(url, self._clock, TlogRecorder(recording, self._on_tlog_fault), clocks)
            link.add_fault_listener(self._on_link_fault)
            links.append(link)
        return links

    async def _open_router(self, links: list[Link]) -> None:
        ports = self._config.router.ports
        if not ports:
            return
        self._router = Router(
            links,
            self._clock,
            on_event=event_recorder(self._store.record_action),
            link_for=self.orders.vehicles().link_of,
        )
        for port in ports:
            await self._router.open_port(port.url, client_permissions(port))

    async def _close(self) -> None:
        if self._incident_service is not None:
            self._incident_service.step()  # what it orders now is still written
        self._alerts.end_recordings()
        if self._video is not None:
            await asyncio.to_thread(self._video.stop)
        if self._coverage is not None:
            await asyncio.to_thread(self._coverage.stop)
        if self._incident_service is not None:
            self._incident_service.close()
        self._alerts.close()
        if self._evidence is not None:
            await asyncio.to_thread(self._evidence.stop)
        if self._router is not None:
            await self._router.close()
        if self._safety is not None:
            await self._safety.stop()
        if self._vehicle is not None:
            await self._vehicle.stop()
        if self._share is not None:
            await asyncio.to_thread(self._share.stop)
        if self._gateways is not None:
            await asyncio.to_thread(self._gateways.stop)
        if self._picture is not None:
            await asyncio.to_thread(self._picture.stop)
        self._collect()

    # -- the loop's own work ---------------------------------------------------------------------------------------

    def _tick(self) -> None:
        if self._vehicle is not None:
            self._vehicle.feed_watchdog()
        if self._incident_service is not None:
            self._incident_service.step()
        self._alerts.step()
        if self._evidence is not None:
            self._evidence.step()
        self._collect()

    def _collect(self) -> None:
        self.latency.step()
        self.flight.step()

    def _on_pose(self, vehicle_id: VehicleId, pose: PoseSample) -> None:
        if self._video is None or vehicle_id != _VEHICLE:
            return
        video = self._config.video
        self._video.on_pose(
            CameraPose(
                pose.t_utc_us,
                pose.lat_deg,
                pose.lon_deg,
                pose.alt_amsl_m,
                pose.azimuth_deg,
                pose.elevation_deg,
                pose.roll_deg,
                video.hfov_deg,
                video.vfov_deg,
                "vehicle",
            )
        )

    def _on_overflow(self, topic: topics.Topic[Any]) -> None:
        # Not published from here: the bus is in the middle of a publication.
        _log.error("topic %s lost a record: a consumer does not keep up", topic.name)

    def _on_tlog_fault(self, text: str) -> None:
        fault = Fault("tlog", "warning", f"The flight recording has a fault: {text}", "make room on the disk")
        self.bus.publish(topics.STATION_FAULT, StationFault("link", fault, True, self._clock.utc_us()))

    def _on_link_fault(self, fault: Fault, active: bool) -> None:
        self.bus.publish(topics.STATION_FAULT, StationFault("link", fault, active, self._clock.utc_us()))

    def _plan_faults(self, plan: Plan) -> list[str]:
        findings = check_plan(plan, self.area, self.terrain)
        return [f.text for f in findings if f.severity == "error"]

    # -- what a console or the demo asks -----------------------------------------------------------------------------

    def services(self) -> dict[str, Any]:
        """What its console is handed by name, beside the commands: see ``ConsoleContext.services``."""
        found = self._alerts.services()
        if self._config.link.url:
            found["flight"] = FlightDesk(self.orders)
        found["plans"] = PlanReader(self.orders.on_loop, self.orders.vehicles, self._clock)
        if self._share is not None:
            found["share"] = self._share.desk
        return found

    def wait_for_video(self, timeout_s: float) -> None:
        """Wait until the video runs, is waited for, or the time is over. Raises :class:`VideoError` when it failed."""
        if self._video is None:
            return
        deadline_s = time.monotonic() + timeout_s
        while time.monotonic() < deadline_s:
            known = self.bus.latest(topics.STREAM_HEALTH, self._config.video.stream)
            if known is not None and known.health.state == "failed":
                raise VideoError(f"{self._config.video.url}: {known.health.detail}", "see what the message names")
            if known is not None and known.health.state != "starting":
                return
            time.sleep(0.1)

    def describe(self) -> list[str]:
        """What runs, one line each, for the terminal."""
        config = self._config
        lines = [f"station {config.station.name}, data in {self.data_dir}"]
        if config.link.url:
            lines += [f"link {url}" for url in (config.link.url, *config.link.further)]
        lines += [f"port for {p.name} {p.url}" for p in config.router.ports]
        if config.video.url:
            lines.append(f"video {config.video.url}")
        lines += [f"neighbour {p.name} {p.connect or 'expected on ' + p.listen}" for p in config.share.peers]
        return lines

    def wait_for_vehicle(self, timeout_s: float) -> VehicleId:
        """The first aircraft whose position is known and that knows its home. Raises :class:`LinkError`."""
        deadline_s = time.monotonic() + timeout_s
        vehicle_id = self.orders.on_loop(self.orders.vehicles().wait_for_vehicle(timeout_s)).result(timeout_s + 5.0)
        left_s = max(deadline_s - time.monotonic(), 1.0)
        ready = self.orders.on_loop(
            self.orders.vehicles().wait_for_state(vehicle_id, lambda s: s.position_ok, left_s)
        ).result(left_s + 5)
        if not ready:
            raise LinkError(f"aircraft {vehicle_id} has no position after {timeout_s:g} s", "wait for its GPS fix")
        return vehicle_id

    def vehicle_ids(self) -> tuple[VehicleId, ...]:
        """All aircraft heard so far."""
        return self._vehicle.vehicle_ids if self._vehicle is not None else ()

    def shared_corridors(self) -> list[tuple[LatLon, ...]]:
        """The outline of what each agreement lets a neighbour know, for the map."""
        paths = [p.agreement for p in self._config.share.peers if p.agreement is not None and p.agreement.is_file()]
        signed = [read_signed(path) for path in paths]
        # What is not signed by both, or was ended, lets nobody know anything.
        agreements = [s.agreement for s in signed if not s.missing and s.termination is None]
        own = self._config.station.name
        return [outline for a in agreements for outline in a.corridor.outline(*a.limits_m(own))]

    def plan_patrol(self, vehicle_id: VehicleId) -> Plan:
        """The border patrol of the configuration for this area. Raises :class:`PlanError` when there is none."""
        if self.area is None:
            raise ConfigError("no area is configured, so nothing can be planned", "set [area] folder")
        patrol = self._config.patrol
        return plan_border_patrol(
            self.area,
            self.terrain,
            PatrolRequest(
                height_agl_m=patrol.height_agl_m,
                speed_m_s=patrol.speed_m_s,
                standoff_m=patrol.standoff_m,
                laps=patrol.laps,
                stretch_length_m=patrol.stretch_length_m,
            ),
        )

    # -- what a report needs -----------------------------------------------------------------------------------------

    @property
    def vision_pid(self) -> int:
        """The process id of the vision worker; 0 without one."""
        return (self._video.worker_pid or 0) if self._video is not None else 0

    @property
    def vision_restarts(self) -> int:
        """How often the vision worker had to be started again."""
        return self._video.restarts if self._video is not None else 0

    def is_home(self, vehicle_id: VehicleId, within_m: float) -> bool:
        """Whether the aircraft is within this distance of the launch point or a rally point, where RTL may end."""
        state = self.bus.latest(topics.VEHICLE_STATE, vehicle_id)
        if state is None or self.area is None:
            return False
        frame = self.area.frame()
        here = frame.to_plane(state.lat_deg, state.lon_deg)
        ends = (self.area.launch, *self.area.rally)
        places = frame.to_plane([p.lat_deg for p in ends], [p.lon_deg for p in ends])
        return bool(np.min(np.hypot(*(places - here).T)) <= within_m)

    @property
    def share(self) -> ShareDesk | None:
        """What people may order of the sharing; None without neighbours."""
        return self._share.desk if self._share is not None else None

    def wait_for_neighbours(self, timeout_s: float) -> bool:
        """Wait until the neighbours have stored everything told so far; False when they have not in time."""
        return self._share is None or self._share.wait_delivered(timeout_s)
