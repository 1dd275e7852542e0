"""What is wrong with a drawn zone, said with its place, and how it can be repaired. Nothing is ever repaired unasked."""

from __future__ import annotations

from geofences.geodesy import LocalFrame
from geofences.shapes import ShapeProblem, polygon_problems
from geofences.zone import Zone


def explain(zone: Zone, frame: LocalFrame) -> list[ShapeProblem]:
    """Why the zone is no shape that an aircraft can keep to; empty when it is one."""
    problems = polygon_problems(zone.name, zone.points, frame)
    for number, hole in enumerate(zone.holes, start=1):
        problems += polygon_problems(f"{zone.name}, hole {number}", hole, frame)
    return problems
