"""``groundstation evidence verify | show | export | exports``: evidence packages, checked, read and given away."""

from __future__ import annotations

import argparse
import getpass
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from groundstation.core.errors import ConfigError, EvidenceError, ModelError, StoreError
from groundstation.store.evidence_archive import PackageError
from groundstation.store.evidence_chain import FOLDER, EvidenceBook, Export, exports, verify_folder
from groundstation.store.evidence_key import PublicKey, open_signing_key, public_key_file, read_public_key
from groundstation.store.evidence_package import MANIFEST, SIGNATURE, Package, open_package, write_package
from groundstation.store.evidence_record import track_number
from groundstation.store.evidence_service import (
    BOXES_MEMBER,
    CLIP_MEMBER,
    CLOCK_MEMBER,
    INCIDENT_MEMBER,
    MODEL_MEMBER,
    RULE_MEMBER,
    TELEMETRY_MEMBER,
    TRACK_MEMBER,
)
from vision.evidence_blur import BlurReport, Look, blur_clip
from vision.evidence_boxes import LookedAt
from vision.records import CLASS_NAMES

_LEAST_CONFIDENCE = 0.08
"""What the detector takes for a person with less than this is mostly bushes."""
_BLURRED_MEMBER = "clip.mp4"
_PASSED_ON = (INCIDENT_MEMBER, TRACK_MEMBER, TELEMETRY_MEMBER, RULE_MEMBER, MODEL_MEMBER, CLOCK_MEMBER)


def run_evidence(options: argparse.Namespace) -> int:
    """Run one action; returns its exit code. Raises :class:`~groundstation.core.errors.MarchwardenError`."""
    if options.action == "verify":
        return _verify(options)
    if options.action == "show":
        return _show(options.path, options.json)
    if options.action == "exports":
        return _list_exports(options.data_dir, options.json)
    order = ExportOrder(
        options.path,
        options.out,
        options.unblurred,
        options.reason,
        options.operator or getpass.getuser(),
        options.data_dir,
    )
    _check_order(order)
    look = None if options.unblurred or options.recorded_only else detector_look(options.model)
    report = export_package(order, look)
    how = "everybody in it can be recognised" if report is None else _words(report)
    print(f"{options.out}: {how}; noted in the log of exports")
    return 0


# -- verify and show -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Signer:
    """Whose signature is expected, and in words where that key came from. ``key`` None: anybody's will do."""

    key: PublicKey | None
    source: str = ""


def _key_for(path: Path, key: Path | None = None, certificate: Path | None = None) -> _Signer:
    """The key that the caller brings, or the one of the station in whose folder the package lies."""
    given = key or certificate
    if given is not None:
        found = read_public_key(given)
        if certificate is not None and found.certificate is None:
            raise ConfigError(f"{certificate}: is a key, not a certificate", "give it with --key")
        return _Signer(found, str(given))
    folder = path if path.is_dir() else path.parent
    own = public_key_file(folder.resolve().parent)
    return _Signer(read_public_key(own), f"{own}, in the folder that it lies in") if own.is_file() else _Signer(None)


def _verify(options: argparse.Namespace) -> int:
    path: Path = options.path
    signer = _key_for(path, options.key, options.certificate)
    if path.is_dir():
        return _verify_folder(path, signer, options.json)
    try:
        package = open_package(path, signer.key)
    except PackageError as error:
        if options.json:
            _print_json({"path": str(path), "valid": False, **_fault(error)})
        else:
            print(f"NOT VALID: {error}", file=sys.stderr)
        return error.exit_code
    if options.folder:
        return _verify_folder(path.parent, signer, options.json)
    if options.json:
        _print_json(
            {
                "path": str(path),
                "valid": True,
                "fault": None,
                "exit_code": 0,
                **_summary(package),
                "key_from": signer.source,
            }
        )
    else:
        print(f"valid: {path} is as it was signed, every byte of it")
        print(_signer_line(package, signer))
    return 0


def _verify_folder(folder: Path, signer: _Signer, as_json: bool) -> int:
    report = verify_folder(folder, signer.key)
    faults = report.faults
    if as_json:
        _print_json(
            {
                "path": str(folder), "valid": not faults, "packages": len(report.packages), "let_go": report.removed,
                "book": report.book, "known_signer": signer.key is not None, "key_from": signer.source,
                "faults": [_fault(f) for f in faults],
                "exit_code": faults[0].exit_code if faults else 0,
            }
        )  # fmt: skip
    else:
        for fault in faults:
            print(f"NOT VALID: {fault}", file=sys.stderr)
        print(f"{len(report.packages)} packages whole, {report.removed} let go after their time, {len(faults)} faults")
        if not report.book:
            print(
                "The station's evidence.db does not lie beside the folder: a package missing at its end is not noticed."
            )
        if signer.key is not None:
            print(f"The expected key is that of {signer.source}.")
        else:
            print("Whose key signed them was not checked: give --key with the station's evidence.pub.")
    return faults[0].exit_code if faults else 0


