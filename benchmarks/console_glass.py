"""Glass to glass: from the moment at which the simulator's camera takes a picture to its pixels on the window.

    python benchmarks/console_glass.py                       # the console in the station's process
    python benchmarks/console_glass.py --attached            # in a process of its own, on a running station
    python benchmarks/console_glass.py --max-median 250 --seconds 60 --json

The way is the station's own: the simulator renders and encodes 720p, MPEG-TS over UDP, the vision worker decodes it, detects
and tracks, the console paints. The camera burns its capture time (milliseconds of UTC, 24 bits, and a check of 8) into each picture
as black and white squares. Another process looks at the X server's screen where these are, again and again, and takes the first
sight of each new time: what is measured has been seen on the screen, as a picture, and includes the way of looking (some ms).

Printed: median and 95th percentile of that delay; ``to_console_ms``, the age of a picture when it reaches the GUI thread;
``carried_ms``, how much older the analysed frame is that its boxes come from; pictures a second on the screen.
Needs Xvfb, unless DISPLAY names an X server with a screen of 1700 x 1000.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
SQUARE_PX, BITS, LEFT_PX, TOP_PX = 24, 32, 256, 120
"""Of the 1280 x 720 picture; on the screen a square is about half as large."""


# -- the code in the picture -------------------------------------------------------------------------------------------


def bits_of(t_ms: int) -> list[bool]:
    """24 bits of the time, then 8 that guard them."""
    value = t_ms % (1 << 24)
    check = (value ^ (value >> 8) ^ (value >> 16) ^ 0x5A) & 0xFF
    whole = value << 8 | check
    return [bool(whole >> (BITS - 1 - k) & 1) for k in range(BITS)]


def burn(image: NDArray[np.uint8], t_ms: int) -> None:
    """Draw the code, on a grey rim."""
    image[TOP_PX - 8 : TOP_PX + SQUARE_PX + 8, LEFT_PX - 8 : LEFT_PX + BITS * SQUARE_PX + 8] = 90
    for k, bit in enumerate(bits_of(t_ms)):
        image[TOP_PX : TOP_PX + SQUARE_PX, LEFT_PX + k * SQUARE_PX : LEFT_PX + (k + 1) * SQUARE_PX] = 235 if bit else 16


def read_code(grey: NDArray[np.uint8]) -> int | None:
    """The time (24 bits of milliseconds) of a strip as wide as the code, or None for anything else."""
    height, width = grey.shape
    middle = grey[height // 3 : max(2 * height // 3, height // 3 + 1)].mean(axis=0)
    at = [int((k + 0.5) * width / BITS) for k in range(BITS)]
    level = np.array([middle[max(0, x - 1) : x + 2].mean() for x in at])
    if ((level > 90) & (level < 160)).any():
        return None
    whole = int("".join("1" if v > 128 else "0" for v in level), 2)
    value, check = whole >> 8, whole & 0xFF
    return value if check == (value ^ (value >> 8) ^ (value >> 16) ^ 0x5A) & 0xFF else None


# -- the parts, each a process -----------------------------------------------------------------------------------------


def camera(options: argparse.Namespace) -> int:
    """The simulator's camera over the border, until it is ended."""
    from sim.camera import Renderer
    from sim.scenario import load_scenario
    from sim.state import SensorErrors, VehicleTruth
    from sim.video import CameraStream
    from sim.world import World, write_area_folder

    scenario = load_scenario(options.scenario)
    world = World(scenario, options.seed)
    write_area_folder(world, options.out / "area")
    area = world.area()
    start_us = 0

    class Stamped(Renderer):
        def render(self, pose: Any, t_s: float, extra: Any = None) -> Any:
            image, visible = super().render(pose, t_s, extra)
            burn(image, start_us // 1000 + round(t_s * 1000))
            return image, visible

    class Hover:
        """Over the launch point, looking at the border, the camera panning slowly."""

        def truth(self) -> VehicleTruth:
            now_us = time.time_ns() // 1000
            t_s = (now_us - start_us) / 1e6
            lat, lon = area.launch.lat_deg, area.launch.lon_deg
            return VehicleTruth(
                t_s, now_us, lat, lon, world.ground_amsl_m(lat, lon) + 70.0, 0.0, 0.0, 0.0, (0.0, 0.0, 0.0),
                15.0 * float(np.sin(t_s / 4.0)), -30.0, 0.0, True, "AUTO",
            )  # fmt: skip

        def errors(self) -> SensorErrors:
            return SensorErrors()

    renderer = Stamped(world)
    start_us = time.time_ns() // 1000
    stream = CameraStream(world, scenario, Hover(), options.video, start_us, None, renderer)
    stream.start()
    print("CAMERA READY", flush=True)
    sys.stdin.read()  # until the parent has gone
    stream.stop()
    print(json.dumps({"frames_sent": stream.frames_sent, "frames_dropped": stream.frames_dropped}), flush=True)
    return 0


def console(options: argparse.Namespace) -> int:
    """A window on the bus of a station, in this process or (``--attached``) another. Tells where the code is on the screen."""
    from PyQt6.QtCore import QPoint, QTimer

    from groundstation.console.qt import make_application

    application = make_application()
    from groundstation.console.window import ConsoleWindow

    station: Any
    if options.attached:
        from groundstation.app.attach.client import AttachedStation

        station = AttachedStation(options.out / "station")
        hello = station.connect()
        area, terrain = hello.area, hello.terrain
    else:
        station = _station(options)
        station.start()
        area, terrain = station.area, station.terrain
    window = ConsoleWindow(station.bus, None, area, terrain)
    window.move(0, 0)
    window.start()
    window.show()
    stream = "cam1"
    ages: list[float] = []
    carried: list[float] = []

    def on_preview(_: object) -> None:
        shown = window.video.streams[stream].live()
        ages.append(shown.age_s * 1000)
        if shown.tracks is not None:
            carried.append(shown.carried_s * 1000)

    window.bridge.preview.connect(on_preview)

    def tell() -> None:
        picture = window.video.pictures.get(stream)
        if picture is None or picture.shown is None:
            QTimer.singleShot(300, tell)
            return
        target, (width, _) = picture.target(), picture.shown.full_size
        corner, scale = picture.mapToGlobal(QPoint(0, 0)), target.width() / width
        print(
            json.dumps(
                {
                    "x": corner.x() + target.left() + LEFT_PX * scale,
                    "y": corner.y() + target.top() + TOP_PX * scale,
                    "width": BITS * SQUARE_PX * scale,
                    "height": SQUARE_PX * scale,
                }
            ),
            flush=True,
        )
        ages.clear()
        carried.clear()

    QTimer.singleShot(1000, tell)
    ended = threading.Event()

    def wait_for_end() -> None:
        sys.stdin.read()
        ended.set()

    threading.Thread(target=wait_for_end, daemon=True).start()
    watch = QTimer()
    watch.timeout.connect(lambda: application.quit() if ended.is_set() else None)
    watch.start(100)
    application.exec()
    if options.picture is not None:
        window.grab().save(str(options.picture))
    print(json.dumps({"to_console_ms": _figures(ages), "carried_ms": _figures(carried)}), flush=True)
    window.close()
    (station.close if options.attached else station.stop)()
    return 0


def _station(options: argparse.Namespace) -> Any:
    from groundstation.app.config import AreaSection, StationConfig, StationSection, VideoSection
    from groundstation.app.station import Station

    return Station(
        StationConfig(
            station=StationSection(name="glass", data_dir=options.out / "station", operator="benchmark"),
            area=AreaSection(folder=options.out / "area"),
            video=VideoSection(url=options.video, stream="cam1"),
        )
    )


def lone_station(options: argparse.Namespace) -> int:
    """A station without a console that lets others attach."""
    from groundstation.app.attach.setup import console_server

    station = _station(options)
    station.start()
    server = console_server(station, station._config)
    server.start()
    print("STATION READY", flush=True)
    sys.stdin.read()
    server.stop()
    station.stop()
    return 0


# -- looking at the screen ---------------------------------------------------------------------------------------------


def look(place: dict[str, float], seconds: float) -> tuple[list[float], float]:
    """Delays in milliseconds of the pictures first seen within ``seconds``, and how often a second was looked."""
    from PyQt6.QtGui import QGuiApplication, QImage

    application = QGuiApplication.instance() or QGuiApplication(sys.argv[:1])
    assert isinstance(application, QGuiApplication)
    screen = application.primaryScreen()
    assert screen is not None
    x, y, width, height = (round(place[name]) for name in ("x", "y", "width", "height"))
    delays: list[float] = []
    last, looks = -1, 0
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s:
        image = screen.grabWindow(0, x, y, width, height).toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        now_ms = time.time_ns() // 1_000_000
        looks += 1
        bits = image.constBits()
        assert bits is not None
        bits.setsize(image.sizeInBytes())
        grey = np.frombuffer(bits, np.uint8).reshape(image.height(), image.bytesPerLine())[:, : image.width()]
        code = read_code(grey)
        if code is not None and code != last:
            if last >= 0:
                delays.append(float((now_ms - code) % (1 << 24)))
            last = code
        time.sleep(0.004)
    return delays, looks / seconds


def _figures(values: list[float]) -> dict[str, float] | None:
    if not values:
        return None
    ordered = sorted(values)
    return {
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        "count": len(ordered),
    }


@contextmanager
def display() -> Iterator[str]:
    """The X server that DISPLAY names, or one of our own."""
    if os.environ.get("DISPLAY"):
        yield os.environ["DISPLAY"]
        return
    program = shutil.which("Xvfb")
    if program is None:
        raise SystemExit("no DISPLAY, and Xvfb is not installed")
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(write_end), "-screen", "0", "1700x1000x24", "-nolisten", "tcp"],
        pass_fds=(write_end,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write_end)
    try:
        with os.fdopen(read_end) as pipe:
            yield f":{pipe.readline().strip()}"
    finally:
        server.terminate()
        server.wait(10)


