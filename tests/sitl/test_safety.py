"""Fences, failsafes, camera, terrain and traffic against a real ArduPilot: what it makes of each is the judge."""

import asyncio
import contextlib
import math

import numpy as np

from geofences.geodesy import LocalFrame
from geofences.terrain import TerrainGrid
from groundstation.core.clock import SystemClock
from groundstation.vehicle.commands import Command
from groundstation.vehicle.fence_part import FencePart
from groundstation.vehicle.gimbal import GimbalPart
from groundstation.vehicle.preflight import StationFacts
from groundstation.vehicle.safety_parts import SAFETY_RATES_HZ, safety_parts
from groundstation.vehicle.safety_service import CameraSettings, SafetyService
from groundstation.vehicle.terrain_answer import TerrainPart
from groundstation.vehicle.traffic import TrafficPart
from missions.codec import MissionKind, WireItem
from missions.item_upload import UploadTransfer
from missions.mavlink import mavlink2 as m
from missions.transfer import Address
from tests.helpers.patrol import around, small_plan
from tests.sitl.field import COPTER_ONLY, GROUND_M, LAT, LON, Field

pytestmark = COPTER_ONLY

_ROWS, _COLUMNS = np.meshgrid(np.arange(400), np.arange(400), indexing="ij")
# 300 m at home, rising to the north and to the east.
TERRAIN = TerrainGrid(
    (300.0 + (200 - _ROWS) * 0.4 + (_COLUMNS - 200) * 0.3).astype(np.float32), LAT + 0.1, LON - 0.1, 0.0005, 0.0005
)
FACTS = StationFacts(255, True, "", 10**11, terrain=TERRAIN)


@contextlib.asynccontextmanager
async def safe_field(scratch, speedup, params, enforce=True):
    options = {"rates_hz": dict(SAFETY_RATES_HZ), "parts": safety_parts(TERRAIN)}
    async with Field(scratch, speedup, params, **options) as field:
        settings = CameraSettings(terrain=TERRAIN, beyond_fence_m=100.0)
        safety = SafetyService(field.service, field.bus, SystemClock(), lambda: FACTS, settings, enforce)
        safety.start()
        try:
            yield field, safety
        finally:
            await safety.stop()


async def until(condition, timeout_s):
    end_s = asyncio.get_running_loop().time() + timeout_s
    while not condition():
        if asyncio.get_running_loop().time() > end_s:
            return False
        await asyncio.sleep(0.1)
    return True


def box(north_m, east_m, seq):
    corners = ((-100, -100), (-100, 100), (100, 100), (100, -100))
    places = [around(LAT, LON, north_m + n, east_m + e) for n, e in corners]
    return [
        WireItem(MissionKind.FENCE, seq + k, 5001, 0, 4.0, x=round(lat * 1e7), y=round(lon * 1e7))
        for k, (lat, lon) in enumerate(places)
    ]


def test_every_fence_is_told_as_the_aircraft_keeps_it(tmp_path):
    async def main():
        async with safe_field(tmp_path / "sitl", 3.0, {}, enforce=False) as (field, safety):
            service, vehicle = field.service, field.vehicle
            part = service.part(vehicle, FencePart)

            async def forces(**expected):
                seen = await until(lambda: all(part.report.force_of(k) == v for k, v in expected.items()), 15.0)
                assert seen, part.report

            async def upload(items):
                machine = UploadTransfer(MissionKind.FENCE, items, Address(*vehicle), Address(255, 190))
                result = await service._aircraft[vehicle].run_transfer(machine)
                assert result.ok, result
                await forces(areas="unknown")  # somebody has changed it
                assert await service.read_fence(vehicle) == ""

            report = await safety.preflight(vehicle)
            remedies = {i.id: i.remedy for i in report.failed}
            assert remedies["lost_link"] == "set FS_GCS_ENABLE to 1", "a Copter's default brings nobody home"
            assert report.unknown == ()
            await forces(areas="absent", home_circle="not_enabled", ceiling="not_enabled")

            assert (await service.command(vehicle, Command(207, 1.0))).ok
            await forces(home_circle="by_command", ceiling="by_command")
            assert (await service.command(vehicle, Command(207, 0.0))).ok

            here = {"x": round(LAT * 1e7), "y": round(LON * 1e7)}
            await upload([WireItem(MissionKind.FENCE, 0, 5003, 0, 200.0, **here)])
            await forces(areas="not_enabled")
            await service.set_param(vehicle, "FENCE_TYPE", 3.0)
            await forces(areas="type_bit_missing")
            await service.set_param(vehicle, "FENCE_TYPE", 7.0)
            await service.set_param(vehicle, "FENCE_ENABLE", 1.0)
            await forces(areas="in_force", home_circle="in_force", ceiling="in_force")
            await service.set_param(vehicle, "FENCE_ACTION", 0.0)
            await forces(areas="report_only", ceiling="report_only")
            await service.set_param(vehicle, "FENCE_ACTION", 1.0)

            await upload(box(0.0, 0.0, 0) + box(0.0, 600.0, 4))
            # ArduPilot itself says that it is outside of everything.
            await forces(areas="breached")
            assert "whole sky" in " ".join(f.text for f in part.report.findings)
            await service.set_param(vehicle, "FENCE_OPTIONS", 2.0)
            await forces(areas="in_force")

    asyncio.run(main())


