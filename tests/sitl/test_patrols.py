"""The patrols of ``examples/`` on a real ArduPilot: none breaches its fence; a plan that the checker refuses does.

The same flights are flown by ``plan simulate``: its time in the air and its margin are held against the real autopilot's.
"""

import asyncio
import dataclasses
import json
import math
import os
from pathlib import Path

import numpy as np
import pytest

from groundstation.app.main import main
from groundstation.app.plan_margins import margins_of
from missions.checks import check_plan
from missions.codec import MissionKind, items_of
from missions.plan import Plan
from missions.plan_file import read_plan_file
from missions.plan_of_file import plan_of_file
from missions.planner.plans import with_laps
from sim.ardupilot import ArduPilotSitl, SitlHome
from sim.plan_flight import Airframe, Flown, PlanFlight
from tests.helpers.patrol import around, small_plan
from tests.sitl.field import BINARIES, COPTER_ONLY, GROUND_M, LAT, LON, Field

pytestmark = [*COPTER_ONLY[:2], pytest.mark.timeout(1800)]

EXAMPLES = Path(__file__).parents[2] / "examples"
SPEEDUP = float(os.environ.get("SITL_SPEEDUP", "15"))
# What the aircraft flies by, told to it and to our simulator alike; ArduPilot's former and present names.
CLIMB_M_S, SINK_M_S, ACCEL_M_S2 = 2.5, 1.5, 2.5


class Track:
    """Where the aircraft says it is, with its own time; a part of it."""

    hears = frozenset({"GLOBAL_POSITION_INT"})

    def __init__(self):
        self.rows = []

    def on_message(self, _link, message, _now_s):
        self.rows.append(
            (message.time_boot_ms / 1000.0, message.lat / 1e7, message.lon / 1e7, message.relative_alt / 1000.0)
        )
        return []

    def on_time(self, _state, _now_s):
        return []

    def faults(self, _state, _now_s):
        return ()

    def flown(self, home_m):
        """As if the simulator had flown it."""
        rows = np.array(self.rows)
        rows = rows[np.concatenate([[True], np.diff(rows[:, 0]) > 0.0])]
        count = len(rows)
        zero = np.zeros(count)
        return Flown(
            rows[:, 0], rows[:, 1], rows[:, 2], home_m + rows[:, 3], np.zeros((count, 3)), zero, zero, zero.astype(int),
            np.ones(count), rows[:, 3] > 0.5, home_m, "landed", "",
        )  # fmt: skip


def made(folder: Path, example: str) -> Plan:
    """The (first) plan of an example, one lap of it, as ``plan make`` writes it."""
    out = folder / "made.plan"
    assert main(["plan", "make", str(EXAMPLES / example / "request.toml"), "-o", str(out)]) == 0
    file = out if out.exists() else folder / "made-1.plan"
    file.rename(folder / "used.plan")
    read = read_plan_file(folder / "used.plan")
    own = read.kept.sections[""]["marchwarden"]
    plan, _ = plan_of_file(read, example, own["fence"]["ceiling_m"], own["fence"]["margin_m"])
    return with_laps(plan, 1)


def field_at(scratch: Path, plan: Plan, track: Track | None = None, **params: float) -> Field:
    """A SITL at the plan's home."""
    options = {} if track is None else {"parts": (lambda *_: track,)}
    field = Field(scratch, SPEEDUP, **options)
    told = {
        "WP_SPD_UP": CLIMB_M_S,
        "WP_SPD_DN": SINK_M_S,
        "WPNAV_SPEED_UP": CLIMB_M_S * 100,
        "WPNAV_SPEED_DN": SINK_M_S * 100,
    }
    field.sitl = ArduPilotSitl(
        BINARIES["copter"], SitlHome(plan.home_lat_deg, plan.home_lon_deg, plan.home_alt_amsl_m), scratch, speedup=SPEEDUP,
        params={**told, **params},
    )  # fmt: skip
    return field


