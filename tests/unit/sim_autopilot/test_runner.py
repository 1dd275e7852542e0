"""The simulator as a program, in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from geofences.area import read_area
from geofences.errors import ConfigError
from geofences.terrain import read_geotiff
from sim.runner import READY_LINE, Simulator, run_sim

ROOT = Path(__file__).parents[3]


@contextmanager
def _program(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """``python -m sim`` once it is ready, and what it has printed; killed at the end at the latest."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "--no-video", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    guard = threading.Timer(240.0, process.kill)
    guard.start()
    lines: list[str] = []
    try:
        assert process.stdout is not None
        for line in process.stdout:
            lines.append(line.rstrip())
            if lines[-1] == READY_LINE:
                break
        yield process, lines
    finally:
        guard.cancel()
        if process.poll() is None:
            process.kill()
        process.communicate()


def test_runs_until_interrupted_and_writes_area_and_truth(tmp_path: Path) -> None:
    with _program("--mavlink", "tcp:127.0.0.1:0", "--out", str(tmp_path), "--seed", "3") as (process, lines):
        assert lines[-1] == READY_LINE
        shown = next(line for line in lines if line.startswith("MAVLink"))
        assert "mavproxy.py --master tcp:127.0.0.1:" in shown
        area = read_area(tmp_path / "area" / "area.geojson")
        ground = read_geotiff(tmp_path / "area" / "terrain.tif").height(area.launch.lat_deg, area.launch.lon_deg)
        assert 0 < float(ground) < 4000
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=90)
        assert (process.returncode, errors) == (0, "")
    truth: dict[str, Any] = json.loads((tmp_path / "truth" / "truth.json").read_text())
    assert (truth["scenario"], truth["seed"], truth["fence_breaches"]) == ("border_day", 3, [])


def test_ends_by_itself_after_the_duration_and_on_sigterm(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_sim(["--no-video", "--mavlink", "udp:127.0.0.1:9", "--duration-s", "0.3"]) == 0
    assert READY_LINE in capfd.readouterr().out
    ended = Simulator(
        mavlink_urls=["tcp:127.0.0.1:0"], video_url=None, on_ready=lambda: os.kill(os.getpid(), signal.SIGTERM)
    )
    ended.run()
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_ends_when_its_parent_has_ended() -> None:
    parent = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        with _program("--mavlink", "tcp:127.0.0.1:0", "--parent-pid", str(parent.pid)) as (process, _):
            assert process.poll() is None
            parent.communicate(b"\n", timeout=90)
            process.communicate(timeout=90)
            assert process.returncode == 0
    finally:
        if parent.poll() is None:
            parent.kill()
            parent.communicate()


def test_port_in_use_is_one_clear_line_and_its_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        out = tmp_path / "out"
        assert run_sim(["--no-video", "--mavlink", f"tcp:127.0.0.1:{port}", "--out", str(out)]) == 8
    told = capsys.readouterr().err
    assert str(port) in told
    assert told.count("\n") == 1
    assert not out.exists()


def test_unknown_scenario_has_its_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_sim(["--no-video", "--scenario", "border_dya"]) == 2
    assert "border_day" in capsys.readouterr().err


def test_unknown_parameter_and_fast_video_are_refused() -> None:
    with pytest.raises(ConfigError, match="RTL_HIGHT"):
        Simulator(video_url=None, parameters={"RTL_HIGHT": 1.0})
    with pytest.raises(ConfigError, match="faster"):
        Simulator(speedup=5.0)


def test_in_a_thread_it_leaves_nothing_behind() -> None:
    before = threading.active_count()
    simulator = Simulator("calm", 2, ["tcp:127.0.0.1:0"], None)
    simulator.start()
    assert simulator.server is not None
    port = simulator.server.addresses[0].port
    with socket.create_connection(("127.0.0.1", port), timeout=60.0) as client:
        assert client.recv(1) == b"\xfd"
    simulator.stop()
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port), timeout=60.0):
        pass
