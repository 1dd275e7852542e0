"""``groundstation plan area AREA.geojson``: what is wrong with its shapes, and their repair when asked for.

Exit code 0 without errors, 1 with errors (of the repaired area, with ``--repair``), 2 for a file that cannot be read or
zones that cannot be repaired.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from geofences.area import Area, Role, Zone, area_text, read_area
from geofences.border import BorderGeometry
from geofences.errors import ConfigError
from geofences.geodesy import LocalFrame
from geofences.shapes import FlyRoom
from geofences.validity import explain, remarks, repair


@dataclass(frozen=True)
class AreaFinding:
    """One thing about an area, with its place."""

    severity: Literal["error", "warning"]
    code: str
    message: str
    lat: float
    lon: float

    def as_json(self) -> dict[str, Any]:
        """As `plan check` gives its findings."""
        return {
            "severity": self.severity, "code": self.code, "message": self.message,
            "lat": round(self.lat, 7), "lon": round(self.lon, 7),
        }  # fmt: skip


def area_findings(area: Area) -> list[AreaFinding]:
    """Everything about the shapes of an area, errors first."""
    frame = area.frame()
    found = [*_zone_findings(area, frame), *_border_findings(area, frame)]
    if not any(f.severity == "error" for f in found):
        found += _room_findings(area, frame)
    return sorted(found, key=lambda f: f.severity != "error")


def _zones(area: Area) -> Iterator[tuple[Role, Zone]]:
    yield from (("inclusion", z) for z in area.inclusions)
    yield from (("exclusion", z) for z in area.exclusions)
    yield from (("no_look", z) for z in area.no_look)


def _zone_findings(area: Area, frame: LocalFrame) -> Iterator[AreaFinding]:
    for role, zone in _zones(area):
        for problem in explain(zone, frame):
            yield AreaFinding("error", problem.code, f"{role}: {problem.text}", problem.lat_deg, problem.lon_deg)
        for remark in remarks(zone, frame):
            # Only an inclusion shrinks.
            if remark.code != "lost_to_buffer" or role == "inclusion":
                severity: Literal["error", "warning"] = "error" if remark.code == "lost_to_buffer" else "warning"
                yield AreaFinding(severity, remark.code, f"{role}: {remark.text}", remark.lat_deg, remark.lon_deg)


def _border_findings(area: Area, frame: LocalFrame) -> Iterator[AreaFinding]:
    try:
        BorderGeometry.from_line(area.border, frame)
    except ConfigError as error:
        yield AreaFinding("error", "bad_border", error.message, *area.border.points[0])


def _room_findings(area: Area, frame: LocalFrame) -> Iterator[AreaFinding]:
    """Whether the points lie where an aircraft may be. Obstacles are left out: one may stand beside a launch point."""
    room = FlyRoom.from_area(area, frame, obstacles=False)
    if room.is_empty:
        yield AreaFinding(
            "error", "no_room", "the zones leave no room to fly in", area.launch.lat_deg, area.launch.lon_deg
        )
        return
    for word, points in (("launch", area.launches), ("rally", area.rally)):
        for point in points:
            margin_m = float(room.margin_m(frame.to_plane(point.lat_deg, point.lon_deg)))
            if margin_m < 0.0:
                text = f"the {word} point {point.name!r} lies {-margin_m:.0f} m outside of where may be flown"
                yield AreaFinding("error", f"{word}_outside", text, point.lat_deg, point.lon_deg)


def repaired(area: Area) -> tuple[Area, list[str]]:
    """The area with all its zones valid, and what was changed. Raises :class:`ConfigError` for one that cannot be."""
    frame = area.frame()
    done: list[str] = []

    def mend(zones: tuple[Zone, ...], role: Role) -> tuple[Zone, ...]:
        made = []
        for zone in zones:
            mended, changes = repair(zone, frame)
            made.append(mended)
            done.extend(f"{role}: {change}" for change in changes)
        return tuple(made)

    return replace(
        area,
        inclusions=mend(area.inclusions, "inclusion"),
        exclusions=mend(area.exclusions, "exclusion"),
        no_look=mend(area.no_look, "no_look"),
    ), done


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises :class:`ConfigError`; nothing was written then."""
    path = options.area / "area.geojson" if options.area.is_dir() else options.area
    area = read_area(path)
    done: list[str] = []
    if options.repair is not None:
        area, done = repaired(area)
        try:
            options.repair.write_text(area_text(area), encoding="utf-8")
        except OSError as error:
            raise ConfigError(
                f"{options.repair}: cannot be written: {error.strerror}", "choose another file"
            ) from error
    findings = area_findings(area)
    if options.json:
        result: dict[str, Any] = {"findings": [f.as_json() for f in findings]}
        if options.repair is not None:
            result |= {"repaired": done, "out": str(options.repair)}
        json.dump(result, sys.stdout, indent=2, allow_nan=False)
        print()
    else:
        for change in done:
            print(f"repaired: {change}")
        for f in findings:
            print(f"{f.severity}: {f.code}: {f.message} (at {f.lat:.6f}, {f.lon:.6f})")
        if not findings:
            print(f"{options.repair or path}: nothing is wrong")
    return 1 if any(f.severity == "error" for f in findings) else 0
