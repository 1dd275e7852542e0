"""Runs the protocol machines of one aircraft on the event loop: one at a time, each to its end, none for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from groundstation.core.records import VehicleId
from missions.transfer import Machine

R = TypeVar("R")

# The machines have waiting times of their own for an aircraft that says nothing; this is for one that never comes to an end.
LONGEST_S = 1800.0
_LOOK_S = 0.2


@dataclass
class RunningTransfer:
    """A machine at work, and who waits for its result."""

    machine: Machine[Any]
    future: asyncio.Future[Any]
    begun: bool = False

    def is_stale(self, message: Any) -> bool:
        """Whether this asks for an item of an upload that was given up before this one.

        An aircraft repeats its question for up to 8 s, and an upload always begins with item 0; taken for an answer to
        the new upload, a late question for item 40 would make it start in the middle.
        """
        if message.get_type() in ("MISSION_REQUEST", "MISSION_REQUEST_INT") and not self.begun:
            self.begun = message.seq == 0 and message.mission_type == getattr(self.machine, "kind", None)
            return not self.begun
        return False


class TransferRunner:
    """``send`` takes the machine's messages to the aircraft; ``now_s`` is the station's monotonic clock."""

    def __init__(self, vehicle_id: VehicleId, send: Callable[[list[Any]], None], now_s: Callable[[], float]) -> None:
        self._vehicle_id, self._send, self._now_s = vehicle_id, send, now_s
        self._running: RunningTransfer | None = None
        self._closed = ""

    @property
    def busy(self) -> bool:
        """Whether a machine runs."""
        return self._running is not None

    def on_message(self, message: Any, now_s: float) -> None:
        """A message of the aircraft."""
        if self._running is not None and not self._running.is_stale(message):
            self._send(self._running.machine.on_message(message, now_s))
            self._finish()

    def on_time(self, now_s: float) -> None:
        """What is due now."""
        if self._running is not None:
            self._send(self._running.machine.on_time(now_s))
            self._finish()

    async def run(self, transfer: Machine[R], on_progress: Callable[[], None] | None = None) -> R:
        """Run a machine to its end, at its own times. Only one at a time: the caller sees to that."""
        if self._running is not None:
            raise RuntimeError(f"vehicle {self._vehicle_id}: two transfers at once")
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._running = RunningTransfer(transfer, future)
        told_s = self._now_s()
        end_s = told_s + LONGEST_S
        try:
            self._send(transfer.start(told_s))
            if self._closed:
                self.abort(self._closed)
            self._finish()
            while not future.done():
                deadline_s, now_s = transfer.next_deadline_s, self._now_s()
                wait_s = _LOOK_S if deadline_s is None else min(max(deadline_s - now_s, 0.001), _LOOK_S)
                await asyncio.wait({future}, timeout=wait_s)
                now_s = self._now_s()
                if not future.done():
                    self._send(transfer.on_time(now_s))
                    self._finish()
                if now_s >= end_s:
                    self.abort(f"not ended within {LONGEST_S / 60.0:.0f} min")
                if on_progress is not None and (future.done() or now_s - told_s >= _LOOK_S):
                    told_s = now_s
                    on_progress()
            return future.result()
        finally:
            if self._running is not None and self._running.future is future:
                self._send(transfer.cancel(self._now_s()))
                self._running = None

    def _finish(self) -> None:
        running = self._running
        if running is not None and running.machine.result is not None:
            self._running = None
            if not running.future.done():
                running.future.set_result(running.machine.result)

    def abort(self, reason: str) -> None:
        """End the running one, and tell its result with ``reason``."""
        running, self._running = self._running, None
        if running is not None and not running.future.done():
            self._send(running.machine.cancel(self._now_s()))
            result = running.machine.result
            assert result is not None
            running.future.set_result(replace(result, reason=reason))

    def close(self, reason: str) -> None:
        """End the running one and every one that is asked for later."""
        self._closed = reason
        self.abort(reason)
