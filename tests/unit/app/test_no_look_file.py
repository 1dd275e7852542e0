"""Areas not to be looked at: what is wrong in their file is told, never left out."""

import json

import numpy as np
import pytest
from shapely.geometry import Point

from geofences.area import Area, BorderLine, NamedPoint, Zone
from geofences.geodesy import LocalFrame
from geofences.shapes import zone_region
from groundstation.app.config import StationConfig
from groundstation.app.no_look_file import read_no_look
from groundstation.app.safety_setup import camera_settings
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


def test_holes_circles_corridors_and_buffers_are_read(tmp_path):
    hole = [[20.0004, 49.0004], [20.0006, 49.0004], [20.0006, 49.0006], [20.0004, 49.0004]]
    circle = {
        "type": "Feature",
        "properties": {"radius_m": 50, "buffer_m": 20},
        "geometry": {"type": "Point", "coordinates": [20.01, 49.0]},
    }
    road = {
        "type": "Feature",
        "properties": {"name": "road", "half_width_m": 15},
        "geometry": {"type": "LineString", "coordinates": [[20.0, 49.01], [20.02, 49.01]]},
    }
    school, farm, way = read_no_look(write(tmp_path, polygon(SQUARE, hole), circle, road))
    assert len(school.holes[0]) == 3
    assert (farm.name, farm.buffer_m, way.name) == ("area 1", 20.0, "road")
    frame = LocalFrame(49.0, 20.01)
    covered = zone_region(farm, frame, "no_look")
    around = [(70.0 * np.sin(a), 70.0 * np.cos(a)) for a in np.linspace(0.0, 6.2, 50)]
    assert all(covered.covers(Point(p)) for p in around)
    assert covered.area < np.pi * 70.5**2


@pytest.mark.parametrize(
    "feature",
    [
        {"type": "Feature", "properties": None, "geometry": {"type": "Point", "coordinates": [20, 49]}},
        polygon(SQUARE, SQUARE),
        {
            "type": "Feature",
            "properties": {"radius_m": 50, "bufer_m": 20},
            "geometry": {"type": "Point", "coordinates": [20, 49]},
        },
        {**polygon(SQUARE), "properties": {"role": "exclusion"}},
        {**polygon(SQUARE), "properties": {"ceiling_m": 50}},
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


def test_the_cameras_are_told_of_both_files_and_of_the_neighbours_land(tmp_path):
    base, line = NamedPoint("base", 49.0, 20.0), BorderLine(((49.0, 19.9), (49.0, 20.1)), "A", "B", "A")
    yard = Zone("yard", tuple((lat, lon) for lon, lat in SQUARE[:-1]))
    area = Area(line, (), (), base, (), no_look=(yard,), no_look_beyond_m=400.0)
    config = StationConfig.model_validate({"camera": {"no_look": write(tmp_path, polygon(SQUARE))}})
    told = camera_settings(config, area, None).no_look
    assert [z.name for z in told] == ["school", "yard", "B beyond 400 m of the border"]
    assert [z.name for z in camera_settings(StationConfig(), None, None).no_look] == []
