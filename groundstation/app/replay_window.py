"""A console on a past time: a window of its own on a bus of its own, marked so that nobody takes it for the present.

It can order nothing: it is given no commands. It makes no sound: what is heard is live.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QByteArray, QObject, Qt, QTimer
from PyQt6.QtWidgets import QToolBar

from geofences.errors import MarchwardenError
from groundstation.app.replay_player import SPEEDS, Player, ReplayClock
from groundstation.app.replay_sources import KeptPeriod
from groundstation.console import theme
from groundstation.console.replay.bar import ReplayBar, moment
from groundstation.console.replay.words import said
from groundstation.console.settings import ConsoleSettings
from groundstation.console.window import ConsoleWindow
from groundstation.core.bus import Bus

_log = logging.getLogger("groundstation.replay")
_STEP_MS = 33
_FRAME_PX = 7


class Replay(QObject):
    """One open replay. ``handed``: what the live console's windows are made with. ``live_waiting``: alerts that wait there."""

    def __init__(
        self,
        period: KeptPeriod,
        handed: Mapping[str, Any],
        settings: ConsoleSettings,
        live_waiting: Callable[[], int],
        back_to_live: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._period, self._handed = period, dict(handed)
        self._live_waiting, self._back_to_live = live_waiting, back_to_live
        area = period.area()
        if area is not None:
            self._handed["area"] = area  # the one that was in force then
        # Not the file: what is changed here is the replay's own.
        self._settings = ConsoleSettings(parent=self)
        self._settings.change(
            theme=settings.theme, language=settings.language, text_px=settings.text_px, sounds=False, speech=False
        )
        self.clock = ReplayClock(period.from_utc_us)
        self.player: Player
        self.window: ConsoleWindow
        self.bar: ReplayBar
        self._make(period.from_utc_us, None)
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self.step)
        self._timer.start()

    def _make(self, at_utc_us: int, geometry: QByteArray | None) -> None:
        """A fresh bus and window: what was told of a later time is not on them."""
        bus = Bus()
        self.player = Player(bus, self.clock, self._period, time.monotonic)
        handed = {k: v for k, v in self._handed.items() if k not in ("title", "data_dir")}
        window = ConsoleWindow(bus, None, settings=self._settings, clock=self.clock, title=said("title"), **handed)
        window.setProperty("replay", True)
        window.alerts.strip.retire()
        window.setContentsMargins(_FRAME_PX, _FRAME_PX, _FRAME_PX, _FRAME_PX)
        lacks = "; ".join(said(lack) for lack in self._period.lacks)
        self.bar = ReplayBar(self._period.from_utc_us, self._period.to_utc_us, SPEEDS, lacks)
        bar = QToolBar(window)
        bar.setObjectName("bar.replay")
        bar.setMovable(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        action = bar.toggleViewAction()
        if action is not None:
            action.setEnabled(False)  # the mark cannot be taken away
        bar.addWidget(self.bar)
        first = next(b for b in window.findChildren(QToolBar) if b.objectName() == "bar.status")
        window.insertToolBar(first, bar)
        window.insertToolBarBreak(first)
        self.bar.play.connect(self._play)
        self.bar.speed.connect(self._set_speed)
        self.bar.seek.connect(self.seek)
        self.bar.back_to_live.connect(self._back_to_live)
        self.window = window
        self._frame()
        theme.changed.connect(self._frame)
        if geometry is not None:
            window.restoreGeometry(geometry)
        window.start()
        self.player.seek(at_utc_us)

    def _frame(self) -> None:
        """A broad frame round all of the window, in the colour of its bar."""
        t = theme.palette()
        sheet = f"QMainWindow#console {{ background: {t.caution}; }}"
        self.window.setStyleSheet(theme.style_sheet(self._settings.text_px) + sheet)

    def show(self) -> None:
        """Show it, and play."""
        self.window.show()
        self._play(True)

    def step(self) -> None:
        """Some thirty times a second: let its time pass."""
        if self.window.closed:
            self.close()
            return
        self.player.step()
        self.bar.show_moment(self.clock.utc_us(), self.player.playing, self.player.waits)
        self.bar.show_live(self._live_waiting())

    def seek(self, at_utc_us: int) -> None:
        """To a moment of the period; backwards with a new window in the place of the old."""
        playing, speed = self.player.playing, self.player.speed
        if at_utc_us < self.clock.utc_us():
            old, geometry = self.window, self.window.saveGeometry()
            self.player.close()
            self.clock.now_us = max(at_utc_us, self._period.from_utc_us)
            self._make(at_utc_us, geometry)
            self.window.show()
            old.close()
            old.deleteLater()
        else:
            self.player.seek(at_utc_us)
        self.player.playing, self.player.speed = playing, speed
        self.bar.speeds.setCurrentIndex(SPEEDS.index(speed))

    def _play(self, on: bool) -> None:
        self.player.playing = on and not self.player.at_end

    def _set_speed(self, factor: float) -> None:
        self.player.speed = factor

    def close(self) -> None:
        """End it."""
        self._timer.stop()
        self.player.close()
        if not self.window.closed:
            self.window.close()


class Replays(QObject):
    """All replays of one console's process. Reading what there is takes time and is done by a thread."""

    def __init__(
        self,
        data_dir: Path,
        handed: Mapping[str, Any],
        settings: ConsoleSettings,
        live_windows: Callable[[], list[ConsoleWindow]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._data_dir, self._handed, self._settings, self._live = data_dir, handed, settings, live_windows
        self._reader: ThreadPoolExecutor | None = None
        self._waiting: list[tuple[Future[KeptPeriod], Callable[[str], None]]] = []
        self.open_ones: list[Replay] = []
        self._timer = QTimer(self)
        self._timer.setInterval(100)
        self._timer.timeout.connect(self.step)

    def open(self, from_utc_us: int, to_utc_us: int, told: Callable[[str], None]) -> None:
        """Read the period and show it; ``told`` hears, in words, how it goes."""
        if self._reader is None:
            self._reader = ThreadPoolExecutor(1, thread_name_prefix="replay-open")
        told(said("reading"))
        self._waiting.append((self._reader.submit(KeptPeriod, self._data_dir, from_utc_us, to_utc_us), told))
        self._timer.start()

    def step(self) -> None:
        """Show what has been read."""
        waiting, self._waiting = self._waiting, []
        for future, told in waiting:
            if not future.done():
                self._waiting.append((future, told))
                continue
            try:
                period = future.result()
                if not period.flights:
                    told(said("nothing"))
                    continue
                replay = Replay(period, self._handed, self._settings, self._live_waiting, self._bring_live, self)
            except MarchwardenError as error:
                told(str(error))
                continue
            self.open_ones = [r for r in self.open_ones if not r.window.closed] + [replay]
            replay.show()
            told(said("shown", moment=moment(period.from_utc_us)))
        if not self._waiting:
            self._timer.stop()

    def _live_waiting(self) -> int:
        return max((int(w.alerts.open_count()) for w in self._live()), default=0)

    def _bring_live(self) -> None:
        for window in self._live()[:1]:
            if window.isMinimized():
                window.showNormal()
            window.raise_()
            window.activateWindow()

    def close(self) -> None:
        """End all."""
        self._timer.stop()
        for replay in self.open_ones:
            replay.close()
        if self._reader is not None:
            self._reader.shutdown(wait=False, cancel_futures=True)
