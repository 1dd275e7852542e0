"""Readers and split, on small data made here: what is right is read, what is wrong is refused by file and line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from geofences.errors import ConfigError
from vision.dataset import (
    LabelledPicture,
    hit_uav_split,
    picture_size,
    read_aerial_cars,
    read_hit_uav,
    read_places,
    read_sim_frames,
    read_verdicts,
)
from vision.evaluate import main as evaluate_main
from vision.records import Detections
from vision.train_mine import mine


def test_the_split_goes_by_blocks_with_a_margin() -> None:
    parts = {i: hit_uav_split(i) for i in range(6000)}
    assert {p for i, p in parts.items() if 1200 <= i < 1600} == {"val"}
    assert {p for i, p in parts.items() if 3200 <= i < 3600} == {"val"}
    assert parts[1184] == "train"
    assert {parts[i] for i in range(1185, 1200)} == {"margin"}
    assert {parts[i] for i in range(2000, 2015)} == {"margin"}
    assert parts[2015] == "train"
    val = np.array([i for i, p in parts.items() if p == "val"])
    train = np.array([i for i, p in parts.items() if p == "train"])
    assert np.abs(val[:, None] - train[None]).min() > 15


def test_held_back_blocks_are_never_trained_on_nor_their_neighbours() -> None:
    held_back = np.array([i for i in range(6000) if (i // 400) % 5 == 4])
    assert {hit_uav_split(int(i)) for i in held_back} == {"held_back"}
    train = np.array([i for i in range(6000) if hit_uav_split(i) == "train"])
    assert np.abs(held_back[:, None] - train[None]).min() > 15
    assert hit_uav_split(0) == "train"  # no block lies before the first


@pytest.fixture
def hit_uav(tmp_path: Path) -> Path:
    folder = tmp_path / "hit"
    (folder / "images").mkdir(parents=True)
    names = ["1_60_30_0_00015.jpg", "0_130_90_0_01300.jpg"]
    for i, name in enumerate(names):
        cv2.imwrite(str(folder / "images" / name), np.full((96, 128, 3), 60 + 40 * i, dtype=np.uint8))
    annotations = [
        {"image_id": 7, "category_id": 0, "bbox": [10, 20, 6, 14]},
        {"image_id": 7, "category_id": 3, "bbox": [60, 30, 30, 20]},
        {"image_id": 7, "category_id": 4, "bbox": [100, 70, 20, 20]},
        {"image_id": 8, "category_id": 2, "bbox": [0, 0, 8, 10]},
    ]
    images = [{"id": 7 + i, "file_name": n} for i, n in enumerate(names)]
    (folder / "annotations.json").write_text(json.dumps({"images": images, "annotations": annotations}))
    return folder


def test_hit_uav_comes_in_our_classes(hit_uav: Path) -> None:
    night, day = read_hit_uav(hit_uav)
    assert (night.split, night.altitude_m, night.group) == ("train", 60.0, "thermal night")
    assert (day.split, day.altitude_m, day.group) == ("val", 130.0, "thermal day")
    np.testing.assert_allclose(night.xyxy, [[10, 20, 16, 34], [60, 30, 90, 50]])
    np.testing.assert_array_equal(night.class_id, [0, 1])
    np.testing.assert_allclose(night.ignore_xyxy, [[100, 70, 120, 90]])
    np.testing.assert_array_equal(day.class_id, [2])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda c: c["annotations"][1].update(bbox=[1, 2, 0, 4]), r"annotations\[1\].*no area"),
        (lambda c: c["annotations"][2].update(bbox=[1, 2, float("nan"), 4]), r"annotations\[2\].*no area"),
        (lambda c: c["annotations"][3].update(bbox=[1, 2]), r"annotations\[3\]"),
        (lambda c: c["annotations"][0].update(category_id=9), r"annotations\[0\].*category_id 9"),
        (lambda c: c["annotations"][0].pop("category_id"), r"annotations\[0\].*category_id"),
        (lambda c: c["annotations"][0].update(image_id=99), r"image_id 99"),
        (lambda c: c["images"][1].update(file_name="a_b.jpg"), r"images\[1\].*a_b.jpg"),
        (lambda c: c["images"][0].update(file_name="2_60_30_0_00015.jpg"), r"images\[0\].*TIME_ALTITUDE"),
        (lambda c: c.update(images=[], annotations=[]), r"no pictures"),
        (lambda c: c.pop("images"), r"not a HIT-UAV annotation file"),
    ],
)
def test_a_wrong_hit_uav_entry_is_named(hit_uav: Path, change: Callable[[dict], object], told: str) -> None:
    file = hit_uav / "annotations.json"
    content = json.loads(file.read_text())
    change(content)
    file.write_text(json.dumps(content))
    with pytest.raises(ConfigError, match=rf"annotations\.json: .*{told}"):
        read_hit_uav(hit_uav)


def test_a_picture_that_is_no_picture_is_named(hit_uav: Path) -> None:
    (hit_uav / "images" / "1_60_30_0_00015.jpg").write_bytes(b"not a picture")
    with pytest.raises(ConfigError, match=r"1_60_30_0_00015\.jpg cannot be read"):
        read_hit_uav(hit_uav)[0].read_bgr()


def test_sizes_are_read_from_headers_and_by_decoding(tmp_path: Path) -> None:
    image = np.zeros((33, 70, 3), dtype=np.uint8)
    cv2.imwrite(str(tmp_path / "a.jpg"), image)
    cv2.imwrite(str(tmp_path / "p.jpg"), image, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])
    cv2.imwrite(str(tmp_path / "b.png"), image)
    assert {picture_size(tmp_path / name) for name in ("a.jpg", "p.jpg", "b.png")} == {(70, 33)}
    for name, content in (("cut.jpg", (tmp_path / "a.jpg").read_bytes()[:30]), ("text.jpg", b"hello")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ConfigError, match=name):
            picture_size(tmp_path / name)
    with pytest.raises(ConfigError, match=r"none\.jpg"):
        picture_size(tmp_path / "none.jpg")


def test_other_folders_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "annotations.json").write_text('{"images": 3}')
    for read in (read_hit_uav, read_aerial_cars, read_sim_frames, read_verdicts):
        with pytest.raises(ConfigError, match=tmp_path.name):
            read(tmp_path)
    (tmp_path / "annotations.json").unlink()
    with pytest.raises(ConfigError, match=r"annotations\.json: cannot be read"):
        read_hit_uav(tmp_path)


def aerial_cars(folder: Path, label: str) -> Path:
    cv2.imwrite(str(folder / "a.jpg"), np.zeros((100, 200, 3), dtype=np.uint8))
    (folder / "a.txt").write_text(label)
    return folder


def test_yolo_text_is_read_with_its_gaps(tmp_path: Path) -> None:
    (picture,) = read_aerial_cars(aerial_cars(tmp_path, "2 0.5 0.5 0.1 0.2\n\n4 0.1\n4 0.25 0.5 0.1 0.2\n"))
    np.testing.assert_allclose(picture.xyxy, [[90, 40, 110, 60], [40, 40, 60, 60]])
    np.testing.assert_array_equal(picture.class_id, [1, 2])


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("x 0.5 0.5 0.1 0.1", "invalid literal"),
        ("0 0.5 0.5 0.1 wide", "could not convert"),
        ("0 0.5 0.5 0.1 nan", "not in the picture"),
        ("0 1.5 0.5 0.1 0.1", "not in the picture"),
        ("0 0.5 0.5 0 0.1", "not in the picture"),
        ("7 0.5 0.5 0.1 0.1", "class 7"),
        ("0 0.5 0.5 0.1 0.1 0.9", "6 fields"),
    ],
)
def test_a_wrong_label_line_is_named_by_file_and_line(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(ConfigError, match=rf"a\.txt:2: .*{told}"):
        read_aerial_cars(aerial_cars(tmp_path, f"0 0.5 0.5 0.1 0.1\n{line}\n"))


def sim_frame(folder: Path, name: str, label: str) -> None:
    for part in ("images", "labels"):
        (folder / part).mkdir(exist_ok=True)
    cv2.imwrite(str(folder / "images" / f"{name}.jpg"), np.zeros((50, 100, 3), dtype=np.uint8))
    (folder / "labels" / f"{name}.txt").write_text(label)


def test_frames_of_the_simulator_split_by_seed(tmp_path: Path) -> None:
    for name in ("border_day_01000_0001", "border_night_01900_0002", "calm_01003_0000"):
        sim_frame(tmp_path, name, "0 0.5 0.5 0.1 0.2\n" if "calm" not in name else "")
    pictures = read_sim_frames(tmp_path)
    assert [(p.split, p.group, len(p.xyxy)) for p in pictures] == [
        ("train", "sim border_day", 1), ("val", "sim border_night", 1), ("train", "sim calm", 0),
    ]  # fmt: skip
    sim_frame(tmp_path, "calm_01003_0001", "0 0.5 0.5 0.1\n")  # a short line is a torn file here
    with pytest.raises(ConfigError, match=r"calm_01003_0001\.txt:1: 4 fields"):
        read_sim_frames(tmp_path)


def test_verdicts_of_an_operator_are_labels_of_any_name(tmp_path: Path) -> None:
    sim_frame(tmp_path, "incident-12", "3 0.5 0.5 0.1 0.2\n")
    sim_frame(tmp_path, "incident-13", "")
    animal, nothing = read_verdicts(tmp_path)
    assert (animal.split, animal.class_id.tolist(), len(nothing.xyxy)) == ("train", [3], 0)


def picture(tmp_path: Path) -> LabelledPicture:
    image = np.full((200, 300, 3), 90, dtype=np.uint8)
    image[100:120, 150:158] = 250
    cv2.imwrite(str(tmp_path / "p.png"), image)
    return LabelledPicture(
        tmp_path / "p.png", "test", "train", np.array([[150.0, 100, 158, 120]]), np.array([0], dtype=np.int64)
    )


def test_scoring_without_data_ends_with_one_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate_main(["--model", str(tmp_path / "no.onnx"), "--hit-uav", str(tmp_path)]) == 2
    assert "annotations.json" in capsys.readouterr().err
    assert evaluate_main([]) == 2


def test_scoring_prints_a_table(hit_uav: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert evaluate_main(["--hit-uav", str(hit_uav), "--threads", "1"]) == 0
    text = capsys.readouterr().out
    assert "at or over 110 m" in text
    assert "two-wheeler AP50" in text


class FixedDetector:
    """Says the same of every picture."""

    def detect(self, image_bgr: np.ndarray) -> Detections:
        boxes = np.array([[151.0, 101, 159, 121], [40, 40, 50, 60], [200, 20, 210, 40]])
        return Detections(boxes, np.array([0.9, 0.5, 0.4]), np.zeros(3, dtype=np.int64))


def test_false_finds_are_those_that_touch_neither_label_nor_ignored_region(tmp_path: Path) -> None:
    labelled = replace(picture(tmp_path), ignore_xyxy=np.array([[190.0, 0, 250, 90]]))
    assert mine(FixedDetector(), [labelled]) == {"p.png": [[45.0, 50.0]]}  # type: ignore[arg-type]
    (tmp_path / "hard.json").write_text('{"p.png": [[45.0, 50.0]]}')
    np.testing.assert_allclose(read_places(tmp_path / "hard.json")["p.png"], [[45, 50]])
    (tmp_path / "hard.json").write_text("[1]")
    with pytest.raises(ConfigError, match=r"hard\.json"):
        read_places(tmp_path / "hard.json")
