"""The file of standing procedures: what is shipped is whole, what is wrong is told with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from groundstation.core.errors import ConfigError
from groundstation.incidents.procedures import default_procedures, parse_procedures, procedure_for, read_procedures
from groundstation.incidents.rule_file import KINDS, URGENCIES

GOOD = """[[procedure]]
name = "all"
title = "Everything"
[[procedure.step]]
name = "look"
text = { en = "Look", de = "Schau" }
within_s = 30
"""


def test_the_shipped_procedures_cover_every_kind_in_every_language_of_the_console() -> None:
    shipped = default_procedures()
    for kind in KINDS:
        for urgency in URGENCIES:
            found = procedure_for(shipped, kind, urgency)
            assert found is not None
            assert found.steps
    for procedure in shipped:
        for texts in (procedure.titles, *(s.texts for s in procedure.steps)):
            assert set(texts) == {"en", "de", "fr", "pl", "es"}, texts
    assert procedure_for(shipped, "person_down", "help").name == "help"  # type: ignore[union-attr]


def test_a_language_that_is_not_written_is_shown_in_english() -> None:
    (procedure,) = parse_procedures(GOOD, "own.toml")
    assert (procedure.steps[0].text("de"), procedure.steps[0].text("pl")) == ("Schau", "Look")
    assert procedure.step_id(procedure.steps[0]) == "all/look"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("within_s = 30", "within_s = -1"), r"line 4: step 1: within_s: -1"),
        (("within_s = 30", "within_s = nan"), r"line 4: step 1: within_s: nan"),
        (("within_s", "within"), r"line 4: step 1: within: unknown name, did you mean 'within_s'"),
        (('"look"', '"Look at it!"'), r"line 4: step 1: name: 'Look at it!'"),
        (("en = ", "fr = "), r'line 4: step 1: text: has no "en"'),
        (('title = "Everything"', 'kinds = ["crosing"]'), r"did you mean 'crossing'"),
        (("[[procedure.step]]", "[[procedure.steps]]"), r"has no step"),
        (('name = "all"', "name = 3"), r"line 1: procedure 1: name: 3"),
    ],
)
def test_a_fault_is_told_with_its_line(change: tuple[str, str], fault: str) -> None:
    with pytest.raises(ConfigError) as told:
        parse_procedures(GOOD.replace(*change), "own.toml")
    assert re.search(fault, str(told.value)), str(told.value)


def test_all_faults_come_at_once_and_names_are_not_used_twice() -> None:
    with pytest.raises(ConfigError) as told:
        parse_procedures(GOOD + GOOD + "[[procedure]]\nname = 'empty'\ntitle = 'x'\n", "own.toml")
    assert "two procedures are called 'all'" in str(told.value)
    assert "procedure 3: has no step" in str(told.value)
    twice = GOOD + '[[procedure.step]]\nname = "look"\ntext = "again"\n'
    with pytest.raises(ConfigError, match="two steps are called 'look'"):
        parse_procedures(twice, "own.toml")


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    for content, words in ((b"\xff\xfe", "not UTF-8"), (b"a = [", "not TOML"), (b"", "there is no procedure")):
        (tmp_path / "p.toml").write_bytes(content)
        with pytest.raises(ConfigError, match=words):
            read_procedures(tmp_path / "p.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_procedures(tmp_path / "missing.toml")
