"""How long a mission takes onto an aircraft: this program beside pymavlink's plain loop and MAVProxy, in one run.

Run ``python benchmarks/plan_transfer.py --link tcp://127.0.0.1:5760 --json`` against a SITL that nobody else is connected
to; ``--mavproxy DIR/bin/mavproxy.py`` adds MAVProxy's ``wp load`` and ``wp ftpload`` (from an environment of its own).

All go through the same proxy, which delays and loses packets where the row says so and takes the time: from the first
packet of the upload (MISSION_COUNT, or the file's opening) leaving the station to the packet that confirms it reaching
the station. ``with_readback_s`` adds the reading back that no peer does. After each run the mission is read from the
aircraft without the proxy and compared.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).parents[1]))

from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.link.open import open_link
from groundstation.vehicle.list_transfer import download_lists
from groundstation.vehicle.plan_lists import PlanLists
from groundstation.vehicle.plan_transfer import PlanTransfer
from groundstation.vehicle.service import VehicleService
from missions.codec import Difference, MissionKind, WireItem, compare_items, encode

LAT, LON = -35.363262, 149.165237
_PROXY = Path(__file__).with_name("delaying_proxy.py")
_RUN_S = 120.0
_PAUSE_S = 1.0
_START_TRIES = 10


@dataclass(frozen=True)
class Row:
    """One condition. ``items`` with home."""

    name: str
    items: int
    round_trip_s: float
    loss: float


ROWS = (
    Row("650 items, loopback", 650, 0.0, 0.0),
    Row("100 items, 300 ms round trip", 100, 0.3, 0.0),
    Row("100 items, 100 ms round trip, 5 % loss", 100, 0.1, 0.05),
)


@dataclass
class Timing:
    """The runs of one program in one row."""

    upload_s: list[float] = field(default_factory=list)
    with_readback_s: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        def median(values: list[float]) -> float | None:
            return round(statistics.median(values), 3) if values else None

        return {
            "upload_s": median(self.upload_s), "with_readback_s": median(self.with_readback_s),
            "runs": [round(t, 3) for t in self.upload_s], "failures": self.failures, "note": self.note,
        }  # fmt: skip


def mission(count: int) -> tuple[WireItem, ...]:
    """Home and ``count - 1`` items: a take-off and waypoints at 50 m."""
    kind = MissionKind.MISSION
    items = [WireItem(kind, 0, 16, 0, x=round(LAT * 1e7), y=round(LON * 1e7), z=584.0)]
    for n in range(1, count):
        x, y = round((LAT + 0.0002 * (n % 25)) * 1e7), round((LON + 0.0002 * (n // 25)) * 1e7)
        items.append(WireItem(kind, n, 22 if n == 1 else 16, 3, x=x, y=y, z=50.0))
    return tuple(items)


class Watched:
    """The proxy as a process, and what it saw."""

    def __init__(self, host: str, port: int, row: Row, seed: int) -> None:
        command = [
            sys.executable, str(_PROXY), host, str(port), "--one-way-s", str(row.round_trip_s / 2),
            "--loss", str(row.loss), "--seed", str(seed),
        ]  # fmt: skip
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.events: list[dict[str, Any]] = []
        self._thread = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._thread.start()

    def _read(self, lines: Any) -> None:
        for line in lines:
            self.events.append(json.loads(line))

    def upload_s(self) -> float | None:
        """From the first beginning to the confirmation after it; None while there is none."""
        begin = next((e for e in list(self.events) if e["event"] == "begin"), None)
        if begin is None:
            return None
        end = next(
            (e for e in self.events if e["event"] == "end" and e["t"] > begin["t"] and e["how"] == begin["how"]), None
        )
        return None if end is None else float(end["t"] - begin["t"])

    def wait(self, timeout_s: float) -> float | None:
        """As :meth:`upload_s`, when it has come."""
        end_s = time.monotonic() + timeout_s
        while (took_s := self.upload_s()) is None and time.monotonic() < end_s:
            time.sleep(0.02)
        return took_s

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()
        self._thread.join()


@contextlib.contextmanager
def watched(host: str, port: int, row: Row, seed: int) -> Iterator[Watched]:
    """A proxy for as long as it is needed."""
    proxy = Watched(host, port, row, seed)
    try:
        yield proxy
    finally:
        proxy.close()


# -- ourselves -------------------------------------------------------------------------------------------------------


async def _with_service(url: str, work: Callable[[Any, SystemClock], Any]) -> Any:
    clock = SystemClock()
    service = VehicleService(Bus(), [open_link(url, clock)], clock, lambda plan: [], send_heartbeat=False)
    await service.start()
    try:
        vehicle = await service.wait_for_vehicle(20.0)
        # What a station knows long before it sends a plan: the version, and the way there.
        await service.wait_for_state(vehicle, lambda s: bool(s.firmware), 10.0)
        return await service.exclusively(vehicle, lambda aircraft: work(aircraft, clock))
    finally:
        await service.stop()


def ours(url: str, items: tuple[WireItem, ...], use_ftp: bool) -> Any:
    """The status of the transaction: read what is there, upload, read back, compare."""

    async def work(aircraft: Any, clock: SystemClock) -> Any:
        lists = PlanLists("benchmark", {MissionKind.MISSION: items})
        return await PlanTransfer(aircraft, lists, lambda p: (), lambda s: None, clock, use_ftp=use_ftp).upload()

    return asyncio.run(_with_service(url, work))


def held(url: str) -> tuple[WireItem, ...]:
    """The mission that is on the aircraft."""

    async def work(aircraft: Any, clock: SystemClock) -> Any:
        return await download_lists(aircraft, clock)

    result: tuple[WireItem, ...] = asyncio.run(_with_service(url, work)).items[MissionKind.MISSION]
    return result


# -- the others ------------------------------------------------------------------------------------------------------


def pymavlink_loop(port: int, items: tuple[WireItem, ...]) -> str:
    """The loop of pymavlink's own examples: answer each request until the acknowledgement."""
    os.environ["MAVLINK20"] = "1"
    from pymavlink import mavutil

    link = mavutil.mavlink_connection(f"tcp:127.0.0.1:{port}", source_system=255, source_component=190)
    try:
        if link.wait_heartbeat(timeout=20) is None:
            return "no heartbeat"
        end_s = time.monotonic() + _RUN_S
        begun = False
        while time.monotonic() < end_s:
            if not begun:
                link.mav.mission_count_send(link.target_system, link.target_component, len(items), 0)
            message = link.recv_match(
                type=["MISSION_REQUEST", "MISSION_REQUEST_INT", "MISSION_ACK"], blocking=True, timeout=3
            )
            if message is None:
                continue
            if message.get_type() == "MISSION_ACK":
                if message.type == 0:
                    return ""
                if message.type != 13:
                    return f"refused: {message.type}"
                continue
            begun = True
            link.mav.send(encode(items[message.seq], link.target_system, link.target_component))
        return "not within its time"
    finally:
        link.close()


