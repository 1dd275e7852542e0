"""Datagrams to one address or group."""

from __future__ import annotations

import ipaddress
import socket

from groundstation.share.gateways.base import Backoff

MAX_DATAGRAM_BYTES = 8_192


class DatagramLink:
    """A socket that sends to ``host``:``port``. ``interface`` is the local address that a group is sent from."""

    def __init__(self, host: str, port: int, interface: str, ttl: int) -> None:
        self.detail = ""
        self._host, self._port, self._interface, self._ttl = host, port, interface, ttl
        self._socket: socket.socket | None = None
        self._address: tuple[str, int] | None = None
        self._backoff = Backoff()

    def open(self, now_s: float) -> bool:
        """Open if that is due; whether something can be sent. A name is looked up here, once."""
        if self._socket is None and self._backoff.due(now_s):
            made: socket.socket | None = None
            try:
                family, _, _, _, address = socket.getaddrinfo(self._host, self._port, type=socket.SOCK_DGRAM)[0]
                made = socket.socket(family, socket.SOCK_DGRAM)
                made.setblocking(False)
                if family == socket.AF_INET and ipaddress.ip_address(address[0]).is_multicast:
                    made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, self._ttl)
                    if self._interface:
                        made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(self._interface))
                elif family == socket.AF_INET6:
                    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, self._ttl)
                self._socket, self._address, self.detail = made, (str(address[0]), int(address[1])), ""
            except OSError as error:
                if made is not None:
                    made.close()
                self.detail = f"cannot be sent to: {error.strerror or error}"
                self._backoff.failed(now_s)
        return self._socket is not None

    def send(self, data: bytes, now_s: float) -> None:
        """Send one datagram; ``OSError`` when this machine refuses, and the socket is opened anew later."""
        if self._socket is None or self._address is None:
            raise OSError("not open")
        try:
            self._socket.sendto(data, self._address)
            self._backoff.worked()
        except ConnectionRefusedError:
            # Nobody listens there now, told by an earlier datagram: with datagrams that is no fault of the way.
            pass
        except OSError as error:
            self.detail = f"cannot be sent: {error.strerror or error}"
            self._backoff.failed(now_s)
            self.close()
            raise

    def close(self) -> None:
        """Close the socket; harmless when called again."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
