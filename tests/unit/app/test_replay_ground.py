"""The age map of a past time: what was known then, and nothing of what was seen later."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from geofences.area import Area
from groundstation.app.replay_ground import PastCoverage
from groundstation.app.replay_player import Player, ReplayClock
from groundstation.app.replay_sources import Played
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.coverage_records import CoverageState
from groundstation.store.coverage_store import add_observations
from missions.coverage.grid import CoverageGrid
from missions.coverage.ledger import NEVER
from tests.helpers import records as r
from tests.unit.missions.coverage.support import T0 as T0_US
from tests.unit.missions.coverage.support import sighting

S_US, DAY_US = 1_000_000, 86_400_000_000


@pytest.fixture(scope="module")
def area() -> Area:
    return r.make_area()


@pytest.fixture(scope="module")
def folder(area: Area, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Piece 0 was seen an hour before, piece 1 at 20 s, piece 2 at 50 s and again long after."""
    made: Path = tmp_path_factory.mktemp("ground")
    grid = CoverageGrid.of_area(area)
    seen = [(-3600, 0), (20, 1), (50, 2), (5000, 2)]
    add_observations(made, grid, [sighting(grid, [k], t) for t, k in seen], T0_US)
    return made


def seen_s(state: CoverageState) -> list[float | None]:
    """When pieces 0 to 2 were last seen, seconds after T0."""
    return [None if t == NEVER else round((int(t) - T0_US) / S_US) for t in state.bin_t_utc_us[:3]]


def test_each_moment_shows_what_was_known_then(folder: Path, area: Area) -> None:
    past = PastCoverage(folder, area, T0_US + 100 * S_US)
    assert past.ever(T0_US)
    states = list(past.states(T0_US))
    assert [seen_s(s) for s in states] == [[-3600, None, None], [-3600, 20, None], [-3600, 20, 50]]
    times = [(s.t_utc_us - T0_US) / S_US for s in states]
    assert times[0] == 0
    assert all(0 <= t - seen <= 4 for t, seen in zip(times[1:], (20, 50), strict=True)), "told soon after, never before"


def test_from_the_middle_it_is_whole_at_once(folder: Path, area: Area) -> None:
    first = next(PastCoverage(folder, area, T0_US + 100 * S_US).states(T0_US + 30 * S_US))
    assert seen_s(first) == [-3600, 20, None]
    assert len(first.cell_lat_lon) == len(first.cell_t_utc_us)
    assert bool(np.isfinite(first.edges_lat_lon).all())


def test_of_a_time_before_all_pictures_or_of_another_border_there_is_none(
    folder: Path, area: Area, tmp_path: Path
) -> None:
    assert not PastCoverage(folder, area, T0_US - DAY_US).ever(T0_US - 2 * DAY_US)
    assert not PastCoverage(tmp_path, area, T0_US).ever(T0_US)
    border = replace(area.border, points=tuple((lat + 0.1, lon) for lat, lon in area.border.points))
    assert not PastCoverage(folder, replace(area, border=border), T0_US + 100 * S_US).ever(T0_US)


def test_played_it_reaches_the_map(folder: Path, area: Area) -> None:
    class Period:
        from_utc_us, to_utc_us = T0_US, T0_US + 100 * S_US

        def records(self, at_utc_us: int) -> list[Played]:
            states = PastCoverage(folder, area, self.to_utc_us).states(at_utc_us)
            return [Played(s.t_utc_us, topics.COVERAGE, s) for s in states]

    bus, clock = Bus(), ReplayClock(T0_US)
    now = [0.0]
    player = Player(bus, clock, Period(), lambda: now[0])  # type: ignore[arg-type]
    player.seek(T0_US + 25 * S_US)
    until_s = time.monotonic() + 60.0
    player.step()
    while player.waits and time.monotonic() < until_s:
        time.sleep(0.005)
        player.step()
    player.close()
    (state,) = bus.latest_all(topics.COVERAGE)
    assert seen_s(state) == [-3600, 20, None]
