"""A stand-in for the network: which boxes it would give for what is in a picture, with which confidence.

It is a statistical model of the shipped network, so that thousands of frames cost seconds. Confidence is a logistic
function of a sum: a level for the class, a constant for each object (some are hard to see from everywhere), a slow and a
white part in time, less where the object is hidden or small. A box below ``floor`` is not given, so misses and weak boxes
come from the same source, as they do in the network. In some frames an animal stands where a person could: the network
then gives no box but an animal's place; and so it does, seldom, for a person. The errors of a box's edges are white in
part, and last for seconds in part.

The constants were measured on 960 rendered frames of the suite's patrols at 110 m (8 frames/s; ``plain`` seeds 2201 and
2202, ``night`` 2203 and 2204, with a fifth of the crossers vehicles and another two-wheelers), through H.264 (crf 26) and all
that the worker does with a frame: the network with SHA-256 979b05ab on the strip along the border, then the second look at
what is doubtful. They rest on 86 persons (8670 boxes), 44 animals, 4 vehicles and one two-wheeler by day. So what is said of
vehicles is little, of two-wheelers hardly anything, and of two-wheelers at night nothing. Persons were 13 to 22 px high;
smaller ones are extrapolated. An animal that walks towards the camera or away from it is narrow, and at night the network
takes it for a person then: hence the large spread between animals.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from geofences.geodesy import FloatArray
from sim.camera import VisibleObject

Box = tuple[float, float, float, float, float, int]
"""x0, y0, x1, y1 in pixels, confidence, class id (an index of ``CLASS_NAMES``)."""
Place = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels."""


@dataclass(frozen=True)
class ClassStatistics:
    """``logit`` of the confidence and its spreads: between objects, slow and white in time. ``taken_for``: the shares of
    objects' frames in which it is called person, vehicle, two-wheeler. ``as_animal``: mean and spread between objects of the
    score by which it is seen as an animal in a frame; in time the score varies by 1, and it is where it is above 0."""

    logit: float
    between: float
    slow: float
    white: float
    taken_for: tuple[float, float, float]
    as_animal: tuple[float, float]


@dataclass(frozen=True)
class DetectorStatistics:
    """One sensor's. Rates are per frame; pixel figures are one sigma of each edge of a box: independent in each frame, and
    lasting for ``edge_slow_s``."""

    person: ClassStatistics
    vehicle: ClassStatistics
    two_wheeler: ClassStatistics
    animal: ClassStatistics
    edge_px: float
    edge_slow_px: float
    edge_slow_s: float = 8.0
    edge_of_size: float = 0.03
    lost: float = 0.007
    """Chance that an object is missed for no reason."""
    lost_if_hidden: float = 0.55
    """The same for its hidden share, on top."""
    duplicates: float = 0.011
    """Chance that an object gets a second, weaker and displaced box."""
    clutter_rate: float = 0.14
    """Boxes of a person's size on nothing, anywhere."""
    clutter_spots: int = 2
    """Things on the ground, in the stretch, that look like something each time they are seen."""
    floor: float = 0.1
    slow_s: float = 1.5
    whole_at_px: float = 14.0
    logit_per_px: float = 0.13
    hidden_logit: float = 2.0


_NEVER = (-9.0, 0.0)
_PERSON_AS_ANIMAL = (-3.2, 0.8)
DAY = DetectorStatistics(
    person=ClassStatistics(0.71, 0.32, 0.13, 0.28, (0.997, 0.0, 0.003), _PERSON_AS_ANIMAL),
    vehicle=ClassStatistics(1.37, 0.3, 0.1, 0.2, (0.0, 1.0, 0.0), _NEVER),
    two_wheeler=ClassStatistics(-0.13, 0.35, 0.15, 0.36, (0.6, 0.0, 0.4), _NEVER),
    animal=ClassStatistics(-1.1, 0.4, 0.25, 0.45, (1.0, 0.0, 0.0), (2.6, 1.2)),
    edge_px=0.58,
    edge_slow_px=0.7,
)
NIGHT = DetectorStatistics(
    person=ClassStatistics(1.25, 0.28, 0.15, 0.3, (0.996, 0.0, 0.004), _PERSON_AS_ANIMAL),
    vehicle=ClassStatistics(1.04, 0.31, 0.2, 0.29, (0.0, 0.98, 0.02), _NEVER),
    two_wheeler=ClassStatistics(-0.13, 0.35, 0.15, 0.36, (0.6, 0.0, 0.4), _NEVER),
    animal=ClassStatistics(-0.2, 0.5, 0.4, 0.55, (0.95, 0.0, 0.05), (1.2, 2.3)),
    edge_px=0.25,
    edge_slow_px=0.21,
    duplicates=0.001,
    clutter_rate=0.02,
    clutter_spots=1,
    whole_at_px=17.0,
)


@dataclass
class _Memory:
    """What the detector keeps of an object: its own constants, and slow parts with the time that they are of."""

    offset: float
    animal: float
    slow: float
    animal_slow: float
    edge_px: FloatArray
    t_s: float


_ANIMAL_SLOW, _ANIMAL_WHITE = math.sqrt(0.25), math.sqrt(0.75)


