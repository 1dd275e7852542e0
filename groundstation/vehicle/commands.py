"""Commands to aircraft: one in flight per aircraft, component and command, answered or timed out, never late.

No socket and no clock in here. There are three kinds:

* what asks (a message, its interval) is repeated until it is answered or its deadline has passed;
* what sets (a fence switched on, the camera's zoom) is sent twice at most, both within the first second;
* what acts (arming, take-off, modes, the mission: every command that is not known to be one of the others) must not act
  more than :data:`LATEST_S` after the operator asked. It is sent only when the link has *just* shown that it is quick: a
  TIMESYNC question that left at the time of the order or later was answered, and the worst round trip of the last
  seconds still fits into what is left of the second. So a command never waits behind a stalled connection, in a send
  buffer, or behind an unanswered one of the same kind; what cannot be sent in time is not sent, and the reason is told.

What remains: a network that is quick for the question and then holds the command itself. Nobody can call that back. An
answer that comes after the deadline is told as late (:meth:`CommandSender.take_late`).
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from groundstation.core.records import CommandOutcome, CommandResult, VehicleId
from groundstation.vehicle.status_text import JoinedText
from missions.mavlink import mavlink2

REQUEST_MESSAGE = 512
SET_MESSAGE_INTERVAL = 511
LATEST_S = 1.0
"""What acts does so within this time of being asked for, or not at all."""

CommandKind = Literal["asks", "sets", "acts"]
_ASKS = frozenset({REQUEST_MESSAGE, SET_MESSAGE_INTERVAL})
# Harmless when late: the fence, the camera and its gimbal, and the run of the pre-arm checks.
_SETS = frozenset(
    {195, 196, 197, 198, 201, 203, 204, 205, 206, 207, 401, 2000, 2001, 2500, 2501, 2502, 2503}
    | set(range(520, 536)) | {1000, 1001} | set(range(2004, 2012))
)  # fmt: skip

_RETRY_S = 0.6
_DEADLINE_S = 4.0
_IN_PROGRESS_S, _MOST_IN_PROGRESS_S = 30.0, 600.0
_SHORTEST_RETRY_S = 0.25
# The reason of a refusal is a text that usually comes just after the answer.
_REASON_WAIT_S = 0.7
_WARNING = 4
_LATE_WATCH_S = 60.0
_MOST_WAITING = 200

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


def kind_of(command: int) -> CommandKind:
    """How a ``MAV_CMD`` is treated; one that is not known acts."""
    return "asks" if command in _ASKS else "sets" if command in _SETS else "acts"


@dataclass(frozen=True)
class Command:
    """One ``COMMAND_INT``; ``x`` and ``y`` degrees * 1e7 or whole numbers, ``z`` in the frame's reference.

    ``as_long``: send ``COMMAND_LONG`` instead, for aircraft that take no other. ``late_ok``: the operator has been told
    that it may act late and wants it all the same; it is sent at once, and once.
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
    late_ok: bool = False

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


@dataclass(frozen=True)
class LinkProof:
    """A link has just been quick. ``asked_s``: when the question left that was answered; ``worst_s``: the longest round
    trip of the last seconds, which bounds how late a command would be if it left now."""

    asked_s: float
    worst_s: float


@dataclass(frozen=True)
class LateAnswer:
    """An answer to a command whose outcome had been told as "no answer"."""

    target: VehicleId
    command: int
    result: CommandResult
    after_s: float


@dataclass
class _Pending:
    target: VehicleId
    command: Command
    on_done: Callable[[CommandOutcome], None]
    asked_s: float
    kind: CommandKind
    first_sent_s: float = math.inf
    next_send_s: float = math.inf
    deadline_s: float = math.inf
    sent: int = 0
    proving: bool = False
    worst_s: float = math.nan
    outcome: CommandResult | None = None
    texts: list[str] = field(default_factory=list)

    @property
    def next_s(self) -> float:
        return min(self.deadline_s, self.next_send_s)


_Key = tuple[VehicleId, int]


