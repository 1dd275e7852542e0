"""ESRI shapefiles as a drawing: ``.shp`` with ``.shx`` and ``.dbf`` beside it, or all of them in a ZIP.

Places are brought into WGS 84 from the system that the ``.prj`` names. Roles come from a column ``role``, else from a
column of names (``name``, ``type``, ``class`` ...), else from the file's own name.
"""

from __future__ import annotations

import codecs
import math
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pyproj
import shapefile  # type: ignore[import-untyped,unused-ignore]
import shapely
from pyproj.transformer import TransformerGroup

from geofences.area_features import PROPERTIES
from geofences.errors import PlanError
from missions.files.drawing import Drawing, Kind, LatLon, Shape, counted, in_half_turns, joined, role_given
from missions.files.numbers import clip
from missions.files.raw import MOST_BYTES_OF_MAPS, decode_text, read_bounded, unzip

_KINDS: dict[int, Kind] = {
    1: "point", 8: "point", 11: "point", 18: "point", 21: "point", 28: "point",
    3: "line", 13: "line", 23: "line", 5: "polygon", 15: "polygon", 25: "polygon",
}  # fmt: skip
_NAMES = ("name", "nam", "label", "title", "id")
_TYPES = ("type", "class", "category", "kind", "layer")
_MOST_RECORDS = 100_000
_MOST_POINTS = 2_000_000
_EXPORT = "export it again, with .shx, .dbf and .prj"
Place = Callable[[Sequence[Sequence[float]], str], tuple[LatLon, ...]]


@dataclass(frozen=True)
class Parts:
    """The files that make one shapefile; ``name`` for messages."""

    name: str
    shp: bytes
    shx: bytes | None = None
    dbf: bytes | None = None
    prj: bytes | None = None
    cpg: bytes | None = None


def read_shp(path: Path) -> Drawing:
    """Read a ``.shp`` file and what lies beside it. Raises :class:`PlanError`."""
    beside: dict[str, bytes | None] = {}
    try:
        around = {p.name.lower(): p for p in path.parent.iterdir() if p.stem.lower() == path.stem.lower()}
    except OSError:
        around = {}
    for suffix in ("shx", "dbf", "prj", "cpg"):
        other = around.get(f"{path.stem}.{suffix}".lower())
        beside[suffix] = read_bounded(other, MOST_BYTES_OF_MAPS) if other and other.is_file() else None
    return read_parts(Parts(str(path), read_bounded(path, MOST_BYTES_OF_MAPS), **beside))


def read_zip(path: Path) -> Drawing:
    """Read the one shapefile in a ``.zip``. Raises :class:`PlanError`."""
    return decode_zip(read_bounded(path, MOST_BYTES_OF_MAPS), str(path))


def decode_zip(raw: bytes, name: str) -> Drawing:
    """The one shapefile in a ZIP's bytes. Raises :class:`PlanError`."""
    files = unzip(raw, name)
    found = [n for n in files if n.lower().endswith(".shp")]
    if len(found) != 1:
        which = ", ".join(clip(PurePosixPath(n).name) for n in found[:5])
        raise PlanError(f"{name}: holds {counted(len(found), 'shapefile')} {which}".rstrip(), "give a ZIP with one")
    stem = found[0][:-4].lower()
    beside = {
        n.lower().removeprefix(stem + "."): content for n, content in files.items() if n.lower().startswith(stem + ".")
    }
    return read_parts(
        Parts(f"{name}/{found[0]}", files[found[0]], *(beside.get(s) for s in ("shx", "dbf", "prj", "cpg")))
    )  # fmt: skip


def read_parts(parts: Parts) -> Drawing:
    """The shapes of a shapefile. Raises :class:`PlanError`."""
    _check_header(parts)
    notes: list[str] = []
    place = _to_wgs84(parts, notes)
    if parts.dbf is None:
        notes.append("no .dbf beside it: shapes have no names and no properties")
    try:
        shapes = list(_shapes(parts, place))
    except PlanError:
        raise
    # The library lets many kinds through for a damaged file (struct.error, IndexError, its own, UnicodeDecodeError ...).
    except Exception as error:
        raise PlanError(
            f"{parts.name}: is a damaged shapefile: {clip(str(error) or repr(error), 120)}", _EXPORT
        ) from error
    return Drawing(tuple(shapes), tuple(notes))


