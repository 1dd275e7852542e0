"""The figures of an exchange, read from the databases: for the report, and for comparing the two sides."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from groundstation.core.database import open_read_only
from groundstation.core.errors import StoreError
from groundstation.share import audit_read
from groundstation.share.schema import EXCHANGE_FILE


@dataclass(frozen=True)
class PeerSummary:
    """One neighbour, as one station's databases know it. Epochs are hexadecimal, "" when there is none.

    ``sent_*``: our outbox. ``received_*``: our inbox; ``skipped`` are records that the neighbour no longer held when we
    asked; ``tracks_received`` and ``incidents_received`` count different subjects, ``records_received`` all records.
    """

    sent_epoch: str = ""
    sent_seq: int = 0
    stored_seq: int = 0
    received_epoch: str = ""
    received_seq: int = 0
    skipped: int = 0
    refused: int = 0
    records_received: int = 0
    tracks_received: int = 0
    incidents_received: int = 0
    disclosures: int = 0
    withheld: int = 0
    withheld_reasons: dict[str, int] = field(default_factory=dict)


def share_summary(data_dir: Path) -> dict[str, PeerSummary]:
    """Per neighbour. Readable while the station runs. Raises :class:`~groundstation.core.errors.StoreError`."""
    try:
        return _summary(data_dir)
    except sqlite3.Error as error:
        raise StoreError(f"{data_dir}: its exchange cannot be read: {error}", "has the station run there?") from error


def _summary(data_dir: Path) -> dict[str, PeerSummary]:
    values: dict[str, dict[str, int | str | dict[str, int]]] = {}
    with closing(open_read_only(data_dir / EXCHANGE_FILE)) as db:
        for row in db.execute("SELECT peer, epoch, last_seq, acked_seq FROM outbox_state"):
            values.setdefault(row["peer"], {}).update(
                sent_epoch=row["epoch"].hex(), sent_seq=row["last_seq"], stored_seq=row["acked_seq"]
            )
        for row in db.execute("SELECT peer, epoch, seq, skipped FROM inbox_state WHERE current"):
            values.setdefault(row["peer"], {}).update(
                received_epoch=row["epoch"].hex(), received_seq=row["seq"], skipped=row["skipped"]
            )
        counts = """SELECT peer, count(*) AS records, sum(refused <> '') AS refused,
            count(DISTINCT CASE WHEN kind = 'track' AND refused = '' THEN subject END) AS tracks,
            count(DISTINCT CASE WHEN kind = 'incident' AND refused = '' THEN subject END) AS incidents
            FROM inbox GROUP BY peer"""
        for row in db.execute(counts):
            values.setdefault(row["peer"], {}).update(
                records_received=row["records"],
                refused=row["refused"],
                tracks_received=row["tracks"],
                incidents_received=row["incidents"],
            )
    for peer, reasons in audit_read.withheld(data_dir).items():
        values.setdefault(peer, {}).update(withheld=sum(reasons.values()), withheld_reasons=reasons)
    for peer, count in audit_read.disclosure_counts(data_dir).items():
        values.setdefault(peer, {}).update(disclosures=count)
    return {peer: PeerSummary(**v) for peer, v in values.items()}  # type: ignore[arg-type]


def lost_between(sender: PeerSummary, receiver: PeerSummary) -> int:
    """How many records the sender has numbered that the receiver does not hold and cannot account for.

    ``sender`` is what the telling station knows of the told one, ``receiver`` the reverse. After all was delivered it
    must be 0.
    """
    if sender.sent_seq == 0:
        return 0
    if sender.sent_epoch != receiver.received_epoch:
        return sender.sent_seq
    return max(0, sender.sent_seq - receiver.received_seq) + receiver.skipped
