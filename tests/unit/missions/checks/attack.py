"""An independent judge of a flown path, by brute force: fine samples, an even-odd ray test written out, plain arithmetic.

Nothing here uses shapely or the code under test but for the path itself (which is what is judged) and the names of its
stretches. The rules are those of ArduPilot's ``Polygon_outside`` (on raw degrees) and ``Location::get_distance``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from missions.plan import FencePlan

SCALE = 111_318.84502145034
HOME = (49.0, 22.0)
MOST_SAMPLES = 150


def to_degrees(points):
    """Map metres to (lat, lon), written out once more."""
    lat = HOME[0] + points[:, 1] / SCALE
    return np.stack([lat, HOME[1] + points[:, 0] / SCALE / np.cos(np.radians((lat + HOME[0]) / 2.0))], axis=1)


def to_metres(places):
    """(lat, lon) to map metres."""
    places = np.asarray(places, dtype=float).reshape(-1, 2)
    north = (places[:, 0] - HOME[0]) * SCALE
    return np.stack(
        [(places[:, 1] - HOME[1]) * SCALE * np.cos(np.radians((places[:, 0] + HOME[0]) / 2.0)), north], axis=1
    )


def odd_crossings(places, corners):
    """Even-odd rule: which of ``places`` lie in the polygon of ``corners``, both (lat, lon) degrees."""
    inside = np.zeros(len(places), dtype=bool)
    y, x = places[:, 0], places[:, 1]
    for (y1, x1), (y2, x2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if y1 == y2:
            continue
        crosses = (y1 > y) != (y2 > y)
        inside ^= crosses & (x < x1 + (y - y1) / (y2 - y1) * (x2 - x1))
    return inside


def cut_edges(corners):
    """The edges of a polygon, straight in degrees, in pieces short enough to be straight in metres: from, to ``(n, 2)``."""
    ring = np.asarray([*corners, corners[0]], dtype=float)
    pieces = []
    for a, b in pairwise(ring):
        share = np.linspace(0.0, 1.0, 2 + int(math.dist(a, b) * SCALE / 2000.0))[:, None]
        cut = to_metres(a + share * (b - a))
        pieces.append(np.stack([cut[:-1], cut[1:]], axis=1))
    return np.concatenate(pieces)


def from_edges(points, edges):
    """Distance of places ``(n, 2)`` from the nearest of ``edges`` ``(m, 2, 2)``, all in map metres."""
    best = np.full(len(points), np.inf)
    for p, q in edges:
        way = q - p
        t = np.clip(((points - p) @ way) / max(way @ way, 1e-12), 0.0, 1.0)
        best = np.minimum(best, np.hypot(*(points - p - t[:, None] * way).T))
    return best


def from_circle(places, circle):
    """Signed distance from a circle, positive inside, by ``Location::get_distance``."""
    north = (places[:, 0] - circle.lat_deg) * SCALE
    mean = np.radians((places[:, 0] + circle.lat_deg) / 2.0)
    east = (places[:, 1] - circle.lon_deg) * SCALE * np.cos(mean)
    return circle.radius_m - np.hypot(east, north)


@dataclass
class Judged:
    """Of every place: may the aircraft be there, and how far is the nearest line that could matter."""

    allowed: np.ndarray
    edge_m: np.ndarray


def judge(fence: FencePlan, points) -> Judged:
    """``AC_PolyFence_loader::breached`` for map metres ``(n, 2)``."""
    points = np.asarray(points, dtype=float).reshape(-1, 2)
    places = to_degrees(points)
    rings = [p.points for p in (*fence.inclusions, *fence.exclusions)]
    lines = np.concatenate([cut_edges(list(r)) for r in rings]) if rings else np.empty((0, 2, 2))
    inside, outside, edges = [], [], [from_edges(points, lines)]
    for polygons, found in ((fence.inclusions, inside), (fence.exclusions, outside)):
        for polygon in polygons:
            found.append(odd_crossings(places, list(polygon.points)))
    for circles, found in ((fence.inclusion_circles, inside), (fence.exclusion_circles, outside)):
        for circle in circles:
            signed = from_circle(places, circle)
            found.append(signed > 0.0)
            edges.append(np.abs(signed))
    allowed = np.ones(len(places), dtype=bool)
    if inside:
        allowed = np.any(inside, axis=0) if fence.union_of_inclusions else np.all(inside, axis=0)
    if outside:
        allowed &= ~np.any(outside, axis=0)
    return Judged(allowed, np.min(edges, axis=0))


def samples(starts, ends, every_m=0.5, most=MOST_SAMPLES):
    """Places along straight pieces, at most ``most`` each: the places, the piece of each, and the gap on each piece."""
    length = np.hypot(*(ends - starts).T)
    count = np.clip(length / every_m, 2, most).astype(int)
    piece = np.repeat(np.arange(len(starts)), count)
    share = (np.arange(len(piece)) - np.repeat(np.cumsum(count) - count, count)) / (count[piece] - 1)
    return starts[piece] + share[:, None] * (ends - starts)[piece], piece, length / (count - 1)
