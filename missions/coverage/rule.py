"""What counts as seen, and how finely it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from geofences.errors import ConfigError
from missions.footprint import CRITICAL_M, TargetKind, detection_probability

GSD_UNIT_M = 1e-4
"""Resolutions are kept in tenths of a millimetre per pixel, up to 6.5 m."""
GSD_MOST_M = 65_535 * GSD_UNIT_M


@dataclass(frozen=True)
class CoverageRule:
    """The shape of a ledger and its standard.

    The border is kept in pieces of ``bin_m``; one is seen when its middle and the places ``strip_m`` to the left and right
    of it are, so that somebody who crosses there shows on both sides. The ground is kept in cells of ``cell_m``, each by its
    middle. What is seen so coarsely that a ``kind`` is detected with less than ``least_probability`` was not seen.

    Raises :class:`ConfigError` for figures that make no sense.
    """

    bin_m: float = 5.0
    strip_m: float = 10.0
    cell_m: float = 20.0
    kind: TargetKind = "person"
    least_probability: float = 0.5

    def __post_init__(self) -> None:
        for name, value, low, high in (
            ("bin_m", self.bin_m, 0.5, 1000.0),
            ("strip_m", self.strip_m, 0.0, 500.0),
            ("cell_m", self.cell_m, 1.0, 1000.0),
            ("least_probability", self.least_probability, 0.01, 0.999),
        ):
            if not low <= value <= high:
                raise ConfigError(f"coverage: {name} of {value} is not usable", f"give {low:g} to {high:g}")
        if self.kind not in CRITICAL_M:
            raise ConfigError(f"coverage: no figures for a {self.kind!r}", f"use one of {', '.join(CRITICAL_M)}")

    @cached_property
    def gsd_max_m(self) -> float:
        """The coarsest resolution, metres per pixel, that still counts."""
        low, high = 1e-3, GSD_MOST_M
        if detection_probability(high, self.kind) >= self.least_probability:
            return high
        for _ in range(60):
            middle = 0.5 * (low + high)
            low, high = (
                (middle, high) if detection_probability(middle, self.kind) >= self.least_probability else (low, middle)
            )
        # Whole units, so that what was kept counts as it did when it was seen.
        return int(low / GSD_UNIT_M) * GSD_UNIT_M
