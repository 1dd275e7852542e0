"""The settings of the joystick: whether it turns the camera, and which axis and button mean what."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QCheckBox, QFormLayout, QSpinBox

from groundstation.console.flight.joystick import JoystickMap
from groundstation.console.flight.joystick_reader import PART
from groundstation.console.settings import ConsoleSettings


class JoystickRows(QObject):
    """Rows of the settings' form. Which number an axis or a button has, the panel "Camera" says when it is moved."""

    def __init__(self, settings: ConsoleSettings, form: QFormLayout, parent: QObject) -> None:
        super().__init__(parent)
        self._settings, self._form = settings, form
        self.on = QCheckBox(self.tr("The joystick turns the camera"))
        self.reversed = QCheckBox(self.tr("Pushed forward it looks up"))
        self.right, self.up, self.button, self.dead = _spin(0, 31), _spin(0, 31), _spin(-1, 63), _spin(2, 60)
        self.button.setSpecialValueText(self.tr("none: as soon as it is moved"))
        self.dead.setSuffix(" %")
        form.addRow(self.on)
        form.addRow(self.tr("Joystick: axis to the sides"), self.right)
        form.addRow(self.tr("Joystick: axis up and down"), self.up)
        form.addRow(self.reversed)
        form.addRow(self.tr("Joystick: button that is held meanwhile"), self.button)
        form.addRow(self.tr("Joystick: still zone in the middle"), self.dead)
        self._show()
        self.on.toggled.connect(lambda on: self._change(on=on))
        self.reversed.toggled.connect(lambda on: self._change(up_reversed=on))
        self.right.valueChanged.connect(lambda n: self._change(right_axis=n))
        self.up.valueChanged.connect(lambda n: self._change(up_axis=n))
        self.button.valueChanged.connect(lambda n: self._change(hold_button=n))
        self.dead.valueChanged.connect(lambda n: self._change(dead_zone=n / 100.0))
        settings.changed.connect(lambda name: self._show() if name == "parts" else None)

    def _wired(self) -> JoystickMap:
        return JoystickMap.of(self._settings.part(PART, {}))

    def _change(self, **changes: Any) -> None:
        wired = replace(self._wired(), **changes)
        if wired != self._wired():
            self._settings.put_part(PART, asdict(wired))

    def _show(self) -> None:
        wired = self._wired()
        self.on.setChecked(wired.on)
        self.reversed.setChecked(wired.up_reversed)
        self.right.setValue(wired.right_axis)
        self.up.setValue(wired.up_axis)
        self.button.setValue(wired.hold_button)
        self.dead.setValue(round(100 * wired.dead_zone))
        for box in (self.reversed, self.right, self.up, self.button, self.dead):
            box.setEnabled(wired.on)
            words = self._form.labelForField(box)
            if words is not None:
                words.setEnabled(wired.on)


def _spin(low: int, high: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(low, high)
    return box
