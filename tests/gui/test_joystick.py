"""The camera by joystick: what is read, what the hand asks for, and everything that takes the hand off."""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from groundstation.console.craft.settings_page import SettingsPage
from groundstation.console.flight.camera import CameraPanel
from groundstation.console.flight.joystick import JoystickHand, JoystickMap, LinuxJoystick, Moved, first_joystick
from groundstation.console.flight.joystick_reader import PART, JoystickReader
from groundstation.console.settings import ConsoleSettings
from tests.gui.flight_bench import ONE, TWO, PanelBench

ON = JoystickMap(on=True)


class FakeJoystick:
    """Tells what a test lets the hand do."""

    name = "js0"

    def __init__(self) -> None:
        self.moved: list[Moved] = []
        self.unplugged = self.closed = False

    def read(self) -> list[Moved]:
        if self.unplugged:
            raise OSError(errno.ENODEV, "gone")
        moved, self.moved = self.moved, []
        return moved

    def close(self) -> None:
        self.closed = True

    def push(self, right: float, up: float = 0.0) -> None:
        self.moved += [Moved(True, 0, right), Moved(True, 1, -up)]

    def hold(self, down: bool = True) -> None:
        self.moved.append(Moved(False, 0, float(down)))


# -- the hand ------------------------------------------------------------------------------------------------------------


def hand(wired: JoystickMap = ON, *moved: Moved) -> JoystickHand:
    made = JoystickHand(wired)
    for each in moved:
        made.on_moved(each)
    return made


def test_it_turns_only_while_the_button_is_held() -> None:
    h = hand(ON, Moved(True, 0, 1.0))
    assert h.rates() == (0.0, 0.0)
    h.on_moved(Moved(False, 0, 1.0))
    assert h.rates() == (30.0, 0.0)
    h.on_moved(Moved(False, 0, 0.0))
    assert h.rates() == (0.0, 0.0)
    assert not h.on


def test_a_worn_stick_is_still_in_its_middle_and_slow_beside_it() -> None:
    h = hand(ON, Moved(False, 0, 1.0), Moved(True, 0, 0.14), Moved(True, 1, -0.5))
    right, up = h.rates()
    assert right == 0.0
    assert 0.0 < up < 8.0, "pushed forward is up, and half way is less than half as fast"
    h.on_moved(Moved(True, 0, -1.0))
    assert h.rates()[0] == -30.0


def test_what_is_held_when_it_is_plugged_in_is_no_order() -> None:
    h = hand(ON, Moved(True, 0, 1.0, at_first=True), Moved(False, 0, 1.0, at_first=True))
    assert not h.on
    h.on_moved(Moved(False, 0, 0.0))
    h.on_moved(Moved(False, 0, 1.0))
    assert h.rates() == (30.0, 0.0)


def test_after_a_drop_the_hand_has_to_be_taken_off_first() -> None:
    h = hand(ON, Moved(False, 0, 1.0), Moved(True, 0, 1.0))
    h.drop()
    h.on_moved(Moved(True, 0, 0.9))
    assert not h.on
    h.on_moved(Moved(False, 0, 0.0))
    h.on_moved(Moved(False, 0, 1.0))
    assert h.on


def test_without_a_button_the_middle_lets_go() -> None:
    h = hand(JoystickMap(on=True, hold_button=-1), Moved(True, 0, 1.0))
    assert h.on
    h.drop()
    assert not h.on
    h.on_moved(Moved(True, 0, 0.05))
    h.on_moved(Moved(True, 0, 1.0))
    assert h.on


@pytest.mark.parametrize(
    "kept", [None, [], {"on": "yes", "right_axis": True, "dead_zone": 2.0, "hold_button": 900, "up_axis": -1}]
)
def test_settings_that_cannot_be_are_left_at_their_defaults(kept: object) -> None:
    assert JoystickMap.of(kept) == JoystickMap()
    assert JoystickMap.of(asdict(ON)) == ON


# -- the device ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A named pipe in the place of a device, and the end that writes into it."""
    path = tmp_path / "js3"
    os.mkfifo(path)
    writing = os.open(path, os.O_RDWR)
    yield tmp_path, writing
    os.close(writing)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
def test_records_are_read_as_the_kernel_writes_them_whole_or_in_pieces(pipe: tuple[Path, int]) -> None:
    folder, writing = pipe
    (folder / "js3x").touch()
    device = first_joystick(folder)
    assert device is not None
    assert device.name == "js3"
    assert device.read() == []
    data = struct.pack("=IhBB", 5, -32768, 0x82, 1) + struct.pack("=IhBB", 6, 1, 0x01, 2)
    os.write(writing, data[:11])
    assert device.read() == [Moved(True, 1, -1.0, at_first=True)]
    os.write(writing, data[11:] + struct.pack("=IhBB", 7, 9, 0x40, 0))
    assert device.read() == [Moved(False, 2, 1.0)]
    device.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
