"""``groundstation share ledger``: what was told, whether the log is whole, export, erasure. 0, or 1 for a log with a fault."""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from groundstation.app.config import read_config
from groundstation.core.errors import ConfigError, StoreError
from groundstation.share.agreement_signed import time_text
from groundstation.share.audit_read import entries, has_table, open_log, verify_audit
from groundstation.share.due import settle_due
from groundstation.share.ledger import (
    Checkpoint,
    Erased,
    Ledger,
    checkpoints,
    compare_with_witness,
    read_witness,
    witness_document,
)
from groundstation.share.ledger_export import entry_line, write_export
from groundstation.share.schema import AUDIT_FILE
from groundstation.share.signing import open_share_key, read_share_key, share_public_file

Answer = tuple[int, dict[str, Any], list[str]]


def run(options: argparse.Namespace) -> int:
    """Carry out the command line. Raises ConfigError, StoreError."""
    actions: dict[str, Callable[[argparse.Namespace, Path], Answer]] = {
        "show": _show,
        "verify": _verify,
        "export": _export,
        "checkpoints": _checkpoints,
        "erase": _erase,
        "retention": _retention,
    }
    data_dir: Path | None = options.data_dir
    if options.config is not None:
        station = read_config(options.config).station
        options.station = options.station or station.name
        data_dir = data_dir or station.data_dir
    data_dir = data_dir or Path("marchwarden-data")
    try:
        code, document, lines = actions[options.action](options, data_dir)
    except sqlite3.Error as error:
        raise StoreError(
            f"{data_dir / AUDIT_FILE}: {error}", "check the disk, or wait until the station is idle"
        ) from error
    print(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) if options.json else "\n".join(lines))
    return code


def _wanted(options: argparse.Namespace) -> str:
    given = [value for value in (options.track, options.incident, options.subject) if value]
    if len(given) > 1:
        raise ConfigError("--track, --incident and --subject name more than one thing", "give one of them")
    return given[0] if given else ""


def _about(entry: dict[str, Any], wanted: str) -> bool:
    # An operator reads "track 7"; its id begins with its stream's name.
    return wanted in (entry["subject"], entry["told_as"]) or (
        wanted.isdigit() and str(entry["subject"]).endswith(f"-{wanted}")
    )


def _show(options: argparse.Namespace, data_dir: Path) -> Answer:
    wanted = _wanted(options)
    found = [
        e
        for e in entries(data_dir)
        if (not wanted or _about(e, wanted)) and (not options.peer or e["peer"] == options.peer)
    ]
    told = [e for e in found if e["what"] == "disclosure"]
    verification = verify_audit(data_dir)
    told_to = sorted({str(e["peer"]) for e in told})
    document = {
        "subject": wanted,
        "disclosures": len(told),
        "told_to": told_to,
        "fields": sorted({f for e in told for f in str(e["fields"]).split(",") if f}),
        "first_utc_us": min((e["t_utc_us"] for e in told), default=0),
        "last_utc_us": max((e["t_utc_us"] for e in told), default=0),
        "entries": found,
        "whole": not verification.fault,
        "fault": verification.fault,
    }
    about = f"of {wanted} " if wanted else ""
    lines = [f"{len(told)} records {about}told to {', '.join(told_to) or 'nobody'}"]
    lines += [entry_line(e) for e in found]
    lines.append(f"THE LOG IS NOT WHOLE: {verification.fault}" if verification.fault else "the log is whole")
    return 0, document, lines


def _stored_checkpoints(data_dir: Path, station: str = "") -> list[Checkpoint]:
    with closing(open_log(data_dir)) as db:
        if not has_table(db, "checkpoint"):
            return []
        names = [row[0] for row in db.execute("SELECT DISTINCT station FROM checkpoint ORDER BY station")]
        return [c for name in names if station in ("", name) for c in checkpoints(db, name)]


