"""``groundstation replay FLIGHT --rules FILE``: what would these rules have said of a past flight?

The flight's own track log is played through the same incident service as live, on a bus of its own, as fast as it goes;
nothing of the flight's folder is changed. What was said then is read from its database and set beside what is said now.

Exit code 0: answered, whatever the difference. 2: the rule file, the area or the flight named cannot be used. 9: the
folder holds no flight, or one without a track log.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TextIO

from geofences.area import Area, parse_area, read_area
from groundstation.core.bus import Bus
from groundstation.core.errors import ConfigError, StoreError
from groundstation.core.postgres import store_of
from groundstation.core.records import FriendPosition, Incident, VideoTracks
from groundstation.core.topics import FRIEND_POSITION, INCIDENT, VIDEO_TRACKS
from groundstation.incidents.rule_file import RuleSet, default_rules, read_rules
from groundstation.incidents.service import IncidentService, IncidentSettings
from groundstation.store import export, queries
from groundstation.store.queries import AREA_DOCUMENT, Flight
from groundstation.store.service import STATION_FILE

Verdict = Literal["same", "new", "gone"]
_SAME_WITHIN_US = 60_000_000


@dataclass(frozen=True)
class ReplayOptions:
    """What the command line says. ``rules`` None: the shipped ones; ``flight_id`` "": the newest flight of the folder."""

    flight: Path
    rules: Path | None = None
    flight_id: str = ""
    area: Path | None = None
    as_json: bool = False
    out: Path | None = None


@dataclass(frozen=True)
class Comparison:
    """One line of the answer: ``then`` is None for what is new, ``now`` for what is gone."""

    verdict: Verdict
    then: Incident | None
    now: Incident | None

    @property
    def incident(self) -> Incident:
        """The one that there is, rather the one of then."""
        incident = self.then or self.now
        assert incident is not None
        return incident


class _RecordedClock:
    """Stands at the time of the record that is being played."""

    def __init__(self) -> None:
        self.now_us = 0

    def mono_ns(self) -> int:
        return self.now_us * 1000

    def utc_us(self) -> int:
        return self.now_us


def replay(
    records: Iterable[VideoTracks],
    friends: Sequence[FriendPosition],
    area: Area,
    rules: RuleSet,
    flight_id: str,
) -> list[Incident]:
    """What the rules say of recorded frames, by time. ``friends``: their reports, by time."""
    bus, clock = Bus(), _RecordedClock()
    said = bus.subscribe(INCIDENT)
    numbers = iter(range(1, 1_000_000_000))
    service = IncidentService(
        bus,
        area.border,
        area.frame(),
        flight_id,
        clock,
        IncidentSettings(rules=rules),
        lambda t_utc_us: f"REPLAY-{t_utc_us // 1000:012X}-{next(numbers):06d}",
    )
    waiting, incidents = list(reversed(friends)), []
    for record in records:
        # As live: a frame is judged when its tracks come, some time after it was taken.
        clock.now_us = max(record.t_published_utc_us, record.tracks.t_utc_us)
        while waiting and waiting[-1].t_utc_us <= clock.now_us:
            bus.publish(FRIEND_POSITION, waiting.pop())
        bus.publish(VIDEO_TRACKS, record)
        service.step()
        incidents += said.drain()
    service.close()
    incidents += said.drain()
    return sorted(incidents, key=lambda i: (i.t_utc_us, i.incident_id))


def compare(then: Sequence[Incident], now: Sequence[Incident]) -> list[Comparison]:
    """Set what was said beside what would be said, by time.

    The same means: the same kind, of the same track, in the same direction, within a minute; the nearest in time first,
    one to one.
    """
    pairs = sorted(
        (abs(a.t_utc_us - b.t_utc_us), i, j)
        for i, a in enumerate(then)
        for j, b in enumerate(now)
        if (a.kind, a.track_id, a.direction) == (b.kind, b.track_id, b.direction)
        and abs(a.t_utc_us - b.t_utc_us) <= _SAME_WITHIN_US
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in pairs:
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    lines = [
        Comparison("same", a, now[partner[i]]) if i in partner else Comparison("gone", a, None)
        for i, a in enumerate(then)
    ]
    lines += [Comparison("new", None, b) for j, b in enumerate(now) if j not in taken]
    return sorted(lines, key=lambda c: (c.incident.t_utc_us, c.incident.incident_id))


def _has_store(folder: Path) -> bool:
    """A file, or in PostgreSQL."""
    return (folder / STATION_FILE).is_file() or store_of(folder / STATION_FILE) is not None


def find_flight(path: Path, flight_id: str) -> tuple[Path, Flight]:
    """The folder and the flight that are meant: a station's data folder, or such a folder with a flight's id behind it.

    Raises :class:`StoreError` when there is none, :class:`ConfigError` when it is not the one named.
    """
    folder = path
    if not path.exists() and _has_store(path.parent):
        folder, flight_id = path.parent, flight_id or path.name
    if not folder.is_dir():
        raise StoreError(
            f"{folder}: there is no such folder", "give a station's data folder, or one written by the demo"
        )
    if not _has_store(folder):
        raise StoreError(f"{folder}: holds no flight (no station.db)", "give a station's data folder or a demo's")
    flights = queries.flights(folder)
    if not flights:
        raise StoreError(f"{folder}: its database holds no flight", "fly one first")
    if not flight_id:
        return folder, flights[-1]
    for flight in flights:
        if flight.flight_id == flight_id:
            return folder, flight
    known = ", ".join(f.flight_id for f in flights[-5:])
    raise ConfigError(f"{folder}: has no flight {flight_id!r}", f"its latest are: {known}")


def _find_area(folder: Path, flight: Flight, given: Path | None) -> Area:
    if given is not None:
        return read_area(given / "area.geojson" if given.is_dir() else given)
    kept = queries.document(folder, flight.flight_id, AREA_DOCUMENT)
    if kept is not None:
        return parse_area(kept, f"{folder}: {AREA_DOCUMENT} of flight {flight.flight_id}")
    raise ConfigError(f"{folder}: the flight {flight.flight_id} kept no area", "give its area folder with --area")


def _records(folder: Path, flight: Flight) -> Iterator[VideoTracks]:
    empty = True
    for record in queries.track_log(folder, flight.flight_id):
        empty = False
        yield record
    if empty:
        raise StoreError(
            f"{folder}: the flight {flight.flight_id} has no track log",
            "it had no video, was made by an older version, or its points file was deleted; choose another with --flight",
        )


def run_replay(options: ReplayOptions, out: TextIO | None = None) -> int:
    """Answer the question on the terminal (or ``out``), and into ``options.out`` if given; 0."""
    stream = out or sys.stdout
    rules = read_rules(options.rules) if options.rules is not None else default_rules()
    folder, flight = find_flight(options.flight, options.flight_id)
    area = _find_area(folder, flight, options.area)
    # The log's running comment belongs to a live station.
    log = logging.getLogger("groundstation.incidents")
    level = log.level
    log.setLevel(logging.WARNING)
    try:
        records = _records(folder, flight)
        now = replay(records, queries.friend_positions(folder, flight.flight_id), area, rules, flight.flight_id)
    finally:
        log.setLevel(level)
    then = queries.incidents(folder, flight.flight_id)
    lines = compare(then, now)
    answer = _as_json(options, folder, flight, rules, lines)
    if options.out is not None:
        _write(options.out, answer, now)
    if options.as_json:
        print(json.dumps(answer, indent=1, allow_nan=False), file=stream)
    else:
        print(_as_table(flight, options, lines), file=stream)
    return 0


def _write(folder: Path, answer: dict[str, Any], now: Sequence[Incident]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "replay.json").write_text(json.dumps(answer, indent=1, allow_nan=False), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written: {error.strerror}", "give another folder with --out") from error
    export.write_incidents(now, folder / "incidents.geojson")


def _as_json(
    options: ReplayOptions, folder: Path, flight: Flight, rules: RuleSet, lines: Sequence[Comparison]
) -> dict[str, Any]:
    counts = {v: sum(c.verdict == v for c in lines) for v in ("same", "new", "gone")}
    return {
        "folder": str(folder),
        "flight_id": flight.flight_id,
        "started_utc_us": flight.started_utc_us,
        "rules_file": str(options.rules) if options.rules is not None else None,
        "rules": [{"name": r.name, "kind": r.kind, "on": r.on, "urgency": r.urgency} for r in rules.rules],
        "counts": counts,
        "incidents": [{"verdict": c.verdict, "then": _row(c.then), "now": _row(c.now)} for c in lines],
    }


def _row(incident: Incident | None) -> dict[str, Any] | None:
    if incident is None:
        return None
    i = incident
    return {
        "id": i.incident_id,
        "kind": i.kind,
        "rule": i.rule,
        "urgency": i.urgency,
        "t_utc_us": i.t_utc_us,
        "t_raised_utc_us": i.t_raised_utc_us,
        "lat": round(i.lat_deg, 7),
        "lon": round(i.lon_deg, 7),
        # Not a number is no JSON.
        "ce90_m": round(i.ce90_m, 2) if i.ce90_m == i.ce90_m and abs(i.ce90_m) < 1e9 else None,
        "direction": i.direction,
        "class": i.class_name,
        "probability": round(i.probability, 4),
        "track_id": i.track_id,
        "text": i.text,
    }


def _as_table(flight: Flight, options: ReplayOptions, lines: Sequence[Comparison]) -> str:
    when = datetime.fromtimestamp(flight.started_utc_us / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    head = [f"flight {flight.flight_id}, {when}; rules {options.rules or 'as shipped'}"]
    rows = [("", "said then", "said now", "kind", "track", "what")]
    for c in lines:
        rows.append(
            (
                {"same": "same", "new": "+ new", "gone": "- gone"}[c.verdict],
                _clock(c.then),
                _clock(c.now),
                c.incident.kind.replace("_", " "),
                c.incident.track_id,
                (c.now or c.incident).text,
            )
        )
    widths = [max(len(r[k]) for r in rows) for k in range(5)]
    body = ["  ".join([*(cell.ljust(w) for cell, w in zip(r, widths, strict=False)), r[5]]).rstrip() for r in rows]
    counts = {v: sum(c.verdict == v for c in lines) for v in ("same", "new", "gone")}
    foot = f"{counts['same']} the same, {counts['new']} new, {counts['gone']} gone"
    return "\n".join([*head, *(body if lines else ["nothing was said then, and nothing would be said now"]), foot])


def _clock(incident: Incident | None) -> str:
    if incident is None:
        return "–"
    return datetime.fromtimestamp(incident.t_utc_us / 1e6, UTC).strftime("%H:%M:%S")
