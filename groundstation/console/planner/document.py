"""What is being planned, as one value: the shapes that are drawn, the limits of the place, the patrol that is asked for.

A document is never changed, another one takes its place (:mod:`groundstation.console.planner.edits`); so a step can be
undone by going back to the one before. Nothing in it is derived: plans and findings are worked out from it and belong to
exactly one document (:mod:`groundstation.console.planner.evaluate`). Positions are (lat, lon) in degrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from geofences.area import Area, BorderLine
from geofences.errors import ConfigError
from geofences.geodesy import LocalFrame
from geofences.outlines import drawn_zone, outline
from geofences.zone import (
    Circle,
    Corridor,
    Height,
    LatLon,
    NamedPoint,
    Obstacle,
    TimeWindow,
    WeatherLimits,
    Zone,
)
from missions.plan import Plan

Role = Literal["border", "inclusion", "exclusion", "no_look", "obstacle", "launch", "rally", "target"]
Kind = Literal["polygon", "circle", "corridor", "line", "point"]
ROLES: tuple[Role, ...] = get_args(Role)
ZONE_ROLES: tuple[Role, ...] = ("inclusion", "exclusion", "no_look")
KINDS_OF: Mapping[Role, tuple[Kind, ...]] = {
    "border": ("line",),
    "inclusion": ("polygon", "circle", "corridor"),
    "exclusion": ("polygon", "circle", "corridor"),
    "no_look": ("polygon", "circle", "corridor"),
    "obstacle": ("point",),
    "launch": ("point",),
    "rally": ("point",),
    "target": ("polygon", "line", "point"),
}
"""What a role may be drawn as. A target is what a patrol is to see; it is no part of the area."""
LEAST_POINTS: Mapping[Kind, int] = {"polygon": 3, "circle": 1, "corridor": 2, "line": 2, "point": 1}


@dataclass(frozen=True)
class Shape:
    """One thing that is drawn. ``ident`` stays with it through all edits.

    ``points``: corners of a polygon (not closed), of a line, the centre of a circle, the place of a point. ``radius_m`` is
    a circle's and an obstacle's, ``half_width_m`` a corridor's, ``top`` an obstacle's; ``left``, ``right`` and ``own`` name
    the sides of a border.
    """

    ident: int
    role: Role
    kind: Kind
    points: tuple[LatLon, ...]
    holes: tuple[tuple[LatLon, ...], ...] = ()
    name: str = ""
    radius_m: float = 0.0
    half_width_m: float = 0.0
    floor: Height | None = None
    ceiling: Height | None = None
    windows: tuple[TimeWindow, ...] = ()
    buffer_m: float = 0.0
    top: Height | None = None
    left: str = ""
    right: str = ""
    own: str = ""

    @property
    def is_zone(self) -> bool:
        """Whether it is a part of the ground with an inside."""
        return self.role in ZONE_ROLES

    @property
    def rings(self) -> tuple[tuple[LatLon, ...], ...]:
        """The points, then the holes."""
        return (self.points, *self.holes)

    @property
    def closed(self) -> bool:
        """Whether the last point is joined to the first."""
        return self.kind == "polygon"

    def zone(self) -> Zone:
        """As a zone of an area. Raises :class:`ConfigError` for figures that make none."""
        more = (self.floor, self.ceiling, self.windows, self.buffer_m)
        if self.kind == "polygon":
            return Zone(self.name, self.points, self.holes, *more)
        role = self.role if self.role in ("inclusion", "exclusion", "no_look") else "exclusion"
        return drawn_zone(self.name, self._drawn_as(), role, *more)

    def _drawn_as(self) -> Circle | Corridor:
        if self.kind == "circle":
            return Circle(*self.points[0], self.radius_m)
        return Corridor(self.points, self.half_width_m)

    def outlines(self) -> tuple[tuple[LatLon, ...], ...]:
        """Closed rings for a picture; of a line or a point none. Raises :class:`ConfigError` like :meth:`zone`."""
        if self.kind == "polygon":
            return self.rings
        if self.kind in ("circle", "corridor"):
            points, holes = outline(self._drawn_as(), "exclusion" if self.role != "inclusion" else "inclusion")
            return (points, *holes)
        if self.role == "obstacle" and self.radius_m > 0.0:
            return (outline(Circle(*self.points[0], self.radius_m), "exclusion")[0],)
        return ()


@dataclass(frozen=True)
class Limits:
    """What holds for the whole place; see :class:`geofences.area.Area`."""

    weather: WeatherLimits | None = None
    no_look_beyond_m: float | None = None
    union_of_inclusions: bool = False


See = Literal["border", "stretch", "area", "line", "point"]
Often = Literal["continuous", "within", "random", "once"]
Way = Literal["circle", "stand", "search"]
OFTEN_OF: Mapping[See, tuple[Often, ...]] = {
    "border": ("continuous", "within", "random", "once"),
    "stretch": ("continuous", "within", "random", "once"),
    "area": ("continuous", "once"),
    "line": ("continuous", "once"),
    "point": ("continuous", "once"),
}


@dataclass(frozen=True)
class Patrol:
    """What is asked for: see what, how often, by whom. The figures are those of ``docs/planning.md``.

    ``from_m``, ``to_m``: of a stretch, along the border from its first point. ``target``: the shape of an area, line or
    point to be seen. ``gap_min``: for ``within`` the longest that a place may be out of sight, for ``random`` the mean.
    ``aircraft``: a type of :data:`missions.performance.KNOWN` or a TOML file; ``count`` of them (only for ``within``).
    ``standoff_m`` from the border; ``offset_m`` from a drawn line, to its left (negative: right).
    """

    see: See = "border"
    from_m: float = 0.0
    to_m: float = 1000.0
    target: int | None = None
    often: Often = "continuous"
    gap_min: float = 15.0
    hours: float = 8.0
    way: Way = "circle"
    radius_m: float = 100.0
    hold_min: float = 10.0
    aircraft: str = "quadcopter"
    count: int = 1
    height_agl_m: float = 110.0
    standoff_m: float = 75.0
    offset_m: float = 60.0
    wind_from_deg: float = 0.0
    wind_m_s: float = 0.0
    start: str = ""
    launch: str = ""


@dataclass(frozen=True)
class FixedPlan:
    """A plan that was made elsewhere and is checked and sent as it stands. ``source``: where it came from."""

    plan: Plan
    source: str
    aircraft: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlannerDocument:
    """Everything that can be edited, undone and saved. ``patrol`` None: none is asked for yet.

    ``fixed``: takes the place of the plans that would be made for the patrol.
    """

    name: str = "Patrol"
    shapes: tuple[Shape, ...] = ()
    limits: Limits = field(default_factory=Limits)
    patrol: Patrol | None = None
    fixed: FixedPlan | None = None
    next_ident: int = 1

    def shape(self, ident: int) -> Shape:
        """The shape of that number. Raises :class:`KeyError`."""
        for shape in self.shapes:
            if shape.ident == ident:
                return shape
        raise KeyError(ident)

    def find(self, ident: int | None) -> Shape | None:
        """The shape of that number, or None."""
        return next((s for s in self.shapes if s.ident == ident), None)

    def of_role(self, *roles: Role) -> Iterator[Shape]:
        """The shapes of these roles in their order."""
        return (s for s in self.shapes if s.role in roles)

    def frame(self) -> LocalFrame:
        """A plane for arithmetic: at home, else at the first shape. Of an empty document at 0, 0."""
        first = next(self.of_role("launch"), None) or next((s for s in self.shapes if s.points), None)
        return LocalFrame(*first.points[0]) if first is not None else LocalFrame(0.0, 0.0)

    def has_place(self) -> bool:
        """Whether anything is drawn."""
        return any(s.points for s in self.shapes)

    def area(self) -> Area:
        """As an area. Raises :class:`ConfigError` that says what is missing or wrong."""
        borders, launches = list(self.of_role("border")), list(self.of_role("launch"))
        if len(borders) != 1:
            if borders:
                raise ConfigError(f"{len(borders)} border lines are drawn", "keep one")
            raise ConfigError("no border is drawn", "draw the border line")
        if not launches:
            raise ConfigError("no launch point is set", "mark where the aircraft takes off")
        line = borders[0]
        if not line.left.strip() or not line.right.strip() or line.left == line.right:
            raise ConfigError(
                "the two sides of the border have no names of their own", "name its left and its right side"
            )
        if line.own not in (line.left, line.right):
            raise ConfigError("it is not said which side of the border is ours", "choose our own side")
        if len(set(line.points)) < 2:
            raise ConfigError("the border has fewer than two points", "draw it again")
        names = [s.name for s in launches]
        if len(set(names)) < len(names):
            raise ConfigError("two launch points have the same name", "give each its own name")
        points = tuple(NamedPoint(s.name or "launch", *s.points[0]) for s in launches)
        obstacles = tuple(
            Obstacle(s.name, *s.points[0], s.radius_m, s.top if s.top is not None else Height(50.0, "ground"))
            for s in self.of_role("obstacle")
        )
        return Area(
            BorderLine(line.points, line.left, line.right, line.own),
            tuple(s.zone() for s in self.of_role("inclusion")),
            tuple(s.zone() for s in self.of_role("exclusion")),
            points[0],
            tuple(NamedPoint(s.name or "rally", *s.points[0]) for s in self.of_role("rally")),
            tuple(s.zone() for s in self.of_role("no_look")),
            obstacles,
            points,
            self.limits.weather,
            self.limits.no_look_beyond_m,
            self.limits.union_of_inclusions,
        )


def with_shape(document: PlannerDocument, shape: Shape) -> PlannerDocument:
    """The document with one more shape, which gets its number here."""
    made = replace(shape, ident=document.next_ident)
    return replace(document, shapes=(*document.shapes, made), next_ident=document.next_ident + 1)


def document_of_area(area: Area, name: str = "Patrol") -> PlannerDocument:
    """A document with everything that an area holds; its :meth:`PlannerDocument.area` is the same area again."""
    b = area.border
    document = PlannerDocument(
        name, limits=Limits(area.weather, area.no_look_beyond_m, area.union_of_inclusions)
    )  # fmt: skip
    document = with_shape(
        document, Shape(0, "border", "line", b.points, name="border", left=b.left, right=b.right, own=b.own)
    )
    zones: tuple[tuple[Role, tuple[Zone, ...]], ...] = (
        ("inclusion", area.inclusions), ("exclusion", area.exclusions), ("no_look", area.no_look),
    )  # fmt: skip
    for role, those in zones:
        for zone in those:
            document = with_shape(document, shape_of_zone(zone, role))
    for o in area.obstacles:
        place = ((o.lat_deg, o.lon_deg),)
        document = with_shape(
            document, Shape(0, "obstacle", "point", place, name=o.name, radius_m=o.radius_m, top=o.top)
        )
    points: tuple[tuple[Role, tuple[NamedPoint, ...]], ...] = (("launch", area.launches), ("rally", area.rally))
    for role, named in points:
        for p in named:
            document = with_shape(document, Shape(0, role, "point", ((p.lat_deg, p.lon_deg),), name=p.name))
    return document


def shape_of_zone(zone: Zone, role: Role) -> Shape:
    """A zone as it was drawn: a circle or a corridor stays one unless its outline was changed by hand."""
    more = {"floor": zone.floor, "ceiling": zone.ceiling, "windows": zone.windows, "buffer_m": zone.buffer_m}
    drawn = zone.drawn_as
    if drawn is not None and role in ZONE_ROLES and outline(drawn, role) == (zone.points, zone.holes):  # type: ignore[arg-type]
        if isinstance(drawn, Circle):
            place = ((drawn.lat_deg, drawn.lon_deg),)
            return Shape(0, role, "circle", place, name=zone.name, radius_m=drawn.radius_m, **more)  # type: ignore[arg-type]
        return Shape(0, role, "corridor", drawn.points, name=zone.name, half_width_m=drawn.half_width_m, **more)  # type: ignore[arg-type]
    return Shape(0, role, "polygon", zone.points, zone.holes, zone.name, **more)  # type: ignore[arg-type]
