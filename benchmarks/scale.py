"""What one unit of a border costs: rows into the store, envelopes over the wires. ``python benchmarks/scale.py``.

Figures for ``docs/scale.md``: rows per second into SQLite and PostgreSQL by the store's own writer in its own batches, bytes a
row, and records per second from one outbox over a wire into another's inbox, all acknowledged, on loopback. PostgreSQL and NATS
are started for it where they are installed, else the line says that it was not measured.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from groundstation.core.database import open_database
from groundstation.core.postgres import choose_store
from groundstation.share import make_pair
from groundstation.share.exchange import Exchange
from groundstation.share.inbox import Inbox
from groundstation.share.outbox import Draft, Outbox
from groundstation.share.schema import EXCHANGE_SCHEMA
from groundstation.share.wire import Envelope
from groundstation.share.wires import open_wire
from groundstation.share.zenoh_wire import WireSettings
from groundstation.store.batch import BatchWriter
from groundstation.store.rows import INSERT_TRACK_POINT
from groundstation.store.schema import POINTS_SCHEMA

T0_US = 1_790_000_000_000_000


def store_rate(folder: Path, seconds: float, batch: int) -> dict[str, float]:
    """Rows of track points for some seconds, ``batch`` a commit."""
    writer = BatchWriter("points", partial(open_database, folder / "points-20260504.db", POINTS_SCHEMA, "NORMAL"))
    writer.open()
    n, took_ms = 0, []
    end_s = time.monotonic() + seconds
    begin_s = time.monotonic()
    while time.monotonic() < end_s:
        for _ in range(batch):
            n += 1
            values = (
                "f1",
                f"cam-{n % 20}",
                T0_US + n,
                47.0 + n * 1e-7,
                15.0,
                400.0,
                1.0,
                0.5,
                4.0,
                0.1,
                4.0,
                "person",
                0.9,
                2,
            )
            writer.add(INSERT_TRACK_POINT, values)
        at_s = time.monotonic()
        assert writer.commit(at_s, force=True), writer.trouble
        took_ms.append((time.monotonic() - at_s) * 1e3)
    spent_s = time.monotonic() - begin_s
    writer.close()
    took_ms.sort()
    found = {"rows_s": n / spent_s, "p50_ms": took_ms[len(took_ms) // 2], "p99_ms": took_ms[int(len(took_ms) * 0.99)]}
    file = folder / "points-20260504.db"
    if file.is_file():
        found["bytes_row"] = file.stat().st_size / n
    return found


def wire_rate(folder: Path, ways: dict[str, tuple[str, str]], pki: dict[str, Any], seconds: float) -> dict[str, float]:
    """Records from one outbox to the other inbox, twenty a commit, until all of some seconds are acknowledged.

    ``ways``: of each end, where it connects to and where it listens.
    """
    ends = {}
    for own, peer in (("a", "b"), ("b", "a")):
        files, (connect, listen) = pki[own], ways[own]
        authority = pki[peer].authority
        settings = WireSettings(own, peer, f"station-{peer}", files.certificate, files.key, authority, connect, listen)
        db = open_database(folder / f"{own}.db", EXCHANGE_SCHEMA, "FULL")
        wire = open_wire(settings, lambda: None)
        ends[own] = Exchange(Outbox(db, peer), Inbox(db, peer, lambda _: ""), wire), wire, db

    def steps() -> bool:
        now_s = time.monotonic()
        for exchange, _, _ in ends.values():
            exchange.step(now_s, T0_US + round(now_s * 1e6))
        return False

    until(lambda: steps() or all(w.connected() for _, w, _ in ends.values()))
    sender, n = ends["a"][0], 0
    begin_s = time.monotonic()
    while time.monotonic() < begin_s + seconds:
        drafts = []
        for _ in range(20):
            n += 1
            body = {"class": "person", "lat_deg": 47.0, "lon_deg": 15.0, "ce90_m": 5.0, "t_utc_us": T0_US + n}
            envelope = Envelope(
                "AB-1", "ff" * 32, "a", "b", "BorderMonitoring", "track", f"x-{n % 40}", T0_US, T0_US * 2, body
            )
            drafts.append(Draft(f"cam-{n % 40}", T0_US, envelope))
        sender.send(drafts, T0_US)
        steps()
    until(lambda: steps() or not sender.outbox.waiting)
    spent_s = time.monotonic() - begin_s
    for exchange, _, db in ends.values():
        exchange.close()
        db.close()
    return {"records_s": n / spent_s, "bytes_record": len(envelope.to_bytes()) + 121.0}


def until(done: Callable[[], object]) -> None:
    """Wait, a minute at most."""
    end_s = time.monotonic() + 60.0
    while not done():
        if time.monotonic() > end_s:
            raise TimeoutError("a minute was not enough")
        time.sleep(0.001)


def main() -> int:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement (5)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    # The servers' makers belong to the tests; they skip where there is no server.
    from _pytest.outcomes import Skipped

    from tests.helpers.nats_server import NatsServer, free_port
    from tests.helpers.postgres_server import PostgresServer

    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for batch in (20, 200):
            (folder / f"s{batch}").mkdir()
            found[f"store sqlite, {batch} a commit"] = store_rate(folder / f"s{batch}", options.seconds, batch)
        try:
            server = PostgresServer()
        except Skipped as skipped:
            found["store postgresql"] = {"not measured": str(skipped)}
        else:
            for batch in (20, 200):
                (folder / f"p{batch}").mkdir()
                choose_store(folder / f"p{batch}", server.url(f"s{batch}"))
                found[f"store postgresql, {batch} a commit"] = store_rate(folder / f"p{batch}", options.seconds, batch)
            server.stop()
        pki = {n: make_pair(folder / n, f"station-{n}") for n in ("a", "b", "server")}
        at = f"127.0.0.1:{free_port()}"
        (folder / "z").mkdir()
        found["wire zenoh"] = wire_rate(folder / "z", {"a": ("", at), "b": (at, "")}, pki, options.seconds)
        try:
            nats = NatsServer(folder / "nats", pki["server"], {n: pki[n] for n in "ab"})
        except Skipped as skipped:
            found["wire nats"] = {"not measured": str(skipped)}
        else:
            (folder / "n").mkdir()
            ways = dict.fromkeys("ab", (nats.url(), ""))
            found["wire nats"] = wire_rate(folder / "n", ways, pki, options.seconds)
            nats.stop()
    if options.json:
        print(json.dumps(found, indent=1))
    else:
        for name, figures in found.items():
            print(
                f"{name:34}",
                "  ".join(f"{k} {v:.1f}" if isinstance(v, float) else f"{k}: {v}" for k, v in figures.items()),
            )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
