"""One picture on the screen with what belongs to its frame: boxes, border, fences, its age, and the place under the cursor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from groundstation.console import i18n, theme
from groundstation.console.video.carry import MOST_CARRIED_S
from groundstation.console.video.ground import GroundPlace
from groundstation.console.video.overlay import FrameOverlay, draw_boxes, draw_lines
from groundstation.console.video.palettes import coloured
from groundstation.console.video.stream import Shown
from groundstation.console.word_plates import WordPlates

STALE_S = 2.0
_MOST_ZOOM = 8.0
_CLICK_PX = 5.0


def as_image(image_bgr: np.ndarray) -> QImage:
    """A copy that Qt owns."""
    height, width = image_bgr.shape[:2]
    data = np.ascontiguousarray(image_bgr)
    return QImage(data.data, width, height, 3 * width, QImage.Format.Format_BGR888).copy()


class PictureWidget(QWidget):
    """Draws what it is told to; ``age_s`` is asked at every paint, so that a picture that stands still grows old."""

    place_clicked = pyqtSignal(float, float)
    track_clicked = pyqtSignal(str, int)

    def __init__(self, stream: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stream = stream
        self.setMinimumSize(240, 150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.setAccessibleName(i18n.fill(self.tr("Video {stream}"), stream=stream))
        self.overlay: FrameOverlay | None = None
        self.palette_name = "as received"
        self.show_boxes = self.show_lines = True
        self.state_text = ""
        self.bias_text = ""
        self.recording_text = ""
        self.age_s: Callable[[], float] = lambda: float("inf")
        self._shown: Shown | None = None
        self._image: QImage | None = None
        self._image_key: tuple[int, int, str, bool] | None = None
        self._inset: QImage | None = None
        self._inset_key: tuple[int, int, str] | None = None
        self._zoom, self._centre = 1.0, (0.5, 0.5)
        self._pressed: QPointF | None = None
        self._dragged = False
        self._place: GroundPlace | None = None
        self._place_lack = ""
        self._plates = WordPlates(theme.on_picture)

    # -- what is shown -----------------------------------------------------------------------------------------------

    @property
    def shown(self) -> Shown | None:
        """The picture on the screen."""
        return self._shown

    def show_picture(self, shown: Shown | None, overlay: FrameOverlay | None, inset: Shown | None = None) -> None:
        """``overlay`` of the same frame; ``inset``: the live picture, while another is shown."""
        self._shown, self.overlay = shown, overlay
        key = None if shown is None else (shown.frame_id, shown.t_utc_us, self.palette_name, shown.live)
        if shown is None:
            self._image = None
        elif key != self._image_key:
            self._image = as_image(coloured(shown.image_bgr, self.palette_name))
        self._image_key = key
        inset_key = None if inset is None else (inset.frame_id, inset.t_utc_us, self.palette_name)
        if inset is None:
            self._inset = None
        elif inset_key != self._inset_key:
            self._inset = as_image(coloured(inset.image_bgr, self.palette_name))
        self._inset_key = inset_key
        self.update()

    # -- places --------------------------------------------------------------------------------------------------------

    def target(self) -> QRectF:
        """Where the whole picture lies on the widget, parts of it outside when zoomed."""
        if self._image is None:
            return QRectF(self.rect())
        factor = min(self.width() / self._image.width(), self.height() / self._image.height()) * self._zoom
        width, height = self._image.width() * factor, self._image.height() * factor
        return QRectF(
            self.width() / 2 - self._centre[0] * width, self.height() / 2 - self._centre[1] * height, width, height
        )

    def to_picture(self, place: QPointF) -> tuple[float, float] | None:
        """A place on the widget in pixels of the full picture; None beside the picture."""
        target = self.target()
        if self._shown is None or not target.contains(place):
            return None
        width, height = self._shown.full_size
        x = (place.x() - target.left()) / target.width() * width
        return x, (place.y() - target.top()) / target.height() * height

    def zoom_at(self, place: QPointF, factor: float) -> None:
        """Zoom digitally; what is under ``place`` stays there."""
        before = self.target()
        share = ((place.x() - before.left()) / before.width(), (place.y() - before.top()) / before.height())
        self._zoom = min(max(self._zoom * factor, 1.0), _MOST_ZOOM)
        after = self.target()
        self._centre = (
            share[0] + (self.width() / 2 - place.x()) / after.width(),
            share[1] + (self.height() / 2 - place.y()) / after.height(),
        )
        self._keep_inside()
        self.update()

    @property
    def zoom(self) -> float:
        """1 shows the whole picture."""
        return self._zoom

    def _keep_inside(self) -> None:
        half = 0.5 / self._zoom
        self._centre = (min(max(self._centre[0], half), 1 - half), min(max(self._centre[1], half), 1 - half))

    # -- the operator's hand -------------------------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is not None:
            self.zoom_at(event.position(), 1.25 ** (event.angleDelta().y() / 120.0))
            event.accept()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        here = event.position()
        if self._pressed is not None and event.buttons() & Qt.MouseButton.LeftButton:
            moved = here - self._pressed
            if self._dragged or moved.manhattanLength() > _CLICK_PX:
                self._dragged = True
                target = self.target()
                self._centre = (
                    self._centre[0] - moved.x() / target.width(), self._centre[1] - moved.y() / target.height()
                )  # fmt: skip
                self._pressed = here
                self._keep_inside()
                self.update()
            return
        self._look_up(here)

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        if event is None or self._pressed is None or event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed = None
        pixel = self.to_picture(event.position())
        if self._dragged or pixel is None or self._shown is None:
            return
        if self.overlay is not None:
            number = self.overlay.track_at(*pixel)
            if number is not None:
                self.track_clicked.emit(self.stream, number)
            place = self.overlay.place_under(*pixel)
            if place is not None:
                self.place_clicked.emit(place.lat_deg, place.lon_deg)

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        self._zoom, self._centre = 1.0, (0.5, 0.5)
        self.update()

    def leaveEvent(self, event: object) -> None:
        self._place, self._place_lack = None, ""
        self.update()

    def _look_up(self, here: QPointF) -> None:
        pixel = self.to_picture(here)
        self._place, self._place_lack = None, ""
        if pixel is not None and self._shown is not None:
            if self.overlay is None:
                self._place_lack = self.tr("no position: the tracks of this frame have not come")
            else:
                self._place = self.overlay.place_under(*pixel)
                self._place_lack = "" if self._place is not None else self.overlay.lack
        self.update()

    @property
    def place_text(self) -> str:
        """The place under the cursor in words, or why there is none."""
        if self._place is None:
            return self._place_lack
        p = self._place
        north, east = ("N" if p.lat_deg >= 0 else "S"), ("E" if p.lon_deg >= 0 else "W")
        return f"{abs(p.lat_deg):.5f} {north} {abs(p.lon_deg):.5f} {east}  {p.alt_amsl_m:.0f} m AMSL  " + i18n.fill(
            self.tr("{range} m away"), range=round(p.range_m)
        )

    @property
    def boxes_text(self) -> str:
        """Of when the boxes are, "" when they are the picture's own; why there are none when the analysis has stopped."""
        shown = self._shown
        if shown is None or not self.show_boxes:
            return ""
        if shown.tracks is None and MOST_CARRIED_S < shown.analysed_s_ago < float("inf"):
            ago = f"{shown.analysed_s_ago:.0f}"
            return i18n.fill(self.tr("NO BOXES: last analysed {seconds} s ago"), seconds=ago)
        if abs(shown.carried_s) < 0.001:
            return ""
        return i18n.fill(self.tr("boxes carried on {ms} ms"), ms=f"{shown.carried_s * 1000:.0f}")

    # -- painting --------------------------------------------------------------------------------------------------------

    def stale(self) -> bool:
        """Whether the picture is too old to be shown as live."""
        return self._shown is not None and self._shown.live and self.age_s() > STALE_S

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t = theme.on_picture()
        painter.fillRect(self.rect(), QColor(t.shadow))
        font = QFont(self.font())
        font.setPixelSize(12)
        font.setBold(True)
        painter.setFont(font)
        if self._image is None or self._shown is None:
            self._message(painter, self.state_text or self.tr("no video yet"), t.dim)
            painter.end()
            return
        target = self.target()
        visible = target.intersected(QRectF(self.rect()))
        # Smoothing a large picture on every paint costs more than it shows; enlarged, the pixels are to be seen as they are.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, target.width() < self._image.width())
        painter.setClipRect(visible)
        painter.drawImage(target, self._image)
        if t.tint != "#ffffff":
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.fillRect(visible, QColor(t.tint))
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        stale = self.stale()
        if stale:
            painter.fillRect(visible, theme.colour("shadow", 150))
        elif self.overlay is not None:
            width, _ = self._shown.full_size
            pixels = target.width() / width
            if self.show_lines:
                draw_lines(painter, self.overlay, target, pixels, self._plates)
            if self.show_boxes:
                draw_boxes(painter, self.overlay, target, pixels, self._plates)
        self._draw_words(painter, visible, stale)
        painter.setClipping(False)
        if stale:
            words = i18n.fill(self.tr("STALE PICTURE  {seconds} s"), seconds=f"{self.age_s():.0f}")
            self._message(painter, words, t.alarm)
        if not self._shown.live:
            self._draw_not_live(painter, visible)
        painter.end()

    def _draw_words(self, painter: QPainter, visible: QRectF, stale: bool) -> None:
        t = theme.on_picture()
        age_s = self.age_s()
        strip = QRectF(visible.left(), visible.bottom() - 22, visible.width(), 22)
        painter.fillRect(strip, theme.colour("shadow", 170))
        inner = strip.adjusted(8, 0, -8, 0)
        shown_age = f"{age_s * 1000:.0f} ms" if age_s < 2 else f"{min(age_s, 9999):.0f} s"
        painter.setPen(QColor(t.alarm if stale else t.caution if age_s > 1.0 else t.ok))
        text = i18n.fill(self.tr("picture age {age}"), age=shown_age)
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, text)
        left = painter.fontMetrics().horizontalAdvance(text) + 16
        boxes = self.boxes_text
        if boxes and not stale:
            late = self.overlay is None
            painter.setPen(QColor(t.caution if late else t.picture_text))
            # Said whole or not at all, but for what is a warning.
            room = inner.adjusted(left, 0, 0, 0)
            if late:
                boxes = painter.fontMetrics().elidedText(boxes, Qt.TextElideMode.ElideRight, int(room.width()))
            if painter.fontMetrics().horizontalAdvance(boxes) <= room.width():
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, boxes)
                left += painter.fontMetrics().horizontalAdvance(boxes) + 16
        painter.setPen(QColor(t.picture_text))
        right = self.state_text if stale else self.place_text or self.state_text
        if self._zoom > 1.0:
            right = f"{right}   ×{self._zoom:.1f}"
        metrics = painter.fontMetrics()
        right = metrics.elidedText(right, Qt.TextElideMode.ElideLeft, max(0, int(inner.width()) - left))
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, right)
        above = []
        if self.overlay is not None and self.overlay.no_georeference:
            above.append((self.tr("not on the map: ") + self.overlay.no_georeference, t.caution))
        if self.bias_text:
            above.append((self.bias_text, t.picture_text))
        for number, (words, colour) in enumerate(above):
            line = strip.translated(0, -22.0 * (number + 1))
            painter.fillRect(line, theme.colour("shadow", 140))
            painter.setPen(QColor(colour))
            short = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(line.width()) - 16)
            painter.drawText(line.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, short)
        top = QRectF(visible.left() + 6, visible.top() + 4, visible.width() - 12, 20)
        corner = self.stream + (f"  ·  {self.palette_name}" if self.palette_name != "as received" else "")
        _plate(painter, top, corner, t.picture_text, Qt.AlignmentFlag.AlignLeft)
        if self.recording_text:
            _plate(painter, top.translated(0, 22), self.recording_text, t.alarm, Qt.AlignmentFlag.AlignLeft)

    def _draw_not_live(self, painter: QPainter, visible: QRectF) -> None:
        t = theme.on_picture()
        words = i18n.fill(self.tr("NOT LIVE   {seconds} s ago"), seconds=f"{self.age_s():.0f}")
        font = QFont(painter.font())
        font.setPixelSize(18)
        painter.save()
        painter.setFont(font)
        bar = QRectF(visible.left(), visible.top() + 24, visible.width(), 30)
        painter.fillRect(bar, QColor(t.caution))
        painter.setPen(QColor(t.on_alarm))
        painter.drawText(bar, Qt.AlignmentFlag.AlignCenter, words)
        painter.setPen(QColor(t.caution))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for inset in (1.5, 4.5):
            painter.drawRect(visible.adjusted(inset, inset, -inset, -inset))
        painter.restore()
        if self._inset is not None:
            width = visible.width() * 0.28
            height = width * self._inset.height() / self._inset.width()
            box = QRectF(visible.right() - width - 8, visible.bottom() - height - 52, width, height)
            painter.drawImage(box, self._inset)
            painter.setPen(QColor(t.ok))
            painter.drawRect(box)
            _plate(painter, box.adjusted(2, 2, -2, 0), self.tr("LIVE"), t.ok, Qt.AlignmentFlag.AlignLeft)

    def _message(self, painter: QPainter, text: str, colour: str) -> None:
        painter.setPen(QColor(colour))
        font = QFont(painter.font())
        font.setPixelSize(18)
        painter.setFont(font)
        painter.drawText(QRectF(self.rect()), Qt.AlignmentFlag.AlignCenter, text)


def _plate(painter: QPainter, box: QRectF, text: str, colour: str, side: Qt.AlignmentFlag) -> None:
    """Words on a dark plate, readable on any picture."""
    metrics = painter.fontMetrics()
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) - 8)
    plate = QRectF(box.left(), box.top(), metrics.horizontalAdvance(text) + 10, 18)
    painter.fillRect(plate, theme.colour("shadow", 160))
    painter.setPen(QColor(colour))
    painter.drawText(plate, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignHCenter, text)
