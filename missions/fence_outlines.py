"""The areas of a fence as outlines, circles among them, for whatever draws or measures polygons only."""

from __future__ import annotations

import math

import numpy as np

from geofences.area import LatLon
from geofences.geodesy import LocalFrame
from geofences.shapes import to_lat_lon
from missions.plan import FenceCircle, FencePlan

_CORNERS = 64


def circle_outline(circle: FenceCircle, outside: bool, corners: int = _CORNERS) -> tuple[LatLon, ...]:
    """A regular polygon for a circle, (lat, lon), not closed: around it with ``outside``, else within it.

    At 64 corners the two differ by 0.12 % of the radius.
    """
    turn = np.linspace(0.0, 2.0 * math.pi, corners, endpoint=False)
    radius_m = circle.radius_m / math.cos(math.pi / corners) if outside else circle.radius_m
    frame = LocalFrame(circle.lat_deg, circle.lon_deg)
    return to_lat_lon(radius_m * np.stack([np.cos(turn), np.sin(turn)], axis=1), frame)


def fence_outlines(fence: FencePlan) -> tuple[list[tuple[LatLon, ...]], list[tuple[LatLon, ...]]]:
    """Inclusions and exclusions as outlines; a circle never leaves more room than it really does."""
    inclusions = [p.points for p in fence.inclusions]
    exclusions = [p.points for p in fence.exclusions]
    inclusions += [circle_outline(c, outside=False) for c in fence.inclusion_circles]
    exclusions += [circle_outline(c, outside=True) for c in fence.exclusion_circles]
    return inclusions, exclusions
