"""A station that only shares, as a process of its own: ``python -m tests.system.share_station settings.json``.

Prints ``ready``, then one JSON line per remote incident, with the time when it was on the bus; ends in order when its
standard input is closed. Settings may say ``clock_s``, how much more its clock shows, and ``tell``: it raises that many
incidents, ``gap_s`` apart, each noted on disk before (as the store of a real station does), and after a restart goes on
where it was.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path
from typing import Any

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.errors import MarchwardenError
from groundstation.core.records import Incident
from groundstation.share import PeerSettings, ShareService, ShareSettings
from tests.unit.store.records import incident


def read_settings(path: Path) -> ShareSettings:
    d: dict[str, Any] = json.loads(path.read_text())
    return ShareSettings(
        name=d["name"],
        certificate=Path(d["certificate"]),
        key=Path(d["key"]),
        data_dir=Path(d["data_dir"]),
        peers=(
            PeerSettings(
                d["peer"],
                d["peer_common_name"],
                Path(d["peer_authority"]),
                connect=d.get("connect", ""),
                listen=d.get("listen", ""),
                agreement=Path(d["agreement"]) if d.get("agreement") else None,
            ),
        ),
    )


class ShiftedClock(SystemClock):
    """A clock that somebody has set wrong."""

    def __init__(self, shift_s: float) -> None:
        self._shift_us = round(shift_s * 1e6)

    def utc_us(self) -> int:
        return super().utc_us() + self._shift_us


class StampedBus(Bus):
    """Knows when what it carries was published; ``at_utc_us`` by incident."""

    def __init__(self) -> None:
        super().__init__()
        self.at_utc_us: dict[str, int] = {}

    def publish(self, topic: topics.Topic[Any], record: Any) -> None:
        if topic is topics.REMOTE_INCIDENT:
            self.at_utc_us[record.incident_id] = time.time_ns() // 1000
        super().publish(topic, record)


class Teller(threading.Thread):
    """Raises incidents one after the other."""

    def __init__(self, bus: Bus, service: ShareService, notes: Path, count: int, gap_s: float) -> None:
        super().__init__(daemon=True)
        self._bus, self._service, self._notes, self._count, self._gap_s = bus, service, notes, count, gap_s

    def _incident(self, number: int, t_utc_us: int) -> Incident:
        return incident(f"n{number:05d}", lat_deg=47.001, lon_deg=15.05, t_utc_us=t_utc_us, t_raised_utc_us=t_utc_us)

    def run(self) -> None:
        noted = self._notes.read_text().split("\n") if self._notes.exists() else []
        times = [int(t) for t in noted[:-1]]  # the last line may be half of one
        done = len(times)
        self._service.offer_incidents([self._incident(n, t) for n, t in enumerate(times)])
        with self._notes.open("a") as notes:
            for number in range(done, self._count):
                t_utc_us = SystemClock().utc_us()
                notes.write(f"{t_utc_us}\n")
                notes.flush()
                self._bus.publish(topics.INCIDENT, self._incident(number, t_utc_us))
                time.sleep(self._gap_s)


def main() -> int:
    bus = StampedBus()
    incidents = bus.subscribe(topics.REMOTE_INCIDENT)
    settings: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
    clock = ShiftedClock(settings.get("clock_s", 0.0))
    service = ShareService(bus, read_settings(Path(sys.argv[1])), clock)
    try:
        service.start()
    except MarchwardenError as error:
        print(f"{type(error).__name__}: {error}", flush=True)
        return error.exit_code
    print("ready", flush=True)
    if "tell" in settings:
        notes = Path(settings["data_dir"]) / "notes.txt"
        Teller(bus, service, notes, settings["tell"], settings.get("gap_s", 0.01)).start()
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    while not ended.wait(0.02):
        for remote in incidents.drain():
            at_utc_us = bus.at_utc_us[remote.incident_id]
            print(json.dumps({"incident_id": remote.incident_id, "at_utc_us": at_utc_us}), flush=True)
    if "--forget-stop" not in sys.argv:
        service.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
