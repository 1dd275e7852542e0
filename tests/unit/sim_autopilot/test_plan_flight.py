"""A plan flown on no clock: the mission's order, the wind, the battery, and the airframe's limits."""

import math
from dataclasses import replace

import numpy as np
import pytest

from geofences.errors import PlanError
from geofences.weather import wind_towards_en_m_s
from missions.codec import MissionKind, WireItem, items_of
from sim.dynamics import Demand, Limits, MotionState, step
from sim.plan_flight import Airframe, PlanFlight, with_laps
from sim.wind import GustyAir
from tests.helpers.patrol import around, small_plan

LAT, LON, ALT = 49.0, 20.0, 300.0
PLAN = small_plan(LAT, LON, ALT)
MISSION = items_of(PLAN, MissionKind.MISSION)
# Round and round between the second item and the way home.
LOOP = (
    *MISSION[:-1],
    WireItem(MissionKind.MISSION, len(MISSION) - 1, 177, 2, 2.0, 1.0),
    replace(MISSION[-1], seq=len(MISSION)),
)
SMALL = Airframe(speed_m_s=5.0, endurance_s=1500.0)


def fly(mission=MISSION, air=None, airframe=SMALL, duration_s=None, seed=1):
    return PlanFlight((LAT, LON, ALT), mission, (), None, airframe, air, seed).fly(duration_s)


def test_it_flies_every_item_and_comes_home():
    flown = fly()
    assert flown.ended == "landed"
    assert {i.seq for i in MISSION if i.command == 16 and i.seq} <= set(flown.seq.tolist())
    assert flown.alt_amsl_m[-1] == pytest.approx(ALT, abs=0.1)
    lat, lon = around(LAT, LON, 0.0, 0.0)
    assert (flown.lat_deg[-1], flown.lon_deg[-1]) == pytest.approx((lat, lon), abs=1e-5)
    assert 0.0 < flown.battery_left[-1] < 1.0
    assert (np.diff(flown.battery_left) <= 0.0).all()


def test_the_same_seed_flies_the_same_and_another_one_not():
    air = wind_towards_en_m_s(8.0, 270.0)
    one, two, other = (fly(air=GustyAir(air, 1.5, seed)) for seed in (3, 3, 4))
    assert np.array_equal(one.lat_deg, two.lat_deg)
    assert not np.array_equal(one.lat_deg[:200], other.lat_deg[:200])


def test_it_holds_its_track_in_gusty_wind_to_a_metre_and_pays_with_its_battery():
    calm, windy = fly(), fly(air=GustyAir(wind_towards_en_m_s(9.0, 200.0), 2.0))

    def track(flown):
        return np.stack([(flown.lat_deg - LAT) * 111_195.0, (flown.lon_deg - LON) * 72_950.0], axis=1)[flown.airborne]

    off = [float(np.hypot(*(track(calm) - place).T).min()) for place in track(windy)[::10]]
    assert 0.05 < max(off) < 1.5
    assert windy.battery_left[-1] < calm.battery_left[-1] - 0.002


def test_against_a_wind_near_its_airspeed_it_gets_on_more_slowly():
    calm = fly()
    slow = fly(air=GustyAir((0.0, -7.0)), airframe=Airframe(5.0, airspeed_m_s=9.0, endurance_s=1500.0))
    assert slow.duration_s > 1.1 * calm.duration_s
    assert slow.ended == "landed"


def test_a_wind_above_its_airspeed_carries_it_off():
    state = MotionState(up_m=50.0, on_ground=False)
    for _ in range(400):
        state = step(state, Demand((0.0, 0.0, 0.0)), Limits(airspeed_m_s=10.0), 0.05, 0.0, (14.0, 0.0))
    assert state.ve_m_s == pytest.approx(4.0, abs=0.01)
    assert state.vn_m_s == pytest.approx(0.0, abs=0.01)


def test_the_track_is_kept_when_the_cross_wind_leaves_speed_for_it():
    state = MotionState(up_m=50.0, on_ground=False)
    for _ in range(400):
        state = step(state, Demand((0.0, 12.0, 0.0)), Limits(airspeed_m_s=13.0), 0.05, 0.0, (5.0, -6.0))
    assert (state.ve_m_s, state.vn_m_s) == pytest.approx((0.0, math.sqrt(13.0**2 - 5.0**2) - 6.0), abs=0.01)


def test_gusts_have_the_spread_that_is_asked_and_mean_nothing():
    air = GustyAir((3.0, -1.0), 2.0, seed=5)
    winds = np.array([air.at(t) for t in np.arange(0.0, 4000.0, 0.5)])
    assert winds.mean(axis=0) == pytest.approx([3.0, -1.0], abs=0.25)
    assert winds.std(axis=0) == pytest.approx([2.0, 2.0], rel=0.15)


def test_laps_are_those_asked_for():
    one, three = (fly(with_laps(LOOP, n)) for n in (1, 3))
    assert three.duration_s > one.duration_s + 20.0


def test_a_mission_without_end_comes_home_with_its_reserve():
    endless = with_laps(LOOP, 0)
    assert [i.param2 for i in endless if i.command == 177] == [-1.0]
    flown = fly(endless, airframe=Airframe(5.0, endurance_s=700.0, reserve_fraction=0.25))
    assert "battery" in flown.sent_home
    assert 0.25 <= flown.battery_left[-1] < 0.40


def test_after_so_long_it_is_sent_home():
    flown = fly(with_laps(LOOP, 50), duration_s=120.0)
    assert flown.sent_home.startswith("120 s")
    assert 120.0 < flown.duration_s < 300.0


def test_an_empty_battery_ends_it():
    flown = fly(with_laps(LOOP, 50), airframe=Airframe(5.0, endurance_s=90.0))
    assert flown.ended == "battery empty"
    assert flown.battery_left[-1] == 0.0


def test_what_the_autopilot_does_not_take_is_named():
    bad = [*MISSION]
    bad[2] = type(bad[2])(MissionKind.MISSION, 2, 4711, 3)
    with pytest.raises(PlanError, match="item 2"):
        fly(bad)
    with pytest.raises(PlanError, match="take-off"):
        fly([MISSION[0], *(i for i in MISSION[1:] if i.command == 16)])
