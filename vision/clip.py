"""The last seconds of a stream as it came, encoded, and evidence clips cut from it without encoding again."""

from __future__ import annotations

import io
import logging
import os
import threading
from collections import deque
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import av

from geofences.errors import VideoError

log = logging.getLogger(__name__)

_CLIP_TIME_BASE = Fraction(1, 90_000)
_JUMP_S = 10.0
_SAME_PICTURE_S = 0.002


@dataclass(frozen=True)
class StoredPacket:
    """One encoded picture (``kind`` "video") or metadata packet ("klv"); times in seconds of the stream's clock."""

    kind: str
    data: bytes
    pts_s: float
    dts_s: float
    is_key: bool
    t_utc_us: int


@dataclass(frozen=True)
class ClipInfo:
    """A clip that was written: where, what time it really covers, how many pictures and metadata packets.

    ``first_pts_s``: the first packet's presentation time in the stream, which is the clip's first one.
    """

    path: Path
    from_utc_us: int
    to_utc_us: int
    pictures: int
    metadata_packets: int = 0
    codec: str = ""
    size_wh: tuple[int, int] = (0, 0)
    first_pts_s: float = 0.0


class PacketRing:
    """Keeps the packets of the last ``keep_s`` seconds. One thread adds, another saves."""

    def __init__(self, keep_s: float = 25.0, max_bytes: int = 64_000_000) -> None:
        self._keep_s = keep_s
        self._max_bytes = max_bytes
        self._bytes = 0
        self._packets: deque[tuple[float, StoredPacket]] = deque()
        self._clock_s = 0.0
        self._lock = threading.Lock()
        self._codec = ""
        self._size = (0, 0)
        self._header = b""

    def start_stream(self, codec: str, width: int, height: int, header: bytes) -> None:
        """A stream was opened (again): earlier packets cannot be joined to it and are dropped.

        ``header``: the codec's parameter sets in Annex B form, as far as they are known.
        """
        with self._lock:
            self._packets.clear()
            self._bytes = 0
            self._codec, self._size, self._header = codec, (width, height), header

    def add(self, packet: StoredPacket) -> None:
        """Appends a packet and drops what is too old or too much.

        Age is counted in the stream's own clock: a wrong time stamp in its metadata must not empty the ring. A stream
        whose clock jumps cannot be joined to what came before, which is dropped.
        """
        with self._lock:
            if packet.kind == "video":
                if self._packets and abs(packet.pts_s - self._clock_s) > _JUMP_S:
                    log.warning("the stream's clock jumped by %.1f s", packet.pts_s - self._clock_s)
                    self._packets.clear()
                    self._bytes = 0
                self._clock_s = packet.pts_s
            # Metadata may drift from its video: it is kept by the time of the picture that it came with.
            self._packets.append((self._clock_s, packet))
            self._bytes += len(packet.data)
            oldest_s = self._clock_s - self._keep_s
            while self._packets and (self._packets[0][0] < oldest_s or self._bytes > self._max_bytes):
                self._bytes -= len(self._packets.popleft()[1].data)

    def save(self, from_utc_us: int, to_utc_us: int, path: Path) -> ClipInfo:
        """Writes the pictures of that time, from the key frame at or before it, as ``.ts`` (with the KLV) or ``.mp4``.

        The clip covers what the ring still has; :class:`ClipInfo` says what. The file appears whole or not at all.
        Raises VideoError when there is nothing of that time or the file cannot be written.
        """
        if path.suffix not in (".ts", ".mp4"):
            raise VideoError(f"clip {path}: unknown kind of file", "use .ts or .mp4")
        with self._lock:
            packets = [packet for _, packet in self._packets]
            codec, size, header = self._codec, self._size, self._header
        keys = [i for i, p in enumerate(packets) if p.kind == "video" and p.is_key and p.t_utc_us <= to_utc_us]
        before = [i for i in keys if packets[i].t_utc_us <= from_utc_us]
        if not keys:
            raise VideoError(f"clip {path}: the stream holds no picture of that time", "")
        first = before[-1] if before else keys[0]
        # Everything between the first and the last packet of that time, whatever time stamps lie between.
        last = max(i for i, p in enumerate(packets) if p.t_utc_us <= to_utc_us)
        key_pts_s = packets[first].pts_s
        while (
            first and packets[first - 1].kind == "klv" and abs(packets[first - 1].pts_s - key_pts_s) < _SAME_PICTURE_S
        ):
            first -= 1
        chosen = packets[first : last + 1]
        part = path.with_name(f".{path.name}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(chosen, part, path.suffix, codec, size, header)
            with part.open("rb") as written:
                os.fsync(written.fileno())
            part.replace(path)
        except (OSError, ValueError, av.error.FFmpegError) as error:
            part.unlink(missing_ok=True)
            raise VideoError(f"clip {path} cannot be written ({error})", "check the disk") from error
        pictures = [p for p in chosen if p.kind == "video"]
        return ClipInfo(
            path, pictures[0].t_utc_us, pictures[-1].t_utc_us, len(pictures), len(chosen) - len(pictures), codec, size,
            pictures[0].pts_s,
        )  # fmt: skip


def _write(
    packets: list[StoredPacket], part: Path, suffix: str, codec: str, size: tuple[int, int], header: bytes
) -> None:
    if suffix == ".ts":
        _write_ts(packets, str(part), codec, size, header)
        return
    # MP4 wants the codec's parameters ahead; FFmpeg finds them when it reads the clip as a transport stream.
    memory = io.BytesIO()
    _write_ts([p for p in packets if p.kind == "video"], memory, codec, size, header)
    memory.seek(0)
    with av.open(memory, "r", format="mpegts") as source, av.open(str(part), "w", format="mp4") as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                out.mux(packet)


def _write_ts(
    packets: list[StoredPacket], target: str | io.BytesIO, codec: str, size: tuple[int, int], header: bytes
) -> None:
    with av.open(target, "w", format="mpegts") as out:
        video = out.add_mux_stream(codec, width=size[0], height=size[1], time_base=_CLIP_TIME_BASE)
        klv = out.add_data_stream("klv") if any(p.kind == "klv" for p in packets) else None
        zero_s = min(p.dts_s for p in packets)
        first = next(i for i, p in enumerate(packets) if p.kind == "video")
        if packets[first].data[:64].find(header[:8]) < 0:
            # RTSP tells the parameter sets beside the stream: a decoder of the clip needs them in it.
            packets = list(packets)
            packets[first] = replace(packets[first], data=header + packets[first].data)
        last_dts: dict[str, int] = {}
        for stored in packets:
            packet = av.Packet(stored.data)
            packet.stream = klv if klv is not None and stored.kind == "klv" else video
            packet.time_base = _CLIP_TIME_BASE
            # A damaged stream may tell the same time twice; a container does not take that.
            dts = max(round((stored.dts_s - zero_s) / _CLIP_TIME_BASE), last_dts.get(stored.kind, -1) + 1)
            last_dts[stored.kind] = dts
            packet.dts = dts
            packet.pts = max(round((stored.pts_s - zero_s) / _CLIP_TIME_BASE), dts)
            packet.is_keyframe = stored.is_key
            out.mux(packet)
