"""The simulator as a program: world, autopilot, MAVLink servers, video and truth, in one process."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2

from geofences.errors import ConfigError, MarchwardenError
from sim.autopilot import Autopilot, ErrorSizes
from sim.autopilot.camera import CameraFacts
from sim.autopilot.kinds import KINDS
from sim.autopilot.misbehave import check_names, table
from sim.camera import Renderer
from sim.scenario import Scenario, load_scenario
from sim.server import MavlinkServer, MavlinkUrl, parse_mavlink_url
from sim.truth import TruthRecorder, VideoFacts
from sim.video import CameraStream
from sim.world import World, write_area_folder

_log = logging.getLogger("sim.runner")

DEFAULT_MAVLINK = ("tcpin://127.0.0.1:5760", "udpout://127.0.0.1:14550")
DEFAULT_VIDEO = "udp://127.0.0.1:5600"
DEFAULT_SCENARIO = "border_day"
READY_LINE = "SIM READY"


def wind_en_m_s(scenario: Scenario) -> tuple[float, float]:
    """The mean wind as a velocity east, north: it blows away from where it comes from."""
    towards = math.radians(scenario.wind.from_deg + 180.0)
    return scenario.wind.speed_m_s * math.sin(towards), scenario.wind.speed_m_s * math.cos(towards)


def make_autopilot(
    world: World,
    *,
    start_utc_us: int,
    parameters: dict[str, float] | None = None,
    kind: str = "copter",
    misbehave: Sequence[str] = (),
    video_url: str | None = None,
    camera_component: int = 1,
) -> Autopilot:
    """An autopilot that stands on the launch point of a world, with the sensor errors and camera of its scenario."""
    noise, camera = world.scenario.noise, world.scenario.camera
    facts = CameraFacts(
        camera.width_px, camera.height_px, camera.fps, camera.hfov_deg, camera.bitrate_bit_s,
        camera.sensor == "thermal", video_url or "", camera_component,
    )  # fmt: skip
    launch = world.area().launch
    return Autopilot(
        launch.lat_deg,
        launch.lon_deg,
        world.ground_amsl_m,
        start_utc_us=start_utc_us,
        seed=world.seed,
        error_sizes=ErrorSizes(
            noise.gps_sigma_m,
            noise.gps_correlation_s,
            noise.attitude_sigma_deg,
            noise.attitude_correlation_s,
            noise.gimbal_sigma_deg,
            noise.gimbal_correlation_s,
        ),
        wind_en_m_s=wind_en_m_s(world.scenario),
        parameters=parameters,
        kind=kind,
        misbehave=misbehave,
        camera=facts,
    )


class Simulator:
    """Everything that ``groundstation sim`` runs.

    :meth:`run` blocks; :meth:`start` and :meth:`stop` run it in a thread of its own. After either has returned nothing of
    it is left: no socket, no thread, no process. ``speedup`` is for tests and goes without video. ``kind`` and
    ``misbehave``: see :class:`Autopilot`.
    """

    def __init__(
        self,
        scenario_name: str = DEFAULT_SCENARIO,
        seed: int = 1,
        mavlink_urls: Sequence[str] = DEFAULT_MAVLINK,
        video_url: str | None = DEFAULT_VIDEO,
        out_dir: Path | None = None,
        *,
        speedup: float = 1.0,
        duration_s: float | None = None,
        parent_pid: int | None = None,
        parameters: dict[str, float] | None = None,
        on_ready: Callable[[], None] | None = None,
        kind: str = "copter",
        misbehave: Sequence[str] = (),
        camera_component: int = 1,
    ) -> None:
        check_names(misbehave)
        self._kind, self._misbehave, self._camera_component = kind, tuple(misbehave), camera_component
        self._urls: list[MavlinkUrl] = [parse_mavlink_url(url) for url in mavlink_urls]
        if speedup != 1.0 and video_url is not None:
            raise ConfigError("video cannot be made faster than real time", "give --no-video with --speedup")
        if parameters is not None:
            known = Autopilot(0.0, 0.0, lambda lat, lon: 0.0, kind=kind).parameters
            for name in parameters:
                if known.by_name(name) is None:
                    raise ConfigError(f"the simulated autopilot has no parameter {name!r}", "check its spelling")
        self.scenario = load_scenario(scenario_name)
        self.seed = seed
        self.world = World(self.scenario, seed)
        self._video_url, self._out_dir, self._speedup = video_url, out_dir, speedup
        self._duration_s, self._parent_pid, self._on_ready = duration_s, parent_pid, on_ready
        self._parameters = parameters
        self.start_utc_us = 0
        self.autopilot: Autopilot | None = None
        self.server: MavlinkServer | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self._ready = threading.Event()

    # Life.

    def run(self) -> None:
        """Run until SIGINT, SIGTERM, the end of ``duration_s`` or of the parent. Main thread only."""
        asyncio.run(self._main(signals=True))

    def start(self) -> None:
        """Run in a thread; returns when everything listens, or raises what went wrong."""

        def body() -> None:
            try:
                asyncio.run(self._main(signals=False))
            except BaseException as error:
                self._failure = error
            finally:
                self._ready.set()

        self._thread = threading.Thread(target=body, name="simulator", daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            raise self._failure

    def stop(self) -> None:
        """End what :meth:`start` began and wait for it; raises what went wrong meanwhile."""
        if self._thread is None:
            return
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None:
            with contextlib.suppress(RuntimeError):  # the loop has ended by itself
                loop.call_soon_threadsafe(stop.set)
        self._thread.join()
        self._thread = None
        if self._failure is not None:
            raise self._failure

    def set_speedup(self, speedup: float) -> None:
        """Change how fast simulated time runs; any thread."""
        loop, server = self._loop, self.server
        if loop is not None and server is not None:
            loop.call_soon_threadsafe(setattr, server, "speedup", speedup)

    async def _main(self, *, signals: bool) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        stop = self._stop
        # Ports first: one that is taken must be told before anything is written or painted.
        autopilot = make_autopilot(
            self.world,
            start_utc_us=time.time_ns() // 1000,
            parameters=self._parameters,
            kind=self._kind,
            misbehave=self._misbehave,
            video_url=self._video_url,
            camera_component=self._camera_component,
        )
        server = MavlinkServer(autopilot, self._urls, speedup=self._speedup)
        await server.open()
        self.autopilot, self.server = autopilot, server
        camera: CameraStream | None = None
        recorder: TruthRecorder | None = None
        watch: asyncio.Task[None] | None = None
        try:
            if self._out_dir is not None:
                _write_area(self.world, self._out_dir)
            # Painting the ground takes seconds; the simulated time begins after it.
            renderer = Renderer(self.world) if self._video_url is not None else None
            self.start_utc_us = autopilot.start_utc_us = time.time_ns() // 1000
            recorder = self._make_recorder()
            if renderer is not None and self._video_url is not None:
                camera = CameraStream(
                    self.world, self.scenario, autopilot, self._video_url, self.start_utc_us, recorder, renderer
                )
                camera.start()
            if recorder is not None:
                autopilot.on_true_breach = _breach_writer(autopilot, recorder)
            handled = self._handle_signals(stop) if signals else ()
            if self._parent_pid is not None:
                watch = asyncio.create_task(_watch_parent(self._parent_pid, stop))
            if self._duration_s is not None:
                self._loop.call_later(self._duration_s, stop.set)
            self._ready.set()
            if self._on_ready is not None:
                self._on_ready()
            try:
                await server.run(stop)
            finally:
                for number in handled:
                    self._loop.remove_signal_handler(number)
        finally:
            if watch is not None:
                watch.cancel()
            if camera is not None:
                camera.stop()
            await server.close()
            if recorder is not None:
                recorder.note_time(autopilot.truth().t_s)
                recorder.close()
        if camera is not None and camera.failure is not None:
            raise camera.failure

    def _make_recorder(self) -> TruthRecorder | None:
        if self._out_dir is None:
            return None
        camera = self.scenario.camera
        facts = VideoFacts("h264", camera.width_px, camera.height_px, has_klv=True) if self._video_url else None
        facts = facts or VideoFacts("none", 0, 0, has_klv=False)
        return TruthRecorder(self.world, self._out_dir / "truth" / "truth.json", self.start_utc_us, facts)

    def _handle_signals(self, stop: asyncio.Event) -> tuple[signal.Signals, ...]:
        assert self._loop is not None
        wanted = (signal.SIGINT, signal.SIGTERM)
        try:
            for number in wanted:
                self._loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: asyncio.run turns Ctrl-C into a cancellation, which the finally sees
            return ()
        return wanted


def _write_area(world: World, out_dir: Path) -> None:
    try:
        write_area_folder(world, out_dir / "area")
    except OSError as error:
        raise ConfigError(
            f"{out_dir}: cannot be written: {error.strerror}", "give another folder with --out"
        ) from error


def _breach_writer(autopilot: Autopilot, recorder: TruthRecorder) -> Callable[[str], None]:
    def note(what: str) -> None:
        truth = autopilot.truth()
        recorder.note_breach(truth.t_s, truth.lat_deg, truth.lon_deg, what)

    return note


async def _watch_parent(pid: int, stop: asyncio.Event) -> None:
    """Set ``stop`` when the process ``pid`` has ended."""
    if os.name == "nt":
        _log.warning("--parent-pid is not watched on Windows")  # os.kill(pid, 0) would interrupt it there
        return
    ours = os.getppid() == pid
    while not stop.is_set():
        gone = ours and os.getppid() != pid
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            gone = True
        except PermissionError:
            pass
        if gone:
            _log.warning("the parent process %d has ended", pid)
            stop.set()
            return
        await asyncio.sleep(1.0)


def _describe(simulator: Simulator, video_url: str | None) -> list[str]:
    assert simulator.server is not None
    launch = simulator.world.area().launch
    lines = [
        f"scenario {simulator.scenario.name}, seed {simulator.seed}, launch at {launch.lat_deg:.6f}, {launch.lon_deg:.6f}"
    ]
    for url in simulator.server.addresses:
        if url.kind == "tcpin":
            lines.append(f"MAVLink  {url}   (MAVProxy: mavproxy.py --master tcp:{url.host}:{url.port})")
        elif url.kind == "udpout":
            lines.append(
                f"MAVLink  {url}   (QGroundControl finds it by itself on port 14550; MAVProxy: --master udp:{url.host}:{url.port})"
            )
        else:
            lines.append(f"MAVLink  {url}   (MAVProxy: mavproxy.py --master udpout:{url.host}:{url.port})")
    if video_url is not None:
        port = video_url.rsplit(":", 1)[-1]
        lines.append(f"video    {video_url}   (VLC: vlc udp://@:{port})")
    return lines


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="groundstation sim", description="A simulated border, an autopilot over it, and its camera."
    )
    parser.add_argument("--scenario", default=DEFAULT_SCENARIO, metavar="NAME", help="shipped scenario, or a TOML file")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument(
        "--mavlink", action="append", metavar="URL", help=f"may be given again; default {' and '.join(DEFAULT_MAVLINK)}"
    )
    parser.add_argument("--video", default=DEFAULT_VIDEO, metavar="URL", help=f"default {DEFAULT_VIDEO}")
    parser.add_argument("--no-video", action="store_true")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write the area and, at the end, the truth")
    parser.add_argument("--duration-s", type=float, metavar="S", help="end by itself after so many seconds")
    parser.add_argument(
        "--speedup", type=float, default=1.0, metavar="X", help="simulated seconds per second; no video"
    )
    parser.add_argument("--vehicle", default="copter", choices=sorted(KINDS), help="what it says it is; flies the same")
    parser.add_argument("--sysid", type=int, metavar="N", help="system id, 1 to 254; default 1")
    parser.add_argument(
        "--misbehave", default="", metavar="NAME[,NAME]", help="misbehaviours to switch on; 'list' shows them all"
    )
    parser.add_argument(
        "--camera-component", type=int, default=1, choices=(1, *range(100, 106)), metavar="ID",
        help="component id that answers for the camera: 1 (the autopilot) or 100 to 105 (a camera of its own)",
    )  # fmt: skip
    parser.add_argument("--parent-pid", type=int, metavar="PID", help="end when that process has ended")
    parser.add_argument("--log", default="WARNING", metavar="LEVEL", help="DEBUG, INFO, WARNING or ERROR")
    return parser


def _parameters_of(arguments: argparse.Namespace) -> dict[str, float] | None:
    if arguments.sysid is None:
        return None
    if not 1 <= arguments.sysid <= 254:
        raise ConfigError(f"--sysid {arguments.sysid} is no system id of a vehicle", "give a number from 1 to 254")
    new = "MAV_SYSID" in KINDS[arguments.vehicle].renamed
    return {"MAV_SYSID" if new else "SYSID_THISMAV": float(arguments.sysid)}


def run_sim(argv: Sequence[str]) -> int:
    """Run the simulator from command line arguments; the exit code."""
    arguments = _parser().parse_args(list(argv))
    if arguments.misbehave == "list":
        print(table())
        return 0
    logging.basicConfig(level=arguments.log.upper(), format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    # One thread: pictures are small work, and what OpenCV's threads spin away is missing to the station beside us.
    cv2.setNumThreads(1)
    video_url = None if arguments.no_video else arguments.video
    simulator: Simulator | None = None

    def ready() -> None:
        assert simulator is not None
        for line in _describe(simulator, video_url):
            print(line)
        print(READY_LINE, flush=True)

    try:
        simulator = Simulator(
            arguments.scenario,
            arguments.seed,
            arguments.mavlink or DEFAULT_MAVLINK,
            video_url,
            arguments.out,
            speedup=arguments.speedup,
            duration_s=arguments.duration_s,
            parent_pid=arguments.parent_pid,
            on_ready=ready,
            parameters=_parameters_of(arguments),
            kind=arguments.vehicle,
            misbehave=[name for name in arguments.misbehave.split(",") if name],
            camera_component=arguments.camera_component,
        )
        with contextlib.suppress(KeyboardInterrupt):  # where signals cannot be handled: Windows
            simulator.run()
    except MarchwardenError as error:
        print(f"groundstation sim: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of ``python -m sim``."""
    return run_sim(sys.argv[1:] if argv is None else argv)
