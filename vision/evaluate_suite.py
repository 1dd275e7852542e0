"""``python -m vision.evaluate suite --make --seeds 8000-8003``: everything after the network on the named scenarios.

One row per scenario: crossings in view, found, told wrongly; errors of the tracks' positions, their ratio to the error
budget and whether they are consistent (NEES); HOTA, IDF1 and identity switches on image boxes. The boxes come from a
statistical model of the network (:mod:`sim.suite_detector`), poses with the stated errors of the sensors, so nothing of
this says how good the network is.
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from geofences.errors import ConfigError
from vision.evaluate_case import Case
from vision.evaluate_cases import add_case_arguments, cases_by_name, opened
from vision.evaluate_chance import Chance, chance
from vision.evaluate_positions import PositionScore, band, joined
from vision.evaluate_replay import ReplaySettings, replay
from vision.evaluate_score import CrossingScore, object_of_tracks, score_crossings, score_positions
from vision.evaluate_tracker import TrackerEvaluation, TrackScore, own_tracks, sequence

TOTAL = "total"
STATED = "total, errors as stated"


@dataclass(frozen=True, eq=False)
class ScenarioResult:
    """One row: a scenario over all its seeds. ``judged``: its crossings count in the total. ``unstated``: what is wrong of
    its poses beyond their stated errors; ``bias``: what was known of the camera's bias at the end of each flight."""

    name: str
    why: str
    runs: int
    judged: bool
    crossings: CrossingScore
    positions: PositionScore
    tracks: TrackScore | None
    stage_ms: float
    unstated: str = ""
    bias: tuple[str, ...] = ()

    @property
    def precision(self) -> float:
        """Of the crossings told that were in view or did not happen, the share that did; NaN when there is none."""
        told = self.crossings.found + self.crossings.extra
        return self.crossings.found / told if told else math.nan

    @property
    def recall(self) -> float:
        """Share of the crossings in view that were told; NaN when there is none."""
        return self.crossings.found / self.crossings.demanded if self.crossings.demanded else math.nan

    @property
    def nees_band(self) -> tuple[float, float]:
        """95 % band of the mean NEES of a consistent filter."""
        return band(len(self.positions.thinned))

    @functools.cached_property
    def chance(self) -> Chance:
        """Where the error over the budget, and the mean NEES of all positions, may lie by chance alone."""
        return chance(self.positions)


def _sum(scores: Sequence[CrossingScore]) -> CrossingScore:
    return CrossingScore(
        sum(s.demanded for s in scores), sum(s.found for s in scores), sum(s.tolerated for s in scores),
        tuple(c for s in scores for c in s.extra_causes), tuple(c for s in scores for c in s.missed_causes),
        tuple(e for s in scores for e in s.position_error_m), tuple(e for s in scores for e in s.time_error_s),
    )  # fmt: skip


class SuiteEvaluation:
    """Takes scenario after scenario, then tells the rows. ``track_scores``: whether TrackEval is asked."""

    def __init__(self, track_scores: bool = True, settings: ReplaySettings | None = None) -> None:
        self._settings = settings or ReplaySettings()
        self._all_tracks = TrackerEvaluation() if track_scores else None
        self.rows: list[ScenarioResult] = []

    def add(self, name: str, cases: Sequence[Case]) -> ScenarioResult:
        """Run all cases of one scenario."""
        crossings, positions, took_ms, bias = [], [], [], []
        tracks = TrackerEvaluation() if self._all_tracks is not None else None
        for case in cases:
            run = replay(case, self._settings)
            pairs = object_of_tracks(run)
            crossings.append(score_crossings(run, pairs))
            positions.append(score_positions(run, pairs))
            took_ms.append(run.stage_ms)
            if run.bias is not None:
                bias.append(run.bias.in_words())
            if tracks is not None and self._all_tracks is not None:
                data = sequence(case.truth, own_tracks(run))
                tracks.add(case.label, data)
                self._all_tracks.add(case.label, data)
        row = ScenarioResult(
            name, cases[0].why, len(cases), cases[0].judged, _sum(crossings), joined(positions),
            tracks.total() if tracks is not None else None, float(np.median(np.concatenate(took_ms))),
            cases[0].unstated, tuple(bias),
        )  # fmt: skip
        self.rows.append(row)
        return row

    def total(self) -> ScenarioResult:
        """Crossings of the judged scenarios; positions and tracks of all."""
        judged = [r for r in self.rows if r.judged]
        return ScenarioResult(
            TOTAL, "", sum(r.runs for r in self.rows), True, _sum([r.crossings for r in judged]),
            joined([r.positions for r in self.rows]), self._all_tracks.total() if self._all_tracks is not None else None,
            float(np.median([r.stage_ms for r in self.rows])),
        )  # fmt: skip

    def stated(self) -> ScenarioResult:
        """Positions of the scenarios whose errors are those that the poses' sigmas state; crossings of the judged ones."""
        rows = [r for r in self.rows if not r.unstated]
        return ScenarioResult(
            STATED, "", sum(r.runs for r in rows), True, _sum([r.crossings for r in rows if r.judged]),
            joined([r.positions for r in rows]), None, float(np.median([r.stage_ms for r in rows])) if rows else 0.0,
        )  # fmt: skip


def _n(value: float, digits: int = 2) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def _within(value: float, expected: tuple[float, float]) -> str:
    return f"{_n(value)} ({_n(expected[0])}-{_n(expected[1])})"


