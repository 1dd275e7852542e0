"""Half of the work for many aircraft in a second process: the same results in the same order, whatever becomes of it."""

from __future__ import annotations

import os
from collections.abc import Sequence

import pytest

from geofences.errors import PlanError
from groundstation.app import plan_in_parts
from groundstation.app.plan_in_parts import shared_out
from missions.planner.sharing_out import alone


def squares(things: Sequence[int]) -> list[tuple[int, int]]:
    return [(k * k, os.getpid()) for k in things]


def refused(things: Sequence[int]) -> list[int]:
    raise PlanError(f"not {things[0]}", "another one")


def ended(things: Sequence[int]) -> list[int]:
    if os.environ.get("MARCHWARDEN_TEST_PARENT") != str(os.getpid()):
        os._exit(3)
    return [k * k for k in things]


@pytest.fixture
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_in_parts, "_processors", lambda: 2)


@pytest.mark.usefixtures("two_processors")
def test_every_second_thing_is_done_elsewhere_and_the_order_is_kept() -> None:
    with shared_out(12) as share_out:
        for count in (1, 2, 7):
            done = share_out(squares, list(range(count)))
            assert [square for square, _ in done] == [k * k for k in range(count)]
        assert {pid for _, pid in done[0::2]} == {os.getpid()}
        assert os.getpid() not in {pid for _, pid in done[1::2]}


@pytest.mark.usefixtures("two_processors")
def test_what_cannot_be_done_is_told_as_if_it_were_done_here() -> None:
    with shared_out(12) as share_out, pytest.raises(PlanError, match="not"):
        share_out(refused, [1, 2, 3])


@pytest.mark.usefixtures("two_processors")
def test_all_is_done_here_when_the_second_process_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARCHWARDEN_TEST_PARENT", str(os.getpid()))
    with shared_out(12) as share_out:
        for _ in range(2):
            assert share_out(ended, [1, 2, 3, 4]) == [1, 4, 9, 16]


def test_few_aircraft_or_one_processor_are_not_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with shared_out(2) as share_out:
        assert share_out is alone
    monkeypatch.setattr(plan_in_parts, "_processors", lambda: 1)
    with shared_out(12) as share_out:
        assert share_out is alone
