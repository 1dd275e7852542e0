"""What an aircraft's failsafe parameters mean, under old and new names."""

from dataclasses import replace

import numpy as np
import pytest

from geofences.terrain import TerrainGrid
from groundstation.vehicle.failsafes import FailsafeView, check_failsafes, failsafe_parameters
from groundstation.vehicle.firmware_names import spellings
from tests.helpers.patrol import small_plan

COPTER = {
    "FS_GCS_ENABLE": 1.0, "FS_GCS_TIMEOUT": 5.0, "FS_OPTIONS": 16.0, "MAV_GCS_SYSID": 255.0, "MAV_GCS_SYSID_HI": 0.0,
    "MAV_OPTIONS": 0.0, "BATT_MONITOR": 4.0, "BATT_FS_LOW_ACT": 2.0, "BATT_FS_CRT_ACT": 1.0, "BATT_LOW_VOLT": 21.0,
    "BATT_LOW_MAH": 0.0, "BATT_CRT_VOLT": 20.0, "BATT_CRT_MAH": 0.0, "FS_EKF_THRESH": 0.8, "FS_EKF_ACTION": 1.0,
    "RTL_ALT_M": 50.0, "RTL_ALT_TYPE": 0.0, "FENCE_TYPE": 5.0, "FENCE_ALT_MAX": 120.0,
}  # fmt: skip
PLANE = {**COPTER, "FS_GCS_ENABL": 1.0, "FS_LONG_TIMEOUT": 5.0, "FS_LONG_ACTN": 1.0, "RTL_ALTITUDE": 80.0}
PLANE = {k: v for k, v in PLANE.items() if k not in ("FS_GCS_ENABLE", "FS_GCS_TIMEOUT", "FS_OPTIONS", "RTL_ALT_M")}
ROVER = {**COPTER, "FS_ACTION": 1.0, "FS_TIMEOUT": 1.5}
PLAN = small_plan(49.0, 20.0, 300.0, side_m=400.0)


def states(family, parameters, plan=None, terrain=None, sysid=255):
    return {i.id: i for i in check_failsafes(FailsafeView(family, parameters, sysid), plan, terrain)}


@pytest.mark.parametrize(("family", "good"), [("copter", COPTER), ("plane", PLANE), ("rover", ROVER)])
def test_good_settings_are_all_well(family, good):
    assert {i.state for i in states(family, good).values()} == {"ok"}


def test_the_default_of_a_copter_brings_nobody_home():
    item = states("copter", {**COPTER, "FS_GCS_ENABLE": 0.0})["lost_link"]
    assert (item.state, item.remedy) == ("failed", "set FS_GCS_ENABLE to 1")


def test_a_plane_is_asked_for_the_name_without_its_last_letter():
    assert "FS_GCS_ENABL" in failsafe_parameters("plane")
    assert "FS_GCS_ENABLE" not in failsafe_parameters("plane")
    item = states("plane", {**PLANE, "FS_GCS_ENABL": 0.0})["lost_link"]
    assert (item.state, item.remedy) == ("failed", "set FS_GCS_ENABL to 1")


def test_a_plane_that_goes_on_in_auto_and_one_that_glides():
    assert states("plane", {**PLANE, "FS_LONG_ACTN": 0.0})["lost_link"].state == "failed"
    assert states("plane", {**PLANE, "FS_LONG_ACTN": 2.0})["lost_link"].state == "warning"
    assert states("plane", {**PLANE, "FS_GCS_ENABL": 3.0})["lost_link_auto"].state == "warning"


def test_continue_in_auto_is_told():
    assert states("copter", {**COPTER, "FS_OPTIONS": 18.0})["lost_link_auto"].state == "warning"
    assert states("rover", {**ROVER, "FS_GCS_ENABLE": 2.0})["lost_link_auto"].state == "warning"
    assert states("rover", {**ROVER, "FS_ACTION": 0.0})["lost_link"].state == "failed"


def test_a_long_timeout_is_told_and_a_missing_one_is_the_default():
    assert states("copter", {**COPTER, "FS_GCS_TIMEOUT": 60.0})["lost_link_time"].state == "warning"
    older = {k: v for k, v in COPTER.items() if k != "FS_GCS_TIMEOUT"}
    assert states("copter", older)["lost_link_time"].state == "ok"


