"""The list before a flight: unknown is never ok, and each thing that would bring an aircraft down is on it."""

from dataclasses import replace

import numpy as np
import pytest

from geofences.terrain import TerrainGrid
from groundstation.core.records import Fault, PlanStatus, StreamHealth, VehicleId
from groundstation.core.safety_records import CameraState, TerrainServed
from groundstation.vehicle.fence_checks import fence_report
from groundstation.vehicle.preflight import PreflightView, StationFacts, preflight, refusal
from tests.unit.vehicle_safety.states import LAT, LON, flying
from tests.unit.vehicle_safety.test_failsafes import COPTER
from tests.unit.vehicle_safety.test_fence_state import GOOD, plan, sight
from vision.records import VideoHealth

ME = VehicleId(1)
PLAN = plan()
STATE = flying(
    armed=False, firmware="4.7.0", prearm_ok=True, mode="LOITER", mission_total=len(PLAN.items), gimbal_azimuth_deg=10.0
)
STATUS = PlanStatus(ME, 1, "in_force", "patrol", mission_verified=True, fence_verified=True, rally_verified=True)
GROUND = TerrainGrid(np.full((30, 30), 300.0, dtype=np.float32), LAT + 0.015, LON - 0.015, 0.001, 0.001)
FACTS = StationFacts(255, True, "adjtimex", 50_000_000_000, terrain=GROUND)
VIEW = PreflightView(
    ME, "copter", STATE, {**COPTER, **GOOD}, FACTS, fence_report(sight(), 1, PLAN), STATUS, PLAN, round_trip_s=0.05
)


def items(**changes):
    return {i.id: i for i in preflight(replace(VIEW, **changes), 1).items}


def state(id_, **changes):
    return items(**changes)[id_].state


def test_a_good_aircraft_is_ready_and_every_item_says_what_was_seen():
    report = preflight(VIEW, 1)
    assert [i for i in report.items if i.state != "ok"] == []
    assert report.ok
    assert refusal(report) == ""
    assert all(i.text and i.source for i in report.items)
    assert len({i.id for i in report.items}) == len(report.items)


@pytest.mark.parametrize(
    ("id_", "expected", "changes"),
    [
        ("link", "failed", {"state": replace(STATE, link_alive=False)}),
        ("link_loss", "warning", {"state": replace(STATE, link_loss_fraction=0.1)}),
        ("link_loss", "failed", {"state": replace(STATE, link_loss_fraction=0.4)}),
        ("link_round_trip", "unknown", {"round_trip_s": float("nan")}),
        ("link_round_trip", "warning", {"round_trip_s": 2.0}),
        ("autopilot", "failed", {"state": replace(STATE, read_only=True, autopilot="PX4")}),
        ("autopilot", "warning", {"state": replace(STATE, firmware="")}),
        ("prearm", "unknown", {"state": replace(STATE, prearm_ok=None)}),
        ("prearm", "failed", {"state": replace(STATE, prearm_ok=False), "prearm_texts": ("PreArm: Compass",)}),
        ("position", "failed", {"state": replace(STATE, position_ok=False)}),
        ("gps", "failed", {"state": replace(STATE, gps_fix_type=2)}),
        ("gps", "warning", {"state": replace(STATE, satellites=6)}),
        ("home", "unknown", {"state": replace(STATE, home_lat_deg=float("nan"))}),
        ("battery", "unknown", {"state": replace(STATE, battery_percent=float("nan"))}),
        ("battery", "failed", {"state": replace(STATE, battery_percent=20.0)}),
        ("battery", "warning", {"state": replace(STATE, battery_percent=50.0)}),
        ("plan", "failed", {"plan_status": None}),
        ("plan", "failed", {"plan_status": replace(STATUS, phase="failed", detail="somebody changed it")}),
        ("plan", "failed", {"plan_status": replace(STATUS, rally_verified=False)}),
        ("plan_items", "failed", {"state": replace(STATE, mission_total=77)}),
        ("fence", "unknown", {"fence": None}),
        ("fence_areas", "failed", {"fence": fence_report(sight(items=()), 1)}),
        ("fence_areas", "failed", {"fence": fence_report(sight(parameters={"FENCE_ACTION": 0.0}), 1)}),
        ("fence_areas", "warning", {"fence": fence_report(sight(parameters={"FENCE_ENABLE": 0.0}), 1)}),
        ("fence_areas", "unknown", {"fence": fence_report(replace(sight(), items=None), 1)}),
        ("lost_link", "failed", {"parameters": {**COPTER, "FS_GCS_ENABLE": 0.0}}),
        ("lost_link", "unknown", {"parameters": {}}),
        ("station_id", "failed", {"facts": replace(FACTS, station_sysid=254)}),
        ("terrain", "warning", {"facts": replace(FACTS, terrain=None)}),
        ("clock", "warning", {"facts": replace(FACTS, clock_synchronised=None)}),
        ("clock_aircraft", "warning", {"aircraft_ahead_s": -7.0}),
        ("clock_aircraft", "ok", {"aircraft_ahead_s": 0.2}),
        ("storage", "unknown", {"facts": replace(FACTS, free_bytes=None)}),
        ("storage", "failed", {"facts": replace(FACTS, free_bytes=10_000)}),
        ("video", "unknown", {"facts": replace(FACTS, video_expected=True)}),
        ("gimbal_frame", "warning", {"parameters": {**COPTER, **GOOD, "MNT1_TYPE": 1.0}}),
        ("camera", "warning", {"camera": CameraState(ME, 1, foreign_control="station 254.190")}),
    ],
)
def test_each_thing_is_found(id_, expected, changes):
    assert state(id_, **changes) == expected


