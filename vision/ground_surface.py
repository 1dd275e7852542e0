"""The ground as a camera sees it: the terrain model, or a level plane, in the camera's own east, north, up."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofences.geodesy import WGS84_A_M, WGS84_F, FloatArray, LocalFrame
from geofences.terrain_grid import TerrainGrid
from geofences.terrain_rays import Outcome, TerrainRays
from vision.camera import CameraView

_BEND = 0.5 / 6_371_000.0
_E2 = WGS84_F * (2.0 - WGS84_F)
_SLOPE_BASE_M = 5.0
_ABOVE_M = 1.0
_MOST_POSTS = 40_000
# East and west of a point, north and south of it: (east or north, which of the four, points).
_SLOPE_STENCIL = np.array(
    [[[_SLOPE_BASE_M], [-_SLOPE_BASE_M], [0.0], [0.0]], [[0.0], [0.0], [_SLOPE_BASE_M], [-_SLOPE_BASE_M]]]
)

BEYOND_RANGE = "beyond the maximum range"
OUTSIDE_TERRAIN = "outside the terrain model"
OVER_VOID = "over a void of the terrain model"
BELOW_GROUND = "camera below the terrain"


class GroundSurface:
    """A terrain model, or with None a plane at ``plane_alt_amsl_m``."""

    def __init__(self, terrain: TerrainGrid | None, plane_alt_amsl_m: float, max_range_m: float) -> None:
        self.terrain = terrain
        self._plane_alt_amsl_m = plane_alt_amsl_m
        self._limit_m = max_range_m
        self._rays = None if terrain is None else TerrainRays(terrain)
        self._near: tuple[LocalFrame, _PostsNear] | None = None

    def _posts_near(self, terrain: TerrainGrid, frame: LocalFrame) -> _PostsNear:
        """Made once for a frame, in which everything asks for them."""
        if self._near is None or self._near[0] is not frame:
            self._near = frame, _PostsNear(terrain, frame)
        return self._near[1]

    def height(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
        """Ground height in metres AMSL; NaN outside the terrain model and in its voids."""
        if self.terrain is not None:
            return self.terrain.height(lat_deg, lon_deg)
        shape = np.broadcast_shapes(np.shape(lat_deg), np.shape(lon_deg))
        return np.full(shape, self._plane_alt_amsl_m)

    def normal(self, view: CameraView, enu: FloatArray) -> FloatArray:
        """Unit normals ``(3, n)`` of the ground under points ``(3, n)`` of the camera's ENU."""
        if self.terrain is None:
            return np.broadcast_to(np.array([[0.0], [0.0], [1.0]]), enu.shape)
        e, n = enu[:2, None] + _SLOPE_STENCIL
        up = self.terrain.height_at_posts(*self._posts_near(self.terrain, view.frame).of(e, n)) - _drop(e, n)
        normal = np.empty(enu.shape)
        slope = normal[:2]
        np.subtract(up[1::2], up[::2], out=slope)
        slope /= 2.0 * _SLOPE_BASE_M
        if not math.isfinite(slope.sum()):
            slope[~np.isfinite(slope)] = 0.0  # at the edge of the model
        normal[2] = 1.0 / np.sqrt(1.0 + slope[0] * slope[0] + slope[1] * slope[1])
        slope *= normal[2]
        return normal

    def cut(
        self, view: CameraView, rays: FloatArray, angle_sigma_rad: float = 0.0, height_sigma_m: float = 0.0
    ) -> tuple[FloatArray, NDArray[np.object_] | None, NDArray[np.bool_]]:
        """Slant range of the first ground along each downward ray ``(3, n)``; why there is none ("" where there is), None
        when all rays have one.

        The third array tells which rays passed nearer to a ridge than their height is known, by the given sigmas.
        """
        if self._rays is None:
            return self._cut_plane(view, rays)
        n = rays.shape[1]
        alt = view.pose.alt_amsl_m
        limit = self._limit_m
        terrain = self._rays.terrain
        up = rays[2]
        per_metre_down = -1.0 / up
        # Only heights between the lowest and the highest ground can hold the cut.
        first = np.minimum(np.maximum((alt - terrain.highest_m - _ABOVE_M) * per_metre_down, 0.0), limit)
        last = np.minimum(np.maximum((alt - terrain.lowest_m + _ABOVE_M) * per_metre_down, 0.0), limit)
        posts = self._posts_near(terrain, view.frame)
        straight, bent = posts.along(rays)

        def path(t: FloatArray) -> FloatArray:
            places = bent[:, :, None] * t
            places += straight[:, :, None]
            places *= t
            places[0] += posts.row
            places[1] += posts.column
            places[2] += alt
            return places

        low, high = self._heights_under(path, first, last)
        well_inside = alt > high + _ABOVE_M
        if well_inside:
            # Of the model, only what lies under these rays; and what they pass within their doubt.
            doubt_m = height_sigma_m + angle_sigma_rad * float(last.max())
            last = np.minimum((alt - low + _ABOVE_M) * per_metre_down, last)
            first = np.minimum(np.maximum((alt - high - _ABOVE_M - doubt_m) * per_metre_down, first), last)

        sigma_m = np.empty(n)
        sigma_m.fill(height_sigma_m)
        level = np.sqrt(1.0 - np.minimum(up * up, 1.0))
        hits = self._rays.cast(path, first, last, (sigma_m, angle_sigma_rad * level), well_inside)
        if not hits.outcome.any():  # all are HIT
            return hits.t, None, hits.brushed
        reason = np.full(n, "", dtype=object)
        reason[hits.outcome == Outcome.NONE.value] = f"{BEYOND_RANGE} of {limit:g} m"
        reason[hits.outcome == Outcome.OUTSIDE.value] = OUTSIDE_TERRAIN
        reason[hits.outcome == Outcome.VOID.value] = OVER_VOID
        reason[hits.outcome == Outcome.BELOW.value] = BELOW_GROUND
        return hits.t, reason, hits.brushed

    def _heights_under(
        self, path: Callable[[FloatArray], FloatArray], first: FloatArray, last: FloatArray
    ) -> tuple[float, float]:
        """The lowest and the highest ground that rays pass between two ranges ``(n,)``; without bounds where that is not all
        known, or too much to look at."""
        unknown = -math.inf, math.inf
        if self.terrain is None or not len(first):
            return unknown
        ends = np.empty((len(first), 2))
        ends[:, 0], ends[:, 1] = first, last
        box = []
        for v in path(ends)[:2]:
            # A path bends by less than a post between its ends.
            box += [math.floor(np.minimum.reduce(v, axis=None)) - 1, math.ceil(np.maximum.reduce(v, axis=None)) + 2]
        if (box[1] - box[0]) * (box[3] - box[2]) > _MOST_POSTS:
            return unknown
        return self.terrain.between(*box) or unknown

    def _cut_plane(
        self, view: CameraView, rays: FloatArray
    ) -> tuple[FloatArray, NDArray[np.object_] | None, NDArray[np.bool_]]:
        # The plane is level at the camera; it curves away by a centimetre in 350 m.
        height_m = view.pose.alt_amsl_m - self._plane_alt_amsl_m
        t_m = height_m / -rays[2]
        reason = np.full(len(t_m), "", dtype=object)
        if height_m <= 0.0:
            reason[:] = BELOW_GROUND
        reason[t_m > self._limit_m] = f"{BEYOND_RANGE} of {self._limit_m:g} m"
        return t_m, reason, np.zeros(len(t_m), dtype=np.bool_)


