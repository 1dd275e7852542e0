"""A standing procedure: what is to be done about an alert of a kind, in what order and within what time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ProcedureStep:
    """One line of the check list. ``texts`` by language, "en" always among them; ``within_s`` after the alert was raised,
    0: no time is set. ``name`` is unique within its procedure and stays, so that old ticks keep their meaning."""

    name: str
    texts: Mapping[str, str]
    within_s: float = 0.0

    def text(self, language: str) -> str:
        """In the language asked for, else in English."""
        return self.texts.get(language) or self.texts["en"]


@dataclass(frozen=True)
class Procedure:
    """``kinds`` and ``urgencies`` say for which alerts it is; the first of a file that fits is taken.

    ``take_back``: what is proposed to the operator when such an alert was false and the neighbour was told of it.
    """

    name: str
    titles: Mapping[str, str]
    kinds: tuple[str, ...]
    urgencies: tuple[str, ...]
    steps: tuple[ProcedureStep, ...]
    take_back: bool = True

    def title(self, language: str) -> str:
        """In the language asked for, else in English."""
        return self.titles.get(language) or self.titles["en"]

    def fits(self, kind: str, urgency: str) -> bool:
        """Whether it is for an alert of this kind and urgency; an empty list takes all."""
        return (not self.kinds or kind in self.kinds) and (not self.urgencies or urgency in self.urgencies)

    def step_id(self, step: ProcedureStep) -> str:
        """What a tick names: ``procedure/step``."""
        return f"{self.name}/{step.name}"
