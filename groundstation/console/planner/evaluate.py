"""What follows from a document: whether its zones hold, the plans for its patrol, and what is wrong with them.

Everything here belongs to exactly one document and is worked out anew for every other. It may take seconds: it runs on
the planner's worker (:mod:`groundstation.console.planner.worker`), never on the GUI thread.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from geofences.area import Area
from geofences.border import BorderGeometry
from geofences.errors import MarchwardenError
from geofences.geodesy import LocalFrame
from geofences.terrain import TerrainGrid
from geofences.validity import explain, remarks
from groundstation.console.planner.document import FixedPlan, PlannerDocument, Shape
from groundstation.console.planner.orders import request_of
from missions.checks import Circumstances, Finding, check_plan, limits_for
from missions.codec import MissionKind, items_of
from missions.fence_of_area import fence_remarks
from missions.performance import Performance, read_performance
from missions.plan import Plan
from missions.plan_file_write import plan_document
from missions.plan_time import PlanTime, plan_time
from missions.planner.solution import PatrolSolution
from missions.requests.make import Made, document_of, gap_figures, make, with_promise
from missions.requests.read import Job, job_of

_log = logging.getLogger("groundstation.console.planner")
Severity = Literal["error", "warning", "note"]
_RANK = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True)
class Told:
    """One line of the list of findings. ``lat_deg`` None: it has no place. ``ident``: the shape that it is about.

    ``plan``: which plan, from 0; None: the drawing or the request. ``mends``: a repair is offered.
    """

    severity: Severity
    code: str
    text: str
    lat_deg: float | None = None
    lon_deg: float | None = None
    ident: int | None = None
    plan: int | None = None
    mends: bool = False


@dataclass(frozen=True, eq=False)
class Outcome:
    """One plan that could be sent. ``made`` None: it was made elsewhere."""

    plan: Plan
    time: PlanTime | None
    findings: tuple[Finding, ...]
    made: Made | None = None
    aircraft: str = ""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What forbids an upload."""
        return tuple(f for f in self.findings if f.severity == "error")

    @property
    def gap_max_s(self) -> float | None:
        """The longest that a place it watches is out of sight; None where that is not known."""
        return None if self.made is None else gap_figures(self.made.promise)["max"]


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Everything about one document. ``failed``: why no plan could be made; empty otherwise."""

    document: PlannerDocument
    told: tuple[Told, ...]
    plans: tuple[Outcome, ...]
    area: Area | None
    job: Job | None = None
    border_length_m: float | None = None
    failed: str = ""

    def errors(self) -> tuple[Told, ...]:
        """What forbids an upload."""
        return tuple(t for t in self.told if t.severity == "error")

    @property
    def promised(self) -> bool:
        """Whether what the plans promise is worked out."""
        return all(p.made is None or p.made.promise.known for p in self.plans)

    @property
    def ready(self) -> bool:
        """Whether there are plans and nothing forbids them."""
        return bool(self.plans) and not self.errors()


def evaluate(document: PlannerDocument, terrain: TerrainGrid | None = None) -> Evaluation:
    """Judge a document. Never raises: what goes wrong is among the findings."""
    told: list[Told] = []
    area: Area | None = None
    plans: tuple[Outcome, ...] = ()
    job: Job | None = None
    length_m: float | None = None
    failed = ""
    try:
        told += _shapes(document)
        area = document.area() if document.has_place() else None
        if area is not None:
            length_m = float(BorderGeometry.from_line(area.border, area.frame()).length_m)
            told += [Told("note", "fence_cannot_hold", text) for text in fence_remarks(area)]
        if document.fixed is not None:
            plans = (_fixed(document.fixed, area, terrain),)
            told += [Told("note", "plan_file", note) for note in document.fixed.notes]
        elif document.patrol is not None and area is not None and not any(t.severity == "error" for t in told):
            job = job_of(request_of(document), area, terrain, document.name.strip() or "patrol")
            made, solution = make(job, Path(f"{document.name or 'patrol'}.plan"), promised=False)
            plans = tuple(Outcome(m.plan, m.time, m.findings, m, m.aircraft) for m in made)
            if solution is not None:
                told += _watch(solution, area)
    except MarchwardenError as error:
        failed = _plain(error.message, document)
        if not (document.fixed is not None and plans):
            # What helps with a file of requests helps nobody at a map.
            remedy = "" if "docs/planning.md" in error.remedy else error.remedy
            told.append(Told("error", "cannot_be_planned", f"{failed}: {remedy}" if remedy else failed))
    except Exception as error:
        # The operator goes on drawing; what went wrong inside is logged and blocks the upload.
        _log.exception("the plan could not be worked out")
        failed = f"{type(error).__name__}: {error}"
        told.append(Told("error", "internal", f"the plan could not be worked out ({failed}); see the log"))
    for number, outcome in enumerate(plans):
        told += [_of_plan(f, number) for f in outcome.findings]
    told.sort(key=lambda t: _RANK[t.severity])
    return Evaluation(document, tuple(told), plans, area, job, length_m, failed)


def with_promises(done: Evaluation) -> Evaluation:
    """The same with what the plans promise worked out: how long a place stays out of sight. Takes seconds."""
    job = done.job
    if job is None:
        return done
    plans = tuple(p if p.made is None else replace(p, made=with_promise(job, p.made)) for p in done.plans)
    return replace(done, plans=plans)


def _plain(message: str, document: PlannerDocument) -> str:
    """Without the name that stands for a file where there is none."""
    name = document.name.strip() or "patrol"
    return " ".join(message.removeprefix(f"{name}:").split())


def _shapes(document: PlannerDocument) -> list[Told]:
    frame = document.frame()
    told: list[Told] = []
    for shape in document.shapes:
        if shape.is_zone or (shape.role == "target" and shape.kind == "polygon"):
            told += _zone(shape, frame)
    return told


def _zone(shape: Shape, frame: LocalFrame) -> list[Told]:
    try:
        zone = shape.zone()
    except MarchwardenError as error:
        return [Told("error", "shape", f"{error.message}: {error.remedy}", *shape.points[0], ident=shape.ident)]
    wrong = explain(zone, frame)
    out = [Told("error", p.code, p.text, p.lat_deg, p.lon_deg, shape.ident, mends=True) for p in wrong]
    if shape.kind == "polygon":
        # What a circle's outline looks like is not the drawer's doing; and an order of corners is nothing to look at.
        odd = [p for p in remarks(zone, frame) if p.code != "wrong_order"]
        out += [Told("warning", p.code, p.text, p.lat_deg, p.lon_deg, shape.ident) for p in odd]
    return out


def _of_plan(finding: Finding, number: int) -> Told:
    place = (finding.lat_deg, finding.lon_deg) if math.isfinite(finding.lat_deg) else (None, None)
    return Told(finding.severity, finding.code, finding.text, *place, plan=number)


def _fixed(fixed: FixedPlan, area: Area | None, terrain: TerrainGrid | None) -> Outcome:
    performance: Performance | None = read_performance(fixed.aircraft) if fixed.aircraft else None
    given = Circumstances(performance or read_performance("quadcopter"), assumed=performance is None)
    assert given.performance is not None
    findings = check_plan(fixed.plan, area, terrain, limits_for(given.performance), given)
    try:
        time: PlanTime | None = plan_time(fixed.plan, given.performance)
    except MarchwardenError:
        time = None
    return Outcome(fixed.plan, time, tuple(findings), None, fixed.aircraft)


def _watch(solution: PatrolSolution, area: Area) -> list[Told]:
    """What of a demand is not met, and what would meet it."""
    frame = area.frame()
    border = BorderGeometry.from_line(area.border, frame)
    told: list[Told] = []
    for short in solution.shortfalls:
        point, _ = border.at(0.5 * (short.from_m + short.to_m))
        lat, lon = frame.from_plane(point)
        told.append(Told("error", "demand_not_met", short.text(), float(lat), float(lon)))
    for conflict in solution.conflicts:
        severity: Severity = "warning" if conflict.on_the_ground else "error"
        told.append(Told(severity, "launch_busy" if conflict.on_the_ground else "aircraft_too_close", conflict.text))
    if solution.shortfalls:
        told += [
            Told("note", "would_meet_it", advice.text, advice.lat_deg, advice.lon_deg) for advice in solution.advice
        ]
    return told


def plan_documents(evaluation: Evaluation) -> list[dict[str, object]]:
    """The ``.plan`` files of an evaluation, as objects, in the order of its plans."""
    out: list[dict[str, object]] = []
    for outcome in evaluation.plans:
        if outcome.made is not None and evaluation.job is not None:
            out.append(document_of(evaluation.job, outcome.made))
        else:
            plan = outcome.plan
            home = (plan.home_lat_deg, plan.home_lon_deg, plan.home_alt_amsl_m)
            document = plan_document({kind: items_of(plan, kind) for kind in MissionKind}, home=home)
            document["marchwarden"] = {
                "version": 1,
                "name": plan.name,
                "fence": {
                    "margin_m": plan.fence.margin_m,
                    "ceiling_m": plan.fence.alt_max_rel_home_m
                    if math.isfinite(plan.fence.alt_max_rel_home_m)
                    else None,
                },
            }
            out.append(document)
    return out
