"""What the exchange with one neighbour needs from a wire. The zenoh one is in :mod:`groundstation.share.zenoh_wire`."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

QUEUE_CAPACITY = 10_000
"""Events that wait for the next step; beyond it they are dropped, and gap fill brings them again."""


@dataclass(frozen=True)
class Live:
    """A record's bytes, just sent."""

    payload: bytes


@dataclass(frozen=True)
class LogReply:
    """A record's or base's bytes, asked for."""

    payload: bytes


@dataclass(frozen=True)
class LogEnd:
    """No more replies to the last question."""


@dataclass(frozen=True)
class AckReceived:
    """An acknowledgement's bytes."""

    payload: bytes


@dataclass(frozen=True)
class LogQuery:
    """The neighbour asks for what follows ``seq`` of ``epoch``, or with ``picture`` for what it should see first;
    ``answer`` sends the replies and ends the question."""

    epoch: bytes
    seq: int
    answer: Callable[[list[bytes]], None]
    picture: bool = False


@dataclass(frozen=True)
class PictureReply:
    """A record's bytes that came before its turn because it was asked for."""

    payload: bytes


@dataclass(frozen=True)
class PictureEnd:
    """No more replies to the question for the picture."""


@dataclass(frozen=True)
class HelloReceived:
    """A probe's bytes. ``t_mono_ns`` is this machine's monotonic clock when it came, 0 for "now"."""

    payload: bytes
    t_mono_ns: int = 0


Event = Live | LogReply | LogEnd | AckReceived | LogQuery | PictureReply | PictureEnd | HelloReceived


class Arrivals:
    """Events on their way from a wire's threads to the sharing's; ``on_event`` says there that work has come.

    What is urgent comes out alone: it is on disk here before the positions that came with it are. Positions wake nobody and
    lie here until the next tick: one commit takes many of them as quickly as one, and an incident that comes finds the disk
    idle and not busy with the position before it.
    """

    def __init__(self, on_event: Callable[[], None]) -> None:
        self._on_event = on_event
        self._next_position: Callable[[], Event | None] = lambda: None
        self._urgent: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._was_alone = False

    def put(self, event: Event) -> None:
        """Any thread."""
        self.put_position(event)
        self._on_event()

    def put_urgent(self, event: Event) -> None:
        """Any thread."""
        if self._urgent.qsize() < QUEUE_CAPACITY:
            self._urgent.put(event)
        self._on_event()

    def put_position(self, event: Event) -> None:
        """Without waking anybody. Any thread."""
        if self._events.qsize() < QUEUE_CAPACITY:
            self._events.put(event)

    def positions_from(self, next_position: Callable[[], Event | None]) -> None:
        """Positions also wait where ``next_position`` takes the oldest one from; None: none waits."""
        self._next_position = next_position

    def poll(self, limit: int) -> list[Event]:
        """What has come, oldest first, at most ``limit``. Every second time at least, all else comes too."""
        events = _taken(self._urgent, limit)
        self._was_alone = bool(events) and not self._was_alone
        if self._was_alone:
            return events
        events += _taken(self._events, limit - len(events))
        for _ in range(limit - len(events)):
            position = self._next_position()
            if position is None:
                break
            events.append(position)
        return events


def _taken(events: queue.SimpleQueue[Event], limit: int) -> list[Event]:
    taken: list[Event] = []
    with contextlib.suppress(queue.Empty):
        while len(taken) < limit:
            taken.append(events.get_nowait())
    return taken


class Wire(Protocol):
    """A channel to one neighbour that may lose, and may be cut, but authenticates. No method blocks.

    ``strangers``: common names of others that hold a link, as of the last :meth:`connected`.
    """

    strangers: set[str]

    def send_live(self, payload: bytes, urgent: bool = False) -> None:
        """Send a record; it may be lost. What is ``urgent`` passes what still waits to be sent."""
        ...

    def send_positions(self, payloads: Sequence[bytes]) -> None:
        """Send records of which nothing is urgent; any may be lost."""
        ...

    def send_hello(self, payload: bytes) -> None:
        """Send a probe; it may be lost."""
        ...

    def send_ack(self, payload: bytes) -> None:
        """Send an acknowledgement; it may be lost."""
        ...

    def ask_log(self, epoch: bytes, seq: int) -> None:
        """Ask for what follows; :class:`LogReply` events come, then one :class:`LogEnd`."""
        ...

    def ask_picture(self, epoch: bytes, seq: int) -> None:
        """Ask for what to see first; :class:`PictureReply` events come, then one :class:`PictureEnd`."""
        ...

    def poll(self, limit: int) -> list[Event]:
        """What has arrived since the last call, oldest first, at most ``limit``."""
        ...

    def connected(self) -> bool:
        """Whether a link to the configured neighbour, proved by its certificate, is up."""
        ...

    def close(self) -> None:
        """Give everything back; harmless when called again."""
        ...


class NoWire:
    """A :class:`Wire` to nowhere: what a neighbour gets whose session is closed (revoked, or between two sessions)."""

    def __init__(self) -> None:
        self.strangers: set[str] = set()

    def send_live(self, payload: bytes, urgent: bool = False) -> None:
        """Nothing."""

    def send_positions(self, payloads: Sequence[bytes]) -> None:
        """Nothing."""

    def send_hello(self, payload: bytes) -> None:
        """Nothing."""

    def send_ack(self, payload: bytes) -> None:
        """Nothing."""

    def ask_log(self, epoch: bytes, seq: int) -> None:
        """Nothing."""

    def ask_picture(self, epoch: bytes, seq: int) -> None:
        """Nothing."""

    def poll(self, limit: int) -> list[Event]:
        """Nothing."""
        return []

    def connected(self) -> bool:
        """Never."""
        return False

    def close(self) -> None:
        """Nothing."""
