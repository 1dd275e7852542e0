"""``groundstation doctor``: looks at this machine and says what to do. Changes nothing."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

Verdict = Literal["ok", "warning", "fault"]
_MIN_FREE_GB = 2.0
# Ports that the defaults use: MAVLink as ArduPilot SITL's users expect, the video, the neighbour.
_PORTS: tuple[tuple[str, int, int], ...] = (
    ("MAVLink TCP", 5760, socket.SOCK_STREAM),
    ("MAVLink UDP", 14550, socket.SOCK_DGRAM),
    ("video UDP", 5600, socket.SOCK_DGRAM),
    ("neighbour TCP", 7447, socket.SOCK_STREAM),
)


@dataclass(frozen=True)
class Check:
    """One line of the doctor."""

    name: str
    verdict: Verdict
    found: str
    remedy: str = ""


def check_python() -> Check:
    """The interpreter."""
    found = f"{sys.version.split()[0]} at {sys.executable}"
    return Check("Python", "ok", found)


def check_packages() -> Check:
    """Whether everything that the default install names can be imported."""
    missing = []
    for name in (
        "numpy",
        "scipy",
        "shapely",
        "pyproj",
        "pymavlink",
        "cv2",
        "av",
        "onnxruntime",
        "zenoh",
        "PyQt6.QtCore",
    ):
        try:
            importlib.import_module(name)
        except (ImportError, OSError) as error:
            missing.append(f"{name} ({error})")
    if missing:
        return Check("Packages", "fault", "; ".join(missing), "run the install line of the README again")
    return Check("Packages", "ok", "all import")


def check_display() -> Check:
    """Whether Qt can open a window, tried in a process of its own, since Qt aborts where it cannot."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return Check("Display", "warning", "none (no DISPLAY)", "use --headless, or start it in a desktop session")
    program = (
        "from PyQt6.QtGui import QGuiApplication as A; a = A([]); print(a.platformName(), a.primaryScreen().size())"
    )
    try:
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=False)
    except subprocess.TimeoutExpired:
        return Check("Display", "fault", "Qt did not answer in 30 s", "check the X server or the remote display")
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["Qt ended with an error"])[-1]
        return Check("Display", "fault", last, "run scripts/setup.sh: it names the system libraries that are missing")
    return Check("Display", "ok", done.stdout.strip())


def check_codecs() -> Check:
    """H.264 both ways and MPEG-TS."""
    import av

    missing = []
    wanted: tuple[tuple[str, Literal["r", "w"]], ...] = (("libx264", "w"), ("h264", "r"))
    for name, mode in wanted:
        try:
            av.codec.Codec(name, mode)
        except ValueError:
            missing.append(f"{name} ({'encoder' if mode == 'w' else 'decoder'})")
    if "mpegts" not in av.formats_available:
        missing.append("mpegts")
    if missing:
        return Check("Codecs", "fault", "missing: " + ", ".join(missing), "pip install --force-reinstall av")
    return Check("Codecs", "ok", f"H.264, MPEG-TS, KLV by PyAV {av.__version__}")


def check_model(config: Path | None = None) -> Check:
    """Whether the detector's model is there, whole, and runs: the shipped one, or that of a station's file."""
    import numpy as np

    from groundstation.app.config import StationConfig, read_config
    from groundstation.app.vision_options import detector_options
    from groundstation.core.errors import ConfigError, ModelError
    from vision.detectors.factory import open_detector

    try:
        vision = (StationConfig() if config is None else read_config(config)).vision
        detector = open_detector(vision.model, detector_options(vision))
        started_s = time.monotonic()
        detector.detect(np.zeros((384, 640, 3), dtype=np.uint8))
        spent_ms = 1e3 * (time.monotonic() - started_s)
    except (ConfigError, ModelError) as error:
        return Check("Model", "fault", error.message, error.remedy)
    return Check("Model", "ok", f"{detector.info.name} ({detector.info.runtime}), first picture in {spent_ms:.0f} ms")


def check_ports() -> list[Check]:
    """Whether the default ports are free. A port in use is only a warning: other ports can be given."""
    checks = []
    for name, port, kind in _PORTS:
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
                checks.append(Check(f"Port {port}", "ok", f"free ({name})"))
            except OSError as error:
                remedy = "end the program that holds it, or give another port in the URL"
                checks.append(Check(f"Port {port}", "warning", f"{name}: {error.strerror}", remedy))
    return checks


def check_disk(folder: Path) -> Check:
    """Free space where the recordings go."""
    try:
        free_gb = shutil.disk_usage(folder).free / 1e9
    except OSError as error:
        return Check("Disk", "fault", f"{folder}: {error.strerror}", "give another folder with --out or data_dir")
    verdict: Verdict = "ok" if free_gb >= _MIN_FREE_GB else "warning"
    return Check("Disk", verdict, f"{free_gb:.1f} GB free at {folder}", "" if verdict == "ok" else "make room")


def check_clock() -> Check:
    """Whether the clock is set and, where that can be known, kept by a time service."""
    if time.gmtime().tm_year < 2025:
        return Check("Clock", "fault", time.strftime("%Y-%m-%d %H:%M:%SZ", time.gmtime()), "set the clock (NTP)")
    if shutil.which("timedatectl"):
        done = subprocess.run(
            ["timedatectl", "show", "-p", "NTPSynchronized", "--value"],
            capture_output=True,
            text=True,
            check=False,
            timeout=10,
        )
        if done.stdout.strip() == "no":
            return Check("Clock", "warning", "not synchronised", "turn NTP on: tracks from two stations need one time")
        if done.stdout.strip() == "yes":
            return Check("Clock", "ok", "synchronised")
    return Check(
        "Clock", "ok", f"{time.strftime('%H:%M:%SZ', time.gmtime())}; whether NTP keeps it cannot be told here"
    )


def check_sound() -> Check:
    """Whether alerts can be heard and spoken."""
    from groundstation.app.doctor_sound import sound_found

    found, remedy = sound_found()
    return Check("Sound", "warning" if remedy else "ok", found, remedy)


def check_sitl() -> Check:
    """Where ArduPilot's own simulator is; only the SITL tests need it."""
    found = os.environ.get("ARDUPILOT_SITL_BIN") or shutil.which("arducopter")
    if found and Path(found).is_file():
        return Check("ArduPilot SITL", "ok", found)
    return Check("ArduPilot SITL", "ok", "not found (needed only for tests/sitl)")


def run_doctor(folder: Path, as_json: bool = False, config: Path | None = None) -> int:
    """Print all checks; 0 when nothing is at fault. ``config``: the station's file whose model is tried."""
    steps: list[Callable[[], Check | list[Check]]] = [
        check_python,
        check_packages,
        check_display,
        check_codecs,
        lambda: check_model(config),
        check_ports,
        lambda: check_disk(folder),
        check_clock,
        check_sound,
        check_sitl,
    ]
    checks: list[Check] = []
    for step in steps:
        try:
            result = step()
        except (ImportError, OSError, subprocess.SubprocessError) as error:
            result = Check(getattr(step, "__name__", "check"), "fault", str(error), "see the message")
        checks += result if isinstance(result, list) else [result]
    if as_json:
        print(json.dumps([asdict(c) for c in checks], indent=1))
    else:
        for check in checks:
            mark = {"ok": "ok     ", "warning": "WARNING", "fault": "FAULT  "}[check.verdict]
            print(f"{mark} {check.name}: {check.found}")
            if check.remedy:
                print(f"        -> {check.remedy}")
    return 1 if any(c.verdict == "fault" for c in checks) else 0
