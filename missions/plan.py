"""A plan as one object: mission, fence and rally points for one aircraft."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass

from geofences.area import LatLon


@dataclass(frozen=True)
class MissionItem:
    """The content of one ``MISSION_ITEM_INT`` without its sequence number.

    ``x`` and ``y`` are degrees * 1e7 (latitude, longitude) for items with a position, ``z`` is metres in the reference
    that ``frame`` names (``MAV_FRAME``).
    """

    command: int
    frame: int
    param1: float = 0.0
    param2: float = 0.0
    param3: float = 0.0
    param4: float = 0.0
    x: int = 0
    y: int = 0
    z: float = 0.0
    autocontinue: int = 1


@dataclass(frozen=True)
class FencePolygon:
    """A polygon fence; ``points`` as (lat, lon) degrees, not closed."""

    name: str
    points: tuple[LatLon, ...]


@dataclass(frozen=True)
class FenceCircle:
    """A round fence: centre in degrees, radius in metres over ground."""

    name: str
    lat_deg: float
    lon_deg: float
    radius_m: float


@dataclass(frozen=True)
class FencePlan:
    """The geofence: where it must stay, where it must not go, and how high, above home.

    All inclusions, polygons and circles, are intersected by the aircraft unless ``union_of_inclusions``.
    """

    inclusions: tuple[FencePolygon, ...] = ()
    exclusions: tuple[FencePolygon, ...] = ()
    alt_max_rel_home_m: float = 150.0
    margin_m: float = 5.0
    union_of_inclusions: bool = False
    inclusion_circles: tuple[FenceCircle, ...] = ()
    exclusion_circles: tuple[FenceCircle, ...] = ()

    @property
    def inclusion_count(self) -> int:
        """Polygons and circles to stay in."""
        return len(self.inclusions) + len(self.inclusion_circles)

    @property
    def has_areas(self) -> bool:
        """Whether anything but heights bounds it."""
        return bool(self.inclusions or self.exclusions or self.inclusion_circles or self.exclusion_circles)


@dataclass(frozen=True)
class RallyPoint:
    """A safe point; altitude above home."""

    lat_deg: float
    lon_deg: float
    alt_rel_home_m: float


@dataclass(frozen=True)
class Plan:
    """Everything one aircraft is given. ``items`` excludes home: ``items[0]`` becomes sequence number 1."""

    name: str
    home_lat_deg: float
    home_lon_deg: float
    home_alt_amsl_m: float
    items: tuple[MissionItem, ...]
    fence: FencePlan
    rally: tuple[RallyPoint, ...] = ()

    def digest(self) -> str:
        """SHA-256 of the content, hexadecimal; equal plans have equal digests."""
        content = asdict(self)
        for circles in ("inclusion_circles", "exclusion_circles"):
            # A plan without circles keeps the digest that stations have stored for it.
            if not content["fence"][circles]:
                del content["fence"][circles]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
