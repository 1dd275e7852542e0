"""Any sequence of edits, undone whole, gives the document there was; done again, the one it led to."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from geofences.errors import MarchwardenError
from groundstation.console.planner import cutting, edits
from groundstation.console.planner.document import PlannerDocument, Shape
from groundstation.console.planner.history import History
from tests.helpers.records import place
from tests.unit.planner.places import full_document, square

Edit = Callable[[PlannerDocument], PlannerDocument]
START = full_document()
METRES = st.floats(-400, 400).map(lambda v: round(v, 2))
IDENTS = st.integers(1, START.next_ident + 3)


def _edits() -> st.SearchStrategy[tuple[str, Edit]]:
    def named(name: str, strategy: st.SearchStrategy[Edit]) -> st.SearchStrategy[tuple[str, Edit]]:
        return strategy.map(lambda e: (name, e))

    small = st.integers(0, 5)
    return st.one_of(
        named("draw", st.builds(lambda e, n: lambda d: edits.add(d, square(e, n)), METRES, METRES)),
        named(
            "circle",
            st.builds(
                lambda e, n, r: lambda d: edits.add(d, Shape(0, "no_look", "circle", (place(e, n),), radius_m=r)),
                METRES, METRES, st.floats(-5, 50),
            ),
        ),
        named("delete", st.builds(lambda i: lambda d: edits.delete(d, [i]), IDENTS)),
        named(
            "corner",
            st.builds(lambda i, k, e, n: lambda d: edits.move_point(d, i, 0, k, place(e, n)), IDENTS, small, METRES, METRES),
        ),
        named(
            "insert",
            st.builds(lambda i, k, e, n: lambda d: edits.insert_point(d, i, 0, k, place(e, n)), IDENTS, small, METRES, METRES),
        ),
        named("take", st.builds(lambda i, r, k: lambda d: edits.delete_point(d, i, r, k), IDENTS, st.integers(0, 1), small)),
        named("shift", st.builds(lambda i, e, n: lambda d: edits.move_shapes(d, [i], e, n), IDENTS, METRES, METRES)),
        named("buffer", st.builds(lambda i, b: lambda d: edits.change(d, i, buffer_m=b), IDENTS, st.floats(-1, 30))),
        named("mend", IDENTS.map(lambda i: lambda d: edits.mend(d, i)[0])),
        named("turn", IDENTS.map(lambda i: lambda d: edits.reverse(d, i))),
        named("polygon", IDENTS.map(lambda i: lambda d: edits.as_polygon(d, i))),
        named(
            "split",
            st.builds(
                lambda i, a, b: lambda d: cutting.split(d, i, (place(a, -500), place(b, 500))), IDENTS, METRES, METRES
            ),
        ),
        named("merge", st.builds(lambda i, j: lambda d: cutting.merge(d, [i, j]), IDENTS, IDENTS)),
        named("ask", st.builds(lambda g: lambda d: edits.ask(d, often="within", gap_min=g), st.floats(1, 60))),
    )  # fmt: skip


@settings(max_examples=60)
@given(st.lists(_edits(), max_size=25))
def test_undone_whole_and_done_again(steps: list[tuple[str, Edit]]) -> None:
    """Refused edits change nothing; every other one is one step with its name."""
    history = History(START)
    documents, names = [START], []
    for name, edit in steps:
        before = history.document
        try:
            after = edit(before)
        except (MarchwardenError, KeyError, IndexError):
            assert history.document is before
            continue
        if history.do(name, after):
            documents.append(after)
            names.append(name)
    assert list(history.names) == names
    for wanted, name in zip(reversed(documents[:-1]), reversed(names), strict=True):
        assert history.undo_name == name
        assert history.undo()
        assert history.document == wanted
    assert not history.undo()
    assert history.document == START
    assert not history.changed
    for wanted, name in zip(documents[1:], names, strict=True):
        assert history.redo_name == name
        assert history.redo()
        assert history.document == wanted
    assert not history.redo()


def test_a_drag_is_one_step() -> None:
    """All moves until the mouse is let go; one back to where it was is none."""
    history = History(START)
    ident = START.shapes[1].ident
    for east in (10.0, 20.0, 30.0):
        history.do("Move", edits.move_shapes(START, [ident], east, 0.0), key=("drag", ident))
    assert history.names == ("Move",)
    history.close_step()
    after = history.document
    history.do("Move", edits.move_shapes(after, [ident], 0.0, 5.0), key=("drag", ident))
    assert history.names == ("Move", "Move")
    history.do("Move", after, key=("drag", ident))
    assert history.names == ("Move",)
    assert history.document == after


def test_a_new_step_forgets_what_was_taken_back() -> None:
    """And each current document has its own revision."""
    history = History(START)
    history.do("one", edits.delete(START, [2]))
    history.undo()
    seen = {history.revision}
    history.do("two", edits.delete(START, [3]))
    assert history.revision not in seen
    assert not history.redo()
    assert history.names == ("two",)


def test_saved_is_told_through_undo() -> None:
    """Unsaved only while the document differs from what is in the file."""
    history = History(START)
    history.do("one", edits.delete(START, [2]))
    history.saved()
    assert not history.changed
    history.undo()
    assert history.changed
    history.redo()
    assert not history.changed


def test_old_steps_are_forgotten_one_by_one() -> None:
    """The oldest go; the document stays."""
    history = History(START, most_steps=4)
    document = START
    for shape in START.shapes[:6]:
        document = edits.delete(document, [shape.ident])
        history.do(shape.name, document)
    assert history.document == document
    while history.undo():
        pass
    assert len(history.document.shapes) == len(START.shapes) - 3
