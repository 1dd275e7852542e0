"""What the planner knows of a place: the border with its named sides, zones, obstacles, launch and rally points, limits.

An *area folder* holds ``area.geojson`` and ``terrain.tif``. In the first, every feature has the property ``role``, and
may have a ``name``:

=========== ============ =======================================================================================
role        geometry     properties
=========== ============ =======================================================================================
border      LineString   ``left``, ``right``: names of the sides, seen along the line; ``own``: the name of our side
inclusion   a zone       the aircraft must stay inside
exclusion   a zone       the aircraft must stay out
no_look     a zone       the camera must not look there (no heights)
obstacle    Point        ``radius_m``, ``top_m``, ``top_reference``: a mast, a chimney
launch      Point        where aircraft take off; the first of several is home
rally       Point        a safe point
limits      none         ``wind_max_m_s``, ``gust_max_m_s``, ``visibility_min_m``, ``rain_max_mm_h``,
                         ``temperature_min_c``, ``temperature_max_c``; ``no_look_beyond_m``: the neighbour's land further
                         than this from the border is not looked at; ``inclusions``: ``all`` (the default: the aircraft
                         stays in every inclusion, as ArduPilot does) or ``any`` (one is enough)
=========== ============ =======================================================================================

A zone is a Polygon (with holes), a MultiPolygon (one zone for each part), a Point with ``radius_m`` (a circle) or a
LineString with ``half_width_m`` (a corridor), with the properties

- ``floor_m``, ``floor_reference``, ``ceiling_m``, ``ceiling_reference``: metres above ``home`` (the default), ``amsl`` or
  ``ground``; an exclusion forbids only what lies between them, an inclusion allows only that;
- ``windows``: times in UTC, ``Mo-Fr 22:00-04:00``, several after a semicolon (:mod:`geofences.windows`): when an exclusion
  forbids, when an inclusion allows;
- ``buffer_m``: what is kept free besides.

The limits may also stand in the ``properties`` of the collection itself. A property that is null counts as not there. An
unknown one is left alone unless it looks like a known one. ``docs/areas.md`` tells all this to planners.

GeoJSON positions are lon, lat; everything in Python here is lat, lon in that order and in degrees (WGS 84).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from geofences.area_features import (
    Feature,
    feature_of,
    lon_lat,
    obstacle_feature,
    read_features,
    read_limits,
    read_obstacle,
    read_zones,
    zone_feature,
)
from geofences.errors import ConfigError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.zone import (
    Circle,
    Corridor,
    Height,
    LatLon,
    NamedPoint,
    Obstacle,
    Reference,
    Role,
    TimeWindow,
    WeatherLimits,
    Zone,
)

__all__ = [
    "Area",
    "BorderLine",
    "Circle",
    "Corridor",
    "Height",
    "LatLon",
    "NamedPoint",
    "Obstacle",
    "Reference",
    "Role",
    "Side",
    "TimeWindow",
    "WeatherLimits",
    "Zone",
    "area_text",
    "parse_area",
    "read_area",
    "write_area",
]

Side = Literal["left", "right"]
_ZONE_ROLES: dict[str, Role] = {"inclusion": "inclusion", "exclusion": "exclusion", "no_look": "no_look"}


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
class Area:
    """Everything in one ``area.geojson``.

    ``launches``: all launch points, of which ``launch`` is the first (left empty: only that one). ``no_look_beyond_m``:
    the neighbour's land further than this from the border is not looked at; None: it may be. ``union_of_inclusions``:
    whether one inclusion is enough; otherwise the aircraft stays in all of them.
    """

    border: BorderLine
    inclusions: tuple[Zone, ...]
    exclusions: tuple[Zone, ...]
    launch: NamedPoint
    rally: tuple[NamedPoint, ...]
    no_look: tuple[Zone, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    launches: tuple[NamedPoint, ...] = ()
    weather: WeatherLimits | None = None
    no_look_beyond_m: float | None = None
    union_of_inclusions: bool = False

    def __post_init__(self) -> None:
        if not self.launches:
            object.__setattr__(self, "launches", (self.launch,))
        elif self.launches[0] != self.launch:
            raise ConfigError(
                f"the first of the launch points is {self.launches[0].name!r}, not {self.launch.name!r}",
                "put the launch point that is home first",
            )

    def frame(self, alt_amsl_m: float = 0.0) -> LocalFrame:
        """A local frame at the launch point; the one every part of the station uses for this area."""
        return LocalFrame(self.launch.lat_deg, self.launch.lon_deg, alt_amsl_m)


def read_area(path: Path) -> Area:
    """Read ``area.geojson``.

    Raises :class:`ConfigError` naming the file, the feature (counted from 0) and its name.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", "check the path of the area folder") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: is not a GeoJSON FeatureCollection: {error}", "export the area again") from error
    return parse_area(text, str(path))


