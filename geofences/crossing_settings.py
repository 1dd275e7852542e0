"""The crossing rule in numbers, and what it tells."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from geofences.area import Side


@dataclass(frozen=True)
class CrossingSettings:
    """The rule in numbers. Sigmas count the error of the signed distance, or of the difference of two.

    ``k_sigma`` and ``min_distance_m``: clearly on a side; held there for ``hold_updates`` and ``hold_s``, or already for
    ``hold_updates_far`` and ``hold_s_far`` by who is ``far_k_sigma`` or ``far_m`` away from the line: who goes fast is soon
    out of the picture, and whom noise takes over the line soon comes back. Where sigma is the camera's, a metre and more,
    all that is clearly on a side is far. ``k_sigma_fast`` on the first side for what came across evenly at ``fast_m_s`` or
    more. ``standing_k_sigma``: clearly on the first side for a track that does not move by ``moved_k`` sigma of drift within
    ``moved_within_s``. ``drift_k``: for the whole way. ``evidence``: log-likelihood by which having crossed must beat
    having stopped on the line, not asked ``sure_k`` sigma away from it. ``over_k_sigma``, ``over_way_sigma`` and
    ``over_window_s``: of who walks over the line, see above; he walks away from it at ``walking_m_s`` or more for
    ``walking_s``, clear of standing by his velocity's own error, both of the mean of ``rate_mean_s``.
    With 2.3 on each side alone, the simulator's calm flight 46 had two false crossings (a turn of the aircraft moves
    everything by 7 m within seconds); with 3.2 on each side the suite lost 5 of 80 crossings of its development flights
    and 11 of 113 of seeds 8004 and 8005. With 2.6 and 6.4 on both together seven recorded calm flights have none
    (the first at 2.0), and the same development flights lose 2.
    ``step_noise``: how unevenly people walk, as a share of the pose's sigma. ``pose_correlation``: the pose's error as
    parts, each a share of its variance and how long it lasts in seconds (GPS; attitude and gimbal: of a distance that is
    looked along from 110 m up and 75 m away, GPS has 3.9 of 6.4 m^2). ``once_per_direction``: a track is told once each
    way, however often it goes.
    """

    k_sigma: float = 2.4
    k_sigma_fast: float = 1.6
    fast_m_s: float = 2.5
    standing_k_sigma: float = 3.3
    min_distance_m: float = 0.4
    hold_updates: int = 4
    hold_s: float = 0.3
    far_m: float = 0.45
    far_k_sigma: float = 6.0
    hold_updates_far: int = 3
    hold_s_far: float = 0.2
    moved_k: float = 3.0
    moved_within_s: float = 12.0
    drift_k: float = 3.0
    sure_k: float = 4.0
    evidence: float = 5.0
    walking_m_s: float = 0.5
    walking_s: float = 1.0
    rate_mean_s: float = 1.5
    over_k_sigma: float = 2.6
    over_way_sigma: float = 6.4
    over_window_s: float = 24.0
    evidence_window_s: float = 16.0
    evidence_step_s: float = 0.8
    step_noise: float = 0.15
    pose_correlation: tuple[tuple[float, float], ...] = ((0.6, 30.0), (0.4, 7.0))
    gap_s: float = 2.0
    max_gap_s: float = 15.0
    max_speed_m_s: float = 45.0
    history_s: float = 180.0
    once_per_direction: bool = True


@dataclass(frozen=True)
class CrossingEvent:
    """A confirmed crossing. ``t_utc_us`` is when the line was crossed, ``t_sigma_s`` how well that is known.

    ``probability`` is that of truly having been on ``from_side`` before and on ``to_side`` now, by the same object.
    ``ce90_m`` is of the position at that time; the place itself is put on the line. ``gap_s``: longest time without an
    update on the way across.
    """

    track_id: Hashable
    t_utc_us: int
    t_sigma_s: float
    t_confirmed_utc_us: int
    from_side: Side
    to_side: Side
    direction: str
    lat_deg: float
    lon_deg: float
    along_m: float
    ce90_m: float
    probability: float
    gap_s: float
