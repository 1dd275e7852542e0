"""How many messages a second a link takes on one core, beside pymavlink's parser alone.

    python benchmarks/links.py [--messages N] [--aircraft N] [--json]

The messages are those of 250 aircraft as they come (positions, attitudes, states, texts), in pieces as a socket gives
them. Rows: pymavlink's ``parse_buffer`` with nothing else; a link's frames and messages; the same delivered through a
link with its counters; with a recording; with signing; with a router and two clients. CPU time of this process, best of
three.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from groundstation.core.clock import SystemClock
from groundstation.link.base import Link
from groundstation.link.frame import build_frame, decode_frame, target_offset
from groundstation.link.loopback import LoopbackTransport
from groundstation.link.parser import FrameParser
from groundstation.link.permissions import ClientPermissions
from groundstation.link.router import Router
from groundstation.link.router_port import RouterPort
from groundstation.link.signing import LinkSigner, SigningClock
from groundstation.link.tlog import TlogRecorder
from missions.mavlink import mavlink2

_KINDS = (33, 30, 33, 30, 285, 285, 1, 193, 24, 74, 147, 42, 0, 253)
_PIECE_BYTES = 1400
_NEEDED_S = 5000.0
_ROUNDS = 3


def frames_of(count: int, aircraft: int, seed: int = 1) -> list[bytes]:
    """Messages of many aircraft in turn, each with its own sequence numbers."""
    rng = random.Random(seed)
    seqs = [0] * aircraft
    frames = []
    for n in range(count):
        which = n % aircraft
        kind = _KINDS[(n // aircraft) % len(_KINDS)]
        payload = bytearray(rng.randbytes(mavlink2.mavlink_map[kind].unpacker.size))
        if target_offset(kind) >= 0:
            payload[target_offset(kind)] = 0  # to all
        if kind == 0:
            payload = bytearray(
                mavlink2.MAVLink_heartbeat_message(2, 3, 81, 5, 4, 3).pack(mavlink2.MAVLink(None))[10:19]
            )
        frames.append(build_frame(kind, bytes(payload), which % 250 + 1, 1, seqs[which]))
        seqs[which] = (seqs[which] + 1) & 0xFF
    return frames


def _pieces(frames: list[bytes]) -> list[bytes]:
    stream = b"".join(frames)
    return [stream[i : i + _PIECE_BYTES] for i in range(0, len(stream), _PIECE_BYTES)]


def best_s(make: Callable[[], Callable[[], int]], expected: int) -> float:
    """CPU seconds of the best of three rounds; every round must bring every message."""
    best = float("inf")
    for _ in range(_ROUNDS):
        work = make()
        began = time.process_time()
        found = work()
        best = min(best, time.process_time() - began)
        if found != expected:
            raise SystemExit(f"{found} of {expected} messages came through")
    return best


class _Sink:
    """A router port's transport that counts."""

    def __init__(self) -> None:
        self.packets = 0

    async def open(self, owner: Any) -> None:
        """Nothing to open."""

    def write(self, data: bytes, peer: Any = None) -> bool:
        """Count."""
        self.packets += 1
        return True

    async def close(self) -> None:
        """Nothing to close."""


async def _through_link(
    pieces: list[bytes], recorder: TlogRecorder | None, signer: LinkSigner | None, clients: int
) -> tuple[int, float]:
    clock = SystemClock()
    wire = LoopbackTransport(lambda data: None)
    link = Link("bench", wire, clock, recorder, signer=signer)
    count = 0

    def on_message(message: Any, t_mono_ns: int, t_utc_us: int) -> None:
        nonlocal count
        count += 1

    link.add_listener(on_message)
    await link.open()
    router = Router([link] if clients else [], clock)
    sink = _Sink()
    for _ in range(clients):
        port = RouterPort("udpout://bench", sink, None, ClientPermissions(), router)
        router._ports.append(port)
        port._welcome(None)
    began = time.process_time()
    for piece in pieces:
        wire.feed(piece)
    spent_s = time.process_time() - began
    await router.close()
    await link.close()
    if clients and sink.packets != count * clients:
        raise SystemExit(f"{sink.packets} packets to {clients} clients")
    return count, spent_s


def run(count: int, aircraft: int) -> dict[str, Any]:
    """Every row in messages a second of CPU time."""
    frames = frames_of(count, aircraft)
    pieces = _pieces(frames)

    def pymavlink() -> Callable[[], int]:
        codec = mavlink2.MAVLink(None)
        codec.robust_parsing = True
        return lambda: sum(len(codec.parse_buffer(p) or ()) for p in pieces)

    def parser() -> Callable[[], int]:
        reader = FrameParser()
        return lambda: sum(1 for p in pieces for f in reader.feed(p, 0.0) if decode_frame(f) is not None)

    rows = {"pymavlink_parse": count / best_s(pymavlink, count), "frames_and_messages": count / best_s(parser, count)}
    key = bytes(range(32))
    with tempfile.TemporaryDirectory() as folder:
        for name, record, sign, clients in (
            ("link", False, False, 0), ("link_recorded", True, False, 0), ("link_signed", False, True, 0),
            ("link_recorded_2_clients", True, False, 2),
        ):  # fmt: skip
            best = float("inf")
            for number in range(_ROUNDS):
                recorder = TlogRecorder(Path(folder) / f"{name}{number}.tlog") if record else None
                clock = SigningClock(SystemClock())
                signer = LinkSigner(key, clock, 1) if sign else None
                sent = _pieces([LinkSigner(key, clock, 0).sign(f) for f in frames]) if sign else pieces
                found, spent_s = asyncio.run(_through_link(sent, recorder, signer, clients))
                if found != count:
                    raise SystemExit(f"{name}: {found} of {count} messages came through")
                best = min(best, spent_s)
            rows[name] = count / best
    return {
        "messages": count,
        "aircraft": aircraft,
        "messages_s": {k: round(v) for k, v in rows.items()},
        "core_at_5000_s": {k: round(_NEEDED_S / v, 3) for k, v in rows.items()},
    }


def main() -> int:
    """Command line."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--messages", type=int, default=50_000)
    options.add_argument("--aircraft", type=int, default=250)
    options.add_argument("--json", action="store_true")
    words = options.parse_args()
    result = run(words.messages, words.aircraft)
    if words.json:
        print(json.dumps(result))
        return 0
    for name, rate in result["messages_s"].items():
        print(f"{name:26} {rate:>9,} messages/s   {result['core_at_5000_s'][name]:.1%} of a core at 5,000/s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
