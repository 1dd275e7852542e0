"""The patrol request of ``groundstation plan make``: its keys, their ranges, and what may be left out.

``docs/planning.md`` has one table of all keys. Everything that is wrong with a file is told at once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from geofences.errors import MarchwardenError
from geofences.weather import wind_towards_en_m_s
from geofences.windows import parse_windows
from geofences.zone import TimeWindow

Pattern = Literal["shuttle", "loop", "corridor", "sweep", "expanding_square", "sector", "orbit", "random_gap", "watch"]
PATTERNS: tuple[str, ...] = Pattern.__args__  # type: ignore[attr-defined]


class Section(BaseModel):
    """A table of the file: no other keys than its own, numbers are finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_yes_or_no(cls, value: Any) -> Any:
        """``true`` is no number and no text; nothing here is answered by yes or no."""
        if isinstance(value, bool):
            raise ValueError("a yes or no makes no sense here")
        return value


class CameraSection(Section):
    """The camera; the defaults are the simulator's."""

    name: str = ""
    width_px: int = Field(default=1280, ge=1, le=20_000)
    height_px: int = Field(default=720, ge=1, le=20_000)
    hfov_deg: float = Field(default=40.0, gt=0.5, lt=150.0)


class WindSection(Section):
    """The wind as it is told: where it comes from."""

    from_deg: float = Field(default=0.0, ge=-360.0, le=360.0)
    speed_m_s: float = Field(default=0.0, ge=0.0, le=60.0)
    gust_m_s: float | None = Field(default=None, ge=0.0, le=80.0)

    @property
    def en_m_s(self) -> tuple[float, float]:
        """Where the air moves to, east and north."""
        return wind_towards_en_m_s(self.speed_m_s, self.from_deg)


class WeatherSection(Section):
    """What else is forecast; held against the limits of the area."""

    visibility_m: float | None = Field(default=None, ge=0.0, le=200_000.0)
    rain_mm_h: float | None = Field(default=None, ge=0.0, le=500.0)
    temperature_c: float | None = Field(default=None, ge=-80.0, le=70.0)


class MarginsSection(Section):
    """What is kept free."""

    edge_m: float = Field(default=15.0, ge=0.0, le=1000.0)
    own_side_m: float = Field(default=15.0, ge=0.0, le=1000.0)
    fence_m: float = Field(default=5.0, ge=0.0, le=200.0)
    ceiling_m: float | None = Field(default=None, gt=5.0, le=5000.0)
    rally_height_m: float = Field(default=60.0, ge=5.0, le=1000.0)
    layer_m: float | None = Field(default=None, ge=5.0, le=200.0)
    separation_m: float = Field(default=60.0, ge=0.0, le=2000.0)


class FlightSection(Section):
    """How it is flown, whatever the pattern.

    ``laps`` "max": as many as the battery allows with its reserve; left out, that for patrols and 1 for searches.
    """

    height_agl_m: float = Field(default=110.0, ge=10.0, le=1000.0)
    speed_m_s: float | None = Field(default=None, ge=0.5, le=60.0)
    standoff_m: float = Field(default=75.0, ge=5.0, le=2000.0)
    laps: Annotated[int, Field(ge=1, le=1000)] | Literal["max"] | None = None


class WalkerSection(Section):
    """Somebody on foot who must be seen before the watched strip is crossed."""

    speed_m_s: float = Field(default=1.4, gt=0.05, le=15.0)
    strip_m: float | None = Field(default=None, gt=1.0, le=20_000.0)
    seen_s: float = Field(default=2.0, ge=0.0, le=600.0)


def _windows(texts: list[str]) -> list[str]:
    for text in texts:
        try:
            parse_windows(text)
        except MarchwardenError as error:
            raise ValueError(str(error)) from error
    return texts


class GapSection(Section):
    """A longest gap: in seconds, in minutes, or by a walker; one of them."""

    max_gap_s: float | None = Field(default=None, gt=0.0, le=604_800.0)
    max_gap_min: float | None = Field(default=None, gt=0.0, le=10_080.0)
    walker: WalkerSection | None = None

    @model_validator(mode="after")
    def _one(self) -> GapSection:
        given = [n for n in ("max_gap_s", "max_gap_min", "walker") if getattr(self, n) is not None]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} are given; give one of them")
        return self

    @property
    def given(self) -> bool:
        """Whether any of the three is."""
        return any(v is not None for v in (self.max_gap_s, self.max_gap_min, self.walker))


