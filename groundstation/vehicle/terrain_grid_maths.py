"""Where ArduPilot's terrain grid has its posts.

AP_Terrain keeps ground heights in blocks of 28 posts northwards and 32 eastwards, asked for in pieces of 4 x 4. A post is
not found by stepping from its block's corner: when the aircraft reads a height it measures north and east from the whole
degree to the south-west (``AP_Terrain::calculate_grid_info``), with the longitude scaled at the latitude half way from
there. At 49 degrees north and far from the degree's corner the two ways differ by up to 30 metres within a block, so
the heights are sampled here where the aircraft will read them.
"""

from __future__ import annotations

import math

import numpy as np

from geofences.geodesy import FloatArray

M_PER_E7 = 0.011131884502145034
"""Metres in 1e-7 degree of latitude (ArduPilot's ``LATLON_TO_M``)."""
PIECES = 56
_PIECE = 4
_PIECES_EAST = 8
_DEGREE_E7 = 10_000_000
_LEAST_SCALE = 0.01


def _scale(lat_e7: FloatArray) -> FloatArray:
    """Length of a degree of longitude in degrees of latitude (``Location::longitude_scale``)."""
    return np.maximum(np.cos(np.radians(lat_e7 * 1e-7)), _LEAST_SCALE)


def piece_places(lat_e7: int, lon_e7: int, spacing_m: int, bit: int) -> tuple[FloatArray, FloatArray]:
    """``(lat_deg, lon_deg)`` of the 4 x 4 posts of one piece, each of shape ``(4, 4)``: north first, then east.

    ``lat_e7``, ``lon_e7``: the block's south-west corner as the aircraft names it; ``bit`` 0 to 55 counts the pieces
    eastwards first. Raises ``ValueError`` for another bit or a spacing that is not positive.
    """
    if not 0 <= bit < PIECES or spacing_m <= 0:
        raise ValueError(f"no piece {bit} of a grid of {spacing_m} m")
    ref_lat, ref_lon = (math.floor(v / _DEGREE_E7) * _DEGREE_E7 for v in (lat_e7, lon_e7))
    corner_scale = float(_scale(np.asarray((lat_e7 + ref_lat) / 2.0, dtype=np.float64)))
    north0_m = (lat_e7 - ref_lat) * M_PER_E7
    east0_m = (lon_e7 - ref_lon) * M_PER_E7 * corner_scale
    steps = np.arange(_PIECE) * float(spacing_m)
    north_m = north0_m + (bit // _PIECES_EAST) * _PIECE * spacing_m + steps
    east_m = east0_m + (bit % _PIECES_EAST) * _PIECE * spacing_m + steps
    post_lat_e7 = ref_lat + north_m / M_PER_E7
    scale = _scale(np.asarray((ref_lat + post_lat_e7) / 2.0, dtype=np.float64))
    post_lon_e7 = ref_lon + east_m[None, :] / (M_PER_E7 * scale[:, None])
    lat_deg = np.broadcast_to(post_lat_e7[:, None] * 1e-7, post_lon_e7.shape)
    return np.asarray(lat_deg), np.asarray(post_lon_e7 * 1e-7)