class CommandSender:
    """Commands of one station. ``on_done`` of each is called exactly once."""

    def __init__(self, own_system_id: int = 255, own_component_id: int = 190) -> None:
        self._own = (own_system_id, own_component_id)
        self._active: dict[_Key, _Pending] = {}
        self._waiting: dict[_Key, deque[_Pending]] = {}
        self._overdue: dict[_Key, float] = {}
        self._late: list[LateAnswer] = []

    def submit(
        self,
        target: VehicleId,
        command: Command,
        on_done: Callable[[CommandOutcome], None],
        now_s: float,
        asked_s: float | None = None,
    ) -> list[Any]:
        """Messages to send now; none while the same command to the same aircraft is unanswered, or for what acts.

        ``asked_s``: when the operator asked, by the clock of ``now_s``; now if not given.
        """
        asked_s = now_s if asked_s is None else min(asked_s, now_s)
        kind: CommandKind = "sets" if command.late_ok else kind_of(command.command)
        pending = _Pending(target, command, on_done, asked_s, kind)
        key = (target, command.command)
        if key not in self._active:
            return self._begin(pending, now_s)
        queue = self._waiting.setdefault(key, deque())
        if len(queue) >= _MOST_WAITING:
            on_done(CommandOutcome(CommandResult.NOT_SENT, "too many commands of this kind are waiting"))
            return []
        queue.append(pending)
        if kind == "acts":
            pending.deadline_s = asked_s + LATEST_S
        return []

    def _begin(self, pending: _Pending, now_s: float) -> list[Any]:
        self._active[pending.target, pending.command.command] = pending
        if pending.kind != "acts":
            pending.deadline_s = now_s + pending.command.deadline_s
            return [self._send(pending, now_s)]
        pending.proving = True
        pending.deadline_s = pending.asked_s + LATEST_S
        return []

    def _send(self, pending: _Pending, now_s: float) -> Any:
        message = pending.command.encode(pending.target, min(pending.sent, 255))
        if pending.sent == 0:
            pending.first_sent_s = now_s
            pending.deadline_s = now_s + pending.command.deadline_s
        pending.sent += 1
        pending.next_send_s = now_s + _RETRY_S
        if pending.kind == "acts":
            pending.proving = False
            # Sooner on a quick link, so that one lost packet does not cost the order.
            pending.next_send_s = now_s + max(_SHORTEST_RETRY_S, min(1.5 * pending.worst_s, _RETRY_S))
            if pending.sent >= 2 or pending.next_send_s > pending.asked_s + LATEST_S:
                pending.next_send_s = math.inf
        elif pending.command.late_ok or (
            pending.kind == "sets" and pending.next_send_s > pending.first_sent_s + LATEST_S
        ):
            pending.next_send_s = math.inf
        return message

    @property
    def busy(self) -> bool:
        """Whether any command is under way."""
        return bool(self._active)

    # -- the proof that a link is quick ------------------------------------------------------------------------------

    def wants_proof(self, target_system: int) -> bool:
        """Whether a command to this system waits for a link to show that it is quick."""
        return bool(self._active) and any(
            p.proving and p.target.system_id == target_system for p in self._active.values()
        )

    def on_proof(self, target_system: int, proof: LinkProof, now_s: float) -> list[Any]:
        """What may be sent now, on the link of the proof and on no other."""
        messages: list[Any] = []
        for pending in self._active.values():
            if not pending.proving or pending.target.system_id != target_system:
                continue
            if proof.asked_s < pending.asked_s:
                continue
            if pending.sent and proof.asked_s < pending.first_sent_s:
                continue  # a repetition needs a proof of its own: the first may have met a stall
            pending.worst_s = proof.worst_s
            if now_s + proof.worst_s <= pending.asked_s + LATEST_S:
                messages.append(self._send(pending, now_s))
        return messages

    # -- what comes in ---------------------------------------------------------------------------------------------

    def on_message(self, message: Any, now_s: float) -> list[Any]:
        """Takes ``COMMAND_ACK``; gives the next command of a queue."""
        if message.get_type() != "COMMAND_ACK":
            return []
        # 0 is an aircraft that does not fill in the extension fields.
        if message.target_system not in (0, self._own[0]) or message.target_component not in (0, self._own[1]):
            return []
        key = (VehicleId(message.get_srcSystem(), message.get_srcComponent()), int(message.command))
        pending = self._active.get(key)
        if pending is None or pending.sent == 0:
            self._on_late(key, message.result, now_s)
            return []
        if pending.outcome is not None:
            return []
        pending.proving = False
        if message.result == _IN_PROGRESS:
            pending.next_send_s = math.inf
            more_s = max(_IN_PROGRESS_S, pending.command.deadline_s)
            pending.deadline_s = min(now_s + more_s, pending.first_sent_s + _MOST_IN_PROGRESS_S)
            return []
        result = _RESULTS.get(message.result, CommandResult.FAILED)
        if result is CommandResult.ACCEPTED or pending.kind == "asks":
            return self._finish(pending, result, now_s)
        pending.outcome = result
        pending.next_send_s = math.inf
        pending.deadline_s = now_s + (0.05 if pending.texts else _REASON_WAIT_S)
        return []

    def _on_late(self, key: _Key, result: int, now_s: float) -> None:
        sent_s = self._overdue.get(key)
        if sent_s is None or result == _IN_PROGRESS:
            return
        del self._overdue[key]
        after_s = now_s - sent_s
        if LATEST_S < after_s <= _LATE_WATCH_S:
            self._late.append(LateAnswer(key[0], key[1], _RESULTS.get(result, CommandResult.FAILED), after_s))

    def take_late(self) -> list[LateAnswer]:
        """Answers that came too late since the last call."""
        late, self._late = self._late, []
        return late

    def on_status_text(self, source: VehicleId, text: JoinedText) -> None:
        """Remember what the aircraft says while it decides about a command."""
        if text.severity > _WARNING:
            return
        for (target, _), pending in self._active.items():
            if target == source and pending.sent and pending.kind != "asks" and text.text not in pending.texts:
                pending.texts.append(text.text)

    # -- what time brings --------------------------------------------------------------------------------------------

    def on_time(self, now_s: float) -> list[Any]:
        """Repetitions that are due; ends commands whose time is over."""
        if not self._active:
            return []
        messages: list[Any] = []
        for key in [k for k, queue in self._waiting.items() if any(now_s >= p.deadline_s for p in queue)]:
            self._expire_waiting(key, now_s)
        for pending in list(self._active.values()):
            if self._active.get((pending.target, pending.command.command)) is not pending:
                continue
            if now_s >= pending.deadline_s:
                messages += self._finish(pending, pending.outcome or self._silence(pending), now_s)
            elif now_s >= pending.next_send_s:
                pending.next_send_s = math.inf
                if pending.kind == "acts":
                    pending.proving = now_s < pending.asked_s + LATEST_S
                # The station itself may have been late: by then a setting is not repeated either.
                elif pending.kind == "asks" or now_s <= pending.first_sent_s + LATEST_S:
                    messages.append(self._send(pending, now_s))
        return messages

    @staticmethod
    def _silence(pending: _Pending) -> CommandResult:
        return CommandResult.TIMEOUT if pending.sent else CommandResult.NOT_SENT

    def _expire_waiting(self, key: _Key, now_s: float) -> None:
        queue = self._waiting.pop(key)
        left = deque(p for p in queue if now_s < p.deadline_s)
        if left:
            self._waiting[key] = left
        for pending in queue:
            if now_s >= pending.deadline_s:
                reason = "the same command before it has not been answered: nothing was sent"
                pending.on_done(CommandOutcome(CommandResult.NOT_SENT, reason))

    def abandon(self, on_done: Callable[[CommandOutcome], None], now_s: float, reason: str) -> list[Any]:
        """End the command with this ``on_done``: its order was overtaken by another. What was sent cannot be called back,
        but it is not repeated, and what comes after it does not wait for its answer."""
        for key, pending in self._active.items():
            if pending.on_done is on_done:
                pending.texts.append(reason)
                if pending.sent:
                    self._overdue[key] = pending.first_sent_s
                return self._finish(pending, CommandResult.CANCELLED, now_s)
        for key, queue in self._waiting.items():
            for pending in queue:
                if pending.on_done is on_done:
                    queue.remove(pending)
                    if not queue:
                        del self._waiting[key]
                    on_done(CommandOutcome(CommandResult.CANCELLED, reason))
                    return []
        return []

    @property
    def next_deadline_s(self) -> float | None:
        """When :meth:`on_time` wants to be called."""
        waiting = (p.next_s for queue in self._waiting.values() for p in queue)
        return min((*(p.next_s for p in self._active.values()), *waiting), default=None)

    def cancel_all(self, target: VehicleId, result: CommandResult, reason: str) -> None:
        """End every command to an aircraft and its other components: it was lost or has restarted."""
        for key in [k for k in self._active if k[0].system_id == target.system_id]:
            pending = self._active.pop(key, None)
            for each in (*((pending,) if pending is not None else ()), *self._waiting.pop(key, ())):
                each.on_done(CommandOutcome(result, reason))

    def _finish(self, pending: _Pending, result: CommandResult, now_s: float) -> list[Any]:
        key = (pending.target, pending.command.command)
        del self._active[key]
        reason = "" if result is CommandResult.ACCEPTED else "; ".join(pending.texts)
        if result is CommandResult.TIMEOUT:
            reason = reason or f"no answer within {now_s - pending.first_sent_s:.1f} s"
            if pending.kind == "acts" or pending.command.late_ok:
                self._overdue[key] = pending.first_sent_s
                reason += "; it may still act late"
        elif result is CommandResult.NOT_SENT:
            reason = _not_sent_words(pending.worst_s)
        elif result is not CommandResult.CANCELLED:
            self._overdue.pop(key, None)
            after_s = now_s - pending.asked_s
            if result is CommandResult.ACCEPTED and pending.kind == "acts" and after_s > LATEST_S:
                reason = f"answered only {after_s:.1f} s after it was asked for: it may have acted late"
        pending.on_done(CommandOutcome(result, reason))
        messages: list[Any] = []
        while key not in self._active and (queue := self._waiting.get(key)):
            following = queue.popleft()
            if not queue:
                del self._waiting[key]
            if now_s >= following.deadline_s:
                words = "the same command before it was answered too late: nothing was sent"
                following.on_done(CommandOutcome(CommandResult.NOT_SENT, words))
            else:
                messages += self._begin(following, now_s)
        return messages


def _not_sent_words(worst_s: float) -> str:
    if math.isfinite(worst_s):
        return (
            f"nothing was sent: the link's round trip was {worst_s:.1f} s lately, so that it could have acted more than "
            f"{LATEST_S:g} s after it was asked for"
        )
    return f"nothing was sent: no link to the aircraft has answered within {LATEST_S:g} s"
