"""The figures of the life of shared subjects, read from ``exchange.db``; readable while the station runs."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from groundstation.core.database import open_read_only
from groundstation.core.errors import StoreError
from groundstation.share.schema import EXCHANGE_FILE


@dataclass(frozen=True)
class LifeSummary:
    """One neighbour. ``seen`` and ``accepted``: subjects of ours that its people have seen or act on; ``lead_transfers``:
    how often a lead changed hands; ``withdrawn``: subjects that we took back; ``erased``: proofs of erasure that came."""

    seen: int = 0
    accepted: int = 0
    lead_transfers: int = 0
    withdrawn: int = 0
    erased: int = 0


def life_summary(data_dir: Path) -> dict[str, LifeSummary]:
    """Per neighbour. Raises :class:`~groundstation.core.errors.StoreError`."""
    found: dict[str, LifeSummary] = {}
    try:
        with closing(open_read_only(data_dir / EXCHANGE_FILE)) as db:
            for row in db.execute(
                "SELECT peer, level, count(*) AS n FROM receipt WHERE way='out' GROUP BY peer, level"
            ):
                known = found.get(row["peer"], LifeSummary())
                found[row["peer"]] = replace(known, **{row["level"]: row["n"]})
            for row in db.execute("SELECT peer, state FROM lead"):
                known = found.get(row["peer"], LifeSummary())
                transfers = known.lead_transfers + int(json.loads(row["state"])["term"])
                found[row["peer"]] = replace(known, lead_transfers=transfers)
            for name, query in (
                ("withdrawn", "SELECT peer, count(*) AS n FROM tombstone WHERE way='out' GROUP BY peer"),
                ("erased", "SELECT peer, count(*) AS n FROM erasure WHERE way='out' AND done_utc_us>0 GROUP BY peer"),
            ):
                for row in db.execute(query):
                    found[row["peer"]] = replace(found.get(row["peer"], LifeSummary()), **{name: row["n"]})
    except sqlite3.Error as error:
        raise StoreError(f"{data_dir}: its exchange cannot be read: {error}", "has the station run there?") from error
    return found
