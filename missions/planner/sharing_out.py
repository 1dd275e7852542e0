"""Work for each of several aircraft, which who asks for it may share out to processes of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class ShareOut(Protocol):
    """Does ``work`` with ``things``, all or in parts, and gives the results in the things' order. ``work`` and the things can
    be pickled; what the work raises is raised."""

    def __call__(self, work: Callable[[Sequence[T]], list[R]], things: Sequence[T]) -> list[R]: ...


def alone(work: Callable[[Sequence[T]], list[R]], things: Sequence[T]) -> list[R]:
    """All of it here."""
    return work(things)
