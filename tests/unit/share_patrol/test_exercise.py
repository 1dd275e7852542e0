"""The exercise's mark: what is half marked goes nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundstation.core.errors import ConfigError
from groundstation.share.exercise import (
    check_session,
    exercise_agreement,
    exercise_incident,
    exercise_tracks,
    may_meet,
    may_pass,
)
from tests.unit.share_gateways.things import INSIDE, incident, tak_agreement, tracks

REAL, EXERCISE = tak_agreement(), tak_agreement(agreement_id="EX-2026-1")


def test_marks_are_in_the_names() -> None:
    assert exercise_agreement(EXERCISE)
    assert not exercise_agreement(REAL)
    assert exercise_tracks(tracks(INSIDE, stream="ex-cam1"))
    assert not exercise_tracks(tracks(INSIDE))
    assert exercise_incident(incident()) is False
    assert exercise_incident(incident(track_id="ex-cam1-1", flight_id="EX-1")) is True
    assert exercise_incident(incident(track_id="ex-cam1-1")) is None
    assert exercise_incident(incident(flight_id="EX-1")) is None


@given(st.sampled_from([True, False, None]), st.sampled_from([None, REAL, EXERCISE]))
def test_only_like_passes_with_like(marked: bool | None, agreement: object) -> None:
    passes = may_pass(marked, agreement)  # type: ignore[arg-type]
    assert passes == ((marked, agreement) in ((False, REAL), (True, EXERCISE)))


@given(*[st.sampled_from([True, False, None])] * 2)
def test_only_like_meets_like(first: bool | None, second: bool | None) -> None:
    assert may_meet(first, second) == (first is not None and first == second)


def test_a_session_is_one_or_the_other() -> None:
    check_session(False, ["cam1"], [REAL])
    check_session(True, ["ex-cam1"], [EXERCISE])
    for exercise, streams, agreements in [
        (False, ["cam1", "ex-cam2"], [REAL]),
        (False, ["cam1"], [REAL, EXERCISE]),
        (True, ["cam1"], [EXERCISE]),
        (True, ["ex-cam1"], [replace(REAL)]),
    ]:
        with pytest.raises(ConfigError, match="exercise"):
            check_session(exercise, streams, agreements)
