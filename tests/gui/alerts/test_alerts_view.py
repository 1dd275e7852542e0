"""The alerts as an operator at three in the morning uses them."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path

import pytest
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QCursor, QEnterEvent, QFocusEvent
from PyQt6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from groundstation.core import topics
from groundstation.core.errors import LinkError
from groundstation.core.share_records import RemoteReceipt, ShareOutcome, ShareSubject
from tests.gui.alerts.bench import AlertBench, remote
from tests.helpers import records as r


@pytest.fixture
def bench(qtbot: QtBot) -> AlertBench:
    return AlertBench(qtbot)


def alarm(number: int, **changes: object) -> object:
    return r.make_incident(number, **{"t_utc_us": 2_000_000_000_000_000 - number, **changes})


HELP = {"kind": "person_down", "direction": "", "urgency": "help", "text": "Help may be needed <now>"}
NOTICE = {"kind": "group", "direction": "", "urgency": "notice", "text": "Group of 5"}


def test_one_queue_by_urgency_ours_and_theirs_and_what_was_seen_goes_last(bench: AlertBench) -> None:
    bench.tell(alarm(1, **NOTICE), alarm(2, **HELP), alarm(3), remote(), alarm(4))
    assert bench.view.ids() == ["INC-0003", "INC-0004", "belmark/b-1", "INC-0002", "INC-0001"]
    bench.choose("INC-0003")
    bench.view.acknowledge("INC-0003")
    bench.step()
    assert bench.view.ids() == ["INC-0004", "belmark/b-1", "INC-0002", "INC-0001", "INC-0003"]
    assert bench.view.open_count() == 4


def test_nothing_is_acknowledged_by_enter_or_by_what_has_just_come(bench: AlertBench) -> None:
    bench.tell(alarm(1))
    view = bench.view
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
        bench.qtbot.keyClick(view.list, key)
    assert view.chosen_id() is None or bench.acts() == []
    view.choose("INC-0001")
    bench.step()
    # Chosen this very moment: whatever the hand was about to press is not meant for it.
    view.acknowledge("INC-0001")
    bench.qtbot.keyClick(view, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert bench.acts() == []
    assert not view.detail.ack.isEnabled()
    bench.step(1.0)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        bench.qtbot.keyClick(view.list, key)
        bench.qtbot.keyClick(view.detail.ack, key)
    assert bench.acts() == []
    # A more urgent one comes: the choice stays.
    bench.tell(alarm(0))
    assert view.chosen_id() == "INC-0001"
    view.acknowledge("INC-0000")
    assert bench.acts() == []
    bench.qtbot.mouseClick(view.detail.ack, Qt.MouseButton.LeftButton)
    assert bench.acts() == [("INC-0001", "acknowledge", "")]


def test_the_list_does_not_move_under_the_pointer(bench: AlertBench) -> None:
    bench.tell(alarm(5), alarm(6))
    view = bench.view
    viewport = view.list.viewport()
    assert viewport is not None
    place = QPointF(20, 20)
    QCursor.setPos(viewport.mapToGlobal(place.toPoint()))
    QApplication.sendEvent(viewport, QEnterEvent(place, place, place))
    bench.tell(alarm(1), alarm(2))
    assert view.ids() == ["INC-0005", "INC-0006"]
    assert "2 new" in view.news.text()
    assert view.open_count() == 4
    bench.choose("INC-0005")
    view.acknowledge("INC-0005")
    bench.step()
    assert view.ids() == ["INC-0005", "INC-0006"]  # seen, and still in its place
    QApplication.sendEvent(viewport, QEvent(QEvent.Type.Leave))
    assert view.ids() == ["INC-0001", "INC-0002", "INC-0006", "INC-0005"]
    assert view.chosen_id() == "INC-0005"
    assert "2 new" not in view.news.text()
    # Held again, and the pointer is gone without a word: it does not stay held.
    QApplication.sendEvent(viewport, QEnterEvent(place, place, place))
    bench.tell(alarm(3))
    assert "1 new" in view.news.text()
    QCursor.setPos(view.width() + 400, view.height() + 400)
    bench.step(1.0)
    assert "INC-0003" in view.ids()


def test_what_is_not_kept_is_not_shown_as_done(bench: AlertBench) -> None:
    bench.tell(alarm(1))
    bench.choose("INC-0001")
    bench.full = True
    bench.view.acknowledge("INC-0001")
    box = bench.view.detail.checklist.steps()[0]
    bench.qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    bench.step(4.0)
    assert bench.view.open_count() == 1
    assert not box.isChecked()
    assert "saving" in bench.view.detail.checklist.times()[0]
    assert "NOT SAVED YET" in bench.view.detail.outcome.text()
    bench.write()
    bench.step(1.0)
    bench.step(1.0)
    assert bench.view.open_count() == 0
    assert box.isChecked()
    assert "by anna" in bench.view.detail.checklist.times()[0]


def test_the_procedure_counts_down_and_then_says_late(bench: AlertBench) -> None:
    raised = bench.clock.utc_us()
    bench.tell(alarm(1, t_raised_utc_us=raised))
    bench.choose("INC-0001")
    assert bench.view.detail.procedure.text() == "CROSSING OF THE BORDER"
    assert bench.view.detail.checklist.times()[0] == "0:59 left"
    bench.step(70.0)
    assert bench.view.detail.checklist.times()[0] == "LATE 0:11"
    assert bench.view.detail.checklist.times()[-1] == ""


def test_a_verdict_is_kept_with_its_operator_and_can_be_changed(bench: AlertBench) -> None:
    bench.tell(alarm(1))
    bench.choose("INC-0001")
    verdicts = bench.view.detail.verdicts
    bench.qtbot.mouseClick(verdicts["confirmed"], Qt.MouseButton.LeftButton)
    bench.step(0.5)
    assert verdicts["confirmed"].isChecked()
    bench.qtbot.mouseClick(verdicts["animal"], Qt.MouseButton.LeftButton)
    bench.step(0.5)
    assert [n for n, b in verdicts.items() if b.isChecked()] == ["animal"]
    assert bench.acts() == [
        ("INC-0001", "verdict", "confirmed"), ("INC-0001", "acknowledge", ""), ("INC-0001", "verdict", "animal"),
    ]  # fmt: skip
    alert = bench.view.queue.get("INC-0001")
    assert alert is not None
    assert (alert.state.verdict, alert.seen_by) == ("animal", "anna")


def test_a_second_console_sees_the_same_and_one_that_comes_later_too(bench: AlertBench) -> None:
    bench.tell(alarm(1), remote())
    other = bench.console()
    bench.choose("belmark/b-1")
    bench.view.acknowledge("belmark/b-1")
    bench.step()
    bench.step(view=other)
    assert other.ids() == bench.view.ids() == ["INC-0001", "belmark/b-1"]
    assert other.open_count() == 1
    assert bench.console().open_count() == 1


def test_a_note_stays_written_until_it_is_kept(bench: AlertBench) -> None:
    bench.tell(alarm(1))
    bench.choose("INC-0001")
    bench.full = True
    bench.qtbot.keyClicks(bench.view.detail.note_text, "two men <with> a ladder")
    bench.qtbot.keyClick(bench.view.detail.note_text, Qt.Key.Key_Return)
    bench.step(0.5)
    assert bench.view.detail.note_text.text() == "two men <with> a ladder"
    bench.write()
    bench.step(0.5)
    bench.step(0.5)
    assert bench.view.detail.note_text.text() == ""
    assert "anna: two men <with> a ladder" in bench.view.detail.history.text()


def test_what_waits_is_counted_in_the_title_of_the_window(qtbot: QtBot, bench: AlertBench) -> None:
    window = QMainWindow()
    window.setWindowTitle("Marchwarden")
    window.setCentralWidget(bench.view)
    qtbot.addWidget(window)
    bench.tell(alarm(1), alarm(2))
    assert window.windowTitle() == "(2) Marchwarden"
    window.setWindowTitle("Marchwarden · east")
    bench.choose("INC-0001")
    bench.view.acknowledge("INC-0001")
    bench.step(0.5)
    assert window.windowTitle() == "(1) Marchwarden · east"
    bench.choose("INC-0002")
    bench.view.acknowledge("INC-0002")
    bench.step(0.5)
    assert window.windowTitle() == "Marchwarden · east"
    window.takeCentralWidget()


@pytest.mark.qt_log_ignore(r"This plugin does not support")
def test_the_strip_is_above_all_when_the_console_is_covered(bench: AlertBench) -> None:
    strip = bench.view.strip
    assert strip.windowFlags() & Qt.WindowType.WindowStaysOnTopHint
    assert strip.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    in_use = [True]
    strip._is_in_use = lambda window: in_use[0]  # type: ignore[method-assign]
    bench.tell(alarm(1))
    assert not strip.isVisible()
    in_use[0] = False
    bench.step(1.0)
    assert not strip.isVisible()  # a moment between two windows
    bench.step(1.5)
    assert strip.isVisible()
    assert "1 alerts wait" in strip.text
    assert "ALARM" in strip.text
    bench.choose("INC-0001")
    bench.view.acknowledge("INC-0001")
    bench.step(1.0)
    assert not strip.isVisible()
    bench.tell(alarm(2))
    bench.step(1.0)
    assert strip.isVisible()
    bench.view.close()  # nobody is left to bring back
    bench.step(1.0)
    assert not strip.isVisible()


def test_each_alert_is_heard_once_and_what_nobody_acknowledges_again_and_again(bench: AlertBench) -> None:
    bench.tell(alarm(1), alarm(2, **HELP))
    bench.tell(alarm(1, evidence="evidence/x.ts"))
    assert bench.voice.heard == ["alarm", "help"]
    for _ in range(100):
        bench.step(1.0)
    again = bench.voice.heard[2:]
    assert set(again) == {"escalated"}
    assert 2 <= len(again) <= 4
    for alert_id in ("INC-0001", "INC-0002"):
        bench.choose(alert_id)
        bench.view.acknowledge(alert_id)
    for _ in range(60):
        bench.step(1.0)
    assert bench.voice.heard[2:] == again


def test_sounds_can_be_off_and_speech_on(bench: AlertBench) -> None:
    bench.view.context.settings.change(sounds=False, speech=True)  # type: ignore[attr-defined]
    bench.tell(alarm(1))
    assert bench.voice.heard == ["Alarm. Crossing: person, Belmark to Arvenia."]


def test_the_clip_opens_and_a_missing_one_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    bench = AlertBench(qtbot, data_dir=tmp_path)
    bench.tell(alarm(1), alarm(2, evidence="evidence/2.ts"))
    bench.choose("INC-0001")
    assert not bench.view.detail.clip.isEnabled()
    bench.choose("INC-0002")
    bench.qtbot.mouseClick(bench.view.detail.clip, Qt.MouseButton.LeftButton)
    assert "is not there" in bench.view.detail.outcome.text()
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "2.ts").write_bytes(b"x")
    bench.qtbot.mouseClick(bench.view.detail.clip, Qt.MouseButton.LeftButton)
    assert bench.opened == [str(tmp_path / "evidence" / "2.ts")]


def test_without_a_neighbour_handing_over_is_grey_and_says_why(bench: AlertBench) -> None:
    bench.tell(alarm(1))
    bench.choose("INC-0001")
    assert not bench.view.detail.hand.isEnabled()
    assert "No neighbour is set up" in bench.view.detail.hand.toolTip()


def test_the_neighbour_has_seen_ours(bench: AlertBench) -> None:
    bench.tell(alarm(1))
    bench.bus.publish(
        topics.RECEIPT, RemoteReceipt("belmark", ShareSubject("arvenia", "INC-0001", "incident"), "seen", 9)
    )
    bench.step()
    alert = bench.view.queue.get("INC-0001")
    assert alert is not None
    assert alert.seen_there_utc_us == 9
    assert alert.open  # that they have seen it does not mean that we have


def test_a_station_without_alert_service_can_still_acknowledge(bench: AlertBench) -> None:
    class Commands:
        def __init__(self) -> None:
            self.asked: list[str] = []

        def acknowledge(self, incident_id: str, operator: str) -> None:
            self.asked.append(f"{incident_id} {operator}")

    commands = Commands()
    bench.view = bench.console({}, commands)
    bench.tell(alarm(1))
    bench.choose("INC-0001")
    assert not bench.view.detail.verdicts["false"].isEnabled()
    assert "did not hand over" in bench.view.detail.verdicts["false"].toolTip()
    bench.view.acknowledge("INC-0001")
    assert commands.asked == ["INC-0001 anna"]


def test_markup_in_what_is_told_is_shown_as_it_is(bench: AlertBench) -> None:
    bench.tell(alarm(1, class_name="<b>x</b>", text="<img src=x>"))
    bench.choose("INC-0001")
    assert "<img" not in bench.view.detail.head.text()
    assert "&lt;b&gt;x" in bench.view.detail.head.text()


def test_keyboard_alone(bench: AlertBench) -> None:
    bench.tell(alarm(1), alarm(2))
    bench.view.activateWindow()
    bench.qtbot.waitUntil(bench.view.isActiveWindow, timeout=60_000)
    bench.qtbot.keyClick(bench.view, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert bench.view.chosen_id() == "INC-0001"
    bench.step(1.0)
    bench.qtbot.keyClick(bench.view, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    bench.step()
    bench.qtbot.keyClick(bench.view, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert (bench.acts(), bench.view.chosen_id()) == ([("INC-0001", "acknowledge", "")], "INC-0002")


class FakeShare:
    """Takes orders for the neighbour, or refuses them."""

    def __init__(self, reason: str = "") -> None:
        self.reason, self.asked = reason, []

    def _answer(self, *what: object) -> Future[ShareOutcome]:
        self.asked.append(what)
        future: Future[ShareOutcome] = Future()
        future.set_result(ShareOutcome(not self.reason, self.reason))
        return future

    def offer_lead(self, peer: str, subject: ShareSubject, timeout_s: float = 60.0) -> Future[ShareOutcome]:
        return self._answer("offer", peer, subject)

    def mark_seen(self, subject: ShareSubject) -> Future[ShareOutcome]:
        return self._answer("seen", subject)

    def withdraw(self, subject: ShareSubject, reason: str) -> Future[ShareOutcome]:
        return self._answer("withdraw", subject, reason)


def test_handing_over_offers_the_lead_and_is_noted_once_it_went(qtbot: QtBot) -> None:
    share = FakeShare()
    bench = AlertBench(qtbot, share=share)
    bench.tell(alarm(1), remote())
    bench.choose("INC-0001")
    assert "heard yet" in bench.view.detail.hand.toolTip()
    bench.bus.publish(topics.PEER_STATUS, r.make_peer_status())
    bench.step(1.0)
    (action,) = bench.view.detail.peers.actions()
    action.trigger()
    bench.step(0.5)
    assert share.asked == [("offer", "belmark", ShareSubject("arvenia", "INC-0001", "incident"))]
    assert bench.acts() == [("INC-0001", "hand_over", "belmark")]
    share.reason = "not told to belmark: 412 m outside"
    action.trigger()
    bench.step(0.5)
    assert "412 m outside" in bench.view.detail.outcome.text()
    assert len(bench.acts()) == 1
    bench.choose("belmark/b-1")
    assert not bench.view.detail.hand.isEnabled()
    bench.view.acknowledge("belmark/b-1")
    bench.step(0.5)
    assert share.asked[-1] == ("seen", ShareSubject("belmark", "b-1", "incident"))


def test_a_station_that_cannot_be_asked_leaves_a_console_that_says_so(qtbot: QtBot) -> None:
    class Broken:
        def procedures(self) -> None:
            raise LinkError("the station did not answer", "try again")

    bench = AlertBench(qtbot)
    bench.view = bench.console({"alerts": Broken()})
    bench.tell(alarm(1))
    bench.choose("INC-0001")
    assert not bench.view.detail.ack.isEnabled()
    assert not bench.view.detail.verdicts["animal"].isEnabled()


def test_a_false_alarm_asks_once_whether_the_neighbours_copy_goes_too(qtbot: QtBot) -> None:
    """Nothing is taken back without an answer; the answer is in the log book; what failed stays asked."""
    share = FakeShare()
    bench = AlertBench(qtbot, share=share)
    bench.bus.publish(topics.PEER_STATUS, r.make_peer_status())
    bench.tell(alarm(1, track_id="cam1-4"))
    bench.choose("INC-0001")
    question = bench.view.detail.question
    assert question.isHidden()
    qtbot.mouseClick(bench.view.detail.verdicts["false"], Qt.MouseButton.LeftButton)
    assert question.isHidden(), "not before the verdict is kept"
    bench.step(1.0)
    assert question.isVisible()
    assert "the procedure proposes this" in question.yes.text()
    assert "proposes" not in question.no.text()
    assert not [a for a in share.asked if a[0] == "withdraw"]
    share.reason = "the link is down"
    qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    bench.step(1.0)
    assert question.isVisible()
    assert "the link is down" in bench.view.detail.outcome.text()
    share.reason = ""
    share.asked.clear()
    qtbot.mouseClick(question.yes, Qt.MouseButton.LeftButton)
    bench.step(1.0)
    assert share.asked == [
        ("withdraw", ShareSubject("arvenia", "INC-0001", "incident"), "false_alarm"),
        ("withdraw", ShareSubject("arvenia", "cam1-4", "track"), "false_alarm"),
    ]
    assert question.isHidden()
    assert [a.text for a in bench.kept if a.kind == "note"] == ["taken back from the neighbour: False alarm"]
    qtbot.mouseClick(bench.view.detail.verdicts["animal"], Qt.MouseButton.LeftButton)
    bench.step(1.0)
    assert question.isHidden(), "it was answered"


def test_what_is_left_with_the_neighbour_is_noted_and_another_verdict_takes_the_question_away(qtbot: QtBot) -> None:
    share = FakeShare()
    bench = AlertBench(qtbot, share=share)
    bench.bus.publish(topics.PEER_STATUS, r.make_peer_status())
    bench.tell(alarm(1), alarm(2))
    question, verdicts = bench.view.detail.question, bench.view.detail.verdicts
    bench.choose("INC-0001")
    for name, asked in (("animal", True), ("confirmed", False), ("own_patrol", True)):
        qtbot.mouseClick(verdicts[name], Qt.MouseButton.LeftButton)
        bench.step(1.0)
        assert question.isVisible() is asked, name
    bench.choose("INC-0002")
    assert question.isHidden(), "it is about the other one"
    bench.choose("INC-0001")
    qtbot.mouseClick(question.no, Qt.MouseButton.LeftButton)
    bench.step(1.0)
    assert question.isHidden()
    assert not [a for a in share.asked if a[0] == "withdraw"]
    assert [a.text for a in bench.kept if a.kind == "note"] == ["left with the neighbour as it was told"]


def test_the_keyboard_coming_to_the_list_chooses_nothing_and_the_next_is_the_most_urgent(bench: AlertBench) -> None:
    bench.tell(alarm(1), alarm(2))
    view = bench.view
    for reason in (Qt.FocusReason.ShortcutFocusReason, Qt.FocusReason.TabFocusReason, Qt.FocusReason.OtherFocusReason):
        QApplication.sendEvent(view.list, QFocusEvent(QEvent.Type.FocusIn, reason))
        assert view.chosen_id() is None, "who comes by the keyboard has chosen nothing yet"
    bench.step(1.0)
    bench.qtbot.keyClick(view, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert bench.acts() == []
    view.choose_next()
    assert view.chosen_id() == view.ids()[0]
    QApplication.sendEvent(view.list, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert view.chosen_id() == view.ids()[0], "and a choice stays"
