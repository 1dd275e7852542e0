"""A router with aircraft and clients around it, for tests."""

import asyncio
import itertools

from groundstation.link.base import Link
from groundstation.link.loopback import loopback_pair
from groundstation.link.open import open_link
from groundstation.link.permissions import ClientPermissions
from groundstation.link.router import Router
from missions.mavlink import mavlink2 as m
from tests.helpers.mavlink_fakes import FakeClock, heartbeat
from tests.helpers.waiting import MOST_S, until

GCS_BEAT = m.MAVLink_heartbeat_message(6, 8, 0, 0, 4, 3)


class Ears:
    """What a link brings, and waiting for it."""

    def __init__(self, link):
        self.all = []
        link.add_listener(lambda message, t_mono_ns, t_utc_us: self.all.append(message))

    def of(self, kind):
        return [x for x in self.all if x.get_type() == kind]

    async def wait(self, kind, count=1):
        await until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]


class Site:
    """A station with links to aircraft (the far ends are in our hands), a router, and clients over real sockets."""

    def __init__(self, systems=(1,), **router):
        self.clock = FakeClock()
        self._marks = itertools.count()
        self.events, self.links, self.aircraft, self.heard, self.clients = [], [], [], [], []
        for system_id in systems:
            wires = loopback_pair()
            self.links.append(Link(f"link{len(self.links)}", wires[0], self.clock))
            self.aircraft.append(Link("aircraft", wires[1], self.clock, system_id=system_id, component_id=1))
        self.router = Router(self.links, self.clock, on_event=self.events.append, **router)

    async def __aenter__(self):
        for link in (*self.links, *self.aircraft):
            await link.open()
        self.heard = [Ears(link) for link in self.aircraft]
        await self.beat()
        return self

    async def __aexit__(self, *_):
        for link in self.clients:
            await link.close()
        await self.router.close()
        for link in (*self.links, *self.aircraft):
            await link.close()

    async def beat(self):
        """Everybody's heartbeat."""
        for link, aircraft in zip(self.links, self.aircraft, strict=True):
            link.send(GCS_BEAT)
            aircraft.send(heartbeat())
        await asyncio.sleep(0.01)

    async def client(self, scheme="tcpin", own=255, url="", **may):
        """A client that has introduced itself and hears the aircraft."""
        port = await self.router.open_port(url or f"{scheme}://127.0.0.1:0", ClientPermissions(**may) if may else None)
        return await self.join(port, own)

    async def join(self, port, own=255, options=""):
        scheme = "tcp" if port.url.startswith("tcpin") else "udpout"
        link = open_link(f"{scheme}://127.0.0.1:{port.local_port}{options}", self.clock)
        link.system_id = own
        link._codec.srcSystem = own
        await link.open()
        await link.wait_connected(MOST_S)
        self.clients.append(link)
        ears = Ears(link)
        async with asyncio.timeout(MOST_S):
            while not ears.of("HEARTBEAT"):
                link.send(GCS_BEAT)
                await asyncio.sleep(0.01)
                await self.beat()
        return link, ears

    async def settle(self, *ears):
        """All that the first aircraft has said before this has reached these clients."""
        text = f"mark {next(self._marks)}"
        self.aircraft[0].send(m.MAVLink_statustext_message(6, text.encode()))
        for each in ears:
            await until(lambda each=each: any(x.text == text for x in each.of("STATUSTEXT")))

    def told(self, kind):
        return [e for e in self.events if e.kind == kind]


def run(work):
    asyncio.run(work())
