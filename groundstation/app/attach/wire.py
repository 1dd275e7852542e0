"""What a station and an attached console say to each other, and where they meet.

They are the same program of the same user on the same machine: the messages are pickles, and nobody gets as far as sending
one who has not proved to know the key that lies in the station's folder, readable by its owner only.
"""

from __future__ import annotations

import json
import os
import secrets
import socket
import struct
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, answer_challenge, deliver_challenge
from pathlib import Path
from typing import Any

from groundstation.core.errors import ConfigError, LinkError

FILE_NAME = "console.attach"
_SEND_WITHIN_S = 5.0
_PROVE_WITHIN_S = 5.0


@dataclass(frozen=True)
class Meeting:
    """Where the station listens on the loopback interface, and the key."""

    port: int
    key: bytes
    pid: int

    def write(self, folder: Path) -> None:
        """Into the station's folder, for its owner only, whole or not at all. Raises ``OSError``."""
        path = folder / FILE_NAME
        part = path.with_suffix(".part")
        part.unlink(missing_ok=True)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump({"port": self.port, "key": self.key.hex(), "pid": self.pid}, file)
        part.replace(path)

    @classmethod
    def make(cls, port: int) -> Meeting:
        """With a fresh key."""
        return cls(port, secrets.token_bytes(32), os.getpid())

    @classmethod
    def read(cls, folder: Path) -> Meeting:
        """Raises :class:`ConfigError` when no station has written one there."""
        path = folder / FILE_NAME
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return cls(int(raw["port"]), bytes.fromhex(raw["key"]), int(raw["pid"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigError(
                f"{path}: no station to attach to ({type(error).__name__})",
                "give the data folder of a station that runs on this machine as this user",
            ) from error


@dataclass(frozen=True)
class Hello:
    """What the station tells first. ``services``: names of what can be asked beside the commands."""

    version: str
    title: str
    operator: str
    area: Any
    terrain: Any
    basemap: Path | None
    corridors: tuple[Any, ...]
    plan: Any
    services: tuple[str, ...]


@dataclass(frozen=True)
class Records:
    """Records by topic name, oldest first."""

    batches: tuple[tuple[str, tuple[Any, ...]], ...]


@dataclass(frozen=True)
class Offer:
    """Another plan to offer for upload."""

    plan: Any


@dataclass(frozen=True)
class Call:
    """Something asked: of "commands" or of a service by name."""

    number: int
    target: str
    method: str
    arguments: tuple[Any, ...]
    named: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came of a call."""

    number: int
    result: Any
    error: BaseException | None = None


def _limit(sock: socket.socket, receive_s: float, send_s: float) -> None:
    if os.name == "posix":
        for option, seconds in ((socket.SO_RCVTIMEO, receive_s), (socket.SO_SNDTIMEO, send_s)):
            sock.setsockopt(socket.SOL_SOCKET, option, struct.pack("ll", int(seconds), 0))


def prove(sock: socket.socket, key: bytes, first: bool) -> Connection[Any, Any]:
    """Both sides prove that they know the key; ``first``: the side that listens. Raises :class:`LinkError`."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # Somebody who connects and says nothing holds up his own thread for some seconds, and nobody else.
    _limit(sock, _PROVE_WITHIN_S, _SEND_WITHIN_S)
    keep = sock.dup()
    made: Connection[Any, Any] = Connection(sock.detach())
    try:
        if first:
            deliver_challenge(made, key)
            answer_challenge(made, key)
        else:
            answer_challenge(made, key)
            deliver_challenge(made, key)
    except Exception as error:
        made.close()
        raise LinkError("the other side did not prove to know the key", "attach again") from error
    finally:
        _limit(keep, 0.0, _SEND_WITHIN_S)
        keep.close()
    return made
