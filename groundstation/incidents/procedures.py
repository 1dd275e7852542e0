"""The file of standing procedures (TOML). All faults of a file are told at once, each with its line.

``procedures.toml`` beside this module is the shipped default and explains every name.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

from groundstation.core.errors import ConfigError
from groundstation.core.procedure_records import Procedure, ProcedureStep
from groundstation.incidents.rule_file import KINDS, URGENCIES

_PROCEDURE_KEYS = ("name", "kinds", "urgencies", "title", "take_back", "step")
_STEP_KEYS = ("name", "text", "within_s")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_LONGEST_S = 86_400.0


def default_procedures() -> tuple[Procedure, ...]:
    """The shipped procedures."""
    source = resources.files("groundstation.incidents").joinpath("procedures.toml")
    return parse_procedures(source.read_text(encoding="utf-8"), "procedures.toml")


def read_procedures(path: Path) -> tuple[Procedure, ...]:
    """Read a file of procedures. Raises :class:`ConfigError` with every fault of it, one a line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ConfigError(f"{path}: cannot be read: {reason}", "check the path of the procedures' file") from error
    return parse_procedures(text, str(path))


def parse_procedures(text: str, name: str) -> tuple[Procedure, ...]:
    """Procedures from the text of a file called ``name``. Raises :class:`ConfigError` like :func:`read_procedures`."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: is not TOML: {error}", "mend the line that it names") from error
    reader = _Reader(text)
    found = reader.read(document)
    if reader.faults:
        faults = "\n  ".join(reader.faults)
        raise ConfigError(f"{name}:\n  {faults}\n", "mend these; the shipped procedures.toml explains every name")
    return tuple(found)


def procedure_for(procedures: Sequence[Procedure], kind: str, urgency: str) -> Procedure | None:
    """The first that fits; None when none was written for such an alert."""
    return next((p for p in procedures if p.fits(kind, urgency)), None)


class _Reader:
    """One reading of one file; collects faults."""

    def __init__(self, text: str) -> None:
        self.faults: list[str] = []
        lines = text.splitlines()
        self._procedure_lines = [i + 1 for i, line in enumerate(lines) if re.match(r"\s*\[\[\s*procedure\s*\]\]", line)]
        self._step_lines = [
            i + 1 for i, line in enumerate(lines) if re.match(r"\s*\[\[\s*procedure\s*\.\s*step\s*\]\]", line)
        ]

    def read(self, document: dict[str, Any]) -> list[Procedure]:
        self._unknown("line 1", document, ("procedure",))
        tables = document.get("procedure", [])
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables) or not tables:
            self.faults.append("line 1: there is no procedure: write [[procedure]]")
            return []
        found = []
        for index, table in enumerate(tables):
            line = self._procedure_lines[index] if index < len(self._procedure_lines) else 1
            found.append(self._procedure(f"line {line}: procedure {index + 1}", line, table))
        names = [p.name for p in found]
        for twice in sorted({n for n in names if n and names.count(n) > 1}):
            self.faults.append(f"two procedures are called {twice!r}: give each a name of its own")
        return found

    def _procedure(self, place: str, line: int, table: dict[str, Any]) -> Procedure:
        self._unknown(place, table, _PROCEDURE_KEYS)
        kinds = self._words(place, "kinds", table.get("kinds", []), KINDS)
        urgencies = self._words(place, "urgencies", table.get("urgencies", []), URGENCIES)
        titles = self._texts(f"{place}: title", table.get("title"))
        steps = table.get("step", [])
        if not isinstance(steps, list) or not steps or not all(isinstance(s, dict) for s in steps):
            self.faults.append(f"{place}: has no step: write [[procedure.step]]")
            steps = []
        after = [n for n in self._step_lines if n > line]
        read = []
        for index, step in enumerate(steps):
            at = f"line {after[index]}: " if index < len(after) else f"{place}: "
            read.append(self._step(f"{at}step {index + 1}", step))
        take_back = table.get("take_back", True)
        if not isinstance(take_back, bool):
            self.faults.append(f"{place}: take_back: {take_back!r} is neither true nor false")
            take_back = True
        names = [s.name for s in read]
        for twice in sorted({n for n in names if n and names.count(n) > 1}):
            self.faults.append(f"{place}: two steps are called {twice!r}: a tick could not tell them apart")
        return Procedure(self._name(place, table.get("name")), titles, kinds, urgencies, tuple(read), take_back)

    def _step(self, place: str, table: dict[str, Any]) -> ProcedureStep:
        self._unknown(place, table, _STEP_KEYS)
        within = table.get("within_s", 0.0)
        number = isinstance(within, int | float) and not isinstance(within, bool) and math.isfinite(within)
        if not number or not 0.0 <= within <= _LONGEST_S:
            self.faults.append(f"{place}: within_s: {within!r} is not a time from 0 to {_LONGEST_S:.0f} s")
            within = 0.0
        texts = self._texts(f"{place}: text", table.get("text"))
        return ProcedureStep(self._name(place, table.get("name")), texts, float(within))

    def _name(self, place: str, value: Any) -> str:
        if not isinstance(value, str) or not _NAME.fullmatch(value):
            self.faults.append(f"{place}: name: {value!r} is not a short name of small letters, digits, - and _")
            return ""
        return value

    def _texts(self, place: str, value: Any) -> dict[str, str]:
        texts = {"en": value} if isinstance(value, str) else value
        if not isinstance(texts, dict) or not all(isinstance(t, str) and t.strip() for t in texts.values()):
            self.faults.append(f"{place}: is missing, or neither a text nor a table of texts by language")
            return {"en": ""}
        if "en" not in texts:
            self.faults.append(f'{place}: has no "en", which is shown in languages that are not written')
            return {"en": ""} | texts
        return {str(k): str(v) for k, v in texts.items()}

    def _words(self, place: str, key: str, value: Any, known: tuple[str, ...]) -> tuple[str, ...]:
        if not isinstance(value, list):
            self.faults.append(f"{place}: {key}: is not a list of {', '.join(known)}")
            return ()
        for word in value:
            if word not in known:
                self.faults.append(f"{place}: {key}: {word!r} is none of {', '.join(known)}{_meant(str(word), known)}")
        return tuple(str(w) for w in value if w in known)

    def _unknown(self, place: str, table: dict[str, Any], known: tuple[str, ...]) -> None:
        for key in table:
            if key not in known:
                self.faults.append(f"{place}: {key}: unknown name{_meant(key, known)}")


def _meant(name: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f", did you mean {close[0]!r}?" if close else ""
