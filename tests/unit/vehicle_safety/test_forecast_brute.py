"""The forecast against a flight stepped finely, with shapely as the judge of inside and outside."""

import math
import random

import numpy as np
import pytest
import shapely
from shapely.geometry import Point, Polygon

from geofences.geodesy import LocalFrame
from groundstation.vehicle.course_turn import CourseTurn
from groundstation.vehicle.forecast import Limits, Movement, forecast
from groundstation.vehicle.forecast_countdown import Look
from groundstation.vehicle.forecast_fences import Fence, FenceSet
from groundstation.vehicle.moving_edges import Motion
from tests.helpers.patrol import around
from tests.unit.vehicle_safety.states import LAT, LON, flying

FRAME = LocalFrame(LAT, LON)
STEP_S = 0.02
# Stops at once: what is left is when the edge is crossed.
AT_ONCE = Movement(decel_m_s2=1e9, climb_decel_m_s2=1e9, reaction_s=0.0)


def random_ring(rng, east_m, north_m, size_m):
    count = rng.randrange(3, 14)
    angles = sorted(rng.uniform(0.0, 2.0 * math.pi) for _ in range(count))
    return np.array(
        [[east_m + size_m * rng.uniform(0.2, 1.0) * math.sin(a), north_m + size_m * rng.uniform(0.2, 1.0) * math.cos(a)]
         for a in angles]
    )  # fmt: skip


def random_fence(rng, number):
    east, north = rng.uniform(-400, 400), rng.uniform(-400, 400)
    low, high = -math.inf, math.inf
    inclusion = rng.random() < 0.3
    if not inclusion and rng.random() < 0.4:
        low = rng.uniform(0, 60)
        high = low + rng.uniform(5, 60)
    if inclusion:
        east, north = rng.uniform(-50, 50), rng.uniform(-50, 50)
    size = rng.uniform(300, 600) if inclusion else rng.uniform(20, 200)
    if rng.random() < 0.3:
        return Fence(f"fence {number}", inclusion, (), (east, north, size), low, high)
    ring = random_ring(rng, east, north, size)
    rings = [ring]
    if rng.random() < 0.3:
        rings.append(ring.mean(axis=0) + 0.3 * (ring - ring.mean(axis=0)))
    return Fence(f"fence {number}", inclusion, tuple(rings), None, low, high)


def stepped(fence, path_en, alts_m):
    """Time of the first step at which the fence is breached, by shapely; infinity when it never is."""
    if fence.circle is not None:
        e, n, r = fence.circle
        inside = np.hypot(path_en[:, 0] - e, path_en[:, 1] - n) <= r
    else:
        inside = np.zeros(len(path_en), dtype=bool)
        for ring in fence.rings:
            polygon = shapely.make_valid(Polygon(ring), method="linework")
            inside ^= shapely.contains_xy(polygon, path_en[:, 0], path_en[:, 1])
    layer = (alts_m >= fence.low_rel_home_m) & (alts_m <= fence.high_rel_home_m)
    wrong = ~inside if fence.inclusion else inside & layer
    return float(np.argmax(wrong)) * STEP_S if wrong.any() else math.inf


def grazes(fence, motion, alts_m, found_s, stepped_s):
    """Whether the two differ only because the way touches a corner, or two limits at once, by less than a step shows."""
    time_s = min(found_s, stepped_s)
    e, n = motion.at(time_s)
    near = max(motion.speed_m_s, 1.0) * 4.0 * STEP_S
    deep = max(
        (fence.edge_distance_m(*motion.at(t)) for t in np.arange(time_s, time_s + 0.3, 0.01)), default=0.0
    )  # fmt: skip
    return fence.edge_distance_m(e, n) < near and deep < 2.0 * near


