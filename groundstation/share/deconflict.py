"""Joint patrol: are both stations' aircraft out of each other's way, without either telling where an aircraft is?

A station tells volumes for slots of time ("between 02:00 and 02:20 one of ours may be anywhere in this outline between
420 m and 560 m above sea level"), made coarse on purpose, and the neighbour compares them with its own. Everything here is
pure. Heights are above mean sea level: both sides must mean the same, so the document says it and another datum is refused.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np
import shapely

from geofences.area import LatLon
from geofences.geodesy import LocalFrame
from groundstation.core.errors import ConfigError
from groundstation.share.agreement_terms import Agreement

FORMAT = "marchwarden-volumes-1"
DATUM = "AMSL"
MAX_VOLUMES, MAX_CORNERS, MAX_BYTES = 2_000, 500, 2_000_000
GRID_M, HEIGHT_STEP_M, SLOT_US = 250.0, 30.0, 600_000_000
"""How coarse a volume is made before it is told."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")


@dataclass(frozen=True)
class Volume:
    """A station's aircraft may be anywhere in ``outline`` (corners, not closed) between the heights and the times.

    ``until_utc_us`` is exclusive. ``name`` says nothing about an aircraft ("north sector").
    """

    station: str
    name: str
    outline: tuple[LatLon, ...]
    low_amsl_m: float
    high_amsl_m: float
    from_utc_us: int
    until_utc_us: int


@dataclass(frozen=True)
class Separation:
    """What has to lie between two aircraft: to the side or in height; ``time_s`` between two that use one place in turn."""

    lateral_m: float = 200.0
    vertical_m: float = 30.0
    time_s: float = 120.0


@dataclass(frozen=True)
class Finding:
    """Two volumes that come too near. ``severity``: "error" where they overlap, "warning" where only the margin is missing.

    ``height_gap_m``, ``distance_m``, ``time_gap_s`` are what there is between them (0: overlap). ``remedies`` are any one
    of them enough.
    """

    ours: Volume
    theirs: Volume
    severity: Literal["error", "warning"]
    distance_m: float
    height_gap_m: float
    time_gap_s: float
    text: str
    remedies: tuple[str, ...]


