"""What neighbours told of their tracks in a past time: in order, and nothing that may not be used any more."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from groundstation.core.database import open_database
from groundstation.core.errors import StoreError
from groundstation.share.past import told_tracks
from groundstation.share.schema import EXCHANGE_FILE, EXCHANGE_SCHEMA
from groundstation.share.wire import Envelope

T0_US, S_US, DAY_US = 1_790_000_000_000_000, 1_000_000, 86_400_000_000


@dataclass
class Inbox:
    """An ``exchange.db`` with what came."""

    folder: Path
    count: int = 0
    rows: list[Any] = field(default_factory=list)

    def came(
        self, at_s: float, subject: str, kind: str = "track", refused: str = "", days: float = 1.0, **body: object
    ) -> None:
        t_us = T0_US + round(at_s * S_US)
        content: dict[str, Any] = {"t_utc_us": t_us - S_US, **body}
        if kind == "track":
            content = {"class": "person", "lat_deg": 49.05, "lon_deg": 22.7, "ce90_m": 8.0, **content}
        until_us = t_us + round(days * DAY_US)
        envelope = Envelope("a1", "0" * 64, "belmark", "arvenia", "p", kind, subject, t_us, until_us, content)
        self.count += 1
        self.rows.append(
            ("belmark", bytes(16), self.count, kind, subject, t_us, until_us, refused, envelope.to_bytes(), b"", b"")
        )

    def withdrawn(self, subject: str) -> None:
        self.rows.append(("belmark", "in", subject, "track", "mistake", T0_US, T0_US + DAY_US))

    def write(self) -> None:
        db = open_database(self.folder / EXCHANGE_FILE, EXCHANGE_SCHEMA, "NORMAL")
        for row in self.rows:
            table = "inbox" if len(row) == 11 else "tombstone"
            db.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(row))})", row)
        db.close()

    def told(self, from_s: float = 0.0, to_s: float = 100.0, now_us: int = T0_US + 200 * S_US) -> list[Any]:
        self.write()
        found = told_tracks(self.folder, T0_US + round(from_s * S_US), T0_US + round(to_s * S_US), now_us)
        return [(round((t.received_utc_us - T0_US) / S_US), t.track_id, t.state, t.class_name) for t in found]


@pytest.fixture
def inbox(tmp_path: Path) -> Inbox:
    return Inbox(tmp_path)


def test_tracks_come_as_they_were_told_with_their_corrections_and_ends(inbox: Inbox) -> None:
    inbox.came(10, "b-1")
    inbox.came(12, "b-2")
    inbox.came(14, "b-1", "correction", of="track", cls="vehicle", reason="wrong_class")
    inbox.came(20, "b-1", "track_end", state="left_area")
    inbox.came(200, "b-2")  # not of this period
    assert inbox.told() == [
        (10, "b-1", "live", "person"), (12, "b-2", "live", "person"), (14, "b-1", "live", "vehicle"),
        (20, "b-1", "left_area", "vehicle"),
    ]  # fmt: skip


def test_old_places_that_came_late_change_nothing(inbox: Inbox) -> None:
    inbox.came(30, "b-1")
    inbox.came(31, "b-1", t_utc_us=T0_US + 5 * S_US)
    inbox.came(40, "b-1", "track_end", state="ended")
    inbox.came(41, "b-1", t_utc_us=T0_US + 35 * S_US)
    assert [(t, state) for t, _, state, _ in inbox.told()] == [(30, "live"), (40, "ended")]


def test_nothing_withdrawn_refused_or_kept_too_long_is_shown(inbox: Inbox) -> None:
    inbox.came(10, "taken-back")
    inbox.withdrawn("taken-back")
    inbox.came(11, "refused", refused="not in the corridor")
    inbox.came(12, "short", days=1.0 / 86_400)  # one second
    inbox.came(13, "good")
    inbox.rows.append(
        ("belmark", bytes(16), 99, "track", "spoilt", T0_US + 14 * S_US, T0_US + DAY_US, "", b"{not", b"", b"")
    )
    assert [name for _, name, _, _ in inbox.told()] == ["good"]


def test_a_station_that_shares_nothing_has_nothing_and_a_spoilt_file_is_said(tmp_path: Path) -> None:
    assert list(told_tracks(tmp_path, 0, 2**60, 0)) == []
    (tmp_path / EXCHANGE_FILE).write_bytes(json.dumps({"no": "database"}).encode() * 100)
    with pytest.raises(StoreError):
        list(told_tracks(tmp_path, 0, 2**60, 0))