def _check_header(parts: Parts) -> None:
    """Record sizes before the library believes them: each must lie in the file."""
    raw, name = parts.shp, parts.name
    if len(raw) < 100 or struct.unpack(">i", raw[:4])[0] != 9994:
        raise PlanError(f"{name}: byte 0: is not a shapefile", "give a .shp file")
    at, count, points = 100, 0, 0
    while at < len(raw):
        if at + 12 > len(raw):
            raise PlanError(f"{name}: byte {at}: ends in the middle of a record", _EXPORT)
        words = struct.unpack(">i", raw[at + 4 : at + 8])[0]
        end = at + 8 + 2 * words
        if words < 2 or end > len(raw):
            raise PlanError(f"{name}: byte {at}: a record of {2 * words} bytes, {len(raw) - at - 8} are left", _EXPORT)
        kind = struct.unpack("<i", raw[at + 8 : at + 12])[0]
        points += _counts_of(raw, at + 8, end, kind, name)
        at, count = end, count + 1
        if count > _MOST_RECORDS or points > _MOST_POINTS:
            raise PlanError(
                f"{name}: byte {at}: more than {_MOST_RECORDS} shapes or {_MOST_POINTS} points",
                "give only the part around the patrol",
            )


def _counts_of(raw: bytes, at: int, end: int, kind: int, name: str) -> int:
    """The number of points of a record, after its part and point counts were found to fit into it."""
    if kind == 0:
        return 0
    if kind not in _KINDS:
        raise PlanError(f"{name}: byte {at}: shape type {kind} is not read", "give points, lines or polygons")
    if kind % 10 == 1:
        size, points = 20, 1
    elif at + 44 > end:
        size, points = 44, 0
    elif kind % 10 == 8:
        points = struct.unpack("<i", raw[at + 36 : at + 40])[0]
        size = 40 + 16 * points
    else:
        parts, points = struct.unpack("<ii", raw[at + 36 : at + 44])
        size = 44 + 4 * parts + 16 * points
        if parts < 0 or at + size > end or points < 0:
            size = end - at + 1
        else:
            starts = struct.unpack(f"<{parts}i", raw[at + 44 : at + 44 + 4 * parts])
            if any(not 0 <= s < points for s in starts) or list(starts) != sorted(set(starts)):
                raise PlanError(f"{name}: byte {at + 44}: its parts do not begin one after the other", _EXPORT)
    if points < 0 or at + size > end:
        raise PlanError(f"{name}: byte {at + 36}: {points} points do not fit into the record", _EXPORT)
    return points


def _to_wgs84(parts: Parts, notes: list[str]) -> Place:
    if parts.prj is None:
        notes.append("no .prj beside it: its numbers are taken for degrees (WGS 84)")
        return lambda points, where: _degrees(points, where, "without a .prj its numbers must be degrees")
    text = decode_text(parts.prj, f"{parts.name} (.prj)")
    try:
        crs = pyproj.CRS.from_wkt(text.strip())
        group = TransformerGroup(crs, pyproj.CRS.from_epsg(4326), always_xy=True)
        if not group.transformers:
            raise ValueError("there is no way from it to WGS 84")
        transformer = group.transformers[0]
    except (pyproj.exceptions.ProjError, ValueError) as error:
        raise PlanError(
            f"{parts.name}: its .prj names no known system: {clip(str(error), 120)}", "export it in EPSG:4326 (WGS 84)"
        ) from error
    accuracy_m = transformer.accuracy
    if crs.name not in ("WGS 84", "GCS_WGS_1984", "WGS84"):
        how = (
            f"to about {accuracy_m:g} m"
            if accuracy_m is not None and accuracy_m >= 0.0
            else "the accuracy is not known"
        )
        notes.append(f"brought from {clip(crs.name, 60)} into WGS 84, {how}")
        if not group.best_available:
            notes.append("a more accurate way into WGS 84 needs a grid that is not installed (projsync)")

    def place(points: Sequence[Sequence[float]], where: str) -> tuple[LatLon, ...]:
        xy = np.array([p[:2] for p in points], float).reshape(-1, 2)
        lon, lat = transformer.transform(xy[:, 0], xy[:, 1])
        return _degrees(np.stack([lon, lat], axis=-1).tolist(), where, f"brought from {clip(crs.name, 60)}")

    return place


def _degrees(points: Sequence[Sequence[float]], where: str, why: str) -> tuple[LatLon, ...]:
    found = []
    for p in points:
        lon, lat = float(p[0]), float(p[1])
        if not (abs(lat) <= 90.0 and abs(lon) <= 360.0):
            raise PlanError(
                f"{where}: {lon:g}, {lat:g} is no place on the earth ({why})", "give the .prj that belongs to it"
            )
        found.append((lat, in_half_turns(lon)))
    return tuple(found)


