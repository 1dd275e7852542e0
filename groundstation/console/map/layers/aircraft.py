"""Aircraft with their trails, what their cameras see, the wind on them and where they will meet a fence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QPainter

from groundstation.console import i18n
from groundstation.console.map.freshness import heard_mono_s, old_words
from groundstation.console.map.graphics import (
    FloatArray,
    Lines,
    Shape,
    ShapeSet,
    Stamps,
    Strokes,
    Word,
    Words,
    joined,
    outline_path,
    pieces_of,
)
from groundstation.console.map.layers.base import Layer
from groundstation.console.map.projection import polyline, scale, to_mercator
from groundstation.console.map.symbols import DrawStamp, stamp
from groundstation.console.map.tools import LegendRow
from groundstation.core import topics
from groundstation.core.clock import Clock
from groundstation.core.forecast_records import BreachAhead, FlightForecast
from groundstation.core.records import VehicleId, VehicleState, VideoTracks

_TRAIL = 1500
_STEP_M = 1.0
_LIVE, _OLD, _LIVE_CHOSEN, _OLD_CHOSEN = range(4)
_FOOTPRINT_FORGET_S = 120.0


def _ringed(inner: DrawStamp, colour: str) -> DrawStamp:
    """A ring round the aircraft that orders are for."""

    def draw(painter: QPainter, room: float) -> None:
        stamp("circle", 18.5, None, colour, 1.6)(painter, room)
        inner(painter, room)

    return draw


def _drawings() -> list[DrawStamp]:
    return [
        stamp("arrow", 14.0, "aircraft", "background", 1.6),
        stamp("arrow", 14.0, None, "off", 1.6, dashed=True),
        _ringed(stamp("arrow", 14.0, "aircraft", "background", 1.6), "selected"),
        _ringed(stamp("arrow", 14.0, None, "off", 1.6, dashed=True), "off"),
    ]


@dataclass
class _Flown:
    state: VehicleState
    mono_s: float
    trail: FloatArray = field(default_factory=lambda: np.zeros((_TRAIL, 2)))
    length: int = 0

    def add(self, xy: FloatArray) -> None:
        if self.length and np.hypot(*(xy - self.trail[self.length - 1])) < _STEP_M:
            return
        if self.length == _TRAIL:
            # Every second of the older half: an hour's flight keeps its shape in the same room.
            half = _TRAIL // 2
            self.trail[: half // 2] = self.trail[:half:2][: half // 2]
            self.trail[half // 2 : _TRAIL - half + half // 2] = self.trail[half:].copy()
            self.length = _TRAIL - half + half // 2
        self.trail[self.length] = xy
        self.length += 1


class AircraftLayer(Layer):
    """All aircraft."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("aircraft", i18n.text("map", "Aircraft, way flown"), i18n.text("map", "Flight"), clock)
        self.trails, self.points, self.words = Lines(20), Stamps(50, _drawings, 41), Words(51)
        self._flown: dict[VehicleId, _Flown] = {}
        self._chosen: VehicleId | None = None

    def items(self) -> Sequence[object]:
        return (self.trails, self.points, self.words)

    def restyle(self) -> None:
        super().restyle()
        self.points.restyle()

    def on_state(self, state: VehicleState) -> None:
        """An aircraft tells where it is."""
        if not (math.isfinite(state.lat_deg) and math.isfinite(state.lon_deg)):
            return
        flown = self._flown.get(state.vehicle_id)
        mono_s = heard_mono_s(self.clock, state.t_utc_us, state.t_mono_ns)
        if flown is None:
            flown = self._flown[state.vehicle_id] = _Flown(state, mono_s)
        flown.state, flown.mono_s = state, mono_s
        if state.link_alive:
            flown.add(to_mercator(state.lat_deg, state.lon_deg))
        self.changed()

    def choose(self, vehicle: VehicleId | None) -> None:
        """The aircraft that orders are for."""
        self._chosen = vehicle
        self.changed()

    def place_of(self, vehicle: VehicleId | None) -> tuple[float, float] | None:
        """(lat, lon) of an aircraft; of the only one for None."""
        if vehicle is None and len(self._flown) == 1:
            vehicle = next(iter(self._flown))
        flown = self._flown.get(vehicle) if vehicle is not None else None
        return (flown.state.lat_deg, flown.state.lon_deg) if flown is not None else None

    def nearest(self, x: float, y: float, within: float) -> VehicleId | None:
        """The aircraft nearest to a place (Mercator metres) within a distance."""
        found = [
            (float(np.hypot(*(to_mercator(f.state.lat_deg, f.state.lon_deg) - (x, y)))), v)
            for v, f in self._flown.items()
        ]
        best = min(found, default=(math.inf, None), key=lambda one: one[0])
        return best[1] if best[0] <= within else None

    def _age_s(self, flown: _Flown) -> float:
        """0 while it is live."""
        age_s = self.now_s - flown.mono_s
        if not flown.state.link_alive and math.isfinite(flown.state.heartbeat_age_s):
            return max(age_s + flown.state.heartbeat_age_s, topics.VEHICLE_STATE.max_age_s + 0.1)
        return age_s if age_s > topics.VEHICLE_STATE.max_age_s or not flown.state.link_alive else 0.0

    def look(self) -> object:
        return tuple(int(self._age_s(f)) for f in self._flown.values())

    def draw(self) -> None:
        xy, kinds, turns, words, live, old = [], [], [], [], [], []
        for vehicle, flown in self._flown.items():
            state, age_s = flown.state, self._age_s(flown)
            place = to_mercator(state.lat_deg, state.lon_deg)
            chosen = vehicle == self._chosen
            xy.append(place)
            is_old = age_s > 0.0 or not state.link_alive
            kinds.append((_OLD if is_old else _LIVE) + (2 if chosen else 0))
            turns.append(state.yaw_deg if math.isfinite(state.yaw_deg) else 0.0)
            (old if is_old else live).append(pieces_of(flown.trail[: flown.length]))
            words.append(self._word(state, place, age_s, is_old))
        self.points.set_points(np.array(xy).reshape(-1, 2), np.array(kinds, dtype=np.int64), np.array(turns))
        self.trails.set_strokes(
            Strokes(joined(live), "aircraft", 1.0, 130, smooth=False), Strokes(joined(old), "off", 1.0, smooth=False)
        )
        self.words.set_words(words)

    @staticmethod
    def _word(state: VehicleState, place: FloatArray, age_s: float, is_old: bool) -> Word:
        text = f"{state.vehicle_id.system_id}"
        if is_old:
            text += f"  {i18n.text('map', 'NO LINK') if not state.link_alive else ''} {old_words(age_s)}"
        else:
            if state.mode:
                text += f"  {state.mode}"
            if math.isfinite(state.alt_rel_home_m):
                text += f"  {state.alt_rel_home_m:.0f} m"
        colour = "dim" if is_old else "aircraft"
        return Word(float(place[0]), float(place[1]), text, colour, (16.0, 14.0), bold=not is_old, plate=150)

    def age_text(self) -> str:
        """Which are old."""
        old = [(v, self._age_s(f)) for v, f in self._flown.items() if self._age_s(f) > 0.0 or not f.state.link_alive]
        return ", ".join(f"{v.system_id}: {old_words(age_s)}" for v, age_s in old)

    def legend(self) -> Sequence[LegendRow]:
        return (LegendRow("aircraft", "arrow", self.title),)


