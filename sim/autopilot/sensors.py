"""What the sensors get wrong: slow errors, a pure function of seed and time, the same for telemetry and for metadata."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

from sim.state import SensorErrors

_WAVES = 12
# A wave faster than this many correlation lengths would shake the reported position like noise, which GPS does not.
_FASTEST = 8.0


@dataclass(frozen=True)
class ErrorSizes:
    """One-sigma size and correlation time of each error, per axis. The vertical GPS error is 4/3 of the horizontal."""

    gps_sigma_m: float = 1.5
    gps_correlation_s: float = 30.0
    attitude_sigma_deg: float = 0.5
    attitude_correlation_s: float = 8.0
    gimbal_sigma_deg: float = 0.3
    gimbal_correlation_s: float = 5.0

    @classmethod
    def none(cls) -> ErrorSizes:
        """Perfect sensors."""
        return cls(gps_sigma_m=0.0, attitude_sigma_deg=0.0, gimbal_sigma_deg=0.0)


class _SlowError:
    """A sum of cosines with zero mean, standard deviation ``sigma`` and an autocorrelation near exp(-|t| / correlation).

    That is a Gauss-Markov process by its spectrum: angular frequencies drawn, one from each of ``_WAVES`` equal strata,
    from the Cauchy distribution whose characteristic function is the exponential. Unlike the recursion it can be asked
    for any time in any order, so the seed alone decides it and not the step rate.
    """

    def __init__(self, rng: random.Random, sigma: float, correlation_s: float) -> None:
        self._amplitude = sigma * math.sqrt(2.0 / _WAVES)
        top = math.atan(_FASTEST)
        self._waves = [
            (math.tan(top * (stratum + rng.random()) / _WAVES) / correlation_s, rng.uniform(0.0, 2.0 * math.pi))
            for stratum in range(_WAVES)
        ]

    def at(self, t_s: float) -> float:
        if self._amplitude == 0.0:
            return 0.0
        return self._amplitude * sum(math.cos(w * t_s + phase) for w, phase in self._waves)


class SensorErrorModel:
    """Errors of position, attitude and gimbal at any time."""

    def __init__(self, sizes: ErrorSizes, seed: int) -> None:
        self.sizes = sizes
        rng = random.Random(f"sensors/{seed}")
        self._north, self._east, self._up = (
            _SlowError(rng, sizes.gps_sigma_m * factor, sizes.gps_correlation_s) for factor in (1.0, 1.0, 4.0 / 3.0)
        )
        self._attitude = [_SlowError(rng, sizes.attitude_sigma_deg, sizes.attitude_correlation_s) for _ in range(3)]
        self._gimbal = [_SlowError(rng, sizes.gimbal_sigma_deg, sizes.gimbal_correlation_s) for _ in range(3)]

    def at(self, t_s: float, gimbal_yaw_in_body_deg: float) -> SensorErrors:
        """The errors at ``t_s``.

        A gimbal knows its place on the airframe and takes the level from the airframe's attitude, so what it reports
        in the earth frame is wrong by its own error and by the attitude's, turned into the camera's axes:
        ``gimbal_yaw_in_body_deg`` is how far the camera looks to the right of the nose.
        """
        roll, pitch, yaw = (error.at(t_s) for error in self._attitude)
        azimuth, elevation, gimbal_roll = (error.at(t_s) for error in self._gimbal)
        c = math.cos(math.radians(gimbal_yaw_in_body_deg))
        s = math.sin(math.radians(gimbal_yaw_in_body_deg))
        return SensorErrors(
            north_m=self._north.at(t_s),
            east_m=self._east.at(t_s),
            up_m=self._up.at(t_s),
            roll_deg=roll,
            pitch_deg=pitch,
            yaw_deg=yaw,
            gimbal_azimuth_deg=yaw + azimuth,
            gimbal_elevation_deg=pitch * c - roll * s + elevation,
            gimbal_roll_deg=roll * c + pitch * s + gimbal_roll,
        )
