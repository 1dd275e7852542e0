"""Words in the operator's language.

The source language is English. In a widget: ``self.tr("...")``; elsewhere: ``text("context", "...")``. A sentence with
values holds ``{name}`` places and is filled by ``fill``, so that a language may put them in another order.
``groundstation.console.translations.update`` collects all of them into the ``.ts`` files.
"""

from __future__ import annotations

import logging
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from string import Formatter

from PyQt6.QtCore import QCoreApplication, QLocale, QTranslator

_log = logging.getLogger("groundstation.console.i18n")
FOLDER = Path(__file__).parent / "translations"
LANGUAGES: dict[str, str] = {"en": "English", "de": "Deutsch", "fr": "Français", "pl": "Polski", "es": "Español"}


def mark(context: str, source: str) -> str:
    """The source unchanged: for a table whose words are translated when they are shown."""
    return source


def text(context: str, source: str) -> str:
    """``source`` in the language in use; itself where there is no translation."""
    return QCoreApplication.translate(context, source)


def fill(sentence: str, *values: object, **named: object) -> str:
    """Put values into the ``{}``, ``{name}`` or ``%1`` places of a translated sentence.

    A translation with a broken place must not take a panel down in the night: it is shown as it is, and logged.
    """
    for number, value in enumerate(values, 1):
        sentence = sentence.replace(f"%{number}", str(value))
    try:
        return sentence.format(*values, **named)
    except (IndexError, KeyError, ValueError) as error:
        _log.error("the places of %r do not fit: %s", sentence, error)
        return sentence


def places(sentence: str) -> frozenset[str]:
    """The names of the ``{}`` places of a sentence, and its ``%1`` ones."""
    named = {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    return frozenset(named | {f"%{n}" for n in range(1, 10) if f"%{n}" in sentence})


def read_ts(path: Path) -> dict[tuple[str, str], str]:
    """The finished entries of a ``.ts`` file of Qt Linguist by (context, source).

    Raises:
        OSError, ElementTree.ParseError: the file cannot be read.
    """
    found: dict[tuple[str, str], str] = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        name = context.findtext("name") or ""
        for message in context.iter("message"):
            source, translation = message.findtext("source") or "", message.find("translation")
            if translation is not None and translation.get("type") is None and translation.text:
                found[name, source] = translation.text
    return found


class TsTranslator(QTranslator):
    """Reads ``.ts`` itself, so that no compiler of Qt Linguist is needed.

    Qt names the class of the object as the context, which for a derived class is not the class that holds the words; so a
    source that is not found in its context is taken from any other.
    """

    def __init__(self, entries: dict[tuple[str, str], str]) -> None:
        super().__init__()
        self._entries = entries
        self._any = {source: words for (_, source), words in entries.items()}

    def translate(
        self, context: str | None, source: str | None, disambiguation: str | None = None, n: int = -1
    ) -> str | None:
        """Qt's question; None: not known."""
        if source is None:
            return None
        return self._entries.get((context or "", source)) or self._any.get(source)

    def isEmpty(self) -> bool:
        """Qt skips an empty one."""
        return not self._entries


def choose_language(wanted: str) -> str:
    """``wanted`` if there is one, else the machine's language, else English."""
    if wanted in LANGUAGES:
        return wanted
    system = QLocale.system().name().partition("_")[0]
    return system if system in LANGUAGES else "en"


def install(application: QCoreApplication, language: str) -> TsTranslator | None:
    """Make ``language`` the one in use; the caller keeps the result. None for English, or when the file is broken."""
    for translator in application.findChildren(QTranslator):
        if isinstance(translator, TsTranslator):
            application.removeTranslator(translator)
            translator.setParent(None)
    chosen = choose_language(language)
    if chosen == "en":
        return None
    try:
        made = TsTranslator(read_ts(FOLDER / f"{chosen}.ts"))
    except (OSError, ElementTree.ParseError) as error:
        _log.error("the translation %s cannot be read, English is shown: %s", chosen, error)
        return None
    made.setParent(application)
    application.installTranslator(made)
    return made
