"""How good one link is to one aircraft: what the console shows and what the choice of a link is made from."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class LinkQuality:
    """One link as seen from one component of an aircraft, at the time it was asked for.

    ``age_s``: seconds since anything good came from it, infinite before that. ``loss_fraction`` 0..1, ``packets_s`` and
    ``bytes_s``: over the last ten and five seconds; on a link that is cut the rates go to 0 and the loss stays what it
    was, so the age is to be looked at first. ``round_trip_s``: smoothed, NaN while nothing measured it within 30 s.
    ``restarts``: how often the count of the sender began again.
    """

    link: str
    system_id: int
    component_id: int
    age_s: float = math.inf
    loss_fraction: float = 0.0
    packets_s: float = 0.0
    bytes_s: float = 0.0
    round_trip_s: float = math.nan
    received: int = 0
    lost: int = 0
    duplicates: int = 0
    reordered: int = 0
    restarts: int = 0

    @property
    def heard(self) -> bool:
        """Whether this link ever brought anything of it."""
        return math.isfinite(self.age_s)