@pytest.mark.parametrize("seed", range(40))
def test_the_time_to_each_edge_is_when_a_fine_stepping_crosses_it(seed):
    rng = random.Random(seed)
    fences = [random_fence(rng, n) for n in range(12)]
    speed, course = rng.uniform(1.0, 20.0), rng.uniform(0.0, 2.0 * math.pi)
    turn = rng.choice([0.0, 0.0, rng.uniform(-25.0, 25.0), rng.uniform(1.0, 6.0)])
    climb, alt = rng.choice([0.0, rng.uniform(-3.0, 3.0)]), rng.uniform(10.0, 80.0)
    vn, ve = speed * math.cos(course), speed * math.sin(course)
    state = flying(velocity_ned_m_s=(vn, ve, -climb), alt_rel_home_m=alt)
    motion = Motion(0.0, 0.0, ve, vn, math.radians(turn))

    told = forecast(state, 0.0, Limits(FenceSet(fences, FRAME)), "copter", AT_ONCE, turn_deg_s=turn)
    found = {b.fence: b for b in told}
    times = np.arange(0.0, 59.0, STEP_S)
    # The motion stepped by itself: the course is turned a little, then moved on.
    courses = course + math.radians(turn) * STEP_S / 4 * (np.arange((len(times) - 1) * 4) + 0.5)
    moves = speed * STEP_S / 4 * np.stack([np.sin(courses), np.cos(courses)], axis=1)
    path = np.concatenate([np.zeros((1, 2)), np.cumsum(moves, axis=0)[3::4]])
    alts = alt + climb * times
    for fence in fences:
        expected = stepped(fence, path, alts)
        breach = found.get(fence.name)
        got = breach.to_edge_s if breach is not None else math.inf
        if got > 59.0 and expected == math.inf:
            continue
        if abs(got - expected) > 3.0 * STEP_S:
            assert grazes(fence, motion, alts, got, expected), (fence, got, expected, turn, speed)


def test_every_place_of_a_turn_is_on_its_circle_and_at_its_time():
    motion = Motion(10.0, 20.0, 0.0, 8.0, math.radians(9.0))
    assert motion.at(10.0)[0] == pytest.approx(10.0 + 8.0 / math.radians(9.0)), "a quarter to the right of north"
    later = motion.moved(3.0)
    assert later.at(4.0) == pytest.approx(motion.at(7.0))
    assert motion.at(40.0) == pytest.approx((10.0, 20.0), abs=1e-6)


def test_a_slab_is_entered_by_climbing_into_it_and_not_from_below():
    slab = Fence(
        "mast", False, (np.array([[-50.0, -50.0], [50.0, -50.0], [50.0, 50.0], [-50.0, 50.0]]),), None, 60.0, 90.0
    )
    limits = Limits(FenceSet([slab], FRAME))
    under = flying(velocity_ned_m_s=(1.0, 0.0, 0.0), alt_rel_home_m=40.0)
    assert forecast(under, 0.0, limits, "copter", AT_ONCE) == ()
    (into,) = forecast(flying(velocity_ned_m_s=(0.0, 0.0, -2.0), alt_rel_home_m=40.0), 0.0, limits, "copter", AT_ONCE)
    assert (into.edge, into.fence, into.to_edge_s) == ("ceiling", "mast", pytest.approx(10.0))


def test_a_fence_that_is_no_polygon_because_its_edges_cross_counts_as_the_aircraft_counts():
    bow = Fence("bow", False, (np.array([[100.0, -50.0], [200.0, 50.0], [200.0, -50.0], [100.0, 50.0]]),))
    (breach,) = forecast(
        flying(velocity_ned_m_s=(0.0, 10.0, 0.0)), 0.0, Limits(FenceSet([bow], FRAME)), "copter", AT_ONCE
    )
    assert breach.to_edge_s == pytest.approx(10.0, abs=0.01)


def test_the_point_is_found_on_both_sides_of_a_hole():
    ring = np.array([[-100.0, -100.0], [100.0, -100.0], [100.0, 100.0], [-100.0, 100.0]])
    fence = Fence("ring", False, (ring, ring * 0.5))
    assert fence.covers(75.0, 0.0)
    assert not fence.covers(0.0, 0.0)
    assert fence.edge_distance_m(75.0, 0.0) == pytest.approx(25.0)
    assert Polygon(ring, [ring * 0.5]).contains(Point(75.0, 0.0))


def cause(**changes):
    wind = changes.pop("wind", (0.0, 0.0))
    age = changes.pop("age_s", 0.0)
    wall = Fence("wall", False, (np.array([[-500.0, 60.0], [500.0, 60.0], [500.0, 70.0], [-500.0, 70.0]]),))
    state = flying(**changes)
    (breach,) = forecast(state, age, Limits(FenceSet([wall], FRAME)), "copter", Movement(), wind)
    return breach


