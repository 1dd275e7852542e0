"""The gateways at work: real sockets and files on this machine, a hand-moved clock."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from groundstation.core import topics
from groundstation.core.bus import Bus
from groundstation.core.clock import Clock, SystemClock
from groundstation.core.errors import ConfigError
from groundstation.share.agreement import Agreement
from groundstation.share.audit_read import disclosures
from groundstation.share.gateways import GatewayService, GatewaySettings
from tests.unit.share.things import FakeClock
from tests.unit.share_gateways.things import (
    INSIDE,
    OUTSIDE,
    T0_UTC_US,
    incident,
    signed_file,
    tak_agreement,
    tracks,
)


class Stage:
    """One station's gateway, its bus and its data folder."""

    def __init__(self, folder: Path, url: str, clock: Clock | None = None, made: Agreement | None = None) -> None:
        self.folder = folder
        self.bus = Bus()
        self.clock = clock or FakeClock()
        self.faults = self.bus.subscribe(topics.STATION_FAULT)
        self.agreement = signed_file(folder, made or tak_agreement(), folder / "data")
        settings = GatewaySettings("tak", url, self.agreement, folder=folder)
        self.service = GatewayService(self.bus, "a", [settings], folder / "data", self.clock)

    @property
    def status(self) -> object:
        return self.bus.latest(topics.GATEWAY_STATUS, "tak")


PATIENCE_S = 60.0


def listen() -> socket.socket:
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(PATIENCE_S)
    return server


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with listen() as made:
        yield made


def events(connection: socket.socket, count: int) -> list[ElementTree.Element]:
    """At least ``count``, however late and in whatever pieces they come, and what comes right after them."""
    data = b""
    with contextlib.suppress(TimeoutError):
        while True:
            connection.settimeout(PATIENCE_S if data.count(b"</event>") < count else 0.2)
            chunk = connection.recv(65_536)
            if not chunk:
                break
            data += chunk
    return list(ElementTree.fromstring(b"<all>" + data + b"</all>"))


def test_cot_over_tcp_comes_back_after_the_router_was_gone(tmp_path: Path, server: socket.socket) -> None:
    stage = Stage(tmp_path, f"cot+tcp://127.0.0.1:{server.getsockname()[1]}")
    clock = stage.clock
    assert isinstance(clock, FakeClock)
    stage.service.start(threaded=False)
    stage.bus.publish(topics.VIDEO_TRACKS, tracks(INSIDE, OUTSIDE))
    stage.bus.publish(topics.INCIDENT, incident())
    stage.service.step()
    first, _ = server.accept()
    with first:
        assert sorted(e.attrib["type"] for e in events(first, 2)) == ["a-u-G", "b-m-p-s-m"]
    # The router is gone; what is newest when it is back goes out, and nothing that was outside.
    for _ in range(300):
        clock.t_s += 0.1
        stage.bus.publish(topics.VIDEO_TRACKS, tracks(INSIDE, OUTSIDE, t_utc_us=clock.utc_us()))
        stage.service.step()
    second, _ = server.accept()
    with second:
        got = events(second, 1)
        assert {e.attrib["type"] for e in got} >= {"a-u-G"}
    stage.service.stop()
    assert {d["subject"] for d in disclosures(tmp_path / "data")} == {"cam1-1", "secret-incident-id"}


def test_a_router_that_is_not_there_is_told_and_the_fault_goes_when_it_comes(tmp_path: Path) -> None:
    with listen() as server:
        port = server.getsockname()[1]
    stage = Stage(tmp_path, f"cot+tcp://127.0.0.1:{port}")
    clock = stage.clock
    assert isinstance(clock, FakeClock)
    stage.service.start(threaded=False)
    for _ in range(60):
        clock.t_s += 0.1
        stage.bus.publish(topics.VIDEO_TRACKS, tracks(INSIDE, t_utc_us=clock.utc_us()))
        stage.service.step()
    (fault,) = stage.faults.drain()
    assert fault.active
    assert f"127.0.0.1:{port}" in fault.fault.text
    assert not disclosures(tmp_path / "data")
    with socket.create_server(("127.0.0.1", port)):
        for _ in range(400):
            clock.t_s += 0.1
            stage.service.step()
    assert [f.active for f in stage.faults.drain()][:1] == [False]
    stage.service.stop()


