"""The colours of the age map: the same on the console and in the report.

From blue (just seen) to yellow (long ago), with lightness rising all the way: blue and yellow are told apart by all common
kinds of colour blindness, and the lightness by everybody and on paper. What was never seen is no colour of that row but a
broken white line, what may not be looked at a thin grey one.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from missions.sight import BoolArray

NEVER = -1
NOT_TO_BE_SEEN = -2


@dataclass(frozen=True)
class AgeClass:
    """Ages below ``below_s`` (and not below the class before). ``code`` is what :func:`age_classes` gives."""

    code: int
    below_s: float
    colour: str
    words: str
    line: Literal["solid", "dash", "dot"] = "solid"


AGES: tuple[AgeClass, ...] = (
    AgeClass(0, 600.0, "#2a62d0", "seen less than 10 min ago"),
    AgeClass(1, 1800.0, "#5b84c9", "10 to 30 min ago"),
    AgeClass(2, 3600.0, "#8b9cae", "30 min to 1 h ago"),
    AgeClass(3, 10_800.0, "#b6ad80", "1 to 3 h ago"),
    AgeClass(4, 28_800.0, "#dcc24f", "3 to 8 h ago"),
    AgeClass(5, math.inf, "#ffe01f", "more than 8 h ago"),
)
NEVER_SEEN = AgeClass(NEVER, math.nan, "#ffffff", "never seen", "dash")
FORBIDDEN = AgeClass(NOT_TO_BE_SEEN, math.nan, "#7d8790", "may not be looked at", "dot")
LEGEND: tuple[AgeClass, ...] = (*AGES, NEVER_SEEN, FORBIDDEN)

_LIMITS_S = np.array([a.below_s for a in AGES[:-1]])


def age_classes(age_s: ArrayLike, may_be_seen: BoolArray | None = None) -> NDArray[np.int64]:
    """The class of each age in seconds: its index in :data:`AGES`, :data:`NEVER` for NaN, :data:`NOT_TO_BE_SEEN`.

    An age below 0 (another station's clock) is as good as now.
    """
    age = np.asarray(age_s, dtype=np.float64)
    never = np.isnan(age)
    out = np.where(never, NEVER, np.searchsorted(_LIMITS_S, np.where(never, 0.0, age), side="right"))
    if may_be_seen is not None:
        out = np.where(np.asarray(may_be_seen), out, NOT_TO_BE_SEEN)
    return np.asarray(out, dtype=np.int64)


def age_colour(age_s: float | None) -> str:
    """``#rrggbb`` of one age; None is never."""
    if age_s is None or math.isnan(age_s):
        return NEVER_SEEN.colour
    return AGES[int(age_classes(age_s))].colour


def runs(classes: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """``(first, last + 1, class)`` of neighbouring pieces of one class."""
    if not len(classes):
        return []
    edges = np.concatenate([[0], np.flatnonzero(np.diff(classes)) + 1, [len(classes)]])
    return [(int(a), int(b), int(classes[a])) for a, b in itertools.pairwise(edges)]
