"""What others tell: the neighbour's tracks, friends, manned traffic. And the incidents, our own and the neighbour's."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from groundstation.console import i18n
from groundstation.console.alerts.words import kind as kind_word
from groundstation.console.map.freshness import heard_mono_s, old_words
from groundstation.console.map.graphics import FloatArray, Lines, Stamps, Strokes, Word, Words, ring_pieces
from groundstation.console.map.layers.base import Layer
from groundstation.console.map.projection import scale, to_mercator
from groundstation.console.map.symbols import stamp
from groundstation.console.map.tools import LegendRow
from groundstation.core import topics
from groundstation.core.clock import Clock
from groundstation.core.records import (
    FriendPosition,
    Incident,
    RemoteIncident,
    RemoteTrack,
    VehicleId,
)
from groundstation.core.safety_records import TrafficContact, TrafficPicture

REMOTE_STALE_S = 15.0
_REMOTE_FORGET_S = 300.0
FRIEND_STALE_S = 30.0
_CONTACT_SILENT_S = 5.0  # that an aircraft may be silent itself
_FRIEND_FORGET_S = 1800.0
_NO_PLACES: FloatArray = np.zeros((0, 2))


def _kinds(values: list[int]) -> np.ndarray:
    return np.array(values, dtype=np.int64)


@dataclass
class _Remote:
    record: RemoteTrack
    mono_s: float
    xy: FloatArray


class NeighbourLayer(Layer):
    """The neighbour's tracks: hollow, with the name of who told them. They are never drawn like ours."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("neighbour", i18n.text("map", "Neighbour's tracks"), i18n.text("map", "Others"), clock)
        self.rings, self.words = Lines(33), Words(34, 40)
        self.points = Stamps(34, lambda: [
            stamp("diamond", 6.5, None, "neighbour", 2.0), stamp("diamond", 6.5, None, "off", 1.4, dashed=True),
        ])  # fmt: skip
        self._told: dict[tuple[str, str], _Remote] = {}

    def items(self) -> Sequence[object]:
        return (self.rings, self.points, self.words)

    def restyle(self) -> None:
        super().restyle()
        self.points.restyle()

    def on_tracks(self, records: Sequence[RemoteTrack]) -> None:
        """What came; a track in any state but "live" is taken off at once."""
        for record in records:
            key = (record.peer, record.track_id)
            if record.state != "live":
                self._told.pop(key, None)
            else:
                mono_s = heard_mono_s(self.clock, min(record.t_utc_us, record.received_utc_us))
                self._told[key] = _Remote(record, mono_s, to_mercator(record.lat_deg, record.lon_deg))
        if records:
            self.changed()

    def place_of(self, peer: str, track_id: str) -> tuple[float, float] | None:
        """(lat, lon) of a track that is shown."""
        told = self._told.get((peer, track_id))
        return (told.record.lat_deg, told.record.lon_deg) if told is not None else None

    def look(self) -> object:
        now_s = self.now_s
        return tuple(int(now_s - r.mono_s) for r in self._told.values() if now_s - r.mono_s > REMOTE_STALE_S)

    def draw(self) -> None:
        now_s = self.now_s
        self._told = {k: r for k, r in self._told.items() if now_s - r.mono_s < _REMOTE_FORGET_S}
        remotes = list(self._told.values())
        old = [now_s - r.mono_s > REMOTE_STALE_S for r in remotes]
        xy = np.array([r.xy for r in remotes]) if remotes else _NO_PLACES
        self.points.set_points(xy, _kinds([int(o) for o in old]))
        radii = np.array([r.record.ce90_m * scale(r.record.lat_deg) for r in remotes])
        fresh = ~np.array(old, dtype=bool)
        rings = ring_pieces(xy[fresh][:60], radii[fresh][:60]) if remotes else np.zeros((0, 4))
        self.rings.set_strokes(Strokes(rings, "neighbour", 1.2))
        words = []
        for remote, is_old in list(zip(remotes, old, strict=True))[:200]:
            record = remote.record
            text = f"{record.peer}: {i18n.text('map', record.class_name)}"
            if is_old:
                text += f", {old_words(now_s - remote.mono_s)}"
            x, y = remote.xy
            words.append(Word(float(x), float(y), text, "dim" if is_old else "neighbour", (9.0, 9.0), plate=120))
        self.words.set_words(words)

    def age_text(self) -> str:
        old = [self.now_s - r.mono_s for r in self._told.values() if self.now_s - r.mono_s > REMOTE_STALE_S]
        return old_words(min(old)) if old and len(old) == len(self._told) else ""

    def legend(self) -> Sequence[LegendRow]:
        return (LegendRow("neighbour", "diamond_ring", self.title),)


