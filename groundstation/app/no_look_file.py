"""Areas that no camera may be pointed at: a GeoJSON file of named zones (homes, schools, a neighbour's posts).

Polygons with holes, MultiPolygons, circles (a Point with ``radius_m``) and corridors (a LineString with
``half_width_m``), each with a ``buffer_m`` if wanted, as in :mod:`geofences.area`; the role ``no_look`` may be left out.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from geofences.area import Zone
from geofences.area_features import read_features, read_zones
from geofences.geodesy import LocalFrame
from geofences.validity import explain
from groundstation.core.errors import ConfigError


def read_no_look(path: Path) -> tuple[Zone, ...]:
    """The zones of a FeatureCollection; ``properties.name`` names each.

    Raises :class:`ConfigError` naming the file and the feature that is wrong: an area that is left out by mistake would
    be looked at.
    """
    try:
        document: Any = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", "check [camera] no_look") from error
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: is not a GeoJSON FeatureCollection: {error}", "export it again") from error
    zones: list[Zone] = []
    for number, feature in enumerate(read_features(document, str(path), default_role="no_look")):
        if feature.role != "no_look":
            raise feature.error(f"its role is {feature.role!r}, not no_look", "keep other things in area.geojson")
        if feature.name == "no_look":
            feature = replace(feature, name=f"area {number}")
        for zone in read_zones(feature, "no_look"):
            problems = explain(zone, LocalFrame(*zone.points[0]))
            if problems:
                raise feature.error(problems[0].text, "draw it again")
            zones.append(zone)
    return tuple(zones)
