"""GeoJSON features of an area file, one at a time: zones, obstacles and limits from them and back into them.

Shared by ``area.geojson`` (:mod:`geofences.area`, where the properties are listed) and the file of no-look areas. What a
planner wrote and the program would not use is refused rather than left out: a ceiling with a typing error is no ceiling.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from geofences.errors import ConfigError
from geofences.outlines import drawn_zone, outline
from geofences.seam import joined_line, joined_polygons
from geofences.windows import parse_windows, windows_text
from geofences.zone import Circle, Corridor, Height, LatLon, Obstacle, Role, TimeWindow, WeatherLimits, Zone

WEATHER_NAMES = tuple(f.name for f in fields(WeatherLimits))
_HEIGHTS = ("floor_m", "floor_reference", "ceiling_m", "ceiling_reference")
_SHAPE = ("windows", "buffer_m", "radius_m", "half_width_m")
PROPERTIES: dict[str, tuple[str, ...]] = {
    "border": ("left", "right", "own"),
    "inclusion": (*_HEIGHTS, *_SHAPE),
    "exclusion": (*_HEIGHTS, *_SHAPE),
    "no_look": _SHAPE,
    "obstacle": ("radius_m", "top_m", "top_reference"),
    "launch": (),
    "rally": (),
    "limits": (*WEATHER_NAMES, "no_look_beyond_m", "inclusions"),
}
"""The properties that each role has, besides ``role`` and ``name``."""
_KNOWN = sorted({"role", "name", *(p for of_role in PROPERTIES.values() for p in of_role)})
_STEMS = ("floor", "ceiling", "buffer", "window", "radius", "half_width", "no_look", "wind_", "gust", "visibility")
_ALIKE = 0.78


@dataclass(frozen=True)
class Feature:
    """One feature of a file: where it stands, for messages, its role, its geometry and the properties that are set.

    A property that is null counts as not there: map editors give every feature all columns of the table.
    """

    place: str
    role: str
    name: str
    kind: str
    coordinates: Any
    properties: dict[str, Any]

    def error(self, text: str, remedy: str) -> ConfigError:
        """An error that names the file, the feature's number and its name."""
        return ConfigError(f"{self.place}: {text}", remedy)

    def number(self, name: str) -> float | None:
        """A property that must be a finite number, None where it is not set."""
        value = self.properties.get(name)
        if value is None:
            return None
        if not _is_number(value):
            raise self.error(f"{name} is {value!r}, not a number", f"write it as a number, like {name}: 50")
        return float(value)

    def text(self, name: str) -> str | None:
        """A property that must be a text, None where it is not set."""
        value = self.properties.get(name)
        if value is not None and not isinstance(value, str):
            raise self.error(f"{name} is {value!r}, not a text", "put it into quotation marks")
        return value

    def position(self) -> LatLon:
        """The place of a Point."""
        if self.kind != "Point":
            raise self.error(f"a {self.role} is a Point, this is a {self.kind}", "draw it as a point")
        return lat_lon(self, self.coordinates)

    def line(self) -> tuple[LatLon, ...]:
        """The points of a LineString, or of a MultiLineString that was only cut at the 180th meridian."""
        if self.kind not in ("LineString", "MultiLineString"):
            raise self.error(f"a {self.role} is a LineString, this is a {self.kind}", "draw it as one line")
        parts = [self.coordinates] if self.kind == "LineString" else self.coordinates
        lines = [tuple(lat_lon(self, p) for p in _list(self, part)) for part in _list(self, parts)]
        joined = joined_line(lines)
        if joined is None:
            raise self.error(f"its {len(lines)} lines do not follow one another", "draw it as one line")
        return joined


