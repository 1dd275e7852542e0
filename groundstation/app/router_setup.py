"""The router ports of a station's file: from their words to permissions, and what is told of them."""

from __future__ import annotations

import difflib
from collections.abc import Callable

from groundstation.app.config import RouterPortSection
from groundstation.core.errors import ConfigError
from groundstation.link.permissions import ClientPermissions, command_id
from groundstation.link.router_records import RouterEvent
from missions.mavlink import mavlink2

_OFTEN_MEANT = 3


def _command(word: int | str, place: str) -> int:
    if isinstance(word, int):
        return word
    try:
        return command_id(word)
    except KeyError as error:
        names = [str(e.name).removeprefix("MAV_CMD_") for e in mavlink2.enums["MAV_CMD"].values()]
        close = difflib.get_close_matches(word.upper().removeprefix("MAV_CMD_"), names, n=_OFTEN_MEANT)
        hint = f"did you mean {' or '.join(close)}?" if close else "write a name such as NAV_RETURN_TO_LAUNCH"
        raise ConfigError(f"{place}: no command {word!r}", hint) from error


def _message(word: int | str, place: str) -> int:
    if isinstance(word, int):
        return word
    ids = {str(kind.msgname): int(number) for number, kind in mavlink2.mavlink_map.items()}
    if word.upper() in ids:
        return ids[word.upper()]
    close = difflib.get_close_matches(word.upper(), ids, n=_OFTEN_MEANT)
    hint = f"did you mean {' or '.join(close)}?" if close else "write a name such as GPS_RTCM_DATA"
    raise ConfigError(f"{place}: no message {word!r}", hint)


def client_permissions(section: RouterPortSection) -> ClientPermissions:
    """What the clients of a port may do. Raises :class:`ConfigError` for a command or message that there is not."""
    place = f"router port {section.name!r}"
    return ClientPermissions(
        name=section.name,
        systems=frozenset(section.systems) if section.systems is not None else None,
        commands=frozenset(_command(word, place) for word in section.commands),
        messages=frozenset(_message(word, place) for word in section.messages),
        mission=section.mission,
        fence=section.fence,
        rally=section.rally,
        parameters=section.parameters,
        files=section.files,
        rates=section.rates,
        system_id=section.system_id,
        messages_s=section.messages_s,
    )


def event_recorder(record_action: Callable[[str, str, str, str], None]) -> Callable[[RouterEvent], None]:
    """Writes what clients did, and what was refused them, among the operators' actions; the client is the operator."""

    def on_event(event: RouterEvent) -> None:
        detail = event.text + (f" ({event.repeats} times more)" if event.repeats > 1 else "")
        record_action(f"client {event.client}", f"router {event.kind}", str(event.system_id or ""), detail)

    return on_event
