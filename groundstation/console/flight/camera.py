"""The camera of the chosen aircraft by mouse, by keys, and by what is selected on the map."""

from __future__ import annotations

import html
import math

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt, QTimer, pyqtSignal
from PyQt6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PyQt6.QtWidgets import QGridLayout, QInputDialog, QLabel, QPushButton, QWidget

from groundstation.console import i18n, theme
from groundstation.console.context import ConsoleContext
from groundstation.console.flight.answers import Answers
from groundstation.console.flight.joystick_reader import JoystickReader, window_is_active
from groundstation.console.focus import VehicleFocus
from groundstation.console.freshness import Held, is_live
from groundstation.console.panels.common import Panel, number
from groundstation.core import topics
from groundstation.core.records import CommandOutcome, VehicleId, VehicleState, VideoTracks
from groundstation.core.safety_records import CameraState

_FASTEST_DEG_S = 30.0
_KEY_DEG_S = 12.0
_EVERY_MS = 200
_KEYS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0),
    Qt.Key.Key_Down: (0.0, -1.0),
}


def rates(dx: float, dy: float, radius: float) -> tuple[float, float]:
    """Rates in degrees a second from how far the mouse was dragged: slow near the middle, for fine work."""
    reach = min(math.hypot(dx, dy) / radius, 1.0) if radius > 0 else 0.0
    if reach < 0.06:
        return 0.0, 0.0
    speed, angle = _FASTEST_DEG_S * reach**2, math.atan2(-dy, dx)
    return speed * math.cos(angle), speed * math.sin(angle)


class Stick(QWidget):
    """Drag: the camera turns as long as the button is down, the faster the further. Arrow keys and the wheel likewise.

    ``rates`` come five times a second while it is turning and once with zeros when it is let go, whatever lets it go:
    a stick that loses the keyboard or is disabled stops the camera. A joystick holds it from outside (:meth:`hold`).
    """

    rates = pyqtSignal(float, float)
    zoom = pyqtSignal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(110, 110)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._from: QPointF | None = None
        self._to = QPointF()
        self._keys: set[int] = set()
        self._outside: tuple[float, float] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._tell)

    def _radius(self) -> float:
        return 0.45 * min(self.width(), self.height())

    def current(self) -> tuple[float, float]:
        """The rates that the hand asks for now."""
        if self._from is not None:
            return rates(self._to.x() - self._from.x(), self._to.y() - self._from.y(), self._radius())
        if self._outside is not None:
            return self._outside
        azimuth = sum(_KEYS[Qt.Key(key)][0] for key in self._keys)
        elevation = sum(_KEYS[Qt.Key(key)][1] for key in self._keys)
        return _KEY_DEG_S * azimuth, _KEY_DEG_S * elevation

    def _tell(self) -> None:
        self.rates.emit(*self.current())

    def _begin(self) -> None:
        if not self._timer.isActive():
            self._timer.start()
        self._tell()
        self.update()

    def hold(self, azimuth_deg_s: float, elevation_deg_s: float) -> None:
        """A joystick's hand is on it."""
        if not self.isEnabled():
            return
        begins, self._outside = self._outside is None, (azimuth_deg_s, elevation_deg_s)
        if begins:
            self._begin()
        self.update()

    def let_go(self) -> None:
        """Stop."""
        self._from = self._outside = None
        self._keys.clear()
        if self._timer.isActive():
            self._timer.stop()
            self.rates.emit(0.0, 0.0)
        self.update()

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and event.button() == Qt.MouseButton.LeftButton:
            self._from = self._to = event.position()
            self._begin()

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None and self._from is not None:
            self._to = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent | None) -> None:
        self.let_go()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        if event is not None and event.angleDelta().y():
            self.zoom.emit(1 if event.angleDelta().y() > 0 else -1)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in _KEYS:
            if not event.isAutoRepeat():
                self._keys.add(event.key())
                self._begin()
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent | None) -> None:
        if event is not None and event.key() in _KEYS:
            if not event.isAutoRepeat():
                self._keys.discard(event.key())
                if self._keys:
                    self._tell()
                else:
                    self.let_go()
            return
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        if self._outside is None:  # a joystick needs no keyboard
            self.let_go()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        t, middle, radius = theme.palette(), QRectF(self.rect()).center(), self._radius()
        on = self.isEnabled()
        painter.setBrush(QColor(t.raised))
        painter.setPen(QPen(QColor(t.information if self.hasFocus() else t.edge), 2 if self.hasFocus() else 1))
        painter.drawEllipse(middle, radius, radius)
        painter.setPen(QPen(QColor(t.edge), 1))
        painter.drawLine(QPointF(middle.x() - radius, middle.y()), QPointF(middle.x() + radius, middle.y()))
        painter.drawLine(QPointF(middle.x(), middle.y() - radius), QPointF(middle.x(), middle.y() + radius))
        knob = QPointF(middle)
        if self._from is not None:
            pull = self._to - self._from
            length = math.hypot(pull.x(), pull.y())
            knob += pull * (min(length, radius) / length) if length > 0 else QPointF()
        elif self._outside is not None:
            azimuth, elevation = self._outside
            knob += QPointF(azimuth, -elevation) * (radius / _FASTEST_DEG_S)
        elif self._keys:
            azimuth, elevation = self.current()
            knob += QPointF(azimuth, -elevation) * (0.5 * radius / _KEY_DEG_S)
        painter.setBrush(QColor(t.information if on else t.disabled))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(knob, 9, 9)
        painter.end()


