"""What the router tells: each thing at once, repeats counted, and no client can fill the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from groundstation.core.clock import Clock
from groundstation.link.router_records import RouterEvent, RouterEventKind

_log = logging.getLogger("groundstation.router")

_AGAIN_S = 10.0
_MOST_DIFFERENT = 20
"""So many different things of one kind and client are told within ten seconds; what else there is becomes one line."""
_OTHERS = "and other things"
_ORDINARY = ("connected", "gone", "passed", "identity")


@dataclass
class _Told:
    at_s: float
    system_id: int
    repeats: int = 0


class RouterLog:
    """``on_event`` gets every event; the same one again within ten seconds is counted, and told with its count then."""

    def __init__(self, clock: Clock, on_event: Callable[[RouterEvent], None] | None) -> None:
        self._clock, self._on_event = clock, on_event
        self._told: dict[tuple[RouterEventKind, str, str], _Told] = {}

    def tell(self, kind: RouterEventKind, client: str, text: str, system_id: int = 0, each: bool = False) -> bool:
        """Tell what happened; False when it was only counted. ``each``: every one is told by itself."""
        now_s = self._clock.mono_ns() / 1e9
        if each or kind in ("connected", "gone"):
            self._emit(kind, client, text, system_id, 1)
            return True
        key = (kind, client, text)
        if key not in self._told and sum(k[:2] == key[:2] for k in self._told) >= _MOST_DIFFERENT:
            key = (kind, client, _OTHERS)
        told = self._told.get(key)
        if told is not None:
            told.repeats += 1
            return False
        self._told[key] = _Told(now_s, system_id)
        self._emit(kind, client, key[2], system_id, 1)
        return True

    def on_time(self, now_s: float) -> None:
        """Tell the counts of what was repeated; called once a second."""
        for key, told in tuple(self._told.items()):
            if now_s - told.at_s < _AGAIN_S:
                continue
            if told.repeats:
                self._emit(*key, told.system_id, told.repeats)
                told.at_s, told.repeats = now_s, 0
            else:
                del self._told[key]

    def _emit(self, kind: RouterEventKind, client: str, text: str, system_id: int, repeats: int) -> None:
        _log.log(
            logging.INFO if kind in _ORDINARY else logging.WARNING,
            "router: %s: %s: %s%s", client, kind, text, f" ({repeats} times more)" if repeats > 1 else "",
        )  # fmt: skip
        if self._on_event is not None:
            self._on_event(RouterEvent(self._clock.utc_us(), kind, client, text, system_id, repeats))
