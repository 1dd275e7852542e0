"""The drone's video with the boxes of the same frame, and how old the picture is: always."""

from __future__ import annotations

from collections import OrderedDict

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from groundstation.console import theme
from groundstation.core.clock import Clock, SystemClock
from groundstation.core.records import Preview, StreamHealth, VideoTracks
from vision.records import CLASS_NAMES, TrackStatus

_STALE_S = 2.0
_KEPT_FRAMES = 40


class VideoPanel(QWidget):
    """Draws the newest preview; a picture older than 2 s is greyed and says so.

    The age at arrival is the greater of the frame's own two (UTC of its capture, monotonic time of its receipt: the
    camera's clock may be ahead of ours); from then on the monotonic clock counts, so that a step of the machine's UTC
    makes no old picture fresh and no fresh one stale.
    """

    def __init__(self, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__(parent)
        self._clock = clock if clock is not None else SystemClock()
        self.setMinimumSize(320, 200)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._preview: Preview | None = None
        self._arrived_mono_ns = 0
        self._age_at_arrival_s = 0.0
        self._image: QImage | None = None
        self._tracks: OrderedDict[int, VideoTracks] = OrderedDict()
        self._health: StreamHealth | None = None

    def on_preview(self, preview: Preview) -> None:
        """A new picture."""
        self._preview = preview
        self._arrived_mono_ns = self._clock.mono_ns()
        self._age_at_arrival_s = max(
            (self._clock.utc_us() - preview.t_utc_us) / 1e6, (self._arrived_mono_ns - preview.t_mono_ns) / 1e9, 0.0
        )
        height, width = preview.image_bgr.shape[:2]
        self._image = QImage(
            np.ascontiguousarray(preview.image_bgr).data, width, height, 3 * width, QImage.Format.Format_BGR888
        ).copy()
        self.update()

    def on_tracks(self, record: VideoTracks) -> None:
        """Boxes wait here for the picture of their frame."""
        self._tracks[record.tracks.frame_id] = record
        while len(self._tracks) > _KEPT_FRAMES:
            self._tracks.popitem(last=False)

    def on_health(self, health: StreamHealth) -> None:
        """The state of the stream."""
        self._health = health
        self.update()

    def age_s(self) -> float:
        """Seconds since the picture was taken; infinite without one."""
        if self._preview is None:
            return float("inf")
        return self._age_at_arrival_s + (self._clock.mono_ns() - self._arrived_mono_ns) / 1e9

    def _boxes(self) -> VideoTracks | None:
        """The tracks of the shown frame, or of the newest one before it."""
        if self._preview is None:
            return None
        older = [frame for frame in self._tracks if frame <= self._preview.frame_id]
        return self._tracks[max(older)] if older and self._preview.frame_id - max(older) <= 3 else None

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor("#05080a"))
        font = QFont(self.font())
        font.setPixelSize(12)
        font.setBold(True)
        painter.setFont(font)
        age_s = self.age_s()
        if self._image is None or self._preview is None:
            self._message(painter, self._state_text() or self.tr("no video yet"), theme.DIM)
            painter.end()
            return
        factor = min(self.width() / self._image.width(), self.height() / self._image.height())
        size = (self._image.width() * factor, self._image.height() * factor)
        target = QRectF((self.width() - size[0]) / 2, (self.height() - size[1]) / 2, *size)
        painter.drawImage(target, self._image)
        stale = age_s > _STALE_S
        if stale:
            painter.fillRect(target, theme.colour("#000000", 150))
        else:
            self._draw_boxes(painter, target, factor * self._preview.scale)
        self._draw_footer(painter, target, age_s, stale)
        if stale:
            self._message(painter, self.tr("STALE PICTURE") + f"  {age_s:.0f} s", theme.ALARM)
        painter.end()

    def _draw_boxes(self, painter: QPainter, target: QRectF, pixels: float) -> None:
        record = self._boxes()
        if record is None:
            return
        tracks = record.tracks
        for row in np.flatnonzero(tracks.status != TrackStatus.TENTATIVE):
            x0, y0, x1, y1 = tracks.xyxy[row]
            if not np.isfinite(x0):
                continue
            # Small people get a box that can be seen, with air around them.
            box = QRectF(
                target.left() + x0 * pixels - 4,
                target.top() + y0 * pixels - 4,
                (x1 - x0) * pixels + 8,
                (y1 - y0) * pixels + 8,
            )
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("#000000", 160), 3.5))
            painter.drawRect(box)
            painter.setPen(QPen(QColor(theme.OWN_TRACK), 1.8))
            painter.drawRect(box)
            name = CLASS_NAMES[int(np.argmax(tracks.class_probability[row]))]
            text = f"{name} {int(tracks.track_id[row]) % 1_000_000}"
            width = painter.fontMetrics().horizontalAdvance(text) + 8
            plate = QRectF(box.left(), box.top() - 17, width, 16)
            painter.fillRect(plate, theme.colour("#000000", 170))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
        for (x0, y0, x1, y1), number in zip(tracks.unlocated_xyxy, tracks.unlocated_track_id.tolist(), strict=True):
            box = QRectF(
                target.left() + x0 * pixels, target.top() + y0 * pixels, (x1 - x0) * pixels, (y1 - y0) * pixels
            )
            painter.setPen(QPen(theme.colour(theme.DIM), 1.2, Qt.PenStyle.DashLine))
            painter.drawRect(box)
            if number > 0:  # was a track on the map, and is followed in the picture
                painter.setPen(QColor(theme.TEXT))
                painter.drawText(QPointF(box.left(), box.top() - 4), str(number % 1_000_000))
        if tracks.no_georeference:
            strip = QRectF(target.left(), target.top(), target.width(), 22)
            painter.fillRect(strip, theme.colour("#000000", 170))
            painter.setPen(QColor(theme.CAUTION))
            painter.drawText(strip, Qt.AlignmentFlag.AlignCenter, self.tr("not on the map: ") + tracks.no_georeference)

    def _draw_footer(self, painter: QPainter, target: QRectF, age_s: float, stale: bool) -> None:
        strip = QRectF(target.left(), target.bottom() - 22, target.width(), 22)
        painter.fillRect(strip, theme.colour("#000000", 170))
        age = f"{age_s * 1000:.0f} ms" if age_s < 10 else f"{age_s:.0f} s"
        painter.setPen(QColor(theme.ALARM if stale else theme.CAUTION if age_s > 1.0 else theme.OK))
        painter.drawText(strip.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, self.tr("picture age ") + age)
        painter.setPen(QColor(theme.TEXT))
        painter.drawText(
            strip.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, self._state_text()
        )
        bias = self._health.health.camera_bias if self._health is not None else ""
        if bias:
            line = strip.translated(0, -22)
            painter.fillRect(line, theme.colour("#000000", 130))
            text = painter.fontMetrics().elidedText(bias, Qt.TextElideMode.ElideRight, int(line.width()) - 16)
            painter.drawText(line.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, text)

    def _state_text(self) -> str:
        if self._health is None:
            return ""
        health = self._health.health
        if health.state != "running":
            return f"{health.state.replace('_', ' ')}: {health.detail}".rstrip(": ")
        klv = "KLV" if health.has_klv else "no KLV"
        return f"{health.processed_per_s:.1f}/s  {health.inference_ms:.0f} ms  {klv}"

    def _message(self, painter: QPainter, text: str, name: str) -> None:
        painter.setPen(QColor(name))
        font = QFont(painter.font())
        font.setPixelSize(18)
        painter.setFont(font)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, text)
