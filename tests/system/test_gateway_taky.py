"""A real TAK router (taky) between our gateway and a TAK client: what arrives, what is stripped, who is refused.

The router is looked for at TAKY_BIN (the path of ``taky``; ``takyctl`` beside it) and on the PATH. To have one::

    python -m venv taky && taky/bin/pip install taky && export TAKY_BIN=$PWD/taky/bin/taky

It has a venv of its own: its pins are not ours.
"""

from __future__ import annotations

import configparser
import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import SystemClock
from groundstation.share.gateways import GatewayService, GatewaySettings
from groundstation.share.gateways.cot import POLICY_TAG
from tests.unit.share_gateways.things import INSIDE, OUTSIDE, incident, signed_file, tak_agreement, tracks

TAKY = os.environ.get("TAKY_BIN") or shutil.which("taky") or ""
pytestmark = pytest.mark.skipif(
    not (TAKY and Path(TAKY).is_file()), reason="no TAK router: set TAKY_BIN to the taky of a venv (pip install taky)"
)


class Router:
    """taky in a folder of its own, on free ports of the loopback interface."""

    def __init__(self, folder: Path, tls: bool) -> None:
        self.folder, self.tls = folder, tls
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None
        plain = [] if tls else ["--no-ssl"]
        self._ctl(
            "setup", *plain, "--host", "localhost", "--bind-ip", "127.0.0.1", "--public-ip", "127.0.0.1", str(folder)
        )
        config = configparser.ConfigParser(allow_no_value=True)
        config.read(folder / "taky.conf")
        config["cot_server"]["port"] = str(self.port)
        with (folder / "taky.conf").open("w") as file:
            config.write(file)

    def _ctl(self, *words: str, cwd: Path | None = None) -> None:
        subprocess.run(
            [Path(TAKY).with_name("takyctl"), *words], cwd=cwd, check=True, capture_output=True, timeout=60.0
        )

    def client(self, name: str) -> tuple[Path, Path]:
        """A client's certificate and key."""
        folder = self.folder.parent / name
        folder.mkdir()
        self._ctl("-c", str(self.folder / "taky.conf"), "build_client", "--dump_pem", name, cwd=folder)
        return next(folder.rglob("*.crt")), next(folder.rglob("*.key"))

    @property
    def authority(self) -> Path:
        return self.folder / "ssl" / "ca.crt"

    def start(self) -> None:
        with (self.folder / "log.txt").open("ab") as log:
            self._process = subprocess.Popen([TAKY, "-c", "taky.conf"], cwd=self.folder, stdout=log, stderr=log)
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1.0).close()
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "log.txt").read_text())

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10.0)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10.0)
            self._process = None


class TakClient:
    """Another client of the router, which reads events."""

    def __init__(self, router: Router, certificate: tuple[Path, Path] | None = None) -> None:
        plain = socket.create_connection(("127.0.0.1", router.port), 5.0)
        if certificate is None:
            self._socket: socket.socket = plain
        else:
            context = ssl.create_default_context(cafile=router.authority)
            context.load_cert_chain(*certificate)
            self._socket = context.wrap_socket(plain, server_hostname="localhost")
        self._socket.settimeout(0.5)
        self._parser = ElementTree.XMLPullParser(["end"])
        self._parser.feed("<all>")
        self.events: list[ElementTree.Element] = []

    def wait_for(self, enough: Callable[[list[ElementTree.Element]], bool], timeout_s: float = 60.0) -> None:
        deadline_s = time.monotonic() + timeout_s
        while not enough(self.events):
            assert time.monotonic() < deadline_s, [ElementTree.tostring(e) for e in self.events]
            try:
                self._parser.feed(self._socket.recv(65_536))
            except TimeoutError:
                continue
            self.events += [e for _, e in self._parser.read_events() if e.tag == "event"]

    def close(self) -> None:
        self._socket.close()


