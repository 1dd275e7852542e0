"""The track log gives back every confirmed update, so that rules can be run again."""

from __future__ import annotations

import numpy as np
import pytest

from groundstation.core.errors import StoreError
from groundstation.core.records import FriendPosition, VehicleId, VideoTracks
from groundstation.store.track_log import CHUNK_S, TrackLog, decode, encode
from vision.records import GroundTracks, TrackStatus

T0_US = 1_795_000_000_000_000
VEHICLE = VehicleId(3, 1)


def frame(k: int, n: int = 4, seed: int = 0) -> VideoTracks:
    rng = np.random.default_rng(seed + k)
    root = rng.normal(0, 1, (n, 4, 4))
    covariance = root @ root.transpose(0, 2, 1)
    tracks = GroundTracks(
        k, T0_US + k * 100_000, 5, np.arange(n) + 10, 49.05 + rng.normal(0, 1e-4, n), 22.7 + rng.normal(0, 1e-4, n),
        rng.normal(300, 1, n), rng.normal(0, 1, (n, 2)), covariance, covariance[:, :2, :2], rng.dirichlet([1, 1, 1], n),
        np.array([1, 0, 2, 3] * n)[:n], np.full(n, T0_US), rng.normal(0, 1, (n, 4)),
    )  # fmt: skip
    return VideoTracks("cam1", VEHICLE, tracks, None, (), T0_US + k * 100_000 + 7)


def test_confirmed_and_ended_tracks_come_back_and_the_rest_is_left_out():
    records = [frame(0), frame(1, 0), frame(2)]
    back = decode(encode(records), "cam1", VEHICLE)
    assert [(r.tracks.frame_id, r.tracks.t_utc_us, r.t_published_utc_us) for r in back] == [
        (r.tracks.frame_id, r.tracks.t_utc_us, r.t_published_utc_us) for r in records
    ]
    assert [len(r.tracks) for r in back] == [2, 0, 2]
    was, now = records[2].tracks, back[2].tracks
    assert now.status.tolist() == [TrackStatus.CONFIRMED, TrackStatus.DELETED]
    rows = [0, 3]
    for name in ("track_id", "lat_deg", "lon_deg"):
        assert np.array_equal(getattr(now, name), getattr(was, name)[rows]), name
    for name in ("velocity_en_m_s", "covariance_en", "pose_covariance_en_m2", "class_probability"):
        assert np.allclose(getattr(now, name), getattr(was, name)[rows], rtol=1e-6, atol=1e-7), name


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b"XXXXX" + b[5:], lambda b: b[:40], lambda b: b""])
def test_a_damaged_chunk_is_told(damage):
    with pytest.raises(StoreError, match="track log is damaged"):
        decode(damage(encode([frame(0)])), "cam1", VEHICLE)


def test_chunks_are_closed_by_time_and_when_the_time_falls_back():
    log, rows = TrackLog("f"), []
    for k in range(250):
        rows += log.take(frame(k))
    assert len(rows) == 2
    assert (rows[0][5] - rows[0][4]) / 1e6 == pytest.approx(CHUNK_S, abs=0.2)
    rows += log.take(frame(3))
    assert len(rows) == 3
    rows += log.finish()
    assert sum(r[6] for r in rows) == 251
    assert log.finish() == []


def test_what_a_friend_reports_is_kept(tmp_path):
    from groundstation.core.bus import Bus
    from groundstation.core.clock import SystemClock
    from groundstation.core.topics import FRIEND_POSITION
    from groundstation.store import queries
    from groundstation.store.service import StoreService

    bus = Bus()
    store = StoreService(bus, tmp_path, "flight-1", SystemClock())
    store.start()
    friends = [
        FriendPosition("a", "Alpha", "patrol", T0_US, 49.0, 22.0, 4.0),
        FriendPosition("b", "Bravo", "vehicle", T0_US + 1, 49.1, 22.1, 6.0, (1.0, -2.0), 3),
    ]
    for friend in friends:
        bus.publish(FRIEND_POSITION, friend)
    store.record_document("rules.toml", "x = 1")
    assert store.stop()
    assert queries.friend_positions(tmp_path, "flight-1") == friends
    assert queries.document(tmp_path, "flight-1", "rules.toml") == "x = 1"
    assert queries.document(tmp_path, "flight-2", "rules.toml") is None
