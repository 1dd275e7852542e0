"""``groundstation share waiting|approve|rescue|protect|judge|deconflict``, as somebody types them, beside a station."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from groundstation.app.main import main
from groundstation.share.audit_read import entries
from groundstation.share.deconflict import Volume, volumes_text
from groundstation.share.marks import Marks, Waiting
from groundstation.share.policy import Subject

PLAN = Path(__file__).parents[1] / "missions/files/data/qgc_survey.plan"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    marks = Marks(tmp_path, 0)
    marks.set_waiting(Waiting("b", "incident", "i1", "person", "crossing", 1), True)
    marks.set_waiting(Waiting("c", "track", "cam-7", "person", "", 2), True)
    marks.close()
    return tmp_path


def share(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> Any:
    words = ["share", *(str(a) for a in arguments), "--station", "a", "--data-dir", str(folder), "--json"]
    assert main(words) == code
    out = capsys.readouterr().out
    return json.loads(out) if out else {}


def test_two_officers_approve_and_the_log_has_their_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [w["subject"] for w in share(folder, capsys, "waiting")["waiting"]] == ["i1", "cam-7"]
    assert share(folder, capsys, "approve", "i1", "--by", "Kim")["approved_by"] == ["Kim"]
    share(folder, capsys, "approve", "i1", "--by", "KIM", code=2)
    assert share(folder, capsys, "approve", "i1", "--by", "Ada")["approved_by"] == ["Kim", "Ada"]
    share(folder, capsys, "approve", "i9", "--by", "Ada", code=2)
    share(folder, capsys, "approve", "i1", "--by", " ", code=2)
    assert [(e["authorised_by"], e["detail"]) for e in entries(folder)] == [("Kim", "approved"), ("Ada", "approved")]


def test_a_running_station_sees_what_was_typed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    running = Marks(folder, 1)
    share(folder, capsys, "rescue", "i1", "--by", "Kim")
    assert running.look() == {("incident", "i1")}
    assert running.applied(Subject("incident", "i1", 0), "b").rescue_by == "Kim"
    share(folder, capsys, "rescue", "i1", "--over", "--by", "Kim")
    share(folder, capsys, "protect", "cam-7", "--track", "--by", "Kim")
    assert running.look() == {("incident", "i1"), ("track", "cam-7")}
    assert not running.applied(Subject("incident", "i1", 0), "b").rescue_by
    assert running.applied(Subject("track", "cam-7", 0), "b").protected
    share(folder, capsys, "judge", "b/x-1/cam-7", "--different", "--by", "Kim")
    assert [(j.peer, j.remote, j.own, j.verdict, j.told) for j in running.judgements(untold=True)] == [
        ("b", "x-1", "cam-7", "disagree", False)
    ]
    running.close()
    share(folder, capsys, "judge", "b", "--same", "--by", "Kim", code=2)
    share(folder / "nothing", capsys, "waiting", code=2)


def test_plans_against_what_the_neighbour_told(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    share(folder, capsys, "deconflict", PLAN, "--with", "b", code=2)  # how high is it above the sea?
    high = ("--with", "b", "--home-alt", "400")
    when = (*high, "--from", "2026-05-04T22:00", "--until", "2026-05-04T22:20")
    out = tmp_path / "ours.json"
    alone = share(folder, capsys, "deconflict", PLAN, *when, "--out", out)
    assert (alone["ours"], alone["theirs"], alone["findings"]) == (1, None, [])
    (ours,) = json.loads(out.read_text())["volumes"]
    outline = tuple((float(lat), float(lon)) for lat, lon in ours["outline"])
    same = Volume("b", "x", outline, ours["low_amsl_m"], ours["high_amsl_m"], ours["from_utc_us"], ours["until_utc_us"])
    marks = Marks(folder, 0)
    marks.add_volumes("b", volumes_text([same]), "b", 5, True)
    marks.close()
    found = share(folder, capsys, "deconflict", PLAN, *when, code=1)
    assert [f["severity"] for f in found["findings"]] == ["error"]
    share(folder, capsys, "deconflict", PLAN, *when, "--send", code=2)  # nobody answers for it
    assert share(folder, capsys, "deconflict", PLAN, *when, "--send", "--by", "Kim", code=1)["sent"]
    marks = Marks(folder, 0)
    ((_, peer, document),) = marks.volumes_to_tell()
    marks.close()
    assert (peer, json.loads(document)["volumes"][0]["station"]) == ("b", "a")
    later = (*high, "--from", "2026-05-05T22:00")
    assert share(folder, capsys, "deconflict", PLAN, *later)["findings"] == []
    share(folder, capsys, "deconflict", PLAN, *high, "--from", "noon", code=2)
