"""Starts a real ArduPilot SITL binary, where there is one: the judge of everything that this program says to aircraft."""

from __future__ import annotations

import logging
import math
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Literal

from geofences.errors import LinkError
from sim.sitl_guard import CANNOT_START

_log = logging.getLogger("sim.ardupilot")

Vehicle = Literal["copter", "plane", "rover"]
ENVIRONMENT_NAME = "ARDUPILOT_SITL_BIN"
_ENVIRONMENT: Mapping[Vehicle, str] = MappingProxyType(
    {"copter": ENVIRONMENT_NAME, "plane": "ARDUPLANE_SITL_BIN", "rover": "ARDUROVER_SITL_BIN"}
)
PROGRAMS: Mapping[Vehicle, str] = MappingProxyType({"copter": "arducopter", "plane": "arduplane", "rover": "ardurover"})
_MODELS: Mapping[Vehicle, str] = MappingProxyType({"copter": "+", "plane": "plane", "rover": "rover"})
_GUARD = Path(__file__).with_name("sitl_guard.py")
_SERIAL_PORTS = (0, 2, 3)
_EARTH_M = 111_319.5
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

_CALIBRATED = {name: value for name, value in COPTER_PARAMETERS.items() if name.startswith(("INS_", "COMPASS_"))}
# The gains that fit SITL's own fixed-wing model; without them it takes off and rolls.
PLANE_PARAMETERS: Mapping[str, float] = MappingProxyType(
    {
        **_CALIBRATED,
        "BATT_MONITOR": 4, "THR_FAILSAFE": 0,
        "AIRSPEED_CRUISE": 22, "AIRSPEED_MIN": 10, "AIRSPEED_MAX": 30, "TRIM_THROTTLE": 50,
        "ROLL_LIMIT_DEG": 65, "PTCH_LIM_MAX_DEG": 25, "PTCH_LIM_MIN_DEG": -20,
        "RLL_RATE_P": 0.3, "RLL_RATE_I": 0.25, "RLL_RATE_D": 0.0174, "RLL_RATE_FF": 0.237, "RLL2SRV_TCONST": 0.25,
        "PTCH_RATE_P": 0.15, "PTCH_RATE_I": 0.11, "PTCH_RATE_D": 0.0073, "PTCH_RATE_FF": 0.596, "PTCH2SRV_TCONST": 0.25,
        "NAVL1_PERIOD": 15, "WP_RADIUS": 50, "WP_LOITER_RAD": 80,
        "SERVO3_MIN": 1000, "SERVO3_MAX": 2000, "RC3_MIN": 1000, "RC3_MAX": 2000, "RC3_TRIM": 1000,
    }
)  # fmt: skip
ROVER_PARAMETERS: Mapping[str, float] = MappingProxyType(
    {**_CALIBRATED, "BATT_MONITOR": 4, "FS_THR_ENABLE": 0, "FS_ACTION": 2}
)
_PARAMETERS: Mapping[Vehicle, Mapping[str, float]] = MappingProxyType(
    {"copter": COPTER_PARAMETERS, "plane": PLANE_PARAMETERS, "rover": ROVER_PARAMETERS}
)


def find_binary(vehicle: Vehicle = "copter") -> Path | None:
    """The SITL binary of a kind of vehicle; None when there is none.

    Looked for where ``ARDUPILOT_SITL_BIN`` (copter), ``ARDUPLANE_SITL_BIN`` or ``ARDUROVER_SITL_BIN`` says, beside the
    copter's, and on the PATH. Raises :class:`LinkError` when a variable names something that cannot be run.
    """
    program = PROGRAMS[vehicle]
    named = _named(_ENVIRONMENT[vehicle], program)
    if named is not None:
        return named
    copter = _named(ENVIRONMENT_NAME, PROGRAMS["copter"])
    if copter is not None and _runs(copter.with_name(program)):
        return copter.with_name(program)
    found = shutil.which(program)
    return Path(found).resolve() if found else None


