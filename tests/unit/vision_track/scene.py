"""A camera over a known place, with true and reported poses, for tests of georeferencing and tracking."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geofences.geodesy import FloatArray, LocalFrame
from geofences.terrain import TerrainGrid
from vision.records import CameraPose, PoseSigma

FRAME = LocalFrame(49.05, 22.70)


def pose_at(east_m: float, north_m: float, alt_amsl_m: float, azimuth_deg: float, elevation_deg: float,
            roll_deg: float = 0.0, t_utc_us: int = 1_700_000_000_000_000) -> CameraPose:  # fmt: skip
    """A camera east and north of the origin of FRAME."""
    lat, lon = FRAME.from_plane(np.array([east_m, north_m]))
    return CameraPose(
        t_utc_us, float(lat), float(lon), alt_amsl_m, azimuth_deg, elevation_deg, roll_deg, 40.0, 23.1, "klv"
    )


def hills(step_deg: float = 1e-4, height_m: float = 15.0) -> TerrainGrid:
    """Smooth hills about 300 m AMSL, some 2 x 1.5 km around the origin of FRAME."""
    rows, columns = np.mgrid[0:201, 0:201]
    heights = 300.0 + height_m * np.sin(rows / 21.0) * np.cos(columns / 17.0)
    return TerrainGrid(
        heights.astype(np.float32), FRAME.lat_deg + 100 * step_deg, FRAME.lon_deg - 100 * step_deg, step_deg, step_deg
    )


class WanderingPose:
    """Errors of a camera pose: constant place error, Gauss-Markov angles; one sigma as ``sigma`` says."""

    def __init__(self, rng: np.random.Generator, sigma: PoseSigma, correlation_s: float = 6.0) -> None:
        self._rng, self.sigma, self._correlation_s = rng, sigma, correlation_s
        self._place = rng.normal(0.0, 1.0, 3) * [sigma.horizontal_m, sigma.horizontal_m, sigma.vertical_m]
        self._spread = np.array([sigma.azimuth_deg, sigma.elevation_deg, sigma.roll_deg])
        self._angles: FloatArray = rng.normal(0.0, 1.0, 3) * self._spread

    def step(self, dt_s: float) -> None:
        """Let the angles wander."""
        keep = np.exp(-dt_s / self._correlation_s)
        self._angles = keep * self._angles + np.sqrt(1 - keep**2) * self._rng.normal(0.0, 1.0, 3) * self._spread

    def report(self, true: CameraPose) -> CameraPose:
        """What the sensors say of a true pose."""
        en = FRAME.to_plane(true.lat_deg, true.lon_deg) + self._place[:2]
        lat, lon = FRAME.from_plane(en)
        a, e, r = self._angles
        return replace(
            true, lat_deg=float(lat), lon_deg=float(lon), alt_amsl_m=true.alt_amsl_m + float(self._place[2]),
            azimuth_deg=true.azimuth_deg + float(a), elevation_deg=true.elevation_deg + float(e),
            roll_deg=true.roll_deg + float(r), sigma=self.sigma,
        )  # fmt: skip
