"""Every incident gets its evidence package: the clip, the track, the telemetry, the rule, the model and the clocks.

The station's loop calls :meth:`EvidenceService.step`, which only collects. A thread of its own, ``evidence``, writes:
hashing and writing tens of megabytes to the disk must not stand between a heartbeat and its time.

An incident whose clip does not come (the video failed, the station stopped) is packaged with what there is, and the
package says what it lacks. One that a kill left without a package gets it at the next start, from what is on the disk.
"""

from __future__ import annotations

import json
import logging
import queue
import re
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.canonical import canonical_json
from groundstation.core.clock import Clock
from groundstation.core.errors import MarchwardenError
from groundstation.core.records import EvidenceReady, EvidenceRequest, Fault, Incident, StationFault
from groundstation.store.evidence_chain import FOLDER, EvidenceBook
from groundstation.store.evidence_clock import synchronisation
from groundstation.store.evidence_key import open_signing_key
from groundstation.store.evidence_package import PACKAGE_SUFFIX, write_package
from groundstation.store.evidence_record import (
    ClockSample,
    EvidenceMemory,
    Surroundings,
    clock_document,
    plain,
    telemetry_document,
    track_document,
)
from groundstation.store.evidence_restore import stored_incidents, stored_telemetry, stored_track

_log = logging.getLogger("groundstation.store.evidence")

CLIP_MEMBER, BOXES_MEMBER = "clip.ts", "boxes.json"
INCIDENT_MEMBER, TRACK_MEMBER, TELEMETRY_MEMBER = "incident.json", "track.json", "telemetry.json"
RULE_MEMBER, MODEL_MEMBER, CLOCK_MEMBER = "rule.json", "model.json", "clock.json"
_AROUND_US = 10_000_000
_MARGIN_US = 2_000_000
_SHORT_US = 1_000_000
_CLIP_LATE_S = 90.0
_RETRY_S = 5.0
_SWEEP_S = 3600.0
_DAY_US = 86_400_000_000
_SAFE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")


@dataclass(frozen=True)
class EvidenceContext:
    """What the station knows and the bus does not tell.

    ``model``: name, hash and runtime of the detector. ``describe_rule``: kind, parameters, sentence and the hash of the
    rule file of what raised an incident. ``keep_days``: packages older than that are let go; None keeps all.
    """

    station: str
    model: Mapping[str, Any]
    describe_rule: Callable[[Incident], Mapping[str, Any]]
    keep_days: float | None = None
    utc_state: Callable[[], dict[str, Any]] = synchronisation


@dataclass(frozen=True)
class _Job:
    """``around`` is None for an incident of an earlier run: then the disk is asked."""

    incident: Incident
    clip: Path | None
    notes: tuple[str, ...]
    around: Surroundings | None


@dataclass
class _Waiting:
    incident: Incident
    deadline_s: float
    ordered: EvidenceRequest | None = None


@dataclass
class _Material:
    """What goes into one package."""

    facts: dict[str, Any]
    members: list[tuple[str, bytes]] = field(default_factory=list)


