"""The way home that keeps the fence. RTL flies straight, and a straight line may lead through a zone to keep out of."""

from __future__ import annotations

import numpy as np
from shapely.geometry import Point

from geofences.area import LatLon
from geofences.geodesy import LocalFrame
from geofences.shapes import FlyRoom
from missions.fence_outlines import fence_outlines
from missions.patterns.routing import route
from missions.plan import Plan

_EDGE_M = 12.0


def return_corners(plan: Plan, lat_deg: float, lon_deg: float, edge_m: float = _EDGE_M) -> tuple[LatLon, ...] | None:
    """The corners to fly to, in order, before RTL is safe from there; empty when RTL is safe at once.

    RTL goes to the nearest of home and the rally points (``RALLY_INCL_HOME``, on by default on a Copter).
    ``edge_m`` is kept from the fence over and above its own margin where the place and home allow it. None when no way
    inside the fence leads home; then a straight return is all there is.
    """
    frame = LocalFrame(plan.home_lat_deg, plan.home_lon_deg)
    fence = plan.fence
    room = FlyRoom(*fence_outlines(fence), frame, union_of_inclusions=fence.union_of_inclusions)
    here = frame.to_plane(lat_deg, lon_deg)
    places = [np.zeros(2), *(frame.to_plane(r.lat_deg, r.lon_deg) for r in plan.rally)]
    home = min(places, key=lambda place: float(np.hypot(*(place - here))))
    if room.path_margin_m(np.stack([here, home])) >= fence.margin_m:
        return ()
    for kept_m in (edge_m, 0.0):
        # Mitred, since a way goes from corner to corner and a chord of a rounded one would cut into the margin.
        region = room.region.buffer(-fence.margin_m - kept_m, join_style="mitre")
        # The place and home may themselves lie nearer to the fence than the way should.
        ends = Point(here).buffer(2.0 * kept_m + 5.0).union(Point(home).buffer(2.0 * kept_m + 5.0))
        way = route(region.union(ends.intersection(room.region)), here, home)
        if way is not None:
            lat, lon = frame.from_plane(way[1:-1])
            return tuple((float(a), float(b)) for a, b in zip(lat, lon, strict=True))
    return None
