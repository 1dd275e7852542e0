"""Agreements, tracks and incidents for the tests of gateways."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np

from groundstation.core.records import Incident, VehicleId, VideoTracks
from groundstation.share.agreement import FIELDS, Agreement, GatewayAllowance
from groundstation.share.agreement_signed import make_signed
from groundstation.share.audit import Entry
from groundstation.share.gateways.base import Told
from tests.unit.share.things import BORDER, INSIDE, OUTSIDE, T0_UTC_US, agreement
from vision.records import GroundTracks, TrackStatus

__all__ = ["BORDER", "INSIDE", "OUTSIDE", "T0_UTC_US"]

ALL_WAYS = tuple(GatewayAllowance(name, FIELDS) for name in ("cot", "asterix", "geojson"))


def tak_agreement(**changes: object) -> Agreement:
    return agreement(**{"parties": ("a", "tak"), "gateways": ALL_WAYS, "max_rate_hz": 10.0, **changes})


def signed_file(folder: Path, made: Agreement, data_dir: Path) -> Path:
    """The agreement signed by station ``a`` (data in ``data_dir``) and by who answers for the gateway."""
    path = folder / f"{made.agreement_id}.json"
    other = next(p for p in made.parties if p != "a")
    make_signed(made, path, {"a": data_dir, other: folder / other}, T0_UTC_US)
    return path


def tracks(
    *places: tuple[float, float],
    t_utc_us: int = T0_UTC_US,
    stream: str = "cam1",
    first: int = 1,
    status: TrackStatus = TrackStatus.CONFIRMED,
    velocity: tuple[float, float] = (1.0, 0.5),
) -> VideoTracks:
    n = len(places)
    probability = np.tile([0.8, 0.1, 0.1], (n, 1))
    return VideoTracks(
        stream,
        VehicleId(1, 1),
        GroundTracks(
            frame_id=1,
            t_utc_us=t_utc_us,
            t_mono_ns=0,
            track_id=np.arange(first, first + n),
            lat_deg=np.array([p[0] for p in places]),
            lon_deg=np.array([p[1] for p in places]),
            alt_amsl_m=np.full(n, 300.0),
            velocity_en_m_s=np.tile(velocity, (n, 1)),
            covariance_en=np.tile(np.diag([4.0, 4.0, 1.0, 1.0]), (n, 1, 1)),
            pose_covariance_en_m2=np.tile(np.eye(2), (n, 1, 1)),
            class_probability=probability,
            status=np.full(n, int(status)),
            last_seen_utc_us=np.full(n, t_utc_us),
            xyxy=np.zeros((n, 4)),
        ),
        None,
    )


def incident(**changes: object) -> Incident:
    made = Incident(
        incident_id="secret-incident-id",
        kind="crossing",
        t_utc_us=T0_UTC_US,
        t_raised_utc_us=T0_UTC_US,
        lat_deg=INSIDE[0],
        lon_deg=INSIDE[1],
        ce90_m=5.0,
        direction="Belmark->Arvenia",
        class_name="person",
        probability=0.97,
        track_id="cam1-1",
        vehicle_id=VehicleId(1, 1),
        flight_id="20260101-abc",
        text="free text that nobody may see",
        acknowledged_by="officer Kestrel",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def told(**changes: object) -> Told:
    made = Told(
        name="takx-1",
        kind="track",
        body={
            "class": "person",
            "lat_deg": 47.1234567,
            "lon_deg": 15.7654321,
            "velocity_en_m_s": [1.0, -1.0],
            "ce90_m": 4.6,
            "t_utc_us": T0_UTC_US,
        },
        agreement_id="AB-1",
        purpose="BorderMonitoring",
        marking="TLP:AMBER",
        originator="a",
        recipient="tak",
        t_released_utc_us=T0_UTC_US,
        retain_until_utc_us=T0_UTC_US + 86_400_000_000,
        valid_until_utc_us=T0_UTC_US + 3_600_000_000,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


class FakeLedger:
    """Remembers what was committed; refuses while the disk is full."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.full = False

    def append(self, entries: list[Entry]) -> None:
        if self.full:
            raise sqlite3.OperationalError("database or disk is full")
        self.entries += entries
