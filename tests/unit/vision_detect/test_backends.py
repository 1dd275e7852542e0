"""One detector, several runtimes: the same boxes from each, foreign class names, devices, and what is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from geofences.errors import ConfigError, ModelError
from vision.detectors.base import DetectorOptions
from vision.detectors.blob import BlobMaker
from vision.detectors.class_roles import roles_of
from vision.detectors.decode import decode_finished, decode_yolo
from vision.detectors.factory import open_detector
from vision.detectors.model_file import DEFAULT_MODEL, ModelDescription
from vision.detectors.network import NetworkDetector
from vision.detectors.onnx import providers_for
from vision.records import CLASS_NAMES, Detections

LOW = dict.fromkeys(CLASS_NAMES, 0.02)
LEAST = np.array([0.3, 0.5, 0.3])


def thermal_picture(width: int = 310, height: int = 200) -> np.ndarray:
    """Warm upright spots and two warm oblong ones on cool, mottled ground."""
    rng = np.random.default_rng(5)
    ground = cv2.GaussianBlur(rng.normal(70, 25, (height, width)), (0, 0), 6) * 2 - 60
    for x, y, w, h in ((40, 30, 5, 12), (120, 90, 6, 13), (200, 150, 5, 11), (250, 40, 34, 16), (80, 150, 16, 36)):
        ground[y : y + h, x : x + w] = 235
    picture = cv2.GaussianBlur(ground, (0, 0), 0.8) + rng.normal(0, 3, ground.shape)
    return np.repeat(picture.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


def assert_same(one: Detections, other: Detections) -> None:
    """To within rounding: the runtimes add up in different orders."""
    assert len(one) >= 3, "nothing to compare"
    assert len(one) == len(other)
    np.testing.assert_array_equal(one.class_id, other.class_id)
    np.testing.assert_allclose(one.confidence, other.confidence, atol=2e-4)
    np.testing.assert_allclose(one.xyxy, other.xyxy, atol=0.02)


@pytest.fixture(scope="module")
def expected() -> Detections:
    return open_detector(options=DetectorOptions(threads=1, threshold=LOW)).detect(thermal_picture())


def test_openvino_finds_the_boxes_that_onnx_runtime_finds(expected: Detections) -> None:
    pytest.importorskip("openvino", reason="the extra [openvino] is not installed")
    detector = open_detector(options=DetectorOptions(threads=1, threshold=LOW, backend="openvino"))
    assert detector.info.runtime.startswith("openvino")
    for _ in range(2):  # the second time in the memory of the first
        assert_same(expected, detector.detect(thermal_picture()))


def test_ultralytics_finds_the_boxes_that_onnx_runtime_finds(expected: Detections) -> None:
    pytest.importorskip("ultralytics", reason="the extra [train] is not installed")
    detector = open_detector(options=DetectorOptions(threads=1, threshold=LOW, backend="ultralytics"))
    assert_same(expected, detector.detect(thermal_picture()))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the exporter that is used, says torch, is old
def test_torch_finds_the_boxes_that_onnx_runtime_finds_in_the_export(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="the extra [train] is not installed")
    from vision.train_export import export_onnx
    from vision.train_model import build_network

    torch.manual_seed(3)
    network = build_network()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.momentum = 0.9  # one picture is enough to bring random layers into range
    network.train()
    network(torch.from_numpy(BlobMaker(32).make(thermal_picture(320, 224))))
    for boxes, scores in zip(network.model[-1].cv2, network.model[-1].cv3, strict=True):
        torch.nn.init.normal_(boxes[-1].weight, std=0.02)
        torch.nn.init.constant_(boxes[-1].bias, 1.0)
        torch.nn.init.normal_(scores[-1].weight, std=4.0)
        torch.nn.init.constant_(scores[-1].bias, -2.0)
    torch.save(network.state_dict(), tmp_path / "random.pt")
    export_onnx(network, tmp_path / "random.onnx", {})
    options = DetectorOptions(threads=1, default_threshold=0.3)
    exported = open_detector(tmp_path / "random.onnx", options)
    weights = open_detector(tmp_path / "random.pt", options)
    assert "ultralytics" in weights.info.runtime
    assert_same(exported.detect(thermal_picture()), weights.detect(thermal_picture()))


def test_a_coco_checkpoint_of_ultralytics_is_understood(tmp_path: Path) -> None:
    ultralytics = pytest.importorskip("ultralytics", reason="the extra [train] is not installed")
    network = ultralytics.YOLO("yolov8n.yaml")
    network.model.names = dict(enumerate(["person", "bicycle", "car", *"abcdefgh"] + ["x"] * 69))
    network.save(str(tmp_path / "coco.pt"))
    detector = open_detector(tmp_path / "coco.pt", DetectorOptions(threads=1, default_threshold=1e-6))
    found = detector.detect(thermal_picture())
    assert detector.info.class_names == CLASS_NAMES
    assert set(found.class_id.tolist()) <= {0, 1, 2}


@pytest.mark.parametrize(("module", "backend"), [("openvino", "openvino"), ("torch", "ultralytics")])
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, module: str, backend: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    extra = {"openvino": r"\[openvino\]", "ultralytics": r"\[train\]"}[backend]
    with pytest.raises(ConfigError, match=extra):
        open_detector(options=DetectorOptions(backend=backend))  # type: ignore[arg-type]


def test_what_a_backend_cannot_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"no \.onnx file"):
        open_detector(tmp_path / "other.pt", DetectorOptions(backend="onnxruntime"))
    with pytest.raises(ConfigError, match="no detector backend"):
        open_detector(options=DetectorOptions(backend="tflite"))  # type: ignore[arg-type]
    with pytest.raises(ModelError, match=r"none\.pt"):
        open_detector(tmp_path / "none.pt")


def test_devices_of_onnx_runtime() -> None:
    offered = ["CUDAExecutionProvider", "CPUExecutionProvider"]
    cpu = ("CPUExecutionProvider", {})
    assert providers_for("cpu", offered) == [cpu]
    assert providers_for("auto", offered) == [("CUDAExecutionProvider", {}), cpu]
    assert providers_for("auto", offered[1:]) == [cpu]
    assert providers_for("cuda:1", offered) == [("CUDAExecutionProvider", {"device_id": "1"}), cpu]
    for wrong in ("cuda", "npu", "cuda:first"):
        with pytest.raises(ConfigError, match="it has cpu"):
            providers_for(wrong, offered[1:])


def test_a_device_that_is_not_there_is_refused_and_auto_goes_on_without() -> None:
    with pytest.raises(ConfigError) as caught:
        open_detector(options=DetectorOptions(device="directml"))
    assert caught.value.exit_code == 2
    assert "onnxruntime" in open_detector(options=DetectorOptions(device="auto", threads=1)).info.runtime


def test_foreign_class_names_are_understood() -> None:
    coco = ["person", "bicycle", "car", "motorcycle", "airplane", "bus", "train", "truck", "boat", "dog"]
    np.testing.assert_array_equal(roles_of(coco, "m"), [0, 2, 1, 2, -1, 1, -1, 1, -1, 3])
    visdrone = ["pedestrian", "people", "bicycle", "car", "van", "truck", "tricycle", "awning-tricycle", "bus", "motor"]
    np.testing.assert_array_equal(roles_of(visdrone, "m"), [0, 0, 2, 1, 1, 1, 2, 2, 1, 2])
    np.testing.assert_array_equal(
        roles_of(["Person", "Car", "Bicycle", "OtherVehicle", "DontCare"], "m"), [0, 1, 2, 1, -1]
    )
    with pytest.raises(ModelError, match=r"mine\.pt.*ship, dog"):
        roles_of(["ship", "dog"], "mine.pt")


def test_classes_of_one_role_are_one_and_others_are_nothing() -> None:
    output = np.array(
        [
            [100, 50, 10, 20, 0.0, 0.6, 0.7, 0.0],  # a car or a lorry: a vehicle, once
            [200, 50, 10, 20, 0.4, 0.0, 0.0, 0.9],  # most of all a boat, but also a person
            [300, 50, 10, 20, 0.0, 0.0, 0.0, 0.9],
        ],
        dtype=np.float32,
    ).T
    found = decode_yolo(output, LEAST, 0.5, roles=roles_of(["person", "car", "truck", "boat"], "m"))
    np.testing.assert_allclose(found.confidence, [0.7, 0.4])
    np.testing.assert_array_equal(found.class_id, [1, 0])


def test_a_place_can_be_told_as_every_class_that_it_may_be() -> None:
    output = np.array([[100, 50, 10, 20, 0.4, 0.0, 0.6, 0.1]], dtype=np.float32).T
    np.testing.assert_array_equal(decode_yolo(output, LEAST, 0.5).class_id, [2])
    found = decode_yolo(output, LEAST, 0.5, every_class=True)
    np.testing.assert_array_equal(found.class_id, [2, 0])
    np.testing.assert_allclose(found.confidence, [0.6, 0.4])


def test_boxes_without_a_place_are_dropped() -> None:
    output = np.array([[np.nan, 50, 10, 20, 0.9, 0, 0, 0], [100, 50, 10, 20, np.nan, 0, 0, 0]], dtype=np.float32).T
    assert len(decode_yolo(output, LEAST, 0.5)) == 0


def test_finished_boxes_are_filtered_by_class_and_score() -> None:
    output = np.array(
        [[10, 10, 20, 30, 0.9, 1], [50, 10, 60, 30, 0.2, 1], [90, 10, 99, 30, 0.9, 2], [9, 9, 9, 9, 0.9, 7]],
        dtype=np.float32,
    )
    found = decode_finished(output, LEAST, 0.5, roles=roles_of(["boat", "person", "train"], "m"))
    np.testing.assert_allclose(found.xyxy, [[10, 10, 20, 30]])
    assert found.class_id.tolist() == [0]


class OneSize:
    """A network that takes 96 x 64 pixels only and sees a person at a fixed place; remembers its input."""

    runtime = "fake"
    fixed_size = (64, 96)

    def __init__(self, output: np.ndarray) -> None:
        self.output = output
        self.seen = np.zeros(0)

    def run(self, blob: np.ndarray) -> np.ndarray:
        self.seen = blob.copy()
        return self.output


def test_a_network_of_one_size_gets_that_size_and_boxes_come_back_in_the_picture() -> None:
    session = OneSize(np.array([[24, 12, 8, 16, 0.9, 0, 0]], dtype=np.float32).T)
    detector = NetworkDetector(ModelDescription("m", "0" * 64, CLASS_NAMES), session, DetectorOptions())
    found = detector.detect(np.full((100, 192, 3), 255, dtype=np.uint8))  # just fits at half its size
    np.testing.assert_allclose(found.xyxy, [[40, 8, 56, 40]])
    assert session.seen.shape == (1, 3, 64, 96)
    assert session.seen[0, :, :50].min() == 1.0
    np.testing.assert_allclose(session.seen[0, :, 50:], 114 / 255, atol=1e-6)


def test_a_network_of_another_output_is_refused() -> None:
    with pytest.raises(ModelError, match=r"gives \(9, 1\)"):
        NetworkDetector(
            ModelDescription("m", "0" * 64, CLASS_NAMES), OneSize(np.zeros((9, 1), np.float32)), DetectorOptions()
        )


def test_thresholds_change_without_loading_again() -> None:
    session = OneSize(np.array([[24, 12, 8, 16, 0.4, 0, 0]], dtype=np.float32).T)
    detector = NetworkDetector(ModelDescription("m", "0" * 64, CLASS_NAMES), session, DetectorOptions())
    picture = np.zeros((64, 96, 3), dtype=np.uint8)
    strict = detector.with_thresholds(np.array([0.5, 0.5, 0.5]))
    assert (len(detector.detect(picture)), len(strict.detect(picture)), len(detector.detect(picture))) == (1, 0, 1)


def test_network_input_is_rgb_planes_padded_with_grey_whatever_came_before() -> None:
    blobs = BlobMaker(32)
    rng = np.random.default_rng(0)
    for height, width in ((40, 70), (64, 96), (33, 96), (40, 70), (65, 10), (20, 20), (40, 70)):
        picture = rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
        got = blobs.make(picture)
        assert got.shape[2] % 32 == got.shape[3] % 32 == 0
        np.testing.assert_array_equal(
            got[:, :, :height, :width], cv2.dnn.blobFromImage(picture, 1 / 255.0, swapRB=True)
        )
        beyond = np.concatenate([got[0, :, height:].ravel(), got[0, :, :, width:].ravel()])
        np.testing.assert_allclose(beyond, 114 / 255, atol=1e-6)
    crop = rng.integers(0, 256, (90, 90, 3), dtype=np.uint8)[3:43, 5:75]  # not contiguous
    np.testing.assert_array_equal(blobs.make(crop)[0, 0, :40, :70], crop[..., 2] * np.float32(1 / 255))


def test_the_shipped_model_names_its_size_for_still_pictures() -> None:
    assert all(px >= 0 for px in open_detector(DEFAULT_MODEL, DetectorOptions(threads=1)).info.input_px)
