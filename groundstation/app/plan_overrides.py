"""The log of plans that were sent although the checks had found errors: one JSON line each, on the disk before anything goes
to the aircraft.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from groundstation.core.errors import StoreError
from missions.checks.override import Override

FILE = "plan-overrides.jsonl"


def note_override(
    folder: Path,
    t_utc_us: int,
    override: Override,
    vehicle: str,
    plan_name: str,
    plan_digest: str,
    findings: Sequence[str],
) -> Path:
    """Append one entry and see it on the disk. Raises :class:`StoreError` when that is not possible: then nothing is sent."""
    entry: dict[str, Any] = {
        "t_utc": datetime.fromtimestamp(t_utc_us / 1e6, UTC).isoformat(),
        "name": override.name.strip(),
        "reason": override.reason.strip(),
        "account": _account(),
        "vehicle": vehicle,
        "plan": plan_name,
        "plan_sha256": plan_digest,
        "findings": list(findings),
    }
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise StoreError(
            f"{path}: the override cannot be logged: {error.strerror or error}; nothing was sent",
            "give a folder that can be written to",
        ) from error
    return path


def _account() -> str:
    """The account of this machine under which it was done."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.getuid()}" if hasattr(os, "getuid") else ""
