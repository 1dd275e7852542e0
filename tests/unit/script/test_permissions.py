"""The named sets of what a script may do."""

from __future__ import annotations

import pytest

from groundstation.app.script_permissions import PERMISSION_SETS, hint_for, script_permissions
from groundstation.core.errors import ConfigError
from groundstation.link.permissions import ClientJudge, Decision
from missions.mavlink import mavlink2 as m

ARM = m.MAVLink_command_long_message(3, 1, 400, 0, 1, 0, 0, 0, 0, 0, 0)
GUIDED_ITEM = m.MAVLink_mission_item_message(3, 0, 0, 3, 16, 2, 0, 0, 0, 0, 0, 49.0, 20.0, 20.0)
READ = m.MAVLink_param_request_list_message(3, 1)
FENCE_OFF = m.MAVLink_param_set_message(3, 1, b"FENCE_ENABLE", 0.0, 9)


def _passes(words: str, message: object) -> bool:
    return ClientJudge(script_permissions(words, 3)).judge(message).decision is Decision.PASS


def test_nothing_but_reading_by_default() -> None:
    assert script_permissions("", 3).read_only
    assert _passes("", READ)
    assert not _passes("", ARM)
    assert not _passes("", GUIDED_ITEM)


def test_a_word_allows_what_it_says_and_no_more() -> None:
    assert _passes("arm", ARM)
    assert not _passes("arm", GUIDED_ITEM)
    assert _passes("arm, guided", GUIDED_ITEM)
    for word in PERMISSION_SETS:
        assert not _passes(word, FENCE_OFF), "no word switches the fence off"


def test_only_its_own_aircraft() -> None:
    other = m.MAVLink_command_long_message(4, 1, 400, 0, 1, 0, 0, 0, 0, 0, 0)
    everybody = m.MAVLink_command_long_message(0, 0, 400, 0, 1, 0, 0, 0, 0, 0, 0)
    assert not _passes("arm", other)
    assert not _passes("arm", everybody)


def test_an_unknown_word_is_told_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="'guide' is no set") as caught:
        script_permissions("arm,guide", 3)
    assert "did you mean 'guided'?" in caught.value.remedy


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("COMPONENT_ARM_DISARM", "--allow arm"),
        ("SET_MODE", "--allow mode"),
        ("guided MISSION_ITEM", "--allow guided"),
        ("MISSION_COUNT (mission)", "--allow mission"),
        ("SETUP_SIGNING", ""),
    ],
)
def test_what_would_allow_it_is_told(text: str, hint: str) -> None:
    assert hint_for(text) == hint