def _drop(e: FloatArray, n: FloatArray) -> FloatArray:
    """How far the curved earth lies below the tangent plane."""
    return (e * e + n * n) * _BEND


class _Near:
    """Coefficients of :func:`near`: ``lat = lat_0 + north n - bend e^2``, ``lon = lon_0 + east e (1 + narrower n)``."""

    def __init__(self, frame: LocalFrame) -> None:
        lat = math.radians(frame.lat_deg)
        w = 1.0 - _E2 * math.sin(lat) ** 2
        n_m = WGS84_A_M / math.sqrt(w)
        m_m = WGS84_A_M * (1.0 - _E2) / w**1.5
        self.north = math.degrees(1.0 / m_m)
        self.bend = math.degrees(math.tan(lat) / (2.0 * m_m * n_m))
        self.east = math.degrees(1.0 / (n_m * math.cos(lat)))
        self.narrower = math.tan(lat) / n_m


def near(frame: LocalFrame, en: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Latitude and longitude of points within some 2 km of the frame's origin, to a few millimetres.

    Second-order series about the origin with the radii of curvature in the meridian (M) and the prime vertical (N).
    """
    k = _Near(frame)
    e, n = en[..., 0], en[..., 1]
    return frame.lat_deg + (k.north * n - k.bend * (e * e)), frame.lon_deg + k.east * e * (1.0 + k.narrower * n)


class _PostsNear:
    """:func:`near` put straight into rows and columns of a terrain."""

    def __init__(self, terrain: TerrainGrid, frame: LocalFrame) -> None:
        k = _Near(frame)
        row, column = terrain.posts(frame.lat_deg, frame.lon_deg)
        self.row, self.column = float(row), float(column)
        self._per_north = -k.north / terrain.step_lat_deg
        self._per_east2 = k.bend / terrain.step_lat_deg
        self._per_east = k.east / terrain.step_lon_deg
        self._per_east_north = self._per_east * k.narrower

    def of(self, e: FloatArray, n: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Rows and columns of east and north metres."""
        row = self.row + (self._per_north * n + self._per_east2 * (e * e))
        return row, self.column + e * (self._per_east + self._per_east_north * n)

    def along(self, rays: FloatArray) -> tuple[FloatArray, FloatArray]:
        """How rows, columns and heights (m) change along rays ``(3, n)``: per metre, and per metre squared."""
        e, n, _ = rays
        straight, bent = np.empty(rays.shape), np.empty(rays.shape)
        e2 = e * e
        straight[0], straight[1], straight[2] = self._per_north * n, self._per_east * e, rays[2]
        bent[0], bent[1], bent[2] = self._per_east2 * e2, self._per_east_north * e * n, (e2 + n * n) * _BEND
        return straight, bent
