"""What an operator's script may do, by named sets; nothing but looking on by default."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from groundstation.core.errors import ConfigError
from groundstation.link.permissions import ClientPermissions, command_name

_SET_POSITION_TARGET_LOCAL_NED, _SET_POSITION_TARGET_GLOBAL_INT, _GIMBAL_SET_PITCHYAW = 84, 86, 287


@dataclass(frozen=True)
class PermissionSet:
    """Commands (MAV_CMD) and messages that one word allows."""

    what: str
    commands: frozenset[int] = frozenset()
    messages: frozenset[int] = frozenset()
    mission: bool = False
    parameters: bool = False


PERMISSION_SETS: Mapping[str, PermissionSet] = MappingProxyType(
    {
        "arm": PermissionSet("arm and disarm", frozenset({400})),
        "takeoff": PermissionSet("take off", frozenset({22})),
        "mode": PermissionSet("change the flight mode", frozenset({176})),
        "guided": PermissionSet(
            "fly to places and at velocities in GUIDED",
            # DO_SET_MODE, DO_REPOSITION, DO_CHANGE_SPEED, CONDITION_YAW
            frozenset({176, 192, 178, 115}),
            frozenset({_SET_POSITION_TARGET_LOCAL_NED, _SET_POSITION_TARGET_GLOBAL_INT}),
        ),
        "return": PermissionSet("return to launch and land", frozenset({20, 21})),
        # MISSION_START, DO_SET_MISSION_CURRENT
        "mission": PermissionSet("upload and start a mission", frozenset({300, 224}), mission=True),
        # DO_SET_ROI_LOCATION, _NONE, DO_SET_ROI, DO_MOUNT_CONTROL, DO_GIMBAL_MANAGER_PITCHYAW, _CONFIGURE, SET_CAMERA_ZOOM
        "camera": PermissionSet(
            "turn the camera", frozenset({195, 197, 201, 205, 1000, 1001, 531}), frozenset({_GIMBAL_SET_PITCHYAW})
        ),
        "parameters": PermissionSet("set parameters, but for the fence's", parameters=True),
    }
)


def script_permissions(words: str, system_id: int) -> ClientPermissions:
    """The permissions of ``--allow``. Raises :class:`ConfigError` for a word that is no set."""
    may = ClientPermissions(name="script", systems=frozenset({system_id}))
    for word in filter(None, (word.strip() for word in words.split(","))):
        known = PERMISSION_SETS.get(word)
        if known is None:
            close = difflib.get_close_matches(word, PERMISSION_SETS, n=1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise ConfigError(f"--allow: {word!r} is no set", f"{hint}there are {', '.join(PERMISSION_SETS)}")
        may = replace(
            may,
            commands=may.commands | known.commands,
            messages=may.messages | known.messages,
            mission=may.mission or known.mission,
            parameters=may.parameters or known.parameters,
        )
    return may


def check_words(words: str) -> None:
    """Raises :class:`ConfigError` for a word of ``--allow`` that is no set."""
    script_permissions(words, 1)


def hint_for(refused: str) -> str:
    """Which set would allow what was refused, from the router's words; empty when none does."""
    for word, known in PERMISSION_SETS.items():
        names = {command_name(number) for number in known.commands}
        told = refused.upper().replace(",", " ").replace(":", " ").split()
        if names & set(told):
            return f"--allow {word}"
    plain = {"SET_MODE": "mode", "MISSION_COUNT": "mission", "MISSION_CLEAR_ALL": "mission", "PARAM_SET": "parameters"}
    plain |= {"SET_POSITION_TARGET_": "guided", "GUIDED MISSION_ITEM": "guided"}
    return next((f"--allow {word}" for name, word in plain.items() if name in refused.upper()), "")
