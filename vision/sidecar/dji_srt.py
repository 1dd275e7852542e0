"""DJI's telemetry in subtitles. One name, many dialects, none of them documented; these are known from real files:

=============== ====================================================================================================
dialect         a cue looks like
=============== ====================================================================================================
gps-home        ``HOME(149.0251,-20.2532) 2017.08.05 14:11:51`` / ``GPS(149.0251,-20.2533,16) BAROMETER:1.9``: longitude
                first, the third number counts satellites; ``Hb:`` in place of ``BAROMETER:`` in older ones
gps-metres      ``GPS(36.6146,-6.1120,0.0M) BAROMETER:0.3M``: latitude first, the third number is a height
phantom         ``GPS (-58.851745, -34.237922, 15), HOME (..., ..., -57.98m), D 698.70m, H 85.80m, ... G.PRY (-24.4°,
                0.0°, 110.4°)``: longitude first; G.PRY is the gimbal's pitch, roll and yaw from north
brackets        ``[latitude: 41.42] [longitude: 2.16] [altitude: 27.3]`` or ``[rel_alt: 1.3 abs_alt: 97.1]``, with
                ``[focal_len: 24.00]`` (or in tenths, ``240``), and ``[gb_yaw: .. gb_pitch: .. gb_roll: ..]`` in some
=============== ====================================================================================================

Of a bare ``altitude`` nobody says above what; it is taken as the height above take-off, and the log says so.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from vision.sidecar.samples import (
    INCOMPLETE,
    MAX_SAMPLES,
    NAN,
    TelemetryLog,
    TelemetrySample,
    in_order,
    position_problem,
    read_text,
    rounding_sigma_m,
)
from vision.sidecar.subrip import Cue, cues

GpsOrder = Literal["auto", "lat-lon", "lon-lat"]

_NUMBER = r"([+-]?\d{1,9}(?:\.\d{1,12})?)"
_TAGS = re.compile(r"<[^<>]{0,80}>")
_PAIRS = re.compile(rf"\b([A-Za-z][A-Za-z_]{{1,24}})\s{{0,3}}:\s{{0,3}}{_NUMBER}")
_GPS = re.compile(rf"\bGPS\s?\(\s{{0,3}}{_NUMBER}\s{{0,3}},\s{{0,3}}{_NUMBER}\s{{0,3}}(?:,\s{{0,3}}{_NUMBER}\s?(M?))?")
_HOME = re.compile(rf"\bHOME\s?\(\s{{0,3}}{_NUMBER}\s{{0,3}},\s{{0,3}}{_NUMBER}")
_BAROMETER = re.compile(rf"\b(?:BAROMETER|Hb)\s?:\s{{0,3}}{_NUMBER}")
_HEIGHT = re.compile(rf"(?:^|[\s,])H {_NUMBER}m\b")
_PRY = rf"\.PRY\s?\(\s?{_NUMBER}°?,\s{{0,3}}{_NUMBER}°?,\s{{0,3}}{_NUMBER}°?"
_GIMBAL, _AIRFRAME = re.compile("G" + _PRY), re.compile("F" + _PRY)
_CLOCK = re.compile(
    r"\b(\d{4})[-./](\d{1,2})[-./](\d{1,2})[ T](\d{1,2}):(\d{2}):(\d{2})(?:[.,](\d{3}))?(?:[.,](\d{3}))?"
)

_DIAGONAL_35MM = 43.267
"""Of the 36 x 24 mm picture to which "equivalent" focal lengths refer."""


def is_srt(path: Path) -> bool:
    """Whether a file's name says so."""
    return path.suffix.lower() == ".srt"


def read_dji_srt(path: Path, gps_order: GpsOrder = "auto") -> TelemetryLog:
    """The telemetry of a DJI sidecar. ``gps_order`` overrides the order of coordinates of the ``GPS(...)`` dialects.

    Raises :class:`~geofences.errors.VideoError` when the file cannot be read or holds no position.
    """
    return parse_dji_srt(read_text(path), str(path), gps_order)


def parse_dji_srt(text: str, name: str, gps_order: GpsOrder = "auto") -> TelemetryLog:
    """As :func:`read_dji_srt`, of text; ``name`` is for the messages."""
    samples: list[TelemetrySample] = []
    refused: Counter[str] = Counter()
    dialects: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    started: datetime | None = None
    for count, cue in enumerate(cues(text)):
        if count >= MAX_SAMPLES:
            notes[f"only the first {MAX_SAMPLES} cues were read"] += 1
            break
        content = _TAGS.sub(" ", cue.text)
        if started is None:
            started = _started(content, cue.start_s)
        read = _brackets(content, cue, notes) or _gps(content, cue, gps_order, notes)
        if read is None:
            refused[INCOMPLETE] += 1
            continue
        dialect, sample = read
        problem = position_problem(sample.lat_deg, sample.lon_deg)
        if problem:
            refused[problem] += 1
            continue
        dialects[dialect] += 1
        samples.append(sample)
    ordered = in_order(name, samples, refused)
    dialect = dialects.most_common(1)[0][0]
    return TelemetryLog("dji-srt", dialect, "video", ordered, started, dict(refused), tuple(sorted(notes)))


