"""A small stream with people in it, as a receiver gets it: encoded pictures and metadata, and where everybody was."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from vision.clip import ClipInfo, PacketRing, StoredPacket
from vision.evidence_boxes import LookedAt
from vision.records import Detections

WIDTH, HEIGHT, RATE = 320, 180, 10
T_US = 1_790_000_000_000_000
FIRST_PTS_S = 4000.0
PERSON_WH = (18, 36)


def _pattern(seed: int, low: int, high: int, rows: int, columns: int) -> NDArray[np.uint8]:
    """Squares of three pixels in random colours."""
    squares = np.random.default_rng(seed).integers(low, high, (rows // 3, columns // 3, 3), dtype=np.uint8)
    return np.ascontiguousarray(squares.repeat(3, axis=0).repeat(3, axis=1))


_GROUND = _pattern(3, 90, 130, HEIGHT, 3 * WIDTH)
_CLOTHES = _pattern(4, 0, 255, PERSON_WH[1], PERSON_WH[0])


class Scene:
    """People walk to the right, the camera pans to the right (the ground moves left) by ``pan_px`` a picture."""

    def __init__(self, pan_px: float = 0.0, count: int = 24) -> None:
        self.pan_px, self.count = pan_px, count
        self.starts = {7: (40.0, 40.0), 8: (140.0, 110.0), 9: (230.0, 60.0)}

    def box(self, number: int, k: int) -> tuple[float, float, float, float]:
        x, y = self.starts[number]
        x += k * (1.0 - self.pan_px)
        return (x, y, x + PERSON_WH[0], y + PERSON_WH[1])

    def image(self, k: int) -> NDArray[np.uint8]:
        offset = WIDTH + round(k * self.pan_px)
        image = np.array(_GROUND[:, offset : offset + WIDTH])
        for number in self.starts:
            x, y = (round(v) for v in self.box(number, k)[:2])
            if x >= 0 and x + PERSON_WH[0] <= WIDTH:
                image[y : y + PERSON_WH[1], x : x + PERSON_WH[0]] = _CLOTHES
        return image

    def looked(self, k: int, seen: tuple[int, ...] = (7, 8, 9), region=(0, 0, WIDTH, HEIGHT)) -> LookedAt:
        """What the flight saw in a picture; 7 is a track, the others are not (yet)."""
        return LookedAt(
            T_US + k * 100_000, FIRST_PTS_S + k / RATE, "klv", (WIDTH, HEIGHT), region,
            tuple((self.box(n, k), 0, 0.5 if n == 7 else 0.12) for n in seen),
            tuple((n, 1, self.box(n, k)) for n in seen if n == 7),
        )  # fmt: skip

    def look(self, image: NDArray[np.uint8]) -> Detections:
        """A detector that finds nobody: what is hidden is hidden by the boxes of the flight."""
        return Detections.empty()


def ring_of(scene: Scene, keep_s: float = 30.0, with_metadata: bool = True) -> PacketRing:
    """The scene encoded, one key picture a second, each picture followed by its metadata packet."""
    ring = PacketRing(keep_s)
    context = av.CodecContext.create("libx264", "w")
    context.width, context.height, context.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    context.time_base, context.framerate = Fraction(1, RATE), Fraction(RATE)
    context.options = {"g": "10", "bf": "0", "crf": "8", "preset": "ultrafast", "tune": "zerolatency", "threads": "1"}
    ring.start_stream("h264", WIDTH, HEIGHT, b"")
    for k in range(scene.count):
        frame = av.VideoFrame.from_ndarray(scene.image(k), format="bgr24")
        frame.pts, frame.time_base = k, Fraction(1, RATE)
        for packet in context.encode(frame):
            pts_s = FIRST_PTS_S + k / RATE
            ring.add(StoredPacket("video", bytes(packet), pts_s, pts_s, packet.is_keyframe, T_US + k * 100_000))
        if with_metadata:
            ring.add(StoredPacket("klv", b"KLV %d" % k, pts_s, pts_s, False, T_US + k * 100_000))
    return ring


def clip_of(scene: Scene, path: Path) -> ClipInfo:
    """All of the scene as a clip."""
    return _encoded(scene.pan_px, scene.count).save(T_US, T_US + scene.count * 100_000, path)


@lru_cache
def _encoded(pan_px: float, count: int) -> PacketRing:
    return ring_of(Scene(pan_px, count))


def pictures(path: Path) -> list[NDArray[np.uint8]]:
    """Every picture of a file."""
    with av.open(str(path)) as container:
        return [np.asarray(f.to_ndarray(format="bgr24"), dtype=np.uint8) for f in container.decode(video=0)]


def part(image: NDArray[np.uint8], box: tuple[float, ...]) -> NDArray[np.float64]:
    x0, y0, x1, y1 = (round(v) for v in box)
    return image[max(0, y0) : y1, max(0, x0) : x1].astype(np.float64)
