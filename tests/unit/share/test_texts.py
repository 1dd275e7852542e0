"""Codes have words in all five languages."""

from __future__ import annotations

import pytest

from groundstation.share.agreement import OTHER_INCIDENTS, PURPOSES
from groundstation.share.texts import _TEXTS, LANGUAGES, REASONS, both, codes, text
from vision.records import CLASS_NAMES


def test_every_code_that_travels_has_words() -> None:
    travelling = {*REASONS, *OTHER_INCIDENTS, *PURPOSES, *CLASS_NAMES, "crossing", "yes", "no", "ask_duty_officer",
                  "declined", "left_area", "ended", "seen", "accepted", "stored"}  # fmt: skip
    assert travelling <= set(codes())


@pytest.mark.parametrize("code", sorted(_TEXTS))
def test_words_are_there_in_every_language(code: str) -> None:
    words = [text(code, language) for language in LANGUAGES]
    assert all(w.strip() and len(w) < 100 for w in words)


def test_what_is_not_known_is_shown_as_it_is() -> None:
    assert text("something_new", "de") == "something_new"
    assert text("person", "xx") == "person"
    assert both("person", "de", "pl") == "Person / osoba"
    assert both("test", "en", "de") == "test / Test"
