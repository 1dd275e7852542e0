"""``python -m vision.detect``: names, form, sizes, and every way that it must say no without writing anything."""

from __future__ import annotations

import io
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from geofences.errors import ConfigError, StoreError, VideoError
from tests.unit.vision_detect.test_backends import thermal_picture
from vision.detect import detect_pictures, find_pictures, main, read_picture, sizes, write_whole
from vision.detectors.base import DetectorInfo
from vision.detectors.scaled import ScaledDetector, fuse
from vision.records import CLASS_NAMES, Detections

NOTHING = np.zeros(3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pictures" / "night").mkdir(parents=True)
    for name in ("pictures/a.jpg", "pictures/night/b.PNG"):
        cv2.imwrite(str(tmp_path / name), thermal_picture())
    (tmp_path / "pictures" / "notes.txt").write_text("no picture", encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> int:
    return main([*arguments, "--out", str(folder / "out.json"), "--threads", "1"])


def test_what_is_written(folder: Path) -> None:
    assert run(folder, str(folder / "pictures"), "--imgsz", "0") == 0
    records = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert {r["file_name"] for r in records} == {"a.jpg", "night/b.PNG"}
    assert {r["class"] for r in records} <= {"person", "vehicle", "two_wheeler"}
    scores = [r["score"] for r in records if r["file_name"] == "a.jpg"]
    assert 0.001 <= min(scores) < 0.01
    assert scores == sorted(scores, reverse=True)
    for r in records:
        x, y, w, h = r["bbox"]
        assert min(x, y, w, h) >= 0
        assert x + w <= 310.01
        assert y + h <= 200.01
    assert [p.name for p in folder.iterdir() if p.is_file()] == ["out.json"]


def test_a_picture_named_itself_has_its_base_name_and_counts_once(folder: Path) -> None:
    picture = folder / "pictures" / "night" / "b.PNG"
    assert find_pictures([picture, folder / "pictures" / "night"]) == [("b.PNG", picture)]


def test_two_pictures_of_one_name_are_refused(folder: Path) -> None:
    (folder / "other").mkdir()
    cv2.imwrite(str(folder / "other" / "a.jpg"), thermal_picture())
    with pytest.raises(ConfigError, match=r"both be told as 'a\.jpg'"):
        find_pictures([folder / "pictures", folder / "other"])


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("missing.jpg", None, 2),
        ("empty.jpg", b"", 5),
        ("text.png", b"this is no picture", 5),
        ("cut.jpg", b"", 5),
    ],
)
def test_a_bad_picture_is_named_and_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes | None, code: int
) -> None:
    (folder / "out.json").write_text("what was there", encoding="utf-8")
    if name == "cut.jpg":
        whole = (folder / "pictures" / "a.jpg").read_bytes()
        content = whole[: len(whole) // 2]
    if content is not None:
        (folder / name).write_bytes(content)
    assert run(folder, str(folder / "pictures" / "a.jpg"), str(folder / name), "--imgsz", "64") == code
    told = capsys.readouterr().err
    assert told.count("error:") == 1
    assert name in told
    assert (folder / "out.json").read_text(encoding="utf-8") == "what was there"


def test_an_empty_folder_a_bad_model_and_a_missing_place_to_write_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "none").mkdir()
    picture = str(folder / "pictures" / "a.jpg")
    assert run(folder, str(folder / "none")) == 2
    assert run(folder, picture, "--model", str(folder / "none.onnx")) == 6
    assert main([picture, "--out", str(folder / "nowhere" / "out.json")]) == 2
    told = capsys.readouterr().err
    for place in ("none: no pictures", "none.onnx", "nowhere"):
        assert place in told
    assert not (folder / "out.json").exists()


def test_a_place_that_takes_no_file_is_told_and_left_clean(folder: Path) -> None:
    (folder / "out.json").mkdir()
    with pytest.raises(StoreError, match=r"out\.json"):
        write_whole(folder / "out.json", [])
    assert not list(folder.glob("*.part"))


