"""The few parameters that the checks of an aircraft need, kept as the aircraft last said them.

It asks for what it lacks, gently, and believes every ``PARAM_VALUE`` of the aircraft, whoever asked for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from groundstation.core.records import Fault, VehicleId, VehicleState
from groundstation.vehicle.firmware_names import spellings
from missions.mavlink import mavlink2

_TRIES = 3
_EACH_S = 0.1
_ROUND_S = 5.0
_AGAIN_S = 2.0
_BACKWARDS_MS = 2_000


class ParameterWatch:
    """One aircraft's parameters by name; a part of the aircraft that others look at.

    ``values`` holds what was heard since the aircraft last started; ``changes`` counts what changed in it. A name that
    was asked for three times without an answer is taken for absent: most firmware says nothing about a parameter that
    it does not have.
    """

    def __init__(self, vehicle_id: VehicleId, names: Iterable[str] = ()) -> None:
        self._vehicle_id = vehicle_id
        self._asked: dict[str, int] = {}
        self._round: list[str] = []
        self._paused = False
        self._again = -1
        self._next_s = 0.0
        self._boot_ms = 0
        self.values: dict[str, float] = {}
        self.changes = 0
        self.want(names)

    def want(self, names: Iterable[str]) -> None:
        """Keep these too, under their present and former names."""
        for name in spellings(names):
            self._asked.setdefault(name, 0)

    def learn(self, values: Mapping[str, float]) -> None:
        """Take over what was read, by another part of the station too; names that nobody wants are left out.

        What is no number is no value: the parameter counts as not read.
        """
        for name, value in values.items():
            if name in self._asked and math.isfinite(value) and self.values.get(name) != value:
                self.values[name] = value
                self.changes += 1

    @property
    def complete(self) -> bool:
        """Whether every name has been answered or asked for in vain."""
        return all(name in self.values or tries >= _TRIES for name, tries in self._asked.items())

    def on_message(self, _link_name: str, message: Any, now_s: float) -> list[Any]:
        """Takes ``PARAM_VALUE``; a restart of the aircraft makes all it said before old."""
        if (message.get_srcSystem(), message.get_srcComponent()) != tuple(self._vehicle_id):
            return []
        kind = message.get_type()
        if kind == "PARAM_VALUE":
            raw = message.param_id
            name = (raw.decode("ascii", "replace") if isinstance(raw, bytes) else str(raw)).rstrip("\0")
            self.learn({name: float(message.param_value)})
        elif kind in ("GLOBAL_POSITION_INT", "SYSTEM_TIME", "ATTITUDE"):
            if message.time_boot_ms + _BACKWARDS_MS < self._boot_ms:
                self.values.clear()
                self._asked = dict.fromkeys(self._asked, 0)
                self._round, self._paused = [], False
                self.changes += 1
                self._next_s = now_s + _EACH_S
            self._boot_ms = message.time_boot_ms
        return []

    def on_time(self, state: VehicleState, now_s: float) -> list[Any]:
        """One question at a time: rounds until all are answered or given up, then each again now and then."""
        if not state.link_alive or state.read_only or now_s < self._next_s:
            return []
        while self._round and self._round[-1] in self.values:
            self._round.pop()
        if not self._round:
            self._round = [n for n, tries in self._asked.items() if n not in self.values and tries < _TRIES][::-1]
            if not self._round:
                return self._look_again(now_s)
            # The first round begins at once, the others after a pause.
            if any(self._asked[n] for n in self._round) and not self._paused:
                self._paused, self._next_s = True, now_s + _ROUND_S
                self._round = []
                return []
            self._paused = False
        name = self._round.pop()
        self._asked[name] += 1
        self._next_s = now_s + _EACH_S
        return [self._question(name)]

    def _look_again(self, now_s: float) -> list[Any]:
        """Everything is known: one after the other is asked for again, in case somebody else has changed it."""
        known = sorted(self.values)
        if not known:
            return []
        self._next_s = now_s + _AGAIN_S
        self._again = (self._again + 1) % len(known)
        return [self._question(known[self._again])]

    def _question(self, name: str) -> Any:
        return mavlink2.MAVLink_param_request_read_message(*self._vehicle_id, name.encode("ascii"), -1)

    def faults(self, _state: VehicleState, _now_s: float) -> tuple[Fault, ...]:
        """None of its own."""
        return ()
