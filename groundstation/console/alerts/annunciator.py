"""Sound and speech of alerts. Whatever is missing on a machine, the console goes on, and says what is missing."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PyQt6.QtCore import QLocale, QObject, QUrl
from PyQt6.QtGui import QGuiApplication
from PyQt6.QtWidgets import QApplication

from groundstation.console.alerts.tones import PATTERNS, tone_wav
from groundstation.console.settings import ConsoleSettings

_log = logging.getLogger("groundstation.console.alerts.sound")


class Voice(Protocol):
    """Something that can be heard."""

    def play(self, pattern: str) -> None:
        """A pattern of ``tones.PATTERNS``."""
        ...

    def say(self, words: str) -> None:
        """Speak; nothing without a speech engine."""
        ...


class Silence:
    """A machine, or a screen, without sound: the system's bell where there is one."""

    def play(self, pattern: str) -> None:
        """The bell."""
        if QGuiApplication.platformName() != "offscreen":
            QApplication.beep()

    def say(self, words: str) -> None:
        """Nothing."""


class QtVoice(QObject):
    """Sound effects and, if there is an engine, speech. Raises ``ImportError``, ``OSError`` or ``RuntimeError``."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        from PyQt6.QtMultimedia import QMediaDevices, QSoundEffect

        if not QMediaDevices.audioOutputs():
            raise RuntimeError("there is no audio output")
        # Qt plays files only; the folder goes with this object.
        self._folder = tempfile.TemporaryDirectory(prefix="marchwarden-sounds-", ignore_cleanup_errors=True)
        self._effects = {}
        for name, pattern in PATTERNS.items():
            path = Path(self._folder.name) / f"{name}.wav"
            path.write_bytes(tone_wav(pattern))
            effect = QSoundEffect(self)
            effect.setSource(QUrl.fromLocalFile(str(path)))
            self._effects[name] = effect
        self._speech = _speech(self)

    def play(self, pattern: str) -> None:
        """See :class:`Voice`."""
        self._effects[pattern].play()

    def say(self, words: str) -> None:
        """See :class:`Voice`; what is being said is said to its end."""
        if self._speech is not None:
            self._speech.enqueue(words) if hasattr(self._speech, "enqueue") else self._speech.say(words)


def _speech(parent: QObject):  # type: ignore[no-untyped-def]  # Qt's class is imported only here
    try:
        from PyQt6.QtTextToSpeech import QTextToSpeech
    except ImportError as error:
        _log.info("no speech: %s", error)
        return None
    engines = [e for e in QTextToSpeech.availableEngines() if e != "mock"]
    if not engines:
        _log.info("no speech: this machine has no speech engine")
        return None
    speech = QTextToSpeech(engines[0], parent)
    speech.setLocale(QLocale())
    return speech


def make_voice(parent: QObject) -> Voice:
    """What this machine can do; never raises."""
    if QGuiApplication.platformName() in ("offscreen", "minimal"):
        return Silence()
    try:
        return QtVoice(parent)
    except (ImportError, OSError, RuntimeError) as error:
        _log.warning("alerts are not heard on this machine: %s", error)
        return Silence()


class Annunciator(QObject):
    """Heard once per alert, and again and again for what nobody acknowledges.

    ``make``: asked at the first sound only, so that opening the console does not wait for the sound system.
    """

    REPEAT_S = 20.0

    def __init__(
        self, settings: ConsoleSettings, parent: QObject | None = None, make: Callable[[QObject], Voice] = make_voice
    ) -> None:
        super().__init__(parent)
        self._settings, self._make = settings, make
        self._voice: Voice | None = None
        self._repeated_s = float("-inf")

    def announce(self, pattern: str, words: str) -> None:
        """A new alert."""
        if self._settings.sounds:
            self._use().play(pattern)
        if self._settings.speech:
            self._use().say(words)

    def remind(self, words: str, now_s: float) -> None:
        """Something was escalated and is still open: told every :attr:`REPEAT_S`."""
        if now_s - self._repeated_s >= self.REPEAT_S:
            self._repeated_s = now_s
            self.announce("escalated", words)

    def calm(self) -> None:
        """Nothing is escalated any more: the next one is told at once."""
        self._repeated_s = float("-inf")

    def _use(self) -> Voice:
        if self._voice is None:
            self._voice = self._make(self)
        return self._voice
