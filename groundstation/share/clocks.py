"""The clocks of all neighbours against ours, fed by the probes that travel with the signs of life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from groundstation.core.share_records import PeerClock
from groundstation.share.correlate.clock import ClockOffset

OnProbe = Callable[[int, int, int], None]


class Offset(Protocol):
    """An estimate of one clock against ours; :class:`groundstation.share.correlate.clock.ClockOffset` is one."""

    def on_probe(self, t_sent_own_us: int, t_peer_us: int, t_received_own_us: int) -> None:
        """A probe came back; microseconds UTC."""
        ...

    @property
    def offset_us(self) -> float:
        """What theirs shows more than ours."""
        ...

    @property
    def uncertainty_us(self) -> float:
        """Half the width of what it can be."""
        ...

    @property
    def fit_to_fuse(self) -> bool:
        """Whether tracks of both may be joined."""
        ...


class PeerClocks:
    """One estimate for each neighbour."""

    def __init__(self, make: Callable[[], Offset] = ClockOffset) -> None:
        self._make = make
        self._offsets: dict[str, Offset] = {}
        self._probes: dict[str, int] = {}

    def probe_of(self, peer: str) -> OnProbe:
        """What takes the probes of one neighbour: sent by our clock, theirs when they answered, received by ours."""
        offset = self._offsets[peer] = self._make()

        def on_probe(t_sent_own_us: int, t_peer_us: int, t_received_own_us: int) -> None:
            self._probes[peer] = self._probes.get(peer, 0) + 1
            offset.on_probe(t_sent_own_us, t_peer_us, t_received_own_us)

        return on_probe

    def state(self, peer: str, now_utc_us: int) -> PeerClock | None:
        """As the console shows it; None before the first answer."""
        if not self._probes.get(peer):
            return None
        offset = self._offsets[peer]
        return PeerClock(
            peer, now_utc_us, offset.offset_us, offset.uncertainty_us, offset.fit_to_fuse, self._probes[peer]
        )
