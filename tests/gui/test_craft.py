"""What surrounds the work: crash reports, what the station says, first steps, keys, settings."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path

import pytest
from PyQt6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from groundstation.console.craft.crash import KEPT_LINES, CrashWatch, failure_words, write_report
from groundstation.console.craft.debug_page import DebugPage, short
from groundstation.console.craft.guide import STEPS, GuidePanel
from groundstation.console.craft.keys_page import KeysPage
from groundstation.console.craft.settings_page import SettingsPage
from groundstation.core import topics
from groundstation.core.records import PlanStatus
from groundstation.core.safety_records import PreflightReport
from tests.gui.flight_bench import ONE, PanelBench
from tests.helpers import records as r


@pytest.fixture
def bench() -> PanelBench:
    return PanelBench()


# -- crash ---------------------------------------------------------------------------------------------------------------


def test_an_error_leaves_the_log_the_versions_and_its_place_and_is_told_once(tmp_path: Path) -> None:
    told: list[tuple[str, Path | None]] = []
    watch = CrashWatch(tmp_path, lambda text, path: told.append((text, path)))
    before = sys.excepthook
    watch.install()
    try:
        for number in range(KEPT_LINES + 50):
            logging.getLogger("groundstation.test").warning("line %d", number)

        def fails() -> None:
            raise ValueError("the picture has no corner")

        for _ in range(3):
            try:
                fails()
            except ValueError as error:
                sys.excepthook(type(error), error, error.__traceback__)
        thread = threading.Thread(target=lambda: int("no number"))
        thread.start()
        thread.join()
    finally:
        watch.remove()
    assert sys.excepthook is before
    assert [text for text, _ in told] == [
        "ValueError: the picture has no corner",
        "ValueError: invalid literal for int() with base 10: 'no number'",
    ]
    path = told[0][1]
    assert path is not None
    content = path.read_text()
    assert "in fails" in content
    assert f"line {KEPT_LINES + 49}" in content
    assert "line 20\n" not in content
    assert "PyQt6:" in content
    assert str(path) in failure_words("x", path)


def test_the_newest_twenty_reports_are_kept_and_a_full_disk_is_not_a_second_crash(tmp_path: Path) -> None:
    paths = [write_report(tmp_path, ["a"], None) for _ in range(23)]
    kept = sorted((tmp_path / "crash").glob("*.txt"))
    assert kept == sorted(paths)[-20:]
    blocked = tmp_path / "file"
    blocked.write_text("")
    watch = CrashWatch(blocked, lambda text, path: None)
    assert watch.report(ValueError("x")) is None
    assert "nowhere" in failure_words("x", None)


# -- what the station says -----------------------------------------------------------------------------------------------


def test_every_topic_is_listed_with_its_age_and_last_value(bench: PanelBench, qtbot: QtBot) -> None:
    page = DebugPage(bench.context)
    qtbot.addWidget(page)
    page.show()
    bench.bus.publish(topics.VEHICLE_STATE, r.make_state())
    bench.bus.publish(topics.INCIDENT, r.make_incident(7))
    bench.bus.publish(topics.PREVIEW, r.make_preview())
    page.refresh()
    rows = {page.table.item(i, 0).text(): i for i in range(page.table.rowCount())}  # type: ignore[union-attr]
    assert set(rows) == {topic.name for topic in topics.ALL_TOPICS}

    def cell(name: str, column: int) -> str:
        item = page.table.item(rows[name], column)
        assert item is not None
        return item.text()

    assert cell("vehicle_state", 4) == "live"
    assert "AUTO" in cell("vehicle_state", 5)
    assert "INC-0007" in cell("incident", 5)
    assert "array(" in cell("preview", 5)
    assert cell("traffic", 4) == "never"
    page.hide()
    assert not any(bench.bus._subscriptions["evidence_request"])


def test_a_long_value_is_told_shortly() -> None:
    assert len(short("x" * 5000)) <= 160
    assert short([1, 2, 3, 4]) == "[1, 2, 3, … 4]"
    assert short(b"abc") == "3 bytes"


# -- first steps ---------------------------------------------------------------------------------------------------------


def test_the_guide_follows_what_the_aircraft_does(bench: PanelBench, qtbot: QtBot) -> None:
    panel = GuidePanel(bench.context)
    qtbot.addWidget(panel)
    order = []

    def now() -> str:
        step = panel.next_step()
        return step.name if step is not None else "all"

    order.append(now())
    bench.state(ONE, armed=False, mode="STABILIZE")
    order.append(now())
    bench.tell(topics.PLAN_STATUS, PlanStatus(ONE, 0, "uploading"))
    bench.tell(topics.PLAN_STATUS, PlanStatus(ONE, 0, "in_force"))
    order.append(now())
    bench.tell(topics.PREFLIGHT, PreflightReport(ONE, 0))
    order.append(now())
    bench.state(ONE, armed=True, mode="AUTO")
    order.append(now())
    bench.tell(topics.INCIDENT, r.make_incident(1))
    order.append(now())
    bench.tell(topics.INCIDENT, r.make_incident(1, acknowledged_utc_us=5, acknowledged_by="anna"))
    order.append(now())
    bench.state(ONE, armed=True, mode="RTL")
    order.append(now())
    assert order == [*(step.name for step in STEPS), "all"]


def test_the_guide_that_is_opened_late_knows_what_was_done(bench: PanelBench, qtbot: QtBot) -> None:
    bench.state(ONE, armed=True, mode="AUTO")
    bench.tell(topics.PLAN_STATUS, PlanStatus(ONE, 0, "in_force"))
    panel = GuidePanel(bench.context)
    qtbot.addWidget(panel)
    assert {"heard", "uploaded", "flying"} <= panel.done()
    assert "home" not in panel.done()


# -- keys and settings ---------------------------------------------------------------------------------------------------


def test_the_page_of_keys_lists_those_of_the_window(bench: PanelBench, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    bench.bridge.setParent(window)
    menu = window.menuBar().addMenu("x")  # type: ignore[union-attr]
    action = menu.addAction("Next panel")  # type: ignore[union-attr]
    action.setShortcut("F6")  # type: ignore[union-attr]
    page = KeysPage(bench.context)
    qtbot.addWidget(page)
    entries = dict(page.entries())
    assert entries["F6"] == "Next panel"
    assert entries["F8"] == "Hold position, at once"
    bench.bridge.setParent(None)


def test_what_is_set_on_the_page_is_set_at_once(bench: PanelBench, qtbot: QtBot) -> None:
    page = SettingsPage(bench.context)
    qtbot.addWidget(page)
    page.show()
    settings = bench.context.settings
    page.theme.setCurrentIndex(page.theme.findData("night_red"))
    page.units.setCurrentIndex(page.units.findData("aviation"))
    assert (settings.theme, settings.units) == ("night_red", "aviation")
    settings.change(text_px=18)
    assert page.text.value() == 18
