"""The vehicle service against the simulated autopilot over a real TCP link: upload, fly, and what can go wrong."""

import asyncio
import contextlib
import dataclasses
import math

import pytest

from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.records import CommandResult
from groundstation.core.topics import PLAN_STATUS, STATION_FAULT, VEHICLE_STATE
from groundstation.link.open import open_link
from groundstation.link.tlog import TlogRecorder, read_tlog
from groundstation.vehicle.faults import FaultLimits
from groundstation.vehicle.service import VehicleService
from missions.checks import Override
from missions.codec import MissionKind, compare_items, items_of
from missions.mavlink import mavlink2
from missions.plan import FencePolygon
from missions.transfer import Timers
from sim.autopilot import Autopilot
from sim.server import MavlinkServer, parse_mavlink_url
from tests.helpers.patrol import around, small_plan
from tests.helpers.waiting import until

LAT, LON, GROUND_M = 49.0, 20.0, 300.0

_PATIENCE = 8
"""A busy machine may take so many times as long: the limits below only end a wait in vain."""


def _ready(state):
    return state.position_ok and state.gps_fix_type >= 3 and math.isfinite(state.home_alt_amsl_m)


class Field:
    """An autopilot behind a server, and a station that has found it."""

    def __init__(self, speedup=5.0, words="", options="", recorder=None, pose_sink=None, check=None, **service):
        self.speedup, self.words, self.options, self.recorder = speedup, words, options, recorder
        clock = SystemClock()
        self.clock, self.bus = clock, Bus()
        self.autopilot = Autopilot(LAT, LON, lambda lat, lon: GROUND_M, start_utc_us=clock.utc_us())
        self.poses = []
        self.check = check or (lambda plan: [])
        self.service_options = service
        self._stop = asyncio.Event()

    async def serve(self, port=0):
        self.server = MavlinkServer(
            self.autopilot, [parse_mavlink_url(f"tcpin://127.0.0.1:{port}")], speedup=self.speedup
        )
        await self.server.open()
        self._stop = asyncio.Event()
        self._runner = asyncio.create_task(self.server.run(self._stop))
        return self.server.addresses[0].port

    async def cut(self):
        self._stop.set()
        await self._runner
        await self.server.close()

    async def __aenter__(self):
        self.port = await self.serve()
        url = f"tcp{self.words}://127.0.0.1:{self.port}{self.options}"
        self.link = open_link(url, self.clock, self.recorder)
        self.service = VehicleService(
            self.bus, [self.link], self.clock, self.check, lambda v, p: self.poses.append(p), **self.service_options
        )
        self.states = self.bus.subscribe(VEHICLE_STATE)
        self.plans = self.bus.subscribe(PLAN_STATUS)
        await self.service.start()
        self._feeder = asyncio.create_task(self._feed())
        self.vehicle = await self.service.wait_for_vehicle(60)
        assert await self.service.wait_for_state(self.vehicle, _ready, 60), self.state
        return self

    async def __aexit__(self, *_):
        self._feeder.cancel()
        await asyncio.gather(self._feeder, return_exceptions=True)
        await self.service.stop()
        with contextlib.suppress(AttributeError):
            await self.cut()

    async def _feed(self):
        while True:
            self.service.feed_watchdog()
            await asyncio.sleep(0.5)

    @property
    def state(self):
        return self.service.state(self.vehicle)

    async def wait(self, condition, timeout_s):
        return await self.service.wait_for_state(self.vehicle, condition, timeout_s * _PATIENCE)


def _run(main, most_s=40):
    asyncio.run(asyncio.wait_for(main(), most_s * _PATIENCE))


