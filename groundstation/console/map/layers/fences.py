"""The fences and the patrol of the plan: planned, in force, or not confirmed. Only the aircraft's own word counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PyQt6.QtCore import Qt

from geofences.area import Area, LatLon
from groundstation.console import i18n
from groundstation.console.freshness import age_words
from groundstation.console.map.freshness import heard_mono_s
from groundstation.console.map.graphics import Shape, ShapeSet, Word, Words, outline_path
from groundstation.console.map.layers.base import Layer
from groundstation.console.map.projection import polyline
from groundstation.console.map.tools import LegendRow
from groundstation.core import topics
from groundstation.core.clock import Clock
from groundstation.core.records import VehicleId
from groundstation.core.safety_records import FenceReport
from missions.fence_outlines import fence_outlines
from missions.plan import Plan

FenceLook = Literal["planned", "unconfirmed", "in_force"]
_LOOKS: dict[FenceLook, tuple[str, float, Qt.PenStyle]] = {
    "in_force": ("fence_in_force", 2.8, Qt.PenStyle.SolidLine),
    "unconfirmed": ("fence_unconfirmed", 2.8, Qt.PenStyle.DashDotDotLine),
    "planned": ("fence_planned", 1.8, Qt.PenStyle.DotLine),
}
_SHAPES = {"in_force": "line", "unconfirmed": "dash", "planned": "dotted"}


@dataclass(frozen=True)
class _Word:
    report: FenceReport
    mono_s: float


class FencesLayer(Layer):
    """The fences of the plan; without one, those of the area as planned.

    "In force" needs both: the plan was read back and found equal, and the aircraft says, now, that its fence acts.
    """

    def __init__(self, area: Area | None, clock: Clock) -> None:
        super().__init__("fences", i18n.text("map", "Fences"), i18n.text("map", "Area"), clock)
        self.shapes, self.words = ShapeSet(5), Words(16)
        self._inclusions: list[tuple[LatLon, ...]] = [z.points for z in area.inclusions] if area else []
        self._exclusions: list[tuple[LatLon, ...]] = [z.points for z in area.exclusions] if area else []
        self._ceiling_m: float | None = None
        self._read_back = False
        self._reports: dict[VehicleId, _Word] = {}
        self._vehicle: VehicleId | None = None

    def items(self) -> Sequence[object]:
        return (self.shapes, self.words)

    def set_plan(self, plan: Plan, in_force: bool) -> None:
        """``in_force``: it was read back of the aircraft and found equal."""
        self._inclusions, self._exclusions = fence_outlines(plan.fence)
        self._ceiling_m, self._read_back = plan.fence.alt_max_rel_home_m, in_force
        self.changed()

    def set_vehicle(self, vehicle: VehicleId | None) -> None:
        """Whose plan it is; None: that of any aircraft."""
        self._vehicle = vehicle
        self.changed()

    def on_fence_report(self, report: FenceReport) -> None:
        """What an aircraft says of its fence."""
        self._reports[report.vehicle_id] = _Word(report, heard_mono_s(self.clock, report.t_utc_us))

    def verdict(self) -> tuple[FenceLook, str]:
        """How the fences are drawn, and why, in words."""
        if not self._read_back:
            return "planned", i18n.text("map", "planned, NOT in force")
        words = [w for v, w in self._reports.items() if self._vehicle is None or v == self._vehicle]
        if not words:
            return "unconfirmed", i18n.text("map", "NOT confirmed: the aircraft has not told that it acts")
        oldest = min(words, key=lambda w: w.mono_s)
        age_s = self.now_s - oldest.mono_s
        if age_s > topics.FENCE_REPORT.max_age_s:
            told = i18n.text("map", "NOT confirmed: last told {age} ago")
            return "unconfirmed", i18n.fill(told, age=age_words(age_s))
        for word in words:
            force = word.report.force_of("areas")
            if force not in ("in_force", "breached", "by_command"):
                verdict = next((f for f in word.report.fences if f.kind == "areas"), None)
                why = verdict.text if verdict is not None else force.replace("_", " ")
                return "unconfirmed", i18n.fill(i18n.text("map", "NOT confirmed: {why}"), why=why)
        if any(w.report.force_of("areas") == "breached" for w in words):
            return "in_force", i18n.text("map", "in force, BREACHED")
        return "in_force", i18n.text("map", "in force")

    def look(self) -> object:
        return self.verdict()

    def draw(self) -> None:
        look, why = self.verdict()
        colour, width, style = _LOOKS[look]
        shapes, words = [], []
        for outlines, keep_out in ((self._inclusions, False), (self._exclusions, True)):
            for outline in outlines:
                ring = polyline(outline)
                shape = Shape(outline_path([ring]), 5)
                shape.set_look("exclusion" if keep_out and look == "in_force" else colour, width, style)
                shapes.append(shape)
                if not keep_out:
                    top = ((ring[:, 0].min() + ring[:, 0].max()) / 2, ring[:, 1].min())
                    text = i18n.fill(i18n.text("map", "fence {state}"), state=why)
                    if self._ceiling_m is not None:
                        text += i18n.fill(i18n.text("map", "; ceiling {n} m above home"), n=f"{self._ceiling_m:g}")
                    words.append(Word(float(top[0]), float(top[1]), text, colour, (0.0, 4.0)))
        self.shapes.set_shapes(shapes)
        # The state stands in the legend; on the map only what must not be overlooked.
        self.words.set_words(words[:1] if look != "in_force" else [])

    def legend(self) -> Sequence[LegendRow]:
        look, why = self.verdict()
        return (LegendRow(_LOOKS[look][0], _SHAPES[look], i18n.fill(i18n.text("map", "fence {state}"), state=why)),)


class PatrolLayer(Layer):
    """The way of the plan, its waypoints numbered, and the edge of what may be shared."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("patrol", i18n.text("map", "Patrol"), i18n.text("map", "Flight"), clock)
        self.shapes, self.words = ShapeSet(10), Words(11)
        self._way = np.zeros((0, 2))
        self._name, self._in_force = "", False

    def items(self) -> Sequence[object]:
        return (self.shapes, self.words)

    def set_plan(self, plan: Plan, in_force: bool) -> np.ndarray:
        """Takes a plan; the Mercator way ``(n, 2)`` of its items with a place."""
        points = [(i.x / 1e7, i.y / 1e7) for i in plan.items if i.x and i.y]
        self._way = polyline(points) if points else np.zeros((0, 2))
        self._name, self._in_force = plan.name, in_force
        self.changed()
        return self._way

    def draw(self) -> None:
        if len(self._way) < 2:
            self.shapes.set_shapes(())
            self.words.set_words(())
            return
        path = outline_path([])
        path.moveTo(*self._way[0])
        for x, y in self._way[1:]:
            path.lineTo(x, y)
        shape = Shape(path, 10)
        shape.set_look("patrol", 1.6, Qt.PenStyle.DashLine)
        self.shapes.set_shapes((shape,))
        x, y = self._way[0]
        text = self._name
        if not self._in_force:
            text = i18n.fill(i18n.text("map", "{name} (not in force)"), name=self._name)
        self.words.set_words([Word(float(x), float(y), text, "patrol", (8.0, 0.0))])

    def legend(self) -> Sequence[LegendRow]:
        return (LegendRow("patrol", "dash", self.title),)


class CorridorLayer(Layer):
    """The edge of what the agreement lets the neighbour know."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("corridor", i18n.text("map", "Shared with the neighbour"), i18n.text("map", "Others"), clock)
        self.shapes = ShapeSet(6)
        self._outlines: list[tuple[LatLon, ...]] = []

    def items(self) -> Sequence[object]:
        return (self.shapes,)

    def add(self, outline: Sequence[LatLon]) -> None:
        """One more agreement's edge."""
        self._outlines.append(tuple(outline))
        self.changed()

    def draw(self) -> None:
        shapes = []
        for outline in self._outlines:
            shape = Shape(outline_path([polyline(outline)]), 6)
            shape.set_look("neighbour", 1.2, Qt.PenStyle.DotLine)
            shapes.append(shape)
        self.shapes.set_shapes(shapes)

    def legend(self) -> Sequence[LegendRow]:
        if not self._outlines:
            return ()
        return (LegendRow("neighbour", "dotted", i18n.text("map", "shared with the neighbour inside")),)
