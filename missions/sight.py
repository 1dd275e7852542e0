"""What can be seen of the ground from one place in the air: where rays meet it, and whether ground hides a place.

The ground is a terrain model, and level at a stated height where there is none. The earth's curvature is counted (8 m at
10 km), refraction is not: it would let the eye reach a little further, so nothing is called seen because of it.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofences.geodesy import WGS84_A_M, WGS84_F, FloatArray, LocalFrame
from geofences.terrain import TerrainGrid
from geofences.terrain_rays import Outcome, Path, TerrainRays

BoolArray = NDArray[np.bool_]

EARTH_RADIUS_M = 6_371_000.0
FARTHEST_M = 10_000.0
"""Nothing is called seen beyond this, however clear the air."""

_SIGHT_CLEAR_M = 0.5
_SIGHT_CLEAR_SHARE = 0.002


@lru_cache(maxsize=4)
def terrain_rays(terrain: TerrainGrid) -> TerrainRays:
    """The ray caster of a terrain; its tables are made once (those of the last four terrains are kept)."""
    return TerrainRays(terrain)


class Sight:
    """Rays from a camera at ``lat_deg, lon_deg, alt_amsl_m``, in its own east, north, up.

    ``terrain`` None, or where it says nothing: level ground at ``ground_amsl_m``.
    """

    def __init__(
        self, lat_deg: float, lon_deg: float, alt_amsl_m: float, terrain: TerrainGrid | None, ground_amsl_m: float = 0.0
    ) -> None:
        self.lat_deg, self.lon_deg, self.alt_amsl_m = lat_deg, lon_deg, alt_amsl_m
        self.terrain, self.ground_amsl_m = terrain, ground_amsl_m
        self._rays = None if terrain is None else terrain_rays(terrain)
        # Second-order series about the camera: to decimetres within FARTHEST_M, save at the very poles.
        lat = np.radians(lat_deg)
        e2 = WGS84_F * (2.0 - WGS84_F)
        w = 1.0 - e2 * np.sin(lat) ** 2
        across = WGS84_A_M / np.sqrt(w)
        meridian = across * (1.0 - e2) / w
        self._per_north = float(np.degrees(1.0 / meridian))
        self._bend = float(np.degrees(np.tan(lat) / (2.0 * meridian * across)))
        self._per_east = float(np.degrees(1.0 / (across * np.cos(lat))))
        self._narrower = float(np.tan(lat) / across)

    def lat_lon(self, en_m: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Of east, north metres ``(..., 2)`` from the camera."""
        en = np.asarray(en_m, dtype=np.float64)
        return self._lat_lon(en[..., 0], en[..., 1])

    def _lat_lon(self, e: FloatArray, n: FloatArray) -> tuple[FloatArray, FloatArray]:
        lat = self.lat_deg + (self._per_north * n - self._bend * e * e)
        lon = self.lon_deg + self._per_east * e * (1.0 + self._narrower * n)
        return lat, lon

    def ground_amsl(self, en_m: ArrayLike) -> FloatArray:
        """Height of the ground at ``(..., 2)`` metres from the camera."""
        en = np.asarray(en_m, dtype=np.float64)
        if self.terrain is None:
            return np.full(en.shape[:-1], self.ground_amsl_m)
        height = self.terrain.height(*self.lat_lon(en))
        return np.where(np.isfinite(height), height, self.ground_amsl_m)

    @property
    def height_agl_m(self) -> float:
        """Of the camera above the ground below it; negative when it is below ground."""
        return self.alt_amsl_m - float(self.ground_amsl(np.zeros(2)))

    def cast(self, rays: FloatArray, range_m: float = FARTHEST_M) -> tuple[FloatArray, BoolArray]:
        """Where unit rays ``(n, 3)`` (east, north, up) meet the ground: distance ``(n,)``, NaN where none does in range.

        The second array tells for which of them the terrain model had nothing to say.
        """
        level = np.hypot(rays[:, 0], rays[:, 1])
        t = self._level_hit(rays[:, 2], level)
        unknown = np.zeros(len(rays), dtype=np.bool_)
        if self._rays is not None and len(rays):
            last = np.full(len(rays), range_m)
            # Below the lowest ground there is nothing to look for.
            down = rays[:, 2] < -1e-3
            deepest = self.alt_amsl_m - self._rays.terrain.lowest_m + 1.0
            last[down] = np.minimum(range_m, np.maximum(deepest, 1.0) / -rays[down, 2])
            lift = level * level / (2.0 * EARTH_RADIUS_M)
            zero = np.zeros(len(rays))
            hits = self._rays.cast(self._path(rays, lift), zero, last, (zero, zero))
            unknown = (hits.outcome == Outcome.OUTSIDE.value) | (hits.outcome == Outcome.VOID.value)
            t = np.where(unknown, t, hits.t)
        return np.where(t <= range_m, t, np.nan), unknown

    def _level_hit(self, up: FloatArray, level: FloatArray) -> FloatArray:
        """Distance to level ground that falls away with the earth's curvature; NaN above the horizon."""
        height = self.alt_amsl_m - self.ground_amsl_m
        if height <= 0.0:
            return np.full(len(up), np.nan)
        bend = level * level / (2.0 * EARTH_RADIUS_M)
        under = up * up - 4.0 * bend * height
        with np.errstate(divide="ignore", invalid="ignore"):
            t = 2.0 * height / (-up + np.sqrt(np.maximum(under, 0.0)))
        return np.where((under >= 0.0) & (up < 0.0), t, np.nan)

    def _path(self, rays: FloatArray, lift: FloatArray) -> Path:
        assert self._rays is not None
        terrain = self._rays.terrain
        e, n, u = (rays[:, k][:, None] for k in range(3))
        rise = lift[:, None]

        def path(t: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
            lat, lon = self._lat_lon(e * t, n * t)
            row, column = terrain.posts(lat, lon)
            return row, column, self.alt_amsl_m + t * (u + rise * t)

        return path

    def sees(
        self,
        targets_en_m: ArrayLike,
        above_ground_m: float = 0.0,
        range_m: float = FARTHEST_M,
        ground_amsl_m: FloatArray | None = None,
    ) -> BoolArray:
        """Whether the ground lets places ``(n, 2)`` metres from the camera be seen, ``above_ground_m`` over them.

        ``ground_amsl_m`` ``(n,)``: their heights, where the caller knows them already. False beyond ``range_m`` and where
        the line of sight leaves the terrain model: what is not known is not seen. Trees and houses are not in it.
        """
        en = np.asarray(targets_en_m, dtype=np.float64).reshape(-1, 2)
        level = np.hypot(en[:, 0], en[:, 1])
        ground = self.ground_amsl(en) if ground_amsl_m is None else ground_amsl_m
        up = ground + above_ground_m - self.alt_amsl_m - level * level / (2.0 * EARTH_RADIUS_M)
        length = np.maximum(np.hypot(level, up), 1e-6)
        near = length <= range_m
        if self._rays is None:
            return np.asarray(near & (up < 0.0))
        out = np.zeros(len(en), dtype=np.bool_)
        at = np.flatnonzero(near)
        if not len(at):
            return out
        rays = np.stack([en[at, 0], en[at, 1], up[at]], axis=-1) / length[at, None]
        # Short of the place itself: its own ground must not hide it.
        last = np.maximum(length[at] - np.maximum(_SIGHT_CLEAR_M, _SIGHT_CLEAR_SHARE * length[at]), 1e-3)
        lift = (level[at] / length[at]) ** 2 / (2.0 * EARTH_RADIUS_M)
        zero = np.zeros(len(at))
        hits = self._rays.cast(self._path(rays, lift), zero, last, (zero, zero))
        out[at] = hits.outcome == Outcome.NONE.value
        return out


def sight_from(
    frame: LocalFrame, en_m: ArrayLike, alt_amsl_m: float, terrain: TerrainGrid | None, ground_amsl_m: float = 0.0
) -> Sight:
    """A :class:`Sight` at east, north metres ``(2,)`` of a frame."""
    lat, lon = frame.from_plane(np.asarray(en_m, dtype=np.float64))
    return Sight(float(lat), float(lon), alt_amsl_m, terrain, ground_amsl_m)
