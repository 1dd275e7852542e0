"""When a record was true, on this machine's monotonic clock, so that a step of UTC makes nothing fresh or old."""

from __future__ import annotations

from groundstation.console import i18n
from groundstation.console.freshness import age_words
from groundstation.core.clock import Clock


def heard_mono_s(clock: Clock, t_utc_us: int = 0, t_mono_ns: int = 0) -> float:
    """When a record was true, in seconds of the monotonic clock, but never later than now.

    ``t_mono_ns`` of this machine is taken before ``t_utc_us``; with neither it is now. A record that was published long
    before this console was opened, or came late over a cut link, is therefore old at once.
    """
    now_s = clock.mono_ns() / 1e9
    if t_mono_ns:
        return min(t_mono_ns / 1e9, now_s)
    if t_utc_us:
        return now_s - max(clock.utc_us() - t_utc_us, 0) / 1e6
    return now_s


def old_words(age_s: float) -> str:
    """ "12 s old"."""
    return i18n.fill(i18n.text("map", "{age} old"), age=age_words(age_s))
