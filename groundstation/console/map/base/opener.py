"""Reads pictures and opens files of tiles on a thread of its own; the GUI thread takes what is ready at its tick."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

from groundstation.console.at_exit import close_at_exit
from groundstation.core.errors import MarchwardenError

_log = logging.getLogger("groundstation.console.basemap")
Work = Callable[[], Any]


class Opener:
    """Does one thing after another; the thread ends when there is nothing more to do."""

    def __init__(self) -> None:
        self._todo: queue.SimpleQueue[tuple[str, Work] | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[str, Any, str]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._pending = 0

    @property
    def pending(self) -> int:
        """What was asked for and has not been taken."""
        return self._pending

    def ask(self, name: str, work: Work) -> None:
        """Do this when the others before it are done."""
        self._pending += 1
        self._todo.put((name, work))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="console-map-open", daemon=True)
            self._thread.start()
            close_at_exit(self, self._thread)

    def take(self) -> list[tuple[str, Any, str]]:
        """(name, result, trouble) of what is done; the result is None when there is trouble."""
        found = []
        while True:
            try:
                found.append(self._done.get_nowait())
            except queue.Empty:
                self._pending -= len(found)
                return found

    def close(self) -> None:
        """End the thread when it has done what it is doing."""
        self._todo.put(None)

    def _run(self) -> None:
        while (one := self._todo.get()) is not None:
            name, work = one
            try:
                self._done.put((name, work(), ""))
            except MarchwardenError as error:
                _log.error("%s", error)
                self._done.put((name, None, str(error)))
            except Exception as error:
                _log.exception("the background %s cannot be opened", name)
                self._done.put((name, None, f"{type(error).__name__}: {error}"))
