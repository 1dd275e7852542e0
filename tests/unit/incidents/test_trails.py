"""Which places of tracks are kept, for all tracks of a frame at once: as if each track were looked at alone."""

from __future__ import annotations

import numpy as np

from groundstation.incidents.rules.motion import Sample, Trails, even_way, restlessness, spread_m
from tests.unit.incidents.people import START_US, Someone, frames
from vision.records import TrackStatus


def kept_s(trails: Trails, number: int) -> list[float]:
    trail = trails.get(number)
    return [] if trail is None else [round((s.t_us - START_US) / 1e6, 2) for s in trail.samples]


def everybody(frame) -> np.ndarray:
    return np.ones(len(frame), dtype=np.bool_)


def test_a_place_a_second_of_each_track_however_the_tracks_come_and_go():
    trails = Trails(1.0, 6.0, 2.0)
    people = [
        Someone((0, 0), []),
        Someone((9, 0), [], seen_from_s=2.4),
        Someone((5, 5), [], status=lambda t: None if 4.2 < t < 5.5 else TrackStatus.CONFIRMED),  # a short gap
    ]
    for frame in frames(people, 9.0):
        trails.take(frame, everybody(frame))
    for number in (1, 2, 3):
        steps = np.diff(kept_s(trails, number))
        assert (steps > 0.97).all(), number
        assert steps[-2:].max() < 1.4
    assert kept_s(trails, 1)[0] >= 2.0  # older ones than six seconds are gone
    assert kept_s(trails, 2)[0] >= 2.4
    trails.forget(2)
    assert trails.get(2) is None
    assert len(kept_s(trails, 3)) >= 5


def test_a_long_gap_begins_a_trail_anew_and_only_that_one():
    trails = Trails(1.0, 60.0, 2.0)
    away = Someone((0, 0), [], status=lambda t: None if 3 < t < 6 else TrackStatus.CONFIRMED)
    anew = []
    for frame in frames([away, Someone((9, 0), [])], 9.0):
        anew += [t.number for t in trails.take(frame, everybody(frame)) if t.anew]
    assert anew == [1]
    assert kept_s(trails, 1)[0] >= 6.0
    assert kept_s(trails, 2)[0] == 0.0


def test_who_is_not_wanted_is_not_kept_and_a_frame_twice_is_a_frame_once():
    trails = Trails(1.0, 60.0, 2.0)
    for frame in frames([Someone((0, 0), []), Someone((9, 0), [])], 4.0):
        first = frame.number == 1
        trails.take(frame, first)
        assert trails.take(frame, first) == []
    assert trails.get(2) is None
    trails.clear(1)
    assert kept_s(trails, 1) == []


def test_an_even_walk_has_its_speed_and_who_stands_none():
    def sample(t_s: float, east: float, speed: float) -> Sample:
        return Sample(int(t_s * 1e6), np.array([east, 1.0]), np.array([speed, 0.0]), 0.04, 4.0, np.eye(2) * 4.0, 0.02)

    walk = [sample(t, 1.3 * t, 1.3) for t in range(30)]
    stand = [sample(t, 0.0, 0.0) for t in range(30)]
    assert abs(even_way(walk).speed_m_s - 1.3) < 1e-6
    assert even_way(stand).speed_m_s < 1e-6
    # The drift of 30 s is what limits it: the places' own noise would give a hundredth of that.
    assert 0.02 < even_way(stand).sigma_m_s < 0.3
    assert restlessness(stand, 0.25) == 0.0
    assert restlessness(walk, 0.25) > 1.0
    assert abs(spread_m(walk) - 1.3 * 14.5) < 1e-9
