"""Scores of one replayed case: crossings found, missed and extra with their likely causes, and tracks' positions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from geofences.border import BorderGeometry
from vision.evaluate_positions import PositionSampler, PositionScore
from vision.evaluate_replay import Replay, ToldCrossing
from vision.metrics import box_iou
from vision.records import FloatArray

MAX_TIME_S = 15.0
MAX_DISTANCE_M = 25.0
_LOOK_AROUND_S = 20.0


@dataclass(frozen=True)
class CrossingScore:
    """``demanded`` crossings were in view; ``found`` of them were told. ``tolerated``: told, true, but not wholly in view:
    neither demanded nor punished. ``extra_causes``, ``missed_causes``: one short text each."""

    demanded: int
    found: int
    tolerated: int
    extra_causes: tuple[str, ...]
    missed_causes: tuple[str, ...]
    position_error_m: tuple[float, ...]
    time_error_s: tuple[float, ...]

    @property
    def extra(self) -> int:
        """Crossings told that nobody made."""
        return len(self.extra_causes)


def object_of_tracks(run: Replay) -> list[dict[int, int]]:
    """For each frame: which object (an index into the frame's truth) each told track's box lies on."""
    result = []
    for frame, truth in zip(run.frames, run.case.truth, strict=True):
        told = np.flatnonzero(frame.told)
        pairs: dict[int, int] = {}
        if len(told) and len(truth.xyxy):
            iou = box_iou(frame.tracks.xyxy[told], truth.xyxy)
            rows, columns = linear_sum_assignment(-iou)
            pairs = {int(told[r]): int(c) for r, c in zip(rows, columns, strict=True) if iou[r, c] >= 0.3}
        result.append(pairs)
    return result


def score_positions(run: Replay, pairs: list[dict[int, int]]) -> PositionScore:
    """Errors of told tracks on persons, vehicles and two-wheelers; ``pairs`` of :func:`object_of_tracks`."""
    sampler = PositionSampler(run.case.seed)
    for k, told in enumerate(run.case.frames):
        t_s = told.t_utc_us / 1e6
        if not sampler.due(t_s):
            continue
        truth, frame = run.case.truth[k], run.frames[k]
        here = [(i, j) for i, j in pairs[k].items() if truth.counts[j]]
        tracks, objects = [i for i, _ in here], [j for _, j in here]
        sampler.add(t_s, frame.en_m[tracks] - truth.en_m[objects], frame.covariance_m2[tracks],
                    frame.tracks.pose_covariance_m2[tracks])  # fmt: skip
    return sampler.score()


def score_crossings(run: Replay, pairs: list[dict[int, int]]) -> CrossingScore:
    """Match what was told with the truth: within 15 s and 25 m and the same way, one to one, nearest first overall."""
    case = run.case
    told, true = run.crossings, case.crossings
    matched: list[tuple[int, int]] = []
    distance_m = time_s = np.zeros((0, 0))
    if told and true:
        said = case.frame.to_plane([t.event.lat_deg for t in told], [t.event.lon_deg for t in told])
        was = case.frame.to_plane([c.lat_deg for c in true], [c.lon_deg for c in true])
        distance_m = np.linalg.norm(said[:, None] - was[None], axis=-1)
        said_us, was_us = np.array([t.event.t_utc_us for t in told]), np.array([c.t_utc_us for c in true])
        time_s = np.abs(said_us[:, None] - was_us[None]) / 1e6
        same_way = np.array([[t.event.direction == c.direction for c in true] for t in told])
        allowed = (distance_m <= MAX_DISTANCE_M) & (time_s <= MAX_TIME_S) & same_way
        # A crossing in view is always the better partner; a forbidden pair costs more than any allowed set.
        cost = distance_m + time_s + np.array([0.0 if c.in_view else 100.0 for c in true])
        rows, columns = linear_sum_assignment(np.where(allowed, cost, 1e6))
        matched = [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if allowed[r, c]]
    found = [(r, c) for r, c in matched if true[c].in_view]
    explained, reached = {r for r, _ in matched}, {c for _, c in found}
    return CrossingScore(
        sum(c.in_view for c in true),
        len(found),
        len(matched) - len(found),
        tuple(_why_extra(run, pairs, told[i]) for i in range(len(told)) if i not in explained),
        tuple(_why_missed(run, pairs, i) for i, c in enumerate(true) if c.in_view and i not in reached),
        tuple(float(distance_m[r, c]) for r, c in found),
        tuple(float(time_s[r, c]) for r, c in found),
    )


def _objects_under(run: Replay, pairs: list[dict[int, int]], track_id: int, until_us: int) -> list[tuple[int, str]]:
    """Objects that a track lay on, frame by frame, up to a time."""
    seen = []
    for k, frame in enumerate(run.frames):
        if run.case.frames[k].t_utc_us > until_us:
            break
        for i, j in pairs[k].items():
            if frame.tracks.track_id[i] == track_id:
                seen.append((int(run.case.truth[k].object_id[j]), run.case.truth[k].class_name[j]))
    return seen


def _why_extra(run: Replay, pairs: list[dict[int, int]], told: ToldCrossing) -> str:
    """What lay under a track that was told for crossing and matches no crossing."""
    under = _objects_under(run, pairs, int(str(told.event.track_id)), told.event.t_confirmed_utc_us)
    if not under:
        return "clutter"
    (name, _), most = Counter(under).most_common(1)[0]
    kind = dict(under)[name]
    if kind == "animal":
        return "animal"
    late = [c for c in run.case.crossings if c.object_id == name]
    if most < 0.8 * len(under):
        return f"{kind} {name}: identity switched ({len(set(under))} objects)"
    if any(abs(c.t_utc_us - told.event.t_utc_us) < 60e6 for c in late):
        return f"{kind} {name}: crossed, but told twice, elsewhere or the other way"
    return f"{kind} {name}: drift (did not cross), p {told.event.probability:.2f}"


def _why_missed(run: Replay, pairs: list[dict[int, int]], index: int) -> str:
    """What the tracks on a missed crosser did around the time."""
    case, crossing = run.case, run.case.crossings[index]
    geometry = BorderGeometry.from_line(case.border, case.frame)
    rows: dict[int, list[tuple[float, float, float]]] = {}
    boxed, shown = 0, 0
    for k, frame in enumerate(run.frames):
        t_s = (case.frames[k].t_utc_us - crossing.t_utc_us) / 1e6
        at = np.flatnonzero(case.truth[k].object_id == crossing.object_id)
        if abs(t_s) > _LOOK_AROUND_S or not len(at):
            continue
        shown += 1
        boxed += int(_is_boxed(frame.detections.xyxy, case.truth[k].xyxy[at]))
        for i, j in pairs[k].items():
            if j == at[0]:
                fix = geometry.locate(frame.en_m[i])
                n = fix.normal_en
                sigma = float(np.sqrt(n @ frame.covariance_m2[i] @ n))
                rows.setdefault(int(frame.tracks.track_id[i]), []).append((t_s, float(fix.signed_distance_m), sigma))
    told = f"{case.label}: {crossing.class_name} {crossing.object_id}, boxed in {boxed} of {shown} frames"
    if not rows:
        return f"not tracked ({told})"
    best, parts = "tracks broken", []
    for number, seen in sorted(rows.items(), key=lambda r: r[1][0]):
        d, s = np.array([r[1] for r in seen]), np.array([r[2] for r in seen])
        parts.append(
            f"{number}: {seen[0][0]:+.1f}..{seen[-1][0]:+.1f} s, d {d[0]:+.1f}..{d[-1]:+.1f} m, "
            f"d/s {(d / s).min():+.1f}..{(d / s).max():+.1f}"
        )
        if d.min() < -3.0 and d.max() > 3.0:
            best = "rule"
    return f"{best} ({told}; {'; '.join(parts)})"


def _is_boxed(boxes: FloatArray, truth_xyxy: FloatArray) -> bool:
    return bool(len(boxes)) and bool((box_iou(boxes, truth_xyxy) > 0.3).any())
