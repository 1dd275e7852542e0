"""A recording is a chain of files without a hole, and says what is missing."""

from __future__ import annotations

from pathlib import Path

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.records import EvidenceReady
from groundstation.core.video_records import Recording
from groundstation.video.recording import RecordingService
from tests.helpers.mavlink_fakes import FakeClock


class Bench:
    def __init__(self, folder: Path) -> None:
        self.bus, self.clock, self.folder = Bus(), FakeClock(), folder
        self.service = RecordingService(self.bus, folder, self.clock)
        self.orders = self.bus.subscribe(topics.EVIDENCE_REQUEST)

    def step(self, seconds: float = 0.0) -> None:
        self.clock.now_s += seconds
        self.service.step()

    def state(self) -> Recording:
        found = self.bus.latest(topics.RECORDING, "cam1")
        assert found is not None
        return found

    def answer(self, order, ok: bool = True, detail: str = "") -> None:
        self.bus.publish(topics.EVIDENCE_READY, EvidenceReady("cam1", order.incident_id, order.path, ok, detail))
        self.service.step()


def test_files_follow_one_another_without_a_hole(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.service.start_recording("cam1", "anna")
    bench.service.start_recording("cam1", "bert")  # it is being recorded
    bench.step()
    began = bench.state().started_utc_us
    for _ in range(40):
        bench.step(1.0)
    bench.service.stop_recording("cam1", "anna")
    bench.step()
    orders = bench.orders.drain()
    assert len(orders) == 3
    assert orders[0].from_utc_us == began
    assert [o.to_utc_us for o in orders[:-1]] == [o.from_utc_us for o in orders[1:]]
    assert orders[-1].to_utc_us == bench.clock.utc_us()
    # Each is ordered long before the worker has forgotten its beginning (it keeps half a minute).
    assert max(o.to_utc_us - o.from_utc_us for o in orders) <= 16e6
    assert len({o.path for o in orders}) == 3
    assert all(Path(o.path).is_relative_to(tmp_path / "recordings") for o in orders)
    assert bench.state().state == "ending"
    bench.answer(orders[0])
    bench.answer(orders[2], detail="the last 2.0 s are missing")
    bench.answer(orders[1], ok=False, detail="the stream holds no picture of that time")
    done = bench.state()
    assert (done.state, len(done.files)) == ("ended", 2)
    assert "the last 2.0 s are missing" in done.detail
    assert "holds no picture" in done.detail


def test_a_video_that_says_nothing_does_not_keep_a_recording_open_for_ever(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.service.start_recording("cam1", "anna")
    bench.step()
    bench.step(5.0)
    bench.service.close()
    bench.step(100.0)
    assert bench.state().state == "ended"
    assert "nothing came from the video" in bench.state().detail


def test_a_name_of_a_stream_cannot_leave_the_folder(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.service.start_recording("../../etc/cam", "anna")
    bench.step()
    bench.step(20.0)
    (order,) = bench.orders.drain()
    assert Path(order.path).parent == tmp_path / "recordings"


def test_a_new_recording_is_told_though_the_old_one_still_ends(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.service.start_recording("cam1", "anna")
    bench.step()
    bench.step(3.0)
    bench.service.stop_recording("cam1", "anna")
    bench.service.start_recording("cam1", "anna")
    bench.step()
    (order,) = bench.orders.drain()
    bench.answer(order)
    assert bench.state().state == "recording"
