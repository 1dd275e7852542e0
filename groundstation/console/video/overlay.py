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
from groundstation.console.video.ground import GroundPlace, PictureLine, ground_under, lines_in_picture, view_of
from groundstation.console.video.stream import Shown
from groundstation.core.records import VideoTracks
from vision.camera import CameraView
from vision.records import CLASS_NAMES, TrackStatus

_WORDS_MAX = 80
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


class FrameOverlay:
    """The tracks of one frame, and the ground seen through its pose. Lines are projected once, when first drawn."""

    def __init__(
        self, shown: Shown, record: VideoTracks, terrain: TerrainGrid | None, lines: Sequence[GroundLine]
    ) -> None:
        self.record = record
        self.key = (shown.frame_id, shown.t_utc_us)
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
                for line in self._lines:
                    found = lines_in_picture(self._view, self._terrain, line.corners, line.closed)
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


def draw_lines(painter: QPainter, overlay: FrameOverlay, target: QRectF, pixels: float) -> None:
    """Border and fences; what lies behind a hill is thin and dotted."""
    t = theme.palette()
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
            _word(painter, QPointF(middle.x() + 6, middle.y() - 6), line.name, colour)


def _stretches(corners: list[QPointF], hidden: list[bool]) -> Iterator[tuple[bool, QPolygonF]]:
    """Neighbouring pieces of one kind, as one polyline each: dashes do not begin anew at every corner."""
    start = 0
    for end in range(1, len(hidden) + 1):
        if end == len(hidden) or hidden[end] != hidden[start]:
            yield hidden[start], QPolygonF(corners[start : end + 1])
            start = end


def draw_boxes(painter: QPainter, overlay: FrameOverlay, target: QRectF, pixels: float) -> None:
    """A box round each track that was seen in this frame; dashed and grey what could not be put on the ground."""
    tracks = overlay.record.tracks
    t = theme.palette()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    # Most tracks of a large picture coast: looked for all at once, row by row takes tens of milliseconds.
    seen = (tracks.status != TrackStatus.TENTATIVE) & np.isfinite(tracks.xyxy).all(axis=1)
    for number, row in enumerate(np.flatnonzero(seen)):
        box = _box(tracks.xyxy[row], target, pixels, 4.0)
        if box is None:
            continue
        painter.setPen(QPen(theme.colour("shadow", 160), 3.5))
        painter.drawRect(box)
        painter.setPen(QPen(QColor(t.own), 1.8))
        painter.drawRect(box)
        if number >= _WORDS_MAX:
            continue
        name = i18n.text("alerts", CLASS_NAMES[int(np.argmax(tracks.class_probability[row]))])
        _word(
            painter,
            QPointF(box.left(), box.top() - 5),
            f"{name} {int(tracks.track_id[row]) % 1_000_000}",
            QColor(t.own),
        )
    for xyxy, number in zip(tracks.unlocated_xyxy, tracks.unlocated_track_id.tolist(), strict=True):
        box = _box(xyxy, target, pixels, 0.0)
        if box is None:
            continue
        painter.setPen(QPen(QColor(t.dim), 1.2, Qt.PenStyle.DashLine))
        painter.drawRect(box)
        if number > 0:  # was a track on the map, and is followed in the picture
            _word(painter, QPointF(box.left(), box.top() - 4), str(number % 1_000_000), QColor(t.picture_text))


def _box(xyxy: np.ndarray, target: QRectF, pixels: float, air_px: float) -> QRectF | None:
    """On the widget, with air around it so that a small person can be seen; None while the track coasts."""
    if not np.isfinite(xyxy).all():
        return None
    x0, y0, x1, y1 = (xyxy * pixels).tolist()
    return QRectF(target.left() + x0 - air_px, target.top() + y0 - air_px, x1 - x0 + 2 * air_px, y1 - y0 + 2 * air_px)


def _word(painter: QPainter, at: QPointF, text: str, colour: QColor) -> None:
    metrics = painter.fontMetrics()
    plate = QRectF(at.x() - 3, at.y() - metrics.ascent(), metrics.horizontalAdvance(text) + 6, metrics.height())
    painter.fillRect(plate, theme.colour("shadow", 160))
    painter.setPen(colour)
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
