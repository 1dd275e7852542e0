"""Threads of the console end before the interpreter does.

A daemon thread that is inside a library's code (numpy, OpenCV, Qt) when the interpreter ends takes the whole process down with
"terminate called without an active exception".
"""

from __future__ import annotations

import threading
import weakref
from typing import Protocol


class Closable(Protocol):
    """Something with a thread of its own."""

    def close(self) -> None:
        """Let the thread end."""
        ...


def close_at_exit(owner: Closable, thread: threading.Thread, wait_s: float = 5.0) -> None:
    """When the program ends, close ``owner`` and wait so long at most for its thread. Keeps neither alive."""
    weakref.finalize(owner, _end, weakref.ref(owner), thread, wait_s)


def _end(owner: weakref.ref[Closable], thread: threading.Thread, wait_s: float) -> None:
    alive = owner()
    if alive is not None:
        alive.close()
    if thread is not threading.current_thread():
        thread.join(wait_s)