def waypoint_file(path: Path, items: tuple[WireItem, ...]) -> None:
    """MAVProxy's format."""
    lines = ["QGC WPL 110"]
    lines += [
        f"{i.seq}\t{int(i.seq == 0)}\t{i.frame}\t{i.command}\t{i.param1:g}\t{i.param2:g}\t{i.param3:g}\t{i.param4:g}"
        f"\t{i.x / 1e7:.7f}\t{i.y / 1e7:.7f}\t{i.z:.3f}\t1"
        for i in items
    ]
    path.write_text("\n".join(lines) + "\n")


def mavproxy(program: Path, proxy: Watched, items: tuple[WireItem, ...], command: str) -> str:
    """``wp load`` or ``wp ftpload`` typed into a MAVProxy that has found the aircraft."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mission.txt"
        waypoint_file(path, items)
        python = program.parent / "python"
        process = subprocess.Popen(
            [
                str(python if python.exists() else sys.executable), str(program), f"--master=tcp:127.0.0.1:{proxy.port}",
                "--nowait", "--default-modules=wp,ftp,cmdlong", f"--aircraft={folder}/a", "--logfile=m.tlog",
            ],
            cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        said: list[str] = []
        assert process.stdin is not None
        assert process.stdout is not None
        reader = threading.Thread(target=lambda: said.extend(iter(process.stdout.readline, "")), daemon=True)
        reader.start()
        try:
            end_s = time.monotonic() + 30.0
            while not any("online system" in line for line in said) and time.monotonic() < end_s:
                time.sleep(0.1)
            # What it fetches at its start would share the link with the upload.
            time.sleep(8.0)
            process.stdin.write(f"wp {command} {path}\n")
            process.stdin.flush()
            took_s = proxy.wait(_RUN_S)
            time.sleep(0.5)
            return "" if took_s is not None else "not confirmed: " + " | ".join(s.strip() for s in said[-3:])
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            reader.join(5)


# -- the run ---------------------------------------------------------------------------------------------------------


def put_another(url: str) -> None:
    """Another mission than the one that is timed. An aircraft that has only just started takes none for some seconds."""
    for _ in range(_START_TRIES):
        status = ours(url, mission(3), True)
        if status.phase == "in_force":
            return
        time.sleep(_PAUSE_S)
    raise SystemExit(f"the aircraft takes no mission: {status.detail}")


def run_row(host: str, port: int, row: Row, rounds: int, slow_rounds: int, program: Path | None) -> dict[str, Timing]:
    """All programs in one condition; each begins with another mission on the aircraft."""
    direct = f"tcp://{host}:{port}"
    items = mission(row.items)
    programs: dict[str, tuple[int, Callable[[Watched], str]]] = {}
    timings: dict[str, Timing] = {}

    def station(name: str, use_ftp: bool) -> Callable[[Watched], str]:
        def run(proxy: Watched) -> str:
            status = ours(f"tcp://127.0.0.1:{proxy.port}", items, use_ftp)
            timings[name].with_readback_s.append(status.lists_upload_s + status.readback_s)
            timings[name].note = status.method
            return "" if status.phase == "in_force" else status.detail

        return run

    programs["ours, FTP"] = (rounds, station("ours, FTP", True))
    programs["ours, items"] = (rounds, station("ours, items", False))
    programs["pymavlink loop"] = (slow_rounds, lambda proxy: pymavlink_loop(proxy.port, items))
    if program is not None:
        programs["MAVProxy wp load"] = (slow_rounds, lambda proxy: mavproxy(program, proxy, items, "load"))
        programs["MAVProxy wp ftpload"] = (rounds, lambda proxy: mavproxy(program, proxy, items, "ftpload"))
    timings.update({name: Timing() for name in programs})
    # In turns, so that whatever else this machine does meets all of them.
    for number in range(max(times for times, _ in programs.values())):
        for name, (times, run) in programs.items():
            if number >= times:
                continue
            timing = timings[name]
            put_another(direct)
            # An aircraft that serves one connection needs a moment to see that the last one is gone.
            time.sleep(_PAUSE_S)
            with watched(host, port, row, 100 + number) as proxy:
                failure = run(proxy)
                took_s = proxy.wait(1.0)
            if not failure and took_s is not None:
                timing.upload_s.append(took_s)
            time.sleep(_PAUSE_S)
            differences = [d for d in compare_items(MissionKind.MISSION, items, held(direct)) if not _rounding(d)]
            if failure or took_s is None or differences:
                timing.failures.append(failure or (str(differences[0]) if differences else "no confirmation was seen"))
    return timings


def _rounding(difference: Difference) -> bool:
    """MAVProxy's floats are off by one in the seventh decimal, about a centimetre."""
    return difference.field in ("x", "y") and abs(difference.sent - difference.received) <= 1


