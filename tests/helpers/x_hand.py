"""A hand on a real X server: pointer and keys through the XTEST extension, as they come from a mouse and a keyboard.

What is clicked is what lies under the pointer, so a button that is covered, clipped away or outside the screen is not hit.
Spoken straight to the server's socket: no program and no library besides the server is needed.
"""

from __future__ import annotations

import socket
import struct
import time

from PyQt6.QtCore import QPoint
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QWidget

_KEY_PRESS, _KEY_RELEASE, _PRESS, _RELEASE, _MOTION = 2, 3, 4, 5, 6
_SHIFT, _CONTROL, _ALT = 0xFFE1, 0xFFE3, 0xFFE9
SPACE, F9 = 0x20, 0xFFC6

_PATIENCE = 4.0


class XHand:
    """Moves, clicks, holds and types; ``clicks`` counts what the hand pressed of the mouse, a double click as two."""

    def __init__(self, display: str) -> None:
        self.clicks = 0
        self._number = 0
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(10.0)
        self._socket.connect(f"/tmp/.X11-unix/X{display.lstrip(':').partition('.')[0]}")
        self._socket.sendall(struct.pack("<BxHHHHxx", ord("l"), 11, 0, 0, 0))
        status, words = struct.unpack("<B5xH", self._read(8))
        setup = self._read(4 * words)
        assert status == 1, "the X server refused"
        self._first_key, self._last_key = setup[26], setup[27]
        self._xtest = self._extension(b"XTEST")
        self._keys = self._keyboard()

    def _read(self, count: int) -> bytes:
        data = b""
        while len(data) < count:
            part = self._socket.recv(count - len(data))
            assert part, "the X server hung up"
            data += part
        return data

    def _ask(self, request: bytes) -> tuple[bytes, bytes]:
        self._socket.sendall(request)
        head = self._read(32)
        assert head[0] == 1, head
        return head, self._read(4 * int(struct.unpack_from("<I", head, 4)[0]))

    def _extension(self, name: bytes) -> int:
        padded = name + b"\0" * (-len(name) % 4)
        head, _ = self._ask(struct.pack("<BxHHxx", 98, 2 + len(padded) // 4, len(name)) + padded)
        assert head[8], f"the X server has no {name.decode()}"
        return head[9]

    def _keyboard(self) -> dict[int, int]:
        """Key symbol -> key, of the keys pressed alone."""
        count = self._last_key - self._first_key + 1
        head, body = self._ask(struct.pack("<BxHBBxx", 101, 2, self._first_key, count))
        per = head[1]
        symbols = struct.unpack(f"<{count * per}I", body)
        return {symbols[k * per]: self._first_key + k for k in range(count - 1, -1, -1)}

    def _fake(self, kind: int, detail: int, x: int = 0, y: int = 0) -> None:
        self._socket.sendall(
            struct.pack("<BBHBBxxIIxxxxxxxxhhxxxxxxxB", self._xtest, 2, 9, kind, detail, 0, 0, x, y, 0)
        )

    # -- the mouse -----------------------------------------------------------------------------------------------------

    def move(self, widget: QWidget, at: QPoint | None = None) -> None:
        """The pointer onto a widget, into its middle unless told; what lies there must be that widget or a part of it."""
        where = widget.mapToGlobal(at if at is not None else widget.rect().center())
        under = QApplication.widgetAt(where)
        name = f"{type(widget).__name__} {getattr(widget, 'text', str)()!r}"
        assert under is widget or (under is not None and widget.isAncestorOf(under)), f"{name} is covered by {under}"
        assert widget.isEnabled(), f"{name} is grey"
        self._fake(_MOTION, 0, where.x(), where.y())
        QTest.qWait(60)

    def press(self, button: int = 1) -> None:
        """A button of the mouse goes down where the pointer is."""
        self._fake(_PRESS, button)
        self.clicks += 1

    def release(self, button: int = 1) -> None:
        """And up."""
        self._fake(_RELEASE, button)
        QTest.qWait(80)

    def click(self, widget: QWidget, at: QPoint | None = None, button: int = 1) -> None:
        """Once."""
        self.move(widget, at)
        self.press(button)
        QTest.qWait(30)
        self.release(button)

    def hold(self, widget: QWidget, seconds: float) -> None:
        """Down, wait, up: one click. A button that is to be held is held until it says that it was, as a person does."""
        held = Held(widget)
        self.move(widget)
        self.press()
        QTest.qWait(round(1000 * seconds))
        held.wait()
        self.release()

    # -- the keyboard --------------------------------------------------------------------------------------------------

    def key(self, symbol: int, seconds: float = 0.03, control: bool = False, held: QWidget | None = None) -> None:
        """One key, by its X key symbol, down for so long; on a button ``held`` until it says that it was."""
        watched = Held(held)
        if control:
            self._fake(_KEY_PRESS, self._keys[_CONTROL])
        self._fake(_KEY_PRESS, self._keys[symbol])
        QTest.qWait(round(1000 * seconds))
        watched.wait()
        self._fake(_KEY_RELEASE, self._keys[symbol])
        if control:
            self._fake(_KEY_RELEASE, self._keys[_CONTROL])
        QTest.qWait(80)

    def close(self) -> None:
        """Away from the server."""
        self._socket.close()


class Held:
    """Whether a button that has to be held was held long enough by its own clock, which begins when the press reaches it."""

    def __init__(self, widget: QWidget | None) -> None:
        self._said = not hasattr(widget, "confirmed")
        if widget is not None and not self._said:
            widget.confirmed.connect(self._on_said)

    def _on_said(self) -> None:
        self._said = True

    def wait(self) -> None:
        """Until it was; at once for any other widget."""
        wait_for("held long enough", lambda: self._said, 10.0)


def wait_for(what: str, true: object, seconds: float) -> None:
    """Until ``true()``; fails with ``what`` after so many seconds, and more on a machine that does other things as well."""
    until_s, looks = time.monotonic() + _PATIENCE * seconds, 0
    while not true():  # type: ignore[operator]
        # One look may take seconds on a busy machine: time alone does not say that it was in vain.
        assert time.monotonic() < until_s or looks < 20, f"waited {_PATIENCE * seconds:g} s in vain: {what}"
        QTest.qWait(50)
        looks += 1
