"""The supervisor with real worker processes on a fake video."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.records import EvidenceRequest, VehicleId
from groundstation.core.topics import (
    EVIDENCE_READY,
    EVIDENCE_REQUEST,
    PREVIEW,
    STATION_FAULT,
    STREAM_HEALTH,
    VIDEO_TRACKS,
)
from groundstation.video.service import Supervision, VideoService
from tests.helpers.waiting import wait_until
from tests.unit.video import fakes
from vision.records import TrackStatus

VEHICLE = VehicleId(7)


class Station:
    """A bus with a service on it and everything that it published."""

    def __init__(self, **changes: Any) -> None:
        supervision = changes.pop("supervision", Supervision(first_delay_s=0.1))
        self.bus = Bus()
        self.service = VideoService(
            self.bus, "cam", fakes.settings(**changes), VEHICLE, SystemClock(), supervision=supervision
        )
        topics = (VIDEO_TRACKS, PREVIEW, STREAM_HEALTH, STATION_FAULT, EVIDENCE_READY)
        self._subscriptions = {t.name: self.bus.subscribe(t) for t in topics}
        self.seen: dict[str, list[Any]] = {t.name: [] for t in topics}

    def drain(self) -> None:
        for name, subscription in self._subscriptions.items():
            self.seen[name] += subscription.drain()

    def until(self, condition: Callable[[], object]) -> None:
        def so() -> object:
            self.drain()
            return condition()

        wait_until(so, lambda: f"health: {self.seen['stream_health'][-3:]}")

    @property
    def states(self) -> list[str]:
        return [h.health.state for h in self.seen["stream_health"]]

    def confirmed_ids(self) -> set[int]:
        return {
            int(i)
            for v in self.seen["video_tracks"]
            for i, s in zip(v.tracks.track_id, v.tracks.status, strict=True)
            if s == TrackStatus.CONFIRMED
        }


@contextlib.contextmanager
def station(**changes: Any) -> Iterator[Station]:
    it = Station(**changes)
    it.service.start()
    try:
        yield it
    finally:
        it.service.stop()


def test_tracks_preview_and_health_reach_the_bus() -> None:
    with station() as s:
        s.until(lambda: s.confirmed_ids() and s.seen["preview"] and "running" in s.states)
        last = s.seen["video_tracks"][-1]
        picture = s.seen["preview"][-1]
        health = s.bus.latest(STREAM_HEALTH, "cam")
        pid = s.service.worker_pid
    assert last.vehicle_id == VEHICLE
    assert last.pose is not None
    assert len(last.footprint_lat_lon) >= 4
    en = fakes.FRAME.to_plane(last.tracks.lat_deg, last.tracks.lon_deg)[0]
    assert np.hypot(*(en - fakes.walker_en(last.tracks.t_utc_us))) < 2.0
    assert last.tracks.last_seen_utc_us[0] <= last.tracks.t_utc_us
    assert picture.image_bgr.shape == (360, 640, 3)
    assert picture.image_bgr.max() > 200
    assert picture.scale == 1.0
    assert health is not None
    assert health.health.codec == "fake"
    assert s.bus.latest(STREAM_HEALTH, "cam").health.state == "stopped"
    assert s.service.worker_pid is None
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not [f for f in s.seen["station_fault"] if f.active]


def test_kill_9_costs_only_the_restart_and_never_reuses_a_track_id(tmp_path: Path) -> None:
    with station() as s:
        s.until(s.confirmed_ids)
        now = time.time_ns() // 1000
        s.bus.publish(EVIDENCE_REQUEST, EvidenceRequest("cam", "i", now, now + 50_000_000, str(tmp_path / "a.ts")))
        time.sleep(0.2)
        first, pid = s.confirmed_ids(), s.service.worker_pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        s.until(lambda: s.service.worker_pid not in (None, pid))
        s.until(lambda: s.confirmed_ids() - first)
        s.until(lambda: s.seen["station_fault"] and not s.seen["station_fault"][-1].active)
        second = s.confirmed_ids() - first
    assert max(first) < 1_000_000 < min(second) < 2_000_000
    assert s.service.restarts == 1
    fault = s.seen["station_fault"][0]
    assert fault.active
    assert "signal 9" in fault.fault.text
    assert any(h.health.state == "failed" and "signal 9" in h.health.detail for h in s.seen["stream_health"])
    assert s.bus.latest(STREAM_HEALTH, "cam").restarts == 1
    # Nobody waits for a clip whose pictures died with the process.
    assert [(e.incident_id, e.ok) for e in s.seen["evidence_ready"]] == [("i", False)]


def test_what_is_wrong_is_a_standing_fault_and_tried_again() -> None:
    with station(make_detector=fakes.missing_model, supervision=Supervision(first_delay_s=0.05)) as s:
        s.until(lambda: s.seen["station_fault"])
        fault = s.seen["station_fault"][0]
        s.until(lambda: s.service.restarts == 1)
    assert fault.active
    assert "model blob cannot be read" in fault.fault.text
    assert fault.fault.remedy == "reinstall the program"
    assert "failed" in s.states


def test_no_signal_is_a_warning_not_a_crash() -> None:
    with station(make_source=fakes.silent_video, no_signal_after_s=0.3) as s:
        s.until(lambda: "no_signal" in s.states and s.seen["station_fault"])
    assert s.seen["station_fault"][0].fault.severity == "warning"
    assert s.service.restarts == 0


def test_a_worker_that_hangs_is_replaced() -> None:
    quick = Supervision(first_delay_s=20.0, start_limit_s=2.0, silence_limit_s=1.0)
    with station(make_detector=fakes.hanging_detector, supervision=quick) as s:
        s.until(lambda: s.seen["station_fault"])
    assert "said nothing" in s.seen["station_fault"][0].fault.text


def test_vehicle_poses_serve_where_the_stream_has_none() -> None:
    with station(make_source=fakes.video_without_pose) as s:
        s.until(lambda: s.seen["video_tracks"])
        before = s.seen["video_tracks"][-1].tracks
        assert before.no_georeference == "no camera pose"
        assert len(before.unlocated_xyxy) == 1

        def feed() -> bool:
            s.service.on_pose(fakes.camera_pose(time.time_ns() // 1000))
            return bool(s.confirmed_ids())

        s.until(feed)
        assert s.seen["video_tracks"][-1].pose is not None
    s.service.on_pose(fakes.camera_pose(0))  # after the end: nothing to do, no error


def test_evidence(tmp_path: Path) -> None:
    with station() as s:
        s.until(lambda: s.seen["video_tracks"])
        now = s.seen["video_tracks"][-1].tracks.t_utc_us
        good, bad = tmp_path / "a.ts", tmp_path / "a.xyz"
        s.bus.publish(EVIDENCE_REQUEST, EvidenceRequest("other", "i-0", now, now + 200_000, str(tmp_path / "o.ts")))
        s.bus.publish(EVIDENCE_REQUEST, EvidenceRequest("cam", "i-1", now, now + 200_000, str(good)))
        s.bus.publish(EVIDENCE_REQUEST, EvidenceRequest("cam", "i-2", now, now + 200_000, str(bad)))
        s.until(lambda: len(s.seen["evidence_ready"]) == 2)
        answers = {a.incident_id: a for a in s.seen["evidence_ready"]}
        assert answers["i-1"].ok
        assert good.read_bytes() == b"clip"
        assert answers["i-1"].path == str(good)
        assert not answers["i-2"].ok
        assert "unknown kind of file" in answers["i-2"].detail
        # One that waits for pictures to come is still written when the station stops.
        s.bus.publish(EVIDENCE_REQUEST, EvidenceRequest("cam", "i-3", now, now + 60_000_000, str(tmp_path / "late.ts")))
        time.sleep(0.3)
    s.drain()
    assert s.seen["evidence_ready"][-1].incident_id == "i-3"
    assert s.seen["evidence_ready"][-1].ok


_ORPHAN = """
import os, signal, sys, time
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.records import VehicleId
from groundstation.core.topics import VIDEO_TRACKS
from groundstation.video.service import VideoService
from tests.unit.video import fakes

