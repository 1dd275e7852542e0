"""What a recording is watched with: its border, its ground, its clock and the camera's poses, from whatever is there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from geofences.area import BorderLine
from geofences.border import BorderGeometry
from geofences.geodesy import LocalFrame
from geofences.terrain import TerrainGrid, read_terrain
from groundstation.app.border_file import read_border
from groundstation.app.watch_options import WatchOptions
from groundstation.app.watch_tlog import TLOG_SIGMA, read_tlog_telemetry
from groundstation.core.errors import ConfigError
from groundstation.incidents.rule_file import RuleSet, default_rules, read_rules
from vision.container import VideoFacts, probe_video
from vision.lens import CameraCalibration, read_calibration
from vision.sidecar.dji_srt import is_srt, read_dji_srt
from vision.sidecar.poses import Mounting, SidecarPoses, SidecarSigma, camera_poses
from vision.sidecar.samples import TelemetryLog
from vision.sidecar.series import PoseSeries
from vision.sidecar.table import read_csv

_FARTHEST_KM = 30.0


@dataclass(frozen=True)
class WatchInputs:
    """Everything that is known before the first frame.

    ``series`` None: the poses come in the video's own metadata. ``plane_alt_amsl_m`` is the flat ground's height where
    there is no ``terrain``. ``refused`` and ``notes`` are of the telemetry file and go into the report.
    """

    border: BorderLine
    frame: LocalFrame
    geometry: BorderGeometry
    facts: VideoFacts
    source: str
    start_utc_us: int
    clock: str
    terrain: TerrainGrid | None
    plane_alt_amsl_m: float
    ground: str
    series: PoseSeries | None = None
    telemetry_file: str = ""
    samples: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    rules: RuleSet = field(default_factory=default_rules)
    calibration: CameraCalibration | None = None


def prepare_inputs(options: WatchOptions) -> WatchInputs:
    """Reads border, terrain, telemetry, rules and calibration.

    Raises ConfigError or VideoError naming the file and what to give.
    """
    rules = default_rules() if options.rules is None else read_rules(options.rules)
    calibration = None if options.calibration is None else read_calibration(options.calibration)
    inputs = _prepare(options)
    facts = inputs.facts
    if calibration is not None and facts.width and facts.height and not calibration.fits(facts.width, facts.height):
        raise ConfigError(
            f"{options.calibration}: is for pictures of {calibration.width}x{calibration.height}, "
            f"the video's are {facts.width}x{facts.height}",
            "give the calibration of this camera in this mode",
        )
    return replace(inputs, rules=rules, calibration=calibration)


def _prepare(options: WatchOptions) -> WatchInputs:
    border = read_border(options.border, options.side_names)
    lats, lons = zip(*border.points, strict=True)
    frame = LocalFrame(float(np.mean(lats)), float(np.mean(lons)))
    geometry = BorderGeometry.from_line(border, frame)
    terrain = _terrain(options.dem, border) if options.dem is not None else None
    facts = probe_video(options.video)
    path = options.telemetry or (None if facts.has_klv else _beside(options.video))
    if path is not None:
        return _with_telemetry(options, path, border, frame, geometry, facts, terrain)
    if not facts.has_klv:
        raise ConfigError(
            f"{options.video}: no KLV metadata in it and no telemetry beside it",
            "give the drone's telemetry with --telemetry FILE (.srt, .csv or .tlog)",
        )
    start_utc_us, _ = _recording_start(options, facts, None)
    plane_m, ground = _flat_ground(options, terrain, facts.centre_elevation_m, "the metadata's frame centre elevation")
    return WatchInputs(
        border, frame, geometry, facts, "klv", start_utc_us, "the time stamps of the video's metadata",
        terrain, plane_m, ground,
    )  # fmt: skip


def _terrain(path: Path, border: BorderLine) -> TerrainGrid:
    """The model around the border; a flight's camera sees no farther than the margin."""
    lats, lons = zip(*border.points, strict=True)
    margin_deg = 0.06
    margin_lon = margin_deg / max(0.05, math.cos(math.radians(float(np.mean(lats)))))
    bounds = (min(lats) - margin_deg, min(lons) - margin_lon, max(lats) + margin_deg, max(lons) + margin_lon)
    return read_terrain(path, bounds)


def _beside(video: Path) -> Path | None:
    """A sidecar of the same name, as DJI writes it."""
    return next((p for s in (".srt", ".SRT", ".csv", ".CSV") if (p := video.with_suffix(s)).is_file()), None)


