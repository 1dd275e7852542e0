"""The plane of the map and the hillshade under it."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Transformer

from groundstation.console.map.basemap import hillshade
from groundstation.console.map.projection import scale, to_lat_lon, to_mercator
from tests.helpers.records import make_terrain

WEB = Transformer.from_crs("EPSG:4326", "EPSG:3857")


def test_projection_is_epsg_3857() -> None:
    lat, lon = np.array([-60.0, 0.0, 49.05, 71.0]), np.array([-170.0, 0.0, 22.7, 25.8])
    x, y = WEB.transform(lat, lon)
    np.testing.assert_allclose(to_mercator(lat, lon), np.stack([x, y], axis=-1), atol=1e-3)
    back = to_lat_lon(x, y)
    np.testing.assert_allclose(back, [lat, lon], atol=1e-9)
    step = np.diff(to_mercator([60.0, 60.00001], [10.0, 10.0]), axis=0)[0, 1]
    assert step / 1.114 == pytest.approx(scale(60.0), rel=0.01)


def test_hillshade_lies_where_the_terrain_does_and_faces_the_light() -> None:
    terrain = make_terrain()
    base = hillshade(terrain, 400)
    x, y, width, height = base.rectangle
    lat, lon = to_lat_lon(np.array([x, x + width]), np.array([y, y + height]))
    np.testing.assert_allclose(lat, [terrain.south_deg, terrain.north_deg], atol=1e-9)
    np.testing.assert_allclose(lon, [terrain.west_deg, terrain.east_deg], atol=1e-9)
    # Light from the north-west: a slope that falls to the north-west is lighter than its back.
    rows, columns = np.mgrid[0:60, 0:60]
    ridge = 20.0 - np.abs(rows + columns - 59) * 0.5
    shaded = hillshade(type(terrain)(ridge.astype(np.float32), 49.1, 22.7, 1e-4, 1.5e-4), 200).rgb.mean(axis=-1)
    assert shaded[40:60, 40:60].mean() > shaded[-60:-40, -60:-40].mean() + 5
