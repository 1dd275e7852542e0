"""What goes wrong between two stations, with real processes and sockets: nothing is lost, nothing comes twice, all in order."""

from __future__ import annotations

import json
import random
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import zenoh

from groundstation.core import topics
from groundstation.core.clock import SystemClock
from groundstation.core.database import open_database, open_read_only
from groundstation.core.share_records import ShareSubject
from groundstation.share import PeerSettings, ShareService, ShareSettings, make_pair, make_signed, share_summary
from groundstation.share.audit_read import disclosures, verify_audit
from groundstation.share.deny import Denied, deny
from groundstation.share.outbox import Draft, Outbox
from groundstation.share.schema import EXCHANGE_SCHEMA
from groundstation.share.signing import RECORD, open_share_key
from groundstation.share.wire import NO_HASH, Envelope, Record, parse_envelope
from groundstation.share.zenoh_wire import WireSettings, session_config
from tests.system.test_share_two_stations import NEAR, Pair, free_port, line, now_utc_us, until
from tests.unit.store.records import video_tracks

__all__ = ["pair"]


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    yield made
    made.close()


class Proxy:
    """A line between two ports that can go silent without being closed, as a radio does."""

    def __init__(self, to_port: int) -> None:
        self.silent = threading.Event()
        self._ended = threading.Event()
        self._to_port = to_port
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.settimeout(0.2)
        self.port = int(self._server.getsockname()[1])
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                one, _ = self._server.accept()
            except TimeoutError:
                continue
            except OSError:
                return
            try:
                other = socket.create_connection(("127.0.0.1", self._to_port), 2.0)
            except OSError:
                one.close()
                continue
            for source, sink in ((one, other), (other, one)):
                thread = threading.Thread(target=self._pump, args=(source, sink), daemon=True)
                thread.start()
                self._threads.append(thread)

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        source.settimeout(0.1)
        with closing(source), closing(sink):
            while not self._ended.is_set():
                if self.silent.is_set():
                    time.sleep(0.02)
                    continue
                try:
                    data = source.recv(65_536)
                except TimeoutError:
                    continue
                except OSError:
                    return
                if not data:
                    return
                # What was read before the line went silent and not yet passed on is kept as the rest is.
                while self.silent.is_set() and not self._ended.is_set():
                    time.sleep(0.02)
                with suppress(OSError):
                    sink.sendall(data)

    def close(self) -> None:
        self._ended.set()
        self._server.close()
        for thread in self._threads:
            thread.join(3.0)


def start_station(pair: Pair, name: str, **settings: Any) -> subprocess.Popen[str]:
    """A station as a process; with ``pair``'s authorities and agreement."""
    mine, theirs, other = (pair.a, pair.b, "b") if name == "a" else (pair.b, pair.a, "a")
    document = {
        "name": name,
        "certificate": str(mine.certificate),
        "key": str(mine.key),
        "data_dir": str(pair.folder / name),
        "peer": other,
        "peer_common_name": f"station-{other}",
        "peer_authority": str(theirs.authority),
        "agreement": str(pair.folder / "agreement.json"),
        "listen" if name == "a" else "connect": f"127.0.0.1:{pair.port}",
        **settings,
    }
    path = pair.folder / f"{name}.settings.json"
    path.write_text(json.dumps(document))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.system.share_station", str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    pair.processes.append(process)
    return process


def test_a_line_that_goes_silent_for_12_s_loses_and_doubles_nothing(pair: Pair) -> None:
    pair.start_a()
    proxy = Proxy(pair.port)
    try:
        b = start_station(pair, "b", connect=f"127.0.0.1:{proxy.port}")
        assert line(b.stdout) == "ready"
        pair.publish("before")
        assert until(lambda: pair.incidents_at_b() == ["before"])
        proxy.silent.set()
        names = [f"while-{n:02d}" for n in range(30)]
        for name in names:
            pair.publish(name)
            time.sleep(12.0 / len(names))
        assert pair.incidents_at_b() == ["before"]
        proxy.silent.clear()
        pair.publish("after")
        assert until(lambda: pair.incidents_at_b() == ["before", *names, "after"]), pair.incidents_at_b()
        assert until(lambda: pair.lost() == 0)
    finally:
        proxy.close()


