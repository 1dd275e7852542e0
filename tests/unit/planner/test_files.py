"""Every format in and out, and what it cannot hold said before it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from geofences.area import area_text
from geofences.errors import PlanError
from groundstation.console.planner import edits
from groundstation.console.planner.document import PlannerDocument
from groundstation.console.planner.evaluate import evaluate
from groundstation.console.planner.files import (
    MAPS,
    PLANS,
    import_file,
    prepare_drawing,
    prepare_plans,
    roleless,
    what_is_in,
)
from tests.unit.planner.places import area_document, full_document


@pytest.mark.parametrize("suffix", MAPS)
def test_a_drawing_goes_out_and_comes_back(suffix: str, tmp_path: Path) -> None:
    """As a map: the same area; the target is said to be left out, or comes back without a role."""
    document = full_document()
    path = tmp_path / f"area{suffix}"
    prepared = prepare_drawing(document, path)
    assert not path.exists()
    if suffix == ".geojson":
        assert any("target" in t for t in prepared.not_carried)
    prepared.write()
    content, mode = what_is_in(path)
    assert mode == "drawing"
    back = import_file(PlannerDocument(), path, content, mode)
    assert back.document.area().border == document.area().border
    if suffix == ".geojson":
        assert area_text(back.document.area()) == area_text(document.area())


def test_plans_go_out_in_every_format_and_come_back(tmp_path: Path) -> None:
    """The mission is the same one; what a format leaves out is told."""
    done = evaluate(edits.ask(area_document(), often="once"))
    (plan,) = done.plans
    for suffix in PLANS:
        path = tmp_path / f"night{suffix}"
        prepared = prepare_plans(done, path)
        if suffix in (".fen", ".ral", ".waypoints", ".wpl"):
            assert prepared.not_carried, suffix
        prepared.write()
        content, mode = what_is_in(path)
        if suffix in (".fen", ".ral"):
            continue
        back = import_file(PlannerDocument(), path, content, "plan")
        assert back.document.fixed is not None
        assert [i.command for i in back.document.fixed.plan.items] == [i.command for i in plan.plan.items], (
            suffix,
            mode,
        )


def test_a_plan_of_ours_brings_its_area(tmp_path: Path) -> None:
    """Into an empty sheet only; ceiling and margin come with it."""
    done = evaluate(edits.ask(area_document(), often="once"))
    path = tmp_path / "night.plan"
    prepare_plans(done, path).write()
    content, _ = what_is_in(path)
    back = import_file(PlannerDocument(), path, content, "plan").document
    assert back.area() == area_document().area()
    assert back.fixed is not None
    assert back.fixed.plan.fence.alt_max_rel_home_m == done.plans[0].plan.fence.alt_max_rel_home_m
    assert evaluate(back).ready
    fence = import_file(area_document(), path, content, "drawing")
    assert fence.shapes > 0
    assert fence.document.fixed is None


def test_shapes_without_a_role_are_asked_for(tmp_path: Path) -> None:
    """Never taken for something; with a role they are."""
    path = tmp_path / "bare.geojson"
    path.write_text(
        '{"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": '
        "[[[22.7, 49.05], [22.701, 49.05], [22.701, 49.051], [22.7, 49.05]]]}}"
    )
    content, mode = what_is_in(path)
    assert roleless(content) == 1
    with pytest.raises(PlanError, match="without a role"):
        import_file(PlannerDocument(), path, content, mode)
    back = import_file(PlannerDocument(), path, content, mode, role="exclusion")
    assert [s.role for s in back.document.shapes] == ["exclusion"]


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """Nothing drawn, nothing planned, a name that says nothing."""
    with pytest.raises(PlanError, match="nothing is drawn"):
        prepare_drawing(PlannerDocument(), tmp_path / "x.kml")
    with pytest.raises(PlanError, match="no plan"):
        prepare_plans(evaluate(area_document()), tmp_path / "x.plan")
    with pytest.raises(PlanError, match="written as"):
        prepare_drawing(area_document(), tmp_path / "x.plan")
