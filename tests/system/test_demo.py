"""The main job, from the outside: `groundstation demo` as a user runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.process import ended

REPORT_KEYS = {"scenario", "seed", "duration_s", "wall_s", "mission", "fence", "truth", "incidents", "score", "latency_ms",
               "neighbour", "video"}  # fmt: skip
FILES = ("report.json", "report.html", "incidents.geojson", "tracks.geojson", "flight.tlog", "console.png", "evidence")


def start_demo(out: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "groundstation.app.main", "demo", "--headless", "--out", str(out), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finish(process: subprocess.Popen[str], timeout_s: float) -> str:
    with ended(process):
        output, _ = process.communicate(timeout=timeout_s)
    assert process.returncode == 0, output
    return output


def read_report(out: Path) -> dict[str, Any]:
    for name in FILES:
        assert (out / name).exists(), name
    report: dict[str, Any] = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert set(report) >= REPORT_KEYS
    return report


def check_safety(report: dict[str, Any]) -> None:
    """What must hold in every run, whatever the scenario."""
    assert report["mission"]["verified"] is True
    assert report["mission"]["items"] > 5
    assert report["fence"] | {"items": 0} == {"items": 0, "verified": True, "breaches": 0}
    assert report["fence"]["items"] >= 7
    assert report["neighbour"]["lost"] == 0
    assert report["video"]["has_klv"] is True
    assert (report["video"]["width"], report["video"]["height"]) == (1280, 720)


def wait_for_pid(path: Path, name: str, other_than: int, timeout_s: float) -> int:
    deadline_s = time.monotonic() + timeout_s
    while time.monotonic() < deadline_s:
        if path.exists():
            pid = int(json.loads(path.read_text())[name])
            if pid not in (0, other_than):
                return pid
        time.sleep(0.2)
    raise AssertionError(f"no new {name} process within {timeout_s} s")


@pytest.mark.timeout(600)
def test_whole_patrol_survives_kill_of_vision_and_neighbour(tmp_path: Path) -> None:
    """`kill -9` costs nothing but the time to restart: no incident, no disclosure, no command of the aircraft."""
    out = tmp_path / "out"
    process = start_demo(out, "--scenario", "border_day", "--seed", "11", "--duration-s", "110")
    with ended(process):
        pids = out / "logs" / "pids.json"
        vision = wait_for_pid(pids, "vision", 0, 150)
        neighbour = wait_for_pid(pids, "neighbour", 0, 30)
        time.sleep(35)
        os.kill(vision, signal.SIGKILL)
        wait_for_pid(pids, "vision", vision, 60)
        time.sleep(10)
        os.kill(neighbour, signal.SIGKILL)
        wait_for_pid(pids, "neighbour", neighbour, 60)
        finish(process, 260)
    report = read_report(out)
    check_safety(report)
    assert report["restarts"]["vision"] >= 1
    assert report["restarts"]["neighbour"] >= 1
    assert report["score"]["false_positives"] <= 1
    assert report["neighbour"]["tracks_received"] > 0
    assert report["neighbour"]["incidents_received"] == len(report["incidents"])
    features = json.loads((out / "incidents.geojson").read_text())["features"]
    assert {f["properties"]["id"] for f in features} == {i["id"] for i in report["incidents"]}
    # Both sides of the recording: what the aircraft said and what it was told.
    assert (out / "flight.tlog").stat().st_size > 50_000


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("scenario", "seed"), [("border_day", 41), ("border_night", 42)])
def test_most_crossings_are_found(tmp_path: Path, scenario: str, seed: int) -> None:
    out = tmp_path / "out"
    finish(start_demo(out, "--scenario", scenario, "--seed", str(seed), "--duration-s", "240"), 560)
    report = read_report(out)
    check_safety(report)
    score = report["score"]
    found, missed = score["true_positives"], score["missed"]
    assert found + missed >= 3, "too few crossings in view to judge"
    assert found >= 0.8 * (found + missed)
    assert score["false_positives"] <= 1
    assert score["position_error_m"]["median"] < 10.0


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_calm_raises_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    finish(start_demo(out, "--scenario", "calm", "--seed", "43", "--duration-s", "240"), 560)
    report = read_report(out)
    check_safety(report)
    assert report["incidents"] == []
    assert report["truth"]["crossings"] == []


def test_demo_never_clears_somebody_elses_folder(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    done = subprocess.run(
        [sys.executable, "-m", "groundstation.app.main", "demo", "--headless", "--out", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.txt"]
