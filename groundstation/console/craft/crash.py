"""What is left when something goes wrong: the last lines of the log, the versions, where it happened. Nothing is sent.

An error in one slot must not take the window away from whoever watches an aircraft with it: it is written down, told in
the window, and the rest goes on.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import platform
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import TextIO

from groundstation.console import i18n

_log = logging.getLogger("groundstation.console.crash")
KEPT_LINES = 2000
_MOST_REPORTS = 20
_PACKAGES = ("PyQt6", "PyQt6-Qt6", "pyqtgraph", "numpy", "opencv-python-headless", "av", "onnxruntime", "pymavlink")


class LogRing(logging.Handler):
    """Keeps the last lines of the log in memory; any thread may log."""

    def __init__(self, lines: int = KEPT_LINES) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        self._lines: deque[str] = deque(maxlen=lines)

    def emit(self, record: logging.LogRecord) -> None:
        """One record, which may have several lines."""
        try:
            self._lines.extend(self.format(record).splitlines())
        except Exception:
            self.handleError(record)

    def lines(self) -> list[str]:
        """Oldest first."""
        return list(self._lines)


def versions() -> dict[str, str]:
    """Of this program, the interpreter, the system and what the console stands on."""
    found = {"python": sys.version.split()[0], "system": platform.platform()}
    for name in ("marchwarden", *_PACKAGES):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def write_report(folder: Path, lines: Iterable[str], error: BaseException | None, now: datetime | None = None) -> Path:
    """Write ``crash/<time>.txt`` below ``folder``, whole or not at all, and keep the newest twenty. Raises ``OSError``."""
    now = now or datetime.now(UTC)
    place = folder / "crash"
    place.mkdir(parents=True, exist_ok=True)
    path = place / f"{now:%Y%m%dT%H%M%S%fZ}.txt"
    parts = [f"Marchwarden console, {now.isoformat()}", ""]
    parts += [f"{name}: {version}" for name, version in versions().items()]
    if error is not None:
        parts += ["", *"".join(traceback.format_exception(error)).splitlines()]
    parts += ["", f"last {KEPT_LINES} lines of the log:", *list(lines)[-KEPT_LINES:]]
    part = path.with_suffix(".part")
    part.write_text("\n".join(parts) + "\n", encoding="utf-8", errors="replace")
    part.replace(path)
    for old in sorted(place.glob("2*.txt"))[:-_MOST_REPORTS]:
        old.unlink(missing_ok=True)
    return path


def failure_words(error: str, path: Path | None) -> str:
    """What the operator is told of a failure."""
    where = str(path) if path is not None else i18n.text("crash", "nowhere: the disk did not take it")
    told = i18n.text("crash", "A part of the console failed and the rest goes on: {error}. Report: {path}")
    return i18n.fill(told, error=error, path=where)


class CrashWatch:
    """While installed, an error that nobody caught is written down and told to ``tell`` with the path of its report.

    The same place in the code is written down once: an error at every tick must not fill the disk. ``tell`` is called on the
    thread where it happened.
    """

    def __init__(self, folder: Path, tell: Callable[[str, Path | None], None]) -> None:
        self._folder, self._tell = folder, tell
        self.ring = LogRing()
        self._seen: set[tuple[str, int]] = set()
        self._native: TextIO | None = None
        self._hooks = (sys.excepthook, threading.excepthook)
        self._faulthandler_was_on = faulthandler.is_enabled()

    def install(self) -> None:
        """Begin."""
        logging.getLogger().addHandler(self.ring)
        sys.excepthook = self._on_error
        threading.excepthook = self._on_thread_error
        if not self._faulthandler_was_on:
            try:
                place = self._folder / "crash"
                place.mkdir(parents=True, exist_ok=True)
                self._native = (place / "native.txt").open("w", encoding="utf-8")
                # What kills the interpreter itself leaves the stacks of all threads here.
                faulthandler.enable(self._native)
            except OSError as error:
                _log.warning("no report can be kept of a fault outside Python: %s", error)

    def remove(self) -> None:
        """End; what was there before is there again."""
        sys.excepthook, threading.excepthook = self._hooks
        logging.getLogger().removeHandler(self.ring)
        if self._native is not None:
            faulthandler.disable()
            self._native.close()
            if os.path.getsize(self._native.name) == 0:
                Path(self._native.name).unlink(missing_ok=True)
            self._native = None

    def report(self, error: BaseException | None = None) -> Path | None:
        """Write a report now, also without an error; None when the disk does not take it."""
        try:
            return write_report(self._folder, self.ring.lines(), error)
        except OSError as problem:
            _log.error("the report could not be written: %s", problem)
            return None

    def _on_error(self, kind: type[BaseException], error: BaseException, where: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, where)
            return
        last = traceback.extract_tb(where)[-1:] if where is not None else []
        key = (f"{kind.__name__} {last[0].filename}" if last else kind.__name__, last[0].lineno or 0 if last else 0)
        if key in self._seen:
            return
        self._seen.add(key)
        _log.error("an error that nobody caught", exc_info=(kind, error, where))
        self._tell(f"{kind.__name__}: {error}", self.report(error))

    def _on_thread_error(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and not issubclass(arguments.exc_type, SystemExit):
            self._on_error(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
