"""``groundstation plan show``: a picture of a plan. Exit code 0 when it is drawn, 2 for bad input."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from geofences.errors import ConfigError
from groundstation.app.plan_check_command import Checked, load
from groundstation.app.plan_names import named_by
from groundstation.app.plan_picture import Picture, paint
from missions.checks import Finding
from missions.performance import Performance


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises :class:`ConfigError` and :class:`PlanError`."""
    out: Path = options.out
    if not 600 <= options.width <= 8000:
        raise ConfigError(f"--width {options.width}: is not usable", "give 600 to 8000 pixels")
    if not out.parent.is_dir():
        raise ConfigError(f"{out}: there is no folder {out.parent}", "make the folder first")
    if out.suffix.lower() not in (".png", ".jpg", ".jpeg"):
        raise ConfigError(f"{out}: is no name of a picture", "let it end with .png or .jpg")
    given = load(options.plan[0], options)
    findings = () if options.no_findings else tuple(given.findings())
    picture = paint(_picture(given, findings), options.width)
    if not picture.save(str(out)):
        raise ConfigError(f"{out}: cannot be written", "give another place, with room on its disk")
    if options.json:
        json.dump(
            {
                "file": str(out), "width_px": picture.width(), "height_px": picture.height(),
                "findings": [f.as_json() for f in findings], "notes": list(given.notes),
            },
            sys.stdout, indent=2, allow_nan=False,
        )  # fmt: skip
        print()
    else:
        print(f"{out}: {picture.width()} x {picture.height()} pixels, {len(findings)} findings")
    return 0


def _picture(given: Checked, findings: tuple[Finding, ...]) -> Picture:
    own = given.own
    name = own.get("name")
    plan = replace(given.plan, name=name) if isinstance(name, str) and name else given.plan
    return Picture(
        given.file.stem, named_by(plan, given.area), given.area, given.terrain, given.given.performance or Performance(),
        given.given.camera, findings,
    )  # fmt: skip
