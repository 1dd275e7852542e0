"""How long an incident takes to a neighbour: two stations, two processes, mutual TLS over loopback.

Run ``python benchmarks/share.py [incidents]``. With 20 tracks at 10 Hz beside the incidents it prints, in milliseconds:

- ``stored``: published on our bus -> acknowledged as committed on the neighbour's disk, all on our clock;
- ``step``: one step of the sharing thread, the longest time it would block a loop that called it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
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
from tests.system.test_share_two_stations import free_port
from tests.unit.store.records import incident, video_tracks

BORDER = ((47.0, 15.0), (47.0, 15.1))


class TimedService(ShareService):
    """Measures its steps."""

    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.step_ms: list[float] = []

    def step(self) -> None:
        start = time.perf_counter()
        super().step()
        self.step_ms.append((time.perf_counter() - start) * 1e3)


def figures(name: str, values_ms: list[float]) -> None:
    p50, p95, p99 = np.percentile(values_ms, [50, 95, 99])
    print(
        f"{name:8} n {len(values_ms):6}  p50 {p50:7.2f}  p95 {p95:7.2f}  p99 {p99:7.2f}  max {max(values_ms):7.2f} ms"
    )


def main(count: int) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        a, b = make_pair(folder, "station-a", days=1), make_pair(folder, "station-b", days=1)
        now_utc_us = time.time_ns() // 1000
        make_signed(
            Agreement("AB-1", ("a", "b"), now_utc_us - 10**7, now_utc_us + 10**10, Corridor(BORDER, 500.0)),
            folder / "agreement.json",
            {"a": folder / "a", "b": folder / "b"},
            now_utc_us,
        )
        port, bus = free_port(), Bus()
        peer = PeerSettings(
            "b", "station-b", b.authority, listen=f"127.0.0.1:{port}", agreement=folder / "agreement.json"
        )
        settings = ShareSettings("a", a.certificate, a.key, folder / "a", (peer,))
        other = {
            "name": "b", "certificate": str(b.certificate), "key": str(b.key), "data_dir": str(folder / "b"),
            "peer": "a", "peer_common_name": "station-a", "peer_authority": str(a.authority),
            "connect": f"127.0.0.1:{port}", "agreement": str(folder / "agreement.json"),
        }  # fmt: skip
        (folder / "b.json").write_text(json.dumps(other))
        disclosures = bus.subscribe(topics.DISCLOSURE)
        service = TimedService(bus, settings, SystemClock())
        service.start()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.system.share_station", str(folder / "b.json")],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1], env=dict(os.environ),
        )  # fmt: skip
        try:
            bus.publish(topics.INCIDENT, incident("first", lat_deg=47.001, lon_deg=15.05, t_utc_us=now_utc_us))
            assert service.wait_delivered(20.0)
            published: dict[str, float] = {}
            stored_ms: list[float] = []
            disclosures.drain()
            tracks = [(i, 47.001, 15.05 + i * 1e-4) for i in range(20)]
            start_s = time.monotonic()
            for i in range(count * 4):
                now_utc_us = time.time_ns() // 1000
                bus.publish(topics.VIDEO_TRACKS, video_tracks(now_utc_us, tracks))
                if i % 4 == 0:
                    published[f"i{i}"] = time.perf_counter()
                    bus.publish(topics.INCIDENT, incident(f"i{i}", lat_deg=47.001, lon_deg=15.05, t_utc_us=now_utc_us))
                while time.monotonic() < start_s + (i + 1) * 0.1:
                    time.sleep(0.0005)
                    stored_ms += [
                        (time.perf_counter() - published[d.subject_id]) * 1e3
                        for d in disclosures.drain()
                        if d.subject == "incident" and d.t_stored_utc_us
                    ]
            service.wait_delivered(5.0)
            figures("stored", stored_ms)
            figures("step", service.step_ms)
            summaries = share_summary(folder / "a")["b"], share_summary(folder / "b")["a"]
            print(f"records {summaries[0].sent_seq}, lost {lost_between(*summaries)}")
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(10)
            service.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 40))
