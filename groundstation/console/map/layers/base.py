"""What every layer of the map has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from groundstation.console.map.tools import LegendRow
from groundstation.core.clock import Clock


class Layer:
    """A layer that draws only when something has changed and is shown.

    A subclass makes its graphics items, gives them by ``items()``, draws in ``draw`` and calls ``changed()``. One whose
    content ages draws again when ``look`` of the present moment differs from the last one drawn.
    """

    def __init__(self, name: str, title: str, group: str, clock: Clock, visible: bool = True) -> None:
        self.name, self.title, self.group = name, title, group
        self.clock = clock
        self._visible = visible
        self._changed = True
        self._drawn_look: object = None

    @property
    def visible(self) -> bool:
        """Whether it is shown."""
        return self._visible

    @visible.setter
    def visible(self, visible: bool) -> None:
        self._visible = visible
        self._changed = True
        for item in self.items():
            item.setVisible(visible)

    @property
    def now_s(self) -> float:
        """Seconds of the monotonic clock."""
        return self.clock.mono_ns() / 1e9

    def items(self) -> Sequence[Any]:
        """The graphics items."""
        return ()

    def changed(self) -> None:
        """Something must be drawn anew."""
        self._changed = True

    def look(self) -> object:
        """What the passing of time changes in the drawing, coarsely; equal values: nothing."""
        return None

    def on_tick(self) -> None:
        """Draw if that is needed."""
        if not self._visible:
            return
        look = self.look()
        if self._changed or look != self._drawn_look:
            self._changed, self._drawn_look = False, look
            self.draw()

    def draw(self) -> None:
        """Bring the items up to date."""

    def restyle(self) -> None:
        """The theme has changed."""
        self._changed = True

    def legend(self) -> Sequence[LegendRow]:
        """Its rows."""
        return ()

    def age_text(self) -> str:
        """Why it is grey, "" when it is live."""
        return ""
