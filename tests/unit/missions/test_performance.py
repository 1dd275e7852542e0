"""How long an aircraft takes: wind, corners, laps, return, and the figures of a type."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geofences.errors import ConfigError, PlanError
from geofences.geodesy import LocalFrame
from missions.performance import (
    KNOWN,
    Performance,
    corner_speed_m_s,
    ground_speed_m_s,
    leg_time_s,
    read_performance,
    turn_time_s,
)
from missions.plan import FencePlan, MissionItem, Plan, RallyPoint
from missions.plan_time import plan_time

COPTER = Performance()
PLANE = KNOWN["plane"]
FRAME = LocalFrame(47.0, 12.0)


def located(command: int, east: float, north: float, alt: float, p1: float = 0.0, p3: float = 0.0) -> MissionItem:
    lat, lon = FRAME.from_plane([east, north])
    return MissionItem(command, 3, p1, 0.0, p3, x=round(float(lat) * 1e7), y=round(float(lon) * 1e7), z=alt)


def plan(*items: MissionItem, rally: tuple[RallyPoint, ...] = ()) -> Plan:
    return Plan("p", 47.0, 12.0, 0.0, items, FencePlan(), rally)


def test_a_copter_keeps_its_ground_speed_until_its_airspeed_is_used_up() -> None:
    assert ground_speed_m_s(COPTER, (0.0, 8.0), 0.0) == 5.0
    assert ground_speed_m_s(COPTER, (0.0, -8.0), 0.0) == 5.0
    assert ground_speed_m_s(COPTER, (0.0, -12.0), 0.0) == pytest.approx(3.0)
    assert ground_speed_m_s(COPTER, (15.0, 0.0), 0.0) == 0.0


def test_the_wind_triangle_of_a_plane() -> None:
    assert ground_speed_m_s(PLANE, (0.0, 5.0), 0.0) == pytest.approx(23.0)
    assert ground_speed_m_s(PLANE, (0.0, 5.0), 180.0) == pytest.approx(13.0)
    assert ground_speed_m_s(PLANE, (5.0, 0.0), 0.0) == pytest.approx(math.sqrt(18.0**2 - 25.0))
    assert leg_time_s(1000.0, 0.0, PLANE, (0.0, -20.0), 0.0) == math.inf


@given(st.floats(0.0, 12.0), st.floats(0.0, 360.0), st.floats(0.0, 360.0))
def test_there_and_back_in_wind_is_never_quicker_than_in_calm(wind: float, towards: float, course: float) -> None:
    blow = (wind * math.sin(math.radians(towards)), wind * math.cos(math.radians(towards)))
    for aircraft in (COPTER, PLANE):
        there = leg_time_s(2000.0, 0.0, aircraft, blow, course)
        back = leg_time_s(2000.0, 0.0, aircraft, blow, course + 180.0)
        assert there + back >= 2.0 * leg_time_s(2000.0, 0.0, aircraft) - 1e-6


def test_stops_at_both_ends_cost_one_ramp() -> None:
    through = leg_time_s(100.0, 0.0, COPTER)
    assert through == pytest.approx(20.0)
    assert leg_time_s(100.0, 0.0, COPTER, entry_m_s=0.0, exit_m_s=0.0) == pytest.approx(20.0 + 5.0 / COPTER.decel_m_s2)
    # Too short for the full speed: accelerate half the way.
    assert leg_time_s(4.0, 0.0, COPTER, entry_m_s=0.0, exit_m_s=0.0) == pytest.approx(2.0 * math.sqrt(4.0 / 2.0))


def test_a_steep_leg_is_as_slow_as_the_climb() -> None:
    assert leg_time_s(100.0, 100.0, COPTER) == pytest.approx(40.0)
    assert leg_time_s(100.0, -100.0, COPTER) == pytest.approx(100.0 / 1.5)
    assert leg_time_s(0.0, 25.0, COPTER) == pytest.approx(10.0)


def test_corners() -> None:
    assert corner_speed_m_s(COPTER, 0.0, 5.0) == 5.0
    assert corner_speed_m_s(COPTER, 90.0, 5.0) == pytest.approx(0.0, abs=1e-9)
    assert turn_time_s(PLANE, 90.0) == 0.0
    assert turn_time_s(PLANE, 180.0) == pytest.approx(math.pi * PLANE.turn_radius_m / 18.0)


def test_laps_by_a_jump_are_counted_and_given_to_their_items() -> None:
    way = [located(22, 0, 0, 50), located(16, 0, 1000, 50), located(16, 500, 1000, 50), located(16, 0, 1000, 50)]
    once = plan_time(plan(*way, MissionItem(20, 2)), COPTER)
    laps = plan_time(plan(*way, MissionItem(177, 2, 3.0, 4.0), MissionItem(20, 2)), COPTER)
    assert laps.airborne_s - once.airborne_s == pytest.approx(4 * (2 * 100.0), rel=0.1)
    assert laps.item_s.sum() == pytest.approx(laps.airborne_s)
    assert laps.item_s[4] == 0.0
    assert laps.battery_left < once.battery_left
    assert once.total_s == pytest.approx(once.airborne_s + COPTER.setup_s)


def test_an_unlimited_jump_is_told_and_ends() -> None:
    way = [located(22, 0, 0, 50), located(16, 0, 1000, 50), located(16, 500, 1000, 50)]
    told = plan_time(plan(*way, MissionItem(177, 2, 2.0, -1.0)), COPTER)
    assert told.endless
    assert told.battery_left <= 0.0
    assert not told.reserve_kept
    # A jump to itself does no harm.
    assert plan_time(plan(MissionItem(177, 2, 1.0, -1.0)), COPTER).airborne_s == 0.0


def test_loiter_delay_and_hold_are_counted() -> None:
    base = [located(22, 0, 0, 50), located(16, 0, 200, 50)]
    before = plan_time(plan(*base, MissionItem(20, 2)), COPTER).airborne_s
    held = plan_time(plan(*base, MissionItem(93, 2, 60.0), located(19, 0, 200, 50, 30.0), MissionItem(20, 2)), COPTER)
    assert held.airborne_s == pytest.approx(before + 90.0, abs=5.0)
    turns = plan_time(plan(*base, located(18, 0, 200, 50, 2.0, 50.0), MissionItem(20, 2)), COPTER)
    assert turns.airborne_s == pytest.approx(before + 2 * 2 * math.pi * 50.0 / 5.0, abs=5.0)
    assert plan_time(plan(*base, located(17, 0, 200, 50)), COPTER).endless


def test_rtl_goes_to_the_nearest_of_home_and_rally() -> None:
    items = (located(22, 0, 0, 50), located(16, 0, 2000, 50), MissionItem(20, 2))
    lat, lon = FRAME.from_plane([0.0, 1900.0])
    home = plan_time(plan(*items), COPTER)
    rally = plan_time(plan(*items, rally=(RallyPoint(float(lat), float(lon), 40.0),)), COPTER)
    assert home.airborne_s - rally.airborne_s == pytest.approx(1900.0 / 5.0, rel=0.02)
    assert rally.legs[-1].to_en_m[1] == pytest.approx(1900.0, abs=0.1)


def test_a_plan_that_the_wind_forbids_is_refused() -> None:
    items = (located(22, 0, 0, 50), located(16, 0, 2000, 50), MissionItem(20, 2))
    with pytest.raises(PlanError, match="item 2"):
        plan_time(plan(*items), COPTER, (0.0, -16.0))


def test_a_change_of_speed_counts() -> None:
    way = (located(22, 0, 0, 50), MissionItem(178, 2, 1.0, 10.0, -1.0), located(16, 0, 2000, 50), MissionItem(20, 2))
    slow = plan_time(plan(*(i for i in way if i.command != 178)), COPTER).item_s[1]
    assert plan_time(plan(*way), COPTER).item_s[2] == pytest.approx(slow / 2.0, rel=0.03)


def test_figures_from_a_file_and_every_fault_at_once(tmp_path: Path) -> None:
    good = tmp_path / "a.toml"
    good.write_text('[performance]\nname = "Storch"\nbased_on = "plane"\nspeed_m_s = 20\n', encoding="utf-8")
    storch = read_performance(good)
    assert storch == replace(PLANE, name="Storch", speed_m_s=20.0)
    assert read_performance("plane") is PLANE
    with pytest.raises(ConfigError) as told:
        read_performance({"sped_m_s": 4, "climb_m_s": -1, "family": "balloon", "endurance_s": "long"})
    text = str(told.value)
    assert "did you mean 'speed_m_s'" in text
    assert all(word in text for word in ("climb_m_s", "balloon", "endurance_s"))
