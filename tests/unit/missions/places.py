"""A made-up stretch of border to plan on, for tests: own side north, a village in the way, a launch point behind."""

from __future__ import annotations

import numpy as np

from geofences.area import Area, BorderLine, NamedPoint, Zone
from geofences.geodesy import LocalFrame
from geofences.terrain import TerrainGrid

FRAME = LocalFrame(49.05, 22.70, 0.0)
BEND = ((-1200.0, 0.0), (-200.0, 0.0), (300.0, 80.0), (1200.0, 80.0))


def lat_lon(*points):
    lat, lon = FRAME.from_plane(np.array(points, dtype=float))
    return tuple(zip(lat.tolist(), lon.tolist(), strict=True))


def area(exclusions=(((50, 60), (250, 60), (250, 220), (50, 220)),), own="Arvenia", inclusion=None, launch=(-300, 250)):
    inclusion = inclusion or ((-700, 15), (-200, 15), (300, 95), (800, 95), (800, 400), (-700, 400))
    return Area(
        BorderLine(lat_lon(*BEND), "Arvenia", "Belmark", own),
        (Zone("Patrol area", lat_lon(*inclusion)),),
        tuple(Zone(f"Village {n}", lat_lon(*e)) for n, e in enumerate(exclusions, start=1)),
        NamedPoint("Base", *lat_lon(launch)[0]),
        (NamedPoint("Meadow", *lat_lon((-350, 300))[0]),),
    )


def hills(rise_m=40.0, base_m=200.0):
    """Ground that waves east and west with ``rise_m`` up and down."""
    lat = np.linspace(49.065, 49.035, 151)
    lon = np.linspace(22.675, 22.725, 201)
    east = FRAME.to_plane(np.full_like(lon, 49.05), lon)[:, 0]
    height = base_m + rise_m * np.sin(east / 150.0)
    grid = np.tile(height, (len(lat), 1)).astype(np.float32)
    return TerrainGrid(grid, float(lat[0]), float(lon[0]), float(lat[0] - lat[1]), float(lon[1] - lon[0]))
