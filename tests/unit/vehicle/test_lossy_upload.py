"""A transaction over a link that loses packets, with many seeds, in simulated time: loss costs time, never the plan."""

import asyncio

import pytest

from groundstation.core.clock import SystemClock
from groundstation.vehicle.plan_transfer import PlanTransfer
from tests.helpers.parked import GROUND_M, LAT, LON, ParkedAutopilot
from tests.helpers.patrol import small_plan
from tests.unit.vehicle.cut_link import SimPort

PLANS = [small_plan(LAT, LON, GROUND_M, "a"), small_plan(LAT, LON, GROUND_M, "b", 90.0)]


@pytest.mark.parametrize("files", [True, False], ids=["ftp", "items"])
@pytest.mark.parametrize(("loss", "seeds"), [(0.06, 40), (0.15, 15)])
def test_loss_costs_time_and_not_the_plan(files, loss, seeds):
    autopilot = ParkedAutopilot()
    for seed in range(seeds):
        port = SimPort(autopilot, loss=loss, seed=seed, files=files)
        transfer = PlanTransfer(port, PLANS[seed % 2], lambda p: [], lambda s: None, SystemClock(), use_ftp=files)
        status = asyncio.run(transfer.upload())
        assert status.phase == "in_force", f"seed {seed}: {status.detail}"
        autopilot.step(autopilot.now_s + 40.0)
