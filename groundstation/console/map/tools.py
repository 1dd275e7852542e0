"""What others put on the map: tools that take the mouse, and layers that draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QAction


@runtime_checkable
class MapTool(Protocol):
    """Takes the mouse and the keys of the map while it is set by :meth:`MapView.set_tool`.

    ``lat``, ``lon`` are in degrees, ``px`` in pixels of the canvas (x right, y down). Each ``on_...`` returns True when
    it has used the event; what it returns False for does what it does without a tool (drag the map, for instance).
    The wheel always zooms. Escape that the tool does not use takes the tool off.
    """

    cursor: Qt.CursorShape

    def on_press(
        self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> bool:
        """A button goes down."""

    def on_move(
        self, lat: float, lon: float, px: QPointF, buttons: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> bool:
        """The cursor moves, with or without buttons held."""

    def on_release(
        self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> bool:
        """A button goes up."""

    def on_double_click(
        self, lat: float, lon: float, px: QPointF, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
    ) -> bool:
        """The second press of a double click (the first came as a press and a release)."""

    def on_key(self, key: int, modifiers: Qt.KeyboardModifier) -> bool:
        """A key goes down while the map has the focus; ``key`` is a ``Qt.Key``."""

    def cancel(self) -> None:
        """Another tool is set, or none: leave nothing half done and nothing drawn."""


@dataclass(frozen=True)
class LegendRow:
    """One line of a layer's legend: ``colour`` is a colour name, ``shape`` one of the overlay's shapes."""

    colour: str
    shape: str
    text: str


@runtime_checkable
class MapLayer(Protocol):
    """Something drawn on the map that the legend can switch.

    ``name`` is unique and stays in the settings; ``title`` is what is read; ``group`` is the legend's heading.
    The map adds ``items()`` once and calls ``on_tick()`` at every tick of the bridge (about 25 a second, GUI thread);
    a layer draws there, and only when something has changed. Setting ``visible`` shows or hides it at once.

    A layer may also have ``legend() -> Sequence[LegendRow]`` and ``age_text() -> str`` (why it is grey, "" when it is
    live): :func:`legend_of` and :func:`age_text_of` ask for them.
    """

    name: str
    title: str
    group: str
    visible: bool

    def items(self) -> Sequence[Any]:
        """The pyqtgraph or Qt graphics items, in Mercator metres (:mod:`groundstation.console.map.projection`)."""

    def on_tick(self) -> None:
        """Draw what has changed."""


def legend_of(layer: MapLayer) -> Sequence[LegendRow]:
    """A layer's own legend rows; none when it has none."""
    rows: Callable[[], Sequence[LegendRow]] | None = getattr(layer, "legend", None)
    return rows() if rows is not None else ()


def age_text_of(layer: MapLayer) -> str:
    """Why a layer is grey, in words; "" when it is live or does not age."""
    words: Callable[[], str] | None = getattr(layer, "age_text", None)
    return words() if words is not None else ""


ContextActions = Callable[[float, float], list[QAction]]
"""Given the place of a right click (lat, lon): what to offer there."""
