"""People near a line, seen with the pose errors of a camera 110 m up that looks down at 50 degrees. For tests."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geofences.area import BorderLine
from geofences.crossing import CrossingDetector, CrossingEvent, CrossingSettings
from geofences.geodesy import LocalFrame

FRAME = LocalFrame(49.05, 22.70, 300.0)
HEIGHT_M, DEPRESSION_DEG, RATE_HZ = 110.0, 50.0, 8.0
# (sigma, correlation time) of what moves a ground position: GPS in metres, attitude and gimbal in degrees.
GPS, ATTITUDE, GIMBAL = (1.5, 30.0), (0.5, 8.0), (0.3, 5.0)
_DEPRESSION = np.radians(DEPRESSION_DEG)
PER_DEGREE_ACROSS_M = HEIGHT_M / np.sin(_DEPRESSION) ** 2 * np.radians(1.0)
PER_DEGREE_ALONG_M = HEIGHT_M / np.tan(_DEPRESSION) * np.radians(1.0)
NOISE_M = 0.4


def pose_covariance() -> np.ndarray:
    """East (along the line) and north (across it), square metres."""
    angle = ATTITUDE[0] ** 2 + GIMBAL[0] ** 2
    return np.diag([GPS[0] ** 2 + angle * PER_DEGREE_ALONG_M**2, GPS[0] ** 2 + angle * PER_DEGREE_ACROSS_M**2])


def gauss_markov(rng: np.random.Generator, count: int, dt_s: float, sigma: float, tau_s: float) -> np.ndarray:
    a = np.exp(-dt_s / tau_s)
    out = np.empty(count)
    out[0] = rng.normal(0.0, sigma)
    kicks = rng.normal(0.0, sigma * np.sqrt(1.0 - a * a), count)
    for i in range(1, count):
        out[i] = a * out[i - 1] + kicks[i]
    return out


def pose_error(rng: np.random.Generator, count: int, dt_s: float) -> np.ndarray:
    """East, north error of every position in the picture, ``(count, 2)``."""
    columns = []
    for per_degree in (PER_DEGREE_ALONG_M, PER_DEGREE_ACROSS_M):
        columns.append(
            gauss_markov(rng, count, dt_s, *GPS)
            + per_degree * gauss_markov(rng, count, dt_s, *ATTITUDE)
            + per_degree * gauss_markov(rng, count, dt_s, *GIMBAL)
        )
    return np.stack(columns, axis=1)


def seen(
    rng: np.random.Generator, true_en_m: np.ndarray, error: bool = True
) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """What a constant-velocity tracker makes of a true way ``(n, 2)``: time, position, covariance ``(2, 2)``."""
    dt_s, n = 1.0 / RATE_HZ, len(true_en_m)
    measured = true_en_m + rng.normal(0.0, NOISE_M, (n, 2))
    if error:
        measured = measured + pose_error(rng, n, dt_s)
    state = np.zeros((2, 2))
    state[0] = measured[0]
    p = np.diag([NOISE_M**2, 4.0])
    f, q = np.array([[1.0, dt_s], [0.0, 1.0]]), 0.7 * np.array([[dt_s**3 / 3, dt_s**2 / 2], [dt_s**2 / 2, dt_s]])
    for i in range(n):
        if i:
            state, p = f @ state, f @ p @ f.T + q
            gain = p[:, 0] / (p[0, 0] + NOISE_M**2)
            state = state + np.outer(gain, measured[i] - state[0])
            p = p - np.outer(gain, p[0])
        if i >= 4:  # confirmed
            yield round(i * dt_s * 1e6), state[0].copy(), pose_covariance() + p[0, 0] * np.eye(2)


def straight_border(length_m: float = 2000.0) -> BorderLine:
    lat, lon = FRAME.from_plane(np.array([(-length_m / 2, 0.0), (length_m / 2, 0.0)]))
    return BorderLine(tuple(zip(lat.tolist(), lon.tolist(), strict=True)), "Belmark", "Arvenia", "Arvenia")


def watch(
    rng: np.random.Generator, true_en_m: np.ndarray, settings: CrossingSettings | None = None, error: bool = True
) -> list[CrossingEvent]:
    """The crossings told of one true way."""
    detector = CrossingDetector(straight_border(), FRAME, settings)
    events = []
    for t_us, en, covariance in seen(rng, true_en_m, error):
        event = detector.update(1, t_us, en, covariance, pose_covariance(), 7.0)
        if event is not None:
            events.append(event)
    return events


def count_told(rng: np.random.Generator, true_en_m: np.ndarray, runs: int) -> int:
    """How many crossings are told of so many people who go the same way, each with errors of his own."""
    detector = CrossingDetector(straight_border(), FRAME)
    frames: dict[int, list[tuple[int, np.ndarray, np.ndarray]]] = {}
    for run in range(runs):
        for t_us, en, covariance in seen(rng, true_en_m):
            frames.setdefault(t_us, []).append((run, en, covariance))
    told = 0
    for t_us, rows in frames.items():
        ids, places, covariances = zip(*rows, strict=True)
        pose = np.broadcast_to(pose_covariance(), (len(ids), 2, 2))
        told += len(detector.update_all(ids, t_us, np.array(places), np.array(covariances), pose, [7.0] * len(ids)))
    return told


def way(*legs: tuple[float, float, float], start: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    """A true way from legs of (east speed, north speed, seconds), sampled at ``RATE_HZ``."""
    rows = [np.array(start)]
    for east_m_s, north_m_s, seconds in legs:
        step = np.array([east_m_s, north_m_s]) / RATE_HZ
        rows += [rows[-1] + step * (i + 1) for i in range(round(seconds * RATE_HZ))]
    return np.array(rows)
