"""Where a camera looks on the ground, and where it should: footprints, areas not to be looked at, along the border.

Straight rays in a local plane against the terrain; the earth's curvature is left out, which is 8 cm at 1 km and 8 m at the
greatest range of 10 km. Angles: azimuth from true north, elevation above the horizon, degrees.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from shapely.geometry import MultiPoint, Point

from geofences.area import LatLon, Zone
from geofences.border import BorderGeometry
from geofences.geodesy import FloatArray, LocalFrame
from geofences.outlines import OUTER, polygon_in
from geofences.terrain import TerrainGrid
from groundstation.vehicle.fence_shapes import FenceRegion

MOST_RANGE_M = 10_000.0
_STEPS = 400
_HALVINGS = 12


@dataclass(frozen=True)
class Viewpoint:
    """The camera's place and its field of view."""

    lat_deg: float
    lon_deg: float
    alt_amsl_m: float
    hfov_deg: float
    vfov_deg: float

    @property
    def known(self) -> bool:
        """Whether all of it is a number."""
        return all(
            math.isfinite(v) for v in (self.lat_deg, self.lon_deg, self.alt_amsl_m, self.hfov_deg, self.vfov_deg)
        )


@dataclass(frozen=True)
class Place:
    """A place on the ground."""

    lat_deg: float
    lon_deg: float
    alt_amsl_m: float


@dataclass(frozen=True, eq=False)
class Ground:
    """The ground to look at. Off the model, or without one, it is flat at ``level_amsl_m`` (home's height)."""

    terrain: TerrainGrid | None = None
    level_amsl_m: float = 0.0

    def height(self, lat_deg: float, lon_deg: float) -> float:
        """Metres AMSL."""
        return float(self.heights(np.asarray([lat_deg]), np.asarray([lon_deg]))[0])

    def heights(self, lat_deg: FloatArray, lon_deg: FloatArray) -> FloatArray:
        """Metres AMSL of many places."""
        if self.terrain is None:
            return np.full(np.shape(lat_deg), self.level_amsl_m)
        heights = self.terrain.height(lat_deg, lon_deg)
        return np.where(np.isfinite(heights), heights, self.level_amsl_m)


def angles_to(view: Viewpoint, place: Place) -> tuple[float, float, float]:
    """``(azimuth, elevation, slant range)`` from the camera to a place; degrees, metres."""
    east, north = (float(v) for v in LocalFrame(view.lat_deg, view.lon_deg).to_plane(place.lat_deg, place.lon_deg))
    level, up = math.hypot(east, north), place.alt_amsl_m - view.alt_amsl_m
    return math.degrees(math.atan2(east, north)) % 360.0, math.degrees(math.atan2(up, level)), math.hypot(level, up)


def ground_place(view: Viewpoint, azimuth_deg: float, elevation_deg: float, ground: Ground) -> Place | None:
    """Where a ray first meets the ground, within 10 km; None when it does not."""
    frame = LocalFrame(view.lat_deg, view.lon_deg)
    elevation, azimuth = math.radians(elevation_deg), math.radians(azimuth_deg)
    level = math.cos(elevation) * np.array([math.sin(azimuth), math.cos(azimuth)])

    def above(t: FloatArray) -> FloatArray:
        lat, lon = frame.from_plane(t[:, None] * level)
        return np.asarray(view.alt_amsl_m + t * math.sin(elevation) - ground.heights(lat, lon))

    # Near steps are short, far ones long: a metre near the camera, some 60 m at the end.
    t = MOST_RANGE_M * (np.linspace(0.0, 1.0, _STEPS + 1) ** 2)
    below = np.flatnonzero(above(t) <= 0.0)
    if not len(below) or below[0] == 0:
        return None
    low, high = float(t[below[0] - 1]), float(t[below[0]])
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if above(np.array([middle]))[0] <= 0.0 else (middle, high)
    lat, lon = (float(v) for v in frame.from_plane(high * level))
    return Place(lat, lon, ground.height(lat, lon))


def footprint_en_m(view: Viewpoint, place: Place, ground: Ground) -> FloatArray:
    """The ground that the picture shows when its centre is on ``place``: corners ``(n, 2)``, east and north of the camera.

    A corner above the horizon, or whose ray meets no ground, lies at the greatest range.
    """
    azimuth, elevation, _ = angles_to(view, place)
    frame = LocalFrame(view.lat_deg, view.lon_deg)
    ahead, right = _axes(azimuth, elevation)
    up = np.cross(right, ahead)
    wide, high = (math.tan(math.radians(v) / 2.0) for v in (view.hfov_deg, view.vfov_deg))
    corners = []
    for x in (-1.0, 0.0, 1.0):
        for y in (-1.0, 0.0, 1.0):
            ray = ahead + x * wide * right + y * high * up
            ray /= np.linalg.norm(ray)
            ray_azimuth = math.degrees(math.atan2(ray[0], ray[1]))
            ray_elevation = math.degrees(math.asin(float(np.clip(ray[2], -1.0, 1.0))))
            met = ground_place(view, ray_azimuth, ray_elevation, ground)
            if met is not None:
                corners.append(frame.to_plane(met.lat_deg, met.lon_deg))
            else:
                level = ray[:2] / max(float(np.hypot(*ray[:2])), 1e-9)
                corners.append(level * MOST_RANGE_M)
    return np.asarray(corners)


