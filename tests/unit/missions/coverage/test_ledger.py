"""The ledger's laws: order does not matter, twice is once, never is not long ago; and what it says of gaps."""

import contextlib
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geofences.errors import ConfigError, PlanError
from missions.coverage.gaps import revisit_gaps
from missions.coverage.grid import CoverageGrid
from missions.coverage.ledger import NEVER, Ledger, merged
from missions.coverage.observation import Gatherer, observation_of, unpack
from missions.coverage.rule import CoverageRule
from tests.unit.missions.coverage.support import SECOND_US, T0, border, flat_grid, ledger, look, sighting

GRID = flat_grid()
OBSERVERS = ("east/1-1", "east/2-1", "west/1-1")

sightings = st.builds(
    lambda bins, t_s, observer, gsd_m: sighting(GRID, bins, t_s, observer, gsd_m),
    st.lists(st.integers(0, 12), min_size=1, max_size=6),
    st.integers(0, 8),
    st.sampled_from(OBSERVERS),
    st.sampled_from([0.1, 0.2, 0.4]),
)
ledgers = st.lists(sightings, max_size=8)


def state(one: Ledger) -> tuple:
    """Everything a ledger says, as plain values."""
    last, cells = one.bins_last_seen(), one.cells_last_seen()
    named = [last.observer(i) for i in range(len(last.by))]
    past = one.bins_last_seen(T0 + 4 * SECOND_US)
    gaps = revisit_gaps(one, T0, T0 + 10 * SECOND_US, join_s=1.5)
    return (
        last.t_utc_us.tolist(), last.gsd.tolist(), named, cells.t_utc_us.tolist(), past.t_utc_us.tolist(),
        past.gsd.tolist(), gaps.visits.tolist(), gaps.unseen_s.tolist(), [o.observation_id for o in one],
    )  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(ledgers, ledgers, ledgers)
def test_merging_is_commutative_associative_and_idempotent(a, b, c):
    one, two, three = (ledger(GRID, *o) for o in (a, b, c))
    assert merged(one, two) == merged(two, one)
    assert state(merged(one, two)) == state(merged(two, one))
    assert state(merged(merged(one, two), three)) == state(merged(one, merged(two, three)))
    assert state(merged(one, one)) == state(one)
    assert state(merged(merged(one, two), two)) == state(merged(one, two))


@settings(max_examples=40, deadline=None)
@given(ledgers, st.randoms())
def test_the_order_of_observations_changes_nothing_with_and_without_history(observations, random):
    shuffled = list(observations)
    random.shuffle(shuffled)
    assert state(ledger(GRID, *observations)) == state(ledger(GRID, *shuffled))
    whole, newest = ledger(GRID, *observations), ledger(GRID, *shuffled, history=False)
    assert newest.bins_last_seen().t_utc_us.tolist() == whole.bins_last_seen().t_utc_us.tolist()
    assert newest.bins_last_seen().gsd.tolist() == whole.bins_last_seen().gsd.tolist()


@settings(max_examples=40, deadline=None)
@given(ledgers, st.integers(-1, 9))
def test_ages_at_any_time_are_those_of_a_plain_loop(observations, at_s):
    t = T0 + at_s * SECOND_US
    age = ledger(GRID, *observations).bin_age_s(t)
    for piece in range(14):
        seen = [o.to_utc_us for o in observations if piece in o.bins.tolist() and o.to_utc_us <= t]
        if seen:
            assert age[piece] == (t - max(seen)) / 1e6
        else:
            assert np.isnan(age[piece])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 300), max_size=12), st.integers(1, 40))
def test_gaps_are_those_of_a_plain_loop(times_s, join_s):
    one = ledger(GRID, *(sighting(GRID, [3], t) for t in times_s))
    gaps = revisit_gaps(one, T0, T0 + 300 * SECOND_US, join_s)
    times = sorted(set(times_s))
    between = [b - a for a, b in itertools.pairwise(times) if b - a > join_s]
    assert gaps.visits[3] == (len(between) + 1 if times else 0)
    if between:
        assert gaps.max_s[3] == max(between)
        assert gaps.usual_s[3] == pytest.approx(np.sum(np.square(between)) / np.sum(between))
    else:
        assert np.isnan(gaps.usual_s[3])
        assert np.isnan(gaps.max_s[3])
    assert gaps.unseen_s[3] == (max([times[0], 300 - times[-1], *between]) if times else 300.0)
    assert gaps.visits[4] == 0
    assert gaps.unseen_s[4] == 300.0


def test_never_seen_is_told_as_such():
    one = ledger(GRID, sighting(GRID, [4], 10))
    now = T0 + 70 * SECOND_US
    assert one.age_at_m(22.0, now) == 60.0
    assert one.age_at_m(27.0, now) is None
    assert one.age_at_m(22.0, T0) is None  # not yet
    last = one.bins_last_seen()
    assert last.t_utc_us[5] == NEVER
    assert (last.observer(4), last.observer(5)) == ("east/1-1", "")
    assert one.bin_probability()[5] == 0.0
    assert one.bin_probability()[4] == pytest.approx(1.0, abs=0.01)
    assert revisit_gaps(one, T0, now).seen_fraction == pytest.approx(1 / GRID.bins)


