"""What neighbours told of their tracks in a past time, as the inbox still holds it: what the agreement lets us keep.

Nothing that was withdrawn or erased since, and nothing whose time of keeping is over: a look at the past is a use of it too.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from groundstation.core.database import open_read_only
from groundstation.core.errors import StoreError
from groundstation.core.records import RemoteTrack
from groundstation.share.schema import EXCHANGE_FILE
from groundstation.share.wire import Envelope, WireError, parse_envelope

_log = logging.getLogger("groundstation.share.past")
_QUERY = """SELECT peer, envelope, received_utc_us FROM inbox
    WHERE kind IN ('track', 'own_force', 'track_end', 'correction') AND refused=''
    AND received_utc_us>=? AND received_utc_us<? AND retain_until_utc_us>=?
    AND NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.peer=inbox.peer AND t.way='in' AND t.subject=inbox.subject)
    ORDER BY received_utc_us, epoch, seq"""


def told_tracks(data_dir: Path, from_utc_us: int, to_utc_us: int, now_utc_us: int) -> Iterator[RemoteTrack]:
    """Tracks in the order in which they were received, as the console was told them.

    Nothing where this station shares nothing. Raises :class:`StoreError` when what there is cannot be read.
    """
    path = data_dir / EXCHANGE_FILE
    try:
        connection = open_read_only(path)
    except StoreError:
        if path.exists():
            raise
        return
    told: dict[tuple[str, str], RemoteTrack] = {}
    ended_us: dict[tuple[str, str], int] = {}
    try:
        for peer, data, received_utc_us in connection.execute(_QUERY, (from_utc_us, to_utc_us, now_utc_us)):
            try:
                envelope = parse_envelope(bytes(data))
            except WireError as error:
                _log.warning("a record of %s is left out: %s", peer, error)
                continue
            track = _next(peer, envelope, int(received_utc_us), told, ended_us)
            if track is not None:
                yield track
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot be read: {error}", "restore it from a backup") from error
    finally:
        connection.close()


def _next(
    peer: str,
    envelope: Envelope,
    received_utc_us: int,
    told: dict[tuple[str, str], RemoteTrack],
    ended_us: dict[tuple[str, str], int],
) -> RemoteTrack | None:
    """What one record changed on the picture; the rules of :class:`groundstation.share.reception.Reception`."""
    key, body = (peer, envelope.subject), envelope.body
    last = told.get(key)
    if envelope.kind == "correction":
        if last is None:
            return None
        told[key] = replace(last, class_name=body["cls"], received_utc_us=received_utc_us)
        return told[key]
    if envelope.kind == "track_end":
        ended_us[key] = max(body["t_utc_us"], ended_us.get(key, 0))
        if last is None or body["t_utc_us"] < last.t_utc_us:
            return None
        del told[key]
        return replace(last, received_utc_us=received_utc_us, state=body["state"])
    # What comes after an outage is history: it changed nothing that was shown.
    if body["t_utc_us"] <= ended_us.get(key, -1) or (last is not None and body["t_utc_us"] < last.t_utc_us):
        return None
    told[key] = RemoteTrack(
        peer, envelope.subject, body["t_utc_us"], received_utc_us, body["class"], body["lat_deg"], body["lon_deg"],
        body["velocity_en_m_s"], body["ce90_m"], envelope.agreement_id,
    )  # fmt: skip
    return told[key]
