"""The point that flies, and the grid that it flies in."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from sim.dynamics import GRAVITY_M_S2, Demand, Limits, LocalGrid, MotionState, step, wrap_180

AIR = MotionState(up_m=50.0, on_ground=False)
DT = 0.02


def _fly(state: MotionState, demand: Demand, seconds: float, limits: Limits | None = None) -> list[MotionState]:
    states = []
    for _ in range(round(seconds / DT)):
        state = step(state, demand, limits or Limits(), DT, 0.0)
        states.append(state)
    return states


@given(lat=st.floats(-65, 65), lon=st.floats(-179, 179), east=st.floats(-5000, 5000), north=st.floats(-5000, 5000))
def test_grid_agrees_with_geodesics_and_inverts(lat: float, lon: float, east: float, north: float) -> None:
    grid = LocalGrid(lat, lon)
    lat2, lon2 = grid.to_geodetic(east, north)
    back = grid.to_grid(lat2, lon2)
    assert math.dist(back, (east, north)) < 1e-5
    _, _, distance = Geod(ellps="WGS84").inv(lon, lat, lon2, lat2)
    # Meridians converge: at 65 degrees and 7 km the flat grid is 0.1 % off, a few metres.
    assert distance == pytest.approx(math.hypot(east, north), rel=1.2e-3, abs=0.01)


def test_accelerates_within_its_limit_and_reaches_the_speed() -> None:
    states = _fly(AIR, Demand((8.0, 6.0, 0.0)), 8.0)
    speeds = [0.0] + [s.speed_m_s for s in states]
    assert max(b - a for a, b in itertools.pairwise(speeds)) <= 2.5 * DT + 1e-9
    assert states[-1].speed_m_s == pytest.approx(10.0)
    assert states[-1].ve_m_s == pytest.approx(8.0)


def test_climb_and_descent_have_limits_of_their_own() -> None:
    assert max(s.vu_m_s for s in _fly(AIR, Demand((0, 0, 50.0)), 5.0)) == pytest.approx(5.0)
    assert min(s.vu_m_s for s in _fly(AIR, Demand((0, 0, -50.0)), 5.0)) == pytest.approx(-2.5)


def test_ground_is_solid_and_holds() -> None:
    landed = _fly(AIR, Demand((0.0, 0.0, -2.0)), 40.0)[-1]
    assert (landed.up_m, landed.on_ground, landed.vu_m_s) == (0.0, True, 0.0)
    slid = _fly(landed, Demand((5.0, 0.0, 0.0)), 3.0)[-1]
    assert (slid.east_m, slid.speed_m_s) == (landed.east_m, 0.0)
    assert not _fly(landed, Demand((0.0, 0.0, 1.0)), 1.0)[-1].on_ground


@pytest.mark.parametrize("yaw_deg", [0.0, 90.0, 200.0])
def test_leans_into_the_acceleration(yaw_deg: float) -> None:
    nose = math.radians(yaw_deg)
    forward = Demand((10 * math.sin(nose), 10 * math.cos(nose), 0.0), yaw_deg)
    state = _fly(replace(AIR, yaw_deg=yaw_deg), forward, 1.0)[-1]
    assert state.pitch_deg < -5.0, "nose down to go forward"
    assert abs(state.roll_deg) < 0.5
    right = Demand((10 * math.cos(nose), -10 * math.sin(nose), 0.0), yaw_deg)
    state = _fly(replace(AIR, yaw_deg=yaw_deg), right, 1.0)[-1]
    assert state.roll_deg > 5.0, "right side down to go right"
    assert abs(state.pitch_deg) < 0.5


def test_steady_flight_leans_against_the_drag_and_hover_against_the_wind() -> None:
    steady = _fly(AIR, Demand((0.0, 10.0, 0.0), 0.0), 20.0)[-1]
    assert steady.pitch_deg == pytest.approx(-math.degrees(math.atan(1.5 / GRAVITY_M_S2)), abs=0.05)
    state = AIR
    for _ in range(500):
        state = step(state, Demand(yaw_deg=0.0), Limits(), DT, 0.0, wind_en_m_s=(0.0, -6.0))
    assert state.pitch_deg < -4.0, "a head wind"
    assert state.north_m == pytest.approx(0.0)


def test_turns_the_short_way_at_its_rate() -> None:
    states = _fly(replace(AIR, yaw_deg=350.0), Demand(yaw_deg=80.0, yaw_rate_deg_s=30.0), 6.0)
    assert max(s.yaw_rate_deg_s for s in states) == pytest.approx(30.0)
    assert states[-1].yaw_deg == pytest.approx(80.0, abs=0.1)
    assert states[20].yaw_deg < 20.0 or states[20].yaw_deg > 350.0


@given(st.floats(-1e4, 1e4))
def test_wrapping_keeps_the_angle(angle: float) -> None:
    wrapped = wrap_180(angle)
    assert -180.0 <= wrapped < 180.0
    assert math.remainder(wrapped - angle, 360.0) == pytest.approx(0.0, abs=1e-6)
