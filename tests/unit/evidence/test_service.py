"""Every incident gets its package, whatever happens to the clip, the disk or the station."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.records import EvidenceReady, EvidenceRequest, Incident, VehicleId, VehicleState, VideoTracks
from groundstation.core.topics import (
    EVIDENCE_READY,
    EVIDENCE_REQUEST,
    INCIDENT,
    STATION_FAULT,
    VEHICLE_STATE,
    VIDEO_TRACKS,
)
from groundstation.store.evidence_chain import verify_folder
from groundstation.store.evidence_key import public_key_file, read_public_key
from groundstation.store.evidence_package import Package, open_package
from groundstation.store.evidence_record import EvidenceMemory
from groundstation.store.evidence_service import EvidenceContext, EvidenceService
from groundstation.store.service import StoreService
from tests.helpers.waiting import wait_until
from vision.records import CameraPose, GroundTracks, TrackStatus

T_US = 1_790_000_000_000_000
VEHICLE = VehicleId(3, 1)


def frame(t_us: int, numbers: list[int], stream: str = "cam1") -> VideoTracks:
    n = len(numbers)
    tracks = GroundTracks(
        1, t_us, 0, np.array(numbers, dtype=np.int64), np.full(n, 49.0), np.full(n, 22.0), np.full(n, 300.0),
        np.full((n, 2), 1.5), np.tile(np.diag([4.0, 5.0, 0.1, 0.2]), (n, 1, 1)), np.tile(np.eye(2), (n, 1, 1)),
        np.tile([0.9, 0.05, 0.05], (n, 1)), np.full(n, int(TrackStatus.CONFIRMED), dtype=np.int64),
        np.full(n, t_us, dtype=np.int64), np.tile([10.0, 20.0, 30.0, np.nan], (n, 1)),
    )  # fmt: skip
    pose = CameraPose(t_us, 49.0, 22.0, 400.0, 10.0, -45.0, 0.0, 40.0, 23.0, "klv")
    return VideoTracks(stream, VEHICLE, tracks, pose, (), t_us + 120_000)


def incident(number: int = 1, **changes: object) -> Incident:
    values: dict[str, object] = {
        "incident_id": f"INC-{number}", "kind": "crossing", "t_utc_us": T_US + 10_000_000,
        "t_raised_utc_us": T_US + 12_000_000, "lat_deg": 49.0, "lon_deg": 22.0, "ce90_m": 4.0, "direction": "A->B",
        "class_name": "person", "probability": 0.97, "track_id": "cam1-7", "vehicle_id": VEHICLE,
        "flight_id": "flight-1", "text": "Person crossed",
    }  # fmt: skip
    return Incident(**{**values, **changes})  # type: ignore[arg-type]


def boxes(short_s: float = 0.0) -> bytes:
    picture = {"t_utc_us": T_US, "pts_s": 5.0, "time_source": "klv", "size_wh": [64, 48], "region": [0, 0, 64, 48],
               "detections": [], "tracks": [[7, 1, 1, 2, 3, 4]]}  # fmt: skip
    clip = {"asked_from_utc_us": T_US, "asked_to_utc_us": T_US + 20_000_000, "from_utc_us": T_US - 400_000,
            "to_utc_us": T_US + 20_000_000 - round(short_s * 1e6), "pictures": 200, "first_pts_s": 5.0}  # fmt: skip
    return json.dumps({"clip": clip, "pictures": [picture] * 3}).encode()


class Bench:
    """An evidence service on a bus, and everything that a flight would tell it."""

    def __init__(self, data_dir: Path, **context: object) -> None:
        self.data_dir, self.bus = data_dir, Bus()
        self.faults = self.bus.subscribe(STATION_FAULT)
        values: dict[str, object] = {
            "station": "arvenia", "model": {"name": "m", "sha256": "ab"}, "describe_rule": lambda i: {"kind": i.kind},
        }  # fmt: skip
        self.service = EvidenceService(
            self.bus, data_dir, "flight-1", SystemClock(), EvidenceContext(**{**values, **context})  # type: ignore[arg-type]
        )  # fmt: skip

    def fly(self) -> None:
        """25 s at 5 frames a second, of which two seconds before the ordered clip and some after it."""
        for k in range(-15, 115):
            t_us = T_US + k * 200_000
            self.bus.publish(VIDEO_TRACKS, frame(t_us, [7, 8]))
            self.bus.publish(VIDEO_TRACKS, frame(t_us, [7], stream="cam2"))
            self.bus.publish(VEHICLE_STATE, VehicleState(VEHICLE, 0, t_us, armed=True, lat_deg=49.0))
            if k % 5 == 0:
                self.service.step()

    def raise_incident(self, number: int = 1, **changes: object) -> Path:
        made = incident(number, **changes)
        self.bus.publish(INCIDENT, made)
        clip = self.data_dir / "evidence" / f"{made.incident_id}.ts"
        self.bus.publish(
            EVIDENCE_REQUEST,
            EvidenceRequest("cam1", made.incident_id, T_US, T_US + 20_000_000, str(clip)),
        )
        return clip

    def answer(self, clip: Path, short_s: float = 0.0) -> None:
        clip.write_bytes(b"transport stream")
        clip.with_suffix(".boxes.json").write_bytes(boxes(short_s))
        self.bus.publish(EVIDENCE_READY, EvidenceReady("cam1", clip.stem, str(clip), True))

    def package(self, number: int = 1) -> Package:
        path = self.data_dir / "evidence" / f"INC-{number}.evidence.zip"
        return open_package(path, read_public_key(public_key_file(self.data_dir)))

    def until(self, condition) -> None:
        def so() -> object:
            self.service.step()
            return condition()

        wait_until(so)


@contextmanager
def running(data_dir: Path, **context: object) -> Iterator[Bench]:
    bench = Bench(data_dir, **context)
    bench.service.start()
    try:
        yield bench
    finally:
        bench.service.stop()


def test_a_package_holds_all_there_is_to_know(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.fly()
        bench.answer(bench.raise_incident())
    package = bench.package()
    assert package.manifest["complete"], package.manifest["notes"]
    assert package.manifest["station"] == "arvenia"
    assert package.read("clip.ts") == b"transport stream"
    told = package.read_json("incident.json")
    assert (told["incident_id"], told["vehicle_id"], told["text"]) == ("INC-1", "3.1", "Person crossed")
    track = package.read_json("track.json")
    assert len(track["positions"]) == 130, "every position, not only those of the clip, and of its own stream only"
    assert track["positions"][0]["covariance_en"][1][1] == 5.0
    assert track["positions"][0]["xyxy_px"] == [10.0, 20.0, 30.0, None]
    telemetry = package.read_json("telemetry.json")
    times = [s["t_utc_us"] for s in telemetry["aircraft"]]
    assert times == sorted(times)
    assert T_US - 2_000_000 <= times[0] <= T_US - 1_000_000
    assert T_US + 21_000_000 <= times[-1] <= T_US + 22_000_000
    assert telemetry["camera_poses"][0]["elevation_deg"] == -45.0
    assert package.read_json("rule.json") == {"kind": "crossing"}
    assert package.read_json("model.json")["sha256"] == "ab"
    clock = package.read_json("clock.json")
    assert clock["frame_times_from"] == {"klv": 3}
    assert clock["station_minus_capture_ms"]["median"] == pytest.approx(120.0)
    assert "synchronised" in clock["station_utc"]


def test_no_appearance_of_anybody_is_kept(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.fly()
        bench.answer(bench.raise_incident())
    names = {e.name for e in bench.package().entries}
    assert names == {
        "manifest.json", "manifest.sig", "clip.ts", "boxes.json", "incident.json", "track.json", "telemetry.json",
        "rule.json", "model.json", "clock.json",
    }  # fmt: skip
    position = bench.package().read_json("track.json")["positions"][0]
    assert max(len(v) for v in position.values() if isinstance(v, list)) <= 4, "no vector that could describe a look"


def test_a_clip_cut_short_by_the_end_of_the_flight_says_so(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.fly()
        bench.answer(bench.raise_incident(), short_s=6.2)
    manifest = bench.package().manifest
    assert not manifest["complete"]
    assert manifest["notes"] == ["the clip lacks its last 6.2 s: the video or the flight ended before"]


def test_a_clip_that_failed(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.fly()
        clip = bench.raise_incident()
        bench.bus.publish(EVIDENCE_READY, EvidenceReady("cam1", "INC-1", str(clip), False, "the disk is full"))
    package = bench.package()
    assert package.manifest["notes"] == ["there is no clip: the disk is full"]
    assert not package.has("clip.ts")
    assert len(package.read_json("track.json")["positions"]) == 130


def test_the_station_stops_before_the_clip_came(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.fly()
        bench.raise_incident()
        bench.service.step()
    assert bench.package().manifest["notes"] == ["the station stopped before the clip came"]


def test_an_acknowledged_incident_is_packaged_as_it_is_then_and_only_once(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.fly()
        clip = bench.raise_incident()
        bench.bus.publish(INCIDENT, incident(acknowledged_by="Ada", acknowledged_utc_us=5))
        bench.answer(clip)
        bench.service.step()
        bench.bus.publish(INCIDENT, incident(evidence="evidence/INC-1.ts"))
    assert bench.package().read_json("incident.json")["acknowledged_by"] == "Ada"
    assert len(list((tmp_path / "evidence").glob("*.evidence.zip"))) == 1


def test_packages_form_a_chain_over_restarts(tmp_path: Path) -> None:
    for number in (1, 2):
        with running(tmp_path) as bench:
            bench.fly()
            bench.answer(bench.raise_incident(number))
    report = verify_folder(tmp_path / "evidence", read_public_key(public_key_file(tmp_path)))
    assert [p.link.number for p in report.packages if p.link] == [1, 2]
    assert report.faults == ()


def test_boxes_that_are_none_are_left_out_and_told(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.fly()
        clip = bench.raise_incident()
        clip.write_bytes(b"transport stream")
        clip.with_suffix(".boxes.json").write_bytes(b'{"clip": 1}')
        bench.bus.publish(EVIDENCE_READY, EvidenceReady("cam1", "INC-1", str(clip), True))
    package = bench.package()
    assert package.has("clip.ts")
    assert not package.has("boxes.json")
    assert any("boxes" in note for note in package.manifest["notes"])


def test_an_id_that_cannot_name_a_file_writes_nothing(tmp_path: Path) -> None:
    with running(tmp_path / "data") as bench:
        bench.bus.publish(INCIDENT, incident(incident_id="../../INC-1"))
        bench.service.step()
    assert [p for p in tmp_path.rglob("*") if p.name.endswith(".zip")] == []


# -- what goes wrong -----------------------------------------------------------------------------------------------------


def crashed_station(data_dir: Path, with_clip: bool) -> None:
    """The store has the incident, its track and telemetry; the clip may be written; the package is not."""
    bus = Bus()
    store = StoreService(bus, data_dir, "flight-1", SystemClock())
    store.start()
    for k in range(20):
        bus.publish(VIDEO_TRACKS, frame(T_US + k * 1_000_000, [7]))
        bus.publish(VEHICLE_STATE, VehicleState(VEHICLE, 0, T_US + k * 1_000_000, armed=True))
        store.flush()
    bus.publish(INCIDENT, incident())
    store.stop()
    (data_dir / "evidence").mkdir()
    if with_clip:
        (data_dir / "evidence" / "INC-1.ts").write_bytes(b"transport stream")
        (data_dir / "evidence" / "INC-1.boxes.json").write_bytes(boxes())
    (data_dir / "evidence" / ".INC-1.evidence.zip.part").write_bytes(b"half")


@pytest.mark.parametrize("with_clip", [True, False])
def test_what_a_kill_left_without_a_package_gets_it_at_the_next_start(tmp_path: Path, with_clip: bool) -> None:
    crashed_station(tmp_path, with_clip)
    with running(tmp_path):
        pass
    with running(tmp_path) as bench:
        pass  # not again
    package = bench.package()
    assert package.link
    assert package.link.number == 1
    assert package.has("clip.ts") == with_clip
    assert len(package.read_json("track.json")["positions"]) >= 19
    assert len(package.read_json("telemetry.json")["aircraft"]) >= 12
    assert not package.manifest["complete"]
    assert "the station was interrupted" in package.manifest["notes"][0]
    assert [p.name for p in (tmp_path / "evidence").iterdir() if p.name.startswith(".")] == []


def test_a_full_disk_is_told_and_the_package_made_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = [True]
    from groundstation.store import evidence_service

    really = evidence_service.write_package

    def write(*arguments):
        if full[0]:
            raise OSError(28, "No space left on device")
        return really(*arguments)

    monkeypatch.setattr(evidence_service, "write_package", write)
    monkeypatch.setattr(evidence_service, "_RETRY_S", 0.05)
    with running(tmp_path) as bench:
        bench.fly()
        bench.answer(bench.raise_incident())
        told = []
        bench.until(lambda: told.extend(bench.faults.drain()) or told)
        assert told[0].active
        assert told[0].fault.severity == "critical"
        assert "No space left" in told[0].fault.text
        full[0] = False
        bench.until((tmp_path / "evidence" / "INC-1.evidence.zip").exists)
        bench.until(lambda: told.extend(bench.faults.drain()) or len(told) > 1)
        assert not told[-1].active
    assert bench.package().manifest["complete"]


def test_a_file_that_is_in_the_way_is_not_overwritten(tmp_path: Path) -> None:
    strange = tmp_path / "evidence" / "INC-1.evidence.zip"
    strange.parent.mkdir()
    strange.write_bytes(b"not ours")
    with running(tmp_path) as bench:
        bench.fly()
        bench.answer(bench.raise_incident())
    assert strange.read_bytes() == b"not ours"
    assert open_package(tmp_path / "evidence" / "INC-1-2.evidence.zip").incident_id == "INC-1"


def test_old_packages_are_let_go_with_their_clips(tmp_path: Path) -> None:
    with running(tmp_path) as bench:
        bench.fly()
        bench.answer(bench.raise_incident())
    assert len(list((tmp_path / "evidence").iterdir())) == 3
    with running(tmp_path, keep_days=1.0):
        pass
    assert len(list((tmp_path / "evidence").iterdir())) == 3, "a package of today stays"
    with running(tmp_path, keep_days=1e-9) as bench:
        bench.until(lambda: not list((tmp_path / "evidence").iterdir()))
    report = verify_folder(tmp_path / "evidence")
    assert (report.removed, report.faults) == (1, ())


def test_memory_of_tracks_is_bounded_by_time_and_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = EvidenceMemory(tracks_s=10.0)
    for k in range(200):
        memory.add_frame(frame(T_US + k * 100_000, [7]))
    assert len(memory.around("cam1", VEHICLE).frames) == 101
    monkeypatch.setattr("groundstation.store.evidence_record._MOST_ROWS", 50)
    memory.add_frame(frame(T_US + 20_000_000, list(range(30))))
    assert sum(1 + len(f.tracks) for f in memory.around("cam1", VEHICLE).frames) <= 50