@dataclass
class _Footprint:
    ring: FloatArray
    mono_s: float


class FootprintLayer(Layer):
    """What each camera sees of the ground at this moment."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("footprint", i18n.text("map", "Camera sees"), i18n.text("map", "Flight"), clock)
        self.shapes, self.words = ShapeSet(15), Words(16)
        self._seen: dict[str, _Footprint] = {}

    def items(self) -> Sequence[object]:
        return (self.shapes, self.words)

    def on_tracks(self, record: VideoTracks) -> None:
        """Comes with the tracks; a frame without a pose takes the footprint of its stream away."""
        if record.footprint_lat_lon:
            mono_s = heard_mono_s(self.clock, t_mono_ns=record.tracks.t_mono_ns)
            self._seen[record.stream] = _Footprint(polyline(record.footprint_lat_lon), mono_s)
            self.changed()
        elif self._seen.pop(record.stream, None) is not None:
            self.changed()

    def look(self) -> object:
        return tuple(int(self.now_s - f.mono_s) for f in self._seen.values() if self.now_s - f.mono_s > 2.0)

    def draw(self) -> None:
        now_s = self.now_s
        self._seen = {n: f for n, f in self._seen.items() if now_s - f.mono_s < _FOOTPRINT_FORGET_S}
        shapes, words = [], []
        for name, seen in self._seen.items():
            age_s = now_s - seen.mono_s
            shape = Shape(outline_path([seen.ring]), 15)
            if age_s > 2.0:
                shape.set_look("off", 1.2, Qt.PenStyle.DashLine)
                x, y = seen.ring.mean(axis=0)
                words.append(Word(float(x), float(y), f"{name}: {old_words(age_s)}", "dim"))
            else:
                shape.set_look("footprint", 1.4, Qt.PenStyle.SolidLine, Qt.BrushStyle.SolidPattern, 22)
            shapes.append(shape)
        self.shapes.set_shapes(shapes)
        self.words.set_words(words)

    def age_text(self) -> str:
        old = {n: self.now_s - f.mono_s for n, f in self._seen.items() if self.now_s - f.mono_s > 2.0}
        return ", ".join(f"{n} {old_words(age_s)}" for n, age_s in sorted(old.items()))

    def legend(self) -> Sequence[LegendRow]:
        return (LegendRow("footprint", "square", self.title),)


class ForecastLayer(Layer):
    """The wind on each aircraft, and the fences that it will have to brake for within a minute."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("forecast", i18n.text("map", "Wind and fence forecast"), i18n.text("map", "Flight"), clock)
        self.lines, self.words = Lines(48), Words(49)
        self._told: dict[VehicleId, tuple[FlightForecast, float]] = {}
        self._states: dict[VehicleId, tuple[VehicleState, float]] = {}

    def items(self) -> Sequence[object]:
        return (self.lines, self.words)

    def on_state(self, state: VehicleState) -> None:
        """Where the aircraft is."""
        if math.isfinite(state.lat_deg) and math.isfinite(state.lon_deg):
            self._states[state.vehicle_id] = state, heard_mono_s(self.clock, state.t_utc_us, state.t_mono_ns)
            self.changed()

    def on_forecast(self, told: FlightForecast) -> None:
        """What the station reckons."""
        self._told[told.vehicle_id] = (told, heard_mono_s(self.clock, told.t_utc_us))
        self.changed()

    def look(self) -> object:
        return tuple(int(self.now_s - mono_s) for _, mono_s in (*self._told.values(), *self._states.values()))

    def draw(self) -> None:
        wind, wind_old, ahead, soon, words = [], [], [], [], []
        for vehicle, (state, heard_s) in self._states.items():
            k = scale(state.lat_deg)
            x, y = (float(v) for v in to_mercator(state.lat_deg, state.lon_deg))
            # The aircraft's own word, the same as in the flight display: one wind, never two that differ.
            if math.isfinite(state.wind_m_s) and math.isfinite(state.wind_from_deg):
                old = not state.link_alive or self.now_s - heard_s > topics.VEHICLE_STATE.max_age_s
                towards = math.radians(state.wind_from_deg + 180.0)
                reach = state.wind_m_s * 5.0 * k
                east, north = reach * math.sin(towards), reach * math.cos(towards)
                (wind_old if old else wind).append(_arrow(x, y, east, north))
                text = i18n.fill(i18n.text("map", "wind {n} m/s"), n=f"{state.wind_m_s:.0f}")
                text += f", {old_words(self.now_s - heard_s)}" if old else ""
                words.append(Word(x + east, y + north, text, "dim" if old else "wind", (6.0, 6.0)))
            if vehicle not in self._told:
                continue
            told, mono_s = self._told[vehicle]
            age_s = self.now_s - mono_s
            if age_s > topics.FLIGHT_FORECAST.max_age_s:
                text = f"{i18n.text('map', 'fence forecast')} {old_words(age_s)}"
                words.append(Word(x, y, text, "dim", (8.0, -8.0)))
                continue
            north_m_s, east_m_s, _ = state.velocity_ned_m_s
            speed = math.hypot(north_m_s, east_m_s)
            for breach in told.breaches:
                if breach.edge == "edge" and speed > 0.3 and math.isfinite(speed):
                    reach = max(breach.distance_m, 0.0) * k
                    end = (x + east_m_s / speed * reach, y + north_m_s / speed * reach)
                    (soon if breach.time_s < 10.0 else ahead).append(np.array([[x, y, *end]]))
                else:
                    end = (x, y)
                colour = "alarm" if breach.time_s < 4.0 else "caution" if breach.time_s < 10.0 else "dim"
                words.append(Word(*end, _breach_words(breach), colour, (8.0, -8.0), bold=breach.time_s < 10.0))
        self.lines.set_strokes(
            Strokes(joined(wind), "wind", 1.6), Strokes(joined(wind_old), "off", 1.2),
            Strokes(joined(ahead), "dim", 1.2, style=Qt.PenStyle.DashLine),
            Strokes(joined(soon), "alarm", 2.0, style=Qt.PenStyle.DashLine),
        )  # fmt: skip
        self.words.set_words(words)

    def age_text(self) -> str:
        old = [(v, self.now_s - m) for v, (_, m) in self._told.items()]
        return ", ".join(f"{v.system_id}: {old_words(a)}" for v, a in old if a > topics.FLIGHT_FORECAST.max_age_s)

    def legend(self) -> Sequence[LegendRow]:
        return (
            LegendRow("wind", "line", i18n.text("map", "wind as the aircraft tells it, to where it blows")),
            LegendRow("alarm", "dash", i18n.text("map", "will meet a fence")),
        )


def _breach_words(breach: BreachAhead) -> str:
    edges = {
        "edge": i18n.text("map", "fence"),
        "ceiling": i18n.text("map", "ceiling"),
        "floor": i18n.text("map", "floor"),
    }
    what = breach.fence or edges[breach.edge]
    if breach.time_s <= 0.0:
        return i18n.fill(i18n.text("map", "{fence}: cannot stop before it"), fence=what)
    return i18n.fill(i18n.text("map", "{fence}: brake in {n} s"), fence=what, n=f"{breach.time_s:.0f}")


def _arrow(x: float, y: float, dx: float, dy: float) -> FloatArray:
    """A line with a head, as pieces."""
    back = np.array([-dx, -dy]) * 0.25
    c, s = math.cos(0.5), math.sin(0.5)
    tip = np.array([x + dx, y + dy])
    sides = [tip + np.array([[c, -t], [t, c]]) @ back for t in (s, -s)]
    return np.array([[x, y, *tip], [*tip, *sides[0]], [*tip, *sides[1]]])
