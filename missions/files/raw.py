"""Bytes of files: read with a bound, decoded with the place of what is wrong, written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from geofences.errors import PlanError

MOST_BYTES = 20_000_000
# A shapefile of a country's border is larger than any plan.
MOST_BYTES_OF_MAPS = 100_000_000
_MOST_MEMBERS = 1000


def read_bounded(path: Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file. Raises :class:`PlanError` if it cannot be read or is larger than ``most`` bytes."""
    try:
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise PlanError(f"{path}: cannot be read: {reason}", "give the path of a file") from error
    if len(raw) > most:
        raise PlanError(f"{path}: is larger than {most} bytes", "no plan is that large: give another file")
    if not raw:
        raise PlanError(f"{path}: line 1: the file is empty", "export it again")
    return raw


def decode_text(raw: bytes, name: str) -> str:
    """Text in UTF-8, or in what a byte order mark says. Raises :class:`PlanError` with the line of the first wrong byte."""
    encoding = "utf-8-sig"
    for mark, other in (
        (b"\xff\xfe\0\0", "utf-32"),
        (b"\0\0\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if raw.startswith(mark):
            encoding = other
            break
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise PlanError(
            f"{name}: line {line}: byte {error.start} is not {encoding.removesuffix('-sig').upper()}: {error.reason}",
            "save the file as UTF-8",
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise PlanError(f"{name}: line {line}: holds a zero character: this is no text", "save the file as UTF-8")
    return text


def write_whole(path: Path, raw: bytes) -> None:
    """Write the file whole or not at all: beside it first, then in its place. Raises :class:`PlanError`."""
    temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(6)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except (OSError, ValueError) as error:
        with contextlib.suppress(OSError, ValueError):
            temporary.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or error
        raise PlanError(f"{path}: cannot be written: {reason}", "give another file") from error


def unzip(raw: bytes, name: str, most: int = MOST_BYTES_OF_MAPS) -> dict[str, bytes]:
    """The files of a ZIP by their names, together at most ``most`` bytes, whatever their headers say.

    Raises :class:`PlanError` for what is no ZIP, is damaged, encrypted, or would unpack to more.
    """
    found: dict[str, bytes] = {}
    left = most
    try:
        with zipfile.ZipFile(BytesIO(raw)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS:
                raise PlanError(f"{name}: holds {len(members)} files", f"give a ZIP with at most {_MOST_MEMBERS}")
            for member in members:
                if member.is_dir() or not _wanted(member.filename):
                    continue
                with archive.open(member) as file:
                    content = file.read(left + 1)
                if len(content) > left:
                    raise PlanError(f"{name}: unpacks to more than {most} bytes", "this is no map of a patrol")
                left -= len(content)
                found[member.filename] = content
    except PlanError:
        raise
    # zipfile lets all of these through for a damaged or encrypted archive.
    except (zipfile.BadZipFile, zlib.error, RuntimeError, OSError, EOFError, ValueError, IndexError, KeyError) as error:
        raise PlanError(f"{name}: is not a ZIP that can be unpacked: {error}", "export it again") from error
    except Exception as error:
        raise PlanError(f"{name}: is a damaged ZIP: {error!r}", "export it again") from error
    return found


def _wanted(name: str) -> bool:
    """Pictures and models of a KMZ are not unpacked."""
    return name.lower().endswith((".kml", ".shp", ".shx", ".dbf", ".prj", ".cpg")) and "__MACOSX" not in name
