"""The clip in the package: packets as received, and the boxes of what was seen beside it."""

from __future__ import annotations

import json
from pathlib import Path

import av
import pytest

from geofences.errors import VideoError
from tests.unit.evidence.footage import FIRST_PTS_S, T_US, Scene, clip_of, ring_of
from vision.clip import ClipInfo, StoredPacket
from vision.evidence import ClipResult, EvidenceDesk, SaveClip
from vision.evidence_boxes import BoxRecorder, LookedAt, sidecar_of


def packets(path: Path) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {"video": [], "data": []}
    with av.open(str(path)) as container:
        for packet in container.demux():
            if packet.size:
                found[packet.stream.type].append(bytes(packet))
    return found


def test_pictures_and_metadata_are_those_received(tmp_path: Path) -> None:
    scene = Scene(count=25)
    ring = ring_of(scene)
    sent = [p for _, p in ring._packets]
    clip = ring.save(T_US, T_US + 2_500_000, tmp_path / "clip.ts")
    assert (clip.pictures, clip.metadata_packets, clip.codec, clip.first_pts_s) == (25, 25, "h264", FIRST_PTS_S)
    found = packets(clip.path)
    assert found["data"] == [p.data for p in sent if p.kind == "klv"]
    # The container puts a delimiter before each picture; the picture itself is untouched.
    for got, packet in zip(found["video"], [p for p in sent if p.kind == "video"], strict=True):
        assert packet.data.lstrip(b"\0")[-200:] == got[-200:]
        assert len(got) - len(packet.data) < 8


def test_a_clip_begins_with_a_key_picture_and_says_what_it_covers(tmp_path: Path) -> None:
    clip = ring_of(Scene(count=30)).save(T_US + 1_500_000, T_US + 2_000_000, tmp_path / "clip.ts")
    assert (clip.from_utc_us, clip.to_utc_us, clip.pictures) == (T_US + 1_000_000, T_US + 2_000_000, 11)


def test_a_wrong_time_stamp_neither_empties_the_ring_nor_makes_a_hole(tmp_path: Path) -> None:
    ring = ring_of(Scene(count=20))
    late = [(c, p) for c, p in ring._packets]
    clock_s, packet = late[25]
    ring._packets[25] = (
        clock_s, StoredPacket(packet.kind, packet.data, packet.pts_s, packet.dts_s, packet.is_key, T_US + 10**15)
    )  # fmt: skip
    clip = ring.save(T_US, T_US + 1_900_000, tmp_path / "clip.ts")
    assert clip.pictures == 20


def test_a_stream_whose_clock_jumps_is_not_joined_to_what_came_before(tmp_path: Path, caplog) -> None:
    ring = ring_of(Scene(count=20))
    key = next(p for _, p in ring._packets if p.is_key)
    ring.add(StoredPacket("video", key.data, 5.0, 5.0, True, T_US + 3_000_000))
    clip = ring.save(T_US, T_US + 4_000_000, tmp_path / "clip.ts")
    assert (clip.pictures, clip.from_utc_us) == (1, T_US + 3_000_000)
    assert "jumped" in caplog.text


def test_times_told_twice_do_not_cost_the_clip(tmp_path: Path) -> None:
    ring = ring_of(Scene(count=10))
    last = [p for _, p in ring._packets if p.kind == "video"][-1]
    ring.add(StoredPacket("video", last.data, last.pts_s, last.dts_s, False, last.t_utc_us))
    assert ring.save(T_US, T_US + 2_000_000, tmp_path / "clip.ts").pictures == 11


def test_what_is_recorded_of_a_picture_comes_back_the_same() -> None:
    seen = Scene().looked(3)
    assert LookedAt.from_json(json.loads(json.dumps(seen.as_json()))) == seen
    with pytest.raises((KeyError, TypeError, ValueError)):
        LookedAt.from_json({"t_utc_us": 1})


class Recorder(BoxRecorder):
    """Filled by hand."""

    def put(self, seen: LookedAt) -> None:
        self._pictures.append(seen)


def test_the_boxes_go_beside_the_clip(tmp_path: Path) -> None:
    scene, recorder = Scene(count=25), Recorder()
    for k in range(-20, 45):
        recorder.put(scene.looked(k))
    clip = clip_of(scene, tmp_path / "clip.ts")
    path = recorder.save(clip, T_US - 5_000_000, T_US + 2_400_000)
    assert path == sidecar_of(clip.path) == tmp_path / "clip.boxes.json"
    document = json.loads(path.read_text())
    assert document["clip"]["asked_from_utc_us"] == T_US - 5_000_000
    assert document["clip"]["from_utc_us"] == T_US
    times = [p["t_utc_us"] for p in document["pictures"]]
    assert (times[0], times[-1]) == (T_US - 1_500_000, T_US + 2_400_000 + 1_500_000)
    assert set(document["pictures"][0]) == {
        "t_utc_us", "pts_s", "time_source", "size_wh", "region", "detections", "tracks",
    }  # fmt: skip


def answers(desk: EvidenceDesk) -> list[ClipResult]:
    return desk.finish(5.0)


def test_a_clip_cut_short_says_by_how_much(tmp_path: Path) -> None:
    ring = ring_of(Scene(count=25))
    desk = EvidenceDesk(ring.save, BoxRecorder())
    desk.request(SaveClip("a", T_US - 3_000_000, T_US + 9_000_000, str(tmp_path / "a.ts")), 0.0, T_US)
    assert desk.poll(1.0, T_US + 2_400_000) == [], "its last picture may still come"
    (result,) = answers(desk)
    assert result.ok
    assert result.detail == "the first 3.0 s are missing; the last 6.6 s are missing"
    assert (tmp_path / "a.boxes.json").exists()


def test_boxes_that_cannot_be_written_do_not_cost_the_clip(tmp_path: Path) -> None:
    class Broken(BoxRecorder):
        def save(self, clip: ClipInfo, asked_from_utc_us: int, asked_to_utc_us: int) -> Path:
            raise OSError(28, "No space left on device")

    desk = EvidenceDesk(ring_of(Scene(count=12)).save, Broken())
    desk.request(SaveClip("a", T_US, T_US + 1_000_000, str(tmp_path / "a.ts")), 0.0, T_US)
    (result,) = answers(desk)
    assert result.ok
    assert "boxes" in result.detail


def test_nothing_of_that_time(tmp_path: Path) -> None:
    with pytest.raises(VideoError, match="no picture of that time"):
        ring_of(Scene(count=5)).save(T_US - 9_000_000, T_US - 8_000_000, tmp_path / "a.ts")
    assert list(tmp_path.iterdir()) == []
