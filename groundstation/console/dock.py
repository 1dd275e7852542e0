"""A dock that can be locked: while it is, nothing can be dragged away or closed by a slip of the hand."""

from __future__ import annotations

from PyQt6.QtWidgets import QDockWidget, QWidget

from groundstation.console.panels.common import Panel


class ConsoleDock(QDockWidget):
    """Holds one view. A floating one always has its title bar, or it could not be moved or closed."""

    def __init__(self, name: str, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setObjectName(f"dock.{name}")
        self.name = name
        self._locked = False
        self._no_bar = QWidget(self)
        self.topLevelChanged.connect(lambda _: self._show_bar())

    def hold(self, widget: QWidget) -> None:
        """Put a view in; one without a frame and title gets them."""
        if isinstance(widget, Panel):
            self.setWidget(widget)
        else:
            panel = Panel(self.windowTitle())
            panel.body.addWidget(widget, 1)
            self.setWidget(panel)

    def set_locked(self, locked: bool) -> None:
        """Lock or unlock."""
        self._locked = locked
        self._show_bar()

    def _show_bar(self) -> None:
        hidden = self._locked and not self.isFloating()
        self._no_bar.setVisible(False)
        self.setTitleBarWidget(self._no_bar if hidden else None)