def test_stopping_does_not_hang_on_a_router_that_does_not_read(tmp_path: Path, server: socket.socket) -> None:
    stage = Stage(tmp_path, f"cot+tcp://127.0.0.1:{server.getsockname()[1]}", SystemClock(), _now_agreement())
    stage.service.start()
    connection, _ = server.accept()
    with connection:
        ended = threading.Event()

        def stop() -> None:
            stage.service.stop()
            ended.set()

        threading.Thread(target=stop, daemon=True).start()
        assert ended.wait(PATIENCE_S)
    assert not [t for t in threading.enumerate() if t.name == "gateway-tak"]
    stage.service.stop()


def _now_agreement() -> Agreement:
    now = time.time_ns() // 1000
    return tak_agreement(valid_from_utc_us=now - 60_000_000, valid_until_utc_us=now + 3_600_000_000)


def test_asterix_datagrams_are_read_by_another_decoder(tmp_path: Path) -> None:
    pyasteryx = pytest.importorskip("pyasteryx")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(PATIENCE_S)
        stage = Stage(tmp_path, f"asterix+udp://127.0.0.1:{receiver.getsockname()[1]}?sac=213&sic=7")
        stage.service.start(threaded=False)
        stage.bus.publish(topics.VIDEO_TRACKS, tracks(INSIDE, OUTSIDE, (47.002, 15.03)))
        stage.bus.publish(topics.INCIDENT, incident())
        stage.service.step()
        got = pyasteryx.Decoder().decode(receiver.recv(65_536))
        assert len(got) == 2
        assert {round(m["I062/105"]["Lat"], 4) for m in got} == {47.001, 47.002}
        numbers = {m["I062/040"]["TrkN"] for m in got}
        stage.service.stop()
        ends = pyasteryx.Decoder().decode(receiver.recv(65_536))
        assert {m["I062/040"]["TrkN"] for m in ends} == numbers
        assert all(m["I062/080"]["TSE"] == 1 for m in ends)


def test_multicast_events_arrive_one_a_datagram(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("", 0))
        receiver.settimeout(PATIENCE_S)
        group = socket.inet_aton("239.2.3.1") + socket.inet_aton("127.0.0.1")
        try:
            receiver.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
        except OSError as error:
            pytest.skip(f"no multicast on this machine's loopback: {error}")
        port = receiver.getsockname()[1]
        stage = Stage(tmp_path, f"cot+udp://239.2.3.1:{port}?interface=127.0.0.1&ttl=0")
        stage.service.start(threaded=False)
        stage.bus.publish(topics.VIDEO_TRACKS, tracks(INSIDE, (47.002, 15.03)))
        stage.service.step()
        got = [ElementTree.fromstring(receiver.recv(65_536)) for _ in range(2)]
        assert {e.attrib["type"] for e in got} == {"a-u-G"}
        stage.service.stop()


def test_the_file_is_whole_goes_stale_with_its_tracks_and_is_empty_at_the_end(tmp_path: Path) -> None:
    stage = Stage(tmp_path, "geojson+file:feed.geojson")
    clock = stage.clock
    assert isinstance(clock, FakeClock)
    feed = tmp_path / "feed.geojson"
    feed.write_text('{"type": "FeatureCollection", "features": ["of a run before"]}')
    stage.service.start(threaded=False)
    stage.bus.publish(topics.VIDEO_TRACKS, tracks(INSIDE, OUTSIDE))
    stage.bus.publish(topics.INCIDENT, incident())
    stage.service.step()
    document = json.loads(feed.read_text())
    assert [f["properties"]["kind"] for f in document["features"]] == ["track", "incident"]
    assert document["features"][0]["geometry"]["coordinates"] == [INSIDE[1], INSIDE[0]]
    clock.t_s += 20.0
    stage.service.step()
    assert [f["properties"]["kind"] for f in json.loads(feed.read_text())["features"]] == ["incident"]
    os.utime(feed, (0, 0))
    clock.t_s += 6.0
    stage.service.step()
    assert feed.stat().st_mtime > 0
    stage.service.stop()
    assert json.loads(feed.read_text())["features"] == []
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".feed")] == []


