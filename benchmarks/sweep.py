"""How short sweeps are, on 30 named shapes, against what other stations and planners make of them, in one run.

``python benchmarks/sweep.py [--peers PYTHON] [--json FILE] [--only NAME ...]``

Per shape: the length of our path, its turns, the total in metres when a right angle costs 20 m (planned for that), the
share of the area within half the lane spacing of it, and

* ``plain 0``, ``plain 90``: all lanes in turn at a given angle, half a spacing in from the side, parts of one lane one
  after the other, joined by the shortest way inside the region;
* ``QGC``: the survey as QGroundControl's documents and its transect generator describe it (angle 0, no turnaround):
  lanes at the phase its bounding box gives, each from its first to its last edge, holes and bays flown across;
* ``opencoverage`` and ``coverage-path-planner`` from PyPI, run by the Python that ``--peers`` names (a virtual
  environment of their own with these two installed); without it, or where they fail, the table says so;
* the bound: area / spacing + our own turns (the joins between lanes).

A path counts as an answer only when it sees as much as ours (within 0.2 % of the area) and stays in the region (within
0.5 % of its length); others are shown in brackets. Then the verdict, and exit code 0 when it holds, else 1: ours
sees 99 % and more, stays inside, is at most 1.15 times the bound on the convex shapes, and nowhere longer than a plain sweep
(whatever that sees) or any other answer. Where another is shorter with turns counted, it is printed.
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, Point, Polygon, box

from missions.patterns.lanes import heading_axes
from missions.patterns.routing import Ways
from missions.patterns.sweep import sweep_path, turn_count, turning

SPACING_M = 60.0
TURN_COST_M = 20.0
"""Of a turn by a right angle: a stop of about 4 s at 5 m/s; less for a bend, twice for the way back."""


def shapes() -> dict[str, Polygon]:
    """The thirty, in metres."""
    out: dict[str, Polygon] = {}

    def polygon(name: str, *points: tuple[float, float], holes: tuple[Any, ...] = ()) -> None:
        out[name] = Polygon(points, [h.exterior.coords for h in holes])

    def turned(shape: Any, degrees: float) -> Any:
        return shapely.affinity.rotate(shape, degrees)

    out["rectangle"] = box(0, 0, 1200, 780)
    out["long rectangle"] = box(0, 0, 3000, 300)
    out["square"] = box(0, 0, 960, 960)
    out["rectangle at 30 deg"] = turned(box(0, 0, 1500, 620), 30)
    out["strip at 67 deg"] = turned(box(0, 0, 2400, 240), 67)
    out["circle"] = Point(0, 0).buffer(550)
    out["ellipse at 20 deg"] = turned(shapely.affinity.scale(Point(0, 0).buffer(1), 1000, 400), 20)
    out["hexagon"] = (
        Point(0, 0).buffer(600, quad_segs=1).union(turned(Point(0, 0).buffer(600, quad_segs=1), 45)).convex_hull
    )
    polygon("triangle", (0, 0), (1400, 0), (400, 900))
    polygon("thin triangle", (0, 0), (2400, 300), (900, 500))
    polygon("trapezoid", (0, 0), (1500, 0), (1100, 700), (300, 700))
    polygon("parallelogram", (0, 0), (1200, 200), (1600, 900), (400, 700))
    polygon("kite", (0, 0), (700, 500), (0, 1600), (-700, 500))
    polygon("L", (0, 0), (1200, 0), (1200, 480), (480, 480), (480, 1200), (0, 1200))
    polygon("U", (0, 0), (1200, 0), (1200, 1000), (840, 1000), (840, 360), (360, 360), (360, 1000), (0, 1000))
    polygon("T", (0, 800), (0, 1200), (1500, 1200), (1500, 800), (930, 800), (930, 0), (570, 0), (570, 800))
    out["cross"] = box(-250, -800, 250, 800).union(box(-800, -250, 800, 250))
    polygon("star", *[
        ((900 if k % 2 == 0 else 420) * math.sin(k * math.pi / 5), (900 if k % 2 == 0 else 420) * math.cos(k * math.pi / 5))
        for k in range(10)
    ])  # fmt: skip
    out["comb"] = shapely.union_all([box(0, 0, 1700, 300), *(box(x, 250, x + 300, 1000) for x in (0, 460, 930, 1400))])
    out["H"] = shapely.union_all([box(0, 0, 400, 1300), box(900, 0, 1300, 1300), box(350, 500, 950, 800)])
    out["Z"] = shapely.union_all([box(0, 900, 1000, 1300), box(700, 300, 1000, 1000), box(700, 0, 1800, 400)])
    out["arrow"] = Polygon([(0, 0), (900, 1400), (0, 900), (-900, 1400)])
    out["annulus"] = Point(0, 0).buffer(650).difference(Point(0, 0).buffer(260))
    out["crescent"] = Point(0, 0).buffer(800).difference(Point(450, 0).buffer(620))
    out["rectangle with a hole"] = box(0, 0, 1300, 900).difference(box(500, 330, 830, 600))
    out["square with four holes"] = box(0, 0, 1400, 1400).difference(
        shapely.union_all([box(x, y, x + 220, y + 220) for x in (280, 900) for y in (280, 900)])
    )
    bends = np.array([(0, 0), (500, 250), (1000, 200), (1600, 600), (2300, 650), (2900, 1100)])
    out["river strip"] = LineString(bends).buffer(160, join_style="mitre", cap_style="flat")
    polygon(
        "patrol zone with a village", (0, 100), (700, 0), (1500, 180), (2300, 60), (2400, 700), (1700, 950),
        (1100, 800), (300, 900),
        holes=(Polygon([(900, 300), (1250, 280), (1300, 560), (950, 600)]), Point(1800, 500).buffer(130, quad_segs=4)),
    )  # fmt: skip
    polygon(
        "valley with two farms", (0, 0), (400, 500), (300, 1100), (800, 1600), (1400, 1500), (1100, 1050), (1300, 500),
        (900, 150), (600, 300),
        holes=(box(600, 700, 780, 860), box(900, 1280, 1060, 1400)),
    )  # fmt: skip
    coast = [(x, 900 + 120 * math.sin(x / 170.0) + 60 * math.sin(x / 61.0)) for x in range(0, 2101, 75)]
    polygon("ragged edge", (0, 0), (2100, 150), *reversed(coast), holes=(Point(1000, 450).buffer(170, quad_segs=6),))
    return out


@dataclass(frozen=True)
class Result:
    """One path on one shape. ``seen``: share of the area within half a spacing; ``outside``: share of the length."""

    length_m: float
    turns: int
    right_angles: float
    seen: float
    outside: float
    seconds: float = 0.0

    @property
    def total_m(self) -> float:
        """With the cost of its turns."""
        return self.length_m + TURN_COST_M * self.right_angles


def judge(path: Any, region: Polygon, spacing_m: float, seconds: float = 0.0) -> Result:
    """Measures a path ``(n, 2)``, whoever made it."""
    path = np.asarray(path, dtype=float)
    path = path[np.concatenate([[True], np.hypot(*np.diff(path, axis=0).T) > 1e-6])]
    line = LineString(path)
    seen = region.intersection(line.buffer(0.5 * spacing_m, quad_segs=32)).area / region.area
    outside = line.difference(region.buffer(0.02)).length / line.length
    return Result(line.length, turn_count(path), turning(path), seen, outside, seconds)


def plain_sweep(region: Polygon, spacing_m: float, heading_deg: float) -> np.ndarray:
    """All lanes in turn, nothing clever; joins by the shortest way inside."""
    axes = heading_axes(heading_deg)
    turned = shapely.transform(region, lambda c: c @ axes.T)
    west, low, east, high = turned.bounds
    ways = Ways(turned)
    points: list[np.ndarray] = []
    forward = True
    for k in range(math.ceil((high - low) / spacing_m - 1e-9)):
        y = min(low + (k + 0.5) * spacing_m, 0.5 * (high + low + k * spacing_m))
        cut = turned.intersection(LineString([(west - 1, y), (east + 1, y)]))
        parts = sorted((p.bounds[0], p.bounds[2]) for p in shapely.get_parts(cut) if p.length > 0)
        for a, b in parts if forward else [(b, a) for a, b in reversed(parts)]:
            for x in (a, b):
                here = np.array([x, y])
                if points:
                    way = ways.way(points[-1], here)
                    points += [here] if way is None else list(way[1:])
                else:
                    points.append(here)
        forward = not forward
    return np.array(points) @ axes


def qgc_survey(region: Polygon, spacing_m: float, angle_deg: float = 0.0) -> np.ndarray:
    """The survey of QGroundControl, by its documents: outline only, each lane from its first edge to its last."""
    outline = Polygon(region.exterior)
    west, south, east, north = outline.bounds
    centre = np.array([0.5 * (west + east), 0.5 * (south + north)])
    half = 0.5 * (max(east - west, north - south) + 2000.0)
    axes = heading_axes(angle_deg)
    points: list[np.ndarray] = []
    forward = True
    for across in np.arange(-half, half, spacing_m):
        ends = centre + np.array([[-half, -across], [half, -across]]) @ axes
        met = shapely.get_coordinates(outline.boundary.intersection(LineString(ends)))
        if len(met) < 2:
            continue
        order = np.argsort((met - centre) @ axes[0])
        lane = met[[order[0], order[-1]]]
        points += list(lane if forward else lane[::-1])
        forward = not forward
    return np.array(points)


_PEERS = """
import json, sys, math
job = json.load(sys.stdin)
out = {}
def note(name, who, make):
    try:
        out.setdefault(who, {})[name] = make()
    except BaseException as error:
        out.setdefault(who, {})[name] = "failed: " + repr(error)[:80]
