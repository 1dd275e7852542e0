"""The window itself: panels, layouts, colours, keys, and that it can go and come back without the station noticing."""

from __future__ import annotations

import gc
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PyQt6.QtCore import QRect, Qt
from PyQt6.QtGui import QColor
from PyQt6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from groundstation.console import theme, views, window
from groundstation.console.context import ConsoleContext
from groundstation.console.settings import ConsoleSettings
from groundstation.console.window import ConsoleWindow
from groundstation.core import topics
from groundstation.core.bus import Bus
from tests.helpers import records as r

# The screen that tests draw on has one window and nothing to raise it above.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[ConsoleSettings]:
    yield ConsoleSettings(tmp_path / "console.json")
    theme.use("dark")


def opened(qtbot: QtBot, settings: ConsoleSettings | None = None, bus: Bus | None = None) -> ConsoleWindow:
    made = ConsoleWindow(bus or Bus(), None, r.make_area(), None, settings=settings)
    qtbot.addWidget(made)
    made.start()
    made.show()
    return made


def test_an_arrangement_is_there_again_when_the_console_is_opened_again(
    qtbot: QtBot, settings: ConsoleSettings
) -> None:
    first = opened(qtbot, settings)
    first.docks["neighbour"].hide()
    first.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, first.docks["video"])
    first.close()
    second = opened(qtbot, settings)
    assert not second.docks["neighbour"].isVisible()
    assert second.dockWidgetArea(second.docks["video"]) == Qt.DockWidgetArea.LeftDockWidgetArea
    second.layouts.reset()
    assert second.dockWidgetArea(second.docks["video"]) == Qt.DockWidgetArea.RightDockWidgetArea
    # What a newer or a broken program wrote is not taken, and the window stands as built.
    key = f"{second.layouts.screens()}/bad"
    settings.change(layouts={key: {"geometry": "!", "state": "!"}})
    assert not second.layouts.restore("bad")
    assert not second.layouts.restore("never kept")
    second.close()


def test_a_panel_on_a_screen_that_is_gone_comes_back(qtbot: QtBot) -> None:
    made = opened(qtbot)
    dock = made.docks["video"]
    dock.setFloating(True)
    dock.setGeometry(QRect(90_000, 90_000, 300, 200))
    assert made.layouts.bring_back() == [dock.windowTitle()]
    assert not dock.isFloating()
    assert made.layouts.bring_back() == []
    made.close()


def test_panels_stay_where_they_are_until_they_are_unlocked(qtbot: QtBot) -> None:
    made = opened(qtbot)
    dock = made.docks["alerts"]
    assert made.locked
    assert dock.titleBarWidget() is not None
    made.lock(False)
    assert dock.titleBarWidget() is None
    made.lock(True)
    dock.setFloating(True)
    assert dock.titleBarWidget() is None  # or it could never be moved or put back
    made.close()


def test_colours_change_while_it_runs_and_lamps_follow(qtbot: QtBot, settings: ConsoleSettings) -> None:
    made = opened(qtbot, settings)
    made.lamps["Link"].show_state("ok", "alive")
    before = made.lamps["Link"]._word.styleSheet()
    for name in ("light", "night_red", "dark"):
        settings.change(theme=name)
        assert theme.palette().name == name
        assert theme.palette().background in made.styleSheet()
    settings.change(theme="light")
    assert made.lamps["Link"]._word.styleSheet() != before
    made.close()


def _luminance(name: str) -> float:
    def linear(value: float) -> float:
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    colour = QColor(name)
    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def _contrast(one: str, other: str) -> float:
    # WCAG 2.1, relative luminance and contrast ratio.
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", sorted(theme.THEMES))
def test_what_is_drawn_on_a_picture_can_be_read_on_its_dark_plate(name: str) -> None:
    before = theme.palette().name
    try:
        theme.use(name)
        t = theme.on_picture()
    finally:
        theme.use(before)
    for said in (t.ok, t.caution, t.alarm, t.own, t.border_line, t.picture_text):
        assert _contrast(said, t.shadow) >= 3.0, said
    assert (t.name == "night_red") == (name == "night_red"), "red light only, where eyes must see in the dark"


@pytest.mark.parametrize("name", sorted(theme.THEMES))
def test_words_can_be_read_in_every_theme(name: str) -> None:
    t = theme.THEMES[name]
    for ground in (t.background, t.panel, t.raised):
        assert _contrast(t.text, ground) >= 4.5, ground
        for state in (t.ok, t.caution, t.alarm, t.information, t.help):
            assert _contrast(state, ground) >= 3.0, (state, ground)
        assert _contrast(t.dim, ground) >= 2.6, ground
    assert _contrast(t.on_alarm, t.alarm) >= 4.5


def test_night_red_has_no_light_that_spoils_the_eye_for_the_dark() -> None:
    night = theme.NIGHT_RED
    for name, value in vars(night).items():
        if isinstance(value, str) and value.startswith("#"):
            colour = QColor(value)
            assert colour.green() <= 0.5 * colour.red() + 1, name
            assert colour.blue() <= 0.42 * colour.red() + 1, name