def _fault(error: PackageError) -> dict[str, Any]:
    return {"fault": error.fault, "message": error.message, "exit_code": error.exit_code}


def _summary(package: Package) -> dict[str, Any]:
    manifest = package.manifest
    return {
        "incident_id": package.incident_id,
        "content": manifest.get("content"),
        "station": manifest.get("station"),
        "created_utc_us": package.created_utc_us,
        "complete": manifest.get("complete"),
        "notes": manifest.get("notes"),
        "chain": manifest.get("chain"),
        "members": [m["name"] for m in manifest["members"]],
        "key_id": package.signer.key_id,
        "known_signer": package.known_signer,
        "manifest_sha256": package.manifest_sha256,
    }


def _signer_line(package: Package, signer: _Signer) -> str:
    if package.known_signer:
        return f"signed with the key {package.signer.key_id[:16]}, the one that was expected: {signer.source}"
    return (
        f"signed with the key {package.signer.key_id[:16]}; whose it is was NOT checked, anybody can sign with a key of "
        f"his own: give --key with the station's evidence.pub"
    )


def _show(path: Path, as_json: bool) -> int:
    signer = _key_for(path)
    package = open_package(path, signer.key)
    parts: dict[str, Any] = {
        name.removesuffix(".json"): package.read_json(name) for name in _PASSED_ON if package.has(name)
    }
    if as_json:
        _print_json({"manifest": dict(package.manifest), "known_signer": package.known_signer, **parts})
        return 0
    manifest = package.manifest
    print(f"{package.incident_id}, {manifest.get('content')} of station {manifest.get('station')}")
    print(f"  {manifest.get('sentence')}")
    print(f"  made {_utc(package.created_utc_us)}; {_signer_line(package, signer)}")
    if package.link is not None:
        print(f"  package {package.link.number} of the station")
    clip = manifest.get("clip")
    if clip:
        print(
            f"  clip {_utc(clip['from_utc_us'])} to {_utc(clip['to_utc_us'])}, {clip['pictures']} pictures as received"
        )
    for note in manifest.get("notes", ()):
        print(f"  lacking: {note}")
    track, telemetry = parts.get("track", {}), parts.get("telemetry", {})
    print(f"  track {track.get('track_id')}: {len(track.get('positions', ()))} positions; telemetry: "
          f"{len(telemetry.get('aircraft', ()))} states, {len(telemetry.get('camera_poses', ()))} camera poses")  # fmt: skip
    rule = {k: v for k, v in parts.get("rule", {}).items() if k not in ("rule_file", "border", "told_as")}
    print(f"  rule {json.dumps(rule, ensure_ascii=False)}")
    print(f"  model {json.dumps(parts.get('model'), ensure_ascii=False)}")
    clock = parts.get("clock", {})
    print(f"  frame times from {clock.get('frame_times_from')}; this machine's UTC {clock.get('station_utc')}")
    for part in ("unblurred", "blurred"):
        if manifest.get(part):
            print(f"  {part}: {json.dumps(manifest[part], ensure_ascii=False)}")
    return 0


def _utc(t_utc_us: int) -> str:
    return datetime.fromtimestamp(t_utc_us / 1e6, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-5] + "Z"


def _print_json(value: Mapping[str, Any]) -> None:
    print(json.dumps(value, indent=1, ensure_ascii=False))


def _list_exports(data_dir: Path, as_json: bool) -> int:
    found = exports(data_dir)
    if as_json:
        print(json.dumps([asdict(e) for e in found], indent=1, ensure_ascii=False))
        return 0
    for e in found:
        how = f"UNBLURRED because: {e.reason}" if e.unblurred else "blurred"
        print(f"{_utc(e.t_utc_us)} {e.operator} {e.incident_id} -> {e.file}: {how}")
    print(f"{len(found)} exports")
    return 0


# -- export --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ExportOrder:
    """``data_dir`` None: the one in whose folder of evidence the package lies."""

    package: Path
    out: Path
    unblurred: bool
    reason: str
    operator: str
    data_dir: Path | None = None


def detector_look(model: Path | None = None) -> Look:
    """The shipped detector, or ``model``, told to give whatever might be a person. Raises ModelError."""
    from vision.detectors.base import DetectorOptions
    from vision.detectors.factory import open_detector

    options = DetectorOptions(threshold=dict.fromkeys(CLASS_NAMES, _LEAST_CONFIDENCE))
    try:
        return open_detector(model, options).detect
    except ModelError as error:
        raise ModelError(error.message, f"{error.remedy}, or export with --recorded-only") from error