def test_the_reasons_of_the_aircrafts_own_checks_are_told():
    told = items(state=replace(STATE, prearm_ok=False), prearm_texts=("PreArm: Compass not calibrated",))["prearm"]
    assert "Compass not calibrated" in told.text


def test_standing_faults_are_on_the_list():
    with_faults = replace(STATE, faults=(Fault("gps_jump", "critical", "It jumped"), Fault("wind", "warning", "Windy")))
    told = items(state=with_faults)
    assert (told["fault_gps_jump"].state, told["fault_wind"].state) == ("failed", "warning")


def test_video_matters_only_where_one_is_set_up():
    assert "video" not in items()
    running = StreamHealth("cam1", VideoHealth(1, "running"))
    stopped = StreamHealth("cam1", VideoHealth(1, "no_signal", "nothing comes"))
    assert state("video", facts=replace(FACTS, video_expected=True, video=running)) == "ok"
    assert state("video", facts=replace(FACTS, video_expected=True, video=stopped)) == "failed"
    blind = replace(STATE, gimbal_azimuth_deg=float("nan"))
    assert state("gimbal", state=blind, facts=replace(FACTS, video_expected=True, video=running)) == "unknown"


def test_a_plan_above_terrain_needs_the_aircraft_to_have_it():
    above = replace(PLAN, items=tuple(replace(i, frame=10) for i in PLAN.items))
    assert state("terrain_loaded", plan=above) == "unknown"
    assert state("terrain_loaded", plan=above, terrain_served=TerrainServed(ME, 1, pending=12)) == "failed"
    assert state("terrain_loaded", plan=above, terrain_served=TerrainServed(ME, 1, pending=0)) == "ok"


def test_a_refusal_names_what_failed_and_what_nobody_saw_with_the_remedy():
    report = preflight(replace(VIEW, parameters={**COPTER, **GOOD, "FS_GCS_ENABLE": 0.0}, round_trip_s=float("nan")), 1)
    assert not report.ok
    reason = refusal(report)
    assert reason.startswith("pre-flight: ")
    assert "set FS_GCS_ENABLE to 1" in reason
    assert "round trip is not known" in reason
    many = refusal(preflight(replace(VIEW, parameters={}), 1))
    assert "more" in many
