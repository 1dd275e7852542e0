"""What the station's file says about the camera reaches the worker, the doctor and the start of the station."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from groundstation.app.config import StationConfig, read_config
from groundstation.app.doctor import check_model
from groundstation.app.run import RunOptions, _configuration
from groundstation.app.vision_options import GIVES_WAY, detector_options, worker_settings
from groundstation.core.errors import ConfigError
from tests.helpers.records import make_area
from vision.detectors.base import DetectorOptions
from vision.klv import SensorSigma
from vision.worker_messages import WorkerSettings

FULL = """
[area]
folder = "area"
terrain_sigma_m = 4.0
[video]
url = "udp://127.0.0.1:5600"
hfov_deg = 62.0
calibration = "lens.toml"
time_offset_s = -0.12
compass_sigma_deg = 2.5
estimate_bias = true
[vision]
model = "my.onnx"
threads = 3
backend = "openvino"
device = "GPU"
"""


def config(folder: Path, text: str) -> StationConfig:
    path = folder / "station.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path)


def test_the_worker_is_told_what_the_file_says(tmp_path: Path) -> None:
    settings = worker_settings(config(tmp_path, FULL), make_area())
    assert settings.calibration_path == str(tmp_path / "lens.toml")
    assert settings.time_offset_s == -0.12
    assert settings.watch_bias
    assert settings.pose_sigma == SensorSigma(compass_deg=2.5).pose_sigma()
    assert settings.georeference.terrain_sigma_m == 4.0
    assert (settings.model_path, settings.threads) == (str(tmp_path / "my.onnx"), 3)
    assert (settings.backend, settings.device) == ("openvino", "GPU")


def test_a_file_that_says_nothing_changes_nothing(tmp_path: Path) -> None:
    plain = config(tmp_path, '[area]\nfolder = "area"\n[video]\nurl = "udp://127.0.0.1:5600"\n')
    settings = worker_settings(plain, make_area())
    usual = WorkerSettings(
        settings.url, "", settings.frame, settings.border_lat_lon, str(tmp_path / "area" / "terrain.tif")
    )
    assert settings == usual
    assert worker_settings(plain, make_area(), beside_window=True) == replace(usual, gives_way=GIVES_WAY)
    assert detector_options(plain.vision) == DetectorOptions()


def test_without_an_area_there_is_nothing_to_put_positions_on() -> None:
    with pytest.raises(ConfigError, match="needs an area"):
        worker_settings(StationConfig(), make_area())


def test_all_faults_are_told_with_their_places(tmp_path: Path) -> None:
    faulty = """
[area]
terrain_sigma_m = 0
[video]
time_offset_s = 5
estimate_bias = "perhaps"
time_ofset_s = 1
[vision]
backend = "tensorrt"
device = ""
"""
    with pytest.raises(ConfigError) as caught:
        config(tmp_path, faulty)
    for words in (
        "area.terrain_sigma_m",
        "video.time_offset_s",
        "video.estimate_bias",
        "did you mean 'time_offset_s'?",
        "vision.backend: input should be 'auto', 'onnxruntime', 'openvino' or 'ultralytics'",
        "vision.device",
    ):
        assert words in str(caught.value)


def test_another_source_of_pictures_is_still_the_same_camera(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text(FULL, encoding="utf-8")
    video = _configuration(RunOptions(True, None, "flight.ts", path)).video
    assert video.url == "flight.ts"
    assert (video.hfov_deg, video.time_offset_s, video.estimate_bias) == (62.0, -0.12, True)
    assert video.calibration == tmp_path / "lens.toml"


def test_the_doctor_tries_the_model_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text('[vision]\nmodel = "none.onnx"\n', encoding="utf-8")
    check = check_model(path)
    assert check.verdict == "fault"
    assert "none.onnx" in check.found
    path.write_text('[vision]\ndevice = "warp"\n', encoding="utf-8")
    check = check_model(path)
    assert check.verdict == "fault"
    assert "warp" in check.found
    assert check.remedy
    path.write_text("[vision]\nthread = 2\n", encoding="utf-8")
    assert "did you mean 'threads'" in check_model(path).found


def test_the_doctor_says_what_runs_the_shipped_model() -> None:
    check = check_model()
    assert check.verdict == "ok"
    assert "onnxruntime" in check.found.lower()
