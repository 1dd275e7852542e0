"""``python -m vision.evaluate georeference --suite DIR``: positions of single boxes against the truth.

No tracker: every detected person, vehicle and two-wheeler of which at least 60 % shows and whose box is not cut off by the
picture's edge is put on the ground and compared with where it truly stands, at 1 Hz.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from geofences.errors import ConfigError
from vision.camera import CameraView
from vision.evaluate_case import Case
from vision.evaluate_cases import add_case_arguments, cases_by_name, opened
from vision.evaluate_chance import chance
from vision.evaluate_positions import PositionSampler, PositionScore, band, joined
from vision.georeference import Georeferencer, GeoreferenceSettings
from vision.metrics import match_greedily
from vision.records import CLASS_NAMES

_MIN_VISIBLE = 0.6
_EDGE_PX = 3.0


def score_case(case: Case, settings: GeoreferenceSettings | None = None) -> PositionScore:
    """Errors of one flight's boxes."""
    georeferencer = Georeferencer(case.frame, case.terrain, 0.0, settings)
    sampler = PositionSampler(case.seed)
    for told, truth in zip(case.frames, case.truth, strict=True):
        t_s = told.t_utc_us / 1e6
        if not sampler.due(t_s):
            continue
        d = told.detections
        limit = np.array([told.width, told.height]) - _EDGE_PX
        whole = (d.xyxy[:, :2] > _EDGE_PX).all(axis=1) & (d.xyxy[:, 2:] < limit).all(axis=1)
        at = match_greedily(d.xyxy, d.confidence, truth.xyxy, 0.5)
        # The class is the detector's affair: a two-wheeler taken for a person would count as an error of the geometry.
        right = np.array(
            [
                j >= 0
                and truth.class_name[j] == CLASS_NAMES[int(d.class_id[i])]
                and bool(truth.visible[j] >= _MIN_VISIBLE)
                for i, j in enumerate(at)
            ],
            dtype=np.bool_,
        )
        view = CameraView.of(told.pose, told.width, told.height)
        points = georeferencer.boxes(view, d.xyxy, d.class_id)
        good = np.flatnonzero(whole & right & points.valid)
        covariance = points.pixel_covariance_m2[good] + points.pose_covariance_m2[good]
        sampler.add(t_s, points.en_m[good] - truth.en_m[at[good]], covariance, points.pose_covariance_m2[good])
    return sampler.score()


def table(rows: Sequence[tuple[str, int, PositionScore]]) -> str:
    """Markdown; a row is a name, the number of flights and their score."""
    lines = [
        "| scenario | runs | boxes | median m | p90 m | error / budget (95 % by chance) | "
        "NEES of all (95 % by chance) | NEES (95 % band, n) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, runs, s in rows:
        (low, high), expected = band(len(s.thinned)), chance(s)
        lines.append(
            f"| {name} | {runs} | {len(s.error_m)} | {s.median_m:.2f} | {s.p90_m:.2f} | "
            f"{s.ratio:.2f} ({expected.ratio[0]:.2f}-{expected.ratio[1]:.2f}) | "
            f"{s.nees_of_all:.2f} ({expected.nees[0]:.2f}-{expected.nees[1]:.2f}) | "
            f"{s.nees_mean:.2f} ({low:.2f}-{high:.2f}, {len(s.thinned)}) |"
        )
    return "\n".join(lines)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The subcommand's options."""
    add_case_arguments(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers here too")


def run(options: argparse.Namespace) -> int:
    """Print the table; raises :class:`ConfigError`."""
    rows: list[tuple[str, int, PositionScore]] = []
    with opened(options) as folders:
        for name, cases in cases_by_name(folders):
            rows.append((name, len(cases), joined([score_case(case) for case in cases])))
    rows.append(("total", sum(r[1] for r in rows), joined([r[2] for r in rows])))
    print(table(rows))
    if options.json is not None:
        document = {
            name: {
                "runs": runs, "boxes": len(s.error_m),
                **{
                    key: None if math.isnan(value) else round(value, 4)
                    for key, value in (("median_m", s.median_m), ("p90_m", s.p90_m), ("ratio", s.ratio), ("nees", s.nees_mean))
                },
            }
            for name, runs, s in rows
        }  # fmt: skip
        try:
            options.json.write_text(json.dumps(document, indent=1), encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"{options.json}: cannot be written: {error.strerror}", "give another file") from error
    return 0
