"""What a console may ask about the shift. Implemented by ``groundstation.app.shift_desk``."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Protocol

from groundstation.core.alert_records import AlertAct
from groundstation.core.shift_records import IncidentFile, LogEntry


class ShiftCommands(Protocol):
    """All calls return at once, from any thread; reading is done elsewhere.

    Futures fail with :class:`~groundstation.core.errors.StoreError` for a store that cannot be read, and with
    :class:`~groundstation.core.errors.ConfigError` for what does not exist.
    """

    def write(self, operator: str, text: str) -> Future[AlertAct]:
        """An entry in the log book; the future ends when it is on the disk."""
        ...

    def entries(self, from_utc_us: int, to_utc_us: int, words: str = "") -> Future[tuple[LogEntry, ...]]:
        """The log book of that time, oldest first: the lines that hold all ``words``, whatever their accents and case."""
        ...

    def incident_file(self, incident_id: str) -> Future[IncidentFile]:
        """Everything that is kept about one of our incidents."""
        ...
