"""Options of training: a TOML file under the command line, errors that name the key; the folder of a run."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from geofences.errors import ConfigError
from vision.dataset import LabelledPicture
from vision.train import check_same_data, gather, parse
from vision.train import main as train_main
from vision.train_config import TrainConfig, read_config, read_thresholds, write_config
from vision.train_run import (
    CHECKPOINT,
    LOG_COLUMNS,
    CsvLog,
    SourceSummary,
    begin_run,
    describe_weights,
    read_log,
    read_run,
)

SHIPPED = Path(__file__).parents[3] / "vision" / "models" / "marchwarden-s.train.toml"


def test_options_come_from_a_file_and_the_command_line_wins(tmp_path: Path) -> None:
    config = tmp_path / "train.toml"
    config.write_text('[run]\nseed = 4\n[tiles]\ntile-px = 320\nbatch = 8\n[data]\nhit_uav = "/data"\n')
    request = parse(["--config", str(config), "--out", "runs", "--seed", "9", "--input-px", "0,960"])
    got = request.config
    assert (request.folder, got.hit_uav, got.tile_px, got.batch, got.seed) == (Path("runs"), Path("/data"), 320, 8, 9)
    assert got.input_px == (0, 960)
    assert not request.resume


def test_the_shipped_configuration_can_be_used() -> None:
    config = TrainConfig(**read_config(SHIPPED))
    assert config.name == "marchwarden-s"
    assert set(config.thresholds) == {"person", "vehicle", "two-wheeler"}


def test_a_configuration_is_read_as_it_was_written(tmp_path: Path) -> None:
    config = TrainConfig(
        name='a "b"',
        sim_frames=Path("/x \\y"),
        rate=3e-4,
        thresholds={"two-wheeler": 0.25},
        freeze=3,
        size="m",
        input_px=(0, 960),
    )
    (tmp_path / "c.toml").write_text(write_config(config))
    assert TrainConfig(**read_config(tmp_path / "c.toml")) == config


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[run]\nsead = 3\n", r"unknown option sead in \[run\] .*seed in \[run\]"),
        ("[tiles]\nseed = 3\n", r"unknown option seed in \[tiles\] .*seed in \[run\]"),
        ("seed = 3\n", r"\[seed\]"),
        ("[oven]\nheat = 3\n", r"\[oven\]"),
        ("[run]\nseed = \n", r"line 2"),
        ("[run]\nseed = 1.5\n", r"seed: 1.5 is not a whole number"),
        ("[run]\nseed = true\n", r"seed: True is not a whole number"),
        ('[schedule]\nrate = "fast"\n', r"rate: 'fast' is not a number"),
        ("[schedule]\nrate = nan\n", r"rate: nan is not a number"),
        ("[data]\nhit_uav = 3\n", r"hit-uav: 3 is not a path"),
        ("[tiles]\ntile_px = 100\n", r"multiple of 32"),
        ("[tiles]\nmosaic = 1.5\n", r"mosaic: 1.5 is not from 0 to 1"),
        ("[schedule]\nsteps = 0\n", r"steps: 0 is not at least 1"),
        ('[network]\nsize = "xl"\n', r"size 'xl'"),
        ("[export]\ninput_px = [0, -3]\n", r"input-px: \(0, -3\) is not a list of pixels"),
        ("[export]\ninput_px = 960\n", r"input-px: 960 is not a list of pixels"),
        ("[thresholds]\nship = 0.3\n", r"ship=0.3"),
        ("[thresholds]\nperson = 3\n", r"person=3"),
        ('[run]\nname = "../x"\n', r"not a file name"),
    ],
)
def test_a_wrong_option_is_named_with_its_file(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "wrong.toml").write_text(text)
    with pytest.raises(ConfigError, match=rf"wrong\.toml: .*{told}"):
        read_config(tmp_path / "wrong.toml")


def test_thresholds_are_read_by_class() -> None:
    assert read_thresholds(["person=0.3", "vehicle=0.45"]) == {"person": 0.3, "vehicle": 0.45}
    for wrong in ("person", "ship=0.3", "person=1.5"):
        with pytest.raises(ConfigError, match=wrong):
            read_thresholds([wrong])


def test_every_option_has_a_place_and_a_word_of_help() -> None:
    for f in fields(TrainConfig):
        assert f.metadata["table"] in {"run", "data", "network", "tiles", "schedule", "export", "thresholds"}
        assert f.name == "thresholds" or len(f.metadata["help"]) > 8


def test_training_without_data_or_folder_ends_with_one_clear_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train_main(["--hit-uav", str(tmp_path)]) == 2
    assert "--out" in capsys.readouterr().err
    assert train_main(["--out", str(tmp_path / "o"), "--export-only"]) == 2
    assert "--weights" in capsys.readouterr().err
    with pytest.raises(ConfigError, match="no training data"):
        gather(TrainConfig())
    with pytest.raises(ConfigError, match=r"annotations\.json"):
        gather(TrainConfig(hit_uav=tmp_path))
    with pytest.raises(ConfigError, match=r"weights .*none\.npz"):
        describe_weights(tmp_path / "none.npz")


def test_a_run_goes_on_with_what_it_was_told_only(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    begin_run(folder, TrainConfig(seed=7, hit_uav=tmp_path), {"data": []})
    request = parse(["--resume", str(folder), "--threads", "5", "--hit-uav", "elsewhere"])
    assert request.resume
    assert (request.config.seed, request.config.threads, request.config.hit_uav) == (7, 5, Path("elsewhere"))
    with pytest.raises(ConfigError, match="--rate"):
        parse(["--resume", str(folder), "--rate", "1"])
    with pytest.raises(ConfigError, match="--out"):
        parse(["--resume", str(folder), "--out", "other"])
    with pytest.raises(ConfigError, match=r"nowhere.config\.toml"):
        parse(["--resume", str(tmp_path / "nowhere")])
    (folder / "run.json").write_text("{}")
    with pytest.raises(ConfigError, match=r"run\.json"):
        parse(["--resume", str(folder)])


def test_a_run_is_not_overwritten(tmp_path: Path) -> None:
    begin_run(tmp_path, TrainConfig(), {"data": []})
    begin_run(tmp_path, TrainConfig(seed=2), {"data": []})  # nothing was learnt yet
    assert read_run(tmp_path)[0].seed == 2
    (tmp_path / CHECKPOINT).write_bytes(b"x")
    with pytest.raises(ConfigError, match="--resume"):
        begin_run(tmp_path, TrainConfig(), {"data": []})


def test_other_data_is_noticed(tmp_path: Path) -> None:
    pictures = [
        LabelledPicture(tmp_path / "a", "sim", "train", np.zeros((2, 4)), np.array([0, 3]), np.zeros((1, 4))),
        LabelledPicture(tmp_path / "b", "sim", "train", np.zeros((1, 4)), np.array([0])),
    ]
    classes = ("person", "vehicle", "two-wheeler", "animal")
    summary = SourceSummary.of(pictures, Path("/home/someone/frames"), 0.4, classes)
    assert summary.boxes == {"person": 2, "vehicle": 0, "two-wheeler": 0, "animal": 1}
    assert (summary.folder, summary.pictures, summary.ignored) == ("frames", 2, 1)
    told = dict(vars(summary))
    check_same_data([told], [{**told, "folder": "moved"}])
    with pytest.raises(ConfigError, match="pictures 2 -> 3"):
        check_same_data([told], [{**told, "pictures": 3}])
    with pytest.raises(ConfigError, match="1 data sets, not 0"):
        check_same_data([told], [])


def test_a_log_that_was_cut_off_goes_on_where_the_checkpoint_is(tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    row = dict.fromkeys(LOG_COLUMNS, 1.5)
    rows = CsvLog(file, LOG_COLUMNS, 0)
    for step in (25, 50, 75):
        rows.add({**row, "step": step})
    with file.open("a") as stream:
        stream.write("100,3.")  # the power went
    again = CsvLog(file, LOG_COLUMNS, 50)
    assert again.last_step == 50
    again.add({**row, "step": 75, "loss_box": float("nan")})
    got = read_log(file, LOG_COLUMNS)
    assert [r["step"] for r in got] == [25, 50, 75]
    assert np.isnan(got[-1]["loss_box"])
    file.write_text(file.read_text() + "1,x\n")
    with pytest.raises(ConfigError, match=r"log\.csv:5"):
        read_log(file, LOG_COLUMNS)
    file.write_text("a,b\n")
    with pytest.raises(ConfigError, match="expected the columns"):
        read_log(file, LOG_COLUMNS)