@pytest.mark.parametrize(("kills", "count"), [(2, 150), pytest.param(10, 1_500, marks=pytest.mark.slow)])
def test_kill_9_of_either_side_at_random_points(pair: Pair, kills: int, count: int) -> None:
    chance = random.Random(kills)
    running = {"a": start_station(pair, "a", tell=count), "b": start_station(pair, "b")}
    for process in running.values():
        assert line(process.stdout) == "ready"
    for kill in range(kills):
        time.sleep(chance.uniform(0.05, 0.8))
        name = "ab"[kill % 2]
        running[name].kill()
        running[name].wait(10)
        running[name] = start_station(pair, name, **({"tell": count} if name == "a" else {}))
        assert line(running[name].stdout) == "ready"
    names = [f"n{n:05d}" for n in range(count)]
    assert until(lambda: len(pair.incidents_at_b()) >= count, 150.0), len(pair.incidents_at_b())
    assert pair.incidents_at_b() == names
    assert until(lambda: pair.lost() == 0)
    # What a kill left between the outbox and the disclosure log is in the log, once.
    with closing(open_read_only(pair.folder / "a" / "exchange.db")) as db:
        left = {(row["epoch"].hex(), row["seq"]) for row in db.execute("SELECT epoch, seq FROM outbox")}
    logged = [(d["epoch"], d["seq"]) for d in disclosures(pair.folder / "a")]
    assert len(logged) == len(set(logged))
    assert left <= set(logged)
    assert verify_audit(pair.folder / "a").fault == ""


def test_absent_neighbour_and_a_sender_that_dies(pair: Pair) -> None:
    """b is not there, a tells and is killed; later both come, one after the other."""
    count = 120
    a = start_station(pair, "a", tell=count, gap_s=0.0)
    assert line(a.stdout) == "ready"
    notes = pair.folder / "a" / "notes.txt"
    assert until(lambda: notes.exists() and len(notes.read_text().split()) >= 40), "it tells nobody"
    a.kill()
    a.wait(10)
    assert line(start_station(pair, "a", tell=count, gap_s=0.0).stdout) == "ready"
    assert line(start_station(pair, "b").stdout) == "ready"
    names = [f"n{n:05d}" for n in range(count)]
    assert until(lambda: len(pair.incidents_at_b()) >= count), len(pair.incidents_at_b())
    assert pair.incidents_at_b() == names
    assert until(lambda: pair.lost() == 0)


def records_at_b(pair: Pair, kind: str) -> list[Any]:
    with closing(open_read_only(pair.folder / "b" / "exchange.db")) as db:
        return db.execute(
            "SELECT subject, refused, envelope FROM inbox WHERE kind=? ORDER BY epoch, seq", (kind,)
        ).fetchall()


def test_an_agreement_that_ends_mid_track(pair: Pair) -> None:
    pair.write(replace(pair.agreement, max_rate_hz=10.0))
    pair.start_a()
    assert line(start_station(pair, "b").stdout) == "ready"

    def told() -> list[dict[str, Any]]:
        pair.bus.publish(topics.VIDEO_TRACKS, video_tracks(now_utc_us(), [(1, *NEAR)]))
        time.sleep(0.1)
        there = (pair.folder / "b" / "exchange.db").exists()
        return [json.loads(row["envelope"]) for row in records_at_b(pair, "track")] if there else []

    assert until(lambda: len(told()) >= 3)
    shorter = replace(
        pair.agreement, max_rate_hz=10.0, valid_until_utc_us=now_utc_us() // 1_000_000 * 1_000_000 + 5_000_000
    )
    pair.write(shorter)
    assert until(lambda: bool(told()) and (s := pair.status()) is not None and "expired" in s.detail)
    assert until(lambda: (s := pair.status()) is not None and s.waiting == 0)
    count = len(told())
    for _ in range(10):
        found = told()
    assert len(found) == count  # the track goes on; nothing more of it is told
    for e in found:
        if e["agreement_sha256"] == shorter.digest():
            assert max(e["body"]["t_utc_us"], e["t_released_utc_us"]) < shorter.valid_until_utc_us


def test_a_withdrawn_track_and_a_late_message(pair: Pair) -> None:
    """The late one is signed, numbered and in its turn, as one from another thread of the sender's past would be."""
    service = pair.start_a()
    assert line(start_station(pair, "b").stdout) == "ready"
    pair.bus.publish(topics.VIDEO_TRACKS, video_tracks(now_utc_us(), [(1, *NEAR)]))
    assert until(lambda: (pair.folder / "b" / "exchange.db").exists() and len(records_at_b(pair, "track")) == 1)
    (told,) = records_at_b(pair, "track")
    assert service.desk.withdraw(ShareSubject("a", "cam-1", "track"), "false_alarm").result(10.0).ok
    assert until(lambda: len(records_at_b(pair, "withdrawal")) == 1)
    service.stop()
    key = open_share_key(pair.folder / "a")
    with closing(open_database(pair.folder / "a" / "exchange.db", EXCHANGE_SCHEMA, "FULL")) as db:
        outbox = Outbox(db, "b", sign=lambda digest: key.sign(RECORD, digest))
        outbox.append([Draft("cam-1", now_utc_us(), parse_envelope(told["envelope"]))], now_utc_us())
    pair.start_a()
    assert until(lambda: len(records_at_b(pair, "track")) == 2)
    late = records_at_b(pair, "track")[1]
    assert "withdrawn" in late["refused"]
    assert late["envelope"] == b""


