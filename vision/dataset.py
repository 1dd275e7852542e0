"""Labelled pictures from the sources that the detector learns from, and their split.

Sources: HIT-UAV (thermal, COCO JSON), aerial-cars (colour, YOLO text), frames of the simulator and an operator's verdicts
(YOLO text). All end as :class:`LabelledPicture` in the classes of ``vision.records.CLASS_NAMES``, and 3 for an animal.
Splits are by block of recording, never at random, because neighbouring frames are nearly the same picture. A file that
does not fit is refused with its name and line: a label read wrongly is worse than none.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.errors import ConfigError
from vision.records import CLASS_NAMES

Split = Literal["train", "val", "margin", "held_back"]
PERSON, VEHICLE, TWO_WHEELER = range(len(CLASS_NAMES))

HIT_UAV_BLOCK_IDS = 400
HIT_UAV_BLOCKS_PER_ROUND = 5
HIT_UAV_VAL_BLOCK = 3
HIT_UAV_HELD_BACK_BLOCK = 4
HIT_UAV_MARGIN_IDS = 15
SIM_FIRST_VAL_SEED = 1900
_HIT_UAV_CLASS = {0: PERSON, 1: VEHICLE, 2: TWO_WHEELER, 3: VEHICLE}
_HIT_UAV_DONT_CARE = 4
_OWN_CLASSES = {i: i for i in range(len(CLASS_NAMES) + 1)}
_AERIAL_CARS_CLASS = {0: VEHICLE, 1: VEHICLE, 2: VEHICLE, 3: VEHICLE, 4: TWO_WHEELER}


@dataclass(frozen=True, eq=False)
class LabelledPicture:
    """One picture and what is in it.

    ``xyxy`` ``(n, 4)`` pixels, ``class_id`` ``(n,)``; ``ignore_xyxy`` ``(m, 4)``: regions that nobody labelled,
    neither reward nor punish in training and are not scored. ``group`` names the condition
    for tables ("thermal night", "day colour", ...).
    """

    path: Path
    source: str
    split: Split
    xyxy: NDArray[np.float64]
    class_id: NDArray[np.int64]
    ignore_xyxy: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 4)))
    group: str = ""
    altitude_m: float | None = None
    hard_xy: NDArray[np.float64] = field(default_factory=lambda: np.zeros((0, 2)))
    """Places ``(k, 2)`` in pixels, without an object, to look at more often in training."""

    def without_animals(self) -> LabelledPicture:
        """The same picture with what the detector passes on, for scoring."""
        told = self.class_id < len(CLASS_NAMES)
        return replace(self, xyxy=self.xyxy[told], class_id=self.class_id[told])

    def read_bgr(self) -> NDArray[np.uint8]:
        """The picture, ``(h, w, 3)`` BGR. Raises ConfigError when the file cannot be read."""
        image = cv2.imread(str(self.path), cv2.IMREAD_COLOR)
        if image is None:
            raise ConfigError(f"picture {self.path} cannot be read", "check the data folder")
        return np.asarray(image, dtype=np.uint8)


def hit_uav_split(frame_id: int) -> Split:
    """Which part a HIT-UAV frame belongs to: of every five blocks of 400 ids the fourth validates and the fifth is held
    back (it is never looked at here); 15 ids on both sides of those two are in no part."""

    def block(i: int) -> int:
        return (i // HIT_UAV_BLOCK_IDS) % HIT_UAV_BLOCKS_PER_ROUND

    if block(frame_id) == HIT_UAV_VAL_BLOCK:
        return "val"
    if block(frame_id) == HIT_UAV_HELD_BACK_BLOCK:
        return "held_back"
    near = {block(max(frame_id - HIT_UAV_MARGIN_IDS, 0)), block(frame_id + HIT_UAV_MARGIN_IDS)}
    return "margin" if near & {HIT_UAV_VAL_BLOCK, HIT_UAV_HELD_BACK_BLOCK} else "train"


def read_hit_uav(folder: Path) -> list[LabelledPicture]:
    """HIT-UAV as in ``annotations.json`` plus ``images/``. Raises ConfigError naming the entry that does not fit."""
    file = folder / "annotations.json"
    remedy = "give the HIT-UAV folder with --hit-uav"
    try:
        coco = json.loads(file.read_text(encoding="utf-8"))
        images, annotations = list(coco["images"]), list(coco["annotations"])
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror or error})", remedy) from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{file}: not a HIT-UAV annotation file ({error!r})", remedy) from error
    boxes: dict[int, list[tuple[list[float], int]]] = defaultdict(list)
    for number, entry in enumerate(annotations):
        try:
            box, category = _coco_box(entry)
            boxes[entry["image_id"]].append((box, category))
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{file}: annotations[{number}]: {error!r}", remedy) from error
    out = []
    for number, entry in enumerate(images):
        try:
            out.append(_hit_uav_picture(folder, Path(entry["file_name"]).name, boxes.pop(entry["id"], [])))
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{file}: images[{number}]: {error!r}", remedy) from error
    if boxes:
        raise ConfigError(f"{file}: annotations of a picture that is not listed: image_id {next(iter(boxes))}", remedy)
    if not out:
        raise ConfigError(f"{file}: no pictures are listed", remedy)
    return out


def _coco_box(entry: dict[str, Any]) -> tuple[list[float], int]:
    x, y, w, h = (float(v) for v in entry["bbox"])
    category = int(entry["category_id"])
    if not (np.isfinite([x, y, w, h]).all() and w > 0 and h > 0):
        raise ValueError(f"bbox {entry['bbox']} has no area")
    if category not in _HIT_UAV_CLASS and category != _HIT_UAV_DONT_CARE:
        raise ValueError(f"category_id {category} is none of HIT-UAV's")
    return [x, y, x + w, y + h], category


def _hit_uav_picture(folder: Path, name: str, own: list[tuple[list[float], int]]) -> LabelledPicture:
    parts = Path(name).stem.split("_")
    if len(parts) != 5 or not all(p.isdigit() for p in parts) or parts[0] not in ("0", "1"):
        raise ValueError(f"{name}: the name is not TIME_ALTITUDE_PITCH_WEATHER_ID.jpg")
    kept = [(b, _HIT_UAV_CLASS[c]) for b, c in own if c in _HIT_UAV_CLASS]
    return LabelledPicture(
        folder / "images" / name,
        "hit_uav",
        hit_uav_split(int(parts[4])),
        _boxes(b for b, _ in kept),
        np.array([c for _, c in kept], dtype=np.int64),
        _boxes(b for b, c in own if c == _HIT_UAV_DONT_CARE),
        f"thermal {'night' if parts[0] == '1' else 'day'}",
        float(parts[1]),
    )


def read_yolo_text(
    path: Path, width: int, height: int, classes: Mapping[int, int], skip_short: bool = False
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Boxes ``(n, 4)`` in pixels and class ids of a YOLO label file (class, centre x, centre y, width, height, relative).

    ``classes``: the file's class -> ours. Lines with fewer than five fields are skipped where ``skip_short`` says that
    the source has such. Raises ConfigError with file and line for anything else.
    """
    boxes, found = [], []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read ({error})", "check the data folder") from error
    for number, line in enumerate(lines, 1):
        parts = line.split()
        if not parts or (len(parts) < 5 and skip_short):
            continue
        try:
            if len(parts) != 5:
                raise ValueError(f"{len(parts)} fields, expected 5")
            c, (cx, cy, w, h) = int(parts[0]), (float(v) for v in parts[1:])
            if c not in classes:
                raise ValueError(f"class {c}, expected one of {', '.join(map(str, sorted(classes)))}")
            # Written so that NaN is refused too.
            if not (0 <= cx <= 1 and 0 <= cy <= 1 and 0 < w <= 1 and 0 < h <= 1):
                raise ValueError("a box that is not in the picture (values are relative to its size)")
        except ValueError as error:
            raise ConfigError(f"{path}:{number}: {error}", "correct the line, or leave the file out") from error
        boxes.append([(cx - w / 2) * width, (cy - h / 2) * height, (cx + w / 2) * width, (cy + h / 2) * height])
        found.append(classes[c])
    return _boxes(boxes), np.array(found, dtype=np.int64)


