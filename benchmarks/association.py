"""Two stations, two drones, one crowd: how well their tracks are found to be the same. ``python benchmarks/association.py``.

For every setting, seeded flights are simulated: people walk about or along the line, both drones see a part of them, with
an error of the pose that is constant plus one that wanders over some ten seconds, noise of each position, broken tracks,
and two clocks that differ. The neighbour tells a position a second with its CE90 only, as over the wire. Told are, with
identities over both stations' tracks (a pair counts as one identity):

* *IDF1*: of the union of both stations' tracks, the neighbour's under the name of ours while they are associated,
* *ceiling*: IDF1 if every association were right from the first second: tracks break, and a new one has a new name,
* *wrong*: neighbour's seconds on which it was associated with somebody else, *missed*: on which it was with nobody though
  both saw that person (the first seconds of each track are among them: it takes two to compare),
* *NEES* and sigma: of the fused place; 2 is right for two dimensions, less is cautious.

No pictures and no appearance: there is none in what is simulated. About 20 s a setting with ``--flights 10``.
"""

from __future__ import annotations

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import json
from collections import Counter
from dataclasses import asdict, dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from groundstation.share.correlate.association import Associator
from groundstation.share.correlate.fusion import covariance_intersection
from groundstation.share.correlate.history import History, Point

CE90_PER_SIGMA = 2.146
OWN_HZ, SECONDS = 5, 60


@dataclass(frozen=True)
class Setting:
    """``pose_m``: one sigma of each drone's pose error; ``clock_s``: what the neighbour's clock shows more, of which the
    station knows it to ``known_s``."""

    name: str
    people: int = 8
    spacing_m: float = 15.0
    pose_m: float = 3.0
    noise_m: float = 0.7
    clock_s: float = 0.0
    known_s: float = 0.01
    seen: float = 0.8
    speed_m_s: float = 1.4


SETTINGS = (
    Setting("easy"),
    Setting("bias 6 m", pose_m=6.0),
    Setting("clock 1.5 s off, measured to 50 ms", clock_s=1.5, known_s=0.05),
    Setting("bias 6 m and clock", pose_m=6.0, clock_s=1.5, known_s=0.05),
    Setting("vehicles, clock known to 0.2 s", people=5, spacing_m=40.0, speed_m_s=14.0, clock_s=0.8, known_s=0.2),
    Setting("dense: 5 m apart, bias 4 m", people=12, spacing_m=5.0, pose_m=4.0),
    Setting("a group: 2.5 m apart, bias 6 m", people=8, spacing_m=2.5, pose_m=6.0, seen=1.0),
)


def wander(rng: np.random.Generator, n: int, dt_s: float, sigma: float, tau_s: float) -> np.ndarray:
    """An Ornstein-Uhlenbeck process, ``(n, 2)``."""
    f = np.exp(-dt_s / tau_s)
    out = np.empty((n, 2))
    out[0] = rng.normal(0, sigma, 2)
    for i in range(1, n):
        out[i] = f * out[i - 1] + rng.normal(0, sigma * np.sqrt(1 - f * f), 2)
    return out


