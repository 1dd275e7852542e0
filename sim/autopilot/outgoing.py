"""What the autopilot wants to send, in order: a channel, or all of them, and a message."""

from __future__ import annotations

import logging
from typing import Any

from missions.mavlink import mavlink2 as m

Outgoing = tuple[int | None, Any]
"""``(channel, message)``; channel None means every channel."""

_log = logging.getLogger("sim.autopilot.text")


def said_by(message: Any, system_id: int, component_id: int) -> Any:
    """The message, to be sent as another component's (a camera's, another station's); gives it back."""
    message._header.srcSystem, message._header.srcComponent = system_id, component_id
    return message


def source_of(message: Any, system_id: int, component_id: int) -> tuple[int, int]:
    """Who says a message: whoever :func:`said_by` has put there, else the given one."""
    header = getattr(message, "_header", None)
    if header is None or header.srcSystem == 0:
        return system_id, component_id
    return int(header.srcSystem), int(header.srcComponent)


_TEXT_BYTES = 50


class Outbox:
    """Collects outgoing messages until somebody takes them."""

    def __init__(self) -> None:
        self._queue: list[Outgoing] = []
        self._text_id = 0

    def send(self, channel: int | None, message: Any) -> None:
        """Queue a message for one channel, or for all with None."""
        self._queue.append((channel, message))

    def take(self) -> list[Outgoing]:
        """Everything queued so far, oldest first."""
        taken, self._queue = self._queue, []
        return taken

    def text(self, severity: int, text: str, channel: int | None = None) -> None:
        """STATUSTEXT; longer than 50 characters goes out in chunks that share an id."""
        _log.info("%s", text)
        raw = text.encode("ascii", "replace")
        if len(raw) <= _TEXT_BYTES:
            self.send(channel, m.MAVLink_statustext_message(severity, raw))
            return
        self._text_id = self._text_id % 65535 + 1
        # The last chunk is one that is not full: the receiver knows by its end that the text is complete.
        for seq, start in enumerate(range(0, len(raw) + 1, _TEXT_BYTES)):
            chunk = raw[start : start + _TEXT_BYTES]
            self.send(channel, m.MAVLink_statustext_message(severity, chunk, self._text_id, seq))