class StretchSection(GapSection):
    """One stretch of the border, metres (or kilometres) along it from its first point."""

    name: str = ""
    from_m: float | None = Field(default=None, ge=0.0)
    to_m: float | None = Field(default=None, gt=0.0)
    from_km: float | None = Field(default=None, ge=0.0)
    to_km: float | None = Field(default=None, gt=0.0)
    priority: float = Field(default=1.0, gt=0.0, le=1000.0)
    forbidden: Annotated[list[str], AfterValidator(_windows)] = []

    @model_validator(mode="after")
    def _whole(self) -> StretchSection:
        for end in ("from", "to"):
            if getattr(self, f"{end}_m") is not None and getattr(self, f"{end}_km") is not None:
                raise ValueError(f"{end}_m and {end}_km are both given; give one of them")
        low, high = self.span_m
        if high is not None and low >= high:
            raise ValueError(f"it goes from {low:g} m to {high:g} m; give the lower figure first")
        return self

    @property
    def span_m(self) -> tuple[float, float | None]:
        """From, to (None: the end of the border)."""
        low = self.from_m if self.from_m is not None else 1000.0 * (self.from_km or 0.0)
        high = self.to_m if self.to_m is not None else None if self.to_km is None else 1000.0 * self.to_km
        return low, high

    @property
    def windows(self) -> tuple[TimeWindow, ...]:
        """The forbidden times."""
        return tuple(w for text in self.forbidden for w in parse_windows(text))


class RiskSection(Section):
    """A stretch that matters more or less than the rest (1), metres along the border."""

    from_m: float = Field(ge=0.0)
    to_m: float = Field(gt=0.0)
    weight: float = Field(ge=0.0, le=1000.0)

    @model_validator(mode="after")
    def _order(self) -> RiskSection:
        if self.from_m >= self.to_m:
            raise ValueError(f"it goes from {self.from_m:g} m to {self.to_m:g} m; give the lower figure first")
        return self


class CoverageSection(Section):
    """Where to look next by what was really seen: the oldest and riskiest part of the border.

    ``ledger``: the data folder of a station, or a file of ``coverage export``; of several all observations count.
    """

    ledger: Annotated[str, Field(min_length=1)] | Annotated[list[str], Field(min_length=1)]
    length_m: float = Field(default=1500.0, ge=20.0, le=1_000_000.0)
    as_of: datetime | str | None = None
    risk: list[RiskSection] = []

    @model_validator(mode="after")
    def _readable(self) -> CoverageSection:
        if self.as_of is not None:
            moment_us(self.as_of)
        return self


class WatchSection(GapSection):
    """The watch of several aircraft. A gap here holds for the whole border."""

    hours: float = Field(default=8.0, ge=0.1, le=168.0)
    start: datetime | str | None = None
    relief_s: float = Field(default=30.0, ge=0.0, le=3600.0)
    take_off_gap_s: float = Field(default=30.0, ge=0.0, le=3600.0)

    @model_validator(mode="after")
    def _readable(self) -> WatchSection:
        if self.start is not None:
            moment_us(self.start)
        return self


class AircraftSection(Section):
    """So many aircraft of one type."""

    type: str | dict[str, Any] = "quadcopter"
    count: int = Field(default=1, ge=1, le=100)
    launch: str | None = None
    camera: CameraSection | None = None


class LaunchSection(Section):
    """A launch point beside those of the area."""

    name: str = Field(min_length=1)
    lat_deg: float = Field(ge=-90.0, le=90.0)
    lon_deg: float = Field(ge=-180.0, le=180.0)


class Request(Section):
    """The whole file. The tables named like patterns are read by :mod:`missions.requests.patterns`."""

    name: str = Field(default="Patrol", min_length=1, max_length=100)
    pattern: Pattern
    area: str | Annotated[list[str], Field(min_length=1)]
    border: str | None = None
    own_side: str | None = None
    terrain: str | None = None
    performance: str | dict[str, Any] = "quadcopter"
    start_from: str | None = None
    start: datetime | str | None = None
    camera: CameraSection = CameraSection()
    wind: WindSection = WindSection()
    weather: WeatherSection = WeatherSection()
    margins: MarginsSection = MarginsSection()
    flight: FlightSection = FlightSection()
    coverage: CoverageSection | None = None
    watch: WatchSection | None = None
    stretch: list[StretchSection] = []
    aircraft: list[AircraftSection] = []
    launch: list[LaunchSection] = []
    shuttle: dict[str, Any] | None = None
    loop: dict[str, Any] | None = None
    corridor: dict[str, Any] | None = None
    sweep: dict[str, Any] | None = None
    expanding_square: dict[str, Any] | None = None
    sector: dict[str, Any] | None = None
    orbit: dict[str, Any] | None = None
    random_gap: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _fitting(self) -> Request:
        if self.start is not None:
            moment_us(self.start)
        return self


def moment_us(value: datetime | str) -> int:
    """Microseconds since 1970 of a TOML date-time, or of a text like ``20:30`` (UTC, a Monday) or an ISO 8601 one.

    Without an offset it is UTC. Raises :class:`ValueError`.
    """
    if isinstance(value, str):
        try:
            clock = datetime.strptime(value.strip().removesuffix("Z"), "%H:%M")
        except ValueError:
            try:
                value = datetime.fromisoformat(value.strip())
            except ValueError as error:
                raise ValueError(f"{value!r} is no time; write 20:30 or 2026-11-23T20:30:00Z") from error
        else:
            value = datetime(1970, 1, 5, clock.hour, clock.minute, tzinfo=UTC)
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return round(value.timestamp() * 1e6)
