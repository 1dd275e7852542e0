"""The file formats as one table: by extension which file reads and which writes, and what a file holds by its look.

A reader gives a :class:`PlanFile` (lists that go over MAVLink) or a :class:`Drawing` (shapes); a writer takes a
:class:`PlanFile` and gives the bytes and, in words, what the format cannot hold.
"""

from __future__ import annotations

import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from geofences.errors import PlanError
from missions.files import geojson, gpx, mission_planner, qgc_plan, shapefile, waypoints
from missions.files.drawing import Drawing, with_role, with_usual_roles
from missions.files.json_text import load_json
from missions.files.kml_read import decode_kml, decode_kmz, read_kml, read_kmz
from missions.files.kml_write import kml, kmz
from missions.files.numbers import clip
from missions.files.plan_of_drawing import plan_of
from missions.files.plan_shapes import path_shape, plan_shapes
from missions.files.raw import MOST_BYTES_OF_MAPS, decode_text, read_bounded
from missions.files.xml_tree import root_name
from missions.plan_file import PlanFile

Encoded = tuple[bytes, list[str]]
_PLAN_JSON = re.compile(r'"fileType"\s*:\s*"')
_GEOJSON = re.compile(
    r'"type"\s*:\s*"(FeatureCollection|Feature|(Multi)?(Point|LineString|Polygon)|GeometryCollection)"'
)
_TWO_NUMBERS = re.compile(r"[-+]?\d+(\.\d*)?[ \t,]+[-+]?\d+(\.\d*)?\s*(#.*)?$")


@dataclass(frozen=True)
class Format:
    """One format. ``decode`` and ``encode`` are what ``read`` and writing do without a file; None for what is not done."""

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Path], PlanFile | Drawing]
    decode: Callable[[bytes, str], PlanFile | Drawing] | None = None
    encode: Callable[[PlanFile], Encoded] | None = None


def _plan_geojson(plan: PlanFile) -> Encoded:
    shapes, not_carried = plan_shapes(plan, drawn_heights=False)
    return geojson.collection(shapes), not_carried


def _plan_kml(plan: PlanFile) -> Encoded:
    shapes, not_carried = plan_shapes(plan)
    return kml((*shapes, *path_shape(shapes)), "Plan"), not_carried


def _plan_kmz(plan: PlanFile) -> Encoded:
    shapes, not_carried = plan_shapes(plan)
    return kmz((*shapes, *path_shape(shapes)), "Plan"), not_carried


FORMATS = (
    Format("QGroundControl plan", (".plan",), qgc_plan.read, qgc_plan.decode, qgc_plan.encode),
    Format("QGC WPL 110 waypoints", (".waypoints", ".wpl"), waypoints.read, waypoints.decode, waypoints.encode),
    Format(
        "Mission Planner fence",
        (".fen",),
        mission_planner.read_fen,
        mission_planner.decode_fen,
        mission_planner.encode_fen,
    ),
    Format(
        "Mission Planner rally",
        (".ral",),
        mission_planner.read_ral,
        mission_planner.decode_ral,
        mission_planner.encode_ral,
    ),
    Format("KML", (".kml",), read_kml, decode_kml, _plan_kml),
    Format("KMZ", (".kmz",), read_kmz, decode_kmz, _plan_kmz),
    Format("GeoJSON", (".geojson",), geojson.read, geojson.decode, _plan_geojson),
    Format("shapefile", (".shp",), shapefile.read_shp),
    Format("shapefile in a ZIP", (".zip",), shapefile.read_zip, shapefile.decode_zip),
    Format("GPX", (".gpx",), gpx.read, gpx.decode),
)
# Extensions that say only what kind of text it is: what to read is seen in the file, what to write is the first.
_GENERAL = {
    ".json": ("GeoJSON", "QGroundControl plan"),
    ".txt": ("QGC WPL 110 waypoints", "Mission Planner fence", "Mission Planner rally"),
}
_BY_SUFFIX = {suffix: f for f in FORMATS for suffix in f.suffixes}
_BY_NAME = {f.name: f for f in FORMATS}


def format_of(path: Path) -> Format:
    """The format that a file name says. Raises :class:`PlanError` for an unknown extension."""
    suffix = path.suffix.lower()
    if suffix in _GENERAL:
        return _BY_NAME[_GENERAL[suffix][0]]
    if suffix not in _BY_SUFFIX:
        known = " ".join((*_BY_SUFFIX, *_GENERAL))
        raise PlanError(f"{path}: the extension {clip(suffix)!r} is not known", f"use one of {known}")
    return _BY_SUFFIX[suffix]


