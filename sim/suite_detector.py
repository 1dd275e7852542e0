"""A stand-in for the network: which boxes it would give for what is in a picture, with which confidence.

It is a statistical model of the shipped network, so that thousands of frames cost seconds. Confidence is a logistic
function of a sum: a level for the class, a constant for each object (some are hard to see from everywhere), a slow and a
white part in time, less where the object is hidden or small. A box below ``floor`` is not given, so misses and weak boxes
come from the same source, as they do in the network.

The constants were measured on 720 rendered frames of patrols at 110 m (8 frames/s; border_day seeds 1950 and 1952,
border_night 1951 and 1953: 94 persons, 10 animals, few vehicles and two-wheelers), through H.264 and the network with
SHA-256 be847618. Persons of 13 to 19 px showed no dependence on size; what is said of smaller ones is an assumption, and
so are vehicles and two-wheelers at night.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from geofences.geodesy import FloatArray
from sim.camera import VisibleObject
from sim.world import CLASS_NAMES

Box = tuple[float, float, float, float, float, int]
"""x0, y0, x1, y1 in pixels, confidence, class id (an index of ``CLASS_NAMES``)."""


@dataclass(frozen=True)
class ClassStatistics:
    """``logit`` of the confidence and its spreads: between objects, slow and white in time. ``taken_for``: the shares of
    objects' frames in which it is called person, vehicle, two-wheeler."""

    logit: float
    between: float
    slow: float
    white: float
    taken_for: tuple[float, float, float]


@dataclass(frozen=True)
class DetectorStatistics:
    """One sensor's. Rates are per frame; pixel figures are one sigma of each edge of a box, independent in each frame."""

    person: ClassStatistics
    vehicle: ClassStatistics
    two_wheeler: ClassStatistics
    animal: ClassStatistics
    animal_seen_share: float
    """Share of animals that are told as persons at all; the others are known for animals."""
    edge_px: float
    edge_of_size: float = 0.03
    lost: float = 0.025
    """Chance that an object is missed for no reason."""
    duplicates: float = 0.02
    """Chance that an object gets a second, weaker and displaced box."""
    clutter_rate: float = 0.03
    """Boxes on nothing, anywhere."""
    clutter_spots: int = 2
    """Things on the ground, in the stretch, that look like something each time they are seen."""
    floor: float = 0.1
    slow_s: float = 1.5
    whole_at_px: float = 13.0
    logit_per_px: float = 0.3
    hidden_logit: float = 4.0


DAY = DetectorStatistics(
    person=ClassStatistics(0.35, 0.37, 0.25, 0.45, (0.965, 0.0, 0.035)),
    vehicle=ClassStatistics(1.25, 0.3, 0.1, 0.12, (0.0, 1.0, 0.0)),
    two_wheeler=ClassStatistics(-0.3, 0.35, 0.3, 0.6, (0.6, 0.0, 0.4)),
    animal=ClassStatistics(-0.1, 0.3, 0.3, 0.5, (0.98, 0.0, 0.02)),
    animal_seen_share=0.35,
    edge_px=1.0,
)
NIGHT = DetectorStatistics(
    person=ClassStatistics(0.7, 0.32, 0.25, 0.4, (0.99, 0.0, 0.01)),
    vehicle=ClassStatistics(1.25, 0.3, 0.1, 0.12, (0.0, 1.0, 0.0)),
    two_wheeler=ClassStatistics(-0.3, 0.35, 0.3, 0.6, (0.6, 0.0, 0.4)),
    animal=ClassStatistics(-0.1, 0.3, 0.3, 0.5, (0.98, 0.0, 0.02)),
    animal_seen_share=0.4,
    edge_px=0.6,
    clutter_rate=0.005,
    clutter_spots=0,
)


@dataclass
class _Memory:
    offset: float
    slow: float
    t_s: float
    told: bool


