"""Lost and found again: which new track carries on one that was told and then lost. Pure.

A tracker that loses somebody behind a tree begins a new track when he comes out. For the neighbour it is the same one: the
lead, the receipts and what was said about it hang on the name. A wrong join would hang them on somebody else, so it is
made only where nobody else could be meant, on either side.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from geofences.geodesy import LocalFrame
from groundstation.share.policy import Subject

MAX_GAP_US = 20_000_000
GATE = 9.21
"""99 % of who was lost and goes on lie nearer (chi squared of two)."""
_CE90_PER_SIGMA = 2.146
_DRIFT_M_S = {"person": 0.7, "two-wheeler": 2.0, "vehicle": 3.0}
"""By how much its velocity may have changed unseen, one sigma."""


def distance2(lost: Subject, found: Subject) -> float:
    """Squared distance between where ``lost`` would be by now and where ``found`` is, in sigmas; infinite where it cannot
    be the same (another class, too late, no place)."""
    ahead_us = found.t_utc_us - lost.t_utc_us
    if lost.class_name != found.class_name or not 0 < ahead_us <= MAX_GAP_US:
        return math.inf
    values = (lost.lat_deg, lost.lon_deg, lost.ce90_m, found.lat_deg, found.lon_deg, found.ce90_m)
    if not all(map(math.isfinite, values)):
        return math.inf
    ahead_s = ahead_us / 1e6
    velocity = [v if math.isfinite(v) else 0.0 for v in lost.velocity_en_m_s]
    east_m, north_m = LocalFrame(lost.lat_deg, lost.lon_deg).to_plane(found.lat_deg, found.lon_deg)
    drift_m = _DRIFT_M_S.get(found.class_name, 2.0) * ahead_s
    variance = (lost.ce90_m**2 + found.ce90_m**2) / _CE90_PER_SIGMA**2 + drift_m**2
    return float(((east_m - velocity[0] * ahead_s) ** 2 + (north_m - velocity[1] * ahead_s) ** 2) / variance)


def joined(lost: Iterable[Subject], new: Iterable[Subject], others: Iterable[Subject]) -> dict[str, str]:
    """New track to lost one, by id. ``others`` are the tracks that are there and known: near one of those nothing is joined."""
    lost, new = list(lost), list(new)
    others = list(others)
    found: dict[str, str] = {}
    for candidate in new:
        near = [old for old in lost if distance2(old, candidate) <= 2.0 * GATE]
        if len(near) != 1 or distance2(near[0], candidate) > GATE:
            continue
        rivals = [o for o in (*new, *others) if o.subject_id != candidate.subject_id]
        if all(distance2(near[0], rival) > 2.0 * GATE for rival in rivals):
            found[candidate.subject_id] = near[0].subject_id
    return found