@dataclass
class StatisticalDetector:
    """Gives boxes for frame after frame; what it thinks of an object stays with the object."""

    statistics: DetectorStatistics
    rng: np.random.Generator
    width_px: int
    height_px: int
    _known: dict[int, _Memory] = field(default_factory=dict)

    def detect(self, t_s: float, visible: list[VisibleObject], spots_px: FloatArray) -> tuple[list[Box], list[Place]]:
        """The boxes of one frame at ``t_s``, and where animals were seen instead. ``spots_px`` ``(n, 2)``: where the
        clutter on the ground is (NaN: unseen)."""
        boxes: list[Box] = []
        animals: list[Place] = []
        for thing in visible:
            found, animal = self._of(t_s, thing)
            boxes += found
            animals += animal
        return boxes + self._clutter(spots_px), animals

    def _remembered(self, t_s: float, object_id: int, kind: ClassStatistics) -> _Memory:
        """What is known of an object, its slow parts moved on to ``t_s``."""
        s, rng = self.statistics, self.rng
        memory = self._known.get(object_id)
        if memory is None:
            memory = self._known[object_id] = _Memory(
                float(rng.normal(0.0, kind.between)), float(rng.normal(*kind.as_animal)),
                float(rng.normal(0.0, kind.slow)), float(rng.normal(0.0, _ANIMAL_SLOW)),
                rng.normal(0.0, s.edge_slow_px, 4), t_s,
            )  # fmt: skip
            return memory
        keep = math.exp(-(t_s - memory.t_s) / s.slow_s)
        fresh = math.sqrt(1.0 - keep * keep)
        memory.slow = keep * memory.slow + fresh * float(rng.normal(0.0, kind.slow))
        memory.animal_slow = keep * memory.animal_slow + fresh * float(rng.normal(0.0, _ANIMAL_SLOW))
        keep = math.exp(-(t_s - memory.t_s) / s.edge_slow_s)
        memory.edge_px = keep * memory.edge_px + math.sqrt(1.0 - keep * keep) * rng.normal(0.0, s.edge_slow_px, 4)
        memory.t_s = t_s
        return memory

    def _of(self, t_s: float, thing: VisibleObject) -> tuple[list[Box], list[Place]]:
        s, rng = self.statistics, self.rng
        kind: ClassStatistics = getattr(s, thing.class_name.replace("-", "_"))
        memory = self._remembered(t_s, thing.object_id, kind)
        if rng.random() < s.lost + s.lost_if_hidden * (1.0 - thing.visible_fraction):
            return [], []
        x0, y0, x1, y1 = thing.xyxy
        height = y1 - y0
        logit = kind.logit + memory.offset + memory.slow + float(rng.normal(0.0, kind.white))
        logit -= s.hidden_logit * (1.0 - thing.visible_fraction)
        logit -= s.logit_per_px * max(0.0, s.whole_at_px - height)
        found = int(rng.choice(3, p=kind.taken_for))
        box = self._box(thing.xyxy, logit, found, memory.edge_px, 1.0)
        if memory.animal + memory.animal_slow + float(rng.normal(0.0, _ANIMAL_WHITE)) > 0.0:
            return [], [] if box is None else [box[:4]]
        boxes = [box]
        if rng.random() < s.duplicates:
            aside = rng.normal(0.0, 0.3, 2) * (x1 - x0, height)
            moved = (x0 + aside[0], y0 + aside[1], x1 + aside[0], y1 + aside[1])
            boxes.append(self._box(moved, logit - 1.6, found, memory.edge_px, 2.0))
        return [b for b in boxes if b is not None], []

    def _box(
        self, xyxy: tuple[float, float, float, float], logit: float, class_id: int, off_px: FloatArray, blur: float
    ) -> Box | None:
        """A box on ``xyxy`` with what is lastingly wrong of it, None where it is too weak or hardly in the picture."""
        s = self.statistics
        confidence = 1.0 / (1.0 + math.exp(-logit))
        if confidence < s.floor:
            return None
        sigma = blur * math.hypot(s.edge_px, s.edge_of_size * (xyxy[3] - xyxy[1]))
        x0, y0, x1, y1 = np.asarray(xyxy) + off_px + self.rng.normal(0.0, sigma, 4)
        x0, x1 = sorted((min(max(x0, 0.0), self.width_px), min(max(x1, 0.0), self.width_px)))
        y0, y1 = sorted((min(max(y0, 0.0), self.height_px), min(max(y1, 0.0), self.height_px)))
        if x1 - x0 < 2.0 or y1 - y0 < 2.0:
            return None
        return float(x0), float(y0), float(x1), float(y1), confidence, class_id

    def _clutter(self, spots_px: FloatArray) -> list[Box]:
        s, rng = self.statistics, self.rng
        found: list[Box | None] = []
        steady = np.zeros(4)
        for _ in range(int(rng.poisson(s.clutter_rate))):
            x, y = rng.uniform(0.0, self.width_px), rng.uniform(0.0, self.height_px)
            found.append(self._box((x - 4.0, y - 12.0, x + 4.0, y), float(rng.normal(-1.9, 0.55)), 0, steady, 1.0))
        for x, y in spots_px[np.isfinite(spots_px).all(axis=-1)]:
            if rng.random() < 0.4:
                place = (x - 38.0, y - 103.0, x + 38.0, y)
                found.append(self._box(place, float(rng.normal(-1.1, 0.5)), 1, steady, 2.0))
        return [b for b in found if b is not None]
