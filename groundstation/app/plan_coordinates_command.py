"""``groundstation plan coordinates``: places as people type them, written in every way. Exit code 0, or 2 for bad input."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any, get_args

from geofences.coordinates import CoordinateFormat, coordinate_text, parse_coordinates
from geofences.errors import ConfigError


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises :class:`ConfigError` that names the line and what is wrong in it."""
    places = parse_coordinates("\n".join(options.text) if options.text else sys.stdin.read())
    ways: tuple[CoordinateFormat, ...] = (options.written_as,) if options.written_as else get_args(CoordinateFormat)
    rows: list[dict[str, Any]] = []
    for place in places:
        row: dict[str, Any] = {"lat": round(place.lat_deg, 8), "lon": round(place.lon_deg, 8)}
        row |= {"read_as": place.written_as, "within_m": place.within_m}
        for way in ways:
            try:
                row[way] = coordinate_text(place.lat_deg, place.lon_deg, way)
            except ConfigError:
                # UTM ends before the poles; asked for by name, that is an error.
                if options.written_as:
                    raise
                row[way] = None
        rows.append(row)
    if options.json:
        json.dump({"coordinates": rows}, sys.stdout, indent=2, allow_nan=False)
        print()
        return 0
    for row in rows:
        print("  ".join(str(row[way]) for way in ways if row[way] is not None))
    return 0
