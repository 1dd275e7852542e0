"""Every stream on the station's bus stands in this one table.

``LATEST`` topics keep the newest record per key and may skip; ``EVERY`` topics are bounded queues that must not lose
anything: an overflow is a fault that the operator sees.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar

from groundstation.core import records as r
from groundstation.core import safety_records as safety
from groundstation.core import share_records as share
from groundstation.core.alert_records import AlertAct
from groundstation.core.coverage_records import CoverageState
from groundstation.core.forecast_records import FlightForecast
from groundstation.core.link_quality import LinkQuality
from groundstation.core.picture_records import GatewayStatus, PairJudgement, TrackPair
from groundstation.core.video_records import Recording

T = TypeVar("T")


class Delivery(Enum):
    """How a topic treats a slow consumer."""

    LATEST = "latest"
    EVERY = "every"


@dataclass(frozen=True, eq=False)
class Topic(Generic[T]):
    """One stream. ``rate_hz`` is what to expect (0 = on events); a value older than ``max_age_s`` is stale (0 = never)."""

    name: str
    body: type[T]
    delivery: Delivery
    rate_hz: float
    max_age_s: float
    key: Callable[[T], Hashable] = lambda _: None
    capacity: int = 10_000


def _latest(name: str, body: type[T], rate_hz: float, max_age_s: float, key: Callable[[T], Hashable]) -> Topic[T]:
    return Topic(name, body, Delivery.LATEST, rate_hz, max_age_s, key)


def _every(name: str, body: type[T], rate_hz: float = 0.0) -> Topic[T]:
    return Topic(name, body, Delivery.EVERY, rate_hz, 0.0)


def newest_frames(record: r.VideoTracks) -> Hashable:
    """A key by which some thirty frames of each stream are held: tracks of thousands must not pile up for who stalls."""
    return record.stream, record.tracks.frame_id % 32


VEHICLE_STATE = _latest("vehicle_state", r.VehicleState, 10.0, 2.0, lambda s: s.vehicle_id)
LINK_QUALITY = _latest("link_quality", LinkQuality, 1.0, 5.0, lambda q: (q.link, q.system_id, q.component_id))
PLAN_STATUS = _latest("plan_status", r.PlanStatus, 0.0, 0.0, lambda s: s.vehicle_id)
STATUS_TEXT = _every("status_text", r.StatusText)
FENCE_REPORT = _latest("fence_report", safety.FenceReport, 0.5, 5.0, lambda f: f.vehicle_id)
PREFLIGHT = _latest("preflight", safety.PreflightReport, 0.0, 0.0, lambda p: p.vehicle_id)
FLIGHT_FORECAST = _latest("flight_forecast", FlightForecast, 2.0, 5.0, lambda f: f.vehicle_id)
TRAFFIC = _latest("traffic", safety.TrafficPicture, 2.0, 5.0, lambda t: t.vehicle_id)
CAMERA_STATE = _latest("camera_state", safety.CameraState, 0.5, 5.0, lambda c: c.vehicle_id)
TERRAIN_SERVED = _latest("terrain_served", safety.TerrainServed, 0.5, 5.0, lambda t: t.vehicle_id)
VIDEO_TRACKS = _every("video_tracks", r.VideoTracks, 10.0)
PREVIEW = _latest("preview", r.Preview, 10.0, 2.0, lambda p: p.stream)
STREAM_HEALTH = _latest("stream_health", r.StreamHealth, 1.0, 5.0, lambda h: h.stream)
FRIEND_POSITION = _every("friend_position", r.FriendPosition)
INCIDENT = _every("incident", r.Incident)
ACKNOWLEDGEMENT = _every("acknowledgement", r.Acknowledgement)
ALERT_ACT = _every("alert_act", AlertAct)
RECORDING = _latest("recording", Recording, 0.0, 0.0, lambda k: k.stream)
EVIDENCE_REQUEST = _every("evidence_request", r.EvidenceRequest)
EVIDENCE_READY = _every("evidence_ready", r.EvidenceReady)
REMOTE_TRACK = _every("remote_track", r.RemoteTrack)
REMOTE_INCIDENT = _every("remote_incident", r.RemoteIncident)
PEER_STATUS = _latest("peer_status", r.PeerStatus, 1.0, 10.0, lambda p: p.peer)
DISCLOSURE = _every("disclosure", r.Disclosure)
LEAD_STATE = _latest("lead_state", share.LeadState, 0.0, 0.0, lambda s: (s.peer, s.subject))
PEER_CLOCK = _latest("peer_clock", share.PeerClock, 0.2, 30.0, lambda c: c.peer)
RECEIPT = _every("receipt", share.RemoteReceipt)
SHARE_PICTURE = _latest("share_picture", share.SharePicture, 0.0, 0.0, lambda p: p.peer)
SHARE_NOTICE = _every("share_notice", share.ShareNotice)
APPROVAL = _latest("approval", share.ApprovalRequest, 0.0, 0.0, lambda a: (a.peer, a.subject))
GATEWAY_STATUS = _latest("gateway_status", GatewayStatus, 1.0, 5.0, lambda g: g.name)
TRACK_PAIR = _latest("track_pair", TrackPair, 1.0, 5.0, lambda p: (p.peer, p.remote_track_id))
PAIR_JUDGEMENT = _every("pair_judgement", PairJudgement)
STATION_FAULT = _every("station_fault", r.StationFault)
COVERAGE = _latest("coverage", CoverageState, 0.5, 0.0, lambda c: c.digest)

ALL_TOPICS: tuple[Topic[Any], ...] = (
    VEHICLE_STATE,
    LINK_QUALITY,
    PLAN_STATUS,
    STATUS_TEXT,
    FENCE_REPORT,
    PREFLIGHT,
    FLIGHT_FORECAST,
    TRAFFIC,
    CAMERA_STATE,
    TERRAIN_SERVED,
    VIDEO_TRACKS,
    PREVIEW,
    STREAM_HEALTH,
    FRIEND_POSITION,
    INCIDENT,
    ACKNOWLEDGEMENT,
    ALERT_ACT,
    RECORDING,
    EVIDENCE_REQUEST,
    EVIDENCE_READY,
    REMOTE_TRACK,
    REMOTE_INCIDENT,
    PEER_STATUS,
    DISCLOSURE,
    LEAD_STATE,
    PEER_CLOCK,
    RECEIPT,
    SHARE_PICTURE,
    SHARE_NOTICE,
    APPROVAL,
    GATEWAY_STATUS,
    TRACK_PAIR,
    PAIR_JUDGEMENT,
    STATION_FAULT,
    COVERAGE,
)