class EvidenceService:
    """One per station. ``start``, then ``step`` about 20 times a second from one thread, then ``stop``."""

    def __init__(self, bus: Bus, data_dir: Path, flight_id: str, clock: Clock, context: EvidenceContext) -> None:
        self._bus, self._data_dir, self._flight_id, self._clock = bus, data_dir, flight_id, clock
        self._context = context
        self._folder = data_dir / FOLDER
        self._memory = EvidenceMemory()
        self._waiting: dict[str, _Waiting] = {}
        self._done: set[str] = set()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._trouble = ""
        self._incidents = bus.subscribe(topics.INCIDENT)
        self._tracks = bus.subscribe(topics.VIDEO_TRACKS)
        self._states = bus.subscribe(topics.VEHICLE_STATE)
        self._requests = bus.subscribe(topics.EVIDENCE_REQUEST)
        self._ready = bus.subscribe(topics.EVIDENCE_READY)

    # -- the caller's thread ---------------------------------------------------------------------------------------

    def start(self) -> None:
        """Open key and book, take up what an earlier run left, start the thread.

        Raises :class:`~groundstation.core.errors.CertificateError` and StoreError.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        for leftover in self._folder.glob(".*.part"):
            leftover.unlink(missing_ok=True)
        self._key = open_signing_key(self._data_dir)
        self._book = EvidenceBook(self._data_dir)
        found = self._book.catch_up(self._key.public)
        if found:
            _log.info("%d packages of an earlier run were entered in the book", found)
        for incident in stored_incidents(self._data_dir):
            self._done.add(incident.incident_id)
            if self._book.knows(incident.incident_id):
                continue
            _log.warning("%s has no evidence package; it is made from what the store holds", incident.incident_id)
            clip = self._folder / f"{incident.incident_id}.ts"
            note = "the station was interrupted before the package was made: telemetry is one state a second"
            self._jobs.put(_Job(incident, clip if clip.is_file() else None, (note,), None))
        self._thread = threading.Thread(target=self._run, name="evidence", daemon=True)
        self._thread.start()

    def step(self) -> None:
        """Collect what came; never blocks."""
        self._sample_clocks()
        for record in self._tracks.drain():
            self._memory.add_frame(record)
        for state in self._states.drain():
            self._memory.add_state(state)
        for incident in self._incidents.drain():
            self._on_incident(incident)
        for request in self._requests.drain():
            if request.incident_id in self._waiting:
                self._waiting[request.incident_id].ordered = request
        for ready in self._ready.drain():
            self._on_ready(ready)
        for waiting in [w for w in self._waiting.values() if self._now_s() > w.deadline_s]:
            self._hand_over(waiting, None, "no clip came from the video")

    def stop(self, timeout_s: float = 20.0) -> bool:
        """Package what waits, with or without its clip; False when the disk did not take all of it in time.

        What could not be written is made at the next start. Harmless when called again.
        """
        thread = self._thread
        if thread is None:
            return True
        self.step()
        for waiting in list(self._waiting.values()):
            self._hand_over(waiting, None, "the station stopped before the clip came")
        self._jobs.put(None)
        self._stopping.set()
        thread.join(timeout_s)
        if thread.is_alive():
            _log.error("not all evidence could be packaged; it is made at the next start")
            return False
        self._thread = None
        for subscription in (self._incidents, self._tracks, self._states, self._requests, self._ready):
            self._bus.unsubscribe(subscription)
        self._book.close()
        return not self._trouble

    def _now_s(self) -> float:
        return self._clock.mono_ns() / 1e9

    def _sample_clocks(self) -> None:
        before_ns = self._clock.mono_ns()
        t_utc_us = self._clock.utc_us()
        if self._clock.mono_ns() - before_ns < 1_000_000:  # else something came between the two readings
            self._memory.add_clocks(ClockSample(t_utc_us, before_ns))

    def _on_incident(self, incident: Incident) -> None:
        known = self._waiting.get(incident.incident_id)
        if known is not None:
            known.incident = incident
        elif incident.incident_id not in self._done:
            if not _SAFE_ID.fullmatch(incident.incident_id):
                _log.error("the incident id %r cannot name a file", incident.incident_id)
                return
            self._waiting[incident.incident_id] = _Waiting(incident, self._now_s() + _CLIP_LATE_S)

    def _on_ready(self, ready: EvidenceReady) -> None:
        waiting = self._waiting.get(ready.incident_id)
        if waiting is None:
            return
        if ready.ok:
            self._hand_over(waiting, Path(ready.path), "")
        else:
            self._hand_over(waiting, None, f"there is no clip: {ready.detail}")

    def _hand_over(self, waiting: _Waiting, clip: Path | None, note: str) -> None:
        incident = waiting.incident
        del self._waiting[incident.incident_id]
        self._done.add(incident.incident_id)
        stream = incident.track_id.rpartition("-")[0] if waiting.ordered is None else waiting.ordered.stream
        around = self._memory.around(stream, incident.vehicle_id)
        self._jobs.put(_Job(incident, clip, (note,) if note else (), around))

    # -- the thread ------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        self._sweep()
        while True:
            try:
                job = self._jobs.get(timeout=_SWEEP_S)
            except queue.Empty:
                self._sweep()
                continue
            if job is None:
                return
            self._write_stubbornly(job)

    def _write_stubbornly(self, job: _Job) -> None:
        """A full disk is not for ever: tried again until it goes, or the station stops."""
        while True:
            try:
                self._write(job)
            except (OSError, sqlite3.Error, MarchwardenError) as error:
                self._tell(f"{job.incident.incident_id}: {error}")
                if self._stopping.wait(_RETRY_S):
                    return
            except Exception as error:
                # One package that cannot be made must not keep the others from being made.
                _log.exception("%s: no package", job.incident.incident_id)
                self._tell(f"{job.incident.incident_id}: {type(error).__name__}: {error}")
                return
            else:
                self._tell("")
                return

    def _write(self, job: _Job) -> None:
        incident = job.incident
        link = self._book.head()
        material = self._material(job)
        path = self._free_path(incident.incident_id)
        digest = write_package(path, material.facts, material.members, self._key, link)
        try:
            self._book.enter(incident.incident_id, path.name, digest, link, material.facts["created_utc_us"])
        except sqlite3.Error:
            path.unlink(missing_ok=True)  # else the next try would make a second one of the same number
            raise
        remark = "" if material.facts["complete"] else f" ({'; '.join(material.facts['notes'])})"
        _log.info("%s: evidence package %d%s", incident.incident_id, link.number, remark)

    def _free_path(self, incident_id: str) -> Path:
        """What lies there and is not in the book is not overwritten: it may be evidence of something."""
        path = self._folder / f"{incident_id}{PACKAGE_SUFFIX}"
        number = 2
        while path.exists():
            path = self._folder / f"{incident_id}-{number}{PACKAGE_SUFFIX}"
            number += 1
        return path

    def _material(self, job: _Job) -> _Material:
        incident, notes = job.incident, list(job.notes)
        members: list[tuple[str, bytes]] = []
        from_us, to_us = incident.t_utc_us - _AROUND_US, incident.t_utc_us + _AROUND_US
        clip_facts: dict[str, Any] | None = None
        time_sources: list[str] = []
        if job.clip is not None:
            clip = self._clip(job.clip, notes)
            if clip is not None:
                content, boxes = clip
                members.append((CLIP_MEMBER, content))
                if boxes is not None:
                    members.append((BOXES_MEMBER, canonical_json(boxes)))
                    clip_facts = dict(boxes["clip"])
                    from_us, to_us = int(clip_facts["asked_from_utc_us"]), int(clip_facts["asked_to_utc_us"])
                    time_sources = [str(p["time_source"]) for p in boxes["pictures"]]
                    notes += _shortness(clip_facts)
        if job.around is not None:
            track = track_document(incident.track_id, job.around.frames)
            telemetry = telemetry_document(job.around, from_us - _MARGIN_US, to_us + _MARGIN_US)
            clock = clock_document(job.around, from_us, to_us, time_sources, self._context.utc_state())
        else:
            track, lack = stored_track(self._data_dir, incident)
            notes.append(lack)
            telemetry = stored_telemetry(self._data_dir, incident, from_us - _MARGIN_US, to_us + _MARGIN_US)
            clock = clock_document(Surroundings((), (), ()), from_us, to_us, time_sources, {"synchronised": None})
        if not track["positions"]:
            notes.append("no position of the track is known any more")
        if not telemetry["aircraft"]:
            notes.append("no state of the aircraft around it is known")
        told = plain(replace(incident, evidence=""))
        del told["evidence"]
        for name, document in (
            (INCIDENT_MEMBER, told),
            (TRACK_MEMBER, track),
            (TELEMETRY_MEMBER, telemetry),
            (RULE_MEMBER, plain(dict(self._context.describe_rule(incident)))),
            (MODEL_MEMBER, plain(dict(self._context.model))),
            (CLOCK_MEMBER, clock),
        ):
            members.append((name, canonical_json(plain(document))))
        facts = {
            "content": "incident",
            "kind": incident.kind,
            "incident_id": incident.incident_id,
            "flight_id": incident.flight_id,
            "station": self._context.station,
            "created_utc_us": self._clock.utc_us(),
            "complete": not notes,
            "notes": notes,
            "clip": clip_facts,
            "sentence": incident.text,
        }
        return _Material(facts, members)

    def _clip(self, path: Path, notes: list[str]) -> tuple[bytes, dict[str, Any] | None] | None:
        """The clip as it lies there and what was seen in it; adds to the notes what is missing."""
        try:
            content = path.read_bytes()
        except OSError as error:
            notes.append(f"the clip cannot be read: {error.strerror}")
            return None
        try:
            boxes = json.loads(path.with_suffix(".boxes.json").read_bytes())
            right = isinstance(boxes["clip"], dict) and all("time_source" in p for p in boxes["pictures"])
            right = right and {"asked_from_utc_us", "asked_to_utc_us", "from_utc_us", "to_utc_us"} <= set(boxes["clip"])
        except (OSError, ValueError, KeyError, TypeError):
            right = False
        if not right:
            notes.append("the boxes of what was seen in the clip are missing: an export blurs the whole picture")
            return content, None
        return content, boxes

    def _sweep(self) -> None:
        """Let go what is older than the station may keep."""
        keep_days = self._context.keep_days
        if keep_days is None:
            return
        now_us = self._clock.utc_us()
        try:
            for number, file in self._book.older_than(now_us - int(keep_days * _DAY_US)):
                path = self._folder / file
                clip = path.with_name(file.removesuffix(PACKAGE_SUFFIX) + ".ts")
                if not any(p.exists() for p in (path, clip)):
                    continue
                self._book.remove(number, now_us, f"kept for {keep_days:g} days")
                for gone in (path, clip, clip.with_suffix(".boxes.json")):
                    gone.unlink(missing_ok=True)
                _log.info("evidence package %d, %s, was let go after %g days", number, file, keep_days)
        except (OSError, sqlite3.Error) as error:
            self._tell(f"old packages cannot be let go: {error}")

    def _tell(self, trouble: str) -> None:
        """Publish the change when packaging begins to fail, or works again with an empty text."""
        if bool(trouble) == bool(self._trouble):
            return
        self._trouble = trouble
        if trouble:
            _log.error("evidence: %s", trouble)
        fault = Fault(
            "evidence",
            "critical",
            f"Evidence is not being packaged: {trouble}" if trouble else "Evidence is packaged again",
            "free space on the data disk and check the rights of its folders" if trouble else "",
        )
        self._bus.publish(topics.STATION_FAULT, StationFault("evidence", fault, bool(trouble), self._clock.utc_us()))


def _shortness(clip: Mapping[str, Any]) -> list[str]:
    notes = []
    late_us = int(clip["from_utc_us"]) - int(clip["asked_from_utc_us"])
    early_us = int(clip["asked_to_utc_us"]) - int(clip["to_utc_us"])
    if late_us > _SHORT_US:
        notes.append(f"the clip lacks its first {late_us / 1e6:.1f} s: the video had not begun, or was interrupted")
    if early_us > _SHORT_US:
        notes.append(f"the clip lacks its last {early_us / 1e6:.1f} s: the video or the flight ended before")
    return notes
