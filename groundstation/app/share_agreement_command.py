"""``groundstation share agreement new|sign|show|dry-run|terminate``."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from groundstation.app.config import read_config
from groundstation.app.share_agreement_new import new_agreement
from groundstation.app.share_tracks import read_subjects, typed_subject
from groundstation.core.errors import ConfigError
from groundstation.share.agreement_file import write_draft
from groundstation.share.agreement_signed import (
    SignedAgreement,
    open_any,
    read_signed,
    sign,
    standing,
    terminate,
    time_text,
    write_signed,
)
from groundstation.share.agreement_text import clauses, signature_lines
from groundstation.share.agreement_try import Trial, try_subject
from groundstation.share.audit import NOTE, AuditLog, note
from groundstation.share.policy import Release, Withheld
from groundstation.share.signing import (
    StationPublicKey,
    neighbour_key,
    open_share_key,
    pin_neighbour_key,
    read_share_key,
)

Answer = tuple[dict[str, Any], list[str]]


def run(options: argparse.Namespace) -> int:
    """Carry out one action; 0 when it was done. Raises ConfigError, CertificateError, StoreError."""
    actions: dict[str, Callable[[argparse.Namespace], Answer]] = {
        "new": _new,
        "sign": _sign,
        "show": _show,
        "dry-run": _dry_run,
        "terminate": _terminate,
    }
    document, lines = actions[options.agreement_action](options)
    print(json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) if options.json else "\n".join(lines))
    return 0


def _now_utc_us() -> int:
    return time.time_ns() // 1000


def _station(options: argparse.Namespace, signed: SignedAgreement) -> tuple[str, str, Path]:
    """This station's name, the other party's, and this station's data folder."""
    name, data_dir = options.station, getattr(options, "data_dir", None)
    if options.config is not None:
        station = read_config(options.config).station
        name, data_dir = name or station.name, data_dir or station.data_dir
    parties = signed.agreement.parties
    if name not in parties:
        what = f"{name} is no party" if name else "as which party?"
        raise ConfigError(f"{what}: the agreement is between {' and '.join(parties)}", "give --station, or --config")
    other = parties[1] if name == parties[0] else parties[0]
    return name, other, data_dir or Path("marchwarden-data")


def _summary(path: Path, signed: SignedAgreement) -> dict[str, Any]:
    agreement = signed.agreement
    ended = signed.termination
    return {
        "file": str(path),
        "id": agreement.agreement_id,
        "sha256": agreement.digest(),
        "parties": list(agreement.parties),
        "signed_by": [s.party for s in signed.signatures],
        "missing": list(signed.missing),
        "terminated_by": ended.party if ended is not None else "",
        "terminated_utc_us": ended.t_utc_us if ended is not None else 0,
    }


# --------------------------------------------------------------------------------------------------------- new, sign


def _new(options: argparse.Namespace) -> Answer:
    path: Path | None = options.out or options.file
    if path is None:
        raise ConfigError("which file?", "give FILE.toml for a draft, or FILE.json for the one to be signed")
    if path.exists() and not options.force:
        raise ConfigError(f"{path}: is there already", "choose another name, or give --force")
    agreement = new_agreement(options, _now_utc_us())
    signed = SignedAgreement(agreement)
    draft = path.suffix == ".toml"
    if draft:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_draft(agreement, path)
        except OSError as error:
            raise ConfigError(f"{path}: cannot be written: {error.strerror}", "check the folder") from error
        following = f"edit it, then: groundstation share agreement new --from {path} --out FILE.json"
    else:
        write_signed(signed, path)
        following = f"sign it at both stations: groundstation share agreement sign {path} --station NAME --data-dir DIR"
    document = _summary(path, signed) | {"draft": draft, "agreement": agreement.terms()}
    return document, [f"{path}: agreement {agreement.agreement_id}, sha256 {agreement.digest()}", f"next: {following}"]


def _sign(options: argparse.Namespace) -> Answer:
    signed = read_signed(options.file)
    name, other, data_dir = _station(options, signed)
    key = open_share_key(data_dir)
    # The neighbour's key first: what cannot be trusted is not signed beside.
    theirs = signed.signed_by(other)
    pinned_now = _know_neighbour(options, data_dir, other, theirs.key if theirs is not None else None)
    ours = signed.signed_by(name)
    if ours is None or ours.key != key.public:
        now_utc_us = _now_utc_us()
        signed = sign(signed, name, key, now_utc_us)
        _note(data_dir, other, signed, now_utc_us, f"agreement signed by {name}")
        write_signed(signed, options.file)
    found = standing(signed, name, other, key.public, neighbour_key(data_dir, other))
    known = neighbour_key(data_dir, other)
    document = _summary(options.file, signed) | {
        "station": name,
        "key": key.public.raw.hex(),
        "fingerprint": key.public.fingerprint,
        "neighbour_key": known.raw.hex() if known is not None else "",
        "neighbour_fingerprint": known.fingerprint if known is not None else "",
        "in_force": found.agreement is not None,
        "standing": found.words,
    }
    lines = [f"{options.file}: signed by {name}, key {key.public.fingerprint}", f"agreement: {found.words}"]
    if pinned_now and known is not None:
        lines.append(f"the key of {other} is {known.fingerprint} from now on: compare it with {other} on the telephone")
    if theirs is None:
        lines.append(f"next: give the file to {other}, who signs it; take it back and sign once more to know its key")
    return document, lines


