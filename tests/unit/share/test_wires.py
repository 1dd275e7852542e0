"""What every wire must do, over zenoh and over a real NATS server: the same tests for both, with TLS and certificates."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from groundstation.core.errors import CertificateError, ConfigError
from groundstation.share import make_pair
from groundstation.share.certificates import CertificateFiles
from groundstation.share.nats_url import is_nats, parse_nats_url
from groundstation.share.settings import PeerSettings, ShareSettings, check_settings
from groundstation.share.transport import (
    AckReceived,
    Event,
    HelloReceived,
    Live,
    LogEnd,
    LogQuery,
    LogReply,
    PictureEnd,
    PictureReply,
    Wire,
)
from groundstation.share.wires import open_wire
from groundstation.share.zenoh_wire import WireSettings
from tests.helpers.nats_server import NatsServer, free_port
from tests.unit.share.test_exchange import Side
from tests.unit.share.things import T0_UTC_US

PATIENCE_S = 60.0
Pki = dict[str, CertificateFiles]


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    return {n: make_pair(tmp_path_factory.mktemp(n), f"station-{n}") for n in ("a", "b", "c", "server")}


class Field:
    """Ends of wires of one kind; all that was opened is closed."""

    def __init__(self, kind: str, pki: Pki, folder: Path) -> None:
        self.kind, self.pki = kind, pki
        self.server = NatsServer(folder, pki["server"], {n: pki[n] for n in "abc"}) if kind == "nats" else None
        self.port = free_port()
        self.wires: list[Wire] = []

    def open(self, own: str, peer: str, options: str = "", files: str = "") -> Wire:
        mine = self.pki[files or own]
        if self.server is not None:
            connect, listen = self.server.url(options), ""
        else:
            at = f"127.0.0.1:{self.port}"
            connect, listen = ("", at) if own == "a" else (at, "")
        authority = self.pki[peer].authority
        wire = open_wire(
            WireSettings(own, peer, f"station-{peer}", mine.certificate, mine.key, authority, connect, listen),
            lambda: None,
        )
        self.wires.append(wire)
        return wire

    def close(self) -> None:
        for wire in self.wires:
            wire.close()
        if self.server is not None:
            self.server.stop()


@pytest.fixture(params=["zenoh", "nats"])
def field(request: pytest.FixtureRequest, pki: Pki, tmp_path: Path) -> Iterator[Field]:
    made = Field(request.param, pki, tmp_path / "server")
    yield made
    made.close()


@pytest.fixture
def nats(pki: Pki, tmp_path: Path) -> Iterator[Field]:
    made = Field("nats", pki, tmp_path / "server")
    yield made
    made.close()


def until(done: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline_s
        time.sleep(0.02)


def linked(*wires: Wire) -> None:
    until(lambda: all(w.connected() for w in wires))


def heard(wire: Wire, got: list[Event], count: int) -> list[Event]:
    def enough() -> bool:
        got.extend(wire.poll(100))
        return len(got) >= count

    until(enough)
    return got


def record(n: int) -> bytes:
    return b"R" + bytes(16) + n.to_bytes(8, "big") + b"." * 100


def test_what_is_sent_arrives_as_what_it_is(field: Field) -> None:
    a, b = field.open("a", "b"), field.open("b", "a")
    linked(a, b)
    before_ns = time.monotonic_ns()
    got: list[Event] = []

    def all_came() -> bool:
        # A message may be lost while the link is young: what matters says so and is sent again.
        a.send_live(record(1))
        a.send_live(record(2), urgent=True)
        a.send_ack(b"ack")
        a.send_hello(b"hello")
        b.send_live(record(9))
        time.sleep(0.1)
        got.extend(b.poll(100))
        payloads = {e.payload for e in got}  # type: ignore[union-attr]
        return len(payloads) == 4 and Live(record(9)) in a.poll(100)

    until(all_came)
    assert {e.payload for e in got if isinstance(e, Live)} == {record(1), record(2)}
    assert {e.payload for e in got if isinstance(e, AckReceived)} == {b"ack"}
    hello = next(e for e in got if isinstance(e, HelloReceived))
    assert hello.payload == b"hello"
    assert before_ns < hello.t_mono_ns <= time.monotonic_ns()


def test_questions_are_answered_and_end(field: Field) -> None:
    a, b = field.open("a", "b"), field.open("b", "a")
    linked(a, b)
    epoch = bytes(range(16))
    for picture, reply, end in ((False, LogReply, LogEnd), (True, PictureReply, PictureEnd)):
        got: list[Event] = [end()]
        while got == [end()]:  # a question that waits for seconds is given up, and asked again
            (b.ask_picture if picture else b.ask_log)(epoch, 7)
            asked = heard(a, [], 1)[0]
            assert isinstance(asked, LogQuery)
            assert (asked.epoch, asked.seq, asked.picture) == (epoch, 7, picture)
            asked.answer([b"x", b"y" * 5_000, b"z"])
            got = heard(b, [], 1)
            until(lambda got=got, end=end: end() in heard(b, got, 1))  # type: ignore[misc]
        assert got == [reply(b"x"), reply(b"y" * 5_000), reply(b"z"), end()]


def test_a_neighbour_that_is_not_there_is_told_so_and_questions_to_it_end(field: Field) -> None:
    a = field.open("a", "b")
    a.send_live(record(1))
    a.ask_log(bytes(16), 0)
    assert heard(a, [], 1) == [LogEnd()]
    assert not a.connected()
    b = field.open("b", "a")
    linked(a, b)
    b.close()
    until(lambda: not a.connected())


class Wires:
    """For :class:`tests.unit.share.test_exchange.Side`: real wires instead of a line."""

    def __init__(self, field: Field, options: str = "") -> None:
        self.field, self.options = field, options

    def end(self, own: str, peer: str) -> Wire:
        return self.field.open(own, peer, self.options)


def exchange(sides: tuple[Side, Side], names: list[str]) -> None:
    """Steps in real time until the other side has stored all, in order."""

    def done() -> bool:
        for side in (*sides, sides[0]):
            side.exchange.step(time.monotonic(), T0_UTC_US + round(time.monotonic() * 1e6))
        return sides[1].subjects() == names

    until(done)


def test_nothing_is_lost_or_doubled_when_an_end_is_restarted(field: Field, tmp_path: Path) -> None:
    wires = Wires(field)
    a, b = Side(tmp_path, "a", "b", wires), Side(tmp_path, "b", "a", wires)  # type: ignore[arg-type]
    names = [f"i{n}" for n in range(60)]
    a.send(*names[:20])
    exchange((a, b), names[:20])
    b.stop()
    a.send(*names[20:40])
    a.exchange.step(time.monotonic(), T0_UTC_US)
    b.start()
    a.send(*names[40:])
    exchange((a, b), names)
    a.stop()
    b.stop()


def test_a_server_that_is_killed_loses_nothing(nats: Field, tmp_path: Path) -> None:
    assert nats.server is not None
    wires = Wires(nats)
    a, b = Side(tmp_path, "a", "b", wires), Side(tmp_path, "b", "a", wires)  # type: ignore[arg-type]
    names = [f"i{n}" for n in range(90)]
    a.send(*names[:30])
    exchange((a, b), names[:30])
    nats.server.kill()
    a.send(*names[30:60])
    for _ in range(10):
        a.exchange.step(time.monotonic(), T0_UTC_US)
        time.sleep(0.02)
    nats.server.start()
    a.send(*names[60:])
    exchange((a, b), names)
    a.stop()
    b.stop()


def test_at_the_server_nobody_reads_or_says_what_is_anothers(nats: Field) -> None:
    a, b = nats.open("a", "b"), nats.open("b", "a")
    linked(a, b)
    listens = nats.open("b", "a", files="c")  # c with its own certificate, in b's place
    forges = nats.open("a", "b", files="c")
    time.sleep(1.5)  # both have said that they are there, as far as the server lets them
    forges.send_live(record(66))
    a.send_live(record(1))
    assert heard(b, [], 1) == [Live(record(1))]
    assert not listens.connected()
    assert listens.poll(10) == []
    assert b.poll(10) == []


def test_a_stranger_and_a_server_of_another_authority_get_no_link(nats: Field, pki: Pki, tmp_path: Path) -> None:
    b = nats.open("b", "a")
    stranger = make_pair(tmp_path / "x", "station-a")  # a's name, another authority
    nats.pki = {**pki, "x": stranger}
    forged = nats.open("a", "b", files="x")
    assert nats.server is not None
    nats.server.authority = pki["c"].authority  # what it shows is not of this authority
    deceived = nats.open("a", "b")
    time.sleep(2.0)
    assert not forged.connected()
    assert not deceived.connected()
    assert not b.connected()


def test_a_stream_at_the_server_holds_what_came_while_the_receiver_was_away(nats: Field) -> None:
    import asyncio
    import ssl

    from nats.aio.client import Client

    assert nats.server is not None
    files, url = nats.pki["a"], parse_nats_url(nats.server.url(), "test")

    async def make_stream() -> None:
        context = ssl.create_default_context(cafile=str(nats.server.authority))  # type: ignore[union-attr]
        context.load_cert_chain(files.certificate, files.key)
        client = Client()
        await client.connect(url.server, tls=context, tls_hostname="127.0.0.1")
        await client.jetstream().add_stream(name="A_TO_B", subjects=["bg.a.to.b.live"])
        await client.close()

    asyncio.run(make_stream())
    a = nats.open("a", "b")
    until(lambda: bool(getattr(a, "_client", None) and a._client.is_connected))  # type: ignore[attr-defined]
    for n in (1, 2, 2, 3):  # sent again: the stream keeps each once
        a.send_live(record(n))
    time.sleep(0.5)
    b = nats.open("b", "a", "&stream=A_TO_B")
    assert heard(b, [], 3) == [Live(record(n)) for n in (1, 2, 3)]
    time.sleep(0.3)
    assert b.poll(10) == []


@pytest.mark.parametrize(
    "url",
    [
        "nats://192.0.2.1:4222",
        "nats+tls://",
        "nats+tls://host:0",
        "nats+tls://host:99999",
        "nats+tls://user:secret@host",
        "nats+tls://host/path",
        "nats+tls://host?ca=",
        "nats+tls://host?ca=x&ca=y",
        "nats+tls://host?stream=a.b",
        "nats+tls://host?speed=fast",
        "http://host",
    ],
)
def test_addresses_that_are_none_are_refused(url: str) -> None:
    with pytest.raises(ConfigError, match="neighbour 'b'"):
        parse_nats_url(url, "neighbour 'b'")


def test_an_address_is_read_and_judged_with_the_settings(pki: Pki, tmp_path: Path) -> None:
    address = parse_nats_url("nats+tls://[2001:db8::1]?ca=/x.crt&stream=A", "here")
    assert (address.server, address.authority, address.stream) == ("tls://[2001:db8::1]:4222", Path("/x.crt"), "A")
    assert not is_nats("host:7447")
    files = pki["a"]

    def settings(connect: str, listen: str = "") -> ShareSettings:
        peer = PeerSettings("b", "station-b", pki["b"].authority, connect, listen)
        return ShareSettings("a", files.certificate, files.key, tmp_path, (peer,))

    check_settings(settings("nats+tls://host:4222"))
    for bad in (settings("nats+tls://host:4222", "0.0.0.0:1"), settings("nats://192.0.2.1")):
        with pytest.raises(ConfigError):
            check_settings(bad)
    missing = WireSettings(
        "a", "b", "station-b", tmp_path / "no.crt", files.key, pki["b"].authority, "nats+tls://127.0.0.1:9"
    )
    with pytest.raises(CertificateError):
        open_wire(missing, lambda: None)