def test_the_cause_is_what_takes_most_of_the_time():
    assert cause(velocity_ned_m_s=(1.0, 0.0, 0.0)).cause == "course"
    assert cause(velocity_ned_m_s=(12.0, 0.0, 0.0)).cause == "stopping"
    assert cause(velocity_ned_m_s=(6.0, 0.0, 0.0), wind=(0.0, 14.0)).cause == "wind"
    late = cause(velocity_ned_m_s=(8.0, 0.0, 0.0), age_s=4.5)
    assert late.cause == "late_telemetry"
    assert late.late_s == 4.5
    past = cause(velocity_ned_m_s=(8.0, 0.0, 0.0), age_s=8.0)
    assert (past.time_s, past.cause) == (0.0, "late_telemetry")
    assert past.distance_m < 0.0


def turning(rate_deg_s, noise_m_s=0.0, speed_m_s=8.0, seconds=3.0, seed=1):
    rng, turn = random.Random(seed), CourseTurn()
    for k in range(int(seconds / 0.25) + 1):
        course = math.radians(170.0 + rate_deg_s * 0.25 * k)
        turn.add(
            0.25 * k,
            speed_m_s * math.cos(course) + rng.gauss(0.0, noise_m_s),
            speed_m_s * math.sin(course) + rng.gauss(0.0, noise_m_s),
        )
    return turn.deg_s(seconds)


def test_a_turn_is_told_when_it_is_one_and_noise_is_not():
    assert turning(12.0) == pytest.approx(12.0, abs=0.1)
    assert turning(-20.0, noise_m_s=0.1) == pytest.approx(-20.0, abs=3.0)
    assert turning(0.0) == 0.0
    assert turning(12.0, speed_m_s=1.0) == 0.0
    assert all(turning(0.0, noise_m_s=0.3, seed=s) == 0.0 for s in range(200))


def test_an_aircraft_that_circles_within_its_fence_is_told_of_no_breach():
    ring = np.array([[-120.0, -120.0], [120.0, -120.0], [120.0, 120.0], [-120.0, 120.0]])
    limits = Limits(FenceSet([Fence("room", True, (ring,))], FRAME))
    state = flying(velocity_ned_m_s=(10.0, 0.0, 0.0))
    assert forecast(state, 0.0, limits, "copter", Movement(), turn_deg_s=12.0) == ()
    assert forecast(state, 0.0, limits, "copter", Movement()) != ()


@pytest.mark.parametrize("turn_deg_s", [0.0, 10.0])
def test_between_full_looks_the_times_run_down_as_a_full_look_would_tell_them(turn_deg_s):
    rng = random.Random(4)
    limits = Limits(FenceSet([random_fence(rng, n) for n in range(30)], FRAME))
    motion = Motion(0.0, 0.0, 3.0, 9.0, math.radians(turn_deg_s))

    def state_at(time_s):
        now = motion.moved(time_s)
        lat, lon = around(LAT, LON, now.north_m, now.east_m)
        return flying(lat_deg=lat, lon_deg=lon, velocity_ned_m_s=(now.vn_m_s, now.ve_m_s, 0.0))

    def full(time_s):
        return forecast(state_at(time_s), 0.0, limits, "copter", Movement(), turn_deg_s=turn_deg_s)

    look = Look(0.0, 0.0, state_at(0.0), turn_deg_s, "same", full(0.0))
    told = {b.fence: b for b in look.run_down(state_at(0.3), 0.3, 0.3, turn_deg_s, "same")}
    expected = {b.fence: b for b in full(0.3)}
    assert len(expected) > 3
    assert set(told) <= set(expected), "a new one may come within reach of a minute"
    for name, breach in told.items():
        if breach.to_edge_s == 0.0:
            continue  # past it already
        assert breach.time_s == pytest.approx(expected[name].time_s, abs=0.02)
        assert breach.distance_m == pytest.approx(expected[name].distance_m, abs=0.3)
    assert look.run_down(state_at(0.3), 0.3, 0.3, turn_deg_s, "other") is None
    assert look.run_down(state_at(0.6), 0.6, 0.6, turn_deg_s, "same") is None, "twice a second anew"
    assert look.run_down(state_at(0.0), 0.3, 0.3, turn_deg_s, "same") is None, "it has stopped"
    still = look.run_down(look.state, 0.3, 0.0, turn_deg_s, "same")
    assert {b.late_s for b in still if b.to_edge_s > 0.0} == {0.3}, "no word since: its age counts"
