"""The station's own deny-list: whom it talks to no longer, whatever certificate is shown. One small JSON file.

Certificates cannot be revoked on this transport, so revocation is the station's own act: the session with the neighbour
is closed, and none is opened while its name, its authority or its signing key stands in the list.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from groundstation.core.errors import ConfigError

_log = logging.getLogger("groundstation.share.deny")

DENY_FILE = "share_deny.json"
LOOK_PERIOD_S = 1.0


@dataclass(frozen=True)
class Denied:
    """One entry. ``authority_sha256`` and ``signing_key`` (hexadecimal) are "" where they are not known."""

    name: str
    since_utc: str
    reason: str = ""
    authority_sha256: str = ""
    signing_key: str = ""


def read_deny_list(data_dir: Path) -> tuple[Denied, ...]:
    """The list; empty where there is no file. Raises :class:`ConfigError` for a damaged one."""
    path = data_dir / DENY_FILE
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["denied"]
        return tuple(Denied(**entry) for entry in entries)
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path}: the deny-list cannot be read: {error}", "restore it; until then nobody is connected"
        ) from error


def deny(data_dir: Path, entry: Denied) -> None:
    """Add to the list, on disk when this returns. Raises :class:`ConfigError`."""
    kept = [d for d in read_deny_list(data_dir) if d.name != entry.name or d.signing_key != entry.signing_key]
    _write(data_dir, [*kept, entry])


def allow_again(data_dir: Path, name: str, authority_sha256: str, signing_key: str) -> None:
    """A neighbour was accepted anew, by its fingerprint: with another authority and key it is no longer denied by name.

    Raises :class:`ConfigError` when it shows the very authority or key that was revoked.
    """
    entries = read_deny_list(data_dir)
    for entry in entries:
        if entry.name == name and (
            (entry.signing_key and entry.signing_key == signing_key)
            or (entry.authority_sha256 and entry.authority_sha256 == authority_sha256)
        ):
            raise ConfigError(
                f"{name} was revoked on {entry.since_utc} with this very key or authority",
                "ask for a new invitation made with: groundstation share init --renew",
            )
    # The old key stays denied; the name alone does not.
    left = [d for d in entries if d.name != name]
    old = [
        Denied(f"{name} (before)", d.since_utc, d.reason, d.authority_sha256, d.signing_key)
        for d in entries
        if d.name == name
    ]
    if len(left) != len(entries):
        _write(data_dir, [*left, *old])


def _write(data_dir: Path, entries: list[Denied]) -> None:
    path = data_dir / DENY_FILE
    part = path.with_suffix(".part")
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8") as file:
            json.dump({"denied": [vars(e) for e in entries]}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}", "check the folder") from error


def utc_now_text() -> str:
    """For an entry."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


class DenyWatch:
    """Looks at the file again when it changes, at most once a second. A damaged list denies everybody."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._stamp: tuple[int, int] | None = None
        self._entries: tuple[Denied, ...] = ()
        self._damaged = ""
        self._look_at_s = float("-inf")

    def look(self, now_s: float) -> None:
        """Read the file when that is due."""
        if now_s < self._look_at_s:
            return
        self._look_at_s = now_s + LOOK_PERIOD_S
        try:
            status = (self._data_dir / DENY_FILE).stat()
            stamp: tuple[int, int] | None = (status.st_mtime_ns, status.st_ino)
        except OSError:
            stamp = None
        if stamp == self._stamp and not self._damaged:
            return
        self._stamp = stamp
        try:
            self._entries, self._damaged = read_deny_list(self._data_dir), ""
        except ConfigError as error:
            if not self._damaged:
                _log.error("%s", error)
            self._damaged = str(error)

    def why(self, name: str, authority_sha256: str = "", signing_key: str = "") -> str:
        """Why this neighbour is not talked to; "" when it is."""
        if self._damaged:
            return self._damaged
        for entry in self._entries:
            if (
                entry.name == name
                or (authority_sha256 and entry.authority_sha256 == authority_sha256)
                or (signing_key and entry.signing_key == signing_key)
            ):
                return f"revoked here on {entry.since_utc}" + (f": {entry.reason}" if entry.reason else "")
        return ""
