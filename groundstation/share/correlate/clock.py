"""A neighbour's clock against ours, from probes that go there and back.

As in NTP (RFC 5905): a probe sent at ``s`` by our clock, answered at ``p`` by theirs and back at ``r`` by ours bounds what
theirs shows more to ``p - (s + r) / 2`` by half of the way there and back, whatever the way's asymmetry. The quickest
probes bound it best; those of the last minutes, each widened by what two clocks may drift apart since, are cut with one
another. A probe that contradicts them means that a clock was set: nothing is fused until it is measured anew.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

WINDOW_US = 600_000_000
MAX_DRIFT = 50e-6
"""How fast two clocks may drift apart at most: two cheap crystals, badly placed."""
LIMIT_US = 250_000.0
"""How uncertain the offset may be for tracks to be fused: 0.4 m of somebody who walks."""
OFFSET_LIMIT_US = 2_000_000.0
"""A clock that is further off than this is not kept by anything, and what it says of the next minutes is not believed."""
_BUCKET_US = 5_000_000
_STEPS_TO_BELIEVE = 3
_MIN_SPAN_US = 60_000_000


@dataclass(frozen=True)
class _Probe:
    t_own_us: float
    offset_us: float
    half_us: float


class ClockOffset:
    """One neighbour's clock. Owns no clock; a time handed in is this station's own, microseconds UTC."""

    def __init__(self, limit_us: float = LIMIT_US, offset_limit_us: float = OFFSET_LIMIT_US) -> None:
        self._limit_us, self._offset_limit_us = limit_us, offset_limit_us
        self._probes: deque[_Probe] = deque()
        self._contradictions: list[_Probe] = []
        self._now_us = 0.0
        self.steps = 0
        """How often a clock was set since the start."""

    def on_probe(self, t_sent_own_us: int, t_peer_us: int, t_received_own_us: int) -> None:
        """A probe came back. One that came before it was sent (our own clock was set meanwhile) is dropped."""
        if t_received_own_us < t_sent_own_us:
            return
        half_us = (t_received_own_us - t_sent_own_us) / 2.0
        middle_us = t_sent_own_us + half_us
        probe = _Probe(middle_us, t_peer_us - middle_us, half_us)
        if self._probes and t_received_own_us < self._now_us - 1_000_000.0:
            self._begin_anew([probe])  # our own clock was set back
        elif self._contradicts(probe):
            self._contradictions.append(probe)
            if len(self._contradictions) >= _STEPS_TO_BELIEVE:
                self._begin_anew(self._contradictions)
        else:
            self._contradictions = []
            self._keep(probe)
        self._now_us = float(t_received_own_us)

    def _begin_anew(self, probes: list[_Probe]) -> None:
        self.steps += 1
        self._probes.clear()
        self._probes.extend(probes)
        self._contradictions = []

    def _contradicts(self, probe: _Probe) -> bool:
        if not self._probes:
            return False
        low_us, high_us = self._bounds(probe.t_own_us)
        return probe.offset_us + probe.half_us < low_us or probe.offset_us - probe.half_us > high_us

    def _keep(self, probe: _Probe) -> None:
        last = self._probes[-1] if self._probes else None
        # The quickest of each few seconds is enough.
        if last is not None and probe.t_own_us // _BUCKET_US == last.t_own_us // _BUCKET_US:
            if probe.half_us > last.half_us:
                return
            self._probes.pop()
        self._probes.append(probe)
        while self._probes[-1].t_own_us - self._probes[0].t_own_us > WINDOW_US:
            self._probes.popleft()

    def _bounds(self, now_us: float) -> tuple[float, float]:
        """Between which values the offset lies at ``now_us``, by all probes together."""
        reach = [(p.offset_us, p.half_us + MAX_DRIFT * abs(now_us - p.t_own_us)) for p in self._probes]
        low_us, high_us = max(o - r for o, r in reach), min(o + r for o, r in reach)
        if low_us <= high_us:
            return low_us, high_us
        # They contradict each other a little: a clock is being slewed. The quickest recent one, with the gap.
        offset_us, reach_us = min(reach, key=lambda pair: pair[1])
        gap_us = low_us - high_us
        return offset_us - reach_us - gap_us, offset_us + reach_us + gap_us

    def at(self, now_own_us: float) -> tuple[float, float]:
        """``(offset_us, uncertainty_us)`` at a time: theirs shows ``offset_us`` more than ours, to within the uncertainty.

        The uncertainty grows while no probe comes; infinite before the first, and while a contradiction is open.
        """
        if not self._probes:
            return 0.0, math.inf
        low_us, high_us = self._bounds(now_own_us)
        return (low_us + high_us) / 2.0, math.inf if self._contradictions else (high_us - low_us) / 2.0

    @property
    def offset_us(self) -> float:
        """What theirs shows more, as of the last probe."""
        return self.at(self._now_us)[0]

    @property
    def uncertainty_us(self) -> float:
        """Half the width of what the offset can be, as of the last probe."""
        return self.at(self._now_us)[1]

    @property
    def drift(self) -> float:
        """How much faster theirs runs (1e-6 is 3.6 ms an hour), a line through the quickest probes; NaN before a minute."""
        if len(self._probes) < 3 or self._probes[-1].t_own_us - self._probes[0].t_own_us < _MIN_SPAN_US:
            return math.nan
        weights = [1.0 / max(p.half_us, 1.0) ** 2 for p in self._probes]
        total = sum(weights)
        mean_t = sum(w * p.t_own_us for w, p in zip(weights, self._probes, strict=True)) / total
        mean_o = sum(w * p.offset_us for w, p in zip(weights, self._probes, strict=True)) / total
        over = sum(w * (p.t_own_us - mean_t) ** 2 for w, p in zip(weights, self._probes, strict=True))
        both = sum(
            w * (p.t_own_us - mean_t) * (p.offset_us - mean_o) for w, p in zip(weights, self._probes, strict=True)
        )
        return both / over if over > 0.0 else math.nan

    def fit_at(self, now_own_us: float) -> bool:
        """Whether tracks of both may be fused at a time."""
        offset_us, uncertainty_us = self.at(now_own_us)
        return uncertainty_us <= self._limit_us and abs(offset_us) <= self._offset_limit_us

    @property
    def fit_to_fuse(self) -> bool:
        """Whether tracks of both may be fused, as of the last probe."""
        return self.fit_at(self._now_us)