def _read_telemetry(options: WatchOptions, path: Path) -> tuple[TelemetryLog, SidecarSigma]:
    if is_srt(path):
        return read_dji_srt(path, options.gps_order), SidecarSigma()
    if path.suffix.lower() == ".csv":
        return read_csv(path), SidecarSigma()
    if path.suffix.lower() in (".tlog", ".rlog"):
        return read_tlog_telemetry(path), TLOG_SIGMA
    raise ConfigError(f"{path}: unknown kind of telemetry", "give a .srt (DJI), .csv or .tlog file")


def _with_telemetry(
    options: WatchOptions, path: Path, border: BorderLine, frame: LocalFrame, geometry: BorderGeometry, facts: VideoFacts,
    terrain: TerrainGrid | None,
) -> WatchInputs:  # fmt: skip
    log, sigma = _read_telemetry(options, path)
    _check_place(log, frame, geometry, path)
    start_utc_us, clock = _recording_start(options, facts, log)
    mounting = Mounting(
        options.camera_azimuth_deg, options.camera_elevation_deg, 0.0, options.camera_level, options.heading_deg,
        options.hfov_deg, options.ground_alt_m,
    )  # fmt: skip
    if not facts.width or not facts.height:
        raise ConfigError(f"{options.video}: the size of its pictures is not known", "convert it to .mp4")

    def height(lat_deg: float, lon_deg: float) -> float:
        return float(terrain.height(lat_deg, lon_deg)) if terrain is not None else math.nan

    made: SidecarPoses = camera_poses(
        log, start_utc_us, options.time_offset_s, facts.width / facts.height, mounting,
        height if terrain is not None else None, sigma,
    )  # fmt: skip
    plane_m, ground = _flat_ground(options, terrain, made.takeoff_alt_amsl_m, "the height of the take-off place")
    return WatchInputs(
        border, frame, geometry, facts, log.source, start_utc_us, clock, terrain, plane_m, ground,
        PoseSeries(made.poses), path.name, len(log.samples), made.refused, (f"dialect: {log.dialect}", *made.notes),
    )  # fmt: skip


def _check_place(log: TelemetryLog, frame: LocalFrame, geometry: BorderGeometry, path: Path) -> None:
    """Far from the border nothing could be found there; the usual reason is a swapped order of coordinates."""
    some = log.samples[:: max(1, len(log.samples) // 200)]
    en = frame.to_plane([s.lat_deg for s in some], [s.lon_deg for s in some])
    nearest_km = float(np.abs(geometry.locate(en).signed_distance_m).min()) / 1000.0
    if nearest_km > _FARTHEST_KM:
        first = log.samples[0]
        raise ConfigError(
            f"{path}: the flight ({first.lat_deg:.4f}, {first.lon_deg:.4f}) is {nearest_km:,.0f} km from the border",
            "check --border, and the order of coordinates: --gps-order lat-lon or lon-lat",
        )


def _recording_start(options: WatchOptions, facts: VideoFacts, log: TelemetryLog | None) -> tuple[int, str]:
    """When the video began (UTC) and how that is known."""
    if options.start_utc is not None:
        return round(options.start_utc.timestamp() * 1e6), "given with --start-utc"
    if facts.created_utc_us is not None:
        how = "the video's own metadata" if facts.has_klv else "the creation time in the video file, taken as UTC"
        return facts.created_utc_us, how
    if log is not None and log.started_local is not None:
        started = log.started_local.replace(tzinfo=UTC)
        return round(started.timestamp() * 1e6), "the telemetry's clock taken as UTC; its zone is not known"
    if log is not None and log.time_base == "utc":
        raise ConfigError(
            f"{options.video} does not say when it began, and the telemetry is by time of day",
            "give --start-utc, e.g. 2026-05-01T21:14:05Z",
        )
    modified = options.video.stat().st_mtime - facts.duration_s
    return round(modified * 1e6), "the time at which the file was last written; give --start-utc where it matters"


def _flat_ground(options: WatchOptions, terrain: TerrainGrid | None, known_m: float, how: str) -> tuple[float, str]:
    """Height of the flat ground and words for the report. Raises ConfigError when there is neither model nor height."""
    if terrain is not None:
        return 0.0, f"terrain model {options.dem.name if options.dem else ''}"
    if math.isfinite(options.ground_alt_m):
        return options.ground_alt_m, f"flat, at {options.ground_alt_m:g} m as given"
    if math.isfinite(known_m):
        return known_m, f"flat, at {known_m:.1f} m: {how}"
    raise ConfigError(
        "the height of the ground is not known",
        "give a terrain model with --dem FILE, or --ground-alt-m M for flat ground",
    )


def utc_words(t_utc_us: int) -> str:
    """``2026-05-01 21:14:05.250Z``."""
    clock = datetime.fromtimestamp(t_utc_us / 1e6, UTC)
    return f"{clock:%Y-%m-%d %H:%M:%S}.{clock.microsecond // 1000:03d}Z"