def _started(content: str, start_s: float) -> datetime | None:
    found = _CLOCK.search(content)
    if found is None:
        return None
    parts = [int(p or 0) for p in found.groups()]
    try:
        clock = datetime(*parts[:6], parts[6] * 1000 + parts[7])  # type: ignore[call-arg,arg-type]
        return clock - timedelta(seconds=start_s)
    except (ValueError, OverflowError):
        return None


def _brackets(content: str, cue: Cue, notes: Counter[str]) -> tuple[str, TelemetrySample] | None:
    texts = {key.lower(): value for key, value in _PAIRS.findall(content)}
    lat, lon = texts.get("latitude"), texts.get("longitude", texts.get("longtitude"))  # sic, in some firmware
    if lat is None or lon is None:
        return None
    values = {key: float(value) for key, value in texts.items()}
    relative, absolute = values.get("rel_alt", NAN), values.get("abs_alt", NAN)
    if "altitude" in values and math.isnan(relative) and math.isnan(absolute):
        relative = values["altitude"]
        notes["the file's 'altitude' is taken as the height above take-off; it does not say above what it is"] += 1
    sample = TelemetrySample(
        cue.start_s, float(lat), float(lon), absolute, relative,
        heading_deg=values.get("drone_yaw", NAN),
        gimbal_azimuth_deg=values.get("gb_yaw", NAN), gimbal_elevation_deg=values.get("gb_pitch", NAN),
        gimbal_roll_deg=values.get("gb_roll", NAN), hfov_deg=_hfov_deg(values, notes),
        rounding_m=max(rounding_sigma_m(lat), rounding_sigma_m(lon)),
    )  # fmt: skip
    return "brackets", sample


def _hfov_deg(values: dict[str, float], notes: Counter[str]) -> float:
    """Horizontal field of view from the 35 mm equivalent focal length and the digital zoom; NaN when not told.

    DJI's equivalent is by the diagonal of a 4:3 picture, of which a 16:9 video uses the whole width: 0.8 diagonals.
    """
    focal_mm = values.get("focal_len", NAN)
    if values.get("fnum", 0.0) > 40.0 or focal_mm >= 1000.0:
        focal_mm /= 10.0  # f-numbers in hundredths (280 = f/2.8) go with focal lengths in tenths of a millimetre
    zoom = values.get("dzoom_ratio", 1.0)
    zoom = zoom / 10000.0 if zoom >= 1000.0 else zoom
    if not (5.0 <= focal_mm <= 2000.0 and 0.5 <= zoom <= 100.0):
        return NAN
    notes["the field of view follows from the focal length, good to some 5 %; give --hfov-deg where it is known"] += 1
    return math.degrees(2.0 * math.atan(0.8 * _DIAGONAL_35MM / 2.0 / (focal_mm * zoom)))


def _gps(content: str, cue: Cue, order: GpsOrder, notes: Counter[str]) -> tuple[str, TelemetrySample] | None:
    found = _GPS.search(content)
    if found is None:
        return None
    first, second, _third, metres = found.groups()
    gimbal, airframe = _GIMBAL.search(content), _AIRFRAME.search(content)
    dialect = "phantom" if gimbal or _HEIGHT.search(content) else "gps-metres" if metres else "gps-home"
    if order == "auto":
        order = "lat-lon" if dialect == "gps-metres" else "lon-lat"
        notes[f"coordinates are read as {order.replace('-', ', ')}, as this dialect writes them"] += 1
    lat, lon = (first, second) if order == "lat-lon" else (second, first)
    height = _BAROMETER.search(content) or _HEIGHT.search(content)
    home = _HOME.search(content)
    sample = TelemetrySample(
        cue.start_s, float(lat), float(lon), alt_rel_home_m=float(height.group(1)) if height else NAN,
        rounding_m=max(rounding_sigma_m(lat), rounding_sigma_m(lon)),
    )  # fmt: skip
    if home:
        a, b = float(home.group(1)), float(home.group(2))
        home_lat, home_lon = (a, b) if order == "lat-lon" else (b, a)
        if not position_problem(home_lat, home_lon):
            sample = replace(sample, home_lat_deg=home_lat, home_lon_deg=home_lon)
    if gimbal:
        pitch, roll, yaw = (float(g) for g in gimbal.groups())
        sample = replace(sample, gimbal_azimuth_deg=yaw, gimbal_elevation_deg=pitch, gimbal_roll_deg=roll)
    if airframe:
        sample = replace(sample, heading_deg=float(airframe.group(3)))
    return dialect, sample
