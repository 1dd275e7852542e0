"""The map's background: hillshade of the terrain, or the tiles of an MBTiles file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import cv2
import numpy as np
import pytest
from pyproj import Transformer

from groundstation.console.map.basemap import hillshade, read_mbtiles
from groundstation.console.map.projection import scale, to_lat_lon, to_mercator
from groundstation.core.errors import ConfigError
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


def write_mbtiles(path: Path, colours: dict[tuple[int, int, int], tuple[int, int, int]]) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE tiles (zoom_level INTEGER, tile_column INTEGER, tile_row INTEGER, tile_data BLOB)"
        )
        for (zoom, column, row), rgb in colours.items():
            _, data = cv2.imencode(".png", np.full((256, 256, 3), rgb[::-1], np.uint8))
            connection.execute("INSERT INTO tiles VALUES (?, ?, ?, ?)", (zoom, column, row, data.tobytes()))
    connection.close()


def test_mbtiles_tiles_come_to_their_place(tmp_path: Path) -> None:
    # At zoom 1 the world is four tiles; row 0 of MBTiles is in the south.
    colours = {(1, 0, 0): (200, 0, 0), (1, 1, 0): (0, 200, 0), (1, 0, 1): (0, 0, 200), (1, 1, 1): (200, 200, 0)}
    write_mbtiles(tmp_path / "world.mbtiles", colours)
    base = read_mbtiles(tmp_path / "world.mbtiles", -60, -170, 60, 170)
    assert base.rgb.shape == (512, 512, 3)
    assert tuple(base.rgb[10, 10]) == (0, 0, 200), "north-west"
    assert tuple(base.rgb[500, 500]) == (0, 200, 0), "south-east"
    assert base.rectangle[2] == pytest.approx(2 * np.pi * 6_378_137)


def test_what_is_no_map_is_said(tmp_path: Path) -> None:
    (tmp_path / "noise.mbtiles").write_bytes(b"not a database" * 100)
    with pytest.raises(ConfigError, match=r"noise\.mbtiles"):
        read_mbtiles(tmp_path / "noise.mbtiles", 49, 22, 50, 23)
    write_mbtiles(tmp_path / "far.mbtiles", {(5, 0, 0): (1, 2, 3)})
    with pytest.raises(ConfigError, match="covers"):
        read_mbtiles(tmp_path / "far.mbtiles", 49, 22, 50, 23)
