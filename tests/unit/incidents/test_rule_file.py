"""Rule files: the shipped one is right, and every fault of a broken one is told with its line."""

from __future__ import annotations

import pytest

from groundstation.core.errors import ConfigError
from groundstation.incidents.rule_file import default_rules, fill, parse_rules, read_rules
from groundstation.incidents.rules.crossing import CrossingParameters

ONE = '[[rule]]\nkind = "crossing"\nsentence = "{subject} at {time}"\n'


def faults(text: str) -> str:
    with pytest.raises(ConfigError) as error:
        parse_rules(text, "my.toml")
    return error.value.message


def test_the_shipped_rules():
    rules = default_rules()
    assert {r.kind: (r.on, r.urgency) for r in rules.rules} == {
        "crossing": (True, "alarm"),
        "person_down": (True, "help"),
        "approach": (False, "notice"),
        "loitering": (False, "notice"),
        "group": (False, "notice"),
        "vehicle_stopped": (False, "notice"),
    }
    assert [r.kind for r in rules.active] == ["crossing", "person_down"]
    help_call = next(r for r in rules.rules if r.kind == "person_down")
    assert help_call.sentence.startswith("Help may be needed"), "a call for help, not an alarm"


def test_the_crossing_rules_own_numbers_may_stand_in_the_file():
    text = ONE + "parameters = { k_sigma = 3, min_probability = 0.7 }"
    (rule,) = parse_rules(text, "x").rules
    assert isinstance(rule.parameters, CrossingParameters)
    assert (rule.parameters.detector.k_sigma, rule.parameters.min_probability) == (3.0, 0.7)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[[rule]\n", "is not TOML"),
        ("", "no rule"),
        ("rule = 3", "line 1: rule: is not a list"),
        ("langage = 'en'\n" + ONE, "line 1: langage: unknown name, did you mean 'language'?"),
        (ONE.replace("crossing", "crosing"), "line 2: rule 1: kind: 'crosing' is none of crossing, approach"),
        (ONE + "onn = true", "line 4: rule 1: onn: unknown name, did you mean 'on'?"),
        (ONE + "on = 1", "line 4: rule 1: on: is neither true nor false"),
        (ONE + "urgency = 'loud'", "line 4: rule 1: urgency: 'loud' is none of help, alarm, notice"),
        (ONE + "classes = ['persn']", "did you mean 'person'?"),
        (ONE + "classes = []", "line 4: rule 1: classes"),
        (ONE + "repeat_after_s = -1", "line 4: rule 1: repeat_after_s"),
        (
            ONE + "[rule.parameters]\nk_sgma = 3",
            "line 5: rule 1: parameters.k_sgma: unknown name, did you mean 'k_sigma'?",
        ),
        (ONE + "[rule.parameters]\nk_sigma = 'big'", "line 5: rule 1: parameters.k_sigma"),
        (ONE + "[rule.parameters]\nk_sigma = -1", "line 5: rule 1: parameters.k_sigma"),
        (ONE + "[rule.parameters]\nmin_probability = 2", "line 5: rule 1: parameters.min_probability"),
        (ONE + ONE, "two rules are called 'crossing'"),
        (ONE.replace("{time}", "{tme}"), "line 3: rule 1: sentence: unknown name {tme}, did you mean 'time'?"),
        (ONE.replace("{time}", "{time.__class__}"), "unknown name {time.__class__}"),
        (ONE.replace("{time}", "{time:.1f}"), "sentence: cannot be filled in"),
        (ONE.replace("{time}", "{time"), "sentence: cannot be filled in"),
        (ONE.replace("{time}", "{}"), "sentence: unknown name {}"),
        ('[[rule]]\nkind = "group"\n', "line 1: rule 1: sentence: is missing"),
        (
            "language = 'pl'\n" + '[[rule]]\nkind="group"\nsentence = { en = "x" }',
            "has no text in the file's language 'pl'",
        ),
    ],
)
def test_faults_are_told_with_their_line(text, expected):
    assert expected in faults(text)


def test_all_faults_are_told_at_once():
    message = faults(
        '[[rule]]\nkind = "group"\nsentence = "x"\non = 1\n[rule.parameters]\nmin_count = 1.5\nhold_s = -1\n'
    )
    assert "line 4: rule 1: on" in message
    assert "line 6: rule 1: parameters.min_count" in message
    assert "line 7: rule 1: parameters.hold_s" in message


def test_sentences_in_several_languages():
    text = 'language = "pl"\n[[rule]]\nkind = "group"\nsentence = { en = "Group", pl = "Grupa {count}" }\n'
    (rule,) = parse_rules(text, "x").rules
    assert fill(rule.sentence, {"count": 5}) == "Grupa 5"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        read_rules(tmp_path / "none.toml")
