"""A real ArduPilot SITL and a station that has found it, for the tests of this folder."""

import asyncio
import math

import pytest

from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.topics import STATUS_TEXT
from groundstation.link.open import open_link
from groundstation.vehicle.service import VehicleService
from sim.ardupilot import ArduPilotSitl, SitlHome, find_binary

LAT, LON, GROUND_M = 49.0, 20.0, 300.0
BINARIES = {"copter": find_binary("copter"), "plane": find_binary("plane")}
COPTER_ONLY = [
    pytest.mark.sitl,
    pytest.mark.skipif(
        BINARIES["copter"] is None, reason="no SITL: set ARDUPILOT_SITL_BIN or put arducopter on the PATH"
    ),
    pytest.mark.timeout(900),
]
WITH_PLANE = pytest.mark.skipif(
    BINARIES["plane"] is None,
    reason="no SITL of a plane: set ARDUPLANE_SITL_BIN or put arduplane beside arducopter or on the PATH",
)


def ready(state):
    return state.position_ok and state.gps_fix_type >= 3 and math.isfinite(state.home_alt_amsl_m)


class Field:
    """A SITL of its own and a station that has found it."""

    def __init__(
        self, scratch, speedup=5.0, params=None, recorder=None, pose_sink=None, vehicle="copter", urls=None, **options
    ):
        self.sitl = ArduPilotSitl(
            BINARIES[vehicle], SitlHome(LAT, LON, GROUND_M), scratch, speedup=speedup, params=params, vehicle=vehicle
        )
        self.recorder, self.pose_sink, self.options = recorder, pose_sink, options

    async def __aenter__(self):
        self.sitl.start()
        try:
            self.bus = Bus()
            self.texts = self.bus.subscribe(STATUS_TEXT)
            self.link = open_link(self.sitl.url, SystemClock(), self.recorder)
            self.service = VehicleService(
                self.bus, [self.link], SystemClock(), lambda plan: [], self.pose_sink, **self.options
            )
            await self.service.start()
            self._feeder = asyncio.create_task(self._feed())
            self.vehicle = await self.service.wait_for_vehicle(90)
            assert await self.wait(ready, 240), self.state
        except BaseException:
            self.sitl.stop()
            raise
        return self

    async def __aexit__(self, *_):
        try:
            self._feeder.cancel()
            await asyncio.gather(self._feeder, return_exceptions=True)
            await self.service.stop()
        finally:
            self.sitl.stop()

    async def _feed(self):
        while True:
            self.service.feed_watchdog()
            await asyncio.sleep(0.5)

    @property
    def state(self):
        return self.service.state(self.vehicle)

    async def wait(self, condition, timeout_s):
        return await self.service.wait_for_state(self.vehicle, condition, timeout_s)

    async def start(self):
        """Start; a SITL that has only just got its position may want to think about its gyros first."""
        for _ in range(20):
            outcome = await self.service.start_mission(self.vehicle)
            if outcome.ok:
                break
            await asyncio.sleep(1.0)
        return outcome
