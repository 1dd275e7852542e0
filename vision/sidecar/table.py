"""Telemetry as a table: CSV with a header line; comma, semicolon or tab between the columns.

================================ ===================================================================================
column                           what
================================ ===================================================================================
``t_s``                          seconds since the video began; or one of the next two
``t_utc_us``                     microseconds since 1970 (UTC)
``t_utc``                        ISO 8601, e.g. ``2026-05-01T21:14:05.250Z``; without a zone it is UTC
``lat_deg``, ``lon_deg``         position of the camera (WGS 84); needed
``alt_amsl_m``                   height above mean sea level, or
``alt_rel_home_m``               height above the take-off place; one of the two is needed
``heading_deg``                  the nose from true north
``pitch_deg``, ``roll_deg``      of the aircraft: nose up, right wing down
``gimbal_azimuth_deg``           the boresight from true north, or
``gimbal_relative_azimuth_deg``  from the nose
``gimbal_elevation_deg``         the boresight above the horizon: -90 is straight down
``gimbal_roll_deg``              the picture's right side down
``hfov_deg``                     horizontal field of view
================================ ===================================================================================

Upper and lower case are the same, other columns are ignored, an empty field is a value that is not known.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from geofences.errors import VideoError
from vision.sidecar.samples import (
    MAX_SAMPLES,
    NAN,
    TelemetryLog,
    TelemetrySample,
    in_order,
    position_problem,
    read_text,
    rounding_sigma_m,
)

_VALUES = (
    "alt_amsl_m", "alt_rel_home_m", "heading_deg", "pitch_deg", "roll_deg", "gimbal_azimuth_deg",
    "gimbal_relative_azimuth_deg", "gimbal_elevation_deg", "gimbal_roll_deg", "hfov_deg",
)  # fmt: skip
_TIMES = ("t_s", "t_utc_us", "t_utc")
_REMEDY = "see the columns in the documentation: a time, lat_deg, lon_deg and a height are needed"


def read_csv(path: Path) -> TelemetryLog:
    """The telemetry in a table. Raises :class:`~geofences.errors.VideoError` when a needed column or every row is bad."""
    return parse_csv(read_text(path), str(path))


def parse_csv(text: str, name: str) -> TelemetryLog:
    """As :func:`read_csv`, of text; ``name`` is for the messages."""
    lines = [line for line in text.replace("\0", "").splitlines() if line.strip()]
    if not lines:
        raise VideoError(f"telemetry {name}: is empty", "give another telemetry file")
    delimiter = max(",;\t", key=lines[0].count)
    columns = [c.strip().strip('"').lower() for c in lines[0].split(delimiter)]
    time_column = next((c for c in _TIMES if c in columns), None)
    missing = [c for c in ("lat_deg", "lon_deg") if c not in columns]
    if time_column is None:
        missing.insert(0, "t_s, t_utc_us or t_utc")
    if "alt_amsl_m" not in columns and "alt_rel_home_m" not in columns:
        missing.append("alt_amsl_m or alt_rel_home_m")
    if missing or time_column is None:
        raise VideoError(f"telemetry {name}: no column {', '.join(missing)}", _REMEDY)
    samples: list[TelemetrySample] = []
    refused: Counter[str] = Counter()
    for line in lines[1 : MAX_SAMPLES + 1]:
        sample = _sample(line, delimiter, columns, time_column)
        if isinstance(sample, str):
            refused[sample] += 1
        else:
            samples.append(sample)
    notes = (f"only the first {MAX_SAMPLES} rows were read",) if len(lines) > MAX_SAMPLES + 1 else ()
    base: Literal["video", "utc"] = "video" if time_column == "t_s" else "utc"
    return TelemetryLog(
        "csv", f"time in {time_column}", base, in_order(name, samples, refused), None, dict(refused), notes
    )


def _sample(line: str, delimiter: str, columns: list[str], time_column: str) -> TelemetrySample | str:
    """One row, or why it is none."""
    try:
        fields = next(csv.reader([line], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return "row not readable"
    if len(fields) != len(columns):
        return "row with another number of fields than the header"
    row = {c: f.strip() for c, f in zip(columns, fields, strict=True)}
    t_s = _time(row[time_column], time_column)
    if not math.isfinite(t_s):
        return "time not readable"
    lat, lon = _number(row, "lat_deg"), _number(row, "lon_deg")
    problem = position_problem(lat, lon)
    if problem:
        return problem
    values = {c: _number(row, c) for c in _VALUES}
    if math.isnan(values["alt_amsl_m"]) and math.isnan(values["alt_rel_home_m"]):
        return "no height"
    rounding_m = max(rounding_sigma_m(row["lat_deg"]), rounding_sigma_m(row["lon_deg"]))
    return TelemetrySample(t_s, lat, lon, **values, rounding_m=min(rounding_m, 0.01) if _exponent(row) else rounding_m)


def _exponent(row: Mapping[str, str]) -> bool:
    return "e" in (row["lat_deg"] + row["lon_deg"]).lower()


def _number(row: Mapping[str, str], column: str) -> float:
    """A finite number of a believable size, else NaN."""
    try:
        value = float(row.get(column, ""))
    except ValueError:
        return NAN
    return value if abs(value) < 1e6 else NAN


def _time(text: str, column: str) -> float:
    """Seconds, as ``TelemetrySample.t_s``; NaN when it is no time."""
    try:
        if column == "t_utc":
            clock = datetime.fromisoformat(text)
            return (clock if clock.tzinfo else clock.replace(tzinfo=UTC)).timestamp()
        value = float(text) / (1e6 if column == "t_utc_us" else 1.0)
    except (ValueError, OverflowError):
        return NAN
    # Before 1970 or after 2200 there is no telemetry.
    return value if 0.0 <= value < 7.3e9 else NAN