def test_a_patrol_is_uploaded_flown_and_recorded(tmp_path):
    async def main():
        async with Field(speedup=12, recorder=TlogRecorder(tmp_path / "f.tlog")) as field:
            status = await field.service.upload_plan(field.vehicle, small_plan(LAT, LON, GROUND_M))
            assert status.phase == "in_force", status.detail
            assert status.mission_verified
            assert status.fence_verified
            assert status.rally_verified
            assert (status.mission_items, status.fence_items, status.rally_items) == (4, 7, 1)
            fence = field.autopilot.fence
            assert fence.in_force, "the simulator itself says that its fence is on"
            assert field.state.fence.enabled
            outcome = await field.service.start_mission(field.vehicle)
            assert outcome.ok, outcome
            assert field.state.mode == "AUTO"
            seen = set()

            def landed(state):
                seen.add(state.mission_seq)
                assert not state.fence.breached
                return not state.armed

            assert await field.wait(landed, 20), field.state
            assert {1, 2, 3} <= seen
            assert field.autopilot.true_breach_count == 0
            assert field.service.plan_status(field.vehicle).phase == "in_force", "all the way"
            assert abs(field.state.alt_rel_home_m) < 5.0

    _run(main)
    kinds = {r.packet[7] | r.packet[8] << 8 | r.packet[9] << 16 for r in read_tlog(tmp_path / "f.tlog")}
    assert kinds >= {0, 33, 75, 110}, "both directions are in the log: telemetry, commands, files"


def test_pause_resume_and_return():
    async def main():
        async with Field(speedup=8) as field:
            plan = small_plan(LAT, LON, GROUND_M, side_m=150.0)
            plan = dataclasses.replace(plan, fence=dataclasses.replace(plan.fence, exclusions=()))
            assert (await field.service.upload_plan(field.vehicle, plan)).phase == "in_force"
            assert (await field.service.start_mission(field.vehicle)).ok
            assert await field.wait(lambda s: s.mission_seq == 2 and s.speed_m_s > 2, 10)
            outcome = await field.service.pause(field.vehicle)
            assert outcome.ok, outcome
            assert field.state.mode in ("BRAKE", "LOITER")
            assert await field.wait(lambda s: s.speed_m_s < 0.3, 5)
            assert (await field.service.resume(field.vehicle)).ok
            assert await field.wait(lambda s: s.mode == "AUTO" and s.mission_seq == 2 and s.speed_m_s > 2, 5)
            assert (await field.service.return_to_launch(field.vehicle)).ok
            assert field.state.mode == "RTL"

    _run(main)


def test_return_flies_round_a_zone_that_lies_in_the_straight_way():
    async def main():
        async with Field(speedup=8) as field:
            plan = small_plan(LAT, LON, GROUND_M, side_m=110.0)
            corners = tuple(around(LAT, LON, n, e) for n, e in ((40, 70), (70, 70), (70, 40), (40, 40)))
            village = FencePolygon("village", corners)
            plan = dataclasses.replace(plan, fence=dataclasses.replace(plan.fence, exclusions=(village,)))
            assert (await field.service.upload_plan(field.vehicle, plan)).phase == "in_force"
            assert (await field.service.start_mission(field.vehicle)).ok
            east_edge = around(LAT, LON, 110, 95)[1]
            assert await field.wait(lambda s: s.mission_seq == 3 and s.lon_deg > east_edge, 15)
            outcome = await field.service.return_to_launch(field.vehicle)
            assert outcome.ok, outcome
            assert "corner" in outcome.reason
            assert field.state.mode == "GUIDED"
            assert await field.wait(lambda s: s.mode == "RTL", 15), field.state
            assert await field.wait(lambda s: not s.armed, 15), field.state
            assert field.autopilot.true_breach_count == 0

    _run(main)


def test_upload_over_a_link_that_loses_packets():
    async def main():
        timers = Timers(first_retry_s=0.5, item_retry_s=0.4)
        async with Field(words="+lossy", options="?loss=0.06&seed=3", transfer_timers=timers) as field:
            plan = small_plan(LAT, LON, GROUND_M)
            status = await field.service.upload_plan(field.vehicle, plan)
            assert status.phase == "in_force", status.detail

    _run(main)