def test_an_outbox_restored_from_a_backup_is_noticed_and_told(pair: Pair) -> None:
    service = pair.start_a()
    b = start_station(pair, "b")
    assert line(b.stdout) == "ready"
    pair.publish("i1")
    assert until(lambda: pair.incidents_at_b() == ["i1"])
    service.stop()
    shutil.copytree(pair.folder / "a", pair.folder / "backup")
    service = pair.start_a()
    pair.publish("i2", "i3")
    assert until(lambda: pair.incidents_at_b() == ["i1", "i2", "i3"])
    service.stop()
    shutil.rmtree(pair.folder / "a")
    shutil.copytree(pair.folder / "backup", pair.folder / "a")
    service = pair.start_a()
    pair.publish("n2", "n3", "n4")

    # The new epoch has names of its own: what was told under the lost numbers stays, what is new comes once.
    def subjects() -> list[str]:
        with closing(open_read_only(pair.folder / "b" / "exchange.db")) as db:
            return [
                r["subject"]
                for r in db.execute("SELECT subject FROM inbox WHERE kind='incident' ORDER BY received_utc_us, seq")
            ]

    assert until(lambda: subjects() == ["i1", "i2", "i3", "n2", "n3", "n4"]), subjects()


def test_a_full_disk_is_said_and_everything_comes_when_there_is_room(pair: Pair) -> None:
    service = pair.start_a()
    faults = pair.bus.subscribe(topics.STATION_FAULT)
    assert line(start_station(pair, "b").stdout) == "ready"
    pair.publish("i0")
    assert until(lambda: pair.incidents_at_b() == ["i0"])
    db = service._db
    assert db is not None
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    db.execute(f"PRAGMA max_page_count={pages}")  # sqlite then says what a full disk says
    names = [f"i{n}" for n in range(1, 60)]
    pair.publish(*names)
    found: list[str] = []
    assert until(
        lambda: bool(found.extend(f.fault.text for f in faults.drain() if f.active)) or any("full" in t for t in found)
    )
    time.sleep(0.5)
    db.execute("PRAGMA max_page_count=1073741823")
    assert until(lambda: pair.incidents_at_b() == ["i0", *names]), pair.incidents_at_b()
    assert until(lambda: any(f.fault.key == "share-disk" and not f.active for f in faults.drain()))


def test_a_neighbour_whose_clock_is_90_s_ahead(pair: Pair) -> None:
    pair.start_a()
    faults = pair.bus.subscribe(topics.STATION_FAULT)
    assert line(start_station(pair, "b", clock_s=90.0).stdout) == "ready"
    names = [f"i{n}" for n in range(20)]
    pair.publish(*names)
    assert until(lambda: pair.incidents_at_b() == names)
    assert until(lambda: pair.bus.latest(topics.PEER_CLOCK, "b") is not None)

    def measured() -> bool:
        clock = pair.bus.latest(topics.PEER_CLOCK, "b")
        return clock is not None and abs(clock.offset_us - 90e6) < 1e6 and not clock.fit_to_fuse

    assert until(measured)
    assert until(lambda: any("clock of b" in f.fault.text for f in faults.drain()))


def test_a_revoked_neighbour_is_cut_off_within_seconds_and_stays_out(pair: Pair) -> None:
    pair.start_a()
    faults = pair.bus.subscribe(topics.STATION_FAULT)
    assert line(start_station(pair, "b").stdout) == "ready"
    pair.publish("before")
    assert until(lambda: pair.incidents_at_b() == ["before"])
    began_s = time.monotonic()
    deny(pair.folder / "a", Denied("b", "2026-11-23T00:00:00Z", "lost laptop"))
    assert until(lambda: (s := pair.status()) is not None and not s.connected and "revoked" in s.detail)
    assert time.monotonic() - began_s < 60.0
    pair.publish("after")
    time.sleep(1.0)
    assert pair.incidents_at_b() == ["before"]
    assert until(lambda: any("lost laptop" in f.fault.text for f in faults.drain()))
    # Also a station that is started anew opens no session with it, and does not even listen.
    assert pair.service is not None
    pair.service.stop(deliver_s=0.0)
    pair.start_a()
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", pair.port), 1.0)


