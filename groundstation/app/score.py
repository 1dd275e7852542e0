"""Compare what the station said with what the simulator knows, after the flight. Nothing else may read the truth.

Only crossings in view count (the truth file says which and by what definition). An incident and a crossing match when
they lie within 15 s and 25 m and go the same way; matching is one to one and minimises the summed distance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.optimize import linear_sum_assignment

from geofences.geodesy import LocalFrame
from groundstation.core.records import Incident

Judgement = Literal["found", "not_counted", "false"]
"""Matches a crossing in view; matches one that was not wholly in view; matches nothing."""

MAX_TIME_S = 15.0
MAX_DISTANCE_M = 25.0


@dataclass(frozen=True)
class Score:
    """``position_error_m`` and ``time_error_s`` of the matched pairs, in the order of ``pairs``."""

    pairs: tuple[tuple[int, int], ...]
    false_positives: tuple[int, ...]
    missed: tuple[int, ...]
    position_error_m: tuple[float, ...]
    time_error_s: tuple[float, ...]

    def judgement(self, incident: int) -> Judgement:
        """What an incident turned out to be, by its place in the list that was scored."""
        if incident in self.false_positives:
            return "false"
        return "found" if any(row == incident for row, _ in self.pairs) else "not_counted"

    def as_report(self) -> dict[str, Any]:
        """The ``score`` object of ``report.json``; statistics of nothing are null."""
        return {
            "true_positives": len(self.pairs),
            "false_positives": len(self.false_positives),
            "missed": len(self.missed),
            "position_error_m": {
                "median": quantile(self.position_error_m, 50),
                "p90": quantile(self.position_error_m, 90),
            },
            "time_error_s": {"median": quantile(self.time_error_s, 50), "p90": quantile(self.time_error_s, 90)},
        }


def quantile(values: Sequence[float], percent: float) -> float | None:
    """A percentile, rounded to 3 decimals; None of an empty sequence."""
    return round(float(np.percentile(values, percent)), 3) if len(values) else None


def score_crossings(incidents: Sequence[Incident], truth: Sequence[Mapping[str, Any]]) -> Score:
    """Match ``incidents`` with the truth's crossings (``t_utc_us, lat, lon, direction, class, in_view``).

    A crossing that was not wholly in view is neither demanded nor punished: an incident that matches one is left out of
    the count.
    """
    if not incidents or not truth:
        in_view = tuple(i for i, c in enumerate(truth) if c["in_view"])
        return Score((), tuple(range(len(incidents))), in_view, (), ())
    frame = LocalFrame(float(truth[0]["lat"]), float(truth[0]["lon"]))
    said = frame.to_plane([i.lat_deg for i in incidents], [i.lon_deg for i in incidents])
    was = frame.to_plane([c["lat"] for c in truth], [c["lon"] for c in truth])
    distance_m = np.linalg.norm(said[:, None, :] - was[None, :, :], axis=-1)
    time_s = (
        np.abs(np.array([i.t_utc_us for i in incidents])[:, None] - np.array([c["t_utc_us"] for c in truth])[None, :])
        / 1e6
    )
    same_way = np.array([[i.direction == c["direction"] for c in truth] for i in incidents])
    allowed = (distance_m <= MAX_DISTANCE_M) & (time_s <= MAX_TIME_S) & same_way
    # A crossing in view is always the better partner; the forbidden pairs cost more than any allowed set.
    cost = np.where(allowed, distance_m + time_s + np.array([0.0 if c["in_view"] else 100.0 for c in truth]), 1e6)
    rows, columns = linear_sum_assignment(cost)
    matched = [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if allowed[r, c]]
    pairs = tuple((r, c) for r, c in matched if truth[c]["in_view"])
    found, explained = {c for _, c in pairs}, {r for r, _ in matched}
    return Score(
        pairs,
        tuple(i for i in range(len(incidents)) if i not in explained),
        tuple(i for i, c in enumerate(truth) if c["in_view"] and i not in found),
        tuple(float(distance_m[r, c]) for r, c in pairs),
        tuple(float(time_s[r, c]) for r, c in pairs),
    )
