"""Files of other programs in and out. What a file cannot hold is told before anything is written or taken in."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from geofences.area import parse_area
from geofences.area_features import read_features, read_limits, read_obstacle, read_zones
from geofences.errors import MarchwardenError, PlanError
from geofences.terrain import TerrainGrid
from geofences.windows import windows_text
from groundstation.console.planner import edits
from groundstation.console.planner.document import (
    ZONE_ROLES,
    FixedPlan,
    Limits,
    PlannerDocument,
    Role,
    Shape,
    document_of_area,
    shape_of_zone,
)
from groundstation.console.planner.evaluate import Evaluation, plan_documents
from missions.files.area_of_drawing import Sides, area_of
from missions.files.convert import drawing_of_plan, encode_drawing
from missions.files.drawing import AREA_ROLES, Drawing, with_role, with_usual_roles
from missions.files.drawing import Shape as FileShape
from missions.files.formats import FORMATS, as_plan, encode_plan, read_any
from missions.files.json_text import dump_json
from missions.files.raw import write_whole
from missions.performance import KNOWN
from missions.plan_file import PlanFile, parse_plan_file
from missions.plan_of_file import ARDUPILOT_MARGIN_M, plan_of_file

OWN = "marchwarden"
MAPS = (".geojson", ".kml", ".kmz")
"""What a drawing can be written as."""
READABLE: tuple[str, ...] = tuple(s for f in FORMATS for s in f.suffixes)
PLANS: tuple[str, ...] = tuple(s for f in FORMATS if f.encode is not None for s in f.suffixes)
Mode = Literal["drawing", "plan"]
_WORST_SIDES = Sides("left side", "right side", "left side")


@dataclass(frozen=True)
class Imported:
    """A document with what a file brought, not yet taken over. ``notes``: what was read how; ``left_out``: what was not."""

    document: PlannerDocument
    notes: tuple[str, ...]
    left_out: tuple[str, ...]
    shapes: int = 0


@dataclass(frozen=True)
class Prepared:
    """Files ready to be written, and in words what they cannot hold."""

    files: tuple[tuple[Path, bytes], ...]
    not_carried: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def write(self) -> None:
        """Write them, each whole or not at all. Raises :class:`PlanError`."""
        for path, raw in self.files:
            write_whole(path, raw)


# -- in ------------------------------------------------------------------------------------------------------------------


def what_is_in(path: Path) -> tuple[PlanFile | Drawing, Mode]:
    """A file's content and what it is most likely wanted as. Raises :class:`PlanError`."""
    content = read_any(path)
    return content, "plan" if isinstance(content, PlanFile) else "drawing"


def roleless(content: PlanFile | Drawing) -> int:
    """How many shapes do not say what they are."""
    return 0 if isinstance(content, PlanFile) else sum(1 for s in with_usual_roles(content).shapes if not s.role)


def import_file(
    document: PlannerDocument,
    path: Path,
    content: PlanFile | Drawing,
    mode: Mode,
    role: str = "",
    terrain: TerrainGrid | None = None,
) -> Imported:
    """What the document would be with a file. ``role``: for shapes that say none. Raises :class:`PlanError`."""
    if mode == "plan":
        return _import_plan(document, path, content, role, terrain)
    if isinstance(content, PlanFile):
        drawing = drawing_of_plan(content)
    else:
        drawing = with_usual_roles(with_role(content, role) if role else content)
    return _import_drawing(document, path.name, drawing)


def _import_drawing(document: PlannerDocument, name: str, drawing: Drawing) -> Imported:
    unnamed = any(
        s.role == "border" and not (s.properties.get("left") and s.properties.get("right") and s.properties.get("own"))
        for s in drawing.shapes
    )
    raw, left_out, notes = area_of(drawing, name, _WORST_SIDES)
    notes = [n for n in notes if not n.startswith("not yet a whole area")]
    if unnamed:
        notes.append("the border does not name its sides: they are called left and right side, and ours is the left")
    made, count, limits = document, 0, document.limits
    has_border = any(True for _ in document.of_role("border"))
    try:
        for feature in read_features(json.loads(raw), name):
            if feature.role == "limits":
                weather, beyond_m, union = read_limits(feature)
                limits = Limits(
                    weather or limits.weather,
                    limits.no_look_beyond_m if beyond_m is None else beyond_m,
                    limits.union_of_inclusions if union is None else union,
                )
                continue
            if feature.role == "border" and has_border:
                left_out.append("a border: there is one in the drawing already")
                continue
            for shape in _shapes_of(feature):
                made = edits.add(made, shape)
                count += 1
                has_border = has_border or shape.role == "border"
    except MarchwardenError as error:
        raise PlanError(error.message, error.remedy) from error
    return Imported(replace(made, limits=limits), tuple(notes), tuple(left_out), count)


def _shapes_of(feature: Any) -> list[Shape]:
    role: Role = feature.role
    if role in ZONE_ROLES:
        return [shape_of_zone(z, role) for z in read_zones(feature, role)]  # type: ignore[arg-type]
    if role == "obstacle":
        o = read_obstacle(feature)
        return [Shape(0, role, "point", ((o.lat_deg, o.lon_deg),), name=o.name, radius_m=o.radius_m, top=o.top)]
    if role == "border":
        left, right, own = (str(feature.text(k)) for k in ("left", "right", "own"))
        return [Shape(0, role, "line", feature.line(), name=feature.name, left=left, right=right, own=own)]
    return [Shape(0, role, "point", (feature.position(),), name=feature.name)]