def _axes(azimuth_deg: float, elevation_deg: float) -> tuple[FloatArray, FloatArray]:
    a, e = math.radians(azimuth_deg), math.radians(elevation_deg)
    ahead = np.array([math.sin(a) * math.cos(e), math.cos(a) * math.cos(e), math.sin(e)])
    return ahead, np.array([math.cos(a), -math.sin(a), 0.0])


@dataclass(frozen=True, eq=False)
class LookRules:
    """What may be looked at. ``no_look``: areas that must not come into the picture. ``inside``: the fence, beyond whose
    edge the picture's centre may lie by ``beyond_m`` at most; None: anywhere."""

    no_look: tuple[Zone, ...] = ()
    inside: FenceRegion | None = None
    beyond_m: float = 300.0
    ground: Ground = field(default_factory=Ground)

    def refusal(self, view: Viewpoint, place: Place) -> str:
        """Why this place must not be looked at from there, "" when it may.

        Judged for where the picture comes to rest, not for what it sweeps over on its way there.
        """
        if self.inside is not None:
            margin_m = self.inside.margin_m(place.lat_deg, place.lon_deg)
            if margin_m < -self.beyond_m:
                return f"the place lies {-margin_m:.0f} m outside the fence, {self.beyond_m:.0f} m are allowed"
        if not self.no_look:
            return ""
        if not view.known:
            return "where the camera is is not known, so the areas not to be looked at cannot be kept out"
        frame = LocalFrame(view.lat_deg, view.lon_deg)
        seen = MultiPoint(footprint_en_m(view, place, self.ground)).convex_hull
        centre = Point(frame.to_plane(place.lat_deg, place.lon_deg))
        for zone in self.no_look:
            area = polygon_in(zone, frame).buffer(zone.buffer_m * OUTER)
            if area.covers(centre):
                return f"the place lies in {zone.name!r}, which must not be looked at"
            if area.intersects(seen):
                return f"the picture would show a part of {zone.name!r}, which must not be looked at"
        return ""


@dataclass(frozen=True)
class BorderLook:
    """A place on the border to look at. ``forward``: along the line in its own direction."""

    place: Place
    along_m: float
    forward: bool


def border_target(
    border: BorderGeometry,
    frame: LocalFrame,
    position: LatLon,
    velocity_ne_m_s: tuple[float, float],
    ground: Ground,
    ahead_m: float = 150.0,
    forward: bool = True,
) -> BorderLook:
    """The place on the border ``ahead_m`` ahead of the aircraft, in the direction in which it flies along the line.

    ``border`` in the plane of ``frame``. ``forward``: the direction to keep to while the flight tells none (it hovers, or
    flies across). At an end of the line it stays on the end.
    """
    here = frame.to_plane(*position)
    fix = border.locate(here)
    along_m = float(np.clip(fix.along_m, 0.0, border.length_m))
    _, direction = border.at(along_m)
    north, east = velocity_ne_m_s
    speed_along = float(direction @ np.array([east, north])) if math.isfinite(north + east) else 0.0
    if abs(speed_along) > 1.0:
        forward = speed_along > 0.0
    target_m = float(np.clip(along_m + (ahead_m if forward else -ahead_m), 0.0, border.length_m))
    place_en, _ = border.at(target_m)
    lat, lon = (float(v) for v in frame.from_plane(place_en))
    return BorderLook(Place(lat, lon, ground.height(lat, lon)), target_m, forward)


def allowed_border_look(
    look: BorderLook,
    border: BorderGeometry,
    frame: LocalFrame,
    view: Viewpoint,
    rules: LookRules,
    reach_m: float = 300.0,
) -> BorderLook | str:
    """``look``, moved on along the border until it may be looked at; the refusal when nothing within reach may."""
    refusal = rules.refusal(view, look.place)
    if not refusal:
        return look
    for step_m in _steps(reach_m):
        target_m = look.along_m + (step_m if look.forward else -step_m)
        if not 0.0 <= target_m <= border.length_m:
            break
        lat, lon = (float(v) for v in frame.from_plane(border.at(target_m)[0]))
        moved = BorderLook(Place(lat, lon, rules.ground.height(lat, lon)), target_m, look.forward)
        if not rules.refusal(view, moved.place):
            return moved
    return refusal


def _steps(reach_m: float) -> Sequence[float]:
    return [25.0 * n for n in range(1, int(reach_m / 25.0) + 1)]
