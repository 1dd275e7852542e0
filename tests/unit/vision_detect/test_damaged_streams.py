"""Streams damaged on purpose: never a pose of another time, never an end before the stream's, and recovery by itself."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from tests.helpers.damaged import (
    FPS,
    T0_US,
    Shot,
    changed,
    located,
    metadata,
    multiplex,
    number_of,
    shots,
    with_duplicates,
    with_flipped_bits,
    with_klv,
    without_packets,
    wrong_poses,
)
from vision.container import VideoOptions
from vision.frames import VideoStatus, open_video
from vision.records import Frame


def play(stream: bytes, folder: Path) -> tuple[list[Frame], VideoStatus]:
    file = folder / "stream.ts"
    file.write_bytes(stream)
    with open_video(file, utc_us=lambda: T0_US + 10_000_000_000) as video:
        return list(video), video.status


def numbers(frames: Iterable[Frame]) -> list[int | None]:
    return [number_of(f.image_bgr) for f in frames]


@pytest.mark.parametrize("klv_after", [True, False])
@pytest.mark.parametrize("b_frames", [0, 2])
def test_an_undamaged_stream_is_whole(klv_after: bool, b_frames: int, tmp_path: Path) -> None:
    frames, status = play(multiplex(shots(), klv_after=klv_after, b_frames=b_frames), tmp_path)
    assert numbers(frames) == list(range(50))
    assert located(frames) == set(range(50))
    assert wrong_poses(frames, 0.1) == []
    assert [f.t_utc_us - T0_US for f in frames] == pytest.approx([n * 1e6 / FPS for n in range(50)], abs=50)
    assert (status.klv_broken, status.decode_errors) == (0, 0)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("share", [0.01, 0.05, 0.3])
def test_lost_packets(share: float, seed: int, tmp_path: Path) -> None:
    frames, _ = play(without_packets(multiplex(shots(), 320, 256), share, seed), tmp_path)
    assert len(frames) > 10
    assert wrong_poses(frames) == []
    # What is decoded from less than was sent is shown and not put on the map, until the next key frame.
    assert len(located(frames) - {None}) > {0.01: 25, 0.05: 8, 0.3: 0}[share]
    assert share == 0.01 or any(f.damage for f in frames)


@pytest.mark.parametrize("seed", range(6))
def test_flipped_bits(seed: int, tmp_path: Path) -> None:
    """What a picture shows after bits were turned over in it nobody can know; its pose is that of its time all the same."""
    frames, _ = play(with_flipped_bits(multiplex(shots()), 60, seed), tmp_path)
    assert len(frames) > 10
    off = [f.pose.azimuth_deg - (80.0 + FPS * f.pts_s) for f in frames if f.pose is not None]
    assert len(off) > 20
    assert off == pytest.approx([0.0] * len(off), abs=1.7)


@pytest.mark.parametrize("seed", range(3))
def test_duplicated_packets(seed: int, tmp_path: Path) -> None:
    frames, _ = play(with_duplicates(multiplex(shots()), 0.2, seed), tmp_path)
    assert len(frames) > 30
    assert wrong_poses(frames) == []
    assert len(located(frames)) > 10


def test_wrong_checksums_give_no_pose_and_a_reason(tmp_path: Path) -> None:
    def flip(number: int) -> bytes:
        data = bytearray(metadata(number))
        data[60] ^= 4
        return bytes(data)

    frames, status = play(multiplex(changed(shots(), range(15, 36), with_klv(flip))), tmp_path)
    assert numbers(frames) == list(range(50))
    assert wrong_poses(frames) == []
    # Carried on for a quarter of a second, then none, until the next good one.
    assert not located(frames) & set(range(18, 35))
    assert located(frames) >= {*range(16), *range(36, 50)}
    # The time goes on all the same.
    assert [f.t_utc_us - T0_US for f in frames] == pytest.approx([n * 1e6 / FPS for n in range(50)], abs=2000)
    assert status.klv_broken == 21
    assert "checksum" in status.klv_problem


@pytest.mark.parametrize("tag", [2, 5, 13, 19])
def test_missing_tags(tag: int, tmp_path: Path) -> None:
    flight = changed(shots(), range(15, 36), with_klv(lambda n: metadata(n, drop=tag)))
    frames, status = play(multiplex(flight), tmp_path)
    assert wrong_poses(frames) == []
    assert not located(frames) & set(range(18, 35))
    assert located(frames) >= {*range(16), *range(36, 50)}
    assert status.klv_problem.startswith("no ")


@pytest.mark.parametrize("jump_s", [1000.0, 5.0, 0.5, 0.3, -0.3, -0.5, -1.5, -5.0, -1000.0])
@pytest.mark.parametrize("klv_after", [True, False])
def test_time_stamps_of_the_stream_jump(jump_s: float, klv_after: bool, tmp_path: Path) -> None:
    base_s = 2000.0 if jump_s < 0 else 0.0
    flight = [Shot(s.number, base_s + s.pts_s + (jump_s if s.number >= 20 else 0.0), s.klv) for s in shots()]
    frames, _ = play(multiplex(flight, klv_after=klv_after), tmp_path)
    assert wrong_poses(frames) == []
    assert len(frames) >= 45
    assert located(frames) >= {*range(18), *range(24, 50)}
    late = [f for f in frames if (number_of(f.image_bgr) or 0) >= 26]
    assert all(abs(f.t_utc_us - T0_US - (number_of(f.image_bgr) or 0) * 100_000) < 2000 for f in late)


def test_the_33_bit_clock_wraps(tmp_path: Path) -> None:
    wrap_s = 2**33 / 90_000
    flight = [Shot(s.number, (wrap_s - 2.05 + s.pts_s) % wrap_s, s.klv) for s in shots()]
    frames, _ = play(multiplex(flight), tmp_path)
    assert wrong_poses(frames) == []
    assert len(frames) >= 46
    assert located(frames) >= {*range(18), *range(24, 50)}


@pytest.mark.parametrize("jump_us", [37_000_000, 500_000, 200_000, -200_000, -500_000, -37_000_000])
def test_the_metadatas_clock_jumps(jump_us: int, tmp_path: Path) -> None:
    """As when the camera gets its first fix: the poses are right, by another clock."""

    def make(number: int) -> bytes:
        return metadata(number, T0_US + number * 100_000 + jump_us)

    frames, _ = play(multiplex(changed(shots(), range(20, 50), with_klv(make))), tmp_path)
    assert wrong_poses(frames) == []
    assert located(frames) >= {*range(18), *range(24, 50)}
    assert frames[-1].t_utc_us == pytest.approx(T0_US + 4_900_000 + jump_us, abs=2000)


def test_stale_metadata_with_new_time_stamps_of_the_stream(tmp_path: Path) -> None:
    """A multiplexer that sends a packet of half a second ago now and then."""
    flight = changed(shots(), range(7, 50, 6), with_klv(lambda n: metadata(n - 5)))
    frames, status = play(multiplex(flight), tmp_path)
    assert wrong_poses(frames) == []
    assert len(located(frames)) > 40
    assert "not in step" in status.klv_problem


@pytest.mark.parametrize("both", [True, False])
def test_metadata_that_repeats(both: bool, tmp_path: Path) -> None:
    """The sender's telemetry has died, its last packet goes on: alone, or its pose with times that go on."""

    def make(number: int) -> bytes:
        if both:
            return metadata(15)
        return metadata(number, azimuth_deg=95.0) if number > 15 else metadata(number)

    flight = changed(shots(), range(16, 40), with_klv(make))
    if not both:
        # Frozen to the last bit: position too.
        frozen = {n: _frozen(n) for n in range(16, 40)}
        flight = changed(flight, frozen, with_klv(frozen.__getitem__))
    frames, status = play(multiplex(flight), tmp_path)
    # For a second nobody can know that a pose with a fresh time is old; then it is not believed any more.
    blind = range(26, 39) if not both else range(19, 39)
    assert not located(frames) & set(blind)
    wrong = {number for number, _ in wrong_poses(frames)}
    assert wrong <= (set() if both else set(range(17, 26)))
    assert located(frames) >= {*range(15), *range(42, 50)}
    assert ("stands still" in status.klv_problem) if both else ("not changed" in status.klv_problem)


