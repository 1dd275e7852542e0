"""Which tracks are our own people: reported positions of friends against tracks on the ground, over time.

A friend explains a track when both agree for several of the friend's reports and several seconds: in place within their
covariances, in speed where it is known, and one to one (a friend of ``people`` explains at most so many tracks). Which
track it explains is decided by the best agreement of all pairs together, so a stranger who walks beside a patrol is not
explained by it: the patrol's own track is nearer, and a friend explains no more than itself. They part again only after
they have disagreed for a while: a bad fix of a handset frees nobody.

What it cannot do: when the patrol itself is not seen (under trees, say) and a stranger walks within the error of its
position at its speed, he is taken for it until they part.
"""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from geofences.geodesy import FloatArray, LocalFrame
from groundstation.core.records import FriendPosition
from groundstation.incidents.frame import TrackFrame

_log = logging.getLogger("groundstation.incidents.friends")

CLASSES_OF_KIND: Mapping[str, frozenset[int]] = {
    "patrol": frozenset({0}),
    "vehicle": frozenset({1, 2}),
    "drone": frozenset(),  # it flies above what the camera sees
    "device": frozenset({0, 1, 2}),
}
"""Classes (indices of ``CLASS_NAMES``) of the tracks that each kind of friend can explain."""


@dataclass(frozen=True)
class FriendSettings:
    """Gates are squared Mahalanobis distances of place and speed together: four degrees of freedom (9.2 holds 94 %,
    18 holds 99.9 %), or two (99 %) as long as no speed is known.

    A report explains nothing once it is older than ``max_age_s``, nor when its own error with the time gone by is more
    than ``max_sigma_m``: a circle of 50 m would explain everybody in it. ``confirm_fixes`` reports and ``confirm_s`` of
    agreement make it; ``release_s`` of disagreement end it. ``accept_mean``: the mean that it needs of
    place and speed together. A speed is formed over at least ``speed_baseline_s`` of reports.
    """

    gate: float = 9.2
    keep_gate: float = 18.0
    accept_mean: float = 4.5
    confirm_fixes: int = 3
    confirm_s: float = 3.0
    release_s: float = 3.0
    max_age_s: float = 10.0
    max_sigma_m: float = 15.0
    mean_over_s: float = 4.0
    unknown_speed_m_s: float = 1.5
    known_speed_sigma_m_s: float = 0.4
    speed_baseline_s: float = 2.5


@dataclass
class _Pair:
    since_us: int
    mean: float
    t_us: int
    fixes: int = 0
    fix_us: int = 0
    explained: bool = False
    bad_since_us: int = 0


@dataclass
class _Friend:
    newest: FriendPosition
    fixes: deque[tuple[int, FloatArray, float]] = field(default_factory=lambda: deque(maxlen=30))


@dataclass(frozen=True)
class _Place:
    """Where a friend is at one time; ``velocity_en_m_s`` None when nothing is known of it."""

    en_m: FloatArray
    sigma_m: float
    velocity_en_m_s: FloatArray | None
    speed_sigma_m_s: float


