"""The whole of it over a simulated aircraft on virtual time: list, start gate, records on the bus, camera, traffic."""

import asyncio
from dataclasses import replace

import numpy as np

from geofences.border import BorderGeometry
from geofences.geodesy import LocalFrame
from geofences.terrain import TerrainGrid
from groundstation.core import topics
from groundstation.core.records import CommandResult
from groundstation.vehicle.camera_control import BorderLine
from groundstation.vehicle.preflight import StationFacts
from groundstation.vehicle.safety_parts import SAFETY_RATES_HZ, safety_parts
from groundstation.vehicle.safety_service import CameraSettings, SafetyService
from tests.helpers.patrol import small_plan
from tests.helpers.virtual_field import GROUND_M, LAT, LON, VirtualField, run_virtual

TERRAIN = TerrainGrid(np.full((40, 40), GROUND_M, dtype=np.float32), LAT + 0.02, LON - 0.02, 0.001, 0.001)
FACTS = StationFacts(255, True, "", 10**11, terrain=TERRAIN)
PLAN = small_plan(LAT, LON, GROUND_M)
BORDER = BorderLine(BorderGeometry([[-800.0, 100.0], [800.0, 100.0]]), LocalFrame(LAT, LON))


class Safe:
    """A field with its safety service."""

    def __init__(self, clock, enforce=True):
        self.field = VirtualField(clock, rates_hz=dict(SAFETY_RATES_HZ), parts=safety_parts(TERRAIN))
        self.safety = SafetyService(
            self.field.service,
            self.field.bus,
            clock,
            lambda: FACTS,
            CameraSettings(border=BORDER, terrain=TERRAIN),
            enforce,
        )

    async def __aenter__(self):
        await self.field.__aenter__()
        self.safety.start()
        await asyncio.sleep(6.0)  # until the parameters are read
        return self.field, self.safety

    async def __aexit__(self, *error):
        await self.safety.stop()
        await self.field.__aexit__(*error)


def test_a_start_is_refused_against_the_list_and_answered_for_by_name(caplog):
    async def main(clock):
        async with Safe(clock) as (field, _):
            assert (await field.upload(PLAN)).phase == "in_force"
            await asyncio.sleep(3.0)
            refused = await field.service.start_mission(field.id)
            assert refused.result is CommandResult.DENIED
            assert "set FS_GCS_ENABLE to 1" in refused.reason
            assert not field.autopilot.flight.armed
            assert not (await field.service.start_mission(field.id, override_by=" ")).ok
            started = await field.service.start_mission(field.id, override_by="Anna")
            assert started.ok, started
            await field.wait(lambda s: s.alt_rel_home_m > 10.0, 60.0)
            assert (await field.service.set_mode(field.id, "LOITER")).ok
            assert (await field.service.start_mission(field.id)).ok, "in the air nobody is kept from the mission"

    with caplog.at_level("WARNING"):
        run_virtual(main)
    assert any("Anna starts it against the list" in r.getMessage() for r in caplog.records)


def test_a_plan_that_is_not_in_force_is_not_overridden():
    async def main(clock):
        async with Safe(clock) as (field, _):
            outcome = await field.service.start_mission(field.id, override_by="Anna")
            assert outcome.result is CommandResult.DENIED
            assert "no verified plan" in outcome.reason

    run_virtual(main)


def test_once_mended_it_starts_and_the_bus_tells_the_fence_as_the_aircraft_sees_it():
    async def main(clock):
        async with Safe(clock) as (field, safety):
            assert (await field.service.set_param(field.id, "FS_GCS_ENABLE", 1.0)).ok
            assert (await field.upload(PLAN)).phase == "in_force"
            report = await safety.preflight(field.id)
            assert report.ok, [i for i in report.items if i.state in ("failed", "unknown")]
            assert field.bus.latest(topics.PREFLIGHT, field.id) == report
            await asyncio.sleep(3.0)
            assert field.bus.latest(topics.FENCE_REPORT, field.id).force_of("areas") == "in_force"
            ahead = field.bus.latest(topics.FLIGHT_FORECAST, field.id)
            assert ahead.breaches == (), "it stands on the ground"
            assert (await field.service.start_mission(field.id)).ok
            # Somebody switches it to reporting only, behind our back.
            field.autopilot.parameters.set("FENCE_ACTION", 0.0)
            await field.service.get_param(field.id, "FENCE_ACTION")  # it is looked at again now and then; here at once
            await asyncio.sleep(3.0)
            assert field.bus.latest(topics.FENCE_REPORT, field.id).force_of("areas") == "report_only"
            assert "fence_verdict" in {f.key for f in field.state.faults}

    run_virtual(main)


def test_it_is_read_and_told_but_not_enforced_where_the_station_says_so():
    async def main(clock):
        async with Safe(clock, enforce=False) as (field, safety):
            assert (await field.upload(PLAN)).phase == "in_force"
            assert not (await safety.preflight(field.id)).ok
            assert (await field.service.start_mission(field.id)).ok

    run_virtual(main)


def test_the_fence_is_read_back_for_the_list_when_this_station_uploaded_none():
    async def main(clock):
        async with Safe(clock) as (field, safety):
            report = await safety.preflight(field.id)
            assert "the aircraft holds no area" in {i.id: i for i in report.items}["fence_areas"].text
            assert not [i for i in report.unknown if i.id.startswith("fence")]

    run_virtual(main)


def test_the_camera_is_found_and_follows_the_border():
    async def main(clock):
        async with Safe(clock) as (field, safety):
            told = field.bus.latest(topics.CAMERA_STATE, field.id)
            assert [c.model for c in told.cameras] == ["Simulated payload"]
            assert told.gimbals
            assert told.gimbals[0].has_yaw_lock
            assert (await field.service.take_off(field.id, 40.0)).ok
            await field.wait(lambda s: s.alt_rel_home_m > 38.0, 60.0)
            assert (await safety.camera(field.id).look_along_border("Anna", 100.0)).ok
            # The border lies 100 m north, the place on it 100 m further along: to the north-east and down.
            assert await field.wait(lambda s: abs(s.gimbal_azimuth_deg - 45.0) < 3.0, 20.0), field.state
            assert -20.0 < field.state.gimbal_elevation_deg < -10.0
            refused = await safety.camera(field.id).point_angles("Ben", 0.0, 0.0)
            assert "Anna holds the camera" in refused.reason
            await asyncio.sleep(3.0)
            told = field.bus.latest(topics.CAMERA_STATE, field.id)
            assert (told.holder, told.asked_by, told.looking_at) == ("Anna", "Ben", "along the border")
            assert told.fov_check_m < 5.0

    run_virtual(main)


def test_records_that_say_nothing_new_are_told_only_now_and_then():
    async def main(clock):
        async with Safe(clock) as (field, _):
            feed = field.bus.subscribe(topics.FENCE_REPORT)
            counted = 0
            for _ in range(100):
                await asyncio.sleep(0.1)
                counted += len(feed.drain())
            assert 3 <= counted <= 7

    run_virtual(main)


def test_facts_of_the_station_reach_the_list():
    async def main(clock):
        field = VirtualField(clock, rates_hz=dict(SAFETY_RATES_HZ), parts=safety_parts(TERRAIN))
        full = replace(FACTS, free_bytes=1000, station_sysid=250)
        safety = SafetyService(field.service, field.bus, clock, lambda: full)
        async with field:
            report = await safety.preflight(field.id)
            assert {"storage", "station_id"} <= {i.id for i in report.failed}

    run_virtual(main)