def _know_neighbour(options: argparse.Namespace, data_dir: Path, other: str, key: StationPublicKey | None) -> bool:
    """Keep the neighbour's key where none is known yet; True when one was kept now."""
    if options.neighbour_key is not None:
        given = read_share_key(options.neighbour_key)
        if key is not None and key != given:
            raise ConfigError(
                f"{other} has signed with {key.fingerprint}, and {options.neighbour_key} is {given.fingerprint}",
                f"ask {other}",
            )
        key = given
    if key is None:
        return False
    wanted = "".join(options.fingerprint.split()).lower()
    if wanted and wanted != key.fingerprint.replace(" ", ""):
        raise ConfigError(f"the key of {other} is {key.fingerprint}, not what was read out", f"ask {other}")
    before = neighbour_key(data_dir, other)
    pin_neighbour_key(data_dir, other, key)
    return before is None


def _note(data_dir: Path, other: str, signed: SignedAgreement, now_utc_us: int, what: str) -> None:
    """Into the station's ledger; it is a part of what was agreed that it can be shown later."""
    log = AuditLog(data_dir)
    try:
        log.append(
            [
                note(
                    NOTE,
                    now_utc_us,
                    peer=other,
                    detail=what,
                    agreement_id=signed.agreement.agreement_id,
                    agreement_sha256=signed.agreement.digest(),
                )
            ]
        )
    finally:
        log.close()


# --------------------------------------------------------------------------------------------------- show, dry-run


def _show(options: argparse.Namespace) -> Answer:
    signed = open_any(options.file)
    agreement = signed.agreement
    lines = [f"Agreement {agreement.agreement_id}", f"sha256 {agreement.digest()}", ""]
    lines += [f"{c.number:2}. {c.title}: {c.text}" for c in clauses(agreement)]
    lines += ["", *signature_lines(signed)]
    document = _summary(options.file, signed) | {
        "agreement": agreement.terms(),
        "clauses": [{"number": c.number, "title": c.title, "text": c.text} for c in clauses(agreement)],
        "signatures": [
            {"party": s.party, "t_utc_us": s.t_utc_us, "key": s.key.raw.hex(), "fingerprint": s.key.fingerprint}
            for s in signed.signatures
        ],
        "termination_reason": signed.termination.reason if signed.termination is not None else "",
    }
    return document, lines


def _dry_run(options: argparse.Namespace) -> Answer:
    signed = open_any(options.file)
    agreement = signed.agreement
    if not options.station and options.config is None:
        options.station = agreement.parties[0]
    name, other, _ = _station(options, signed)
    if (options.position is None) == (options.tracks is None):
        raise ConfigError("what is to be tried?", "give --position LAT,LON or --tracks FILE")
    t_utc_us = _time(options.time) if options.time else _now_utc_us()
    tried: list[tuple[str, Trial]] = []
    subjects = [typed_subject(options)] if options.tracks is None else read_subjects(options.tracks, options.track)
    for points in subjects:
        tried.append((points[-1].class_name, try_subject(agreement, name, other, points, t_utc_us, options.via)))
    document = {
        "file": str(options.file),
        "id": agreement.agreement_id,
        "from": name,
        "to": other,
        "via": options.via,
        "in_force": not signed.missing and signed.termination is None,
        "results": [_result(category, trial) for category, trial in tried],
    }
    lines = [f"{name} to {other} by {agreement.agreement_id}:"]
    lines += [f"  {trial.name} ({category}): {trial.words}" for category, trial in tried]
    if signed.termination is not None:
        lines.append(f"Nothing is shared: {signed.termination.party} has ended the agreement.")
    elif signed.missing:
        lines.append(f"Nothing is shared yet: {' and '.join(signed.missing)} has not signed.")
    return document, lines


def _result(category: str, trial: Trial) -> dict[str, Any]:
    d = trial.decision
    shared = isinstance(d, Release)
    result: dict[str, Any] = {
        "subject": trial.name,
        "category": category,
        "shared": shared,
        "clause": d.clause_number,
        "points": trial.points,
        "points_shared": trial.shared,
        "text": trial.words,
        "withheld": dict(trial.others),
    }
    if isinstance(d, Release):
        result |= {"fields": list(d.fields), "body": d.body, "delay_s": trial.delay_s, "purpose": d.purpose}
    elif isinstance(d, Withheld):
        result |= {"fields": [], "reason": d.reason.value, "detail": d.detail}
    return result


def _time(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ConfigError(f"--time: {text!r} is not a date with time and zone", "as 2026-05-01T10:00:00Z")
    return round(moment.timestamp() * 1e6)


# ------------------------------------------------------------------------------------------------------- terminate


def _terminate(options: argparse.Namespace) -> Answer:
    signed = read_signed(options.file)
    name, other, data_dir = _station(options, signed)
    key = open_share_key(data_dir)
    before, now_utc_us = signed.termination, _now_utc_us()
    if before is None:
        signed = terminate(signed, name, key, now_utc_us, options.reason)
        # The file first: should the disk refuse the ledger's line, sharing has ended all the same.
        write_signed(signed, options.file)
        _note(data_dir, other, signed, now_utc_us, f"agreement ended by {name}: {options.reason}".rstrip(": "))
    ended = signed.termination
    assert ended is not None
    document = _summary(options.file, signed) | {"station": name, "already": before is not None}
    said = "was ended before" if before is not None else "is ended"
    return document, [
        f"agreement {signed.agreement.agreement_id} {said} by {ended.party}, {time_text(ended.t_utc_us)}",
        "a running station shares nothing by it any more within seconds, and tells the neighbour",
    ]
