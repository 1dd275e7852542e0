"""The camera by joystick: the kernel's joystick devices, what an axis means, and when the hand is off. No Qt.

Linux tells joysticks in records of eight bytes (linux/joystick.h: time in ms, value, kind, number); no library is needed. On other
systems there is none, and the panel says so.
"""

from __future__ import annotations

import errno
import logging
import os
import re
import struct
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Protocol

_log = logging.getLogger("groundstation.console.joystick")
_RECORD = struct.Struct("=IhBB")
_BUTTON, _AXIS, _AT_FIRST = 0x01, 0x02, 0x80
_FULL = 32767.0
_FASTEST_DEG_S = 30.0
_AT_MOST = 64
"""Records read at once: one that is moved fast tells some hundred a second."""


@dataclass(frozen=True)
class Moved:
    """One axis (-1 to 1) or button (0 or 1). ``at_first``: how it stood when the device was opened."""

    is_axis: bool
    number: int
    value: float
    at_first: bool = False


class Joystick(Protocol):
    """An open device."""

    name: str

    def read(self) -> list[Moved]:
        """What was moved since; never waits. Raises ``OSError`` when it was unplugged."""
        ...

    def close(self) -> None:
        """Let it go."""
        ...


class LinuxJoystick:
    """A device file of the kernel's joystick interface. Raises ``OSError`` when it cannot be opened."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        self._rest = b""

    def read(self) -> list[Moved]:
        try:
            data = os.read(self._fd, _AT_MOST * _RECORD.size)
        except BlockingIOError:
            return []
        if not data:
            raise OSError(errno.ENODEV, "the joystick is gone")
        data = self._rest + data
        whole = len(data) - len(data) % _RECORD.size
        self._rest = data[whole:]
        moved = []
        for _, value, kind, number in _RECORD.iter_unpack(data[:whole]):
            what, at_first = kind & ~_AT_FIRST, bool(kind & _AT_FIRST)
            if what == _AXIS:
                moved.append(Moved(True, number, max(-1.0, value / _FULL), at_first))
            elif what == _BUTTON:
                moved.append(Moved(False, number, float(value != 0), at_first))
        return moved

    def close(self) -> None:
        os.close(self._fd)


def first_joystick(folder: Path = Path("/dev/input")) -> Joystick | None:
    """The first joystick that can be opened; None where there is none."""
    if sys.platform == "win32":
        return None
    found = [p for p in folder.glob("js*") if re.fullmatch(r"js\d+", p.name)] if folder.is_dir() else []
    for path in sorted(found, key=lambda p: int(p.name[2:])):
        try:
            return LinuxJoystick(path)
        except OSError as error:
            _log.warning("%s: %s", path, error)
    return None


@dataclass(frozen=True)
class JoystickMap:
    """What the operator has set. ``hold_button``: the camera turns only while it is down; -1: without one.

    ``dead_zone``: the share of an axis round its middle that means nothing: a worn stick does not come back to it.
    """

    on: bool = False
    right_axis: int = 0
    up_axis: int = 1
    up_reversed: bool = True
    hold_button: int = 0
    dead_zone: float = 0.15

    @classmethod
    def of(cls, kept: object) -> JoystickMap:
        """From the settings' file; what cannot be is left as it is by default."""
        if not isinstance(kept, Mapping):
            return cls()
        good: dict[str, Any] = {}
        for each in fields(cls):
            value, default = kept.get(each.name), getattr(cls(), each.name)
            if type(value) is type(default) and _possible(each.name, value):
                good[each.name] = value
        return cls(**good)


def _possible(name: str, value: Any) -> bool:
    if name == "dead_zone":
        return 0.02 <= value <= 0.6
    if name == "hold_button":
        return -1 <= value <= 63
    return not name.endswith("_axis") or 0 <= value <= 31


class JoystickHand:
    """What the hand asks for, from what was moved.

    The hand is on the stick while the button is held; without a button, while an axis is out of its dead zone. After
    :meth:`drop` it has to be taken off first: nothing goes on by itself with another aircraft, or when a link comes back.
    """

    def __init__(self, wired: JoystickMap) -> None:
        self._map = wired
        self._axes: dict[int, float] = {}
        self._down: set[int] = set()
        self._dropped = False
        self.last_moved: Moved | None = None
        """For whoever sets it up."""

    def on_moved(self, moved: Moved) -> None:
        """Take what the device tells."""
        if moved.is_axis:
            self._axes[moved.number] = moved.value
        else:
            (self._down.add if moved.value else self._down.discard)(moved.number)
        if moved.at_first:
            # Held when it was plugged in: that is no order.
            self._dropped = self._dropped or self._held()
            return
        if abs(moved.value) > 0.5:
            self.last_moved = moved
        if not self._held():
            self._dropped = False

    def drop(self) -> None:
        """The hand counts as off until it is taken off and put on again."""
        self._dropped = self._held()

    def _bent(self, axis: int) -> float:
        """An axis without its dead zone, slow near the middle for fine work, -1 to 1."""
        value, dead = self._axes.get(axis, 0.0), self._map.dead_zone
        if abs(value) <= dead:
            return 0.0
        share = min((abs(value) - dead) / (1.0 - dead), 1.0) ** 2
        return share if value > 0 else -share

    def _held(self) -> bool:
        m = self._map
        if m.hold_button >= 0:
            return m.hold_button in self._down
        return bool(self._bent(m.right_axis) or self._bent(m.up_axis))

    @property
    def on(self) -> bool:
        """Whether the hand is on the stick."""
        return self._held() and not self._dropped

    def rates(self) -> tuple[float, float]:
        """Degrees a second to the right and upwards."""
        if not self.on:
            return 0.0, 0.0
        up = self._bent(self._map.up_axis) * (-1.0 if self._map.up_reversed else 1.0)
        return _FASTEST_DEG_S * self._bent(self._map.right_axis), _FASTEST_DEG_S * up
