"""Ways of people and vehicles, seen with the pose errors of a camera 110 m up, as frames for the rules. For tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from geofences.border import BorderGeometry
from groundstation.incidents.frame import TrackFrame
from groundstation.incidents.rules.base import Rule, RuleEvent
from tests.unit.geofences.drifting_tracks import FRAME, NOISE_M, pose_covariance, pose_error, straight_border
from vision.records import CLASS_NAMES, GroundTracks, TrackStatus

BORDER = straight_border()
GEOMETRY = BorderGeometry.from_line(BORDER, FRAME)
RATE_HZ = 3.0
START_US = 1_795_000_000_000_000
_SPEED_SIGMA_M_S = 0.25
Leg = tuple[float, float, float]


@dataclass
class Someone:
    """One track: legs of (east speed, north speed, seconds) from a start, of a class, seen from ``seen_from_s`` on.

    ``status`` per second since the start of the scene; beyond its end, and after the legs, it is as at the end of them.
    """

    start: tuple[float, float]
    legs: Sequence[Leg]
    class_id: int = 0
    seen_from_s: float = 0.0
    seen_to_s: float = 1e9
    status: Callable[[float], TrackStatus | None] = lambda _: TrackStatus.CONFIRMED

    def at(self, t_s: float) -> tuple[np.ndarray, np.ndarray]:
        """Place and velocity."""
        place, left_s = np.array(self.start, dtype=float), t_s
        for east, north, seconds in self.legs:
            velocity = np.array([east, north])
            if left_s <= seconds:
                return place + velocity * left_s, velocity
            place, left_s = place + velocity * seconds, left_s - seconds
        return place, np.zeros(2)


Row = tuple[int, np.ndarray, np.ndarray, int, int]


def scene(people: Sequence[Someone], seconds: float, seed: int, error: bool) -> Iterator[tuple[int, list[Row]]]:
    """Time and rows of what the tracker sees: one pose error for all, noise for each, speeds filtered over 1.5 s."""
    rng = np.random.default_rng(seed)
    n = round(seconds * RATE_HZ)
    drift = pose_error(rng, n, 1.0 / RATE_HZ) if error else np.zeros((n, 2))
    speeds = [np.zeros(2) for _ in people]
    memory = np.exp(-1.0 / RATE_HZ / 1.5)
    for k in range(n):
        t_s = k / RATE_HZ
        rows: list[Row] = []
        for number, one in enumerate(people, start=1):
            place, velocity = one.at(t_s)
            noise = rng.normal(0.0, NOISE_M * 0.5, 2)
            wobble = rng.normal(0.0, _SPEED_SIGMA_M_S * np.sqrt(1 - memory**2), 2)
            speeds[number - 1] = memory * speeds[number - 1] + wobble
            status = one.status(t_s) if one.seen_from_s <= t_s <= one.seen_to_s else None
            if status is not None:
                rows.append(
                    (number, place + noise + drift[k], velocity + speeds[number - 1], one.class_id, int(status))
                )
        yield START_US + round(t_s * 1e6), rows


def covariances(n: int, error: bool) -> tuple[np.ndarray, np.ndarray]:
    """``(n, 4, 4)`` and the pose's part ``(n, 2, 2)``."""
    pose = pose_covariance() if error else np.diag([0.01, 0.01])
    covariance = np.zeros((n, 4, 4))
    covariance[:, :2, :2] = pose + 0.2 * np.eye(2)
    covariance[:, 2:, 2:] = _SPEED_SIGMA_M_S**2 * np.eye(2)
    return covariance, np.tile(pose, (n, 1, 1))


def frames(people: Sequence[Someone], seconds: float, seed: int = 1, error: bool = True) -> Iterator[TrackFrame]:
    """A scene as the rules see it: confirmed tracks only."""
    for t_us, every in scene(people, seconds, seed, error):
        rows = [r for r in every if r[4] == TrackStatus.CONFIRMED]
        en = np.array([r[1] for r in rows], dtype=float).reshape(-1, 2)
        covariance, pose = covariances(len(rows), error)
        yield TrackFrame(
            t_us, np.array([r[0] for r in rows], dtype=np.int64), en,
            np.array([r[2] for r in rows], dtype=float).reshape(-1, 2), covariance, pose,
            np.array([r[3] for r in rows], dtype=np.int64), GEOMETRY.locate(en),
            tuple(r[0] for r in every if r[4] == TrackStatus.DELETED),
        )  # fmt: skip


def records(people: Sequence[Someone], seconds: float, seed: int = 1, error: bool = True) -> Iterator[GroundTracks]:
    """A scene as the pipeline's records."""
    for t_us, rows in scene(people, seconds, seed, error):
        yield record(t_us, rows, error)


def record(t_us: int, rows: Sequence[Row], error: bool = True) -> GroundTracks:
    """Rows of (number, place, velocity, class, status) as one record."""
    n = len(rows)
    en = np.array([r[1] for r in rows], dtype=float).reshape(n, 2)
    lat, lon = FRAME.from_plane(en) if n else (np.zeros(0), np.zeros(0))
    covariance, pose = covariances(n, error)
    probability = np.full((n, len(CLASS_NAMES)), 0.05)
    probability[np.arange(n), [r[3] for r in rows]] = 0.9
    return GroundTracks(
        frame_id=0, t_utc_us=t_us, t_mono_ns=0, track_id=np.array([r[0] for r in rows], dtype=np.int64), lat_deg=lat,
        lon_deg=lon, alt_amsl_m=np.zeros(n), velocity_en_m_s=np.array([r[2] for r in rows], dtype=float).reshape(n, 2),
        covariance_en=covariance, pose_covariance_en_m2=pose, class_probability=probability,
        status=np.array([r[4] for r in rows], dtype=np.int64), last_seen_utc_us=np.full(n, t_us, dtype=np.int64),
        xyxy=np.zeros((n, 4)),
    )  # fmt: skip


def watch(rule: Rule, people: Sequence[Someone], seconds: float, seed: int = 1, error: bool = True) -> list[RuleEvent]:
    """What a rule tells of a scene."""
    return [event for frame in frames(people, seconds, seed, error) for event in rule.update(frame)]


def seconds_of(event: RuleEvent) -> float:
    """When it was told, from the start of the scene."""
    return (event.t_confirmed_utc_us - START_US) / 1e6


__all__ = ["BORDER", "FRAME", "GEOMETRY", "START_US", "Someone", "frames", "record", "records", "seconds_of", "watch"]
