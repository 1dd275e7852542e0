"""From the ellipsoid to mean sea level, where this machine has a geoid model.

Heights in this program are above mean sea level. Those above the WGS 84 ellipsoid (GNSS, some terrain models) differ by
the geoid undulation, up to 106 m; mistaking one for the other moves a position seen at 40 degrees by as much again. The
geoid models are files of PROJ that are installed with it or not; none is fetched over the network.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from pyproj import Transformer
from pyproj.exceptions import ProjError

from geofences.errors import ConfigError
from geofences.geodesy import FloatArray

_ELLIPSOIDAL = "EPSG:4979"
_AMSL = ("EPSG:4326+3855", "EPSG:4326+5773")  # EGM2008, EGM96


def geoid_undulation_m(lat_deg: ArrayLike, lon_deg: ArrayLike) -> FloatArray:
    """Height of the geoid above the WGS 84 ellipsoid (m), of the shape of the coordinates.

    Raises :class:`ConfigError` when no geoid model is installed here or it does not reach there.
    """
    lat, lon = np.broadcast_arrays(np.asarray(lat_deg, dtype=np.float64), np.asarray(lon_deg, dtype=np.float64))
    for target in _AMSL:
        try:
            # With a "ballpark" PROJ would quietly return the ellipsoidal height itself.
            transformer = Transformer.from_crs(
                _ELLIPSOIDAL, target, always_xy=True, only_best=True, allow_ballpark=False
            )
            _, _, amsl_m = transformer.transform(lon.ravel(), lat.ravel(), np.zeros(lat.size), errcheck=True)
        except ProjError:
            continue
        if np.isfinite(amsl_m).all():
            return np.asarray(-amsl_m).reshape(lat.shape)
    raise ConfigError(
        "heights above the ellipsoid cannot be turned into heights above sea level: no geoid model is installed",
        "put us_nga_egm08_25.tif or us_nga_egm96_15.tif into PROJ's data folder, or give heights above sea level",
    )
