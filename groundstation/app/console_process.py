"""The console that ``groundstation run`` opens: a process of its own, so that nothing that befalls it befalls the station."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_log = logging.getLogger("groundstation.console_process")
_STEADY_S = 10.0
_END_WITHIN_S = 8.0


def console_command(data_dir: Path) -> list[str]:
    """What opens a console on the station of a data folder."""
    return [sys.executable, "-m", "groundstation.app.main", "console", "--data", str(data_dir)]


class ConsoleProcess:
    """One console beside a station. It owns no clock: :meth:`on_time` is told the monotonic time a few times a second.

    A console that was closed stays closed. One that died after ten seconds or more is opened again; one that dies sooner,
    for want of a screen or because it dies each time, is not, and that is said.
    """

    def __init__(self, data_dir: Path, command: Sequence[str] = ()) -> None:
        self._data_dir = data_dir
        self._command = list(command) or console_command(data_dir)
        self._process: subprocess.Popen[bytes] | None = None
        self._since_s = 0.0
        self.opened = 0

    @property
    def pid(self) -> int:
        """The process id; 0 when there is none."""
        return self._process.pid if self._process is not None else 0

    def open(self, now_s: float) -> None:
        """Open it. It belongs to the same terminal: Ctrl+C there ends both."""
        self._process = subprocess.Popen(self._command, stdin=subprocess.DEVNULL)
        self._since_s = now_s
        self.opened += 1
        _log.info("console opened, process %d", self._process.pid)

    def on_time(self, now_s: float) -> str:
        """What has to be said now: "" for nothing."""
        process = self._process
        code = None if process is None else process.poll()
        if code is None:
            return ""
        self._process = None
        another = f"'groundstation console --data {self._data_dir}' opens another one, Ctrl+C ends the station"
        if code == 0:
            _log.info("console closed")
            return f"the console is closed and the station goes on: {another}"
        how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
        _log.error("console ended: %s", how)
        if now_s - self._since_s < _STEADY_S:
            return f"the console ended at once ({how}) and the station goes on without: {another}"
        self.open(now_s)
        return f"the console ended ({how}) and is opened again; the station goes on"

    def close(self) -> None:
        """End it in order, by force when it does not; bounded in time."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_END_WITHIN_S)
        except subprocess.TimeoutExpired:
            _log.warning("the console did not end in %.0f s and is killed", _END_WITHIN_S)
            process.kill()
            process.wait()
