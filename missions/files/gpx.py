"""GPX (1.0 and 1.1) as a drawing: routes and tracks are lines to fly, waypoints are points; heights are above sea level.

Own reader, on the same guarded XML as KML: it names the line of what is wrong.
"""

from __future__ import annotations

from pathlib import Path

from geofences.errors import PlanError
from missions.files.drawing import Drawing, LatLon, Shape, counted, role_given
from missions.files.numbers import number_of
from missions.files.raw import MOST_BYTES_OF_MAPS, read_bounded
from missions.files.xml_tree import Element, child_text, children, parse_xml, place_of, tag_of


def read(path: Path) -> Drawing:
    """Read a file. Raises :class:`PlanError` with the line of what is wrong."""
    return decode(read_bounded(path, MOST_BYTES_OF_MAPS), str(path))


def decode(raw: bytes, name: str) -> Drawing:
    """Read a file's bytes. Raises :class:`PlanError`.

    A route (``rte``) is a line to fly; a track segment is one only where the file has no route, because programs write a
    track beside the route it came from; waypoints are what is flown where there is neither.
    """
    root = parse_xml(raw, name)
    if tag_of(root) != "gpx":
        raise PlanError(f"{name}: line {root.sourceline or 1}: <{tag_of(root)}> is not <gpx>", "give a .gpx file")
    notes: list[str] = []
    lines: dict[str, list[Shape]] = {"rte": [], "trk": []}
    for element in children(root, "rte", "trk"):
        parts = [element] if tag_of(element) == "rte" else list(children(element, "trkseg"))
        label = child_text(element, "name")
        for part in parts:
            points, alts = _points(part, name)
            if len(points) < 2:
                notes.append(f"{place_of(name, part)}: {counted(len(points), 'point')} is no line, passed over")
                continue
            kinds = child_text(element, "type")
            role = role_given({}, "line", kinds)  # not by its name: any route may be called after a border
            lines[tag_of(element)].append(
                Shape("line", points, (), alts, "amsl" if alts else None, label, role, {}, place_of(name, part))
            )
    if lines["rte"] and lines["trk"]:
        notes.append(f"{counted(len(lines['trk']), 'track')} not taken: the file has a route")
    chosen = lines["rte"] or lines["trk"]
    points_found: list[Shape] = []
    for element in children(root, "wpt"):
        point, alt_m = _point(element, name)
        label = child_text(element, "name")
        role = role_given({}, "point", child_text(element, "type"), child_text(element, "sym"), label)
        alts = () if alt_m is None else (alt_m,)
        points_found.append(
            Shape("point", (point,), (), alts, "amsl" if alts else None, label, role, {}, place_of(name, element))
        )
    shapes = (*chosen, *points_found)
    if any(s.alts_m for s in shapes):
        # A receiver writes the ground it was carried over; flown at that height, an aircraft meets it.
        notes.append("heights are taken as heights to fly, above sea level; if they are the ground's: --heights ignore")
    return Drawing(shapes, tuple(notes), usual_roles={"line" if chosen else "point": "route"})


def _points(element: Element, name: str) -> tuple[tuple[LatLon, ...], tuple[float, ...]]:
    found = [_point(e, name) for e in children(element, "rtept", "trkpt")]
    alts = tuple(alt for _, alt in found if alt is not None)
    return tuple(p for p, _ in found), alts if len(alts) == len(found) else ()


def _point(element: Element, name: str) -> tuple[LatLon, float | None]:
    place = place_of(name, element)
    lat = number_of(element.get("lat", ""), place, "the latitude", -90.0, 90.0)
    lon = number_of(element.get("lon", ""), place, "the longitude", -180.0, 180.0)
    height = child_text(element, "ele")
    return (lat, lon), number_of(height, place, "the height", -1e6, 1e7) if height else None
