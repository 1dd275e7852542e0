"""Commands to aircraft: one in flight per aircraft and command, answered or timed out, never late.

No socket and no clock in here. A command that acts must not act late: it is sent twice at most, both within the first
second, and what has not been answered by its deadline is told to the operator. Only commands that change nothing when
repeated (asking for a message, setting its interval) are repeated until the deadline.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from groundstation.core.records import CommandOutcome, CommandResult, VehicleId
from groundstation.vehicle.status_text import JoinedText
from missions.mavlink import mavlink2

REQUEST_MESSAGE = 512
SET_MESSAGE_INTERVAL = 511
_IDEMPOTENT = frozenset({REQUEST_MESSAGE, SET_MESSAGE_INTERVAL})

_RETRY_S = 0.6
_LAST_RETRY_S = 1.0
_DEADLINE_S = 4.0
_IN_PROGRESS_S = 30.0
# The reason of a refusal is a text that usually comes just after the answer.
_REASON_WAIT_S = 0.7
_WARNING = 4

_RESULTS = {
    0: CommandResult.ACCEPTED,
    1: CommandResult.TEMPORARILY_REJECTED,
    2: CommandResult.DENIED,
    3: CommandResult.UNSUPPORTED,
    4: CommandResult.FAILED,
    6: CommandResult.CANCELLED,
    # COMMAND_LONG_ONLY, COMMAND_INT_ONLY, UNSUPPORTED_MAV_FRAME
    7: CommandResult.UNSUPPORTED,
    8: CommandResult.UNSUPPORTED,
    9: CommandResult.UNSUPPORTED,
}
_IN_PROGRESS = 5


@dataclass(frozen=True)
class Command:
    """One ``COMMAND_INT``; ``x`` and ``y`` degrees * 1e7 or whole numbers, ``z`` in the frame's reference.

    ``as_long``: send ``COMMAND_LONG`` instead, for aircraft that take no other.
    """

    command: int
    param1: float = 0.0
    param2: float = 0.0
    param3: float = 0.0
    param4: float = 0.0
    x: int = 0
    y: int = 0
    z: float = 0.0
    frame: int = 3
    as_long: bool = False
    deadline_s: float = _DEADLINE_S

    def encode(self, target: VehicleId, confirmation: int) -> Any:
        """The message, not yet packed."""
        if self.as_long:
            return mavlink2.MAVLink_command_long_message(
                *target, self.command, confirmation, self.param1, self.param2, self.param3, self.param4,
                float(self.x), float(self.y), self.z,
            )  # fmt: skip
        return mavlink2.MAVLink_command_int_message(
            *target, self.frame, self.command, 0, 0, self.param1, self.param2, self.param3, self.param4,
            self.x, self.y, self.z,
        )  # fmt: skip


@dataclass
class _Pending:
    target: VehicleId
    command: Command
    on_done: Callable[[CommandOutcome], None]
    first_sent_s: float = 0.0
    next_retry_s: float = 0.0
    deadline_s: float = 0.0
    sent: int = 0
    outcome: CommandResult | None = None
    texts: list[str] = field(default_factory=list)


class CommandSender:
    """All commands of one station. ``on_done`` of each is called exactly once."""

    def __init__(self, own_system_id: int = 255, own_component_id: int = 190) -> None:
        self._own = (own_system_id, own_component_id)
        self._active: dict[tuple[VehicleId, int], _Pending] = {}
        self._waiting: dict[tuple[VehicleId, int], deque[_Pending]] = {}

    def submit(
        self, target: VehicleId, command: Command, on_done: Callable[[CommandOutcome], None], now_s: float
    ) -> list[Any]:
        """Messages to send now; none when the same command to the same aircraft is still unanswered."""
        pending = _Pending(target, command, on_done)
        key = (target, command.command)
        if key in self._active:
            self._waiting.setdefault(key, deque()).append(pending)
            return []
        return [self._begin(pending, now_s)]

    def _begin(self, pending: _Pending, now_s: float) -> Any:
        self._active[pending.target, pending.command.command] = pending
        pending.first_sent_s = now_s
        pending.deadline_s = now_s + pending.command.deadline_s
        return self._send(pending, now_s)

    def _send(self, pending: _Pending, now_s: float) -> Any:
        message = pending.command.encode(pending.target, min(pending.sent, 255))
        pending.sent += 1
        pending.next_retry_s = now_s + _RETRY_S
        last_retry_s = pending.first_sent_s + _LAST_RETRY_S
        if pending.command.command not in _IDEMPOTENT and pending.next_retry_s > last_retry_s:
            pending.next_retry_s = float("inf")
        return message

    def on_message(self, message: Any, now_s: float) -> list[Any]:
        """Takes ``COMMAND_ACK``; gives the next command of a queue."""
        if message.get_type() != "COMMAND_ACK":
            return []
        # 0 is an aircraft that does not fill in the extension fields.
        if message.target_system not in (0, self._own[0]) or message.target_component not in (0, self._own[1]):
            return []
        source = VehicleId(message.get_srcSystem(), message.get_srcComponent())
        pending = self._active.get((source, message.command))
        if pending is None or pending.outcome is not None:
            return []
        if message.result == _IN_PROGRESS:
            pending.next_retry_s = float("inf")
            pending.deadline_s = now_s + max(_IN_PROGRESS_S, pending.command.deadline_s)
            return []
        result = _RESULTS.get(message.result, CommandResult.FAILED)
        if result is CommandResult.ACCEPTED or pending.command.command in _IDEMPOTENT:
            return self._finish(pending, result, now_s)
        pending.outcome = result
        pending.next_retry_s = float("inf")
        pending.deadline_s = now_s + (0.05 if pending.texts else _REASON_WAIT_S)
        return []

    def on_status_text(self, source: VehicleId, text: JoinedText) -> None:
        """Remember what the aircraft says while it decides about a command."""
        if text.severity > _WARNING:
            return
        for (target, _), pending in self._active.items():
            if target == source and pending.command.command not in _IDEMPOTENT and text.text not in pending.texts:
                pending.texts.append(text.text)

    def on_time(self, now_s: float) -> list[Any]:
        """Repetitions that are due; ends commands whose time is over."""
        messages: list[Any] = []
        for pending in list(self._active.values()):
            if now_s >= pending.deadline_s:
                messages += self._finish(pending, pending.outcome or CommandResult.TIMEOUT, now_s)
            elif now_s >= pending.next_retry_s:
                if pending.command.command not in _IDEMPOTENT and now_s > pending.first_sent_s + _LAST_RETRY_S:
                    # The station itself was late: by now it must not act any more.
                    pending.next_retry_s = float("inf")
                else:
                    messages.append(self._send(pending, now_s))
        return messages

    @property
    def next_deadline_s(self) -> float | None:
        """When :meth:`on_time` wants to be called."""
        return min((min(p.deadline_s, p.next_retry_s) for p in self._active.values()), default=None)

    def cancel_all(self, target: VehicleId, result: CommandResult, reason: str) -> None:
        """End every command to an aircraft: it was lost or has restarted."""
        for key in [k for k in self._active if k[0] == target]:
            pending = self._active.pop(key)
            for each in (pending, *self._waiting.pop(key, ())):
                each.on_done(CommandOutcome(result, reason))

    def _finish(self, pending: _Pending, result: CommandResult, now_s: float) -> list[Any]:
        key = (pending.target, pending.command.command)
        del self._active[key]
        reason = "" if result is CommandResult.ACCEPTED else "; ".join(pending.texts)
        if result is CommandResult.TIMEOUT:
            reason = reason or f"no answer within {now_s - pending.first_sent_s:.1f} s"
        pending.on_done(CommandOutcome(result, reason))
        queue = self._waiting.get(key)
        if key in self._active or not queue:
            return []
        following = queue.popleft()
        if not queue:
            del self._waiting[key]
        return [self._begin(following, now_s)]