def test_a_whole_picture_with_a_preview_inside_is_not_taken_for_a_cut_one(folder: Path) -> None:
    whole = (folder / "pictures" / "a.jpg").read_bytes()
    preview = whole[:2] + b"\xff\xe1" + (len(whole) + 2).to_bytes(2, "big") + whole + whole[2:]
    (folder / "preview.jpg").write_bytes(preview)
    assert read_picture(folder / "preview.jpg").shape == (200, 310, 3)
    (folder / "cut.jpg").write_bytes(preview[: -len(whole) // 3])
    with pytest.raises(VideoError, match="cut off"):
        read_picture(folder / "cut.jpg")


def test_sizes_are_read() -> None:
    assert sizes("960") == (960,)
    assert sizes("0,960") == (0, 960)
    for wrong in ("", "a", "16", "-640", "100000"):
        with pytest.raises(ValueError):
            sizes(wrong)
    with pytest.raises(SystemExit) as caught:
        main(["a.jpg", "--out", "b.json", "--imgsz", "big"])
    assert caught.value.code == 2


class BrightDetector:
    """Calls the bright part of the picture a person; surer of it the larger the picture. Remembers the sizes it saw."""

    info = DetectorInfo("bright", "0" * 64, CLASS_NAMES, 32, "fake")

    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def detect(self, image_bgr: np.ndarray) -> Detections:
        self.seen.append((image_bgr.shape[1], image_bgr.shape[0]))
        y, x = np.nonzero(image_bgr[..., 0] > 127)
        box = [[x.min(), y.min(), x.max() + 1.0, y.max() + 1.0]]
        return Detections(np.array(box, dtype=float), np.array([image_bgr.shape[1] / 1000.0]), np.array([0]))


def bright_picture() -> np.ndarray:
    picture = np.zeros((120, 200, 3), dtype=np.uint8)
    picture[30:60, 50:70] = 255
    return picture


def test_a_picture_is_enlarged_and_its_boxes_come_back_in_its_own_pixels() -> None:
    bright = BrightDetector()
    found = ScaledDetector(bright, (400,), NOTHING).detect(bright_picture())
    assert bright.seen == [(400, 240)]
    np.testing.assert_allclose(found.xyxy, [[50, 30, 70, 60]], atol=0.6)


def test_pictures_are_made_smaller_only_when_asked_and_no_size_is_looked_at_twice() -> None:
    assert ScaledDetector(BrightDetector(), (), NOTHING).scales(200, 120) == [1.0]
    assert ScaledDetector(BrightDetector(), (0, 100, 300), NOTHING).scales(200, 120) == [1.0, 1.5]
    assert ScaledDetector(BrightDetector(), (100,), NOTHING, shrink=True).scales(200, 120) == [0.5]


def test_two_sizes_give_one_box_and_the_threshold_is_for_their_mean() -> None:
    found = ScaledDetector(BrightDetector(), (0, 400), np.array([0.29, 0, 0])).detect(bright_picture())
    np.testing.assert_allclose(found.confidence, [0.3])
    assert len(ScaledDetector(BrightDetector(), (0, 400), np.array([0.31, 0, 0])).detect(bright_picture())) == 0


def boxes(*rows: tuple[float, float, float, float, float, int]) -> Detections:
    array = np.array(rows, dtype=float).reshape(-1, 6)
    return Detections(array[:, :4], array[:, 4], array[:, 5].astype(np.int64))


def test_fusing_averages_what_views_share_and_halves_what_one_alone_sees() -> None:
    one = boxes((0, 0, 10, 20, 0.9, 0), (100, 0, 110, 20, 0.4, 0), (200, 0, 220, 20, 0.6, 1))
    other = boxes((2, 0, 12, 20, 0.3, 0), (200, 0, 220, 20, 0.5, 2))
    found = fuse([one, other])
    np.testing.assert_allclose(found.confidence, [0.6, 0.3, 0.25, 0.2])
    np.testing.assert_array_equal(found.class_id, [0, 1, 2, 0])  # another class at one place is another thing
    np.testing.assert_allclose(found.xyxy[0], [0.5, 0, 10.5, 20])


def test_boxes_of_one_view_are_never_fused_with_each_other() -> None:
    crowd = boxes((0, 0, 10, 20, 0.9, 0), (3, 0, 13, 20, 0.8, 0))
    assert len(fuse([crowd, boxes()])) == 2
    assert len(fuse([boxes(), boxes()])) == 0
    np.testing.assert_allclose(sorted(fuse([crowd, crowd]).confidence), [0.8, 0.9])


def test_progress_is_told(folder: Path) -> None:
    told = io.StringIO()
    cv2.imwrite(str(folder / "bright.png"), bright_picture())
    records = detect_pictures([BrightDetector()], [("bright.png", folder / "bright.png")], told)
    assert records == [{"file_name": "bright.png", "class": "person", "bbox": [50, 30, 20, 30], "score": 0.2}]
    assert "1 of 1 pictures" in told.getvalue()


def test_pictures_looked_at_side_by_side_are_told_in_their_order(folder: Path) -> None:
    pictures = []
    for number in range(12):
        name = f"{number}.png"
        cv2.imwrite(str(folder / name), np.roll(bright_picture(), 10 * number, axis=1))
        pictures.append((name, folder / name))
    records = detect_pictures([BrightDetector() for _ in range(3)], pictures)
    assert [(r["file_name"], r["bbox"][0]) for r in records] == [(f"{n}.png", 50 + 10 * n) for n in range(12)]