def _import_plan(
    document: PlannerDocument, path: Path, content: PlanFile | Drawing, role: str, terrain: TerrainGrid | None
) -> Imported:
    file, left_out = as_plan(content, str(path), role=role)
    own = file.kept.sections.get("", {}).get(OWN) if file.kept is not None else None
    own = own if isinstance(own, dict) else {}
    notes = list(file.notes)
    if own.get("area") is not None and not document.has_place():
        try:
            document = document_of_area(parse_area(json.dumps(own["area"]), f"{path}: {OWN}.area"), document.name)
            notes.append("the area that the plan was made for stands in the file and is drawn")
        except MarchwardenError as error:
            notes.append(f"the area in the file cannot be read: {error.message}")
    fence = own.get("fence") if isinstance(own.get("fence"), dict) else {}
    ceiling, margin = _number(fence, "ceiling_m"), _number(fence, "margin_m")
    home_m = None
    if terrain is not None and file.home[2] == 0.0:
        ground = float(terrain.height(file.home[0], file.home[1]))
        home_m = ground if math.isfinite(ground) else None
    plan, more = plan_of_file(
        file, str(own.get("name") or path.stem), ceiling, ARDUPILOT_MARGIN_M if margin is None else margin,
        document.limits.union_of_inclusions, home_m,
    )  # fmt: skip
    performance = own.get("performance")
    aircraft = performance.get("name") if isinstance(performance, dict) else None
    fixed = FixedPlan(plan, path.name, aircraft if aircraft in KNOWN else "", (*notes, *more))
    return Imported(
        replace(document, fixed=fixed, name=plan.name[:100] or document.name), (*notes, *more), tuple(left_out)
    )


def _number(section: Mapping[str, Any] | None, key: str) -> float | None:
    value = (section or {}).get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


# -- out -----------------------------------------------------------------------------------------------------------------


def prepare_plans(evaluation: Evaluation, path: Path) -> Prepared:
    """The plans as files of the format that the name says; several are numbered. Raises :class:`PlanError`."""
    if not evaluation.plans:
        raise PlanError("there is no plan to write", "ask for a patrol first, or mend what forbids it")
    files: list[tuple[Path, bytes]] = []
    told: dict[str, None] = {}
    many = len(evaluation.plans) > 1
    for number, document in enumerate(plan_documents(evaluation), start=1):
        target = path.with_name(f"{path.stem}-{number}{path.suffix}") if many else path
        raw, not_carried = encode_plan(parse_plan_file(dump_json(document), str(target)), target)
        files.append((target, raw))
        told.update(dict.fromkeys(f"{target.name}: {t}" if many else t for t in not_carried))
    return Prepared(tuple(files), tuple(told))


def prepare_drawing(document: PlannerDocument, path: Path) -> Prepared:
    """The drawing as a map file. Raises :class:`PlanError`."""
    if path.suffix.lower() not in MAPS:
        raise PlanError(f"{path}: a drawing is written as {', '.join(MAPS)}", "give another name")
    if not document.shapes:
        raise PlanError("nothing is drawn", "draw something first")
    drawing = drawing_of(document)
    (raw, not_carried), notes = encode_drawing(drawing, path.name, path)
    left_out = list(not_carried)
    if document.patrol is not None:
        left_out.append("the patrol that is asked for: a map holds shapes only")
    return Prepared(((path, raw),), tuple(left_out), tuple(notes))


def drawing_of(document: PlannerDocument) -> Drawing:
    """The shapes as a map file knows them."""
    shapes = [_file_shape(s) for s in document.shapes]
    limits: dict[str, Any] = {}
    weather = document.limits.weather
    if weather is not None:
        limits |= {k: v for k, v in vars(weather).items() if v is not None}
    if document.limits.no_look_beyond_m is not None:
        limits["no_look_beyond_m"] = document.limits.no_look_beyond_m
    if document.limits.union_of_inclusions:
        limits["inclusions"] = "any"
    return Drawing(tuple(shapes), properties=limits)


def _file_shape(shape: Shape) -> FileShape:
    properties: dict[str, Any] = {}
    for which in ("floor", "ceiling", "top"):
        height = getattr(shape, which)
        if height is not None:
            properties |= {f"{which}_m": height.metres, f"{which}_reference": height.reference}
    if shape.windows:
        properties["windows"] = windows_text(shape.windows)
    if shape.buffer_m:
        properties["buffer_m"] = shape.buffer_m
    if shape.kind == "circle" or shape.role == "obstacle":
        properties["radius_m"] = shape.radius_m
    if shape.kind == "corridor":
        properties["half_width_m"] = shape.half_width_m
    if shape.role == "obstacle" and shape.top is None:
        properties |= {"top_m": 50.0, "top_reference": "ground"}
    if shape.role == "border":
        properties |= {"left": shape.left, "right": shape.right, "own": shape.own}
    kinds: Mapping[str, Any] = {"circle": "point", "corridor": "line"}
    role = shape.role if shape.role in AREA_ROLES else "target"
    return FileShape(
        kinds.get(shape.kind, shape.kind), shape.points, shape.holes, name=shape.name, role=role, properties=properties
    )
