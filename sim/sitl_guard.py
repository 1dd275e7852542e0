"""Runs a program and ends it when standard input ends, which it does when whoever holds its other end has died.

Run by path, alone and without site packages: ``python -I -S sitl_guard.py PROGRAM ARGUMENT...``. Guard and program share a
process group, so that a signal to the group reaches both.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

CANNOT_START = 126
_END_S = 3.0


def main(command: list[str]) -> int:
    """The program's exit code; :data:`CANNOT_START` when it cannot be run."""
    try:
        program = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    except OSError as error:
        print(error.strerror or error, flush=True)
        return CANNOT_START

    def watch() -> None:
        while os.read(0, 1024):
            pass
        program.terminate()
        try:
            program.wait(_END_S)
        except subprocess.TimeoutExpired:
            program.kill()

    threading.Thread(target=watch, daemon=True).start()
    # A signal to the group is for the program; the guard ends with it.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return program.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