def test_the_failsafe_must_listen_to_our_heartbeat():
    assert states("copter", {**COPTER, "MAV_GCS_SYSID": 254.0})["station_id"].state == "failed"
    ranged = {**COPTER, "MAV_GCS_SYSID": 250.0, "MAV_GCS_SYSID_HI": 255.0}
    assert states("copter", ranged)["station_id"].state == "ok"
    refused = {**COPTER, "MAV_GCS_SYSID": 254.0, "MAV_OPTIONS": 1.0}
    assert "refuses our commands" in states("copter", refused)["station_id"].text
    old = {k: v for k, v in COPTER.items() if not k.startswith("MAV_")} | {"SYSID_MYGCS": 1.0}
    assert "set SYSID_MYGCS to 255" in states("copter", old)["station_id"].remedy


def test_what_was_not_read_is_unknown():
    for name in ("FS_GCS_ENABLE", "MAV_GCS_SYSID", "BATT_MONITOR", "BATT_FS_LOW_ACT", "FS_EKF_THRESH", "RTL_ALT_M"):
        left = {k: v for k, v in COPTER.items() if k != name}
        assert any(i.state == "unknown" for i in states("copter", left).values()), name
    assert {i.state for i in states("unknown", COPTER).values()} == {"unknown"}


def test_battery_that_is_not_measured_only_warned_of_or_never_noticed():
    assert states("copter", {**COPTER, "BATT_MONITOR": 0.0})["battery_monitor"].state == "failed"
    assert states("copter", {**COPTER, "BATT_FS_LOW_ACT": 0.0})["battery_low"].state == "warning"
    assert states("copter", {**COPTER, "BATT_CRT_VOLT": 0.0})["battery_critical"].state == "warning"
    assert states("copter", {**COPTER, "BATT_CRT_VOLT": 0.0, "BATT_CRT_MAH": 500.0})["battery_critical"].state == "ok"


def test_estimator():
    assert states("copter", {**COPTER, "FS_EKF_THRESH": 0.0})["estimator"].state == "failed"
    assert states("copter", {**COPTER, "FS_EKF_ACTION": 0.0})["estimator_action"].state == "warning"
    assert states("rover", {**ROVER, "FS_EKF_ACTION": 2.0})["estimator_action"].state == "warning"


def flat(height_m):
    return TerrainGrid(np.full((30, 30), height_m, dtype=np.float32), 49.015, 19.985, 0.001, 0.001)


def test_the_way_home_must_stay_below_the_ceiling_and_above_the_ground():
    assert states("copter", {**COPTER, "RTL_ALT_M": 120.0})["return_ceiling"].state == "failed"
    old = {k: v for k, v in COPTER.items() if k != "RTL_ALT_M"} | {"RTL_ALT": 15_000.0}
    assert "150 m" in states("copter", old)["return_ceiling"].text, "the old name is in centimetres"
    assert states("copter", COPTER, PLAN, flat(300.0))["return_ground"].state == "ok"
    assert states("copter", COPTER, PLAN, flat(340.0))["return_ground"].state == "warning"
    assert states("copter", COPTER, PLAN, flat(360.0))["return_ground"].state == "failed"
    assert states("copter", {**COPTER, "RTL_ALT_TYPE": 1.0}, PLAN, flat(360.0))["return_ground"].state == "ok"


def test_a_copter_keeps_its_greater_height_and_a_plane_comes_down():
    high = replace(PLAN, items=tuple(replace(i, z=90.0) for i in PLAN.items))
    assert states("copter", {**COPTER, "RTL_ALT_M": 15.0}, high, flat(340.0))["return_ground"].state == "ok"
    assert states("plane", {**PLANE, "RTL_ALTITUDE": 15.0}, high, flat(340.0))["return_ground"].state == "failed"
    assert states("plane", {**PLANE, "RTL_ALTITUDE": -1.0}, high, flat(340.0))["return_ground"].state == "ok"


def test_ground_outside_the_model_is_unknown():
    small = TerrainGrid(np.full((3, 3), 300.0, dtype=np.float32), 49.001, 19.999, 0.001, 0.001)
    assert states("copter", COPTER, PLAN, small)["return_ground"].state == "unknown"


def test_all_spellings_are_asked_for():
    assert {"RTL_ALT_M", "RTL_ALT", "MAV_GCS_SYSID", "SYSID_MYGCS"} <= set(spellings(failsafe_parameters("copter")))