@dataclass
class StatisticalDetector:
    """Gives boxes for frame after frame; what it thinks of an object stays with the object."""

    statistics: DetectorStatistics
    rng: np.random.Generator
    width_px: int
    height_px: int
    _known: dict[int, _Memory] = field(default_factory=dict)

    def detect(self, t_s: float, visible: list[VisibleObject], spots_px: FloatArray) -> list[Box]:
        """The boxes of one frame at ``t_s``. ``spots_px`` ``(n, 2)``: where the clutter on the ground is (NaN: unseen)."""
        boxes: list[Box] = []
        for thing in visible:
            boxes += self._of(t_s, thing)
        return boxes + self._clutter(spots_px)

    def _of(self, t_s: float, thing: VisibleObject) -> list[Box]:
        s, rng = self.statistics, self.rng
        kind: ClassStatistics = getattr(s, thing.class_name.replace("-", "_"))
        memory = self._known.get(thing.object_id)
        if memory is None:
            told = thing.class_name in CLASS_NAMES or rng.random() < s.animal_seen_share
            memory = _Memory(float(rng.normal(0.0, kind.between)), float(rng.normal(0.0, kind.slow)), t_s, told)
            self._known[thing.object_id] = memory
        keep = math.exp(-(t_s - memory.t_s) / s.slow_s)
        memory.slow = keep * memory.slow + math.sqrt(1.0 - keep * keep) * float(rng.normal(0.0, kind.slow))
        memory.t_s = t_s
        if not memory.told or rng.random() < s.lost:
            return []
        x0, y0, x1, y1 = thing.xyxy
        height = y1 - y0
        logit = kind.logit + memory.offset + memory.slow + float(rng.normal(0.0, kind.white))
        logit -= s.hidden_logit * (1.0 - thing.visible_fraction) ** 2
        logit -= s.logit_per_px * max(0.0, s.whole_at_px - height)
        found = int(rng.choice(3, p=kind.taken_for))
        boxes = [self._box(thing.xyxy, logit, found, 1.0)]
        if rng.random() < s.duplicates:
            aside = rng.normal(0.0, 0.3, 2) * (x1 - x0, height)
            moved = (x0 + aside[0], y0 + aside[1], x1 + aside[0], y1 + aside[1])
            boxes.append(self._box(moved, logit - 1.2, found, 2.0))
        return [b for b in boxes if b is not None]

    def _box(self, xyxy: tuple[float, float, float, float], logit: float, class_id: int, blur: float) -> Box | None:
        s = self.statistics
        confidence = 1.0 / (1.0 + math.exp(-logit))
        if confidence < s.floor:
            return None
        sigma = blur * math.hypot(s.edge_px, s.edge_of_size * (xyxy[3] - xyxy[1]))
        x0, y0, x1, y1 = np.asarray(xyxy) + self.rng.normal(0.0, sigma, 4)
        x0, x1 = sorted((min(max(x0, 0.0), self.width_px), min(max(x1, 0.0), self.width_px)))
        y0, y1 = sorted((min(max(y0, 0.0), self.height_px), min(max(y1, 0.0), self.height_px)))
        if x1 - x0 < 2.0 or y1 - y0 < 2.0:
            return None
        return float(x0), float(y0), float(x1), float(y1), confidence, class_id

    def _clutter(self, spots_px: FloatArray) -> list[Box]:
        s, rng = self.statistics, self.rng
        found: list[Box | None] = []
        for _ in range(int(rng.poisson(s.clutter_rate))):
            x, y = rng.uniform(0.0, self.width_px), rng.uniform(0.0, self.height_px)
            found.append(self._box((x - 5.0, y - 16.0, x + 5.0, y), float(rng.normal(-1.6, 0.5)), 0, 1.0))
        for x, y in spots_px[np.isfinite(spots_px).all(axis=-1)]:
            if rng.random() < 0.4:
                found.append(self._box((x - 20.0, y - 30.0, x + 20.0, y), float(rng.normal(-1.1, 0.5)), 1, 2.0))
        return [b for b in found if b is not None]
