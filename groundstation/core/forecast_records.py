"""What is reckoned of the next minute of a flight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groundstation.core.records import VehicleId


@dataclass(frozen=True)
class BreachAhead:
    """One fence that will be met if nothing is done.

    ``time_s``: until the aircraft must begin to brake or turn, 0 when it is too late to stay inside; ``distance_m``: to
    the edge along its way, negative beyond it; ``fence``: its name, "" for the aircraft's own limits; ``cause``: what
    makes it urgent.
    """

    edge: Literal["edge", "ceiling", "floor"]
    time_s: float
    distance_m: float
    fence: str = ""
    cause: str = "course"


@dataclass(frozen=True)
class FlightForecast:
    """The wind on one aircraft and the fences ahead of it, the nearest first.

    ``wind_en_m_s``: where the air moves to, east and north; None: the aircraft has not told it.
    """

    vehicle_id: VehicleId
    t_utc_us: int
    wind_en_m_s: tuple[float, float] | None = None
    breaches: tuple[BreachAhead, ...] = ()
