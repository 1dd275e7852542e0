"""Labelled pictures from the sources that the detector learns from, their split, and training tiles cut from them.

Sources: HIT-UAV (thermal, COCO JSON), aerial-cars (colour, YOLO text), frames of the simulator (YOLO text). All end as
:class:`LabelledPicture` in the classes of ``vision.records.CLASS_NAMES``, and 3 for an animal. Splits are by block of recording,
never at random, because neighbouring frames are nearly the same picture.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.errors import ConfigError
from vision.records import CLASS_NAMES

Split = Literal["train", "val", "margin"]
PERSON, VEHICLE, TWO_WHEELER = range(len(CLASS_NAMES))

HIT_UAV_BLOCK_IDS = 400
HIT_UAV_BLOCKS_PER_ROUND = 5
HIT_UAV_VAL_BLOCK = 3
HIT_UAV_MARGIN_IDS = 15
SIM_FIRST_VAL_SEED = 1900
_HIT_UAV_CLASS = {0: PERSON, 1: VEHICLE, 2: TWO_WHEELER, 3: VEHICLE}
_HIT_UAV_DONT_CARE = 4
_AERIAL_CARS_CLASS = {0: VEHICLE, 1: VEHICLE, 2: VEHICLE, 3: VEHICLE, 4: TWO_WHEELER}


@dataclass(frozen=True, eq=False)
class LabelledPicture:
    """One picture and what is in it.

    ``xyxy`` ``(n, 4)`` pixels, ``class_id`` ``(n,)``; ``ignore_xyxy`` ``(m, 4)``: regions that nobody labelled,
    neither trained on nor scored. ``group`` names the condition for tables ("60 m", "day colour", ...).
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
    """Which part a HIT-UAV frame belongs to: blocks of 400 ids, each fourth of five for validation, 15 ids between."""

    def is_val(i: int) -> bool:
        return (i // HIT_UAV_BLOCK_IDS) % HIT_UAV_BLOCKS_PER_ROUND == HIT_UAV_VAL_BLOCK

    if is_val(frame_id):
        return "val"
    if is_val(frame_id - HIT_UAV_MARGIN_IDS) or is_val(frame_id + HIT_UAV_MARGIN_IDS):
        return "margin"
    return "train"


def read_hit_uav(folder: Path) -> list[LabelledPicture]:
    """HIT-UAV as in ``annotations.json`` plus ``images/``. Raises ConfigError naming the file that does not fit."""
    file = folder / "annotations.json"
    try:
        coco = json.loads(file.read_text(encoding="utf-8"))
        boxes: dict[int, list[tuple[list[float], int]]] = defaultdict(list)
        for a in coco["annotations"]:
            x, y, w, h = (float(v) for v in a["bbox"])
            boxes[a["image_id"]].append(([x, y, x + w, y + h], int(a["category_id"])))
        out = []
        for entry in coco["images"]:
            name = Path(entry["file_name"])
            time_of_day, altitude, _pitch, _weather, frame_id = name.stem.split("_")
            own = boxes[entry["id"]]
            kept = [(b, _HIT_UAV_CLASS[c]) for b, c in own if c in _HIT_UAV_CLASS]
            out.append(
                LabelledPicture(
                    folder / "images" / name.name,
                    "hit_uav",
                    hit_uav_split(int(frame_id)),
                    _boxes(b for b, _ in kept),
                    np.array([c for _, c in kept], dtype=np.int64),
                    _boxes(b for b, c in own if c == _HIT_UAV_DONT_CARE),
                    f"thermal {'night' if time_of_day == '1' else 'day'}",
                    float(altitude),
                )
            )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{file}: not a HIT-UAV annotation file ({error})", "give its folder with --hit-uav"
        ) from error
    return out