def _verify(options: argparse.Namespace, data_dir: Path) -> Answer:
    found = verify_audit(data_dir)
    public = share_public_file(data_dir)
    key = read_share_key(public) if public.exists() else None
    fault, checked = found.fault, 0
    ours = [c for c in _stored_checkpoints(data_dir) if key is not None and c.is_signed_by(key)]
    if options.witness is not None:
        try:
            witness = read_witness(options.witness.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ConfigError(f"{options.witness}: is no file of checkpoints: {error}", "ask the neighbour") from error
        ours += witness
    if not fault and ours:
        with closing(open_log(data_dir)) as db:
            fault, checked = compare_with_witness(db, ours, key), len(ours)
    document = {
        "entries": found.entries,
        "contents": found.contents,
        "erased": found.erased,
        "checkpoints": checked,
        "whole": not fault,
        "fault": fault,
    }
    line = (
        f"{found.entries} entries, {found.contents} contents, {found.erased} erased, {checked} checkpoints: "
        f"{fault or 'whole'}"
    )
    return int(bool(fault)), document, [line]


def _export(options: argparse.Namespace, data_dir: Path) -> Answer:
    if options.out is None:
        raise ConfigError("where to?", "give --out FOLDER")
    wanted = _wanted(options)
    found = [e for e in entries(data_dir) if not wanted or _about(e, wanted)]
    verification = verify_audit(data_dir)
    files = write_export(options.out, found, verification, options.station, time.time_ns() // 1000)
    document = {"files": [str(f) for f in files], "entries": len(found), "whole": not verification.fault,
                "fault": verification.fault}  # fmt: skip
    return 0, document, [f"{len(found)} entries: {', '.join(str(f) for f in files)}"]


def _checkpoints(options: argparse.Namespace, data_dir: Path) -> Answer:
    found = _stored_checkpoints(data_dir, options.of)
    if options.out is not None:
        if not options.of:
            raise ConfigError("of which station's log?", "give --of NAME")
        text = json.dumps(witness_document(options.of, found), indent=1)
        try:
            options.out.write_text(text + "\n", encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"{options.out}: cannot be written: {error.strerror}", "check the folder") from error
    document = {"checkpoints": [c.body() | {"station": c.station} for c in found]}
    lines = [f"{c.station}: entry {c.seq}, {c.head[:16]}..., signed {time_text(c.t_utc_us)}" for c in found]
    return 0, document, lines or ["no checkpoint yet"]


def _open(options: argparse.Namespace, data_dir: Path) -> Ledger:
    if not (data_dir / AUDIT_FILE).is_file():
        raise StoreError(f"{data_dir / AUDIT_FILE}: no such database", "check the data folder")
    ledger = Ledger(data_dir, options.station or "station", open_share_key(data_dir))
    settle_due(data_dir, ledger)
    return ledger


def _erased(erased: Erased) -> dict[str, Any]:
    return {"erased": erased.contents, "entry": erased.n, "proof_sha256": erased.digest}


def _erase(options: argparse.Namespace, data_dir: Path) -> Answer:
    wanted = _wanted(options)
    if not wanted or not options.by or not options.reason:
        raise ConfigError("an erasure has a subject, a name and a reason", "give --subject ID --by NAME --reason TEXT")
    names = {e["subject"] for e in entries(data_dir) if e["what"] == "disclosure" and _about(e, wanted)}
    if len(names) > 1:
        raise ConfigError(f"{wanted} may be {' or '.join(sorted(names))}", "give the whole id")
    ledger = _open(options, data_dir)
    try:
        done = ledger.erase(next(iter(names), wanted), options.by, options.reason, time.time_ns() // 1000)
    finally:
        ledger.close()
    said = f"{done.contents} contents erased; entry {done.n} says so, {done.digest}" if done.n else "nothing to erase"
    return 0, {"subject": wanted} | _erased(done), [said]


def _retention(options: argparse.Namespace, data_dir: Path) -> Answer:
    ledger = _open(options, data_dir)
    total = 0
    try:
        while (done := ledger.enforce_retention(time.time_ns() // 1000)).n:
            total += done.contents
    finally:
        ledger.close()
    return 0, {"erased": total}, [f"{total} contents whose time was over erased"]