def test_a_ledger_of_another_border_is_refused_and_nothing_is_taken():
    ours, other = ledger(GRID, sighting(GRID, [1], 0)), flat_grid(rule=CoverageRule(bin_m=10.0))
    moved = CoverageGrid(border(shift_deg=1e-4))
    for grid in (other, moved):
        with pytest.raises(PlanError, match="another border line"):
            ours.merge(ledger(grid, sighting(grid, [1], 0)))
    with pytest.raises(PlanError):
        ours.merge([sighting(GRID, [2], 0), sighting(moved, [3], 0)])
    with pytest.raises(PlanError, match="piece"):
        ours.merge([sighting(GRID, [2], 0), sighting(GRID, [GRID.bins], 0)])
    assert len(ours) == 1
    assert ours.bins_last_seen().ever.sum() == 1


def test_another_stations_coarser_looks_do_not_count_here():
    strict = Ledger(flat_grid(rule=CoverageRule(least_probability=0.95)))
    strict.add(sighting(GRID, [3], 0, gsd_m=0.4))
    strict.add(sighting(GRID, [4], 0, gsd_m=0.2))
    assert np.flatnonzero(strict.bins_last_seen().ever).tolist() == [4]
    assert revisit_gaps(strict, T0 - 1, T0 + 1).visits[3] == 0


def test_a_ledger_without_history_refuses_questions_about_the_past():
    newest = ledger(GRID, sighting(GRID, [4], 10), history=False)
    assert newest.age_at_m(22.0, T0 + 20 * SECOND_US) == 10.0
    with pytest.raises(PlanError):
        newest.bin_age_s(T0)
    with pytest.raises(PlanError):
        revisit_gaps(newest, T0, T0 + 1)


def test_a_second_of_pictures_becomes_one_observation_with_each_pieces_own_time():
    gatherer = Gatherer(GRID, period_s=1.0)
    pictures = [look(GRID, 700.0 + 20.0 * k, 0.4 * k) for k in range(4)]
    done = [o for m in pictures for o in gatherer.on_marks(m)]
    assert len(done) == 1
    (observation,) = done
    assert (observation.from_utc_us, observation.to_utc_us) == (T0, T0 + 800_000)
    times = dict(zip(observation.bins.tolist(), observation.bin_t_utc_us.tolist(), strict=True))
    for k, marks in enumerate(pictures[:3]):
        later = {b for m in pictures[k + 1 : 3] for b in m.bins.tolist()}
        for piece in set(marks.bins.tolist()) - later:
            assert times[piece] == marks.t_utc_us
    assert set(times) == {b for m in pictures[:3] for b in m.bins.tolist()}
    assert gatherer.flush(T0 + 2 * SECOND_US) == []
    assert [o.from_utc_us for o in gatherer.flush()] == [T0 + 1_200_000]
    assert gatherer.flush() == []


def test_what_was_seen_is_never_told_as_seen_later_or_finer():
    gatherer = Gatherer(GRID, period_s=10.0)
    pictures = [look(GRID, 700.0, 0.0), look(GRID, 760.0, 3.0), look(GRID, 1900.0, 9.0)]
    for marks in pictures:
        gatherer.on_marks(marks)
    (observation,) = gatherer.flush()
    for piece, t, gsd in zip(
        observation.bins.tolist(), observation.bin_t_utc_us.tolist(), observation.bin_gsd_m.tolist(), strict=True
    ):
        of = [m for m in pictures if piece in m.bins.tolist()]
        assert t == max(m.t_utc_us for m in of)
        finest = min(float(m.bin_gsd_m[m.bins.tolist().index(piece)]) for m in of)
        assert finest <= gsd <= finest + 1.01e-4


def test_a_clock_that_goes_back_or_an_empty_picture_begins_anew():
    gatherer = Gatherer(GRID, period_s=5.0)
    gatherer.on_marks(look(GRID, 700.0, 3.0))
    (done,) = gatherer.on_marks(look(GRID, 700.0, 1.0))
    assert done.from_utc_us == done.to_utc_us == T0 + 3 * SECOND_US
    empty = GRID.observe(T0 + 2 * SECOND_US, [], "east/1-1", gsd_m=0.1)
    assert gatherer.on_marks(empty) == []
    (left,) = gatherer.flush()
    assert left.to_utc_us == T0 + SECOND_US


@settings(max_examples=40, deadline=None)
@given(sightings)
def test_packed_observations_come_back_and_keep_their_name(observation):
    back = unpack(observation.packed())
    assert back == observation
    assert back.observation_id == observation.observation_id
    assert back.bin_t_utc_us.tolist() == observation.bin_t_utc_us.tolist()


def test_a_real_look_with_cells_comes_back():
    observation = observation_of(GRID, look(GRID, 700.0, 0.0))
    assert len(observation.cells) > 5
    assert unpack(observation.packed()) == observation


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 255))
def test_garbage_is_refused_with_one_error(garbage, at, value):
    packed = bytearray(observation_of(GRID, look(GRID, 700.0, 0.0)).packed())
    for data in (garbage, bytes(packed[: at % len(packed)])):
        with pytest.raises(ConfigError):
            unpack(data)
    packed[at % len(packed)] = value
    with contextlib.suppress(ConfigError):  # any other error fails the test
        unpack(bytes(packed))
