"""What must be seen: stretches of the border line, each with the longest time it may be out of sight."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from geofences.errors import PlanError
from geofences.zone import TimeWindow

WALKER_M_S = 1.4
"""Walking speed of a person on open ground (5 km/h)."""

Weighted = tuple[float, float, float, str]
"""(from_m, to_m, weight, reason) along the border, as the coverage ledger gives it; a weight above 1 is more urgent."""


@dataclass(frozen=True)
class Stretch:
    """One stretch of the line. Metres along it from its first point.

    ``max_gap_s``: the longest it may be out of sight. ``priority``: when not all can be met, what is missed here weighs
    so much. ``forbidden``: times at which it is not flown and need not be seen.
    """

    name: str
    from_m: float
    to_m: float
    max_gap_s: float
    priority: float = 1.0
    forbidden: tuple[TimeWindow, ...] = ()

    def __post_init__(self) -> None:
        if not (math.isfinite(self.from_m) and math.isfinite(self.to_m) and self.from_m < self.to_m):
            raise PlanError(
                f"stretch {self.name!r} goes from {self.from_m:g} m to {self.to_m:g} m", "give the lower figure first"
            )
        if not (math.isfinite(self.max_gap_s) and self.max_gap_s > 0.0):
            raise PlanError(f"stretch {self.name!r} allows a gap of {self.max_gap_s:g} s", "give seconds above 0")
        if not (math.isfinite(self.priority) and self.priority > 0.0):
            raise PlanError(f"stretch {self.name!r} has the priority {self.priority:g}", "give a figure above 0")


def walker_gap_s(strip_m: float, walker_m_s: float = WALKER_M_S, seen_s: float = 2.0) -> float:
    """The longest gap at which nobody walks across a watched strip unseen.

    Whoever steps in when the camera has just left needs ``strip_m / walker_m_s`` to the other side; to be in the picture
    for ``seen_s`` of that, the camera must be back ``seen_s`` before: ``gap = strip_m / walker_m_s - seen_s`` (straight
    across, the shortest way). Raises :class:`PlanError` when the strip is too narrow for any gap.
    """
    if not (strip_m > 0.0 and walker_m_s > 0.0 and seen_s >= 0.0):
        raise PlanError(f"a strip of {strip_m:g} m and a walker of {walker_m_s:g} m/s make no gap", "give both above 0")
    gap = strip_m / walker_m_s - seen_s
    if gap <= 0.0:
        raise PlanError(
            f"a walker of {walker_m_s:g} m/s is across a strip of {strip_m:g} m before it can be looked at for {seen_s:g} s",
            "watch a wider strip (fly higher, look less steeply), or give the gap itself",
        )
    return gap


@dataclass(frozen=True)
class Piece:
    """A part of the line with one demand: the strictest of all stretches that cover it."""

    from_m: float
    to_m: float
    max_gap_s: float
    priority: float
    names: tuple[str, ...]
    forbidden: tuple[TimeWindow, ...]


@dataclass(frozen=True)
class Demand:
    """All stretches; they may overlap and leave parts of the line out. ``weights`` come from the coverage ledger."""

    stretches: tuple[Stretch, ...]
    weights: tuple[Weighted, ...] = ()

    def pieces(self, length_m: float) -> tuple[Piece, ...]:
        """Parts without overlap in the order of the line, cut at ``length_m``; where nothing is asked there is none.

        Raises :class:`PlanError` when a stretch lies beyond the line, or none is left.
        """
        for stretch in self.stretches:
            if stretch.from_m < -1.0 or stretch.to_m > length_m + 1.0:
                raise PlanError(
                    f"stretch {stretch.name!r} goes from {stretch.from_m:g} m to {stretch.to_m:g} m; the border is "
                    f"{length_m:.0f} m long",
                    "give metres along the border from its first point",
                )
        edges = {0.0, length_m}
        for part in (*((s.from_m, s.to_m) for s in self.stretches), *((w[0], w[1]) for w in self.weights)):
            edges.update(min(max(e, 0.0), length_m) for e in part)
        out: list[Piece] = []
        for low, high in _pairs(sorted(edges)):
            middle = 0.5 * (low + high)
            over = [s for s in self.stretches if s.from_m <= middle <= s.to_m]
            if not over:
                continue
            weight = max((w[2] for w in self.weights if w[0] <= middle <= w[1]), default=1.0)
            windows = tuple(dict.fromkeys(w for s in over for w in s.forbidden))
            piece = Piece(
                low, high, min(s.max_gap_s for s in over), max(s.priority for s in over) * max(weight, 1e-3),
                tuple(s.name for s in over), windows,
            )  # fmt: skip
            last = out[-1] if out else None
            if last is not None and last.to_m == low and _same(last, piece):
                out[-1] = Piece(last.from_m, high, piece.max_gap_s, piece.priority, piece.names, windows)
            else:
                out.append(piece)
        if not out:
            raise PlanError("nothing of the border is asked to be seen", "give at least one stretch")
        return tuple(out)


def _same(one: Piece, other: Piece) -> bool:
    return (one.max_gap_s, one.priority, one.names, one.forbidden) == (
        other.max_gap_s, other.priority, other.names, other.forbidden,
    )  # fmt: skip


def _pairs(edges: Sequence[float]) -> list[tuple[float, float]]:
    return [(a, b) for a, b in itertools.pairwise(edges) if b - a > 1e-6]
