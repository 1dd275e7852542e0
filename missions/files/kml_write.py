"""KML and KMZ that Google Earth shows, from shapes: a folder for each role, and all that KML has no word for beside it.

KML knows heights above sea level and above the ground. What a shape says beyond its geometry (role, command, parameters,
radius ...) stands as JSON in its ``ExtendedData`` "marchwarden", so that :mod:`missions.files.kml_read` reads it again.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from lxml import etree  # type: ignore[import-untyped,unused-ignore]

from geofences.errors import ConfigError
from geofences.outlines import outline
from geofences.zone import Circle
from missions.files.drawing import LatLon, Shape
from missions.files.json_text import dump_json
from missions.files.kml_read import OWN
from missions.files.numbers import text_number

_NAMESPACE = "http://www.opengis.net/kml/2.2"
# Role -> folder, line colour (aabbggrr), fill colour.
_LOOKS = {
    "item": ("Mission", "ff00d7ff", "00000000"), "route": ("Mission", "ff00d7ff", "00000000"),
    "path": ("Mission", "ff00d7ff", "00000000"), "inclusion": ("Fence", "ff50c050", "2050c050"),
    "exclusion": ("Fence", "ff3030e0", "503030e0"), "no_look": ("No look", "ffc050c0", "40c050c0"),
    "border": ("Border", "ff00a0ff", "00000000"), "rally": ("Rally points", "ffe0a030", "00000000"),
    "home": ("Home", "ffffffff", "00000000"), "launch": ("Home", "ffffffff", "00000000"),
    "return": ("Fence", "ffffffff", "00000000"), "obstacle": ("Obstacles", "ff3030e0", "503030e0"),
}  # fmt: skip
_OTHER = ("Other", "ffc0c0c0", "20c0c0c0")
_MODES = {"amsl": "absolute", "ground": "relativeToGround"}
# What XML 1.0 cannot hold at all.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def kml(shapes: Sequence[Shape], name: str) -> bytes:
    """A document of some shapes. In a folder they keep their order."""
    root = etree.Element(f"{{{_NAMESPACE}}}kml", nsmap={None: _NAMESPACE})
    document = _sub(root, "Document")
    _sub(document, "name", name)
    for role, (_, line, fill) in (*_LOOKS.items(), ("other", _OTHER)):
        style = _sub(document, "Style")
        style.set("id", role)
        pen = _sub(style, "LineStyle")
        _sub(pen, "color", line)
        _sub(pen, "width", "2")
        _sub(_sub(style, "PolyStyle"), "color", fill)
    folders: dict[str, Any] = {}
    for shape in shapes:
        title = _LOOKS.get(shape.role, _OTHER)[0]
        if title not in folders:
            folders[title] = _sub(document, "Folder")
            _sub(folders[title], "name", title)
        _placemark(folders[title], shape)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def kmz(shapes: Sequence[Shape], name: str) -> bytes:
    """The same, packed; equal shapes give equal bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("doc.kml"), kml(shapes, name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _sub(parent: Any, tag: str, text: str | None = None) -> Any:
    element = etree.SubElement(parent, f"{{{_NAMESPACE}}}{tag}")
    if text is not None:
        element.text = _NOT_XML.sub("\ufffd", text)
    return element


def _placemark(folder: Any, shape: Shape) -> None:
    placemark = _sub(folder, "Placemark")
    # Names of spaces only do not come back from XML as they were; the whole name stands in the data.
    _sub(placemark, "name", shape.name)
    _sub(placemark, "styleUrl", f"#{shape.role if shape.role in _LOOKS else 'other'}")
    data = _sub(_sub(placemark, "ExtendedData"), "Data")
    data.set("name", OWN)
    own = {"role": shape.role, "name": shape.name, **shape.properties}
    _sub(data, "value", dump_json(own))
    parent = placemark
    circle = _circle(shape)
    if circle:
        parent = _sub(placemark, "MultiGeometry")
    _geometry(parent, shape)
    if circle:
        _ring(_sub(_sub(parent, "Polygon"), "outerBoundaryIs"), circle, ())


def _circle(shape: Shape) -> tuple[LatLon, ...]:
    radius_m = shape.properties.get("radius_m")
    if shape.kind != "point" or not isinstance(radius_m, int | float) or not 0.0 < radius_m < 1e6:
        return ()
    try:
        points = outline(Circle(*shape.points[0], float(radius_m)), "inclusion")[0]
    except ConfigError:
        return ()
    return points if all(abs(lat) <= 90.0 and abs(lon) <= 180.0 for lat, lon in points) else ()


def _geometry(parent: Any, shape: Shape) -> None:
    if shape.kind == "none":
        return
    alts = shape.alts_m if shape.reference in _MODES and len(shape.alts_m) == len(shape.points) else ()
    element = _sub(parent, {"point": "Point", "line": "LineString", "polygon": "Polygon"}[shape.kind])
    if shape.kind == "line" and not alts:
        _sub(element, "tessellate", "1")
    if alts and shape.reference:
        _sub(element, "altitudeMode", _MODES[shape.reference])
    if shape.kind != "polygon":
        _sub(element, "coordinates", _coordinates(shape.points, alts))
        return
    _ring(_sub(element, "outerBoundaryIs"), shape.points, alts)
    for hole in shape.holes:
        _ring(_sub(element, "innerBoundaryIs"), hole, ())


def _ring(parent: Any, points: Sequence[LatLon], alts: Sequence[float]) -> None:
    _sub(_sub(parent, "LinearRing"), "coordinates", _coordinates((*points, points[0]), (*alts, *alts[:1])))


def _coordinates(points: Sequence[LatLon], alts: Sequence[float]) -> str:
    return " ".join(
        ",".join(text_number(v) for v in (lon, lat, *alts[n : n + 1])) for n, (lat, lon) in enumerate(points)
    )
