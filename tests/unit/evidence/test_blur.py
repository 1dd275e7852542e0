"""A clip for others: everybody but the incident's own person is pixelated, in every picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geofences.errors import VideoError
from tests.unit.evidence.footage import FIRST_PTS_S, HEIGHT, PERSON_WH, WIDTH, Scene, clip_of, part, pictures
from vision.evidence_blur import blur_clip, hide
from vision.records import Detections

SUBJECT, OTHERS = frozenset({7}), (8, 9)


def blurred(tmp_path: Path, scene: Scene, looked, look=None, subjects=SUBJECT):
    clip = clip_of(scene, tmp_path / "clip.ts")
    target = tmp_path / "out.mp4"
    report = blur_clip(clip.path, target, looked, clip.first_pts_s, subjects, look)
    before, after = pictures(clip.path), pictures(target)
    assert len(before) == len(after) == scene.count == report.pictures
    return before, after, report


def recognisable(before, after, scene: Scene, number: int) -> list[int]:
    """In which pictures somebody's clothes can still be made out: their pattern correlates with what it was."""
    found = []
    for k in range(scene.count):
        x0, _, x1, _ = scene.box(number, k)
        if x0 < 0 or x1 > WIDTH:
            continue
        was, is_now = part(before[k], scene.box(number, k)), part(after[k], scene.box(number, k))
        if is_now.std() > 0.45 * was.std() or np.corrcoef(was.ravel(), is_now.ravel())[0, 1] > 0.6:
            found.append(k)
    return found


def test_others_are_hidden_and_the_subject_is_as_before(tmp_path: Path) -> None:
    scene = Scene()
    before, after, report = blurred(tmp_path, scene, [scene.looked(k) for k in range(24)])
    for number in OTHERS:
        assert recognisable(before, after, scene, number) == []
    for k in range(24):
        was, is_now = part(before[k], scene.box(7, k)), part(after[k], scene.box(7, k))
        assert np.abs(was - is_now).mean() < 6.0, "as before, to within the encoding"
    assert (report.subject, report.hidden, report.looked_again) == (24, 0, False)
    ground = (5, 130, 100, 175)
    assert np.abs(part(before[9], ground) - part(after[9], ground)).mean() < 6.0, "the ground stays as it is"


def test_variance_in_hidden_boxes_is_low(tmp_path: Path) -> None:
    scene = Scene()
    before, after, _ = blurred(tmp_path, scene, [scene.looked(k) for k in range(24)])
    for k in (0, 11, 23):
        for number in OTHERS:
            assert part(after[k], scene.box(number, k)).var() < 0.1 * part(before[k], scene.box(number, k)).var()


@pytest.mark.parametrize("pan_px", [0.0, 12.0, -12.0])
def test_between_two_looks_nobody_shows_even_when_the_camera_pans(tmp_path: Path, pan_px: float) -> None:
    scene = Scene(pan_px, count=13)
    before, after, _ = blurred(tmp_path, scene, [scene.looked(k) for k in range(0, 13, 4)])
    for number in OTHERS:
        assert recognisable(before, after, scene, number) == []


def test_somebody_missed_for_a_second_and_a_half_stays_hidden(tmp_path: Path) -> None:
    scene = Scene()
    looked = [scene.looked(k, (7, 9) if 5 <= k < 20 else (7, 8, 9)) for k in range(24)]
    before, after, _ = blurred(tmp_path, scene, looked)
    assert recognisable(before, after, scene, 8) == []


def test_what_nobody_looked_at_is_hidden(tmp_path: Path) -> None:
    scene = Scene()
    looked = [scene.looked(k, (7,), region=(0, 0, 130, HEIGHT)) for k in range(24)]
    before, after, report = blurred(tmp_path, scene, looked)
    assert recognisable(before, after, scene, 8) == []
    assert recognisable(before, after, scene, 9) == []
    assert report.hidden == 0


def test_a_picture_far_from_any_look_is_hidden_as_a_whole_the_subject_too(tmp_path: Path) -> None:
    scene = Scene()
    before, after, report = blurred(tmp_path, scene, [scene.looked(k, (7,)) for k in range(5)])
    assert report.hidden == 14
    assert all(k < 10 for number in (7, 8, 9) for k in recognisable(before, after, scene, number))


def test_without_any_boxes_everything_is_hidden(tmp_path: Path) -> None:
    before, after, report = blurred(tmp_path, Scene(), [])
    assert report.hidden == 24
    assert recognisable(before, after, Scene(), 7) == []


def test_looking_again_finds_who_was_missed(tmp_path: Path) -> None:
    scene, count = Scene(), iter(range(1000))

    def look(image):
        boxes = np.array([scene.box(n, next(count) if n == 8 else 0) for n in (8,)])
        return Detections(boxes, np.array([0.1]), np.array([0]))

    before, after, report = blurred(tmp_path, scene, [scene.looked(k, (7,)) for k in range(24)], look)
    assert recognisable(before, after, scene, 8) == []
    assert recognisable(before, after, scene, 7) == list(range(24))
    assert report.looked_again


def test_a_second_detection_of_the_subject_is_the_subject(tmp_path: Path) -> None:
    scene, count = Scene(), iter(range(1000))

    def look(image):
        box = np.array(scene.box(7, next(count)))
        return Detections((box + np.array([-1.0, -2.0, 1.0, 0.0]))[None], np.array([0.8]), np.array([0]))

    before, after, _ = blurred(tmp_path, scene, [scene.looked(k, (7,)) for k in range(24)], look)
    assert recognisable(before, after, scene, 7) == list(range(24))


def test_without_a_subject_everybody_is_hidden(tmp_path: Path) -> None:
    scene = Scene()
    before, after, _ = blurred(tmp_path, scene, [scene.looked(k) for k in range(24)], subjects=frozenset({99}))
    assert [recognisable(before, after, scene, n) for n in (7, 8, 9)] == [[], [], []]


def test_vehicles_stay_visible_unless_they_may_be_something_else(tmp_path: Path) -> None:
    scene, count = Scene(), iter(range(1000))

    def look(image):
        k = next(count)
        return Detections(
            np.array([scene.box(8, k), scene.box(9, k)]), np.array([0.9, 0.15]), np.array([1, 1])
        )  # fmt: skip

    before, after, _ = blurred(tmp_path, scene, [scene.looked(k, (7,)) for k in range(24)], look)
    assert recognisable(before, after, scene, 8) == list(range(24))
    assert recognisable(before, after, scene, 9) == []


def test_a_clip_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "clip.ts").write_bytes(b"nothing that can be shown" * 100)
    with pytest.raises(VideoError, match="cannot be blurred"):
        blur_clip(tmp_path / "clip.ts", tmp_path / "out.mp4", [], FIRST_PTS_S, SUBJECT)
    assert not (tmp_path / "out.mp4").exists()


def test_hiding_in_one_picture() -> None:
    image = np.random.default_rng(1).integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8)
    box = np.array([[100.0, 100.0, 100.0 + 2 * PERSON_WH[0], 100.0 + 2 * PERSON_WH[1]]])
    out = hide(image, box, (0, 0, WIDTH, HEIGHT), np.array([[120.0, 120.0, 130.0, 140.0]]))
    assert (out[120:140, 120:130] == image[120:140, 120:130]).all(), "the subject stands out of the others' box"
    assert part(out, (100, 100, 117, 172)).var() < 0.1 * part(image, (100, 100, 117, 172)).var()
    assert (out[:100] == image[:100]).all()
    assert (hide(image, box, None, None) != image).mean() > 0.9
