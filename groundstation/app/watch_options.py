"""What ``groundstation watch`` can be told. Light: the command line is built from it before anything is imported."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True)
class WatchOptions:
    """A recording to be watched. NaN or None: not given. ``attention`` (``AttentionSettings``) and
    ``make_detector`` replace the usual ones (tests)."""

    video: Path
    border: Path
    out: Path
    telemetry: Path | None = None
    dem: Path | None = None
    ground_alt_m: float = math.nan
    hfov_deg: float = math.nan
    camera_azimuth_deg: float = 0.0
    camera_elevation_deg: float = math.nan
    camera_level: bool = False
    heading_deg: float | Literal["course"] = math.nan
    time_offset_s: float = 0.0
    start_utc: datetime | None = None
    gps_order: Literal["auto", "lat-lon", "lon-lat"] = "auto"
    side_names: tuple[str, str] | None = None
    model: Path | None = None
    rules: Path | None = None
    calibration: Path | None = None
    every: int = 1
    speed: float = 0.0
    threads: int = 0
    no_video: bool = False
    attention: Any = None
    make_detector: Callable[[Any], Any] | None = None


def add_watch_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of the subcommand."""
    parser.add_argument("video", type=Path, help="recording: .ts with KLV metadata, .mp4, .mov, ...")
    parser.add_argument(
        "--telemetry", type=Path, metavar="FILE", help="DJI .srt, .csv or .tlog; default: the video's own"
    )
    parser.add_argument("--border", type=Path, required=True, metavar="FILE.geojson", help="the border as a LineString")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the results")
    parser.add_argument("--side-names", metavar="LEFT,RIGHT", type=_names, help="names of the border's sides")
    parser.add_argument(
        "--dem", type=Path, metavar="FILE", help="terrain model; without one the ground is taken as flat"
    )
    parser.add_argument(
        "--ground-alt-m", type=float, default=math.nan, metavar="M", help="height of the take-off place above sea level"
    )
    parser.add_argument("--hfov-deg", type=_angle, default=math.nan, metavar="DEG", help="horizontal field of view")
    parser.add_argument(
        "--camera-elevation-deg", type=float, default=math.nan, metavar="DEG",
        help="camera above the horizon where the telemetry does not tell: -90 is straight down",
    )  # fmt: skip
    parser.add_argument(
        "--camera-azimuth-deg", type=float, default=0.0, metavar="DEG", help="camera from the nose (default 0: ahead)"
    )
    parser.add_argument(
        "--camera-level", action="store_true", help="the camera keeps its elevation while the aircraft tilts"
    )
    parser.add_argument(
        "--heading-deg", type=_heading, default=math.nan, metavar="DEG|course",
        help="heading of the aircraft where the telemetry has none; 'course': along its way",
    )  # fmt: skip
    parser.add_argument(
        "--time-offset-s",
        type=float,
        default=0.0,
        metavar="S",
        help="what the telemetry's clock shows more than the video's",
    )
    parser.add_argument(
        "--start-utc", type=_utc, metavar="TIME", help="when the video began, e.g. 2026-05-01T21:14:05Z"
    )
    parser.add_argument(
        "--gps-order", choices=("auto", "lat-lon", "lon-lat"), default="auto", help="order in GPS(...) of an .srt"
    )
    parser.add_argument("--model", type=Path, metavar="FILE", help="another network than the shipped one")
    parser.add_argument("--rules", type=Path, metavar="FILE", help="rule file; the shipped rules without it")
    parser.add_argument(
        "--calibration", type=Path, metavar="FILE", help="lens calibration of the camera (.toml, .json, OpenCV's .yml)"
    )
    parser.add_argument("--every", type=_count, default=1, metavar="N", help="look at each N-th frame only")
    parser.add_argument(
        "--speed", type=float, default=0.0, metavar="X", help="times real time; default 0: as fast as possible"
    )
    parser.add_argument(
        "--threads", type=int, default=0, metavar="N", help="threads of the network (default: all cores)"
    )
    parser.add_argument("--no-video", action="store_true", help="write no annotated.mp4")


def watch_options(parsed: argparse.Namespace) -> WatchOptions:
    """The options of a parsed command line."""
    values = {k: v for k, v in vars(parsed).items() if k in WatchOptions.__dataclass_fields__}
    return WatchOptions(**{**values, "out": parsed.out.resolve()})


def _names(text: str) -> tuple[str, str]:
    names = [n.strip() for n in text.split(",")]
    if len(names) != 2 or not all(names) or names[0] == names[1]:
        raise argparse.ArgumentTypeError("give two different names, LEFT,RIGHT")
    return names[0], names[1]


def _heading(text: str) -> float | str:
    return text if text == "course" else float(text)


def _angle(text: str) -> float:
    value = float(text)
    if not 1.0 <= value <= 150.0:
        raise argparse.ArgumentTypeError("give 1 to 150 degrees")
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("give 1 or more")
    return value


def _utc(text: str) -> datetime:
    try:
        clock = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("write it like 2026-05-01T21:14:05Z") from error
    return clock if clock.tzinfo else clock.replace(tzinfo=UTC)
