"""Fence items as they arrive, checked and built into shapes the way ArduPilot's polygon-fence loader does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from missions.mavlink import mavlink2 as m
from sim.autopilot.items import Item, valid_lat_lon

FENCE_STORAGE_BYTES = 560
MAX_FENCE_ITEMS = FENCE_STORAGE_BYTES // 8

_POLYGONS = (m.MAV_CMD_NAV_FENCE_POLYGON_VERTEX_INCLUSION, m.MAV_CMD_NAV_FENCE_POLYGON_VERTEX_EXCLUSION)
_CIRCLES = (m.MAV_CMD_NAV_FENCE_CIRCLE_INCLUSION, m.MAV_CMD_NAV_FENCE_CIRCLE_EXCLUSION)
_FRAMES = (
    m.MAV_FRAME_GLOBAL,
    m.MAV_FRAME_GLOBAL_INT,
    m.MAV_FRAME_GLOBAL_RELATIVE_ALT,
    m.MAV_FRAME_GLOBAL_RELATIVE_ALT_INT,
    m.MAV_FRAME_GLOBAL_TERRAIN_ALT,
    m.MAV_FRAME_GLOBAL_TERRAIN_ALT_INT,
)

LatLon = tuple[float, float]


@dataclass(frozen=True)
class FenceShapes:
    """The areas of a fence; points as (lat, lon) degrees, circles as (centre, radius in metres)."""

    inclusion_polygons: tuple[tuple[LatLon, ...], ...] = ()
    exclusion_polygons: tuple[tuple[LatLon, ...], ...] = ()
    inclusion_circles: tuple[tuple[LatLon, float], ...] = ()
    exclusion_circles: tuple[tuple[LatLon, float], ...] = ()

    @property
    def empty(self) -> bool:
        """No area at all."""
        return not (
            self.inclusion_polygons or self.exclusion_polygons or self.inclusion_circles or self.exclusion_circles
        )


class FenceInvalidError(Exception):
    """A fence that the loader refuses; the text is what the vehicle says in STATUSTEXT."""


def store_fence_item(item: Item) -> tuple[int, Item]:
    """``(MAV_MISSION_RESULT, the item as it will read back)``: frame, height and autocontinue are not kept."""
    if item.frame not in _FRAMES:
        return int(m.MAV_MISSION_UNSUPPORTED_FRAME), item
    if item.command in _POLYGONS:
        if not 0 <= item.param1 <= 255:
            return int(m.MAV_MISSION_INVALID_PARAM1), item
        param1 = float(int(item.param1))
    elif item.command in _CIRCLES:
        param1 = item.param1
    elif item.command == m.MAV_CMD_NAV_FENCE_RETURN_POINT:
        param1 = 0.0
    else:
        return int(m.MAV_MISSION_UNSUPPORTED), item
    stored = Item(item.command, m.MAV_FRAME_GLOBAL, param1, x=item.x, y=item.y, z=0.0, autocontinue=0)
    return int(m.MAV_MISSION_ACCEPTED), stored


def build_shapes(items: Sequence[Item]) -> FenceShapes:
    """The shapes of a whole list. Raises :class:`FenceInvalidError` with the vehicle's own words.

    Self-intersecting polygons and areas that exclude each other are not looked for: the vehicle does not either.
    """
    polygons: dict[int, list[tuple[LatLon, ...]]] = {kind: [] for kind in _POLYGONS}
    circles: dict[int, list[tuple[LatLon, float]]] = {kind: [] for kind in _CIRCLES}
    storage = 4
    returns = 0
    open_kind, open_count = 0, 0
    points: list[LatLon] = []
    for item in items:
        point = (item.x / 1e7, item.y / 1e7)
        if item.command in _POLYGONS:
            count = int(item.param1)
            if count < 3:
                raise FenceInvalidError(f"Invalid vertex count ({count})")
            if not points:
                open_kind, open_count = item.command, count
            elif item.command != open_kind:
                raise FenceInvalidError(f"Received incorrect vertex type (want={open_kind} got={item.command})")
            elif count != open_count:
                raise FenceInvalidError(f"Unexpected vertex count want={open_count} got={count}")
            points.append(point)
            if len(points) == open_count:
                polygons[open_kind].append(tuple(points))
                storage += 2 + 8 * len(points)
                points = []
        elif points:
            raise FenceInvalidError(f"Received incorrect type (want={open_kind} got={item.command})")
        elif item.command in _CIRCLES:
            if item.param1 <= 0:
                raise FenceInvalidError("Non-positive circle radius")
            circles[item.command].append((point, item.param1))
            storage += 13
        else:
            returns += 1
            storage += 9
            if returns > 1:
                raise FenceInvalidError("Multiple return points")
        if not valid_lat_lon(item.x, item.y):
            raise FenceInvalidError("Bad lat or lon")
    if points:
        raise FenceInvalidError("Incorrect item count")
    if storage > FENCE_STORAGE_BYTES:
        raise FenceInvalidError("Fence exceeds storage size")
    return FenceShapes(
        tuple(polygons[_POLYGONS[0]]),
        tuple(polygons[_POLYGONS[1]]),
        tuple(circles[_CIRCLES[0]]),
        tuple(circles[_CIRCLES[1]]),
    )
