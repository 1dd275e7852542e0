"""The one picture of a station with neighbours: the service that lays their tracks beside ours."""

from __future__ import annotations

from groundstation.app.config import StationConfig
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock
from groundstation.share.correlate.service import PictureService
from groundstation.share.correlate.thread import PictureThread


def picture_thread(config: StationConfig, bus: Bus, clock: Clock) -> PictureThread | None:
    """The service on a thread of its own, not yet started; None for a station without neighbours."""
    if not config.share.peers:
        return None
    return PictureThread(PictureService(bus, config.station.name, clock))
