"""Cuts out of an evidence clip the pictures of one track, for a person's verdict on it to become training labels.

A training picture must not hold anybody whom nobody judged: what is not labelled in it is learnt as background. So the
pictures are squares around the judged box, small enough that no other find lies in them and inside what the detector has
looked at; a picture where that cannot be done is not used.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from geofences.errors import VideoError
from vision.evidence_boxes import LookedAt, sidecar_of
from vision.records import FloatArray, TrackStatus

_SIDES_PX = (384, 288, 208, 144, 96)
_SAME_PICTURE_S = 0.002
_SURE = 0.25
_SAME_BOX = 0.3


@dataclass(frozen=True, eq=False)
class JudgedPicture:
    """``image_bgr`` ``(h, w, 3)``; ``xyxy`` ``(4,)``: the judged box in its pixels; ``t_utc_us`` of the frame."""

    t_utc_us: int
    image_bgr: NDArray[np.uint8]
    xyxy: FloatArray


def judged_pictures(
    clip: Path, track_number: int, around_utc_us: int, most: int = 6, apart_s: float = 0.8
) -> list[JudgedPicture]:
    """At most ``most`` pictures of a track in a clip, ``apart_s`` apart, nearest to ``around_utc_us`` first, by time.

    Raises :class:`VideoError` when the clip or the boxes beside it cannot be read.
    """
    first_pts_s, looked = _read_boxes(clip)
    wanted: dict[float, tuple[LookedAt, FloatArray, tuple[int, int, int, int]]] = {}
    taken: list[int] = []
    for seen in sorted(looked, key=lambda p: abs(p.t_utc_us - around_utc_us)):
        if len(taken) >= most:
            break
        if any(abs(seen.t_utc_us - t) < apart_s * 1e6 for t in taken):
            continue
        box = _box_of(seen, track_number)
        window = None if box is None else _window(seen, box)
        if box is not None and window is not None:
            taken.append(seen.t_utc_us)
            wanted[seen.pts_s - first_pts_s] = (seen, box, window)
    if not wanted:
        return []
    return sorted(_cut(clip, wanted), key=lambda p: p.t_utc_us)


def _read_boxes(clip: Path) -> tuple[float, list[LookedAt]]:
    path = sidecar_of(clip)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return float(content["clip"]["first_pts_s"]), [LookedAt.from_json(p) for p in content["pictures"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VideoError(f"{path}: the boxes of the clip cannot be read ({error})", "leave this clip out") from error


def _box_of(seen: LookedAt, track_number: int) -> FloatArray | None:
    """The track's box where it was seen in this very picture; a track that coasts has none."""
    for number, status, box in seen.tracks:
        if number == track_number and status in (TrackStatus.CONFIRMED, TrackStatus.TENTATIVE):
            found = np.array(box)
            return found if found[2] > found[0] and found[3] > found[1] else None
    return None


def _window(seen: LookedAt, box: FloatArray) -> tuple[int, int, int, int] | None:
    """The largest square around the box, in what was looked at, that holds no other find; None where there is none."""
    left, top, right, bottom = seen.region
    others: list[FloatArray] = [np.array(b) for b, _, sure in seen.detections if sure >= _SURE]
    others += [np.array(b) for _, _, b in seen.tracks]
    others = [o for o in others if _overlap(o, box) < _SAME_BOX]
    needed = 1.6 * max(box[2] - box[0], box[3] - box[1])
    centre = (box[:2] + box[2:]) / 2
    for side in _SIDES_PX:
        if side < needed or side > min(right - left, bottom - top):
            continue
        x0 = int(np.clip(round(centre[0] - side / 2), left, right - side))
        y0 = int(np.clip(round(centre[1] - side / 2), top, bottom - side))
        inside = x0 <= box[0] and y0 <= box[1] and box[2] <= x0 + side and box[3] <= y0 + side
        free = all(o[2] <= x0 or o[3] <= y0 or o[0] >= x0 + side or o[1] >= y0 + side for o in others)
        if inside and free:
            return x0, y0, x0 + side, y0 + side
    return None


def _overlap(a: FloatArray, b: FloatArray) -> float:
    """Intersection over union."""
    extent = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    both = float(np.prod(np.maximum(extent, 0.0)))
    return both / max(float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2])) - both, 1e-9)


def _cut(
    clip: Path, wanted: dict[float, tuple[LookedAt, FloatArray, tuple[int, int, int, int]]]
) -> Sequence[JudgedPicture]:
    out: dict[int, JudgedPicture] = {}
    try:
        with av.open(str(clip)) as container:
            first_s: float | None = None
            for packet in container.demux(container.streams.video[0]):
                if first_s is None and packet.pts is not None:
                    first_s = float(packet.pts * (packet.time_base or 0))
                try:
                    pictures = packet.decode()
                except av.error.InvalidDataError:
                    continue
                for picture in pictures:
                    if picture.time is None or first_s is None:
                        continue
                    since_s = picture.time - first_s
                    near = min(wanted, key=lambda s: abs(s - since_s))
                    seen, box, (x0, y0, x1, y1) = wanted[near]
                    if abs(near - since_s) > _SAME_PICTURE_S or seen.size_wh != (picture.width, picture.height):
                        continue
                    image = np.asarray(picture.to_ndarray(format="bgr24"), dtype=np.uint8)[y0:y1, x0:x1]
                    corner = np.array([x0, y0, x0, y0], dtype=float)
                    out[seen.t_utc_us] = JudgedPicture(seen.t_utc_us, np.ascontiguousarray(image), box - corner)
    except (OSError, ValueError, IndexError, av.error.FFmpegError) as error:
        raise VideoError(f"{clip}: cannot be read ({error})", "leave this clip out") from error
    return list(out.values())
