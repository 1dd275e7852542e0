"""What sharing costs: two stations, two processes, mutual TLS over loopback, every commit through to the disk.

``python benchmarks/share.py live [--incidents 200] [--tracks 100]``: with ``--tracks`` tracks told ten times a second
(1,000 updates/s by default) beside five incidents a second, in milliseconds. Station a runs in this process, with a
thread that feeds its bus (:class:`Feed`); station b is another process (``share_legs.py``). Every update and every incident is
a transaction of its own at a, and on the disk before it leaves; at b up to eight updates share one:

- ``arrived``: published on our bus -> on the neighbour's bus, on disk there (one clock: both processes are on one machine);
- ``stored``: published on our bus -> the neighbour's receipt is here;
- ``a_waits`` ... ``b_publishes``: the legs of ``arrived`` (``share_legs.LEGS``);
- ``step``: one step of the sharing thread;
- ``disk``: what the disk takes for one small write, without anything else of ours.

``updates_per_s`` counts what was told while it was offered, ``told_later`` what came after, ``limits_ms`` what must hold.

``python benchmarks/share.py catchup [--records 100000]``: a neighbour that was away while that many updates of 200 tracks
were told comes back: when its picture is current (the newest of every track is on its bus), and when all is on its disk.

``--json`` prints the figures as JSON alone.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.share_legs import LEGS, Stamps, watch_sender
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
P50_MS, P99_MS = 5.0, 50.0
CURRENT_S, COMPLETE_S = 2.0, 30.0
"""What must hold."""


class TimedService(ShareService):
    """Measures its steps, and when an incident is taken up."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.step_ms: list[float] = []
        self.cpu_s = 0.0

    def step(self) -> None:
        """One step."""
        start, cpu_s = time.perf_counter(), time.thread_time()
        super().step()
        self.cpu_s += time.thread_time() - cpu_s
        self.step_ms.append((time.perf_counter() - start) * 1e3)


class CountingBus(Bus):
    """Counts the positions told and stored, and notes the number of each incident and when its receipt was here."""

    def __init__(self) -> None:
        super().__init__()
        self.updates = 0
        self.updates_stored = 0
        self.seq: dict[str, int] = {}
        self.stored_ns: dict[str, int] = {}

    def publish(self, topic: topics.Topic[Any], record: Any) -> None:
        """As a bus does."""
        if topic is topics.DISCLOSURE:
            if record.subject == "incident":
                self.seq[record.subject_id] = record.seq
                if record.t_stored_utc_us:
                    self.stored_ns.setdefault(record.subject_id, time.time_ns())
            elif record.t_stored_utc_us:
                self.updates_stored += 1
            else:
                self.updates += 1
        super().publish(topic, record)


