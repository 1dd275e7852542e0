"""Own people explain their tracks, and nobody else's; what is explained is not raised, except a call for help."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from groundstation.core.records import FriendPosition
from groundstation.incidents.engine import Raised, RuleEngine
from groundstation.incidents.friends import FriendMatcher, FriendSettings
from groundstation.incidents.rule_file import parse_rules
from tests.unit.incidents.people import BORDER, FRAME, RATE_HZ, START_US, Someone, frames, records


def report(someone: Someone, t_s: float, name: str = "Alpha", **changes: object) -> FriendPosition:
    """What a handset tells: the true place, 3 m off."""
    lat, lon = FRAME.from_plane(someone.at(t_s)[0] + np.array([2.0, -2.0]))
    values: dict[str, object] = {
        "friend_id": name.lower(), "name": name, "kind": "patrol", "t_utc_us": START_US + round(t_s * 1e6),
        "lat_deg": float(lat), "lon_deg": float(lon), "sigma_m": 3.0,
    }  # fmt: skip
    return FriendPosition(**(values | changes))  # type: ignore[arg-type]


def explained(scene, seconds, friends, every_s=1.0, until_s=1e9, seed=1, **changes):
    """For each frame the set of explained track numbers; ``friends`` are indices of the scene."""
    matcher, out, next_s = FriendMatcher(FRAME, FriendSettings()), [], 0.0
    for k, frame in enumerate(frames(scene, seconds, seed)):
        t_s = k / RATE_HZ
        if t_s >= next_s and t_s <= until_s:
            next_s += every_s
            for i in friends:
                matcher.on_position(report(scene[i], t_s, f"F{i}", **changes))
        matcher.update(frame)
        out.append({n for n in range(1, len(scene) + 1) if matcher.friend_of(n) is not None})
    return out


PATROL = Someone((0, -30), [(1.2, 0.0, 100)])


def test_a_patrol_explains_its_track_after_some_reports():
    seen = explained([PATROL], 20, [0])
    assert seen[-1] == {1}
    first_s = next(i for i, s in enumerate(seen) if s) / RATE_HZ
    assert 2 <= first_s <= 8, "not at the first report"
    assert all(seen[round(first_s * RATE_HZ) + 1 :]), "and without a break"


def test_one_friend_explains_one_track_of_two_that_walk_side_by_side():
    beside = Someone((0, -34), [(1.2, 0.0, 100)])
    for seed in range(3):
        seen = explained([PATROL, beside], 20, [0], seed=seed)
        assert all(len(s) <= 1 for s in seen)
    both = explained([PATROL, beside], 20, [0], people=2)
    assert both[-1] == {1, 2}, "a patrol of two explains two"


@pytest.mark.parametrize(
    "stranger",
    [
        Someone((40, -30), [(1.2, 0.0, 100)]),  # elsewhere
        Someone((-12, -30), [(2.6, 0.0, 100)]),  # overtakes the patrol
        Someone((12, -30), [(-1.2, 0.0, 100)]),  # meets it
        Someone((0, -30), [(1.2, 0.0, 100)], class_id=1),  # a vehicle is no patrol on foot
    ],
)
def test_a_stranger_is_not_explained(stranger):
    hidden = Someone(PATROL.start, PATROL.legs, seen_from_s=1e6)  # the patrol itself is under trees
    assert not any(explained([hidden, stranger], 20, [0]))


def test_they_part_and_the_track_is_free_again():
    # The device stays where it was put down, the track walks on.
    matcher = FriendMatcher(FRAME)
    states = []
    for k, frame in enumerate(frames([PATROL], 60)):
        t_s = k / RATE_HZ
        if k % round(RATE_HZ) == 0:
            matcher.on_position(report(PATROL, min(t_s, 15.0), t_utc_us=START_US + round(t_s * 1e6)))
        matcher.update(frame)
        states.append(matcher.friend_of(1) is not None)
    assert states[round(14 * RATE_HZ)]
    assert not states[-1]
    assert sum(a != b for a, b in itertools.pairwise(states)) == 2, "once explained, once released"


def test_a_friend_that_reports_no_longer_explains_no_longer():
    seen = explained([PATROL], 45, [0], until_s=12.0)
    assert seen[round(12 * RATE_HZ)] == {1}
    assert seen[-1] == set()


@pytest.mark.parametrize(
    "changes", [{"sigma_m": 60.0}, {"sigma_m": float("nan")}, {"sigma_m": 0.0}, {"kind": "drone"}, {"people": 0}]
)
def test_a_report_that_could_be_anybody_explains_nobody(changes):
    assert not any(explained([PATROL], 15, [0], **changes))


# -- in the engine -------------------------------------------------------------------------------------------------------

RULES = parse_rules(
    """
[[rule]]
kind = "crossing"
urgency = "alarm"
sentence = "x"
[[rule]]
kind = "person_down"
urgency = "help"
classes = ["person"]
sentence = "{subject}"
parameters = { duration_s = 20.0 }
""",
    "rules",
)
CROSSES = Someone((0, -24), [(0.0, 1.4, 40)])


def run(
    people: list[Someone], seconds: float, friends: list[int], from_s: float = 0.0, error: bool = True
) -> list[Raised]:
    engine, raised = RuleEngine(BORDER, FRAME, RULES), []
    for k, record in enumerate(records(people, seconds, error=error)):
        t_s = k / RATE_HZ
        if k % round(RATE_HZ) == 0 and t_s >= from_s:
            for i in friends:
                engine.on_friend(report(people[i], t_s, f"F{i}"))
        raised += engine.update(record)
    return [*raised, *engine.flush()]


def test_a_stranger_who_crosses_is_raised_and_a_patrol_is_not():
    assert [r.event.number for r in run([CROSSES], 38, [])] == [1]
    assert run([CROSSES], 38, [0]) == []


def test_a_stranger_who_crosses_behind_a_patrol_is_raised():
    behind = Someone((12, -30), [(0.0, 1.4, 45)])
    assert [r.event.number for r in run([CROSSES, behind], 42, [0])] == [2]


def test_a_crossing_waits_for_a_friend_that_has_just_begun_to_report():
    (raised,) = run([CROSSES], 38, [])
    told_s = (raised.event.t_confirmed_utc_us - START_US) / 1e6
    assert run([CROSSES], 38, [0], from_s=told_s - 2.0) == [], "the reports were two seconds old when it crossed"
    assert len(run([CROSSES], 38, [0], from_s=told_s + 2.0)) == 1, "what was told before is told"


def test_a_friend_who_may_need_help_is_raised_by_name():
    (raised,) = run([Someone((0, -40), [(1.2, 0.0, 20)])], 60, [0], error=False)
    assert raised.rule.kind == "person_down"
    assert raised.friend is not None
    assert raised.friend.name == "F0"