def require_binary(vehicle: Vehicle = "copter") -> Path:
    """As :func:`find_binary`. Raises :class:`LinkError` that says how to get one when there is none."""
    found = find_binary(vehicle)
    if found is None:
        raise LinkError(
            f"ArduPilot SITL: there is no {PROGRAMS[vehicle]} on this machine",
            f"build it (waf configure --board sitl, waf {vehicle}) or take the build that ArduPilot publishes, and name it "
            f"in {_ENVIRONMENT[vehicle]}",
        )
    return found


def _runs(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)


def _named(variable: str, program: str) -> Path | None:
    named = os.environ.get(variable, "")
    if not named:
        return None
    if not _runs(Path(named)):
        raise LinkError(
            f"{variable}={named}: is not a program that can be run", f"name the {program} binary, or unset it"
        )
    return Path(named).resolve()


@dataclass(frozen=True)
class SitlHome:
    """Where the aircraft stands at first; ``heading_deg`` clockwise from north."""

    lat_deg: float
    lon_deg: float
    alt_amsl_m: float
    heading_deg: float = 0.0

    def moved(self, north_m: float, east_m: float) -> SitlHome:
        """So many metres away, for several aircraft side by side."""
        lat = self.lat_deg + north_m / _EARTH_M
        lon = self.lon_deg + east_m / (_EARTH_M * math.cos(math.radians(self.lat_deg)))
        return SitlHome(lat, lon, self.alt_amsl_m, self.heading_deg)


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

    ``params`` are added to (and override) what a new vehicle of its kind needs before it arms. SITL waits for the first
    connection to :attr:`url` before its time begins. It ends when it is told to, and when this process ends, however that
    happens. Raises :class:`LinkError` when it does not come up, with the end of its output.
    """

    def __init__(
        self,
        binary: Path,
        home: SitlHome,
        scratch_dir: Path,
        instance: int = 0,
        speedup: float = 1.0,
        params: Mapping[str, float] | None = None,
        model: str | None = None,
        vehicle: Vehicle = "copter",
        system_id: int = 1,
    ) -> None:
        if not 1 <= system_id <= 254:
            raise LinkError(f"ArduPilot SITL: {system_id} is no system id of a vehicle", "give one from 1 to 254")
        self._binary, self.home, self._scratch = binary, home, scratch_dir
        self._instance, self._speedup, self._model = instance, speedup, model or _MODELS[vehicle]
        self.vehicle, self.system_id = vehicle, system_id
        self._params = {**_PARAMETERS[vehicle], **(params or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """The link URL of the running process."""
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def urls(self) -> tuple[str, ...]:
        """The URLs of SERIAL0, 1 and 2: three ways to one aircraft. Only the first is always there."""
        return tuple(f"tcp://127.0.0.1:{self.port + offset}" for offset in _SERIAL_PORTS)

    @property
    def pid(self) -> int:
        """The id of the process, and of the process group that SITL is in; 0 when it does not run."""
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
        h = self.home
        command = [
            sys.executable, "-I", "-S", str(_GUARD), str(self._binary), "--model", self._model, "--speedup", f"{self._speedup:g}",
            "--home", f"{h.lat_deg:.7f},{h.lon_deg:.7f},{h.alt_amsl_m:.2f},{h.heading_deg:.1f}",
            "--defaults", defaults.name, "--base-port", str(self.port), "--rc-in-port", str(self.port + 5),
            "--sim-port-in", str(self.port + 6), "--sim-port-out", str(self.port + 7),
            "--irlock-port", str(self.port + 8), "--sysid", str(self.system_id), "-I0",
            *(["--wipe"] if wipe else []),
        ]  # fmt: skip
        with (self._scratch / "sitl.log").open("wb") as log:
            # The pipe to its guard ends with this process, by whatever death, and then the guard ends SITL.
            self._process = subprocess.Popen(
                command, cwd=self._scratch, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
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
                cannot = process.returncode == CANNOT_START
                self.stop()
                if cannot:
                    raise LinkError(
                        f"{self._binary}: cannot be started: {self.output[-300:].strip()}",
                        "check that it was built for this machine",
                    )
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
        try:
            self._end_group(process, how)
        finally:
            if process.stdin is not None:
                process.stdin.close()

    @staticmethod
    def _end_group(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
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
