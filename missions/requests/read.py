"""Reads a patrol request with the files that it names. All faults of a file come in one error, each with its key."""

from __future__ import annotations

import difflib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from geofences.area import Area, parse_area
from geofences.errors import ConfigError, MarchwardenError
from geofences.terrain import TerrainGrid, read_terrain
from missions.coverage.priorities import PriorityRow
from missions.footprint import Camera
from missions.performance import KNOWN, Performance, performance_faults, read_performance
from missions.requests.request import PATTERNS, Request

_REMEDY = "mend these; docs/planning.md has a table of all keys"
BY_STRETCH = ("shuttle", "loop", "corridor", "random_gap")
STRETCH_KEYS = ("stretch_m", "stretch_length_m", "from_m", "to_m", "from_km", "to_km")
_AROUND_DEG = 0.02
"""Terrain is read this far beyond what the area's file holds."""


@dataclass(frozen=True)
class Job:
    """A request with all its files read. ``by_coverage``: what was chosen by the ledger (:mod:`missions.requests.by_coverage`)."""

    request: Request
    path: Path
    area: Area
    terrain: TerrainGrid | None
    performance: Performance
    camera: Camera
    by_coverage: tuple[PriorityRow, ...] = ()


def read_job(path: Path) -> Job:
    """The request in a file. Raises :class:`ConfigError` with every fault of the request, one a line."""
    request, faults = _request(path)
    folder = path.resolve().parent
    performance, more = _performance(request.performance, folder, "performance")
    faults += more
    for number, each in enumerate(request.aircraft):
        faults += _performance(each.type, folder, f"aircraft.{number}.type")[1]
    faults += _pattern_faults(request)
    area: Area | None = None
    try:
        area = _area(request, folder)
    except MarchwardenError as error:
        faults.append(f"area: {error}")
    if area is not None:
        faults += _area_faults(request, area)
    terrain: TerrainGrid | None = None
    if request.terrain is not None and area is not None:
        try:
            terrain = read_terrain(folder / request.terrain, _bounds(area))
        except MarchwardenError as error:
            faults.append(f"terrain: {error}")
    if faults or area is None or performance is None:
        raise _told(path, faults)
    if request.start_from is not None:
        area = starting_at(area, request.start_from)
    return Job(request, path, area, terrain, performance, camera_of(request.camera))


def job_of(document: Mapping[str, Any], area: Area, terrain: TerrainGrid | None, name: str = "patrol") -> Job:
    """A request that is no file, with the area and the ground at hand. ``name``: what messages call it.

    Its ``area`` and ``terrain`` keys are not read. Raises :class:`ConfigError` with every fault, one a line.
    """
    path = Path(name)
    try:
        request = Request.model_validate({**document, "area": name, "terrain": None})
    except ValidationError as error:
        raise _told(path, explained(error, Request)) from error
    performance, faults = _performance(request.performance, Path(), "performance")
    for number, each in enumerate(request.aircraft):
        faults += _performance(each.type, Path(), f"aircraft.{number}.type")[1]
    faults += [*_pattern_faults(request), *_area_faults(request, area)]
    if faults or performance is None:
        raise _told(path, faults)
    if request.start_from is not None:
        area = starting_at(area, request.start_from)
    return Job(request, path, area, terrain, performance, camera_of(request.camera))


def camera_of(section: Any) -> Camera:
    """The camera of a section of the request."""
    return Camera(section.width_px, section.height_px, section.hfov_deg, section.name)


def drawn(path: Path, kind: str) -> list[tuple[float, float]]:
    """The (lat, lon) corners of the one line or polygon in a GeoJSON file; raises :class:`ConfigError`."""
    found = [f for f in _features(path) if _kind(f) == kind]
    if len(found) != 1:
        raise ConfigError(f"{path}: holds {len(found)} features of the kind {kind}", "give a file with one")
    coordinates: Any = found[0]["geometry"].get("coordinates")
    try:
        ring = coordinates[0] if kind == "Polygon" else coordinates
        points = [(float(p[1]), float(p[0])) for p in ring]
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise ConfigError(f"{path}: its coordinates cannot be read: {error}", "draw it again") from error
    return points[:-1] if kind == "Polygon" and len(points) > 1 and points[0] == points[-1] else points


def starting_at(area: Area, name: str) -> Area:
    """The area with one of its launch points as home."""
    launch = next(p for p in area.launches if p.name == name)
    return replace(area, launch=launch, launches=(launch, *(p for p in area.launches if p is not launch)))


