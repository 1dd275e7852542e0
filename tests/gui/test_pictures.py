"""Each main view looks as it did when somebody last looked at it; and the comparison sees what an operator would miss."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PyQt6.QtGui import QFont
from PyQt6.QtWidgets import QApplication, QGraphicsOpacityEffect

from groundstation.app.screenshots_command import Studio
from groundstation.console import theme
from groundstation.console.window import ConsoleWindow
from tests.gui.reference import FOLDER, MOST_BLOCKS, VIEWS, changed, kept, small

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(scope="module")
def studio(qapp: QApplication) -> Studio:
    return Studio(qapp)


@pytest.mark.parametrize("name", VIEWS)
def test_the_view_looks_as_it_did(studio: Studio, name: str) -> None:
    """Where this fails on purpose: python -m tests.gui.reference NAME, and look at the picture."""
    now = small(studio.shoot(name))
    assert changed(now, kept(name)) <= MOST_BLOCKS
    assert (FOLDER / f"{name}.png").stat().st_size < 60_000


def _without(panel: str) -> object:
    def change(window: ConsoleWindow) -> None:
        nothing = QGraphicsOpacityEffect(window)
        nothing.setOpacity(0.0)
        window.docks[panel].widget().setGraphicsEffect(nothing)  # type: ignore[union-attr]

    return change


@pytest.mark.parametrize("panel", ["alerts", "video", "telemetry", "controls", "neighbour"])
def test_a_panel_that_is_gone_is_seen(studio: Studio, panel: str) -> None:
    assert changed(small(studio.shoot("console", change=_without(panel))), kept("console")) > MOST_BLOCKS


def test_other_colours_are_seen(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is well in the colour of an alarm, or the panels a little brighter."""
    for wrong in (
        replace(theme.DARK, alarm=theme.DARK.ok, caution=theme.DARK.ok, help=theme.DARK.ok),
        replace(theme.DARK, panel="#33414d"),
    ):
        monkeypatch.setattr(theme._in_use, "theme", wrong)
        monkeypatch.setitem(theme.THEMES, "dark", wrong)
        share = changed(small(studio.shoot("console")), kept("console"))
        monkeypatch.undo()
        assert share > MOST_BLOCKS


def test_another_font_of_the_same_size_is_no_other_picture(studio: Studio, qapp: QApplication) -> None:
    before = qapp.font()
    try:
        other = QFont(before)
        other.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 99.0)
        other.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        qapp.setFont(other)
        assert changed(small(studio.shoot("console")), kept("console")) <= MOST_BLOCKS
    finally:
        qapp.setFont(before)
