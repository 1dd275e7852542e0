"""The detector: decoding by hand, the shipped model on a rendered picture, and every way a model file can be wrong."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from geofences.errors import ModelError
from sim.camera import Renderer
from sim.projection import ViewPose
from sim.scenario import load_scenario
from sim.world import ObjectState, World
from vision.detectors.base import Detector, detect_region
from vision.detectors.decode import decode_yolo, keep_best
from vision.detectors.onnx import DEFAULT_MODEL, OnnxDetector, OnnxOptions
from vision.metrics import box_iou
from vision.records import CLASS_NAMES, Detections

LEAST = np.array([0.3, 0.5, 0.3])


def output(*columns: tuple[float, ...]) -> np.ndarray:
    """Columns of x, y, w, h and the scores of person, vehicle, two-wheeler and, where it is given, animal."""
    return np.array([(*c, 0.0)[:8] for c in columns], dtype=np.float32).T.reshape(8, -1)


def test_decoding_applies_each_class_its_threshold_and_removes_duplicates() -> None:
    found = decode_yolo(
        output(
            (100, 50, 10, 20, 0.9, 0.1, 0.0),
            (101, 50, 10, 20, 0.6, 0.1, 0.0),  # the same person again
            (100, 50, 12, 20, 0.1, 0.1, 0.7),  # another class at the same place stays
            (300, 50, 40, 20, 0.0, 0.45, 0.0),  # a vehicle below its threshold
            (400, 50, 40, 20, 0.0, 0.55, 0.0),
        ),
        LEAST,
        max_iou=0.5,
    )
    np.testing.assert_allclose(found.confidence, [0.9, 0.7, 0.55], atol=1e-6)
    np.testing.assert_array_equal(found.class_id, [0, 2, 1])
    np.testing.assert_allclose(found.xyxy[0], [95, 40, 105, 60])


def test_an_animal_is_never_passed_on_and_displaces_a_person_at_its_place() -> None:
    found = decode_yolo(
        output(
            (100, 50, 10, 20, 0.6, 0.0, 0.0, 0.7),  # the same network cell says both: an animal
            (200, 50, 10, 20, 0.5, 0.0, 0.0, 0.1),  # says person, but a surer neighbour says animal
            (201, 50, 10, 20, 0.1, 0.0, 0.0, 0.8),
            (300, 50, 10, 20, 0.8, 0.0, 0.0, 0.1),  # surely a person, whatever a weak neighbour says
            (301, 50, 10, 20, 0.1, 0.0, 0.0, 0.3),
            (400, 50, 40, 20, 0.0, 0.9, 0.0, 0.1),  # a vehicle beside an animal stays
            (400, 50, 40, 20, 0.0, 0.0, 0.0, 0.8),
        ),
        LEAST,
        max_iou=0.5,
    )
    assert sorted(found.class_id) == [0, 1]
    assert sorted(found.xyxy[:, 0]) == [295, 380]


def test_nothing_above_the_threshold_is_nothing() -> None:
    assert len(decode_yolo(output((10, 10, 5, 5, 0.2, 0.1, 0.1)), LEAST, 0.5)) == 0
    assert len(keep_best(np.zeros((0, 4)), np.zeros(0), np.zeros(0, dtype=np.int64), 0.5)) == 0


class SpotDetector:
    """Finds the brightest pixel and calls it a person."""

    def detect(self, image_bgr: np.ndarray) -> Detections:
        y, x = np.unravel_index(int(image_bgr[..., 0].argmax()), image_bgr.shape[:2])
        return Detections(np.array([[x, y, x + 1.0, y + 1.0]]), np.array([0.9]), np.array([0]))


def test_a_region_is_looked_at_alone_and_its_boxes_are_in_the_full_picture() -> None:
    image = np.zeros((80, 100, 3), dtype=np.uint8)
    image[60, 70] = 200
    image[5, 5] = 255
    spot: Detector = SpotDetector()  # type: ignore[assignment]
    np.testing.assert_allclose(detect_region(spot, image, (50.2, 40, 300, 79)).xyxy, [[70, 60, 71, 61]])
    assert len(detect_region(spot, image, (200, 40, 300, 79))) == 0


@pytest.fixture(scope="module")
def detector() -> OnnxDetector:
    return OnnxDetector(options=OnnxOptions(threads=1))


def test_the_shipped_model_is_small_and_described(detector: OnnxDetector) -> None:
    assert DEFAULT_MODEL.stat().st_size <= 12_000_000
    assert detector.info.class_names == CLASS_NAMES
    assert "onnxruntime" in detector.info.runtime
    card = DEFAULT_MODEL.with_suffix(".md").read_text(encoding="utf-8")
    for needed in ("HIT-UAV", "CC BY 4.0", "AGPL", "must not be used", detector.info.sha256):
        assert needed in card


@pytest.fixture(scope="module", params=["border_day", "border_night"])
def scene(request: pytest.FixtureRequest) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Three people, a car and three animals on open ground, seen from 100 m: picture and true boxes by class."""
    world = World(load_scenario(request.param), 1950)
    renderer = Renderer(world)
    east, north = -60.0, 35.0
    things = [
        ("person", "person", -12, 0), ("person", "person", 0, 6), ("person", "person", 10, -8),
        ("car", "vehicle", -4, -15), ("deer", "animal", 16, 10), ("deer", "animal", -18, 12), ("cattle", "animal", 20, -2),
    ]  # fmt: skip
    states = [
        ObjectState(900 + i, kind, name, east + e, north + n, 40.0 * i, 1.2 if name != "vehicle" else 6.0, i, 3.0)
        for i, (kind, name, e, n) in enumerate(things)
    ]
    back_m = 85.0
    pose = ViewPose(east, north - back_m, world.height_amsl_m(east, north) + 100.0, 0.0, -50.0, 0.0)
    image, visible = renderer.render(pose, 10.0, states)
    boxes: dict[str, list[tuple[float, ...]]] = {}
    for thing in visible:
        name = thing.class_name if thing.object_id >= 900 else "other"
        boxes.setdefault(name, []).append(thing.xyxy)
    return image, {name: np.array(rows) for name, rows in boxes.items()}


