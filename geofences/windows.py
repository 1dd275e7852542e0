"""Times of day as planners write them: ``Mo-Fr 22:00-04:00``, several after a semicolon. All of them are UTC.

Days are those on which a window begins: ``Fr 22:00-04:00`` ends on Saturday morning. Without days it holds every day.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from geofences.errors import ConfigError
from geofences.zone import EVERY_DAY, MINUTES_A_DAY, TimeWindow

_DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_EXAMPLE = "write it like Mo-Fr 22:00-04:00, in UTC"
_WINDOW = re.compile(r"(?:([A-Za-z][A-Za-z,\s-]*?)\s+)?(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})(?:\s*(?:UTC|Z))?")


def parse_windows(text: str) -> tuple[TimeWindow, ...]:
    """The windows in a text like ``Mo-Fr 22:00-04:00; Sa,Su 00:00-24:00``.

    Raises :class:`ConfigError` that names the part which is not understood.
    """
    parts = [p.strip() for p in text.split(";")]
    if not any(parts):
        raise ConfigError("the time window is empty", _EXAMPLE + ", or leave it out")
    return tuple(_window(part) for part in parts if part)


def _window(text: str) -> TimeWindow:
    found = _WINDOW.fullmatch(text)
    if found is None:
        raise ConfigError(f"the time window {text!r} is not understood", _EXAMPLE)
    days = _days(found[1], text) if found[1] else EVERY_DAY
    start, end = (_minute(found[n], found[n + 1], text) for n in (2, 4))
    if start == MINUTES_A_DAY:
        raise ConfigError(f"the time window {text!r} begins at 24:00", "write 00:00 of the next day")
    return TimeWindow(start, end, days)


def _minute(hours: str, minutes: str, text: str) -> int:
    minute = 60 * int(hours) + int(minutes)
    if int(minutes) > 59 or minute > MINUTES_A_DAY:
        raise ConfigError(f"no day has the time {hours}:{minutes} of the window {text!r}", _EXAMPLE)
    return minute


def _days(text: str, window: str) -> frozenset[int]:
    days: set[int] = set()
    for part in text.split(","):
        ends = [_day(word, window) for word in part.split("-")]
        if len(ends) > 2:
            raise ConfigError(f"the days {part.strip()!r} of the window {window!r} are not understood", _EXAMPLE)
        # Fr-Mo runs over the end of the week.
        days |= {(ends[0] + n) % 7 for n in range((ends[-1] - ends[0]) % 7 + 1)}
    return frozenset(days)


def _day(word: str, window: str) -> int:
    word = word.strip()
    if word.lower() not in (d.lower() for d in _DAYS):
        raise ConfigError(f"{word!r} in the window {window!r} is no day", f"name days as {', '.join(_DAYS)}")
    return [d.lower() for d in _DAYS].index(word.lower())


def windows_text(windows: Sequence[TimeWindow]) -> str:
    """The text that :func:`parse_windows` reads as these windows."""
    return "; ".join(_text(w) for w in windows)


def _text(window: TimeWindow) -> str:
    times = "-".join(f"{m // 60:02d}:{m % 60:02d}" for m in (window.start_minute, window.end_minute))
    if window.days == EVERY_DAY:
        return times
    runs: list[list[int]] = []
    for day in sorted(window.days):
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = [_DAYS[r[0]] if len(r) == 1 else f"{_DAYS[r[0]]}-{_DAYS[r[-1]]}" for r in runs]
    return f"{','.join(names)} {times}"


def any_meets(windows: Sequence[TimeWindow], from_utc_us: int, to_utc_us: int) -> bool:
    """Whether any of the windows meets the time between; no windows mean always."""
    return not windows or any(w.meets(from_utc_us, to_utc_us) for w in windows)


def all_covered(windows: Sequence[TimeWindow], from_utc_us: int, to_utc_us: int) -> bool:
    """Whether the windows together hold during all of the time between; no windows mean always.

    Windows that end at the minute at which another begins follow one another without a gap.
    """
    if not windows:
        return True
    now = from_utc_us
    for _ in range(10_000):
        ends = [e for w in windows if (e := w.end_after(now)) is not None]
        latest = max(ends, default=now)
        if not ends:
            return False
        if latest >= to_utc_us:
            return True
        if latest <= now:
            return False
        now = latest
    return False
