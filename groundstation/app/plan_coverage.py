"""The coverage ledgers that a patrol request names: read, put together, and the request filled in from them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from groundstation.core.errors import ConfigError
from groundstation.store.coverage_file import read_coverage
from groundstation.store.coverage_store import read_observations, require_border
from missions.coverage.grid import CoverageGrid
from missions.coverage.ledger import Ledger, different_border
from missions.coverage.observation import Observation
from missions.requests.by_coverage import by_coverage
from missions.requests.read import Job
from missions.requests.request import moment_us


def with_coverage(job: Job) -> Job:
    """The job as the ledgers of its ``[coverage]`` fill it in; paths are relative to the request.

    Raises :class:`ConfigError` for a file that cannot be used, or ledgers of another border; :class:`StoreError` for a
    damaged ledger.
    """
    section = job.request.coverage
    if section is None:
        return job
    now_us = time.time_ns() // 1000 if section.as_of is None else moment_us(section.as_of)
    # What may not be looked at is the area's; the rule is the usual one, by which the stations keep their ledgers.
    grid = CoverageGrid.of_area(job.area, job.terrain)
    ledger = Ledger(grid)
    for name in [section.ledger] if isinstance(section.ledger, str) else section.ledger:
        ledger.merge(_observations(job.path.resolve().parent / name, grid, now_us))
    return by_coverage(job, ledger, now_us)


def _observations(path: Path, grid: CoverageGrid, until_us: int) -> Iterable[Observation]:
    if path.is_dir():
        require_border(path, grid.digest)
        return read_observations(path, grid.digest, None, until_us)
    if not path.exists():
        raise ConfigError(
            f"{path}: there is no coverage ledger", "name a station's data folder, or a file of `coverage export`"
        )
    given = read_coverage(path)
    if given.digest != grid.digest:
        raise different_border(grid.digest, given.digest)
    return [o for o in given.observations if o.from_utc_us <= until_us]
