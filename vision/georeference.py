"""Pixels on the ground: rays cut with the terrain, and how wrong the result may be.

Error propagation: a ground point ``P = C + s d`` lies on the surface with normal ``m``, so a change of the camera
position ``dC`` and of the direction ``dd`` moves it by ``(I - d m' / (m.d)) (dC + s dd)``, and a terrain that is
higher by ``dh`` than its model by ``d m_up dh / (m.d)``. Two covariances come out and are kept apart:

- *pixel*: the box is noisy, independently in every frame; a filter averages it away;
- *pose*: camera position, angles, time and terrain height; the same for all points of a frame and nearly the same in the
  next frame, so no filter may average it away.

Both are of first order. Where a ray grazes the ground or a ridge, the rays one sigma above and below it are cut as well:
the covariance grows to what they show, and a point that they put at more than twice the predicted error is refused, as is
one where ray and ground are within 5 degrees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geofences.geodesy import FloatArray, LocalFrame
from geofences.terrain_grid import TerrainGrid
from vision.camera import CameraView, rotation_derivatives
from vision.ground_surface import (
    BELOW_GROUND,
    BEYOND_RANGE,
    OUTSIDE_TERRAIN,
    OVER_VOID,
    GroundSurface,
    near,
)
from vision.lens import CameraCalibration
from vision.pose_correction import PoseCorrection
from vision.records import CameraPose

__all__ = [
    "BELOW_GROUND",
    "BEYOND_RANGE",
    "BOX_MODELS",
    "GRAZING",
    "NOT_IN_LENS",
    "NO_POSE",
    "OTHER_PICTURE",
    "OUTSIDE_TERRAIN",
    "OVER_VOID",
    "POSE_TOO_OLD",
    "POSE_UNUSABLE",
    "TOO_SHALLOW",
    "BoxModel",
    "GeoreferenceSettings",
    "Georeferencer",
    "GroundPoints",
]

_STEEP_ENOUGH = math.sin(math.radians(20.0))
_TOO_FLAT = math.sin(math.radians(5.0))
_LEAST_SINE = -math.sin(math.radians(3.0))
_RADIAN = math.radians(1.0)
_GRAZING_FACTOR = 2.0
_MAX_PROBE_RAD = np.radians(10.0)

NO_POSE = "no camera pose"
POSE_TOO_OLD = "camera pose too old"
POSE_UNUSABLE = "camera pose unusable"
OTHER_PICTURE = "picture does not fit the camera calibration"
TOO_SHALLOW = "view too shallow"
NOT_IN_LENS = "the lens shows nothing there"
GRAZING = "view grazes the ground: its error is not bounded"


@dataclass(frozen=True)
class BoxModel:
    """How a class stands on the ground: an upright cylinder (metres)."""

    height_m: float
    radius_m: float


BOX_MODELS = (BoxModel(1.7, 0.25), BoxModel(1.6, 1.5), BoxModel(1.6, 0.6))
"""By class id. The bottom edge of a box seen from above is the near rim of the object, not its middle."""


_HEIGHT_M = np.array([m.height_m for m in BOX_MODELS])
_RADIUS_M = np.array([m.radius_m for m in BOX_MODELS])


@dataclass(frozen=True)
class GeoreferenceSettings:
    """Limits and errors. Angles in degrees, lengths in metres, ages in seconds, box noise in pixels.

    ``terrain_sigma_m`` is the height error of the terrain model (about 1 for lidar, 4 for SRTM and Copernicus); of the
    flat plane, when there is no model: ``plane_sigma_m``. ``time_sigma_s``: how well the time between a picture and its
    pose is known. Box noise: ``box_sigma_px`` everywhere, plus a share of the box size.
    """

    min_depression_deg: float = 15.0
    max_range_m: float = 1000.0
    max_pose_age_s: float = 0.5
    terrain_sigma_m: float = 1.0
    plane_sigma_m: float = 5.0
    time_sigma_s: float = 0.02
    box_sigma_px: float = 1.2
    box_sigma_of_height: float = 0.15
    box_sigma_of_width: float = 0.08


@dataclass(frozen=True, eq=False)
class GroundPoints:
    """Ground points of n pixels, in the same order.

    ``valid`` ``(n,)``; ``reason`` why not ("" where valid); ``en_m`` ``(n, 2)`` in the georeferencer's local frame;
    ``lat_deg``, ``lon_deg``, ``alt_amsl_m``, ``range_m`` (slant) ``(n,)``; ``pixel_covariance_m2`` and
    ``pose_covariance_m2`` ``(n, 2, 2)``; ``angle_factor_m`` ``(n, 2, 3)``: metres east and north per one sigma of
    azimuth, elevation and roll (its square is the part of the pose covariance that jitters from frame to frame);
    ``jacobian_m`` ``(n, 2, 7)``: metres east and north per metre of the camera's east, north and up, per degree of its
    azimuth, elevation and roll, and per metre of ground height. NaN where not valid.
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
    jacobian_m: FloatArray

    def __len__(self) -> int:
        return len(self.valid)


