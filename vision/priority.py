"""Who waits when the machine is short of processor: the analysis of a stream, never the window that shows it."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_LOWEST = 19
_TASKS = Path("/proc/self/task")


def threads_now() -> list[int]:
    """The system's numbers of the threads that this process has now; empty where the system does not tell."""
    try:
        return sorted(int(entry.name) for entry in _TASKS.iterdir())
    except OSError:
        return []


def give_way(threads: list[int], steps: int) -> bool:
    """Make some threads of this process nicer by ``steps`` than they are; whether that could be done.

    Linux has a niceness for each thread, and a thread inherits its maker's. Without ``threads`` (other systems) the whole
    process gives way. There is no way back without special rights. Windows knows no niceness: nothing is done.
    """
    if steps <= 0 or sys.platform == "win32":
        return False
    try:
        for thread in threads or [0]:
            now = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, min(_LOWEST, now + steps))
    except OSError:
        return False
    return True