def test_somebody_may_answer_for_a_plan_with_errors(caplog):
    async def main():
        async with Field(check=lambda plan: ["item 2 is outside the fence"]) as field:
            plan = small_plan(LAT, LON, GROUND_M)
            assert (await field.service.upload_plan(field.vehicle, plan)).phase == "failed"
            by = Override("Inspector Novak", "the fence is drawn wrong")
            status = await field.service.upload_plan(field.vehicle, plan, by)
            assert (status.phase, status.overridden) == ("in_force", ("item 2 is outside the fence",))
            told = field.service.plan_status(field.vehicle)
            assert told is not None
            assert told.overridden == status.overridden
            assert any(
                "Inspector Novak" in r.getMessage() and "outside the fence" in r.getMessage() for r in caplog.records
            )

    _run(main)


def test_what_is_refused_leaves_the_old_plan():
    async def main():
        async with Field(check=lambda plan: ["item 2 is outside the fence"] if plan.name == "outside" else []) as field:
            outcome = await field.service.start_mission(field.vehicle)
            assert outcome.result is CommandResult.DENIED
            assert "upload" in outcome.reason
            assert not field.state.armed
            good = small_plan(LAT, LON, GROUND_M)
            assert (await field.service.upload_plan(field.vehicle, good)).phase == "in_force"

            status = await field.service.upload_plan(field.vehicle, small_plan(LAT, LON, GROUND_M, "outside", 100.0))
            assert status.phase == "failed"
            assert "item 2 is outside the fence" in status.detail

            two_corners = dataclasses.replace(good.fence.exclusions[0], points=good.fence.exclusions[0].points[:2])
            bad = dataclasses.replace(
                small_plan(LAT, LON, GROUND_M, "bad", 100.0),
                fence=dataclasses.replace(good.fence, exclusions=(two_corners,)),
            )
            status = await field.service.upload_plan(field.vehicle, bad)
            assert status.phase == "failed"
            assert "fence" in status.detail
            assert "put back" in status.detail
            assert not status.fence_verified
            assert (await field.service.start_mission(field.vehicle)).result is CommandResult.DENIED
            assert (await field.service.verify_plan(field.vehicle, good)).phase == "in_force"

    _run(main)


def test_a_link_that_breaks_during_the_upload_leaves_no_mixture():
    async def main():
        timers = Timers(first_retry_s=0.5, item_retry_s=0.5, stall_s=1.2)
        async with Field(words="+delay", options="?delay_ms=60", transfer_timers=timers, link_back_s=10.0) as field:
            old = small_plan(LAT, LON, GROUND_M)
            assert (await field.service.upload_plan(field.vehicle, old)).phase == "in_force"
            plans = field.bus.subscribe(PLAN_STATUS)
            new = dataclasses.replace(
                small_plan(LAT, LON, GROUND_M, "new", 90.0), items=small_plan(LAT, LON, GROUND_M, "", 90.0).items * 15
            )
            upload = asyncio.create_task(field.service.upload_plan(field.vehicle, new))
            while not any("sending the mission" in s.detail for s in plans.drain()):  # noqa: ASYNC110
                await asyncio.sleep(0.005)
            await asyncio.sleep(0.1)
            await field.cut()
            # Sooner it goes on where it was, or item by item once files are given up, and the new plan is whole.
            while not any("putting back what was there" in s.detail for s in plans.drain()):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            assert not upload.done()
            await field.serve(field.port)
            status = await upload
            assert status.phase == "failed"
            assert "what was there before was put back" in status.detail
            assert await field.wait(lambda s: s.fence.enabled, 10), "told again once the streams are asked for again"
            verified = await field.service.verify_plan(field.vehicle, old)
            assert verified.phase == "in_force", verified.detail

    _run(main, most_s=100)  # half a minute where nothing else runs


def test_a_restart_of_the_aircraft_is_noticed_and_its_plan_read_back(caplog):
    async def main():
        async with Field() as field:
            plan = small_plan(LAT, LON, GROUND_M)
            assert (await field.service.upload_plan(field.vehicle, plan)).phase == "in_force"
            # A clock that goes back by less than two seconds could be a message that was overtaken.
            while field.autopilot.now_s < 8.0:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
            field.server.speedup = 1.0
            field.autopilot.reboot()
            async with asyncio.timeout(15):
                while field.service.plan_status(field.vehicle).phase == "in_force":  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
                while field.service.plan_status(field.vehicle).phase != "in_force":  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            assert await field.wait(_ready, 60), "its streams were asked for again"

    _run(main)
    assert "has restarted" in caplog.text


