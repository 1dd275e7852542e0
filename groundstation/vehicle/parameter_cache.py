"""Parameters as they were last read, by aircraft and firmware, so that a connection need not read them all again."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from missions.ftp_parameters import ParameterValue

_log = logging.getLogger("groundstation.parameters")
_VERSION = 1


def parameters_digest(values: Iterable[ParameterValue]) -> str:
    """SHA-256 over names, types and values in the order of the names."""
    hashed = hashlib.sha256()
    for each in sorted(values, key=lambda v: v.name):
        hashed.update(each.name.encode("ascii", "replace") + b"\0" + struct.pack("<Bd", each.param_type, each.value))
    return hashed.hexdigest()


@dataclass(frozen=True)
class CachedParameters:
    """What was read at ``t_utc_us`` under a firmware. ``digest`` is :func:`parameters_digest` of ``values``."""

    firmware: str
    t_utc_us: int
    values: Mapping[str, ParameterValue]
    digest: str


class ParameterCache:
    """One JSON file per aircraft in a folder. What cannot be read or was tampered with counts as absent.

    Cached values are what an aircraft had, not what it has: an ArduPilot gives no hash of its parameters. A caller shows
    their age, and reads before it relies on one. :meth:`fits` is the cheap test that they may still be right.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, key: str) -> Path:
        return self._folder / f"parameters-{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"

    def get(self, key: str, firmware: str) -> CachedParameters | None:
        """What is known of an aircraft under this firmware; another firmware has other parameters."""
        try:
            raw = json.loads(self._path(key).read_text(encoding="utf-8"))
            if raw["version"] != _VERSION or raw["key"] != key or raw["firmware"] != firmware:
                return None
            values = {n: ParameterValue(n, float(v), int(t)) for n, (v, t) in raw["values"].items()}
            cached = CachedParameters(firmware, int(raw["t_utc_us"]), values, str(raw["digest"]))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            _log.warning("cached parameters of %s are left out: %s", key, error)
            return None
        return cached if parameters_digest(values.values()) == cached.digest else None

    def put(self, key: str, firmware: str, t_utc_us: int, values: Mapping[str, ParameterValue]) -> CachedParameters:
        """Keep what was read. A disk that takes nothing costs the cache, not the aircraft."""
        cached = CachedParameters(firmware, t_utc_us, dict(values), parameters_digest(values.values()))
        document = {
            "version": _VERSION, "key": key, "firmware": firmware, "t_utc_us": t_utc_us, "digest": cached.digest,
            "values": {n: [v.value, v.param_type] for n, v in values.items()},
        }  # fmt: skip
        path = self._path(key)
        temporary = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(document), encoding="utf-8")
            os.replace(temporary, path)
        except (OSError, ValueError) as error:
            _log.warning("parameters of %s are not cached: %s", key, error)
        return cached

    @staticmethod
    def fits(cached: CachedParameters, count: int, seen: Mapping[str, float]) -> bool:
        """Whether nothing speaks against it: the aircraft's own count, and whatever values it has told meanwhile."""
        if count != len(cached.values):
            return False
        return all(n not in cached.values or cached.values[n].value == v for n, v in seen.items())
