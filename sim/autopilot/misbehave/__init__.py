"""Misbehaviours by name: what real autopilots, radios and other stations have been seen to do to a ground station.

Many of ArduPilot's odd ways are what this simulator always does (item 0 is home, a mission upload is not atomic, streams
are 0 until asked for); the ones here are switched on by name, for tests and with ``groundstation sim --misbehave``.
"""

from __future__ import annotations

import difflib
import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

from geofences.errors import ConfigError
from sim.autopilot.misbehave import air, commands, telemetry, transfers
from sim.autopilot.misbehave.base import Misbehaviour, Misbehaviours

if TYPE_CHECKING:
    from sim.autopilot.core import Autopilot

__all__ = ["CATALOGUE", "Misbehaviour", "Misbehaviours", "check_names", "make_misbehaviours", "table"]

CATALOGUE: dict[str, type[Misbehaviour]] = {
    one.name: one for one in (*transfers.ALL, *commands.ALL, *telemetry.ALL, *air.ALL)
}


def check_names(names: Sequence[str]) -> None:
    """Raises :class:`ConfigError` that lists every name that is not in the catalogue."""
    problems = []
    for name in names:
        if name not in CATALOGUE:
            close = difflib.get_close_matches(name, CATALOGUE, n=1)
            problems.append(f"{name!r}{f' (did you mean {close[0]!r}?)' if close else ''}")
    if problems:
        raise ConfigError(
            f"--misbehave: no misbehaviour is called {', '.join(problems)}",
            "see 'groundstation sim --misbehave list'",
        )


def make_misbehaviours(names: Sequence[str], vehicle: Autopilot, seed: int) -> Misbehaviours:
    """The misbehaviours of these names for one vehicle. Raises :class:`ConfigError` for an unknown name."""
    check_names(names)
    return Misbehaviours(CATALOGUE[name](vehicle, random.Random(f"{name}/{seed}")) for name in dict.fromkeys(names))


def table() -> str:
    """The catalogue as a Markdown table: name, what it does, section of the notes on ArduPilot it is from."""
    rows = [f"| `{one.name}` | {one.what} | {one.source} |" for one in CATALOGUE.values()]
    return "\n".join(["| name | what it does | seen in |", "|---|---|---|", *rows])
