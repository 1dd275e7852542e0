"""Random regions for tests: concave outlines, thin arms, holes that touch nothing or nearly everything."""

from __future__ import annotations

import math

import numpy as np
import shapely
from hypothesis import strategies as st
from shapely.geometry import Point, Polygon, box


def ragged(corners: int, seed: int, radius_m: float = 500.0, holes: int = 0, least: float = 0.35) -> Polygon:
    """A star-shaped outline with that many corners, bays down to ``least`` of its radius, and holes."""
    draw = np.random.default_rng(seed)
    angle = np.sort(draw.uniform(0.0, 2.0 * math.pi, corners))
    radius = radius_m * draw.uniform(least, 1.0, corners)
    outline = Polygon(np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)).buffer(0)
    outline = max(shapely.get_parts(outline), key=lambda p: p.area)
    cuts = [
        Point(draw.uniform(-0.5, 0.5, 2) * radius_m).buffer(draw.uniform(0.02, 0.12) * radius_m, quad_segs=3)
        for _ in range(holes)
    ]
    whole = outline.difference(shapely.union_all(cuts)) if cuts else outline
    return max(shapely.get_parts(whole), key=lambda p: p.area)


@st.composite
def regions(draw: st.DrawFn) -> Polygon:
    """Boxes glued together or cut out of each other, and ragged outlines."""
    if draw(st.booleans()):
        return ragged(draw(st.integers(5, 30)), draw(st.integers(0, 10**6)), holes=draw(st.integers(0, 4)))
    size = st.integers(60, 500)
    place = st.integers(0, 600)
    shape = box(0.0, 0.0, 600.0, 400.0)
    for _ in range(draw(st.integers(0, 4))):
        east, north = draw(place), draw(place)
        part = box(east, north, east + draw(size), north + draw(size))
        shape = shape.union(part) if draw(st.booleans()) else shape.difference(part)
    shape = shapely.affinity.rotate(shape, draw(st.floats(0.0, 180.0)), origin=(0.0, 0.0))
    shape = shapely.set_precision(shape.buffer(0), 1e-3)
    parts = [p for p in shapely.get_parts(shape) if p.area > 1000.0]
    return max(parts, key=lambda p: p.area) if parts else box(0.0, 0.0, 300.0, 200.0)
