"""A station and simulated aircraft in one process on a clock that jumps: no socket, no waiting, the same every time.

The event loop's time is the station's clock and the aircraft's. When nothing is left to do it jumps to the next timer, so
that a flight of minutes takes a second, and an aircraft that answers 6 s late costs no patience.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import selectors
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from groundstation.core.bus import Bus
from groundstation.core.records import PlanStatus, VehicleId, VehicleState
from groundstation.core.topics import PLAN_STATUS, STATUS_TEXT
from groundstation.link.base import Link, LinkState
from groundstation.vehicle.service import VehicleService
from missions.codec import MissionKind, WireItem
from sim.autopilot import Autopilot, ErrorSizes, Outgoing
from sim.server import Channel

LAT, LON, GROUND_M = 49.0, 20.0, 300.0
START_UTC_US = 1_790_000_000_000_000
_STEP_S = 0.02
_BEGIN_S = 1000.0


class VirtualClock:
    """Starts somewhere and is moved by the loop alone."""

    def __init__(self) -> None:
        self.now_s = _BEGIN_S

    def mono_ns(self) -> int:
        return round(self.now_s * 1e9)

    def utc_us(self) -> int:
        return START_UTC_US + round((self.now_s - _BEGIN_S) * 1e6)


class _JumpingSelector(selectors.SelectSelector):
    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0)
        if not ready and timeout is None:
            raise RuntimeError("virtual time: everything waits and no timer is set")
        if not ready and timeout:
            self._clock.now_s += timeout
        return ready


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on a :class:`VirtualClock`."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(_JumpingSelector(clock))
        self._virtual_clock = clock

    def time(self) -> float:
        return self._virtual_clock.now_s


def run_virtual(main: Callable[[VirtualClock], Coroutine[Any, Any, None]], limit_s: float = 900.0) -> None:
    """Run ``main(clock)`` to its end, which must come within ``limit_s`` of virtual time."""
    clock = VirtualClock()
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(clock)) as runner:
        runner.run(asyncio.wait_for(main(clock), limit_s))


class DirectTransport:
    """A link's transport that ends in aircraft. Nothing arrives within the call that sent it."""

    def __init__(self, vehicles: Sequence[Autopilot], clock: VirtualClock) -> None:
        self._vehicles, self._clock = list(vehicles), clock
        self._base_s = clock.now_s
        self._owner: Any = None
        self._channels: list[Channel] = []
        self._stepping: asyncio.Task[None] | None = None
        self.connected = True
        self.sent = 0
        """Packets that the station has sent."""
        self.on_sent: Callable[[bytes], None] = lambda packet: None

    def now_s(self) -> float:
        """The aircraft's time."""
        return self._clock.now_s - self._base_s

    async def open(self, owner: Any) -> None:
        self._owner = owner
        self._channels = [
            Channel(number, f"direct {number}", vehicle.sysid, self._arrive)
            for number, vehicle in enumerate(self._vehicles, 1)
        ]
        owner.on_transport_state(LinkState.OPEN, "")
        self._stepping = asyncio.get_running_loop().create_task(self._step())

    def _arrive(self, data: bytes) -> None:
        if self.connected:
            asyncio.get_running_loop().call_soon(self._deliver, data)

    def _deliver(self, data: bytes) -> None:
        if self._owner is not None:
            self._owner.on_bytes(data)

    def write(self, data: bytes, peer: Any = None) -> bool:
        if self._owner is None:
            return False
        self.sent += 1
        self.on_sent(data)
        if self.connected:
            for channel, vehicle in zip(self._channels, self._vehicles, strict=True):
                for message in channel.parse(data):
                    self._dispatch(channel, vehicle, vehicle.on_message(channel.number, message, self.now_s()))
                    if message.get_type() == "SETUP_SIGNING":
                        self._sign(channel, vehicle)
        return True

    @staticmethod
    def _sign(channel: Channel, vehicle: Autopilot) -> None:
        channel.sign(vehicle.signing, vehicle.start_utc_us + round(vehicle.now_s * 1e6))

    @staticmethod
    def _dispatch(channel: Channel, vehicle: Autopilot, outgoing: list[Outgoing]) -> None:
        for number, message in outgoing:
            if number in (None, channel.number):
                channel.send(message, vehicle.sysid, vehicle.misbehaviours)

    async def _step(self) -> None:
        while True:
            await asyncio.sleep(_STEP_S)
            for channel, vehicle in zip(self._channels, self._vehicles, strict=True):
                self._dispatch(channel, vehicle, vehicle.step(self.now_s()))
                if vehicle.signing.key:
                    self._sign(channel, vehicle)

    async def close(self) -> None:
        self._owner = None
        if self._stepping is not None:
            self._stepping.cancel()
            await asyncio.gather(self._stepping, return_exceptions=True)
            self._stepping = None


