"""What is drawn on a picture: all of it made from the record of that very frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from geofences.area import Area
from geofences.terrain import TerrainGrid
from groundstation.console import i18n, theme
from groundstation.console.video.ground import (
    GroundPath,
    GroundPlace,
    PictureLine,
    ground_under,
    path_in_picture,
    view_of,
)
from groundstation.console.video.stream import Shown
from groundstation.console.word_plates import WordPlates
from groundstation.core.records import VideoTracks
from vision.camera import CameraView
from vision.records import CLASS_NAMES, TrackStatus

_WORDS_MAX, _WORD_PX, _STEPS_UP = 80, 12, 6
"""More words in a picture than these cover what they name; the boxes are all drawn."""


@dataclass(frozen=True)
class GroundLine:
    """A line on the ground: corners ``(lat, lon)``, what to call it, and its colour's name in the theme."""

    name: str
    corners: tuple[tuple[float, float], ...]
    colour: str
    closed: bool = False
    dashed: bool = False


def lines_of(area: Area | None) -> tuple[GroundLine, ...]:
    """The border and the fences of an area. They are planned here; what an aircraft keeps is its own to tell."""
    if area is None:
        return ()
    lines = [GroundLine(f"{area.border.left} | {area.border.right}", tuple(area.border.points), "border_line")]
    lines += [GroundLine(z.name, tuple(z.points), "fence_planned", True) for z in area.inclusions]
    lines += [GroundLine(z.name, tuple(z.points), "exclusion", True, True) for z in area.exclusions]
    return tuple(lines)


def paths_of(lines: Sequence[GroundLine], terrain: TerrainGrid | None) -> list[tuple[GroundLine, GroundPath]]:
    """The lines with what every picture needs of them; none without a terrain model."""
    return [] if terrain is None else [(line, GroundPath.on(terrain, line.corners, line.closed)) for line in lines]


class FrameOverlay:
    """The tracks of one frame, and the ground seen through its pose. Lines are projected once, when first drawn."""

    def __init__(
        self,
        shown: Shown,
        record: VideoTracks,
        terrain: TerrainGrid | None,
        lines: Sequence[tuple[GroundLine, GroundPath]],
    ) -> None:
        self.record = record
        self._terrain, self._lines = terrain, lines
        self._view: CameraView | None = view_of(record.pose, *shown.full_size) if record.pose is not None else None
        self._projected: list[tuple[GroundLine, PictureLine]] | None = None

    @property
    def no_georeference(self) -> str:
        """Why nothing of this frame is on the map, "" when it is."""
        return self.record.tracks.no_georeference

    @property
    def lack(self) -> str:
        """Why a pixel has no place."""
        if self._view is None:
            return i18n.text("video", "no position: this frame has no camera pose")
        if self._terrain is None:
            return i18n.text("video", "no position: no terrain model")
        return i18n.text("video", "no ground there")

    def place_under(self, x_px: float, y_px: float) -> GroundPlace | None:
        """The ground under a pixel of the full picture."""
        if self._view is None or self._terrain is None:
            return None
        return ground_under(self._view, self._terrain, x_px, y_px)

    def lines(self) -> list[tuple[GroundLine, PictureLine]]:
        """The lines of the ground that run through the picture."""
        if self._projected is None:
            self._projected = []
            if self._view is not None and self._terrain is not None:
                for line, path in self._lines:
                    found = path_in_picture(self._view, self._terrain, path)
                    self._projected += [(line, part) for part in found]
        return self._projected

    def track_at(self, x_px: float, y_px: float, margin_px: float = 8.0) -> int | None:
        """The number of the track whose box is there; the nearest of several."""
        t = self.record.tracks
        if not len(t):
            return None
        inside = (
            (t.xyxy[:, 0] - margin_px <= x_px) & (x_px <= t.xyxy[:, 2] + margin_px)
            & (t.xyxy[:, 1] - margin_px <= y_px) & (y_px <= t.xyxy[:, 3] + margin_px)
            & (t.status != TrackStatus.TENTATIVE)
        )  # fmt: skip
        if not inside.any():
            return None
        centre = (t.xyxy[:, :2] + t.xyxy[:, 2:]) / 2
        distance = np.where(inside, np.hypot(*(centre - [x_px, y_px]).T), np.inf)
        return int(t.track_id[int(distance.argmin())])


