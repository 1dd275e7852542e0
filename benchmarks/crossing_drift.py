"""Made-up tracks at the border as the station sees them: who crosses, who does not, and the camera's drifting error.

For operating characteristics of the crossing rule: thousands of tracks in a minute, without pictures. The ways are those
of people who cross straight over, of people who come up to the line, wait and go back, and of people who walk along it,
cut to what a passing camera has in view. The camera is 110 m up; its errors (GPS 1.5 m and 2 m in height for 30 s,
attitude 0.5 deg for 8 s, gimbal 0.3 deg for 5 s, all Gauss-Markov) move every position, box noise comes on top, and a
constant-velocity Kalman filter makes the track. The covariance handed on is the one that the station would state.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Kind = Literal["crosser", "turner", "parallel", "stander", "arriver"]

RATE_HZ = 8.0
HEIGHT_M = 110.0
BOX_SIGMA_M = 0.35
GPS_SIGMA_M, GPS_UP_SIGMA_M, GPS_TAU_S = 1.5, 2.0, 30.0
ATTITUDE_DEG, ATTITUDE_TAU_S = 0.5, 8.0
GIMBAL_DEG, GIMBAL_TAU_S = 0.3, 5.0
STATED_UP_SIGMA_M = float(np.hypot(1.5, 1.0))  # the station's word for height and terrain together
ACCELERATION_M2_S3 = 0.25
CONFIRM_S = 0.5


@dataclass(frozen=True, eq=False)
class Track:
    """One track, n positions. ``true_m`` and ``en_m`` ``(n, 2)``: along the line, to its left; covariances ``(n, 2, 2)``.

    ``before_m``, ``behind_m``: how far from the line a crosser was in view; 0 for others.
    """

    kind: Kind
    t_us: NDArray[np.int64]
    true_m: FloatArray
    en_m: FloatArray
    covariance_m2: FloatArray
    pose_covariance_m2: FloatArray
    before_m: float = 0.0
    behind_m: float = 0.0


def population(seed: int, counts: Mapping[Kind, int]) -> list[Track]:
    """Tracks of each kind, the same for the same seed."""
    rng = np.random.default_rng(seed)
    tracks = []
    for kind, count in counts.items():
        for _ in range(count):
            way, before_m, behind_m = _WAYS[kind](rng)
            tracks.append(_seen(rng, kind, way, before_m, behind_m))
    return tracks


def _walk(legs: list[tuple[float, float, float]]) -> FloatArray:
    """``(n, 2)`` at ``RATE_HZ`` from legs (along, across, speed); the first is the start; a leg that goes nowhere lasts
    ``speed`` seconds.
    """
    place = np.array(legs[0][:2])
    t, t_at, places = 0.0, [0.0], [place]
    for along, across, speed in legs[1:]:
        goal = np.array([along, across])
        way = float(np.hypot(*(goal - place)))
        t += way / speed if way > 1e-9 else speed
        t_at.append(t)
        places.append(goal)
        place = goal
    grid = np.arange(0.0, t, 1.0 / RATE_HZ)
    points = np.array(places)
    return np.stack([np.interp(grid, t_at, points[:, axis]) for axis in (0, 1)], axis=1)


def _pace(rng: np.random.Generator) -> float:
    return float(rng.uniform(2.4, 3.2)) if rng.random() < 0.1 else float(np.clip(rng.normal(1.3, 0.22), 0.8, 1.8))


def _crosser(rng: np.random.Generator) -> tuple[FloatArray, float, float]:
    before, behind = rng.uniform(10.0, 60.0, 2)
    slant = np.tan(np.radians(rng.uniform(-32.0, 32.0)))
    pace, side = _pace(rng), float(rng.choice([-1.0, 1.0]))
    legs = [(slant * before, side * before, pace)]
    if rng.random() < 0.02:
        stop = rng.uniform(-0.9 * behind, 0.9 * before)
        legs += [(slant * stop, side * stop, pace), (slant * stop, side * stop, rng.uniform(2.0, 8.0))]
    legs.append((-slant * behind, -side * behind, pace))
    return _walk(legs), float(before), float(behind)


def _cut(rng: np.random.Generator, way: FloatArray) -> FloatArray:
    """What passes while the camera has the place in view: 6 to 60 s of it."""
    count = min(len(way), int(rng.uniform(6.0, 60.0) * RATE_HZ))
    first = int(rng.integers(0, len(way) - count + 1))
    return way[first : first + count]


def _turner(rng: np.random.Generator) -> tuple[FloatArray, float, float]:
    side, pace, along = float(rng.choice([-1.0, 1.0])), _pace(rng), 0.0
    legs = [(along, side * rng.uniform(25.0, 60.0), pace)]
    for _ in range(2):
        along += rng.uniform(-20.0, 20.0)
        stop = side * (rng.uniform(0.15, 0.5) if rng.random() < 0.4 else rng.uniform(1.0, 3.0))
        legs += [(along, stop, pace), (along, stop, rng.uniform(4.0, 25.0))]
        along += rng.uniform(-25.0, 25.0)
        back = side * rng.uniform(18.0, 60.0)
        legs += [(along, back, pace), (along, back, rng.uniform(0.1, 10.0))]
    return _cut(rng, _walk(legs)), 0.0, 0.0


def _parallel(rng: np.random.Generator) -> tuple[FloatArray, float, float]:
    side, pace, along = float(rng.choice([-1.0, 1.0])), _pace(rng), 0.0
    away, legs = rng.uniform(8.0, 40.0), []
    for _ in range(5):
        across = side * max(8.0, away + float(np.clip(rng.normal(0.0, 1.5), -4.0, 4.0)))
        legs.append((along, across, pace))
        if rng.random() < 0.12:
            legs.append((along, across, rng.uniform(3.0, 15.0)))
        along += rng.uniform(15.0, 40.0)
    return _cut(rng, _walk(legs)), 0.0, 0.0


def _stander(rng: np.random.Generator) -> tuple[FloatArray, float, float]:
    """On the line for two minutes."""
    along = float(rng.uniform(-5.0, 5.0))
    return _walk([(0.0, 0.1, 1.0), (0.0, 0.1, 60.0), (along, 0.1, 0.3), (along, 0.1, 60.0)]), 0.0, 0.0


def _arriver(rng: np.random.Generator) -> tuple[FloatArray, float, float]:
    """Comes up to the line and stays on it for a minute."""
    side = float(rng.choice([-1.0, 1.0]))
    return (
        _walk([(0.0, side * rng.uniform(12.0, 40.0), 1.0), (0.0, side * 0.2, _pace(rng)), (0.0, side * 0.2, 60.0)]),
        0.0,
        0.0,
    )


_WAYS: dict[Kind, Callable[[np.random.Generator], tuple[FloatArray, float, float]]] = {
    "crosser": _crosser, "turner": _turner, "parallel": _parallel, "stander": _stander, "arriver": _arriver,
}  # fmt: skip


def _drift(rng: np.random.Generator, count: int, sigma: float, tau_s: float) -> FloatArray:
    a = float(np.exp(-1.0 / (RATE_HZ * tau_s)))
    kicks = rng.normal(0.0, sigma * np.sqrt(1.0 - a * a), count)
    out = np.empty(count)
    value = rng.normal(0.0, sigma)
    for i, kick in enumerate(kicks.tolist()):
        out[i] = value
        value = a * value + kick
    return out


def _seen(rng: np.random.Generator, kind: Kind, way: FloatArray, before_m: float, behind_m: float) -> Track:
    n, dt_s = len(way), 1.0 / RATE_HZ
    depression, heading = np.radians(rng.uniform(42.0, 62.0)), np.radians(rng.uniform(-40.0, 40.0))
    # Range and bearing of the picture, turned to the line: the camera looks across it, more or less.
    turn = np.array([[np.cos(heading), np.sin(heading)], [-np.sin(heading), np.cos(heading)]])
    per_degree = np.radians(1.0) * HEIGHT_M * np.array([1.0 / np.tan(depression), 1.0 / np.sin(depression) ** 2])
    fast = np.stack(
        [_drift(rng, n, ATTITUDE_DEG, ATTITUDE_TAU_S) + _drift(rng, n, GIMBAL_DEG, GIMBAL_TAU_S) for _ in range(2)],
        axis=1,
    )
    slow = np.stack([_drift(rng, n, GPS_SIGMA_M, GPS_TAU_S) for _ in range(2)], axis=1)
    slow[:, 1] += _drift(rng, n, GPS_UP_SIGMA_M, GPS_TAU_S) / np.tan(depression)
    error = (fast * per_degree + slow) @ turn
    angle = np.hypot(ATTITUDE_DEG, GIMBAL_DEG) * per_degree
    own = np.diag(GPS_SIGMA_M**2 + angle**2 + np.array([0.0, (STATED_UP_SIGMA_M / np.tan(depression)) ** 2]))
    pose = turn.T @ own @ turn

    measured = way + error + rng.normal(0.0, BOX_SIGMA_M, (n, 2))
    seen = np.ones(n, dtype=np.bool_)
    if rng.random() < 0.15 and n > 40:
        first = int(rng.integers(10, n - 25))
        seen[first : first + int(rng.uniform(0.3, 2.5) * RATE_HZ)] = False
    seen &= rng.random(n) > 0.1
    state, variance = _filtered(measured, seen, dt_s)
    keep = seen & (np.arange(n) >= CONFIRM_S * RATE_HZ)
    t_us = np.round(np.arange(n) * dt_s * 1e6).astype(np.int64)[keep]
    covariance = pose + variance[keep, None, None] * np.eye(2)
    return Track(
        kind, t_us, way[keep], state[keep], covariance, np.broadcast_to(pose, (len(t_us), 2, 2)), before_m, behind_m
    )


def _filtered(measured: FloatArray, seen: NDArray[np.bool_], dt_s: float) -> tuple[FloatArray, FloatArray]:
    """A constant-velocity Kalman filter on both axes: positions ``(n, 2)`` and their variance ``(n,)``."""
    # The drift of the picture is motion to the filter, as it is in the tracker with nothing else in view.
    r = BOX_SIGMA_M**2
    q = 2.0 * ACCELERATION_M2_S3
    pxx, pxv, pvv = r, 0.0, 2.25
    (x, y), (u, v) = measured[0], (0.0, 0.0)
    out, variance = np.empty_like(measured), np.empty(len(measured))
    for i, (zx, zy) in enumerate(measured.tolist()):
        if i:
            x, y = x + u * dt_s, y + v * dt_s
            pxx += 2 * dt_s * pxv + dt_s * dt_s * pvv + q * dt_s**3 / 3
            pxv += dt_s * pvv + q * dt_s**2 / 2
            pvv += q * dt_s
            if seen[i]:
                kx, kv = pxx / (pxx + r), pxv / (pxx + r)
                x, u, y, v = x + kx * (zx - x), u + kv * (zx - x), y + kx * (zy - y), v + kv * (zy - y)
                pvv -= kv * pxv
                pxv *= 1 - kx
                pxx *= 1 - kx
        out[i], variance[i] = (x, y), pxx
    return out, variance
