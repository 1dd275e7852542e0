"""Local coordinates against pyproj."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Transformer

from geofences.geodesy import LocalFrame, ecef_to_geodetic, geodetic_to_ecef

latitude, longitude, height = st.floats(-89.9, 89.9), st.floats(-180, 180), st.floats(-500, 9000)
TO_ECEF = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)


@given(latitude, longitude, height)
def test_ecef_agrees_with_proj_and_comes_back(lat, lon, h):
    ecef = geodetic_to_ecef(lat, lon, h)
    assert ecef == pytest.approx(np.array(TO_ECEF.transform(lon, lat, h)), abs=1e-4)
    back = ecef_to_geodetic(ecef)
    assert float(back[0]) == pytest.approx(lat, abs=1e-9)
    assert np.cos(np.radians(float(back[1]) - lon)) == pytest.approx(1.0, abs=1e-12)
    assert float(back[2]) == pytest.approx(h, abs=1e-3)


@given(st.floats(-80, 80), longitude, st.floats(-5000, 5000), st.floats(-5000, 5000))
def test_the_plane_comes_back_to_a_millimetre(lat, lon, east, north):
    frame = LocalFrame(lat, lon, 200.0)
    assert frame.to_plane(*frame.from_plane((east, north))) == pytest.approx(np.array([east, north]), abs=1e-3)


@given(st.floats(-60, 60), longitude, st.floats(0, 360), st.floats(1, 3000))
def test_distance_and_direction_agree_with_the_geodesic(lat, lon, azimuth, distance):
    lon2, lat2, _ = Geod(ellps="WGS84").fwd(lon, lat, azimuth, distance)
    east, north = LocalFrame(lat, lon).to_plane(lat2, lon2)
    assert np.hypot(east, north) == pytest.approx(distance, rel=1e-6, abs=1e-3)
    assert np.cos(np.arctan2(east, north) - np.radians(azimuth)) == pytest.approx(1.0, abs=1e-7)


def test_up_is_up():
    frame = LocalFrame(49.0, 22.0, 300.0)
    assert frame.to_enu(49.0, 22.0, 410.0) == pytest.approx(np.array([0, 0, 110]), abs=1e-6)
    assert [float(v) for v in frame.to_geodetic((0.0, 0.0, 110.0))] == pytest.approx([49.0, 22.0, 410.0])


ANYWHERE = st.sampled_from([-89.9, -85.0, -49.0, 0.0, 30.0, 49.0, 69.0, 85.0, 89.5])
GEOD = Geod(ellps="WGS84")


@given(ANYWHERE, longitude, st.floats(0, 3000), st.floats(-140_000, 140_000), st.floats(-140_000, 140_000))
def test_a_whole_border_goes_to_the_plane_and_back_within_a_millimetre(lat, lon, alt, east, north):
    frame = LocalFrame(lat, lon, alt)
    assert frame.to_plane(*frame.from_plane((east, north))) == pytest.approx(np.array([east, north]), abs=1e-3)


@pytest.mark.parametrize(
    ("reach_m", "scale", "radial_m", "straight_m"),
    [(10_000, 2e-6, 0.005, 0.005), (50_000, 32e-6, 0.53, 0.6), (100_000, 126e-6, 4.2, 4.9)],
)
@pytest.mark.parametrize("lat", [-85.0, 0.0, 49.0, 69.0, 85.0])
def test_what_a_frame_of_a_long_border_costs(lat, reach_m, scale, radial_m, straight_m):
    """The figures that the class promises, against geodesics, across the 180th meridian."""
    rng = np.random.default_rng(int(reach_m + lat))
    n, lon = 60, 179.9
    frame = LocalFrame(lat, lon)
    bearing, onward, other = rng.uniform(0, 360, (3, n))
    lon1, lat1, _ = GEOD.fwd(np.full(n, lon), np.full(n, lat), bearing, np.full(n, float(reach_m)))
    at = frame.to_plane(lat1, lon1)
    assert np.abs(np.hypot(*at.T) - reach_m).max() <= radial_m
    lon2, lat2, _ = GEOD.fwd(lon1, lat1, onward, np.full(n, 1000.0))
    assert np.abs(np.hypot(*(frame.to_plane(lat2, lon2) - at).T) / 1000.0 - 1.0).max() <= scale
    lon3, lat3, _ = GEOD.fwd(np.full(n, lon), np.full(n, lat), other, np.full(n, float(reach_m)))
    end = frame.to_plane(lat3, lon3)
    for k in range(0, n, 6):
        way = np.array(GEOD.npts(lon1[k], lat1[k], lon3[k], lat3[k], 9))
        along = (end[k] - at[k]) / np.hypot(*(end[k] - at[k]))
        off = frame.to_plane(way[:, 1], way[:, 0]) - at[k]
        assert np.abs(off[:, 0] * along[1] - off[:, 1] * along[0]).max() <= straight_m


@given(st.floats(-88, 88), longitude, st.floats(-50_000, 50_000), st.floats(-50_000, 50_000))
def test_true_north_at_a_place_is_where_a_step_north_leads(lat, lon, east, north):
    frame = LocalFrame(lat, lon)
    lat1, lon1 = (float(v) for v in frame.from_plane((east, north)))
    lon2, lat2, _ = GEOD.fwd(lon1, lat1, 0.0, 100.0)
    step = frame.to_plane(lat2, lon2) - frame.to_plane(lat1, lon1)
    turned = np.degrees(np.arctan2(step[0], step[1])) - float(frame.convergence_deg(lat1, lon1))
    assert (turned + 180.0) % 360.0 - 180.0 == pytest.approx(0.0, abs=2e-3 / np.cos(np.radians(lat1)) ** 2)


def test_north_turns_by_ten_degrees_in_100_km_at_85_degrees():
    frame = LocalFrame(85.0, 22.7)
    assert float(frame.convergence_deg(*frame.from_plane((100_000.0, 0.0)))) == pytest.approx(-10.1, abs=0.1)
    assert float(frame.convergence_deg(85.0, 22.7)) == pytest.approx(0.0, abs=1e-9)