def draw_lines(painter: QPainter, overlay: FrameOverlay, target: QRectF, pixels: float, plates: WordPlates) -> None:
    """Border and fences; what lies behind a hill is thin and dotted."""
    t = theme.on_picture()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line, part in overlay.lines():
        xy = part.xy_px * pixels + [target.left(), target.top()]
        colour = QColor(getattr(t, line.colour))
        corners = [QPointF(x, y) for x, y in xy.tolist()]
        seen = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
        for hidden, stretch in _stretches(corners, part.hidden.tolist()):
            if not hidden:
                painter.setPen(QPen(theme.colour("shadow", 150), 4.0))
                painter.drawPolyline(stretch)
            painter.setPen(QPen(colour, 1.0 if hidden else 2.0, Qt.PenStyle.DotLine if hidden else seen))
            painter.drawPolyline(stretch)
        visible = [corner for corner in corners if target.contains(corner)]
        if visible:
            middle = visible[len(visible) // 2]
            _word(painter, plates, middle.x() + 6, middle.y() - 6, line.name, line.colour)


def _stretches(corners: list[QPointF], hidden: list[bool]) -> Iterator[tuple[bool, QPolygonF]]:
    """Neighbouring pieces of one kind, as one polyline each: dashes do not begin anew at every corner."""
    start = 0
    for end in range(1, len(hidden) + 1):
        if end == len(hidden) or hidden[end] != hidden[start]:
            yield hidden[start], QPolygonF(corners[start : end + 1])
            start = end


def draw_boxes(painter: QPainter, overlay: FrameOverlay, target: QRectF, pixels: float, plates: WordPlates) -> None:
    """A box round each track that was seen in this frame; dashed and grey what could not be put on the ground."""
    tracks = overlay.record.tracks
    t = theme.on_picture()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    # Most tracks of a large picture coast: looked for all at once, row by row takes tens of milliseconds.
    seen = (tracks.status != TrackStatus.TENTATIVE) & np.isfinite(tracks.xyxy).all(axis=1)
    rows = np.flatnonzero(seen)
    boxes = [box for row in rows if (box := _box(tracks.xyxy[row], target, pixels, 4.0)) is not None]
    # All dark edges, then all boxes: each as one call.
    for pen in (QPen(theme.colour("shadow", 160), 3.5), QPen(QColor(t.own), 1.8)):
        painter.setPen(pen)
        painter.drawRects(boxes)
    names = [i18n.text("alerts", name) for name in CLASS_NAMES]
    taken: list[QRectF] = []
    best = tracks.class_probability[rows].argmax(axis=1) if len(rows) else rows
    for box, row, kind in zip(boxes[:_WORDS_MAX], rows, best, strict=False):
        text = f"{names[int(kind)]} {int(tracks.track_id[row]) % 1_000_000}"
        _word(painter, plates, box.left(), box.top() - 5, text, "own", taken)
    for xyxy, number in zip(tracks.unlocated_xyxy, tracks.unlocated_track_id.tolist(), strict=True):
        box = _box(xyxy, target, pixels, 0.0)
        if box is None:
            continue
        painter.setPen(QPen(QColor(t.dim), 1.2, Qt.PenStyle.DashLine))
        painter.drawRect(box)
        if number > 0:  # was a track on the map, and is followed in the picture
            _word(painter, plates, box.left(), box.top() - 4, str(number % 1_000_000), "picture_text", taken)


def _box(xyxy: np.ndarray, target: QRectF, pixels: float, air_px: float) -> QRectF | None:
    """On the widget, with air around it so that a small person can be seen; None while the track coasts."""
    if not np.isfinite(xyxy).all():
        return None
    x0, y0, x1, y1 = (xyxy * pixels).tolist()
    return QRectF(target.left() + x0 - air_px, target.top() + y0 - air_px, x1 - x0 + 2 * air_px, y1 - y0 + 2 * air_px)


def _word(
    painter: QPainter,
    plates: WordPlates,
    x: float,
    y: float,
    text: str,
    colour: str,
    taken: list[QRectF] | None = None,
) -> None:
    """A word whose plate stands with its lower edge at ``y``; higher up, with a line down to it, where others are ``taken``."""
    width, height = plates.size(text, _WORD_PX, True)
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    if taken is not None:
        box, lowest = QRectF(x - 3.0, y + 3.0 - height, width + 6.0, height), y
        for _ in range(_STEPS_UP):
            hit = next((other for other in taken if other.intersects(box)), None)
            if hit is None:
                break
            box.moveBottom(hit.top() - 1.0)
        else:
            return  # a crowd: its boxes are all there, and names on names would say nothing
        taken.append(box)
        y = box.top() + height - 3.0
        if y < lowest - 1.0:
            painter.setPen(QPen(QColor(getattr(theme.on_picture(), colour)), 1.0))
            painter.drawLine(QPointF(x, y + 3.0), QPointF(x, lowest + 4.0))
    plate = plates.plate(text, _WORD_PX, True, colour, ("shadow", 160), (width + 6.0, height), ratio)
    painter.drawPixmap(QPointF(round((x - 3.0) * ratio) / ratio, round((y + 3.0 - height) * ratio) / ratio), plate)
