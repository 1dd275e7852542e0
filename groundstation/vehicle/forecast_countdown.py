"""Between two full forecasts: while an aircraft flies on as was foreseen, the times to its fences only run down.

A full forecast for a fleet ten times a second would cost more than it tells: in steady flight the next one says the same,
a tenth of a second later. It is made anew when the aircraft is not where, or not as fast as, the last one took it to be,
when anything else that it was made from has changed, and twice a second in any case.
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace

from groundstation.core.records import VehicleState
from groundstation.vehicle.forecast import Breach
from groundstation.vehicle.moving_edges import Motion

_ANEW_S = 0.5
_PLACE_M, _VELOCITY_M_S, _TURN_RAD_S = 0.5, 0.3, math.radians(1.5)
_M_PER_DEG = 111_195.0


@dataclass(frozen=True)
class Look:
    """One full forecast. ``seen_s``: when the position in ``state`` came; ``made_from``: all else that it rests on."""

    now_s: float
    seen_s: float
    state: VehicleState
    turn_deg_s: float
    made_from: Hashable
    breaches: tuple[Breach, ...]

    def run_down(
        self, state: VehicleState, now_s: float, seen_s: float, turn_deg_s: float, made_from: Hashable
    ) -> tuple[Breach, ...] | None:
        """What it says at a later time; None when it must be made anew."""
        since_s = now_s - self.now_s
        if not 0.0 <= since_s < _ANEW_S or made_from != self.made_from:
            return None
        if state is not self.state and not self._as_foreseen(state, seen_s - self.seen_s, turn_deg_s):
            return None
        if any(0.0 < b.to_edge_s <= since_s for b in self.breaches):
            return None  # it crosses an edge just now
        age_s = max(now_s - seen_s, 0.0)
        speeds = {"edge": state.speed_m_s, "ceiling": abs(state.velocity_ned_m_s[2])}
        return tuple(
            replace(
                b, time_s=max(b.time_s - since_s, 0.0), to_edge_s=b.to_edge_s - since_s, late_s=age_s,
                distance_m=b.distance_m - since_s * speeds.get(b.edge, speeds["ceiling"]),
            )
            if b.to_edge_s > 0.0
            else b  # it is past that edge already
            for b in self.breaches
        )  # fmt: skip

    def _as_foreseen(self, state: VehicleState, moved_s: float, turn_deg_s: float) -> bool:
        """Whether a newer state is where the old one was going."""
        before = self.state
        (vn, ve, vd), (on, oe, od) = state.velocity_ned_m_s, before.velocity_ned_m_s
        motion = Motion(0.0, 0.0, oe, on, math.radians(self.turn_deg_s)).moved(max(moved_s, 0.0))
        east = (state.lon_deg - before.lon_deg) * _M_PER_DEG * math.cos(math.radians(state.lat_deg))
        north = (state.lat_deg - before.lat_deg) * _M_PER_DEG
        # Written so that NaN is never as foreseen.
        return (
            math.hypot(east - motion.east_m, north - motion.north_m) < _PLACE_M
            and math.hypot(ve - motion.ve_m_s, vn - motion.vn_m_s) < _VELOCITY_M_S
            and abs(vd - od) < _VELOCITY_M_S
            and abs(state.alt_rel_home_m - before.alt_rel_home_m + od * moved_s) < _PLACE_M
            and abs(math.radians(turn_deg_s - self.turn_deg_s)) < _TURN_RAD_S
        )
