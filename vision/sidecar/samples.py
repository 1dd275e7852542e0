"""What a telemetry file says, sample by sample, before anything is added to it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from geofences.errors import VideoError

NAN = math.nan
MAX_FILE_BYTES = 256 * 1024 * 1024
"""An hour of DJI's most talkative dialect is some 40 MB; more than this is not telemetry."""
MAX_SAMPLES = 2_000_000

NO_FIX = "no position fix (0, 0)"
OUT_OF_RANGE = "position out of range"
INCOMPLETE = "no position in it"


@dataclass(frozen=True)
class TelemetrySample:
    """One line of telemetry; NaN where the file does not tell.

    ``t_s``: seconds since the video began, or, in a log whose ``time_base`` is "utc", seconds since 1970. Angles in
    degrees: ``heading``, ``pitch``, ``roll`` of the aircraft (nose up, right wing down positive); ``gimbal_azimuth`` of
    the boresight from true north, ``gimbal_elevation`` above the horizon. ``rounding_m``: half the last digit of the
    position, as one-sigma metres.
    """

    t_s: float
    lat_deg: float
    lon_deg: float
    alt_amsl_m: float = NAN
    alt_rel_home_m: float = NAN
    heading_deg: float = NAN
    pitch_deg: float = NAN
    roll_deg: float = NAN
    gimbal_azimuth_deg: float = NAN
    gimbal_relative_azimuth_deg: float = NAN
    gimbal_elevation_deg: float = NAN
    gimbal_roll_deg: float = NAN
    hfov_deg: float = NAN
    home_lat_deg: float = NAN
    home_lon_deg: float = NAN
    rounding_m: float = 0.0


@dataclass(frozen=True)
class TelemetryLog:
    """A whole file. ``samples`` rise in time, at least one.

    ``started_local``: the time of day at the video's beginning on the recorder's clock, whose zone is not known (None:
    not told). ``refused``: reason -> lines that were not used. ``notes``: what a reader of the result has to know.
    """

    source: Literal["dji-srt", "csv", "tlog"]
    dialect: str
    time_base: Literal["video", "utc"]
    samples: tuple[TelemetrySample, ...]
    started_local: datetime | None = None
    refused: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_text(path: Path) -> str:
    """A text file of bounded size; bytes that are no UTF-8 are replaced. Raises :class:`VideoError`."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise VideoError(f"telemetry {path}: is larger than {MAX_FILE_BYTES >> 20} MB", "choose the telemetry file")
        data = path.read_bytes()
    except OSError as error:
        raise VideoError(f"telemetry {path}: cannot be read: {error.strerror}", "check the path") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    return data.decode("utf-8-sig", errors="replace")


def position_problem(lat_deg: float, lon_deg: float) -> str:
    """Why a latitude and longitude are no position, "" when they are one."""
    if not (math.isfinite(lat_deg) and math.isfinite(lon_deg)):
        return INCOMPLETE
    if abs(lat_deg) > 90.0 or abs(lon_deg) > 180.0:
        return OUT_OF_RANGE
    if lat_deg == 0.0 and lon_deg == 0.0:
        return NO_FIX
    return ""


def in_order(name: str, samples: list[TelemetrySample], refused: Counter[str]) -> tuple[TelemetrySample, ...]:
    """The samples whose time goes forward; the others are counted. Raises :class:`VideoError` when none is left.

    A jump back of more than a second is a log that begins anew: what follows would be put at the wrong time of the
    video, so the longer of the two stretches is kept.
    """
    runs: list[list[TelemetrySample]] = [[]]
    for sample in samples:
        if not math.isfinite(sample.t_s):
            refused["time not readable"] += 1
        elif not runs[-1] or sample.t_s > runs[-1][-1].t_s:
            runs[-1].append(sample)
        elif sample.t_s < runs[-1][-1].t_s - 1.0:
            runs.append([sample])
        else:
            refused["time not after the line before"] += 1
    best = max(runs, key=len)
    others = sum(len(run) for run in runs if run is not best)
    if others:
        refused["time jumps back"] += others
    if not best:
        why = "; ".join(f"{reason}: {count}" for reason, count in refused.items()) or "it is empty"
        raise VideoError(f"telemetry {name}: no usable position ({why})", "give another telemetry file")
    return tuple(best)


def rounding_sigma_m(text: str) -> float:
    """One sigma of a coordinate in degrees that was rounded to the digits of ``text``: its last digit / sqrt(12)."""
    _, _, decimals = text.partition(".")
    return 111_320.0 * 10.0 ** -min(len(decimals), 9) / math.sqrt(12.0)


def wrap_180(angle_deg: float) -> float:
    """An angle in -180..180."""
    return (angle_deg + 180.0) % 360.0 - 180.0
