"""What every pattern asks of the operator, and the checks that all requests share."""

from __future__ import annotations

import math
from dataclasses import dataclass

from geofences.area import Area
from geofences.errors import PlanError
from geofences.geodesy import FloatArray
from geofences.terrain import TerrainGrid
from missions.patterns.building import Builder, Flight, Site, require_range


@dataclass(frozen=True, kw_only=True)
class PatternRequest:
    """Height, speed, laps and distances.

    ``edge_m`` is kept from every fence edge and ``own_side_m`` from the border line itself, over and above the fence's
    own ``fence_margin_m``. ``alt_max_rel_home_m`` None: 150 m, or more where the terrain needs it.
    """

    height_agl_m: float = 110.0
    speed_m_s: float = 4.0
    laps: int = 1
    edge_m: float = 15.0
    own_side_m: float = 15.0
    fence_margin_m: float = 5.0
    alt_max_rel_home_m: float | None = None
    terrain_tolerance_m: float = 4.0
    rally_alt_rel_home_m: float = 60.0
    name: str = "Patrol"

    def check(self) -> None:
        """Raises :class:`PlanError` that names the first value out of its range, and the range."""
        require_range("height above ground", self.height_agl_m, 10.0, 1000.0, "m")
        require_range("speed", self.speed_m_s, 0.5, 30.0, "m/s")
        require_range("number of laps", self.laps, 1, 1000)
        require_range("distance from fence edges", self.edge_m, 0.0, 1000.0, "m")
        require_range("distance from the border line", self.own_side_m, 0.0, 5000.0, "m")
        require_range("margin of the fence", self.fence_margin_m, 0.0, 500.0, "m")
        require_range("terrain tolerance", self.terrain_tolerance_m, 0.5, 100.0, "m")
        if self.alt_max_rel_home_m is not None:
            require_range("highest altitude", self.alt_max_rel_home_m, 10.0, 5000.0, "m")

    def site(self, area: Area, terrain: TerrainGrid | None) -> Site:
        """The place with this request's distances, after :meth:`check`."""
        self.check()
        return Site(
            area,
            terrain,
            self.edge_m,
            self.own_side_m,
            self.fence_margin_m,
            self.height_agl_m,
            self.terrain_tolerance_m,
        )

    def builder(self, site: Site) -> Builder:
        """What makes the plan."""
        return Builder(
            site,
            Flight(
                self.name, self.height_agl_m, self.speed_m_s, self.laps, self.terrain_tolerance_m,
                self.rally_alt_rel_home_m, self.alt_max_rel_home_m,
            ),
        )  # fmt: skip


def place_en_m(site: Site, what: str, lat_deg: float, lon_deg: float, beyond_room: bool = False) -> FloatArray:
    """A place of a request in the plane.

    Raises :class:`PlanError` for one that is none, or that cannot be flown to (unless ``beyond_room``).
    """
    if not (math.isfinite(lat_deg) and math.isfinite(lon_deg)):
        raise PlanError(f"the {what} is at {lat_deg}, {lon_deg}", "give latitude and longitude in degrees")
    require_range(f"latitude of the {what}", lat_deg, -90.0, 90.0, "deg")
    require_range(f"longitude of the {what}", lon_deg, -180.0, 180.0, "deg")
    en_m: FloatArray = site.frame.to_plane(lat_deg, lon_deg)
    if not beyond_room and not site.holds(en_m):
        raise PlanError(
            f"the {what} at {lat_deg:.6f}, {lon_deg:.6f} lies outside the fence, too near its edge or not on our side",
            "move it, keep less distance from the edges, or redraw the zones",
        )
    return en_m
