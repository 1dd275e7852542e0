"""When the camera's picture will come to show an area that must not be looked at.

The footprint is that of the present angles on level ground, four corners that move as the aircraft moves: turned with it
while the gimbal follows its nose, on the same bearing while it holds its azimuth, not at all while it holds a place. Two
shapes that move against each other first meet with a corner of one on an edge of the other, so corners are run against
edges both ways. Nothing is foreseen of orders to the gimbal.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely.geometry import Polygon

from geofences.geodesy import FloatArray
from groundstation.vehicle.forecast_fences import Fence
from groundstation.vehicle.moving_edges import Motion, straight_hits, turning_hits

FARTHEST_M = 3000.0
_HORIZON_S = 60.0

Holds = Literal["nose", "azimuth", "place"]


@dataclass(frozen=True)
class LookAhead:
    """``time_s``: until the picture shows the area; 0: it does so now."""

    area: str
    time_s: float


def level_footprint(
    east_m: float,
    north_m: float,
    height_m: float,
    azimuth_deg: float,
    elevation_deg: float,
    fov_deg: tuple[float, float],
    farthest_m: float = FARTHEST_M,
) -> FloatArray:
    """Corners ``(4, 2)`` of the picture on level ground ``height_m`` below, those beyond ``farthest_m`` at that distance.

    Empty ``(0, 2)`` when the picture shows sky only, or nothing is known.
    """
    if not math.isfinite(height_m + azimuth_deg + elevation_deg + east_m + north_m) or height_m <= 0.0:
        return np.empty((0, 2))
    elevation, azimuth = math.radians(elevation_deg), math.radians(azimuth_deg)
    wide, high = (math.tan(math.radians(v) / 2.0) for v in fov_deg)
    if -math.sin(elevation) + math.cos(elevation) * high <= height_m / (50.0 * farthest_m):
        return np.empty((0, 2))  # even its lower edge does not come down to the ground within reach
    corners = []
    for x, y in ((-1.0, 1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)):
        ahead = math.cos(elevation) - y * high * math.sin(elevation)
        up = math.sin(elevation) + y * high * math.cos(elevation)
        right = x * wide
        level = math.hypot(ahead, right)
        scale = height_m / -up if up < 0.0 else math.inf
        scale = min(scale, farthest_m / max(level, 1e-9))
        corners.append((ahead * scale, right * scale))
    s, c = math.sin(azimuth), math.cos(azimuth)
    return np.array([[east_m + a * s + r * c, north_m + a * c - r * s] for a, r in corners])


def look_ahead(
    corners_en: FloatArray, motion: Motion, areas: Sequence[Fence], holds: Holds = "nose", horizon_s: float = _HORIZON_S
) -> tuple[LookAhead, ...]:
    """The areas that the picture shows now or will come to show within a minute, the nearest first."""
    if len(corners_en) < 3:
        return ()
    picture = Polygon(corners_en).convex_hull
    low, high = _swept(corners_en, motion, holds, horizon_s)
    found = []
    for area in areas:
        west, south, east, north = area.bounds()
        if west > high[0] or east < low[0] or south > high[1] or north < low[1]:
            continue
        if shapely.intersects(_shape(area), picture):
            found.append(LookAhead(area.name, 0.0))
            continue
        time_s = _first_meeting(np.asarray(picture.exterior.coords)[:-1], motion, area, holds, horizon_s)
        if time_s is not None:
            found.append(LookAhead(area.name, time_s))
    return tuple(sorted(found, key=lambda a: a.time_s))


def _shape(area: Fence) -> object:
    if area.circle is not None:
        return shapely.Point(area.circle[0], area.circle[1]).buffer(area.circle[2], 32)
    whole = Polygon(area.rings[0]).buffer(0.0)
    for ring in area.rings[1:]:
        whole = whole.symmetric_difference(Polygon(ring).buffer(0.0))
    return whole


def _swept(corners: FloatArray, motion: Motion, holds: Holds, horizon_s: float) -> tuple[FloatArray, FloatArray]:
    """A box round all that the picture comes over."""
    low, high = corners.min(axis=0), corners.max(axis=0)
    if holds == "place" or motion.speed_m_s == 0.0:
        return low, high
    if motion.turns and holds == "nose":
        centre = np.array(motion.centre)
        reach = float(np.hypot(*(corners - centre).T).max())
        return centre - reach, centre + reach
    west, south, east, north = motion.bounds(horizon_s)
    return (
        low + np.array([west - motion.east_m, south - motion.north_m]),
        high + np.array([east - motion.east_m, north - motion.north_m]),
    )


def _first_meeting(corners: FloatArray, motion: Motion, area: Fence, holds: Holds, horizon_s: float) -> float | None:
    if holds == "place" or motion.speed_m_s == 0.0:
        return None
    rings = area.rings
    if area.circle is not None:
        angle = np.linspace(0.0, 2.0 * math.pi, 64, endpoint=False)
        e, n, r = area.circle
        rings = (np.array([e, n]) + r * np.stack([np.cos(angle), np.sin(angle)], axis=1),)
    first = math.inf
    for ring in rings:
        for points, edges, back in ((corners, ring, False), (ring, corners, True)):
            a, b = np.ascontiguousarray(edges.T), np.ascontiguousarray(np.roll(edges, -1, axis=0).T)
            t = _times(points, a, b, motion, holds, back, horizon_s)
            first = min(first, float(t.min(initial=math.inf)))
    return first if math.isfinite(first) else None


def _times(
    points: FloatArray, a: FloatArray, b: FloatArray, motion: Motion, holds: Holds, back: bool, horizon_s: float
) -> FloatArray:
    """Corners of the picture against edges that stand, or (``back``) standing corners seen from the picture."""
    sign = -1.0 if back else 1.0
    if not motion.turns:
        velocity = (sign * motion.ve_m_s, sign * motion.vn_m_s)
        return straight_hits(points, velocity, a, b, horizon_s)[0]
    centre, here = np.array(motion.centre), np.array([motion.east_m, motion.north_m])
    if holds == "nose":
        middles = np.broadcast_to(centre, points.shape)
        return turning_hits(points, middles, sign * motion.turn_rad_s, a, b, horizon_s)[0]
    # On the same bearing every corner goes round a circle of its own, as large as the aircraft's.
    middles = points + sign * (centre - here)
    return turning_hits(points, middles, motion.turn_rad_s, a, b, horizon_s)[0]
