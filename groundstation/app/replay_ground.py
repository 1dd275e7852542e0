"""The age map of a past time: the coverage ledger told again, as it was known at each moment."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

from geofences.area import Area
from geofences.errors import MarchwardenError
from groundstation.core.coverage_records import CoverageState
from groundstation.store.coverage_state import CoverageStates
from groundstation.store.coverage_store import known_borders, read_observations
from missions.coverage.grid import CoverageGrid
from missions.coverage.ledger import Ledger
from missions.coverage.observation import Observation

_log = logging.getLogger("groundstation.replay")
_EVERY_US = 2_000_000
_KNOWN_FOR_US = 30 * 86_400 * 1_000_000
"""As far back as a station looks when it starts."""


class PastCoverage:
    """What was known of the ground of an area in a data folder; ``ever`` False: the ledger has nothing until then."""

    def __init__(self, data_dir: Path, area: Area, to_utc_us: int) -> None:
        self._data_dir, self._to_us = data_dir, to_utc_us
        self._grid = _grid(data_dir, area)

    def ever(self, from_utc_us: int) -> bool:
        """Whether there is anything of the time before ``to_utc_us`` that was still known at ``from_utc_us``."""
        if self._grid is None:
            return False
        return next(self._newest_first(from_utc_us - _KNOWN_FOR_US, self._to_us), None) is not None

    def states(self, since_utc_us: int) -> Iterator[CoverageState]:
        """How it was at ``since_utc_us``, then whenever something was seen, at most every two seconds."""
        if self._grid is None:
            return
        ledger, states = Ledger(self._grid, history=False), CoverageStates(self._grid)
        for observation in self._newest_first(since_utc_us - _KNOWN_FOR_US, since_utc_us):
            if observation.to_utc_us <= since_utc_us:
                ledger.add(observation)
        yield states.state(ledger, since_utc_us)
        coming = [o for o in self._newest_first(since_utc_us, self._to_us) if o.to_utc_us > since_utc_us]
        coming.reverse()
        t_us, taken = since_utc_us, 0
        while taken < len(coming):
            # To the moment at which the next one was complete, on the grid of two seconds.
            steps = -(-(coming[taken].to_utc_us - t_us) // _EVERY_US)
            t_us += max(1, steps) * _EVERY_US
            if t_us >= self._to_us:
                return
            for observation in takewhile(lambda o: o.to_utc_us <= t_us, coming[taken:]):  # noqa: B023
                ledger.add(observation)
                taken += 1
            yield states.state(ledger, t_us)

    def _newest_first(self, from_utc_us: int, to_utc_us: int) -> Iterator[Observation]:
        assert self._grid is not None
        return read_observations(self._data_dir, self._grid.digest, from_utc_us, to_utc_us)


def _grid(data_dir: Path, area: Area) -> CoverageGrid | None:
    """The pieces and cells that were kept for this area's border, by the rule of then; None when none were."""
    try:
        for known in known_borders(data_dir):
            if known.border.points != area.border.points:
                continue
            grid = CoverageGrid.of_area(area, rule=known.rule)
            if grid.digest == known.digest:
                return grid
    except MarchwardenError as error:
        _log.info("no age map: %s", error.message)
    return None