def _shapes(parts: Parts, place: Place) -> list[Shape]:
    # Without the .shx the library walks the .shp itself; a wrong index is thereby no harm, and it holds nothing else.
    encoding = _encoding(parts.cpg)
    reader: Any = shapefile.Reader(
        shp=BytesIO(parts.shp),
        dbf=BytesIO(parts.dbf) if parts.dbf else None,
        encoding=encoding,
        encodingErrors="replace",
    )
    file_name = PurePosixPath(parts.name.replace("\\", "/")).stem
    found: list[Shape] = []
    with reader:
        shapes = reader.shapes()
        if parts.dbf and reader.numRecords != len(shapes):
            raise PlanError(f"{parts.name}: {len(shapes)} shapes, but {reader.numRecords} lines in the .dbf", _EXPORT)
        records = [r.as_dict() for r in reader.iterRecords()] if parts.dbf else [{} for _ in shapes]
        for number, (shape, record) in enumerate(zip(shapes, records, strict=True)):
            if shape.shapeType == 0:
                continue
            where = f"{parts.name}: shape {number}"
            name = _text(record, _NAMES)
            properties = {_whole_names().get(str(k).lower(), str(k).lower()): _plain(v) for k, v in record.items()}
            parts_of = joined(_geometry(shape, place, where))
            for part in parts_of:
                role = role_given(properties, part.kind, _text(record, _TYPES), name, file_name)
                rest = {k: v for k, v in properties.items() if k not in ("role", "name")}
                found.append(Shape(part.kind, part.points, part.holes, (), None, name, role, rest, where))
    return found


def _geometry(shape: Any, place: Place, where: str) -> list[Shape]:
    kind = _KINDS[shape.shapeType]
    if kind == "point":
        return [Shape("point", (p,)) for p in place(shape.points, where)]
    starts = [*shape.parts, len(shape.points)]
    rings = [shape.points[a:b] for a, b in pairwise(starts)]
    if kind == "line":
        return [Shape("line", place(ring, where)) for ring in rings if len(ring) > 1]
    return _polygons([r[:-1] if len(r) > 1 and tuple(r[0][:2]) == tuple(r[-1][:2]) else r for r in rings], place, where)


def _polygons(rings: list[Any], place: Place, where: str) -> list[Shape]:
    """Outer rings are clockwise, holes the other way; a hole belongs to the smallest outer ring that it lies in."""
    rings = [r for r in rings if len(r) >= 3]
    areas = [_signed_area(r) for r in rings]
    outer = [n for n, a in enumerate(areas) if a <= 0.0] or list(range(len(rings)))
    inner = [n for n in range(len(rings)) if n not in set(outer)]
    holes: dict[int, list[tuple[LatLon, ...]]] = {n: [] for n in outer}
    if inner:
        tree = shapely.STRtree([shapely.Polygon([p[:2] for p in rings[n]]) for n in outer])
        pairs = tree.query(shapely.points([rings[n][0][:2] for n in inner]), predicate="intersects")
        around: dict[int, list[int]] = {n: [] for n in inner}
        for at, which in pairs.T:
            around[inner[at]].append(outer[which])
        for n, candidates in around.items():
            if not candidates:
                raise PlanError(f"{where}: ring {n} runs like a hole and lies in no polygon", "draw it again")
            holes[min(candidates, key=lambda m: abs(areas[m]))].append(place(rings[n], where))
    return [Shape("polygon", place(rings[n], where), tuple(holes[n])) for n in outer]


def _signed_area(ring: Any) -> float:
    xy = np.array([p[:2] for p in ring], float)
    xy = xy - xy[0]
    return float(np.sum(xy[:, 0] * np.roll(xy[:, 1], -1) - np.roll(xy[:, 0], -1) * xy[:, 1]) / 2.0)


def _encoding(cpg: bytes | None) -> str:
    name = (cpg or b"").decode("ascii", "ignore").strip() or "utf-8"
    name = f"cp{name}" if name.isdigit() else name
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"


def _text(record: Mapping[str, Any], columns: tuple[str, ...]) -> str:
    low = {str(k).lower(): v for k, v in record.items()}
    for column in columns:
        value = low.get(column)
        if value not in (None, ""):
            return str(value).strip()
    return ""


def _whole_names() -> dict[str, str]:
    """Properties of an area by what a table makes of them, whose columns have ten letters at most."""
    return {name[:10]: name for names in PROPERTIES.values() for name in names if len(name) > 10}


def _plain(value: Any) -> Any:
    """A value of a table as JSON has it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, bool | int | str) else str(value)
