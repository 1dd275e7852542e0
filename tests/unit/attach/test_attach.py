"""A console in another process: what it hears, what it may ask, and that the station does not care how it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from groundstation.app.attach.client import AttachedStation
from groundstation.app.attach.server import ConsoleServer
from groundstation.app.attach.services import ALLOWED, COMMANDS, PROTOCOLS
from groundstation.app.attach.wire import FILE_NAME, Hello, Meeting
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.commands import StationCommands
from groundstation.core.errors import ConfigError, LinkError
from groundstation.core.records import CommandOutcome, CommandResult, VehicleId
from tests.helpers import records as r


class Station:
    """Answers like a station."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.late: Future[CommandOutcome] = Future()

    def pause(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        self.asked.append(("pause", vehicle_id))
        return self.late

    def return_to_launch(self, vehicle_id: VehicleId) -> Future[CommandOutcome]:
        raise LinkError("no link", "plug it in")

    def acknowledge(self, incident_id: str, operator: str) -> None:
        self.asked.append(("acknowledge", incident_id, operator))

    def stop(self) -> None:
        self.asked.append("stop")


def eventually(condition: Callable[[], bool], within_s: float = 20.0) -> bool:
    until_s = time.monotonic() + within_s
    while time.monotonic() < until_s:
        if condition():
            return True
        time.sleep(0.01)
    return condition()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[tuple[Bus, Station, ConsoleServer, Path]]:
    bus, station = Bus(), Station()
    hello = Hello("0", "title", "anna", r.make_area(), r.make_terrain(), None, (), None, ("alerts",))
    server = ConsoleServer(bus, tmp_path, lambda: hello, lambda: {COMMANDS: station}, ALLOWED)
    server.start()
    yield bus, station, server, tmp_path
    server.stop()


@pytest.fixture
def console(bench: tuple[Bus, Station, ConsoleServer, Path]) -> Iterator[AttachedStation]:
    made = AttachedStation(bench[3])
    made.connect()
    yield made
    made.close()


def test_it_hears_what_was_there_before_and_all_that_comes(bench, console) -> None:
    bus = bench[0]
    incidents = console.bus.subscribe(topics.INCIDENT)
    state = r.make_state(mode="AUTO")
    bus.publish(topics.VEHICLE_STATE, state)
    second = AttachedStation(bench[3])
    second.connect()
    for each in (console, second):
        assert eventually(lambda each=each: each.bus.latest(topics.VEHICLE_STATE, r.VEHICLE) is not None)
        assert repr(each.bus.latest(topics.VEHICLE_STATE, r.VEHICLE)) == repr(state)
    for number in range(300):
        bus.publish(topics.INCIDENT, r.make_incident(number))
    heard: list[Any] = []

    def all_came() -> bool:
        heard.extend(incidents.drain())
        return len(heard) >= 300

    assert eventually(all_came)
    assert [i.incident_id for i in heard] == [r.make_incident(n).incident_id for n in range(300)]
    assert console.hello is not None
    assert console.hello.area == r.make_area()
    second.close()


def test_an_order_goes_there_and_its_answer_comes_when_there_is_one(bench, console) -> None:
    commands = console.object(COMMANDS, PROTOCOLS[COMMANDS])
    future = commands.pause(r.VEHICLE)
    assert eventually(lambda: bench[1].asked == [("pause", r.VEHICLE)])
    assert not future.done()
    bench[1].late.set_result(CommandOutcome(CommandResult.DENIED, "not now"))
    assert future.result(10.0) == CommandOutcome(CommandResult.DENIED, "not now")
    commands.acknowledge("INC-1", "anna")  # answers nothing, and has arrived when it returns
    assert bench[1].asked[-1] == ("acknowledge", "INC-1", "anna")
    with pytest.raises(LinkError, match="no link"):
        commands.return_to_launch(r.VEHICLE).result(10.0)


def test_only_what_the_protocols_name_can_be_called(bench, console) -> None:
    for target, method in ((COMMANDS, "stop"), (COMMANDS, "__init__"), ("os", "system")):
        with pytest.raises(LinkError, match="may not call"):
            console.caller(target, method, True)("x").result(10.0)
    with pytest.raises(LinkError, match="has no alerts"):
        console.caller("alerts", "snapshot", False)()
    assert "stop" not in bench[1].asked
    assert {"upload_plan", "start_mission", "confirm_group"} <= ALLOWED[COMMANDS]
    assert hasattr(StationCommands, "upload_plan")


def test_nobody_attaches_without_the_key(bench) -> None:
    folder = bench[3]
    path = folder / FILE_NAME
    assert path.stat().st_mode & 0o077 == 0
    good = Meeting.read(folder)
    raw = json.loads(path.read_text())
    path.write_text(json.dumps({**raw, "key": "00" * 32}))
    with pytest.raises(LinkError):
        AttachedStation(folder).connect()
    assert bench[2].attached() == 0
    # Somebody who says nothing keeps nobody out.
    with socket.create_connection(("127.0.0.1", good.port)):
        path.write_text(json.dumps(raw))
        console = AttachedStation(folder)
        console.connect()
        console.close()


def test_the_file_goes_with_the_station_and_a_missing_one_is_told(bench, tmp_path: Path) -> None:
    bench[2].stop()
    with pytest.raises(ConfigError, match="no station to attach to"):
        AttachedStation(bench[3]).connect()


def test_a_station_that_goes_is_told_as_a_fault_and_open_orders_fail(bench, console) -> None:
    faults = console.bus.subscribe(topics.STATION_FAULT)
    future = console.object(COMMANDS, PROTOCOLS[COMMANDS]).pause(r.VEHICLE)
    assert eventually(lambda: bool(bench[1].asked))
    bench[2].stop()
    with pytest.raises(LinkError):
        future.result(10.0)
    told: list[Any] = []
    assert eventually(lambda: bool(told or told.extend(faults.drain()) or told))
    assert told[0].fault.severity == "critical"
    with pytest.raises(LinkError, match="no longer attached"):
        console.object(COMMANDS, PROTOCOLS[COMMANDS]).pause(r.VEHICLE).result(1.0)


_CHILD = """
import sys, time
from pathlib import Path
from groundstation.app.attach.client import AttachedStation
station = AttachedStation(Path(sys.argv[1])); station.connect(); print("in", flush=True); time.sleep(60)
"""


def test_a_console_that_is_killed_or_stopped_costs_the_station_nothing(bench) -> None:
    bus, _, server, folder = bench
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[3])}
    child = subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(folder)], stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "in"
        assert eventually(lambda: server.attached() == 1)
        child.send_signal(signal.SIGSTOP)
        # More than the socket's buffers hold: a station that waited for its console would stand still here.
        picture = r.make_preview()
        for number in range(200):
            bus.publish(topics.PREVIEW, replace(picture, frame_id=number))
        child.kill()
        child.wait(10)
        assert eventually(lambda: server.attached() == 0)
    finally:
        child.kill()
        child.wait(10)
        if child.stdout is not None:
            child.stdout.close()
    again = AttachedStation(folder)
    again.connect()
    assert eventually(lambda: server.attached() == 1)
    again.close()
