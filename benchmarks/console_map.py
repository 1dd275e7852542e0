"""How fast the operator's map is: 5,000 moving tracks, trails on the 200 that matter, four aircraft, one 720p stream at 25/s.

    python benchmarks/console_map.py                  # the whole window, 20 s
    python benchmarks/console_map.py --map-only --seconds 10
    python benchmarks/console_map.py --seconds 3600   # memory over an hour
    python benchmarks/console_map.py --min-rate 25 --max-stall 100 --max-growth 10

Records go through the bus as the station's do, at the rates of the table of topics. The station's side is a process of its own to
which the console attaches, as with ``groundstation run``; ``--one-process`` leaves both in one. The stream is a real one: a
vision worker in its own process, with the shipped network, watches a live 720p camera (``console_camera.py``) and sends its
pictures and tracks.

Printed are: frames drawn a second, the worst time between two turns of Qt's loop (what a click waits for), the longest
collection of Python's garbage, and how much memory grew after the first quarter. ``gui_cpu_ms_per_frame`` is the GUI thread's
own work, which a busy machine does not change much. Off screen unless QT_QPA_PLATFORM says otherwise.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PyQt6.QtCore import QEvent, QObject, QTimer

from geofences.area import read_area
from groundstation.app.attach.client import AttachedStation
from groundstation.app.attach.server import ConsoleServer
from groundstation.app.attach.services import ALLOWED
from groundstation.app.attach.wire import Hello
from groundstation.app.config import AreaSection, StationConfig, VideoSection
from groundstation.app.vision_options import worker_settings
from groundstation.console.qt import make_application
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.forecast_records import BreachAhead, FlightForecast
from groundstation.core.records import VehicleId, VideoTracks
from groundstation.video.service import VideoService
from vision.records import GroundTracks, TrackStatus

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.helpers import records as r

ROOT = Path(__file__).resolve().parents[1]
TRACKS, STREAMS, TRACK_RATE_HZ = 5000, 4, 10.0


def resident_mb() -> float:
    """Resident memory of this process; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


