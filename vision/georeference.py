"""Pixels on the ground: rays cut with the terrain, and how wrong the result may be.

Error propagation: a ground point ``P = C + s d`` lies on the surface with normal ``m``, so a change of the camera
position ``dC`` and of the direction ``dd`` moves it by ``(I - d m' / (m.d)) (dC + s dd)``, and a terrain that is
higher by ``dh`` than its model by ``d dh / (m.d)``. Two covariances come out and are kept apart:

- *pixel*: the box is noisy, independently in every frame; a filter averages it away;
- *pose*: camera position, angles and terrain height; the same for all points of a frame and nearly the same in the next
  frame, so no filter may average it away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofences.geodesy import WGS84_A_M, WGS84_F, FloatArray, LocalFrame
from geofences.terrain import TerrainGrid
from vision.camera import CameraView, rotation_enu_from_camera
from vision.records import CameraPose

_EARTH_RADIUS_M = 6_371_000.0
_E2 = WGS84_F * (2.0 - WGS84_F)
_MARCH_SAMPLES = 64
_SLOPE_BASE_M = 5.0
_ANGLE_STEP_DEG = 1e-3

NO_POSE = "no camera pose"
POSE_TOO_OLD = "camera pose too old"
POSE_UNUSABLE = "camera pose unusable"
TOO_SHALLOW = "view too shallow"
BEYOND_RANGE = "beyond the maximum range"
OUTSIDE_TERRAIN = "outside the terrain model"
BELOW_GROUND = "camera below the terrain"


@dataclass(frozen=True)
class BoxModel:
    """How a class stands on the ground: an upright cylinder (metres)."""

    height_m: float
    radius_m: float


BOX_MODELS = (BoxModel(1.7, 0.25), BoxModel(1.6, 1.5), BoxModel(1.6, 0.6))
"""By class id. The bottom edge of a box seen from above is the near rim of the object, not its middle."""


@dataclass(frozen=True)
class GeoreferenceSettings:
    """Limits and errors. Angles in degrees, lengths in metres, ages in seconds, box noise in pixels.

    ``terrain_sigma_m`` is the height error of the terrain model (of the flat plane, when there is no model:
    ``plane_sigma_m``). Box noise: ``box_sigma_px`` everywhere, plus a share of the box size.
    """

    min_depression_deg: float = 15.0
    max_range_m: float = 1000.0
    max_pose_age_s: float = 0.5
    terrain_sigma_m: float = 1.0
    plane_sigma_m: float = 5.0
    box_sigma_px: float = 1.2
    box_sigma_of_height: float = 0.15
    box_sigma_of_width: float = 0.08


@dataclass(frozen=True, eq=False)
class GroundPoints:
    """Ground points of n pixels, in the same order.

    ``valid`` ``(n,)``; ``reason`` why not ("" where valid); ``en_m`` ``(n, 2)`` in the georeferencer's local frame;
    ``lat_deg``, ``lon_deg``, ``alt_amsl_m``, ``range_m`` (slant) ``(n,)``; ``pixel_covariance_m2`` and
    ``pose_covariance_m2`` ``(n, 2, 2)``; ``angle_factor_m`` ``(n, 2, 3)``: metres east and north per one sigma of
    azimuth, elevation and roll (its square is the part of the pose covariance that jitters from frame to frame).
    NaN where not valid.
    """

    valid: NDArray[np.bool_]
    reason: tuple[str, ...]
    en_m: FloatArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    alt_amsl_m: FloatArray
    range_m: FloatArray
    pixel_covariance_m2: FloatArray
    pose_covariance_m2: FloatArray
    angle_factor_m: FloatArray

    def __len__(self) -> int:
        return len(self.valid)


class Georeferencer:
    """Puts pixels on the ground of one area.

    ``frame`` is the local frame of all ``en_m``; ``terrain`` the height model, or None for a flat plane at
    ``plane_alt_amsl_m``.
    """

    def __init__(
        self,
        frame: LocalFrame,
        terrain: TerrainGrid | None,
        plane_alt_amsl_m: float = 0.0,
        settings: GeoreferenceSettings | None = None,
    ) -> None:
        self.frame = frame
        self.terrain = terrain
        self.settings = settings or GeoreferenceSettings()
        self._plane_alt_amsl_m = plane_alt_amsl_m
        if terrain is None:
            self._lowest_m = self._highest_m = plane_alt_amsl_m
        else:
            self._lowest_m = float(np.nanmin(terrain.height_amsl_m))
            self._highest_m = float(np.nanmax(terrain.height_amsl_m))

    def pose_refusal(self, pose: CameraPose | None, t_utc_us: int) -> str:
        """Why a frame taken at ``t_utc_us`` cannot be georeferenced with this pose; "" when it can."""
        if pose is None:
            return NO_POSE
        numbers = (
            pose.lat_deg, pose.lon_deg, pose.alt_amsl_m, pose.azimuth_deg, pose.elevation_deg, pose.roll_deg,
            pose.hfov_deg, pose.vfov_deg,
        )  # fmt: skip
        if not np.all(np.isfinite(numbers)):
            return f"{POSE_UNUSABLE}: not all of its values are known"
        if not (0.0 < pose.hfov_deg < 180.0 and 0.0 < pose.vfov_deg < 180.0):
            return f"{POSE_UNUSABLE}: field of view {pose.hfov_deg:g} x {pose.vfov_deg:g} deg"
        age_s = abs(t_utc_us - pose.t_utc_us) / 1e6
        if age_s > self.settings.max_pose_age_s:
            return f"{POSE_TOO_OLD}: {age_s:.1f} s, allowed {self.settings.max_pose_age_s:g} s"
        return ""

    def ground_height(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
        """Ground height in metres AMSL; NaN outside the terrain model."""
        if self.terrain is not None:
            return self.terrain.height(lat_deg, lon_deg)
        shape = np.broadcast_shapes(np.shape(lat_deg), np.shape(lon_deg))
        return np.full(shape, self._plane_alt_amsl_m)

    # ------------------------------------------------------------------------------------------------ boxes and points

    def boxes(self, view: CameraView, xyxy: FloatArray, class_id: NDArray[np.int64]) -> GroundPoints:
        """Where objects with boxes ``(n, 4)`` stand.

        The contact point is the bottom centre, raised by the near rim of the object: an upright cylinder of height H
        and radius r seen at depression angle t is ``H cos t + 2 r sin t`` high in the picture, its foot's centre lies
        ``r sin t`` above the lower edge.
        """
        n = len(xyxy)
        width_px, height_px = xyxy[:, 2] - xyxy[:, 0], xyxy[:, 3] - xyxy[:, 1]
        middle = np.stack([(xyxy[:, 0] + xyxy[:, 2]) / 2.0, xyxy[:, 3]], axis=-1)
        depression = np.arcsin(np.clip(-view.rays(middle)[:, 2], 0.0, 1.0)) if n else np.zeros(0)
        tall = np.array([m.height_m for m in BOX_MODELS])[class_id]
        radius = np.array([m.radius_m for m in BOX_MODELS])[class_id]
        rim = radius * np.sin(depression)
        middle[:, 1] -= height_px * rim / (tall * np.cos(depression) + 2.0 * rim)

        s = self.settings
        k = view.intrinsics
        sigma_x = np.hypot(s.box_sigma_px, s.box_sigma_of_width * width_px)
        sigma_y = np.hypot(s.box_sigma_px, s.box_sigma_of_height * height_px)
        # Cut off by the picture's edge: the part outside is unknown, as much again may be missing.
        cut_x = (xyxy[:, 0] <= 2.0) | (xyxy[:, 2] >= k.width - 2.0)
        cut_y = xyxy[:, 3] >= k.height - 2.0
        sigma_x = np.where(cut_x, sigma_x + 0.5 * width_px, sigma_x)
        sigma_y = np.where(cut_y, sigma_y + height_px, sigma_y)
        return self.points(view, middle, np.stack([sigma_x, sigma_y], axis=-1))

    def points(self, view: CameraView, xy_px: FloatArray, sigma_px: FloatArray) -> GroundPoints:
        """Ground points of pixels ``(n, 2)`` with standard deviations ``(n, 2)`` pixels along x and y."""
        n = len(xy_px)
        reason = np.full(n, "", dtype=object)
        rays = view.rays(xy_px).reshape(n, 3)
        shallow = rays[:, 2] > -np.sin(np.radians(self.settings.min_depression_deg))
        reason[shallow] = f"{TOO_SHALLOW}: less than {self.settings.min_depression_deg:g} deg below the horizon"
        t_m = np.full(n, np.nan)
        todo = np.flatnonzero(~shallow)
        if len(todo):
            t_m[todo], why = self._cut(view, rays[todo])
            reason[todo] = why
        valid = reason == ""
        points = _Arrays(n)
        good = np.flatnonzero(valid)
        if len(good):
            self._fill(points, good, view, xy_px[good], sigma_px[good], rays[good], t_m[good])
        return GroundPoints(
            valid.astype(np.bool_), tuple(str(r) for r in reason), points.en, points.lat, points.lon, points.alt,
            np.where(valid, t_m, np.nan), points.pixel, points.pose, points.angle,
        )  # fmt: skip

    def _fill(
        self, out: _Arrays, at: NDArray[np.intp], view: CameraView, xy: FloatArray, sigma_px: FloatArray,
        rays: FloatArray, t_m: FloatArray,
    ) -> None:  # fmt: skip
        enu = rays * t_m[:, None]
        lat, lon, alt = view.frame.to_geodetic(enu)
        out.lat[at], out.lon[at], out.alt[at] = lat, lon, alt
        out.en[at] = self.frame.to_plane(lat, lon)

        normal = self._normal(view, enu)
        along = np.sum(normal * rays, axis=-1)
        # Where the slope runs with the ray the linear model has no bound; 3 degrees is far outside of its use.
        along = np.minimum(along, -np.sin(np.radians(3.0)))
        slide = np.eye(3) - rays[:, :, None] * normal[:, None, :] / along[:, None, None]
        slide = slide[:, :2, :]
        directions = view.intrinsics.directions(xy)
        scale = t_m / np.linalg.norm(directions, axis=-1)

        per_pixel = view.rotation[:, :2] / np.array([view.intrinsics.focal_x_px, view.intrinsics.focal_y_px])
        pixel_jacobian = (slide @ per_pixel) * scale[:, None, None] * sigma_px[:, None, :]
        out.pixel[at] = pixel_jacobian @ pixel_jacobian.transpose(0, 2, 1)

        sigma = view.pose.sigma
        turned = np.stack([directions @ d.T for d in _angle_derivatives(view.pose)], axis=-1)
        angles = np.radians([sigma.azimuth_deg, sigma.elevation_deg, sigma.roll_deg])
        angle = (slide @ turned) * scale[:, None, None] * angles
        out.angle[at] = angle
        place = slide * np.array([sigma.horizontal_m, sigma.horizontal_m, sigma.vertical_m])
        surface_sigma_m = self.settings.plane_sigma_m if self.terrain is None else self.settings.terrain_sigma_m
        surface = rays[:, :2] / along[:, None] * surface_sigma_m
        out.pose[at] = (
            angle @ angle.transpose(0, 2, 1)
            + place @ place.transpose(0, 2, 1)
            + surface[:, :, None] * surface[:, None, :]
        )

    # ------------------------------------------------------------------------------------------------- the terrain cut

    def _surface_up(self, view: CameraView, en: FloatArray) -> FloatArray:
        """Height of the ground in the camera's ENU at ``(..., 2)``; good to a centimetre within 2 km."""
        lat, lon = _near(view.frame, en)
        drop = (en[..., 0] ** 2 + en[..., 1] ** 2) / (2.0 * _EARTH_RADIUS_M)
        return self.ground_height(lat, lon) - view.pose.alt_amsl_m - drop

    def _normal(self, view: CameraView, enu: FloatArray) -> FloatArray:
        if self.terrain is None:
            return np.broadcast_to(np.array([0.0, 0.0, 1.0]), enu.shape)
        b = _SLOPE_BASE_M
        around = enu[:, None, :2] + np.array([[b, 0.0], [-b, 0.0], [0.0, b], [0.0, -b]])
        up = self._surface_up(view, around)
        slope = np.stack([up[:, 0] - up[:, 1], up[:, 2] - up[:, 3]], axis=-1) / (2.0 * b)
        slope = np.where(np.isfinite(slope), slope, 0.0)  # at the edge of the model
        normal = np.concatenate([-slope, np.ones((len(enu), 1))], axis=-1)
        return np.asarray(normal / np.linalg.norm(normal, axis=-1, keepdims=True))

    def _cut(self, view: CameraView, rays: FloatArray) -> tuple[FloatArray, NDArray[np.object_]]:
        """Slant range of the first ground along each downward ray ``(n, 3)`` and, where there is none, why."""
        n = len(rays)
        reason = np.full(n, "", dtype=object)
        alt = view.pose.alt_amsl_m
        down = -rays[:, 2]
        limit = self.settings.max_range_m
        if self.terrain is None:
            t_m = (alt - self._plane_alt_amsl_m) / down
            # The plane is level at the camera; it curves away by a centimetre in 350 m.
            if alt <= self._plane_alt_amsl_m:
                reason[:] = BELOW_GROUND
            reason[t_m > limit] = f"{BEYOND_RANGE} of {limit:g} m"
            return t_m, reason
        # Only heights between the lowest and the highest ground can hold the cut.
        margin_m = 1.0
        first = np.clip((alt - self._highest_m - margin_m) / down, 0.0, limit)
        last = np.clip((alt - self._lowest_m + margin_m) / down, 0.0, limit)
        t = first[:, None] + (last - first)[:, None] * np.linspace(0.0, 1.0, _MARCH_SAMPLES)
        above = t * rays[:, 2:3] - self._surface_up(view, t[..., None] * rays[:, None, :2])
        hit = above <= 0.0
        unknown = np.isnan(above)
        k = np.where(hit.any(axis=1), hit.argmax(axis=1), _MARCH_SAMPLES)
        first_unknown = np.where(unknown.any(axis=1), unknown.argmax(axis=1), _MARCH_SAMPLES)
        none = k == _MARCH_SAMPLES
        reason[none] = f"{BEYOND_RANGE} of {limit:g} m"
        reason[first_unknown < k] = OUTSIDE_TERRAIN
        # A camera below the ground has its first sample there already.
        reason[(k == 0) & (first_unknown > 0)] = BELOW_GROUND
        k = np.clip(k, 1, _MARCH_SAMPLES - 1)
        rows = np.arange(n)
        low, high = t[rows, k - 1], t[rows, k]
        above_low, above_high = above[rows, k - 1], above[rows, k]
        cut = high
        # The interval is a metre or so and the ground nearly straight in it: false position ends below a millimetre.
        for _ in range(3):
            fall = above_low - above_high
            share = above_low / np.where(fall > 0.0, fall, 1.0)
            cut = low + np.clip(share, 0.0, 1.0) * (high - low)
            gap = cut * rays[:, 2] - self._surface_up(view, cut[:, None] * rays[:, :2])
            over = gap > 0.0
            low, above_low = np.where(over, cut, low), np.where(over, gap, above_low)
            high, above_high = np.where(over, high, cut), np.where(over, above_high, gap)
        return cut, reason

    # ------------------------------------------------------------------------------------------------------- footprint

    def footprint(self, view: CameraView, per_edge: int = 3) -> tuple[tuple[float, float], ...]:
        """The picture's outline on the ground as ``(lat_deg, lon_deg)``, clockwise from the top left corner.

        ``per_edge`` points per edge. Where the view leaves the ground, the outline is clipped at the maximum range.
        """
        w, h = float(view.intrinsics.width), float(view.intrinsics.height)
        f = np.arange(per_edge) / per_edge
        zero, one = np.zeros(per_edge), np.ones(per_edge)
        x = np.concatenate([f * w, one * w, (1.0 - f) * w, zero])
        y = np.concatenate([zero, f * h, one * h, (1.0 - f) * h])
        rays = view.rays(np.stack([x, y], axis=-1))
        limit = self.settings.max_range_m
        # Rays near or above the horizon are cut with a level that reaches the range limit.
        horizon = rays[:, 2] > -0.01
        t_m = np.full(len(rays), limit)
        below = np.flatnonzero(~horizon)
        if len(below):
            cut, why = self._cut(view, rays[below])
            t_m[below] = np.where(why == "", cut, limit)
        en = rays[:, :2] * t_m[:, None]
        distance = np.linalg.norm(en, axis=-1)
        clipped = t_m >= limit
        en[clipped] *= (limit / np.maximum(distance[clipped], 1e-9))[:, None]
        lat, lon = _near(view.frame, en)
        return tuple((float(a), float(b)) for a, b in zip(lat, lon, strict=True))