def test_an_unplugged_device_raises_and_a_folder_without_one_gives_none(tmp_path: Path) -> None:
    path = tmp_path / "js0"
    os.mkfifo(path)
    writing = os.open(path, os.O_RDWR)
    device = LinuxJoystick(path)
    os.close(writing)
    with pytest.raises(OSError, match="gone"):
        device.read()
    device.close()
    path.unlink()
    assert first_joystick(tmp_path) is None
    assert first_joystick(tmp_path / "none") is None


# -- the panel -----------------------------------------------------------------------------------------------------------


class Bench:
    """A camera panel with a joystick whose time passes by ``step``."""

    def __init__(self, bench: PanelBench, qtbot: QtBot) -> None:
        self.bench, self.device, self.front = bench, FakeJoystick(), True
        self.panel = CameraPanel(bench.context)
        qtbot.addWidget(self.panel)
        self.panel.show()
        bench.context.selection.choose_vehicle(ONE)
        bench.state(ONE)
        stick = self.panel.stick
        self.panel.joystick = self.reader = JoystickReader(
            bench.context.settings, stick.hold, stick.let_go, lambda: self.front, lambda: self.device, self.panel
        )
        bench.context.settings.put_part(PART, asdict(ON))
        self.reader._timer.stop()

    def turns(self) -> list[tuple[float, float]]:
        return [(a[3], a[4]) for a in self.bench.station.asked if a[0] == "turn_camera" and a[1] == ONE]

    def turning(self) -> None:
        self.device.hold()
        self.device.push(1.0)
        self.reader.step()
        assert self.turns()[-1] == (30.0, 0.0)


@pytest.fixture
def at(bench: PanelBench, qtbot: QtBot) -> Bench:
    return Bench(bench, qtbot)


@pytest.fixture
def bench() -> PanelBench:
    return PanelBench()


def stopped(at: Bench, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: at.turns()[-1] == (0.0, 0.0), timeout=60_000)


def test_let_go_the_camera_stops(at: Bench, qtbot: QtBot) -> None:
    at.turning()
    at.device.hold(False)
    at.reader.step()
    stopped(at, qtbot)


def test_unplugged_the_camera_stops_and_that_is_said(at: Bench, qtbot: QtBot) -> None:
    at.turning()
    at.device.unplugged = True
    at.reader.step()
    stopped(at, qtbot)
    assert at.device.closed
    assert "was stopped" in at.reader.text()


def test_another_window_in_front_stops_it_and_coming_back_does_not_go_on(at: Bench, qtbot: QtBot) -> None:
    at.turning()
    at.front = False
    at.reader.step()
    stopped(at, qtbot)
    at.front = True
    at.reader.step()
    assert at.turns()[-1] == (0.0, 0.0)


def test_another_aircraft_is_not_turned_by_a_hand_that_was_on_the_first(at: Bench, qtbot: QtBot) -> None:
    at.bench.state(TWO)
    at.turning()
    at.bench.context.selection.choose_vehicle(TWO)
    stopped(at, qtbot)
    at.bench.state(TWO)
    at.reader.step()
    assert not [a for a in at.bench.station.asked if a[0] == "turn_camera" and a[1] == TWO]


def test_an_aircraft_that_is_not_heard_any_more_is_not_turned_when_it_comes_back(at: Bench, qtbot: QtBot) -> None:
    at.turning()
    at.bench.later(10.0)
    stopped(at, qtbot)
    at.bench.state(ONE)
    at.reader.step()
    assert at.turns()[-1] == (0.0, 0.0)


def test_switched_off_nothing_is_read(at: Bench, qtbot: QtBot) -> None:
    at.turning()
    at.bench.context.settings.put_part(PART, asdict(JoystickMap()))
    stopped(at, qtbot)
    assert at.device.closed
    assert at.reader.text() == ""


def test_the_settings_say_which_axis_and_the_panel_which_was_moved(at: Bench, qtbot: QtBot) -> None:
    page = SettingsPage(at.bench.context)
    qtbot.addWidget(page)
    page.joystick.right.setValue(3)
    assert JoystickMap.of(at.bench.context.settings.part(PART)).right_axis == 3
    at.reader.step()
    at.device.moved.append(Moved(True, 4, 0.9))
    at.reader.step()
    assert "axis 4" in at.reader.text()
    assert ConsoleSettings().part(PART) is None