def fly(setting: Setting, seed: int) -> dict[str, float]:
    """One flight: counts of its seconds."""
    rng = np.random.default_rng(seed)
    n, dt_s = SECONDS * OWN_HZ, 1.0 / OWN_HZ
    side = int(np.ceil(np.sqrt(setting.people)))
    grid = np.array([(i % side, i // side) for i in range(setting.people)]) * setting.spacing_m
    heading = rng.uniform(0, 2 * np.pi)
    common = np.array([np.cos(heading), np.sin(heading)]) * setting.speed_m_s
    true = np.empty((setting.people, n + 1, 2))
    for k in range(setting.people):
        velocity = common * rng.uniform(0.7, 1.2) + wander(rng, n + 1, dt_s, 0.3 * setting.speed_m_s, 8.0)
        true[k] = grid[k] + rng.normal(0, 0.5, 2) + np.cumsum(velocity * dt_s, axis=0)
    names: list[list[np.ndarray]] = []
    for _ in range(2):
        ids = []
        for k in range(setting.people):
            seen = rng.uniform() < setting.seen
            breaks = np.sort(rng.uniform(5, SECONDS, rng.poisson(0.7)))
            t = np.arange(n) * dt_s
            number = np.searchsorted(breaks, t)
            gap = np.any([(t > b) & (t < b + 3.0) for b in breaks], axis=0) if len(breaks) else np.zeros(n, bool)
            ids.append(np.where(seen & ~gap, k * 100 + number + 1, 0))
        names.append(ids)
    pose = [rng.normal(0, setting.pose_m * 0.8, 2) + wander(rng, n, dt_s, setting.pose_m * 0.6, 15.0) for _ in range(2)]
    noise = [rng.normal(0, setting.noise_m, (setting.people, n, 2)) for _ in range(2)]
    sigma2 = setting.pose_m**2 + setting.noise_m**2
    own_cov = np.eye(2) * sigma2
    told_cov = np.eye(2) * (np.ceil(np.sqrt(sigma2) * CE90_PER_SIGMA * 10) / 10 / CE90_PER_SIGMA) ** 2
    measured_us = (setting.clock_s + rng.uniform(-1, 1) * setting.known_s) * 1e6

    associator = Associator()
    own: dict[str, History] = {}
    theirs: dict[str, History] = {}
    counts: Counter[str] = Counter()
    seen_as: dict[int, Counter[str]] = {}
    best_as: dict[int, Counter[str]] = {}
    total = {"a": 0, "b": 0}
    nees: list[float] = []
    for i in range(n):
        t_us = i * dt_s * 1e6 + 1e9
        for k in range(setting.people):
            if names[0][k][i]:
                name = f"a{names[0][k][i]}"
                velocity = (true[k, i + 1] - true[k, i]) / dt_s + rng.normal(0, 0.3, 2)
                place = true[k, i] + pose[0][i] + noise[0][k, i]
                own.setdefault(name, History("person")).add(Point(t_us, place, own_cov, velocity))
        if i % OWN_HZ:
            continue
        live: dict[str, int] = {}
        for k in range(setting.people):
            if names[1][k][i]:
                name = f"b{names[1][k][i]}"
                live[name] = k
                velocity = (true[k, i + 1] - true[k, i]) / dt_s + rng.normal(0, 0.3, 2)
                place = true[k, i] + pose[1][i] + noise[1][k, i]
                told = Point(t_us + setting.clock_s * 1e6, place, told_cov, velocity)
                theirs.setdefault(name, History("person")).add(told)
        own = {m: h for m, h in own.items() if t_us - h.newest.t_us < 2.0e6}
        theirs = {m: h for m, h in theirs.items() if m in live}
        pairings = associator.step(own, theirs, measured_us, setting.known_s * 1e6)
        for name, k in live.items():
            pairing = pairings[name]
            same = pairing.own if pairing.state == "same" else ""
            person = int(same[1:]) // 100 if same else -1
            # Known as a person by our own track of it, else by itself.
            seen_as.setdefault(k, Counter())[same or name] += 1
            best_as.setdefault(k, Counter())[f"a{names[0][k][i]}" if names[0][k][i] else name] += 1
            total["b"] += 1
            both = bool(names[0][k][i])
            counts["right"] += person == k
            counts["wrong"] += person not in (k, -1)
            counts["missed"] += both and person == -1
            counts["both"] += both
            if person == k:
                a, b = own[same].newest, theirs[name].newest
                state, cov, _ = covariance_intersection(
                    a.en_m, a.covariance_m2, b.en_m, b.covariance_m2 + np.outer(b.velocity_m_s, b.velocity_m_s) * 0.04
                )
                error = state - true[k, i]
                nees.append(float(error @ np.linalg.solve(cov, error)))
        for k in range(setting.people):
            if names[0][k][i]:
                seen_as.setdefault(k, Counter())[f"a{names[0][k][i]}"] += 1
                best_as.setdefault(k, Counter())[f"a{names[0][k][i]}"] += 1
                total["a"] += 1
    counts["idtp"] = _identity_hits(seen_as)
    counts["ceiling"] = _identity_hits(best_as)
    seconds = total["a"] + total["b"]
    return {**counts, "seconds": seconds, "nees_sum": sum(nees), "nees_n": len(nees)}


def _identity_hits(seen_as: dict[int, Counter[str]]) -> int:
    """IDTP: the one-to-one assignment of names to people under which most seconds carry the right name."""
    people = sorted(seen_as)
    labels = sorted({label for c in seen_as.values() for label in c})
    hits = np.array([[seen_as[k][label] for label in labels] for k in people])
    rows, columns = linear_sum_assignment(-hits)
    return int(hits[rows, columns].sum())


def score(setting: Setting, flights: int, first_seed: int = 0) -> dict[str, float]:
    """All flights of a setting together."""
    total: Counter[str] = Counter()
    for seed in range(first_seed, first_seed + flights):
        total.update(fly(setting, seed))
    return {
        # Every second of either station's track carries one name, so IDFP = IDFN and IDF1 = IDTP / seconds.
        "idf1": total["idtp"] / total["seconds"],
        "ceiling": total["ceiling"] / total["seconds"],
        "right": total["right"] / max(total["both"], 1),
        "wrong": total["wrong"] / max(total["both"], 1),
        "missed": total["missed"] / max(total["both"], 1),
        "nees": total["nees_sum"] / max(total["nees_n"], 1),
    }


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--flights", type=int, default=10, help="simulated flights of a minute each (10)")
    parser.add_argument("--first-seed", type=int, default=0, metavar="N", help="of the first flight (0)")
    parser.add_argument("--settings", default="", metavar="N,N", help="which settings, from 0; all without it")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    chosen = [SETTINGS[int(n)] for n in options.settings.split(",") if n] or list(SETTINGS)
    results = {s.name: score(s, options.flights, options.first_seed) for s in chosen}
    if options.json:
        print(json.dumps({"flights": options.flights, "settings": [asdict(s) for s in chosen], "results": results}))
        return 0
    print(f"{'setting':40} IDF1  ceiling  right  wrong  missed NEES   ({options.flights} flights of {SECONDS} s)")
    for name, r in results.items():
        print(
            f"{name:40} {r['idf1']:.3f}  {r['ceiling']:.3f}  {r['right']:.3f}  {r['wrong']:.3f}  {r['missed']:.3f}  {r['nees']:.2f}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
