"""A GeoJSON feed from what was released: the document, without a way out. Pure: no file, no socket, no clock.

The document is a whole picture: what has ended, grown stale, or outlived its agreement is not in it.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from groundstation.share.gateways.base import Told

TRACK_STALE_US = 15_000_000
INCIDENT_KEPT_US = 3_600_000_000
MAX_FEATURES = 5_000


class Feed:
    """The features of one receiver."""

    def __init__(self, own_name: str, recipient: str) -> None:
        self._own_name, self._recipient = own_name, recipient
        self._tracks: dict[str, Told] = {}
        self._incidents: dict[str, Told] = {}
        self._text = b""
        self._shown: tuple[str, ...] | None = None

    def take(self, told: Told) -> None:
        """A thing that was released, or its end."""
        if told.kind == "track_end":
            self._tracks.pop(told.name, None)
            self._shown = None
        elif "lat_deg" in told.body:
            kept = self._tracks if told.kind == "track" else self._incidents
            kept.pop(told.name, None)
            kept[told.name] = told
            if len(kept) > MAX_FEATURES:
                del kept[next(iter(kept))]
            self._shown = None

    def render(self, now_utc_us: int) -> bytes:
        """The document as of now; the same bytes as before while nothing in it has changed."""
        self._tracks = {n: t for n, t in self._tracks.items() if _holds(t, now_utc_us, TRACK_STALE_US)}
        self._incidents = {n: t for n, t in self._incidents.items() if _holds(t, now_utc_us, INCIDENT_KEPT_US)}
        shown = (*self._tracks, *self._incidents)
        if shown != self._shown:
            self._shown = shown
            document = {
                "type": "FeatureCollection",
                "originator": self._own_name,
                "recipient": self._recipient,
                "changed": _text(now_utc_us),
                "recall": "none",
                "features": [_feature(t) for t in (*self._tracks.values(), *self._incidents.values())],
            }
            self._text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
        return self._text

    def __len__(self) -> int:
        return len(self._tracks) + len(self._incidents)


def etag(document: bytes) -> str:
    """A strong entity tag."""
    return f'"{hashlib.sha256(document).hexdigest()[:32]}"'


def _holds(told: Told, now_utc_us: int, kept_us: int) -> bool:
    since_us = told.t_released_utc_us
    return now_utc_us - since_us < kept_us and now_utc_us < min(told.retain_until_utc_us, told.valid_until_utc_us)


def _feature(told: Told) -> dict[str, Any]:
    body = told.body
    properties: dict[str, Any] = {
        "kind": told.kind,
        "agreement": told.agreement_id,
        "purpose": told.purpose,
        "marking": told.marking,
        "released": _text(told.t_released_utc_us),
        "retain_until": _text(told.retain_until_utc_us),
    }
    if told.exercise:
        properties["exercise"] = True
    for key, value in body.items():
        if key == "kind":
            properties["incident_kind"] = value
        elif key == "t_utc_us":
            properties["time"] = _text(value)
        elif key not in ("lat_deg", "lon_deg"):
            properties[key] = value
    return {
        "type": "Feature",
        "id": told.name,
        "geometry": {"type": "Point", "coordinates": [body["lon_deg"], body["lat_deg"]]},
        "properties": properties,
    }


def _text(t_utc_us: int) -> str:
    moment = datetime.fromtimestamp(t_utc_us // 1_000_000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{t_utc_us % 1_000_000 // 1000:03d}Z"
