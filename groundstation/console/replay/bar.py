"""The bar of a replay: that it is one, which moment is shown, to and fro, and how fast. Above everything, never away."""

from __future__ import annotations

from datetime import UTC, datetime

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

from groundstation.console import i18n, theme

_SLIDER_STEPS = 10_000


def moment(t_utc_us: int) -> str:
    """Day and time, UTC."""
    return datetime.fromtimestamp(t_utc_us / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S Z")


class ReplayBar(QWidget):
    """Tells what is wanted; who owns the player does it. ``seek``: a moment (UTC, microseconds)."""

    play = pyqtSignal(bool)
    speed = pyqtSignal(float)
    seek = pyqtSignal(object)
    back_to_live = pyqtSignal()

    def __init__(
        self, from_utc_us: int, to_utc_us: int, speeds: tuple[float, ...], lacks: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("replay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._from_us, self._to_us, self._now_us = from_utc_us, to_utc_us, from_utc_us
        self.mark = QLabel()
        self.mark.setObjectName("replay-mark")
        self.when = QLabel()
        self.when.setObjectName("replay-when")
        self.button = QPushButton()
        self.button.setCheckable(True)
        self.back, self.on = QPushButton("◀ 10 s"), QPushButton("10 s ▶")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _SLIDER_STEPS)
        self.slider.setAccessibleName(self.tr("Moment of the replay"))
        self.speeds = QComboBox()
        self.speeds.setAccessibleName(self.tr("Speed of the replay"))
        for factor in speeds:
            self.speeds.addItem(f"{factor:g} ×", factor)
        self.live = QPushButton()
        self.live.setObjectName("alarm")
        self.lacks = QLabel(lacks)
        self.lacks.setWordWrap(True)
        row = QHBoxLayout()
        for widget in (self.mark, self.when, self.back, self.button, self.on, self.speeds):
            row.addWidget(widget)
        row.addWidget(self.slider, 1)
        row.addWidget(self.live)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 10, 6)
        column.addLayout(row)
        column.addWidget(self.lacks)
        self.button.clicked.connect(self.play.emit)
        self.back.clicked.connect(lambda: self.seek.emit(self._now_us - 10_000_000))
        self.on.clicked.connect(lambda: self.seek.emit(self._now_us + 10_000_000))
        self.speeds.activated.connect(lambda _: self.speed.emit(float(self.speeds.currentData())))
        self.slider.sliderReleased.connect(self._let_go)
        self.live.clicked.connect(self.back_to_live)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.show_moment(from_utc_us, False, False)
        self.show_live(0)

    def _restyle(self) -> None:
        t = theme.palette()
        self.setStyleSheet(
            f"QWidget#replay {{ background: {t.caution}; }}"
            f" QWidget#replay QLabel {{ color: {t.on_alarm}; font-weight: 700; }}"
            f" QLabel#replay-mark {{ font-size: 20px; }} QLabel#replay-when {{ font-size: 17px; }}"
        )

    def _let_go(self) -> None:
        share = self.slider.value() / _SLIDER_STEPS
        self.seek.emit(round(self._from_us + share * (self._to_us - self._from_us)))

    def show_moment(self, now_us: int, playing: bool, waits: bool) -> None:
        """Which moment is shown. ``waits``: it stands because the recording is still being read."""
        self._now_us = now_us
        self.mark.setText(self.tr("REPLAY, NOT LIVE"))
        text = moment(now_us)
        self.when.setText(i18n.fill(self.tr("{moment} reading …"), moment=text) if waits else text)
        self.button.setChecked(playing)
        self.button.setText(self.tr("Stop") if playing else self.tr("Play"))
        if not self.slider.isSliderDown():
            whole = max(1, self._to_us - self._from_us)
            self.slider.setValue(round(_SLIDER_STEPS * (now_us - self._from_us) / whole))

    def show_live(self, waiting: int) -> None:
        """How many alerts wait in the console that is live."""
        if waiting:
            self.live.setText(i18n.fill(self.tr("LIVE: {count} alerts wait"), count=waiting))
        else:
            self.live.setText(self.tr("Back to live"))