def test_it_finds_people_and_cars_and_leaves_animals_alone(
    detector: OnnxDetector, scene: tuple[np.ndarray, dict[str, np.ndarray]]
) -> None:
    image, truth = scene
    found = detector.detect(image)
    for name in ("person", "vehicle"):
        mine = found.xyxy[found.class_id == CLASS_NAMES.index(name)]
        best = box_iou(truth[name], mine).max(axis=1) if len(mine) else np.zeros(len(truth[name]))
        assert (best > 0.35).mean() >= 0.66, (name, truth[name], mine)
    on_animals = box_iou(truth["animal"], found.xyxy).max(axis=1) if len(found) else np.zeros(3)
    assert (on_animals > 0.3).sum() <= 1


def test_any_size_of_picture_will_do_and_boxes_stay_in_it(
    detector: OnnxDetector, scene: tuple[np.ndarray, dict[str, np.ndarray]]
) -> None:
    image = scene[0][100:451, 200:999]
    found = detector.detect(np.ascontiguousarray(image))
    if len(found):
        assert found.xyxy.min() >= 0
        assert found.xyxy[:, 2].max() <= 799
        assert found.xyxy[:, 3].max() <= 351
    assert len(detector.detect(image[:0])) == 0
    with pytest.raises(ValueError, match="expected"):
        detector.detect(np.zeros((10, 10), dtype=np.uint8))


def test_a_crop_sees_what_the_whole_sees(
    detector: OnnxDetector, scene: tuple[np.ndarray, dict[str, np.ndarray]]
) -> None:
    image = scene[0]
    whole, part = detector.detect(image), detect_region(detector, image, (0, 96, 1280, 640))
    inside = (whole.xyxy[:, 1] > 130) & (whole.xyxy[:, 3] < 600) & (whole.confidence > 0.6)
    if inside.any():
        assert (box_iou(whole.xyxy[inside], part.xyxy).max(axis=1) > 0.8).all()


def test_thresholds_can_be_set(detector: OnnxDetector) -> None:
    strict = OnnxDetector(options=OnnxOptions(threads=1, threshold={"person": 0.99}))
    assert strict.threshold[0] == 0.99
    assert strict.threshold[1] == detector.threshold[1]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for suffix in (".onnx", ".json"):
        shutil.copy(DEFAULT_MODEL.with_suffix(suffix), tmp_path / f"model{suffix}")
    return tmp_path / "model.onnx"


def edit(model: Path, **changes: object) -> None:
    file = model.with_suffix(".json")
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


def test_a_missing_model_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.onnx") as caught:
        OnnxDetector(tmp_path / "none.onnx")
    assert caught.value.remedy
    assert caught.value.exit_code == 6


def test_a_damaged_model_is_refused(copy: Path) -> None:
    data = bytearray(copy.read_bytes())
    data[len(data) // 2] ^= 1
    copy.write_bytes(bytes(data))
    with pytest.raises(ModelError, match="damaged"):
        OnnxDetector(copy)


def test_a_file_that_is_no_network_is_refused(copy: Path) -> None:
    import hashlib

    copy.write_bytes(b"not a network")
    edit(copy, sha256=hashlib.sha256(b"not a network").hexdigest())
    with pytest.raises(ModelError, match="cannot be loaded"):
        OnnxDetector(copy)


def test_a_model_of_other_classes_is_refused(copy: Path) -> None:
    edit(copy, classes=["ship", "buoy"])
    with pytest.raises(ModelError, match="ship"):
        OnnxDetector(copy)


def test_a_model_without_its_description_is_refused(copy: Path) -> None:
    copy.with_suffix(".json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="description"):
        OnnxDetector(copy)
    copy.with_suffix(".json").unlink()
    with pytest.raises(ModelError, match="missing"):
        OnnxDetector(copy)


def test_the_picture_is_not_changed(detector: OnnxDetector) -> None:
    image = cv2.randu(np.zeros((64, 96, 3), dtype=np.uint8), 0, 255)
    before = image.copy()
    detector.detect(image)
    np.testing.assert_array_equal(image, before)
