"""The lie of the land: border, roads, forests, fields, village, fences, drawn by the seed.

Most of it is laid out in *line coordinates*: ``s`` metres along the border from the middle of the patrolled stretch,
``d`` metres from the line, positive on the left, which is our own side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geofences.geodesy import FloatArray

_VERTEX_SPACING_M = 80.0
_HALF_LENGTH_M = 1200.0


@dataclass(frozen=True, eq=False)
class LineCoordinates:
    """The border as a polyline and the map from (s, d) to (east, north).

    ``vertices`` is ``(n, 2)`` east, north; ``s_vertices`` ``(n,)``; ``headings_rad`` ``(n,)`` the line's smoothed
    direction at the vertices, counter-clockwise from east.
    """

    vertices: FloatArray
    s_vertices: FloatArray
    headings_rad: FloatArray

    @classmethod
    def from_seed(cls, rng: np.random.Generator) -> LineCoordinates:
        """A line through the origin, within 30 degrees of east-west, with bends of a few degrees at its vertices."""
        course = np.radians(rng.uniform(-30.0, 30.0)) + (np.pi if rng.random() < 0.5 else 0.0)
        count = int(2 * _HALF_LENGTH_M / _VERTEX_SPACING_M)
        s_mid = (np.arange(count) + 0.5) * _VERTEX_SPACING_M - _HALF_LENGTH_M
        bend = np.zeros(count)
        for wavelength, size in ((900.0, 7.0), (420.0, 4.5), (260.0, 2.5)):
            bend += np.radians(size) * np.sin(2 * np.pi * s_mid / wavelength + rng.uniform(0, 2 * np.pi))
        direction = course + bend
        steps = _VERTEX_SPACING_M * np.stack([np.cos(direction), np.sin(direction)], axis=-1)
        vertices = np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])
        s_vertices = np.arange(count + 1) * _VERTEX_SPACING_M - _HALF_LENGTH_M
        vertices -= vertices[count // 2]
        headings = np.concatenate([direction[:1], (direction[1:] + direction[:-1]) / 2, direction[-1:]])
        return cls(vertices, np.asarray(s_vertices, dtype=np.float64), headings)

    def course_rad(self) -> float:
        """Direction of the line in the middle, counter-clockwise from east."""
        return float(np.interp(0.0, self.s_vertices, self.headings_rad))

    def to_plane(self, s_m: ArrayLike, d_m: ArrayLike) -> FloatArray:
        """``(..., 2)`` east, north. The normal turns smoothly from vertex to vertex, so offset lines do not break."""
        s, d = np.broadcast_arrays(np.asarray(s_m, dtype=np.float64), np.asarray(d_m, dtype=np.float64))
        heading = np.interp(s, self.s_vertices, self.headings_rad)
        east = np.interp(s, self.s_vertices, self.vertices[:, 0]) - d * np.sin(heading)
        north = np.interp(s, self.s_vertices, self.vertices[:, 1]) + d * np.cos(heading)
        return np.stack([east, north], axis=-1)

    def signed_distance_m(self, en_m: ArrayLike) -> FloatArray:
        """Distance of points ``(n, 2)`` from the polyline, positive on its left, shape ``(n,)``."""
        p = np.asarray(en_m, dtype=np.float64)
        a, b = self.vertices[:-1], self.vertices[1:]
        ab = b - a
        ap = p[:, None, :] - a[None]
        t = np.clip((ap * ab).sum(-1) / (ab * ab).sum(-1), 0.0, 1.0)
        gap = ap - t[..., None] * ab
        distance = np.hypot(gap[..., 0], gap[..., 1])
        nearest = distance.argmin(axis=1)
        rows = np.arange(len(p))
        near_ab, near_ap = ab[nearest], ap[rows, nearest]
        left = near_ab[:, 0] * near_ap[:, 1] - near_ab[:, 1] * near_ap[:, 0]
        return np.asarray(np.where(left >= 0, 1.0, -1.0) * distance[rows, nearest])


@dataclass(frozen=True, eq=False)
class Road:
    """``points`` ``(n, 2)`` east, north; ``kind`` is "asphalt" or "track"; ``crosses`` tells that it passes the border."""

    points: FloatArray
    width_m: float
    kind: str
    crosses: bool


@dataclass(frozen=True, eq=False)
class Layout:
    """Everything that does not move, as polygons ``(n, 2)`` and polylines in east, north metres."""

    line: LineCoordinates
    stretch_m: float
    roads: tuple[Road, ...]
    forests: tuple[FloatArray, ...]
    fields: tuple[tuple[FloatArray, int], ...]
    """Parcels with a crop number 0..5."""
    village: FloatArray
    houses: tuple[tuple[FloatArray, float], ...]
    """Outlines of roofs and their heights."""
    inclusion: FloatArray
    launch: FloatArray
    rally: tuple[FloatArray, ...]
    mirror: float
    """+1 or -1: on which end of the stretch the village lies."""


def _wavy(rng: np.random.Generator, line: LineCoordinates, s: FloatArray, d: FloatArray, size_m: float) -> FloatArray:
    wave = size_m * np.sin(np.linspace(0, rng.uniform(2, 5) * np.pi, len(s)) + rng.uniform(0, 6.3))
    return line.to_plane(s, d + wave)


def make_layout(rng: np.random.Generator, stretch_m: float) -> Layout:
    """Draw a land by ``rng`` around a patrolled stretch of ``stretch_m``."""
    line = LineCoordinates.from_seed(rng)
    half = stretch_m / 2
    mirror = 1.0 if rng.random() < 0.5 else -1.0

    s_long = np.arange(-900.0, 901.0, 30.0)
    d_cross = np.arange(330.0, -331.0, -15.0)
    road_s = -mirror * rng.uniform(0.3, 0.7) * half
    track_s = mirror * rng.uniform(0.15, 0.75) * half
    roads = (
        Road(_wavy(rng, line, s_long, np.full_like(s_long, rng.uniform(36, 52)), 5.0), 5.5, "asphalt", False),
        Road(_wavy(rng, line, s_long, np.full_like(s_long, rng.uniform(-60, -40)), 6.0), 2.8, "track", False),
        Road(_wavy(rng, line, road_s + d_cross * rng.uniform(-0.25, 0.25), d_cross, 0.0), 5.0, "asphalt", True),
        Road(_wavy(rng, line, track_s + d_cross * rng.uniform(-0.3, 0.3), d_cross, 0.0), 2.6, "track", True),
    )

    village_s, village_d = mirror * 0.45 * half, 149.0
    corners = np.array([[-50, -40], [48, -43], [58, 5], [42, 44], [-46, 40]]) * rng.uniform(0.92, 1.0, (5, 2))
    village = line.to_plane(village_s + corners[:, 0], village_d + corners[:, 1])
    houses = []
    for s0 in (-32.0, -10.0, 12.0, 33.0):
        for d0 in (-22.0, 1.0, 23.0):
            if rng.random() < 0.2:
                continue
            angle, length, width = rng.uniform(-0.3, 0.3), rng.uniform(9, 14), rng.uniform(7, 9)
            box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [length / 2, width / 2]
            turned = box @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            centre = np.array([village_s + s0 + rng.uniform(-3, 3), village_d + d0 + rng.uniform(-3, 3)])
            roof = turned + centre
            houses.append((line.to_plane(roof[:, 0], roof[:, 1]), rng.uniform(4, 7)))

    forests = []
    for side in (1.0, -1.0):
        s = -920.0
        while s < 900.0:
            length = rng.uniform(90, 260)
            near = rng.uniform(95, 140) if side < 0 else rng.uniform(235, 290)
            edge_s = np.linspace(s, s + length, 8)
            edge_d = side * (near + rng.uniform(-12, 12, 8))
            back = line.to_plane(edge_s[::-1], np.full(8, side * 480.0))
            forests.append(np.concatenate([line.to_plane(edge_s, edge_d), back]))
            s += length + rng.uniform(10, 120)

    parcels = []
    for side in (1.0, -1.0):
        s = -920.0
        while s < 900.0:
            width, far = rng.uniform(45, 150), 470.0
            split = rng.uniform(60, 230)
            for d0, d1 in ((6.0, split), (split, far)):
                corner_s = np.array([s, s + width, s + width, s])
                corner_d = side * np.array([d0, d0, d1, d1])
                parcels.append((line.to_plane(corner_s, corner_d), int(rng.integers(0, 6))))
            s += width

    margin_s = half + 250.0
    along = np.linspace(-margin_s, margin_s, 13)
    inclusion = np.concatenate([line.to_plane(along, 12.0), line.to_plane(along[::-1], 260.0)])
    return Layout(
        line=line,
        stretch_m=stretch_m,
        roads=roads,
        forests=tuple(forests),
        fields=tuple(parcels),
        village=village,
        houses=tuple(houses),
        inclusion=inclusion,
        launch=line.to_plane(-mirror * rng.uniform(0.0, 15.0), 150.0),
        rally=(line.to_plane(-mirror * 0.6 * half, 205.0),),
        mirror=mirror,
    )
