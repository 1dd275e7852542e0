"""Own tracks: a symbol by class for each, and for the ones that matter an ellipse, a trail, a velocity and a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray

from geofences.area import Area
from groundstation.console import i18n
from groundstation.console.map.freshness import heard_mono_s, old_words
from groundstation.console.map.graphics import (
    FloatArray,
    Lines,
    Stamps,
    Strokes,
    Word,
    Words,
    ellipse_pieces,
    ring_pieces,
)
from groundstation.console.map.layers.base import Layer
from groundstation.console.map.layers.trails import Trails
from groundstation.console.map.projection import polyline, to_mercator
from groundstation.console.map.symbols import DrawStamp, stamp
from groundstation.console.map.tools import LegendRow
from groundstation.core.clock import Clock
from groundstation.core.records import Incident, VideoTracks
from vision.records import CLASS_NAMES, GroundTracks, TrackStatus

CHI2_90 = 4.605  # 90 % quantile of chi-squared with 2 degrees of freedom
STALE_S = 2.0
_FORGET_S = 600.0
_MATTER, _ELLIPSES, _NAMED = 200, 60, 30
_CHOSEN_EVERY_S = 1.0
_VECTOR_S = 10.0
_SHAPES = ("circle", "square", "triangle", "cross")
_UNSURE = len(CLASS_NAMES)
_CONFIRMED, _COASTING, _STALE = range(3)
TrackKey = tuple[str, int]
_NOBODY: NDArray[np.int64] = np.zeros(0, dtype=np.int64)


def _drawings() -> list[DrawStamp]:
    """Index ``3 * class + look``."""
    made: list[DrawStamp] = []
    for shape in _SHAPES:
        size = 4.0 if shape != "square" else 3.8
        made += [
            stamp(shape, size, "own", "background"),
            stamp(shape, size, None, "own", 1.4),
            stamp(shape, size, None, "off", 1.2),
        ]
    return made


@dataclass
class _Stream:
    record: VideoTracks
    mono_s: float
    shown: NDArray[np.intp]
    ids: NDArray[np.int64]
    xy: FloatArray
    kind: NDArray[np.int64]
    trails: Trails = field(default_factory=Trails)
    stale: bool = False
    drawn: tuple[object, _Drawn] | None = None
    """What was worked out of this record, and of what besides: a map is painted more often than a stream has news."""


@dataclass(frozen=True)
class _Drawn:
    trails: FloatArray
    rims: FloatArray
    vectors: FloatArray
    words: list[Word]


def class_kinds(tracks: GroundTracks, rows: NDArray[np.intp]) -> NDArray[np.int64]:
    """Index of the class, or one more than the last when none has half the probability."""
    probability = tracks.class_probability[rows]
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    best = probability.argmax(axis=1)
    return np.where(probability[np.arange(len(rows)), best] >= 0.5, best, _UNSURE)


class TracksLayer(Layer):
    """All tracks of all our streams. ``view_box`` gives what is seen: (west, south, east, north) in Mercator metres."""

    def __init__(
        self, area: Area | None, clock: Clock, view_box: Callable[[], tuple[float, float, float, float]]
    ) -> None:
        super().__init__("tracks", i18n.text("map", "Own tracks"), i18n.text("map", "Seen"), clock)
        self.trails, self.ellipses = Lines(29), Lines(30)
        self.points, self.words = Stamps(32, _drawings, 13), Words(35, _NAMED)
        self._streams: dict[str, _Stream] = {}
        self._border = shapely.LineString(polyline(area.border.points)) if area is not None else None
        self._view_box = view_box
        self._linked: dict[str, TrackKey] = {}
        self._chosen: TrackKey | None = None
        self._matter: dict[str, NDArray[np.int64]] = {}
        self._ranked_s = -np.inf
        self._rankings = 0

    def items(self) -> Sequence[object]:
        return (self.trails, self.ellipses, self.points, self.words)

    def restyle(self) -> None:
        super().restyle()
        self.points.restyle()

    # -- what comes in -------------------------------------------------------------------------------------------

    def on_tracks(self, record: VideoTracks) -> None:
        """The newest tracks of one stream."""
        tracks = record.tracks
        shown = np.flatnonzero(tracks.status != TrackStatus.TENTATIVE)
        xy = to_mercator(tracks.lat_deg[shown], tracks.lon_deg[shown]).reshape(-1, 2)
        ids = tracks.track_id[shown].astype(np.int64)
        look = np.where(tracks.status[shown] == TrackStatus.COASTING, _COASTING, _CONFIRMED)
        kind = 3 * class_kinds(tracks, shown) + look
        mono_s = heard_mono_s(self.clock, t_mono_ns=tracks.t_mono_ns)
        before = self._streams.get(record.stream)
        trails = before.trails if before is not None else Trails()
        self._streams[record.stream] = _Stream(record, mono_s, shown, ids, xy, kind, trails)
        trails.add(ids, xy, mono_s)
        self.changed()

    def on_incident(self, incident: Incident) -> None:
        """A track that an incident tells of matters until somebody has acknowledged it."""
        stream, dash, number = incident.track_id.rpartition("-")
        if not dash or not number.isdigit():
            return
        if incident.acknowledged_utc_us:
            self._linked.pop(incident.incident_id, None)
        else:
            self._linked[incident.incident_id] = (stream, int(number))
        self._ranked_s = -np.inf
        self.changed()

    def choose(self, track: TrackKey | None) -> None:
        """The track that the operator has picked."""
        self._chosen = track
        self._ranked_s = -np.inf
        self.changed()

    # -- what it tells -------------------------------------------------------------------------------------------

    def nearest(self, x: float, y: float, within: float) -> TrackKey | None:
        """The track nearest to a place (Mercator metres) within a distance, for a click."""
        best: tuple[float, TrackKey] | None = None
        for name, stream in self._streams.items():
            if not len(stream.xy):
                continue
            far = np.hypot(stream.xy[:, 0] - x, stream.xy[:, 1] - y)
            row = int(np.argmin(far))
            if far[row] <= within and (best is None or far[row] < best[0]):
                best = (float(far[row]), (name, int(stream.ids[row])))
        return best[1] if best is not None else None

    def place_of(self, track: TrackKey) -> tuple[float, float] | None:
        """(lat, lon) of a track that is shown."""
        stream = self._streams.get(track[0])
        rows = np.flatnonzero(stream.ids == track[1]) if stream is not None else ()
        if stream is None or not len(rows):
            return None
        row = stream.shown[rows[0]]
        return float(stream.record.tracks.lat_deg[row]), float(stream.record.tracks.lon_deg[row])

    def age_text(self) -> str:
        """Which streams are old."""
        old = [
            f"{name} {old_words(self.now_s - s.mono_s)}"
            for name, s in sorted(self._streams.items())
            if len(s.ids) and self.now_s - s.mono_s > STALE_S
        ]
        return ", ".join(old)

    def legend(self) -> Sequence[LegendRow]:
        text = i18n.text("map", "person"), i18n.text("map", "vehicle"), i18n.text("map", "two-wheeler")
        rows = [LegendRow("own", shape, word) for shape, word in zip(("dot", "box", "wedge"), text, strict=True)]
        return (
            *rows,
            LegendRow("own", "cross", i18n.text("map", "class not sure")),
            LegendRow("own", "ring", i18n.text("map", "90 % ellipse; hollow: not seen now")),
        )

    # -- drawing -------------------------------------------------------------------------------------------------

    def look(self) -> object:
        """Whole seconds of age of the streams that are old."""
        now_s = self.now_s
        return tuple((name, int(now_s - s.mono_s)) for name, s in self._streams.items() if now_s - s.mono_s > STALE_S)

    def draw(self) -> None:
        now_s = self.now_s
        for name in [n for n, s in self._streams.items() if now_s - s.mono_s > _FORGET_S]:
            del self._streams[name]
        streams = self._streams
        if not streams:
            self.points.set_points(np.zeros((0, 2)), np.zeros(0, dtype=np.int64))
            for lines in (self.trails, self.ellipses):
                lines.set_strokes()
            self.words.set_words(())
            return
        for stream in streams.values():
            stream.stale = now_s - stream.mono_s > STALE_S
        self.points.set_points(
            np.concatenate([s.xy for s in streams.values()]),
            np.concatenate([s.kind // 3 * 3 + _STALE if s.stale else s.kind for s in streams.values()]),
        )
        if now_s - self._ranked_s >= _CHOSEN_EVERY_S:
            self._ranked_s = now_s
            self._matter = self._rank()
            self._rankings += 1
        self._draw_what_matters()

    def _rank(self) -> dict[str, NDArray[np.int64]]:
        """The ids of the 200 tracks that matter by stream, the most important first.

        The picked one and those of open incidents come first, then those in view, by how near the border they are.
        """
        names, ids, score = [], [], []
        west, south, east, north = self._view_box()
        linked = set(self._linked.values())
        for k, (name, s) in enumerate(self._streams.items()):
            away = np.zeros(len(s.ids))
            if self._border is not None and len(s.ids):
                away = np.asarray(shapely.distance(shapely.points(s.xy), self._border))
            x, y = s.xy[:, 0], s.xy[:, 1]
            away = away + 1e9 * ~((x > west) & (x < east) & (y > south) & (y < north))
            for stream, number in (*linked, *([self._chosen] if self._chosen else [])):
                if stream == name:
                    away[s.ids == number] = -2.0 if (stream, number) == self._chosen else -1.0
            names.append(np.full(len(s.ids), k))
            ids.append(s.ids)
            score.append(away)
        all_score, all_ids, all_names = np.concatenate(score), np.concatenate(ids), np.concatenate(names)
        best = np.argpartition(all_score, _MATTER)[:_MATTER] if len(all_score) > _MATTER else np.arange(len(all_score))
        best = best[np.argsort(all_score[best], kind="stable")]
        return {name: all_ids[best][all_names[best] == k] for k, name in enumerate(self._streams)}

    def _draw_what_matters(self) -> None:
        trails, ellipses, vectors, dim, rings, words = [], [], [], [], [], []
        share = max(1, len(self._streams))
        for name, s in self._streams.items():
            if not len(s.ids):
                continue
            # A stale record's words count its seconds.
            of = (self._rankings, share, int(self.now_s - s.mono_s) if s.stale else -1)
            if s.drawn is None or s.drawn[0] != of:
                s.drawn = of, self._worked_out(s, self._matter.get(name, _NOBODY), share)
            made = s.drawn[1]
            trails.append(made.trails)
            (dim if s.stale else ellipses).append(made.rims)
            vectors.append(made.vectors)
            words += made.words
            if self._chosen is not None and self._chosen[0] == name:
                rings.append(s.xy[s.ids == self._chosen[1]])
        self.trails.set_strokes(Strokes(_all(trails), "own", 1.0, 150, smooth=False))
        self.ellipses.set_strokes(
            Strokes(_all(ellipses), "own", 1.2), Strokes(_all(vectors), "own", 1.8), Strokes(_all(dim), "off", 1.0),
            Strokes(self._marks(rings), "selected", 2.0),
        )  # fmt: skip
        self.words.set_words(words)

    def _worked_out(self, s: _Stream, matter: NDArray[np.int64], share: int) -> _Drawn:
        """Trails, ellipses, velocities and names of the tracks of one stream that matter."""
        order = np.argsort(s.ids, kind="stable")
        at = np.minimum(np.searchsorted(s.ids[order], matter), len(s.ids) - 1)
        rows = order[at][s.ids[order][at] == matter]
        top = rows[: max(1, _ELLIPSES // share)]
        tracks, full = s.record.tracks, s.shown[top]
        k = 1.0 / np.cos(np.radians(tracks.lat_deg[full]))
        ahead = tracks.velocity_en_m_s[full] * (_VECTOR_S * k)[:, None]
        return _Drawn(
            s.trails.pieces(s.ids[rows], s.xy[rows]),
            ellipse_pieces(s.xy[top], tracks.covariance_en[full, :2, :2], CHI2_90, k),
            np.zeros((0, 4)) if s.stale else np.concatenate([s.xy[top], s.xy[top] + ahead], axis=1),
            [self._word(s, int(row)) for row in top[: max(1, _NAMED // share)]],
        )

    def _marks(self, rings: list[FloatArray]) -> FloatArray:
        """A ring of 12 pixels round the picked track, told in metres of the present zoom."""
        places = np.concatenate(rings) if rings else np.zeros((0, 2))
        if not len(places):
            return np.zeros((0, 4))
        west, _, east, _ = self._view_box()
        return ring_pieces(places, np.full(len(places), (east - west) / 80.0))

    def _word(self, stream: _Stream, row: int) -> Word:
        tracks, full = stream.record.tracks, stream.shown[row]
        kind = int(stream.kind[row]) // 3
        what = i18n.text("map", CLASS_NAMES[kind]) if kind < len(CLASS_NAMES) else i18n.text("map", "unsure")
        text = f"{what} {int(tracks.track_id[full]) % 1_000_000}"
        if stream.stale:
            text += f", {old_words(self.now_s - stream.mono_s)}"
        else:
            unseen_s = (tracks.t_utc_us - int(tracks.last_seen_utc_us[full])) / 1e6
            if unseen_s >= 1.5:
                text += i18n.fill(i18n.text("map", ", not seen for {n} s"), n=round(unseen_s))
        x, y = stream.xy[row]
        return Word(float(x), float(y), text, "dim" if stream.stale else "own", (8.0, -8.0), plate=120)


def _all(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate(parts) if parts else np.zeros((0, 4))
