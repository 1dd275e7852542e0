"""A past time in a window of its own: marked, silent, without orders, to and fro; what is live goes on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from groundstation.app.replay_window import Replay, Replays
from groundstation.console.alerts.strip import TopStrip
from groundstation.console.replay.period import PeriodDialog
from groundstation.console.settings import ConsoleSettings
from tests.helpers import records as r
from tests.unit.app.test_replay_player import S_US, T0_US, Shift


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: Path = tmp_path_factory.mktemp("shift")
    Shift(made)
    return made


@pytest.fixture
def replays(folder: Path, qtbot: QtBot) -> Iterator[Replays]:
    handed = {"terrain": r.make_terrain(), "operator": "anna", "area": None, "title": "live", "data_dir": folder}
    made = Replays(folder, handed, ConsoleSettings(), list)
    yield made
    made.close()
    for replay in made.open_ones:
        replay.window.deleteLater()


def _open(replays: Replays, qtbot: QtBot, from_s: float, to_s: float) -> tuple[Replay, list[str]]:
    said: list[str] = []
    replays.open(T0_US + round(from_s * S_US), T0_US + round(to_s * S_US), said.append)
    qtbot.waitUntil(lambda: bool(replays.open_ones), timeout=30_000)
    replay = replays.open_ones[0]
    replay._timer.stop()  # the test lets its time pass
    return replay, said


def _reach(replay: Replay, qtbot: QtBot, seconds: float, speed: float = 30.0) -> None:
    """Play to a second of the shift, and half a second beyond it at most, however long the machine halts."""
    replay.player.playing = True

    def there() -> bool:
        left_s = (T0_US + seconds * S_US - replay.clock.utc_us()) / S_US
        replay.player.speed = min(speed, max(left_s / 0.5, 1.0))  # a step counts half a second at most
        replay.step()
        return replay.clock.utc_us() >= T0_US + seconds * S_US

    qtbot.waitUntil(there, timeout=30_000)
    replay.player.playing = False
    replay.step()
    replay.window.bridge.drain()


def test_it_is_marked_silent_and_without_orders_and_goes_to_and_fro(replays: Replays, qtbot: QtBot) -> None:
    replay, said = _open(replays, qtbot, 50, 110)
    assert said[-1].startswith("The replay from")
    window = replay.window
    assert window.isVisible()
    assert window.windowTitle() == "REPLAY"
    assert any(label.text() == "REPLAY, NOT LIVE" and label.isVisible() for label in window.findChildren(QLabel))
    assert window.context.commands is None
    assert not window.context.settings.sounds
    _reach(replay, qtbot, 66)
    assert window.alerts.ids() == ["INC-0001"]
    assert window.alerts.open_count() == 1
    assert not window.alerts.detail.ack.isEnabled()
    assert not window.controls.upload.isEnabled()
    assert not window.controls.return_home.isEnabled()
    assert window.context.selection.vehicle == r.VEHICLE
    assert window.telemetry.live, "it is how it was at that moment"
    assert window.strip.lamps["Link"].word == "alive"
    _reach(replay, qtbot, 72)
    assert window.alerts.open_count() == 0, "somebody acknowledged it then"
    replay.seek(T0_US + 52 * S_US)
    assert replay.window is not window
    _reach(replay, qtbot, 54, speed=2.0)
    assert replay.window.alerts.ids() == [], "it has not happened yet"
    assert window.closed


def test_who_looks_at_a_replay_is_told_of_what_is_live(replays: Replays, qtbot: QtBot) -> None:
    replay, _ = _open(replays, qtbot, 50, 110)
    replay._live_waiting = lambda: 2
    replay.step()
    assert replay.bar.live.text() == "LIVE: 2 alerts wait"
    live = QLabel("live")
    qtbot.addWidget(live)
    live.show()
    replay.window.activateWindow()
    qtbot.waitUntil(replay.window.isActiveWindow, timeout=60_000)
    assert not TopStrip._is_in_use(live), "the strip above all windows comes"


def test_a_time_with_nothing_kept_says_so(replays: Replays, qtbot: QtBot) -> None:
    said: list[str] = []
    replays.open(T0_US - 7200 * S_US, T0_US - 3600 * S_US, said.append)
    qtbot.waitUntil(lambda: len(said) > 1, timeout=60_000)
    assert "did not run" in said[-1]
    assert not replays.open_ones


def test_the_question_which_time(qtbot: QtBot) -> None:
    dialog = PeriodDialog(T0_US, T0_US - S_US)
    qtbot.addWidget(dialog)
    chosen: list[tuple[int, int]] = []
    dialog.chosen.connect(lambda a, b: chosen.append((a, b)))
    qtbot.mouseClick(dialog.show_button, Qt.MouseButton.LeftButton)
    assert not chosen
    assert "ends before" in dialog.said.text()
    dialog.end.setDateTime(dialog.start.dateTime().addSecs(90))
    qtbot.mouseClick(dialog.show_button, Qt.MouseButton.LeftButton)
    assert chosen == [(T0_US, T0_US + 90 * S_US)]
