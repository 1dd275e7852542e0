"""What officers say holds at every gateway, from wherever they say it, and after a restart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from groundstation.share.gateways.gate import ReleaseGate
from groundstation.share.marks import Marks
from tests.unit.share_gateways.things import INSIDE, T0_UTC_US, FakeLedger, incident, tak_agreement, tracks

ID = "secret-incident-id"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Marks]:
    """As the sharing, or the command line, has the file open."""
    made = Marks(tmp_path, 0)
    yield made
    made.close()


def opened(tmp_path: Path, **changes: object) -> tuple[ReleaseGate, Marks]:
    marks = Marks(tmp_path, 0)
    gate = ReleaseGate("a", "tak", "cot", FakeLedger(), "takx", 0.0, marks)
    gate.set_agreement(tak_agreement(**changes))
    return gate, marks


def look(gate: ReleaseGate, marks: Marks) -> None:
    for kind, subject in marks.look():
        gate.reconsider(kind, subject)


def test_a_corrected_class_goes_out_again_and_holds_for_tracks(desk: Marks, tmp_path: Path) -> None:
    gate, marks = opened(tmp_path)
    gate.offer_incident(incident())
    gate.due(T0_UTC_US)
    gate.left(T0_UTC_US)
    desk.mark("class", "incident", ID, "Kim", T0_UTC_US, "vehicle")
    desk.mark("class", "track", "cam1-1", "Kim", T0_UTC_US, "two-wheeler")
    look(gate, marks)
    gate.offer_tracks(tracks(INSIDE))
    assert [t.body["class"] for t in gate.due(T0_UTC_US)] == ["vehicle", "two-wheeler"]
    marks.close()


def test_what_was_withdrawn_stays_withdrawn_after_a_restart(desk: Marks, tmp_path: Path) -> None:
    desk.mark("withdrawn", "incident", ID, "Kim", T0_UTC_US, "false_alarm")
    gate, marks = opened(tmp_path)
    gate.offer_incident(incident())
    assert gate.due(T0_UTC_US) == []
    marks.close()


def test_a_withdrawal_written_elsewhere_ends_what_is_live(desk: Marks, tmp_path: Path) -> None:
    gate, marks = opened(tmp_path)
    gate.offer_tracks(tracks(INSIDE))
    assert len(gate.due(T0_UTC_US)) == 1
    gate.left(T0_UTC_US)
    desk.mark("withdrawn", "track", "cam1-1", "Kim", T0_UTC_US, "false_alarm")
    look(gate, marks)
    assert [t.kind for t in gate.due(T0_UTC_US)] == ["track_end"]
    marks.close()


def test_a_third_country_gets_nothing_before_two_officers_approve(desk: Marks, tmp_path: Path) -> None:
    gate, marks = opened(tmp_path, third_country=True, onward="forbidden")
    gate.offer_incident(incident())
    assert gate.due(T0_UTC_US) == []
    for name in ("Kim", "Ada"):
        desk.mark("approved", "incident", ID, name, T0_UTC_US, peer="tak")
        look(gate, marks)
        told = gate.due(T0_UTC_US)
    assert [t.kind for t in told] == ["incident"]
    marks.close()
