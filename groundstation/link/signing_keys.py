"""The file with the named signing keys. It is a secret: whoever reads it can command the aircraft."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import secrets
import stat
from pathlib import Path

from groundstation.core.errors import LinkError

KEY_BYTES = 32
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def default_key_file() -> Path:
    """Where the keys are when no file is named: ``MARCHWARDEN_SIGNING_KEYS``, else the user's configuration folder."""
    named = os.environ.get("MARCHWARDEN_SIGNING_KEYS", "")
    base = os.environ.get("XDG_CONFIG_HOME", "") or str(Path.home() / ".config")
    return Path(named) if named else Path(base) / "marchwarden" / "signing-keys.json"


def key_from_passphrase(passphrase: str) -> bytes:
    """SHA-256 of the passphrase in UTF-8, as MAVProxy and Mission Planner make their keys."""
    return hashlib.sha256(passphrase.encode()).digest()


def write_private(path: Path, text: str) -> None:
    """Replace a file whole, readable by its owner only, also while it is being written. Raises :class:`OSError`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(partial, path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise


class KeyFile:
    """Named keys of 32 bytes, in a JSON file of mode 0600: ``{"keys": {"patrol": "<64 hex digits>"}}``."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def names(self) -> tuple[str, ...]:
        """All names, sorted; none when there is no file. Raises :class:`LinkError` as :meth:`get` does."""
        return tuple(sorted(self._read()))

    def get(self, name: str) -> bytes:
        """One key. Raises :class:`LinkError` when there is none of that name, or the file is damaged or not private."""
        keys = self._read()
        if name not in keys:
            known = f"it holds {', '.join(sorted(keys))}" if keys else "it holds none"
            raise LinkError(
                f"{self.path}: no signing key {name!r} ({known})", f"make it: groundstation signing new {name}"
            )
        return keys[name]

    def add(self, name: str, passphrase: str | None = None) -> bytes:
        """Make a key from a passphrase, or a random one, and keep it.

        Raises :class:`LinkError` when the name is taken: an aircraft may still hold that key.
        """
        if not _NAME.fullmatch(name):
            raise LinkError(
                f"signing key {name!r}: not a name", "use letters, digits, dots, dashes; begin with a letter"
            )
        if passphrase is not None and not passphrase:
            raise LinkError(f"signing key {name!r}: the passphrase is empty", "leave it out for a random key")
        keys = self._read()
        if name in keys:
            raise LinkError(
                f"{self.path}: there is a signing key {name!r} already", "choose another name; aircraft may hold it"
            )
        keys[name] = key_from_passphrase(passphrase) if passphrase is not None else secrets.token_bytes(KEY_BYTES)
        self._write(keys)
        return keys[name]

    def remove(self, name: str) -> None:
        """Forget a key. Raises :class:`LinkError` when there is none of that name."""
        self.get(name)
        keys = self._read()
        del keys[name]
        self._write(keys)

    def _read(self) -> dict[str, bytes]:
        try:
            with self.path.open(encoding="utf-8") as file:
                mode = os.fstat(file.fileno()).st_mode
                if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                    raise LinkError(
                        f"{self.path}: others can read the signing keys (mode {stat.S_IMODE(mode):04o})",
                        f"chmod 600 {self.path}, and make new keys if others may have read these",
                    )
                document = json.load(file)
            keys = {str(n): bytes.fromhex(k) for n, k in document["keys"].items()}
            if any(len(k) != KEY_BYTES for k in keys.values()):
                raise ValueError("a key is not of 32 bytes")
            return keys
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise LinkError(f"{self.path}: cannot be read: {error.strerror}", "check the key file") from error
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LinkError(
                f"{self.path}: is damaged: {error}", "restore it from your backup; without it signed links are lost"
            ) from error

    def _write(self, keys: dict[str, bytes]) -> None:
        document = {"keys": {name: key.hex() for name, key in sorted(keys.items())}}
        try:
            write_private(self.path, json.dumps(document, indent=1) + "\n")
        except OSError as error:
            raise LinkError(f"{self.path}: cannot be written: {error.strerror}", "check the folder") from error

    def clock_file(self, name: str) -> Path:
        """Where the newest time stamp used with a key is kept."""
        return self.path.with_name(f"{self.path.stem}-{name}.timestamp")
