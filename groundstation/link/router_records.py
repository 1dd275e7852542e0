"""What the router tells the station about the other programs that use it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RouterEventKind = Literal["connected", "gone", "passed", "refused", "conflict", "limited", "loop", "identity"]


@dataclass(frozen=True)
class RouterEvent:
    """One thing for the station's log; with ``repeats`` above 1 it happened so often more since it was told last."""

    t_utc_us: int
    kind: RouterEventKind
    client: str
    text: str
    system_id: int = 0
    repeats: int = 1


@dataclass(frozen=True)
class ClientStatus:
    """One program at a router port, in numbers. ``system_id`` is its own, ``air_system_id`` what the aircraft sees."""

    client: str
    port: str
    address: str
    system_id: int
    air_system_id: int
    age_s: float
    passed: int
    refused: int
    ignored: int
    limited: int
    sent: int
    read_only: bool
