"""The crossing rule measured: ``python -m benchmarks.crossing TRACKS... | --drift``.

With files of real tracks (Stanford Drone Dataset): a vertical and a horizontal line through the middle of what each file
shows, 10 frames a second, every edge of every box moved by 0, 2 and 5 px. Truth is taken from the centres of the boxes as
they are in the file: from 15 px on one side to 15 px on the other, each for three frames in a row. Ours stands beside the
sign of the centre, supervision's LineZone (centre with threshold 3; its default of four corners) and a hysteresis band of
8 px and three frames.

With ``--drift``: made-up tracks at a border with the errors of a camera 110 m up (``crossing_drift``): how many crossings
are found, by how far to both sides they were in view, and how many are made up, by strictness of the rule.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import supervision as sv

from benchmarks.crossing_drift import Kind, Track, population
from geofences.area import BorderLine
from geofences.crossing import CrossingDetector, CrossingSettings
from geofences.geodesy import FloatArray, LocalFrame
from vision.evaluate_crossing import BOX_SIGMA_PX, LineWatch, PixelTrack, read_tracks

TRUTH_BAND_PX, BAND_PX, FRAMES = 15.0, 8.0, 3
Line = tuple[float, float, float, float]
Rule = Callable[[PixelTrack, Line, float], int]


def distance_px(track: PixelTrack, line: Line) -> FloatArray:
    """Of the boxes' centres from the line, one side positive."""
    x1, y1, x2, y2 = line
    ahead = np.array([x2 - x1, y2 - y1]) / np.hypot(x2 - x1, y2 - y1)
    away = 0.5 * (track.xyxy[:, :2] + track.xyxy[:, 2:]) - np.array([x1, y1])
    return np.asarray(away[:, 0] * ahead[1] - away[:, 1] * ahead[0])


def band_changes(distance: FloatArray, band_px: float) -> int:
    """Changes of side, a side being told after ``FRAMES`` in a row beyond the band."""
    side = run_side = run_length = changes = 0
    for d in distance.tolist():
        now = int(d > band_px) - int(d < -band_px)
        run_length = run_length + 1 if now and now == run_side else 1
        run_side = now
        if now and run_length >= FRAMES:
            changes += side == -now
            side = now
    return changes


def line_zone(track: PixelTrack, line: Line, anchors: Sequence[sv.Position] | None, threshold: int) -> int:
    """What supervision counts, in and out together."""
    ends = sv.Point(line[0], line[1]), sv.Point(line[2], line[3])
    kind = {} if anchors is None else {"triggering_anchors": anchors}
    zone = sv.LineZone(*ends, minimum_crossing_threshold=threshold, **kind)
    for box in track.xyxy:
        zone.trigger(sv.Detections(xyxy=box[None], class_id=np.zeros(1, dtype=int), tracker_id=np.ones(1, dtype=int)))
    return int(zone.in_count + zone.out_count)


def ours(track: PixelTrack, line: Line, jitter_px: float) -> int:
    """What the station's rule tells."""
    return len(LineWatch(line, box_sigma_px=float(np.hypot(BOX_SIGMA_PX, jitter_px / np.sqrt(2.0)))).crossings(track))


RULES: dict[str, Rule] = {
    "Marchwarden": ours,
    "sign of the centre": lambda t, line, j: int((np.diff(np.sign(distance_px(t, line))) != 0).sum()),
    "LineZone, centre, threshold 3": lambda t, line, j: line_zone(t, line, [sv.Position.CENTER], 3),
    "LineZone default": lambda t, line, j: line_zone(t, line, None, 1),
    "hysteresis 8 px, 3 frames": lambda t, line, j: band_changes(distance_px(t, line), BAND_PX),
}


