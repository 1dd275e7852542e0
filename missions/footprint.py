"""What a camera shows of the ground, how finely, and how likely somebody is noticed there.

Angles: azimuth clockwise from true north, elevation above the horizon (negative looks down), degrees. The camera is a
pinhole with square pixels. Nothing of it is clipped: a picture that reaches above the horizon shows the ground up to the
skyline or the range limit, and says so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from geofences.errors import PlanError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.terrain import TerrainGrid
from missions.sight import FARTHEST_M, BoolArray, Sight, sight_from

TargetKind = Literal["person", "vehicle", "two-wheeler"]

CRITICAL_M: dict[TargetKind, float] = {"person": 0.75, "vehicle": 2.3, "two-wheeler": 1.2}
"""Critical dimension, the root of the area that is seen: a person and the vehicle as used with the criteria; the
two-wheeler with its rider is this project's own figure (1.8 m x 0.8 m)."""

N50_DETECTION_CYCLES = 0.75
"""Cycles across the critical dimension at which half of all targets are detected, of the two-dimensional criteria."""

_COLUMNS = 9
_SIDE_POINTS = 3
_LADDER = (17, 9, 9)


@dataclass(frozen=True)
class Camera:
    """A camera; the defaults are the simulator's. ``hfov_deg``: horizontal field of view.

    Raises :class:`PlanError` for a picture without pixels or a field of view outside 0 to 170 degrees.
    """

    width_px: int = 1280
    height_px: int = 720
    hfov_deg: float = 40.0
    name: str = ""

    def __post_init__(self) -> None:
        if self.width_px < 1 or self.height_px < 1 or not 0.0 < self.hfov_deg < 170.0 or not self.vfov_deg < 170.0:
            raise PlanError(
                f"no camera has {self.width_px} x {self.height_px} pixels and a field of view of {self.hfov_deg:g} deg",
                "give the width and height in pixels and the horizontal field of view in degrees",
            )

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return self.width_px / 2.0 / math.tan(math.radians(self.hfov_deg) / 2.0)

    @property
    def vfov_deg(self) -> float:
        """Vertical field of view, by the aspect of the picture."""
        return math.degrees(2.0 * math.atan(self.height_px / 2.0 / self.focal_px))

    @property
    def half_width(self) -> float:
        """Tangent of half the horizontal field of view."""
        return math.tan(math.radians(self.hfov_deg) / 2.0)

    @property
    def half_height(self) -> float:
        """Tangent of half the vertical field of view."""
        return self.half_width * self.height_px / self.width_px


