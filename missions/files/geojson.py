"""GeoJSON (RFC 7946) as a drawing and back; ``properties.role`` says what a feature is for (docs/areas.md).

A plan is written as features too: its items (role ``item``) with all their numbers, so that this program reads the same
plan again; see :mod:`missions.files.plan_shapes`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geofences.errors import PlanError
from missions.files.drawing import Drawing, LatLon, Shape, counted, in_half_turns, joined, role_given
from missions.files.json_text import dump_json, load_json
from missions.files.numbers import clip
from missions.files.raw import MOST_BYTES_OF_MAPS, decode_text, read_bounded

_DRAW_AGAIN = "draw it again, or export it again"
_GEOMETRIES = {
    "Point": "point", "MultiPoint": "point", "LineString": "line", "MultiLineString": "line", "Polygon": "polygon",
    "MultiPolygon": "polygon",
}  # fmt: skip
_MOST_DEPTH = 20


@dataclass
class _Reading:
    name: str
    shapes: list[Shape] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def wrong(self, place: str, what: str, remedy: str = _DRAW_AGAIN) -> PlanError:
        return PlanError(f"{self.name}: {place}: {what}", remedy)


def read(path: Path) -> Drawing:
    """Read a file. Raises :class:`PlanError` with the line, or the element, of what is wrong."""
    return decode(read_bounded(path, MOST_BYTES_OF_MAPS), str(path))


def decode(raw: bytes, name: str) -> Drawing:
    """Read a file's bytes. Raises :class:`PlanError`."""
    document = load_json(decode_text(raw, name), name)
    reading = _Reading(name)
    if not isinstance(document, dict) or not isinstance(document.get("type"), str):
        raise reading.wrong("line 1", "is no GeoJSON object with a type", "give a GeoJSON file")
    _longitude_latitude(reading, document.get("crs"))
    top: Any = {}
    if document["type"] == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list):
            raise reading.wrong("features", "is missing or not a list")
        for number, feature in enumerate(features):
            _feature(reading, feature, f"features[{number}]")
        top = document.get("properties")
    elif document["type"] == "Feature":
        _feature(reading, document, "the feature")
    else:
        _feature(reading, {"type": "Feature", "geometry": document, "properties": {}}, "the geometry")
    return Drawing(tuple(reading.shapes), tuple(reading.notes), top if isinstance(top, dict) else {})


def _longitude_latitude(reading: _Reading, crs: Any) -> None:
    """Old files name a reference system; any but WGS 84 would put everything elsewhere."""
    if crs is None:
        return
    name = (
        crs.get("properties", {}).get("name")
        if isinstance(crs, dict) and isinstance(crs.get("properties"), dict)
        else crs
    )
    if not (isinstance(name, str) and name.upper().endswith(("CRS84", "EPSG::4326", "EPSG:4326"))):
        raise reading.wrong("crs", f"{clip(repr(name), 60)} is not WGS 84", "export it in EPSG:4326 (WGS 84)")


def _feature(reading: _Reading, feature: Any, place: str) -> None:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise reading.wrong(place, "is not a Feature")
    properties = feature.get("properties")
    if properties is None:
        properties = {}
    if not isinstance(properties, dict):
        raise reading.wrong(f"{place}.properties", "is not an object")
    name = properties.get("name") if isinstance(properties.get("name"), str) else ""
    rest = {k: v for k, v in properties.items() if k not in ("role", "name")}
    geometry = feature.get("geometry")
    shapes = [Shape("none")] if geometry is None else joined(list(_shapes(reading, geometry, f"{place}.geometry")))
    for shape in shapes:
        role = role_given(properties, shape.kind, str(name))
        reading.shapes.append(
            Shape(shape.kind, shape.points, shape.holes, shape.alts_m, shape.reference, str(name), role, rest, place)
        )


def _shapes(reading: _Reading, geometry: Any, place: str, depth: int = 0) -> Iterator[Shape]:
    if not isinstance(geometry, dict):
        raise reading.wrong(place, "is not an object")
    kind = geometry.get("type")
    if kind == "GeometryCollection":
        parts = geometry.get("geometries")
        if not isinstance(parts, list) or depth > _MOST_DEPTH:
            raise reading.wrong(f"{place}.geometries", "is missing, not a list, or nested too deeply")
        for number, part in enumerate(parts):
            yield from _shapes(reading, part, f"{place}.geometries[{number}]", depth + 1)
        return
    if not isinstance(kind, str) or kind not in _GEOMETRIES:
        raise reading.wrong(f"{place}.type", f"{clip(repr(kind), 40)} is not a type of GeoJSON")
    here = f"{place}.coordinates"
    coordinates = geometry.get("coordinates")
    if not kind.startswith("Multi"):
        yield _shape(reading, _GEOMETRIES[kind], coordinates, here)
        return
    for number, part in enumerate(_sequence(reading, coordinates, here)):
        yield _shape(reading, _GEOMETRIES[kind], part, f"{here}[{number}]")


