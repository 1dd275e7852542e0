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