@dataclass(frozen=True, eq=False)
class Footprint:
    """The ground in a picture.

    ``outline_en_m`` ``(n, 2)`` east, north metres of the frame, clockwise in the picture from its top left, not closed;
    empty ``(0, 2)`` when no ground is in the picture. It is the outer limit: hills within it may hide ground
    (:meth:`missions.sight.Sight.sees`). ``gsd_m``: metres per pixel at the picture's centre, along the line of sight on
    level ground and across it; infinite when the centre shows no ground. ``reaches_horizon``: the picture shows sky, or
    ground beyond the range limit, where the outline ends. ``over_unknown``: the terrain model did not hold all of it.
    """

    outline_en_m: FloatArray
    gsd_m: tuple[float, float]
    reaches_horizon: bool
    over_unknown: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether no ground is in the picture."""
        return len(self.outline_en_m) < 3


def footprint(
    camera: Camera,
    en_m: ArrayLike,
    alt_amsl_m: float,
    azimuth_deg: float,
    elevation_deg: float,
    frame: LocalFrame,
    terrain: TerrainGrid | None,
    ground_amsl_m: float = 0.0,
    *,
    roll_deg: float = 0.0,
    range_m: float = FARTHEST_M,
) -> Footprint:
    """The footprint of a camera at ``en_m`` (east, north metres of ``frame``), by rays cut with the terrain.

    Without ``terrain``, and where it says nothing, the ground is level at ``ground_amsl_m``. ``roll_deg``: positive when
    the picture's right side is down. A camera below the ground sees nothing. Raises :class:`PlanError` when a figure is
    no number.
    """
    here = np.asarray(en_m, dtype=np.float64)
    if not np.isfinite([*here, alt_amsl_m, azimuth_deg, elevation_deg, roll_deg, range_m]).all():
        raise PlanError("where the camera is or looks is no number", "give its place, height and angles")
    sight = sight_from(frame, here, alt_amsl_m, terrain, ground_amsl_m)
    if sight.height_agl_m <= 0.0:
        return _NOTHING
    picture = _Picture(camera, sight, picture_axes(azimuth_deg, elevation_deg, roll_deg), range_m)
    outline, cut, gsd_m = picture.look()
    if len(outline):
        outline = frame.to_plane(*sight.lat_lon(outline))
    return Footprint(outline, gsd_m, cut, picture.unknown)


def picture_axes(azimuth_deg: float, elevation_deg: float, roll_deg: float = 0.0) -> FloatArray:
    """Unit vectors of the picture's right, its top and the line of sight in east, north, up: rows of ``(3, 3)``."""
    a, e, r = math.radians(azimuth_deg), math.radians(elevation_deg), math.radians(roll_deg)
    ahead = np.array([math.sin(a) * math.cos(e), math.cos(a) * math.cos(e), math.sin(e)])
    right = np.array([math.cos(a), -math.sin(a), 0.0])
    top = np.cross(right, ahead)
    return np.stack([math.cos(r) * right - math.sin(r) * top, math.cos(r) * top + math.sin(r) * right, ahead])


