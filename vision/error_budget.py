"""Where the error of a ground position comes from, source by source, in metres.

The figures are those of the georeferencer itself (its first-order Jacobian), so that what an evaluation compares with is
what every point of the flight was said to be worth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from geofences.accuracy import circular_error_m
from geofences.geodesy import FloatArray, LocalFrame
from vision.camera import CameraView
from vision.georeference import Georeferencer, GeoreferenceSettings
from vision.records import CameraPose

_LOWEST_DEPRESSION_DEG = 2.0


@dataclass(frozen=True, eq=False)
class ErrorBudget:
    """One-sigma displacements on the ground (m, root of the sum over east and north) by source, and their sum.

    ``time_m`` is that of the pose's time through its rates. ``covariance_m2`` ``(2, 2)`` east, north: pixel and pose
    together; ``median_m`` and ``ce90_m``: radii that hold half and 90 % of the errors it predicts.
    """

    horizontal_m: float
    vertical_m: float
    azimuth_m: float
    elevation_m: float
    roll_m: float
    terrain_m: float
    time_m: float
    pixel_m: float
    covariance_m2: FloatArray
    median_m: float
    ce90_m: float

    def in_words(self) -> str:
        """One line, the largest source first."""
        sources = {
            "horizontal position": self.horizontal_m, "height": self.vertical_m, "azimuth": self.azimuth_m,
            "elevation": self.elevation_m, "roll": self.roll_m, "terrain": self.terrain_m, "time": self.time_m,
            "box": self.pixel_m,
        }  # fmt: skip
        ordered = sorted(sources.items(), key=lambda item: -item[1])
        return f"CE90 {self.ce90_m:.1f} m: " + ", ".join(
            f"{name} {value:.1f}" for name, value in ordered if value >= 0.05
        )


def budget_at(georeferencer: Georeferencer, view: CameraView, xy_px: FloatArray, sigma_px: FloatArray) -> ErrorBudget:
    """The budget of one pixel ``(2,)`` with its noise ``(2,)``; raises ``ValueError`` where it has no ground point."""
    points = georeferencer.points(view, np.asarray(xy_px)[None], np.asarray(sigma_px)[None])
    if not points.valid[0]:
        raise ValueError(f"no ground point at pixel {xy_px}: {points.reason[0]}")
    s = view.pose.sigma
    of_ground_m = georeferencer.ground_sigma_m
    sigma = np.array(
        [s.horizontal_m, s.horizontal_m, s.vertical_m, s.whole_azimuth_deg, s.elevation_deg, s.roll_deg, of_ground_m]
    )
    j = points.jacobian_m[0]
    east, north, up, azimuth, elevation, roll, terrain = np.linalg.norm(j * sigma, axis=0)
    time_m = 0.0
    if view.pose.rates is not None:
        time_m = float(np.linalg.norm(j[:, :6] @ view.pose.rates.as_array()) * georeferencer.settings.time_sigma_s)
    total = points.pixel_covariance_m2[0] + points.pose_covariance_m2[0]
    return ErrorBudget(
        float(np.hypot(east, north)), float(up), float(azimuth), float(elevation), float(roll), float(terrain), time_m,
        float(np.sqrt(np.trace(points.pixel_covariance_m2[0]))), total, circular_error_m(total, 0.5),
        circular_error_m(total, 0.9),
    )  # fmt: skip


def error_budget(
    pose: CameraPose,
    ground_alt_amsl_m: float,
    ground_sigma_m: float = 1.0,
    sigma_px: tuple[float, float] = (1.5, 1.5),
    picture_wh: tuple[int, int] = (1280, 720),
    settings: GeoreferenceSettings | None = None,
) -> ErrorBudget:
    """The budget of the middle of the picture over level ground at ``ground_alt_amsl_m``.

    Views as shallow as 2 degrees are allowed, so that one sees why they are refused. Raises ``ValueError`` for a view
    that meets no ground within the maximum range.
    """
    wanted = replace(
        settings or GeoreferenceSettings(), plane_sigma_m=ground_sigma_m, min_depression_deg=_LOWEST_DEPRESSION_DEG
    )
    width, height = picture_wh
    view = CameraView.of(pose, width, height)
    it = Georeferencer(LocalFrame(pose.lat_deg, pose.lon_deg), None, ground_alt_amsl_m, wanted)
    return budget_at(it, view, np.array([width / 2.0, height / 2.0]), np.array(sigma_px))