def _shape(reading: _Reading, kind: str, coordinates: Any, place: str) -> Shape:
    if kind == "point":
        points, alts = _positions(reading, [coordinates], place)
        return Shape("point", points, (), alts, "amsl" if alts else None)
    if kind == "line":
        points, alts = _positions(reading, coordinates, place)
        if len(points) < 2:
            raise reading.wrong(place, f"a line of {counted(len(points), 'position')}")
        return Shape("line", points, (), alts, "amsl" if alts else None)
    rings = []
    for number, ring in enumerate(_sequence(reading, coordinates, place)):
        points, alts = _positions(reading, ring, f"{place}[{number}]")
        if len(points) > 1 and points[0] == points[-1]:
            points, alts = points[:-1], alts[:-1]
        if len(points) < 3:
            raise reading.wrong(f"{place}[{number}]", f"a ring of {counted(len(points), 'corner')}")
        rings.append((points, alts))
    if not rings:
        raise reading.wrong(place, "a polygon without a ring")
    points, alts = rings[0]
    return Shape("polygon", points, tuple(r for r, _ in rings[1:]), alts, "amsl" if alts else None)


def _sequence(reading: _Reading, value: Any, place: str) -> Sequence[Any]:
    if not isinstance(value, list):
        raise reading.wrong(place, "is missing or not a list")
    return value


def _positions(reading: _Reading, value: Any, place: str) -> tuple[tuple[LatLon, ...], tuple[float, ...]]:
    points: list[LatLon] = []
    alts: list[float] = []
    for number, position in enumerate(_sequence(reading, value, place)):
        here = f"{place}[{number}]"
        if not isinstance(position, list) or len(position) < 2:
            raise reading.wrong(here, "is not longitude, latitude")
        lon = in_half_turns(_number(reading, position[0], f"{here}[0] (longitude)", 360.0))
        lat = _number(reading, position[1], f"{here}[1] (latitude)", 90.0)
        points.append((lat, lon))
        if len(position) > 2:
            alts.append(_number(reading, position[2], f"{here}[2] (altitude)", 1e7))
    return tuple(points), tuple(alts) if len(alts) == len(points) else ()


def _number(reading: _Reading, value: Any, place: str, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise reading.wrong(place, f"{clip(repr(value))} is not a number")
    if not -most <= value <= most:
        shown = clip(repr(value)) if isinstance(value, float) or abs(value) < 10**30 else "a number of over 30 digits"
        raise reading.wrong(place, f"{shown} is not between {-most:g} and {most:g}")
    return float(value)


# -- writing -------------------------------------------------------------------------------------------------------


def collection(shapes: Sequence[Shape], properties: Mapping[str, Any] | None = None) -> bytes:
    """A FeatureCollection of shapes, in their order. Heights above sea level stand as third coordinates."""
    document: dict[str, Any] = {"type": "FeatureCollection"}
    if properties:
        document["properties"] = dict(properties)
    document["features"] = [_feature_of(shape) for shape in shapes]
    return (dump_json(document, 1) + "\n").encode()


def _feature_of(shape: Shape) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    if shape.role:
        properties["role"] = shape.role
    if shape.name:
        properties["name"] = shape.name
    return {"type": "Feature", "properties": {**properties, **shape.properties}, "geometry": _geometry_of(shape)}


def _geometry_of(shape: Shape) -> dict[str, Any] | None:
    if shape.kind == "none":
        return None
    heights = shape.alts_m if shape.reference == "amsl" and len(shape.alts_m) == len(shape.points) else ()
    coordinates: Any = [[lon, lat, *heights[n : n + 1]] for n, (lat, lon) in enumerate(shape.points)]
    if shape.kind == "point":
        return {"type": "Point", "coordinates": coordinates[0]}
    if shape.kind == "line":
        return {"type": "LineString", "coordinates": coordinates}
    holes = [[[lon, lat] for lat, lon in hole] for hole in shape.holes]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]] for ring in (coordinates, *holes)]}
