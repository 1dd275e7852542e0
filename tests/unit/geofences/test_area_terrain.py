"""Area and terrain files: what is written is read, what is broken is refused with its place."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile

from geofences.area import Area, BorderLine, NamedPoint, Zone, read_area, write_area
from geofences.errors import ConfigError
from geofences.terrain import TerrainGrid, read_geotiff, write_geotiff

AREA = Area(
    BorderLine(((49.05, 22.69), (49.051, 22.71)), "Arvenia", "Belmark", "Arvenia"),
    (Zone("Patrol area", ((49.051, 22.69), (49.051, 22.71), (49.056, 22.71))),),
    (Zone("Village", ((49.053, 22.7), (49.053, 22.702), (49.054, 22.702))),),
    NamedPoint("Base", 49.0535, 22.695),
    (NamedPoint("Meadow", 49.0537, 22.696),),
)


def test_an_area_comes_back_as_it_was(tmp_path: Path):
    write_area(AREA, tmp_path / "area.geojson")
    assert read_area(tmp_path / "area.geojson") == AREA


def test_geojson_is_longitude_first(tmp_path: Path):
    write_area(AREA, tmp_path / "area.geojson")
    features = json.loads((tmp_path / "area.geojson").read_text())["features"]
    assert features[0]["geometry"]["coordinates"][0] == [22.69, 49.05]


def test_the_names_of_the_sides():
    assert AREA.border.own_side == "left"
    assert AREA.border.direction("left", "right") == "Arvenia->Belmark"


def broken(change):
    document = {"features": []}

    def make(tmp_path: Path) -> Path:
        path = tmp_path / "area.geojson"
        write_area(AREA, path)
        document.update(json.loads(path.read_text()))
        change(document["features"])
        path.write_text(json.dumps(document))
        return path

    return make


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: f.pop(0), "border"),
        (lambda f: f[0]["properties"].update(own="Nowhere"), "Nowhere"),
        (lambda f: f[0]["properties"].pop("left"), "feature 0"),
        (lambda f: f[1]["properties"].update(role="park"), "park"),
        (lambda f: f[1]["geometry"].update(coordinates=[[[1, 2], [3, 4]]]), "corners"),
        (lambda f: f.pop(3), "launch"),
    ],
)
def test_a_broken_area_is_refused_with_its_place(tmp_path: Path, change, says):
    with pytest.raises(ConfigError, match=says):
        read_area(broken(change)(tmp_path))


@pytest.mark.parametrize("content", ["{", "[]", "{}"])
def test_what_is_no_geojson_is_refused(tmp_path: Path, content):
    path = tmp_path / "area.geojson"
    path.write_text(content)
    with pytest.raises(ConfigError, match=r"area\.geojson"):
        read_area(path)


def test_a_missing_file_is_refused(tmp_path: Path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_area(tmp_path / "none.geojson")


def grid() -> TerrainGrid:
    rows, columns = np.mgrid[0:5, 0:7]
    return TerrainGrid((100.0 + 10.0 * rows + columns).astype(np.float32), 49.10, 22.50, 0.01, 0.02)


def test_heights_are_bilinear_and_unknown_outside():
    terrain = grid()
    assert float(terrain.height(49.10, 22.50)) == 100.0
    assert float(terrain.height(49.085, 22.55)) == pytest.approx(100.0 + 15.0 + 2.5)
    assert float(terrain.height(terrain.south_deg, terrain.east_deg)) == pytest.approx(146.0)
    assert np.isnan(terrain.height([49.2, 49.0], [22.55, 22.55])).all()


def test_a_geotiff_comes_back(tmp_path: Path):
    write_geotiff(grid(), tmp_path / "terrain.tif")
    back = read_geotiff(tmp_path / "terrain.tif")
    assert back.height_amsl_m.tolist() == grid().height_amsl_m.tolist()
    assert (back.north_deg, back.west_deg) == pytest.approx((49.10, 22.50))
    assert (back.step_lat_deg, back.step_lon_deg) == pytest.approx((0.01, 0.02))


def test_no_tiff_and_a_tiff_without_a_place_are_refused(tmp_path: Path):
    (tmp_path / "a.tif").write_text("no picture")
    tifffile.imwrite(tmp_path / "b.tif", np.zeros((4, 4), dtype=np.float32))
    for name in ("a.tif", "b.tif", "missing.tif"):
        with pytest.raises(ConfigError, match=name):
            read_geotiff(tmp_path / name)
