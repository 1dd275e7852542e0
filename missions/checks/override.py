"""Somebody who answers for a plan that has errors."""

from __future__ import annotations

from dataclasses import dataclass

from geofences.errors import PlanError

_LONGEST = 500


@dataclass(frozen=True)
class Override:
    """``name`` of who takes it upon himself, and why. Raises :class:`PlanError` when either is missing."""

    name: str
    reason: str

    def __post_init__(self) -> None:
        for what, text in (("name", self.name), ("reason", self.reason)):
            if not text.strip() or len(text) > _LONGEST or not text.isprintable():
                raise PlanError(
                    f"an override of findings needs a {what}, in one line of at most {_LONGEST} characters",
                    "say who answers for the plan and why it is to be flown all the same",
                )
