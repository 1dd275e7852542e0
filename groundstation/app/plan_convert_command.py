"""``groundstation plan convert IN OUT``: exit code 0 when OUT was written, 2 when it was not (bad input, ``--strict``).

What OUT cannot hold goes to stderr, a line each, and into the JSON.
"""

from __future__ import annotations

import argparse
import json
import sys

from groundstation.core.errors import ConfigError, MarchwardenError
from missions.files.area_of_drawing import Sides
from missions.files.convert import Wishes, convert
from missions.files.drawing import counted

_ALT_MOST_M = 10_000.0


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises :class:`ConfigError` (exit code 2); nothing was written then."""
    if not -_ALT_MOST_M <= options.alt_m <= _ALT_MOST_M:
        raise ConfigError(f"--alt-m {options.alt_m:g}: is no height of a flight", "give metres above home")
    sides = Sides(options.left, options.right, options.own)
    wishes = Wishes(
        options.role, options.target_is, options.only, options.alt_m, options.heights == "keep", sides, options.strict
    )
    try:
        done = convert(options.source, options.target, wishes)
    except MarchwardenError as error:
        raise ConfigError(error.message, error.remedy) from error
    for line in done.not_carried:
        print(f"groundstation: {options.target}: not carried: {line}", file=sys.stderr)
    if options.json:
        result = {
            "in": str(options.source),
            "out": str(options.target),
            "items": done.items,
            "fence_items": done.fence_items,
            "rally_items": done.rally_items,
            "shapes": done.shapes,
            "not_carried": list(done.not_carried),
            "notes": list(done.notes),
        }
        json.dump(result, sys.stdout, indent=2, allow_nan=False)
        print()
        return 0
    lists = (
        counted(done.items, "mission item"),
        counted(done.fence_items, "fence item"),
        counted(done.rally_items, "rally point"),
    )
    held = counted(done.shapes, "shape") if done.shapes else ", ".join(lists)
    print(f"{options.target}: {held}")
    for note in done.notes:
        print(f"  note: {note}")
    return 0