class World:
    """Tracks that wander near the border, shared out over the streams; one in ten seconds is new."""

    def __init__(self, seed: int = 4) -> None:
        self._random = np.random.default_rng(seed)
        n = TRACKS
        self.east_north = self._random.uniform((-550, -150), (550, 400), (n, 2))
        turn = self._random.uniform(0, 2 * np.pi, n)
        self.velocity = self._random.uniform(0.3, 3.0, n)[:, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
        self.ids = np.arange(1, n + 1, dtype=np.int64)
        self.probability = np.eye(3)[self._random.choice(3, n, p=[0.7, 0.2, 0.1])]
        spread = self._random.uniform(1.5, 6.0, (n, 2))
        self.covariance = np.zeros((n, 4, 4))
        self.covariance[:, 0, 0], self.covariance[:, 1, 1] = spread.T**2
        self.covariance[:, 2, 2] = self.covariance[:, 3, 3] = 0.2
        self._next = n + 1

    def step(self, step_s: float) -> None:
        """Move all of them; now and then one goes and a new one comes."""
        self.east_north += self.velocity * step_s
        out = np.abs(self.east_north[:, 0]) > 600.0
        self.velocity[out, 0] *= -1.0
        for row in self._random.integers(0, TRACKS, self._random.poisson(TRACKS * step_s / 100.0)):
            self.ids[row] = self._next
            self._next += 1

    def records(self, frame_id: int) -> list[VideoTracks]:
        """One record for each stream."""
        lat, lon = r.FRAME.from_plane(self.east_north)
        now_us, now_ns = time.time_ns() // 1000, time.monotonic_ns()
        made = []
        for k in range(STREAMS):
            rows = np.arange(k, TRACKS, STREAMS)
            n = len(rows)
            # Twenty are in the picture now; the others were seen a moment ago, at the end of the camera's sweep.
            boxes = np.full((n, 4), np.nan)
            boxes[:20] = [[60.0 * b, 300.0, 60.0 * b + 12.0, 330.0] for b in range(20)]
            tracks = GroundTracks(
                frame_id, now_us, now_ns, self.ids[rows].copy(), lat[rows], lon[rows], np.full(n, 300.0),
                self.velocity[rows], self.covariance[rows], self.covariance[rows, :2, :2] * 0.8,
                self.probability[rows], np.full(n, int(TrackStatus.CONFIRMED)), np.full(n, now_us), boxes,
            )  # fmt: skip
            east = -420 + 280 * k
            footprint = tuple(r.place(east + e, no) for e, no in ((-60, 90), (60, 90), (80, 210), (-80, 210)))
            made.append(VideoTracks(f"made{k + 1}", VehicleId(k + 1, 1), tracks, None, footprint, now_us))
        return made


@contextmanager
def vision_worker(bus: Bus) -> Iterator[VideoService]:
    """A live 720p camera and the station's own vision worker on it, at work until the end."""
    folder = ROOT / "out" / "console_camera"
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"udp://127.0.0.1:{probe.getsockname()[1]}"
    camera = subprocess.Popen(
        [sys.executable, str(ROOT / "benchmarks" / "console_camera.py"), "--url", url, "--folder", str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    service: VideoService | None = None
    try:
        assert camera.stdin is not None
        assert camera.stdout is not None
        if not camera.stdout.readline():
            raise SystemExit("the camera could not be started")
        area = read_area(folder / "area" / "area.geojson")
        # As a station with a window starts it.
        config = StationConfig(area=AreaSection(folder=folder / "area"), video=VideoSection(url=url))
        settings = worker_settings(config, area, beside_window=True)
        service = VideoService(bus, "cam1", settings, VehicleId(1, 1), SystemClock())
        service.start()
        until_s = time.monotonic() + 60.0
        while bus.latest(topics.PREVIEW, "cam1") is None:
            if time.monotonic() > until_s:
                raise SystemExit("the vision worker sends no pictures")
            time.sleep(0.1)
        yield service
    finally:
        if service is not None:
            service.stop()
        if camera.stdin is not None:
            camera.stdin.close()
        camera.wait(20.0)


class Feed(threading.Thread):
    """Publishes what a station with four aircraft does."""

    def __init__(self, bus: Bus) -> None:
        super().__init__(name="feed", daemon=True)
        self._bus = bus
        self.stop = threading.Event()

    def run(self) -> None:
        """Until ``stop``."""
        world, started_s, done = World(), time.monotonic(), 0
        made: list[VideoTracks] = []
        tick_s = 1.0 / (STREAMS * TRACK_RATE_HZ)
        while not self.stop.is_set():
            # Cameras and aircraft are not in step with each other: one of each at a time, each ten times a second.
            rounds, k = divmod(done, STREAMS)
            done += 1
            now_us = time.time_ns() // 1000
            if k == 0:
                world.step(STREAMS * tick_s)
                made = world.records(rounds + 1)
            self._bus.publish(topics.VIDEO_TRACKS, made[k])
            angle = done * tick_s * 0.05 + k * np.pi / 2
            lat, lon = r.place(400 * np.cos(angle), 70 + 60 * np.sin(angle))
            state = r.make_state(
                vehicle_id=VehicleId(k + 1, 1), lat_deg=lat, lon_deg=lon, yaw_deg=np.degrees(-angle) % 360
            )
            self._bus.publish(topics.VEHICLE_STATE, state)
            if rounds % 5 == 0:
                ahead = FlightForecast(
                    VehicleId(k + 1, 1), now_us, (4.0, 2.0), (BreachAhead("edge", 9.0, 40.0, "box"),)
                )
                self._bus.publish(topics.FLIGHT_FORECAST, ahead)
            if done % (10 * STREAMS) == 0:
                for n in range(5):
                    self._bus.publish(
                        topics.REMOTE_TRACK, replace(r.make_remote_track(f"b-{n}"), lat_deg=r.place(0, 200 + 9 * n)[0])
                    )
            time.sleep(max(0.0, started_s + done * tick_s - time.monotonic()))


class Frames(QObject):
    """Counts the paintings of a widget, and how long the loop was away."""

    def __init__(self) -> None:
        super().__init__()
        self.count, self.worst_s, self.over_100_ms = 0, 0.0, 0
        self._last_s = time.perf_counter()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:  # noqa: N802
        """A paint event of the map's viewport."""
        if event is not None and event.type() == QEvent.Type.Paint:
            self.count += 1
        return False

    def beat(self) -> None:
        """Called every few milliseconds by the loop."""
        now_s = time.perf_counter()
        away_s = now_s - self._last_s
        self.worst_s = max(self.worst_s, away_s)
        self.over_100_ms += away_s > 0.1
        self._last_s = now_s

    def reset(self) -> None:
        """Begin to count."""
        self.count, self.worst_s, self.over_100_ms = 0, 0.0, 0
        self._last_s = time.perf_counter()


class Garbage:
    """How long Python's collections take: nothing else of the process runs meanwhile."""

    def __init__(self) -> None:
        self.worst_s, self.full = 0.0, 0
        self._began_s = 0.0
        gc.callbacks.append(self._on_collection)

    def _on_collection(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._began_s = time.perf_counter()
        else:
            self.worst_s = max(self.worst_s, time.perf_counter() - self._began_s)
            self.full += info["generation"] == 2


def main() -> int:
    """Run it; 1 when a limit was given and not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--warm-s", type=float, default=5.0, help="not counted, at the beginning")
    parser.add_argument("--map-only", action="store_true", help="the map without the window and without video")
    parser.add_argument("--one-process", action="store_true", help="station and console in one process")
    parser.add_argument("--station", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--no-vision", action="store_true", help="without the vision worker and its camera")
    parser.add_argument("--picture", type=Path, help="save what it looks like at the end")
    parser.add_argument("--profile", type=Path, help="write a cProfile of the GUI thread")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--min-rate", type=float, default=0.0)
    parser.add_argument("--max-stall", type=float, default=float("inf"), help="ms")
    parser.add_argument("--max-growth", type=float, default=float("inf"), help="MB")
    options = parser.parse_args()

    if options.station is not None:
        return station(options)
    if options.map_only or options.one_process:
        bus = Bus()
        with nullcontext() if options.map_only or options.no_vision else vision_worker(bus):
            feed = Feed(bus)
            try:
                return run(options, bus, feed.start)
            finally:
                feed.stop.set()
                if feed.is_alive():
                    feed.join()
    with tempfile.TemporaryDirectory(prefix="console-map-") as folder:
        return attached(options, Path(folder))


def station(options: argparse.Namespace) -> int:
    """The station's side: lets a console attach; publishes from the first line of its input to the end of it."""
    bus = Bus()
    hello = Hello("0", "benchmark", "operator", r.make_area(), r.make_terrain(), None, (), None, ())
    server = ConsoleServer(bus, options.station, lambda: hello, dict, ALLOWED)
    server.start()
    with nullcontext() if options.no_vision else vision_worker(bus):
        print("READY", flush=True)
        feed = Feed(bus)
        if sys.stdin.readline():
            feed.start()
            sys.stdin.read()
            feed.stop.set()
            feed.join()
    server.stop()
    return 0


def attached(options: argparse.Namespace, folder: Path) -> int:
    """The console in this process, its station in another."""
    command = [sys.executable, str(Path(__file__).resolve()), "--station", str(folder)]
    child = subprocess.Popen(
        [*command, *(["--no-vision"] if options.no_vision else [])], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    begin = child.stdin
    try:
        if child.stdout.readline().strip() != "READY":
            raise SystemExit("the station could not be started")
        console = AttachedStation(folder)
        console.connect(60.0)

        def start() -> None:
            begin.write("go\n")
            begin.flush()

        code = run(options, console.bus, start)
        console.close()
        return code
    finally:
        begin.close()
        try:
            child.wait(60.0)
        except subprocess.TimeoutExpired:
            child.kill()


def run(options: argparse.Namespace, bus: Bus, begin: Callable[[], None]) -> int:
    """The measurement itself; ``begin``: let the station's records come."""
    started_s = time.perf_counter()
    application = make_application()
    area, terrain = r.make_area(), r.make_terrain()
    if options.map_only:
        from groundstation.console.bridge import Bridge
        from groundstation.console.context import ConsoleContext, Selection
        from groundstation.console.map.view import MapView
        from groundstation.console.settings import ConsoleSettings

        bridge = Bridge(bus)
        view = MapView(ConsoleContext(bus, bridge, None, ConsoleSettings(), Selection(), area, terrain))
        window = view
    else:
        from groundstation.console.window import ConsoleWindow

        window = ConsoleWindow(bus, None, area, terrain)
        window.set_plan(r.make_plan(area))
        view, bridge = window.map, window.bridge
    window.resize(1600, 940)
    window.show()
    bridge.start() if options.map_only else window.start()
    view.show_all()
    application.processEvents()
    open_s = time.perf_counter() - started_s
    begin()
    frames, beat = Frames(), QTimer()
    view.canvas.viewport().installEventFilter(frames)
    beat.setInterval(2)
    beat.timeout.connect(frames.beat)
    beat.start()
    memory: list[float] = []

    def turn(seconds: float) -> None:
        until_s = time.perf_counter() + seconds
        seen_s = 0.0
        while time.perf_counter() < until_s:
            application.processEvents()
            if time.perf_counter() - seen_s > 1.0:
                seen_s = time.perf_counter()
                memory.append(resident_mb())
            time.sleep(0.001)

    turn(options.warm_s)
    garbage = Garbage()
    seen = bus.statistics()
    memory.clear()
    frames.reset()
    profile = None
    if options.profile is not None:
        import cProfile

        profile = cProfile.Profile(time.thread_time)  # its own work, not what it waited for
        profile.enable()
    busy_s, own_s, began_s = time.process_time(), time.thread_time(), time.perf_counter()
    turn(options.seconds)
    lasted_s = time.perf_counter() - began_s
    busy_s, own_s = time.process_time() - busy_s, time.thread_time() - own_s
    if profile is not None:
        profile.disable()
        profile.dump_stats(options.profile)
    after = bus.statistics()
    health = bus.latest(topics.STREAM_HEALTH, "cam1")
    if options.picture is not None:
        window.grab().save(str(options.picture))
    bridge.stop()
    view.backgrounds.close()
    quarter = memory[len(memory) // 4 :] or [0.0]
    result = {
        "tracks": TRACKS,
        "processes": 1 if options.map_only or options.one_process else 2,
        "seconds": round(lasted_s, 1),
        "frames_per_s": round(frames.count / lasted_s, 1),
        "worst_stall_ms": round(frames.worst_s * 1000, 1),
        "stalls_over_100_ms": frames.over_100_ms,
        "gc_worst_ms": round(garbage.worst_s * 1000, 1),
        "gc_full": garbage.full,
        "pictures_per_s": round((after["preview"].count - seen["preview"].count) / lasted_s, 1),
        "vision_frames_per_s": 0.0 if health is None else health.health.processed_per_s,
        "vision_inference_ms": 0.0 if health is None else health.health.inference_ms,
        "memory_mb": round(quarter[-1], 1),
        "growth_mb": round(quarter[-1] - quarter[0], 1),
        "window_open_s": round(open_s, 2),
        "gui_cpu_ms_per_frame": round(own_s / max(frames.count, 1) * 1000, 1),
        "process_cpu_share": round(busy_s / lasted_s, 2),
        "load_average": [round(v, 1) for v in os.getloadavg()],
    }
    window.close()
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:20s} {value}")
    kept = (
        result["frames_per_s"] >= options.min_rate
        and result["worst_stall_ms"] <= options.max_stall
        and result["growth_mb"] <= options.max_growth
    )
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
