"""What the sharing of one station needs to know, checked before anything is opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from groundstation.core.errors import ConfigError
from groundstation.share.agreement_file import STATION_NAME
from groundstation.share.nats_url import is_nats, parse_nats_url


@dataclass(frozen=True)
class PeerSettings:
    """One neighbour. It gets a transport session of its own, so ``listen`` must be free for it alone.

    ``name`` is its station name as in the agreement, ``common_name`` that of its certificate, ``authority`` the
    certificate of its authority. ``connect`` and ``listen`` are ``host:port``, either may be "" but not both; for one
    pair of stations one listens and the other connects. ``agreement`` None: nothing is shared with it; with
    ``agreement_may_come`` its file need not be there yet.
    """

    name: str
    common_name: str
    authority: Path
    connect: str = ""
    listen: str = ""
    agreement: Path | None = None
    agreement_may_come: bool = False


@dataclass(frozen=True)
class ShareSettings:
    """One station. ``name`` is its name as in the agreements; databases are kept in ``data_dir``."""

    name: str
    certificate: Path
    key: Path
    data_dir: Path
    peers: tuple[PeerSettings, ...]
    own_authority: Path | None = None
    own_authority_key: Path | None = None
    """With it the station renews its own certificate before it ends."""
    certificate_days: float = 7.0
    protected_areas: Path | None = None
    """GeoJSON polygons: who is inside is never told to a third country."""
    protection_steps: tuple[str, ...] = ("protection",)
    """Steps of procedures whose tick says that somebody may ask for protection or is at risk."""


def split_endpoint(endpoint: str, where: str) -> tuple[str, int]:
    """Host and port of ``host:port`` or ``[host]:port``. Raises :class:`ConfigError` naming ``where``."""
    host, separator, port = endpoint.rpartition(":")
    if not separator or not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise ConfigError(f"{where}: {endpoint!r} is not host:port", "write it as 192.0.2.7:7447")
    return host.strip("[]"), int(port)


def check_settings(settings: ShareSettings) -> None:
    """Raise :class:`ConfigError` for names and endpoints that cannot work."""
    if not STATION_NAME.fullmatch(settings.name):
        raise ConfigError(f"share: station name {settings.name!r} is not usable", "use a-z, 0-9, - and _")
    seen = {settings.name}
    listening: set[tuple[str, int]] = set()
    for peer in settings.peers:
        where = f"share: neighbour {peer.name!r}"
        if not STATION_NAME.fullmatch(peer.name):
            raise ConfigError(f"{where}: this name is not usable", "use a-z, 0-9, - and _")
        if peer.name in seen:
            raise ConfigError(f"{where}: stands twice, or is this station's own name", "give each station its own name")
        seen.add(peer.name)
        if not peer.common_name:
            raise ConfigError(f"{where}: common_name is missing", "give the common name of its certificate")
        if not (peer.connect or peer.listen):
            raise ConfigError(f"{where}: neither connect nor listen is given", "give one of them")
        if is_nats(peer.connect):
            parse_nats_url(peer.connect, where)
            if peer.listen:
                raise ConfigError(f"{where}: over NATS both connect and none listens", "take listen out")
        elif peer.connect:
            split_endpoint(peer.connect, where)
        if peer.listen:
            endpoint = split_endpoint(peer.listen, where)
            if endpoint in listening:
                raise ConfigError(f"{where}: listens where another neighbour's session does", "give it its own port")
            listening.add(endpoint)
