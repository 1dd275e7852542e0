"""What an aircraft is asked for without anybody ordering it: its messages on every link, its version, its list of modes."""

from __future__ import annotations

from collections import deque
from collections.abc import Coroutine
from typing import Any, Protocol

from groundstation.core.records import CommandOutcome, CommandResult, VehicleState
from groundstation.link.base import Link
from groundstation.vehicle.commands import REQUEST_MESSAGE, Command
from groundstation.vehicle.modes import modes_complete
from groundstation.vehicle.paths import LinkPath, Paths

AUTOPILOT_VERSION = 148
AVAILABLE_MODES = 435
_MODES_TRIES = 3
_ONCE_AGAIN_S, _ONCE_RARELY_S = 1.5, 60.0
_SLOWED_AFTER_TRANSFER_S = 5.0
_HEARD_WITHIN_S = 5.0


class AskingPort(Protocol):
    """What is needed of an aircraft (:class:`groundstation.vehicle.aircraft.Aircraft` is one)."""

    paths: Paths

    @property
    def state(self) -> VehicleState: ...
    def now_s(self) -> float: ...
    async def command(self, command: Command) -> CommandOutcome: ...
    async def command_over(self, link: Link, command: Command) -> CommandOutcome: ...


class Asking:
    """One round at a time. What it does not get is asked for again, ever more rarely."""

    def __init__(self, aircraft: AskingPort) -> None:
        self._aircraft = aircraft
        self._running = False
        self._slowed_until_s = float("-inf")
        self._modes_seq = -1
        self._modes_tries = _MODES_TRIES
        self._next_once_s, self._once_pause_s = 0.0, _ONCE_AGAIN_S

    def restart(self) -> None:
        """The aircraft has restarted; its streams are the paths' own matter."""
        self._modes_tries, self._modes_seq = _MODES_TRIES, -1
        self._next_once_s, self._once_pause_s = 0.0, _ONCE_AGAIN_S

    def on_transfer(self, now_s: float) -> None:
        """A transfer runs: the aircraft thins its streams by itself, which is no reason to ask."""
        self._slowed_until_s = now_s + _SLOWED_AFTER_TRANSFER_S

    def on_modes_monitor(self, seq: int) -> bool:
        """The aircraft tells the number of its list of modes; True when that is another list than before."""
        changed = self._modes_seq not in (-1, seq)
        self._modes_seq = seq
        if changed:
            self._modes_tries = _MODES_TRIES
            self._next_once_s, self._once_pause_s = 0.0, _ONCE_AGAIN_S
        return changed

    def due(self, now_s: float, now_mono_ns: int) -> Coroutine[Any, Any, None] | None:
        """The next round, to be run to its end; None while one runs or nothing is missing."""
        state = self._aircraft.state
        if self._running or not state.link_alive:
            return None
        slowed = now_s < self._slowed_until_s
        for path in self._aircraft.paths:
            if path.age_s(now_mono_ns) < _HEARD_WITHIN_S and path.streams.due(now_s, slowed):
                self._running = True
                return self._run(self._streams(path))
        untold = not state.firmware or (self._modes_tries > 0 and not modes_complete(state))
        if untold and not slowed and now_s >= self._next_once_s:
            self._once_pause_s = min(self._once_pause_s * 2.0, _ONCE_RARELY_S)
            self._next_once_s = now_s + self._once_pause_s
            self._running = True
            return self._run(self._once())
        return None

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        finally:
            self._running = False

    async def _streams(self, path: LinkPath) -> None:
        wishes = deque(path.streams.begin(self._aircraft.now_s()))
        while wishes and self._aircraft.state.link_alive:
            wish = wishes.popleft()
            outcome = await self._aircraft.command_over(path.link, wish)
            instead = path.streams.on_outcome(wish, outcome.result)
            if instead is not None:
                wishes.appendleft(instead)

    async def _once(self) -> None:
        """What is told on request only. Some firmware has no list of modes; then its table is used."""
        if not self._aircraft.state.firmware:
            await self._aircraft.command(Command(REQUEST_MESSAGE, float(AUTOPILOT_VERSION), deadline_s=2.0))
        state = self._aircraft.state
        if self._modes_tries <= 0 or not state.link_alive or modes_complete(state):
            return
        self._modes_tries -= 1
        known = {m.index for m in state.available_modes}
        # All at once by number 0, and what was lost of them one by one.
        for index in [n for n in range(1, state.modes_expected + 1) if n not in known] or [0]:
            command = Command(REQUEST_MESSAGE, float(AVAILABLE_MODES), float(index), deadline_s=2.0)
            outcome = await self._aircraft.command(command)
            if outcome.result in (CommandResult.UNSUPPORTED, CommandResult.DENIED, CommandResult.FAILED):
                self._modes_tries = 0
                return
