"""What is in a ``.tlog``: who was heard, when, how much was lost, where it is damaged; and where to begin for a time.

The file does not say which way a packet went. What a ground station sent went out, all else came in; a ground station is
known by its heartbeat (type GCS), or without one by a system id from 250 on.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from groundstation.core.errors import LinkError
from groundstation.link.frame import message_id_of, read_header, seq_of, source_of
from groundstation.link.statistics import Source, SourceStatistics
from groundstation.link.tlog_read import TlogDamage, TlogRecord, open_tlog, scan_tlog
from missions.mavlink import mavlink2

GAP_S = 5.0
_STEP_US = 1_000_000
_BACK_US = 1_000_000
_HEARTBEAT, _TYPE_GCS, _NO_AUTOPILOT = 0, 6, 8
_FIRST_GROUND_ID = 250
_MOST_KEPT = 1000


def message_name(message_id: int) -> str:
    """The name of a message, or ``UNKNOWN_<id>``."""
    kind = mavlink2.mavlink_map.get(message_id)
    return str(kind.msgname) if kind is not None else f"UNKNOWN_{message_id}"


@dataclass
class SourceSummary:
    """One sender in a log. ``mav_type`` and ``autopilot`` from its heartbeat, -1 without one."""

    mav_type: int = -1
    autopilot: int = -1
    first_utc_us: int = 0
    last_utc_us: int = 0
    statistics: SourceStatistics = field(default_factory=SourceStatistics)
    messages: Counter[int] = field(default_factory=Counter)

    @property
    def is_aircraft(self) -> bool:
        """Whether an autopilot speaks here."""
        return self.autopilot not in (-1, _NO_AUTOPILOT)


@dataclass(frozen=True)
class TlogGap:
    """A time of more than ``GAP_S`` without any packet."""

    from_utc_us: int
    to_utc_us: int


@dataclass
class TlogIndex:
    """Made by :func:`index_tlog`. Times are the stamps in the file: UTC of the computer that wrote it."""

    path: Path
    size_bytes: int = 0
    records: int = 0
    start_utc_us: int = 0
    end_utc_us: int = 0
    clock_steps_back: int = 0
    sources: dict[Source, SourceSummary] = field(default_factory=dict)
    gaps: list[TlogGap] = field(default_factory=list)
    damage: list[TlogDamage] = field(default_factory=list)
    damaged_bytes: int = 0
    cut_bytes: int = 0
    _stamps: array[int] = field(default_factory=lambda: array("q"))
    _offsets: array[int] = field(default_factory=lambda: array("q"))

    def offset_of(self, t_utc_us: int) -> int:
        """Where in the file to begin so that nothing from ``t_utc_us`` on is missed; at most a second before it."""
        place = bisect_right(self._stamps, t_utc_us) - 1
        return self._offsets[max(place, 0)]

    def is_ground(self, source: Source) -> bool:
        """Whether packets of this sender went out to the aircraft."""
        summary = self.sources.get(source)
        if summary is None or summary.mav_type == -1:
            system = [s.mav_type for k, s in self.sources.items() if k[0] == source[0] and s.mav_type != -1]
            return _TYPE_GCS in system or (not system and source[0] >= _FIRST_GROUND_ID)
        return summary.mav_type == _TYPE_GCS

    def message_counts(self) -> Counter[str]:
        """How many of each message, of all senders."""
        counts: Counter[str] = Counter()
        for summary in self.sources.values():
            for message_id, count in summary.messages.items():
                counts[message_name(message_id)] += count
        return counts

    def _add(self, record: TlogRecord, newest_us: int) -> int:
        """Count a record; the newest stamp so far."""
        t_utc_us = record.t_utc_us
        if not self.records:
            self.start_utc_us = newest_us = t_utc_us
        elif t_utc_us - newest_us > GAP_S * 1e6 and len(self.gaps) < _MOST_KEPT:
            self.gaps.append(TlogGap(newest_us, t_utc_us))
        elif t_utc_us < newest_us - _BACK_US:
            self.clock_steps_back += 1
        newest_us = max(newest_us, t_utc_us)
        if not self._stamps or newest_us >= self._stamps[-1] + _STEP_US:
            self._stamps.append(newest_us)
            self._offsets.append(record.offset)
        self.records += 1
        packet = record.packet
        source, message_id = source_of(packet), message_id_of(packet)
        summary = self.sources.get(source)
        if summary is None:
            summary = self.sources[source] = SourceSummary(first_utc_us=t_utc_us)
        summary.last_utc_us = t_utc_us
        summary.messages[message_id] += 1
        summary.statistics.add(seq_of(packet), t_utc_us * 1000, len(packet))
        if message_id == _HEARTBEAT:
            payload = read_header(packet).payload.ljust(9, b"\0")
            summary.mav_type, summary.autopilot = payload[4], payload[5]
        return newest_us


def index_tlog(path: Path) -> TlogIndex:
    """Read a whole log once. Raises :class:`LinkError` when it cannot be read or holds no packet."""
    index = TlogIndex(path)
    newest_us = 0
    with open_tlog(path) as data:
        index.size_bytes = len(data)
        for item in scan_tlog(data):
            if isinstance(item, TlogRecord):
                newest_us = index._add(item, newest_us)
                continue
            if item.cut:
                index.cut_bytes += item.size_bytes
            else:
                index.damaged_bytes += item.size_bytes
            if len(index.damage) < _MOST_KEPT:
                index.damage.append(item)
    if not index.records:
        raise LinkError(f"{path}: holds no MAVLink packet", "choose a .tlog file")
    index.end_utc_us = newest_us
    return index
