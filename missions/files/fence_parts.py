"""A fence as areas instead of single items: what formats other than MAVLink's own list hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from geofences.errors import PlanError
from missions.codec import (
    FENCE_CIRCLE_EXCLUSION,
    FENCE_CIRCLE_INCLUSION,
    FENCE_POLYGON_EXCLUSION,
    FENCE_POLYGON_INCLUSION,
    FENCE_RETURN_POINT,
    FRAME_GLOBAL,
    FRAME_GLOBAL_RELATIVE_ALT,
    MissionKind,
    WireItem,
)
from missions.files.drawing import counted

MOST_CORNERS = 255
_POLYGONS = (FENCE_POLYGON_INCLUSION, FENCE_POLYGON_EXCLUSION)
_CIRCLES = (FENCE_CIRCLE_INCLUSION, FENCE_CIRCLE_EXCLUSION)


@dataclass(frozen=True)
class FencePart:
    """A polygon, a circle or the return point. ``points_e7``: (lat, lon) in 1e-7 degrees; a circle's is its centre.

    ``z`` and ``frame`` are the return point's.
    """

    kind: Literal["polygon", "circle", "return"]
    points_e7: tuple[tuple[int, int], ...]
    inclusion: bool = False
    radius_m: float = 0.0
    z: float = 0.0
    frame: int = FRAME_GLOBAL_RELATIVE_ALT

    @property
    def words(self) -> str:
        """``inclusion polygon``, ``exclusion circle`` or ``return point``."""
        return "return point" if self.kind == "return" else f"{'in' if self.inclusion else 'ex'}clusion {self.kind}"


def parts_of(items: Sequence[WireItem]) -> tuple[FencePart, ...]:
    """The areas of a list. Raises :class:`PlanError` for a polygon that is not whole or an unknown command."""
    parts: list[FencePart] = []
    at = 0
    while at < len(items):
        item = items[at]
        if item.command in _POLYGONS:
            count = int(item.param1) if 3 <= item.param1 <= len(items) - at else 0
            corners = items[at : at + count]
            if not corners or any((c.command, c.param1) != (item.command, item.param1) for c in corners):
                raise PlanError(f"fence item {item.seq}: its polygon is not whole", "make the fence again")
            if count > MOST_CORNERS:
                raise PlanError(
                    f"fence item {item.seq}: a polygon of {count} corners, an aircraft takes {MOST_CORNERS}",
                    "draw it with fewer corners",
                )
            points = tuple((c.x, c.y) for c in corners)
            parts.append(FencePart("polygon", points, item.command == FENCE_POLYGON_INCLUSION))
            at += len(corners)
            continue
        if item.command in _CIRCLES:
            inclusion = item.command == FENCE_CIRCLE_INCLUSION
            parts.append(FencePart("circle", ((item.x, item.y),), inclusion, item.param1))
        elif item.command == FENCE_RETURN_POINT:
            parts.append(FencePart("return", ((item.x, item.y),), z=item.z, frame=item.frame))
        else:
            raise PlanError(
                f"fence item {item.seq}: command {item.command} is no part of a fence", "clear the fence first"
            )
        at += 1
    return tuple(parts)


def fence_of(parts: Iterable[FencePart]) -> tuple[WireItem, ...]:
    """The list of some areas, as :func:`missions.codec.fence_items` makes it."""
    found: list[WireItem] = []
    kind = MissionKind.FENCE
    for part in parts:
        if part.kind == "polygon":
            command, param1 = _POLYGONS[0 if part.inclusion else 1], float(len(part.points_e7))
        elif part.kind == "circle":
            command, param1 = _CIRCLES[0 if part.inclusion else 1], part.radius_m
        else:
            command, param1 = FENCE_RETURN_POINT, 0.0
        frame = part.frame if part.kind == "return" else FRAME_GLOBAL
        found += [
            WireItem(kind, len(found) + n, command, frame, param1, x=x, y=y, z=part.z)
            for n, (x, y) in enumerate(part.points_e7)
        ]
    return tuple(found)


def summary(parts: Iterable[FencePart]) -> str:
    """``2 exclusion polygons, 1 return point``."""
    numbers = Counter(p.words for p in parts)
    return ", ".join(counted(n, words) for words, n in numbers.items())


def more_than_areas(items: Sequence[WireItem]) -> list[str]:
    """What fence items say beyond their areas, which files of areas do not hold: groups of inclusions."""
    groups = sum(1 for i in items if i.command in (*_POLYGONS, *_CIRCLES) and i.param2 not in (0.0,))
    return [f"{counted(groups, 'fence item')}: the group of the inclusion (parameter 2)"] if groups else []