def _frozen(number: int) -> bytes:
    """All of picture 15's pose, with this picture's time."""
    return metadata(15, T0_US + number * 100_000)


def test_a_camera_on_a_mast_is_not_frozen(tmp_path: Path) -> None:
    frames, status = play(multiplex(changed(shots(), range(50), with_klv(_frozen))), tmp_path)
    assert len(located(frames)) == 50
    assert status.klv_broken == 0


def test_a_clock_that_was_never_set(tmp_path: Path) -> None:
    flight = changed(shots(), range(50), with_klv(lambda n: metadata(n, 12_000_000 + n * 100_000)))
    frames, status = play(multiplex(flight), tmp_path)
    assert len(frames) == 50
    assert located(frames) == set()
    assert {f.time_source for f in frames} == {"pts"}
    assert "never set" in status.klv_problem


def test_the_resolution_changes(tmp_path: Path) -> None:
    first = multiplex(shots(25))
    second = multiplex(shots(25, 25), 320, 192)
    frames, status = play(first + second, tmp_path)
    assert wrong_poses(frames) == []
    assert {f.image_bgr.shape for f in frames} == {(128, 160, 3), (192, 320, 3)}
    assert len(frames) >= 46
    assert located(frames) >= {*range(24), *range(28, 50)}
    assert (status.width, status.height) == (320, 192)


