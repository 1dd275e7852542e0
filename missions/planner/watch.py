"""From a demand and a fleet to the answer: split, schedule, gaps, and what would meet a demand that cannot be met."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geofences.area import Area
from geofences.border import BorderGeometry
from geofences.errors import PlanError
from geofences.geodesy import FloatArray, LocalFrame
from geofences.shapes import to_lat_lon
from missions.planner.demand import Demand, Piece
from missions.planner.fleet import Fleet, Group, LaunchPoint
from missions.planner.judge import Judge
from missions.planner.line import GroupLine, Track
from missions.planner.schedule import scheduled
from missions.planner.solution import Advice, Aircraft, Patrol, PatrolSolution, Shortfall
from missions.planner.split import BoolArray, IntArray, Share, Splitter, Table, grid, shifted, verdict_of

DEFAULT_CELLS = 240
_PLACES_M = 25.0
_MORE_AIRCRAFT = 12


@dataclass(frozen=True)
class Watch:
    """When: ``duration_s`` of it from ``start_utc_us`` (microseconds since 1970), which tells where forbidden times lie.

    The default beginning is a Monday at midnight.
    """

    duration_s: float = 8.0 * 3600.0
    start_utc_us: int = 4 * 86_400_000_000

    def __post_init__(self) -> None:
        if not (math.isfinite(self.duration_s) and 60.0 <= self.duration_s <= 7 * 86_400.0):
            raise PlanError(f"a watch of {self.duration_s:g} s", "give from one minute to seven days")


def plan_watch(
    area: Area, demand: Demand, fleet: Fleet, watch: Watch | None = None, cells: int = DEFAULT_CELLS,
    longer_ways: Mapping[str, float] | None = None,
) -> PatrolSolution:  # fmt: skip
    """Split the border among the fleet so that the worst lateness is least, and say who flies when.

    Positions of the launch points are the fleet's, not the area's. ``longer_ways``: by how much the ways from a launch point,
    by its name, are longer than straight (:func:`missions.planner.plans.longer_ways`). Raises :class:`PlanError` for a demand
    that is none, a wind above every type's limit, or a fleet with too many groups.
    """
    return _Planner(area, demand, fleet, watch or Watch(), cells, longer_ways or {}).solve()


class _Planner:
    def __init__(
        self, area: Area, demand: Demand, fleet: Fleet, watch: Watch, cells: int, longer_ways: Mapping[str, float]
    ) -> None:
        self.longer_ways = longer_ways
        self.watch, self.fleet, self.area = watch, fleet, area
        wind = math.hypot(*fleet.wind_en_m_s)
        if all(wind > g.performance.wind_max_m_s for g in fleet.groups):
            most = max(g.performance.wind_max_m_s for g in fleet.groups)
            raise PlanError(
                f"the wind of {wind:.1f} m/s is above what any of the aircraft may fly in ({most:g} m/s)", "wait"
            )
        self.frame: LocalFrame = area.frame()
        self.border = BorderGeometry.from_line(area.border, self.frame)
        self.pieces = demand.pieces(self.border.length_m)
        own = 1.0 if area.border.own_side == "left" else -1.0
        self.track = Track.beside(self.border, own, fleet.way.standoff_m)
        self.places = grid(self.pieces, self.border.length_m, cells)
        self.judges = [self._judge(g, fleet.launches) for g in fleet.groups]
        # In more wind than a type may fly in, it stays on the ground.
        self.counts = [g.count if wind <= g.performance.wind_max_m_s else 0 for g in fleet.groups]

    def _judge(self, group: Group, launches: Sequence[LaunchPoint]) -> Judge:
        en = self.frame.to_plane([p.lat_deg for p in launches], [p.lon_deg for p in launches])
        line = GroupLine(group, self.fleet.way, self.fleet.wind_en_m_s, self.track, en, self._detours(launches))
        return Judge(line, self.pieces, self.watch.duration_s, self.fleet.way.relief_s)

    def _detours(self, launches: Sequence[LaunchPoint]) -> FloatArray:
        """1 for a launch point with straight ways; what zones lie in between shows when the plans are built."""
        return np.array([self.longer_ways.get(p.name, 1.0) for p in launches])

    def _launches_of(self, fleet: Fleet) -> list[list[int]]:
        names = [p.name for p in fleet.launches]
        return [list(range(len(names))) if g.launch is None else [names.index(g.launch)] for g in fleet.groups]

    def solve(self) -> PatrolSolution:
        """The answer."""
        more = [c + (_MORE_AIRCRAFT if c else 0) for c in self.counts]
        table = Table(self.judges, self.places, self._launches_of(self.fleet), more)
        splitter, shares, left_out = self._shares(table)
        needed = splitter.fewest(self.counts) if not left_out else None
        patrols = self._patrols(shares)
        along = np.linspace(0.0, self.border.length_m, max(2, math.ceil(self.border.length_m / _PLACES_M) + 1))
        gap, asked = self._gaps(shares, along), self._asked(along)
        shortfalls = self._shortfalls(shares, left_out)
        advice: tuple[Advice, ...] = ()
        if shortfalls:
            whole = Splitter(table, table.asked(self.pieces)) if left_out else splitter
            advice = self._advice(whole, shares, shortfalls)
        patrols, conflicts = scheduled(patrols, self.fleet, self.track, self.frame, self.watch.duration_s,
                                       self._windows(shares), self.watch.start_utc_us)  # fmt: skip
        used = [sum(len(p.aircraft) for p in patrols if p.aircraft[0].group == g) for g in range(len(self.counts))]
        spare = tuple(
            group.performance.name
            for group, have, mine in zip(self.fleet.groups, self.counts, used, strict=True)
            for _ in range(have - mine)
        )
        return PatrolSolution(
            not shortfalls, patrols, self.pieces, along, gap, asked, needed, spare, shortfalls, advice, conflicts,
            self.track, self.watch.duration_s,
        )  # fmt: skip

    # -- the split -----------------------------------------------------------------------------------------------

    def _shares(self, table: Table) -> tuple[Splitter, list[Share], list[Piece]]:
        """The splitter of all that is within reach, the shares, and the parts of the demand that nobody is left for."""
        asked = table.asked(self.pieces)
        cells = asked & table.within_reach(self.counts)
        splitter = Splitter(table, cells)
        if cells.any() and not splitter.possible(self.counts):
            # Too few aircraft to see it all, however rarely: what matters least and lies furthest away is left out.
            order = self._least_wanted(cells)
            kept, low, high = cells, 0, len(order)
            while high - low > max(1, len(order) // 50):
                middle = (low + high) // 2
                trial = cells.copy()
                trial[order[:middle]] = False
                if Splitter(table, trial).possible(self.counts):
                    kept, high = trial, middle
                else:
                    low = middle
            cells = kept if high < len(order) else np.zeros_like(cells)
            splitter = Splitter(table, cells)
        shares = splitter.best(self.counts) if cells.any() else []
        return splitter, shifted(shares, self.judges), self._parts(asked & ~cells)

    def _least_wanted(self, cells: BoolArray) -> IntArray:
        """Cells in the order in which they are given up."""
        some = np.flatnonzero(cells)
        middle = 0.5 * (self.places[some] + self.places[some + 1])
        priority = np.zeros(len(some))
        for piece in self.pieces:
            inside = (middle >= piece.from_m) & (middle <= piece.to_m)
            priority[inside] = piece.priority
        away = np.min(
            [
                judge.line.distance_m(launch, middle)
                for judge, launches in zip(self.judges, self._launches_of(self.fleet), strict=True)
                for launch in launches
            ],
            axis=0,
        )
        return np.asarray(some[np.lexsort((-away, priority))])

    def _parts(self, cells: BoolArray) -> list[Piece]:
        """Runs of cells as pieces of the demand."""
        out: list[Piece] = []
        for piece in self.pieces:
            mine = cells & (self.places[:-1] >= piece.from_m - 0.02) & (self.places[1:] <= piece.to_m + 0.02)
            edges = np.flatnonzero(np.diff(np.concatenate([[False], mine, [False]]).astype(np.int8)))
            for first, last in edges.reshape(-1, 2):
                out.append(replace(piece, from_m=float(self.places[first]), to_m=float(self.places[last])))
        return out

    # -- what it gives -------------------------------------------------------------------------------------------

    def _patrols(self, shares: Sequence[Share]) -> tuple[Patrol, ...]:
        numbers: dict[str, int] = {}
        patrols: list[Patrol] = []
        for share in shares:
            spans, verdict = verdict_of(self.judges, share.kind, share.from_m, share.to_m)
            group = self.fleet.groups[share.kind.group]
            aircraft: list[Aircraft] = []
            for _ in range(share.kind.aircraft):
                name = group.performance.name
                numbers[name] = numbers.get(name, 0) + 1
                aircraft.append(Aircraft(f"{name}-{numbers[name]}", name, share.kind.group, 0))
            places = np.linspace(share.from_m, share.to_m, 41)
            whole = self._share_gaps(share, places)
            lap = self._share_gaps(share, places, within_sortie=True)
            station = float(verdict.laps[0]) * float(spans.lap_s[0])
            patrols.append(
                Patrol(
                    self.fleet.launches[share.kind.launch], tuple(aircraft), share.from_m, share.to_m,
                    float(spans.lap_s[0]), int(verdict.laps[0]), float(verdict.out_s[0]), float(verdict.home_s[0]),
                    float(verdict.period_s[0]), station - float(verdict.period_s[0]), float(whole.max()),
                    float(lap.max()), bool(verdict.enter_low[0]), share.late,
                )
            )  # fmt: skip
        return tuple(patrols)

    def _share_gaps(self, share: Share, along_m: FloatArray, within_sortie: bool = False) -> FloatArray:
        """The longest gap at places within a share."""
        spans, verdict = verdict_of(self.judges, share.kind, share.from_m, share.to_m)
        judge = self.judges[share.kind.group]
        line, w = judge.line, judge.line.half_view_m
        setback = min(line.setback_m, max(0.5 * (share.to_m - share.from_m) - 20.0, 0.0))
        a, b = line.round_trip_s(np.array([share.from_m + setback, share.to_m - setback]))
        before = np.maximum(line.round_trip_s(along_m - w) - a, 0.0)[:, None]
        after = np.maximum(b - line.round_trip_s(along_m + w), 0.0)[:, None]
        hole = np.zeros(1) if within_sortie else verdict.hole_s
        one = replace(spans, before_s=before.T, after_s=after.T, asked=np.ones((1, len(along_m))))
        return np.asarray(judge.turn_gaps(one, verdict.enter_low, hole)[0])

    def _gaps(self, shares: Sequence[Share], along_m: FloatArray) -> FloatArray:
        gap = np.full(len(along_m), np.inf)
        for share in shares:
            # The grid of places is rounded to a millimetre.
            inside = (along_m >= share.from_m - 0.01) & (along_m <= share.to_m + 0.01)
            if inside.any():
                gap[inside] = np.minimum(gap[inside], self._share_gaps(share, along_m[inside]))
        return gap

    def _asked(self, along_m: FloatArray) -> FloatArray:
        asked = np.full(len(along_m), np.inf)
        for p in self.pieces:
            inside = (along_m >= p.from_m) & (along_m <= p.to_m)
            asked[inside] = np.minimum(asked[inside], p.max_gap_s)
        return asked

    def _shortfalls(self, shares: Sequence[Share], left_out: Sequence[Piece]) -> tuple[Shortfall, ...]:
        out = [Shortfall(p.names, p.from_m, p.to_m, p.max_gap_s, None) for p in left_out]
        for piece in self.pieces:
            worst = 0.0
            for share in shares:
                if share.from_m < piece.to_m - 1e-6 and share.to_m > piece.from_m + 1e-6:
                    spans, verdict = verdict_of(self.judges, share.kind, share.from_m, share.to_m)
                    gaps = self.judges[share.kind.group].gaps(spans, verdict.enter_low, verdict.hole_s)
                    worst = max(worst, float(gaps[self.pieces.index(piece), 0]))
            if worst > piece.max_gap_s * 1.000_1:
                out.append(Shortfall(piece.names, piece.from_m, piece.to_m, piece.max_gap_s, worst))
        return tuple(sorted(out, key=lambda s: s.from_m))

    def _windows(self, shares: Sequence[Share]) -> list[tuple[Piece, ...]]:
        return [
            tuple(p for p in self.pieces if share.from_m < p.to_m - 1e-6 and share.to_m > p.from_m + 1e-6)
            for share in shares
        ]

    # -- what would meet it --------------------------------------------------------------------------------------

    def _advice(
        self, splitter: Splitter, shares: Sequence[Share], shortfalls: Sequence[Shortfall]
    ) -> tuple[Advice, ...]:
        found = (
            *self._more_aircraft(splitter),
            *self._slower_demand(shortfalls),
            *self._nearer_launch(shares, shortfalls),
        )
        text = (
            "no number of these aircraft meets it, nor does one launch point more: take aircraft with more endurance, range "
            "or speed, or ask for less"
        )
        return found or (Advice("fleet", text),)

    def _more_aircraft(self, splitter: Splitter) -> list[Advice]:
        """So many more of one type, from the launch point that the answer would use; the types that do it with fewest."""
        out: list[Advice] = []
        usual = splitter.best(self.counts)
        for g, high in self._fewest_more(splitter):
            group = self.fleet.groups[g]
            shares = splitter.best([c + (high if i == g else 0) for i, c in enumerate(self.counts)])
            used: dict[str, int] = {}
            for share in shares:
                if share.kind.group == g:
                    name = self.fleet.launches[share.kind.launch].name
                    used[name] = used.get(name, 0) + share.kind.aircraft
            before: dict[str, int] = {}
            for share in usual:
                if share.kind.group == g:
                    name = self.fleet.launches[share.kind.launch].name
                    before[name] = before.get(name, 0) + share.kind.aircraft
            place = max(used, key=lambda name: used[name] - before.get(name, 0), default=self.fleet.launches[0].name)
            what = f"{high} more aircraft of type" if high > 1 else "one more aircraft of type"
            text = f"{what} {group.performance.name!r} at {place!r}"
            out.append(Advice("aircraft", text, group.performance.name, place, high))
        fewest = min((a.count for a in out), default=0)
        return [a for a in out if a.count == fewest]

    def _slower_demand(self, shortfalls: Sequence[Shortfall]) -> list[Advice]:
        """What this fleet reaches anyway, rounded up to ten seconds."""
        if any(s.reached_s is None for s in shortfalls):
            return []
        gaps = tuple((" and ".join(s.names), 10.0 * math.ceil((s.reached_s or 0.0) / 10.0)) for s in shortfalls)
        words = ", ".join(f"{name}: {gap:.0f} s" for name, gap in gaps)
        return [Advice("demand", f"allow longer gaps ({words})", gaps_s=gaps)]

    def _nearer_launch(self, shares: Sequence[Share], shortfalls: Sequence[Shortfall]) -> list[Advice]:
        """A launch point in the middle of the worst patrol, on our own side."""
        worst = max(shortfalls, key=lambda s: math.inf if s.reached_s is None else s.reached_s / s.asked_s)
        over = [s for s in shares if s.from_m < worst.to_m and s.to_m > worst.from_m]
        middle = 0.5 * (worst.from_m + worst.to_m)
        if over:
            share = max(over, key=lambda s: s.late)
            middle = 0.5 * (share.from_m + share.to_m)
        own = 1.0 if self.area.border.own_side == "left" else -1.0
        place, direction = self.border.at(middle)
        away = self.fleet.way.standoff_m + 150.0
        en = place + own * away * np.array([-direction[1], direction[0]])
        lat, lon = to_lat_lon(en[None], self.frame)[0]
        new = LaunchPoint("new", lat, lon)
        launches = (*self.fleet.launches, new)
        groups = tuple(replace(g, launch=None) if g.launch is not None and g.count else g for g in self.fleet.groups)
        fleet = replace(self.fleet, launches=launches, groups=groups)
        judges = [self._judge(g, launches) for g in groups]
        more = [c + (_MORE_AIRCRAFT if c else 0) for c in self.counts]
        table = Table(judges, self.places, self._launches_of(fleet), more)
        splitter = Splitter(table, table.asked(self.pieces))
        text = f"a launch point near {lat:.5f}, {lon:.5f} ({middle / 1000.0:.1f} km along the border)"
        if splitter.fewest(self.counts) is not None:
            return [Advice("launch", text, lat_deg=lat, lon_deg=lon)]
        both = self._fewest_more(splitter)
        if not both:
            return []
        g, count = min(both, key=lambda found: found[1])
        name = groups[g].performance.name
        text += f" and {count} more aircraft of type {name!r}"
        return [Advice("launch", text, name, "new", count, lat, lon)]

    def _fewest_more(self, splitter: Splitter) -> list[tuple[int, int]]:
        """Groups of which more aircraft would meet the demand, and how many more at the least."""
        found: list[tuple[int, int]] = []
        for g, have in enumerate(self.counts):
            if not have:
                continue

            def counts(extra: int, g: int = g) -> list[int]:
                return [c + (extra if i == g else 0) for i, c in enumerate(self.counts)]

            if splitter.fewest(counts(_MORE_AIRCRAFT)) is None:
                continue
            low, high = 0, _MORE_AIRCRAFT
            while high - low > 1:
                middle = (low + high) // 2
                if splitter.fewest(counts(middle)) is None:
                    low = middle
                else:
                    high = middle
            found.append((g, high))
        return found


def border_length_m(area: Area) -> float:
    """Length of an area's border line."""
    return BorderGeometry.from_line(area.border, area.frame()).length_m
