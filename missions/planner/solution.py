"""The planner's answer: who flies what and when, the gap it gives at every metre, and what would meet what it does not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geofences.geodesy import FloatArray
from missions.planner.demand import Piece
from missions.planner.fleet import LaunchPoint
from missions.planner.line import Track


@dataclass(frozen=True)
class Sortie:
    """One flight. Seconds from the beginning of the watch; the first take-off lies before it."""

    aircraft: str
    take_off_s: float
    on_station_s: float
    off_station_s: float
    landing_s: float
    laps: int


@dataclass(frozen=True)
class Aircraft:
    """One aircraft of a patrol. ``layer``: 0 flies at the watch's height, each further one a layer above."""

    name: str
    type_name: str
    group: int
    layer: int


@dataclass(frozen=True)
class Patrol:
    """One stretch of the line and who watches it.

    ``max_gap_s``: the longest that any of it is out of sight while the watch lasts; ``lap_gap_s``: the same within one
    sortie, which is what flying one plan shows. ``period_s``: from one sortie to the next; ``relief_s``: how long both are
    there (relief in place), negative: how long nobody is. ``late`` up to 0: every demand on it is met.
    """

    launch: LaunchPoint
    aircraft: tuple[Aircraft, ...]
    from_m: float
    to_m: float
    lap_s: float
    laps: int
    out_s: float
    home_s: float
    period_s: float
    relief_s: float
    max_gap_s: float
    lap_gap_s: float
    enter_low: bool
    late: float
    sorties: tuple[Sortie, ...] = ()


@dataclass(frozen=True)
class Shortfall:
    """A part of the demand that is not met. ``reached_s`` None: nobody gets there at all."""

    names: tuple[str, ...]
    from_m: float
    to_m: float
    asked_s: float
    reached_s: float | None

    def text(self) -> str:
        """One sentence."""
        where = f"{' and '.join(self.names)} ({self.from_m:.0f} m to {self.to_m:.0f} m)"
        if self.reached_s is None:
            return f"{where} is not seen at all: no aircraft is left that reaches it"
        return f"{where} is seen every {self.reached_s:.0f} s, {self.asked_s:.0f} s are asked for"


@dataclass(frozen=True)
class Advice:
    """One thing that alone would meet the demand. ``kind``: aircraft, demand or launch."""

    kind: str
    text: str
    type_name: str = ""
    launch: str = ""
    count: int = 0
    lat_deg: float | None = None
    lon_deg: float | None = None
    gaps_s: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Conflict:
    """Two aircraft that would be close at one time and height, and could not be parted."""

    text: str
    one: str
    other: str

    @property
    def on_the_ground(self) -> bool:
        """Two that want one launch point at a time: one of them waits. Else it is in the air."""
        return self.one == self.other


@dataclass(frozen=True, eq=False)
class PatrolSolution:
    """The whole answer.

    ``along_m`` ``(n,)``: places along the border; ``gap_s`` ``(n,)``: the longest each is out of sight (infinite: never
    seen); ``asked_s`` ``(n,)``: what is asked there (infinite: nothing). ``aircraft_needed``: how few meet the demand; None
    when these cannot. ``spare``: types of aircraft that have nothing to do.
    """

    met: bool
    patrols: tuple[Patrol, ...]
    pieces: tuple[Piece, ...]
    along_m: FloatArray
    gap_s: FloatArray
    asked_s: FloatArray
    aircraft_needed: int | None
    spare: tuple[str, ...]
    shortfalls: tuple[Shortfall, ...]
    advice: tuple[Advice, ...]
    conflicts: tuple[Conflict, ...]
    track: Track
    watch_s: float

    @property
    def worst_ratio(self) -> float:
        """The largest gap divided by what is asked; 1 or less when all is met, infinite when something is never seen."""
        asked = np.isfinite(self.asked_s)
        return float((self.gap_s[asked] / self.asked_s[asked]).max(initial=0.0))