def test_the_stream_ends_and_begins_anew(tmp_path: Path) -> None:
    """A recording that is played in a loop, or a sender that is started again: everything goes back."""
    frames, _ = play(multiplex(shots(30)) + multiplex(shots(30)), tmp_path)
    assert len(frames) >= 58
    assert wrong_poses(frames) == []
    assert frames[-1].t_utc_us == pytest.approx(T0_US + 2_900_000, abs=2000)
    assert len(located(frames[32:])) > 24


def test_rubbish_within_a_stream(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    stream = multiplex(shots())
    middle = len(stream) // 188 // 2 * 188
    damaged = stream[:middle] + rng.bytes(50_000) + stream[middle + 188 * 7 :]
    frames, _ = play(damaged, tmp_path)
    assert wrong_poses(frames) == []
    assert len(frames) > 35
    assert 49 in located(frames)


def send(stream: bytes, port: int, spread_s: float) -> None:
    """Datagrams of seven packets, evenly over the time."""
    lots = [stream[i : i + 1316] for i in range(0, len(stream), 1316)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        for lot in lots:
            out.sendto(lot, ("127.0.0.1", port))
            time.sleep(spread_s / len(lots))


def test_a_sender_that_is_started_again_with_other_packet_ids() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    first = multiplex(shots(60), 320, 256)
    # Another size as well; and the clock of the metadata goes on.
    second = multiplex([Shot(s.number, (s.number - 60) / FPS, s.klv) for s in shots(60, 60)], 640, 352, start_pid=0x300)
    video = open_video(f"udp://127.0.0.1:{port}", VideoOptions(stall_s=1.0, retry_s=0.05))
    sender = threading.Thread(target=lambda: [send(first, port, 5.0), send(second, port, 3.0)])
    sender.start()
    frames: list[Frame] = []
    try:
        deadline_s = time.monotonic() + 30.0
        while time.monotonic() < deadline_s:
            frame = video.next_frame(0.2)
            if frame is not None:
                frames.append(frame)
            elif not sender.is_alive():
                break
    finally:
        sender.join()
        video.close()
    assert wrong_poses(frames) == []
    shapes = [f.image_bgr.shape[1] for f in frames]
    assert 320 in shapes
    assert shapes[-1] == 640
    assert any((number or 0) > 70 for number in located(frames))
