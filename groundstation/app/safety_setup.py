"""What the safety service is told by the station: its clock, disk and video, and where cameras may look."""

from __future__ import annotations

import shutil
from pathlib import Path

from geofences.area import Area
from geofences.border import BorderGeometry
from geofences.no_look import no_look_zones
from geofences.terrain import TerrainGrid
from groundstation.app.config import StationConfig
from groundstation.app.no_look_file import read_no_look
from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.store.evidence_clock import synchronisation
from groundstation.vehicle.camera_control import BorderLine
from groundstation.vehicle.preflight import StationFacts
from groundstation.vehicle.safety_service import CameraSettings


class StationFactsReader:
    """Called for each pre-flight list."""

    def __init__(self, config: StationConfig, bus: Bus | None, terrain: TerrainGrid | None, sysid: int = 255) -> None:
        self._config, self._bus, self._terrain, self._sysid = config, bus, terrain, sysid

    def __call__(self) -> StationFacts:
        video, clock = self._config.video, synchronisation()
        free_bytes = _free_bytes(self._config.station.data_dir)
        health = self._bus.latest(topics.STREAM_HEALTH, video.stream) if video.url and self._bus is not None else None
        known = clock["synchronised"]
        return StationFacts(
            self._sysid, None if known is None else bool(known), str(clock["how"]), free_bytes, bool(video.url), health,
            self._terrain,
        )  # fmt: skip


def _free_bytes(folder: Path) -> int | None:
    """Room where a folder is, or will be made; None when the disk does not tell."""
    existing = next((p for p in (folder.resolve(), *folder.resolve().parents) if p.exists()), None)
    try:
        return shutil.disk_usage(existing).free if existing is not None else None
    except OSError:
        return None


def camera_settings(config: StationConfig, area: Area | None, terrain: TerrainGrid | None) -> CameraSettings:
    """From the station's file. Raises :class:`ConfigError` for areas not to be looked at that cannot be read."""
    camera, video = config.camera, config.video
    border = None
    no_look = read_no_look(camera.no_look) if camera.no_look is not None else ()
    if area is not None:
        frame = area.frame()
        no_look += no_look_zones(area)
        border = BorderLine(BorderGeometry.from_line(area.border, frame), frame)
    return CameraSettings(
        (video.hfov_deg, video.vfov_deg), no_look, camera.beyond_fence_m, camera.idle_s, camera.answer_s, border,
        terrain,
        # Any one of several inclusions may do then: that the aircraft's own fence tells.
        () if area is None or area.union_of_inclusions else area.inclusions,
        () if area is None else area.exclusions,
    )  # fmt: skip
