"""Parameters of an aircraft, one at a time: read by name, set and believed only when echoed. No socket, no clock."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from groundstation.core.records import VehicleId
from missions.mavlink import mavlink2

# Growing: a link that loses packets is asked again soon, and an aircraft that is slow to answer (a busy link, streams
# before it in the queue) has about 11 s before silence is taken for "no".
_RETRY_S = 0.5
_RETRY_GROWTH = 1.4
_LONGEST_RETRY_S = 2.0
_TRIES = 4
_SET_TRIES = 8  # known to be there, so silence is loss
_OTHER_ECHOES = 4
_FLOAT = 9  # MAV_PARAM_TYPE_REAL32


@dataclass(frozen=True)
class ParameterResult:
    """What the aircraft says the value is now; ``value`` None when it has no such parameter or does not answer.

    ``ok`` only when a value came, and for a setting only when it is the one asked for.
    """

    name: str
    value: float | None
    ok: bool
    reason: str = ""
    count: int = 0
    """How many parameters the aircraft has, as it said with the value; 0 where it said nothing."""


def _error_words(error: int) -> str:
    entry = mavlink2.enums["MAV_PARAM_ERROR"].get(error)
    if entry is None:
        return f"refused with error {error}"
    return str(entry.name).removeprefix("MAV_PARAM_ERROR_").replace("_", " ").lower()


def _float32(value: float) -> float:
    return float(struct.unpack("<f", struct.pack("<f", value))[0])


@dataclass
class _Asked:
    target: VehicleId
    name: str
    wanted: float | None
    param_type: int
    on_done: Callable[[ParameterResult], None]
    tries_left: int
    next_s: float
    last_echo: float | None = None
    other_echoes: int = 0
    sent: int = 0


class ParameterClient:
    """Reads and sets; ``on_done`` of each request is called exactly once."""

    def __init__(self) -> None:
        self._asked: list[_Asked] = []
        self._types: dict[tuple[VehicleId, str], int] = {}

    def get(
        self,
        target: VehicleId,
        name: str,
        on_done: Callable[[ParameterResult], None],
        now_s: float,
        tries: int = _TRIES,
    ) -> list[Any]:
        """Ask for a value. Most firmware says nothing about a parameter that it does not have."""
        return self._ask(_Asked(target, name, None, _FLOAT, on_done, tries, now_s), now_s)

    def set(
        self, target: VehicleId, name: str, value: float, on_done: Callable[[ParameterResult], None], now_s: float
    ) -> list[Any]:
        """Set a value. Repeating it changes nothing, so it is repeated until it is echoed."""
        param_type = self._types.get((target, name), _FLOAT)
        return self._ask(_Asked(target, name, _float32(value), param_type, on_done, _SET_TRIES, now_s), now_s)

    def _ask(self, asked: _Asked, now_s: float) -> list[Any]:
        self._asked.append(asked)
        return [self._send(asked, now_s)]

    def _send(self, asked: _Asked, now_s: float) -> Any:
        asked.tries_left -= 1
        asked.next_s = now_s + min(_RETRY_S * _RETRY_GROWTH**asked.sent, _LONGEST_RETRY_S)
        asked.sent += 1
        name = asked.name.encode("ascii")
        if asked.wanted is None:
            return mavlink2.MAVLink_param_request_read_message(*asked.target, name, -1)
        return mavlink2.MAVLink_param_set_message(*asked.target, name, asked.wanted, asked.param_type)

    def on_message(self, message: Any, now_s: float) -> None:
        """Takes ``PARAM_VALUE`` and ``PARAM_ERROR``."""
        kind = message.get_type()
        if kind not in ("PARAM_VALUE", "PARAM_ERROR"):
            return
        source = VehicleId(message.get_srcSystem(), message.get_srcComponent())
        raw = message.param_id
        name = (raw.decode("ascii", "replace") if isinstance(raw, bytes) else str(raw)).rstrip("\0")
        if kind == "PARAM_VALUE":
            self._types[source, name] = message.param_type
        for asked in [a for a in self._asked if a.target == source and a.name == name]:
            if kind == "PARAM_ERROR":
                self._end(asked, ParameterResult(name, None, False, f"{name}: {_error_words(message.error)}"))
            elif asked.wanted is None or math.isclose(message.param_value, asked.wanted, rel_tol=1e-6, abs_tol=1e-9):
                self._end(asked, ParameterResult(name, float(message.param_value), True, count=message.param_count))
            else:
                # Perhaps the answer to an earlier reading: one alone decides nothing.
                asked.last_echo = float(message.param_value)
                asked.other_echoes += 1
                if asked.other_echoes >= _OTHER_ECHOES and asked.sent >= _OTHER_ECHOES:
                    self._kept(asked)

    def on_time(self, now_s: float) -> list[Any]:
        """Repetitions that are due."""
        messages: list[Any] = []
        for asked in list(self._asked):
            if now_s < asked.next_s:
                continue
            if asked.tries_left > 0:
                messages.append(self._send(asked, now_s))
            elif asked.last_echo is not None:
                self._kept(asked)
            else:
                self._end(asked, ParameterResult(asked.name, None, False, f"{asked.name}: no answer"))
        return messages

    def _kept(self, asked: _Asked) -> None:
        reason = f"{asked.name}: set to {asked.wanted:g}, but the aircraft keeps {asked.last_echo:g}"
        self._end(asked, ParameterResult(asked.name, asked.last_echo, False, reason))

    @property
    def next_deadline_s(self) -> float | None:
        """When :meth:`on_time` wants to be called."""
        return min((a.next_s for a in self._asked), default=None)

    def cancel_all(self, target: VehicleId, reason: str) -> None:
        """End every request to an aircraft."""
        for asked in [a for a in self._asked if a.target == target]:
            self._end(asked, ParameterResult(asked.name, None, False, f"{asked.name}: {reason}"))

    def _end(self, asked: _Asked, result: ParameterResult) -> None:
        self._asked.remove(asked)
        asked.on_done(result)