try:
    from shapely.geometry import Polygon
    from opencoverage.geometry.map import SurveyMap
    from opencoverage.patterns.optimal_sweep import OptimalSweepPattern
    from opencoverage.patterns.long_edge import LongEdgePattern
    from opencoverage.patterns.back_forth import BackAndForthPattern
    class Given:
        def generate(self, kind, shell):
            plan = kind.__new__(kind)
            plan.survey_map, plan.lateral_spacing = SurveyMap(Polygon(shell)), job["spacing"]
            plan.n_angle_steps, plan.gpu = 3600, False
            plan.build_mission = lambda way: way
            return [list(map(float, p)) for p in plan.calculate()]
    for name, shape in job["shapes"].items():
        kinds = {"optimal": OptimalSweepPattern, "long edge": LongEdgePattern, "to and fro": BackAndForthPattern}
        for label, kind in kinds.items():
            note(name, "opencoverage " + label, lambda: Given().generate(kind, shape["shell"]))
except Exception as error:
    out["opencoverage"] = repr(error)
try:
    import coverage_path_planner as cpp
    def polygon(points):
        return cpp.Polygon([cpp.Point(*p) for p in points])
    for name, shape in job["shapes"].items():
        for angle in shape["angles"]:
            def make():
                environment = cpp.Environment(polygon(shape["shell"]))
                for hole in shape["holes"]:
                    environment.addObstacle(polygon(hole))
                s = cpp.PathSettings()
                s.pattern, s.offset, s.angle, s.distanceToBorder = "lines", job["spacing"], math.radians(angle), 0.0
                s.mowArea, s.mowBorder, s.borderLaps = True, False, 0
                s.mowExclusionsBorder, s.exclusionsBorderLaps = False, 0
                way = cpp.PathService().computeFullTask(environment, s, cpp.Point(*shape["shell"][0])).path.getPoints()
                return [[p.x, p.y] for p in way][1:]
            note(name, f"coverage-path-planner {angle:g}", make)