def volume_of_path(
    station: str,
    name: str,
    path: Sequence[tuple[float, float, float]],
    margin_m: float,
    height_margin_m: float,
    from_utc_us: int,
    until_utc_us: int,
) -> Volume:
    """A told volume of a flown path of ``(lat_deg, lon_deg, alt_amsl_m)``, coarsened outwards so that all of it is inside.

    The outline is the hull of the path and its margin on a grid of 250 m, heights go to steps of 30 m, times to slots of
    10 minutes. Raises ``ValueError`` for an empty path or one that is not finite.
    """
    points = np.asarray(path, dtype=np.float64)
    if points.ndim != 2 or points.shape[1:] != (3,) or len(points) == 0 or not np.isfinite(points).all():
        raise ValueError("a path needs finite points of latitude, longitude and height")
    if until_utc_us <= from_utc_us:
        raise ValueError("a volume that ends before it begins")
    # The plane is laid on a round place, so that its grid says nothing about where the path begins.
    frame = LocalFrame(round(float(points[0, 0]), 1), round(float(points[0, 1]), 1))
    plane = frame.to_plane(points[:, 0], points[:, 1])
    hull = shapely.MultiPoint(plane).convex_hull.buffer(margin_m, join_style="mitre")
    cells = np.array(hull.envelope.bounds) / GRID_M
    west, south, east, north = *np.floor(cells[:2]), *np.ceil(cells[2:])
    taken = [
        box
        for e in np.arange(west, east)
        for n in np.arange(south, north)
        if (box := shapely.box(e * GRID_M, n * GRID_M, (e + 1) * GRID_M, (n + 1) * GRID_M)).intersects(hull)
    ]
    outline = shapely.union_all(taken).convex_hull
    lat, lon = frame.from_plane(list(outline.exterior.coords)[:-1])
    low, high = points[:, 2].min() - height_margin_m, points[:, 2].max() + height_margin_m
    return Volume(
        station,
        name,
        tuple((round(a, 6), round(o, 6)) for a, o in zip(lat.tolist(), lon.tolist(), strict=True)),
        math.floor(low / HEIGHT_STEP_M) * HEIGHT_STEP_M,
        math.ceil(high / HEIGHT_STEP_M) * HEIGHT_STEP_M,
        from_utc_us // SLOT_US * SLOT_US,
        -(-until_utc_us // SLOT_US) * SLOT_US,
    )


def deconflict(
    ours: Sequence[Volume],
    theirs: Sequence[Volume],
    separation: Separation = Separation(),
    clock_uncertainty_us: float = 0.0,
) -> list[Finding]:
    """Everything of ``theirs`` that comes too near to something of ``ours``, the worst first.

    ``clock_uncertainty_us``: how well the neighbour's clock is known; it widens the times.
    """
    findings: list[Finding] = []
    if not ours or not theirs:
        return findings
    for mine in ours:
        frame = LocalFrame(*mine.outline[0])
        shape = _shape(frame, mine)
        for other in theirs:
            finding = _judge(frame, mine, shape, other, separation, clock_uncertainty_us)
            if finding is not None:
                findings.append(finding)
    return sorted(findings, key=lambda f: (f.severity != "error", f.ours.from_utc_us, f.theirs.from_utc_us))


def _judge(
    frame: LocalFrame,
    ours: Volume,
    shape: shapely.Polygon,
    theirs: Volume,
    separation: Separation,
    clock_uncertainty_us: float,
) -> Finding | None:
    between_us = max(theirs.from_utc_us - ours.until_utc_us, ours.from_utc_us - theirs.until_utc_us)
    time_gap_s = max(0.0, (between_us - clock_uncertainty_us) / 1e6)
    height_gap_m = max(0.0, theirs.low_amsl_m - ours.high_amsl_m, ours.low_amsl_m - theirs.high_amsl_m)
    if time_gap_s >= separation.time_s or height_gap_m >= separation.vertical_m:
        return None
    distance_m = float(shape.distance(_shape(frame, theirs)))
    if distance_m >= separation.lateral_m:
        return None
    overlap = time_gap_s == 0.0 and height_gap_m == 0.0 and distance_m == 0.0
    later_us = theirs.until_utc_us + round(separation.time_s * 1e6 + clock_uncertainty_us)
    up_m, down_m = theirs.high_amsl_m + separation.vertical_m, theirs.low_amsl_m - separation.vertical_m
    what = "overlaps" if overlap else "comes too near to"
    gaps = f"{distance_m:.0f} m to the side, {height_gap_m:.0f} m in height, {time_gap_s:.0f} s in time between them"
    return Finding(
        ours,
        theirs,
        "error" if overlap else "warning",
        distance_m,
        height_gap_m,
        time_gap_s,
        f"{ours.name} {what} {theirs.name} of {theirs.station}: {gaps}",
        (
            f"begin {ours.name} at {_clock(later_us)} UTC or later",
            f"fly {ours.name} above {up_m:.0f} m or below {down_m:.0f} m AMSL",
            f"keep {ours.name} {separation.lateral_m:.0f} m away from the outline of {theirs.name}",
        ),
    )


def _shape(frame: LocalFrame, volume: Volume) -> shapely.Polygon:
    lat, lon = zip(*volume.outline, strict=True)
    polygon = shapely.Polygon(frame.to_plane(lat, lon))
    # An outline that crosses itself is taken as all that it goes round: more than it says, never less.
    return polygon if polygon.is_valid else polygon.convex_hull


def _clock(t_utc_us: int) -> str:
    return f"{datetime.fromtimestamp(-(-t_utc_us // 60_000_000) * 60, UTC):%Y-%m-%d %H:%M}"


def volumes_text(volumes: Sequence[Volume]) -> str:
    """The document that travels (by any way: it says nothing that may not be told)."""
    return json.dumps(
        {
            "format": FORMAT,
            "heights": DATUM,
            "volumes": [
                {
                    "station": v.station,
                    "name": v.name,
                    "outline": [list(p) for p in v.outline],
                    "low_amsl_m": v.low_amsl_m,
                    "high_amsl_m": v.high_amsl_m,
                    "from_utc_us": v.from_utc_us,
                    "until_utc_us": v.until_utc_us,
                }
                for v in volumes
            ],
        },
        indent=1,
        allow_nan=False,
    )


def read_volumes(text: str, where: str, station: str) -> list[Volume]:
    """Volumes of ``station`` from a document, read strictly: those of another are refused. Raises :class:`ConfigError`."""

    def wrong(what: str) -> ConfigError:
        return ConfigError(f"{where}: {what}", f"ask {station} for its volumes again")

    if len(text) > MAX_BYTES:
        raise wrong("is too large")
    try:
        document = json.loads(text)
        if document["format"] != FORMAT or document["heights"] != DATUM:
            raise wrong(f"is not {FORMAT} with heights {DATUM}")
        items = document["volumes"]
        if not isinstance(items, list) or len(items) > MAX_VOLUMES:
            raise wrong("holds no list of volumes, or too many")
        volumes = [_read(item) for item in items]
    except ConfigError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError, OverflowError) as error:
        raise wrong(f"cannot be read: {error!r:.100}") from error
    if any(v.station != station for v in volumes):
        raise wrong(f"holds volumes that are not {station}'s")
    return volumes


