"""How good a link is: counted from the sequence numbers that every MAVLink sender puts on its packets."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

Source = tuple[int, int]
"""``(system id, component id)``."""

_WINDOW_S = 10
# A jump of more than this is taken for a restart or an outage, not for lost packets: the count would be a guess.
_LARGEST_GAP = 64


@dataclass
class SourceStatistics:
    """What came from one source."""

    received: int = 0
    lost: int = 0
    last_seq: int = -1
    last_mono_ns: int = 0
    _buckets: deque[tuple[int, int, int]] = field(default_factory=deque)

    def add(self, seq: int, t_mono_ns: int) -> None:
        """Count a packet with sequence number ``seq``."""
        gap = 0
        if self.last_seq >= 0:
            gap = (seq - self.last_seq - 1) % 256
            if gap > _LARGEST_GAP:
                gap = 0
        self.last_seq = seq
        self.last_mono_ns = t_mono_ns
        self.received += 1
        self.lost += gap
        second = t_mono_ns // 1_000_000_000
        if self._buckets and self._buckets[-1][0] == second:
            _, received, lost = self._buckets[-1]
            self._buckets[-1] = (second, received + 1, lost + gap)
        else:
            self._buckets.append((second, 1, gap))
            while self._buckets and self._buckets[0][0] <= second - _WINDOW_S:
                self._buckets.popleft()

    def loss_fraction(self) -> float:
        """Lost of all packets sent to us in the last ten seconds with traffic, 0..1."""
        received = sum(b[1] for b in self._buckets)
        lost = sum(b[2] for b in self._buckets)
        return lost / (received + lost) if received + lost else 0.0


@dataclass
class LinkStatistics:
    """Counters of one link since it was made."""

    bytes_in: int = 0
    bytes_out: int = 0
    packets_out: int = 0
    bad_packets: int = 0
    connections: int = 0
    last_in_mono_ns: int = 0
    sources: dict[Source, SourceStatistics] = field(default_factory=dict)

    def add(self, source: Source, seq: int, t_mono_ns: int) -> None:
        """Count one good packet."""
        self.last_in_mono_ns = t_mono_ns
        self.sources.setdefault(source, SourceStatistics()).add(seq, t_mono_ns)

    def loss_fraction(self, source: Source) -> float:
        """Lost fraction of one source's packets, 0 for one never heard."""
        statistics = self.sources.get(source)
        return statistics.loss_fraction() if statistics else 0.0

    def age_s(self, now_mono_ns: int) -> float:
        """Seconds since anything good came in; infinite before that."""
        return (now_mono_ns - self.last_in_mono_ns) / 1e9 if self.last_in_mono_ns else float("inf")
