"""The budget against the figures that are known of such cameras at 100 m."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.vision_track.scene import pose_at
from vision.error_budget import error_budget
from vision.georeference import GeoreferenceSettings
from vision.records import PoseRates, PoseSigma

NONE = PoseSigma(0.0, 0.0, 0.0, 0.0, 0.0)


def budget(elevation_deg: float, agl_m: float = 100.0, sigma: PoseSigma = NONE, ground_m: float = 0.0, **more):  # type: ignore[no-untyped-def]
    pose = replace(pose_at(0.0, 0.0, 300.0 + agl_m, 30.0, elevation_deg), sigma=sigma, **more)
    return error_budget(pose, 300.0, ground_m, settings=GeoreferenceSettings(time_sigma_s=0.2))


@pytest.mark.parametrize(("elevation_deg", "metres"), [(-90.0, 1.7), (-40.0, 4.2), (-25.0, 9.8)])
def test_a_degree_of_pitch(elevation_deg: float, metres: float) -> None:
    assert budget(elevation_deg, sigma=replace(NONE, elevation_deg=1.0)).elevation_m == pytest.approx(metres, abs=0.06)


def test_a_degree_of_yaw_at_119_m() -> None:
    elevation = -np.degrees(np.arctan(100.0 / 119.0))
    assert budget(elevation, sigma=replace(NONE, azimuth_deg=1.0)).azimuth_m == pytest.approx(2.1, abs=0.05)


@pytest.mark.parametrize(("elevation_deg", "metres"), [(-40.0, 6.0), (-25.0, 10.7)])
def test_five_metres_of_height(elevation_deg: float, metres: float) -> None:
    assert budget(elevation_deg, ground_m=5.0).terrain_m == pytest.approx(metres, abs=0.06)
    assert budget(elevation_deg, sigma=replace(NONE, vertical_m=5.0)).vertical_m == pytest.approx(metres, abs=0.06)


def test_200_ms_of_time_offset() -> None:
    """3 m at 15 m/s; about 12 m at 30 degrees per second of yaw."""
    straight = budget(-40.0, rates=PoseRates(15.0, 0.0, 0.0, 0.0, 0.0, 0.0))
    assert straight.time_m == pytest.approx(3.0, abs=0.01)
    assert budget(-40.0, rates=PoseRates(0.0, 0.0, 0.0, 30.0, 0.0, 0.0)).time_m == pytest.approx(12.5, abs=0.5)


def test_the_sum_is_that_of_the_sources_and_the_largest_is_named_first() -> None:
    it = budget(-30.0, sigma=PoseSigma(1.0, 2.0, 0.5, 0.8, 0.3), ground_m=3.0)
    parts = [it.horizontal_m, it.vertical_m, it.azimuth_m, it.elevation_m, it.roll_m, it.terrain_m, it.pixel_m]
    assert np.trace(it.covariance_m2) == pytest.approx(np.sum(np.square(parts)), rel=1e-6)
    assert it.in_words().startswith(f"CE90 {it.ce90_m:.1f} m: elevation 5.6, terrain 5.2")
    assert it.median_m < it.ce90_m


def test_a_view_that_meets_no_ground_has_no_budget() -> None:
    with pytest.raises(ValueError, match="shallow"):
        budget(-1.0)
    with pytest.raises(ValueError, match="range"):
        budget(-5.0)