class Station:
    """Our side: one gateway, threaded, with the machine's clock."""

    def __init__(self, folder: Path, url: str) -> None:
        self.bus, self.clock = Bus(), SystemClock()
        self.faults = self.bus.subscribe(topics.STATION_FAULT)
        now = self.clock.utc_us()
        made = tak_agreement(valid_from_utc_us=now - 60_000_000, valid_until_utc_us=now + 3_600_000_000)
        path = signed_file(folder, made, folder / "data")
        self.service = GatewayService(
            self.bus, "a", [GatewaySettings("tak", url, path, folder=folder)], folder / "data", self.clock
        )
        self.service.start()

    def tell(self) -> None:
        now = self.clock.utc_us()
        self.bus.publish(topics.VIDEO_TRACKS, tracks(INSIDE, OUTSIDE, t_utc_us=now))
        self.bus.publish(topics.INCIDENT, incident(t_utc_us=now, t_raised_utc_us=now))

    def wait_connected(self) -> None:
        for _ in range(600):
            status = self.bus.latest(topics.GATEWAY_STATUS, "tak")
            if status is not None and status.connected:
                return
            time.sleep(0.1)
        raise AssertionError(self.faults.drain())


@pytest.fixture(params=[False, True], ids=["tcp", "tls"])
def router(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Router]:
    made = Router(tmp_path / "taky", request.param)
    made.start()
    yield made
    made.stop()


def has(kind: str) -> Callable[[list[ElementTree.Element]], bool]:
    return lambda events: any(e.attrib["type"] == kind for e in events)


def test_tracks_and_incidents_arrive_at_another_client_and_the_policy_with_them(router: Router, tmp_path: Path) -> None:
    reader = TakClient(router, router.client("reader") if router.tls else None)
    url = f"cot+tcp://127.0.0.1:{router.port}"
    if router.tls:
        certificate, key = router.client("gateway")
        url = f"cot+tls://localhost:{router.port}?ca={router.authority}&cert={certificate}&key={key}"
    station = Station(tmp_path, url)
    try:
        station.wait_connected()
        station.tell()
        reader.wait_for(lambda events: has("a-u-G")(events) and has("b-m-p-s-m")(events))
        track = next(e for e in reader.events if e.attrib["type"] == "a-u-G")
        point, policy = track.find("point"), track.find(f"detail/{POLICY_TAG}")
        assert point is not None
        assert float(point.attrib["lat"]) == pytest.approx(INSIDE[0], abs=2e-6)
        assert float(point.attrib["lon"]) == pytest.approx(INSIDE[1], abs=2e-6)
        # What the router strips, and what survives because it does not know it.
        assert not {"access", "caveat", "releasableTo"} & set(track.attrib)
        assert policy is not None
        assert policy.attrib["releasableTo"] == "tak"
        assert policy.attrib["recall"] == "none"
        stale_s = _seconds(track.attrib["stale"]) - _seconds(track.attrib["time"])
        assert 15.0 <= stale_s <= 60.0
        assert all(abs(float(e.find("point").attrib["lat"]) - OUTSIDE[0]) > 0.01 for e in reader.events)  # type: ignore[union-attr]
        # The router is restarted: the gateway comes back by itself.
        reader.close()
        router.stop()
        time.sleep(1.0)
        router.start()
        reader = TakClient(router, router.client("reader2") if router.tls else None)
        deadline_s = time.monotonic() + 120.0
        while not has("a-u-G")(reader.events) and time.monotonic() < deadline_s:
            station.tell()
            try:
                reader.wait_for(has("a-u-G"), 1.0)
            except AssertionError:
                continue
        assert has("a-u-G")(reader.events)
    finally:
        station.service.stop()
        reader.close()


def _seconds(text: str) -> float:
    from datetime import datetime

    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize("router", [True], indirect=True, ids=["tls"])
def test_a_router_of_another_authority_gets_nothing(router: Router, tmp_path: Path) -> None:
    from groundstation.share.certificates import make_pair

    certificate, key = router.client("gateway")
    foreign = make_pair(tmp_path / "foreign", "foreign").authority
    station = Station(tmp_path, f"cot+tls://localhost:{router.port}?ca={foreign}&cert={certificate}&key={key}")
    try:
        station.tell()
        for _ in range(600):
            faults = station.faults.drain()
            if faults:
                break
            time.sleep(0.1)
        assert "certificate is not accepted" in faults[0].fault.text
        status = station.bus.latest(topics.GATEWAY_STATUS, "tak")
        assert status is not None
        assert status.sent == 0
    finally:
        station.service.stop()
