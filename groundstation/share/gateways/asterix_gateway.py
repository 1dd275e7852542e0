"""The way out for ASTERIX CAT062: datagrams with as many records as go through whole."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from groundstation.share.gateways.asterix import MAX_AGE_US, TrackNumbers, blocks, record
from groundstation.share.gateways.base import NO_RECALL, NO_RECEIPT, Told
from groundstation.share.gateways.datagram_link import DatagramLink
from groundstation.share.gateways.url import AsterixDatagrams

_log = logging.getLogger("groundstation.share.gateways")

_NUMBER_GONE_US = 60_000_000
"""A track that was not told for this long gives its number back, though nobody told its end."""


class AsterixGateway:
    """Tracks as CAT062."""

    repeat_s = 0.0

    def __init__(self, target: AsterixDatagrams, t_start_utc_us: int) -> None:
        self.limits: tuple[str, ...] = (
            NO_RECALL, NO_RECEIPT, "anybody on the way can read and forge it", "what is lost on the way stays lost",
            "the format has no place for the agreement, the purpose and until when it may be kept",
            "incidents are not sent: the format has no place for them",
        )  # fmt: skip
        self._target = target
        self._link = DatagramLink(target.host, target.port, target.interface, target.ttl)
        # 37 numbers a second further on: two runs within a few minutes do not begin at the same ones.
        self._numbers = TrackNumbers(t_start_utc_us // 1_000_000 * 37)
        self._told_utc_us: dict[str, int] = {}
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
        records: list[bytes] = []
        for t in told:
            if t.kind == "incident" or abs(now_utc_us - int(t.body.get("t_utc_us", now_utc_us))) > MAX_AGE_US:
                continue
            ends = t.kind == "track_end"
            if ends and not self._numbers.known(t.name):
                continue  # never told here
            number = self._numbers.number(t.name, now_utc_us)
            if number is None:
                _log.error("all 65535 track numbers are taken: %s is not told", t.name)
                continue
            records.append(record(t, number, self._target.sac, self._target.sic, now_utc_us))
            if ends:
                self._numbers.release(t.name, now_utc_us)
                self._told_utc_us.pop(t.name, None)
            else:
                self._told_utc_us[t.name] = now_utc_us
        for block in blocks(records):
            self._link.send(block, self._now_s)

    def idle(self, now_s: float, now_utc_us: int) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`: gives back the numbers of tracks that went silent."""
        for name in [n for n, t in self._told_utc_us.items() if now_utc_us - t > _NUMBER_GONE_US]:
            del self._told_utc_us[name]
            self._numbers.release(name, now_utc_us)

    def close(self) -> None:
        """See :class:`~groundstation.share.gateways.base.Gateway`."""
        self._link.close()
