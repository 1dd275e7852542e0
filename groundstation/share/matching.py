"""Blind matching: "do you have something near here?" is answered without telling what, and without telling more by the
kind of the answer than the agreement allows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal

from groundstation.share.agreement import Agreement, Release, Subject, release
from groundstation.share.corridor import Corridor

REMEMBER_US = 900_000_000
"""How far back this station remembers for such questions."""

Answer = Literal["yes", "no", "ask_duty_officer"]


def answer_for(
    agreement: Agreement | None,
    own: str,
    asker: str,
    body: dict[str, Any],
    subjects: Iterable[Subject],
    now_utc_us: int,
) -> Answer:
    """The answer by rule to a request's ``body``. Pure.

    Whether there is an answer at all depends on the question and the agreement alone, never on what is known here: a
    circle that is not wholly inside the corridor, a class that is not agreed, or a time that is not remembered is for the
    duty officer. Otherwise "yes" where a subject that may be told lies in it; so "no" means "nothing that our agreement
    covers", and a track that may not be told changes no answer.
    """
    if agreement is None or not agreement.valid_from_utc_us <= now_utc_us < agreement.valid_until_utc_us:
        return "ask_duty_officer"
    if body["from_utc_us"] < now_utc_us - REMEMBER_US or body["to_utc_us"] < body["from_utc_us"]:
        return "ask_duty_officer"
    corridor = agreement.corridor
    place = body["lat_deg"], body["lon_deg"]
    if corridor.distance_m(*place) + body["radius_m"] > corridor.width_m:
        return "ask_duty_officer"
    wanted = set(body["categories"])
    if wanted - set(agreement.categories):
        return "ask_duty_officer"
    around = Corridor((place, (place[0] + 1e-7, place[1])), body["radius_m"])
    for subject in subjects:
        if not body["from_utc_us"] <= subject.t_utc_us <= body["to_utc_us"]:
            continue
        if wanted and subject.class_name not in wanted:
            continue
        if not around.distance_m(subject.lat_deg, subject.lon_deg) <= body["radius_m"]:
            continue
        # Its rate is no reason for "no": asked is whether there is something, not where it is now.
        if isinstance(release(agreement, own, asker, replace(subject, told_t_utc_us=0), now_utc_us), Release):
            return "yes"
    return "no"
