"""How good a link is: counted from the sequence numbers that every MAVLink sender puts on its packets."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from groundstation.core.link_quality import LinkQuality

Source = tuple[int, int]
"""``(system id, component id)``; a ``VehicleId`` is one."""

_WINDOW_S = 10
_RATE_S = 5
# A jump of more than this is taken for a restart or an outage, not for lost packets: the count would be a guess.
_LARGEST_GAP = 64
_HISTORY = (1 << _LARGEST_GAP) - 1
# A sender that counts from behind again after a silence has restarted; what was only overtaken comes within that time.
_OVERTAKEN_WITHIN_NS = 1_500_000_000
# So many packets in a row that seem to be known already are not a path that doubles packets.
_RESTART_RUN = 4
_ROUND_TRIP_LIFE_S = 30.0
_SMOOTHING = 0.25
_MOST_SOURCES = 2048


@dataclass
class SourceStatistics:
    """What came from one source.

    Every packet is new, lost and late (it was counted as lost and comes after all), a duplicate, or the first after a
    restart; the number wraps at 256.
    """

    received: int = 0
    lost: int = 0
    duplicates: int = 0
    reordered: int = 0
    restarts: int = 0
    bytes_in: int = 0
    last_seq: int = -1
    first_mono_ns: int = 0
    last_mono_ns: int = 0
    round_trip_s: float = math.nan
    _round_trip_at_s: float = -math.inf
    _missing: int = 0
    """Bit n is set when the packet n before ``last_seq`` was counted as lost and has not come since."""
    _behind_run: int = 0
    _behind_seq: int = -1
    _buckets: deque[list[int]] = field(default_factory=deque)
    """``[second, received, lost, bytes]``, one for each second with traffic."""

    def add(self, seq: int, t_mono_ns: int, size_bytes: int = 0) -> bool:
        """Count a packet with sequence number ``seq``; False when it is a duplicate."""
        fresh, gap = True, 0
        step = (seq - self.last_seq) & 0xFF
        if step == 1 and self.last_seq >= 0:
            self._behind_run = 0
            self._missing = (self._missing << 1) & _HISTORY
            self.last_seq = seq
        else:
            fresh, gap = self._out_of_step(seq, step, t_mono_ns)
        self.last_mono_ns = t_mono_ns
        self.bytes_in += size_bytes
        self.received += fresh
        self.lost += gap
        second = t_mono_ns // 1_000_000_000
        buckets = self._buckets
        if buckets and buckets[-1][0] == second:
            bucket = buckets[-1]
            bucket[1] += fresh
            bucket[2] += gap
            bucket[3] += size_bytes
        else:
            buckets.append([second, int(fresh), gap, size_bytes])
            while buckets[0][0] <= second - _WINDOW_S:
                buckets.popleft()
        return fresh

    def _out_of_step(self, seq: int, step: int, t_mono_ns: int) -> tuple[bool, int]:
        """Whether it is new, and how many more (or, negative, fewer) are lost."""
        if self.last_seq < 0:
            self.last_seq, self.first_mono_ns = seq, t_mono_ns
            return True, 0
        back = 256 - step if step else 0
        if 0 < step <= _LARGEST_GAP:
            self._behind_run = 0
            self._missing = ((self._missing << step) | (((1 << step) - 1) & ~1)) & _HISTORY
            self.last_seq = seq
            return True, step - 1
        if back < _LARGEST_GAP and t_mono_ns - self.last_mono_ns <= _OVERTAKEN_WITHIN_NS:
            if self._missing >> back & 1:
                self._missing &= ~(1 << back)
                self.reordered += 1
                return True, -1
            self._behind_run = self._behind_run + 1 if seq == (self._behind_seq + 1) & 0xFF else 1
            self._behind_seq = seq
            if self._behind_run < _RESTART_RUN:
                self.duplicates += 1
                return False, 0
        self.restarts += 1
        self.last_seq, self._missing, self._behind_run = seq, 0, 0
        return True, 0

    def add_round_trip(self, round_trip_s: float, now_s: float) -> None:
        """A measured round trip; a running mean of them is kept."""
        if not 0.0 <= round_trip_s < 60.0:
            return
        old = self.round_trip_s
        stale = math.isnan(old) or now_s - self._round_trip_at_s > _ROUND_TRIP_LIFE_S
        self.round_trip_s = round_trip_s if stale else old + _SMOOTHING * (round_trip_s - old)
        self._round_trip_at_s = now_s

    def loss_fraction(self) -> float:
        """Lost of all packets sent to us in the last ten seconds with traffic, 0..1."""
        received = sum(b[1] for b in self._buckets)
        lost = max(sum(b[2] for b in self._buckets), 0)
        return lost / (received + lost) if received + lost else 0.0

    def rates(self, now_s: float) -> tuple[float, float]:
        """Packets and bytes a second over the last five seconds."""
        second = int(now_s)
        recent = [b for b in self._buckets if b[0] > second - _RATE_S]
        span_s = max(min(now_s - second + _RATE_S - 1, now_s - self.first_mono_ns / 1e9), 1.0)
        return sum(b[1] for b in recent) / span_s, sum(b[3] for b in recent) / span_s

    def fresh_round_trip_s(self, now_s: float) -> float:
        """The round trip, NaN when it was not measured lately."""
        return self.round_trip_s if now_s - self._round_trip_at_s <= _ROUND_TRIP_LIFE_S else math.nan


@dataclass
class LinkStatistics:
    """Counters of one link since it was made. Times are those of the station's monotonic clock."""

    name: str = ""
    bytes_in: int = 0
    bytes_out: int = 0
    packets_out: int = 0
    bad_packets: int = 0
    refused_unsigned: int = 0
    refused_signature: int = 0
    refused_replayed: int = 0
    refused_clock: int = 0
    signed_unchecked: int = 0
    """Signed packets on a link that has no key: taken, but their sender may not take ours."""
    connections: int = 0
    last_in_mono_ns: int = 0
    sources: dict[Source, SourceStatistics] = field(default_factory=dict)

    def add(self, source: Source, seq: int, t_mono_ns: int, size_bytes: int = 0) -> bool:
        """Count one good packet; False when it is a duplicate."""
        self.last_in_mono_ns = t_mono_ns
        statistics = self.sources.get(source)
        if statistics is None:
            if len(self.sources) >= _MOST_SOURCES:
                self._forget_half()
            statistics = self.sources[source] = SourceStatistics()
        return statistics.add(seq, t_mono_ns, size_bytes)

    def _forget_half(self) -> None:
        """Noise that happens to be valid, or a hostile sender, must fill neither the memory nor the time."""
        by_age = sorted(self.sources, key=lambda s: self.sources[s].last_mono_ns)
        for source in by_age[: _MOST_SOURCES // 2]:
            del self.sources[source]

    def add_round_trip(self, vehicle: Source, round_trip_s: float, now_s: float) -> None:
        """A round trip over this link that the vehicle side measured (TIMESYNC, or a command and its answer)."""
        statistics = self.sources.get((vehicle[0], vehicle[1]))
        if statistics is not None:
            statistics.add_round_trip(round_trip_s, now_s)

    def quality(self, vehicle: Source, now_s: float) -> LinkQuality:
        """This link to one component now; ``now_s`` of the monotonic clock. Cheap enough to ask ten times a second."""
        statistics = self.sources.get((vehicle[0], vehicle[1]))
        if statistics is None:
            return LinkQuality(self.name, vehicle[0], vehicle[1])
        packets_s, bytes_s = statistics.rates(now_s)
        return LinkQuality(
            self.name, vehicle[0], vehicle[1],
            age_s=max(now_s - statistics.last_mono_ns / 1e9, 0.0),
            loss_fraction=statistics.loss_fraction(),
            packets_s=packets_s,
            bytes_s=bytes_s,
            round_trip_s=statistics.fresh_round_trip_s(now_s),
            received=statistics.received,
            lost=statistics.lost,
            duplicates=statistics.duplicates,
            reordered=statistics.reordered,
            restarts=statistics.restarts,
        )  # fmt: skip

    def loss_fraction(self, source: Source) -> float:
        """Lost fraction of one source's packets, 0 for one never heard."""
        statistics = self.sources.get(source)
        return statistics.loss_fraction() if statistics else 0.0

    def age_s(self, now_mono_ns: int) -> float:
        """Seconds since anything good came in; infinite before that."""
        return (now_mono_ns - self.last_in_mono_ns) / 1e9 if self.last_in_mono_ns else float("inf")
