"""Readers, split, tiles and training batches, on small data made here."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from geofences.errors import ConfigError
from vision.dataset import (
    LabelledPicture,
    cut_tile,
    hit_uav_split,
    paint_out,
    read_aerial_cars,
    read_hit_uav,
    read_places,
    read_sim_frames,
)
from vision.evaluate import main as evaluate_main
from vision.records import Detections
from vision.train import main as train_main
from vision.train import parse, read_thresholds
from vision.train_data import TileSampler, Variation
from vision.train_mine import mine


def test_the_split_goes_by_blocks_with_a_margin() -> None:
    parts = {i: hit_uav_split(i) for i in range(4000)}
    assert {p for i, p in parts.items() if 1200 <= i < 1600} == {"val"}
    assert {p for i, p in parts.items() if 3200 <= i < 3600} == {"val"}
    assert parts[1184] == "train"
    assert {parts[i] for i in range(1185, 1200)} == {"margin"}
    assert {parts[i] for i in range(1600, 1615)} == {"margin"}
    assert parts[1615] == "train"
    val = [i for i, p in parts.items() if p == "val"]
    train = [i for i, p in parts.items() if p == "train"]
    assert min(abs(a - b) for a in val for b in train) > 15


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


def test_other_folders_are_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "annotations.json").write_text('{"images": 3}')
    for read in (read_hit_uav, read_aerial_cars, read_sim_frames):
        with pytest.raises(ConfigError, match=tmp_path.name):
            read(tmp_path)


def test_yolo_text_is_read_with_its_gaps(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.jpg"), np.zeros((100, 200, 3), dtype=np.uint8))
    (tmp_path / "a.txt").write_text("2 0.5 0.5 0.1 0.2\n\n4 0.1\n4 0.25 0.5 0.1 0.2\n")
    (picture,) = read_aerial_cars(tmp_path)
    np.testing.assert_allclose(picture.xyxy, [[90, 40, 110, 60], [40, 40, 60, 60]])
    np.testing.assert_array_equal(picture.class_id, [1, 2])


def test_frames_of_the_simulator_split_by_seed(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    (tmp_path / "labels").mkdir()
    for name in ("border_day_01000_0001", "border_night_01900_0002", "calm_01003_0000"):
        cv2.imwrite(str(tmp_path / "images" / f"{name}.jpg"), np.zeros((50, 100, 3), dtype=np.uint8))
        (tmp_path / "labels" / f"{name}.txt").write_text("0 0.5 0.5 0.1 0.2\n" if "calm" not in name else "")
    pictures = read_sim_frames(tmp_path)
    assert [(p.split, p.group, len(p.xyxy)) for p in pictures] == [
        ("train", "sim border_day", 1), ("val", "sim border_night", 1), ("train", "sim calm", 0),
    ]  # fmt: skip


def test_ignored_regions_are_painted_with_what_is_around() -> None:
    image = np.full((60, 60, 3), 50, dtype=np.uint8)
    image[20:30, 20:30] = 255
    painted = paint_out(image, np.array([[20.0, 20, 30, 30]]))
    assert painted.max() == 50
    assert image.max() == 255


def picture(tmp_path: Path) -> LabelledPicture:
    image = np.full((200, 300, 3), 90, dtype=np.uint8)
    image[100:120, 150:158] = 250
    cv2.imwrite(str(tmp_path / "p.png"), image)
    return LabelledPicture(
        tmp_path / "p.png", "test", "train", np.array([[150.0, 100, 158, 120]]), np.array([0], dtype=np.int64)
    )


def test_a_tile_keeps_what_is_mostly_in_it_and_hides_the_rest(tmp_path: Path) -> None:
    labelled = picture(tmp_path)
    image = labelled.read_bgr()
    whole = cut_tile(labelled, image, 100, 60, 128)
    np.testing.assert_allclose(whole.xyxy, [[50, 40, 58, 60]])
    half = cut_tile(labelled, image, 100, 60, 52)
    assert len(half.xyxy) == 0  # two of eight columns: not an object
    assert half.image_bgr.max() < 120  # ... and not to be seen either
    beyond = cut_tile(labelled, image, 200, 100, 128)
    assert beyond.image_bgr.shape == (128, 128, 3)
    assert (beyond.image_bgr[100:] == 114).all()


def test_batches_show_the_object_inside_its_box(tmp_path: Path) -> None:
    sampler = TileSampler([([picture(tmp_path)], 1.0)], size_px=96, batch=12, seed=3)
    batch = sampler.next_batch()
    assert batch.image.shape == (12, 3, 96, 96)
    assert batch.image.dtype == np.float32
    assert len(batch.box) >= 4
    assert (np.diff(batch.owner) >= 0).all()
    for (cx, cy, _w, _h), owner in zip(batch.box * 96, batch.owner.astype(int), strict=True):
        inside = batch.image[owner, :, min(int(cy), 95), min(int(cx), 95)]
        assert abs(inside.mean() - np.median(batch.image[owner])) > 0.1
    again = TileSampler([([picture(tmp_path)], 1.0)], size_px=96, batch=12, seed=3).next_batch()
    np.testing.assert_array_equal(batch.image, again.image)


def test_training_options_come_from_a_file_and_the_command_line_wins(tmp_path: Path) -> None:
    config = tmp_path / "train.json"
    config.write_text(json.dumps({"out": "runs", "tile-px": 320, "hit_uav": "data", "seed": 4}))
    options = parse(["--config", str(config), "--seed", "9"])
    assert (options.out, options.hit_uav, options.tile_px, options.seed) == (Path("runs"), Path("data"), 320, 9)
    config.write_text('{"epochz": 3}')
    with pytest.raises(ConfigError, match="epochz"):
        parse(["--config", str(config)])


def test_thresholds_are_read_by_class() -> None:
    assert read_thresholds(["person=0.3", "vehicle=0.45"]) == {"person": 0.3, "vehicle": 0.45}
    for wrong in ("person", "ship=0.3", "person=1.5"):
        with pytest.raises(ConfigError, match=wrong):
            read_thresholds([wrong])


def test_training_and_scoring_without_data_end_with_one_clear_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train_main(["--hit-uav", str(tmp_path)]) == 2
    assert "--out" in capsys.readouterr().err
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


def test_hard_places_are_looked_at(tmp_path: Path) -> None:
    image = np.full((400, 600, 3), 90, dtype=np.uint8)
    image[300:310, 500:510] = 250
    cv2.imwrite(str(tmp_path / "h.png"), image)
    empty = LabelledPicture(
        tmp_path / "h.png",
        "test",
        "train",
        np.zeros((0, 4)),
        np.zeros(0, dtype=np.int64),
        hard_xy=np.array([[505.0, 305]]),
    )
    always = Variation(hard=1.0, light=0.0, blur=0.0, compress=0.0, invert_thermal=0.0)
    batch = TileSampler([([empty], 1.0)], 96, 6, seed=0, variation=always).next_batch()
    assert all(tile.max() > 0.9 for tile in batch.image)
    assert len(batch.box) == 0
