from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

import sim.frames as frames
from sim.camera import VisibleObject
from sim.frames import label_lines, main, round_trip_h264


def test_labels_name_animals_and_leave_out_what_is_hidden() -> None:
    seen = [
        VisibleObject(1, "person", (100.0, 50.0, 110.0, 70.0), 0.9),
        VisibleObject(2, "animal", (10.0, 10.0, 20.0, 20.0), 1.0),
        VisibleObject(3, "two-wheeler", (10.0, 10.0, 20.0, 20.0), 0.3),
        VisibleObject(4, "vehicle", (0.0, 0.0, 64.0, 36.0), 0.4),
    ]
    assert label_lines(seen, 640, 360) == [
        "0 0.164062 0.166667 0.015625 0.055556",
        "3 0.023438 0.041667 0.015625 0.027778",
        "1 0.050000 0.050000 0.100000 0.100000",
    ]


def test_a_picture_survives_the_encoder_at_about_its_quality() -> None:
    x, y = np.meshgrid(np.arange(320), np.arange(180))
    picture = np.stack([x * 0.7, y, 128 + 40 * np.sin(x / 9)], axis=-1).astype(np.uint8)
    fine, rough = round_trip_h264(picture, 16), round_trip_h264(picture, 44)
    errors = [np.abs(p.astype(float) - picture).mean() for p in (fine, rough)]
    assert fine.shape == picture.shape
    assert errors[0] < 4.0
    assert errors[0] < errors[1]


def test_a_training_set_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--scenario", "border_night", "--seeds", "1500", "--per-seed", "5", "--out", str(tmp_path)]) == 0
    pictures = sorted((tmp_path / "images").iterdir())
    labels = sorted((tmp_path / "labels").iterdir())
    assert [p.stem for p in pictures] == [p.stem for p in labels]
    assert len(pictures) == 5
    assert cv2.imread(str(pictures[0])).shape == (720, 1280, 3)
    boxes = np.array([[float(v) for v in line.split()] for p in labels for line in p.read_text().splitlines()])
    assert len(boxes) > 5
    assert set(boxes[:, 0]) <= {0.0, 1.0, 2.0, 3.0}
    assert (boxes[:, 1:] >= 0).all()
    assert (boxes[:, 1:] <= 1).all()
    assert "5 pictures" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--scenario", "border_dusk"], 2), (["--seeds", "9-3"], 2), (["--height-agl-m", "low"], 2)],
)
def test_bad_arguments_are_one_line_and_write_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    out = tmp_path / "set"
    assert main([*arguments, "--out", str(out)]) == code
    assert capsys.readouterr().err.startswith("error: ")
    assert not out.exists()


def test_training_seeds_start_where_tests_end() -> None:
    assert frames.FIRST_TRAINING_SEED == 1000