def type_of(value: str | dict[str, Any], folder: Path) -> Performance:
    """An aircraft type: a known name, a file, or its figures. It was looked at by :func:`read_job`."""
    if isinstance(value, str) and value not in KNOWN:
        return read_performance(folder / value)
    return read_performance(value)


# -- the request itself --------------------------------------------------------------------------------------------


def _request(path: Path) -> tuple[Request, list[str]]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}", "check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not TOML: {error}", "mend the line that it names") from error
    try:
        return Request.model_validate(document), []
    except ValidationError as error:
        raise _told(path, explained(error, Request)) from error


def _told(path: Path, faults: list[str]) -> ConfigError:
    return ConfigError("\n  ".join([f"{path}:", *(f.replace("\n", "\n  ") for f in faults)]) + "\n", _REMEDY)


def explained(error: ValidationError, model: type[BaseModel]) -> list[str]:
    """One line for each fault: its key, what is wrong, and what it may be."""
    lines: list[str] = []
    for fault in error.errors():
        place = ".".join(str(part) for part in fault["loc"] if part not in ("int", "literal['max']", "constrained-int"))
        kind, value = fault["type"], fault.get("input")
        if kind == "extra_forbidden":
            known = _known_names(model, fault["loc"])
            close = difflib.get_close_matches(str(fault["loc"][-1]), known, n=1)
            hint = f", did you mean {close[0]!r}?" if close else f"; it may be {', '.join(known)}"
            line = f"{place}: unknown key{hint}"
        elif kind == "missing":
            line = f"{place}: is missing"
            if place == "pattern":
                line += f"; it may be {', '.join(PATTERNS)}"
        elif kind == "literal_error" and place == "pattern":
            close = difflib.get_close_matches(str(value), PATTERNS, n=1)
            line = f"{place}: {value!r} is not known; it may be {', '.join(PATTERNS)}"
            line += f" (did you mean {close[0]!r}?)" if close else ""
        else:
            line = f"{place}: {str(fault['msg']).removeprefix('Value error, ').lower()} (it is {_short(value)})"
        if line not in lines:
            lines.append(line)
    return lines


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _known_names(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """The keys that are allowed where an unknown one was found."""
    here: Any = model
    for part in location[:-1]:
        if isinstance(part, int) or not hasattr(here, "model_fields") or part not in here.model_fields:
            continue
        annotation = here.model_fields[part].annotation
        choices = [annotation, *getattr(annotation, "__args__", ())]
        here = next((c for c in choices if isinstance(c, type) and issubclass(c, BaseModel)), here)
    return list(here.model_fields)


def _performance(value: str | dict[str, Any], folder: Path, place: str) -> tuple[Performance | None, list[str]]:
    if isinstance(value, dict):
        faults = performance_faults(value, place)
        return (None, faults) if faults else (read_performance(value), [])
    try:
        return type_of(value, folder), []
    except MarchwardenError as error:
        if not value.endswith(".toml"):
            close = difflib.get_close_matches(value, list(KNOWN), n=1)
            hint = f" (did you mean {close[0]!r}?)" if close else ""
            return None, [f"{place}: {value!r} is no known type: {', '.join(KNOWN)}, or a .toml file{hint}"]
        return None, [f"{place}: {error}"]


def _pattern_faults(request: Request) -> list[str]:
    faults = _coverage_faults(request)
    for name in PATTERNS:
        if name not in ("watch", request.pattern) and getattr(request, name) is not None:
            faults.append(f"{name}: the pattern is {request.pattern!r}; this table belongs to another one")
    if request.pattern != "watch":
        for name in ("watch", "stretch", "aircraft"):
            if getattr(request, name):
                faults.append(f'{name}: is for pattern = "watch"; the pattern is {request.pattern!r}')
    elif not request.stretch and not (request.watch and request.watch.given):
        faults.append(
            "stretch: nothing says how often what must be seen; give [[stretch]] tables, or [watch] max_gap_s"
        )
    for number, stretch in enumerate(request.stretch):
        if not stretch.given and not (request.watch and request.watch.given):
            faults.append(f"stretch.{number}: has no max_gap_s, max_gap_min or walker")
    return faults


def _coverage_faults(request: Request) -> list[str]:
    if request.coverage is None:
        return []
    table = getattr(request, request.pattern) if request.pattern != "watch" else None
    if request.pattern not in (*BY_STRETCH, "watch"):
        return [
            f"coverage: tells a stretch of the border; a {request.pattern} has none (use {', '.join(BY_STRETCH)} or watch)"
        ]
    given = [k for k in (*STRETCH_KEYS, "line") if isinstance(table, dict) and k in table]
    return [f"{request.pattern}.{k}: is told by the coverage ledger; leave out one of them" for k in given]


# -- the files it names --------------------------------------------------------------------------------------------


def _area(request: Request, folder: Path) -> Area:
    names = [request.area] if isinstance(request.area, str) else list(request.area)
    features: list[Any] = []
    for name in names:
        features += _features(folder / name)
    if request.border is not None:
        lines = [f for f in _features(folder / request.border) if _kind(f) == "LineString"]
        if len(lines) != 1:
            raise ConfigError(
                f"{folder / request.border}: holds {len(lines)} lines", "give the border as one LineString"
            )
        features = [f for f in features if _role(f) != "border"] + [_with(lines[0], role="border")]
    if not any(_role(f) == "border" for f in features):
        # A file with one line that says nothing else of itself: that is the border.
        bare = [k for k, f in enumerate(features) if _role(f) is None and _kind(f) == "LineString"]
        if len(bare) == 1:
            features[bare[0]] = _with(features[bare[0]], role="border")
    features = [_sided(f, request.own_side) if _role(f) == "border" else f for f in features]
    for point in request.launch:
        made = {"type": "Point", "coordinates": [point.lon_deg, point.lat_deg]}
        features.append({"type": "Feature", "properties": {"role": "launch", "name": point.name}, "geometry": made})
    text = json.dumps({"type": "FeatureCollection", "features": features})
    return parse_area(text, ", ".join(names))


def _features(path: Path) -> list[dict[str, Any]]:
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read: {error.strerror or error}", "paths are relative to the request"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: is not GeoJSON: {error}", "export it again") from error
    kind = document.get("type") if isinstance(document, dict) else None
    if kind == "Feature":
        return [document]
    features = document.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise ConfigError(f"{path}: is not a GeoJSON FeatureCollection", "export it again")
    limits = document.get("properties")
    if isinstance(limits, dict) and limits:
        features = [*features, {"type": "Feature", "properties": {**limits, "role": "limits"}, "geometry": None}]
    return list(features)


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    found = feature.get("properties")
    return found if isinstance(found, dict) else {}