class Georeferencer:
    """Puts pixels on the ground of one area.

    ``frame`` is the local frame of all ``en_m``; ``terrain`` the height model, or None for a flat plane at
    ``plane_alt_amsl_m``; ``calibration`` the lens, or None for the pose's field of view. ``correction``, which may be set
    at any time, is the estimated bias of the poses; None takes them as they come.
    """

    def __init__(
        self,
        frame: LocalFrame,
        terrain: TerrainGrid | None,
        plane_alt_amsl_m: float = 0.0,
        settings: GeoreferenceSettings | None = None,
        calibration: CameraCalibration | None = None,
    ) -> None:
        self.frame = frame
        self.terrain = terrain
        self.settings = settings or GeoreferenceSettings()
        self.calibration = calibration
        self.correction: PoseCorrection | None = None
        self._surface = GroundSurface(terrain, plane_alt_amsl_m, self.settings.max_range_m)

    def pose_refusal(self, pose: CameraPose | None, t_utc_us: int, width: int = 0, height: int = 0) -> str:
        """Why a frame taken at ``t_utc_us`` cannot be georeferenced with this pose; "" when it can.

        With the picture's size, also whether the camera calibration is of such pictures.
        """
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
        s = pose.sigma
        errors = (s.horizontal_m, s.vertical_m, s.azimuth_deg, s.elevation_deg, s.roll_deg, s.compass_deg)
        if not (np.all(np.isfinite(errors)) and min(errors) >= 0.0):
            return f"{POSE_UNUSABLE}: its error is not known"
        age_s = abs(t_utc_us - pose.t_utc_us) / 1e6
        if age_s > self.settings.max_pose_age_s:
            return f"{POSE_TOO_OLD}: {age_s:.1f} s, allowed {self.settings.max_pose_age_s:g} s"
        if width and height and self.calibration is not None and not self.calibration.fits(width, height):
            return f"{OTHER_PICTURE}: {width}x{height}, not {self.calibration.width}x{self.calibration.height}"
        return ""

    def view(self, pose: CameraPose, width: int, height: int) -> CameraView:
        """The view of a picture with this pose, the correction (once) and the calibration applied.

        Raises ``ValueError`` where :meth:`pose_refusal` would have said no.
        """
        if self.correction is not None and pose.error is None:
            pose = self.correction.applied_to(pose)
        return CameraView.of(pose, width, height, self.calibration)

    def ground_height(self, lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
        """Ground height in metres AMSL; NaN outside the terrain model and in its voids."""
        return self._surface.height(lat_deg, lon_deg)

    # ------------------------------------------------------------------------------------------------ boxes and points

    def boxes(self, view: CameraView, xyxy: FloatArray, class_id: NDArray[np.int64]) -> GroundPoints:
        """Where objects with boxes ``(n, 4)`` stand.

        The contact point is the bottom centre, raised by the near rim of the object: an upright cylinder of height H
        and radius r seen at depression angle t is ``H cos t + 2 r sin t`` high in the picture, its foot's centre lies
        ``r sin t`` above the lower edge.
        """
        x0, y0, x1, y1 = np.ascontiguousarray(xyxy.T)
        width_px, height_px = x1 - x0, y1 - y0
        middle_px = 0.5 * (x0 + x1)
        k = view.intrinsics
        # Sine and cosine of the depression of the lower edge's middle.
        x, y = k.normalised(middle_px, y1)
        right, down, ahead = view.rotation[2]
        sine = -(right * x + down * y + ahead) / np.sqrt(x * x + y * y + 1.0)
        sine = np.minimum(np.maximum(sine, 0.0), 1.0)
        rim = _RADIUS_M.take(class_id) * sine
        foot_px = y1 - height_px * rim / (_HEIGHT_M.take(class_id) * np.sqrt(1.0 - sine * sine) + 2.0 * rim)

        s = self.settings
        sigma = np.empty((2, len(xyxy)))
        np.hypot(s.box_sigma_px, s.box_sigma_of_width * width_px, out=sigma[0])
        np.hypot(s.box_sigma_px, s.box_sigma_of_height * height_px, out=sigma[1])
        # Cut off by the picture's edge: the part outside is unknown, as much again may be missing.
        sigma[0] += 0.5 * width_px * ((x0 <= 2.0) | (x1 >= k.width - 2.0))
        sigma[1] += height_px * (y1 >= k.height - 2.0)
        return self._points(view, middle_px, foot_px, sigma)

    def points(self, view: CameraView, xy_px: FloatArray, sigma_px: FloatArray) -> GroundPoints:
        """Ground points of pixels ``(n, 2)`` with standard deviations ``(n, 2)`` pixels along x and y."""
        return self._points(view, xy_px[:, 0], xy_px[:, 1], sigma_px.T)

    def _points(self, view: CameraView, x_px: FloatArray, y_px: FloatArray, sigma_px: FloatArray) -> GroundPoints:
        """:meth:`points` of columns ``(n,)`` and sigmas ``(2, n)``. In here the points come last, see :meth:`_found`."""
        n = len(x_px)
        x, y = view.intrinsics.normalised(x_px, y_px)
        directions = np.empty((3, n))
        directions[0], directions[1], directions[2] = x, y, 1.0
        length = np.sqrt(x * x + y * y + 1.0)
        rays = view.rotation @ directions
        rays /= length
        reason: NDArray[np.object_] | None = None
        at: NDArray[np.intp] | None = None  # the pixels that are still in question, None for all
        down = rays[2] <= -math.sin(math.radians(self.settings.min_depression_deg))
        if not down.all():
            reason = np.full(n, "", dtype=object)
            reason[~down] = f"{TOO_SHALLOW}: less than {self.settings.min_depression_deg:g} deg below the horizon"
            reason[np.isnan(length)] = NOT_IN_LENS
            at = np.flatnonzero(down)
            directions, length, rays, sigma_px = directions[:, at], length[at], rays[:, at], sigma_px[:, at]
        if not len(length):
            return GroundPoints(np.zeros(n, dtype=np.bool_), _words(reason, n), *_unknown(n))
        sigma = view.pose.sigma
        t_m, why, brushed = self._surface.cut(
            view, rays, math.radians(sigma.elevation_deg), math.hypot(sigma.vertical_m, self.ground_sigma_m)
        )
        if why is not None:
            reason = np.full(n, "", dtype=object) if reason is None else reason
            at = np.arange(n) if at is None else at
            reason[at] = why
            good = np.flatnonzero(why == "")
            at, t_m, brushed = at[good], t_m[good], brushed[good]
            directions, length, rays, sigma_px = directions[:, good], length[good], rays[:, good], sigma_px[:, good]
        found, along = self._found(view, t_m, directions, length, rays, sigma_px)
        doubtful = np.flatnonzero(brushed | (along > -_STEEP_ENOUGH))
        if len(doubtful):
            grazing = self._probe(found, doubtful, view, rays[:, doubtful].T, along[doubtful])
            if len(grazing):
                reason = np.full(n, "", dtype=object) if reason is None else reason
                at = np.arange(n) if at is None else at
                reason[at[grazing]] = GRAZING
                stay = np.ones(len(at), dtype=np.bool_)
                stay[grazing] = False
                at, found = at[stay], _Columns(*(c[stay] for c in found))
        if at is None:
            return GroundPoints(np.ones(n, dtype=np.bool_), _words(reason, n), *found)
        columns = _unknown(n)
        for column, known in zip(columns, found, strict=True):
            column[at] = known
        return GroundPoints(np.isfinite(columns.range_m), _words(reason, n), *columns)

    @property
    def ground_sigma_m(self) -> float:
        """The ground's height error: the terrain model's, or the plane's."""
        return self.settings.plane_sigma_m if self.terrain is None else self.settings.terrain_sigma_m

    def _found(
        self, view: CameraView, t_m: FloatArray, directions: FloatArray, length: FloatArray, ray: FloatArray,
        sigma_px: FloatArray,
    ) -> tuple[_Columns, FloatArray]:  # fmt: skip
        """Places and covariances at ranges ``(m,)``; and the sines of the angles between rays and ground, negative.

        Vectors ``(3, m)`` and matrices of all points have the points last: numpy then works along them, many times faster
        than with the points first.
        """
        enu = ray * t_m
        lat, lon, alt, en = view.frame.to_geodetic_and_plane(enu, self.frame)
        normal = self._surface.normal(view, enu)
        # Where the slope runs with the ray the linear model has no bound; such points are refused after all.
        along = np.minimum(np.einsum("in,in->n", normal, ray), _LEAST_SINE)
        jacobian = np.empty((2, 7, len(t_m)))
        slide = jacobian[:, :3]
        per_along = normal / along
        np.multiply(-ray[:2, None], per_along, out=slide)
        slide[0, 0] += 1.0
        slide[1, 1] += 1.0
        scale = t_m / length

        # (A per pixel) with the pixels' sigmas; the lens's own matrix is diagonal unless it distorts.
        pixel = np.einsum("ijn,jk->ikn", slide, view.rotation[:, :2])
        k = view.intrinsics
        if k.distortion is None:
            pixel[:, 0] *= scale * sigma_px[0] / k.focal_x_px
            pixel[:, 1] *= scale * sigma_px[1] / k.focal_y_px
        else:
            pixel = np.einsum("ikn,kln->iln", pixel, k.per_pixel(directions.T).transpose(1, 2, 0)) * (scale * sigma_px)

        derivatives = rotation_derivatives(view.rotation, view.pose.roll_deg)
        turned = (derivatives.reshape(9, 3) @ directions).reshape(3, 3, -1)
        jacobian[:, 3:6] = np.einsum("ijn,ajn->ian", slide, turned) * (scale * _RADIAN)
        np.multiply(ray[:2], per_along[2], out=jacobian[:, 6])

        pose = view.pose
        s = pose.sigma
        angles_deg = np.array([s.azimuth_deg, s.elevation_deg, s.roll_deg])
        of_sensors = jacobian[:, :6]
        time = pose.rates is not None
        # One column each: the independent errors of the sensors, of the ground, and of the time.
        errors = np.empty((2, 7 + time, len(t_m)))
        if pose.error is None:
            sigmas = np.array([s.horizontal_m, s.horizontal_m, s.vertical_m, *angles_deg, self.ground_sigma_m])
            sigmas[3] = s.whole_azimuth_deg  # the compass's part is common to all frames, and nothing that wanders
            np.multiply(jacobian, sigmas[:, None], out=errors[:, :7])
            of_pose = 0.0
        else:
            spread = np.einsum("ian,ab->ibn", of_sensors, pose.error.covariance)
            of_pose = np.einsum("ibn,jbn->nij", spread, of_sensors)
            angles_deg = pose.error.drift_deg
            errors[:, :6] = 0.0
            errors[:, 6] = jacobian[:, 6] * self.ground_sigma_m
        if pose.rates is not None:
            errors[:, 7] = np.einsum("ian,a->in", of_sensors, pose.rates.as_array()) * self.settings.time_sigma_s
        angle = jacobian[:, 3:6] * angles_deg[:, None]
        return _Columns(
            en, lat, lon, alt, t_m, _square(pixel), of_pose + _square(errors),
            angle.transpose(2, 0, 1), jacobian.transpose(2, 0, 1),
        ), along  # fmt: skip

    def _probe(
        self, out: _Columns, at: NDArray[np.intp], view: CameraView, rays: FloatArray, along: FloatArray
    ) -> NDArray[np.intp]:
        """Cut the rays one sigma higher and lower; widen the pose covariance to that. Those that it cannot hold come back."""
        level = np.linalg.norm(rays[:, :2], axis=-1)
        steep = level < 1e-3
        ahead = rays[:, :2] / np.where(steep, 1.0, level)[:, None]
        total = out.pixel_covariance_m2[at] + out.pose_covariance_m2[at]
        sigma_m = np.sqrt(np.einsum("ni,nij,nj->n", ahead, total, ahead))
        # Perpendicular to the ray, upwards; turning the ray by an angle moves the point ahead by range x angle / sine.
        upward = np.concatenate([-ahead * rays[:, 2:], level[:, None]], axis=-1)
        turn = np.minimum(sigma_m * -along / out.range_m[at], _MAX_PROBE_RAD)[:, None]
        reach = np.zeros(len(at))
        for sign in (-1.0, 1.0):
            probe = rays * np.cos(turn) + sign * upward * np.sin(turn)
            flat = probe[:, 2] > -1e-3
            probe[flat, 2] = -1e-3
            t_m, _, _ = self._surface.cut(view, np.ascontiguousarray(probe.T))
            moved = np.abs(np.sum(probe[:, :2] * ahead, axis=-1) * t_m - level * out.range_m[at])
            reach = np.maximum(
                reach, np.where(np.isfinite(moved) & ~flat & (t_m <= self.settings.max_range_m), moved, np.inf)
            )
        refused = ((reach > _GRAZING_FACTOR * sigma_m) | (along > -_TOO_FLAT)) & ~steep
        more = np.where(refused | steep, 0.0, np.maximum(reach**2 - sigma_m**2, 0.0))
        out.pose_covariance_m2[at] += more[:, None, None] * (ahead[:, :, None] * ahead[:, None, :])
        return np.asarray(at[refused])

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
        horizon = ~(rays[:, 2] <= -0.01)
        t_m = np.full(len(rays), limit)
        below = np.flatnonzero(~horizon)
        if len(below):
            cut, why, _ = self._surface.cut(view, np.ascontiguousarray(rays[below].T))
            t_m[below] = cut if why is None else np.where(why == "", cut, limit)
        en = rays[:, :2] * t_m[:, None]
        distance = np.linalg.norm(en, axis=-1)
        clipped = t_m >= limit
        en[clipped] *= (limit / np.maximum(distance[clipped], 1e-9))[:, None]
        lat, lon = near(view.frame, en)
        return tuple((float(a), float(b)) for a, b in zip(lat, lon, strict=True))


class _Columns(NamedTuple):
    """The columns of :class:`GroundPoints` after ``reason``, of points that were found."""

    en_m: FloatArray
    lat_deg: FloatArray
    lon_deg: FloatArray
    alt_amsl_m: FloatArray
    range_m: FloatArray
    pixel_covariance_m2: FloatArray
    pose_covariance_m2: FloatArray
    angle_factor_m: FloatArray
    jacobian_m: FloatArray


def _unknown(n: int) -> _Columns:
    shapes = ((n, 2), (n,), (n,), (n,), (n,), (n, 2, 2), (n, 2, 2), (n, 2, 3), (n, 2, 7))
    return _Columns(*(np.full(shape, np.nan) for shape in shapes))


def _words(reason: NDArray[np.object_] | None, n: int) -> tuple[str, ...]:
    return ("",) * n if reason is None else tuple(reason.tolist())


def _square(factor: FloatArray) -> FloatArray:
    """``F F'`` of factors ``(2, k, n)``; shape ``(n, 2, 2)``."""
    return np.asarray(np.einsum("ikn,jkn->ijn", factor, factor).transpose(2, 0, 1))