def real_tracks(paths: Sequence[Path]) -> None:
    """Print the table of VISION's kind."""
    pairs = []
    for path in paths:
        tracks = [t for t in (t.every(3) for t in read_tracks(path)) if len(t.frame) >= 5]
        boxes = np.concatenate([t.xyxy for t in tracks])
        (x0, y0), (x1, y1) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        for line in ((x, y0, x, y1), (x0, y, x1, y)):
            # Who never comes near can be no error of any rule.
            near = [t for t in tracks if np.abs(distance_px(t, line)).min() < 60.0]
            pairs += [(t, line, band_changes(distance_px(t, line), TRUTH_BAND_PX)) for t in near]
    true = sum(t for _, _, t in pairs)
    print(f"{len(pairs)} pairs of a track and a line, {true} true crossings; extra / missed at 0, 2, 5 px")
    for name, rule in RULES.items():
        cells = []
        for jitter_px in (0.0, 2.0, 5.0):
            rng, extra, missed = np.random.default_rng(1), 0, 0
            for track, line, truth in pairs:
                told = rule(track.jittered(jitter_px, rng) if jitter_px else track, line, jitter_px)
                extra, missed = extra + max(0, told - truth), missed + max(0, truth - told)
            cells.append(f"{100 * extra / true:6.1f} % / {100 * missed / true:4.1f} %")
        print(f"{name:32s}" + "   ".join(cells), flush=True)


FRAME = LocalFrame(49.05, 22.70)


def told(tracks: Sequence[Track], settings: CrossingSettings) -> list[int]:
    """How many crossings are told of each track."""
    lat, lon = FRAME.from_plane(np.array([(-2000.0, 0.0), (2000.0, 0.0)]))
    border = BorderLine(tuple(zip(lat.tolist(), lon.tolist(), strict=True)), "left", "right", "right")
    detector, counts = CrossingDetector(border, FRAME, settings), [0] * len(tracks)
    frames: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for number, track in enumerate(tracks):
        for i, t_us in enumerate(track.t_us.tolist()):
            frames[t_us].append((number, i))
    for t_us in sorted(frames):
        rows = frames[t_us]
        columns = (np.array([getattr(tracks[n], name)[i] for n, i in rows])
                   for name in ("en_m", "covariance_m2", "pose_covariance_m2"))  # fmt: skip
        for event in detector.update_all([n for n, _ in rows], t_us, *columns, [7.0] * len(rows)):
            counts[int(str(event.track_id))] += event.probability >= 0.5
    return counts


def drift(seed: int, scale: float) -> None:
    """Print the operating characteristics."""
    counts: dict[Kind, int] = {"crosser": 600, "turner": 1200, "parallel": 100, "stander": 100, "arriver": 200}
    tracks = population(seed, {kind: max(1, round(scale * n)) for kind, n in counts.items()})
    edges = (10, 12, 15, 20, 30, 60)
    print("found, by the smaller way in view on either side of the line, and told of those who do not cross, per cent")
    print("  k  evidence | " + " ".join(f"{a}-{b} m" for a, b in itertools.pairwise(edges)) + "   all | others")
    base = CrossingSettings()
    for k_sigma, evidence in ((2.0, 2.5), (2.2, 4.0), (base.k_sigma, base.evidence), (2.8, 6.0), (3.2, 7.0)):
        n = told(tracks, replace(base, k_sigma=k_sigma, evidence=evidence))
        found = np.array([n[i] > 0 for i, t in enumerate(tracks) if t.kind == "crosser"])
        way = np.array([min(t.before_m, t.behind_m) for t in tracks if t.kind == "crosser"])
        bins = [100 * found[(way >= a) & (way < b)].mean() for a, b in itertools.pairwise(edges)]
        others = [
            f"{kind} {100 * np.mean([n[i] for i, t in enumerate(tracks) if t.kind == kind]):.2f}"
            for kind in counts
            if kind != "crosser"
        ]
        row = " ".join(f"{b:7.1f}" for b in bins)
        print(f"{k_sigma:5.1f} {evidence:6.1f}  | {row} {100 * found.mean():6.1f} | {', '.join(others)}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="Measure the crossing rule.")
    parser.add_argument("tracks", nargs="*", type=Path, help="files of the Stanford Drone Dataset")
    parser.add_argument("--drift", action="store_true", help="made-up tracks with a camera's drifting error")
    parser.add_argument("--seed", type=int, default=1, help="of the made-up tracks (default 1)")
    parser.add_argument("--scale", type=float, default=1.0, help="share of the usual 2200 made-up tracks (default 1)")
    options = parser.parse_args(arguments)
    if not options.tracks and not options.drift:
        parser.error("give files of tracks, or --drift")
    if options.tracks:
        real_tracks(options.tracks)
    if options.drift:
        drift(options.seed, options.scale)
    return 0


if __name__ == "__main__":
    sys.exit(main())
