"""Pixels and the ground: there and back, on hills, and what a hill hides."""

from __future__ import annotations

import numpy as np
import pytest

from geofences.terrain import TerrainGrid
from groundstation.console.video.ground import ground_under, lines_in_picture, view_of
from tests.helpers import records as r
from vision.records import CameraPose

WIDTH, HEIGHT = 1280, 720


def pose(**changes: float) -> CameraPose:
    lat, lon = r.place(-40, 20)
    values = {
        "t_utc_us": 1, "lat_deg": lat, "lon_deg": lon, "alt_amsl_m": 410.0, "azimuth_deg": 12.0, "elevation_deg": -40.0,
        "roll_deg": 3.0, "hfov_deg": 50.0, "vfov_deg": 29.0, "source": "klv",
    }  # fmt: skip
    return CameraPose(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("pixel", [(640.0, 360.0), (60.0, 700.0), (1200.0, 300.0), (300.0, 120.0)])
def test_a_pixel_and_its_place_are_the_same_point(pixel: tuple[float, float]) -> None:
    terrain, view = r.make_terrain(), view_of(pose(), WIDTH, HEIGHT)
    assert view is not None
    place = ground_under(view, terrain, *pixel)
    assert place is not None
    assert abs(float(terrain.height(place.lat_deg, place.lon_deg)) - place.alt_amsl_m) < 0.1
    back = view.project_geodetic(place.lat_deg, place.lon_deg, place.alt_amsl_m)
    assert np.abs(back - pixel).max() < 0.01


def test_the_sky_and_unknown_ground_have_no_place() -> None:
    terrain = r.make_terrain()
    up = view_of(pose(elevation_deg=10.0), WIDTH, HEIGHT)
    far = view_of(pose(elevation_deg=-4.0, alt_amsl_m=600.0), WIDTH, HEIGHT)
    assert up is not None
    assert far is not None
    assert ground_under(up, terrain, 640, 360) is None
    assert ground_under(far, terrain, 640, 360) is None  # it leaves the terrain model before it meets the ground
    assert view_of(pose(hfov_deg=0.0), WIDTH, HEIGHT) is None


def test_the_border_runs_through_the_pixels_of_its_places() -> None:
    area, terrain, view = r.make_area(), r.make_terrain(), view_of(pose(), WIDTH, HEIGHT)
    assert view is not None
    (line,) = lines_in_picture(view, terrain, area.border.points)
    inside = line.xy_px[view.inside(line.xy_px)]
    assert len(inside) > 5
    frame = area.frame()
    border = frame.to_plane([p[0] for p in area.border.points], [p[1] for p in area.border.points])
    for x, y in inside[::3]:
        place = ground_under(view, terrain, float(x), float(y))
        assert place is not None
        here = frame.to_plane(place.lat_deg, place.lon_deg)
        along = np.linspace(border[:-1], border[1:], 400).reshape(-1, 2)
        assert np.hypot(*(along - here).T).min() < 0.5


def test_a_line_behind_the_camera_or_far_away_is_not_drawn() -> None:
    terrain, view = r.make_terrain(), view_of(pose(azimuth_deg=192.0), WIDTH, HEIGHT)
    assert view is not None
    assert lines_in_picture(view, terrain, r.make_area().border.points) == []
    assert lines_in_picture(view, terrain, [(10.0, 10.0), (10.1, 10.0)]) == []
    assert lines_in_picture(view, terrain, []) == []


def test_what_a_hill_hides_is_known() -> None:
    flat = r.make_terrain()
    heights = np.full(flat.height_amsl_m.shape, 300.0, dtype=np.float32)
    row = round((flat.north_deg - r.place(0, 120)[0]) / flat.step_lat_deg)
    heights[row - 1 : row + 2, :] = 360.0
    ridge = TerrainGrid(heights, flat.north_deg, flat.west_deg, flat.step_lat_deg, flat.step_lon_deg)
    view = view_of(
        pose(azimuth_deg=0.0, elevation_deg=-20.0, roll_deg=0.0, alt_amsl_m=370.0, vfov_deg=40.0), WIDTH, HEIGHT
    )
    assert view is not None
    behind = lines_in_picture(view, ridge, [r.place(-80, 200), r.place(0, 200)])
    before = lines_in_picture(view, ridge, [r.place(-80, 90), r.place(0, 90)])
    assert behind
    assert behind[0].hidden.all()
    assert before
    assert not before[0].hidden.any()
