"""KML and KMZ as a drawing: placemarks with their points, lines and polygons, named by themselves and by their folders.

Read as the OGC's KML 2.2 says, in any of its namespaces, with Google's tracks (``gx:Track``). Links to other files are not
followed. What this program writes beside the geometry (``ExtendedData`` "marchwarden") is read again exactly.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from geofences.errors import PlanError
from missions.files.drawing import (
    Drawing,
    HeightReference,
    Kind,
    LatLon,
    Shape,
    counted,
    in_half_turns,
    joined,
    role_given,
)
from missions.files.json_text import load_json
from missions.files.numbers import clip, number_of
from missions.files.raw import MOST_BYTES_OF_MAPS, read_bounded, unzip
from missions.files.xml_tree import Element, child_text, children, parse_xml, place_of, tag_of, text_of

OWN = "marchwarden"
_REFERENCE: dict[str, HeightReference] = {"absolute": "amsl", "relativeToGround": "ground"}
_GEOMETRIES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack")
_PASSED_OVER = (
    "GroundOverlay", "ScreenOverlay", "PhotoOverlay", "NetworkLink", "Tour", "Model", "NetworkLinkControl",
)  # fmt: skip
_DRAW_AGAIN = "draw it again, or export it again"


@dataclass
class _Reading:
    name: str
    shapes: list[Shape] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)


def read_kml(path: Path) -> Drawing:
    """Read a ``.kml`` file. Raises :class:`PlanError` with the line of what is wrong."""
    return decode_kml(read_bounded(path, MOST_BYTES_OF_MAPS), str(path))


def read_kmz(path: Path) -> Drawing:
    """Read a ``.kmz`` file. Raises :class:`PlanError`."""
    return decode_kmz(read_bounded(path, MOST_BYTES_OF_MAPS), str(path))


def decode_kmz(raw: bytes, name: str) -> Drawing:
    """The first ``.kml`` of the archive, ``doc.kml`` where there are several. Raises :class:`PlanError`."""
    files = {n: content for n, content in unzip(raw, name).items() if n.lower().endswith(".kml")}
    if not files:
        raise PlanError(f"{name}: has no .kml file inside", "export it again")
    chosen = min(files, key=lambda n: (n.lower() != "doc.kml", n.count("/"), list(files).index(n)))
    drawing = decode_kml(files[chosen], f"{name}/{chosen}")
    others = len(files) - 1
    notes = (f"{counted(others, 'other .kml file')} inside not read",) if others else ()
    return Drawing(drawing.shapes, (*drawing.notes, *notes))


def decode_kml(raw: bytes, name: str) -> Drawing:
    """Read a ``.kml`` file's bytes. Raises :class:`PlanError`."""
    root = parse_xml(raw, name)
    if tag_of(root) not in ("kml", "Document", "Folder", "Placemark"):
        raise PlanError(f"{name}: line {root.sourceline or 1}: <{tag_of(root)}> is not <kml>", "give a .kml file")
    reading = _Reading(name)
    if tag_of(root) == "Placemark":
        _placemark(reading, root, ())
    else:
        _container(reading, root, (child_text(root, "name"),) if tag_of(root) == "Folder" else ())
    notes = [f"{counted(n, what)} passed over" for what, n in reading.passed_over.items()]
    return Drawing(tuple(reading.shapes), tuple(notes))


def _container(reading: _Reading, element: Element, folders: tuple[str, ...]) -> None:
    # The parser allows a depth of 256, so this recursion ends.
    for child in children(element):
        tag = tag_of(child)
        if tag == "Folder":
            _container(reading, child, (child_text(child, "name"), *folders))
        elif tag == "Document":
            _container(reading, child, folders)
        elif tag == "Placemark":
            _placemark(reading, child, folders)
        elif tag in _PASSED_OVER:
            reading.passed_over[tag] += 1


def _placemark(reading: _Reading, element: Element, folders: tuple[str, ...]) -> None:
    name = child_text(element, "name")
    place = place_of(reading.name, element)
    properties = _properties(element)
    own = _own(properties.pop(OWN, None), place)
    geometries = list(_geometries(reading, element))
    if own is not None:
        role = str(own.pop("role", ""))
        if role == "path":
            return  # drawn for the eye; the items that it joins stand beside it
        if "name" in own:
            name = str(own.pop("name"))
        # A circle is drawn as its centre and, for the eye, its outline.
        geometries = geometries[:1] if "radius_m" in own else geometries
        for kind, points, holes, alts, reference in geometries or [("none", (), (), (), None)]:
            reading.shapes.append(Shape(kind, points, holes, alts, reference, name, role, own, place))
        return
    if not geometries:
        reading.passed_over["placemark without a geometry"] += 1
    parts = [Shape(kind, points, holes, alts, reference) for kind, points, holes, alts, reference in geometries]
    for part in joined(parts):
        role = role_given(properties, part.kind, name, *folders)
        reading.shapes.append(replace(part, name=name, role=role, properties=properties, place=place))


