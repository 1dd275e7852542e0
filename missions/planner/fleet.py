"""What there is to fly with: types of aircraft, how many, where they may start, and how they watch the line."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from geofences.errors import PlanError
from missions.footprint import Camera
from missions.performance import Performance, WindEN


@dataclass(frozen=True)
class LaunchPoint:
    """Where aircraft start and land."""

    name: str
    lat_deg: float
    lon_deg: float


@dataclass(frozen=True)
class Group:
    """So many aircraft of one type. ``launch``: the name of the point they are bound to; None: any of them."""

    performance: Performance
    count: int = 1
    camera: Camera = field(default_factory=Camera)
    launch: str | None = None

    def __post_init__(self) -> None:
        if self.count < 1:
            raise PlanError(f"{self.count} aircraft of {self.performance.name!r}", "give a count of at least 1")


@dataclass(frozen=True)
class Way:
    """How the line is watched, the same for all. Metres; ``layer_m``: between the heights of aircraft that could meet.

    ``end_margin``: how much of half the picture's width an aircraft stays short of the ends of its stretch (the camera
    sees over them); ``relief_s``: how long the next is there before the last leaves; ``take_off_gap_s``: between two
    take-offs from one point; ``separation_m``: closer than this, two aircraft fly in different layers.
    """

    standoff_m: float = 75.0
    height_agl_m: float = 110.0
    layer_m: float = 20.0
    separation_m: float = 60.0
    relief_s: float = 30.0
    take_off_gap_s: float = 30.0
    end_margin: float = 0.6

    def half_view_m(self, camera: Camera) -> float:
        """Half the width of the picture where its middle lies on the line."""
        return math.hypot(self.standoff_m, self.height_agl_m) * camera.half_width

    def setback_m(self, camera: Camera) -> float:
        """How far an aircraft turns before the end of its stretch."""
        return self.end_margin * self.half_view_m(camera)


@dataclass(frozen=True)
class Fleet:
    """All aircraft and launch points. ``wind_en_m_s``: where the air moves to."""

    groups: tuple[Group, ...]
    launches: tuple[LaunchPoint, ...]
    wind_en_m_s: WindEN = (0.0, 0.0)
    way: Way = Way()

    def __post_init__(self) -> None:
        if not self.groups:
            raise PlanError("there is no aircraft", "give at least one")
        names = [p.name for p in self.launches]
        if not names:
            raise PlanError("there is no launch point", "give at least one")
        if len(set(names)) != len(names):
            raise PlanError("two launch points have one name", "give each its own")
        for group in self.groups:
            if group.launch is not None and group.launch not in names:
                raise PlanError(
                    f"aircraft of {group.performance.name!r} are bound to the launch point {group.launch!r}, which there "
                    "is not",
                    f"use one of {', '.join(names)}",
                )

    @property
    def count(self) -> int:
        """How many aircraft there are."""
        return sum(g.count for g in self.groups)
