"""Asking for files: open, save, import, export. What a file cannot hold is said before it is written or taken in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PyQt6.QtCore import QCoreApplication
from PyQt6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QWidget

from geofences.errors import MarchwardenError
from groundstation.console.planner import choices
from groundstation.console.planner.document import ROLES
from groundstation.console.planner.files import (
    MAPS,
    PLANS,
    READABLE,
    Mode,
    Prepared,
    import_file,
    prepare_drawing,
    prepare_plans,
    roleless,
    what_is_in,
)
from groundstation.console.planner.saved import SUFFIX, read_document, write_document
from groundstation.console.planner.session import PlannerSession

_Button = QMessageBox.StandardButton
_MOST_LINES = 12


class FileDialogs:
    """The methods that begin with ``ask`` are all that waits for the operator."""

    def __init__(self, session: PlannerSession, parent: QWidget) -> None:
        self._session, self._parent = session, parent

    def tr(self, source: str) -> str:
        """Not a widget, so not Qt's own."""
        return QCoreApplication.translate("FileDialogs", source)

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(self, title: str, text: str, buttons: _Button) -> _Button:
        """A question; closing it is Cancel."""
        box = QMessageBox(QMessageBox.Icon.Question, title, text, buttons, self._parent)
        return _Button(box.exec())

    def ask_open(self, title: str, names: str) -> Path | None:
        """A file that exists."""
        path, _ = QFileDialog.getOpenFileName(self._parent, title, "", names)
        return Path(path) if path else None

    def ask_save(self, title: str, names: str, proposal: str) -> Path | None:
        """A file to write; Qt asks before one is replaced."""
        path, _ = QFileDialog.getSaveFileName(self._parent, title, proposal, names)
        return Path(path) if path else None

    def ask_choice(self, title: str, text: str, options: Sequence[str]) -> int | None:
        """One of several; None: none."""
        chosen, fine = QInputDialog.getItem(self._parent, title, text, list(options), 0, False)
        return list(options).index(chosen) if fine else None

    def _told(self, error: MarchwardenError) -> None:
        remedy = f": {error.remedy}" if error.remedy else ""
        self._session.said.emit(f"{error.message}{remedy}", "alarm")

    # -- our own files -----------------------------------------------------------------------------------------------

    def may_lose(self) -> bool:
        """Whether the document may go: it is saved, or the operator says so."""
        if not self._session.unsaved:
            return True
        answer = self.ask(
            self.tr("Not saved"),
            self.tr("The drawing {name!r} is not saved. Save it?").format(name=self._session.document.name),
            _Button.Save | _Button.Discard | _Button.Cancel,
        )
        if answer == _Button.Save:
            return self.save()
        return answer == _Button.Discard

    def open(self) -> None:
        """Another document."""
        if not self.may_lose():
            return
        path = self.ask_open(self.tr("Open a patrol"), f"{self.tr('Patrols')} (*{SUFFIX})")
        if path is None:
            return
        try:
            self._session.restart(read_document(path), path)
        except MarchwardenError as error:
            self._told(error)
            return
        self._session.said.emit(self.tr("Opened {file}").format(file=path.name), "off")

    def save(self) -> bool:
        """Where it came from, or ask."""
        return self._write(self._session.path) if self._session.path is not None else self.save_as()

    def save_as(self) -> bool:
        """Somewhere else."""
        proposal = self._proposal(SUFFIX)
        path = self.ask_save(self.tr("Save the patrol"), f"{self.tr('Patrols')} (*{SUFFIX})", proposal)
        if path is None:
            return False
        return self._write(path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX))

    def _proposal(self, suffix: str) -> str:
        name = "".join(c if c.isalnum() or c in " -_" else "_" for c in self._session.document.name).strip()
        return (name or "patrol") + suffix

    def _write(self, path: Path) -> bool:
        try:
            write_document(self._session.document, path)
        except MarchwardenError as error:
            self._told(error)
            return False
        self._session.saved(path)
        self._session.said.emit(self.tr("Saved as {file}").format(file=path.name), "ok")
        return True

    # -- other programs' files -----------------------------------------------------------------------------------------

    def import_any(self) -> None:
        """A plan to be checked and sent, or shapes for the drawing."""
        names = " ".join(f"*{s}" for s in READABLE)
        path = self.ask_open(self.tr("Import a file"), f"{self.tr('Plans and maps')} ({names} *.json *.txt)")
        if path is None:
            return
        try:
            self._import(path)
        except MarchwardenError as error:
            self._told(error)

    def _import(self, path: Path) -> None:
        content, usual = what_is_in(path)
        modes: tuple[Mode, Mode] = ("plan", "drawing")
        words = [self.tr("A plan, to be checked and sent as it stands"), self.tr("Shapes, for the drawing")]
        if usual == "drawing":
            modes, words = ("drawing", "plan"), words[::-1]
        which = self.ask_choice(self.tr("Import"), self.tr("What is {file} to be?").format(file=path.name), words)
        if which is None:
            return
        mode, role, bare = modes[which], "", roleless(content)
        if bare and mode == "drawing":
            roles = [r for r in ROLES if r != "target"]
            chosen = self.ask_choice(
                self.tr("Import"),
                self.tr("{n} shapes do not say what they are. They are:").format(n=bare),
                [self.tr("leave them out"), *(choices.role_word(r) for r in roles)],
            )
            if chosen is None:
                return
            role = roles[chosen - 1] if chosen else ""
        made = import_file(self._session.document, path, content, mode, role, self._session.terrain)
        if made.left_out and not self._agreed(self.tr("Not taken in"), made.left_out):
            return
        name = self.tr("Import {file}").format(file=path.name)
        self._session.do(name, lambda _: made.document)
        notes = "; ".join(made.notes[:3])
        self._session.said.emit(f"{name}: {notes}" if notes else name, "ok")

    def export_plans(self) -> None:
        """The plans as they are now."""
        done = self._session.evaluation
        if done is None or not done.plans:
            self._session.said.emit(
                self.tr("Wait: the plan is being checked") if done is None else self.tr("There is no plan yet"),
                "caution",
            )
            return
        names = f"{self.tr('Plans')} ({' '.join(f'*{s}' for s in PLANS)})"
        path = self.ask_save(self.tr("Export the plan"), names, self._proposal(".plan"))
        if path is not None:
            self._export(lambda: prepare_plans(done, path))

    def export_drawing(self) -> None:
        """The shapes."""
        names = f"{self.tr('Maps')} ({' '.join(f'*{s}' for s in MAPS)})"
        path = self.ask_save(self.tr("Export the drawing"), names, self._proposal(".geojson"))
        if path is not None:
            document = self._session.document
            self._export(lambda: prepare_drawing(document, path))

    def _export(self, prepare: object) -> None:
        try:
            prepared: Prepared = prepare()  # type: ignore[operator]
            if prepared.not_carried and not self._agreed(self.tr("The file cannot hold"), prepared.not_carried):
                return
            prepared.write()
        except MarchwardenError as error:
            self._told(error)
            return
        written = ", ".join(path.name for path, _ in prepared.files)
        self._session.said.emit(self.tr("Written: {files}").format(files=written), "ok")

    def _agreed(self, title: str, lines: Sequence[str]) -> bool:
        shown = "\n".join(f"• {line}" for line in lines[:_MOST_LINES])
        more = f"\n... {len(lines) - _MOST_LINES} more" if len(lines) > _MOST_LINES else ""
        text = f"{title}:\n\n{shown}{more}\n\n{self.tr('Go on?')}"
        return self.ask(title, text, _Button.Yes | _Button.Cancel) == _Button.Yes
