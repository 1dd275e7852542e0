"""Single edits, cutting, merging, snapping, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import Polygon

from geofences.area import area_text
from geofences.errors import ConfigError
from geofences.outlines import to_plane
from geofences.zone import Height
from groundstation.console.planner import cutting, edits
from groundstation.console.planner.document import PlannerDocument, Shape, document_of_area
from groundstation.console.planner.snapping import nearest_edge, shape_at, snap
from tests.helpers.records import FRAME, make_area, place
from tests.unit.planner.places import area_document, full_document, square


def _m2(shape: Shape) -> float:
    rings = [to_plane(r, FRAME) for r in shape.outlines()]
    return float(Polygon(rings[0], rings[1:]).area)


def test_an_area_becomes_a_document_and_the_same_area_again() -> None:
    """Nothing is lost on the way in and out."""
    assert document_of_area(make_area()).area() == make_area()
    again = document_of_area(full_document().area()).area()
    assert area_text(again) == area_text(full_document().area())


@pytest.mark.parametrize(("gone", "words"), [("border", "no border"), ("launch", "no launch point")])
def test_what_is_missing_is_said(gone: str, words: str) -> None:
    """An area needs a border and a launch point."""
    document = area_document()
    document = edits.delete(document, [s.ident for s in document.shapes if s.role == gone])
    with pytest.raises(ConfigError, match=words):
        document.area()


def test_a_cut_keeps_the_corners_and_the_ground() -> None:
    """Two parts with their own names; old corners to the last digit; no square metre lost."""
    document = edits.add(PlannerDocument(), square(0, 0, 100.0, name="wood"))
    whole = document.shapes[0]
    cut = cutting.split(document, whole.ident, (place(40, -20), place(40, 120)))
    assert [s.name for s in cut.shapes] == ["wood 1", "wood 2"]
    assert sum(map(_m2, cut.shapes)) == pytest.approx(_m2(whole), rel=1e-6)
    assert _m2(cut.shapes[0]) == pytest.approx(6000.0, rel=1e-3)
    kept = {p for s in cut.shapes for p in s.points}
    assert set(whole.points) <= kept


def test_cut_and_merged_is_the_whole_again() -> None:
    """Merging what was cut gives the same ground, and a hole survives both."""
    document = full_document()
    shape = next(s for s in document.shapes if s.holes)
    cut = cutting.split(document, shape.ident, (place(-143, -60), place(-143, 40)))
    parts = [s.ident for s in cut.shapes if s.name.startswith(shape.name)][:2]
    merged = cutting.merge(cut, parts)
    made = merged.shapes[[s.ident for s in merged.shapes].index(cut.next_ident)]
    assert _m2(made) == pytest.approx(_m2(shape), rel=1e-6)
    assert len(made.holes) == 1


def test_a_cut_that_ends_on_the_edge_counts() -> None:
    """Snapped ends lie on the outline itself."""
    document = edits.add(PlannerDocument(), square(0, 0, 100.0))
    a = snap(place(40, -3), document.shapes, 10.0)
    b = snap(place(40, 103), document.shapes, 10.0)
    assert (a.onto, b.onto) == ("edge", "edge")
    assert len(cutting.split(document, 1, (a.place, b.place)).shapes) == 2


def test_what_does_not_part_or_lies_apart_is_refused() -> None:
    """Nothing is guessed."""
    document = edits.add(edits.add(PlannerDocument(), square(0, 0)), square(300, 0))
    with pytest.raises(ConfigError, match="does not cut"):
        cutting.split(document, 1, (place(10, 10), place(50, 50)))
    with pytest.raises(ConfigError, match="lie apart"):
        cutting.merge(document, [1, 2])
    near = edits.add(document, replace(square(50, 0), ceiling=Height(50.0, "ground")))
    with pytest.raises(ConfigError, match="differ in their ceiling"):
        cutting.merge(near, [1, 3])


def test_a_circle_merges_into_a_polygon() -> None:
    """A circle that overlaps a box."""
    document = edits.add(PlannerDocument(), square(0, 0))
    document = edits.add(document, Shape(0, "exclusion", "circle", (place(100, 50),), radius_m=30.0))
    merged = cutting.merge(document, [1, 2])
    assert [s.kind for s in merged.shapes] == ["polygon"]
    assert _m2(merged.shapes[0]) == pytest.approx(10_000 + np.pi * 900 / 2, rel=0.01)


def test_a_bow_tie_is_explained_and_mended_as_one_step() -> None:
    """The repair says what it did."""
    corners = tuple(place(*p) for p in ((0, 0), (100, 100), (100, 0), (0, 100)))
    document = edits.add(area_document(), Shape(0, "exclusion", "polygon", corners, name="tie"))
    ident = document.shapes[-1].ident
    mended, words = edits.mend(document, ident)
    assert words
    assert mended.shape(ident).name == "tie"
    assert Polygon(to_plane(mended.shape(ident).points, FRAME)).is_valid


def test_snapping_prefers_corners_and_can_leave_one_out() -> None:
    """A corner that is moved does not stick to itself."""
    document = edits.add(PlannerDocument(), square(0, 0, name="box"))
    assert snap(place(3, 4), document.shapes, 10.0).place == document.shapes[0].points[0]
    assert snap(place(3, 4), document.shapes, 10.0).onto == "corner"
    assert snap(place(3, 4), document.shapes, 2.0).onto == ""
    assert snap(place(3, 4), document.shapes, 10.0, skip=(1, 0, 0)).onto == ""
    edge = snap(place(50, -4), document.shapes, 10.0)
    assert (edge.onto, edge.name) == ("edge", "box")
    assert abs(FRAME.to_plane(*edge.place)[1]) < 0.01
    grip = nearest_edge(place(104, 50), document.shapes, 10.0)
    assert grip is not None
    assert grip.index == 2


def test_the_smallest_area_under_a_place() -> None:
    """A hole is not inside; a small zone in a large one is the one that is meant."""
    document = edits.add(PlannerDocument(), square(0, 0, 300.0))
    document = edits.add(document, square(100, 100, 50.0))
    document = edits.add_hole(document, 1, [place(*p) for p in ((200, 200), (250, 200), (250, 250), (200, 250))])
    assert shape_at(place(125, 125), document.shapes, 1.0) == 2
    assert shape_at(place(30, 60), document.shapes, 1.0) == 1
    assert shape_at(place(225, 225), document.shapes, 1.0) is None
    assert shape_at(place(-50, 60), document.shapes, 1.0) is None


def test_too_few_corners_are_refused_and_a_small_hole_goes() -> None:
    """A triangle keeps its corners."""
    document = full_document()
    shape = next(s for s in document.shapes if s.holes)
    without = edits.delete_point(document, shape.ident, 1, 0)
    assert not without.shape(shape.ident).holes
    triangle = edits.delete_point(document, shape.ident, 0, 0)
    with pytest.raises(ConfigError, match="fewer than 3"):
        edits.delete_point(triangle, shape.ident, 0, 0)


def test_figures_that_make_no_shape_are_refused() -> None:
    """With words, and the document stays."""
    document = full_document()
    circle = next(s for s in document.shapes if s.kind == "circle")
    for values in ({"radius_m": 0.0}, {"radius_m": float("nan")}, {"buffer_m": -1.0}, {"points": ((91.0, 0.0),)}):
        with pytest.raises(ConfigError):
            edits.change(document, circle.ident, **values)
    with pytest.raises(ConfigError, match="not below its ceiling"):
        edits.change(document, circle.ident, floor=Height(50.0, "home"), ceiling=Height(20.0, "home"))


def test_a_second_border_is_refused_and_a_turned_one_keeps_its_sides() -> None:
    """Left and right change places with the direction, so that each name stays on its land."""
    document = area_document()
    line = next(document.of_role("border"))
    with pytest.raises(ConfigError, match="border already"):
        edits.add(document, Shape(0, "border", "line", (place(0, 0), place(10, 0))))
    turned = edits.reverse(document, line.ident).shape(line.ident)
    assert (turned.left, turned.right, turned.own) == (line.right, line.left, line.own)
    assert turned.points == line.points[::-1]


def test_a_patrol_forgets_a_target_that_is_deleted_and_follows_one_that_is_cut() -> None:
    """It never watches something else unasked."""
    document = full_document()
    target = next(document.of_role("target"))
    document = edits.ask(document, see="area", target=target.ident, often="once")
    gone = edits.delete(document, [target.ident])
    assert gone.patrol is not None
    assert gone.patrol.target is None
    cut = cutting.split(document, target.ident, (place(-300, -50), place(-300, 200)))
    assert cut.patrol is not None
    assert cut.find(cut.patrol.target) is not None
