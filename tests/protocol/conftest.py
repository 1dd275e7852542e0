"""A simulator on a free port for clients that were not written here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from sim.runner import Simulator

FAST = 20.0


@dataclass(frozen=True)
class Served:
    """A running simulator and where its TCP server listens."""

    simulator: Simulator
    port: int

    def fast(self) -> None:
        """Let the simulated time run, for a flight."""
        self.simulator.set_speedup(FAST)

    def at(self, east_m: float, north_m: float) -> tuple[float, float]:
        """Latitude and longitude of a place relative to the launch point."""
        assert self.simulator.autopilot is not None
        return self.simulator.autopilot.grid.to_geodetic(east_m, north_m)

    def true_place_m(self) -> tuple[float, float, float]:
        """East, north of the launch point, and height above the ground there: the truth, not telemetry."""
        autopilot = self.simulator.autopilot
        assert autopilot is not None
        truth = autopilot.truth()
        ground_m = self.simulator.world.ground_amsl_m(autopilot.grid.lat_deg, autopilot.grid.lon_deg)
        return (*autopilot.grid.to_grid(truth.lat_deg, truth.lon_deg), truth.alt_amsl_m - ground_m)


@pytest.fixture
def served() -> Iterator[Served]:
    """The ``calm`` scenario without video."""
    simulator = Simulator("calm", 11, ["tcp:127.0.0.1:0"], None)
    simulator.start()
    assert simulator.server is not None
    try:
        yield Served(simulator, simulator.server.addresses[0].port)
    finally:
        simulator.stop()