def read_aerial_cars(folder: Path) -> list[LabelledPicture]:
    """aerial-cars: ``NAME.jpg`` beside ``NAME.txt``. Few and small, all of it goes to training. Raises ConfigError when
    there is none or a file does not fit."""
    out = []
    for path in sorted(folder.glob("*.jpg")):
        label = path.with_suffix(".txt")
        if not label.exists():
            continue
        xyxy, classes = read_yolo_text(label, *picture_size(path), _AERIAL_CARS_CLASS, skip_short=True)
        out.append(LabelledPicture(path, "aerial_cars", "train", xyxy, classes, group="day colour"))
    if not out:
        raise ConfigError(f"{folder}: no labelled pictures", "give the aerial-cars folder with --aerial-cars")
    return out


def _boxes(rows: Iterable[list[float]]) -> NDArray[np.float64]:
    return np.array(list(rows), dtype=np.float64).reshape(-1, 4)


def read_sim_frames(folder: Path) -> list[LabelledPicture]:
    """Frames of the simulator: ``images/SCENARIO_SEED_NUMBER.jpg`` and ``labels/*.txt`` in the network's classes.

    Seeds from 1900 validate, lower ones train; they are other seeds than any test's. Animals are labelled (class 3): the
    network learns them so that it does not take them for people. Raises ConfigError when there is none or a name does not fit.
    """
    out = []
    for path in sorted((folder / "images").glob("*.jpg")):
        scenario, _, rest = path.stem.rpartition("_")[0].rpartition("_")
        if not scenario or not rest.isdigit():
            raise ConfigError(f"{path}: the name is not SCENARIO_SEED_NUMBER", "write frames with python -m sim.frames")
        split: Split = "val" if int(rest) >= SIM_FIRST_VAL_SEED else "train"
        out += _yolo_picture(folder, path, "sim", split, f"sim {scenario}")
    if not out:
        raise ConfigError(f"{folder}: no labelled frames", "write them with python -m sim.frames")
    return out