def format_in(path: Path) -> Format:
    """The format of a file that exists: by its extension, and its content must look like it.

    Raises :class:`PlanError` where the two disagree, or the file cannot be read.
    """
    by_name = format_of(path)
    looks_like = look(read_bounded(path, MOST_BYTES_OF_MAPS))
    if looks_like is None or looks_like == by_name.name:
        return by_name
    if looks_like in _GENERAL.get(path.suffix.lower(), ()):
        return _BY_NAME[looks_like]
    right = _BY_NAME[looks_like].suffixes[0]
    raise PlanError(
        f"{path}: line 1: is named {path.suffix} and holds {looks_like}", f"name it {right}, or give the file that was meant"
    )  # fmt: skip


def look(raw: bytes) -> str | None:
    """The name of the format that a file's bytes look like; None where they look like none."""
    if raw.startswith(b"PK\x03\x04"):
        return _look_into_zip(raw)
    if raw.startswith(b"\x00\x00\x27\x0a"):
        return "shapefile"
    if (root := root_name(raw)) is not None:
        return {"kml": "KML", "gpx": "GPX"}.get(root)
    try:
        text = decode_text(raw, "").lstrip()
    except PlanError:
        return None
    if text.startswith(("{", "[")):
        if _PLAN_JSON.search(text):
            # A plan of ours has the area that it was made for inside.
            return _look_into_json(text) if _GEOJSON.search(text) else "QGroundControl plan"
        return "GeoJSON" if _GEOJSON.search(text) else None
    lines = [line.strip() for line in text[:4000].splitlines()]
    first = next((line for line in lines if line and not line.startswith("#")), "")
    if first.startswith("QGC WPL"):
        return "QGC WPL 110 waypoints"
    if first.upper().startswith("RALLY"):
        return "Mission Planner rally"
    return "Mission Planner fence" if _TWO_NUMBERS.match(first) else None


def _look_into_json(text: str) -> str | None:
    try:
        document = load_json(text, "")
    except PlanError:
        return None
    if not isinstance(document, dict):
        return None
    return "QGroundControl plan" if "fileType" in document else "GeoJSON" if "type" in document else None


def _look_into_zip(raw: bytes) -> str | None:
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            names = [n.lower() for n in archive.namelist()[:1000]]
    except Exception:  # a damaged archive: its reader says what is wrong with it
        return None
    if any(n.endswith(".kml") for n in names):
        return "KMZ"
    return "shapefile in a ZIP" if any(n.endswith(".shp") for n in names) else None


def read_any(path: Path) -> PlanFile | Drawing:
    """Read a file of any format. Raises :class:`PlanError`."""
    return format_in(path).read(path)


def as_plan(
    content: PlanFile | Drawing, name: str, alt_rel_home_m: float = 50.0, role: str = ""
) -> tuple[PlanFile, list[str]]:
    """The lists of what was read, and what a plan cannot hold of it. Raises :class:`PlanError`."""
    if isinstance(content, PlanFile):
        return content, []
    return plan_of(with_usual_roles(with_role(content, role) if role else content), name, alt_rel_home_m)


def read_plan(path: Path, alt_rel_home_m: float = 50.0) -> PlanFile:
    """A plan from a file of any format; what it cannot hold stands in its notes. Raises :class:`PlanError`."""
    plan, not_carried = as_plan(read_any(path), str(path), alt_rel_home_m)
    return plan if not not_carried else PlanFile(
        plan.items, plan.home, (*plan.notes, *not_carried), plan.cruise_speed_m_s, plan.hover_speed_m_s, plan.kept
    )  # fmt: skip


def encode_plan(plan: PlanFile, path: Path) -> Encoded:
    """The bytes that a file called ``path`` gets, and what its format cannot hold. Raises :class:`PlanError`."""
    target = format_of(path)
    if target.encode is None:
        writable = " ".join(s for f in FORMATS if f.encode for s in f.suffixes)
        raise PlanError(f"{path}: {target.name} is read, not written", f"write one of {writable}")
    for item in (i for items in plan.items.values() for i in items):
        if any(math.isinf(v) for v in (item.param1, item.param2, item.param3, item.param4, item.z)):
            raise PlanError(f"{path}: item {item.seq} has a number without an end", "make the plan again")
    return target.encode(plan)
