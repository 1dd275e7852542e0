"""What sharing costs: two stations, two processes, mutual TLS over loopback, every commit through to the disk.

``python benchmarks/share.py live [--incidents 200] [--tracks 100]``: with ``--tracks`` tracks told ten times a second
(1,000 updates/s by default) beside five incidents a second, in milliseconds:

- ``arrived``: published on our bus -> on the neighbour's bus, on disk there (one clock: both processes are on one machine);
- ``stored``: published on our bus -> the neighbour's receipt is here;
- ``step``: one step of the sharing thread;
- ``disk``: what the disk takes for one small write, without anything else of ours.

``python benchmarks/share.py catchup [--records 100000]``: a neighbour that was away while that many updates of 200 tracks
were told comes back: when its picture is current (the newest of every track is on its bus), and when all is on its disk.

``--json`` prints the figures as JSON alone.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.database import open_database, open_read_only
from groundstation.share import (
    Agreement,
    Corridor,
    PeerSettings,
    ShareService,
    ShareSettings,
    lost_between,
    make_pair,
    make_signed,
    share_summary,
)
from groundstation.share.outbox import Draft, Outbox
from groundstation.share.schema import EXCHANGE_FILE, EXCHANGE_SCHEMA
from groundstation.share.signing import RECORD, open_share_key
from groundstation.share.wire import Envelope
from tests.system.test_share_two_stations import free_port
from tests.unit.store.records import incident, video_tracks

BORDER = ((47.0, 15.0), (47.0, 15.1))
TRACKS = 200
"""In the history that is caught up."""


class TimedService(ShareService):
    """Measures its steps."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.step_ms: list[float] = []

    def step(self) -> None:
        """One step."""
        start = time.perf_counter()
        super().step()
        self.step_ms.append((time.perf_counter() - start) * 1e3)


class CountingBus(Bus):
    """Counts the positions told, and notes when the receipt of each incident was on it."""

    def __init__(self) -> None:
        super().__init__()
        self.updates = 0
        self.stored_ns: dict[str, int] = {}

    def publish(self, topic: topics.Topic[Any], record: Any) -> None:
        """As a bus does."""
        if topic is topics.DISCLOSURE and record.subject == "incident" and record.t_stored_utc_us:
            self.stored_ns.setdefault(record.subject_id, time.time_ns())
        elif topic is topics.DISCLOSURE and record.subject == "track" and not record.t_stored_utc_us:
            self.updates += 1
        super().publish(topic, record)


def wait_until(at_s: float) -> None:
    """By the monotonic clock."""
    time.sleep(max(0.0, at_s - time.monotonic()))


