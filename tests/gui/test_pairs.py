"""Same or different: shown with what was found, judged by hand, and only what is kept looks judged."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from PyQt6.QtCore import Qt
from pytestqt.qtbot import QtBot

from groundstation.console.panels.pairs import PairsBox
from groundstation.core import topics
from groundstation.core.picture_records import TrackPair
from groundstation.core.share_records import ShareOutcome
from tests.gui.flight_bench import PanelBench

PAIR = TrackPair("belmark", "b-7", "cam1-4", 1, "undecided", 6.2, 2.9, 2.6, 5.0, 12, 8.0, 0.0, 1000.0)


class Share:
    """Keeps verdicts, or says why not."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool, str]] = []
        self.outcome = ShareOutcome(True, "")

    def judge_pair(self, pair_id: str, same: bool, by: str) -> Future[Any]:
        self.asked.append((pair_id, same, by))
        future: Future[Any] = Future()
        future.set_result(self.outcome)
        return future


def _box(qtbot: QtBot, share: Share | None) -> tuple[PanelBench, PairsBox]:
    bench = PanelBench()
    if share is not None:
        bench.context.services["share"] = share
    box = PairsBox(bench.context)
    qtbot.addWidget(box)
    bench.bridge._running = True
    return bench, box


def test_a_pair_is_judged_and_looks_judged_only_when_it_is_kept(qtbot: QtBot) -> None:
    share = Share()
    bench, box = _box(qtbot, share)
    assert box.isHidden()
    bench.bus.publish(topics.TRACK_PAIR, PAIR)
    bench.bridge.drain()
    (row,) = box.rows
    assert box.isVisible()
    for part in ("b-7 of belmark and our cam1-4", "6 m apart", "undecided"):
        assert part in row.text.text(), part
    qtbot.mouseClick(row.same, Qt.MouseButton.LeftButton)
    bench.bridge.drain()
    assert share.asked == [("belmark/b-7/cam1-4", True, "anna")]
    assert not row.same.isChecked(), "the bus has not said it"
    kept = replace(PAIR, verdict="agree", verdict_by="anna", their_verdict="disagree")
    bench.bus.publish(topics.TRACK_PAIR, kept)
    bench.bridge.drain()
    assert row.same.isChecked()
    assert "anna says: the same" in row.text.text()
    assert "belmark says: different" in row.text.text()
    share.outcome = ShareOutcome(False, "the pair is over")
    qtbot.mouseClick(row.other, Qt.MouseButton.LeftButton)
    bench.bridge.drain()
    assert "the pair is over" in box.said.text()


def test_a_pair_that_nobody_renews_takes_no_verdict_and_goes(qtbot: QtBot) -> None:
    share = Share()
    bench, box = _box(qtbot, share)
    bench.bus.publish(topics.TRACK_PAIR, PAIR)
    bench.bridge.drain()
    (row,) = box.rows
    bench.clock.now_s += 6.0
    bench.bridge.drain()
    assert "not renewed for 6 s" in row.text.text()
    assert not row.same.isEnabled()
    bench.clock.now_s += 60.0
    bench.bridge.drain()
    assert box.isHidden()


def test_without_the_service_it_is_grey_and_says_why_and_rows_keep_their_places(qtbot: QtBot) -> None:
    bench, box = _box(qtbot, None)
    other = replace(PAIR, remote_track_id="b-8")
    for pair in (PAIR, other, replace(PAIR, remote_track_id="b-9", own_track_id="")):
        bench.bus.publish(topics.TRACK_PAIR, pair)
    bench.bridge.drain()
    assert [row.pair_id for row in box.rows] == ["belmark/b-7/cam1-4", "belmark/b-8/cam1-4"]
    assert not box.rows[0].same.isEnabled()
    assert "cannot keep" in box.rows[0].same.toolTip()
    bench.clock.now_s += 31.0
    bench.bus.publish(topics.TRACK_PAIR, other)
    bench.bridge.drain()
    assert box.rows[0].isHidden()
    assert box.rows[1].pair_id == "belmark/b-8/cam1-4"
    assert box.rows[1].isVisible()
