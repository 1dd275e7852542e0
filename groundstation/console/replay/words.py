"""What is said of a replay, in the operator's language."""

from __future__ import annotations

from groundstation.console import i18n

_TEXTS = {
    "title": i18n.mark("replay", "REPLAY"),
    "reading": i18n.mark("replay", "reading what was kept of that time …"),
    "nothing": i18n.mark("replay", "The station did not run at that time: there is nothing to show."),
    "shown": i18n.mark("replay", "The replay from {moment} is in a window of its own."),
    "no_tlog": i18n.mark("replay", "no MAVLink recording: aircraft as kept once a second"),
    "no_video": i18n.mark("replay", "no recorded video"),
    "no_neighbour": i18n.mark("replay", "no tracks of the neighbour from that time"),
    "no_age_map": i18n.mark("replay", "no age map of that time"),
}


def said(name: str, **named: object) -> str:
    """A sentence by its name; raises ``KeyError`` for one that there is not."""
    return i18n.fill(i18n.text("replay", _TEXTS[name]), **named)