def test_the_feed_over_http_has_an_etag_and_is_for_this_machine_only(tmp_path: Path) -> None:
    with listen() as free:
        port = free.getsockname()[1]
    stage = Stage(tmp_path, f"geojson+http://127.0.0.1:{port}")
    stage.service.start(threaded=False)
    stage.bus.publish(topics.VIDEO_TRACKS, tracks(INSIDE, OUTSIDE))
    stage.service.step()

    def get(**headers: str) -> tuple[int, bytes, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        try:
            connection.request("GET", "/", headers={k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.getheader("ETag") or ""
        finally:
            connection.close()

    status, body, tag = get()
    assert status == 200
    assert len(json.loads(body)["features"]) == 1
    assert get(If_None_Match=tag)[0] == 304
    assert get(Host="evil.example")[0] == 403
    stage.bus.publish(topics.VIDEO_TRACKS, tracks(INSIDE, (47.002, 15.03), t_utc_us=T0_UTC_US + 1_000_000))
    assert isinstance(stage.clock, FakeClock)
    stage.clock.t_s += 1.0
    stage.service.step()
    assert get(If_None_Match=tag)[0] == 200
    stage.service.stop()
    with pytest.raises(OSError):
        get()


def test_a_terminated_agreement_stops_a_running_gateway(tmp_path: Path) -> None:
    from groundstation.share.agreement_signed import read_signed, terminate, write_signed
    from groundstation.share.signing import open_share_key

    stage = Stage(tmp_path, "geojson+file:feed.geojson")
    clock = stage.clock
    assert isinstance(clock, FakeClock)
    stage.service.start(threaded=False)
    stage.bus.publish(topics.VIDEO_TRACKS, tracks(INSIDE))
    stage.service.step()
    key = open_share_key(tmp_path / "tak")
    write_signed(terminate(read_signed(stage.agreement), "tak", key, T0_UTC_US, "enough"), stage.agreement)
    before = len(disclosures(tmp_path / "data"))
    for _ in range(50):
        clock.t_s += 0.5
        stage.bus.publish(topics.VIDEO_TRACKS, tracks(INSIDE, t_utc_us=clock.utc_us()))
        stage.service.step()
    # Two seconds at most until it is seen.
    assert len(disclosures(tmp_path / "data")) - before <= 5
    assert json.loads((tmp_path / "feed.geojson").read_text())["features"] == []
    assert any("ended by tak" in f.fault.text for f in stage.faults.drain())
    stage.service.stop()


def test_what_cannot_work_is_told_at_the_start_and_leaves_nothing_open(tmp_path: Path) -> None:
    data = tmp_path / "data"
    good = signed_file(tmp_path, tak_agreement(), data)
    other = signed_file(tmp_path, tak_agreement(agreement_id="AB-2", parties=("a", "else")), data)
    silent = signed_file(tmp_path, tak_agreement(agreement_id="AB-3", gateways=()), data)
    url = "geojson+file:feed.geojson"
    for settings, words in [
        (GatewaySettings("tak", url, other), "between"),
        (GatewaySettings("tak", url, silent), "does not allow the way out 'geojson'"),
        (GatewaySettings("tak", url, tmp_path / "none.json"), "none.json"),
        (GatewaySettings("Tak!", url, good), "not usable"),
        (GatewaySettings("tak", "cot+tls://h:1?ca=ca&cert=c&key=k", good, folder=tmp_path), "authority"),
    ]:
        service = GatewayService(Bus(), "a", [settings], data, FakeClock())
        with pytest.raises(ConfigError, match=words):
            service.start()
        service.stop()