if __name__ == "__main__":
    bus = Bus()
    tracks = bus.subscribe(VIDEO_TRACKS)
    service = VideoService(bus, "cam", fakes.settings(), VehicleId(1), SystemClock())
    service.start()
    while not tracks.drain():
        time.sleep(0.05)
    print(service.worker_pid, service._exchange.name, flush=True)
    if sys.argv[1] == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    os.kill(service.worker_pid, signal.SIGKILL)
    time.sleep(0.2)
    service.stop()
"""


def _gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to watch processes that are not ours")
@pytest.mark.parametrize("how", ["die", "stop"])
def test_nothing_is_left_behind(how: str, tmp_path: Path) -> None:
    script = tmp_path / "orphan.py"
    script.write_text(_ORPHAN)
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, str(script), how], check=False, capture_output=True, text=True, timeout=120, cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    pid, name = done.stdout.split()
    end = time.monotonic() + 60.0
    while time.monotonic() < end and not _gone(int(pid)):
        time.sleep(0.05)
    assert _gone(int(pid)), "the worker outlived the station"
    if how == "stop":
        assert done.returncode == 0, done.stderr
        assert "resource_tracker" not in done.stderr
    end = time.monotonic() + 60.0
    while time.monotonic() < end:
        try:
            SharedMemory(name=name).close()
        except FileNotFoundError:
            return
        time.sleep(0.1)
    pytest.fail("the shared memory was left behind")