class FriendsLayer(Layer):
    """Our own patrols, vehicles and devices, by their own report."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("friends", i18n.text("map", "Own patrols"), i18n.text("map", "Others"), clock)
        self.rings, self.words = Lines(36), Words(37)
        self.points = Stamps(37, lambda: [
            stamp("square", 6.0, "friend", "background", 1.5), stamp("square", 6.0, None, "off", 1.4, dashed=True),
        ])  # fmt: skip
        self._told: dict[str, tuple[FriendPosition, float]] = {}

    def items(self) -> Sequence[object]:
        return (self.rings, self.points, self.words)

    def restyle(self) -> None:
        super().restyle()
        self.points.restyle()

    def on_friend(self, friend: FriendPosition) -> None:
        """One reports."""
        self._told[friend.friend_id] = (friend, heard_mono_s(self.clock, friend.t_utc_us))
        self.changed()

    def look(self) -> object:
        now_s = self.now_s
        return tuple(int((now_s - m) / 5.0) for _, m in self._told.values() if now_s - m > FRIEND_STALE_S)

    def draw(self) -> None:
        now_s = self.now_s
        self._told = {k: v for k, v in self._told.items() if now_s - v[1] < _FRIEND_FORGET_S}
        places, kinds, words, radii = [], [], [], []
        for friend, mono_s in self._told.values():
            age_s = now_s - mono_s
            old = age_s > FRIEND_STALE_S
            place = to_mercator(friend.lat_deg, friend.lon_deg)
            places.append(place)
            kinds.append(int(old))
            radii.append(0.0 if old else 2.146 * friend.sigma_m * scale(friend.lat_deg))
            text = friend.name + (f", {old_words(age_s)}" if old else "")
            words.append(Word(float(place[0]), float(place[1]), text, "dim" if old else "friend", (9.0, 0.0)))
        xy = np.array(places) if places else _NO_PLACES
        self.points.set_points(xy, _kinds(kinds))
        self.rings.set_strokes(Strokes(ring_pieces(xy, np.array(radii)), "friend", 1.0))
        self.words.set_words(words)

    def age_text(self) -> str:
        old = [(f.name, self.now_s - m) for f, m in self._told.values() if self.now_s - m > FRIEND_STALE_S]
        return ", ".join(f"{name} {old_words(age_s)}" for name, age_s in sorted(old))

    def legend(self) -> Sequence[LegendRow]:
        return (LegendRow("friend", "box", self.title),)


class TrafficLayer(Layer):
    """Manned aircraft and other drones that our aircraft's receivers hear (ADS-B)."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("traffic", i18n.text("map", "Air traffic"), i18n.text("map", "Others"), clock)
        self.lines, self.words = Lines(44), Words(45, 40)
        self.points = Stamps(45, lambda: [
            stamp("arrow", 10.0, None, "traffic", 2.0), stamp("arrow", 10.0, "caution", "background", 1.2),
            stamp("arrow", 12.0, "alarm", "background", 1.2), stamp("arrow", 10.0, None, "off", 1.4, dashed=True),
        ], 31)  # fmt: skip
        self._told: dict[VehicleId, tuple[TrafficPicture, float]] = {}

    def items(self) -> Sequence[object]:
        return (self.lines, self.points, self.words)

    def restyle(self) -> None:
        super().restyle()
        self.points.restyle()

    def on_traffic(self, picture: TrafficPicture) -> None:
        """All that one receiver hears."""
        self._told[picture.vehicle_id] = (picture, heard_mono_s(self.clock, picture.t_utc_us))
        self.changed()

    def _contacts(self) -> list[tuple[TrafficContact, float, bool]]:
        """Each once, by whoever heard it last, with its age in seconds and whether it is too old to be true now.

        Old is what nobody tells of any more, and a contact whose own last word is from long before it was told.
        """
        best: dict[int, tuple[TrafficContact, float, bool]] = {}
        limit_s = topics.TRAFFIC.max_age_s
        for picture, mono_s in self._told.values():
            for contact in picture.contacts:
                told_s = self.now_s - mono_s
                age_s = told_s + contact.age_s
                if contact.icao_address not in best or age_s < best[contact.icao_address][1]:
                    old = told_s > limit_s or age_s > limit_s + _CONTACT_SILENT_S
                    best[contact.icao_address] = (contact, age_s, old)
        return [one for one in best.values() if one[1] < _REMOTE_FORGET_S]

    def look(self) -> object:
        return tuple((int(age_s), old) for _, age_s, old in self._contacts())

    def draw(self) -> None:
        places, kinds, turns, words, ahead = [], [], [], [], []
        for contact, age_s, old in self._contacts():
            if not (math.isfinite(contact.lat_deg) and math.isfinite(contact.lon_deg)):
                continue
            place = to_mercator(contact.lat_deg, contact.lon_deg)
            level = {"none": 0, "advisory": 0, "caution": 1, "warning": 2}[contact.level]
            places.append(place)
            kinds.append(3 if old else level)
            heading = contact.heading_deg if math.isfinite(contact.heading_deg) else 0.0
            turns.append(heading)
            text = contact.callsign or f"{contact.icao_address:06X}"
            if math.isfinite(contact.height_difference_m):
                text += f"  {contact.height_difference_m:+.0f} m"
            text += f", {old_words(age_s)}" if old else ""
            colour = "dim" if old else ("traffic", "caution", "alarm")[level]
            words.append(Word(float(place[0]), float(place[1]), text, colour, (12.0, 10.0), bold=level == 2))
            if not old and math.isfinite(contact.speed_m_s):
                way = contact.speed_m_s * 30.0 * scale(contact.lat_deg)
                turn = math.radians(heading)
                tip = place + way * np.array([math.sin(turn), math.cos(turn)])
                ahead.append(np.array([[*place, *tip]]))
        xy = np.array(places) if places else _NO_PLACES
        self.points.set_points(xy, _kinds(kinds), np.array(turns))
        self.lines.set_strokes(Strokes(np.concatenate(ahead) if ahead else np.zeros((0, 4)), "traffic", 1.2))
        self.words.set_words(words)

    def age_text(self) -> str:
        heard = [self.now_s - m for p, m in self._told.values() if p.contacts]
        limit = topics.TRAFFIC.max_age_s
        return old_words(min(heard)) if heard and min(heard) > limit else ""

    def legend(self) -> Sequence[LegendRow]:
        return (
            LegendRow("traffic", "arrow", i18n.text("map", "air traffic, 30 s ahead")),
            LegendRow("alarm", "arrow", i18n.text("map", "air traffic on collision course")),
        )


