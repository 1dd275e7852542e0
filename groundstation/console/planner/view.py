"""The planner beside the map: drawing, the patrol step by step, the findings, and what the aircraft holds."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from PyQt6.QtCore import QEvent, QObject, Qt, QTimer
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidgetItem,
    QMenu,
    QMessageBox,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from groundstation.console import theme
from groundstation.console.context import ConsoleContext
from groundstation.console.map.view import MapView
from groundstation.console.planner import choices, edits
from groundstation.console.planner.autosave import Autosave
from groundstation.console.planner.compare import ComparePage
from groundstation.console.planner.document import KINDS_OF, Kind, PlannerDocument, Role, document_of_area
from groundstation.console.planner.draw_page import DrawPage
from groundstation.console.planner.edit_tool import EditTool
from groundstation.console.planner.file_dialogs import FileDialogs
from groundstation.console.planner.findings import FindingsList
from groundstation.console.planner.layer import PlannerLayer
from groundstation.console.planner.session import PlannerSession
from groundstation.console.planner.shape_form import ShapeForm
from groundstation.console.planner.tools import CircleTool, DrawTool, HoleTool, PlannerTool, SplitTool
from groundstation.console.planner.upload import UploadPage
from groundstation.console.planner.wizard import Wizard
from groundstation.core.records import VehicleId
from missions.plan import Plan

_log = logging.getLogger("groundstation.console.planner")
_IDENT = Qt.ItemDataRole.UserRole


class PlannerView(QWidget):
    """One drawing board. The map is found in the window when this is first shown, or handed in by :meth:`use_map`.

    While it is shown the map has the planner's tool; hidden, the drawing leaves the map and the mouse is the map's again.
    """

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._map: MapView | None = None
        self._watched: QWidget | None = None
        self._closing = self._shut = False
        folder = context.data_dir / "planner" if context.data_dir is not None else None
        autosave = Autosave(folder) if folder is not None else None
        document = document_of_area(context.area) if context.area is not None else PlannerDocument()
        self.session = PlannerSession(document, context.terrain, autosave, self)
        self.layer = PlannerLayer(self.session)
        self.files = FileDialogs(self.session, self)
        self.findings = FindingsList(self.session)
        self.form = ShapeForm(self.session)
        self.upload = UploadPage(
            self.session, context.commands, context.selection, station_area=context.area, clock=context.clock
        )
        self.wizard = Wizard(self.session, self.upload)
        self.compare = ComparePage(
            self.session, self.layer, context.services.get("plans"), context.selection, context.clock
        )
        self._autosave = autosave
        self._tool: PlannerTool | None = None
        self._lay_out()
        self._make_actions()
        self._connect()
        self._refresh()
        self._recovery = QTimer(self)
        self._recovery.setSingleShot(True)
        self._recovery.timeout.connect(self._offer_recovery)

    # -- layout ------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.tabs = QTabWidget()
        self.tabs.addTab(self.wizard, self.tr("Patrol"))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self._draw_page())
        self.tabs.addTab(scroll, self.tr("Draw"))
        self.tabs.addTab(self.compare, self.tr("Aircraft holds"))
        self.line = QLabel()
        self.line.setWordWrap(True)
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name of the patrol"))
        self.name.setMaxLength(100)
        self.menu_button = QToolButton()
        self.menu_button.setText(self.tr("File"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self.menu_button.setMenu(self.menu)
        self.undo_button, self.redo_button = QToolButton(), QToolButton()
        head = QHBoxLayout()
        head.addWidget(self.menu_button)
        head.addWidget(self.undo_button)
        head.addWidget(self.redo_button)
        head.addWidget(self.name, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.addWidget(self.tabs)
        splitter.addWidget(self.findings)
        splitter.setStretchFactor(0, 3)
        splitter.setStretchFactor(1, 2)
        splitter.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addLayout(head)
        layout.addWidget(splitter, 1)
        layout.addWidget(self.line)

    def _draw_page(self) -> QWidget:
        page = DrawPage(
            self.form, self.draw, self._enable_kinds,
            {"edit": self.change, "hole": self.cut_hole, "split": self.cut_in_two, "merge": self.session.merge_chosen,
             "delete": self.session.delete_chosen},
        )  # fmt: skip
        self.role, self.kinds, self.tools, self.shapes = page.role, page.kinds, page.tools, page.shapes
        self.snapping, self.union = page.snapping, page.union
        self.snapping.toggled.connect(self._snap)
        self.union.toggled.connect(self._set_union)
        self.shapes.itemSelectionChanged.connect(self._picked)
        return page

    def _make_actions(self) -> None:
        self.actions_by_name: dict[str, QAction] = {}
        for name, text, keys, slot in (
            ("undo", self.tr("Undo"), "Ctrl+Z", self.session.undo),
            ("redo", self.tr("Redo"), "Ctrl+Shift+Z", self.session.redo),
            ("new", self.tr("New: nothing drawn"), "Ctrl+N", self.new),
            ("station", self.tr("New: the station's area"), "", self.new_of_station),
            ("open", self.tr("Open ..."), "Ctrl+O", self.files.open),
            ("save", self.tr("Save"), "Ctrl+S", self.files.save),
            ("save_as", self.tr("Save as ..."), "Ctrl+Shift+S", self.files.save_as),
            ("import", self.tr("Import a file of another program ..."), "Ctrl+I", self.files.import_any),
            ("export_plan", self.tr("Export the plan ..."), "Ctrl+E", self.files.export_plans),
            ("export_area", self.tr("Export the drawing ..."), "Ctrl+Shift+E", self.files.export_drawing),
            ("edit", self.tr("Change"), "Shift+V", self.change),
            ("polygon", self.tr("Draw a polygon"), "Shift+G", lambda: self.draw("polygon")),
            ("circle", self.tr("Draw a circle"), "Shift+C", lambda: self.draw("circle")),
            ("corridor", self.tr("Draw a corridor"), "Shift+K", lambda: self.draw("corridor")),
            ("line", self.tr("Draw a line"), "Shift+L", lambda: self.draw("line")),
            ("point", self.tr("Draw a point"), "Shift+P", lambda: self.draw("point")),
            ("hole", self.tr("Cut a hole"), "Shift+H", self.cut_hole),
            ("split", self.tr("Split"), "Shift+X", self.cut_in_two),
            ("merge", self.tr("Merge"), "Shift+M", self.session.merge_chosen),
            ("repair", self.tr("Repair"), "Shift+R", self.findings.repair_current),
            ("back", self.tr("Turn a line round"), "Shift+T", self._turn),
            ("polygonise", self.tr("Make a polygon of a circle or corridor"), "Shift+O", self._as_polygon),
        ):
            action = QAction(text, self)
            if keys:
                action.setShortcut(QKeySequence(keys))
            # The map has the keyboard while one draws, so these act in the whole window; hidden, they are off.
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(lambda _=False, s=slot: s())
            self.addAction(action)
            self.actions_by_name[name] = action
        for names in (("new", "station", "open"), ("save", "save_as"), ("import", "export_plan", "export_area"),
                      ("merge", "back", "polygonise", "repair")):  # fmt: skip
            for name in names:
                self.menu.addAction(self.actions_by_name[name])
            self.menu.addSeparator()
        self.undo_button.setDefaultAction(self.actions_by_name["undo"])
        self.redo_button.setDefaultAction(self.actions_by_name["redo"])

    def _connect(self) -> None:
        session, bridge = self.session, self._context.bridge
        session.changed.connect(self._refresh)
        session.chosen.connect(self._refresh_choice)
        session.said.connect(self._say)
        session.drawn.connect(self.wizard.on_drawn)
        session.drawn.connect(self._drawn)
        session.look_at.connect(self._context.selection.look_at)
        self.wizard.draw_target.connect(lambda kind: self.draw(kind, "target"))
        self.wizard.draw_keep_out.connect(lambda: self.draw("polygon", "exclusion"))
        self.name.editingFinished.connect(self._rename)
        for page in (self.upload, self.compare):
            bridge.vehicle_state.connect(page.on_vehicle_state)
            bridge.tick.connect(page.on_tick)
        bridge.plan_status.connect(self.upload.on_plan_status)
        self.upload.sent.connect(self._sent)

    # -- the map -----------------------------------------------------------------------------------------------------

    def use_map(self, view: MapView) -> None:
        """Draw on this map."""
        if view is self._map:
            return
        self._map = view
        view.add_layer(self.layer)
        view.canvas.getPlotItem().getViewBox().disableAutoRange()
        view.canvas.tool_changed.connect(self._tool_changed)

    def _main_window(self) -> QWidget:
        """The console's window, also while this dock floats in one of its own."""
        widget: QWidget = self
        while (above := widget.parentWidget()) is not None:
            widget = above
        return widget

    def showEvent(self, event: Any) -> None:
        """The drawing comes onto the map, and the mouse changes it."""
        super().showEvent(event)
        window = self._main_window()
        if self._map is None:
            found = window.findChild(MapView)
            if found is not None:
                self.use_map(found)
        if window is not self._watched and window is not self:
            if self._watched is not None:
                self._watched.removeEventFilter(self)
            window.installEventFilter(self)
            self._watched = window
        self.layer.open_board(True)
        self._switch_actions(True)
        if self._tool is None:
            self.change()
        self._recovery.start(0)

    def hideEvent(self, event: Any) -> None:
        """The map is for looking again; the drawing stays as it is."""
        super().hideEvent(event)
        if event is not None and event.spontaneous():
            return
        if not self._main_window().isVisible():
            # The whole window goes, and perhaps the map's things before us: they are not touched any more.
            if self._closing:
                self.shut_down()
            return
        self.layer.open_board(False)
        self._switch_actions(False)
        self._set_tool(None)

    def _switch_actions(self, on: bool) -> None:
        for action in self.actions_by_name.values():
            action.setEnabled(on)
        if on:
            self._refresh()

    def _set_tool(self, tool: PlannerTool | None) -> None:
        if self._map is None:
            return
        before, self._tool = self._tool, tool
        if tool is not None:
            tool.pencil_changed.connect(lambda: self.layer.show_pencil(tool.pencil))
            tool.finished.connect(self.change)
        if self._map.canvas.tool is before or tool is not None:
            self._map.set_tool(tool)
        if before is not None and before is not tool:
            before.deleteLater()
        self._mark_tool()

    def _tool_changed(self, tool: object) -> None:
        """Escape, or another part of the console, took the mouse."""
        if tool is not self._tool and self._tool is not None:
            gone, self._tool = self._tool, None
            gone.deleteLater()
            self._mark_tool()

    def _mark_tool(self) -> None:
        tool = self._tool
        for kind, button in self.kinds.items():
            drawing = isinstance(tool, DrawTool) and tool.kind == kind
            button.setChecked(drawing or (kind == "circle" and isinstance(tool, CircleTool)))
        for name, kind_of_tool in (("edit", EditTool), ("hole", HoleTool), ("split", SplitTool)):
            self.tools[name].setChecked(isinstance(tool, kind_of_tool))

    def _to_lat_lon(self, px: Any) -> tuple[float, float]:
        assert self._map is not None
        return self._map.canvas.to_lat_lon(px)

    # -- what the buttons do -------------------------------------------------------------------------------------------

    def change(self) -> None:
        """Choose and change shapes."""
        self._set_tool(EditTool(self.session, self._to_lat_lon, self))

    def draw(self, kind: Kind, role: Role | None = None) -> None:
        """Draw a shape of the role that is set, or of the one that is said."""
        wanted: Role = role or self.role.currentData()
        if kind not in KINDS_OF[wanted]:
            self._mark_tool()
            words = choices.role_word(wanted)
            self._say(self.tr("{role}: cannot be drawn like that").format(role=words), "caution")
            return
        if role is not None:
            self.role.setCurrentIndex(self.role.findData(role))
        if kind == "circle":
            self._set_tool(CircleTool(self.session, self._to_lat_lon, wanted, self))
            self._say(self.tr("Press at the centre and drag to the edge"), "off")
            return
        self._set_tool(DrawTool(self.session, self._to_lat_lon, wanted, kind, parent=self))
        if kind == "point":
            self._say(self.tr("Click on the map"), "off")
        else:
            self._say(self.tr("Click the corners; a double click or Enter ends, Backspace takes one back"), "off")

    def cut_hole(self) -> None:
        """A hole in the chosen polygon."""
        self._set_tool(HoleTool(self.session, self._to_lat_lon, self))
        self._say(self.tr("Click the corners of the hole; a double click ends"), "off")

    def cut_in_two(self) -> None:
        """Along a line."""
        self._set_tool(SplitTool(self.session, self._to_lat_lon, self))
        self._say(self.tr("Draw a line right across the shape; a double click ends"), "off")

    def _drawn(self, ident: int) -> None:
        self._say(self.tr("Drawn: {name}").format(name=self.session.document.shape(ident).name), "ok")

    def _sent(self, vehicle: VehicleId, plan: Plan) -> None:
        """The window shows as planned, and then as in force, what went to the aircraft and not another plan."""
        show = getattr(self._main_window(), "set_plan", None)
        if show is not None:
            show(plan, vehicle)

    def _turn(self) -> None:
        shape = self.session.selected
        if shape is not None and shape.kind in ("line", "corridor"):
            self.session.do(self.tr("Turn a line round"), lambda d: edits.reverse(d, shape.ident))

    def _as_polygon(self) -> None:
        shape = self.session.selected
        if shape is not None:
            self.session.do(self.tr("Make a polygon"), lambda d: edits.as_polygon(d, shape.ident))

    def _snap(self, on: bool) -> None:
        self.session.snapping = on

    def _set_union(self, on: bool) -> None:
        if on != self.session.document.limits.union_of_inclusions:
            self.session.do(
                self.tr("Change the limits"), lambda d: replace(d, limits=replace(d.limits, union_of_inclusions=on))
            )

    def _rename(self) -> None:
        name = self.name.text().strip()
        if name and name != self.session.document.name:
            self.session.do(self.tr("Rename"), lambda d: replace(d, name=name))

    def _picked(self) -> None:
        chosen = [item.data(_IDENT) for item in self.shapes.selectedItems()]
        if set(chosen) != set(self.session.selection):
            self.session.choose(chosen)
            shape = self.session.selected
            if shape is not None:
                self.session.look_at.emit(*shape.points[0])

    def new(self) -> None:
        """An empty sheet."""
        if self.files.may_lose():
            self.session.restart(PlannerDocument())

    def new_of_station(self) -> None:
        """The area that the station was started with."""
        if self._context.area is not None and self.files.may_lose():
            self.session.restart(document_of_area(self._context.area))

    # -- showing -----------------------------------------------------------------------------------------------------

    def _refresh(self) -> None:
        session = self.session
        for name, step, word in (
            ("undo", session.undo_name, self.tr("Undo")), ("redo", session.redo_name, self.tr("Redo")),
        ):  # fmt: skip
            action = self.actions_by_name[name]
            action.setEnabled(bool(step))
            action.setToolTip(f"{word}: {step} ({action.shortcut().toString()})" if step else word)
        if not self.name.hasFocus():
            self.name.setText(session.document.name)
        mark = "*" if session.unsaved else ""
        self.menu_button.setText(self.tr("File") + mark)
        self.union.blockSignals(True)
        self.union.setChecked(session.document.limits.union_of_inclusions)
        self.union.blockSignals(False)
        wanted = [
            (s.ident, f"{s.name}  ·  {choices.kind_word(s.kind)}  ·  {choices.role_word(s.role)}")
            for s in session.document.shapes
        ]
        have = [(self.shapes.item(k).data(_IDENT), self.shapes.item(k).text()) for k in range(self.shapes.count())]
        if wanted != have:
            self.shapes.blockSignals(True)
            self.shapes.clear()
            for ident, text in wanted:
                item = QListWidgetItem(text)
                item.setData(_IDENT, ident)
                self.shapes.addItem(item)
            self.shapes.blockSignals(False)
        self._refresh_choice()
        self._enable_kinds()

    def _refresh_choice(self) -> None:
        chosen = set(self.session.selection)
        self.shapes.blockSignals(True)
        for row in range(self.shapes.count()):
            item = self.shapes.item(row)
            item.setSelected(item.data(_IDENT) in chosen)
        self.shapes.blockSignals(False)
        self.tools["merge"].setEnabled(len(chosen) > 1)
        self.tools["delete"].setEnabled(bool(chosen))

    def _enable_kinds(self) -> None:
        allowed = KINDS_OF[self.role.currentData()]
        for kind, button in self.kinds.items():
            button.setEnabled(kind in allowed)

    def _say(self, text: str, state: str) -> None:
        self.line.setText(text)
        self.line.setStyleSheet(f"color: {theme.state_colour(state)};")

    # -- coming and going ----------------------------------------------------------------------------------------------

    def _offer_recovery(self) -> None:
        left = self._autosave.left_behind() if self._autosave is not None else None
        if left is None or self._autosave is None:
            return
        answer = self.files.ask(
            self.tr("A console ended without saving"),
            self.tr("It had drawn {name!r} with {n} shapes. Take it up again?").format(
                name=left.name, n=len(left.shapes)
            ),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Discard,
        )
        self._autosave.decided()
        if answer == QMessageBox.StandardButton.Yes:
            self.session.restart(left, unsaved=True)
            self._say(self.tr("Taken up again: it is not saved yet"), "caution")

    def may_close(self) -> bool:
        """Ask about what is not saved; False: the operator wants to stay."""
        return self.files.may_lose()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """The window is about to close."""
        if watched is self._watched and event is not None and event.type() == QEvent.Type.Close and not self._shut:
            if not self.may_close():
                event.ignore()
                return True
            self.session.forget_kept()
            # Others may still refuse: this board ends only when the window has really gone.
            self._closing = True
            QTimer.singleShot(0, self._still_open)
        return False

    def _still_open(self) -> None:
        if self._main_window().isVisible():
            self._closing = False
        else:
            self.shut_down()

    def shut_down(self) -> None:
        """Stop what runs; what was kept against a crash is not needed any more."""
        if self._shut:
            return
        self._shut = True
        self._recovery.stop()
        self.upload.close_page()
        self.compare.close_page()
        self.session.close()
        self.layer.disconnect()