except Exception as error:
    out["coverage-path-planner"] = repr(error)
json.dump(out, sys.stdout)
"""


def ask_peers(python: str, named: dict[str, Polygon]) -> dict[str, Any]:
    """Paths of the PyPI planners by (planner, shape); what they could not do as a text in its place."""
    job = {
        "spacing": SPACING_M,
        "shapes": {
            name: {
                "shell": list(map(list, shape.exterior.coords[:-1])),
                "holes": [list(map(list, ring.coords[:-1])) for ring in shape.interiors],
                "angles": [0.0, 90.0],
            }
            for name, shape in named.items()
        },
    }
    done = subprocess.run(
        [python, "-c", _PEERS], check=False, input=json.dumps(job), capture_output=True, text=True, timeout=600
    )
    if done.returncode:
        return {"peers": done.stderr.strip().splitlines()[-1:] or f"exit code {done.returncode}"}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def main() -> int:
    """Runs all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", help="a Python that has opencoverage and coverage-path-planner")
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--only", nargs="*", help="these shapes only")
    parser.add_argument("--pictures", type=Path, help="draw our paths into this folder")
    options = parser.parse_args()
    named = {n: s for n, s in shapes().items() if not options.only or n in options.only}
    peers = ask_peers(options.peers, named) if options.peers else {}
    for who, told in peers.items():
        if isinstance(told, str):
            print(f"{who} did not run: {told}")
    table: dict[str, Any] = {}
    failures: list[str] = []
    turns_lost: list[str] = []
    head = f"{'shape':27}{'ours m':>8}{'turns':>6}{'total':>8}{'seen %':>8}{'bound x':>8}{'s':>6}  others: length m / with turns"
    print(head)
    for name, region in named.items():
        began = time.process_time()
        path = sweep_path(region, SPACING_M)
        ours = judge(path, region, SPACING_M, time.process_time() - began)
        weighed = judge(sweep_path(region, SPACING_M, turn_cost_m=TURN_COST_M), region, SPACING_M)
        total = min(ours.total_m, weighed.total_m)
        if options.pictures:
            draw(path, region, options.pictures / f"{name.replace(' ', '_')}.png")
        convex = region.area > 0.9999 * region.convex_hull.area
        bound = region.area / SPACING_M + _joins_m(path)
        others = {f"plain {h:g}": judge(plain_sweep(region, SPACING_M, h), region, SPACING_M) for h in (0.0, 90.0)}
        others["QGC"] = judge(qgc_survey(region, SPACING_M), region, SPACING_M)
        for who, told in peers.items():
            if isinstance(told, dict):
                way = told.get(name)
                others[who] = judge(way, region, SPACING_M) if isinstance(way, list) and len(way) > 1 else way  # type: ignore
        table[name] = {"ours": asdict(ours), "with_turns": asdict(weighed), "bound_m": bound, "others": {}}
        words = []
        for who, result in others.items():
            if not isinstance(result, Result):
                words.append(f"{who}: {result}")
                table[name]["others"][who] = str(result)
                continue
            answer = result.seen >= ours.seen - 0.002 and result.outside < 0.005
            table[name]["others"][who] = {**asdict(result), "counts": answer or who.startswith("plain")}
            text = f"{who} {result.length_m:.0f}/{result.total_m:.0f}"
            if not answer:
                text = f"({text}, sees {100 * result.seen:.1f} %, {100 * result.outside:.0f} % outside)"
            words.append(text)
            if (answer or who.startswith("plain")) and ours.length_m > result.length_m:
                failures.append(f"{name}: {ours.length_m:.0f} m is longer than {who} with {result.length_m:.0f} m")
            if answer and total > result.total_m:
                turns_lost.append(f"{name}: {total:.0f} m, {who} {result.total_m:.0f} m")
        if convex and ours.length_m > 1.15 * bound:
            failures.append(f"{name}: {ours.length_m / bound:.3f} times the bound")
        if ours.seen < 0.99 or ours.outside > 1e-4:
            failures.append(f"{name}: sees {100 * ours.seen:.2f} %, {100 * ours.outside:.2f} % outside")
        print(
            f"{name:27}{ours.length_m:8.0f}{ours.turns:6d}{total:8.0f}{100 * ours.seen:8.2f}{ours.length_m / bound:8.3f}"
            f"{ours.seconds:6.1f}  {'; '.join(words)}", flush=True,
        )  # fmt: skip
    if options.json:
        options.json.write_text(json.dumps({"spacing_m": SPACING_M, "shapes": table, "failures": failures}, indent=1))
    for name in turns_lost:
        print("with turns counted another is shorter:", name)
    for failure in failures:
        print("FAIL", failure)
    print(f"{'FAIL' if failures else 'PASS'}: {len(named)} shapes, {len(failures)} failures")
    return 1 if failures else 0