def _properties(element: Element) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for data in children(element, "ExtendedData"):
        for each in children(data, "Data"):
            found[each.get("name", "")] = child_text(each, "value")
        for schema in children(data, "SchemaData"):
            for each in children(schema, "SimpleData"):
                found[each.get("name", "")] = text_of(each)
    return found


def _own(text: Any, place: str) -> dict[str, Any] | None:
    if text is None:
        return None
    content = load_json(str(text), place)
    if not isinstance(content, dict):
        raise PlanError(f"{place}: its data {OWN!r} is not an object", "export it again")
    return content


_Geometry = tuple[Kind, tuple[LatLon, ...], tuple[tuple[LatLon, ...], ...], tuple[float, ...], HeightReference | None]


def _geometries(reading: _Reading, element: Element) -> Iterator[_Geometry]:
    for child in children(element, *_GEOMETRIES, "Model"):
        tag = tag_of(child)
        place = place_of(reading.name, child)
        if tag in ("MultiGeometry", "MultiTrack"):
            yield from _geometries(reading, child)
            continue
        if tag == "Model":
            reading.passed_over["Model"] += 1
            continue
        mode = child_text(child, "altitudeMode") or "clampToGround"
        reference = _REFERENCE.get(mode)
        if tag == "Polygon":
            yield _polygon(child, place, reference)
            continue
        points, alts = _track(child, place) if tag == "Track" else _coordinates(child, place)
        if not alts:
            reference = None
        kind: Kind = {"Point": "point", "LinearRing": "polygon"}.get(tag, "line")  # type: ignore[assignment]
        least = {"point": 1, "line": 2, "polygon": 3}[kind]
        if kind == "polygon":
            points, alts = _opened(points, alts)
        if len(points) < least or (kind == "point" and len(points) != 1):
            raise PlanError(f"{place}: has {counted(len(points), 'position')}", _DRAW_AGAIN)
        yield kind, points, (), alts if reference else (), reference


def _polygon(element: Element, place: str, reference: HeightReference | None) -> _Geometry:
    rings: dict[str, list[tuple[tuple[LatLon, ...], tuple[float, ...]]]] = {
        "outerBoundaryIs": [],
        "innerBoundaryIs": [],
    }
    for boundary in children(element, *rings):
        for ring in children(boundary, "LinearRing"):
            points, alts = _opened(*_coordinates(ring, place_of(place.partition(": line ")[0], ring)))
            if len(points) < 3:
                raise PlanError(f"{place}: a ring of {counted(len(points), 'position')}", _DRAW_AGAIN)
            rings[tag_of(boundary)].append((points, alts))
    outer = rings["outerBoundaryIs"]
    if len(outer) != 1:
        raise PlanError(f"{place}: has {counted(len(outer), 'outer ring')}", _DRAW_AGAIN)
    points, alts = outer[0]
    if not alts:
        reference = None
    return "polygon", points, tuple(p for p, _ in rings["innerBoundaryIs"]), alts if reference else (), reference


def _opened(points: tuple[LatLon, ...], alts: tuple[float, ...]) -> tuple[tuple[LatLon, ...], tuple[float, ...]]:
    """A ring without its last position where that is the first again."""
    return (points[:-1], alts[:-1]) if len(points) > 1 and points[0] == points[-1] else (points, alts)


def _coordinates(element: Element, place: str) -> tuple[tuple[LatLon, ...], tuple[float, ...]]:
    text = re.sub(r"\s*,\s*", ",", child_text(element, "coordinates"))
    return _positions((t.rstrip(",").split(",") for t in text.split()), place)


def _track(element: Element, place: str) -> tuple[tuple[LatLon, ...], tuple[float, ...]]:
    return _positions((text_of(c).split() for c in children(element, "coord")), place)


def _positions(tuples: Iterator[list[str]], place: str) -> tuple[tuple[LatLon, ...], tuple[float, ...]]:
    points: list[LatLon] = []
    alts: list[float] = []
    for number, parts in enumerate(tuples):
        here = f"{place}: position {number}"
        if not 2 <= len(parts) <= 3:
            raise PlanError(f"{here}: {clip(','.join(parts))!r} is not longitude,latitude,altitude", _DRAW_AGAIN)
        lon = in_half_turns(number_of(parts[0], here, "the longitude", -360.0, 360.0))
        points.append((number_of(parts[1], here, "the latitude", -90.0, 90.0), lon))
        if len(parts) == 3:
            alts.append(number_of(parts[2], here, "the altitude", -1e6, 1e7))
    return tuple(points), tuple(alts) if len(alts) == len(points) else ()