def parse_area(text: str, path: str) -> Area:
    """An area from the text of a file called ``path``. Raises :class:`ConfigError` like :func:`read_area`."""
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: is not a GeoJSON FeatureCollection: {error}", "export the area again") from error
    border: BorderLine | None = None
    zones: dict[str, list[Zone]] = {"inclusion": [], "exclusion": [], "no_look": []}
    points: dict[str, list[NamedPoint]] = {"launch": [], "rally": []}
    obstacles: list[Obstacle] = []
    limits: list[Feature] = []
    split: Feature | None = None
    for feature in read_features(document, path):
        role = feature.role
        if role == "border":
            if border is not None:
                raise feature.error("is a second border", "keep one border line in a file")
            border = _border(feature)
        elif role in _ZONE_ROLES:
            parts = read_zones(feature, _ZONE_ROLES[role])
            zones[role].extend(parts)
            split = feature if role == "inclusion" and len(parts) > 1 else split
        elif role == "obstacle":
            obstacles.append(read_obstacle(feature))
        elif role == "limits":
            limits.append(feature)
        else:
            points[role].append(NamedPoint(feature.name, *feature.position()))
    if border is None:
        raise ConfigError(f"{path}: no feature has the role 'border'", "draw the border line with its two sides")
    launches = tuple(points["launch"])
    if not launches:
        raise ConfigError(f"{path}: no feature has the role 'launch'", "mark the launch point")
    collection = document.get("properties")
    if isinstance(collection, dict):
        made = {"features": [{"properties": {**collection, "role": "limits"}}]}
        limits.extend(read_features(made, f"{path}: properties of the collection"))
    weather, beyond_m, any_inclusion = _limits(limits)
    if split is not None and not any_inclusion:
        raise split.error(
            "its parts have no place in common, and the aircraft must stay in every inclusion at once",
            "add a feature with role limits and inclusions: any, or draw one polygon",
        )
    return Area(
        border,
        tuple(zones["inclusion"]),
        tuple(zones["exclusion"]),
        launches[0],
        tuple(points["rally"]),
        tuple(zones["no_look"]),
        tuple(obstacles),
        launches,
        weather,
        beyond_m,
        bool(any_inclusion),
    )


def _border(feature: Feature) -> BorderLine:
    names = [feature.text(name) for name in ("left", "right", "own")]
    left, right, own = names
    if left is None or right is None or own is None:
        missing = [n for n, v in zip(("left", "right", "own"), names, strict=True) if v is None]
        raise feature.error(
            f"is incomplete: the border has no {' and no '.join(missing)}", "name its two sides and ours"
        )
    if own not in (left, right):
        raise feature.error(f"own side {own!r} is neither {left!r} nor {right!r}", "name one of the two sides")
    if left == right:
        raise feature.error(f"both sides are named {left!r}", "give the sides two names")
    points = feature.line()
    if len(points) < 2:
        raise feature.error("the border has fewer than two points", "draw it again")
    return BorderLine(points, left, right, own)


def _limits(features: list[Feature]) -> tuple[WeatherLimits | None, float | None, bool | None]:
    """Of all places that set limits, together. Two may not set the same: which one holds would be a guess."""
    if not features:
        return None, None, None
    merged: dict[str, Any] = {}
    for feature in features:
        for name, value in feature.properties.items():
            if merged.setdefault(name, value) != value:
                raise feature.error(f"{name} is {value!r} here and {merged[name]!r} before", "set it once")
    last = features[-1]
    return read_limits(Feature(last.place, last.role, last.name, "", None, merged))


def write_area(area: Area, path: Path) -> None:
    """Write ``area.geojson``; :func:`read_area` gives the same area back."""
    path.write_text(area_text(area), encoding="utf-8")


def area_text(area: Area) -> str:
    """The content of ``area.geojson``. An area without anything new is written as it always was."""
    b = area.border
    features = [feature_of("border", "LineString", lon_lat(b.points), left=b.left, right=b.right, own=b.own)]
    roles: tuple[tuple[Role, tuple[Zone, ...]], ...] = (
        ("inclusion", area.inclusions),
        ("exclusion", area.exclusions),
        ("no_look", area.no_look),
    )
    for role, zones in roles:
        features += [zone_feature(z, role) for z in zones]
    features += [obstacle_feature(o) for o in area.obstacles]
    for kind, points in (("launch", area.launches), ("rally", area.rally)):
        features += [feature_of(kind, "Point", [p.lon_deg, p.lat_deg], name=p.name) for p in points]
    limits: dict[str, Any] = {} if area.weather is None else asdict(area.weather)
    limits["no_look_beyond_m"] = area.no_look_beyond_m
    limits["inclusions"] = "any" if area.union_of_inclusions else None
    limits = {name: value for name, value in limits.items() if value is not None}
    if limits:
        features.append(feature_of("limits", "", None, **limits))
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=1)
