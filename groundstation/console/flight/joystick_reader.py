"""Reads the joystick on the GUI thread, without waiting, and hands the stick of the camera's panel what the hand asks for."""

from __future__ import annotations

import logging
from collections.abc import Callable

from PyQt6.QtCore import QObject, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

from groundstation.console import i18n
from groundstation.console.flight.joystick import Joystick, JoystickHand, JoystickMap, first_joystick
from groundstation.console.settings import ConsoleSettings

_log = logging.getLogger("groundstation.console.joystick")
PART = "joystick"
_READ_MS, _SEEK_MS = 20, 2000


def window_is_active(widget: QWidget) -> bool:
    """Whether the operator works in this widget's console: its window or one that belongs to it."""
    top = widget
    while (above := top.parentWidget()) is not None:
        top = above
    active = QApplication.activeWindow()
    while active is not None and active is not top:
        active = active.parentWidget()
    return active is not None


class JoystickReader(QObject):
    """``held`` gets the rates while the hand is on the stick, ``released`` once when it is off, for whatever reason: let go,
    unplugged, switched off, another window in front. ``active``: whether the operator is at this console.
    """

    def __init__(
        self,
        settings: ConsoleSettings,
        held: Callable[[float, float], None],
        released: Callable[[], None],
        active: Callable[[], bool],
        open_device: Callable[[], Joystick | None] = first_joystick,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings, self._held, self._released = settings, held, released
        self._active, self._open_device = active, open_device
        self._map = JoystickMap()
        self._hand = JoystickHand(self._map)
        self._device: Joystick | None = None
        self._turning = self._lost = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.step)
        settings.changed.connect(lambda name: self._read_settings() if name == "parts" else None)
        self._read_settings()

    def _read_settings(self) -> None:
        wired = JoystickMap.of(self._settings.part(PART, {}))
        if wired == self._map:
            return
        self._map = wired
        self._close()
        if wired.on:
            self._timer.start(_READ_MS)
        else:
            self._lost = False
            self._timer.stop()

    def text(self) -> str:
        """What the panel says of it, "" for nothing."""
        if not self._map.on:
            return ""
        if self._device is None:
            if self._lost:
                return self.tr("The joystick is gone: the camera was stopped.")
            return self.tr("No joystick is plugged in.")
        if self._map.hold_button < 0:
            text = i18n.fill(self.tr("Joystick {name}"), name=self._device.name)
        else:
            text = i18n.fill(
                self.tr("Joystick {name}: hold button {n}"), name=self._device.name, n=self._map.hold_button
            )
        last = self._hand.last_moved
        if last is not None:
            what = self.tr("axis {n}") if last.is_axis else self.tr("button {n}")
            text += i18n.fill(self.tr("; moved last: {what}"), what=i18n.fill(what, n=last.number))
        return text

    def step(self) -> None:
        """Look what was moved; some fifty times a second."""
        if self._device is None:
            self._device = self._open_device()
            self._timer.setInterval(_SEEK_MS if self._device is None else _READ_MS)
            if self._device is None:
                return
            _log.info("joystick %s", self._device.name)
            self._hand, self._lost = JoystickHand(self._map), False
        try:
            for moved in self._device.read():
                self._hand.on_moved(moved)
        except OSError as error:
            _log.warning("joystick %s: %s", self._device.name, error)
            self._lost = True
            self._close()
            return
        if not self._active():
            self._hand.drop()
        if self._hand.on:
            self._turning = True
            self._held(*self._hand.rates())
        else:
            self._stop()

    def drop(self) -> None:
        """Take the hand off: another aircraft was chosen, or this one is not heard."""
        self._hand.drop()
        self._stop()

    def _stop(self) -> None:
        if self._turning:
            self._turning = False
            self._released()

    def _close(self) -> None:
        self._stop()
        self._hand = JoystickHand(self._map)
        if self._device is not None:
            self._device.close()
            self._device = None
