"""A bias of the camera's pose that was estimated in flight, and how it is taken off."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from geofences.geodesy import FloatArray, LocalFrame
from vision.records import CameraPose, PoseError, PoseSigma


@dataclass(frozen=True, eq=False)
class PoseCorrection:
    """What the sensors say too much: east, north, up (m), azimuth, elevation, roll (deg), in this order.

    ``bias`` ``(6,)``; ``covariance`` ``(6, 6)`` of its estimate; ``drift_deg`` ``(3,)``: one sigma of the angles' error
    that wanders within seconds and that no correction takes away.
    """

    bias: FloatArray
    covariance: FloatArray
    drift_deg: FloatArray

    def applied_to(self, pose: CameraPose) -> CameraPose:
        """The pose less the bias, with the error that remains: that of the estimate, and the drift."""
        east, north, up, azimuth, elevation, roll = (float(v) for v in self.bias)
        lat, lon, _ = LocalFrame(pose.lat_deg, pose.lon_deg, pose.alt_amsl_m).to_geodetic([-east, -north, 0.0])
        covariance = self.covariance.copy()
        covariance[3:, 3:] += np.diag(self.drift_deg**2)
        s = np.sqrt(np.diag(covariance))
        return replace(
            pose,
            lat_deg=float(lat),
            lon_deg=float(lon),
            alt_amsl_m=pose.alt_amsl_m - up,
            azimuth_deg=(pose.azimuth_deg - azimuth) % 360.0,
            elevation_deg=pose.elevation_deg - elevation,
            roll_deg=pose.roll_deg - roll,
            sigma=PoseSigma(float(max(s[0], s[1])), float(s[2]), float(s[3]), float(s[4]), float(s[5])),
            error=PoseError(self.bias, covariance, self.drift_deg),
        )

    def slewed(self, previous: PoseCorrection | None, step_m: float, step_deg: float) -> PoseCorrection:
        """This correction, but no farther from the previous one (None: from none) than a step in each value.

        Everything on the map moves with the correction; done in steps it does not look like motion. What is not yet
        taken off stands in the covariance.
        """
        start = np.zeros(6) if previous is None else previous.bias
        limit = np.array([step_m] * 3 + [step_deg] * 3)
        bias = start + np.clip(self.bias - start, -limit, limit)
        rest = self.bias - bias
        return PoseCorrection(bias, self.covariance + np.outer(rest, rest), self.drift_deg)
