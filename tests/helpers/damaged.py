"""Small streams whose every picture tells its number, and ways of damaging them.

Picture ``n`` is truly taken at ``T0_US + n / FPS`` with the camera at azimuth ``80 + n`` degrees: whatever happens to the
stream on its way, a frame with a pose must have, within a degree or so, the azimuth that belongs to its picture.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import av
import numpy as np

from tests.unit.vision_detect.test_klv import LEVEL, packet
from vision.records import Frame

T0_US = 1_700_000_000_000_000
FPS = 10
TS_PACKET = 188
_CLOCK = 90_000


@dataclass(frozen=True)
class Shot:
    """One picture and its metadata packets, before they are multiplexed."""

    number: int
    pts_s: float
    klv: tuple[bytes, ...]


def metadata(number: int, t_utc_us: int | None = None, azimuth_deg: float | None = None, drop: int = 0) -> bytes:
    """The true packet of a picture, or one with another time or azimuth, or without the tag ``drop``."""
    stamp = T0_US + number * 1_000_000 // FPS if t_utc_us is None else t_utc_us
    azimuth = 80.0 + number if azimuth_deg is None else azimuth_deg
    changed = {
        2: stamp.to_bytes(8, "big"),
        5: round((azimuth % 360.0) / 360 * 65535).to_bytes(2, "big"),
        13: round((49.0 + 1e-6 * number) / 90 * (2**31 - 1)).to_bytes(4, "big", signed=True),
    }
    return packet([(tag, changed.get(tag, content)) for tag, content in LEVEL if tag != drop])


def shots(count: int = 50, first: int = 0) -> list[Shot]:
    """An undamaged flight."""
    return [Shot(n, n / FPS, (metadata(n),)) for n in range(first, first + count)]


def changed(flight: Iterable[Shot], numbers: Iterable[int], change: Callable[[Shot], Shot]) -> list[Shot]:
    """The flight with some shots changed."""
    chosen = set(numbers)
    return [change(s) if s.number in chosen else s for s in flight]


def with_klv(make: Callable[[int], bytes | tuple[bytes, ...]]) -> Callable[[Shot], Shot]:
    """Other metadata, by the picture's number."""

    def change(shot: Shot) -> Shot:
        made = make(shot.number)
        return replace(shot, klv=made if isinstance(made, tuple) else (made,))

    return change


def picture(number: int, width: int, height: int) -> np.ndarray:
    """The number modulo 16 on the left, the rest on the right."""
    image = np.empty((height, width, 3), dtype=np.uint8)
    image[:, : width // 2] = 24 + 13 * (number % 16)
    image[:, width // 2 :] = 24 + 13 * (number // 16)
    return image


def number_of(image: np.ndarray) -> int | None:
    """The number in a picture, None when damage has made it unreadable."""
    width = image.shape[1]
    parts = (image[:, 8 : width // 2 - 8].astype(float), image[:, width // 2 + 8 : width - 8].astype(float))
    if max(float(p.std()) for p in parts) > 3.0:
        return None
    low, high = (round((float(p.mean()) - 24.0) / 13.0) for p in parts)
    return 16 * high + low


def multiplex(
    flight: Iterable[Shot], width: int = 160, height: int = 128, klv_after: bool = True, b_frames: int = 0,
    start_pid: int = 0x100,
) -> bytes:  # fmt: skip
    """An MPEG transport stream of the shots; time stamps as they say, also backwards (a new program each time)."""
    parts: list[bytes] = []
    run: list[Shot] = []
    for shot in flight:
        # A multiplexer refuses time that goes back: another one, as after a restart of the sender, does not mind.
        if run and not 0.0 < shot.pts_s - run[-1].pts_s < 100.0:
            parts.append(_multiplex(run, width, height, klv_after, b_frames, start_pid))
            run = []
        run.append(shot)
    parts.append(_multiplex(run, width, height, klv_after, b_frames, start_pid))
    return b"".join(parts)


def _multiplex(run: list[Shot], width: int, height: int, klv_after: bool, b_frames: int, start_pid: int) -> bytes:
    memory = io.BytesIO()
    options = {"preset": "ultrafast", "g": "10", "crf": "10", "bf": str(b_frames)}
    if not b_frames:
        options["tune"] = "zerolatency"
    muxing = {"mpegts_copyts": "1", "mpegts_start_pid": str(start_pid)}
    with av.open(memory, "w", format="mpegts", options=muxing) as out:
        video = out.add_stream("libx264", rate=FPS, options=options)
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        video.codec_context.time_base = Fraction(1, _CLOCK)
        data = out.add_data_stream("klv")

        def send(shot: Shot) -> None:
            for klv in shot.klv:
                carried = av.Packet(klv)
                carried.stream, carried.time_base = data, Fraction(1, _CLOCK)
                carried.pts = carried.dts = round(shot.pts_s * _CLOCK)
                out.mux(carried)

        for shot in run:
            if not klv_after:
                send(shot)
            frame = av.VideoFrame.from_ndarray(picture(shot.number, width, height), format="bgr24")
            frame.pts, frame.time_base = round(shot.pts_s * _CLOCK), Fraction(1, _CLOCK)
            for encoded in video.encode(frame):
                out.mux(encoded)
            if klv_after:
                send(shot)
        for encoded in video.encode(None):
            out.mux(encoded)
    return memory.getvalue()


def packets(stream: bytes) -> list[bytes]:
    """The transport packets."""
    return [stream[i : i + TS_PACKET] for i in range(0, len(stream), TS_PACKET)]


def without_packets(stream: bytes, share: float, seed: int) -> bytes:
    """Some of the transport packets are lost; the first fifty (tables, first picture) come through."""
    rng = random.Random(seed)
    return b"".join(p for i, p in enumerate(packets(stream)) if i < 50 or rng.random() >= share)


def with_duplicates(stream: bytes, share: float, seed: int) -> bytes:
    """Lots of seven packets, as in one datagram, come twice."""
    rng = random.Random(seed)
    parts = packets(stream)
    lots = [b"".join(parts[i : i + 7]) for i in range(0, len(parts), 7)]
    return b"".join(lot * (2 if rng.random() < share else 1) for lot in lots)


def with_flipped_bits(stream: bytes, count: int, seed: int) -> bytes:
    """Single bits turned over anywhere behind the first twenty packets."""
    rng = random.Random(seed)
    data = bytearray(stream)
    for _ in range(count):
        data[rng.randrange(20 * TS_PACKET, len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def wrong_poses(frames: Iterable[Frame], tolerance_deg: float = 1.7) -> list[tuple[int, float]]:
    """Frames whose pose is not that of their picture: number and how many degrees (tenths of a second) it is off."""
    wrong = []
    for frame in frames:
        number = number_of(frame.image_bgr)
        if frame.pose is None or number is None or frame.damage:
            continue
        off = (frame.pose.azimuth_deg - (80.0 + number) + 180.0) % 360.0 - 180.0
        if abs(off) > tolerance_deg:
            wrong.append((number, round(off, 2)))
    return wrong


def located(frames: Iterable[Frame]) -> set[int | None]:
    """The numbers of the pictures that have a pose of their time."""
    return {
        number_of(f.image_bgr)
        for f in frames
        if not f.damage and f.pose is not None and abs(f.pose.t_utc_us - f.t_utc_us) <= 250_000
    }
