"""Making less of a position: squares that are fixed to the earth, whose middle is told in place of what is in them.

Nothing is random: noise that is drawn anew averages out over the updates of a track. What remains to be seen is when
somebody goes from one square into the next; a delay and a low rate blunt that.
"""

from __future__ import annotations

import math

_METRES_PER_DEGREE = 111_700.0
"""Not less than a degree of latitude or longitude anywhere, so that no square is larger than agreed (WGS 84: at most
111,694 m)."""
_DECIMALS = 7


def coarse_place(lat_deg: float, lon_deg: float, grid_m: float) -> tuple[float, float, float]:
    """The place that is told for a place, and how far away from it the true one may be at most, metres.

    The squares have sides of at most ``grid_m``; there is a whole number of them on each parallel, so none is cut at
    the 180th meridian. With ``grid_m`` 0 the place itself, to 1 cm. Latitude in -90..90, longitude in -180..180.
    """
    if grid_m <= 0.0:
        return round(lat_deg, _DECIMALS), round(lon_deg, _DECIMALS), 0.0
    rows = math.ceil(180.0 * _METRES_PER_DEGREE / grid_m)
    row = min(int((lat_deg + 90.0) / 180.0 * rows), rows - 1)
    height_deg = 180.0 / rows
    south_deg, north_deg = row * height_deg - 90.0, (row + 1) * height_deg - 90.0
    # A parallel is longest at the edge of the row that is nearer to the equator.
    widest = 1.0 if south_deg <= 0.0 <= north_deg else math.cos(math.radians(min(abs(south_deg), abs(north_deg))))
    columns = max(1, math.ceil(360.0 * _METRES_PER_DEGREE * widest / grid_m))
    column = min(int((lon_deg + 180.0) / 360.0 * columns), columns - 1)
    return (
        round((south_deg + north_deg) / 2.0, _DECIMALS),
        round((column + 0.5) * 360.0 / columns - 180.0, _DECIMALS),
        grid_m / math.sqrt(2.0),
    )


def coarse_speed(speed_m_s: float, step_m_s: float) -> float:
    """A part of a velocity in steps; to 1 cm/s with a step of 0. What is not finite stays so."""
    value = float(speed_m_s)
    if not math.isfinite(value):
        return math.nan
    if step_m_s > 0.0:
        value = round(value / step_m_s) * step_m_s
    return round(value, 2) + 0.0  # no -0


def rounded_up(length_m: float) -> float:
    """To 0.1 m, never down: an accuracy is not told better than it is."""
    return math.ceil(round(length_m * 10.0, 6)) / 10.0