def read_yolo_text(path: Path, width: int, height: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Boxes (pixels) and raw class ids of a YOLO label file; lines with fewer than five fields are skipped."""
    boxes, classes = [], []
    for line in path.read_text(encoding="utf-8").splitlines():
        parts = line.split()
        if len(parts) < 5:
            continue
        c, (cx, cy, w, h) = int(parts[0]), (float(v) for v in parts[1:5])
        boxes.append([(cx - w / 2) * width, (cy - h / 2) * height, (cx + w / 2) * width, (cy + h / 2) * height])
        classes.append(c)
    return _boxes(boxes), np.array(classes, dtype=np.int64)


def read_aerial_cars(folder: Path) -> list[LabelledPicture]:
    """aerial-cars: ``NAME.jpg`` beside ``NAME.txt``. Every recording (name up to its frame number) is one block; few
    and small, all of it goes to training. Raises ConfigError when there is none."""
    out = []
    for path in sorted(folder.glob("*.jpg")):
        label = path.with_suffix(".txt")
        if not label.exists():
            continue
        image = cv2.imread(str(path))
        if image is None:
            raise ConfigError(f"picture {path} cannot be read", "check the data folder")
        xyxy, raw = read_yolo_text(label, image.shape[1], image.shape[0])
        known = np.array([int(c) in _AERIAL_CARS_CLASS for c in raw], dtype=bool)
        classes = np.array([_AERIAL_CARS_CLASS[int(c)] for c in raw[known]], dtype=np.int64)
        out.append(LabelledPicture(path, "aerial_cars", "train", xyxy[known], classes, group="day colour"))
    if not out:
        raise ConfigError(f"{folder}: no labelled pictures", "give the aerial-cars folder with --aerial-cars")
    return out


def _boxes(rows: Iterable[list[float]]) -> NDArray[np.float64]:
    return np.array(list(rows), dtype=np.float64).reshape(-1, 4)


def paint_out(image_bgr: NDArray[np.uint8], regions_xyxy: NDArray[np.float64]) -> NDArray[np.uint8]:
    """A copy of the picture in which each region holds the mean colour of a 6 px rim around it."""
    if len(regions_xyxy) == 0:
        return image_bgr
    out = image_bgr.copy()
    height, width = out.shape[:2]
    for x0, y0, x1, y1 in np.rint(regions_xyxy).astype(int):
        x0, y0, x1, y1 = max(x0, 0), max(y0, 0), min(x1, width), min(y1, height)
        if x1 <= x0 or y1 <= y0:
            continue
        around = np.zeros((height, width), dtype=np.uint8)
        around[max(y0 - 6, 0) : y1 + 6, max(x0 - 6, 0) : x1 + 6] = 1
        around[y0:y1, x0:x1] = 0
        out[y0:y1, x0:x1] = cv2.mean(image_bgr, mask=around)[:3] if around.any() else 114
    return out


@dataclass(frozen=True, eq=False)
class Tile:
    """A square cut from a picture at native scale, with the boxes that are still mostly visible in it."""

    image_bgr: NDArray[np.uint8]
    xyxy: NDArray[np.float64]
    class_id: NDArray[np.int64]


def cut_tile(picture: LabelledPicture, image_bgr: NDArray[np.uint8], x: int, y: int, size_px: int) -> Tile:
    """The square of ``size_px`` whose top left corner is at ``x, y``; beyond the picture it is grey.

    A box stays, clipped, when at least 40 % of it is inside; of a lesser part the tile shows the local mean, so that
    the network is not told that half a person is nobody.
    """
    x1, y1 = min(x + size_px, image_bgr.shape[1]), min(y + size_px, image_bgr.shape[0])
    tile = np.full((size_px, size_px, 3), 114, dtype=np.uint8)
    tile[: y1 - y, : x1 - x] = image_bgr[y:y1, x:x1]
    shifted = picture.xyxy - [x, y, x, y]
    clipped = shifted.copy()
    clipped[:, 0::2] = clipped[:, 0::2].clip(0, x1 - x)
    clipped[:, 1::2] = clipped[:, 1::2].clip(0, y1 - y)
    area = np.prod(np.maximum(shifted[:, 2:] - shifted[:, :2], 1e-9), axis=1)
    visible = np.prod(np.maximum(clipped[:, 2:] - clipped[:, :2], 0), axis=1) / area
    keep = visible >= 0.4
    tile = paint_out(tile, clipped[(visible > 0) & ~keep])
    return Tile(tile, clipped[keep], picture.class_id[keep])


def tiles_of(picture: LabelledPicture, size_px: int, count: int, seed: int) -> Iterator[Tile]:
    """``count`` tiles of one picture. Two of three are placed so that a random object lies in them; of a picture
    without objects all are placed at random (they teach what is nobody)."""
    rng = np.random.default_rng(seed)
    image = paint_out(picture.read_bgr(), picture.ignore_xyxy)
    height, width = image.shape[:2]
    for _ in range(count):
        if len(picture.xyxy) and rng.random() < 2 / 3:
            box = picture.xyxy[rng.integers(len(picture.xyxy))]
            cx, cy = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
            x, y = (int(c - rng.uniform(0.1, 0.9) * size_px) for c in (cx, cy))
        else:
            x, y = int(rng.integers(max(width - size_px, 0) + 1)), int(rng.integers(max(height - size_px, 0) + 1))
        x, y = max(min(x, width - size_px), 0), max(min(y, height - size_px), 0)
        yield cut_tile(picture, image, x, y, size_px)


def write_tiles(
    pictures: Iterable[LabelledPicture], folder: Path, split: str, size_px: int, count: int, seed: int
) -> int:
    """Writes tiles as ``images/SPLIT/*.jpg`` and ``labels/SPLIT/*.txt`` (YOLO text, normalised); returns how many."""
    images, labels = folder / "images" / split, folder / "labels" / split
    images.mkdir(parents=True, exist_ok=True)
    labels.mkdir(parents=True, exist_ok=True)
    written = 0
    for number, picture in enumerate(pictures):
        for k, tile in enumerate(tiles_of(picture, size_px, count, seed + number)):
            stem = f"{picture.source}_{number:05d}_{k}"
            cv2.imwrite(str(images / f"{stem}.jpg"), tile.image_bgr, [cv2.IMWRITE_JPEG_QUALITY, 95])
            centre = (tile.xyxy[:, :2] + tile.xyxy[:, 2:]) / 2 / size_px
            extent = (tile.xyxy[:, 2:] - tile.xyxy[:, :2]) / size_px
            rows = zip(tile.class_id, np.hstack([centre, extent]), strict=True)
            text = "".join(f"{c} " + " ".join(f"{v:.6f}" for v in r) + "\n" for c, r in rows)
            (labels / f"{stem}.txt").write_text(text, encoding="utf-8")
            written += 1
    return written


def write_data_yaml(folder: Path) -> Path:
    """The description file that ultralytics reads."""
    file = folder / "data.yaml"
    names = "".join(f"  {i}: {name}\n" for i, name in enumerate(CLASS_NAMES))
    text = f"path: {folder.resolve()}\ntrain: images/train\nval: images/val\nnames:\n{names}"
    file.write_text(text, encoding="utf-8")
    return file


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
        label = folder / "labels" / f"{path.stem}.txt"
        if not label.exists():
            continue  # being written
        size = picture_size(path)
        xyxy, classes = read_yolo_text(label, *size)
        split: Split = "val" if int(rest) >= SIM_FIRST_VAL_SEED else "train"
        out.append(LabelledPicture(path, "sim", split, xyxy, classes, group=f"sim {scenario}"))
    if not out:
        raise ConfigError(f"{folder}: no labelled frames", "write them with python -m sim.frames")
    return out


def picture_size(path: Path) -> tuple[int, int]:
    """Width and height of a picture file. Raises ConfigError when it cannot be read."""
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if image is None:
        raise ConfigError(f"picture {path} cannot be read", "check the data folder")
    return int(image.shape[1]), int(image.shape[0])


def read_places(file: Path) -> dict[str, NDArray[np.float64]]:
    """File name -> places ``(k, 2)`` in pixels, as ``vision.train_mine`` wrote them. Raises ConfigError."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        return {str(name): np.array(rows, dtype=np.float64).reshape(-1, 2) for name, rows in content.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise ConfigError(f"{file}: {error}", "write it with python -m vision.train_mine") from error