class Bench:
    """Both stations' files below a folder; station a listens."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = {n: make_pair(folder, f"station-{n}", days=1) for n in ("a", "b")}
        self.port = free_port()
        now_utc_us = time.time_ns() // 1000
        self.agreement = Agreement(
            "AB-1", ("a", "b"), now_utc_us - 10**7, now_utc_us + 10**11, Corridor(BORDER, 500.0), max_rate_hz=10.0
        )
        make_signed(
            self.agreement, folder / "agreement.json", {"a": folder / "a", "b": folder / "b"}, now_utc_us
        )  # fmt: skip

    def settings(self, name: str) -> ShareSettings:
        """For a station in this process."""
        other = "b" if name == "a" else "a"
        where = {"listen" if name == "a" else "connect": f"127.0.0.1:{self.port}"}
        peer = PeerSettings(
            other, f"station-{other}", self.files[other].authority, agreement=self.folder / "agreement.json", **where
        )
        mine = self.files[name]
        return ShareSettings(name, mine.certificate, mine.key, self.folder / name, (peer,))

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """A station as a process; it prints what arrives, with the time."""
        other = "b" if name == "a" else "a"
        mine = self.files[name]
        document = {
            "name": name, "certificate": str(mine.certificate), "key": str(mine.key),
            "data_dir": str(self.folder / name), "peer": other, "peer_common_name": f"station-{other}",
            "peer_authority": str(self.files[other].authority),
            "listen" if name == "a" else "connect": f"127.0.0.1:{self.port}",
            "agreement": str(self.folder / "agreement.json"),
        }  # fmt: skip
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(document))
        return subprocess.Popen(
            [sys.executable, "-m", "tests.system.share_station", str(path)],
            stdin=subprocess.PIPE,
            stdout=(self.folder / f"{name}.out").open("wb"),
            cwd=Path(__file__).parents[1],
            env=dict(os.environ),
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """End a station in order."""
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def figures(values_ms: list[float]) -> dict[str, float]:
    """Of one measurement."""
    p50, p95, p99 = np.percentile(values_ms, [50, 95, 99])
    found = {"p50": p50, "p95": p95, "p99": p99, "max": max(values_ms)}
    return {"n": len(values_ms), **{name: round(float(value), 2) for name, value in found.items()}}


def disk_ms(folder: Path, count: int = 200) -> dict[str, float]:
    """How long this disk takes to keep 8 kB more of a file: no commit is quicker."""
    taken_ms = []
    with (folder / "disk").open("wb", buffering=0) as file:
        for _ in range(count):
            file.write(os.urandom(8192))
            start_s = time.perf_counter()
            os.fdatasync(file.fileno())
            taken_ms.append((time.perf_counter() - start_s) * 1e3)
    return figures(taken_ms)


def live(folder: Path, incidents: int, tracks: int) -> dict[str, Any]:
    """Incidents beside the updates of many tracks."""
    bench, bus = Bench(folder), CountingBus()
    service = TimedService(bus, bench.settings("a"), SystemClock())
    service.start()
    process = bench.process("b")
    try:
        t_utc_us = time.time_ns() // 1000
        bus.publish(topics.INCIDENT, incident("first", lat_deg=47.001, lon_deg=15.05, t_utc_us=t_utc_us))
        if not service.wait_delivered(30.0):
            raise SystemExit("the two stations did not link up")
        service.step_ms.clear()
        published: dict[str, int] = {}
        bus.updates = 0
        places = [(i, 47.001, 15.03 + i * 1e-4) for i in range(tracks)]
        start_s = time.monotonic()
        t0_utc_us = time.time_ns() // 1000
        for i in range(incidents * 2):  # a frame each 0.1 s, an incident with every second one
            # The times of a camera's frames are regular, whenever they get here: with others half would be too soon.
            bus.publish(topics.VIDEO_TRACKS, video_tracks(t0_utc_us + i * 100_000, places))
            # Between two frames, as life has it, not always right behind one.
            if i % 2 == 0:
                wait_until(start_s + i * 0.1 + (0.013 * i) % 0.1)
                t_utc_us = time.time_ns() // 1000
                record = incident(f"i{i}", lat_deg=47.001, lon_deg=15.05, t_utc_us=t_utc_us)
                published[f"i{i}"] = time.time_ns()
                bus.publish(topics.INCIDENT, record)
            wait_until(start_s + (i + 1) * 0.1)
        updates, elapsed_s = bus.updates, time.monotonic() - start_s
        service.wait_delivered(10.0)
    finally:
        service.stop()  # tells the ends of the tracks, while there is somebody to tell
        end(process)
    stored_ms = [(at_ns - published[name]) / 1e6 for name, at_ns in bus.stored_ns.items() if name in published]
    arrived_ms = []
    for row in (folder / "b.out").read_text().splitlines():
        if row.startswith("{"):
            remote = json.loads(row)
            if remote["incident_id"] in published:
                arrived_ms.append((remote["at_utc_us"] * 1000 - published[remote["incident_id"]]) / 1e6)
    summaries = share_summary(folder / "a")["b"], share_summary(folder / "b")["a"]
    return {
        "disk_ms": disk_ms(folder),
        "updates_per_s": round(updates / elapsed_s),
        "arrived_ms": figures(arrived_ms),
        "stored_ms": figures(stored_ms),
        "step_ms": figures(service.step_ms),
        "records": summaries[0].sent_seq,
        "lost": lost_between(*summaries),
    }


def fill_outbox(bench: Bench, records: int) -> float:
    """The history of an hour away, signed and chained as the station itself does it; seconds that took."""
    start_s = time.monotonic()
    key = open_share_key(bench.folder / "a")
    digest = bench.agreement.digest()
    with closing(open_database(bench.folder / "a" / EXCHANGE_FILE, EXCHANGE_SCHEMA, "FULL")) as db:
        outbox = Outbox(db, "b", sign=lambda content: key.sign(RECORD, content))
        t0 = time.time_ns() // 1000 - 3_600_000_000
        for begin in range(0, records, 1_000):
            drafts = []
            for n in range(begin, min(begin + 1_000, records)):
                t_utc_us = t0 + n * 36_000
                body = {
                    "class": "person", "lat_deg": 47.001, "lon_deg": round(15.0 + (n % TRACKS) * 1e-4, 7),
                    "velocity_en_m_s": [1.2, -0.4], "ce90_m": 4.3, "t_utc_us": t_utc_us,
                }  # fmt: skip
                name = f"x-{n % TRACKS}"
                envelope = Envelope(
                    "AB-1", digest, "a", "b", "BorderMonitoring", "track", name, t_utc_us, t_utc_us + 10**13, body
                )
                drafts.append(Draft(name, t_utc_us, envelope))
            outbox.append(drafts, t0 + begin * 36_000)
    return time.monotonic() - start_s


def catchup(folder: Path, records: int) -> dict[str, Any]:
    """A neighbour comes back after long."""
    bench, bus = Bench(folder), Bus()
    fill_s = fill_outbox(bench, records)
    process = bench.process("a")
    pictures, tracks = bus.subscribe(topics.SHARE_PICTURE), bus.subscribe(topics.REMOTE_TRACK)
    service = ShareService(bus, bench.settings("b"), SystemClock())
    newest: dict[str, int] = {}
    linked_s = current_s = complete_s = None
    try:
        service.start()
        deadline_s = time.monotonic() + 300.0
        while complete_s is None and time.monotonic() < deadline_s:
            time.sleep(0.005)
            now_s = time.monotonic()
            if linked_s is None and any(n.exchange.connected for n in service._neighbours):
                linked_s = now_s
            for track in tracks.drain():
                newest[track.track_id] = max(track.t_utc_us, newest.get(track.track_id, 0))
            if current_s is None and len(newest) >= min(TRACKS, records):
                first = min(newest.values())
                spread_us = max(newest.values()) - first
                if spread_us <= TRACKS * 36_000:  # every track is at its last round
                    current_s = now_s
            inbox = service._neighbours[0].exchange.inbox if service._neighbours else None
            if inbox is not None and inbox.seq >= records:
                complete_s = now_s
    finally:
        service.stop(deliver_s=0.0)
        end(process)
    with closing(open_read_only(folder / "b" / EXCHANGE_FILE)) as db:
        stored = db.execute("SELECT count(*), count(DISTINCT seq) FROM inbox").fetchone()
    said = [p for p in pictures.drain() if p.current]
    return {
        "records": records,
        "fill_s": round(fill_s, 1),
        "current_s": round(current_s - linked_s, 2) if current_s is not None and linked_s is not None else None,
        "complete_s": round(complete_s - linked_s, 2) if complete_s is not None and linked_s is not None else None,
        "stored": stored[0],
        "twice": stored[0] - stored[1],
        "said_current": bool(said),
    }


def main() -> int:
    """Run one measurement."""
    parser = argparse.ArgumentParser(description="What sharing costs.")
    parser.add_argument("what", choices=("live", "catchup"))
    parser.add_argument("--incidents", type=int, default=200)
    parser.add_argument("--tracks", type=int, default=100)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        result = (
            live(Path(name), options.incidents, options.tracks)
            if options.what == "live"
            else catchup(Path(name), options.records)
        )
    if options.json:
        print(json.dumps(result))
    else:
        for key, value in result.items():
            print(f"{key:14} {value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
