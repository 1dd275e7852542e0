"""Crossings told of recorded tracks in pixels: directions, frames, jitter, gaps, bad files; and real tracks."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import numpy as np
import pytest

from geofences.errors import ConfigError
from vision.evaluate_crossing import Crossing, add_arguments, find_crossings, read_tracks, run

REAL = Path(os.environ.get("MARCHWARDEN_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data")) / "sdd_tracks"
UP_THE_MIDDLE = (400.0, 800.0, 400.0, 0.0)  # seen along it, the picture's left half is left


def rows(track, centres, label="Pedestrian", first=0, lost=()):
    """Lines of a file: a box of 40 x 60 px in every frame."""
    out = []
    for i, (x, y) in enumerate(centres):
        frame = first + i
        out.append(
            f'{track} {x - 20:.0f} {y - 30:.0f} {x + 20:.0f} {y + 30:.0f} {frame} {int(frame in lost)} 0 1 "{label}"'
        )
    return out


def line_of(*corners, frames):
    """Evenly from corner to corner."""
    at = np.linspace(0, len(corners) - 1, frames)
    return np.stack([np.interp(at, range(len(corners)), [c[k] for c in corners]) for k in (0, 1)], axis=1)


@pytest.fixture
def found_in(tmp_path):
    def find(*lines, line=UP_THE_MIDDLE, **options):
        path = tmp_path / "tracks.txt"
        path.write_text("\n".join(line for part in lines for line in part), encoding="utf-8")
        return find_crossings(read_tracks(path), line, **options)

    return find


def test_direction_and_frame(found_in):
    right = rows(7, line_of((200, 400), (600, 420), frames=241), first=900)
    left = rows(3, line_of((600, 300), (200, 300), frames=241))
    assert found_in(right, left) == [Crossing(3, 120, "right_to_left"), Crossing(7, 1020, "left_to_right")]


def test_the_line_turned_round_swaps_the_sides(found_in):
    (crossing,) = found_in(rows(1, line_of((200, 400), (600, 400), frames=241)), line=(400.0, 0.0, 400.0, 800.0))
    assert crossing.direction == "right_to_left"


def test_left_of_a_line_to_the_right_is_up_in_the_picture(found_in):
    down = rows(1, line_of((400, 200), (400, 600), frames=241))
    assert [c.direction for c in found_in(down, line=(0.0, 400.0, 800.0, 400.0))] == ["left_to_right"]


def test_there_and_back_and_there_again_are_three(found_in):
    walk = rows(1, line_of((250, 400), (550, 400), (250, 400), (550, 400), frames=601))
    assert [c.direction for c in found_in(walk)] == ["left_to_right", "right_to_left", "left_to_right"]


def test_touching_the_line_or_going_round_its_end_is_none(found_in):
    touch = rows(1, line_of((200, 400), (404, 400), (200, 400), frames=301))
    stand = rows(2, line_of((397, 200), (403, 210), (396, 205), frames=900))
    along = rows(3, line_of((385, 50), (385, 750), frames=400))
    round_it = rows(4, line_of((350, 150), (350, -100), (450, -100), (450, 150), frames=500))
    assert found_in(touch, stand, along, round_it, jitter_px=2.0, seed=1) == []


def test_lost_boxes_are_not_used_and_a_number_is_believed_after_a_gap(found_in):
    walk = line_of((200, 400), (600, 400), frames=241)
    (crossing,) = found_in(rows(1, walk, lost=set(range(90, 150))))
    assert abs(crossing.frame - 120) <= 3
    out_of_view = rows(1, walk, lost=set(range(115, 241)))
    assert found_in(out_of_view) == []


@pytest.mark.parametrize("jitter_px", [0.0, 2.0, 5.0])
def test_jitter_neither_hides_nor_adds(found_in, jitter_px):
    tracks = [rows(i, line_of((250, 20 * i), (550, 20 * i + 40), frames=181)) for i in range(12)]
    tracks += [rows(20 + i, line_of((300, 20 * i), (360, 20 * i), (300, 20 * i), frames=181)) for i in range(12)]
    found = found_in(*tracks, jitter_px=jitter_px, seed=4)
    assert sorted(c.track for c in found) == list(range(12))
    assert {c.direction for c in found} == {"left_to_right"}


def test_the_same_seed_gives_the_same(found_in):
    walk = rows(1, line_of((200, 400), (600, 400), frames=241))
    assert found_in(walk, jitter_px=5.0, seed=3) == found_in(walk, jitter_px=5.0, seed=3)


def options_of(*words):
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(words)


def test_the_command_prints_json(tmp_path, capsys):
    path = tmp_path / "t.txt"
    path.write_text("\n".join(rows(5, line_of((200, 400), (600, 400), frames=241))), encoding="utf-8")
    assert run(options_of("--tracks", str(path), "--line", "400,800,400,0", "--json")) == 0
    assert json.loads(capsys.readouterr().out) == {
        "crossings": [{"track": 5, "frame": 120, "direction": "left_to_right"}]
    }


def test_what_cannot_be_used_is_refused_with_its_place(tmp_path):
    path = tmp_path / "t.txt"
    path.write_text('1 0 0 9 9 0 0 0 0 "Car"\n1 0 0 nine 9 1 0 0 0 "Car"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="line 2"):
        read_tracks(path)
    with pytest.raises(ConfigError, match=r"absent\.txt"):
        read_tracks(tmp_path / "absent.txt")
    with pytest.raises(ConfigError, match="same point"):
        find_crossings((), (1.0, 1.0, 1.0, 1.0))
    with pytest.raises(ConfigError, match="frames a second"):
        find_crossings((), UP_THE_MIDDLE, fps=0.0)
    with pytest.raises(ConfigError, match="metres per pixel"):
        find_crossings((), UP_THE_MIDDLE, m_per_px=-1.0)


def side_changes(distance_px, band_px=15.0, frames=3):
    """Truth: from more than a band on one side to more than it on the other, each for some frames in a row."""
    side = run_side = run_length = changes = 0
    for d in distance_px:
        now = int(d > band_px) - int(d < -band_px)
        run_length = run_length + 1 if now and now == run_side else 1
        run_side = now
        if now and run_length >= frames:
            changes += side == -now
            side = now
    return changes


@pytest.mark.parametrize("jitter_px", [0.0, 5.0])
def test_real_tracks(jitter_px):
    path = REAL / "gates" / "video7.txt"
    if not path.exists():
        pytest.skip("sdd_tracks is not on this machine (MARCHWARDEN_SHARED_DATA)")
    tracks = read_tracks(path)
    line = (660.0, 0.0, 660.0, 1980.0)  # the middle of what is seen, from above to below
    found = find_crossings(tracks, line, jitter_px=jitter_px, seed=2)
    true = extra = missed = 0
    for track in (t.every(3) for t in tracks):
        changes = side_changes(0.5 * (track.xyxy[:, 0] + track.xyxy[:, 2]) - 660.0)
        told = sum(c.track == track.track for c in found)
        true, extra, missed = true + changes, extra + max(0, told - changes), missed + max(0, changes - told)
    assert true >= 8
    assert missed == 0
    assert extra <= 1
