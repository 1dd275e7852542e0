"""ASTERIX category 062 (system tracks, edition 1.18 and later) from what was released. Pure: no socket, no clock.

Written here rather than with a library: the one for Python that encodes takes many seconds to import, in which nothing
else of the process runs, a heartbeat least of all. The layout is EUROCONTROL-SPEC-0149-9; tests read it with an
independent decoder.

A record has I010 source, I070 time of day, I105 place, I185 velocity, I245 a name, I040 track number, I080 status and
I500 accuracy, as far as they were released. Track numbers have 16 bits and are used again, so the name in I245, which is
never used again, tells the tracks of a day apart. Incidents have no place in the category and are not sent.
"""

from __future__ import annotations

import hashlib
import math
from collections import OrderedDict
from collections.abc import Sequence

from groundstation.share.gateways.base import CE90_PER_SIGMA, Told

CATEGORY = 62
DAY_US = 86_400_000_000
MAX_BLOCK_BYTES = 1_400
"""Of a datagram: what goes through any usual link whole."""
MAX_AGE_US = 3_600_000_000
"""I070 is a time of day: something older than this could be taken for tomorrow's."""

_DEGREES_LSB = 180.0 / 2**25
_FRN = {"010": 1, "015": 3, "070": 4, "105": 5, "185": 7, "245": 10, "040": 12, "080": 13, "500": 27}
_BASE = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NAME_CHARACTERS = 8


def time_of_day(t_utc_us: int) -> int:
    """I070: 1/128 s since the last midnight UTC, rounded; what rounds up to 24 h is 0 of the next day."""
    return round(t_utc_us % DAY_US * 128 / 1_000_000) % (86_400 * 128)


def track_name(told_name: str) -> str:
    """Eight characters for I245, the same for a name in any run and (but for one in 10^12) for no other name."""
    number = int.from_bytes(hashlib.sha256(told_name.encode()).digest()[:8], "big")
    name = ""
    for _ in range(_NAME_CHARACTERS):
        number, digit = divmod(number, len(_BASE))
        name += _BASE[digit]
    return name


class TrackNumbers:
    """Which of the numbers 1 to 65535 stands for which track.

    A number that became free is used again only after all others, and not before ``rest_us``.
    """

    def __init__(self, first: int, rest_us: int = 600_000_000) -> None:
        """``first``: where this run begins, so that two runs within minutes do not give one number to two tracks."""
        self._first = first % 65_535
        self._rest_us = rest_us
        self._used = 0
        self._live: dict[str, int] = {}
        self._free: OrderedDict[int, int] = OrderedDict()

    def number(self, name: str, now_utc_us: int) -> int | None:
        """The track's number; None when every number is taken or rests."""
        known = self._live.get(name)
        if known is not None:
            return known
        if self._used < 65_535:
            number = (self._first + self._used) % 65_535 + 1
            self._used += 1
        else:
            oldest = next(iter(self._free), None)
            if oldest is None or now_utc_us - self._free[oldest] < self._rest_us:
                return None
            number = oldest
            del self._free[oldest]
        self._live[name] = number
        return number

    def release(self, name: str, now_utc_us: int) -> None:
        """The track has ended."""
        number = self._live.pop(name, None)
        if number is not None:
            self._free[number] = now_utc_us

    def known(self, name: str) -> bool:
        """Whether a track has a number."""
        return name in self._live


def record(told: Told, number: int, sac: int, sic: int, now_utc_us: int) -> bytes:
    """One record: a track, or the end of one (then with I080 TSE and without a place)."""
    body = told.body
    items: dict[str, bytes] = {
        "010": bytes((sac, sic)),
        "070": time_of_day(int(body.get("t_utc_us", now_utc_us))).to_bytes(3, "big"),
        "245": _identification(track_name(told.name)),
        "040": number.to_bytes(2, "big"),
        "080": _status(told.kind == "track_end", told.exercise),
    }
    if "lat_deg" in body:
        items["105"] = _signed(body["lat_deg"] / _DEGREES_LSB, 4) + _signed(body["lon_deg"] / _DEGREES_LSB, 4)
    if "velocity_en_m_s" in body:
        items["185"] = b"".join(_signed(v / 0.25, 2) for v in body["velocity_en_m_s"])
    if "ce90_m" in body and math.isfinite(body["ce90_m"]):
        items["500"] = _accuracy(body["ce90_m"] / CE90_PER_SIGMA)
    present = sorted(items, key=_FRN.__getitem__)
    return _field_specification([_FRN[i] for i in present]) + b"".join(items[i] for i in present)


def blocks(records: Sequence[bytes]) -> list[bytes]:
    """Data blocks, each for a datagram of its own."""
    made: list[bytes] = []
    block = b""
    for r in records:
        if block and len(block) + len(r) + 3 > MAX_BLOCK_BYTES:
            made.append(_block(block))
            block = b""
        block += r
    return [*made, _block(block)] if block else made


def _block(content: bytes) -> bytes:
    return bytes((CATEGORY,)) + (len(content) + 3).to_bytes(2, "big") + content


def _field_specification(numbers: list[int]) -> bytes:
    octets = bytearray((max(numbers) + 6) // 7)
    for n in numbers:
        octets[(n - 1) // 7] |= 0x80 >> (n - 1) % 7
    for i in range(len(octets) - 1):
        octets[i] |= 1
    return bytes(octets)


def _signed(value: float, size: int) -> bytes:
    limit = 1 << (8 * size - 1)
    return max(-limit, min(limit - 1, round(value))).to_bytes(size, "big", signed=True)


def _status(ended: bool, simulated: bool) -> bytes:
    # One sensor (MON); no source of a height; confirmed. Then SIM and TSE, where there is something to say.
    if not (ended or simulated):
        return b"\x80"
    return bytes((0x81, 0x80 * simulated | 0x40 * ended))


def _identification(name: str) -> bytes:
    # STI 1: a name that was not downlinked from the target. Characters of 6 bits, as ICAO Annex 10 has them.
    bits = 0
    for character in name:
        bits = bits << 6 | (ord(character) & 0x3F)
    return bytes((0x40,)) + bits.to_bytes(6, "big")


def _accuracy(sigma_m: float) -> bytes:
    # APC and COV; units of 0.5 m, rounded up. What was released is a circle, so its covariance is 0.
    steps = min(65_535, max(1, math.ceil(sigma_m / 0.5)))
    return bytes((0xC0,)) + steps.to_bytes(2, "big") * 2 + (0).to_bytes(2, "big")
