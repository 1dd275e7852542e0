"""What to look at next: the stretches that are oldest, weighted by their risk."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from missions.coverage.ledger import Ledger
from missions.sight import BoolArray

PriorityRow = tuple[float, float, float, str]
"""``(s_from_m, s_to_m, weight, reason)``: a stretch along the border, how much it matters (1 the most), and why."""


@dataclass(frozen=True)
class Risk:
    """A stretch of the border with its weight (1 is ordinary, 0 of no interest); overlapping ones: the highest counts."""

    from_m: float
    to_m: float
    weight: float


def priorities(
    ledger: Ledger,
    t_utc_us: int,
    risks: Sequence[Risk] = (),
    stretch_m: float = 250.0,
    never_seen_s: float = 86_400.0,
    alike: float = 0.25,
) -> list[PriorityRow]:
    """Stretches for the next sortie, the most pressing first; together they hold every piece that may be seen.

    The weight is risk times age, the greatest being 1; what was never seen counts as ``never_seen_s`` old, or older than
    anything else if that is more. Stretches of about ``stretch_m`` are made, cut where the risk changes, and joined with
    their neighbours while their weights differ by less than the share ``alike``. What has no risk, or may not be looked at, is left
    out. Raises :class:`PlanError` for figures that make no sense.
    """
    if not stretch_m > 0.0:
        raise PlanError("stretches need a length", "give metres above 0")
    grid = ledger.grid
    age, risk, score = _scores(ledger, t_utc_us, risks, never_seen_s)
    never, usable = np.isnan(age), grid.bin_may_be_seen & (risk > 0.0)
    most = float(score.max(initial=0.0))
    if most <= 0.0:
        return []
    stretches = _stretches(usable, risk, max(1, round(stretch_m / grid.rule.bin_m)))
    weights = [float(score[a:b].mean()) / most for a, b in stretches]
    rows: list[PriorityRow] = []
    for a, b in _joined(stretches, weights, risk, never, alike):
        weight = float(score[a:b].mean()) / most
        if weight > 0.0:
            rows.append(
                (float(grid.bin_from_m[a]), float(grid.bin_to_m[b - 1]), weight, _reason(age[a:b], float(risk[a])))
            )
    return sorted(rows, key=lambda r: (-r[2], r[0]))


def next_sortie(
    ledger: Ledger,
    t_utc_us: int,
    length_m: float,
    risks: Sequence[Risk] = (),
    never_seen_s: float = 86_400.0,
    usable: BoolArray | None = None,
) -> PriorityRow | None:
    """The stretch of ``length_m`` (or of all of a shorter border) that is most worth a flight: the oldest and riskiest in sum.

    Of equals the first along the line; its ends are drawn in to what has any weight. ``usable``: which pieces can be flown
    along, None for all; without it what nobody can reach would be the oldest for ever. None when all of it was just seen or
    is of no interest. Raises :class:`PlanError` for figures that make no sense.
    """
    if not length_m > 0.0:
        raise PlanError("a sortie needs a length along the border", "give metres above 0")
    grid = ledger.grid
    age, risk, score = _scores(ledger, t_utc_us, risks, never_seen_s)
    if usable is not None:
        score = np.where(usable, score, 0.0)
    most = float(score.max(initial=0.0))
    if most <= 0.0:
        return None
    bins = min(grid.bins, max(1, int(length_m / grid.rule.bin_m)))
    total = np.concatenate([[0.0], np.cumsum(score)])
    first = int(np.argmax(total[bins:] - total[:-bins]))
    worth = np.flatnonzero(score[first : first + bins] > 0.0)
    a, b = first + int(worth[0]), first + int(worth[-1]) + 1
    highest = float(risk[a:b].max())
    some = grid.bin_may_be_seen[a:b]
    return (
        float(grid.bin_from_m[a]), float(grid.bin_to_m[b - 1]), float(score[a:b].mean()) / most,
        _reason(age[a:b][some], highest),
    )  # fmt: skip


def _scores(
    ledger: Ledger, t_utc_us: int, risks: Sequence[Risk], never_seen_s: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Of each piece: age (NaN never), risk, and risk times age; 0 for what may not be looked at."""
    if not never_seen_s > 0.0:
        raise PlanError("what was never seen needs an age", "give seconds above 0")
    grid = ledger.grid
    risk = _risk_per_bin(grid.bin_from_m, grid.bin_to_m, risks)
    age = ledger.bin_age_s(t_utc_us)
    never = np.isnan(age)
    oldest = float(np.nanmax(np.where(never, 0.0, age), initial=0.0))
    # A sighting from the future (another station's clock) is as good as now.
    counted = np.maximum(np.where(never, max(never_seen_s, oldest), age), 0.0)
    return age, risk, np.where(grid.bin_may_be_seen & (risk > 0.0), risk * counted, 0.0)


def _risk_per_bin(from_m: FloatArray, to_m: FloatArray, risks: Sequence[Risk]) -> FloatArray:
    named = np.full(len(from_m), -math.inf)
    for one in risks:
        if not (math.isfinite(one.weight) and one.weight >= 0.0 and one.from_m < one.to_m):
            raise PlanError(
                f"a risk of {one.weight} from {one.from_m:g} to {one.to_m:g} m makes no sense",
                "give a weight of 0 or more and a stretch that ends after it begins",
            )
        touched = (from_m < one.to_m) & (to_m > one.from_m)
        named[touched] = np.maximum(named[touched], one.weight)
    return np.where(np.isfinite(named), named, 1.0)


def _stretches(usable: np.ndarray, risk: FloatArray, bins: int) -> list[tuple[int, int]]:
    """Runs of usable pieces of one risk, cut at every ``bins``-th piece."""
    change = np.flatnonzero((np.diff(usable.astype(np.int8)) != 0) | (np.diff(risk) != 0.0)) + 1
    out: list[tuple[int, int]] = []
    for a, b in itertools.pairwise([0, *change.tolist(), len(usable)]):
        if usable[a]:
            # Cut at the same round metres, whatever lies before.
            out += list(itertools.pairwise([a, *range((a // bins + 1) * bins, b, bins), b]))
    return out


def _joined(
    stretches: list[tuple[int, int]], weights: list[float], risk: FloatArray, never: np.ndarray, alike: float
) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    first = 0.0
    for (a, b), weight in zip(stretches, weights, strict=True):
        # Compared with the first of a run, so that a slow slope is not joined from end to end.
        if (
            out
            and out[-1][1] == a
            and risk[out[-1][0]] == risk[a]
            and abs(weight - first) < alike * max(weight, first)
            and bool(never[out[-1][0] : a].all()) == bool(never[a:b].all())
        ):
            out[-1] = (out[-1][0], b)
        else:
            out.append((a, b))
            first = weight
    return out


def _reason(age: FloatArray, risk: float) -> str:
    never = np.isnan(age)
    risky = "" if risk == 1.0 else f", risk {risk:g}"
    if never.all():
        return f"never seen{risky}"
    text = f"not seen for {age_words(float(np.nanmax(age)))}"
    if never.any():
        text = f"{math.ceil(100.0 * float(never.mean()))} % never seen, the rest {text}"
    return text + risky


def age_words(age_s: float) -> str:
    """``45 s``, ``12 min``, ``3 h 20 min``, ``2 d 4 h``."""
    seconds = max(0, round(age_s))
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if hours else f"{days} d"