def judge(row: Row, timings: dict[str, Timing]) -> dict[str, Any]:
    """Our file transfer against the best peer: at most 1.1 times its time, and twice it with the read-back."""
    peers = {n: statistics.median(t.upload_s) for n, t in timings.items() if not n.startswith("ours") and t.upload_s}
    mine, window = timings["ours, FTP"], timings["ours, items"]
    verdict: dict[str, Any] = {}
    if peers and mine.upload_s:
        best = min(peers, key=lambda n: peers[n])
        upload_s, whole_s = statistics.median(mine.upload_s), statistics.median(mine.with_readback_s)
        verdict = {
            "best_peer": best,
            "upload_of_best_peer": round(upload_s / peers[best], 2),
            "with_readback_of_best_peer": round(whole_s / peers[best], 2),
            "holds": upload_s <= 1.1 * peers[best] and whole_s <= 2.0 * peers[best] and not mine.failures,
        }
    if row.round_trip_s == 0.3 and window.upload_s:
        verdict["items_within_3_s"] = statistics.median(window.upload_s) <= 3.0
    return verdict


def main() -> int:
    """Print the table, or JSON; 0 when every row holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--link", required=True, metavar="tcp://HOST:PORT")
    parser.add_argument("--mavproxy", type=Path, metavar="PATH", help="mavproxy.py of an environment that has MAVProxy")
    parser.add_argument("--rounds", type=int, default=5, help="runs of the quick ones; the median counts")
    parser.add_argument("--slow-rounds", type=int, default=1, help="runs of those that go item by item")
    parser.add_argument("--rows", default="1,2,3", help="which rows, e.g. 2,3")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    address = urlsplit(options.link)
    if address.scheme != "tcp" or not address.hostname or not address.port:
        parser.error("--link: the proxy of this benchmark needs tcp://HOST:PORT")
    program = options.mavproxy if options.mavproxy and options.mavproxy.is_file() else None
    rows = [ROWS[int(n) - 1] for n in options.rows.split(",")]
    report: dict[str, Any] = {"link": options.link, "mavproxy": str(program) if program else "absent", "rows": []}
    for row in rows:
        timings = run_row(address.hostname, address.port, row, options.rounds, options.slow_rounds, program)
        verdict = judge(row, timings)
        report["rows"].append({"row": row.name, **verdict, "programs": {n: t.as_dict() for n, t in timings.items()}})
        if not options.json:
            print(f"{row.name}: {verdict}")
            for name, timing in timings.items():
                print(f"  {name:22} {timing.as_dict()}")
    if options.json:
        print(json.dumps(report, indent=1))
    return 0 if all(r.get("holds", True) and r.get("items_within_3_s", True) for r in report["rows"]) else 1


if __name__ == "__main__":
    sys.exit(main())