class Feed(threading.Thread):
    """What a station has on its bus beside: positions ten times a second, and incidents between them.

    A thread of the station's own process, as the one that reads the pipes of the vision workers. The records are made
    beforehand, as those come ready from another process; only publishing them is this thread's work.
    """

    def __init__(self, bus: Bus, incidents: int, tracks: int) -> None:
        super().__init__(daemon=True)
        self._bus = bus
        self.published_ns: dict[str, int] = {}
        places = [(i, 47.001, 15.03 + i * 1e-4) for i in range(tracks)]
        self._begins_s = time.monotonic() + 3.0
        t0_utc_us = time.time_ns() // 1000 + 3_000_000
        # The times of a camera's frames are regular, whenever they get here: with others half would be too soon.
        self._frames = [video_tracks(t0_utc_us + i * 100_000, places) for i in range(incidents * 2)]
        self._alarms = [
            incident(f"i{i}", lat_deg=47.001, lon_deg=15.05, t_utc_us=t0_utc_us + i * 200_000) for i in range(incidents)
        ]
        gc.collect()
        gc.freeze()  # they are the benchmark's, and not looked through by the station's collector

    def run(self) -> None:
        """Publish all in its time."""
        for i, frame in enumerate(self._frames):
            begins_s = self._begins_s + i * 0.1
            wait_until(begins_s)
            self._bus.publish(topics.VIDEO_TRACKS, frame)
            if i % 2:
                continue
            # Between two frames, as life has it, not always right behind one.
            wait_until(begins_s + (0.013 * i) % 0.1)
            alarm = self._alarms[i // 2]
            self.published_ns[alarm.incident_id] = time.time_ns()
            self._bus.publish(topics.INCIDENT, alarm)
        wait_until(self._begins_s + len(self._frames) * 0.1)


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

    def process(
        self, name: str, program: Sequence[str] = ("-m", "tests.system.share_station")
    ) -> subprocess.Popen[bytes]:
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
            [sys.executable, *program, str(path)],
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
    bench, bus, stamps = Bench(folder), CountingBus(), Stamps()
    service = TimedService(bus, bench.settings("a"), SystemClock())
    service.start()
    process = bench.process("b", [str(Path(__file__).with_name("share_legs.py"))])
    try:
        neighbour = service._neighbours[0]
        watch_sender(stamps, neighbour.exchange)
        taken_up: dict[str, int] = {}
        stamps.wrap(neighbour, "offer_incident", lambda one: taken_up.setdefault(one.incident_id, time.time_ns()), None)
        t_utc_us = time.time_ns() // 1000
        bus.publish(topics.INCIDENT, incident("first", lat_deg=47.001, lon_deg=15.05, t_utc_us=t_utc_us))
        if not service.wait_delivered(30.0):
            raise SystemExit("the two stations did not link up")
        feed = Feed(bus, incidents, tracks)
        service.step_ms.clear()
        service.cpu_s = 0.0
        feed.start()
        feed.join()
        updates, seconds = bus.updates, incidents * 0.2
        service.wait_delivered(10.0)
        backlog = bus.updates - updates
        steps_ms, busy = service.step_ms.copy(), service.cpu_s / seconds
    finally:
        service.stop()  # tells the ends of the tracks, while there is somebody to tell
        end(process)
    passed: list[dict[str, int]] = []
    for row in (folder / "b.out").read_text().splitlines():
        there = json.loads(row) if row.startswith("{") else {}
        name, seq = there.get("incident_id"), there.get("seq")
        if name in feed.published_ns:
            here = {place: found[seq] for place, found in stamps.at.items() if seq in found}
            passed.append({**there, **here, "published": feed.published_ns[name], "taken_up": taken_up[name]})
    arrived_ms = [(p["arrived"] - p["published"]) / 1e6 for p in passed]
    stored_ms = [(at_ns - feed.published_ns[name]) / 1e6 for name, at_ns in bus.stored_ns.items() if name != "first"]
    legs = {
        name: figures([(p[to] - p[begin]) / 1e6 for p in passed if begin in p and to in p]) for name, begin, to in LEGS
    }
    summaries = share_summary(folder / "a")["b"], share_summary(folder / "b")["a"]
    found = figures(arrived_ms)
    return {
        "disk_ms": disk_ms(folder),
        "offered_per_s": tracks * 10,
        "updates_per_s": round(updates / seconds),
        "told_later": backlog,
        "arrived_ms": found,
        "stored_ms": figures(stored_ms),
        **{f"{name}_ms": leg for name, leg in legs.items()},
        "step_ms": figures(steps_ms),
        "a_processor": round(busy, 2),
        "records": summaries[0].sent_seq,
        "lost": lost_between(*summaries),
        "limits_ms": {"p50": P50_MS, "p99": P99_MS, "held": found["p50"] <= P50_MS and found["p99"] <= P99_MS},
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
    held = current_s is not None and complete_s is not None and linked_s is not None
    held = held and current_s - linked_s <= CURRENT_S and complete_s - linked_s <= COMPLETE_S
    return {
        "records": records,
        "fill_s": round(fill_s, 1),
        "current_s": round(current_s - linked_s, 2) if current_s is not None and linked_s is not None else None,
        "complete_s": round(complete_s - linked_s, 2) if complete_s is not None and linked_s is not None else None,
        "stored": stored[0],
        "twice": stored[0] - stored[1],
        "said_current": bool(said),
        "limits_s": {"current": CURRENT_S, "complete": COMPLETE_S, "held": held},
    }


def main() -> int:
    """Run one measurement."""
    parser = argparse.ArgumentParser(description="What sharing costs.")
    parser.add_argument("what", choices=("live", "catchup"))
    parser.add_argument("--incidents", type=int, default=200)
    parser.add_argument("--tracks", type=int, default=100)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the stations' files are for the time (as TMPDIR)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
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