def test_no_two_things_have_one_key_and_every_view_has_one(qtbot: QtBot) -> None:
    made = opened(qtbot)
    keys = Counter(a.shortcut().toString() for a in made.menus.all() if not a.shortcut().isEmpty())
    assert [key for key, count in keys.items() if count > 1] == []
    assert [spec.name for spec in views.VIEWS if not spec.shortcut] == []
    made.close()


def test_the_keyboard_goes_round_all_panels(qtbot: QtBot) -> None:
    made = opened(qtbot)
    visited = []
    for _ in range(len(views.VIEWS)):
        made.next_panel()
        visited.append(made.current_panel)
    assert {"map", "controls", "alerts", "video", "telemetry"} <= set(visited)
    assert visited[0] == "map"
    made.next_panel(-1)
    assert made.current_panel == visited[-2]
    made.close()


def test_a_view_that_fails_is_told_in_its_place_and_the_others_stand(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: ConsoleContext) -> QLabel:
        raise RuntimeError("no such camera")

    specs = tuple(views.ViewSpec(s.name, s.title, broken, s.place) if s.name == "neighbour" else s for s in views.VIEWS)
    monkeypatch.setattr(window, "VIEWS", specs)
    made = opened(qtbot)
    shown = made.view("neighbour")
    assert isinstance(shown, QLabel)
    assert "no such camera" in shown.text()
    assert made.view("alerts") is not None
    made.close()


def test_what_is_not_opened_is_not_made(qtbot: QtBot) -> None:
    made = opened(qtbot)
    assert "debug" not in made._widgets
    made.show_view("debug")
    assert made.dialog("debug") is not None
    assert made.dialog("debug").isVisible()
    assert not made.dialog("debug").isModal()
    made.close()


def test_a_second_window_shows_the_same_and_outlives_the_first(qtbot: QtBot, settings: ConsoleSettings) -> None:
    bus = Bus()
    first = opened(qtbot, settings, bus)
    bus.publish(topics.VEHICLE_STATE, r.make_state())
    first.bridge.drain()
    first.close()
    second = opened(qtbot, settings, bus)  # hears of what was before it
    second.bridge.drain()
    # Where opening a window takes more than two seconds it says "was AUTO": rightly.
    assert "AUTO" in second.telemetry.value("Mode")
    bus.publish(topics.VEHICLE_STATE, r.make_state(mode="RTL"))
    second.bridge.drain()
    assert "RTL" in second.telemetry.value("Mode")
    assert "AUTO" in first.telemetry.value("Mode")
    second.close()
    assert not any(bus._subscriptions.values())


def test_settings_are_kept_and_a_broken_file_is_put_aside_and_told(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "console.json"
    one = ConsoleSettings(path)
    one.change(theme="light", text_px=16)
    one.put_part("map", {"layers": ["border"]})
    again = ConsoleSettings(path)
    assert (again.theme, again.text_px, again.part("map")) == ("light", 16, {"layers": ["border"]})
    for wrong in ({"theme": "pink"}, {"text_px": 400}, {"text_px": True}, {"nobody": 1}):
        with pytest.raises((ValueError, AttributeError)):
            again.change(**wrong)
    raw = json.loads(path.read_text())
    path.write_text(json.dumps({**raw, "theme": "pink", "from_tomorrow": 1}))
    third = ConsoleSettings(path)
    assert (third.theme, third.text_px) == ("dark", 16)
    assert "theme" in third.problem
    for content in ("{", "[]", "\x00", "[" * 100_000):
        path.write_text(content)
        fourth = ConsoleSettings(path)
        assert fourth.theme == "dark"
        assert "put aside" in fourth.problem
        assert (tmp_path / "console.broken.json").read_text() == content


def test_settings_that_the_disk_does_not_take_are_told(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings = ConsoleSettings(blocked / "console.json")
    settings.change(theme="light")
    assert settings.theme == "light"
    assert "could not be kept" in settings.problem


def test_every_button_of_the_window_can_be_reached_without_a_mouse(qtbot: QtBot) -> None:
    made = opened(qtbot)
    lost = [
        b.text()
        for b in made.findChildren(QPushButton)
        if b.isVisible() and not b.focusPolicy() & Qt.FocusPolicy.TabFocus and b.shortcut().isEmpty()
    ]
    assert lost == []
    made.close()


def test_what_stands_is_not_looked_at_by_every_collection_and_a_closed_window_is_let_go(
    qtbot: QtBot, settings: ConsoleSettings
) -> None:
    before = gc.get_freeze_count()
    made = opened(qtbot, settings)
    made.start()
    made._settled.start(1)
    qtbot.waitUntil(lambda: gc.get_freeze_count() > before + 10_000, timeout=60_000)
    made.close()
    assert gc.get_freeze_count() == 0
