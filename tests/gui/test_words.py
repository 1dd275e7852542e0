"""No visible word outside the translations, and none missing in them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from PyQt6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from groundstation.console import i18n
from groundstation.console.translations.sources import PACKAGE, Source, find

# Always complete in every language; of all others at most one word in twenty may be in English for a while.
COMPLETE = ("craft/", "flight/", "panels/", "freshness.py", "link_lamp.py", "menus.py", "status_bar.py", "views.py",
            "window.py")  # fmt: skip
_SHOWS = frozenset(
    ("QLabel", "QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "setText", "setToolTip",
     "setWindowTitle", "setPlaceholderText", "setTitle", "setStatusTip", "showMessage", "addRow", "addTab", "addAction",
     "addMenu", "setSuffix", "setPrefix", "HoldButton", "Panel", "say", "setHorizontalHeaderLabels", "getText")
)  # fmt: skip
_KEYS_OF_A_FILE = ("snapshot.py",)  # what a picture's own fields are called
# Names and units that are the same in every language.
_SAME_EVERYWHERE = re.compile(r"<[^>]*>|&\w+;|\b(kt|km|ft|ms|MGRS|UTM|UTC|AMSL|KLV|CE90|RTL|GPS|Marchwarden)\b")


def _shown_literals(path: Path) -> list[str]:
    found = []
    for call in (n for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name not in _SHOWS:
            continue
        for argument in call.args:
            parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
            for part in parts:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    words = _SAME_EVERYWHERE.sub("", part.value)
                    if re.search(r"[^\W\d_]{3,}", words) and "{" not in words:
                        found.append(f"{path.name}:{call.lineno} {part.value!r}")
    return found


def test_no_visible_word_stands_outside_the_translations() -> None:
    # A line of a style sheet or of HTML is not for the eye; it has its marks.
    found = [
        literal
        for path in sorted(PACKAGE.rglob("*.py"))
        for literal in _shown_literals(path)
        if not re.search(r"color:|font-|padding|</?\w+", literal) and not literal.startswith(_KEYS_OF_A_FILE)
    ]
    assert found == []


@pytest.fixture(scope="module")
def sources() -> list[Source]:
    return list(find())


def test_the_finder_finds_what_there_is(sources: list[Source]) -> None:
    texts = {(s.context, s.text) for s in sources}
    assert ("views", "Before the flight") in texts  # of the table
    assert ("flight", "BREACHED") in texts  # marked
    assert ("flight", "on, not ours") in texts  # by a helper of the file
    assert ("StatusStrip", "none waiting") in texts  # tr()


@pytest.mark.parametrize("language", sorted(i18n.LANGUAGES))
def test_every_word_has_an_entry_and_our_own_are_translated(sources: list[Source], language: str) -> None:
    raw = (i18n.FOLDER / f"{language}.ts").read_text(encoding="utf-8")
    entries = {}
    for context in i18n.ElementTree.fromstring(raw).iter("context"):
        for message in context.iter("message"):
            entries[context.findtext("name"), message.findtext("source")] = message.findtext("translation")
    without = [s for s in sources if (s.context, s.text) not in entries]
    assert without == [], "run: python -m groundstation.console.translations.update"
    untranslated = [s for s in sources if not entries[s.context, s.text]]
    assert [s for s in untranslated if s.file.startswith(COMPLETE)] == []
    assert len(untranslated) <= 0.05 * len(sources), untranslated


@pytest.mark.parametrize("language", sorted(set(i18n.LANGUAGES) - {"en"}))
def test_a_translation_has_the_places_of_its_source(language: str) -> None:
    for (_, source), words in i18n.read_ts(i18n.FOLDER / f"{language}.ts").items():
        assert i18n.places(source) == i18n.places(words), source
        assert source.count("\n") == words.count("\n"), source


def test_a_language_is_taken_without_any_tool_and_let_go_again(qtbot: QtBot) -> None:
    application = QCoreApplication.instance()
    assert application is not None
    try:
        assert i18n.install(application, "de") is not None
        assert i18n.text("flight", "BREACHED") == "VERLETZT"
        # Qt asks with the class of the object, which may be a derived one.
        assert i18n.text("SomethingDerived", "Pause") == "Anhalten"
        assert i18n.text("flight", "never written") == "never written"
        assert i18n.install(application, "pl") is not None
        assert i18n.text("flight", "BREACHED") == "NARUSZONE"
    finally:
        i18n.install(application, "en")
    assert i18n.text("flight", "BREACHED") == "BREACHED"


def test_a_broken_translation_takes_nothing_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    (tmp_path / "de.ts").write_text("<TS><context>")
    monkeypatch.setattr(i18n, "FOLDER", tmp_path)
    application = QCoreApplication.instance()
    assert application is not None
    assert i18n.install(application, "de") is None
    assert i18n.install(application, "fr") is None
    assert i18n.text("flight", "BREACHED") == "BREACHED"
    assert i18n.fill("{age} of {nobody}", age=3) == "{age} of {nobody}"
    assert i18n.fill("%1 and {two}", "a", two="b") == "a and b"
    assert i18n.choose_language("xx") in i18n.LANGUAGES
