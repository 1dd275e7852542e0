"""One thread that works out the newest thing asked for. What was asked for before it and has not begun is dropped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from groundstation.console.at_exit import close_at_exit

_log = logging.getLogger("groundstation.console.planner")


class NewestWins:
    """``ask`` from the GUI thread, ``take`` there by a timer. The thread begins with the first question.

    It is a daemon: a computation that hangs must not keep the console from closing.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._condition = threading.Condition()
        self._waiting: tuple[int, Callable[[], Any]] | None = None
        self._running = False
        self._done: tuple[int, Any] | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def busy(self) -> bool:
        """Whether something is asked for and not done, or done and not taken."""
        with self._condition:
            return self._waiting is not None or self._running or self._done is not None

    def ask(self, number: int, work: Callable[[], Any]) -> None:
        """Work this out next, in place of what waits. ``work`` must not raise."""
        with self._condition:
            if self._closed:
                return
            self._waiting = number, work
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
                close_at_exit(self, self._thread)
            self._condition.notify()

    def take(self) -> tuple[int, Any] | None:
        """The newest result that was not taken yet, with the number that it was asked for under."""
        with self._condition:
            done, self._done = self._done, None
            return done

    def close(self, wait_s: float = 5.0) -> None:
        """No more questions; waits so long at most for the one that is being worked out."""
        with self._condition:
            self._closed, self._waiting = True, None
            self._condition.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(wait_s)

    def _run(self) -> None:
        while True:
            with self._condition:
                while self._waiting is None and not self._closed:
                    self._condition.wait()
                if self._waiting is None:
                    return
                number, work = self._waiting
                self._waiting, self._running = None, True
            result: Any = None
            try:
                result = work()
            except Exception:
                _log.exception("%s: what was asked for failed", self._name)
            with self._condition:
                self._running = False
                if result is not None:
                    self._done = number, result
