"""A coverage ledger as one file, to be merged at another station: text, one record a line, with a check at the end.

Line 1 names the format, the border and its rule; each further line is one observation (base64 of its packed bytes); the
last line holds the count and a BLAKE2b of everything before it. A file is written whole or not at all, and read whole or
not at all.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from geofences.area import BorderLine
from groundstation.core.errors import ConfigError, MarchwardenError, StoreError
from groundstation.store.coverage_store import border_text, parse_border
from missions.coverage.grid import border_digest
from missions.coverage.observation import Observation, unpack
from missions.coverage.rule import CoverageRule

FORMAT = "marchwarden-coverage-1"
_LARGEST_BYTES = 2_000_000_000


@dataclass(frozen=True)
class CoverageFile:
    """What is in a file."""

    digest: str
    border: BorderLine
    rule: CoverageRule
    observations: tuple[Observation, ...]


def write_coverage(path: Path, border: BorderLine, rule: CoverageRule, observations: Iterable[Observation]) -> int:
    """Write a file; how many observations are in it. The same ledger gives the same bytes.

    Raises :class:`StoreError` when it cannot be written; a file that was there before is then still what it was.
    """
    part = path.with_name(f"{path.name}.part")
    check = hashlib.blake2b(digest_size=32)
    ordered = sorted(observations, key=lambda o: (o.from_utc_us, o.to_utc_us, o.observation_id))
    head = {"format": FORMAT, "digest": border_digest(border, rule), "border": border_text(border, rule)}
    try:
        with part.open("wb") as file:
            for line in (json.dumps(head).encode(), *(base64.b64encode(o.packed()) for o in ordered)):
                check.update(line + b"\n")
                file.write(line + b"\n")
            end = json.dumps({"end": len(ordered), "blake2b": check.hexdigest()})
            file.write(end.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written: {error.strerror}", "check the folder and its space") from error
    return len(ordered)


def read_coverage(path: Path) -> CoverageFile:
    """Read a file. Raises :class:`ConfigError` naming the line that is wrong; nothing of a damaged file is used."""
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ConfigError(f"{path}: is too large for coverage of one border", "export a shorter period")
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}", "check the path") from error
    lines = data.split(b"\n")
    if len(lines) < 3 or lines[-1] != b"":
        raise ConfigError(f"{path}: is no coverage file, or was cut short", "export it again")
    lines.pop()
    digest, border, rule = _head(path, lines[0])
    _end(path, lines, data)
    return CoverageFile(
        digest, border, rule, tuple(_observation(path, n, line, digest) for n, line in enumerate(lines[1:-1], start=2))
    )


def _head(path: Path, line: bytes) -> tuple[str, BorderLine, CoverageRule]:
    try:
        head = json.loads(line)
        if not isinstance(head, dict) or head.get("format") != FORMAT:
            raise ValueError("the format is not named")
        digest, text = str(head["digest"]), str(head["border"])
    except (ValueError, KeyError, RecursionError) as error:
        raise ConfigError(f"{path}: line 1: is no coverage file: {error}", f"give a {FORMAT} file") from error
    border, rule = parse_border(text, f"{path}: line 1")
    if border_digest(border, rule) != digest:
        raise ConfigError(f"{path}: line 1: the border is not the one that the file is about", "export it again")
    return digest, border, rule


def _end(path: Path, lines: list[bytes], data: bytes) -> None:
    place = f"{path}: line {len(lines)}"
    try:
        end = json.loads(lines[-1])
        count, told = int(end["end"]), str(end["blake2b"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigError(f"{place}: the file was cut short", "export it again, or copy it again") from error
    check = hashlib.blake2b(data[: len(data) - len(lines[-1]) - 1], digest_size=32).hexdigest()
    if count != len(lines) - 2 or told != check:
        raise ConfigError(f"{place}: the file was changed or damaged on its way", "export it again, or copy it again")


def _observation(path: Path, number: int, line: bytes, digest: str) -> Observation:
    try:
        observation = unpack(base64.b64decode(line, validate=True))
    except (binascii.Error, ValueError, MarchwardenError) as error:
        raise ConfigError(f"{path}: line {number}: is no observation", "export it again") from error
    if observation.digest != digest:
        raise ConfigError(f"{path}: line {number}: is of another border", "export it again")
    return observation
