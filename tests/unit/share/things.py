"""Agreements, subjects and a wire that can be cut, for the tests of sharing."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from groundstation.share.agreement import Agreement, Subject
from groundstation.share.corridor import Corridor
from groundstation.share.transport import (
    AckReceived,
    Event,
    HelloReceived,
    Live,
    LogEnd,
    LogQuery,
    LogReply,
    PictureEnd,
    PictureReply,
)
from groundstation.share.zenoh_wire import WireSettings

T0_UTC_US = 1_790_000_000_000_000
# Along a parallel, with enough points that the straight lines between them stay on it to a centimetre.
BORDER = tuple((47.0, round(15.0 + 0.01 * i, 2)) for i in range(11))
INSIDE = (47.001, 15.05)  # 111 m from the border
OUTSIDE = (47.02, 15.05)  # 2,224 m


def agreement(**changes: object) -> Agreement:
    made = Agreement("AB-1", ("a", "b"), T0_UTC_US - 10_000_000, T0_UTC_US + 3_600_000_000, Corridor(BORDER, 500.0))
    return replace(made, **changes)  # type: ignore[arg-type]


def track(**changes: object) -> Subject:
    made = Subject(
        kind="track",
        subject_id="cam-1",
        t_utc_us=T0_UTC_US,
        class_name="person",
        lat_deg=INSIDE[0],
        lon_deg=INSIDE[1],
        velocity_en_m_s=(1.234, -0.5),
        ce90_m=4.567,
        confirmed=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


class FakeClock:
    """Both clocks, moved by hand."""

    def __init__(self) -> None:
        self.t_s = 0.0

    def mono_ns(self) -> int:
        return round(self.t_s * 1e9) + 1_000_000_000_000

    def utc_us(self) -> int:
        return T0_UTC_US + round(self.t_s * 1e6)


class FakeWire:
    """One end of an in-memory line; ``drop`` decides which messages are lost."""

    def __init__(self, line: FakeLine) -> None:
        self.strangers: set[str] = set()
        self.other: FakeWire | None = None
        self.sent: list[bytes] = []
        self.closed = False
        self._line = line
        self._events: deque[Event] = deque()

    def send_live(self, payload: bytes, urgent: bool = False) -> None:
        self.sent.append(payload)
        self._deliver(Live(payload))

    def send_positions(self, payloads: Sequence[bytes]) -> None:
        for payload in payloads:
            self.send_live(payload)

    def send_hello(self, payload: bytes) -> None:
        self._deliver(HelloReceived(payload))

    def send_ack(self, payload: bytes) -> None:
        self._deliver(AckReceived(payload))

    def _deliver(self, event: Event) -> None:
        if self._line.up and self.other is not None and not self.other.closed and not self._line.drop():
            self.other._events.append(event)

    def ask_log(self, epoch: bytes, seq: int) -> None:
        self._ask(epoch, seq, False)

    def ask_picture(self, epoch: bytes, seq: int) -> None:
        self._ask(epoch, seq, True)

    def _ask(self, epoch: bytes, seq: int, picture: bool) -> None:
        reply, end = (PictureReply, PictureEnd()) if picture else (LogReply, LogEnd())

        def answer(payloads: list[bytes]) -> None:
            if self.other is not None:
                self.other.sent.extend(payloads)
            if self._line.up:
                self._events.extend(reply(p) for p in payloads if not self._line.drop())
            self._events.append(end)

        if self._line.up and self.other is not None and not self.other.closed:
            self.other._events.append(LogQuery(epoch, seq, answer, picture))
        else:
            self._events.append(end)

    def poll(self, limit: int) -> list[Event]:
        return [self._events.popleft() for _ in range(min(limit, len(self._events)))]

    def connected(self) -> bool:
        return self._line.up and self.other is not None and not self.other.closed

    def close(self) -> None:
        self.closed = True


class FakeLine:
    """Makes wires and joins the newest of each end; loses a share of the messages, seeded."""

    def __init__(self, loss: float = 0.0, seed: int = 0) -> None:
        self.up = True
        self.loss = loss
        self.ends: dict[str, FakeWire] = {}
        self._random = Random(seed)

    def drop(self) -> bool:
        return self._random.random() < self.loss

    def open(self, settings: WireSettings, on_event: Callable[[], None]) -> FakeWire:
        return self.end(settings.own_name, settings.peer_name)

    def end(self, own: str, peer: str) -> FakeWire:
        wire = self.ends[own] = FakeWire(self)
        if peer in self.ends:
            wire.other, self.ends[peer].other = self.ends[peer], wire
        return wire
