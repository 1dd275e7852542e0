"""The vehicle service: finds the aircraft on the links, keeps their state on the bus, and does what is asked of them.

Everything here runs on one asyncio loop. The station's main loop must call :meth:`VehicleService.feed_watchdog`; when it
stops, the heartbeat stops, and aircraft take their own lost-link action.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from groundstation.core.bus import Bus
from groundstation.core.clock import Clock
from groundstation.core.errors import LinkError
from groundstation.core.link_quality import LinkQuality
from groundstation.core.records import (
    CommandOutcome,
    Fault,
    PlanStatus,
    StationFault,
    StatusText,
    VehicleId,
    VehicleState,
)
from groundstation.core.topics import LINK_QUALITY, PLAN_STATUS, STATION_FAULT, STATUS_TEXT, VEHICLE_STATE
from groundstation.link.base import Link, LinkState
from groundstation.vehicle import flight
from groundstation.vehicle.aircraft import JUDGE_OF_MANY_S, Aircraft
from groundstation.vehicle.faults import FaultLimits
from groundstation.vehicle.fleet import FleetDesk
from groundstation.vehicle.flight_orders import FlightOrders, StartGate
from groundstation.vehicle.heartbeat import STARVED_AFTER_S, Heartbeat, Watchdog
from groundstation.vehicle.modes import AUTOPILOTS, VEHICLE_TYPES, family
from groundstation.vehicle.orders import Orders
from groundstation.vehicle.parameters import ParameterResult
from groundstation.vehicle.parts import PartFactory
from groundstation.vehicle.plan_desk import PlanDesk, TransferWays
from groundstation.vehicle.plan_transfer import PlanCheck
from groundstation.vehicle.pose_buffer import PoseBuffer, PoseSample
from groundstation.vehicle.resume import ResumeOffer
from groundstation.vehicle.status_text import JoinedText
from groundstation.vehicle.streams import DEFAULT_RATES_HZ, rates_for
from groundstation.vehicle.timesync import LinkQuestions
from missions.checks.override import Override
from missions.plan import Plan
from missions.transfer import Timers

_log = logging.getLogger("groundstation.vehicle")

P = TypeVar("P")
R = TypeVar("R")
PoseSink = Callable[[VehicleId, PoseSample], None]

_TICK_S = 0.05
_PUBLISH_S = 0.1
_PUBLISH_IDLE_S = 1.0
_NO_AUTOPILOT = 8  # MAV_AUTOPILOT_INVALID: ground stations, gimbals, cameras
_QUALITY_S = 1.0
# Measured (benchmarks/fleet.py): so many at 20 messages a second each on one thread, with room to spare.
MOST_VEHICLES = 250
_MANY_VEHICLES = 50
_MISSION_TEXT = "Flight plan received"


class VehicleService(FlightOrders):
    """All aircraft of one station.

    ``check_plan`` gives the reasons why a plan must not be uploaded. ``pose_sink`` is called on the loop with every new
    camera pose. ``rates_hz`` maps MAVLink message ids to the rates to ask for, ``link_rates_hz`` does so for single links by
    name (a slow radio beside a fast one). ``parts`` make what is added to each
    aircraft (see :mod:`groundstation.vehicle.parts`). ``wanted`` tells which aircraft to take in, all without it. Without
    ``send_heartbeat`` no aircraft takes this for the station whose loss it must act on: for tools that come and go.
    """

    def __init__(
        self,
        bus: Bus,
        links: Sequence[Link],
        clock: Clock,
        check_plan: PlanCheck,
        pose_sink: PoseSink | None = None,
        rates_hz: dict[int, float] | None = None,
        limits: FaultLimits | None = None,
        transfer_window: int | None = None,
        link_back_s: float = 30.0,
        transfer_timers: Timers | None = None,
        watchdog_limit_s: float = STARVED_AFTER_S,
        parts: Sequence[PartFactory] = (),
        link_rates_hz: Mapping[str, Mapping[int, float]] | None = None,
        wanted: Callable[[VehicleId], bool] | None = None,
        send_heartbeat: bool = True,
        most_vehicles: int = MOST_VEHICLES,
    ) -> None:
        self._bus, self._links, self._clock = bus, tuple(links), clock
        self._pose_sink = pose_sink
        self._rates_hz = dict(DEFAULT_RATES_HZ if rates_hz is None else rates_hz)
        self._limits = limits or FaultLimits()
        self._parts = tuple(parts)
        self._link_rates_hz = dict(link_rates_hz or {})
        self._most_vehicles = most_vehicles
        self._wanted, self._send_heartbeat = wanted, send_heartbeat
        self._questions = {link.name: LinkQuestions() for link in self._links}
        self._next_quality_s = float("-inf")
        self._full_told = False
        self._aircraft: dict[VehicleId, Aircraft] = {}
        self._by_system: dict[int, list[Aircraft]] = {}
        ways = TransferWays(transfer_window, link_back_s, transfer_timers)
        self._desk = PlanDesk(self._aircraft, clock, check_plan, self._on_plan_status, self._spawn, ways)
        self._orders = Orders()
        self.fleet = FleetDesk(self, clock, self._fault)
        """Orders to several aircraft at once."""
        self._start_gate: StartGate | None = None
        self._published: dict[VehicleId, tuple[float, VehicleState]] = {}
        self._watchdog = Watchdog(clock.mono_ns() / 1e9, watchdog_limit_s)
        self._heartbeat = Heartbeat(self._watchdog)
        self._suppressed_told = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticker: asyncio.Task[None] | None = None
        self._seen = asyncio.Event()

    # -- life ----------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Open the links and begin. Raises :class:`LinkError` or :class:`PortInUseError`; then nothing stays open."""
        opened: list[Link] = []
        self._watchdog.feed(self._now_s())
        for link in self._links:
            link.add_listener(self._listener(link))
            link.add_state_listener(self._state_listener(link))
        try:
            for link in self._links:
                if link.state is LinkState.CLOSED:
                    await link.open()
                    opened.append(link)
        except BaseException:
            for link in opened:
                await link.close()
            raise
        self._ticker = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End what is being waited for, stop the heartbeat and close the links."""
        if self._ticker is not None:
            self._ticker.cancel()
            await asyncio.gather(self._ticker, return_exceptions=True)
            self._ticker = None
        for aircraft in self._aircraft.values():
            aircraft.give_up("the station stops")
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for link in self._links:
            await link.close()

    def feed_watchdog(self) -> None:
        """The station's main loop is running; callable from any thread, at least once a second."""
        self._watchdog.feed(self._now_s())

    async def wait_for_vehicle(self, timeout_s: float) -> VehicleId:
        """The first aircraft that was heard. Raises :class:`LinkError` when none is within the time."""
        try:
            await asyncio.wait_for(self._seen.wait(), timeout_s)
        except TimeoutError as error:
            details = "; ".join(f"{k.name}: {k.state.value} {k.detail}".strip() for k in self._links)
            raise LinkError(
                f"no aircraft was heard within {timeout_s:g} s ({details})",
                "check the link URL, and that the aircraft or simulator is running",
            ) from error
        return next(iter(self._aircraft))

    # -- questions -----------------------------------------------------------------------------------------------

    @property
    def vehicle_ids(self) -> tuple[VehicleId, ...]:
        """All aircraft heard since the start, in that order."""
        return tuple(self._aircraft)

    def state(self, vehicle_id: VehicleId) -> VehicleState:
        """The newest state. Raises ``KeyError`` for an aircraft never heard."""
        return self._aircraft[vehicle_id].state

    def poses(self, vehicle_id: VehicleId) -> PoseBuffer:
        """The pose buffer. Raises ``KeyError`` for an aircraft never heard. Belongs to the loop's thread."""
        return self._aircraft[vehicle_id].poses

    def part(self, vehicle_id: VehicleId, kind: type[P]) -> P | None:
        """The aircraft's part of that class, None without one. Raises ``KeyError`` for an aircraft never heard."""
        return self._aircraft[vehicle_id].parts.find(kind)

    def link_qualities(self, vehicle_id: VehicleId) -> list[LinkQuality]:
        """How good each link to an aircraft is. Raises ``KeyError`` for an aircraft never heard."""
        return self._aircraft[vehicle_id].paths.qualities(self._now_s())

    def link_of(self, system_id: int) -> Link | None:
        """The link that is used for an aircraft now; None for one never heard. Belongs to the loop's thread."""
        return next((a.link for v, a in self._aircraft.items() if v.system_id == system_id), None)

    def plan_status(self, vehicle_id: VehicleId) -> PlanStatus | None:
        """What became of the last plan for an aircraft."""
        return self._desk.status(vehicle_id)

    def plan_in_force(self, vehicle_id: VehicleId) -> Plan | None:
        """The plan that an aircraft is known to hold, read back and equal; None without one."""
        return self._desk.in_force(vehicle_id)

    async def read_fence(self, vehicle_id: VehicleId) -> str:
        """Read the fence items of an aircraft, for its parts to see; the reason when that failed, "" when it did not."""
        return await self._desk.read_fence(vehicle_id)

    async def prearm_reasons(self, vehicle_id: VehicleId) -> tuple[str, ...]:
        """Why an aircraft's own checks forbid arming now. Raises ``KeyError`` for an aircraft never heard."""
        return await flight.prearm_reasons(self._aircraft[vehicle_id])

    async def wait_for_state(
        self, vehicle_id: VehicleId, condition: Callable[[VehicleState], bool], timeout_s: float
    ) -> bool:
        """Wait until the aircraft's state satisfies ``condition``; False when it does not in time."""
        return await self._aircraft[vehicle_id].wait_for(condition, timeout_s)

    # -- what can be asked of an aircraft --------------------------------------------------------------------------

    async def upload_plan(self, vehicle_id: VehicleId, plan: Plan, override: Override | None = None) -> PlanStatus:
        """Check, upload, read back, compare, enable the fence; see :class:`~groundstation.vehicle.plan_transfer.PlanTransfer`.

        A plan with errors is refused, unless ``override`` names who answers for them; that is logged and told in the status.
        It overrides the findings about the plan only, never what the aircraft or its link say.
        """
        return await self._desk.transfer(vehicle_id, plan, upload=True, override=override)

    async def verify_plan(self, vehicle_id: VehicleId, plan: Plan) -> PlanStatus:
        """Read back and compare without changing anything."""
        return await self._desk.transfer(vehicle_id, plan, upload=False)

    async def check_plan(self, vehicle_id: VehicleId) -> str:
        """Read a plan in force back once more, on the ground; what is not as verified, "" for nothing."""
        return await self._desk.check(vehicle_id)

    async def take_up_mission(
        self, vehicle_id: VehicleId, rewind_m: float, restart: bool = False
    ) -> tuple[ResumeOffer, CommandOutcome]:
        """After a battery change: verify the plan, find the place ``rewind_m`` before the last one, and set it current.

        Nothing flies by this. See :class:`groundstation.vehicle.resume.Resume`. Raises :class:`LinkError` as
        :meth:`exclusively`.
        """
        return await self._desk.take_up_mission(vehicle_id, rewind_m, restart)

    async def exclusively(
        self, vehicle_id: VehicleId, work: Callable[[Aircraft], Awaitable[R]], changes: bool = True
    ) -> R:
        """Do ``work`` with an aircraft while no other transfer runs; if it changes lists, no plan is in force afterwards.

        Raises :class:`LinkError` for an aircraft that is not there, is read only, or is busy with another transfer.
        """
        return await self._desk.exclusively(vehicle_id, work, changes)

    async def get_param(self, vehicle_id: VehicleId, name: str) -> ParameterResult:
        """Read one parameter. Raises ``KeyError`` for an aircraft never heard."""
        if self._aircraft[vehicle_id].state.read_only:
            return ParameterResult(name, None, False, f"{name}: read only, its parameters are of another kind")
        return await self._aircraft[vehicle_id].get_param(name)

    async def set_param(self, vehicle_id: VehicleId, name: str, value: float) -> ParameterResult:
        """Set one parameter; ``ok`` when the aircraft echoed it. Raises ``KeyError`` for an aircraft never heard."""
        if self._aircraft[vehicle_id].state.read_only:
            return ParameterResult(name, None, False, f"{name}: read only, its parameters are of another kind")
        return await self._aircraft[vehicle_id].set_param(name, value)

    # -- what comes in -------------------------------------------------------------------------------------------

    def _listener(self, link: Link) -> Callable[[Any, int, int], None]:
        return lambda message, t_mono_ns, t_utc_us: self._on_message(link, message, t_mono_ns, t_utc_us)

    def _state_listener(self, link: Link) -> Callable[[LinkState, str], None]:
        key = f"link {link.name}"

        def on_state(state: LinkState, detail: str) -> None:
            lost = state is LinkState.CONNECTING and bool(detail)
            text = f"Link {link.name} is not connected: {detail}"
            self._fault(Fault(key, "warning", text, "check the address and that the other end runs"), lost)

        return on_state

    def _on_message(self, link: Link, message: Any, t_mono_ns: int, t_utc_us: int) -> None:
        header = message.get_header()
        # A tuple finds what a VehicleId was stored under, and costs nothing to make: this is every message of a fleet.
        aircraft = self._aircraft.get((header.srcSystem, header.srcComponent))  # type: ignore[call-overload]
        if aircraft is None:
            aircraft = self._discover(link, VehicleId(header.srcSystem, header.srcComponent), message)
            if aircraft is None:
                for each in self._by_system.get(header.srcSystem, ()):
                    each.on_component_message(link, message, t_mono_ns / 1e9)
                return
        kind = message.get_type()
        if kind == "TIMESYNC":
            question = self._questions[link.name].match(message)
            if question is not None:
                aircraft.on_timesync(link, message.tc1, question, t_mono_ns, t_utc_us)
        else:
            texts = aircraft.on_message(link, message, t_mono_ns, t_utc_us)
            if texts:
                self._tell_texts(aircraft, texts, t_utc_us)
        if aircraft.restarted:
            aircraft.restarted = False
            self._desk.on_restart(aircraft.vehicle_id)
        if self._pose_sink is not None and kind in ("GIMBAL_DEVICE_ATTITUDE_STATUS", "ATTITUDE"):
            for pose in aircraft.poses.take_new():
                self._pose_sink(aircraft.vehicle_id, pose)

    def _discover(self, link: Link, vehicle_id: VehicleId, message: Any) -> Aircraft | None:
        if message.get_type() != "HEARTBEAT" or message.autopilot == _NO_AUTOPILOT or message.type not in VEHICLE_TYPES:
            return None
        if vehicle_id.system_id in (0, link.system_id) or not (self._wanted is None or self._wanted(vehicle_id)):
            return None
        if len(self._aircraft) >= self._most_vehicles:
            self._tell_full(vehicle_id)
            return None
        rates_hz = self._rates_hz
        autopilot = AUTOPILOTS.get(message.autopilot, "")

        def rates_of(of: Link) -> dict[int, float]:
            return rates_for(autopilot, self._link_rates_hz.get(of.name, rates_hz))

        aircraft = Aircraft(
            vehicle_id, link, self._clock, rates_of, self._limits, self._spawn, self._ask_links,
            family(message.type), self._parts,
        )  # fmt: skip
        self._aircraft[vehicle_id] = aircraft
        self._by_system.setdefault(vehicle_id.system_id, []).append(aircraft)
        if len(self._aircraft) > _MANY_VEHICLES:
            for each in self._aircraft.values():
                each.judge_every_s = JUDGE_OF_MANY_S
        _log.info("vehicle %s: heard on %s", vehicle_id, link.name)
        self._seen.set()
        return aircraft

    def _tell_full(self, vehicle_id: VehicleId) -> None:
        if self._full_told:
            return
        self._full_told = True
        text = f"Aircraft {vehicle_id} is not taken in: this station shows {self._most_vehicles} aircraft already"
        self._fault(Fault("too_many_aircraft", "critical", text, "let another station take some of them"), True)

    def _ask_links(self, aircraft: Aircraft) -> None:
        """An order waits for a link to show that it is quick: ask at once, within the pauses that all share."""
        for path in aircraft.paths:
            self._ask_link(path.link, wanted=True)

    def _ask_link(self, link: Link, wanted: bool) -> None:
        questions, now_s = self._questions[link.name], self._now_s()
        if questions.due(now_s, wanted) and link.state is LinkState.OPEN:
            link.send(questions.ask(now_s, self._clock.utc_us()))

    def _on_plan_status(self, status: PlanStatus) -> None:
        aircraft = self._aircraft.get(status.vehicle_id)
        if status.phase == "in_force" and aircraft is not None:
            # The state that it rests on is told first: nobody sees a plan in force beside a fence that is still off.
            self._published.pop(status.vehicle_id, None)
            self._publish_state(aircraft, aircraft.now_s())
        self._bus.publish(PLAN_STATUS, status)

    def _tell_texts(self, aircraft: Aircraft, texts: list[JoinedText], t_utc_us: int) -> None:
        for text in texts:
            _log.debug("vehicle %s: %s", aircraft.vehicle_id, text.text)
            self._bus.publish(STATUS_TEXT, StatusText(aircraft.vehicle_id, t_utc_us, text.severity, text.text))
            if text.text == _MISSION_TEXT:
                self._desk.on_mission_text(aircraft.vehicle_id, t_utc_us)

    # -- what time brings ----------------------------------------------------------------------------------------

    def _now_s(self) -> float:
        return self._clock.mono_ns() / 1e9

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("a background task failed", exc_info=task.exception())

    async def _run(self) -> None:
        while True:
            try:
                self._tick(self._now_s())
            except Exception:
                # One aircraft's defect must not silence the heartbeat for the others.
                _log.exception("a tick failed")
            await asyncio.sleep(_TICK_S)

    def _tick(self, now_s: float) -> None:
        heartbeat = self._heartbeat.on_time(now_s)
        if heartbeat is not None and self._send_heartbeat:
            for link in self._links:
                link.send(heartbeat)
        if self._heartbeat.suppressed != self._suppressed_told:
            self._suppressed_told = self._heartbeat.suppressed
            text = "The station stopped its heartbeat: its main loop does not run"
            remedy = "aircraft may take their lost-link action; restart the station if this stays"
            self._fault(Fault("gcs_heartbeat", "critical", text, remedy), self._suppressed_told)
        waiting: set[str] = set()
        for aircraft in tuple(self._aircraft.values()):
            try:
                texts = aircraft.on_time(now_s, self._heartbeat.suppressed)
                if texts:
                    self._tell_texts(aircraft, texts, self._clock.utc_us())
                self._publish_state(aircraft, now_s)
                self._desk.guard(aircraft, now_s)
                if aircraft.wants_proof:
                    waiting.update(path.link.name for path in aircraft.paths)
            except Exception:
                # One aircraft's defect must not cost the others their orders and deadlines.
                _log.exception("vehicle %s: a tick failed", aircraft.vehicle_id)
        for link in self._links:
            # Also while nobody is heard: where we must speak first, this is what is said.
            self._ask_link(link, link.name in waiting)
        if now_s >= self._next_quality_s:
            self._next_quality_s = now_s + _QUALITY_S
            for aircraft in self._aircraft.values():
                for quality in aircraft.paths.qualities(now_s):
                    self._bus.publish(LINK_QUALITY, quality)

    def _publish_state(self, aircraft: Aircraft, now_s: float) -> None:
        published = self._published.get(aircraft.vehicle_id)
        if published is not None and now_s - published[0] < _PUBLISH_S:
            return  # before the state is asked for: making one is most of the work
        state = aircraft.state
        if published is not None and now_s - published[0] < _PUBLISH_IDLE_S:
            fresh = state.t_mono_ns != published[1].t_mono_ns or state.faults != published[1].faults
            if not fresh:
                return
        self._published[aircraft.vehicle_id] = (now_s, state)
        self._bus.publish(VEHICLE_STATE, state)

    def _fault(self, fault: Fault, active: bool) -> None:
        self._bus.publish(STATION_FAULT, StationFault("vehicle", fault, active, self._clock.utc_us()))