@pytest.mark.parametrize(
    "example", ["patrol_border_shuttle", "patrol_area_sweep_with_holes", "patrol_watch_three_aircraft"]
)
def test_a_patrol_of_the_examples_flies_without_a_breach_and_as_it_was_simulated(tmp_path, example, capsys):
    plan, track = made(tmp_path, example), Track()
    speed = next((i.param2 for i in plan.items if i.command == 178), 5.0)
    home = (plan.home_lat_deg, plan.home_lon_deg, plan.home_alt_amsl_m)
    airframe = Airframe(speed, CLIMB_M_S, SINK_M_S, ACCEL_M_S2, endurance_s=7200.0)
    ours = PlanFlight(
        home, items_of(plan, MissionKind.MISSION), items_of(plan, MissionKind.RALLY), None, airframe
    ).fly()

    async def fly():
        async with field_at(tmp_path / "sitl", plan, track) as field:
            status = await field.service.upload_plan(field.vehicle, plan)
            assert status.phase == "in_force", status.detail
            assert (await field.start()).ok
            assert await field.wait(lambda s: s.armed and s.alt_rel_home_m > 2.0, 60)

            def over(state):
                assert not state.fence.breached, state
                return not state.armed

            # A busy machine flies it slower than it was asked to.
            assert await field.wait(over, 120.0 + 5.0 * ours.duration_s / SPEEDUP), field.state
            assert field.state.fence.breach_count == 0

    asyncio.run(fly())
    theirs = track.flown(plan.home_alt_amsl_m)
    fence = items_of(plan, MissionKind.FENCE)
    capsys.readouterr()
    assert main(["plan", "simulate", str(tmp_path / "used.plan"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["fence_margin_m"]
    margin, promised = (margins_of(f, fence, ceiling_rel_home_m=plan.fence.alt_max_rel_home_m) for f in (theirs, ours))
    for who, flown, found in (("ArduPilot", theirs, margin), ("simulated", ours, promised)):
        print(
            f"{example}, {who}: in the air {flown.duration_s:.0f} s; {[(f.name, round(f.margin_m, 1)) for f in found.fences]}"
        )
    print(f"told: {told} m")
    assert margin.smallest_m > 0.0
    assert told - 5.0 < margin.smallest_m < promised.smallest_m + 2.0
    assert theirs.duration_s == pytest.approx(ours.duration_s, rel=0.10)


def refused_plan() -> Plan:
    """A plan whose second leg leaves its fence by 40 m; home and take-off are inside."""
    plan = small_plan(LAT, LON, GROUND_M)
    north = max(i.x for i in plan.items if i.command == 16 and i.x) / 1e7
    edge_m = (north - LAT) * 111_195.0 - 40.0
    inclusion = plan.fence.inclusions[0]
    corners = tuple(around(LAT, LON, n, e) for n, e in ((-200, -200), (-200, 200), (edge_m, 200), (edge_m, -200)))
    return dataclasses.replace(
        plan,
        fence=dataclasses.replace(
            plan.fence, inclusions=(dataclasses.replace(inclusion, points=corners),), exclusions=()
        ),
    )


def test_a_plan_that_the_checker_refuses_breaches_when_it_is_forced_through(tmp_path):
    plan = refused_plan()
    errors = [f for f in check_plan(plan) if f.severity == "error"]
    assert "leg_outside" in {f.code for f in errors}, errors

    async def fly():
        async with field_at(tmp_path / "sitl", plan) as field:
            # The service of this field has no checks: this is the upload with an override.
            assert (await field.service.upload_plan(field.vehicle, plan)).phase == "in_force"
            assert (await field.start()).ok
            assert await field.wait(lambda s: s.fence.breached or s.fence.breach_count > 0, 120), field.state
            assert await field.wait(lambda s: s.mode in ("RTL", "LAND"), 20), "the aircraft's own fence action"
            assert math.isfinite(field.state.lat_deg)

    asyncio.run(fly())
