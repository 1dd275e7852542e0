"""All parameters of an aircraft: by one file where it has files, else by the list with its gaps filled. No socket, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from groundstation.core.errors import LinkError
from missions.ftp import FtpPeer, FtpResult
from missions.ftp_parameters import FILE, ParameterValue, decode_parameters
from missions.ftp_read import FtpRead
from missions.mavlink import mavlink2
from missions.transfer import Address

_REAL32 = 9
_FIRST_RETRY_S, _FIRST_TRIES = 2.0, 5
_QUIET_S = 1.0
_AT_ONCE = 10
_GAP_TRIES = 12
_MOST_COUNTS = 5
_BY_NAME = 65535


@dataclass(frozen=True)
class ParameterSet:
    """What was read. ``reason`` is "" when it is whole; ``method`` is "ftp", "list" or "ftp, then list"."""

    values: Mapping[str, ParameterValue] = field(default_factory=dict)
    reason: str = ""
    method: str = ""
    elapsed_s: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether every parameter of the aircraft is there."""
        return not self.reason


class ParameterDownload:
    """A machine (see :class:`missions.transfer.Machine`) whose result is a :class:`ParameterSet`; ``ftp`` None: by list."""

    def __init__(self, target: Address, own: Address, ftp: FtpPeer | None = None) -> None:
        self._target = target
        self._file = None if ftp is None else FtpRead(FILE, target, own, ftp)
        self._method = "list" if ftp is None else "ftp"
        self._result: ParameterSet | None = None
        self._found: dict[int, ParameterValue] = {}
        self._count = -1
        self._tries: dict[int, int] = {}
        self._counts = 0
        self._asked = 0
        self._deadline_s: float | None = None
        self._started_s = 0.0

    @property
    def result(self) -> ParameterSet | None:
        """None while it runs."""
        return self._result

    @property
    def next_deadline_s(self) -> float | None:
        """When :meth:`on_time` wants to be called."""
        if self._result is not None:
            return None
        return self._file.next_deadline_s if self._file is not None else self._deadline_s

    @property
    def progress(self) -> float:
        """0 to 1."""
        if self._result is not None:
            return 1.0
        return len(self._found) / self._count if self._count > 0 else 0.0

    def start(self, now_s: float) -> list[Any]:
        """The first messages."""
        self._started_s = now_s
        return self._file.start(now_s) if self._file is not None else self._begin_list(now_s)

    def on_message(self, message: Any, now_s: float) -> list[Any]:
        """Takes file answers or ``PARAM_VALUE``."""
        if self._result is not None:
            return []
        if self._file is not None:
            return self._after_file(self._file.on_message(message, now_s), now_s)
        if message.get_type() != "PARAM_VALUE":
            return []
        if (message.get_srcSystem(), message.get_srcComponent()) != (self._target.system_id, self._target.component_id):
            return []
        return self._on_value(message, now_s)

    def on_time(self, now_s: float) -> list[Any]:
        """Ask again for what is missing."""
        if self._result is not None:
            return []
        if self._file is not None:
            return self._after_file(self._file.on_time(now_s), now_s)
        if self._deadline_s is None or now_s < self._deadline_s:
            return []
        return self._begin_list(now_s) if self._count < 0 else self._fill(now_s)

    def cancel(self, now_s: float) -> list[Any]:
        """Give up."""
        if self._result is not None:
            return []
        messages = [] if self._file is None else self._file.cancel(now_s)
        self._end(now_s, "cancelled")
        return messages

    # -- by file ---------------------------------------------------------------------------------------------------

    def _after_file(self, messages: list[Any], now_s: float) -> list[Any]:
        assert self._file is not None
        result = self._file.result
        if result is None:
            return messages
        values = _decoded(result)
        if values is not None:
            self._found = dict(enumerate(values))
            self._end(now_s)
            return messages
        self._file, self._method = None, "ftp, then list"
        return messages + self._begin_list(now_s)

    # -- by list ---------------------------------------------------------------------------------------------------

    def _begin_list(self, now_s: float) -> list[Any]:
        if self._asked == _FIRST_TRIES:
            self._end(now_s, f"no answer to {_FIRST_TRIES} requests for the parameters")
            return []
        self._asked += 1
        self._deadline_s = now_s + _FIRST_RETRY_S
        return [mavlink2.MAVLink_param_request_list_message(self._target.system_id, self._target.component_id)]

    def _on_value(self, message: Any, now_s: float) -> list[Any]:
        index, count = message.param_index, message.param_count
        if index == _BY_NAME or not 0 <= index < count:
            return []  # an answer to somebody's question by name
        if count != self._count:
            # A subsystem was switched on meanwhile: every number may mean another parameter.
            self._counts += 1
            if self._counts > _MOST_COUNTS:
                self._end(now_s, f"their number changed {_MOST_COUNTS} times while they were read, from {self._count}")
                return []
            self._found.clear()
            self._tries.clear()
        self._count = count
        if index not in self._found:
            self._deadline_s = now_s + _QUIET_S  # what is only said again is no progress
        name = message.param_id if isinstance(message.param_id, str) else message.param_id.decode("ascii", "replace")
        self._found[index] = ParameterValue(name.rstrip("\0"), float(message.param_value), message.param_type)
        if len(self._found) == count:
            self._end(now_s)
        return []

    def _fill(self, now_s: float) -> list[Any]:
        missing = [n for n in range(self._count) if n not in self._found]
        lost = [n for n in missing if self._tries.get(n, 0) >= _GAP_TRIES]
        if lost:
            self._end(now_s, f"{len(missing)} of {self._count} parameters did not come, the first is number {lost[0]}")
            return []
        self._deadline_s = now_s + _QUIET_S
        wanted = missing[:_AT_ONCE]
        for index in wanted:
            self._tries[index] = self._tries.get(index, 0) + 1
        return [
            mavlink2.MAVLink_param_request_read_message(self._target.system_id, self._target.component_id, b"", index)
            for index in wanted
        ]

    def _end(self, now_s: float, reason: str = "") -> None:
        self._deadline_s = None
        values = {value.name: value for _, value in sorted(self._found.items())}
        self._result = ParameterSet(values, reason, self._method, now_s - self._started_s)


def _decoded(result: FtpResult) -> tuple[ParameterValue, ...] | None:
    if not result.ok:
        return None
    try:
        return decode_parameters(result.data)
    except LinkError:
        return None
