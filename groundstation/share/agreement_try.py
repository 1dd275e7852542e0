"""A dry run: what would be told of this by that agreement, and because of which clause? Tells nobody anything."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from groundstation.share.agreement_terms import Agreement
from groundstation.share.policy import WIRE, Release, Subject, Withheld, release


@dataclass(frozen=True)
class Trial:
    """One subject tried: of ``points`` places ``shared`` would be told. ``decision`` is the last one that was told, or
    the last refusal where none was; ``others``: how often each other reason held."""

    name: str
    points: int
    shared: int
    decision: Release | Withheld
    others: tuple[tuple[str, int], ...] = ()
    delay_s: float = 0.0

    @property
    def words(self) -> str:
        """In one line."""
        d = self.decision
        if isinstance(d, Withheld):
            return f"not shared: {d.detail or d.reason.value} (clause {d.clause_number})"
        part = f"{self.shared} of {self.points} points " if self.points > 1 else ""
        later = f", {self.delay_s:g} s late" if self.delay_s else ""
        rest = "".join(f"; {count} not: {why}" for why, count in self.others)
        return f"{part}would be shared{later}: {', '.join(d.fields)}, because of {d.clause.partition(': ')[2]}{rest}"


def try_subject(
    agreement: Agreement,
    originator: str,
    recipient: str,
    points: Sequence[Subject],
    t_utc_us: int,
    via: str = WIRE,
) -> Trial:
    """Try the points of one subject in order, as if each were seen at ``t_utc_us`` and told as soon as that is allowed.

    The edge's hysteresis counts as in life; the rate does not, since stored tracks are thinned out.
    """
    told: Release | None = None
    refused: Withheld | None = None
    shared, count = False, 0
    reasons: Counter[str] = Counter()
    delay_s = agreement.delay_s
    for point in points:
        subject = replace(point, t_utc_us=t_utc_us, shared=shared, told_t_utc_us=0)
        decision = release(agreement, originator, recipient, subject, t_utc_us, via)
        if isinstance(decision, Withheld) and decision.due_utc_us:
            delay_s = (decision.due_utc_us - t_utc_us) / 1e6
            decision = release(agreement, originator, recipient, subject, decision.due_utc_us, via)
        elif isinstance(decision, Release):
            delay_s = 0.0
        if isinstance(decision, Release):
            told, count, shared = decision, count + 1, point.kind == "track"
        else:
            refused, shared = decision, False
            reasons[decision.reason.value] += 1
    last = told or refused
    assert last is not None, "a subject without a point"
    name = points[0].subject_id
    return Trial(name, len(points), count, last, tuple(reasons.items()) if told else (), delay_s if told else math.nan)
