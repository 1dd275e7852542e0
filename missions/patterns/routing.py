"""Shortest ways round obstacles in the plane: a visibility graph over the corners of the allowed region."""

from __future__ import annotations

import heapq
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString

from geofences.geodesy import FloatArray

# A way along an edge lies on the region's boundary; without a hair's breadth it would count as outside.
_HAIR_M = 0.05


def route(region: Any, start_en_m: FloatArray, end_en_m: FloatArray) -> FloatArray | None:
    """The shortest polyline ``(n, 2)`` from start to end inside a shapely region, or None when there is none.

    Start and end are part of it even when they lie outside the region by a little; the way between is inside.
    """
    allowed = region.buffer(_HAIR_M)
    shapely.prepare(allowed)
    direct = np.stack([start_en_m, end_en_m])
    if allowed.covers(LineString(direct)) or float(np.hypot(*(end_en_m - start_en_m))) < 0.1:
        return direct
    corners = shapely.get_coordinates(region.simplify(0.5))
    nodes = np.concatenate([direct, np.unique(corners.round(3), axis=0)])
    best = np.full(len(nodes), np.inf)
    best[0] = 0.0
    came = np.full(len(nodes), -1)
    done = np.zeros(len(nodes), dtype=bool)
    queue = [(0.0, 0)]
    while queue:
        cost, i = heapq.heappop(queue)
        if done[i]:
            continue
        done[i] = True
        if i == 1:
            break
        step = np.hypot(*(nodes - nodes[i]).T)
        better = np.flatnonzero(~done & (cost + step < best))
        lines = shapely.linestrings(np.stack([np.broadcast_to(nodes[i], nodes[better].shape), nodes[better]], axis=1))
        for j in better[shapely.covers(allowed, lines)]:
            best[j], came[j] = cost + step[j], i
            heapq.heappush(queue, (float(best[j]), int(j)))
    if not np.isfinite(best[1]):
        return None
    way = [1]
    while way[-1] != 0:
        way.append(int(came[way[-1]]))
    return np.asarray(nodes[way[::-1]])