def test_a_plan_that_somebody_else_changes_is_not_in_force_any_more():
    async def main():
        async with Field() as field:
            assert (await field.service.upload_plan(field.vehicle, small_plan(LAT, LON, GROUND_M))).phase == "in_force"
            other = open_link(f"tcp://127.0.0.1:{field.port}", field.clock)
            await other.open()
            await other.wait_connected(60)
            other.send(mavlink2.MAVLink_param_set_message(1, 1, b"FENCE_ENABLE", 0.0, 9))
            await until(lambda: field.service.plan_status(field.vehicle).phase != "in_force")
            assert "fence" in field.service.plan_status(field.vehicle).detail
            assert (await field.service.start_mission(field.vehicle)).result is CommandResult.DENIED
            await other.close()

    _run(main)


def test_a_station_that_stops_during_an_upload_ends_at_once():
    async def main():
        async with Field(words="+delay", options="?delay_ms=50") as field:
            upload = asyncio.create_task(field.service.upload_plan(field.vehicle, small_plan(LAT, LON, GROUND_M)))
            await asyncio.sleep(0.5)
            await field.service.stop()
            status = await asyncio.wait_for(upload, 30)
            assert status.phase == "failed"

    _run(main)


def test_poses_match_the_truth():
    async def main():
        async with Field(speedup=1.0) as field:
            await until(lambda: len(field.poses) > 15)
            pose = field.poses[-1]
            truth = field.autopilot.truth()
            assert abs(pose.t_utc_us - truth.t_utc_us) < 5_000_000
            assert math.hypot(pose.lat_deg - truth.lat_deg, pose.lon_deg - truth.lon_deg) * 111_000 < 10
            assert abs((pose.azimuth_deg - truth.gimbal_azimuth_deg + 180) % 360 - 180) < 3
            assert abs(pose.elevation_deg - truth.gimbal_elevation_deg) < 3
            times = [p.t_utc_us for p in field.poses]
            assert times == sorted(set(times))
            # The simulator's UTC began when it was made; ours runs beside it.
            boot_offset = field.service._aircraft[field.vehicle].boot_time
            assert boot_offset.from_timesync
            assert boot_offset.to_utc_us(0) == pytest.approx(field.autopilot.start_utc_us, abs=1_000_000)

    _run(main)


def test_the_heartbeat_stops_when_the_station_does():
    async def main():
        async with Field(watchdog_limit_s=1.0) as field:
            faults = field.bus.subscribe(STATION_FAULT)
            field._feeder.cancel()

            async def told():
                while not (seen := [f.active for f in faults.drain() if f.fault.key == "gcs_heartbeat"]):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
                return seen

            assert await asyncio.wait_for(told(), 60) == [True]
            assert await field.wait(lambda s: any(f.key == "gcs_heartbeat" for f in s.faults), 10)
            field.service.feed_watchdog()
            assert (await asyncio.wait_for(told(), 60))[0] is False

    _run(main)


def test_an_aircraft_that_falls_silent_is_a_fault_and_takes_no_command():
    async def main():
        async with Field(limits=FaultLimits(link_lost_s=1.5)) as field:
            await field.cut()
            assert await field.wait(lambda s: not s.link_alive and any(f.key == "link_lost" for f in s.faults), 3)
            outcome = await field.service.return_to_launch(field.vehicle)
            assert outcome.result is CommandResult.LINK_LOST

    _run(main)


def test_items_of_a_plan_are_the_ones_compared():
    # The comparison that every test above rests on can fail.
    one, other = small_plan(LAT, LON, GROUND_M), small_plan(LAT, LON, GROUND_M, side_m=61.0)
    for kind, differs in ((MissionKind.MISSION, True), (MissionKind.FENCE, False)):
        assert bool(compare_items(kind, items_of(one, kind), items_of(other, kind))) is differs
