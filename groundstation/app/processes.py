"""Child processes that never outlive us: the simulator and the neighbouring station of a demonstration."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from groundstation.core.errors import MarchwardenError

_log = logging.getLogger("groundstation.processes")


def _last_lines(path: Path, count: int = 6) -> str:
    try:
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-count:])
    except OSError:
        return ""


class ChildProcess:
    """One program of ours, run with this interpreter; its output goes to ``log_path``.

    With ``restart`` a child that dies is started again after half a second by :meth:`watch`; ``restarts`` counts.
    """

    def __init__(self, name: str, module_and_arguments: Sequence[str], log_path: Path, restart: bool = False) -> None:
        self.name = name
        self._command = [sys.executable, "-u", "-m", *module_and_arguments, "--parent-pid", str(os.getpid())]
        self._log_path = log_path
        self._restart = restart
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._ended_mono_s: float | None = None
        self._log_start = 0
        self.restarts = 0

    @property
    def pid(self) -> int:
        """The process id; 0 when it is not running."""
        return self._process.pid if self.alive and self._process is not None else 0

    @property
    def alive(self) -> bool:
        """Whether it runs now."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start it."""
        self._log_path.parent.mkdir(parents=True, exist_ok=True)
        self._log_start = self._log_path.stat().st_size if self._log_path.exists() else 0
        with self._log_path.open("ab") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        self._ended_mono_s = None
        _log.info("%s started, process %d", self.name, self._process.pid)

    def wait_for(self, text: str, timeout_s: float) -> None:
        """Wait until its output holds ``text``.

        Raises :class:`MarchwardenError` with its last words when it ends or stays silent.
        """
        deadline_s = time.monotonic() + timeout_s
        while time.monotonic() < deadline_s:
            with self._log_path.open("rb") as log:
                log.seek(self._log_start)
                if text.encode() in log.read():
                    return
            if not self.alive:
                break
            time.sleep(0.05)
        state = "did not get ready" if self.alive else "ended"
        raise MarchwardenError(
            f"the {self.name} {state}; its last words:\n{_last_lines(self._log_path)}", f"see {self._log_path}"
        )

    def watch(self) -> None:
        """Start it again if it died; call about ten times a second."""
        with self._lock:
            if self._process is None or self.alive or not self._restart:
                return
            now_s = time.monotonic()
            if self._ended_mono_s is None:
                self._ended_mono_s = now_s
                _log.warning("%s ended with code %s and is started again", self.name, self._process.returncode)
            elif now_s - self._ended_mono_s > 0.5:
                self.restarts += 1
                self.start()

    def stop(self, timeout_s: float = 15.0) -> int:
        """End it in order (interrupt, then terminate, then kill) and return its exit code."""
        with self._lock:
            process, self._restart = self._process, False
            if process is None:
                return 0
            for sent, patience_s in ((signal.SIGINT, timeout_s), (signal.SIGTERM, 3.0), (None, 3.0)):
                if process.poll() is not None:
                    break
                process.kill() if sent is None else process.send_signal(sent)
                try:
                    process.wait(patience_s)
                except subprocess.TimeoutExpired:
                    _log.warning("%s did not end within %.0f s", self.name, patience_s)
            self._process = None
            return int(process.returncode if process.returncode is not None else -1)
