"""Average precision during training, on a small fixed part of the validation pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from vision.dataset import LabelledPicture
from vision.detectors.base import DetectorInfo
from vision.detectors.decode import MODEL_CLASSES, decode_yolo
from vision.metrics import DetectionScore, mean_ap50
from vision.records import CLASS_NAMES, Detections
from vision.train_model import Network
from vision.train_tiles import PAD_GREY

_LOW_THRESHOLD = 0.01
_MAX_IOU = 0.55
_STRIDE_PX = 32


@dataclass(frozen=True)
class TorchDetector:
    """A network in training as a ``Detector``: native scale, padded to the stride, like the exported model."""

    network: Network
    threshold: float = _LOW_THRESHOLD

    @property
    def info(self) -> DetectorInfo:
        """It has no file yet, so no hash."""
        return DetectorInfo("in training", "", MODEL_CLASSES, _STRIDE_PX, f"torch {torch.__version__}")

    def detect(self, image_bgr: NDArray[np.uint8]) -> Detections:
        """Boxes in pixels of ``image_bgr`` ``(height, width, 3)`` uint8."""
        height, width = image_bgr.shape[:2]
        padded = cv2.copyMakeBorder(
            image_bgr, 0, -height % _STRIDE_PX, 0, -width % _STRIDE_PX, cv2.BORDER_CONSTANT, value=(PAD_GREY,) * 3
        )
        blob = torch.from_numpy(np.ascontiguousarray(padded[:, :, ::-1].transpose(2, 0, 1)))[None]
        device = next(self.network.parameters()).device
        with torch.no_grad():
            output = self.network(blob.to(device).float() / 255.0)
        first = output[0] if isinstance(output, (tuple, list)) else output
        thresholds = np.full(len(CLASS_NAMES), self.threshold)
        found = decode_yolo(first[0].float().cpu().numpy(), thresholds, _MAX_IOU)
        found.xyxy[:, 0::2] = found.xyxy[:, 0::2].clip(0, width)
        found.xyxy[:, 1::2] = found.xyxy[:, 1::2].clip(0, height)
        return found


def validation_part(sources: Sequence[Sequence[LabelledPicture]], count: int) -> list[LabelledPicture]:
    """About ``count`` validation pictures, evenly spread over each source and shared evenly between the sources that
    have any; the same ones for the same data. Animals are left out, as in every score."""
    usable = [[p for p in pictures if p.split == "val"] for pictures in sources]
    usable = [pictures for pictures in usable if pictures]
    chosen: list[LabelledPicture] = []
    for pictures in usable:
        number = min(max(count // len(usable), 1), len(pictures)) if count else 0
        places = np.linspace(0, len(pictures) - 1, number).round().astype(int)
        chosen += [pictures[i].without_animals() for i in places]
    return chosen


def validate(network: Network, pictures: Sequence[LabelledPicture]) -> dict[str, float]:
    """AP50 by class and its mean; NaN for a class that does not occur. The network must be in evaluation mode."""
    detector, score = TorchDetector(network), DetectionScore()
    for picture in pictures:
        score.add(detector.detect(picture.read_bgr()), picture.xyxy, picture.class_id, picture.ignore_xyxy)
    by_class = score.per_class(0.5)
    columns = {f"ap50_{name.replace('-', '_')}": s.ap50 for name, s in zip(CLASS_NAMES, by_class, strict=True)}
    return {"pictures": float(len(pictures)), "map50": mean_ap50(by_class), **columns}