def test_the_list_stops_a_start_and_a_breach_is_foretold(tmp_path):
    async def main():
        params = {
            "MNT1_TYPE": 7.0,
            "SERVO9_FUNCTION": 6.0,
            "SERVO10_FUNCTION": 7.0,
            "CAM1_TYPE": 1.0,
            "AVOID_ENABLE": 0.0,
        }
        async with safe_field(tmp_path / "sitl", 2.0, params) as (field, safety):
            service, vehicle = field.service, field.vehicle
            plan = small_plan(LAT, LON, GROUND_M)
            assert (await service.upload_plan(vehicle, plan)).phase == "in_force"
            await safety.preflight(vehicle)
            refused = await service.start_mission(vehicle)
            assert "set FS_GCS_ENABLE to 1" in refused.reason, refused
            assert not field.state.armed
            assert (await service.set_param(vehicle, "FS_GCS_ENABLE", 1.0)).ok
            assert await until(lambda: safety.reader.judge(vehicle).ok, 30.0), safety.reader.judge(vehicle)

            assert (await service.take_off(vehicle, 30.0)).ok
            assert await field.wait(lambda s: s.alt_rel_home_m > 28.0, 60.0)
            camera = safety.camera(vehicle)
            assert (await camera.point_angles("Anna", 45.0, -30.0)).ok
            assert await field.wait(lambda s: abs(s.gimbal_azimuth_deg - 45.0) < 3.0, 10.0), field.state
            assert abs(field.state.gimbal_elevation_deg + 30.0) < 3.0
            assert (await camera.point_here("Anna", *around(LAT, LON, 30.0, 0.0))).ok
            assert await field.wait(lambda s: abs(s.gimbal_azimuth_deg) < 5.0 and s.gimbal_elevation_deg < -35.0, 10.0)
            assert not (await camera.point_here("Ben", LAT, LON)).ok, "Anna holds it"
            assert (await camera.take("Anna")).ok
            gimbals = service.part(vehicle, GimbalPart).gimbals
            assert await until(lambda: gimbals[1].primary == (255, 190), 10.0), "the manager names us"
            assert [c.component for c in camera.record().cameras] == [1]

            # North at 8 m/s by velocity, as a stick or a script would.
            frame, told = LocalFrame(LAT, LON), {}
            velocity = m.MAVLink_set_position_target_local_ned_message(
                0, *vehicle, 1, 0b110111000111, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0
            )
            for _ in range(200):
                field.link.send(velocity)
                await asyncio.sleep(0.1)
                state = field.state
                north_m = float(frame.to_plane(state.lat_deg, state.lon_deg)[1])
                for fault in state.faults:
                    if fault.key == "breach_ahead":
                        told.setdefault(fault.severity, north_m)
                if state.mode != "GUIDED":
                    break
            assert state.mode == "RTL", "its own fence turned it round"
            # The edge is at 200 m: told some ten seconds, and then some four, before it had to brake.
            assert 60.0 < told["warning"] < told["critical"] < 185.0, told

    asyncio.run(main())


def test_terrain_is_served_and_traffic_is_heard(tmp_path):
    async def main():
        params = {
            "TERRAIN_ENABLE": 1.0, "ADSB_TYPE": 1.0, "SIM_ADSB_COUNT": 5.0, "SIM_ADSB_RADIUS": 1500.0,
            "SIM_ADSB_ALT": 100.0, "ADSB_LIST_RADIUS": 5000.0,
        }  # fmt: skip
        async with safe_field(tmp_path / "sitl", 3.0, params, enforce=False) as (field, _):
            service, vehicle = field.service, field.vehicle
            terrain = service.part(vehicle, TerrainPart)
            assert await until(lambda: terrain.served.loaded >= 56, 60.0), terrain.served
            assert await until(lambda: math.isfinite(terrain.served.report_difference_m), 15.0)
            assert abs(terrain.served.report_difference_m) < 2.0, terrain.served
            # Where it has the whole block by now: its own reading of our ground, some hundreds of metres away.
            for place in (around(LAT, LON, 150.0, 250.0), around(LAT, LON, 60.0, -300.0)):
                for _ in range(20):
                    key = terrain.ask(*place)
                    await until(lambda key=key: key in terrain.answers, 3.0)
                    answer = terrain.answers.get(key)
                    if answer is not None and math.isfinite(answer.height_amsl_m):
                        break
                    await asyncio.sleep(1.0)
                assert abs(answer.height_amsl_m - float(TERRAIN.height(*place))) < 2.0, answer
            traffic = service.part(vehicle, TrafficPart)
            assert await until(lambda: bool(traffic.picture.contacts), 60.0)
            assert all(c.icao_address and c.age_s < 11.0 for c in traffic.picture.contacts)

    asyncio.run(main())
