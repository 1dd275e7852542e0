"""The planner's page for drawing: what, as which shape, the tools, and the list of what is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PyQt6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QListWidget,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from groundstation.console.planner import choices
from groundstation.console.planner.document import Kind
from groundstation.console.planner.shape_form import ShapeForm


class DrawPage(QWidget):
    """``draw`` begins a shape, ``role_chosen`` hears of another role, ``slots`` does what the tools' buttons say by name."""

    def __init__(
        self,
        form: ShapeForm,
        draw: Callable[[Kind], None],
        role_chosen: Callable[[], None],
        slots: Mapping[str, Callable[[], None]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.role = QComboBox()
        self.role.setAccessibleName(self.tr("What to draw"))
        for role in choices.ROLES:
            self.role.addItem(choices.role_word(role), role)
        self.role.currentIndexChanged.connect(lambda _: role_chosen())
        grid = QGridLayout()
        grid.addWidget(self.role, 0, 0, 1, 5)
        self._buttons = QButtonGroup(self)
        self._buttons.setExclusive(False)
        self.kinds: dict[Kind, QPushButton] = {}
        for column, kind in enumerate(choices.KINDS):
            button = self._tool_button(choices.kind_word(kind), lambda k=kind: draw(k))
            grid.addWidget(button, 1, column)
            self.kinds[kind] = button
        self.tools: dict[str, QPushButton] = {}
        for column, (name, text) in enumerate(
            (
                ("edit", self.tr("Change")),
                ("hole", self.tr("Hole")),
                ("split", self.tr("Split")),
                ("merge", self.tr("Merge")),
                ("delete", self.tr("Delete")),
            )
        ):
            button = self._tool_button(text, slots[name], checkable=name in ("edit", "hole", "split"))
            grid.addWidget(button, 2, column)
            self.tools[name] = button
        self.snapping = QCheckBox(self.tr("Snap to corners and edges (hold Ctrl: not now)"))
        self.snapping.setChecked(True)
        self.union = QCheckBox(self.tr("Staying in any one flight area is enough"))
        self.shapes = QListWidget()
        self.shapes.setAccessibleName(self.tr("What is drawn"))
        self.shapes.setSelectionMode(QListWidget.SelectionMode.ExtendedSelection)
        # On a low screen the page scrolls; nothing is pressed together until it cannot be read.
        self.shapes.setMinimumHeight(90)
        form.table.setMinimumHeight(120)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 6, 4, 2)
        layout.addLayout(grid)
        layout.addWidget(self.snapping)
        layout.addWidget(self.union)
        layout.addWidget(self.shapes, 1)
        layout.addWidget(form, 3)

    def _tool_button(self, text: str, slot: Callable[[], None], checkable: bool = True) -> QPushButton:
        button = QPushButton(text)
        button.setObjectName("small")
        button.setCheckable(checkable)
        button.clicked.connect(lambda _=False: slot())
        self._buttons.addButton(button)
        return button
