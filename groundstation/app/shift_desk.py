"""The shift's own matters for a console: the log book and what is kept about an incident, read beside the station's loop."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from groundstation.core.alert_records import AlertAct
from groundstation.core.clock import Clock
from groundstation.core.errors import ConfigError, StoreError
from groundstation.core.shift_records import IncidentFile, LogEntry
from groundstation.store.incident_file import incident_file
from groundstation.store.log_book import LOG_ALERT_ID, log_entries

T = TypeVar("T")
_LONGEST_TEXT = 4_000


class ShiftDesk:
    """The :class:`~groundstation.core.shift_commands.ShiftCommands` of a station.

    Reading decodes clips and hashes files: it is done by a thread of its own, which begins with the first question.
    """

    def __init__(self, data_dir: Path, clock: Clock, keep: Callable[[AlertAct], Future[AlertAct]]) -> None:
        self._data_dir, self._clock, self._keep = data_dir, clock, keep
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="shift")

    def write(self, operator: str, text: str) -> Future[AlertAct]:
        """See :class:`~groundstation.core.shift_commands.ShiftCommands`."""
        name, words = operator.strip(), text.strip()
        if not name:
            raise ConfigError("nobody is named who writes this", "set the operator's name")
        if not words or len(words) > _LONGEST_TEXT:
            raise ConfigError(
                f"an entry of {len(words)} characters", f"write something, at most {_LONGEST_TEXT} characters"
            )
        return self._keep(AlertAct(secrets.token_hex(10), LOG_ALERT_ID, self._clock.utc_us(), name, "note", "", words))

    def entries(self, from_utc_us: int, to_utc_us: int, words: str = "") -> Future[tuple[LogEntry, ...]]:
        """See :class:`~groundstation.core.shift_commands.ShiftCommands`."""
        return self._submit(log_entries, self._data_dir, from_utc_us, to_utc_us, words)

    def incident_file(self, incident_id: str) -> Future[IncidentFile]:
        """See :class:`~groundstation.core.shift_commands.ShiftCommands`."""
        return self._submit(incident_file, self._data_dir, incident_id)

    def _submit(self, read: Callable[..., T], *what: object) -> Future[T]:
        try:
            return self._reader.submit(read, *what)
        except RuntimeError:  # the executor's word for having been shut down
            refused: Future[T] = Future()
            refused.set_exception(StoreError("the station was stopped", "start it again"))
            return refused

    def close(self) -> None:
        """What is being read is read to its end."""
        self._reader.shutdown(wait=True, cancel_futures=True)
