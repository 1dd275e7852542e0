"""Where the time of an incident goes on its way to the neighbour, leg by leg, for ``benchmarks/share.py live``.

``python benchmarks/share_legs.py settings.json`` is the neighbour: a station that only shares, as a process of its own, which
prints one JSON line for each incident that came, with the wall clock (both processes are on one machine) when it came from
the network, was taken up, was on disk, and was on the bus.
"""

from __future__ import annotations

import json
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.share import ShareService
from groundstation.share.exchange import Exchange
from groundstation.share.transport import Arrivals
from tests.system.share_station import read_settings

LEGS = (
    ("a_waits", "published", "taken_up"),
    ("a_commits", "taken_up", "committed"),
    ("a_sends", "committed", "sent"),
    ("network", "sent", "came"),
    ("b_waits", "came", "read"),
    ("b_commits", "read", "stored"),
    ("b_publishes", "stored", "arrived"),
)
"""Name of each leg, its begin and its end: published on our bus, taken up by the sharing's thread, policy passed and on our
disk, given to the wire; come from the wire there, taken up there, on their disk, on their bus."""


class Stamps:
    """Notes when a record of a number passes a place. ``at[place][seq]`` is ns UTC."""

    def __init__(self) -> None:
        self.at: dict[str, dict[int, int]] = {}

    def note(self, place: str, seq: int) -> None:
        """The first time counts."""
        self.at.setdefault(place, {}).setdefault(seq, time.time_ns())

    def wrap(
        self, owner: Any, name: str, before: Callable[..., None] | None, after: Callable[..., None] | None
    ) -> None:
        """Call ``before(*arguments)`` and ``after(result, *arguments)`` around a method."""
        real = getattr(owner, name)

        def wrapped(*arguments: Any, **named: Any) -> Any:
            if before is not None:
                before(*arguments)
            result = real(*arguments, **named)
            if after is not None:
                after(result, *arguments)
            return result

        setattr(owner, name, wrapped)


def record_seq(payload: bytes) -> int:
    """The number of a record as it travels."""
    return int(struct.unpack_from(">Q", payload, 17)[0])


def watch_sender(stamps: Stamps, exchange: Exchange) -> None:
    """Places ``committed`` and ``sent``."""

    def committed(records: Any, drafts: Any, *_: Any) -> None:
        for draft, record in zip(drafts, records, strict=True):
            if draft.envelope.kind == "incident":
                stamps.note("committed", record.seq)

    def sent(_: Any, payload: bytes, urgent: bool = False) -> None:
        if urgent:
            stamps.note("sent", record_seq(payload))

    stamps.wrap(exchange.outbox, "append", None, committed)
    stamps.wrap(exchange._wire, "send_live", None, sent)


class NeighbourBus(Bus):
    """Knows when each incident was published on it."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived_ns: dict[str, int] = {}

    def publish(self, topic: topics.Topic[Any], record: Any) -> None:
        """As a bus does."""
        if topic is topics.REMOTE_INCIDENT:
            self.arrived_ns.setdefault(record.incident_id, time.time_ns())
        super().publish(topic, record)


def main() -> int:
    """Run the neighbour until its standard input is closed."""
    bus, stamps = NeighbourBus(), Stamps()
    incidents: dict[str, int] = {}

    def came(_: Arrivals, event: Any) -> None:
        stamps.note("came", record_seq(event.payload))

    def read(messages: Any, *_: Any) -> None:
        for message in messages:
            if getattr(message, "follows", -1) >= 0:
                stamps.note("read", message.seq)

    def stored(_: Any, taken: Any, *__: Any) -> None:
        for received in taken.received:
            if received.envelope is not None and received.envelope.kind == "incident":
                incidents[received.envelope.subject] = received.seq
                stamps.note("stored", received.seq)

    stamps.wrap(Arrivals, "put_urgent", came, None)
    service = ShareService(bus, read_settings(Path(sys.argv[1])), SystemClock())
    service.start()
    exchange = service._neighbours[0].exchange
    stamps.wrap(exchange.inbox, "take", read, None)
    stamps.wrap(exchange, "_acknowledge", None, stored)
    print("ready", flush=True)
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    ended.wait()
    service.stop()
    for incident_id, at_ns in bus.arrived_ns.items():
        seq = incidents.get(incident_id, 0)
        times = {place: found[seq] for place, found in stamps.at.items() if seq in found}
        print(json.dumps({"incident_id": incident_id, "seq": seq, "arrived": at_ns, **times}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
