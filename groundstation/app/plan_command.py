"""``groundstation plan ...``: each action has a module of its own, which is imported when it is asked for."""

from __future__ import annotations

import argparse
import importlib

_MODULES = {
    "area": "groundstation.app.plan_area_command",
    "coordinates": "groundstation.app.plan_coordinates_command",
    "check": "groundstation.app.plan_check_command",
    "make": "groundstation.app.plan_make_command",
    "convert": "groundstation.app.plan_convert_command",
    "show": "groundstation.app.plan_show_command",
    "simulate": "groundstation.app.plan_simulate_command",
    "upload": "groundstation.app.plan_transfer_command",
    "download": "groundstation.app.plan_transfer_command",
}


def run(options: argparse.Namespace) -> int:
    """Carry out the command line; raises what the action's own ``run`` does."""
    return int(importlib.import_module(_MODULES[options.action]).run(options))
