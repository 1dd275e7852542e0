"""A document with one of everything, around the launch point of the other tests."""

from __future__ import annotations

from dataclasses import replace

from geofences.zone import Height
from groundstation.console.planner import edits
from groundstation.console.planner.document import PlannerDocument, Shape, document_of_area
from tests.helpers.records import make_area, place


def area_document() -> PlannerDocument:
    """The area of the other tests; its only exclusion is a box east of the launch point."""
    return document_of_area(make_area(), "night patrol")


def square(east_m: float, north_m: float, side_m: float = 100.0, role: str = "exclusion", name: str = "") -> Shape:
    """A square by its south-west corner."""
    corners = ((0, 0), (side_m, 0), (side_m, side_m), (0, side_m))
    return Shape(0, role, "polygon", tuple(place(east_m + e, north_m + n) for e, n in corners), name=name)  # type: ignore[arg-type]


def full_document() -> PlannerDocument:
    """Every role and every kind."""
    document = area_document()
    for shape in (
        Shape(0, "exclusion", "circle", (place(-200, 40),), radius_m=20.0, floor=Height(0.0, "ground")),
        Shape(0, "no_look", "corridor", (place(-300, -30), place(-250, -20)), half_width_m=10.0),
        Shape(0, "obstacle", "point", (place(-80, -30),), radius_m=5.0, top=Height(40.0, "ground")),
        Shape(0, "target", "polygon", tuple(place(*p) for p in ((-350, 0), (-250, 0), (-250, 80), (-350, 80)))),
        replace(square(-150, -40, 60.0), holes=(tuple(place(*p) for p in ((-130, -20), (-110, -20), (-120, 0))),)),
    ):
        document = edits.add(document, shape)
    return document
