"""How the camera's angles change from frame to frame, as the tracks tell it: slowly as stated, or shaking."""

from __future__ import annotations

import math

import numpy as np

from geofences.geodesy import FloatArray

_MEMORY_S = 1.5
_SHAKE_S = 1.0
_MOST = 30.0
_RESTLESS = 3.0


def _decay(dt_s: float, time_s: float) -> float:
    return math.exp(-max(dt_s, 1e-3) / time_s)


class Unrest:
    """A unit Gauss-Markov process of ``correlation_s`` for each angle, in sigmas, and how much livelier it is of late.

    A camera that shakes, or turns round with its airframe's errors, changes faster than the stated process.
    """

    def __init__(self, correlation_s: float) -> None:
        self._correlation_s = correlation_s
        self.factor = 1.0
        self._shake = np.zeros(3)

    @property
    def restless(self) -> bool:
        """Whether the camera changes so much that boxes are better not looked for where they were."""
        return self.factor > _RESTLESS

    @property
    def shake(self) -> FloatArray:
        """``(3,)``: how far the angles are from their mean of the last second, as far as that is more than usual."""
        return np.asarray((1.0 - 1.0 / self.factor) * self._shake)

    def usual_variance(self, dt_s: float) -> float:
        """Of the change of one angle over ``dt_s`` as stated, in squared sigmas."""
        return 2.0 * (1.0 - _decay(dt_s, self._correlation_s))

    def variance(self, dt_s: float) -> float:
        """The same as the camera behaves of late."""
        return self.factor * self.usual_variance(dt_s)

    def learn(self, shift: FloatArray, variance: FloatArray, dt_s: float) -> None:
        """Take in one frame: ``shift`` ``(3,)`` of the angles as all tracks tell it, ``variance`` ``(3,)`` of that.

        Their second moment is what the shift's variance should have been (one step of expectation maximisation a frame).
        """
        squares = sum(s * s + v for s, v in zip(shift.tolist(), variance.tolist(), strict=True))
        seen = squares / 3.0 / self.usual_variance(dt_s)
        keep = _decay(dt_s, _MEMORY_S)
        self.factor = min(max(keep * self.factor + (1.0 - keep) * seen, 1.0), _MOST)
        self._shake = _decay(dt_s, _SHAKE_S) * (self._shake + shift)
