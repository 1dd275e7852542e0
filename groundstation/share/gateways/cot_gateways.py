"""The ways out for CoT: a TAK router over TCP or TLS, and datagrams to a group."""

from __future__ import annotations

from collections.abc import Sequence

from groundstation.share.gateways.base import NO_RECALL, NO_RECEIPT, Told
from groundstation.share.gateways.cot import GroundHeight, event, ping
from groundstation.share.gateways.datagram_link import DatagramLink
from groundstation.share.gateways.stream_link import StreamLink
from groundstation.share.gateways.url import CotDatagrams, CotStream

PING_PERIOD_S = 10.0
_STRIPPED = "the router strips release markings and gives everything to every client that it lets in"


class CotStreamGateway:
    """Events to a TAK router."""

    def __init__(self, target: CotStream, own_name: str, ground: GroundHeight | None) -> None:
        """Raises :class:`~groundstation.core.errors.ConfigError` for certificates that cannot be used."""
        plain = () if target.ca is not None else ("the way there is not encrypted",)
        self.limits: tuple[str, ...] = (NO_RECALL, NO_RECEIPT, _STRIPPED, *plain)
        self.repeat_s = target.stale_s * 2.0 / 3.0
        self._target, self._own_name, self._ground = target, own_name, ground
        self._link = StreamLink(target)
        self._ping_at_s = 0.0
        self._now_s = 0.0

    @property
    def detail(self) -> str:
        """See :class:`~groundstation.share.gateways.base.Gateway`."""
        return self._link.detail

    def ready(self, now_s: float) -> bool:
        """See :class:`~groundstation.share.gateways.base.Gateway`; six seconds at most, and a name server's."""
        self._now_s = now_s
        return self._link.open(now_s)

    def send(self, told: Sequence[Told], now_utc_us: int) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`; three seconds at most."""
        events = [event(t, now_utc_us, self._target.stale_s, self._target.geoid_m, self._ground) for t in told]
        self._link.send(b"".join(events), self._now_s)
        self._ping_at_s = self._now_s + PING_PERIOD_S

    def idle(self, now_s: float, now_utc_us: int) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`: routers tell us of everybody; none of it is kept."""
        self._now_s = now_s
        self._link.read_away(now_s)
        if self._link.connected and now_s >= self._ping_at_s:
            self._ping_at_s = now_s + PING_PERIOD_S
            try:
                self._link.send(ping(self._own_name, now_utc_us), now_s)
            except OSError:
                return  # the link's detail says it

    def close(self) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`."""
        self._link.close()


class CotDatagramGateway:
    """Events as datagrams, one each."""

    def __init__(self, target: CotDatagrams, ground: GroundHeight | None) -> None:
        self.limits: tuple[str, ...] = (
            NO_RECALL, NO_RECEIPT, "everybody on that network can read it", "what is lost on the way stays lost",
        )  # fmt: skip
        self.repeat_s = target.stale_s / 3.0
        self._target, self._ground = target, ground
        self._link = DatagramLink(target.host, target.port, target.interface, target.ttl)
        self._now_s = 0.0

    @property
    def detail(self) -> str:
        """See :class:`~groundstation.share.gateways.base.Gateway`."""
        return self._link.detail

    def ready(self, now_s: float) -> bool:
        """See :class:`~groundstation.share.gateways.base.Gateway`."""
        self._now_s = now_s
        return self._link.open(now_s)

    def send(self, told: Sequence[Told], now_utc_us: int) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`."""
        for t in told:
            data = event(t, now_utc_us, self._target.stale_s, self._target.geoid_m, self._ground)
            self._link.send(b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>" + data, self._now_s)

    def idle(self, now_s: float, now_utc_us: int) -> None:
        """Nothing is due."""

    def close(self) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`."""
        self._link.close()