class _Arrays:
    """The columns of :class:`GroundPoints` while they are filled."""

    def __init__(self, n: int) -> None:
        self.en = np.full((n, 2), np.nan)
        self.lat = np.full(n, np.nan)
        self.lon = np.full(n, np.nan)
        self.alt = np.full(n, np.nan)
        self.pixel = np.full((n, 2, 2), np.nan)
        self.pose = np.full((n, 2, 2), np.nan)
        self.angle = np.full((n, 2, 3), np.nan)


def _angle_derivatives(pose: CameraPose) -> list[FloatArray]:
    """d(rotation)/d(azimuth, elevation, roll), per radian, by central differences."""
    angles = np.array([pose.azimuth_deg, pose.elevation_deg, pose.roll_deg])
    step = np.eye(3) * _ANGLE_STEP_DEG
    return [
        (rotation_enu_from_camera(*(angles + s)) - rotation_enu_from_camera(*(angles - s)))
        / np.radians(2.0 * _ANGLE_STEP_DEG)
        for s in step
    ]


def _near(frame: LocalFrame, en: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Latitude and longitude of points within some 2 km of the frame's origin, to a few millimetres.

    Second-order series about the origin with the radii of curvature in the meridian (M) and the prime vertical (N).
    """
    sin_lat, cos_lat = np.sin(np.radians(frame.lat_deg)), np.cos(np.radians(frame.lat_deg))
    w = 1.0 - _E2 * sin_lat**2
    n_m = WGS84_A_M / np.sqrt(w)
    m_m = WGS84_A_M * (1.0 - _E2) / w**1.5
    e, n = en[..., 0], en[..., 1]
    tan_lat = sin_lat / cos_lat
    lat = frame.lat_deg + np.degrees(n / m_m - e**2 * tan_lat / (2.0 * m_m * n_m))
    lon = frame.lon_deg + np.degrees(e / (n_m * cos_lat) * (1.0 + n * tan_lat / n_m))
    return lat, lon