def make_vehicle(clock: VirtualClock, **options: Any) -> Autopilot:
    """An aircraft with perfect sensors on flat ground."""
    return Autopilot(
        LAT, LON, lambda lat, lon: GROUND_M, start_utc_us=clock.utc_us(), error_sizes=ErrorSizes.none(), **options
    )


def ready(state: VehicleState) -> bool:
    """The aircraft has a position and a home."""
    return state.position_ok and state.gps_fix_type >= 3 and math.isfinite(state.home_alt_amsl_m)


class VirtualField:
    """One station and its aircraft; use as an asynchronous context manager within :func:`run_virtual`."""

    def __init__(
        self,
        clock: VirtualClock,
        misbehave: Sequence[str] = (),
        *,
        vehicles: Sequence[Autopilot] | None = None,
        vehicle: dict[str, Any] | None = None,
        wait_s: float = 30.0,
        **service: Any,
    ) -> None:
        self.clock, self.bus, self._wait_s = clock, Bus(), wait_s
        self.vehicles = list(vehicles or [make_vehicle(clock, misbehave=misbehave, **(vehicle or {}))])
        self.transport = DirectTransport(self.vehicles, clock)
        self.link = Link("direct", self.transport, clock)
        self.plan_phases: list[str] = []
        """What has become of plans, in order, each phase once."""
        self._plans = self.bus.subscribe(PLAN_STATUS)
        self.texts = self.bus.subscribe(STATUS_TEXT)
        self.poses: list[Any] = []
        self.service = VehicleService(
            self.bus, [self.link], clock, lambda plan: [], lambda vehicle, pose: self.poses.append(pose), **service
        )
        self.id = VehicleId(self.vehicles[0].sysid, 1)

    @property
    def autopilot(self) -> Autopilot:
        """The first aircraft, as it really is."""
        return self.vehicles[0]

    def times(self, name: str) -> int:
        """How often the first aircraft has misbehaved in that way."""
        return self.autopilot.misbehaviours[name].times

    @property
    def state(self) -> VehicleState:
        """What the station believes of the first aircraft."""
        return self.service.state(self.id)

    async def wait(self, condition: Callable[[VehicleState], bool], timeout_s: float) -> bool:
        return await self.service.wait_for_state(self.id, condition, timeout_s)

    async def upload(self, plan: Any) -> PlanStatus:
        return await self.service.upload_plan(self.id, plan)

    async def __aenter__(self) -> VirtualField:
        await self.service.start()
        self._feeder = asyncio.get_running_loop().create_task(self._feed())
        await self.service.wait_for_vehicle(10)
        if self._wait_s:
            assert await self.wait(ready, self._wait_s), self.state
        return self

    async def __aexit__(self, *_: object) -> None:
        self._feeder.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._feeder
        await self.service.stop()

    async def _feed(self) -> None:
        while True:
            self.service.feed_watchdog()
            for status in self._plans.drain():
                if self.plan_phases[-1:] != [status.phase]:
                    self.plan_phases.append(status.phase)
            await asyncio.sleep(0.04)


def held(vehicle: Autopilot, kind: MissionKind) -> tuple[WireItem, ...]:
    """What an aircraft really holds, whatever it says."""
    store = {
        MissionKind.MISSION: vehicle.mission_store,
        MissionKind.FENCE: vehicle.fence_store,
        MissionKind.RALLY: vehicle.rally_store,
    }[kind]
    items = []
    for seq in range(store.count()):
        i = store.get(seq)
        params = (i.param1, i.param2, i.param3, i.param4)
        items.append(WireItem(kind, seq, i.command, i.frame, *params, i.x, i.y, i.z, 0, i.autocontinue))
    return tuple(items)
