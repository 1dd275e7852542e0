"""Where the places of a plan lie on its sheet: what must be on the map, and from metres to pixels."""

from __future__ import annotations

import numpy as np
import shapely
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QPainterPath, QPolygonF
from shapely.geometry import LineString, Polygon

from geofences.area import Area
from geofences.geodesy import FloatArray, LocalFrame
from geofences.shapes import to_plane
from groundstation.app.plan_picture_data import Drawing
from missions.plan import Plan

_LEAST_SPAN_M = 200.0
_BORDER_BESIDE = 0.35


class View:
    """From metres in the plane of ``frame`` to pixels of the map."""

    def __init__(self, frame: LocalFrame, low: FloatArray, high: FloatArray, rect: QRectF) -> None:
        self.frame, self.rect = frame, rect
        span = high - low
        self.px_per_m = min(rect.width() / span[0], rect.height() / span[1])
        self.middle = 0.5 * (low + high)

    def point(self, en_m: FloatArray) -> QPointF:
        """One place."""
        x = self.rect.center().x() + (float(en_m[0]) - self.middle[0]) * self.px_per_m
        return QPointF(x, self.rect.center().y() - (float(en_m[1]) - self.middle[1]) * self.px_per_m)

    def line(self, en_m: FloatArray) -> QPolygonF:
        """Several."""
        return QPolygonF([self.point(p) for p in en_m])

    def path(self, geometry: object) -> QPainterPath:
        """Polygons with their holes."""
        path = QPainterPath()
        for part in shapely.get_parts(geometry):
            if isinstance(part, Polygon) and not part.is_empty:
                for ring in (part.exterior, *part.interiors):
                    path.addPolygon(self.line(np.asarray(ring.coords)))
        path.setFillRule(Qt.FillRule.OddEvenFill)
        return path

    def metres(self, x: FloatArray, y: FloatArray) -> FloatArray:
        """Places of pixels."""
        east = self.middle[0] + (x - self.rect.center().x()) / self.px_per_m
        return np.stack([east, self.middle[1] - (y - self.rect.center().y()) / self.px_per_m], axis=-1)

    @property
    def box(self) -> Polygon:
        """The rectangle of the map on the ground, shapely."""
        corners = self.metres(
            np.array([self.rect.left(), self.rect.right()]), np.array([self.rect.bottom(), self.rect.top()])
        )
        return shapely.box(*corners[0], *corners[1])


def extent_of(plan: Plan, area: Area | None, drawing: Drawing, frame: LocalFrame) -> tuple[FloatArray, FloatArray]:
    """What must be on the map: the way, the plan's fence unless it is far larger, some border beside it."""
    way = [leg.en_m for leg in drawing.legs] or [np.zeros((1, 2))]
    way += [to_plane([(r.lat_deg, r.lon_deg) for r in plan.rally], frame)] if plan.rally else []
    if drawing.swath is not None:
        west, south, east, north = drawing.swath.bounds
        way.append(np.array([[west, south], [east, north]]))
    way.append(np.zeros((1, 2)))
    places = np.concatenate(way)
    low, high = places.min(axis=0), places.max(axis=0)
    span = max(float((high - low).max()), _LEAST_SPAN_M)
    fence = [to_plane(p.points, frame) for p in (*plan.fence.inclusions, *plan.fence.exclusions)]
    for c in (*plan.fence.inclusion_circles, *plan.fence.exclusion_circles):
        middle = frame.to_plane(c.lat_deg, c.lon_deg)
        fence.append(np.array([middle - c.radius_m, middle + c.radius_m]))
    for ring in fence:
        # A fence that would make the way a speck is cut off at the edge of the map.
        low = np.maximum(np.minimum(low, ring.min(axis=0)), places.min(axis=0) - 1.2 * span)
        high = np.minimum(np.maximum(high, ring.max(axis=0)), places.max(axis=0) + 1.2 * span)
    if area is not None:
        line = LineString(area.border.to_plane(frame))
        near = shapely.intersection(line, shapely.box(*(low - _BORDER_BESIDE * span), *(high + _BORDER_BESIDE * span)))
        if not near.is_empty:
            west, south, east, north = near.bounds
            low, high = np.minimum(low, [west, south]), np.maximum(high, [east, north])
    least = np.maximum(high - low, _LEAST_SPAN_M)
    middle = 0.5 * (low + high)
    room = 1.12 * least
    return middle - 0.5 * room, middle + 0.5 * room