class CameraPanel(Panel):
    """Who holds the camera, where it looks, and the ways to point it."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(i18n.text("views", "Camera"), parent)
        self._context, self._flight, self._who = context, context.services.get("flight"), context.operator
        self._vehicle_id: VehicleId | None = None
        self._state: VehicleState | None = None
        self._camera: Held[CameraState] = Held(topics.CAMERA_STATE, context.clock)
        self._place: tuple[float, float] | None = None
        self._newest: dict[str, VideoTracks] = {}
        self._busy = False
        self._next_rates: tuple[VehicleId, float, float] | None = None
        self._facts = QLabel()
        self._facts.setWordWrap(True)
        self.stick = Stick()
        self.stick.setToolTip(self.tr("Drag, or arrow keys, to turn the camera; the wheel zooms"))
        self.look = QPushButton(self.tr("Look here"))
        self.look.setToolTip(self.tr("Look at the selected track, or at the place that was last asked for on the map"))
        self.along = QPushButton(self.tr("Along the border"))
        self.ahead = QPushButton(self.tr("Ahead"))
        self.wider, self.closer = QPushButton(self.tr("Wider")), QPushButton(self.tr("Closer"))
        self.take, self.release = QPushButton(self.tr("Take…")), QPushButton(self.tr("Release"))
        self._outcome = QLabel()
        self._outcome.setWordWrap(True)
        grid = QGridLayout()
        grid.addWidget(self.stick, 0, 0, 4, 1)
        for index, button in enumerate(
            (self.look, self.along, self.ahead, self.release, self.wider, self.closer, self.take)
        ):
            button.setObjectName("small")
            grid.addWidget(button, index // 2, 1 + index % 2)
        grid.setColumnStretch(0, 1)
        self.body.addWidget(self._facts)
        self.body.addLayout(grid)
        self.body.addWidget(self._outcome)
        self.body.addStretch(1)
        self._answers = Answers(self)
        self._answers.arrived.connect(self._on_answer)
        self._focus = VehicleFocus(context, self)
        self._focus.changed.connect(self._on_vehicle)
        self._focus.state.connect(self._on_state)
        self._focus.camera_state.connect(self._camera.put)
        context.selection.look_at.connect(self._on_place)
        context.selection.track_chosen.connect(lambda _: self._show())
        context.bridge.tracks.connect(self._on_tracks)
        context.bridge.tick.connect(self._show)
        self.joystick = JoystickReader(
            context.settings, self.stick.hold, self.stick.let_go, lambda: window_is_active(self), parent=self
        )
        self.stick.rates.connect(self._turn)
        self.stick.zoom.connect(self._zoom)
        self.look.clicked.connect(self._look_here)
        self.along.clicked.connect(lambda: self._ask("look_along_border"))
        self.ahead.clicked.connect(lambda: self._ask("centre_camera"))
        self.release.clicked.connect(lambda: self._ask("release_camera"))
        self.wider.pressed.connect(lambda: self._zoom(-1))
        self.closer.pressed.connect(lambda: self._zoom(1))
        for button in (self.wider, self.closer):
            button.released.connect(lambda: self._zoom(0))
        self.take.clicked.connect(self._take)
        self._show()

    def facts_text(self) -> str:
        """What is said of the camera."""
        return self._facts.text()

    def _on_vehicle(self, vehicle_id: VehicleId | None) -> None:
        # A hand on the stick of one aircraft must not turn the camera of another.
        self.joystick.drop()
        self.stick.let_go()
        self._vehicle_id, self._state = vehicle_id, None
        self._camera.clear()
        self._outcome.clear()
        self._show()

    def _on_state(self, state: VehicleState) -> None:
        self._vehicle_id, self._state = state.vehicle_id, state

    def _on_place(self, lat_deg: float, lon_deg: float) -> None:
        self._place = (lat_deg, lon_deg)

    def _on_tracks(self, record: VideoTracks) -> None:
        self._newest[record.stream] = record

    def _target(self) -> tuple[float, float] | None:
        track = self._context.selection.track
        if track is None:
            return self._place
        record = self._newest.get(track[0])
        rows = np.flatnonzero(record.tracks.track_id == track[1]) if record is not None else ()
        if record is None or not len(rows):
            return None
        return float(record.tracks.lat_deg[rows[0]]), float(record.tracks.lon_deg[rows[0]])

    def _show(self) -> None:
        state, camera = self._state, self._camera.record
        live = is_live(state, self._context.clock.mono_ns())
        able = self._flight is not None and live
        for widget in (
            self.stick, self.along, self.ahead, self.release, self.wider, self.closer, self.take,
        ):  # fmt: skip
            if widget.isEnabled() != able:
                widget.setEnabled(able)
                if not able and widget is self.stick:
                    self.joystick.drop()
                    self.stick.let_go()
        self.look.setEnabled(able and self._target() is not None)
        lines = []
        if self._flight is None:
            lines.append(self.tr("This console was opened without a link to an aircraft."))
        if state is None:
            lines.append(self.tr("no aircraft"))
        elif not live:
            lines.append(self.tr("The aircraft is not heard: where the camera looks is not known."))
        else:
            azimuth = number(state.gimbal_azimuth_deg % 360, "°")
            elevation = number(state.gimbal_elevation_deg, "°")
            lines.append(
                i18n.fill(self.tr("Looks {azimuth} from north, {elevation} up"), azimuth=azimuth, elevation=elevation)
            )
            if camera is not None and not self._camera.live:
                lines.append(self.tr("Who holds it is not known."))
            elif camera is not None:
                lines += self._holder_lines(camera)
        joystick = self.joystick.text()
        lines += [joystick] if joystick else []
        text = "<br>".join(html.escape(line) for line in lines)
        if text != self._facts.text():
            self._facts.setText(text)

    def _holder_lines(self, camera: CameraState) -> list[str]:
        lines = []
        if camera.holder == self._who:
            lines.append(self.tr("You hold it."))
            if camera.asked_by:
                lines.append(i18n.fill(self.tr("{name} asks for it: use it to keep it."), name=camera.asked_by))
        elif camera.holder:
            lines.append(i18n.fill(self.tr("Held by {name}."), name=camera.holder))
        else:
            lines.append(self.tr("Nobody holds it."))
        if camera.foreign_control:
            lines.append(i18n.fill(self.tr("Another station is in control: {name}."), name=camera.foreign_control))
        if camera.looking_at:
            lines.append(i18n.fill(self.tr("Told to look at: {place}"), place=camera.looking_at))
        return lines

    # -- orders --------------------------------------------------------------------------------------------------

    def _ask(self, name: str, *arguments: object) -> None:
        if self._flight is not None and self._vehicle_id is not None:
            self._answers.expect(name, getattr(self._flight, name)(self._vehicle_id, self._who, *arguments))

    def _turn(self, azimuth_deg_s: float, elevation_deg_s: float) -> None:
        """One order under way at a time; the newest hand movement follows, and the last one (stop) always does."""
        if self._vehicle_id is None or self._flight is None:
            return
        if self._busy:
            self._next_rates = (self._vehicle_id, azimuth_deg_s, elevation_deg_s)
            return
        self._busy = True
        self._ask("turn_camera", azimuth_deg_s, elevation_deg_s)

    def _zoom(self, direction: int) -> None:
        self._ask("zoom_camera", direction)

    def _look_here(self) -> None:
        target = self._target()
        if target is not None:
            self._ask("look_here", *target)

    def _take(self) -> None:
        camera = self._camera.record
        reason = ""
        if camera is not None and camera.holder not in ("", self._who):
            reason, given = QInputDialog.getText(
                self,
                self.tr("Take the camera"),
                i18n.fill(self.tr("{name} holds it. Why is it taken?"), name=camera.holder),
            )
            if not given or not reason.strip():
                return
        self._ask("take_camera", reason)

    def _on_answer(self, name: str, result: object) -> None:
        if name == "turn_camera":
            self._busy = False
            if self._next_rates is not None and self._flight is not None:
                vehicle_id, azimuth, elevation = self._next_rates
                self._next_rates, self._busy = None, True
                # To the aircraft that the hand was on, also if another was chosen meanwhile: it has to stop.
                self._answers.expect(name, self._flight.turn_camera(vehicle_id, self._who, azimuth, elevation))
        if isinstance(result, Exception):
            self._outcome.setText(f'<b style="color:{theme.ALARM}">{html.escape(str(result))}</b>')
        elif isinstance(result, CommandOutcome):
            word = "" if result.ok else f"{result.result.value}: {result.reason}"
            self._outcome.setText(f'<b style="color:{theme.CAUTION}">{html.escape(word)}</b>' if word else "")
