"""From the station's file to what the vision worker and its detector are told."""

from __future__ import annotations

from geofences.area import Area
from groundstation.app.config import StationConfig, VisionSection
from groundstation.core.errors import ConfigError
from vision.detectors.base import DetectorOptions
from vision.georeference import GeoreferenceSettings
from vision.klv import SensorSigma
from vision.worker_messages import WorkerSettings


def detector_options(vision: VisionSection) -> DetectorOptions:
    """How the model is run."""
    return DetectorOptions(threads=vision.threads, backend=vision.backend, device=vision.device)


GIVES_WAY = 5
"""By how much nicer pictures are analysed than a window on the same machine is painted: a third of its share when both want
more than there is. At 10 the analysis was measured to fall to a third without a frame more on the screen."""


def worker_settings(config: StationConfig, area: Area, beside_window: bool = False) -> WorkerSettings:
    """Everything that the worker of the station's video is told. Raises :class:`ConfigError` without an area's folder."""
    if config.area.folder is None:
        raise ConfigError("a video needs an area, or nothing in it can be put on the ground", "set [area] folder")
    video, vision = config.video, config.vision
    return WorkerSettings(
        url=video.url,
        model_path=str(vision.model or ""),
        frame=area.frame(),
        border_lat_lon=area.border.points,
        terrain_path=str(config.area.folder / "terrain.tif"),
        threads=vision.threads,
        backend=vision.backend,
        device=vision.device,
        gives_way=GIVES_WAY if beside_window else 0,
        calibration_path=str(video.calibration or ""),
        time_offset_s=video.time_offset_s,
        pose_sigma=SensorSigma(compass_deg=video.compass_sigma_deg).pose_sigma() if video.compass_sigma_deg else None,
        watch_bias=video.estimate_bias,
        georeference=GeoreferenceSettings(terrain_sigma_m=config.area.terrain_sigma_m),
    )