class Part:
    """A child that says a line when it is ready and ends when its input does."""

    def __init__(self, role: str, arguments: list[str], environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--role", role, *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT,
        )  # fmt: skip

    def line(self) -> str:
        """The next line that it says. Raises :class:`SystemExit` when it has ended."""
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        if not said:
            raise SystemExit(f"a part ended early: {self.process.args}")
        return said.strip()

    def end(self) -> str:
        """Ask it to end; its last words."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        if not self.process.stdin.closed:
            self.process.stdin.close()
        try:
            words = self.process.stdout.read()
            self.process.wait(30.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return ""
        return words.strip().splitlines()[-1] if words.strip() else ""


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Start the parts, look, and end them."""
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    parts: list[Part] = []
    with display() as shown_on, tempfile.TemporaryDirectory() as folder:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("QT_")}
        environment |= {"DISPLAY": shown_on, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
        os.environ.update({"DISPLAY": shown_on, "QT_QPA_PLATFORM": "xcb"})
        arguments = ["--out", folder, "--video", f"udp://127.0.0.1:{port}", "--scenario", options.scenario]
        arguments += ["--seed", str(options.seed)]
        try:
            film = Part("camera", arguments, environment)
            parts.append(film)
            film.line()
            if options.attached:
                station = Part("station", arguments, environment)
                parts.append(station)
                station.line()
                arguments.append("--attached")
            if options.picture is not None:
                arguments += ["--picture", str(options.picture)]
            window = Part("console", arguments, environment)
            parts.append(window)
            place = json.loads(window.line())
            look(place, options.warm_s)
            delays, looks = look(place, options.seconds)
            told = json.loads(window.end() or "{}")
            parts.remove(window)
            sent = json.loads(film.end() or "{}")
            parts.remove(film)
        finally:
            for part in reversed(parts):
                part.end()
    return {
        "glass_to_glass_ms": _figures(delays),
        "pictures_per_s_on_screen": round(len(delays) / options.seconds, 1),
        "looks_per_s": round(looks, 1),
        **told,
        **sent,
        "attached": options.attached,
        "seconds": options.seconds,
        "load_average": [round(v, 1) for v in os.getloadavg()],
    }


def main() -> int:
    """Measure; 1 when the median is over what was asked, or nothing was seen."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--warm-s", type=float, default=5.0, help="not counted, at the beginning")
    parser.add_argument("--attached", action="store_true", help="the console in a process of its own")
    parser.add_argument("--scenario", default="border_day")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--max-median", type=float, default=250.0, help="ms")
    parser.add_argument("--picture", type=Path, help="save what the window looks like at the end")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--role", choices=("camera", "console", "station"), help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--video", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.role is not None:
        return {"camera": camera, "console": console, "station": lone_station}[options.role](options)
    result = measure(options)
    if options.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:26s} {value}")
    seen = result["glass_to_glass_ms"]
    return 0 if seen is not None and seen["median"] <= options.max_median else 1


if __name__ == "__main__":
    raise SystemExit(main())
