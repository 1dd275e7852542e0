"""How the sharing stands, as a small file that is written anew every second: for ``groundstation share status``."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from groundstation.core.records import PeerStatus

STATUS_FILE = "share_status.json"


def write_status(data_dir: Path, statuses: Sequence[PeerStatus], expires: dict[str, datetime], now_utc_us: int) -> None:
    """Replace the file; a full disk is no reason to stop, and is told elsewhere."""
    document = {
        "t_utc_us": now_utc_us,
        "peers": {
            s.peer: {**asdict(s), "certificate_expires_utc": f"{expires[s.peer]:%Y-%m-%dT%H:%M:%SZ}"} for s in statuses
        },
    }
    with contextlib.suppress(OSError):
        part = data_dir / f".{STATUS_FILE}.part"
        part.write_text(json.dumps(document), encoding="utf-8")
        part.replace(data_dir / STATUS_FILE)


def read_status(data_dir: Path) -> dict[str, Any] | None:
    """The newest state of a running station; None when there is none that can be read."""
    try:
        document: dict[str, Any] = json.loads((data_dir / STATUS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document
