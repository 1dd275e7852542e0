"""The model card is put together from what was recorded and measured; what does not fit is refused by name."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import cv2
import numpy as np
import pytest

from geofences.errors import ConfigError
from vision.dataset import LabelledPicture
from vision.detectors.base import DetectorInfo
from vision.detectors.model_file import DEFAULT_MODEL
from vision.model_card import ancestry, data_table, main, read_texts
from vision.model_card_scores import height_table, measure, recall_by_height
from vision.records import Detections
from vision.train_config import TrainConfig
from vision.train_curves import line_chart, nice_step
from vision.train_run import LOG, LOG_COLUMNS, VALIDATION, VALIDATION_COLUMNS, CsvLog, begin_run
from vision.train_tried import COLUMNS, Tried, add_tried, measure_speed, read_tried, tried_table

TEXTS = DEFAULT_MODEL.with_name("marchwarden-s.card.toml")


def svg_texts(picture: str) -> list[str]:
    return [e.text or "" for e in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]


def test_a_chart_is_a_small_picture_with_its_words() -> None:
    many = [(float(i), 5.0 + np.sin(i / 50)) for i in range(20000)]
    picture = line_chart("Loss <a>", "batch", "loss", {"box & class": many, "gap": [(0, 1.0), (9e3, float("nan"))]})
    texts = svg_texts(picture)
    assert {"Loss <a>", "batch", "loss", "box & class", "gap", "0", "15000"} <= set(texts)
    assert len(picture.encode()) < 30_000
    assert "nan" not in picture
    assert "not recorded" in svg_texts(line_chart("t", "x", "y", {"a": [(1, float("nan"))]}))
    one = line_chart("t", "x", "y", {"a": [(5, 2.0)]})
    assert "<circle" in one
    for span in (0.03, 1.0, 7.0, 123.0, 20000.0):
        assert 3 <= span / nice_step(span) <= 10


def test_a_line_is_drawn_where_its_values_are() -> None:
    picture = line_chart("t", "x", "y", {"a": [(0, 0.0), (10, 1.0)]})
    low, high = [
        (float(e.get("cx", 0)), float(e.get("cy", 0)))
        for e in ET.fromstring(picture).iter("{http://www.w3.org/2000/svg}circle")
    ]
    assert low[0] < high[0]
    assert low[1] > high[1]  # up is less in pixels


class Oracle:
    """Finds what it is told, in the order of the pictures."""

    def __init__(self, answers: list[Detections]) -> None:
        self._answers = iter(answers)
        self.info = DetectorInfo("oracle", "", ("person", "vehicle", "two-wheeler"), 32, "none")

    def detect(self, image_bgr: np.ndarray) -> Detections:
        return next(self._answers)


def found(rows: list[list[float]], confidence: list[float], classes: list[int]) -> Detections:
    return Detections(
        np.array(rows, dtype=float).reshape(-1, 4), np.array(confidence), np.array(classes, dtype=np.int64)
    )


def labelled(folder: Path, boxes: list[list[float]], classes: list[int]) -> LabelledPicture:
    cv2.imwrite(str(folder / "x.png"), np.zeros((90, 120, 3), dtype=np.uint8))
    return LabelledPicture(
        folder / "x.png", "sim", "val", np.array(boxes, dtype=float).reshape(-1, 4), np.array(classes, dtype=np.int64)
    )


def test_recall_by_height_and_animals_are_counted_at_the_thresholds(tmp_path: Path) -> None:
    boxes = [[0, 0, 5, 10], [20, 0, 25, 10], [40, 0, 50, 30], [60, 0, 80, 20], [90, 0, 110, 20]]
    picture = labelled(tmp_path, boxes, [0, 0, 0, 3, 3])
    answers = found([boxes[0], boxes[1], boxes[2], boxes[3]], [0.9, 0.2, 0.9, 0.9], [0, 0, 0, 0])
    measured = measure(Oracle([answers]), [picture], np.array([0.4, 0.4, 0.4]))
    persons = {(r.low_px, r.high_px): (r.truths, r.found) for r in measured.heights[0]}
    assert persons[8, 12] == (2, 1)  # the other is below the threshold
    assert persons[24, 40] == (1, 1)
    assert sum(truths for truths, _ in persons.values()) == 3  # animals are nobody
    assert (measured.animals, measured.animals_as_person) == (2, 1)
    assert measured.scores["all"].at_50.per_class(0.4)[0].recall == pytest.approx(2 / 3)
    table = height_table(measured.heights)
    assert "| 8 to 11 px | 0.50 (2) | - | - |" in table
    assert "| 40 px and more | - | - | - |" in table
    assert [r.truths for r in recall_by_height([], [], 0)] == [0] * 6


def test_what_was_tried_is_kept_and_replaced_by_model_and_input(tmp_path: Path) -> None:
    file = tmp_path / "tried.csv"
    assert read_tried(file) == []
    add_tried(file, Tried("a 1", "s", "native", note='with, comma and "quotes"'))
    add_tried(file, Tried("a 1", "s", "960 px"))
    add_tried(file, Tried("a 1", "s", "native", map50="0.6"))
    rows = read_tried(file)
    assert [(r.model, r.input_px, r.map50) for r in rows] == [("a 1", "native", "0.6"), ("a 1", "960 px", "")]
    assert "not trained" in tried_table(rows)
    file.write_text(file.read_text() + "b,s\n")
    with pytest.raises(ConfigError, match=r"tried\.csv:4: 2 fields"):
        read_tried(file)
    file.write_text("x\n")
    with pytest.raises(ConfigError, match="expected the columns"):
        read_tried(file)


def test_the_shipped_table_and_texts_can_be_read() -> None:
    rows = read_tried(DEFAULT_MODEL.with_name("tried.csv"))
    assert {"s", "m", "s-p2"} <= {r.size for r in rows}
    for row in rows:
        assert (row.steps == "not trained") == (row.map50 == "")
    assert len(read_texts(TEXTS).limits) >= 5


def test_speed_is_that_of_the_faster_half() -> None:
    # Milliseconds of the runs at each of three sizes: one to warm up, then three.
    steps_s = [v for took_ms in (9, 1, 2, 50) for v in (took_ms / 1e3, 0.0)] * 3
    clock = iter(np.cumsum([0.0, *steps_s]))
    got = measure_speed({"a": lambda blob: blob.shape}, 3, clock=lambda: float(next(clock)))
    assert got["a"] == {"cpu_ms_640x512": "1", "cpu_ms_960x768": "1", "cpu_ms_1280x720": "1"}
    assert set(got["a"]) <= set(COLUMNS)


def make_run(folder: Path, **description: object) -> None:
    data = [
        {"source": "sim", "folder": "frames", "share": 1.0, "pictures": 3, "boxes": {"person": 4, "animal": 0},
         "ignored": 2, "hard_places": 0}
    ]  # fmt: skip
    base = {"data": data, "parameters": 600_000, "ended": {"step": 50, "elapsed_s": 120.0}, "device": "cpu"}
    begin_run(folder, TrainConfig(sim_frames=Path("/home/someone/frames"), seed=4), {**base, **description})
    rows = CsvLog(folder / LOG, LOG_COLUMNS, 0)
    for step in (25, 50):
        rows.add({**dict.fromkeys(LOG_COLUMNS, 3.0), "step": step})
    validations = CsvLog(folder / VALIDATION, VALIDATION_COLUMNS, 0)
    validations.add({**dict.fromkeys(VALIDATION_COLUMNS, 0.5), "step": 50})


def sim_frames(folder: Path) -> Path:
    for part in ("images", "labels"):
        (folder / part).mkdir(parents=True)
    for number in range(2):
        cv2.imwrite(str(folder / "images" / f"calm_01900_{number:04d}.jpg"), np.full((64, 96, 3), 90, np.uint8))
        (folder / "labels" / f"calm_01900_{number:04d}.txt").write_text("0 0.5 0.5 0.1 0.3\n3 0.2 0.2 0.1 0.1\n")
    return folder


def test_a_card_says_what_was_measured_and_recorded(tmp_path: Path) -> None:
    make_run(tmp_path / "run")
    out, tried = tmp_path / "marchwarden-s.md", tmp_path / "tried.csv"
    arguments = [
        "--run", str(tmp_path / "run"), "--model", str(DEFAULT_MODEL), "--out", str(out), "--texts", str(TEXTS),
        "--sim-frames", str(sim_frames(tmp_path / "frames")), "--input-px", "0", "--input-px", "0,128",
        "--tried", str(tried), "--remember", "a test", "--threads", "1", "--speed-repeat", "1",
    ]  # fmt: skip
    assert main(arguments) == 0
    card = out.read_text()
    sha = json.loads(DEFAULT_MODEL.with_suffix(".json").read_text())["sha256"]
    for wanted in (
        sha, "3 | 4 person; 2 ignored regions | 1 | AGPL-3.0-or-later", "50 batches in 2 min on cpu", "seed = 4",
        "### Simulator validation, input native and 128 px (2 pictures)", "Of 2 animals", "must not be used",
        "![Training loss](marchwarden-s-loss.svg)", "![AP50 during training](marchwarden-s-validation.svg)", "a test",
    ):  # fmt: skip
        assert wanted in card
    assert "/home/someone" not in card
    assert [r.input_px for r in read_tried(tried)] == ["native", "native and 128 px"]
    assert "batch" in svg_texts((tmp_path / "marchwarden-s-loss.svg").read_text())


def test_a_card_is_refused_with_one_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    make_run(tmp_path / "run")
    out = tmp_path / "card.md"
    base = ["--run", str(tmp_path / "run"), "--model", str(DEFAULT_MODEL), "--out", str(out), "--texts", str(TEXTS)]
    frames = ["--sim-frames", str(sim_frames(tmp_path / "frames"))]
    for more, told in (
        ([], "--hit-uav"),
        ([*frames, "--input-px", "wide"], "--input-px"),
        ([*frames, "--every", "2", "--remember", "x"], "--remember"),
        ([*frames, "--run", str(tmp_path)], "config.toml"),
        ([*frames, "--texts", str(tmp_path / "none.toml")], "none.toml"),
        ([*frames, "--model", str(tmp_path / "none.onnx")], "none.onnx"),
        ([*frames, "--out", str(tmp_path / "no" / "card.md")], "there is no folder"),
    ):
        assert main([*base, *more]) != 0
        error = capsys.readouterr().err.splitlines()[-1]
        assert error.startswith("error: ")
        assert told in error
        assert not out.exists()
    make_run(tmp_path / "other", exported_sha256="0" * 64)
    assert main([*base, *frames, "--run", str(tmp_path / "other")]) == 2
    assert "is not what" in capsys.readouterr().err


def test_texts_with_something_missing_are_refused(tmp_path: Path) -> None:
    text = TEXTS.read_text()
    file = tmp_path / "card.toml"
    for old, new, told in (
        ("intended =", "intend =", "intended is missing"),
        ("limits = [", "limits = 3\nother = [", "limits is missing"),
        ('licence = "CC BY 4.0"', "", r"\[sources.hit_uav\] needs"),
        ("summary =", "extra = 1\nsummary =", "unknown key extra"),
        ("summary = ", "summary : ", "line"),
    ):
        assert old in text
        file.write_text(text.replace(old, new))
        with pytest.raises(ConfigError, match=told):
            read_texts(file)
    texts = read_texts(TEXTS)
    with pytest.raises(ConfigError, match="source 'other'"):
        data_table({"data": [{"source": "other"}]}, texts)


def test_the_runs_that_weights_come_from_are_told_oldest_first() -> None:
    first = {
        "data": [{"pictures": 5}],
        "ended": {"step": 9, "elapsed_s": 60},
        "started_from": {"file": "coco.npz", "sha256": "c" * 64},
    }
    run = {
        "started_from": {
            "file": "one.pt",
            "sha256": "a" * 64,
            "config": {"batch": 16, "tile_px": 256, "seed": 1},
            "run": first,
        }
    }
    lines = ancestry(run)
    assert [line.split("`")[1] for line in lines] == ["coco.npz", "one.pt"]
    assert "9 batches of 16 tiles of 256 px in 1 min, 5 pictures, seed 1" in lines[1]
    assert ancestry({}) == []
