"""The container of a subtitle file: cues with a beginning, an end and text.

Written here instead of taken from a library: the well-known ones find cues with one regular expression, whose time grows
with the square or cube of a damaged file's size (2,000 digits in a row take seconds). This reads line by line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TIME = r"(\d{1,4}):(\d{1,2}):(\d{1,2})(?:[,.](\d{1,6}))?"
_ARROW = re.compile(rf"^\s{{0,8}}{_TIME}\s{{0,4}}-{{1,2}}>\s{{0,4}}{_TIME}")
_LONGEST_LINE = 4096
_MOST_LINES = 40


@dataclass(frozen=True)
class Cue:
    """One subtitle; times in seconds since the video began."""

    start_s: float
    end_s: float
    text: str


def cues(text: str) -> Iterator[Cue]:
    """All cues, in the order of the file; lines before, between and after them that belong to none are skipped.

    Blank lines within a cue are tolerated, and so are a missing number and a missing last line. Lines are cut at 4,096
    characters and a cue at 40 lines. Never raises.
    """
    start_s = end_s = 0.0
    lines: list[str] | None = None
    for line in text.splitlines():
        line = line[:_LONGEST_LINE]
        found = _ARROW.match(line)
        if found is None:
            if lines is not None and len(lines) < _MOST_LINES:
                lines.append(line)
            continue
        if lines is not None:
            # The number of the cue that begins here stands last in the one before.
            yield Cue(start_s, end_s, _content(lines, drop_number=True))
        start_s, end_s = _seconds(found.groups()[:4]), _seconds(found.groups()[4:])
        lines = []
    if lines is not None:
        yield Cue(start_s, end_s, _content(lines, drop_number=False))


def _content(lines: list[str], drop_number: bool) -> str:
    while lines and not lines[-1].strip():
        lines.pop()
    if drop_number and len(lines) > 1 and lines[-1].strip().isdigit():
        lines.pop()
    return "\n".join(lines).strip()


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = 3600 * int(hours or 0) + 60 * int(minutes or 0) + int(seconds or 0)
    return whole + (int(fraction) / 10 ** len(fraction) if fraction else 0.0)
