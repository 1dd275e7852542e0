"""A model file and the ``.json`` beside it that says what it is."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geofences.errors import ModelError
from vision.records import CLASS_NAMES

MODEL_FOLDER = Path(__file__).parent.parent / "models"
DEFAULT_MODEL = MODEL_FOLDER / "marchwarden-s.onnx"
"""The model that comes with the program; its card is the ``.md`` file beside it."""

MAX_INPUT_PX = 8192

REMEDY = "reinstall the program, or name another model with its .json file beside it"


@dataclass(frozen=True)
class ModelDescription:
    """What the sidecar says: ``classes`` in the order of the network's scores, ``thresholds`` recommended per class,
    ``input_px`` as in :class:`vision.detectors.base.DetectorInfo`."""

    name: str
    sha256: str
    classes: tuple[str, ...]
    stride_px: int = 32
    thresholds: Mapping[str, float] = field(default_factory=dict)
    input_px: tuple[int, ...] = ()


def read_sidecar(model: Path) -> dict[str, Any]:
    """The ``.json`` beside a model: sha256, classes, stride, thresholds, input_px. Raises ModelError."""
    file = model.with_suffix(".json")
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(content, dict) or not isinstance(content["sha256"], str):
            raise ValueError("no sha256 in it")
    except FileNotFoundError:
        raise ModelError(f"{file}: the model's description is missing", REMEDY) from None
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{file}: the model's description cannot be read ({error})", REMEDY) from error
    return content


def read_model(model: Path) -> bytes:
    """The file's content. Raises ModelError."""
    try:
        return model.read_bytes()
    except OSError as error:
        raise ModelError(f"model {model} cannot be read ({error.strerror or error})", REMEDY) from error


def describe(model: Path, data: bytes) -> ModelDescription:
    """What the sidecar says of ``data``. Raises ModelError when it is missing, senseless, or of another file."""
    sidecar = read_sidecar(model)
    digest = hashlib.sha256(data).hexdigest()
    if digest != sidecar["sha256"]:
        raise ModelError(
            f"model {model} is damaged or not the one described: sha256 {digest[:12]}..., "
            f"expected {sidecar['sha256'][:12]}...",
            REMEDY,
        )
    try:
        description = ModelDescription(
            str(sidecar.get("name", model.stem)),
            digest,
            tuple(str(c) for c in sidecar.get("classes", ())),
            int(sidecar.get("stride", 32)),
            {str(c): float(v) for c, v in sidecar.get("thresholds", {}).items()},
            _sizes(sidecar.get("input_px", ())),
        )
        if description.stride_px < 1 or any(not 0 <= px <= MAX_INPUT_PX for px in description.input_px):
            raise ValueError("stride or input_px out of range")
    except (TypeError, ValueError, AttributeError) as error:
        file = model.with_suffix(".json")
        raise ModelError(f"{file}: the model's description makes no sense ({error})", REMEDY) from error
    return description


def _sizes(told: object) -> tuple[int, ...]:
    """One number, or a list of them."""
    return tuple(int(px) for px in (told if isinstance(told, (list, tuple)) else (told,)))


def advised_thresholds(model: Path, default: float) -> dict[str, float]:
    """The least confidence of every class that the description recommends; ``default`` where it is silent or absent.

    Raises ModelError for a description that cannot be read.
    """
    advised = dict.fromkeys(CLASS_NAMES, default)
    if model.with_suffix(".json").is_file():
        told = read_sidecar(model).get("thresholds", {})
        try:
            advised |= {c: float(v) for c, v in told.items() if c in advised}
        except (TypeError, ValueError, AttributeError) as error:
            raise ModelError(f"{model.with_suffix('.json')}: thresholds make no sense ({error})", REMEDY) from error
    return advised
