"""The station's error tree; it is described and rooted in :mod:`geofences.errors`."""

from __future__ import annotations

from geofences.errors import (
    CertificateError,
    ConfigError,
    EvidenceError,
    LinkError,
    MarchwardenError,
    ModelError,
    PlanError,
    PortInUseError,
    StoreError,
    VideoError,
)

__all__ = [
    "CertificateError",
    "ConfigError",
    "EvidenceError",
    "LinkError",
    "MarchwardenError",
    "ModelError",
    "PlanError",
    "PortInUseError",
    "StoreError",
    "VideoError",
]
