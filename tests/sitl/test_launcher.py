"""The launcher of SITL, without a SITL: what it says when there is none, or when it does not come up."""

import os
import stat

import pytest

from geofences.errors import LinkError
from sim.ardupilot import ENVIRONMENT_NAME, ArduPilotSitl, SitlHome, find_binary

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
        sitl.start(timeout_s=5)
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
