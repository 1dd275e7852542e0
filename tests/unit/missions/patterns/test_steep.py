"""A sweep over steep ground: every leg keeps its height above it, and the pictures show all of it from the real footprint."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import Polygon

from geofences.terrain import TerrainGrid
from missions.checks import check_plan
from missions.footprint import footprint
from missions.patterns.area_sweep import AreaSweepRequest, area_sweep
from tests.unit.missions.places import FRAME, area, lat_lon

BLOCK = lat_lon((-500, 100), (300, 100), (300, 380), (-500, 380))
HEIGHT_M, TOLERANCE_M = 110.0, 4.0


def slopes(most_deg: float, wave_m: float = 900.0) -> TerrainGrid:
    """Ridges that run north-east, as steep as told between crest and valley."""
    rows, columns = 400, 400
    north, west, step = 49.07, 22.66, 0.04 / rows
    lat = north - step * np.arange(rows)[:, None]
    lon = west + step * 1.4 * np.arange(columns)[None, :]
    en = FRAME.to_plane(*np.broadcast_arrays(lat, lon))
    k = 2.0 * np.pi / wave_m
    height = 600.0 + np.tan(np.radians(most_deg)) / k * np.sin(k * (en[..., 0] - en[..., 1]) / np.sqrt(2.0))
    return TerrainGrid(height.astype(np.float32), north, west, step, step * 1.4)


@pytest.mark.parametrize(("slope_deg", "depression_deg"), [(25.0, 90.0), (25.0, 60.0), (38.0, 90.0)])
def test_a_sweep_of_steep_ground_keeps_its_height_and_sees_all_of_it(slope_deg, depression_deg):
    terrain, place = slopes(slope_deg), area(exclusions=())
    request = AreaSweepRequest(
        outline=BLOCK, camera_depression_deg=depression_deg, height_agl_m=HEIGHT_M, terrain_tolerance_m=TOLERANCE_M
    )
    plan, figures = area_sweep(place, terrain, request)
    _, level = area_sweep(place, None, request)
    assert figures.narrowed < 1.0
    assert figures.spacing_m == pytest.approx(figures.narrowed * level.spacing_m, rel=0.1)
    assert not [f for f in check_plan(plan, place, terrain) if f.severity == "error" and f.code.startswith("terrain")]

    placed = [i for i in plan.items if i.command == 16]
    way = FRAME.to_plane([i.x / 1e7 for i in placed], [i.y / 1e7 for i in placed])
    amsl = np.array([i.z for i in placed]) + plan.home_alt_amsl_m
    shown = []
    for k in range(1, len(way) - 2):
        length = float(np.hypot(*(way[k + 1] - way[k])))
        share = np.linspace(0.0, 1.0, max(2, int(length / 15.0)))[:, None]
        eyes, height = way[k] + share * (way[k + 1] - way[k]), amsl[k] + share[:, 0] * (amsl[k + 1] - amsl[k])
        clearance = height - terrain.height(*FRAME.from_plane(eyes))
        assert clearance.min() > HEIGHT_M - TOLERANCE_M - 2.0, "nearer to the ground than was asked for"
        heading = float(np.degrees(np.arctan2(*(way[k + 1] - way[k]))))
        shown += [
            Polygon(footprint(request.camera, e, h, heading, -depression_deg, FRAME, terrain).outline_en_m)
            for e, h in zip(eyes, height, strict=True)
            if length > 30.0
        ]
    block = Polygon(FRAME.to_plane(*np.array(BLOCK).T)).intersection(Polygon(way).convex_hull.buffer(20.0))
    seen = shapely.union_all([p.buffer(0.0) for p in shown])
    print(
        f"slope {slope_deg:g}, narrowed {figures.narrowed:.2f}, seen {seen.intersection(block).area / block.area:.4f}"
    )
    assert seen.intersection(block).area > 0.985 * block.area
