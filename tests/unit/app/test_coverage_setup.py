"""The coverage grid that a station makes of its configuration."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import missions.coverage.grid as grid_module
from geofences.area import Zone
from groundstation.app.config import CameraSection, StationConfig
from groundstation.app.coverage_setup import station_grid
from tests.helpers.records import make_area


def test_the_cameras_no_look_file_is_kept_out(tmp_path) -> None:
    area = make_area()
    plain = station_grid(StationConfig(), area, None)
    lat, lon = (float(v) for v in plain.frame.from_plane(plain.bin_en_m[plain.bins // 2]))
    ring = [
        [lon + dx, lat + dy] for dx, dy in ((-5e-4, -3e-4), (5e-4, -3e-4), (5e-4, 3e-4), (-5e-4, 3e-4), (-5e-4, -3e-4))
    ]
    feature = {
        "type": "Feature",
        "properties": {"name": "home"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    file = tmp_path / "no_look.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    grid = station_grid(StationConfig(camera=CameraSection(no_look=file)), area, None)
    assert grid.digest == plain.digest
    assert plain.bin_may_be_seen.all()
    assert not grid.bin_may_be_seen[grid.bins // 2]
    assert grid.bin_may_be_seen[0]


def test_a_station_with_an_area_too_large_for_cells_still_watches_its_border(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    area = make_area()
    lat, lon = area.border.points[0]
    wide = replace(
        area, inclusions=(Zone("all", ((lat - 0.05, lon - 0.05), (lat - 0.05, lon + 0.1), (lat + 0.05, lon + 0.1))),)
    )
    few = len(station_grid(StationConfig(), replace(area, inclusions=()), None).cell_key)
    monkeypatch.setattr(grid_module, "_MOST_CELLS", few + 10)
    grid = station_grid(StationConfig(), wide, None)
    assert len(grid.cell_key) == few
    assert "only cells beside the border" in caplog.text
