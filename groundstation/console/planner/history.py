"""What was done, step by step, each with its name; any of it can be taken back and done again."""

from __future__ import annotations

from dataclasses import dataclass

from groundstation.console.planner.document import PlannerDocument

_MOST_STEPS = 1000


@dataclass(frozen=True)
class Step:
    """A step and the document after it. ``key``: steps of the same key that follow one another are one (a drag)."""

    name: str
    document: PlannerDocument
    key: object = None


class History:
    """The documents so far. ``revision`` is another number for every document that is current in turn."""

    def __init__(self, document: PlannerDocument, most_steps: int = _MOST_STEPS) -> None:
        self._steps = [Step("", document)]
        self._at = 0
        self._most = most_steps
        self._saved: Step | None = self._steps[0]
        self._open_key: object = None
        self.revision = 0

    @property
    def document(self) -> PlannerDocument:
        """The current one."""
        return self._steps[self._at].document

    @property
    def undo_name(self) -> str:
        """What undo would take back; empty: nothing."""
        return self._steps[self._at].name if self._at else ""

    @property
    def redo_name(self) -> str:
        """What redo would do again; empty: nothing."""
        return self._steps[self._at + 1].name if self._at + 1 < len(self._steps) else ""

    @property
    def names(self) -> tuple[str, ...]:
        """The steps that can be taken back, the oldest first."""
        return tuple(s.name for s in self._steps[1 : self._at + 1])

    @property
    def changed(self) -> bool:
        """Whether the current document is another than the one that was saved."""
        return self._saved is None or self._steps[self._at].document != self._saved.document

    def do(self, name: str, document: PlannerDocument, key: object = None) -> bool:
        """Take a step; False where it changes nothing. A step with the open ``key`` of the one before replaces it."""
        if document == self.document:
            return False
        del self._steps[self._at + 1 :]
        if key is not None and key == self._open_key and self._at:
            self._steps[self._at] = Step(name, document, key)
            if document == self._steps[self._at - 1].document:
                # Dragged back to where it was: nothing was done.
                self._steps.pop()
                self._at -= 1
                self._open_key = None
        else:
            self._steps.append(Step(name, document, key))
            self._at += 1
            self._open_key = key
        if len(self._steps) > self._most:
            del self._steps[0]
            self._at -= 1
        self.revision += 1
        return True

    def close_step(self) -> None:
        """The next step of the same key is another one (the mouse was let go)."""
        self._open_key = None

    def undo(self) -> bool:
        """Take the last step back; False when there is none."""
        if not self._at:
            return False
        self._at -= 1
        self._open_key = None
        self.revision += 1
        return True

    def redo(self) -> bool:
        """Do again what was taken back last; False when there is nothing."""
        if self._at + 1 >= len(self._steps):
            return False
        self._at += 1
        self._open_key = None
        self.revision += 1
        return True

    def saved(self) -> None:
        """The current document is the one in the file."""
        self._saved = self._steps[self._at]
