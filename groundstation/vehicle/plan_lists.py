"""What a transaction puts onto an aircraft, and what the aircraft holds of it at every moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from groundstation.vehicle.fence_parameters import FENCE_ENABLE, FenceParameter, fence_parameters
from missions.codec import MissionKind, WireItem, compare_items, items_of
from missions.plan import Plan
from missions.verified import HoldsWhat

NAMES = {MissionKind.MISSION: "mission", MissionKind.FENCE: "fence", MissionKind.RALLY: "rally points"}
ORDER = (MissionKind.FENCE, MissionKind.RALLY, MissionKind.MISSION)
"""The fence first: should the link break for good in between, the old mission is still under a fence."""

Part = Literal["old", "new", "mixture"]


@dataclass(frozen=True)
class PlanLists:
    """The lists to be sent, ready for the wire. A kind that is absent is left on the aircraft as it is.

    ``parameters`` are set after the lists and must be echoed; ``enable_fence``: the fence is switched off before and on
    afterwards, and seen to be on. Without it no parameter is touched.
    """

    name: str
    items: Mapping[MissionKind, tuple[WireItem, ...]]
    parameters: tuple[FenceParameter, ...] = ()
    enable_fence: bool = False

    @property
    def kinds(self) -> tuple[MissionKind, ...]:
        """What is sent, in the order of sending."""
        return tuple(kind for kind in ORDER if kind in self.items)

    @property
    def settings(self) -> tuple[FenceParameter, ...]:
        """All parameters that matter, the switch of the fence last."""
        return (*self.parameters, FenceParameter(FENCE_ENABLE, 1.0)) if self.enable_fence else self.parameters


def lists_of(plan: Plan) -> PlanLists:
    """All of a plan: the three lists, the fence's parameters, and the fence switched on."""
    items = {kind: items_of(plan, kind) for kind in MissionKind}
    return PlanLists(plan.name, items, fence_parameters(plan.fence), enable_fence=True)


class Holdings:
    """What the aircraft can hold of each list, by what was sent and confirmed: a set of old, new and mixture.

    Never more certain than the messages allow: what was on its way when a link broke may have arrived.
    """

    def __init__(self, kinds: Sequence[MissionKind]) -> None:
        self._parts: dict[MissionKind, frozenset[Part]] = {kind: frozenset({"old"}) for kind in kinds}
        self.fence_switched = False
        """The fence's own switch was turned off for the transaction and not yet back."""
        self.parameters_touched = False

    def parts(self, kind: MissionKind) -> frozenset[Part]:
        """What it can be."""
        return self._parts[kind]

    def sent(self, kind: MissionKind, holds: HoldsWhat, goal: Literal["old", "new"]) -> None:
        """A list was sent, with the old or the new one for its goal; ``holds`` is in the sense of that sending."""
        before = self._parts[kind]
        if holds == "new":
            self._parts[kind] = frozenset({goal})
        elif holds == "old or new":
            self._parts[kind] = before | {goal}
        elif holds == "mixture":
            self._parts[kind] = before | {goal, "mixture"}

    def read(
        self,
        kind: MissionKind,
        held: Sequence[WireItem],
        old: Sequence[WireItem],
        new: Sequence[WireItem],
    ) -> None:
        """A list was read: now it is known."""
        if not compare_items(kind, old, held):
            self._parts[kind] = frozenset({"old"})
        elif not compare_items(kind, new, held):
            self._parts[kind] = frozenset({"new"})
        else:
            self._parts[kind] = frozenset({"mixture"})

    @property
    def all_old(self) -> bool:
        """Nothing has changed."""
        return all(parts == {"old"} for parts in self._parts.values()) and not self.parameters_touched

    def lines(self) -> tuple[str, ...]:
        """One line a list, e.g. ``"fence: new"``, ``"mission: old or new"``, ``"mission: mixture"``."""
        lines = [f"{NAMES[kind]}: {_words(parts)}" for kind, parts in self._parts.items()]
        if self.fence_switched:
            lines.append("fence switch: may be off")
        if self.parameters_touched:
            lines.append("fence parameters: may be partly new")
        return tuple(lines)


def _words(parts: frozenset[Part]) -> str:
    if parts == {"mixture"}:
        return "neither the old nor the new one"
    if "mixture" in parts:
        return "old, new or parts of both"
    return " or ".join(sorted(parts, reverse=True))
