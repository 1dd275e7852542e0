"""What the operator has set: kept in a JSON file, and never a reason for the console not to open."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, QStandardPaths, pyqtSignal

_log = logging.getLogger("groundstation.console.settings")
FILE_NAME = "console.json"


@dataclass(frozen=True)
class Values:
    """All settings. ``parts``: what a part of the console keeps for itself, by its name, as JSON.

    ``layouts``: by "<number of screens>/<name>" the window's geometry and state, base64. ``language`` "": the machine's.
    """

    theme: str = "dark"
    language: str = ""
    units: str = "metric"
    sounds: bool = True
    speech: bool = False
    text_px: int = 13
    layout: str = "default"
    guide_done: bool = False
    layouts: dict[str, dict[str, str]] = field(default_factory=dict)
    parts: dict[str, Any] = field(default_factory=dict)


def _allowed(name: str, value: object) -> bool:
    if name == "theme":
        return value in ("dark", "light", "night_red")
    if name == "units":
        return value in ("metric", "aviation")
    if name == "text_px":
        return isinstance(value, int) and not isinstance(value, bool) and 9 <= value <= 32
    default = getattr(Values(), name)
    return type(value) is type(default)


class ConsoleSettings(QObject):
    """``path`` None: kept in memory only. ``problem`` says what was wrong with the file, "" if nothing."""

    changed = pyqtSignal(str)
    """The name of what was changed."""

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self.problem = ""
        self._values = self._load()

    @property
    def path(self) -> Path | None:
        """Where they are kept."""
        return self._path

    @property
    def values(self) -> Values:
        """All of them."""
        return self._values

    @property
    def theme(self) -> str:
        """dark, light or night_red."""
        return self._values.theme

    @property
    def language(self) -> str:
        """A key of ``i18n.LANGUAGES``, "" for the machine's."""
        return self._values.language

    @property
    def units(self) -> str:
        """metric, or aviation (feet and knots)."""
        return self._values.units

    @property
    def sounds(self) -> bool:
        """Whether an alert makes a sound."""
        return self._values.sounds

    @property
    def speech(self) -> bool:
        """Whether an alert is spoken."""
        return self._values.speech

    @property
    def text_px(self) -> int:
        """Height of the plain text in device-independent pixels."""
        return self._values.text_px

    @property
    def layout(self) -> str:
        """The name of the layout in use."""
        return self._values.layout

    def part(self, name: str, default: Any = None) -> Any:
        """What the part ``name`` has kept; JSON, so the caller checks what it finds."""
        return self._values.parts.get(name, default)

    def put_part(self, name: str, value: Any) -> None:
        """Keep something (JSON) for a part."""
        self.change(parts={**self._values.parts, name: value})

    def change(self, **changes: Any) -> None:
        """Set, save, tell. A value that cannot be is refused with ``ValueError``; unchanged ones are not told."""
        for name, value in changes.items():
            if not _allowed(name, value):
                raise ValueError(f"setting {name}: {value!r} is not possible")
        different = [name for name, value in changes.items() if getattr(self._values, name) != value]
        if not different:
            return
        self._values = replace(self._values, **changes)
        self.save()
        for name in different:
            self.changed.emit(name)

    def save(self) -> None:
        """Write the file, whole or not at all. A full disk is told in ``problem`` and the log, not thrown."""
        if self._path is None:
            return
        part = self._path.with_suffix(".part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("w", encoding="utf-8") as file:
                json.dump(asdict(self._values), file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path)
        except (OSError, TypeError, ValueError) as error:
            self.problem = f"the settings could not be kept: {error}"
            _log.error("%s", self.problem)

    def _load(self) -> Values:
        if self._path is None or not self._path.exists():
            return Values()
        try:
            raw = json.loads(self._path.read_text(encoding="utf-8"))
            if not isinstance(raw, dict):
                raise ValueError("it is not a table of settings")
        except (OSError, ValueError, RecursionError) as error:
            self._put_aside(error)
            return Values()
        known = {f.name for f in fields(Values)}
        good = {name: value for name, value in raw.items() if name in known and _allowed(name, value)}
        wrong = sorted(set(raw) & known - set(good))
        if wrong:
            self.problem = f"settings that cannot be were left at their defaults: {', '.join(wrong)}"
            _log.warning("%s: %s", self._path, self.problem)
        return Values(**good)

    def _put_aside(self, error: Exception) -> None:
        assert self._path is not None
        aside = self._path.with_suffix(".broken.json")
        try:
            self._path.replace(aside)
            where = f"put aside as {aside.name}"
        except OSError:
            where = "left where it is"
        self.problem = f"the settings file could not be read and was {where}: {error}"
        _log.error("%s: %s", self._path, self.problem)


def settings_path(data_dir: Path | None) -> Path:
    """Beside the station's data, else in the user's configuration folder."""
    if data_dir is not None:
        return data_dir / FILE_NAME
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)
    return Path(folder) / "marchwarden" / FILE_NAME
