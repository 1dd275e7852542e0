"""A context with a clock that is moved by hand, for single panels without the whole window."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from groundstation.console.bridge import Bridge
from groundstation.console.context import ConsoleContext, Selection
from groundstation.console.settings import ConsoleSettings
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.records import (
    CommandOutcome,
    CommandResult,
    FleetOutcome,
    FleetRequest,
    VehicleId,
    VehicleState,
)
from groundstation.core.safety_records import PreflightReport
from tests.helpers import records as r
from tests.helpers.mavlink_fakes import FakeClock

ONE, TWO = VehicleId(1, 1), VehicleId(2, 1)


class Asked:
    """Stands for the station: notes what was asked and answers at once, unless ``hold``."""

    def __init__(self, clock: FakeClock) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.answer = CommandOutcome(CommandResult.ACCEPTED)
        self.hold = False
        self.held: list[Future[Any]] = []
        self.report = PreflightReport(ONE, clock.utc_us())
        self._clock = clock

    def _give(self, result: Any) -> Future[Any]:
        future: Future[Any] = Future()
        if self.hold:
            self.held.append(future)
        else:
            future.set_result(result)
        return future

    def prepare_group(self, verb: str, vehicle_ids: list[VehicleId], argument: str = "") -> Future[FleetRequest]:
        self.asked.append(("prepare", verb, tuple(vehicle_ids), argument))
        expires = self._clock.mono_ns() + 10_000_000_000
        request = FleetRequest("t", verb, argument, tuple(vehicle_ids), expires, ((vehicle_ids[0], "it is not heard"),))
        return self._give(request)

    def confirm_group(self, request: FleetRequest) -> Future[FleetOutcome]:
        self.asked.append(("confirm", request.verb, request.vehicle_ids, request.argument))
        return self._give(
            FleetOutcome(request.verb, request.argument, tuple((v, self.answer) for v in request.vehicle_ids))
        )

    def preflight(self, vehicle_id: VehicleId) -> Future[PreflightReport]:
        self.asked.append(("preflight", vehicle_id))
        return self._give(self.report)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*arguments: Any) -> Future[Any]:
            self.asked.append((name, *arguments))
            return self._give(self.answer)

        return call


class PanelBench:
    """Bus, bridge and a context; ``tell`` publishes with the clock's time."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.bus = Bus()
        self.bridge = Bridge(self.bus)
        self.station = Asked(self.clock)
        self.context = ConsoleContext(
            self.bus,
            self.bridge,
            self.station,  # type: ignore[arg-type]
            ConsoleSettings(),
            Selection(),
            operator="anna",
            services={"flight": self.station},
            clock=self.clock,
        )

    def state(self, vehicle_id: VehicleId = ONE, **changes: Any) -> VehicleState:
        made = r.make_state(t_mono_ns=self.clock.mono_ns(), t_utc_us=self.clock.utc_us(), **changes)
        made = replace(made, vehicle_id=vehicle_id)
        self.bus.publish(topics.VEHICLE_STATE, made)
        self.drain()
        return made

    def tell(self, topic: Any, record: Any) -> None:
        self.bus.publish(topic, record)
        self.drain()

    def drain(self, ticks: int = 1) -> None:
        for _ in range(ticks):
            self.bridge.drain()

    def later(self, seconds: float) -> None:
        """Time passes and nothing comes."""
        self.clock.now_s += seconds
        self.drain(60)
