"""The video of all streams: live with what belongs to each frame, or up to a minute back while live goes on."""

from __future__ import annotations

import logging
import math
from concurrent.futures import ThreadPoolExecutor
from typing import cast

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSlider,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from groundstation.console import i18n, theme
from groundstation.console.context import ConsoleContext
from groundstation.console.flow import FlowLayout
from groundstation.console.freshness import Held, age_words
from groundstation.console.video.overlay import FrameOverlay, lines_of, paths_of
from groundstation.console.video.palettes import NAMES
from groundstation.console.video.picture import PictureWidget
from groundstation.console.video.snapshot import save_snapshot
from groundstation.console.video.stream import KEEP_S, Shown, VideoStream
from groundstation.core import topics
from groundstation.core.clock import Clock
from groundstation.core.records import Preview, StreamHealth, VideoTracks
from groundstation.core.video_commands import VideoCommands
from groundstation.core.video_records import Recording

_log = logging.getLogger("groundstation.console.video")
_STEP_S = 5.0
_MOST_STREAMS = 16
_PALETTE_WORDS = {
    "as received": i18n.mark("video", "as received"),
    "white hot": i18n.mark("video", "white hot"),
    "black hot": i18n.mark("video", "black hot"),
    "ironbow": i18n.mark("video", "ironbow"),
    "green": i18n.mark("video", "green"),
}


