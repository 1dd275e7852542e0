"""``groundstation share waiting|approve|rescue|protect|judge|deconflict``: what officers say of shared subjects, without a window.

Everything is written into the station's files: a station that runs acts on it within a second, one that does not with its
next start.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from groundstation.app.config import read_config
from groundstation.core.errors import ConfigError, StoreError
from groundstation.share.audit import AuditLog
from groundstation.share.deconflict import (
    Volume,
    deconflict,
    read_volumes,
    volume_of_path,
    volumes_text,
)
from groundstation.share.duty import write_mark
from groundstation.share.marks import MARKS_FILE, Marks

Answer = tuple[int, dict[str, Any], list[str]]
NEEDED = 2
_HOUR_US = 3_600_000_000


def run(options: argparse.Namespace) -> int:
    """Carry out one action; 0, or 1 where own and told volumes overlap. Raises ConfigError, PlanError, StoreError."""
    name, data_dir = _station(options)
    actions: dict[str, Callable[[argparse.Namespace, str, Path], Answer]] = {
        "waiting": _waiting,
        "approve": _approve,
        "rescue": _rescue,
        "protect": _protect,
        "judge": _judge,
        "deconflict": _deconflict,
    }
    by = getattr(options, "by", None)
    if by is not None and not by.strip() and options.share_action != "deconflict":
        raise ConfigError("who orders it?", "give --by NAME")
    try:
        code, document, lines = actions[options.share_action](options, name, data_dir)
    except sqlite3.Error as error:
        raise StoreError(f"{data_dir / MARKS_FILE}: {error}", "check the disk, or try again") from error
    print(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) if options.json else "\n".join(lines))
    return code


def _station(options: argparse.Namespace) -> tuple[str, Path]:
    name, data_dir = options.station, options.data_dir
    if options.config is not None:
        station = read_config(options.config).station
        name, data_dir = name or station.name, data_dir or station.data_dir
    if not name or data_dir is None:
        raise ConfigError("which station is it?", "give --config FILE, or --station NAME and --data-dir DIR")
    if not data_dir.is_dir():
        raise ConfigError(f"{data_dir}: no station has run there", "check --data-dir or [station] data_dir")
    return name, data_dir


def _now_us() -> int:
    return time.time_ns() // 1000


def _write(data_dir: Path, what: Any, kind: str, subject: str, by: str, value: str = "1", peer: str = "") -> None:
    marks, audit = Marks(data_dir, 0), AuditLog(data_dir)
    try:
        write_mark(marks, audit, what, kind, subject, by, _now_us(), value, peer)
    finally:
        audit.close()
        marks.close()


def _kind(options: argparse.Namespace) -> str:
    return "track" if options.track else "incident"


def _listed(data_dir: Path) -> list[dict[str, Any]]:
    marks = Marks(data_dir, 0)
    try:
        return [
            asdict(w) | {"approved_by": list(marks.approvals(w.peer, w.kind, w.subject)), "needed": NEEDED}
            for w in marks.waiting()
        ]
    finally:
        marks.close()


def _waiting(options: argparse.Namespace, name: str, data_dir: Path) -> Answer:
    listed = _listed(data_dir)
    lines = [
        f"{w['kind']} {w['subject']} ({w['incident_kind'] or w['class_name']}) for {w['peer']}: "
        f"{', '.join(w['approved_by']) or 'nobody'} of {NEEDED} officers"
        for w in listed
    ]
    return 0, {"station": name, "waiting": listed}, lines or ["nothing waits for an approval"]


def _approve(options: argparse.Namespace, name: str, data_dir: Path) -> Answer:
    kind = _kind(options)
    found = [
        w
        for w in _listed(data_dir)
        if (w["kind"], w["subject"]) == (kind, options.subject) and options.peer in ("", w["peer"])
    ]
    if not found:
        raise ConfigError(f"nobody waits for {kind} {options.subject}", "groundstation share waiting lists what does")
    if len(found) > 1:
        raise ConfigError(f"{', '.join(w['peer'] for w in found)} wait for it", "say which with --peer")
    (waiting,) = found
    if options.by.casefold() in {n.casefold() for n in waiting["approved_by"]}:
        raise ConfigError(f"{options.by} has approved it already", "a second officer has to")
    _write(data_dir, "approved", kind, options.subject, options.by, peer=waiting["peer"])
    names = [*waiting["approved_by"], options.by]
    document = {
        "subject": options.subject,
        "kind": kind,
        "peer": waiting["peer"],
        "approved_by": names,
        "needed": NEEDED,
    }
    return 0, document, [f"{options.subject}: {len(names)} of {NEEDED} officers for {waiting['peer']}"]


def _rescue(options: argparse.Namespace, name: str, data_dir: Path) -> Answer:
    _write(data_dir, "rescue", "incident", options.incident, options.by, "" if options.over else "1")
    said = "no rescue any more" if options.over else "a rescue: told as far as the agreements have a clause for it"
    return (
        0,
        {"incident": options.incident, "rescue": not options.over, "by": options.by},
        [f"{options.incident}: {said}"],
    )


def _protect(options: argparse.Namespace, name: str, data_dir: Path) -> Answer:
    _write(data_dir, "protected", _kind(options), options.subject, options.by, "" if options.over else "1")
    said = "not protected any more" if options.over else "protected: no third country is told from now on"
    document = {"subject": options.subject, "protected": not options.over, "by": options.by}
    return 0, document, [f"{options.subject}: {said}"]


def _judge(options: argparse.Namespace, name: str, data_dir: Path) -> Answer:
    peer, _, rest = options.pair.partition("/")
    remote, _, own = rest.partition("/")
    if not (peer and remote and own):
        raise ConfigError(f"{options.pair!r} is no pair", "write it as NEIGHBOUR/THEIRS/OURS")
    verdict = "agree" if options.same else "disagree"
    marks = Marks(data_dir, 0)
    try:
        marks.judge(peer, remote, own, verdict, options.by, _now_us(), False)
    finally:
        marks.close()
    return 0, {"pair": options.pair, "verdict": verdict, "by": options.by}, [f"{options.pair}: {verdict}"]


def _deconflict(options: argparse.Namespace, name: str, data_dir: Path) -> Answer:
    from_us = _time(options.from_utc) if options.from_utc else _now_us()
    until_us = _time(options.until_utc) if options.until_utc else from_us + _HOUR_US
    ours = [_volume(options, name, file, f"plan {n}", from_us, until_us) for n, file in enumerate(options.plan, 1)]
    text = volumes_text(ours)
    marks = Marks(data_dir, 0)
    try:
        theirs, told_us = _theirs(options, marks)
        if options.send:
            if not options.by:
                raise ConfigError("who tells the neighbour?", "give --by NAME")
            marks.add_volumes(options.peer, text, options.by, _now_us(), False)
    finally:
        marks.close()
    if options.out is not None:
        try:
            options.out.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"{options.out}: cannot be written: {error.strerror}", "check the folder") from error
    findings = deconflict(ours, theirs or [], clock_uncertainty_us=options.clock * 1e6)
    errors = sum(f.severity == "error" for f in findings)
    document = {
        "station": name,
        "neighbour": options.peer,
        "ours": len(ours),
        "theirs": len(theirs) if theirs is not None else None,
        "told_utc_us": told_us,
        "sent": options.send,
        "findings": [
            {
                "severity": f.severity,
                "text": f.text,
                "remedies": list(f.remedies),
                "distance_m": f.distance_m,
                "height_gap_m": f.height_gap_m,
                "time_gap_s": f.time_gap_s,
            }
            for f in findings
        ],
    }
    lines = [f"{f.severity}: {f.text}; any one of: {'; '.join(f.remedies)}" for f in findings]
    if theirs is None:
        lines.append(f"{options.peer} HAS TOLD NO VOLUMES: nothing was compared")
    elif not findings:
        lines.append(f"clear of all {len(theirs)} volumes of {options.peer}")
    return int(errors > 0), document, lines


def _theirs(options: argparse.Namespace, marks: Marks) -> tuple[list[Volume] | None, int]:
    if options.theirs is not None:
        try:
            return read_volumes(options.theirs.read_text(encoding="utf-8"), str(options.theirs), options.peer), 0
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{options.theirs}: cannot be read: {error}", "give the neighbour's file") from error
    told = marks.volumes_of(options.peer)
    return (read_volumes(told[0], options.peer, options.peer), told[1]) if told is not None else (None, 0)


def _volume(options: argparse.Namespace, name: str, file: Path, title: str, from_us: int, until_us: int) -> Volume:
    from groundstation.app.plan_check_command import load  # brings the whole of the checks
    from missions.flown_path import flown_path

    checked = load(file, options)
    plan, given = checked.plan, checked.given
    home_alt_m = options.home_alt if options.home_alt is not None else plan.home_alt_amsl_m
    if home_alt_m == 0.0 and options.home_alt is None:
        raise ConfigError(f"{file}: does not say how high its home is above the sea", "give --home-alt, or --terrain")
    assert given.performance is not None  # load always finds or assumes one
    path = flown_path(plan, given.performance, terrain=checked.terrain, rtl_alt_m=checked.limits.rtl_alt_m)
    lat, lon = path.frame.from_plane(path.en_m)
    points = [
        (float(a), float(o), float(h) + home_alt_m) for a, o, h in zip(lat, lon, path.alt_rel_home_m, strict=True)
    ]
    try:
        return volume_of_path(name, title, points, options.margin, options.height_margin, from_us, until_us)
    except ValueError as error:
        raise ConfigError(f"{file}: {error}", "check the plan and the times") from error


def _time(text: str) -> int:
    try:
        t = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"{text!r} is no time", "write it as 2026-05-04T22:00, in UTC") from error
    return round((t if t.tzinfo is not None else t.replace(tzinfo=UTC)).timestamp() * 1e6)