def read_features(document: Any, path: str, default_role: str | None = None) -> Iterator[Feature]:
    """The features of a FeatureCollection, in their order, numbered from 0; members that have no role get the default.

    Raises :class:`ConfigError` that names the file, the number and the name of the feature.
    """
    features: Any = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list):
        raise ConfigError(f"{path}: is not a GeoJSON FeatureCollection: it has no list of features", "export it again")
    for number, raw in enumerate(features):
        yield _feature(raw, f"{path}: feature {number}", default_role)


def _feature(raw: Any, place: str, default_role: str | None) -> Feature:
    if not isinstance(raw, dict):
        raise ConfigError(f"{place} is incomplete: it is no object", "export the file again")
    properties = raw.get("properties") or {}
    if not isinstance(properties, dict):
        raise ConfigError(f"{place} is incomplete: its properties are no object", "export the file again")
    properties = {str(k): v for k, v in properties.items() if v is not None}
    role = properties.pop("role", default_role)
    name = str(properties.pop("name", role))
    if "name" in (raw.get("properties") or {}):
        place = f"{place} ({name!r})"
    if role is None:
        raise ConfigError(f"{place} is incomplete: it has no property 'role'", f"use one of {', '.join(PROPERTIES)}")
    if not isinstance(role, str) or role not in PROPERTIES:
        near = difflib.get_close_matches(str(role), PROPERTIES, 1, 0.6)
        hint = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(PROPERTIES)}"
        raise ConfigError(f"{place}: unknown role {role!r}", hint)
    geometry = raw.get("geometry")
    if role != "limits" and not (isinstance(geometry, dict) and "coordinates" in geometry and "type" in geometry):
        raise ConfigError(f"{place} is incomplete: it has no geometry with type and coordinates", "draw it again")
    kind, coordinates = "", None
    if isinstance(geometry, dict) and role != "limits":
        kind, coordinates = geometry["type"], geometry["coordinates"]
    _known_properties(properties, role, place)
    return Feature(place, role, name, str(kind), coordinates, properties)


def _known_properties(properties: dict[str, Any], role: str, place: str) -> None:
    allowed = PROPERTIES[role]
    for name in properties:
        if name in allowed:
            continue
        if name in _KNOWN:
            raise ConfigError(f"{place}: the property {name!r} means nothing for {role!r}", "take it out")
        low = name.lower().replace("-", "_").replace(" ", "_")
        near = difflib.get_close_matches(low, _KNOWN, 1, _ALIKE)
        if not near and low.startswith(_STEMS):
            near = difflib.get_close_matches(low, _KNOWN, 1, 0.3)
        if near:
            raise ConfigError(f"{place}: unknown property {name!r}", f"did you mean {near[0]!r}?")


def _is_number(value: Any) -> bool:
    # JSON may hold NaN, and whole numbers that no float takes.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300


def lat_lon(feature: Feature, position: Any) -> LatLon:
    """(lat, lon) of a GeoJSON position; longitudes up to 360 are brought into -180 to 180.

    Raises :class:`ConfigError` for what is no place on the earth.
    """
    numbers = position if isinstance(position, list) else []
    if len(numbers) < 2 or not all(map(_is_number, numbers[:2])):
        raise feature.error(f"is incomplete: {str(position)[:60]} is no position", "write [longitude, latitude]")
    lon, lat = float(numbers[0]), float(numbers[1])
    if not (abs(lat) <= 90.0 and abs(lon) <= 360.0):
        swapped = 90.0 < abs(lat) <= 180.0 and abs(lon) <= 90.0
        hint = "latitude and longitude look swapped: GeoJSON has longitude first" if swapped else "check this corner"
        raise feature.error(f"longitude {lon:g}, latitude {lat:g} is no place on the earth", hint)
    return lat, lon - 360.0 if lon > 180.0 else lon + 360.0 if lon < -180.0 else lon


