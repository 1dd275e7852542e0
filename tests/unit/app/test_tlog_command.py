"""``groundstation tlog``: what it prints and writes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from groundstation.app.main import main
from groundstation.link.tlog import TlogRecorder, read_tlog
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import START_UTC_US, Sender, heartbeat


@pytest.fixture
def flight(tmp_path: Path) -> Path:
    path = tmp_path / "f.tlog"
    recorder, aircraft, station = TlogRecorder(path), Sender(), Sender(255, 190)
    for n in range(100):
        recorder.write(START_UTC_US + n * 1_000_000, aircraft.packet(heartbeat(custom_mode=n)), 0)
        recorder.write(START_UTC_US + n * 1_000_000, station.packet(m.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3)), 0)
    recorder.write(START_UTC_US + 99_000_000, aircraft.packet(m.MAVLink_statustext_message(4, b"hello")), 0)
    nan = m.MAVLink_attitude_message(5, float("nan"), 0, 0, 0, 0, 0)
    recorder.write(START_UTC_US + 99_000_000, aircraft.packet(nan), 0)
    recorder.close()
    return path


def test_info(flight: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flight.write_bytes(flight.read_bytes()[:-3])
    assert main(["tlog", "info", str(flight), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["records"], document["duration_s"]) == (201, 99.0)
    (aircraft,) = document["aircraft"]
    assert (aircraft["system"], aircraft["type"], aircraft["autopilot"]) == (1, "quadrotor", "ardupilotmega")
    assert (aircraft["direction"], document["others"][0]["direction"]) == ("in", "out")
    assert document["messages"] == {"HEARTBEAT": 200, "STATUSTEXT": 1}
    assert document["damage"]["cut_bytes"] > 0
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT[\d:.]+Z", document["start"])
    assert main(["tlog", "info", str(flight)]) == 0
    assert "201 packets" in capsys.readouterr().out


def test_messages(flight: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tlog", "messages", str(flight), "--type", "statustext", "--type", "ATTITUDE", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["type"] for line in lines] == ["STATUSTEXT", "ATTITUDE"]
    assert lines[0]["fields"]["text"] == "hello"
    assert lines[1]["fields"]["roll"] is None, "NaN is no JSON"
    assert main(["tlog", "messages", str(flight), "--from", "+10", "--to", "+12", "--system", "1"]) == 0
    assert [re.findall(r"custom_mode=(\d+)", x)[0] for x in capsys.readouterr().out.splitlines()] == ["10", "11", "12"]
    assert main(["tlog", "messages", str(flight), "--from=-1", "--limit", "2"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_cut(flight: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "part.tlog"
    assert main(["tlog", "cut", str(flight), "--from", "+10", "--to", "+19", "-o", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["records"] == 20
    whole = [(r.t_utc_us, r.packet) for r in read_tlog(flight)]
    assert [(r.t_utc_us, r.packet) for r in read_tlog(out)] == whole[20:40]
    assert main(["tlog", "cut", str(flight), "-o", str(out)]) != 0
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["messages", "F", "--from", "yesterday"], "not a time"),
        (["messages", "F", "--from", "+20", "--to", "+10"], "after --to"),
        (["messages", "F", "--type", "GPS_RAW_INT"], "no GPS_RAW_INT"),
        (["cut", "F", "--from", "+500", "-o", "OUT"], "no packet in that time"),
        (["info", "NONE"], "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    arguments: list[str], words: str, flight: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = {"F": str(flight), "OUT": str(tmp_path / "out.tlog"), "NONE": str(tmp_path / "none.tlog")}
    assert main(["tlog", *(names.get(a, a) for a in arguments)]) != 0
    error = capsys.readouterr().err
    assert words in error
    assert "Traceback" not in error
    assert not (tmp_path / "out.tlog").exists()
