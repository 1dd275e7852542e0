"""A clip in which only the person it is about can be recognised: everybody else is pixelated, and it is encoded anew.

It errs on the side of hiding. What counts as a person is everything that the detector took for one down to a low
confidence, seen in the flight or now, when each picture is looked at once more. A box stays for a second before and
after it was seen, moved as the picture moves and growing, where nothing was found in its place; a part of the picture
that nothing has looked at is hidden as a whole. Vehicles stay visible: a number plate cannot be read from patrol height
(a centimetre of it is far less than a pixel).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from geofences.errors import VideoError
from vision.evidence_boxes import LookedAt
from vision.records import CLASS_NAMES, Detections, FloatArray

Look = Callable[[NDArray[np.uint8]], Detections]
"""Finds what is in a picture ``(h, w, 3)``, down to a low confidence."""

_VEHICLE = CLASS_NAMES.index("vehicle")
_SHIFT_WIDTH_PX = 320
_NEAR_S = 0.1
_SAME = 0.2
_TIME_BASE = Fraction(1, 90_000)


@dataclass(frozen=True)
class BlurSettings:
    """``carry_s``: how long a box stays where nothing is found in its place. ``grow_px_s``: how much it grows by then on
    every side. ``look_gap_s``: a picture farther than this from one that was looked at is hidden as a whole.
    ``enlarge``: part of its size by which a box is larger on every side, and at least ``enlarge_px``. ``sure_vehicle``: a
    vehicle of less confidence than this might be something else, and is hidden. ``crf``: quality of the encoding.
    """

    carry_s: float = 1.0
    grow_px_s: float = 30.0
    look_gap_s: float = 0.5
    enlarge: float = 0.25
    enlarge_px: float = 4.0
    least_block_px: int = 12
    blocks_high: int = 40
    sure_vehicle: float = 0.3
    crf: int = 18


@dataclass(frozen=True)
class BlurReport:
    """``pictures`` were written; in ``hidden`` of them everything is hidden, in ``subject`` the subject stays visible;
    ``boxes`` were pixelated in all. ``looked_again``: whether every picture was looked at anew."""

    pictures: int
    hidden: int
    subject: int
    boxes: int
    looked_again: bool


@dataclass
class _Picture:
    """``shift_px``: where the ground of the first picture has moved to. ``region``: what was looked at, None: nothing."""

    pts_s: float
    size_wh: tuple[int, int]
    shift_px: tuple[float, float] = (0.0, 0.0)
    region: tuple[int, int, int, int] | None = None
    subject: FloatArray | None = None
    boxes: FloatArray = field(default_factory=lambda: np.zeros((0, 4)))


def blur_clip(
    clip: Path,
    target: Path,
    looked: Sequence[LookedAt],
    first_pts_s: float,
    subjects: frozenset[int],
    look: Look | None = None,
    settings: BlurSettings | None = None,
) -> BlurReport:
    """Write ``target`` (``.mp4``, H.264) from ``clip`` with everybody but the tracks ``subjects`` pixelated.

    ``looked``: what was seen in the flight, by time; ``first_pts_s``: the stream's time of the clip's first picture.
    ``look`` is asked about every picture; without it the boxes of the flight have to do. Raises VideoError.
    """
    settings = settings or BlurSettings()
    try:
        pictures = _survey(clip, sorted(looked, key=lambda p: p.pts_s), first_pts_s, subjects, look, settings)
        if not pictures:
            raise VideoError(f"{clip}: holds no picture that can be decoded", "export it with --unblurred and a reason")
        report = _write(clip, target, pictures, look is not None, settings)
    except (OSError, ValueError, av.error.FFmpegError) as error:
        target.unlink(missing_ok=True)
        raise VideoError(f"{clip}: cannot be blurred ({error})", "check the clip and the disk") from error
    return report


def _decode(clip: Path) -> Iterator[tuple[float, Any]]:
    """``(seconds after the first packet's time, picture)``, in the order of showing."""
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        first_s: float | None = None
        for packet in container.demux(stream):
            if first_s is None and packet.pts is not None:
                first_s = float(packet.pts * (packet.time_base or 0))
            try:
                found = packet.decode()
            except av.error.InvalidDataError:
                continue  # a damaged picture; the next ones say what they show
            for picture in found:
                if picture.time is not None and first_s is not None:
                    yield picture.time - first_s, picture


# -- what is where -------------------------------------------------------------------------------------------------------


def _survey(
    clip: Path, looked: list[LookedAt], first_pts_s: float, subjects: frozenset[int], look: Look | None, s: BlurSettings
) -> list[_Picture]:
    times = np.array([p.pts_s - first_pts_s for p in looked])
    out: list[_Picture] = []
    rows: list[list[_Row]] = []
    before: NDArray[np.float32] | None = None
    shift = np.zeros(2)
    for since_s, picture in _decode(clip):
        image = np.asarray(picture.to_ndarray(format="bgr24"), dtype=np.uint8)
        height, width = image.shape[:2]
        small = _small(image)
        if before is not None and before.shape == small.shape:
            moved, response = cv2.phaseCorrelate(before, small)
            if response > 0.05:  # else the pictures have nothing in common that could be followed
                shift = shift + np.array(moved) * (width / small.shape[1])
        before = small
        region = (0, 0, width, height) if look is not None else _region(looked, times, since_s, (width, height), s)
        subject = _subject_at(looked, times, since_s, subjects, s.look_gap_s)
        out.append(_Picture(since_s, (width, height), (float(shift[0]), float(shift[1])), region, subject))
        rows.append(_rows(look(image)) if look is not None else [])
    shown_s = np.array([p.pts_s for p in out])
    for seen, at_s in zip(looked, times, strict=True):
        if len(out):
            nearest = int(np.abs(shown_s - at_s).argmin())
            if abs(shown_s[nearest] - at_s) < _NEAR_S and seen.size_wh == out[nearest].size_wh:
                rows[nearest] += seen.detections
    for here, found in zip(out, rows, strict=True):
        here.boxes = _others(found, here.subject, s)
    return out


def _small(image_bgr: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Grey, a few hundred pixels wide, for following the movement of the picture."""
    height, width = image_bgr.shape[:2]
    scale = min(1.0, _SHIFT_WIDTH_PX / width)
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    grey = cv2.cvtColor(cv2.resize(image_bgr, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2GRAY)
    return np.asarray(grey, dtype=np.float32)


_Row = tuple[tuple[float, ...], int, float]


def _rows(found: Detections) -> list[_Row]:
    return [
        (tuple(found.xyxy[i].tolist()), int(found.class_id[i]), float(found.confidence[i])) for i in range(len(found))
    ]


def _region(
    looked: list[LookedAt], times: FloatArray, since_s: float, size_wh: tuple[int, int], s: BlurSettings
) -> tuple[int, int, int, int] | None:
    """The part of a picture that the flight looked at just before and just after it; None when that is too far."""
    at = int(np.searchsorted(times, since_s - 0.002))
    near = [i for i in (at - 1, at) if 0 <= i < len(looked) and abs(times[i] - since_s) <= s.look_gap_s]
    near = [i for i in near if looked[i].size_wh == size_wh]
    if not near:
        return None
    exact = [i for i in near if abs(times[i] - since_s) < 0.002]
    regions = np.array([looked[i].region for i in exact or near])
    x0, y0 = regions[:, :2].max(axis=0)
    x1, y1 = regions[:, 2:].min(axis=0)
    return int(x0), int(y0), int(x1), int(y1)


def _subject_at(
    looked: list[LookedAt], times: FloatArray, since_s: float, subjects: frozenset[int], gap_s: float
) -> FloatArray | None:
    """Boxes ``(n, 4)`` of the subjects, between two sightings at most ``2 * gap_s`` apart; None when there is none."""
    at = int(np.searchsorted(times, since_s - 0.002))
    boxes = []
    for number in sorted(subjects):
        after = next(
            ((times[i], b) for i in range(at, len(looked)) for n, _, b in looked[i].tracks if n == number), None
        )
        if after is not None and after[0] - since_s < 0.002:
            boxes.append(np.array(after[1]))
            continue
        before = next(
            ((times[i], b) for i in range(at - 1, -1, -1) for n, _, b in looked[i].tracks if n == number), None
        )
        if before is None or after is None or after[0] - before[0] > 2 * gap_s:
            continue
        share = (since_s - before[0]) / (after[0] - before[0])
        boxes.append((1 - share) * np.array(before[1]) + share * np.array(after[1]))
    return np.array(boxes) if boxes else None


def _others(rows: Sequence[_Row], subject: FloatArray | None, s: BlurSettings) -> FloatArray:
    """Boxes ``(n, 4)`` to hide: all but sure vehicles, and but the one detection that is a subject's own."""
    kept = [r for r in rows if not (r[1] == _VEHICLE and r[2] >= s.sure_vehicle)]
    boxes = np.array([r[0] for r in kept]).reshape(-1, 4)
    if subject is None or not len(boxes):
        return _merged(boxes)
    overlap = iou(boxes, subject)
    own = np.zeros(len(boxes), dtype=bool)
    for column in range(len(subject)):
        best = float(overlap[:, column].max())
        if best >= 0.3:
            # The same person may be found in the flight and now again: equal boxes are one.
            own |= iou(boxes, boxes[[int(overlap[:, column].argmax())]])[:, 0] > 0.6
    return _merged(boxes[~own])


def _merged(boxes: FloatArray) -> FloatArray:
    """Boxes of the same person, found in the flight and now again, as one around both."""
    out: list[FloatArray] = []
    for box in boxes:
        same = next((k for k, other in enumerate(out) if iou(box[None], other[None])[0, 0] > 0.5), None)
        if same is None:
            out.append(box)
        else:
            out[same] = np.concatenate([np.minimum(out[same][:2], box[:2]), np.maximum(out[same][2:], box[2:])])
    return np.array(out).reshape(-1, 4)


def iou(a: FloatArray, b: FloatArray) -> FloatArray:
    """Intersection over union ``(n, m)`` of boxes ``(n, 4)`` and ``(m, 4)``."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:], b[None, :, 2:])
    inside = np.clip(high - low, 0.0, None).prod(axis=2)
    areas = [np.clip(v[:, 2:] - v[:, :2], 0.0, None).prod(axis=1) for v in (a, b)]
    return np.asarray(inside / np.maximum(areas[0][:, None] + areas[1][None, :] - inside, 1e-9))


def hidden_boxes(pictures: Sequence[_Picture], at: int, s: BlurSettings) -> FloatArray:
    """Boxes ``(n, 4)`` to hide in one picture, enlarged: its own, and those of its neighbours that it lacks.

    Going away from the picture in time, everybody who was met is followed from box to box; who is met for the first time
    was not found nearer to the picture, and is hidden in it where he must be about.
    """
    here = pictures[at]
    boxes = [_enlarged(here.boxes, 0.0, s)]
    for step in (-1, 1):
        met = here.boxes.copy()
        i = at + step
        while 0 <= i < len(pictures) and abs(pictures[i].pts_s - here.pts_s) <= s.carry_s:
            there = pictures[i]
            i += step
            if not len(there.boxes) or there.size_wh != here.size_wh:
                continue
            moved = there.boxes + np.tile(np.array(here.shift_px) - np.array(there.shift_px), 2)
            first = np.ones(len(moved), dtype=bool)
            for row, column in _pairs(iou(moved, met), _SAME):
                met[column] = moved[row]
                first[row] = False
            fresh = moved[first]
            if here.subject is not None and len(fresh):
                # Found there, not yet or no more taken for the subject: it is the subject that is in its place here.
                fresh = fresh[iou(fresh, here.subject).max(axis=1) < 0.5]
            if len(fresh):
                boxes.append(_enlarged(fresh, s.grow_px_s * abs(there.pts_s - here.pts_s), s))
                met = np.concatenate([met, fresh])
    return np.concatenate(boxes)


def _pairs(overlap: FloatArray, least: float) -> Iterator[tuple[int, int]]:
    """Rows and columns that overlap most, each used once."""
    left = overlap.copy()
    while left.size:
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        if left[row, column] < least:
            return
        yield int(row), int(column)
        left[row, :] = -1.0
        left[:, column] = -1.0


def _enlarged(boxes: FloatArray, grow_px: float, s: BlurSettings) -> FloatArray:
    size = boxes[:, 2:] - boxes[:, :2]
    margin = np.maximum(s.enlarge * size, s.enlarge_px) + grow_px
    return np.concatenate([boxes[:, :2] - margin, boxes[:, 2:] + margin], axis=1)


# -- drawing -------------------------------------------------------------------------------------------------------------


def hide(
    image_bgr: NDArray[np.uint8],
    boxes: FloatArray,
    region: tuple[int, int, int, int] | None,
    subject: FloatArray | None,
    settings: BlurSettings | None = None,
) -> NDArray[np.uint8]:
    """A copy of a picture with ``boxes`` and everything outside ``region`` pixelated, the subject's boxes kept.

    With ``region`` None the whole picture is hidden, the subject too: nobody has looked at what is beside him.
    """
    s = settings or BlurSettings()
    height, width = image_bgr.shape[:2]
    block = max(s.least_block_px, round(height / s.blocks_high))
    size = (max(1, round(width / block)), max(1, round(height / block)))
    coarse = cv2.resize(cv2.resize(image_bgr, size, interpolation=cv2.INTER_AREA), (width, height),
                        interpolation=cv2.INTER_NEAREST)  # fmt: skip
    if region is None:
        return np.asarray(coarse, dtype=np.uint8)
    mask = np.ones((height, width), dtype=bool)
    mask[_slices(region, 0.0)] = False
    for box in boxes:
        mask[_slices(box, 0.0)] = True
    for box in () if subject is None else subject:
        mask[_slices(box, 2.0)] = False
    out = image_bgr.copy()
    out[mask] = coarse[mask]
    return out


def _slices(box: Sequence[float] | FloatArray, margin_px: float) -> tuple[slice, slice]:
    x0, y0 = (max(0, int(np.floor(v - margin_px))) for v in box[:2])
    x1, y1 = (max(0, int(np.ceil(v + margin_px))) for v in box[2:])
    return slice(y0, y1), slice(x0, x1)


def _write(clip: Path, target: Path, pictures: list[_Picture], looked_again: bool, s: BlurSettings) -> BlurReport:
    hidden = subject = count = 0
    width, height = pictures[0].size_wh
    with av.open(str(target), "w", format="mp4", options={"movflags": "faststart"}) as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = width - width % 2, height - height % 2, "yuv420p"
        stream.options = {"crf": str(s.crf), "preset": "veryfast"}
        stream.codec_context.time_base = _TIME_BASE
        last = -1
        for at, (since_s, decoded) in enumerate(_decode(clip)):
            if at >= len(pictures):
                break
            here = pictures[at]
            if here.size_wh != (width, height):
                continue  # the stream changed its size: another file would be needed
            boxes = hidden_boxes(pictures, at, s)
            image = np.asarray(decoded.to_ndarray(format="bgr24"), dtype=np.uint8)
            drawn = hide(image, boxes, here.region, here.subject, s)
            frame = av.VideoFrame.from_ndarray(
                np.ascontiguousarray(drawn[: stream.height, : stream.width]), format="bgr24"
            )
            last = max(last + 1, round(since_s / _TIME_BASE))
            frame.pts, frame.time_base = last, _TIME_BASE
            for packet in stream.encode(frame):
                out.mux(packet)
            count += len(boxes)
            hidden += here.region is None
            subject += here.subject is not None and here.region is not None
        for packet in stream.encode(None):
            out.mux(packet)
    return BlurReport(len(pictures), hidden, subject, count, looked_again)
