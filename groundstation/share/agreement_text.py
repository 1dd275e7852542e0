"""An agreement in people's words, clause by clause, with the numbers that every reason of the policy names."""

from __future__ import annotations

from dataclasses import dataclass

from groundstation.share.agreement_signed import SignedAgreement, time_text
from groundstation.share.agreement_terms import CLAUSES, Agreement

_KIND_WORDS = {
    "track": "confirmed tracks",
    "incident": "crossings",
    "approach": "approaches to the border",
    "loitering": "loitering",
    "group": "groups",
    "vehicle_stopped": "stopped vehicles",
    "person_down": "persons down",
}


@dataclass(frozen=True)
class Clause:
    """One clause: its number, its name and what is agreed."""

    number: int
    title: str
    text: str


def clauses(agreement: Agreement) -> tuple[Clause, ...]:
    """All clauses, also those under which nothing is agreed."""
    a = agreement
    texts = {
        1: f"{a.parties[0]} and {a.parties[1]}, and nobody else.",
        2: f"From {time_text(a.valid_from_utc_us)} until {time_text(a.valid_until_utc_us)}. What was seen before is not "
        "told.",
        3: _sentence(", ".join(a.purposes)) + (f" Lawful basis: {a.lawful_basis}." if a.lawful_basis else ""),
        4: _place(a),
        5: _sentence(", ".join(_KIND_WORDS.get(k, k) for k in a.kinds)) + " When something leaves the area, or ends, that "
        "alone is told.",
        6: _sentence(", ".join(a.categories)),
        7: _sentence(", ".join(a.fields)) + " No pictures, no appearance, no names, no free text.",
        8: _coarsening(a),
        9: f"Everything is held back for {a.delay_s:g} s." if a.delay_s else "None: told as it is seen.",
        10: f"At most {a.max_rate_hz:g} updates of a track in a second.",
        11: _retention(a),
        12: (
            "What was received is not passed on."
            if a.onward == "forbidden"
            else "What was received is passed on only with the originator's consent."
        ) + f" Marking: {a.marking}.",
        13: (
            "One of the parties is a third country. Two officers approve each subject before it is told; somebody who may "
            "ask for protection is never told of."
            if a.third_country
            else "No party is a third country."
        ),
        14: (
            f"What an officer has marked as a rescue is told within {a.rescue.reach_m:g} m of the border, at once and "
            f"whatever it is: {', '.join(a.rescue.fields)}."
            if a.rescue is not None
            else "No clause: a rescue is told like anything else."
        ),
        15: (
            f"{', '.join(a.own_forces.categories)}: a circle within squares of {a.own_forces.grid_m:g} m, "
            f"{a.own_forces.delay_s:g} s late."
            if a.own_forces is not None
            else "Where own aircraft and patrols are is not told."
        ),
        16: (
            " ".join(f"{g.name}: {', '.join(g.fields)}." for g in a.gateways)
            + " Another program cannot recall what it was told."
            if a.gateways
            else "Nothing is fed to other programs."
        ),
        17: "Either party ends it alone, at once. What was told before is still recalled and erased on request.",
    }  # fmt: skip
    return tuple(Clause(n, title, texts[n]) for n, title in CLAUSES.items())


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _place(a: Agreement) -> str:
    left_m, right_m = a.corridor.widths_m
    width = (
        f"{left_m:g} m on either side" if left_m == right_m else f"{left_m:g} m on the left, {right_m:g} m on the right"
    )
    first, last = a.corridor.border[0], a.corridor.border[-1]
    line = (
        f"the border of {len(a.corridor.border)} points from {first[0]:.5f}, {first[1]:.5f} "
        f"to {last[0]:.5f}, {last[1]:.5f}"
    )
    side = {
        "both": "Both sides are told of.",
        "own": "Each station tells of its own side only.",
        "neighbour": "Each station tells of the neighbour's side only.",
    }[a.side]
    lives = f" On the left lives {a.corridor.left_party}." if a.corridor.left_party else ""
    return f"{width} of {line}. {side}{lives}"


def _coarsening(a: Agreement) -> str:
    parts = []
    if a.grid_m:
        parts.append(
            f"The middle of a square of {a.grid_m:g} m is told, and the accuracy says so ({a.grid_m / 2**0.5:.0f} m more)."
        )
    if a.velocity_step_m_s:
        parts.append(f"Velocities in steps of {a.velocity_step_m_s:g} m/s.")
    return " ".join(parts) or "None: positions as they are known."


def _retention(a: Agreement) -> str:
    per_kind = "".join(f", {kind.replace('_', ' ')} {days:g}" for kind, days in a.retention_by_kind)
    return f"{a.retention_days:g} days{per_kind + ' days' if per_kind else ''}; then it is erased on both sides."


def signature_lines(signed: SignedAgreement) -> tuple[str, ...]:
    """Who has signed, with which key; who has ended it."""
    lines = []
    for party in signed.agreement.parties:
        s = signed.signed_by(party)
        lines.append(
            f"{party}: signed {time_text(s.t_utc_us)}, key {s.key.fingerprint}" if s else f"{party}: has not signed"
        )
    ended = signed.termination
    if ended is not None:
        why = f": {ended.reason}" if ended.reason else ""
        lines.append(f"ENDED by {ended.party}, {time_text(ended.t_utc_us)}{why}")
    return tuple(lines)