def _role(feature: dict[str, Any]) -> Any:
    return _properties(feature).get("role")


def _kind(feature: dict[str, Any]) -> Any:
    geometry = feature.get("geometry")
    return geometry.get("type") if isinstance(geometry, dict) else None


def _with(feature: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**feature, "properties": {**_properties(feature), **more}}


def _sided(border: dict[str, Any], own_side: str | None) -> dict[str, Any]:
    """Sides without names are called left and right; ours is what the request says, what the file says, or the left."""
    properties = _properties(border)
    left, right = properties.get("left") or "left", properties.get("right") or "right"
    own = properties.get("own") or left
    if own_side is not None:
        own = {"left": left, "right": right}.get(own_side, own_side)
    return _with(border, left=left, right=right, own=own)


def _area_faults(request: Request, area: Area) -> list[str]:
    names = [p.name for p in area.launches]
    faults = []
    wanted = [("start_from", request.start_from)]
    wanted += [(f"aircraft.{n}.launch", a.launch) for n, a in enumerate(request.aircraft)]
    for place, name in wanted:
        if name is not None and name not in names:
            close = difflib.get_close_matches(name, names, n=1)
            hint = f" (did you mean {close[0]!r}?)" if close else ""
            faults.append(f"{place}: there is no launch point {name!r}; there are {', '.join(map(repr, names))}{hint}")
    repeated = {n for n in names if names.count(n) > 1}
    faults += [f"launch: two launch points are called {n!r}" for n in sorted(repeated)]
    return faults


def _bounds(area: Area) -> tuple[float, float, float, float]:
    points = [*area.border.points, *((p.lat_deg, p.lon_deg) for p in (*area.launches, *area.rally))]
    points += [p for z in (*area.inclusions, *area.exclusions) for p in z.points]
    lat = [p[0] for p in points]
    lon = [p[1] for p in points]
    return min(lat) - _AROUND_DEG, min(lon) - _AROUND_DEG, max(lat) + _AROUND_DEG, max(lon) + _AROUND_DEG
