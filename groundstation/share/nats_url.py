"""Where a NATS server is, as the station's file says it: ``nats+tls://host:port?ca=FILE&stream=NAME``. No import of NATS.

``ca`` is the authority of the *server's* certificate (without it, that of the neighbour). ``stream`` names a JetStream stream
at the server that holds what the neighbour sends us: then it is read from there, also what came while this station was down.
``nats://`` without TLS is for this machine alone.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from groundstation.core.errors import ConfigError

SCHEMES = ("nats", "nats+tls")
DEFAULT_PORT = 4222
_STREAM = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class NatsAddress:
    """A server. ``tls`` False only for loopback."""

    host: str
    port: int
    tls: bool
    authority: Path | None = None
    stream: str = ""

    @property
    def server(self) -> str:
        """As the client library wants it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'tls' if self.tls else 'nats'}://{host}:{self.port}"


def is_nats(endpoint: str) -> bool:
    """Whether an endpoint is meant for NATS: everything else is ``host:port`` of a neighbour itself."""
    return endpoint.split("://", 1)[0] in SCHEMES and "://" in endpoint


def parse_nats_url(url: str, where: str) -> NatsAddress:
    """Raises :class:`ConfigError` naming ``where``; a password in the URL is refused, certificates say who we are."""
    try:
        parts = urlsplit(url)
        port = parts.port if parts.port is not None else DEFAULT_PORT
    except ValueError as error:
        raise ConfigError(f"{where}: {url!r} is no address: {error}", "nats+tls://192.0.2.7:4222") from error
    if parts.scheme not in SCHEMES or not parts.hostname or not 0 < port < 65536:
        raise ConfigError(f"{where}: {url!r} is no address of a NATS server", "nats+tls://192.0.2.7:4222")
    if parts.username or parts.password or parts.path not in ("", "/") or parts.fragment:
        raise ConfigError(f"{where}: {url!r} holds more than host, port and options", "the certificate says who we are")
    options = parse_qsl(parts.query, keep_blank_values=True)
    names = [name for name, _ in options]
    if set(names) - {"ca", "stream"} or len(set(names)) != len(names) or any(not v for _, v in options):
        raise ConfigError(f"{where}: {parts.query!r} are no options of it", "ca=FILE and stream=NAME, once each")
    given = dict(options)
    if "stream" in given and not _STREAM.fullmatch(given["stream"]):
        raise ConfigError(f"{where}: {given['stream']!r} is no name of a stream", "use letters, digits, - and _")
    tls = parts.scheme == "nats+tls"
    if not tls and not _is_loopback(parts.hostname):
        raise ConfigError(f"{where}: {url!r} would go over the network in clear", "use nats+tls://")
    authority = Path(given["ca"]) if "ca" in given else None
    return NatsAddress(parts.hostname, port, tls, authority, given.get("stream", ""))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
