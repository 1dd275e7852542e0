"""The station against a real ArduPilot SITL: what no simulator of ours can vouch for."""

import asyncio
import dataclasses
import math

from geofences.area import Area, BorderLine, NamedPoint, Zone
from groundstation.core.clock import SystemClock
from groundstation.core.records import CommandResult
from groundstation.core.topics import VEHICLE_STATE
from groundstation.link.tlog import TlogRecorder, read_tlog
from missions.patterns.border_shuttle import PatrolRequest, plan_border_patrol
from tests.helpers.patrol import around, small_plan
from tests.sitl.field import COPTER_ONLY, GROUND_M, LAT, LON, Field

pytestmark = COPTER_ONLY


def _area():
    """A straight border of 600 m, 100 m north of a launch point, our side in the south, a zone to go round."""

    def zone(name, *corners):
        return Zone(name, tuple(around(LAT, LON, n, e) for n, e in corners))

    border = BorderLine((around(LAT, LON, 100, -300), around(LAT, LON, 100, 300)), "Belmark", "Arvenia", "Arvenia")
    return Area(
        border,
        (zone("patrol area", (-150, -350), (-150, 350), (140, 350), (140, -350)),),
        (zone("mast", (10, 60), (10, 90), (40, 90), (40, 60)),),
        NamedPoint("launch", LAT, LON),
        (NamedPoint("meadow", *around(LAT, LON, -60, 0)),),
    )


def test_a_border_patrol_is_uploaded_verified_flown_and_ends_at_home(tmp_path):
    async def main():
        async with Field(tmp_path / "sitl", 8.0, recorder=TlogRecorder(tmp_path / "f.tlog")) as field:
            request = PatrolRequest(height_agl_m=60.0, speed_m_s=8.0, stretch_length_m=200.0)
            plan = plan_border_patrol(_area(), None, request)
            plan = dataclasses.replace(plan, home_alt_amsl_m=GROUND_M)
            status = await field.service.upload_plan(field.vehicle, plan)
            assert status.phase == "in_force", status.detail
            assert status.mission_verified
            assert status.fence_verified
            assert status.rally_verified
            fence = field.state.fence
            assert fence.present
            assert fence.enabled, "ArduPilot itself says so"
            for name, value in (("FENCE_ENABLE", 1.0), ("FENCE_TYPE", 5.0), ("FENCE_ACTION", 1.0)):
                assert (await field.service.get_param(field.vehicle, name)).value == value
            outcome = await field.start()
            assert outcome.ok, outcome
            seen, modes = [], set()

            def landed(state):
                modes.add(state.mode)
                if state.mission_seq not in (0, *seen):  # 0 again when it is over
                    seen.append(state.mission_seq)
                assert not state.fence.breached, state
                return not state.armed

            assert await field.wait(landed, 150), field.state
            assert seen == sorted(seen), "items in their order"
            assert max(seen) >= len(plan.items) - 1, f"{seen} of {len(plan.items)}"
            assert modes <= {"AUTO", "RTL"}
            assert field.state.fence.breach_count == 0
            assert field.service.plan_status(field.vehicle).phase == "in_force", "all the way"
            said = [t.text for t in field.texts.drain()]
            assert not [t for t in said if "reach" in t.lower() and "fence" in t.lower()], said

    asyncio.run(main())
    assert sum(1 for _ in read_tlog(tmp_path / "f.tlog")) > 1000


def test_a_refused_fence_leaves_the_old_plan(tmp_path):
    async def main():
        async with Field(tmp_path / "sitl", 10.0) as field:
            good = small_plan(LAT, LON, GROUND_M)
            assert (await field.service.upload_plan(field.vehicle, good)).phase == "in_force"
            two_corners = dataclasses.replace(good.fence.exclusions[0], points=good.fence.exclusions[0].points[:2])
            bad = dataclasses.replace(
                small_plan(LAT, LON, GROUND_M, "bad", 90.0),
                fence=dataclasses.replace(good.fence, exclusions=(two_corners,)),
            )
            status = await field.service.upload_plan(field.vehicle, bad)
            assert status.phase == "failed"
            assert "vertex count" in status.detail.lower(), "the aircraft's own words"
            assert "put back" in status.detail
            assert (await field.service.start_mission(field.vehicle)).result is CommandResult.DENIED
            assert (await field.service.verify_plan(field.vehicle, good)).phase == "in_force"
            assert field.state.fence.enabled

    asyncio.run(main())


def test_pause_resume_return_and_the_words_of_a_refused_arming(tmp_path):
    async def main():
        async with Field(tmp_path / "sitl", 5.0) as field:
            plan = small_plan(LAT, LON, GROUND_M, side_m=110.0)
            assert (await field.service.upload_plan(field.vehicle, plan)).phase == "in_force"
            # A battery that is said to be too low: arming must fail, and the reason must reach the operator.
            assert (await field.service.set_param(field.vehicle, "BATT_ARM_VOLT", 40.0)).ok
            outcome = await field.service.start_mission(field.vehicle)
            assert not outcome.ok
            assert "battery" in outcome.reason.lower(), outcome
            assert not field.state.armed
            assert (await field.service.set_param(field.vehicle, "BATT_ARM_VOLT", 0.0)).ok
            assert (await field.start()).ok
            assert await field.wait(lambda s: s.mission_seq == 2 and s.speed_m_s > 3, 30)
            assert (await field.service.pause(field.vehicle)).ok
            assert field.state.mode == "BRAKE"
            assert await field.wait(lambda s: s.speed_m_s < 0.5, 10)
            assert (await field.service.resume(field.vehicle)).ok
            assert await field.wait(lambda s: s.mode == "AUTO" and s.mission_seq == 2 and s.speed_m_s > 3, 10)
            assert (await field.service.return_to_launch(field.vehicle)).ok
            assert field.state.mode == "RTL"

    asyncio.run(main())


def test_poses_follow_the_gimbal_and_a_restart_is_noticed(tmp_path, caplog):
    poses = []

    async def main():
        async with Field(
            tmp_path / "sitl", 1.0, params={"MNT1_TYPE": 1.0}, pose_sink=lambda vehicle, pose: poses.append(pose)
        ) as field:
            plan = small_plan(LAT, LON, GROUND_M)
            assert (await field.service.upload_plan(field.vehicle, plan)).phase == "in_force"
            await asyncio.sleep(3.0)
            assert field.service._aircraft[field.vehicle].boot_time.from_timesync
            recent = poses[-40:]
            assert 1.0 < (recent[-1].t_utc_us - recent[0].t_utc_us) / 1e6 < 4.0, "about 20 a second"
            assert abs(SystemClock().utc_us() - recent[-1].t_utc_us) < 500_000
            assert math.hypot(recent[-1].lat_deg - LAT, recent[-1].lon_deg - LON) * 111_000 < 5
            field.sitl.kill()
            field.sitl.start(wipe=False)
            async with asyncio.timeout(40):
                while field.service.plan_status(field.vehicle).phase == "in_force":  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                while field.service.plan_status(field.vehicle).phase != "in_force":  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            assert field.bus.latest(VEHICLE_STATE, field.vehicle).fence.enabled

    asyncio.run(main())
    assert "has restarted" in caplog.text