def _list(feature: Feature, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise feature.error(f"is incomplete: {str(value)[:60]} is no list of positions", "export it again")
    return value


def _ring(feature: Feature, coordinates: Any) -> tuple[LatLon, ...]:
    points = [lat_lon(feature, p) for p in _list(feature, coordinates)]
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    if len(points) < 3:
        raise feature.error(f"zone {feature.name!r} has {len(points)} corners", "give it at least three")
    return tuple(points)


# -- zones ---------------------------------------------------------------------------------------------------------------


def read_zones(feature: Feature, role: Role) -> tuple[Zone, ...]:
    """The zones of a feature: one, or one for each part of a MultiPolygon (named ``NAME 1``, ``NAME 2`` ...).

    Parts that only the 180th meridian divides are joined. Raises :class:`ConfigError` naming file, feature and name.
    """
    floor, ceiling = _height(feature, "floor"), _height(feature, "ceiling")
    windows = _windows(feature)
    buffer_m = feature.number("buffer_m") or 0.0
    radius_m, half_width_m = feature.number("radius_m"), feature.number("half_width_m")
    for name, value, kind in (("radius_m", radius_m, "Point"), ("half_width_m", half_width_m, "LineString")):
        if value is not None and feature.kind.removeprefix("Multi") != kind:
            raise feature.error(f"{name} belongs to a {kind}, this is a {feature.kind}", "take it out or draw it anew")
    try:
        if feature.kind == "Point":
            if radius_m is None:
                raise feature.error("a point is a zone only with its radius_m", "add radius_m, or draw a polygon")
            circle = Circle(*feature.position(), radius_m)
            return (drawn_zone(feature.name, circle, role, floor, ceiling, windows, buffer_m),)
        if feature.kind in ("LineString", "MultiLineString"):
            if half_width_m is None:
                raise feature.error("a line is a zone only with its half_width_m", "add it, or draw a polygon")
            corridor = Corridor(feature.line(), half_width_m)
            return (drawn_zone(feature.name, corridor, role, floor, ceiling, windows, buffer_m),)
        if feature.kind not in ("Polygon", "MultiPolygon"):
            raise feature.error(
                f"a {feature.kind} is no zone", "draw a polygon, a point with radius_m or a line with half_width_m"
            )
        parts = [feature.coordinates] if feature.kind == "Polygon" else _list(feature, feature.coordinates)
        polygons = []
        for part in parts:
            if not _list(feature, part):
                raise feature.error(f"zone {feature.name!r} has no corners", "draw it again")
            polygons.append(tuple(_ring(feature, ring) for ring in part))
        if not polygons:
            raise feature.error(f"zone {feature.name!r} has no corners", "draw it again")
        polygons = joined_polygons(polygons)
        names = [feature.name] if len(polygons) == 1 else [f"{feature.name} {n}" for n in range(1, len(polygons) + 1)]
        return tuple(
            Zone(name, rings[0], tuple(rings[1:]), floor, ceiling, windows, buffer_m)
            for name, rings in zip(names, polygons, strict=True)
        )
    except ConfigError as error:
        raise _placed(feature, error) from error


def _placed(feature: Feature, error: ConfigError) -> ConfigError:
    return error if error.message.startswith(feature.place) else feature.error(error.message, error.remedy)


def _height(feature: Feature, which: str, must_say: bool = False) -> Height | None:
    metres, reference = feature.number(f"{which}_m"), feature.text(f"{which}_reference")
    if metres is None:
        if reference is not None:
            raise feature.error(f"{which}_reference without {which}_m", f"add {which}_m, or take it out")
        return None
    if reference is None and must_say:
        raise feature.error(f"{which}_m without {which}_reference", "say amsl, home or ground")
    try:
        return Height(metres, reference or "home")  # type: ignore[arg-type]
    except ConfigError as error:
        raise _placed(feature, error) from error


def _windows(feature: Feature) -> tuple[TimeWindow, ...]:
    given = feature.properties.get("windows")
    if given is None:
        return ()
    texts = given if isinstance(given, list) else [given]
    if not texts or not all(isinstance(t, str) for t in texts):
        raise feature.error(f"windows is {given!r}, not a text", "write it like Mo-Fr 22:00-04:00, in UTC")
    try:
        return tuple(w for text in texts for w in parse_windows(text))
    except ConfigError as error:
        raise _placed(feature, error) from error


def read_obstacle(feature: Feature) -> Obstacle:
    """An obstacle. Raises :class:`ConfigError` naming file, feature and name."""
    lat_deg, lon_deg = feature.position()
    radius_m, top = feature.number("radius_m"), _height(feature, "top", must_say=True)
    if radius_m is None or top is None:
        raise feature.error("is incomplete: an obstacle needs radius_m, top_m and top_reference", "add what is missing")
    try:
        return Obstacle(feature.name, lat_deg, lon_deg, radius_m, top)
    except ConfigError as error:
        raise _placed(feature, error) from error


def read_limits(feature: Feature) -> tuple[WeatherLimits | None, float | None, bool | None]:
    """Weather limits, ``no_look_beyond_m``, and whether any inclusion is enough; None for what is not set."""
    values = {n: v for n in WEATHER_NAMES if (v := feature.number(n)) is not None}
    beyond_m = feature.number("no_look_beyond_m")
    if beyond_m is not None and beyond_m < 0.0:
        raise feature.error(f"no_look_beyond_m is {beyond_m:g}", "give 0 m or more")
    inclusions = feature.text("inclusions")
    if inclusions not in (None, "all", "any"):
        raise feature.error(f"inclusions is {inclusions!r}", "write all (stay in every one) or any (one is enough)")
    try:
        weather = WeatherLimits(**values) if values else None
    except ConfigError as error:
        raise _placed(feature, error) from error
    return weather, beyond_m, None if inclusions is None else inclusions == "any"


# -- back into features ----------------------------------------------------------------------------------------------------


def feature_of(role: str, kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature; without a kind its geometry is null."""
    geometry = {"type": kind, "coordinates": coordinates} if kind else None
    return {"type": "Feature", "properties": {"role": role, **properties}, "geometry": geometry}


def lon_lat(points: Sequence[LatLon]) -> list[list[float]]:
    """GeoJSON positions."""
    return [[lon, lat] for lat, lon in points]


def zone_feature(zone: Zone, role: Role) -> dict[str, Any]:
    """The feature that :func:`read_zones` reads as this zone.

    A circle or corridor whose outline was changed by hand is written as the polygon it has become.
    """
    properties: dict[str, Any] = {"name": zone.name}
    for which, height in (("floor", zone.floor), ("ceiling", zone.ceiling)):
        if height is not None:
            properties |= {f"{which}_m": height.metres, f"{which}_reference": height.reference}
    if zone.windows:
        properties["windows"] = windows_text(zone.windows)
    if zone.buffer_m:
        properties["buffer_m"] = zone.buffer_m
    drawn = zone.drawn_as
    if drawn is not None and outline(drawn, role) == (zone.points, zone.holes):
        if isinstance(drawn, Circle):
            place = [drawn.lon_deg, drawn.lat_deg]
            return feature_of(role, "Point", place, **properties, radius_m=drawn.radius_m)
        line = lon_lat(drawn.points)
        return feature_of(role, "LineString", line, **properties, half_width_m=drawn.half_width_m)
    rings = [lon_lat((*ring, ring[0])) for ring in (zone.points, *zone.holes)]
    return feature_of(role, "Polygon", rings, **properties)


def obstacle_feature(obstacle: Obstacle) -> dict[str, Any]:
    """The feature that :func:`read_obstacle` reads as this obstacle."""
    return feature_of(
        "obstacle",
        "Point",
        [obstacle.lon_deg, obstacle.lat_deg],
        name=obstacle.name,
        radius_m=obstacle.radius_m,
        top_m=obstacle.top.metres,
        top_reference=obstacle.top.reference,
    )