MAX_TOLD, MAX_BODY_BYTES = 60, 12_000


def volumes_body(agreement: Agreement | None, own: str, document: str, now_utc_us: int) -> tuple[dict[str, Any], str]:
    """The body of a message with the volumes of ``document``, and why there is none ("" = there is one). Pure.

    Where aircraft may be is told under clause 15 with "drone" alone, only of volumes that reach into the corridor, and
    without the names that they have here. Raises ``ValueError`` for a document that is none.
    """
    if agreement is None or agreement.own_forces is None or "drone" not in agreement.own_forces.categories:
        return {}, "clause 15: own aircraft are not agreed"
    try:
        volumes = read_volumes(document, "volumes", own)
    except ConfigError as error:
        raise ValueError(str(error)) from error
    near = [v for v in volumes if _reaches(agreement, v) and v.until_utc_us > now_utc_us]
    told = [
        {
            "outline": [[round(lat, 5), round(lon, 5)] for lat, lon in v.outline],
            "low_amsl_m": v.low_amsl_m,
            "high_amsl_m": v.high_amsl_m,
            "from_utc_us": v.from_utc_us,
            "until_utc_us": v.until_utc_us,
        }
        for v in near
    ]
    if volumes and not told:
        return {}, "none of the volumes reaches into the corridor from now on: there is nothing to tell"
    body = {"volumes": told, "t_utc_us": now_utc_us}
    if len(told) > MAX_TOLD or len(json.dumps(body)) > MAX_BODY_BYTES:
        return {}, f"{len(told)} volumes are too many for one message: tell a shorter time, or fewer"
    return body, ""


def volumes_text_of(station: str, body: dict[str, Any]) -> str:
    """What ``station`` told in a message, as a document. Volumes that cannot be are left out."""
    made = [
        Volume(
            station, f"volume {i}", tuple((float(lat), float(lon)) for lat, lon in v["outline"]), v["low_amsl_m"],
            v["high_amsl_m"], v["from_utc_us"], v["until_utc_us"],
        )
        for i, v in enumerate(body["volumes"], start=1)
        if v["low_amsl_m"] < v["high_amsl_m"] and v["from_utc_us"] < v["until_utc_us"] and len({*map(tuple, v["outline"])}) > 2
        and all(-90.0 <= corner[0] <= 90.0 for corner in v["outline"])
    ]  # fmt: skip
    return volumes_text(made)


def _reaches(agreement: Agreement, volume: Volume) -> bool:
    """Whether any part of a volume is in the corridor."""
    frame = LocalFrame(*volume.outline[0])
    lat, lon = zip(*agreement.corridor.border, strict=True)
    corridor = shapely.LineString(frame.to_plane(lat, lon)).buffer(max(agreement.corridor.widths_m))
    return bool(corridor.intersects(_shape(frame, volume)))


def _read(item: dict[str, Any]) -> Volume:
    outline = tuple((_number(lat, -90.0, 90.0), _number(lon, -180.0, 180.0)) for lat, lon in item["outline"])
    volume = Volume(
        _text(item["station"]),
        _text(item["name"]),
        outline,
        _number(item["low_amsl_m"], -500.0, 20_000.0),
        _number(item["high_amsl_m"], -500.0, 20_000.0),
        _time(item["from_utc_us"]),
        _time(item["until_utc_us"]),
    )
    if not 3 <= len(outline) <= MAX_CORNERS or len(set(outline)) < 3:
        raise ValueError("an outline with too few or too many corners")
    if volume.low_amsl_m >= volume.high_amsl_m or volume.from_utc_us >= volume.until_utc_us:
        raise ValueError("a volume without height or time")
    return volume


def _text(value: Any) -> str:
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ValueError(f"{value!r:.60} is not a short name")
    return value


def _number(value: Any, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"{value!r:.60} is not a number from {low:g} to {high:g}")
    return float(value)


def _time(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 2**60:
        raise ValueError(f"{value!r:.60} is not a time")
    return value
