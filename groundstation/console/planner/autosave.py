"""What is drawn and not saved is kept in a file of its own, so that a crash costs seconds of work and not a night's.

Several consoles may run: each holds the lock of its own slot. A slot that nobody holds and that has a file was left by
one that crashed (Qt's lock files know whether their process still lives).
"""

from __future__ import annotations

import logging
import threading
from pathlib import Path

from PyQt6.QtCore import QLockFile

from geofences.errors import MarchwardenError
from groundstation.console.planner.document import PlannerDocument
from groundstation.console.planner.saved import parse_document
from missions.files.raw import write_whole

_log = logging.getLogger("groundstation.console.planner")
_SLOTS = 16


class Autosave:
    """One console's slot in ``folder``. Where no slot can be had (no folder, read only), nothing is kept, and logged."""

    def __init__(self, folder: Path) -> None:
        self._file: Path | None = None
        self._lock: QLockFile | None = None
        self._left: Path | None = None
        self._guard = threading.Lock()
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            _log.error("%s: unsaved drawings cannot be kept there: %s", folder, error)
            return
        free: list[tuple[Path, QLockFile]] = []
        for slot in range(_SLOTS):
            lock = QLockFile(str(folder / f"unsaved-{slot}.lock"))
            lock.setStaleLockTime(0)
            if lock.tryLock(0):
                free.append((folder / f"unsaved-{slot}.patrol", lock))
        # One that crashed is taken up first; its file stays until it is told what becomes of it.
        free.sort(key=lambda each: not each[0].exists())
        for number, (file, lock) in enumerate(free):
            if number == 0:
                self._file, self._lock = file, lock
                self._left = file if file.exists() else None
            else:
                lock.unlock()
        if self._file is None:
            _log.error("%s: no place to keep an unsaved drawing", folder)

    @property
    def file(self) -> Path | None:
        """Where it is kept."""
        return self._file

    def left_behind(self) -> PlannerDocument | None:
        """What a console that crashed had drawn; None when there is nothing, or it cannot be read (then it is put aside)."""
        if self._left is None:
            return None
        try:
            return parse_document(self._left.read_text(encoding="utf-8"), str(self._left))
        except (OSError, UnicodeDecodeError, MarchwardenError) as error:
            _log.error("what a crashed console left cannot be read and is put aside: %s", error)
            try:
                self._left.replace(self._left.with_suffix(".damaged"))
            except OSError as problem:
                _log.error("%s: %s", self._left, problem)
            self._left = None
            return None

    def keep(self, text: str) -> bool:
        """Write it, from any thread. Not while what was left behind waits for a decision. True: it was written."""
        with self._guard:
            if self._file is None or self._left is not None or self._lock is None:
                return False
            try:
                write_whole(self._file, text.encode())
            except MarchwardenError as error:
                _log.error("the unsaved drawing could not be kept: %s", error)
                return False
            return True

    def decided(self) -> None:
        """What was left behind was taken up or given up: from now on this console's own is kept.

        The file is put aside, not deleted: a hasty click must not cost a night's work.
        """
        left, self._left = self._left, None
        if left is not None:
            try:
                left.replace(left.with_suffix(".given-up"))
            except OSError as error:
                _log.error("%s: %s", left, error)
        self.forget()

    def forget(self) -> None:
        """Nothing is unsaved."""
        with self._guard:
            if self._file is not None and self._left is None:
                try:
                    self._file.unlink(missing_ok=True)
                except OSError as error:
                    _log.error("%s: %s", self._file, error)

    def close(self) -> None:
        """Give the slot back."""
        with self._guard:
            if self._lock is not None:
                self._lock.unlock()
                self._lock = None
