"""Two stations over loopback with authorities of their own: this process tells, another one is told."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.core.database import open_read_only
from groundstation.core.errors import CertificateError, PortInUseError
from groundstation.core.records import PeerStatus
from groundstation.share import (
    Agreement,
    CertificateFiles,
    Corridor,
    PeerSettings,
    ShareService,
    ShareSettings,
    lost_between,
    make_pair,
    make_signed,
    share_summary,
)
from groundstation.share.audit_read import verify_audit
from groundstation.share.transport import Live, LogReply
from groundstation.share.zenoh_wire import WireSettings, ZenohWire
from tests.unit.store.records import incident, video_tracks

BORDER = ((47.0, 15.0), (47.0, 15.1))
NEAR = (47.001, 15.05)  # 111 m
FAR = (47.02, 15.05)  # 2.2 km
PATIENCE_S = 60.0
"""A busy machine is slow; whatever hangs, hangs for longer."""


def now_utc_us() -> int:
    return time.time_ns() // 1000


def free_port() -> int:
    with closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def until(condition: Callable[[], bool], timeout_s: float = PATIENCE_S) -> bool:
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


class Pair:
    """Station a in this process and station b, as a process that can be started and killed."""

    def __init__(self, folder: Path, b_listens: bool = False) -> None:
        self.folder = folder
        self.b_listens = b_listens
        self.a = make_pair(folder / "pki-a", "station-a", days=2)
        self.b = make_pair(folder / "pki-b", "station-b", days=2)
        self.port = free_port()
        self.agreement = Agreement(
            "AB-1", ("a", "b"), now_utc_us() - 60_000_000, now_utc_us() + 3_600_000_000, Corridor(BORDER, 500.0)
        )
        self.write(self.agreement)
        self.bus = Bus()
        self.service: ShareService | None = None
        self.processes: list[subprocess.Popen[str]] = []

    def write(self, agreement: Agreement) -> None:
        stations = {"a": self.folder / "a", "b": self.folder / "b"}
        make_signed(agreement, self.folder / "agreement.json", stations, now_utc_us())

    @property
    def settings_a(self) -> ShareSettings:
        peer = PeerSettings(
            "b",
            "station-b",
            self.b.authority,
            **{"connect" if self.b_listens else "listen": f"127.0.0.1:{self.port}"},
            agreement=self.folder / "agreement.json",
        )
        return ShareSettings("a", self.a.certificate, self.a.key, self.folder / "a", (peer,), self.a.authority)

    def start_a(self) -> ShareService:
        self.service = ShareService(self.bus, self.settings_a, SystemClock())
        self.service.start()
        return self.service

    def start_b(self, files: CertificateFiles | None = None, *arguments: str) -> subprocess.Popen[str]:
        files = files or self.b
        path = self.folder / "b.json"
        path.write_text(
            json.dumps(
                {
                    "name": "b",
                    "certificate": str(files.certificate),
                    "key": str(files.key),
                    "data_dir": str(self.folder / "b"),
                    "peer": "a",
                    "peer_common_name": "station-a",
                    "peer_authority": str(self.a.authority),
                    "listen" if self.b_listens else "connect": f"127.0.0.1:{self.port}",
                    "agreement": str(self.folder / "agreement.json"),
                }
            )
        )
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.system.share_station", str(path), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        self.processes.append(process)
        return process

    def publish(self, *names: str) -> None:
        for name in names:
            t = now_utc_us()
            record = incident(name, t_utc_us=t, t_raised_utc_us=t, lat_deg=NEAR[0], lon_deg=NEAR[1])
            self.bus.publish(topics.INCIDENT, record)

    def incidents_at_b(self) -> list[str]:
        if not (self.folder / "b" / "exchange.db").is_file():
            return []
        with closing(open_read_only(self.folder / "b" / "exchange.db")) as db:
            try:
                rows = db.execute("SELECT subject FROM inbox WHERE kind='incident' ORDER BY epoch, seq").fetchall()
            except Exception as error:
                if "no such table" in str(error):
                    return []
                raise
        return [row["subject"] for row in rows]

    def status(self) -> PeerStatus | None:
        return self.bus.latest(topics.PEER_STATUS, "b")

    def lost(self) -> int:
        return lost_between(share_summary(self.folder / "a")["b"], share_summary(self.folder / "b")["a"])

    def close(self) -> None:
        for process in self.processes:
            end(process)
        if self.service is not None:
            self.service.stop(deliver_s=0.0)


def end(process: subprocess.Popen[str]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None and not stream.closed:
            stream.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)


def line(stream: IO[str] | None) -> str:
    assert stream is not None
    return stream.readline().strip()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    made = Pair(tmp_path)
    yield made
    made.close()


def test_incidents_and_tracks_arrive_and_only_what_is_agreed(pair: Pair) -> None:
    pair.start_a()
    b = pair.start_b()
    assert line(b.stdout) == "ready"
    disclosures = pair.bus.subscribe(topics.DISCLOSURE)
    pair.publish("i1")
    assert json.loads(line(b.stdout))["incident_id"] == "i1"
    t = now_utc_us()
    pair.bus.publish(topics.VIDEO_TRACKS, video_tracks(t, [(1, *NEAR), (2, *FAR)]))
    far = incident("far", lat_deg=FAR[0], lon_deg=FAR[1], t_utc_us=t, text="secret words", evidence="evidence/x.mp4")
    pair.bus.publish(topics.INCIDENT, far)
    assert until(
        lambda: pair.folder.joinpath("b").is_dir() and share_summary(pair.folder / "b")["a"].tracks_received == 1
    )
    seen: list[str] = []
    assert until(
        lambda: bool(seen.extend(d.subject_id for d in disclosures.drain() if d.t_stored_utc_us) or len(seen) >= 2)
    )
    assert seen == ["i1", "cam-1"]
    assert until(lambda: (s := pair.status()) is not None and s.connected and s.waiting == 0 and s.withheld == 2)
    with closing(open_read_only(pair.folder / "b" / "exchange.db")) as db:
        content = b"".join(bytes(row["envelope"]) for row in db.execute("SELECT envelope FROM inbox"))
    for never in (b"secret", b"evidence", b"cam", b"alt_", b"covariance", b"vehicle_id", b"flight", b"far"):
        assert never not in content
    assert pair.lost() == 0
    assert until(lambda: verify_audit(pair.folder / "a").entries == 2)


@pytest.mark.parametrize("b_listens", [False, True])
def test_kill_9_of_the_receiver_loses_and_doubles_nothing(pair: Pair, b_listens: bool) -> None:
    pair.b_listens = b_listens
    pair.start_a()
    b = pair.start_b()
    assert line(b.stdout) == "ready"
    pair.publish(*(f"before-{i:02d}" for i in range(20)))
    assert until(lambda: len(pair.incidents_at_b()) >= 5)
    os.kill(b.pid, signal.SIGKILL)
    pair.publish(*(f"while-{i:02d}" for i in range(20)))
    b.wait(PATIENCE_S)
    assert until(lambda: (s := pair.status()) is not None and not s.connected)
    again = pair.start_b()
    assert line(again.stdout) == "ready"
    pair.publish("after")
    assert until(lambda: pair.incidents_at_b()[-1:] == ["after"])
    expected = [f"before-{i:02d}" for i in range(20)] + [f"while-{i:02d}" for i in range(20)] + ["after"]
    assert pair.incidents_at_b() == expected
    assert until(lambda: pair.lost() == 0)


def test_a_neighbour_that_comes_late_gets_everything(pair: Pair) -> None:
    service = pair.start_a()
    pair.publish(*(f"i{i}" for i in range(30)))
    assert not service.wait_delivered(0.3)
    assert line(pair.start_b().stdout) == "ready"
    assert service.wait_delivered(PATIENCE_S)
    assert pair.incidents_at_b() == [f"i{i}" for i in range(30)]


def test_kill_9_of_the_sender_keeps_what_it_had_committed(pair: Pair) -> None:
    first = pair.start_a()
    pair.publish("i1", "i2")
    assert until(lambda: (s := pair.status()) is not None and s.waiting == 2)
    # The databases as a killed process leaves them: no orderly end.
    copy = pair.folder / "killed"
    shutil.copytree(pair.folder / "a", copy)
    first.stop(deliver_s=0.0)
    pair.service = ShareService(pair.bus, replace(pair.settings_a, data_dir=copy), SystemClock())
    pair.service.start()
    pair.service.offer_incidents(
        [incident(n, lat_deg=NEAR[0], lon_deg=NEAR[1], t_utc_us=now_utc_us()) for n in ("i3",)]
    )
    assert line(pair.start_b().stdout) == "ready"
    assert until(lambda: pair.incidents_at_b() == ["i1", "i2", "i3"])


@pytest.mark.parametrize("kind", ["other authority", "expired", "other name"])
def test_a_wrong_certificate_gets_nothing(pair: Pair, kind: str) -> None:
    pair.start_a()
    pair.publish("i1")
    if kind == "other authority":
        files = make_pair(pair.folder / "evil", "station-b", days=2)
        process = pair.start_b(files)
        assert line(process.stdout) == "ready"
        time.sleep(1.5)
    elif kind == "expired":
        files = make_pair(pair.folder / "old", "station-b", days=1, now_utc=datetime.now(UTC) - timedelta(days=2))
        process = pair.start_b(files)
        assert "CertificateError" in (said := line(process.stdout))
        assert "expired" in said
        assert process.wait(PATIENCE_S) == 7
    else:
        pair.close()
        # Same authority, other name: the link may come up, but nothing may pass.
        stranger = make_pair(pair.folder / "pki-c", "station-c", days=2)
        pair.b = replace(pair.b, authority=stranger.authority)
        pair.start_a()
        faults = pair.bus.subscribe(topics.STATION_FAULT)
        process = pair.start_b(stranger)
        assert line(process.stdout) == "ready"
        assert until(lambda: any("station-c" in f.fault.text for f in faults.drain()))
        time.sleep(1.0)
    assert pair.incidents_at_b() == []
    status = pair.status()
    assert status is None or not status.connected


@pytest.mark.parametrize("kind", ["good", "expired", "other authority"])
def test_the_transport_itself_refuses_a_station_that_skips_its_own_check(pair: Pair, kind: str) -> None:
    pair.start_a()
    pair.publish("i1")
    if kind == "expired":
        forged = replace(pair.b, certificate=expired_certificate(pair.b, pair.folder))
    elif kind == "other authority":
        forged = make_pair(pair.folder / "forged", "station-b", days=2)
    else:
        forged = pair.b  # the control: with it, the same steps do get the record
    with closing(
        ZenohWire(
            WireSettings(
                "b", "a", "station-a", forged.certificate, forged.key, pair.a.authority, f"127.0.0.1:{pair.port}"
            ),
            lambda: None,
        )
    ) as wire:
        got: list[object] = []

        def gets(timeout_s: float) -> bool:
            """Whether a question for the log is answered."""
            until(wire.connected, timeout_s)
            wire.ask_log(bytes(16), 0)
            return until(
                lambda: bool(got.extend(wire.poll(100)) or any(isinstance(e, LogReply) for e in got)), timeout_s
            )

        if kind == "good":
            assert until(lambda: gets(5.0))
            assert wire.connected()
        else:
            assert not gets(1.5)
            assert not any(isinstance(e, Live) for e in got)
            assert not wire.connected()


def expired_certificate(files: CertificateFiles, folder: Path) -> Path:
    """The station's certificate again, signed by the same authority for a time that is over."""
    now = datetime.now(UTC)
    good = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    key = serialization.load_pem_private_key(files.authority_key.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    builder = (
        x509.CertificateBuilder()
        .subject_name(good.subject)
        .issuer_name(good.issuer)
        .public_key(good.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now - timedelta(hours=1))
    )
    for extension in good.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    path = folder / "expired.crt"
    path.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    return path


def test_a_plain_client_gets_nothing(pair: Pair) -> None:
    service = pair.start_a()
    with closing(socket.create_connection(("127.0.0.1", pair.port), 5)) as plain:
        plain.sendall(b"\x00" * 64)
        plain.settimeout(5)
        assert b"bg/" not in plain.recv(4096)
    pair.publish("i1")
    assert line(pair.start_b().stdout) == "ready"
    assert service.wait_delivered(PATIENCE_S)


def test_the_end_of_the_agreement_ends_the_sharing(pair: Pair) -> None:
    service = pair.start_a()
    pair.publish("in time")
    assert line(pair.start_b().stdout) == "ready"
    assert service.wait_delivered(PATIENCE_S)
    pair.write(replace(pair.agreement, valid_until_utc_us=(now_utc_us() // 1_000_000 + 1) * 1_000_000))
    assert until(lambda: (s := pair.status()) is not None and "expired" in s.detail)
    pair.publish("too late")
    assert service.wait_delivered(PATIENCE_S)
    assert until(lambda: share_summary(pair.folder / "a")["b"].withheld_reasons == {"agreement expired": 1})
    assert pair.incidents_at_b() == ["in time"]


def test_a_port_in_use_is_named_and_nothing_is_left_open(pair: Pair) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", pair.port))
        other.listen(1)
        with pytest.raises(PortInUseError, match=str(pair.port)):
            pair.start_a()
    pair.start_a()  # the same databases and port, now free


def test_a_missing_key_is_named_before_anything_is_opened(pair: Pair) -> None:
    pair.a.key.unlink()
    with pytest.raises(CertificateError, match=r"station-a\.key: is missing"):
        pair.start_a()
    assert not (pair.folder / "a" / "exchange.db").exists()


@pytest.mark.parametrize("arguments", [(), ("--forget-stop",)])
def test_the_interpreter_ends_and_does_not_hang(pair: Pair, arguments: tuple[str, ...]) -> None:
    pair.start_a()
    b = pair.start_b(None, *arguments)
    assert line(b.stdout) == "ready"
    pair.publish("i1")
    assert "i1" in line(b.stdout)
    assert b.stdin is not None
    b.stdin.close()
    assert b.wait(PATIENCE_S) == 0