class FriendMatcher:
    """The friends and the tracks of one stream. Fed in order of time by one owner; no clock of its own."""

    def __init__(self, plane: LocalFrame, settings: FriendSettings | None = None) -> None:
        self.settings = settings or FriendSettings()
        self._plane = plane
        self._friends: dict[str, _Friend] = {}
        self._pairs: dict[tuple[str, int], _Pair] = {}
        self._by_track: dict[int, str] = {}

    def on_position(self, position: FriendPosition) -> None:
        """Take a report; one that is older than the last of this friend, or not finite, is ignored."""
        values = (position.lat_deg, position.lon_deg, position.sigma_m, *(position.velocity_en_m_s or ()))
        if not all(math.isfinite(v) for v in values) or position.sigma_m <= 0.0 or position.people < 1:
            _log.warning("friend %s: a position that is no position was ignored", position.friend_id)
            return
        friend = self._friends.get(position.friend_id)
        if friend is not None and position.t_utc_us <= friend.newest.t_utc_us:
            return
        if friend is None:
            friend = self._friends[position.friend_id] = _Friend(position)
        friend.newest = position
        place = self._plane.to_plane(position.lat_deg, position.lon_deg)
        friend.fixes.append((position.t_utc_us, place, position.sigma_m))

    def friend_of(self, number: int) -> FriendPosition | None:
        """The newest report of the friend that explains a track."""
        name = self._by_track.get(number)
        return self._friends[name].newest if name is not None else None

    def may_be_friend(self, number: int) -> bool:
        """Whether a track agrees with a friend, but not for long enough yet."""
        return any(n == number and not p.explained and not p.bad_since_us for (_, n), p in self._pairs.items())

    def forget(self, number: int) -> None:
        """Drop a track that will not come again."""
        self._by_track.pop(number, None)
        for key in [k for k in self._pairs if k[1] == number]:
            del self._pairs[key]

    def update(self, frame: TrackFrame) -> None:
        """Judge all pairs by one frame."""
        if not self._friends:
            return
        t_us = frame.t_utc_us
        slots: list[tuple[str, FloatArray]] = []
        distance: dict[str, FloatArray] = {}
        for name, friend in self._friends.items():
            place = self._at(friend, t_us)
            if place is None or not len(frame):
                continue
            distance[name] = self._distances(frame, place, CLASSES_OF_KIND[friend.newest.kind])
            cost = self._costs(name, frame, distance[name])
            slots += [(name, cost)] * min(friend.newest.people, len(frame))
        agreed = self._assign(slots, frame)
        for name, row in agreed:
            self._agrees(name, int(frame.number[row]), t_us, float(distance[name][row]))
        matched = {(name, int(frame.number[row])) for name, row in agreed}
        seen = set(frame.number.tolist())
        for key, pair in list(self._pairs.items()):
            # A track that is not seen now says nothing; a friend that no longer reports explains nothing.
            if key not in matched and (key[1] in seen or key[0] not in distance):
                self._disagrees(key, pair, t_us)

    # -- one frame -------------------------------------------------------------------------------------------------

    def _at(self, friend: _Friend, t_us: int) -> _Place | None:
        """Where the friend was then: between two reports, or carried on from the last."""
        s, fixes = self.settings, friend.fixes
        k = next((i for i in range(len(fixes) - 1, -1, -1) if fixes[i][0] <= t_us), 0)
        t0_us, place, sigma_m = fixes[k]
        age_s = (t_us - t0_us) / 1e6
        velocity, speed_sigma = self._velocity(friend, k)
        if k + 1 < len(fixes) and age_s >= 0.0:
            t1_us, other, sigma1_m = fixes[k + 1]
            between_s = (t1_us - t0_us) / 1e6
            if between_s <= s.max_age_s:
                share = age_s / between_s
                # Bent between the two reports, at most in the middle.
                bend_m = s.known_speed_sigma_m_s * between_s * share * (1.0 - share)
                sigma_m = math.hypot(max(sigma_m, sigma1_m), bend_m)
                return self._usable(place + share * (other - place), sigma_m, velocity, speed_sigma)
        if not -1.0 <= age_s <= s.max_age_s:
            return None
        drift_m = abs(age_s) * (s.unknown_speed_m_s if velocity is None else speed_sigma)
        ahead = place if velocity is None else place + age_s * velocity
        return self._usable(ahead, math.hypot(sigma_m, drift_m), velocity, speed_sigma)

    def _velocity(self, friend: _Friend, k: int) -> tuple[FloatArray | None, float]:
        """What the friend tells of its speed, else the way between its reports; None where they are too near in time."""
        s, fixes = self.settings, friend.fixes
        if friend.newest.velocity_en_m_s is not None:
            return np.asarray(friend.newest.velocity_en_m_s, dtype=np.float64), s.known_speed_sigma_m_s
        t1_us, place, sigma_m = fixes[min(k + 1, len(fixes) - 1)]
        for t0_us, before, _ in reversed(fixes):
            between_s = (t1_us - t0_us) / 1e6
            if between_s > s.max_age_s:
                break
            if between_s >= s.speed_baseline_s:
                # A handset's error changes slowly, so the difference of two reports is better than each of them.
                return (place - before) / between_s, math.hypot(s.known_speed_sigma_m_s, 0.5 * sigma_m / between_s)
        return None, s.unknown_speed_m_s

    def _usable(
        self, en_m: FloatArray, sigma_m: float, velocity: FloatArray | None, speed_sigma: float
    ) -> _Place | None:
        return _Place(en_m, sigma_m, velocity, speed_sigma) if sigma_m <= self.settings.max_sigma_m else None

    def _distances(self, frame: TrackFrame, place: _Place, class_ids: frozenset[int]) -> FloatArray:
        """Squared Mahalanobis distances of all tracks to a friend, ``(n,)``, place and speed; infinite where class forbids."""
        covariance = frame.covariance_en[:, :2, :2] + place.sigma_m**2 * np.eye(2)
        offset = frame.en_m - place.en_m
        d2 = np.einsum("ni,nij,nj->n", offset, np.linalg.inv(covariance), offset)
        if place.velocity_en_m_s is not None:
            rate = frame.covariance_en[:, 2:, 2:] + place.speed_sigma_m_s**2 * np.eye(2)
            difference = frame.velocity_en_m_s - place.velocity_en_m_s
            v2 = np.einsum("ni,nij,nj->n", difference, np.linalg.inv(rate), difference)
            d2 = np.where((v2 <= self.settings.gate) & (d2 <= self.settings.keep_gate), d2 + v2, np.inf)
        return np.where(frame.of_classes(class_ids), d2, np.inf)

    def _costs(self, name: str, frame: TrackFrame, d2: FloatArray) -> FloatArray:
        cost = d2.copy()
        for i, number in enumerate(frame.number.tolist()):
            pair = self._pairs.get((name, number))
            gate = self.settings.keep_gate if pair is not None and pair.explained else self.settings.gate
            if d2[i] > gate:
                cost[i] = np.inf
            elif pair is not None:
                # What has agreed so far counts, and who is explained already stays so in doubt.
                cost[i] = self._mean(pair, frame.t_utc_us, float(d2[i])) - (4.0 if pair.explained else 0.0)
        return cost

    def _mean(self, pair: _Pair, t_us: int, d2: float) -> float:
        keep = math.exp(-max(0.0, (t_us - pair.t_us) / 1e6) / self.settings.mean_over_s)
        return keep * pair.mean + (1.0 - keep) * d2

    @staticmethod
    def _assign(slots: list[tuple[str, FloatArray]], frame: TrackFrame) -> list[tuple[str, int]]:
        """One to one, the best sum; pairs that are out of the gate are never made."""
        if not slots or not len(frame):
            return []
        cost = np.array([c for _, c in slots])
        possible: NDArray[np.bool_] = np.isfinite(cost)
        rows, columns = linear_sum_assignment(np.where(possible, cost, 1e6))
        return [(slots[r][0], int(c)) for r, c in zip(rows, columns, strict=True) if possible[r, c]]

    def _agrees(self, name: str, number: int, t_us: int, d2: float) -> None:
        s = self.settings
        fix_us = self._friends[name].newest.t_utc_us
        pair = self._pairs.get((name, number))
        if pair is None:
            self._pairs[(name, number)] = _Pair(t_us, d2, t_us, 1, fix_us)
            return
        pair.mean, pair.t_us = self._mean(pair, t_us, d2), max(t_us, pair.t_us)
        if fix_us != pair.fix_us:
            pair.fixes, pair.fix_us = pair.fixes + 1, fix_us
        pair.bad_since_us = 0
        if pair.explained or number in self._by_track:
            return
        long_enough = pair.fixes >= s.confirm_fixes and t_us - pair.since_us >= s.confirm_s * 1e6
        if long_enough and pair.mean <= s.accept_mean:
            pair.explained = True
            self._by_track[number] = name
            _log.info("track %d is explained: %s", number, self._friends[name].newest.name)

    def _disagrees(self, key: tuple[str, int], pair: _Pair, t_us: int) -> None:
        pair.bad_since_us = pair.bad_since_us or t_us
        if not 0 <= t_us - pair.bad_since_us < (self.settings.release_s if pair.explained else 1.0) * 1e6:
            if pair.explained:
                del self._by_track[key[1]]
                _log.info("track %d is no longer explained by %s", key[1], self._friends[key[0]].newest.name)
            del self._pairs[key]
