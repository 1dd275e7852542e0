"""``python -m vision.evaluate tracker --suite DIR``: the station's tracker scored by TrackEval on the suite's boxes."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from geofences.errors import ConfigError
from vision.evaluate_cases import add_case_arguments, cases_by_name, opened
from vision.evaluate_replay import replay
from vision.evaluate_tracker import TrackerEvaluation, TrackScore, own_tracks, sequence


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The subcommand's options."""
    add_case_arguments(parser)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers here too")


def table(scores: dict[str, TrackScore]) -> str:
    """Markdown, one line per scenario."""
    lines = ["| scenario | objects | HOTA | DetA | AssA | IDF1 | IDSW |", "|---|---|---|---|---|---|---|"]
    for name, s in scores.items():
        lines.append(
            f"| {name} | {s.objects} | {s.hota:.3f} | {s.det_a:.3f} | {s.ass_a:.3f} | {s.idf1:.3f} | {s.id_switches} |"
        )
    return "\n".join(lines)


def run(options: argparse.Namespace) -> int:
    """Print the table; raises :class:`ConfigError`."""
    everything = TrackerEvaluation()
    scores: dict[str, TrackScore] = {}
    with opened(options) as folders:
        for name, cases in cases_by_name(folders):
            one = TrackerEvaluation()
            for case in cases:
                data = sequence(case.truth, own_tracks(replay(case)))
                one.add(case.label, data)
                everything.add(case.label, data)
            scores[name] = one.total()
    scores["total"] = everything.total()
    print(table(scores))
    if options.json is not None:
        try:
            options.json.write_text(json.dumps({n: vars(s) for n, s in scores.items()}, indent=1), encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"{options.json}: cannot be written: {error.strerror}", "give another file") from error
    return 0
