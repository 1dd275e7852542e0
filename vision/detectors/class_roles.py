"""What a network's own class names mean to this program: one of its three classes, an animal, or nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geofences.errors import ModelError
from vision.records import CLASS_NAMES

MODEL_CLASSES = (*CLASS_NAMES, "animal")
"""What the own network tells apart. Animals are learnt so that they are not taken for people; never passed on."""

PERSON, VEHICLE, TWO_WHEELER, ANIMAL = range(len(MODEL_CLASSES))
NOTHING = -1

_ROLE = {
    PERSON: "person people pedestrian human",
    VEHICLE: "vehicle car truck lorry bus minibus van pickup suv othervehicle quad atv",
    TWO_WHEELER: "twowheeler bicycle bike motorcycle motorbike motor scooter moped cyclist tricycle awningtricycle",
    ANIMAL: "animal bird cat dog horse sheep cow cattle elephant bear zebra giraffe deer boar",
}
_ROLE_OF_NAME = {name: role for role, names in _ROLE.items() for name in names.split()}


def role_of(class_name: str) -> int:
    """PERSON, VEHICLE, TWO_WHEELER, ANIMAL or NOTHING. Knows the names of COCO, VisDrone and HIT-UAV, in any case."""
    return _ROLE_OF_NAME.get("".join(c for c in class_name.lower() if c.isalnum()), NOTHING)


def roles_of(class_names: Sequence[str], model: str) -> NDArray[np.int64]:
    """The role of every class ``(classes,)``. Raises ModelError naming ``model`` when none is of use here."""
    roles = np.array([role_of(name) for name in class_names], dtype=np.int64)
    if not np.isin(roles, (PERSON, VEHICLE, TWO_WHEELER)).any():
        shown = ", ".join(class_names[:8]) + (", ..." if len(class_names) > 8 else "")
        raise ModelError(
            f"model {model} knows the classes ({shown}): no person, vehicle or two-wheeler among them",
            "use a model trained on people and vehicles, for example on COCO or VisDrone names",
        )
    return roles


def merge_scores(scores: NDArray[np.float32], roles: NDArray[np.int64] | None) -> NDArray[np.float32]:
    """Scores of the network's classes ``(classes, n)`` -> of ``MODEL_CLASSES`` ``(4, n)``: the best of each role."""
    if roles is None or np.array_equal(roles, np.arange(len(MODEL_CLASSES))):
        return scores
    merged = np.zeros((len(MODEL_CLASSES), scores.shape[1]), dtype=np.float32)
    for number, role in enumerate(roles):
        if role != NOTHING:
            np.maximum(merged[role], scores[number], out=merged[role])
    return merged