class IncidentsLayer(Layer):
    """Incidents with the circle that holds the true place with 90 %; the neighbour's are hollow."""

    def __init__(self, clock: Clock) -> None:
        super().__init__("incidents", i18n.text("map", "Incidents"), i18n.text("map", "Seen"), clock)
        self.rings, self.words = Lines(40), Words(42, 20)
        self.points = Stamps(41, lambda: [
            stamp("star", 9.0, "help", "background", 1.0), stamp("star", 9.0, "incident", "background", 1.0),
            stamp("star", 8.0, "information", "background", 1.0), stamp("star", 7.0, None, "incident", 1.3),
            stamp("star", 8.0, None, "neighbour", 1.6),
        ], 27)  # fmt: skip
        self._own: dict[str, Incident] = {}
        self._remote: dict[tuple[str, str], RemoteIncident] = {}
        self._chosen: str | None = None

    def items(self) -> Sequence[object]:
        return (self.rings, self.points, self.words)

    def restyle(self) -> None:
        super().restyle()
        self.points.restyle()

    def on_incident(self, incident: Incident) -> None:
        """New, or told again with what became of it."""
        self._own[incident.incident_id] = incident
        self.changed()

    def on_remote(self, incident: RemoteIncident) -> None:
        """The neighbour tells one."""
        self._remote[incident.peer, incident.incident_id] = incident
        self.changed()

    def choose(self, incident_id: str | None) -> None:
        """The one the operator has picked."""
        self._chosen = incident_id
        self.changed()

    def place_of(self, incident_id: str) -> tuple[float, float] | None:
        """(lat, lon)."""
        one = self._own.get(incident_id)
        return (one.lat_deg, one.lon_deg) if one is not None else None

    def nearest(self, x: float, y: float, within: float) -> str | None:
        """The incident nearest to a place (Mercator metres) within a distance."""
        found = [
            (float(np.hypot(*(to_mercator(i.lat_deg, i.lon_deg) - (x, y)))), name) for name, i in self._own.items()
        ]
        best = min(found, default=(math.inf, ""))
        return best[1] if best[0] <= within else None

    def draw(self) -> None:
        places, kinds, radii, words = [], [], [], []
        level = {"help": 0, "alarm": 1, "notice": 2}
        # Open ones last, so that they lie on top of what is done with; the picked one on top of all.
        rank = {"alarm": 2, "help": 1, "notice": 0}
        order = sorted(
            self._own.values(),
            key=lambda i: (i.incident_id == self._chosen, not i.acknowledged_utc_us, rank[i.urgency], i.t_utc_us),
        )
        for one in order:
            place = to_mercator(one.lat_deg, one.lon_deg)
            places.append(place)
            kinds.append(3 if one.acknowledged_utc_us else level[one.urgency])
            radii.append(max(one.ce90_m, 2.0) * scale(one.lat_deg))
        for remote in self._remote.values():
            places.append(to_mercator(remote.lat_deg, remote.lon_deg))
            kinds.append(4)
            radii.append(max(remote.ce90_m, 2.0) * scale(remote.lat_deg))
            x, y = places[-1]
            words.append(Word(float(x), float(y), f"{remote.peer}: {_told(remote)}", "neighbour", (10.0, -8.0)))
        theirs_told, words = words, []
        for one in reversed(order):
            if one.acknowledged_utc_us and one.incident_id != self._chosen:
                continue
            x, y = to_mercator(one.lat_deg, one.lon_deg)
            colour = ("help", "incident", "information")[level[one.urgency]]
            words.append(Word(float(x), float(y), _told(one), colour, (10.0, -8.0), bold=True))
        words += theirs_told
        xy = np.array(places) if places else _NO_PLACES
        all_kinds, all_radii = _kinds(kinds), np.array(radii)
        self.points.set_points(xy, all_kinds)
        open_ones, done, theirs = all_kinds < 3, all_kinds == 3, all_kinds == 4
        self.rings.set_strokes(
            Strokes(ring_pieces(xy[done][-50:], all_radii[done][-50:]), "off", 1.0),
            Strokes(ring_pieces(xy[theirs], all_radii[theirs]), "neighbour", 1.4),
            Strokes(ring_pieces(xy[open_ones], all_radii[open_ones]), "incident", 2.2),
        )
        self.words.set_words(words)

    def legend(self) -> Sequence[LegendRow]:
        return (
            LegendRow("help", "star", i18n.text("map", "someone may need help")),
            LegendRow("incident", "star", i18n.text("map", "alarm, with its CE90")),
            LegendRow("information", "star", i18n.text("map", "notice")),
            LegendRow("incident", "star_ring", i18n.text("map", "acknowledged")),
        )


def _told(incident: Incident | RemoteIncident) -> str:
    """What it is and when it was, as the alert's own row begins."""
    return f"{kind_word(incident.kind)} {datetime.fromtimestamp(incident.t_utc_us / 1e6, UTC):%H:%M:%S}"
