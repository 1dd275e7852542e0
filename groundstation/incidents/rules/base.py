"""What all rules have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from pydantic import BaseModel, ConfigDict

from geofences.accuracy import circular_error_m
from geofences.geodesy import FloatArray, LocalFrame
from groundstation.incidents.frame import TrackFrame

Value = str | float | int


@dataclass(frozen=True)
class RuleEvent:
    """A rule has something to tell, once per episode.

    ``number`` is the track, ``t_utc_us`` when what is told was true, ``t_confirmed_utc_us`` the update that made it
    sure. ``probability`` is that of the geometry, not of the class. ``values`` fill the rule's sentence.
    """

    number: int
    t_utc_us: int
    t_confirmed_utc_us: int
    lat_deg: float
    lon_deg: float
    ce90_m: float
    probability: float
    class_id: int
    direction: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    members: tuple[int, ...] = ()


class Parameters(BaseModel):
    """A rule's numbers, as they stand in the rule file; the unit is in the name."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Rule(Protocol):
    """Fed by one owner in order of time; forgets what it is told to forget."""

    def update(self, frame: TrackFrame) -> list[RuleEvent]:
        """Take one frame; what it makes sure."""
        ...

    def forget(self, number: int) -> None:
        """Drop a track that will not come again."""
        ...


def event_at(
    frame: TrackFrame,
    row: int,
    plane: LocalFrame,
    probability: float,
    values: Mapping[str, Value],
    direction: str = "",
    members: tuple[int, ...] = (),
) -> RuleEvent:
    """An event at the present place of one track of a frame."""
    lat, lon = plane.from_plane(frame.en_m[row])
    return RuleEvent(
        number=int(frame.number[row]),
        t_utc_us=frame.t_utc_us,
        t_confirmed_utc_us=frame.t_utc_us,
        lat_deg=float(lat),
        lon_deg=float(lon),
        ce90_m=circular_error_m(frame.covariance_en[row, :2, :2]),
        probability=probability,
        class_id=int(frame.class_id[row]),
        direction=direction,
        values={"distance_m": abs(float(frame.fix.signed_distance_m[row])), **values},
        members=members,
    )


def distance_sigma_m(frame: TrackFrame) -> FloatArray:
    """Sigma of the signed distance to the border, ``(n,)``."""
    n = frame.fix.normal_en
    variance = np.einsum("ni,nij,nj->n", n, frame.covariance_en[:, :2, :2], n)
    return np.asarray(np.sqrt(np.maximum(variance, 0.0)))
