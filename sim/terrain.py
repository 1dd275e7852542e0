"""Ground relief as a sum of plane waves: smooth, the same everywhere from one seed, exact at every point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geofences.geodesy import FloatArray, LocalFrame
from geofences.terrain import TerrainGrid

# Wavelength and amplitude of each wave; the amplitudes add up to 25 m, so relief stays within +-25 m.
_WAVES = ((1700.0, 8.5), (950.0, 7.0), (560.0, 4.3), (390.0, 2.9), (250.0, 1.6), (140.0, 0.7))


@dataclass(frozen=True, eq=False)
class Terrain:
    """Ground height over the plane of the world's local frame (east, north in metres)."""

    base_amsl_m: float
    wave_vectors: FloatArray
    """``(n, 2)`` radians per metre."""
    phases: FloatArray
    amplitudes_m: FloatArray

    @classmethod
    def from_seed(cls, rng: np.random.Generator, base_amsl_m: float) -> Terrain:
        """A relief drawn by ``rng``."""
        n = len(_WAVES)
        angle = rng.uniform(0.0, 2.0 * np.pi, n)
        k = 2.0 * np.pi / np.array([w for w, _ in _WAVES])
        vectors = np.stack([k * np.cos(angle), k * np.sin(angle)], axis=-1)
        return cls(base_amsl_m, vectors, rng.uniform(0.0, 2.0 * np.pi, n), np.array([a for _, a in _WAVES]))

    def height_amsl_m(self, east_m: ArrayLike, north_m: ArrayLike) -> FloatArray:
        """Ground height AMSL, shape of the broadcast inputs."""
        e, n = np.broadcast_arrays(np.asarray(east_m, dtype=np.float64), np.asarray(north_m, dtype=np.float64))
        phase = e[..., None] * self.wave_vectors[:, 0] + n[..., None] * self.wave_vectors[:, 1] + self.phases
        return np.asarray(self.base_amsl_m + np.sin(phase) @ self.amplitudes_m)

    def grid(self, frame: LocalFrame, half_east_m: float, half_north_m: float, step_m: float) -> TerrainGrid:
        """The relief sampled at posts about ``step_m`` apart, for whoever plans a flight here."""
        rows, columns = int(2 * half_north_m / step_m) + 1, int(2 * half_east_m / step_m) + 1
        corner_lat, corner_lon = frame.from_plane([[half_east_m, half_north_m], [-half_east_m, -half_north_m]])
        north, south = float(corner_lat[0]), float(corner_lat[1])
        east, west = float(corner_lon[0]), float(corner_lon[1])
        step_lat, step_lon = (north - south) / (rows - 1), (east - west) / (columns - 1)
        lat = north - step_lat * np.arange(rows)
        lon = west + step_lon * np.arange(columns)
        plane = frame.to_plane(*np.meshgrid(lat, lon, indexing="ij"))
        heights = self.height_amsl_m(plane[..., 0], plane[..., 1]).astype(np.float32)
        return TerrainGrid(heights, north, west, step_lat, step_lon)
