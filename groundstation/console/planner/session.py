"""One drawing board: the document with its history, what is chosen in it, and what was worked out from it.

The map's tools and the panels change the document through this object only, so that every change is a step with a name.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from pathlib import Path

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

from geofences.coordinates import CoordinateFormat
from geofences.errors import MarchwardenError
from geofences.terrain import TerrainGrid
from groundstation.console.planner import cutting, edits
from groundstation.console.planner.autosave import Autosave
from groundstation.console.planner.document import PlannerDocument, Shape
from groundstation.console.planner.evaluate import Evaluation, evaluate, with_promises
from groundstation.console.planner.history import History
from groundstation.console.planner.saved import document_text
from groundstation.console.planner.worker import NewestWins

_log = logging.getLogger("groundstation.console.planner")
_SETTLE_MS = 250
_LOOK_MS = 60
_KEEP_MS = 3000
_RESTED_MS = 1200


class PlannerSession(QObject):
    """Signals: ``changed`` the document, ``chosen`` the choice, ``judged`` the evaluation (also: it went stale).

    ``said`` (words, severity): for the line below the map; ``look_at`` (lat, lon): the map is to go there.
    """

    changed = pyqtSignal()
    chosen = pyqtSignal()
    judged = pyqtSignal()
    said = pyqtSignal(str, str)
    look_at = pyqtSignal(float, float)
    drawn = pyqtSignal(int)
    """A new shape came by hand; its number."""

    def __init__(
        self,
        document: PlannerDocument | None = None,
        terrain: TerrainGrid | None = None,
        autosave: Autosave | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = History(document or PlannerDocument())
        self._terrain = terrain
        self._autosave = autosave
        self._selection: tuple[int, ...] = ()
        self._corner: tuple[int, int, int] | None = None
        self._evaluation: Evaluation | None = None
        self.path: Path | None = None
        self.snapping = True
        self.coordinates: CoordinateFormat = "decimal"
        self._judge = NewestWins("planner-check")
        # What takes seconds has a worker of its own: a finding never waits for it.
        self._promiser = NewestWins("planner-promise")
        self._keeper = NewestWins("planner-keep")
        self._settle = self._timer(_SETTLE_MS, self._ask, single=True)
        self._look = self._timer(_LOOK_MS, self._take)
        self._keep = self._timer(_KEEP_MS, self._keep_now, single=True)
        self._rested = self._timer(_RESTED_MS, self._ask_promises, single=True)
        self._settle.start()

    def _timer(self, interval_ms: int, slot: Callable[[], None], single: bool = False) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.setSingleShot(single)
        timer.timeout.connect(slot)
        return timer

    # -- what is there -----------------------------------------------------------------------------------------------

    @property
    def document(self) -> PlannerDocument:
        """The current document."""
        return self._history.document

    @property
    def terrain(self) -> TerrainGrid | None:
        """The ground."""
        return self._terrain

    @property
    def unsaved(self) -> bool:
        """Whether the document differs from its file."""
        return self._history.changed

    @property
    def undo_name(self) -> str:
        """What undo takes back; empty: nothing."""
        return self._history.undo_name

    @property
    def redo_name(self) -> str:
        """What redo does again; empty: nothing."""
        return self._history.redo_name

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps so far."""
        return self._history.names

    @property
    def evaluation(self) -> Evaluation | None:
        """What follows from the current document; None while that is being worked out. Never that of another one."""
        done = self._evaluation
        return done if done is not None and done.document is self.document else None

    @property
    def selection(self) -> tuple[int, ...]:
        """The chosen shapes, in the order in which they were chosen."""
        return self._selection

    @property
    def selected(self) -> Shape | None:
        """The one chosen shape; None for none or several."""
        return self.document.find(self._selection[0]) if len(self._selection) == 1 else None

    @property
    def corner(self) -> tuple[int, int, int] | None:
        """The chosen corner: shape, ring, number."""
        return self._corner

    # -- choosing ----------------------------------------------------------------------------------------------------

    def choose(self, idents: Iterable[int], add: bool = False) -> None:
        """Choose shapes; with ``add`` besides the chosen, or no longer where they were chosen."""
        wanted = tuple(dict.fromkeys(idents))
        if add:
            kept = tuple(i for i in self._selection if i not in wanted)
            wanted = (*kept, *(i for i in wanted if i not in self._selection))
        self._corner = None
        if wanted != self._selection:
            self._selection = wanted
        self.chosen.emit()

    def choose_corner(self, ident: int, ring: int, index: int) -> None:
        """Choose a corner, and its shape alone."""
        self._selection = (ident,)
        self._corner = (ident, ring, index)
        self.chosen.emit()

    def _prune(self) -> None:
        there = {s.ident for s in self.document.shapes}
        self._selection = tuple(i for i in self._selection if i in there)
        if self._corner is not None:
            ident, ring, index = self._corner
            shape = self.document.find(ident)
            if shape is None or ring >= len(shape.rings) or index >= len(shape.rings[ring]):
                self._corner = None

    # -- steps -------------------------------------------------------------------------------------------------------

    def do(self, name: str, edit: Callable[[PlannerDocument], PlannerDocument], key: object = None) -> bool:
        """Take a step. What cannot be done is said, and nothing changes; then False."""
        try:
            after = edit(self.document)
        except MarchwardenError as error:
            self.said.emit(f"{error.message}: {error.remedy}" if error.remedy else error.message, "caution")
            return False
        except (KeyError, IndexError) as error:
            _log.warning("%s: refers to what is no longer there: %r", name, error)
            return False
        if not self._history.do(name, after, key):
            return True
        self._told()
        return True

    def close_step(self) -> None:
        """A drag is over."""
        self._history.close_step()

    def undo(self) -> None:
        """Take the last step back."""
        name = self.undo_name
        if self._history.undo():
            self._told()
            self.said.emit(self.tr("Undone: {step}").format(step=name), "off")

    def redo(self) -> None:
        """Do again what was taken back."""
        name = self.redo_name
        if self._history.redo():
            self._told()
            self.said.emit(self.tr("Done again: {step}").format(step=name), "off")

    def add(self, shape: Shape) -> bool:
        """Draw a shape and choose it."""
        number = self.document.next_ident
        if not self.do(self.tr("Draw"), lambda d: edits.add(d, shape)):
            return False
        self.choose([number])
        self.drawn.emit(number)
        return True

    def delete_chosen(self) -> None:
        """Take away the chosen corner, else the chosen shapes."""
        if self._corner is not None:
            ident, ring, index = self._corner
            self.do(self.tr("Delete corner"), lambda d: edits.delete_point(d, ident, ring, index))
            self._corner = None
            self.chosen.emit()
        elif self._selection:
            gone = self._selection
            self.do(self.tr("Delete shape"), lambda d: edits.delete(d, gone))

    def merge_chosen(self) -> None:
        """Make one of the chosen zones."""
        chosen, number = self._selection, self.document.next_ident
        if self.do(self.tr("Merge"), lambda d: cutting.merge(d, chosen)):
            self.choose([number])

    def mend(self, ident: int) -> None:
        """Repair a zone; what was changed is said."""
        words: list[str] = []

        def edit(document: PlannerDocument) -> PlannerDocument:
            mended, done = edits.mend(document, ident)
            words.extend(done)
            return mended

        if self.do(self.tr("Repair"), edit):
            text = "; ".join(words) or self.tr("nothing had to be repaired")
            self.said.emit(self.tr("Repaired: {what}").format(what=text) if words else text, "ok" if words else "off")

    # -- the whole document ------------------------------------------------------------------------------------------

    def restart(self, document: PlannerDocument, path: Path | None = None, unsaved: bool = False) -> None:
        """Begin anew with another document; the steps before are gone."""
        self._history = History(PlannerDocument() if unsaved else document)
        if unsaved:
            self._history.do(self.tr("Recover"), document)
        self.path = path
        self._selection, self._corner, self._evaluation = (), None, None
        self._told()
        if not unsaved and self._autosave is not None:
            self._keep.stop()
            self._autosave.forget()

    def saved(self, path: Path) -> None:
        """The document was written there."""
        self.path = path
        self._history.saved()
        if self._autosave is not None:
            self._keep.stop()
            self._autosave.forget()
        self.changed.emit()

    def _told(self) -> None:
        self._prune()
        self._rested.stop()
        self._settle.start()
        if self._autosave is not None and not self._keep.isActive():
            self._keep.start()
        self.changed.emit()
        self.chosen.emit()
        self.judged.emit()

    # -- working out -------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        document, terrain = self.document, self._terrain
        self._judge.ask(self._history.revision, lambda: evaluate(document, terrain))
        self._look.start()

    def _take(self) -> None:
        done = self._judge.take()
        if done is not None:
            self._evaluation = done[1]
            found = self.evaluation
            if found is not None:
                if not found.promised:
                    # The findings are there at once; the figures that take longer follow when the hand rests.
                    self._rested.start()
                self.judged.emit()
        promised = self._promiser.take()
        if promised is not None and self._evaluation is not None and promised[1].document is self._evaluation.document:
            self._evaluation = promised[1]
            if self.evaluation is not None:
                self.judged.emit()
        if not (self._judge.busy or self._keeper.busy or self._promiser.busy):
            self._look.stop()
        self._keeper.take()

    def _ask_promises(self) -> None:
        found = self.evaluation
        if found is not None and not found.promised:
            self._promiser.ask(self._history.revision, lambda: self._with_promises(found))
            self._look.start()

    @staticmethod
    def _with_promises(found: Evaluation) -> Evaluation | None:
        try:
            return with_promises(found)
        except MarchwardenError as error:
            _log.warning("what the plans promise cannot be worked out: %s", error.message)
            return None

    def _keep_now(self) -> None:
        autosave = self._autosave
        if autosave is None:
            return
        if not self.unsaved:
            autosave.forget()
            return
        document = self.document
        self._keeper.ask(self._history.revision, lambda: autosave.keep(document_text(document)))
        self._look.start()

    def forget_kept(self) -> None:
        """The operator has saved or given up what was drawn: nothing of it is offered again after a crash."""
        self._keep.stop()
        if self._autosave is not None:
            self._autosave.forget()

    def close(self, forget: bool = True) -> None:
        """Stop the timers and the workers; ``forget``: what was kept against a crash is not needed any more."""
        for timer in (self._settle, self._look, self._keep, self._rested):
            timer.stop()
        self._judge.close(0.2)
        self._promiser.close(0.1)
        self._keeper.close()
        if self._autosave is not None:
            if forget:
                self._autosave.forget()
            self._autosave.close()
