"""Devices of ONNX Runtime that are offered but do not start, and int8: what is said, and what runs then. Needs no GPU."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geofences.errors import ConfigError, ModelError
from vision.detectors import onnx as onnx_backend
from vision.detectors.base import DetectorOptions
from vision.detectors.factory import open_detector
from vision.detectors.model_file import DEFAULT_MODEL

CUDA, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"


@pytest.fixture
def gpu_offered(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A runtime built for CUDA on a machine whose driver is missing: it says nothing and goes on with the CPU."""
    real = onnx_backend.ort.InferenceSession

    def start(data: bytes, settings: Any, providers: list[tuple[str, dict[str, str]]]) -> Any:
        return real(data, settings, providers=[p for p in providers if p[0] == CPU])

    monkeypatch.setattr(onnx_backend.ort, "get_available_providers", lambda: [CUDA, CPU])
    monkeypatch.setattr(onnx_backend.ort, "InferenceSession", start)
    return monkeypatch


@pytest.fixture
def gpu_that_raises(gpu_offered: pytest.MonkeyPatch) -> None:
    """The same, where the runtime raises instead."""
    quiet = onnx_backend.ort.InferenceSession

    def start(data: bytes, settings: Any, providers: list[tuple[str, dict[str, str]]]) -> Any:
        if providers[0][0] == CUDA:
            raise RuntimeError("no CUDA-capable device is detected")
        return quiet(data, settings, providers=providers)

    gpu_offered.setattr(onnx_backend.ort, "InferenceSession", start)


@pytest.mark.parametrize("kind", ["gpu_offered", "gpu_that_raises"])
def test_auto_goes_on_with_the_cpu_and_says_so(
    kind: str, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    request.getfixturevalue(kind)
    with caplog.at_level(logging.WARNING, "vision.detectors.onnx"):
        detector = open_detector(options=DetectorOptions(device="auto", threads=1))
    assert "CPU" in detector.info.runtime
    assert CUDA in caplog.text
    assert len(detector.detect(np.zeros((64, 64, 3), dtype=np.uint8))) == 0


@pytest.mark.parametrize("kind", ["gpu_offered", "gpu_that_raises"])
def test_a_device_that_was_asked_for_by_name_is_not_replaced_in_silence(
    kind: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(kind)
    with pytest.raises(ModelError, match="CUDA"):
        open_detector(options=DetectorOptions(device="cuda", threads=1))


def test_int8_without_its_extra_names_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from vision.train_quantise import quantise

    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ConfigError) as caught:
        quantise(DEFAULT_MODEL, [], tmp_path / "small.onnx")
    assert "[train]" in caught.value.remedy
    assert not list(tmp_path.iterdir())


def test_int8_is_a_model_like_any_other(tmp_path: Path) -> None:
    pytest.importorskip("onnx", reason="the extra [train] is not installed")
    import cv2

    from tests.unit.vision_detect.test_backends import thermal_picture
    from vision.dataset import LabelledPicture
    from vision.train_quantise import quantise

    cv2.imwrite(str(tmp_path / "p.png"), thermal_picture())
    picture = LabelledPicture(tmp_path / "p.png", "test", "train", np.zeros((0, 4)), np.zeros(0, dtype=np.int64))
    small = tmp_path / "small.onnx"
    quantise(DEFAULT_MODEL, [picture] * 2, small)
    assert small.stat().st_size < 0.6 * DEFAULT_MODEL.stat().st_size
    assert json.loads(small.with_suffix(".json").read_text())["quantised_from"]
    found = open_detector(small, DetectorOptions(threads=1)).detect(thermal_picture())
    exact = open_detector(options=DetectorOptions(threads=1)).detect(thermal_picture())
    assert len(found) == len(exact) >= 3
    np.testing.assert_allclose(found.xyxy, exact.xyxy, atol=2.0)
