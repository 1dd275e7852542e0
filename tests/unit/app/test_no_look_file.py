"""Areas not to be looked at: what is wrong in their file is told, never left out."""

import json

import pytest

from groundstation.app.no_look_file import read_no_look
from groundstation.core.errors import ConfigError

SQUARE = [[20.0, 49.0], [20.001, 49.0], [20.001, 49.001], [20.0, 49.001], [20.0, 49.0]]


def write(tmp_path, *features):
    path = tmp_path / "no_look.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return path


def polygon(*rings, name="school"):
    return {
        "type": "Feature",
        "properties": {"name": name},
        "geometry": {"type": "Polygon", "coordinates": list(rings)},
    }


def test_polygons_are_read_as_lat_lon_and_not_closed(tmp_path):
    (zone,) = read_no_look(write(tmp_path, polygon(SQUARE)))
    assert zone.name == "school"
    assert zone.points[1] == (49.0, 20.001)
    assert len(zone.points) == 4


@pytest.mark.parametrize(
    "feature",
    [
        {"type": "Feature", "properties": None, "geometry": {"type": "Point", "coordinates": [20, 49]}},
        polygon(SQUARE, SQUARE),
        polygon([[20.0, 49.0], [20.001, 49.001], [20.001, 49.0], [20.0, 49.001], [20.0, 49.0]]),
        polygon([[20.0, 49.0], [20.001, 49.0]]),
        polygon([]),
        {"type": "Feature"},
    ],
)
def test_what_is_no_simple_polygon_is_refused_with_its_number(tmp_path, feature):
    with pytest.raises(ConfigError, match="feature 1"):
        read_no_look(write(tmp_path, polygon(SQUARE), feature))


def test_a_file_that_cannot_be_read(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_no_look(tmp_path / "none.geojson")
    broken = tmp_path / "broken.geojson"
    broken.write_text("[1, 2")
    with pytest.raises(ConfigError, match="GeoJSON"):
        read_no_look(broken)
