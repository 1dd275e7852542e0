"""The settings. Each takes effect at once, unless it says otherwise."""

from __future__ import annotations

from PyQt6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLabel, QSpinBox, QWidget

from groundstation.console import i18n
from groundstation.console.context import ConsoleContext
from groundstation.console.craft.joystick_rows import JoystickRows

_THEMES = (
    ("dark", i18n.mark("themes", "Dark")),
    ("light", i18n.mark("themes", "Light")),
    ("night_red", i18n.mark("themes", "Night, red")),
)
_UNITS = (
    ("metric", i18n.mark("units", "Metres and metres per second")),
    ("aviation", i18n.mark("units", "Feet and knots")),
)


class SettingsPage(QWidget):
    """Reads and writes ``ConsoleSettings``."""

    def __init__(self, context: ConsoleContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings = context.settings
        form = QFormLayout(self)
        self.theme, self.language, self.units = QComboBox(), QComboBox(), QComboBox()
        for name, word in _THEMES:
            self.theme.addItem(i18n.text("themes", word), name)
        self.language.addItem(self.tr("As the machine"), "")
        for name, word in i18n.LANGUAGES.items():
            self.language.addItem(word, name)
        for name, word in _UNITS:
            self.units.addItem(i18n.text("units", word), name)
        self.text = QSpinBox()
        self.text.setRange(9, 32)
        self.sounds, self.speech = QCheckBox(self.tr("A sound with each alert")), QCheckBox(self.tr("Speak alerts"))
        form.addRow(self.tr("Colours"), self.theme)
        form.addRow(self.tr("Language (when the console is opened again)"), self.language)
        form.addRow(self.tr("Units of the flight display"), self.units)
        form.addRow(self.tr("Height of the text in pixels"), self.text)
        form.addRow(self.sounds)
        form.addRow(self.speech)
        self.joystick = JoystickRows(settings, form, self)
        where = str(settings.path) if settings.path is not None else self.tr("nowhere: they are forgotten at the end")
        label = QLabel(i18n.fill(self.tr("Kept in: {path}"), path=where))
        label.setObjectName("dim")
        form.addRow(label)
        self._show()
        for name, box in (("theme", self.theme), ("language", self.language), ("units", self.units)):
            box.currentIndexChanged.connect(lambda _, name=name, box=box: settings.change(**{name: box.currentData()}))
        self.text.valueChanged.connect(lambda value: settings.change(text_px=value))
        self.sounds.toggled.connect(lambda on: settings.change(sounds=on))
        self.speech.toggled.connect(lambda on: settings.change(speech=on))
        settings.changed.connect(lambda _: self._show())

    def _show(self) -> None:
        settings = self._settings
        for box, value in (
            (self.theme, settings.theme),
            (self.language, settings.language),
            (self.units, settings.units),
        ):
            box.setCurrentIndex(box.findData(value))
        self.text.setValue(settings.text_px)
        self.sounds.setChecked(settings.sounds)
        self.speech.setChecked(settings.speech)