def read_verdicts(folder: Path) -> list[LabelledPicture]:
    """Frames that an operator judged: ``images/*.jpg`` (any name) and ``labels/*.txt`` in the network's classes; an
    empty label file says that nothing is there. All for training. Raises ConfigError when there is none."""
    paths = sorted((folder / "images").glob("*.jpg"))
    out = [p for path in paths for p in _yolo_picture(folder, path, "verdicts", "train", "verdicts")]
    if not out:
        raise ConfigError(f"{folder}: no labelled frames", "give a folder with images/*.jpg and labels/*.txt")
    return out


def _yolo_picture(folder: Path, path: Path, source: str, split: Split, group: str) -> list[LabelledPicture]:
    label = folder / "labels" / f"{path.stem}.txt"
    if not label.exists():
        return []  # being written
    xyxy, classes = read_yolo_text(label, *picture_size(path), _OWN_CLASSES)
    return [LabelledPicture(path, source, split, xyxy, classes, group=group)]


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of a picture file. Raises ConfigError when it cannot be read.

    Of a JPEG only the headers are read: thousands of frames would otherwise be decoded for two numbers each.
    """
    try:
        size = _jpeg_size(path)
    except OSError as error:
        raise ConfigError(f"picture {path} cannot be read ({error.strerror})", "check the data folder") from error
    if size is not None:
        return size
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise ConfigError(f"picture {path} cannot be read", "check the data folder")
    return int(image.shape[1]), int(image.shape[0])


def _jpeg_size(path: Path) -> tuple[int, int] | None:
    """Width and height from a JPEG's frame header (ITU-T T.81, B.2.2), None for other files and unusual ones."""
    with path.open("rb") as stream:
        if stream.read(2) != b"\xff\xd8":
            return None
        while True:
            head = stream.read(4)
            if len(head) < 4 or head[0] != 0xFF:
                return None
            marker, length = head[1], int.from_bytes(head[2:], "big")
            if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a frame header, not a table
                body = stream.read(5)
                if len(body) < 5:
                    return None
                return int.from_bytes(body[3:5], "big"), int.from_bytes(body[1:3], "big")
            if marker == 0xE1:
                return None  # Exif may turn the picture by 90 degrees: let the decoder say
            stream.seek(length - 2, 1)


def read_places(file: Path) -> dict[str, NDArray[np.float64]]:
    """File name -> places ``(k, 2)`` in pixels, as ``vision.train_mine`` wrote them. Raises ConfigError."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): np.array(rows, dtype=np.float64).reshape(-1, 2) for name, rows in content.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise ConfigError(f"{file}: {error}", "write it with python -m vision.train_mine") from error
