"""The launcher of SITL, without a SITL: what it says when there is none, or when it does not come up."""

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

import sim.sitl_guard
from geofences.errors import LinkError
from sim.ardupilot import ENVIRONMENT_NAME, ArduPilotSitl, SitlHome, find_binary
from sim.ardupilot_fleet import ArduPilotFleet

GUARD = Path(sim.sitl_guard.__file__)
HOME = SitlHome(49.0, 20.0, 300.0)
pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")


def _program(tmp_path, body):
    path = tmp_path / "program"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def test_the_variable_names_the_binary(tmp_path, monkeypatch):
    program = _program(tmp_path, "exit 0")
    monkeypatch.setenv(ENVIRONMENT_NAME, str(program))
    assert find_binary() == program.resolve()


def test_a_variable_that_names_nothing_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv(ENVIRONMENT_NAME, str(tmp_path / "nothing"))
    with pytest.raises(LinkError, match="not a program"):
        find_binary()


def test_no_binary_is_none(tmp_path, monkeypatch):
    monkeypatch.delenv(ENVIRONMENT_NAME, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_binary() is None


def test_a_program_that_ends_at_once_is_told_with_its_words(tmp_path):
    sitl = ArduPilotSitl(_program(tmp_path, "echo no such model; exit 3"), HOME, tmp_path / "scratch")
    with pytest.raises(LinkError, match="ended with 3: no such model"):
        sitl.start(timeout_s=60)
    assert sitl.pid == 0


def test_a_program_that_does_not_listen_is_ended(tmp_path):
    sitl = ArduPilotSitl(_program(tmp_path, "sleep 60"), HOME, tmp_path / "scratch")
    with pytest.raises(LinkError, match="does not listen"):
        sitl.start(timeout_s=0.3)
    assert sitl.pid == 0


def test_a_file_that_is_no_program(tmp_path):
    path = tmp_path / "program"
    path.write_bytes(b"\x7fELF not really")
    path.chmod(0o755)
    with pytest.raises(LinkError, match="cannot be started"):
        ArduPilotSitl(path, HOME, tmp_path / "scratch").start()


def test_its_parameters_are_written_for_it(tmp_path):
    sitl = ArduPilotSitl(_program(tmp_path, "exit 1"), HOME, tmp_path / "scratch", params={"FENCE_RADIUS": 150.0})
    with pytest.raises(LinkError):
        sitl.start(timeout_s=5)
    lines = (tmp_path / "scratch" / "defaults.parm").read_text().splitlines()
    assert "FENCE_RADIUS 150" in lines
    assert "FRAME_CLASS 1" in lines


def test_each_kind_is_found_beside_the_copter_or_by_its_own_variable(tmp_path, monkeypatch):
    copter = _program(tmp_path, "exit 0")
    plane = tmp_path / "arduplane"
    plane.write_text("#!/bin/sh\nexit 0\n")
    plane.chmod(0o755)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv(ENVIRONMENT_NAME, str(copter))
    monkeypatch.delenv("ARDUPLANE_SITL_BIN", raising=False)
    assert find_binary("plane") == plane.resolve()
    assert find_binary("rover") is None
    monkeypatch.setenv("ARDUPLANE_SITL_BIN", str(tmp_path / "gone"))
    with pytest.raises(LinkError, match="ARDUPLANE_SITL_BIN"):
        find_binary("plane")


def test_a_fleet_without_a_binary_says_how_to_get_one(tmp_path, monkeypatch):
    monkeypatch.delenv(ENVIRONMENT_NAME, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LinkError, match="there is no arducopter") as caught:
        ArduPilotFleet(["copter", "copter"], HOME, tmp_path)
    assert "ARDUPILOT_SITL_BIN" in caught.value.remedy


def test_a_fleet_has_numbers_places_and_folders_of_its_own_and_none_is_left_when_one_fails(tmp_path, monkeypatch):
    monkeypatch.setenv(ENVIRONMENT_NAME, str(_program(tmp_path, "echo no such model; exit 3")))
    fleet = ArduPilotFleet(["copter", "copter"], HOME, tmp_path / "scratch", spacing_m=100.0, first_system_id=7)
    one, two = fleet.aircraft
    assert (one.system_id, two.system_id) == (7, 8)
    assert two.home.lon_deg - one.home.lon_deg == pytest.approx(100.0 / 111_320.0 / 0.656, rel=0.01)
    assert one.home.lat_deg == two.home.lat_deg
    with pytest.raises(LinkError, match="ended with 3"):
        fleet.start(timeout_s=60)
    assert (one.pid, two.pid) == (0, 0)
    assert (tmp_path / "scratch" / "7-copter" / "sitl.log").exists()


def test_it_ends_when_whoever_started_it_is_killed(tmp_path):
    starter = (
        "import os, subprocess, sys\n"
        f"guard = subprocess.Popen([sys.executable, '-I', '-S', {str(GUARD)!r}, 'sh', '-c', 'echo $$; exec sleep 60'],\n"
        "    stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)\n"
        "print(guard.stdout.readline().decode().strip(), flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    ran = subprocess.run([sys.executable, "-c", starter], capture_output=True, text=True, timeout=30, check=False)
    assert ran.returncode == -signal.SIGKILL
    pid = int(ran.stdout)
    end_s = time.monotonic() + 15
    while _lives(pid):
        assert time.monotonic() < end_s, "it outlived its parent"
        time.sleep(0.05)


def _lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie that nobody has collected yet is dead.
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] == "Z")
