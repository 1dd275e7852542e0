"""One port of the router: a transport, and a client for each other end of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groundstation.link.base import LinkState, Peer, Transport
from groundstation.link.frame import decode_frame, source_of
from groundstation.link.permissions import ClientPermissions
from groundstation.link.router_client import Allowance, RouterClient
from groundstation.link.signing import LinkSigner
from groundstation.link.udp import address_text

if TYPE_CHECKING:
    from groundstation.link.router import Router

_MOST_CLIENTS = 32
# A UDP client cannot say that it goes; every ground station sends a heartbeat each second.
_SILENT_S = 30.0
_BYTES_EACH = 280  # of the longest message


class RouterPort:
    """Owner of its transport. Clients are told apart by the other end that their bytes come from."""

    def __init__(
        self, url: str, transport: Transport, signer: LinkSigner | None, permissions: ClientPermissions, router: Router
    ) -> None:
        self.url = url
        self._transport, self._signer = transport, signer
        self._permissions, self._router = permissions, router
        self._clients: dict[Peer, RouterClient] = {}
        self._count = 0
        self.refused_unsigned = 0

    @property
    def local_port(self) -> int:
        """The port number that was taken, where the URL left it open (0)."""
        return int(getattr(self._transport, "local_port", 0))

    @property
    def clients(self) -> tuple[RouterClient, ...]:
        """Who is connected now."""
        return tuple(self._clients.values())

    def has(self, client: RouterClient) -> bool:
        """Whether this client is connected here."""
        return self._clients.get(client.peer) is client

    def _write(self, client: RouterClient, frame: bytes) -> bool:
        """One frame to one client, signed with this port's key where it has one."""
        if self._signer is not None:
            try:
                frame = self._signer.sign(frame)
            except KeyError:
                return False  # a message of another dialect, whose checksum cannot be made anew
        return self._transport.write(frame, client.peer)

    async def close(self) -> None:
        """Close the port."""
        await self._transport.close()
        for peer in tuple(self._clients):
            self.on_peer_gone(peer)

    def drop_silent(self, now_s: float) -> None:
        """Forget clients that said nothing for half a minute; a stream's end is seen without that."""
        for peer, client in tuple(self._clients.items()):
            if isinstance(peer, tuple) and now_s - client.heard_s > _SILENT_S:
                self.on_peer_gone(peer)

    # -- what the transport tells --------------------------------------------------------------------------------

    def on_bytes(self, data: bytes, t_utc_us: int | None = None, peer: Peer = None) -> None:
        """Bytes of one client."""
        client = self._clients.get(peer) or self._welcome(peer)
        if client is None:
            return
        allowed = client.bytes_allowance.take_up_to(self._router.now_s(), len(data))
        for frame in client.parser.feed(data[:allowed], self._router.now_s()):
            if self._signer is not None and not self._signer.check(frame).ok:
                self.refused_unsigned += 1
                self._router.tell("refused", client, "not signed with this port's key")
                continue
            self._router.on_client(client, source_of(frame), decode_frame(frame))
        if allowed < len(data):
            client.parser.reset()
            client.limited += 1
            self._router.tell("limited", client, "sends more bytes than so many messages can have")

    def on_transport_state(self, state: LinkState, detail: str) -> None:
        """A port that speaks first has its one client as soon as it is open."""
        if state is LinkState.OPEN and not self._listens and None not in self._clients:
            self._welcome(None)

    @property
    def _listens(self) -> bool:
        return self.url.startswith(("tcpin", "udpin"))

    def on_peer_open(self, peer: Peer) -> None:
        """A client connected; it may listen without ever speaking."""
        if peer not in self._clients:
            self._welcome(peer)

    def on_peer_gone(self, peer: Peer) -> None:
        """A client went away."""
        client = self._clients.pop(peer, None)
        if client is not None:
            self._router.tell("gone", client, f"{client.address} at {self.url}")

    def _welcome(self, peer: Peer) -> RouterClient | None:
        if len(self._clients) >= _MOST_CLIENTS:
            return None
        self._count += 1
        may, now_s = self._permissions, self._router.now_s()
        name = may.name if self._count == 1 else f"{may.name}-{self._count}"
        address = address_text(peer) if isinstance(peer, tuple) else f"connection {peer}" if peer else self.url
        allowance, bytes_allowance = (Allowance(may.messages_s * k, now_s) for k in (1, _BYTES_EACH))
        client = RouterClient(
            name, self.url, peer, address, may, allowance, bytes_allowance, self._write, heard_s=now_s
        )
        self._clients[peer] = client
        self._router.tell("connected", client, f"{address} at {self.url}{', read only' if may.read_only else ''}")
        return client