class _Picture:
    """Rays through a picture; ``x`` and ``y`` go from -1 (left, bottom) to 1 (right, top)."""

    def __init__(self, camera: Camera, sight: Sight, axes: FloatArray, range_m: float) -> None:
        self.camera, self.sight, self.axes, self.range_m = camera, sight, axes, range_m
        self.unknown = False

    def _rays(self, x: FloatArray, y: FloatArray) -> FloatArray:
        right, top, ahead = self.axes
        rays = ahead + (x * self.camera.half_width)[:, None] * right + (y * self.camera.half_height)[:, None] * top
        return np.asarray(rays / np.linalg.norm(rays, axis=-1, keepdims=True))

    def _meet(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """East, north of the ground at picture places of one shape; ``(..., 2)``, NaN where there is none."""
        rays = self._rays(x.ravel(), y.ravel())
        t, unknown = self.sight.cast(rays, self.range_m)
        self.unknown |= bool(unknown.any())
        return np.asarray((rays[:, :2] * t[:, None]).reshape(*x.shape, 2))

    def look(self) -> tuple[FloatArray, bool, tuple[float, float]]:
        """The outline ``(n, 2)`` metres from the camera, whether it was cut at the skyline or the range limit, and the
        metres per pixel at the centre, along and across."""
        x = np.linspace(-1.0, 1.0, _COLUMNS)
        one = np.ones(_COLUMNS)
        side = np.linspace(1.0, -1.0, _SIDE_POINTS + 2)[1:-1]
        wide = np.ones(_SIDE_POINTS)
        # In the usual case this is all: the whole rim and the centre in one go.
        met = self._meet(
            np.concatenate([x, x, wide, -wide, [0.0]]), np.concatenate([one, -one, side, side[::-1], [0.0]])
        )
        top, bottom, right, left, centre = np.split(met, np.cumsum([_COLUMNS, _COLUMNS, _SIDE_POINTS, _SIDE_POINTS]))
        gsd_m = self._gsd_m(float(np.hypot(*centre[0])))
        high, low = one, -one
        cut = np.isnan(top[:, 0]) | np.isnan(bottom[:, 0])
        if not cut.any():
            return np.concatenate([top, right, bottom[::-1], left]), False, gsd_m
        for end, found in ((high, top), (low, bottom)):
            columns = np.flatnonzero(np.isnan(found[:, 0]))
            if len(columns):
                end[columns], found[columns] = self._furthest(x[columns], end[columns])
        some = np.flatnonzero(np.isfinite(top[:, 0]) & np.isfinite(bottom[:, 0]))
        if not len(some):
            return np.empty((0, 2)), True, gsd_m
        first, last = some[0], some[-1]
        share = np.arange(1, _SIDE_POINTS + 1) / (_SIDE_POINTS + 1)
        right = self._meet(np.full(_SIDE_POINTS, x[last]), high[last] + share * (low[last] - high[last]))
        left = self._meet(np.full(_SIDE_POINTS, x[first]), low[first] + share * (high[first] - low[first]))
        points = np.concatenate([top[some], right, bottom[some][::-1], left])
        return points[np.isfinite(points[:, 0])], True, gsd_m

    def _furthest(self, x: FloatArray, end: FloatArray) -> tuple[FloatArray, FloatArray]:
        """In columns ``x`` whose end ``end`` (1 top, -1 bottom) shows no ground: the place next to it that does.

        With one azimuth the higher ray meets the further ground, so a column shows ground from one end to a skyline.
        NaN places for a column without ground. Each round looks at the gap between the last ray that met ground and the
        first that did not.
        """
        rows = np.arange(len(x))
        inner, outer = -end, end
        place = np.full((len(x), 2), np.nan)
        for rungs in _LADDER:
            y = inner[:, None] + (outer - inner)[:, None] * np.linspace(0.0, 1.0, rungs)
            met = self._meet(np.repeat(x[:, None], rungs, axis=1), y)
            hit: BoolArray = np.asarray(np.isfinite(met[..., 0]))
            some = np.asarray(hit.any(axis=1))
            best = rungs - 1 - hit[:, ::-1].argmax(axis=1)
            place = np.where(some[:, None], met[rows, best], place)
            inner, outer = (
                np.where(some, y[rows, best], inner),
                np.where(some, y[rows, np.minimum(best + 1, rungs - 1)], outer),
            )
        return inner, place

    def _gsd_m(self, level_m: float) -> tuple[float, float]:
        if not math.isfinite(level_m):
            return math.inf, math.inf
        up = float(self.axes[2, 2])
        # Straight down there is no level distance to tell the slant range from.
        level = math.sqrt(max(1.0 - up * up, 0.0))
        slant_m = level_m / level if level > 1e-6 else self.sight.height_agl_m
        across = slant_m / self.camera.focal_px
        # Terrain may rise into the line of sight above the horizon: then it is looked at nearly flat.
        return across / max(-up, 1e-3), across


_NOTHING = Footprint(np.empty((0, 2)), (math.inf, math.inf), False)


def ground_resolution_m(camera: Camera, level_m: ArrayLike, drop_m: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Metres per pixel along and across at places ``level_m`` away and ``drop_m`` below the camera, level ground.

    Off the picture's centre a pixel is a little smaller than this (by the cosine of the angle to the line of sight).
    """
    level, drop = np.broadcast_arrays(np.asarray(level_m, dtype=np.float64), np.asarray(drop_m, dtype=np.float64))
    slant = np.hypot(level, drop)
    across = slant / camera.focal_px
    with np.errstate(divide="ignore", invalid="ignore"):
        along = np.where(drop > 0.0, across * slant / drop, np.inf)
    return np.asarray(along), np.asarray(across)


@dataclass(frozen=True)
class Swath:
    """What a picture that moves the way it looks covers of level ground.

    ``near_m``, ``far_m``: level distance to its lower and upper edge (negative: behind the aircraft; ``far_m`` infinite
    when the upper edge is at or above the horizon). ``width_m``: across, at the narrower of the two, so that all of the
    strip passes through the whole picture. ``gsd_far_m``: metres per pixel at the far edge, the larger of along and
    across.
    """

    near_m: float
    far_m: float
    width_m: float
    gsd_far_m: float


def strip_swath(camera: Camera, height_agl_m: float, elevation_deg: float) -> Swath:
    """The swath from ``height_agl_m`` above flat ground, level picture.

    Raises :class:`PlanError` when the height is not positive or the lower edge of the picture shows no ground.
    """
    if not (math.isfinite(height_agl_m) and height_agl_m > 0.0 and math.isfinite(elevation_deg)):
        raise PlanError(f"a height of {height_agl_m:g} m above ground shows no ground", "give a height above ground")
    sine, cosine = math.sin(math.radians(elevation_deg)), math.cos(math.radians(elevation_deg))
    high = camera.half_height

    def edge(y: float) -> tuple[float, float]:
        """Level distance and depth along the line of sight of the picture's row ``y``."""
        down = -(sine + y * cosine)
        if down <= 1e-9:
            return math.inf, math.inf
        depth = height_agl_m / down
        return depth * (cosine - y * sine), depth

    near_m, near_depth = edge(-high)
    far_m, far_depth = edge(high)
    if math.isinf(near_depth):
        raise PlanError(
            f"at an elevation of {elevation_deg:g} deg the picture shows no ground",
            f"tilt the camera to less than {camera.vfov_deg / 2.0:.0f} deg",
        )
    width_m = 2.0 * camera.half_width * min(near_depth, far_depth)
    if math.isinf(far_m):
        return Swath(near_m, math.inf, width_m, math.inf)
    coarse = max(float(g) for at in (near_m, far_m) for g in ground_resolution_m(camera, abs(at), height_agl_m))
    return Swath(near_m, far_m, width_m, coarse)


def lane_spacing_m(camera: Camera, height_agl_m: float, elevation_deg: float, overlap: float) -> float:
    """Distance between lanes so that neighbouring strips share ``overlap`` (0 to below 1) of their width, flat ground.

    Looking straight down it is the well-known ``2 h tan(hfov / 2) (1 - overlap)``. Raises :class:`PlanError` like
    :func:`strip_swath`, and for another overlap.
    """
    if not 0.0 <= overlap < 1.0:
        raise PlanError(f"strips cannot overlap by {overlap:g}", "give a share of 0 or more and less than 1")
    return strip_swath(camera, height_agl_m, elevation_deg).width_m * (1.0 - overlap)


def detection_probability(gsd_m: ArrayLike, kind: TargetKind = "person") -> float:
    """How likely an observer notices a target at this ground resolution: a planning figure, 0 to 1, falling with it.

    The target transfer probability function ``(N / N50)^E / (1 + (N / N50)^E)`` with ``E = 2.7 + 0.7 N / N50`` for N
    cycles (two pixels each) across the critical dimension: J. Johnson, "Analysis of image forming systems", Image
    Intensifier Symposium, 1958; the curve: J. A. Ratches et al., "Night vision laboratory static performance model for
    thermal viewing systems", ECOM-7043, 1975; E, critical dimensions and N50 for two dimensions as in G. C. Holst,
    "Electro-optical imaging system performance".

    Its limits: an observer who looks at the place with time enough, good contrast, nothing in the way, a sharp and steady
    picture. Foliage, camouflage, haste, rain, night without a thermal camera and an automatic detector's own recall all
    lower it; nothing here raises it. It compares plans; it promises nobody's detection. 0 for an infinite resolution.
    """
    return float(detection_probabilities(gsd_m, kind))


def detection_probabilities(gsd_m: ArrayLike, kind: TargetKind = "person") -> FloatArray:
    """:func:`detection_probability` of many. Raises :class:`PlanError` for an unknown kind or a resolution not above 0."""
    if kind not in CRITICAL_M:
        raise PlanError(f"no figures are known for a target {kind!r}", f"use one of {', '.join(CRITICAL_M)}")
    gsd = np.asarray(gsd_m, dtype=np.float64)
    if not (gsd > 0.0).all():
        raise PlanError("the ground resolution must be more than 0 m per pixel", "give metres per pixel")
    ratio = CRITICAL_M[kind] / (2.0 * gsd) / N50_DETECTION_CYCLES
    # Beyond some hundred cycles nothing changes any more, but powers overflow.
    ratio = np.minimum(ratio, 20.0)
    power = ratio ** (2.7 + 0.7 * ratio)
    return np.asarray(power / (1.0 + power))
