"""A document as text and back, exactly; for the planner's own files and for what is kept against a crash."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from geofences.errors import MarchwardenError, PlanError
from geofences.windows import parse_windows, windows_text
from geofences.zone import Height, LatLon, WeatherLimits
from groundstation.console.planner.document import (
    LEAST_POINTS,
    ROLES,
    FixedPlan,
    Limits,
    Patrol,
    PlannerDocument,
    Shape,
)
from missions.files.json_text import load_json
from missions.files.raw import MOST_BYTES_OF_MAPS, decode_text, read_bounded, write_whole
from missions.plan import FenceCircle, FencePlan, FencePolygon, MissionItem, Plan, RallyPoint

FILE_TYPE = "Marchwarden patrol"
SUFFIX = ".patrol"
_VERSION = 1
_REMEDY = "open another copy of the file"


def document_text(document: PlannerDocument) -> str:
    """The content of a file; :func:`parse_document` gives the same document back."""
    fixed = document.fixed
    whole = {
        "fileType": FILE_TYPE,
        "version": _VERSION,
        "name": document.name,
        "next_ident": document.next_ident,
        "shapes": [_shape_json(s) for s in document.shapes],
        "limits": {
            "weather": None if document.limits.weather is None else asdict(document.limits.weather),
            "no_look_beyond_m": document.limits.no_look_beyond_m,
            "union_of_inclusions": document.limits.union_of_inclusions,
        },
        "patrol": None if document.patrol is None else asdict(document.patrol),
        "fixed": None if fixed is None else {**asdict(fixed), "plan": _plan_json(fixed.plan)},
    }
    return json.dumps(whole, indent=1, allow_nan=False)


def write_document(document: PlannerDocument, path: Path) -> None:
    """Write a file whole or not at all. Raises :class:`PlanError`."""
    write_whole(path, document_text(document).encode())


def read_document(path: Path) -> PlannerDocument:
    """Read a file. Raises :class:`PlanError` that names what is wrong with it."""
    return parse_document(decode_text(read_bounded(path, MOST_BYTES_OF_MAPS), str(path)), str(path))


def parse_document(text: str, name: str = "patrol") -> PlannerDocument:
    """The document of a text. Raises :class:`PlanError`."""
    whole = load_json(text, name)
    if not isinstance(whole, dict) or whole.get("fileType") != FILE_TYPE:
        raise PlanError(f"{name}: is no patrol of this program", "import it instead")
    if whole.get("version") != _VERSION:
        raise PlanError(f"{name}: is of version {whole.get('version')!r}, which is not known", "take a newer program")
    try:
        shapes = tuple(_shape(s) for s in whole["shapes"])
        idents = [s.ident for s in shapes]
        if len(set(idents)) < len(idents):
            raise ValueError("two shapes have the same number")
        limits, patrol, fixed = whole["limits"], whole["patrol"], whole["fixed"]
        weather = limits["weather"]
        return PlannerDocument(
            str(whole["name"]),
            shapes,
            Limits(
                None if weather is None else WeatherLimits(**weather),
                None if limits["no_look_beyond_m"] is None else float(limits["no_look_beyond_m"]),
                bool(limits["union_of_inclusions"]),
            ),
            None if patrol is None else _patrol(patrol),
            None if fixed is None else _fixed(fixed),
            max([int(whole["next_ident"]), *(i + 1 for i in idents)]),
        )
    except MarchwardenError as error:
        raise PlanError(f"{name}: {error.message}", error.remedy) from error
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise PlanError(f"{name}: is damaged: {type(error).__name__}: {error}", _REMEDY) from error


# -- shapes --------------------------------------------------------------------------------------------------------------


def _shape_json(shape: Shape) -> dict[str, Any]:
    out: dict[str, Any] = {"ident": shape.ident, "role": shape.role, "kind": shape.kind, "name": shape.name}
    out["points"] = [list(p) for p in shape.points]
    if shape.holes:
        out["holes"] = [[list(p) for p in hole] for hole in shape.holes]
    for key in ("radius_m", "half_width_m", "buffer_m", "left", "right", "own"):
        if getattr(shape, key):
            out[key] = getattr(shape, key)
    for key in ("floor", "ceiling", "top"):
        if getattr(shape, key) is not None:
            out[key] = asdict(getattr(shape, key))
    if shape.windows:
        out["windows"] = windows_text(shape.windows)
    return out


def _shape(raw: Mapping[str, Any]) -> Shape:
    if raw["role"] not in ROLES or raw["kind"] not in LEAST_POINTS:
        raise ValueError(f"a {raw['role']!r} as a {raw['kind']!r} is not known")
    points = _points(raw["points"])
    if len(points) < LEAST_POINTS[raw["kind"]]:
        raise ValueError(f"a {raw['kind']} has {len(points)} points")
    heights = {k: None if raw.get(k) is None else Height(**raw[k]) for k in ("floor", "ceiling", "top")}
    figures = {k: float(raw.get(k, 0.0)) for k in ("radius_m", "half_width_m", "buffer_m")}
    if not all(math.isfinite(v) for v in figures.values()):
        raise ValueError("a figure is not finite")
    words = {k: str(raw.get(k, "")) for k in ("left", "right", "own")}
    windows = parse_windows(raw["windows"]) if raw.get("windows") else ()
    holes = tuple(_points(h) for h in raw.get("holes", ()))
    return Shape(
        int(raw["ident"]), raw["role"], raw["kind"], points, holes, str(raw["name"]),
        windows=windows, **heights, **figures, **words,
    )  # fmt: skip


def _points(raw: Any) -> tuple[LatLon, ...]:
    points = tuple((float(lat), float(lon)) for lat, lon in raw)
    if not all(abs(lat) <= 90.0 and abs(lon) <= 180.0 for lat, lon in points):
        raise ValueError("a coordinate is no place on the earth")
    return points


def _patrol(raw: Mapping[str, Any]) -> Patrol:
    known = {f.name: f for f in dataclasses.fields(Patrol)}
    usual = Patrol()
    values: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in known:
            raise ValueError(f"a patrol has no {name!r}")
        like = getattr(usual, name)
        values[name] = float(value) if isinstance(like, float) else value
    return replace(usual, **values)


# -- a plan --------------------------------------------------------------------------------------------------------------


def _plan_json(plan: Plan) -> dict[str, Any]:
    out = asdict(plan)
    if not math.isfinite(plan.fence.alt_max_rel_home_m):
        out["fence"]["alt_max_rel_home_m"] = None
    return out


def _fixed(raw: Mapping[str, Any]) -> FixedPlan:
    return FixedPlan(_plan(raw["plan"]), str(raw["source"]), str(raw["aircraft"]), tuple(map(str, raw["notes"])))


def _plan(raw: Mapping[str, Any]) -> Plan:
    fence = dict(raw["fence"])
    for key in ("inclusions", "exclusions"):
        fence[key] = tuple(FencePolygon(str(p["name"]), _points(p["points"])) for p in fence[key])
    for key in ("inclusion_circles", "exclusion_circles"):
        fence[key] = tuple(FenceCircle(**c) for c in fence[key])
    if fence["alt_max_rel_home_m"] is None:
        fence["alt_max_rel_home_m"] = math.inf
    return Plan(
        str(raw["name"]), float(raw["home_lat_deg"]), float(raw["home_lon_deg"]), float(raw["home_alt_amsl_m"]),
        tuple(MissionItem(**i) for i in raw["items"]), FencePlan(**fence), tuple(RallyPoint(**r) for r in raw["rally"]),
    )  # fmt: skip
