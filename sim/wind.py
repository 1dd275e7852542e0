"""Wind that gusts, and how far it carries a multicopter off before its controller leans against it.

Gusts are a stationary process with zero mean, told by the seed alone (:mod:`sim.autopilot.sensors` has the method). A position
controller takes out what is steady: only what a gust brings anew, in the time that the velocity loop needs, moves the
aircraft. Figures of an ordinary quadcopter: drag as in :class:`sim.dynamics.Limits`, velocity loop 2 per second (the order
of ArduPilot's PSC_NE_VEL_P), its integrator 2 s.
"""

from __future__ import annotations

import math
import random

_WAVES = 12
_FASTEST = 8.0
_VELOCITY_LOOP_PER_S, _INTEGRATOR_S = 2.0, 2.0

EN = tuple[float, float]


class GustyAir:
    """A mean wind and its gusts. ``gust_sigma_m_s``: per axis; ``drag_per_s``: deceleration per airspeed."""

    def __init__(
        self,
        mean_en_m_s: EN,
        gust_sigma_m_s: float = 0.0,
        seed: int = 1,
        correlation_s: float = 5.0,
        drag_per_s: float = 0.15,
    ) -> None:
        self.mean_en_m_s, self._sigma, self._drag = mean_en_m_s, gust_sigma_m_s, drag_per_s
        rng = random.Random(f"gusts/{seed}")
        top = math.atan(_FASTEST)
        self._waves = [
            [
                (math.tan(top * (k + rng.random()) / _WAVES) / correlation_s, rng.uniform(0.0, 2.0 * math.pi))
                for k in range(_WAVES)
            ]
            for _ in range(2)
        ]
        self._amplitude = gust_sigma_m_s * math.sqrt(2.0 / _WAVES)
        self._slow = [0.0, 0.0]
        self._push = [0.0, 0.0]

    def at(self, t_s: float) -> EN:
        """The wind at a time: where the air moves to, east and north."""
        if self._amplitude == 0.0:
            return self.mean_en_m_s
        e, n = (self._amplitude * sum(math.cos(w * t_s + p) for w, p in waves) for waves in self._waves)
        return self.mean_en_m_s[0] + e, self.mean_en_m_s[1] + n

    def step(self, t_s: float, dt_s: float) -> tuple[EN, EN]:
        """``(wind, push)``: the wind now, and the velocity at which it carries the aircraft off against its controller."""
        wind = self.at(t_s)
        if self._amplitude == 0.0:
            return wind, (0.0, 0.0)
        for axis in (0, 1):
            gust = wind[axis] - self.mean_en_m_s[axis]
            self._slow[axis] += (gust - self._slow[axis]) * min(dt_s / _INTEGRATOR_S, 1.0)
            pull = self._drag * (gust - self._slow[axis]) - _VELOCITY_LOOP_PER_S * self._push[axis]
            self._push[axis] += pull * dt_s
        return wind, (self._push[0], self._push[1])
