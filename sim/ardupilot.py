"""Starts a real ArduPilot SITL binary, where there is one: the judge of everything that this program says to aircraft."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType

from geofences.errors import LinkError

_log = logging.getLogger("sim.ardupilot")

ENVIRONMENT_NAME = "ARDUPILOT_SITL_BIN"
PROGRAM = "arducopter"
_FIRST_PORT, _LAST_PORT, _PORTS_EACH = 17_000, 30_000, 10
_STOP_S = 5.0

# What a new quadrotor must be told before it arms: its frame, and calibrations that a simulated one need not make.
COPTER_PARAMETERS: Mapping[str, float] = MappingProxyType(
    {
        "FRAME_CLASS": 1,
        "FRAME_TYPE": 0,
        "BATT_MONITOR": 4,
        "COMPASS_OFS_X": 5, "COMPASS_OFS_Y": 13, "COMPASS_OFS_Z": -18,
        "COMPASS_OFS2_X": 5, "COMPASS_OFS2_Y": 13, "COMPASS_OFS2_Z": -18,
        "COMPASS_OFS3_X": 5, "COMPASS_OFS3_Y": 13, "COMPASS_OFS3_Z": -18,
        "INS_ACCOFFS_X": 0.001, "INS_ACCOFFS_Y": 0.001, "INS_ACCOFFS_Z": 0.001,
        "INS_ACCSCAL_X": 1.001, "INS_ACCSCAL_Y": 1.001, "INS_ACCSCAL_Z": 1.001,
        "INS_ACC2OFFS_X": 0.001, "INS_ACC2OFFS_Y": 0.001, "INS_ACC2OFFS_Z": 0.001,
        "INS_ACC2SCAL_X": 1.001, "INS_ACC2SCAL_Y": 1.001, "INS_ACC2SCAL_Z": 1.001,
        "MOT_BAT_VOLT_MIN": 9.6, "MOT_BAT_VOLT_MAX": 12.8,
        # No transmitter is there: its loss must not bring the aircraft down.
        "FS_THR_ENABLE": 0,
    }
)  # fmt: skip


def find_binary() -> Path | None:
    """The SITL binary: ``ARDUPILOT_SITL_BIN`` or ``arducopter`` on the PATH; None when there is none.

    Raises :class:`LinkError` when the variable names something that cannot be run.
    """
    named = os.environ.get(ENVIRONMENT_NAME, "")
    if named:
        path = Path(named)
        if not (path.is_file() and os.access(path, os.X_OK)):
            raise LinkError(
                f"{ENVIRONMENT_NAME}={named}: is not a program that can be run",
                "name the arducopter binary, or unset it",
            )
        return path.resolve()
    found = shutil.which(PROGRAM)
    return Path(found).resolve() if found else None


@dataclass(frozen=True)
class SitlHome:
    """Where the aircraft stands at first; ``heading_deg`` clockwise from north."""

    lat_deg: float
    lon_deg: float
    alt_amsl_m: float
    heading_deg: float = 0.0


def _free(kind: socket.SocketKind, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM and os.name == "posix":
            # A port on which an ended connection lingers can be served on again; one that is served on cannot.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_block(instance: int) -> int:
    """The first of ten ports that are free for TCP and UDP; ``instance`` keeps parallel callers apart."""
    for base in range(_FIRST_PORT + 100 * (instance % 50), _LAST_PORT, _PORTS_EACH):
        if all(_free(kind, base + n) for n in range(_PORTS_EACH) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)):
            return base
    raise LinkError("ArduPilot SITL: no ten free ports in a row", "end other programs that serve on this machine")


class ArduPilotSitl:
    """One SITL process in a scratch folder of its own; use as a context manager.

    ``params`` are added to (and override) :data:`COPTER_PARAMETERS`. SITL waits for the first connection to
    :attr:`url` before its time begins. Raises :class:`LinkError` when it does not come up, with the end of its output.
    """

    def __init__(
        self,
        binary: Path,
        home: SitlHome,
        scratch_dir: Path,
        instance: int = 0,
        speedup: float = 1.0,
        params: Mapping[str, float] | None = None,
        model: str = "+",
    ) -> None:
        self._binary, self._home, self._scratch = binary, home, scratch_dir
        self._instance, self._speedup, self._model = instance, speedup, model
        self._params = {**COPTER_PARAMETERS, **(params or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """The link URL of the running process."""
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The process id; 0 when it does not run."""
        return self._process.pid if self._process is not None else 0

    @property
    def output(self) -> str:
        """What it has printed."""
        path = self._scratch / "sitl.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def start(self, timeout_s: float = 20.0, wipe: bool = True) -> None:
        """Start, and wait until it listens. ``wipe`` false keeps the parameters and plans of the last run."""
        if self._process is not None:
            raise LinkError("ArduPilot SITL: is running already")
        self._scratch.mkdir(parents=True, exist_ok=True)
        defaults = self._scratch / "defaults.parm"
        defaults.write_text("".join(f"{n} {v:g}\n" for n, v in self._params.items()), encoding="ascii")
        if not self.port or not _free(socket.SOCK_STREAM, self.port):
            self.port = _free_block(self._instance)
        h = self._home
        command = [
            str(self._binary), "--model", self._model, "--speedup", f"{self._speedup:g}",
            "--home", f"{h.lat_deg:.7f},{h.lon_deg:.7f},{h.alt_amsl_m:.2f},{h.heading_deg:.1f}",
            "--defaults", defaults.name, "--base-port", str(self.port), "--rc-in-port", str(self.port + 5),
            "--sim-port-in", str(self.port + 6), "--sim-port-out", str(self.port + 7),
            "--irlock-port", str(self.port + 8), "-I0", *(["--wipe"] if wipe else []),
        ]  # fmt: skip
        with (self._scratch / "sitl.log").open("wb") as log:
            try:
                self._process = subprocess.Popen(
                    command, cwd=self._scratch, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                    start_new_session=True,
                )  # fmt: skip
            except OSError as error:
                raise LinkError(
                    f"{self._binary}: cannot be started: {error.strerror}", "check that it was built for this machine"
                ) from error
        _log.info("SITL %d at %s in %s", self._process.pid, self.url, self._scratch)
        self._wait_listening(timeout_s)

    def _wait_listening(self, timeout_s: float) -> None:
        # Connecting to see would take the one connection that SITL waits for: its port is seen by being taken.
        process = self._process
        assert process is not None
        end_s = time.monotonic() + timeout_s
        while _free(socket.SOCK_STREAM, self.port):
            if process.poll() is not None or time.monotonic() > end_s:
                happened = f"ended with {process.returncode}" if process.returncode is not None else "does not listen"
                self.stop()
                raise LinkError(f"ArduPilot SITL {happened}: {self.output[-500:].strip()}", "run it by hand to see why")
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it; calling it twice does no harm."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for number in (how, signal.SIGKILL):
            if process.poll() is None:
                # The process has a session of its own, so this reaches it and whatever it started, and nothing else.
                os.killpg(process.pid, number)
            try:
                process.wait(_STOP_S)
                return
            except subprocess.TimeoutExpired:
                continue

    def __enter__(self) -> ArduPilotSitl:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
