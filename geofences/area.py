"""What the planner knows of a place: the border with its named sides, zones, launch and rally points.

An *area folder* holds ``area.geojson`` and ``terrain.tif``. In the first, every feature has the property ``role``:

=========== ========== =========================================================================================
role        geometry   properties
=========== ========== =========================================================================================
border      LineString ``left``, ``right``: names of the sides, seen along the line; ``own``: the name of our side
inclusion   Polygon    ``name``; the aircraft must stay inside
exclusion   Polygon    ``name``; the aircraft must stay out
launch      Point      ``name``; where the aircraft takes off (home)
rally       Point      ``name``; a safe point
=========== ========== =========================================================================================

GeoJSON positions are lon, lat; everything in Python here is lat, lon in that order and in degrees (WGS 84).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from geofences.errors import ConfigError
from geofences.geodesy import FloatArray, LocalFrame

LatLon = tuple[float, float]
Side = Literal["left", "right"]


@dataclass(frozen=True)
class BorderLine:
    """An oriented polyline on the ground with a name for each side.

    ``points`` are ``(lat_deg, lon_deg)``, at least two. "Left" is to the left of somebody who walks from the first
    point to the last.
    """

    points: tuple[LatLon, ...]
    left: str
    right: str
    own: str

    def side_name(self, side: Side) -> str:
        """The name of a side."""
        return self.left if side == "left" else self.right

    @property
    def own_side(self) -> Side:
        """Which side is ours."""
        return "left" if self.own == self.left else "right"

    def direction(self, from_side: Side, to_side: Side) -> str:
        """The text of a crossing's direction, the same everywhere in the program: ``"Arvenia->Belmark"``."""
        return f"{self.side_name(from_side)}->{self.side_name(to_side)}"

    def to_plane(self, frame: LocalFrame) -> FloatArray:
        """The vertices as east, north metres in ``frame``, shape ``(n, 2)``."""
        return frame.to_plane([p[0] for p in self.points], [p[1] for p in self.points])


@dataclass(frozen=True)
class Zone:
    """A polygon on the ground, exterior ring only, not closed (the last point is not the first)."""

    name: str
    points: tuple[LatLon, ...]


@dataclass(frozen=True)
class NamedPoint:
    """A named position on the ground."""

    name: str
    lat_deg: float
    lon_deg: float


@dataclass(frozen=True)
class Area:
    """Everything in one ``area.geojson``."""

    border: BorderLine
    inclusions: tuple[Zone, ...]
    exclusions: tuple[Zone, ...]
    launch: NamedPoint
    rally: tuple[NamedPoint, ...]

    def frame(self, alt_amsl_m: float = 0.0) -> LocalFrame:
        """A local frame at the launch point; the one every part of the station uses for this area."""
        return LocalFrame(self.launch.lat_deg, self.launch.lon_deg, alt_amsl_m)


def _lat_lon(position: list[float]) -> LatLon:
    return float(position[1]), float(position[0])


def _ring(name: str, coordinates: list[list[list[float]]]) -> tuple[LatLon, ...]:
    points = [_lat_lon(p) for p in coordinates[0]]
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    if len(points) < 3:
        raise ConfigError(f"zone {name!r} has {len(points)} corners", "give it at least three")
    return tuple(points)


def read_area(path: Path) -> Area:
    """Read ``area.geojson``.

    Raises :class:`ConfigError` naming the file and the feature that is missing or wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", "check the path of the area folder") from error
    return parse_area(text, str(path))


def parse_area(text: str, path: str) -> Area:
    """An area from the text of a file called ``path``. Raises :class:`ConfigError` like :func:`read_area`."""
    try:
        document: dict[str, Any] = json.loads(text)
        features: list[dict[str, Any]] = document["features"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: is not a GeoJSON FeatureCollection: {error}", "export the area again") from error
    border: BorderLine | None = None
    launch: NamedPoint | None = None
    inclusions: list[Zone] = []
    exclusions: list[Zone] = []
    rally: list[NamedPoint] = []
    for number, feature in enumerate(features):
        try:
            properties = feature["properties"]
            role, coordinates = properties["role"], feature["geometry"]["coordinates"]
            if role == "border":
                border = BorderLine(
                    tuple(_lat_lon(p) for p in coordinates), properties["left"], properties["right"], properties["own"]
                )
                if border.own not in (border.left, border.right):
                    raise ConfigError(
                        f"{path}: feature {number}: own side {border.own!r} is neither "
                        f"{border.left!r} nor {border.right!r}",
                        "name one of the two sides",
                    )
                if len(border.points) < 2:
                    raise ConfigError(
                        f"{path}: feature {number}: the border has fewer than two points", "draw it again"
                    )
            elif role in ("inclusion", "exclusion"):
                zone = Zone(str(properties.get("name", role)), _ring(str(properties.get("name", role)), coordinates))
                (inclusions if role == "inclusion" else exclusions).append(zone)
            elif role in ("launch", "rally"):
                point = NamedPoint(str(properties.get("name", role)), *_lat_lon(coordinates))
                if role == "launch":
                    launch = point
                else:
                    rally.append(point)
            else:
                raise ConfigError(
                    f"{path}: feature {number}: unknown role {role!r}",
                    "use border, inclusion, exclusion, launch or rally",
                )
        except (KeyError, TypeError, IndexError, ValueError) as error:
            raise ConfigError(f"{path}: feature {number} is incomplete: {error!r}", "see geofences/area.py") from error
    if border is None:
        raise ConfigError(f"{path}: no feature has the role 'border'", "draw the border line with its two sides")
    if launch is None:
        raise ConfigError(f"{path}: no feature has the role 'launch'", "mark the launch point")
    return Area(border, tuple(inclusions), tuple(exclusions), launch, tuple(rally))


def write_area(area: Area, path: Path) -> None:
    """Write ``area.geojson``; :func:`read_area` gives the same area back."""
    path.write_text(area_text(area), encoding="utf-8")


def area_text(area: Area) -> str:
    """The content of ``area.geojson``."""

    def feature(role: str, kind: str, coordinates: Any, **properties: str) -> dict[str, Any]:
        return {
            "type": "Feature",
            "properties": {"role": role, **properties},
            "geometry": {"type": kind, "coordinates": coordinates},
        }

    def lon_lat(points: tuple[LatLon, ...]) -> list[list[float]]:
        return [[lon, lat] for lat, lon in points]

    b = area.border
    features = [feature("border", "LineString", lon_lat(b.points), left=b.left, right=b.right, own=b.own)]
    for role, zones in (("inclusion", area.inclusions), ("exclusion", area.exclusions)):
        features += [feature(role, "Polygon", [lon_lat((*z.points, z.points[0]))], name=z.name) for z in zones]
    for role, points in (("launch", (area.launch,)), ("rally", area.rally)):
        features += [feature(role, "Point", [p.lon_deg, p.lat_deg], name=p.name) for p in points]
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=1)
