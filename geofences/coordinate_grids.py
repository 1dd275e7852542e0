"""Grid references: UTM and MGRS on WGS 84, by pyproj and the ``mgrs`` package (GEOTRANS).

Zones and latitude bands as in NGA.SIG.0012 (2014), with the wide zones of Norway and Svalbard. A UTM zone is followed by
the letter of its band (C to X without I and O) or by N or S for the hemisphere. ``S`` is both: the band from 32 to 40
degrees north and the southern hemisphere; where both would fit, the reference is refused.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

import mgrs  # type: ignore[import-untyped]
from pyproj import Proj, Transformer

from geofences.errors import ConfigError

BANDS = "CDEFGHJKLMNPQRSTUVWX"
UTM_EXAMPLE = "write it like 34U 512345 5432100"
MGRS_EXAMPLE = "write it like 34U EV 12345 54321"
_UTM_SOUTH_DEG, _UTM_NORTH_DEG = -80.0, 84.0
_BAND_DEG = 8.0
# A corner of a band may be given with its neighbour's letter: rounding to a metre must not refuse it.
_BAND_SLACK_DEG = 2e-5
_EASTING_M = (100_000.0, 900_000.0)
_FALSE_NORTHING_M = 10_000_000.0

_UTM = re.compile(
    r"(?:ZONE\s*)?(\d{1,2})\s*(NORTH|SOUTH|[A-Z])[\s,;]*"
    r"(?:E\s*)?(\d{5,7}(?:\.\d+)?)\s*(?:ME|M\s*E|M|E)?[\s,;]+(?:N\s*)?(\d{1,8}(?:\.\d+)?)\s*(?:MN|M\s*N|M|N)?"
)
_MGRS = re.compile(r"(\d{1,2})?\s*([A-Z])\s*([A-Z])\s*([A-Z])\s*(\d*)\s*(\d*)")


def utm_zone(lat_deg: float, lon_deg: float) -> tuple[int, str]:
    """The number and band letter of the UTM zone of a place between 80° south and 84° north.

    Raises :class:`ConfigError` beyond.
    """
    if not _UTM_SOUTH_DEG <= lat_deg <= _UTM_NORTH_DEG:
        raise ConfigError(f"UTM ends at 84° north and 80° south, this is latitude {lat_deg:g}", "use degrees or MGRS")
    band = BANDS[min(len(BANDS) - 1, int((lat_deg - _UTM_SOUTH_DEG) / _BAND_DEG))]
    lon = (lon_deg + 180.0) % 360.0 - 180.0
    zone = int((lon + 180.0) / 6.0) % 60 + 1
    if band == "V" and 3.0 <= lon < 12.0:
        zone = 32
    if band == "X" and 0.0 <= lon < 42.0:
        zone = 31 + 2 * int((lon + 3.0) / 12.0)
    return zone, band


@lru_cache(maxsize=128)
def _projection(zone: int, south: bool) -> Proj:
    return Proj(proj="utm", zone=zone, ellps="WGS84", south=south)


def utm_text(lat_deg: float, lon_deg: float) -> str:
    """``34U 512345.12 5432100.00``: easting and northing to a centimetre. Raises :class:`ConfigError` near the poles."""
    if -1e-7 < lat_deg < 0.0:
        lat_deg = 0.0  # its northing would be rounded to 10000 km, which the bands south of the equator do not have
    zone, band = utm_zone(lat_deg, lon_deg)
    easting_m, northing_m = _projection(zone, lat_deg < 0.0)(lon_deg, lat_deg)
    return f"{zone}{band} {easting_m:.2f} {northing_m:.2f}"


def parse_utm(text: str) -> tuple[float, float] | None:
    """``(lat_deg, lon_deg)`` of an upper-case UTM reference; None for a text that is written in another way.

    Raises :class:`ConfigError` that names what is wrong in it.
    """
    found = _UTM.fullmatch(text)
    if found is None:
        return None
    zone, letter, easting_m, northing_m = int(found[1]), found[2], float(found[3]), float(found[4])
    if not 1 <= zone <= 60:
        raise ConfigError(f"{text!r}: there is no UTM zone {zone}", f"zones run from 1 to 60; {UTM_EXAMPLE}")
    if letter not in (*BANDS, "NORTH", "SOUTH"):
        raise ConfigError(f"{text!r}: no UTM zone has the letter {letter!r}", UTM_EXAMPLE)
    if not _EASTING_M[0] <= easting_m <= _EASTING_M[1]:
        raise ConfigError(
            f"{text!r}: the easting {easting_m:g} m is not within 100000 to 900000",
            f"easting comes first; {UTM_EXAMPLE}",
        )
    if northing_m > _FALSE_NORTHING_M:
        raise ConfigError(f"{text!r}: the northing {northing_m:g} m is over 10000000", UTM_EXAMPLE)
    readings = []
    if letter in ("N", "NORTH", "S", "SOUTH"):
        readings.append(_from_utm(zone, letter.startswith("S"), easting_m, northing_m))
    if letter in BANDS:
        place = _from_utm(zone, letter < "N", easting_m, northing_m)
        if place is not None and _in_band(place[0], letter):
            readings.append(place)
    places = {(round(p[0], 9), round(p[1], 9)): p for p in readings if p is not None}
    if len(places) > 1:
        north, south = sorted(p[0] for p in places.values())[::-1]
        raise ConfigError(
            f"{text!r}: the letter S may be the band S ({north:.1f}° north) or the south ({-south:.1f}° south)",
            f"write {zone} north or {zone} south in its place",
        )
    if not places:
        raise ConfigError(
            f"{text!r}: the northing {northing_m:g} m does not lie in the band {letter!r} of zone {zone}",
            f"check letter and northing; {UTM_EXAMPLE}",
        )
    return next(iter(places.values()))


def _from_utm(zone: int, south: bool, easting_m: float, northing_m: float) -> tuple[float, float] | None:
    lon_deg, lat_deg = _projection(zone, south)(easting_m, northing_m, inverse=True)
    if not (math.isfinite(lat_deg) and _UTM_SOUTH_DEG - 0.5 <= lat_deg <= _UTM_NORTH_DEG + 0.5):
        return None
    if (lat_deg < 0.0) != south and abs(lat_deg) > _BAND_SLACK_DEG:
        return None
    return lat_deg, lon_deg


def _in_band(lat_deg: float, band: str) -> bool:
    low = _UTM_SOUTH_DEG + _BAND_DEG * BANDS.index(band)
    high = low + (12.0 if band == "X" else _BAND_DEG)
    return low - _BAND_SLACK_DEG <= lat_deg <= high + _BAND_SLACK_DEG


def mgrs_text(lat_deg: float, lon_deg: float) -> str:
    """``34U EV 12345 54321``: the square of 1 m in which the place lies."""
    if -1e-6 < lat_deg < 0.0:
        lat_deg = 0.0  # GEOTRANS rounds such a northing to 10000 km, which the band south of the equator does not have
    text = mgrs.MGRS().toMGRS(lat_deg, lon_deg, MGRSPrecision=5)
    text = text.decode("ascii") if isinstance(text, bytes) else str(text)
    return f"{text[:-12]} {text[-12:-10]} {text[-10:-5]} {text[-5:]}".strip()


def parse_mgrs(text: str) -> tuple[float, float, float] | None:
    """``(lat_deg, lon_deg, side_m)`` of an upper-case MGRS reference: the middle of its square and the square's side.

    None for a text that is written in another way. Raises :class:`ConfigError` that names what is wrong in it, and for a
    square of more than 1 km: that is no place.
    """
    found = _MGRS.fullmatch(text)
    if found is None:
        return None
    zone, band, column, row, first, second = found.groups()
    if zone is None and not first:
        return None
    if zone is None and band not in "ABYZ":
        raise ConfigError(f"{text!r}: an MGRS reference begins with its zone, 1 to 60", MGRS_EXAMPLE)
    if zone is not None and (not 1 <= int(zone) <= 60 or band not in BANDS):
        raise ConfigError(f"{text!r}: there is no grid zone {zone}{band}", f"zones run from 1C to 60X; {MGRS_EXAMPLE}")
    digits = first + second
    if len(digits) % 2 or (second and len(first) != len(second)):
        raise ConfigError(f"{text!r}: easting and northing do not have the same number of digits", MGRS_EXAMPLE)
    if not 4 <= len(digits) <= 10:
        many = len(digits) > 10
        why = "it has more than 5 digits each" if many else "it names a square of over 1 km, not a place"
        raise ConfigError(f"{text!r}: {why}", MGRS_EXAMPLE)
    side_m = 10.0 ** (5 - len(digits) // 2)
    plain = f"{'' if zone is None else int(zone)}{band}{column}{row}{digits}"
    try:
        lat_deg, lon_deg = (float(v) for v in mgrs.MGRS().toLatLon(plain))
    except mgrs.core.MGRSError as error:
        raise ConfigError(
            f"{text!r}: the square {column}{row} does not lie in the zone {zone or ''}{band}", MGRS_EXAMPLE
        ) from error
    # Older versions of the package give the south-west corner of the square, newer ones its middle.
    if zone is None:
        polar = _polar(band in "AB")
        x, y = (_middle_m(v, side_m) for v in polar.transform(lon_deg, lat_deg))
        lon_deg, lat_deg = polar.transform(x, y, direction="INVERSE")
    else:
        # The hemisphere is the band's: a corner on the equator lies on both.
        projection = _projection(int(zone), band < "N")
        x, y = (_middle_m(v, side_m) for v in projection(lon_deg, lat_deg))
        lon_deg, lat_deg = projection(x, y, inverse=True)
    return float(lat_deg), float(lon_deg), side_m


def _middle_m(grid_m: float, side_m: float) -> float:
    """The middle of the square in which a number of the grid lies (a corner may have lost a hair)."""
    return (math.floor((grid_m + 1e-3) / side_m) + 0.5) * side_m


@lru_cache(maxsize=2)
def _polar(south: bool) -> Transformer:
    return Transformer.from_crs("EPSG:4326", "EPSG:32761" if south else "EPSG:32661", always_xy=True)
