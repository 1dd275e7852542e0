"""What officers have said of our own subjects: a rescue, protection, approvals, another class, withdrawn. ``marks.db``.

The file is append-only and the newest word counts. Sharing, every gateway and the command line open it side by side; each
sees what another has written with its next :meth:`Marks.look`, so that a mark holds for all ways out, with a station that
runs and with one that does not, and after a restart.

Incidents have names for ever. A track's number is of one run of the station: what was said of a track in an earlier run is
history, and never meets a new track of the same number.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import shapely
from shapely.errors import GEOSException

from groundstation.core.database import SchemaStep, open_database
from groundstation.core.errors import ConfigError
from groundstation.core.records import Incident
from groundstation.share.policy import Subject

MARKS_FILE = "marks.db"
What = Literal["rescue", "protected", "approved", "class", "withdrawn"]
KEEP_US = 90 * 86_400_000_000
MAX_REMEMBERED = 5_000

_SCHEMA: tuple[SchemaStep, ...] = (
    (
        """CREATE TABLE mark (
            n INTEGER PRIMARY KEY, what TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, peer TEXT NOT NULL,
            by TEXT NOT NULL, value TEXT NOT NULL, t_utc_us INTEGER NOT NULL)""",
        # What was said of pairs, ours and theirs ("own" is our track, "remote" theirs).
        """CREATE TABLE judgement (
            n INTEGER PRIMARY KEY, peer TEXT NOT NULL, remote TEXT NOT NULL, own TEXT NOT NULL, verdict TEXT NOT NULL,
            by TEXT NOT NULL, theirs INTEGER NOT NULL, t_utc_us INTEGER NOT NULL, told INTEGER NOT NULL)""",
        """CREATE TABLE volumes (
            n INTEGER PRIMARY KEY, peer TEXT NOT NULL, theirs INTEGER NOT NULL, by TEXT NOT NULL,
            t_utc_us INTEGER NOT NULL, document TEXT NOT NULL, told INTEGER NOT NULL)""",
        """CREATE TABLE waiting (
            peer TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, class_name TEXT NOT NULL,
            incident_kind TEXT NOT NULL, t_utc_us INTEGER NOT NULL, PRIMARY KEY (peer, kind, subject)) WITHOUT ROWID""",
    ),
)


@dataclass(frozen=True)
class Judged:
    """One word of a pair, of our officer or of theirs. ``n`` is its number in the history."""

    n: int
    peer: str
    remote: str
    own: str
    verdict: str
    by: str
    theirs: bool
    t_utc_us: int
    told: bool


@dataclass(frozen=True)
class Waiting:
    """A subject that waits for approvals before ``peer`` may be told."""

    peer: str
    kind: str
    subject: str
    class_name: str
    incident_kind: str
    t_utc_us: int


@dataclass
class _Known:
    """All that holds now; replaced as a whole."""

    rescue: dict[tuple[str, str], str] = field(default_factory=dict)
    protected: set[tuple[str, str]] = field(default_factory=set)
    approved: dict[tuple[str, str, str], tuple[str, ...]] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    withdrawn: set[str] = field(default_factory=set)

    @property
    def nothing(self) -> bool:
        """Whether nothing was said of anything."""
        return not (self.rescue or self.protected or self.approved or self.classes)


class Marks:
    """The marks in ``data_dir``. May be used by several threads; every writing method may raise ``sqlite3.Error``."""

    def __init__(self, data_dir: Path, since_utc_us: int, protected_areas: Path | None = None) -> None:
        """``since_utc_us``: when this run began. Raises StoreError; ConfigError for areas that cannot be read."""
        self._areas = read_areas(protected_areas) if protected_areas is not None else None
        self._since_utc_us = since_utc_us
        self._lock = threading.RLock()
        self._db = open_database(data_dir / MARKS_FILE, _SCHEMA, "FULL", busy_timeout_s=0.25)
        self._known = _Known()
        self._version = -1
        self._last_n = 0
        self._track_of: dict[str, str] = {}
        self._incidents_of: dict[str, set[str]] = {}
        self._changed: set[tuple[str, str]] = set()
        self.look()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    # ------------------------------------------------------------------------------------------------------ what holds

    def look(self) -> set[tuple[str, str]]:
        """Read what others have written; what has changed since the last look, as (kind, subject)."""
        with self._lock:
            version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
            if version != self._version:
                self._version = version
                self._read()
            changed, self._changed = self._changed, set()
            return changed

    def _read(self) -> None:
        rows = self._db.execute(
            "SELECT n, what, kind, subject, peer, by, value, t_utc_us FROM mark"
            " WHERE kind = 'incident' OR t_utc_us >= ? ORDER BY n",
            (self._since_utc_us,),
        ).fetchall()
        known = _Known()
        for n, what, kind, subject, peer, by, value, _ in rows:
            key = (kind, subject)
            match what:
                case "rescue":
                    known.rescue.pop(key, None)
                    if value:
                        known.rescue[key] = by
                case "protected":
                    (known.protected.add if value else known.protected.discard)(key)
                case "approved":
                    names = known.approved.get((peer, *key), ())
                    known.approved[(peer, *key)] = (*names, by) if by not in names else names
                case "class":
                    known.classes[subject] = value
                case "withdrawn":
                    known.withdrawn.add(subject)
            if n > self._last_n:
                self._last_n = n
                self._changed.add(key)
        self._known = known

    def note_incident(self, incident: Incident) -> None:
        """Remember whose incident it is: a rescue is also told of the track, and who is protected is on both."""
        if incident.track_id and incident.t_raised_utc_us >= self._since_utc_us:
            with self._lock:
                self._track_of[incident.incident_id] = incident.track_id
                self._incidents_of.setdefault(incident.track_id, set()).add(incident.incident_id)
                if len(self._track_of) > MAX_REMEMBERED:
                    oldest = next(iter(self._track_of))
                    track = self._track_of.pop(oldest)
                    self._incidents_of[track].discard(oldest)
                    if not self._incidents_of[track]:
                        del self._incidents_of[track]

    def applied(self, subject: Subject, recipient: str, earlier: Sequence[str] = ()) -> Subject:
        """The subject with all that was said of it. ``earlier``: ids that it had before it was lost and found again."""
        known = self._known
        protected = self._in_area(subject)
        if known.nothing and not protected:
            return subject
        ids = (subject.subject_id, *earlier)
        keys = [(subject.kind, i) for i in ids]
        with self._lock:
            if subject.kind == "track":
                keys += [("incident", i) for track in ids for i in sorted(self._incidents_of.get(track, ()))]
            elif subject.kind == "incident" and subject.subject_id in self._track_of:
                keys.append(("track", self._track_of[subject.subject_id]))
        rescue_by = next((known.rescue[k] for k in keys if k in known.rescue), "")
        protected = protected or any(k in known.protected for k in keys)
        # What was approved of the incident was not approved of the track.
        names = dict.fromkeys(n for i in ids for n in known.approved.get((recipient, subject.kind, i), ()))
        class_name = next((known.classes[i] for i in ids if i in known.classes), subject.class_name)
        return replace(
            subject,
            class_name=class_name,
            rescue_by=subject.rescue_by or rescue_by,
            protected=subject.protected or protected,
            approved_by=subject.approved_by or tuple(names),
        )

    def is_withdrawn(self, subject_id: str) -> bool:
        """Whether an officer has taken it back."""
        return subject_id in self._known.withdrawn

    def is_rescue(self, incident_id: str) -> bool:
        """Whether an officer has marked it as a rescue."""
        return ("incident", incident_id) in self._known.rescue

    def _in_area(self, subject: Subject) -> bool:
        place = subject.lon_deg, subject.lat_deg
        return (
            self._areas is not None
            and bool(np.isfinite(place).all())
            and bool(shapely.intersects_xy(self._areas, *place))
        )

    # --------------------------------------------------------------------------------------------------------- writing

    def mark(
        self, what: What, kind: str, subject: str, by: str, now_utc_us: int, value: str = "1", peer: str = ""
    ) -> None:
        """Write one word; ``value`` "" takes it back."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO mark (what, kind, subject, peer, by, value, t_utc_us) VALUES (?,?,?,?,?,?,?)",
                (what, kind, subject, peer, by, value, now_utc_us),
            )
        with self._lock:
            self._read()

    def judge(self, peer: str, remote: str, own: str, verdict: str, by: str, now_utc_us: int, theirs: bool) -> None:
        """Write what was said of a pair into the history."""
        with self._transaction() as db:
            db.execute(
                "INSERT INTO judgement (peer, remote, own, verdict, by, theirs, t_utc_us, told) VALUES (?,?,?,?,?,?,?,?)",
                (peer, remote, own, verdict, by, int(theirs), now_utc_us, int(theirs)),
            )

    def judgements(self, untold: bool = False, since_utc_us: int = 0) -> list[Judged]:
        """The history in order; with ``untold`` what our officers said and the station has not dealt with yet."""
        with self._lock:
            rows = self._db.execute(
                "SELECT n, peer, remote, own, verdict, by, theirs, t_utc_us, told FROM judgement"
                " WHERE t_utc_us >= ? AND (told = 0 OR ?) ORDER BY n",
                (since_utc_us, int(not untold)),
            ).fetchall()
        return [
            Judged(n, peer, remote, own, verdict, by, bool(theirs), t, bool(told))
            for n, peer, remote, own, verdict, by, theirs, t, told in rows
        ]

    def dealt_with(self, table: Literal["judgement", "volumes"], n: int) -> None:
        """The station has told it, or found that it cannot."""
        with self._transaction() as db:
            db.execute(f"UPDATE {table} SET told = 1 WHERE n = ?", (n,))

    def add_volumes(self, peer: str, document: str, by: str, now_utc_us: int, theirs: bool) -> None:
        """Keep where aircraft may be: theirs take the place of what they told before."""
        with self._transaction() as db:
            if theirs:
                db.execute("DELETE FROM volumes WHERE peer = ? AND theirs = 1", (peer,))
            db.execute(
                "INSERT INTO volumes (peer, theirs, by, t_utc_us, document, told) VALUES (?,?,?,?,?,?)",
                (peer, int(theirs), by, now_utc_us, document, int(theirs)),
            )

    def volumes_of(self, peer: str) -> tuple[str, int] | None:
        """The newest document of the neighbour's volumes and when it came; None when it has told none."""
        with self._lock:
            row = self._db.execute(
                "SELECT document, t_utc_us FROM volumes WHERE peer = ? AND theirs = 1 ORDER BY n DESC LIMIT 1", (peer,)
            ).fetchone()
        return (str(row[0]), int(row[1])) if row is not None else None

    def volumes_to_tell(self) -> list[tuple[int, str, str]]:
        """What waits to be told: number, neighbour, document."""
        with self._lock:
            return self._db.execute("SELECT n, peer, document FROM volumes WHERE told = 0 ORDER BY n").fetchall()

    def set_waiting(self, waiting: Waiting, waits: bool) -> None:
        """Note for the list that a subject waits for approvals, or no more."""
        with self._transaction() as db:
            if waits:
                db.execute(
                    "INSERT OR IGNORE INTO waiting VALUES (?,?,?,?,?,?)",
                    (waiting.peer, waiting.kind, waiting.subject, waiting.class_name, waiting.incident_kind,
                     waiting.t_utc_us),
                )  # fmt: skip
            else:
                db.execute(
                    "DELETE FROM waiting WHERE peer=? AND kind=? AND subject=?",
                    (waiting.peer, waiting.kind, waiting.subject),
                )

    def waiting(self) -> list[Waiting]:
        """What waits for approvals, the oldest first."""
        with self._lock:
            rows = self._db.execute(
                "SELECT peer, kind, subject, class_name, incident_kind, t_utc_us FROM waiting ORDER BY t_utc_us"
            ).fetchall()
        return [Waiting(*row) for row in rows]

    def approvals(self, peer: str, kind: str, subject: str) -> tuple[str, ...]:
        """Who has approved so far."""
        return self._known.approved.get((peer, kind, subject), ())

    def forget_runs(self) -> None:
        """Tracks of earlier runs wait for nobody any more."""
        with self._transaction() as db:
            db.execute("DELETE FROM waiting WHERE kind = 'track' AND t_utc_us < ?", (self._since_utc_us,))

    def prune(self, now_utc_us: int) -> None:
        """Forget what is older than a tombstone lives."""
        old = now_utc_us - KEEP_US
        with self._transaction() as db:
            for table in ("mark", "judgement", "volumes", "waiting"):
                db.execute(f"DELETE FROM {table} WHERE t_utc_us < ?", (old,))


def read_areas(path: Path) -> shapely.Geometry:
    """All polygons of a GeoJSON file as one shape in (longitude, latitude). Raises :class:`ConfigError`."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        features = document["features"] if document.get("type") == "FeatureCollection" else [document]
        shapes = [shapely.from_geojson(json.dumps(f.get("geometry", f))) for f in features]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, GEOSException) as error:
        raise ConfigError(f"{path}: no areas can be read from it: {error!r:.120}", "give a GeoJSON file") from error
    if not shapes or any(
        s.geom_type not in ("Polygon", "MultiPolygon") or not s.is_valid or s.is_empty for s in shapes
    ):
        raise ConfigError(f"{path}: holds something that is no sound polygon", "draw every protected area as a polygon")
    union = shapely.union_all(shapes)
    shapely.prepare(union)
    return union