def _joins_m(path: np.ndarray) -> float:
    """Length of the turns: every leg that is not along the lanes, whose direction most of the path has."""
    step = np.diff(path, axis=0)
    length = np.hypot(*step.T)
    course = np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 180.0
    apart = np.abs((course[:, None] - course[None] + 90.0) % 180.0 - 90.0)
    along = (apart < 2.0) @ length
    return float(length[apart[int(np.argmax(along))] >= 2.0].sum())


def draw(path: np.ndarray, region: Polygon, file: Path) -> None:
    """A picture of a path."""
    import cv2

    file.parent.mkdir(parents=True, exist_ok=True)
    west, south, east, north = region.bounds
    scale = 900.0 / max(east - west, north - south)

    def pixels(points: Any) -> np.ndarray:
        p = (np.asarray(points) - [west, north]) * [scale, -scale] + 20.0
        return p.round().astype(np.int32)

    picture = np.full((int((north - south) * scale) + 40, int((east - west) * scale) + 40, 3), 255, np.uint8)
    cv2.fillPoly(picture, [pixels(r.coords) for r in (region.exterior, *region.interiors)], (225, 235, 220))
    cv2.polylines(picture, [pixels(path)], False, (160, 60, 20), 2, cv2.LINE_AA)
    cv2.circle(picture, pixels(path[:1])[0].tolist(), 7, (0, 140, 0), -1, cv2.LINE_AA)
    cv2.circle(picture, pixels(path[-1:])[0].tolist(), 7, (0, 0, 200), -1, cv2.LINE_AA)
    cv2.imwrite(str(file), picture)


if __name__ == "__main__":
    sys.exit(main())