def export_package(order: ExportOrder, look: Look | None) -> BlurReport | None:
    """Write a package for others, and note it in the station's log first. None when it was left unblurred.

    ``look`` is asked about every picture of the clip; without it the boxes recorded in the flight decide, and what was
    not looked at is hidden. Raises ConfigError for an order that cannot be followed, :class:`PackageError`, VideoError,
    and StoreError or CertificateError when it cannot be logged or signed: then nothing is written.
    """
    _check_order(order)
    reason = order.reason.strip()
    package = open_package(order.package, _key_for(order.package).key)
    if package.manifest.get("content") != "incident":
        raise ConfigError(f"{order.package}: is an export already", "give the station's own package")
    data_dir = _data_dir(order)
    key = open_signing_key(data_dir)
    members, report = ([], None) if not package.has(CLIP_MEMBER) else _clip_members(package, order.unblurred, look)
    members += [(name, package.read(name)) for name in _PASSED_ON if package.has(name)]
    # With these the receiver can check that the station itself had signed what is unchanged.
    members += [(f"source-{name}", package.read(name)) for name in (MANIFEST, SIGNATURE)]
    now_us = time.time_ns() // 1000
    entry = Export(
        now_us, order.operator, package.incident_id, package.manifest_sha256, str(order.out.resolve()),
        order.unblurred, reason,
    )  # fmt: skip
    number, digest = _note(data_dir, entry)
    facts = {
        "content": "export",
        **{
            k: package.manifest.get(k)
            for k in ("kind", "incident_id", "flight_id", "station", "sentence", "notes", "clip")
        },
        "complete": package.manifest.get("complete"),
        "created_utc_us": now_us,
        "source": {"manifest_sha256": package.manifest_sha256, "key_id": package.signer.key_id},
        "log": {"number": number, "sha256": digest},
        "exported_by": order.operator,
        "unblurred": {"reason": reason, "operator": order.operator, "t_utc_us": now_us} if order.unblurred else None,
        "blurred": None if report is None else asdict(report),
    }
    try:
        write_package(order.out, facts, members, key, None)
    except OSError as error:
        raise EvidenceError(
            f"{order.out}: cannot be written: {error.strerror}", "choose a folder with space"
        ) from error
    return report


def _check_order(order: ExportOrder) -> None:
    reason = order.reason.strip()
    if order.unblurred and not reason:
        raise ConfigError("an unblurred export needs a reason", "give it with --reason TEXT; it is kept in the log")
    if reason and not order.unblurred:
        raise ConfigError("a reason is for --unblurred only", "leave --reason away, or add --unblurred")
    if order.out.exists():
        raise ConfigError(f"{order.out}: is there already", "give another --out")


def _data_dir(order: ExportOrder) -> Path:
    data_dir = order.data_dir
    if data_dir is None and order.package.resolve().parent.name == FOLDER:
        data_dir = order.package.resolve().parent.parent
    if data_dir is None or not data_dir.is_dir():
        raise ConfigError(
            f"{order.package}: does not lie in a station's data, so the export cannot be logged", "give --data-dir DIR"
        )
    return data_dir


def _note(data_dir: Path, entry: Export) -> tuple[int, str]:
    book = EvidenceBook(data_dir)
    try:
        return book.note_export(entry)
    except sqlite3.Error as error:
        raise StoreError(f"the export cannot be logged, so it is not written: {error}", "free the database") from error
    finally:
        book.close()


def _clip_members(
    package: Package, unblurred: bool, look: Look | None
) -> tuple[list[tuple[str, bytes]], BlurReport | None]:
    content = package.read(CLIP_MEMBER)
    if unblurred:
        return [(CLIP_MEMBER, content)], None
    looked, first_pts_s = _boxes(package)
    number = track_number(str(package.read_json(INCIDENT_MEMBER).get("track_id", "")))
    with tempfile.TemporaryDirectory(prefix="marchwarden-") as folder:
        clip, target = Path(folder) / CLIP_MEMBER, Path(folder) / _BLURRED_MEMBER
        clip.write_bytes(content)
        report = blur_clip(clip, target, looked, first_pts_s, frozenset({number}), look)
        return [(_BLURRED_MEMBER, target.read_bytes())], report


def _boxes(package: Package) -> tuple[list[LookedAt], float]:
    """What the flight saw; nothing where the package does not say it."""
    if not package.has(BOXES_MEMBER):
        return [], 0.0
    document = package.read_json(BOXES_MEMBER)
    try:
        return [LookedAt.from_json(p) for p in document["pictures"]], float(document["clip"]["first_pts_s"])
    except (KeyError, TypeError, ValueError) as error:
        raise PackageError(
            "format", f"{package.path}: {BOXES_MEMBER} is not what a station writes ({error!r})"
        ) from error


def _words(report: BlurReport) -> str:
    text = f"{report.boxes} boxes pixelated in {report.pictures} pictures, the incident's own person visible in {report.subject}"
    if report.hidden:
        text += f", {report.hidden} pictures hidden as a whole"
    return text + ("" if report.looked_again else " (by the boxes recorded in the flight)")
