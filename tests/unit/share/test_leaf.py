"""Two agencies, each with a NATS server of its own, joined by a leaf node: the envelopes cross, and nothing else does."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundstation.share import make_pair
from groundstation.share.certificates import CertificateFiles
from groundstation.share.nats_url import parse_nats_url
from groundstation.share.transport import Live, Wire
from groundstation.share.wires import open_wire
from groundstation.share.zenoh_wire import WireSettings
from tests.helpers.nats_leaf import LeafPair
from tests.helpers.nats_server import NatsServer
from tests.unit.share.test_exchange import Side
from tests.unit.share.test_wires import exchange, heard, linked, record, until
from tests.unit.share.things import T0_UTC_US


class Agencies:
    """Wires of stations at the server of their own agency."""

    def __init__(self, folder: Path) -> None:
        self.pki: dict[str, CertificateFiles] = {
            n: make_pair(folder / n, f"station-{n}") for n in ("a", "b", "c", "spy", "server")
        }
        self.servers = LeafPair(folder / "servers", self.pki)
        self.wires: list[Wire] = []

    def server_of(self, name: str) -> NatsServer:
        return self.servers.a if name in "ac" else self.servers.b

    def end(self, own: str, peer: str) -> Wire:
        mine, url = self.pki[own], self.server_of(own).url()
        authority = self.pki[peer].authority
        wire = open_wire(
            WireSettings(own, peer, f"station-{peer}", mine.certificate, mine.key, authority, url, ""), lambda: None
        )
        self.wires.append(wire)
        return wire

    def close(self) -> None:
        for wire in self.wires:
            wire.close()
        self.servers.stop()


@pytest.fixture
def agencies(tmp_path: Path) -> Iterator[Agencies]:
    made = Agencies(tmp_path / "agencies")
    yield made
    made.close()


def test_nothing_is_lost_when_either_server_is_killed_or_a_station_starts_again(
    agencies: Agencies, tmp_path: Path
) -> None:
    a, b = Side(tmp_path, "a", "b", agencies), Side(tmp_path, "b", "a", agencies)  # type: ignore[arg-type]
    names = [f"i{n}" for n in range(120)]
    a.send(*names[:20])
    exchange((a, b), names[:20])
    for at, server in ((20, agencies.servers.a), (50, agencies.servers.b)):
        server.kill()
        a.send(*names[at : at + 20])
        for _ in range(5):
            a.exchange.step(time.monotonic(), T0_UTC_US)
            time.sleep(0.02)
        server.start()
        a.send(*names[at + 20 : at + 30])
        exchange((a, b), names[: at + 30])
    b.stop()
    a.send(*names[80:])
    a.exchange.step(time.monotonic(), T0_UTC_US)
    b.start()
    exchange((a, b), names)
    a.stop()
    b.stop()


def test_only_what_is_for_the_neighbour_crosses_and_nobody_there_speaks_in_anothers_name(agencies: Agencies) -> None:
    from nats.aio.client import Client

    a, b = agencies.end("a", "b"), agencies.end("b", "a")
    a_to_c, c = agencies.end("a", "c"), agencies.end("c", "a")
    linked(a, b, a_to_c, c)
    seen: list[str] = []
    address = parse_nats_url(agencies.servers.b.url(), "test")
    context = ssl.create_default_context(cafile=str(agencies.servers.b.authority))
    files = agencies.pki["spy"]
    context.load_cert_chain(files.certificate, files.key)

    async def spy_and_forge() -> None:
        client = Client()
        await client.connect(address.server, tls=context, tls_hostname="127.0.0.1")

        async def note(message: object) -> None:
            seen.append(message.subject)  # type: ignore[attr-defined]

        await client.subscribe("bg.>", cb=note)
        await client.flush()
        for _ in range(200):
            a.send_live(record(1))
            a_to_c.send_live(record(2))
            await client.publish("bg.c.to.a.live", record(66))
            await client.publish("bg.b.to.c.live", record(67))
            await client.publish("bg.b.to.a.live", record(3))
            await asyncio.sleep(0.05)
            if "bg.a.to.b.live" in seen:
                break
        await client.close()

    asyncio.run(spy_and_forge())
    # What b's own side says in b's name does cross: so what is not seen here was held back, not merely late.
    got: list[object] = []
    until(lambda: Live(record(3)) in heard(a, got, 1))  # type: ignore[arg-type]
    assert "bg.a.to.b.live" in seen
    assert not [s for s in seen if s.startswith(("bg.a.to.c", "bg.c.to.a.")) and s != "bg.c.to.a.live"]
    assert Live(record(2)) in heard(c, [], 1)
    assert Live(record(66)) not in [*a_to_c.poll(1000), *a.poll(1000)]
    assert Live(record(67)) not in c.poll(1000)
