"""The shift as it is used: write, search, hand over, report."""

from __future__ import annotations

from pathlib import Path

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from groundstation.app.shift_desk import ShiftDesk
from groundstation.console.alerts.queue import AlertQueue
from groundstation.console.shift.report import handover_html, incident_html, write_pdf
from groundstation.console.shift.view import ShiftView
from groundstation.core.alert_records import AlertAct
from groundstation.core.shift_records import IncidentFile, LogEntry, ReportPicture
from groundstation.incidents.procedures import default_procedures
from groundstation.store import StoreService
from tests.gui.alerts.bench import AlertBench
from tests.helpers import records as r


def report(**changes: object) -> str:
    acts = (
        AlertAct("a", "INC-0001", 1_790_000_010_000_000, "anna", "acknowledge"),
        AlertAct("b", "INC-0001", 1_790_000_020_000_000, "anna", "tick", "crossing/look"),
        AlertAct("c", "INC-0001", 1_790_000_030_000_000, "anna", "verdict", "confirmed"),
        AlertAct("d", "INC-0001", 1_790_000_040_000_000, "anna", "note", "", "<script>alert(1)</script>"),
    )
    incident = r.make_incident(1, t_utc_us=1_790_000_000_000_000, t_raised_utc_us=1_790_000_000_000_000)
    values = {
        "incident": incident, "acts": acts, "pictures": (ReportPicture(1_790_000_000_000_000, b"\xff\xd8x"),),
        "clip": "evidence/x.ts", "clip_sha256": "ab" * 32, "lacks": ("there is no evidence package (yet)",),
    }  # fmt: skip
    file = IncidentFile(**(values | changes))  # type: ignore[arg-type]
    return incident_html(file, default_procedures()[1], "en", "arvenia", "anna", 1_790_000_100_000_000)


def test_the_incident_report_says_who_did_what_when_and_what_is_missing(qtbot: QtBot) -> None:
    page = report()
    for part in (
        "INC-0001", "Crossing: person, Belmark → Arvenia", "Confirmed, anna", "acknowledged by anna",
        "0:20 after it was raised", "not done", "ab" * 32, "there is no evidence package", "data:image/jpeg;base64,",
        "Made by anna at arvenia",
    ):  # fmt: skip
        assert part in page, part
    assert "<script>" not in page
    assert "NOT ACKNOWLEDGED" not in page
    assert "NOT ACKNOWLEDGED" in report(acts=())


def test_a_report_is_printed(qtbot: QtBot, tmp_path: Path) -> None:
    write_pdf(report(pictures=()), tmp_path / "r.pdf")
    assert (tmp_path / "r.pdf").read_bytes()[:5] == b"%PDF-"


def test_the_handover_sheet_begins_with_what_still_waits(qtbot: QtBot) -> None:
    queue = AlertQueue()
    for number in (1, 2, 3):
        queue.on_incident(r.make_incident(number))
    queue.on_acts([AlertAct("a", "INC-0002", 5, "anna", "acknowledge")])
    queue.on_acts(
        [AlertAct("b", "INC-0003", 5, "anna", "acknowledge"), AlertAct("c", "INC-0003", 6, "anna", "verdict", "animal")]
    )
    entries = [LogEntry(7, "note", "anna", "", "battery 3 is weak"), LogEntry(8, "order", "anna", "1.1", "start")]
    page = handover_html(entries, queue.ordered(), 0, 10, "arvenia", "anna")
    assert page.index("STILL WAITING") < page.index("Seen, not classified") < page.index("battery 3 is weak")
    assert "Animal</th><td>1" in page


class Bench:
    """The console's shift on a real store."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self.alerts = AlertBench(qtbot, data_dir=folder)
        self.store = StoreService(self.alerts.bus, folder, "f1", self.alerts.clock)
        self.store.start()
        self.desk = ShiftDesk(folder, self.alerts.clock, self.store.keep_act)
        self.opened: list[str] = []
        self.alerts.services["shift"] = self.desk
        self.alerts.view = self.alerts.console()
        context = self.alerts.view.context  # type: ignore[attr-defined]
        self.view = ShiftView(context, clock=self.alerts.clock, open_url=lambda u: self.opened.append(u.toLocalFile()))
        qtbot.addWidget(self.view)
        self.view.show()
        self.qtbot = qtbot

    def until(self, condition: object) -> None:
        def look() -> bool:
            self.alerts.step(0.3)
            return bool(condition())  # type: ignore[operator]

        self.qtbot.waitUntil(look, timeout=60_000)

    def close(self) -> None:
        self.desk.close()
        self.store.stop()


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path):
    made = Bench(qtbot, tmp_path)
    yield made
    made.close()


def test_an_entry_is_written_found_and_handed_over(bench: Bench, tmp_path: Path) -> None:
    view = bench.view
    bench.until(lambda: len(view.entries) == 1)  # the flight began
    bench.qtbot.keyClicks(view.entry, "Battery 3 is weak")
    bench.qtbot.keyClick(view.entry, Qt.Key.Key_Return)
    bench.until(lambda: any(e.text == "Battery 3 is weak" for e in view.entries))
    assert view.entry.text() == ""
    assert view.table.item(0, 4).text() == "Battery 3 is weak"
    bench.qtbot.keyClicks(view.search, "WEAK batt")
    bench.until(lambda: [e.text for e in view.entries] == ["Battery 3 is weak"])
    bench.qtbot.mouseClick(view.handover, Qt.MouseButton.LeftButton)
    bench.until(lambda: bench.opened)
    pages = sorted(p.suffix for p in (tmp_path / "reports").iterdir())
    assert pages == [".html", ".pdf"]
    assert "Battery 3 is weak" in Path(bench.opened[0]).read_text()


def test_the_incident_report_is_one_click(bench: Bench, tmp_path: Path) -> None:
    bench.alerts.tell(r.make_incident(1))
    assert bench.store.flush()
    bench.alerts.choose("INC-0001")
    bench.qtbot.mouseClick(bench.alerts.view.detail.make_report, Qt.MouseButton.LeftButton)
    bench.until(lambda: bench.alerts.opened)
    assert Path(bench.alerts.opened[0]).name == "incident-INC-0001.html"
    assert (tmp_path / "reports" / "incident-INC-0001.pdf").read_bytes()[:5] == b"%PDF-"
    assert "there is no clip" in Path(bench.alerts.opened[0]).read_text()


def test_without_the_service_it_is_grey_and_says_why(qtbot: QtBot) -> None:
    alerts = AlertBench(qtbot)
    view: QWidget = ShiftView(alerts.view.context)  # type: ignore[attr-defined]
    qtbot.addWidget(view)
    assert not view.isEnabled()
    assert "did not hand over" in view.said.text()  # type: ignore[attr-defined]