def table(rows: Sequence[ScenarioResult]) -> str:
    """Markdown, one line per scenario."""
    head = (
        "scenario", "runs", "in view", "recall", "precision", "extra (animals)", "median m", "p90 m",
        "error / budget (95 % by chance)", "NEES of all (95 % by chance)",
        "NEES (95 % band, n)", "HOTA", "IDF1", "IDSW",
    )  # fmt: skip
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for r in rows:
        low, high = r.nees_band
        animals = sum(c == "animal" for c in r.crossings.extra_causes)
        t = r.tracks
        cells = [
            r.name + ("" if r.judged else " *") + (" +" if r.unstated else ""), str(r.runs),
            str(r.crossings.demanded), _n(r.recall), _n(r.precision),
            f"{r.crossings.extra} ({animals})", _n(r.positions.median_m), _n(r.positions.p90_m),
            _within(r.positions.ratio, r.chance.ratio), _within(r.positions.nees_of_all, r.chance.nees),
            f"{_n(r.positions.nees_mean)} ({_n(low)}-{_n(high)}, {len(r.positions.thinned)})",
        ]  # fmt: skip
        cells += ["-"] * 3 if t is None else [f"{t.hota:.3f}", f"{t.idf1:.3f}", str(t.id_switches)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def as_json(rows: Sequence[ScenarioResult]) -> list[dict[str, Any]]:
    """The rows' numbers; NaN as null."""

    def number(value: float) -> float | None:
        return None if math.isnan(value) else round(value, 4)

    result = []
    for r in rows:
        low, high = r.nees_band
        result.append({
            "scenario": r.name, "why": r.why, "runs": r.runs, "judged": r.judged, "in_view": r.crossings.demanded,
            "found": r.crossings.found, "tolerated": r.crossings.tolerated, "extra": r.crossings.extra,
            "recall": number(r.recall), "precision": number(r.precision),
            "extra_causes": list(r.crossings.extra_causes), "missed_causes": list(r.crossings.missed_causes),
            "crossing_position_error_m": _quantiles(r.crossings.position_error_m),
            "crossing_time_error_s": _quantiles(r.crossings.time_error_s),
            "position_error_m": {"median": number(r.positions.median_m), "p90": number(r.positions.p90_m)},
            "error_to_budget": number(r.positions.ratio),
            "error_to_budget_band": [number(v) for v in r.chance.ratio],
            "nees_of_all": number(r.positions.nees_of_all), "nees_of_all_band": [number(v) for v in r.chance.nees],
            "unstated": r.unstated, "camera_bias": list(r.bias),
            "nees": number(r.positions.nees_mean),
            "nees_band": [number(low), number(high)], "nees_samples": len(r.positions.thinned),
            "tracks": None if r.tracks is None else vars(r.tracks), "stage_ms": round(r.stage_ms, 2),
        })  # fmt: skip
    return result


def _quantiles(values: Sequence[float]) -> dict[str, float | None]:
    if not len(values):
        return {"median": None, "p90": None}
    return {"median": round(float(np.median(values)), 3), "p90": round(float(np.percentile(values, 90)), 3)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The subcommand's options."""
    add_case_arguments(parser)
    parser.add_argument("--no-track-scores", action="store_true", help="leave HOTA out; needs no TrackEval")
    parser.add_argument(
        "--estimate-bias",
        action="store_true",
        help="watch the camera's bias, as with video.estimate_bias in the station",
    )
    parser.add_argument("--causes", action="store_true", help="tell why each crossing was missed or told wrongly")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers here too")
    parser.add_argument("--plots", type=Path, metavar="DIR", help="draw the table; needs matplotlib")


def run(options: argparse.Namespace) -> int:
    """Print the table; raises :class:`ConfigError`."""
    evaluation = SuiteEvaluation(not options.no_track_scores, ReplaySettings(watch_bias=options.estimate_bias))
    with opened(options) as folders:
        for name, cases in cases_by_name(folders):
            row = evaluation.add(name, cases)
            done = f"{row.crossings.found} of {row.crossings.demanded} crossings, {row.crossings.extra} extra"
            print(f"{name}: {row.runs} flights, {done}", file=sys.stderr, flush=True)
    rows = [*evaluation.rows, evaluation.total()]
    if any(r.unstated for r in evaluation.rows) and not all(r.unstated for r in evaluation.rows):
        rows.append(evaluation.stated())
    print(table(rows))
    print(
        "NEES: one track of one frame every 20 s (the pose's error is common to a frame and lasts), chi-squared with 2 "
        "degrees of freedom a sample. By chance: where 95 % of such flights lie whose errors are exactly as stated, since a "
        "flight has only some independent errors of its pose. Error / budget: medians. * not in the total's crossings. "
        "+ has an error that no stated sigma holds:"
    )
    for row in evaluation.rows:
        if row.unstated:
            print(f"- {row.name}: {row.unstated}")
        for words in row.bias:
            print(f"- {row.name}: {words}")
    if options.causes:
        for row in evaluation.rows:
            for cause in row.crossings.missed_causes:
                print(f"- {row.name}: missed, {cause}")
            for cause in row.crossings.extra_causes:
                print(f"- {row.name}: extra, {cause}")
    try:
        if options.json is not None:
            options.json.write_text(json.dumps(as_json(rows), indent=1), encoding="utf-8")
        if options.plots is not None:
            from vision.evaluate_plots import draw

            draw(rows, options.plots)
    except OSError as error:
        raise ConfigError(f"{error.filename}: cannot be written: {error.strerror}", "give another place") from error
    return 0