class VideoView(QWidget):
    """One picture per stream, in a grid or one at a time. Every stream that is heard gets a place, in the order heard."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None, clock: Clock | None = None) -> None:
        super().__init__(parent)
        self._context, self._clock = context, clock or context.clock
        self._commands = cast("VideoCommands | None", context.services.get("video"))
        self._lines = paths_of(lines_of(context.area), context.terrain)
        self.streams: dict[str, VideoStream] = {}
        # Makes JPEGs of the last minute; its thread starts with the first picture.
        self._compressor = ThreadPoolExecutor(1, "console-jpeg")
        compressor = self._compressor
        self.destroyed.connect(lambda: compressor.shutdown(wait=False))
        self.pictures: dict[str, PictureWidget] = {}
        self._health: dict[str, Held[StreamHealth]] = {}
        self._recordings: dict[str, Recording] = {}
        self._lag_s: float | None = None  # None: live
        self._paused_ns: int | None = None
        self._lay_out()
        self._connect()
        self._arrange()

    def _lay_out(self) -> None:
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.hide()
        self.all = QPushButton(self.tr("All"))
        self.palette_box = QComboBox()
        for name in NAMES:
            self.palette_box.addItem(i18n.text("video", _PALETTE_WORDS[name]), name)
        self.palette_box.setToolTip(self.tr("Colours of a thermal picture, on this screen only"))
        self.boxes = QPushButton(self.tr("Boxes"))
        self.lines = QPushButton(self.tr("Lines"))
        self.record = QPushButton(self.tr("Record"))
        self.snapshot = QPushButton(self.tr("Snapshot"))
        for button in (self.all, self.boxes, self.lines, self.record):
            button.setCheckable(True)
        self.boxes.setChecked(True)
        self.lines.setChecked(True)
        top = FlowLayout()
        for widget in (self.all, self.boxes, self.lines, self.palette_box, self.record, self.snapshot):
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if isinstance(widget, QPushButton):
                widget.setObjectName("small")
            top.addWidget(widget)
        self.empty = PictureWidget("")
        self._grid_page, self._stack = QWidget(), QStackedWidget()
        self._grid = QGridLayout(self._grid_page)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(4)
        self._stack.addWidget(self._grid_page)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(-int(KEEP_S), 0)
        self.slider.setAccessibleName(self.tr("Step back"))
        self.back = QPushButton(self.tr("◀ 5 s"))
        self.pause = QPushButton(self.tr("Pause"))
        self.pause.setCheckable(True)
        self.live = QPushButton(self.tr("Live"))
        self.lag = QLabel()
        bottom = FlowLayout()
        for widget in (self.back, self.pause, self.live):
            widget.setObjectName("small")
            widget.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            bottom.addWidget(widget)
        bottom.addWidget(self.slider)
        bottom.stretch(self.slider)
        bottom.addWidget(self.lag)
        self.said = QLabel()
        self.said.setObjectName("dim")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.tabs)  # a row of its own: beside the buttons there is room for two names
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        column.addLayout(bottom)
        column.addWidget(self.said)
        self.said.hide()

    def _connect(self) -> None:
        bridge = self._context.bridge
        bridge.preview.connect(self.on_preview)
        bridge.stream_health.connect(self.on_health)
        # Not the bridge's own signal, which skips to the newest: a picture needs the tracks of its own frame.
        bridge.listen(topics.VIDEO_TRACKS, self.on_tracks, topics.newest_frames)
        bridge.listen(topics.RECORDING, self._on_recording)
        bridge.frame.connect(self.on_tick)
        bridge.tick.connect(self.on_age)
        theme.changed.connect(self._refresh)
        self.tabs.currentChanged.connect(lambda _: self._arrange())
        self.all.clicked.connect(lambda _: self._arrange())
        self.palette_box.currentIndexChanged.connect(lambda _: self._refresh())
        self.boxes.clicked.connect(lambda _: self._refresh())
        self.lines.clicked.connect(lambda _: self._refresh())
        self.record.clicked.connect(self._on_record)
        self.snapshot.clicked.connect(self.take_snapshot)
        self.back.clicked.connect(lambda _: self.step(_STEP_S))
        self.pause.clicked.connect(self._on_pause)
        self.live.clicked.connect(self.go_live)
        self.slider.sliderMoved.connect(lambda value: self.go_back(-float(value)) if value else self.go_live())
        for keys, slot in (
            ("Ctrl+Left", lambda: self.step(_STEP_S)),
            ("Ctrl+Right", lambda: self.step(-_STEP_S)),
            ("Ctrl+End", self.go_live),
        ):
            QShortcut(QKeySequence(keys), self, activated=slot)

    # -- what comes in -------------------------------------------------------------------------------------------------

    def on_preview(self, preview: Preview) -> None:
        """A new picture of a stream."""
        stream = self._stream(preview.stream)
        if stream is not None:
            stream.on_preview(preview)
            self._show(preview.stream)

    def on_tracks(self, record: VideoTracks) -> None:
        """The tracks of one frame; drawn on its picture only."""
        stream = self._stream(record.stream)
        if stream is not None:
            stream.on_tracks(record)
            self._show(record.stream)

    def on_health(self, health: StreamHealth) -> None:
        """The state of a stream."""
        if self._stream(health.stream) is not None:
            self._health[health.stream].put(health)
            self._show_state(health.stream)

    def _show_state(self, name: str) -> None:
        """What the worker says of itself; not known when it has said nothing for too long."""
        held, picture = self._health[name], self.pictures[name]
        health = held.record
        if health is None:
            picture.state_text = picture.bias_text = ""
        elif held.live:
            picture.state_text, picture.bias_text = _state_text(health), health.health.camera_bias
        else:
            words = self.tr("state of the stream not known for {age}")
            picture.state_text, picture.bias_text = i18n.fill(words, age=age_words(held.age_s())), ""
        recording = self._recordings.get(name)
        picture.recording_text = ""
        if recording is not None and recording.state == "recording":
            seconds = (self._clock.utc_us() - recording.started_utc_us) / 1e6
            # The clock of a recording runs only as long as the station tells of the stream.
            picture.recording_text = (
                i18n.fill(self.tr("● RECORDING {seconds} s"), seconds=f"{seconds:.0f}")
                if health is None or held.live
                else self.tr("was recording")
            )
        picture.update()

    def _on_recording(self, recording: Recording) -> None:
        self._recordings[recording.stream] = recording
        if recording.state == "ended":
            text = i18n.fill(
                self.tr("recording ended: {count} files {detail}"), count=len(recording.files), detail=recording.detail
            )
            self._say(text.strip())
        self._refresh()

    def _stream(self, name: str) -> VideoStream | None:
        """The stream, with a place of its own on the screen; None for one too many."""
        if name not in self.streams:
            if len(self.streams) >= _MOST_STREAMS:
                return None
            self.streams[name] = VideoStream(name, self._clock, executor=self._compressor)
            picture = PictureWidget(name)
            picture.age_s = lambda n=name: self._age_of(n)  # type: ignore[misc]
            picture.place_clicked.connect(self._context.selection.look_at)
            picture.track_clicked.connect(lambda s, n: self._context.selection.choose_track((s, n)))
            self.pictures[name] = picture
            self._health[name] = Held(topics.STREAM_HEALTH, self._clock)
            self.tabs.addTab(name)
            self._arrange()
        return self.streams[name]

    # -- what is shown ---------------------------------------------------------------------------------------------------

    def chosen(self) -> str | None:
        """The stream that record and snapshot are for."""
        index = self.tabs.currentIndex()
        return self.tabs.tabText(index) if 0 <= index < self.tabs.count() else None

    def age_s(self) -> float:
        """Age of the oldest newest picture of all streams; infinite without one."""
        return max((s.age_s() for s in self.streams.values()), default=float("inf"))

    def _age_of(self, name: str) -> float:
        """Age of what is on the screen."""
        shown = self.pictures[name].shown
        if shown is None or shown.live:
            return self.streams[name].age_s()
        return shown.age_s

    def _arrange(self) -> None:
        self.tabs.setVisible(len(self.streams) > 1)
        self.all.setVisible(len(self.streams) > 1)
        wanted = list(self.pictures) if self.all.isChecked() else [n for n in (self.chosen(),) if n is not None]
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
        columns = max(1, math.ceil(math.sqrt(len(wanted))))
        for number, name in enumerate(wanted):
            self._grid.addWidget(self.pictures[name], number // columns, number % columns)
            self.pictures[name].show()
        if not wanted:
            self._grid.addWidget(self.empty, 0, 0)
            self.empty.show()
        self._refresh()

    def _refresh(self) -> None:
        for name in self.pictures:
            self._show(name)
        name = self.chosen()
        recording = self._recordings.get(name) if name is not None else None
        self.record.setChecked(recording is not None and recording.state == "recording")
        lack = ""
        if self._commands is None:
            lack = self.tr("The station did not hand over its recordings.")
        elif name is None:
            lack = self.tr("There is no video yet.")
        self.record.setEnabled(not lack)
        self.record.setToolTip(lack or self.tr("Record the stream as received"))
        self.snapshot.setEnabled(name is not None and self._context.data_dir is not None)
        self.live.setEnabled(self._lag_s is not None)
        self.pause.setEnabled(self._lag_s is not None)

    def _show(self, name: str) -> None:
        stream, picture = self.streams[name], self.pictures[name]
        if picture.isHidden():
            return
        shown, inset = stream.live(), None
        if self._lag_s is not None:
            inset, shown = shown, stream.past(self._lag())
        overlay: FrameOverlay | None = None
        if shown is not None and shown.tracks is not None:
            overlay = picture.overlay
            if overlay is None or overlay.record is not shown.tracks:
                overlay = FrameOverlay(shown, shown.tracks, self._context.terrain, self._lines)
        picture.palette_name = self.palette_box.currentData()
        picture.show_boxes, picture.show_lines = self.boxes.isChecked(), self.lines.isChecked()
        self._show_state(name)
        picture.show_picture(shown, overlay, inset)

    def on_tick(self) -> None:
        """What is shown from the past goes on."""
        if self._lag_s is not None:
            for name in self.pictures:
                self._show(name)
            lag = self._lag()
            self.lag.setText(i18n.fill(self.tr("{seconds} s back"), seconds=f"{lag:.0f}"))
            if not self.slider.isSliderDown():
                self.slider.setValue(-round(lag))

    def on_age(self) -> None:
        """Pictures and what is said of them grow old; a new one is painted when it comes."""
        for name, picture in self.pictures.items():
            if picture.isVisible():
                self._show_state(name)

    # -- a minute back -----------------------------------------------------------------------------------------------------

    @property
    def is_live(self) -> bool:
        """Whether the newest pictures are shown."""
        return self._lag_s is None

    def go_back(self, lag_s: float) -> None:
        """Show what was ``lag_s`` ago, and go on from there at the speed it had."""
        longest = max((s.back_s() for s in self.streams.values()), default=0.0)
        self._lag_s = min(max(lag_s, 0.5), KEEP_S, max(longest, 0.5))
        if self._paused_ns is not None:
            self._paused_ns = self._clock.mono_ns()
        self._refresh()
        self.on_tick()

    def step(self, seconds: float) -> None:
        """Further back, or forth with a negative number; forth to now is live."""
        lag = (0.0 if self._lag_s is None else self._lag()) + seconds
        if lag < 0.5:
            self.go_live()
        else:
            self.go_back(lag)

    def go_live(self) -> None:
        """Back to the newest pictures."""
        self._lag_s = self._paused_ns = None
        self.pause.setChecked(False)
        self.lag.clear()
        self.slider.setValue(0)
        self._refresh()

    def _on_pause(self, paused: bool) -> None:
        if self._lag_s is None:
            self.pause.setChecked(False)
        elif paused:
            self._paused_ns = self._clock.mono_ns()
        else:
            self._lag_s, self._paused_ns = self._lag(), None

    def _lag(self) -> float:
        """How far back the shown picture is; it grows while paused, at most to what is kept."""
        lag = self._lag_s or 0.0
        if self._paused_ns is not None:
            lag += (self._clock.mono_ns() - self._paused_ns) / 1e9
        return min(lag, KEEP_S)

    # -- record and snapshot -------------------------------------------------------------------------------------------------

    def _on_record(self, wanted: bool) -> None:
        name = self.chosen()
        if self._commands is None or name is None:
            return
        # The button shows what the station does, not what was asked of it.
        self.record.setChecked(not wanted)
        if wanted:
            self._commands.start_recording(name, self._context.operator)
        else:
            self._commands.stop_recording(name, self._context.operator)

    def take_snapshot(self) -> None:
        """Write what is on the screen of the chosen stream as a PNG."""
        name, folder = self.chosen(), self._context.data_dir
        shown: Shown | None = self.pictures[name].shown if name is not None else None
        if name is None or shown is None or folder is None:
            self._say(self.tr("there is no picture to keep"))
            return
        try:
            path = save_snapshot(folder, name, shown, self._context.operator)
        except OSError as error:
            self._say(i18n.fill(self.tr("the snapshot could not be kept: {error}"), error=error.strerror or error))
            return
        self._say(i18n.fill(self.tr("kept as {file}"), file=path.name))

    def _say(self, text: str) -> None:
        self.said.setText(text)
        self.said.setVisible(bool(text))


def _state_text(health: StreamHealth) -> str:
    """The stream in a few words."""
    h = health.health
    if h.state != "running":
        return f"{h.state.replace('_', ' ')}: {h.detail}".rstrip(": ")
    klv = "KLV" if h.has_klv else i18n.text("video", "no KLV")
    return f"{h.processed_per_s:.1f}/s  {h.inference_ms:.0f} ms  {klv}"