def raw_session(settings: WireSettings, **tls: object) -> zenoh.Session:
    """A program that keeps to no rule of ours: no access control of its own, other certificates where given."""
    config = session_config(settings)
    config["access_control"] = {
        "enabled": False,
        "default_permission": "allow",
        "rules": [],
        "subjects": [],
        "policies": [],
    }
    config["connect"]["timeout_ms"] = 3_000
    for key, value in tls.items():
        if value is None:
            config["transport"]["link"]["tls"].pop(key, None)
        else:
            config["transport"]["link"]["tls"][key] = value
    return zenoh.open(zenoh.Config.from_json5(json.dumps(config)))


def test_a_third_station_neither_reads_nor_forges_the_second_ones(pair: Pair) -> None:
    """a has two neighbours; c holds a good certificate of its own, and tries to be b."""
    c = make_pair(pair.folder / "pki-c", "station-c", days=2)
    port_c = free_port()
    agreement_c = replace(pair.agreement, agreement_id="AC-1", parties=("a", "c"))
    stations = {"a": pair.folder / "a", "c": pair.folder / "c"}
    make_signed(agreement_c, pair.folder / "ac.json", stations, now_utc_us())
    peer_c = PeerSettings(
        "c", "station-c", c.authority, listen=f"127.0.0.1:{port_c}", agreement=pair.folder / "ac.json"
    )
    settings: ShareSettings = replace(pair.settings_a, peers=(*pair.settings_a.peers, peer_c))
    pair.service = ShareService(pair.bus, settings, SystemClock())
    pair.service.start()
    heard = pair.bus.subscribe(topics.REMOTE_INCIDENT)
    assert line(start_station(pair, "b").stdout) == "ready"
    got: list[str] = []
    for port in (port_c, pair.port):
        wire = WireSettings("c", "a", "station-a", c.certificate, c.key, pair.a.authority, connect=f"127.0.0.1:{port}")
        with closing(raw_session(wire)) as session:  # type: ignore[type-var]
            subscriber = session.declare_subscriber("bg/a/to/b/**", lambda s: got.append(str(s.key_expr)))
            until(lambda session=session: bool(list(session.info.links())), 3.0)  # type: ignore[misc]
            pair.publish(f"secret-{port}")
            for reply in session.get("bg/a/to/b/log?epoch=" + "00" * 16 + ";after=0", timeout=1.5):
                if reply.ok is not None:
                    got.append("log")
            body = {
                "class": "person",
                "kind": "crossing",
                "direction": "",
                "lat_deg": 47.0,
                "lon_deg": 15.0,
                "t_utc_us": 1,
            }
            envelope = Envelope("AB-1", "ff", "b", "a", "BorderMonitoring", "incident", "evil", 5, 2**60, body)
            forged = Record(bytes(16), 1, NO_HASH, envelope.to_bytes()).to_bytes()
            for key in ("bg/b/to/a/live", "bg/c/to/a/live", "bg/b/to/a/urgent"):
                session.put(key, forged)
            time.sleep(0.5)
            subscriber.undeclare()
    assert until(lambda: pair.incidents_at_b() == [f"secret-{port_c}", f"secret-{pair.port}"])
    assert got == []
    assert heard.drain() == []
    assert share_summary(pair.folder / "a")["b"].received_seq == 0


def test_a_client_without_a_certificate_gets_no_link(pair: Pair) -> None:
    pair.start_a()
    wire = WireSettings(
        "b", "a", "station-a", pair.b.certificate, pair.b.key, pair.a.authority, connect=f"127.0.0.1:{pair.port}"
    )
    with (
        suppress(zenoh.ZError),
        closing(
            raw_session(wire, connect_private_key=None, connect_certificate=None, enable_mtls=False)  # type: ignore[type-var]
        ) as session,
    ):
        assert not until(lambda: bool(list(session.info.links())) and pair_sees(pair), 2.0)
    assert (s := pair.status()) is None or not s.connected


def pair_sees(pair: Pair) -> bool:
    """Whether station a takes the link for its neighbour's."""
    status = pair.status()
    return status is not None and status.connected


def test_the_databases_of_both_are_sound_after_all_that(pair: Pair) -> None:
    pair.start_a()
    b = start_station(pair, "b")
    assert line(b.stdout) == "ready"
    pair.publish(*(f"i{n}" for n in range(50)))
    b.kill()
    b.wait(10)
    for folder in ("a", "b"):
        path = pair.folder / folder / "exchange.db"
        if path.exists():
            with closing(sqlite3.connect(path)) as db:
                assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
