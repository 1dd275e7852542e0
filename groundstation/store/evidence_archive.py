"""The file format of an evidence package: a zip archive of which every byte is determined by its members.

Any zip program opens it. Members are stored uncompressed, in a fixed order, with one fixed date, no extra fields and
no comment, names flat and in lower case. So there is exactly one file for given members, and reading one can refuse
every other: a byte changed anywhere, also where zip programs do not look, a member in two versions, bytes between
members, paths that lead out of a folder, compressed members that unpack to more than the disk holds.

The layout is that of the zip application note (PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16).
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from groundstation.core.errors import EvidenceError

Fault = Literal["unreadable", "truncated", "format", "members", "changed", "signature", "key", "chain"]

EXIT_CODES: Mapping[Fault, int] = {
    "unreadable": 20,  # there is no such file, or the disk does not give it
    "truncated": 21,  # it ends too early
    "format": 22,  # it is not a package: another file, compressed members, unsafe names, added bytes
    "members": 23,  # a member is missing, or there is one that the manifest does not name
    "changed": 24,  # a member is not what the manifest says
    "signature": 25,  # the manifest is not what was signed
    "key": 26,  # signed, but not with the key that was given
    "chain": 27,  # a package of the folder is missing or in the wrong place
}

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_LOCAL_MARK, _CENTRAL_MARK, _END_MARK = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_VERSION, _STORED, _DATE = 20, 0, 0x21  # 1980-01-01, the first day that the format knows
_MADE_BY, _RIGHTS = 3 << 8 | _VERSION, 0o100644 << 16
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_MOST_MEMBERS = 64
_MOST_BYTES = 2**31
_BLOCK = 1 << 20


class PackageError(EvidenceError):
    """What is wrong with a package, as one of :data:`EXIT_CODES`."""

    def __init__(self, fault: Fault, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.fault: Fault = fault
        self.exit_code = EXIT_CODES[fault]


@dataclass(frozen=True)
class Entry:
    """A member as it was found: where its content lies in the file, and what it is."""

    name: str
    offset: int
    size: int
    crc32: int
    sha256: str


def write_archive(path: Path, members: Sequence[tuple[str, bytes]]) -> None:
    """Write ``path`` whole or not at all, and onto the disk.

    Raises :class:`PackageError` for names that are not flat, lower case and different, and OSError.
    """
    names = [name for name, _ in members]
    wrong = [n for n in names if not _NAME.fullmatch(n)]
    if wrong or len(set(names)) != len(names) or len(names) > _MOST_MEMBERS:
        raise PackageError("format", f"{path}: members {wrong or names} cannot stand in a package")
    if sum(len(content) for _, content in members) > _MOST_BYTES:
        raise PackageError("format", f"{path}: more than {_MOST_BYTES >> 20} MB", "shorten the clip")
    part = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            entries = []
            for name, content in members:
                crc = zlib.crc32(content)
                file.write(_local(name, crc, len(content)))
                entries.append(Entry(name, file.tell(), len(content), crc, ""))
                file.write(content)
            file.write(_directory(entries, file.tell()))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut, where the system can (POSIX)."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def scan_archive(path: Path) -> list[Entry]:
    """Every member, hashed, of a file that is byte for byte as :func:`write_archive` makes it.

    Reads in small blocks, writes nothing, unpacks nothing. Raises :class:`PackageError`.
    """
    try:
        with path.open("rb") as file:
            return list(_scan(file, path, os.fstat(file.fileno()).st_size))
    except OSError as error:
        raise PackageError("unreadable", f"{path}: cannot be read: {error.strerror}", "check the path") from error


def read_member(path: Path, entry: Entry) -> bytes:
    """The content of a member that :func:`scan_archive` found. Raises :class:`PackageError`."""
    try:
        with path.open("rb") as file:
            file.seek(entry.offset)
            content = file.read(entry.size)
    except OSError as error:
        raise PackageError("unreadable", f"{path}: cannot be read: {error.strerror}", "check the path") from error
    if hashlib.sha256(content).hexdigest() != entry.sha256:
        raise PackageError("changed", f"{path}: {entry.name} changed while it was read", "copy the file and try again")
    return content


def _local(name: str, crc32: int, size: int) -> bytes:
    raw = name.encode("ascii")
    head = _LOCAL.pack(_LOCAL_MARK, _VERSION, 0, _STORED, 0, _DATE, crc32, size, size, len(raw), 0)
    return head + raw


def _directory(entries: Sequence[Entry], at: int) -> bytes:
    parts = []
    for e in entries:
        raw = e.name.encode("ascii")
        offset = e.offset - _LOCAL.size - len(raw)
        parts.append(
            _CENTRAL.pack(
                _CENTRAL_MARK, _MADE_BY, _VERSION, 0, _STORED, 0, _DATE, e.crc32, e.size, e.size, len(raw), 0, 0, 0, 0,
                _RIGHTS, offset,
            )
            + raw
        )  # fmt: skip
    body = b"".join(parts)
    return body + _END.pack(_END_MARK, 0, 0, len(entries), len(entries), len(body), at, 0)


def _scan(file: BinaryIO, path: Path, file_size: int) -> Iterator[Entry]:
    entries: list[Entry] = []
    while True:
        at = file.tell()
        mark = file.read(4)
        if mark == _CENTRAL_MARK and entries:
            break
        entry = _scan_member(file, path, file_size, at, mark)
        if len(entries) >= _MOST_MEMBERS or any(e.name == entry.name for e in entries):
            raise PackageError(
                "format", f"{path}: the member {entry.name} is there twice, or there are too many members"
            )
        entries.append(entry)
        yield entry
    expected = _directory(entries, at)
    found = mark + file.read(len(expected))
    if found == expected:
        return
    if expected.startswith(found):
        raise PackageError("truncated", f"{path}: ends in its directory", "get it again")
    if found.startswith(expected):
        raise PackageError("format", f"{path}: something was added at its end", "get it again")
    raise PackageError("changed", f"{path}: its directory was changed", "get it again")


def _scan_member(file: BinaryIO, path: Path, file_size: int, at: int, mark: bytes) -> Entry:
    """The member whose header begins at ``at`` with ``mark``, which was read already."""
    if len(mark) < 4:
        raise PackageError("truncated", f"{path}: ends at byte {file_size}, before its directory", "get it again")
    if mark != _LOCAL_MARK:
        if at == 0:
            raise PackageError("format", f"{path}: is not an evidence package", "give a file *.evidence.zip")
        raise PackageError("changed", f"{path}: damaged at byte {at}", "get it again")
    head = mark + file.read(_LOCAL.size - 4)
    if len(head) < _LOCAL.size:
        raise PackageError("truncated", f"{path}: ends at byte {file_size}, within a member's head", "get it again")
    _, version, flags, method, _, _, crc32, packed, size, name_size, extra_size = _LOCAL.unpack(head)
    raw = file.read(name_size)
    name = raw.decode("ascii", "replace")
    if method != _STORED or packed != size:
        raise PackageError(
            "format", f"{path}: its member {name[:80]!r} is compressed: no station makes that", "do not unpack it"
        )
    if len(raw) < name_size:
        raise PackageError("truncated", f"{path}: ends at byte {file_size}, within a member's name", "get it again")
    if not _NAME.fullmatch(name):
        raise PackageError(
            "format", f"{path}: its member {name[:80]!r} has a name that no station gives", "do not unpack it"
        )
    if head + raw != _local(name, crc32, size):
        raise PackageError(
            "format",
            f"{path}: the head of its member {name!r} is not a station's (version {version}, flags {flags:#x}, "
            f"{extra_size} bytes extra): it was added or written anew",
            "get it again",
        )
    offset = file.tell()
    if size > _MOST_BYTES or offset + size > file_size:
        raise PackageError("truncated", f"{path}: ends at byte {file_size}, within {name}", "get it again")
    digest, crc, left = hashlib.sha256(), 0, size
    while left:
        block = file.read(min(left, _BLOCK))
        if not block:
            raise PackageError("truncated", f"{path}: ends within {name}", "get it again")
        digest.update(block)
        crc = zlib.crc32(block, crc)
        left -= len(block)
    if crc != crc32:
        raise PackageError("changed", f"{path}: {name} was changed or damaged", "get it again")
    return Entry(name, offset, size, crc32, digest.hexdigest())
