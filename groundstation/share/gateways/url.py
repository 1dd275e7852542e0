"""Where a gateway leads, as a URL in the station's file. Read strictly: what is odd is refused, never guessed.

::

    cot+tls://tak.example:8089?ca=ca.pem&cert=own.crt&key=own.key     [&name=][&stale_s=30][&geoid_m=47.2]
    cot+tcp://127.0.0.1:8087                                          [?stale_s=][&geoid_m=]
    cot+udp://239.2.3.1:6969                                          [?interface=192.0.2.4][&ttl=1][&stale_s=][&geoid_m=]
    asterix+udp://192.0.2.9:8600?sac=213&sic=7                        [&interface=][&ttl=1]
    geojson+file:///var/spool/feed.geojson   or   geojson+file:feed.geojson
    geojson+http://127.0.0.1:8090

``name`` is the name that the TAK server's certificate must show, where that is not the host's. ``geoid_m`` is the height
of the geoid above the ellipsoid at the area: with it CoT events carry a height (see :mod:`.cot`).
"""

from __future__ import annotations

import difflib
import ipaddress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from groundstation.core.errors import ConfigError

DEFAULT_STALE_S = 30.0


@dataclass(frozen=True)
class CotStream:
    """A TAK router over TCP; over TLS when ``ca`` is given, then ``certificate`` and ``key`` are, too."""

    host: str
    port: int
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    server_name: str = ""
    stale_s: float = DEFAULT_STALE_S
    geoid_m: float | None = None


@dataclass(frozen=True)
class CotDatagrams:
    """CoT events as datagrams, to a group or to one address. ``interface``: the local address to send a group from."""

    host: str
    port: int
    interface: str = ""
    ttl: int = 1
    stale_s: float = DEFAULT_STALE_S
    geoid_m: float | None = None


@dataclass(frozen=True)
class AsterixDatagrams:
    """CAT062 as datagrams from the source ``sac``/``sic``."""

    host: str
    port: int
    sac: int
    sic: int
    interface: str = ""
    ttl: int = 1


@dataclass(frozen=True)
class GeoJsonFile:
    """A GeoJSON file that is replaced whole."""

    path: Path


@dataclass(frozen=True)
class GeoJsonHttp:
    """A GeoJSON document on this machine's loopback interface."""

    host: str
    port: int


Target = CotStream | CotDatagrams | AsterixDatagrams | GeoJsonFile | GeoJsonHttp

_PARAMETERS: dict[str, tuple[str, ...]] = {
    "cot+tls": ("ca", "cert", "key", "name", "stale_s", "geoid_m"),
    "cot+tcp": ("stale_s", "geoid_m"),
    "cot+udp": ("interface", "ttl", "stale_s", "geoid_m"),
    "asterix+udp": ("sac", "sic", "interface", "ttl"),
    "geojson+file": (),
    "geojson+http": (),
}


def parse_gateway_url(url: str, where: str, folder: Path) -> Target:
    """A gateway's target from its URL; ``folder`` is where relative paths start. Raises :class:`ConfigError` at ``where``."""
    return _Reader(url, where, folder).target()


def address_text(target: Target) -> str:
    """The target for people: without keys and paths of certificates."""
    match target:
        case CotStream():
            return f"cot+{'tls' if target.ca else 'tcp'}://{_host(target.host)}:{target.port}"
        case CotDatagrams():
            return f"cot+udp://{_host(target.host)}:{target.port}"
        case AsterixDatagrams():
            return f"asterix+udp://{_host(target.host)}:{target.port} (SAC {target.sac}, SIC {target.sic})"
        case GeoJsonFile():
            return f"geojson+file {target.path}"
        case GeoJsonHttp():
            return f"geojson+http://{_host(target.host)}:{target.port}"


def _host(host: str) -> str:
    return f"[{host}]" if ":" in host else host


class _Reader:
    def __init__(self, url: str, where: str, folder: Path) -> None:
        self._where, self._folder = where, folder
        try:
            self._parts: SplitResult = urlsplit(url)
            self._port = self._parts.port
        except ValueError as error:
            raise self._wrong(f"{url!r} is not a URL: {error}", "write it as cot+tcp://host:8087") from error
        self._scheme = self._parts.scheme
        if self._scheme not in _PARAMETERS:
            close = difflib.get_close_matches(self._scheme, _PARAMETERS, 1)
            raise self._wrong(
                f"{self._scheme or url!r} is no kind of gateway",
                f"did you mean {close[0]}?" if close else f"use one of {', '.join(_PARAMETERS)}",
            )
        if self._parts.username is not None or self._parts.password is not None or self._parts.fragment:
            raise self._wrong("a user, password or # in a gateway's URL means nothing", "take it out")
        self._values: dict[str, str] = {}
        for key, value in parse_qsl(self._parts.query, keep_blank_values=True):
            known = _PARAMETERS[self._scheme]
            if key not in known:
                close = difflib.get_close_matches(key, known, 1)
                raise self._wrong(f"unknown parameter {key!r}", f"did you mean {close[0]}?" if close else "remove it")
            if key in self._values:
                raise self._wrong(f"{key} stands twice", "give it once")
            self._values[key] = value

    def _wrong(self, what: str, remedy: str) -> ConfigError:
        return ConfigError(f"{self._where}: url: {what}", remedy)

    def target(self) -> Target:
        if self._scheme == "geojson+file":
            path = unquote(self._parts.path)
            if self._parts.netloc or not path or path.endswith("/"):
                raise self._wrong("no path of a file", "write it as geojson+file:///folder/feed.geojson")
            return GeoJsonFile(self._folder / path)
        host, port = self._parts.hostname or "", self._port
        if not host or not port:
            raise self._wrong("host and port are needed", f"write it as {self._scheme}://192.0.2.7:8087")
        if self._parts.path not in ("", "/"):
            raise self._wrong(f"the path {self._parts.path!r} means nothing here", "take it out")
        match self._scheme:
            case "cot+tls":
                missing = [k for k in ("ca", "cert", "key") if not self._values.get(k)]
                if missing:
                    raise self._wrong(f"{', '.join(missing)} missing", "give the PEM files of ca, cert and key")
                ca, cert, key = (self._folder / self._values[k] for k in ("ca", "cert", "key"))
                return CotStream(
                    host, port, ca, cert, key, self._values.get("name", ""), self._stale_s(), self._geoid_m()
                )
            case "cot+tcp":
                return CotStream(host, port, stale_s=self._stale_s(), geoid_m=self._geoid_m())
            case "cot+udp":
                return CotDatagrams(host, port, self._interface(), self._ttl(), self._stale_s(), self._geoid_m())
            case "asterix+udp":
                sac, sic = (self._whole(k, None, 0, 255) for k in ("sac", "sic"))
                return AsterixDatagrams(host, port, sac, sic, self._interface(), self._ttl())
            case _:
                if not _is_loopback(host):
                    raise self._wrong(
                        f"{host} is not this machine: the feed has no passwords and no encryption",
                        "listen on 127.0.0.1 and put a server that has both in front of it",
                    )
                return GeoJsonHttp(host, port)

    def _number(self, key: str, default: float | None, low: float, high: float) -> float:
        text = self._values.get(key)
        if text is None:
            if default is None:
                raise self._wrong(f"{key} is missing", f"add {key}=")
            return default
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise self._wrong(f"{key}={text!r} is not a number from {low:g} to {high:g}", "correct it")
        return value

    def _whole(self, key: str, default: int | None, low: int, high: int) -> int:
        value = self._number(key, default, low, high)
        if value != int(value):
            raise self._wrong(f"{key}={self._values[key]!r} is not a whole number", "correct it")
        return int(value)

    def _stale_s(self) -> float:
        # Routers give what is not stale to everybody who comes later, deleted or not: it must not last.
        return self._number("stale_s", DEFAULT_STALE_S, 15.0, 60.0)

    def _geoid_m(self) -> float | None:
        return self._number("geoid_m", None, -110.0, 90.0) if "geoid_m" in self._values else None

    def _ttl(self) -> int:
        return self._whole("ttl", 1, 0, 32)

    def _interface(self) -> str:
        text = self._values.get("interface", "")
        try:
            return str(ipaddress.IPv4Address(text)) if text else ""
        except ValueError as error:
            raise self._wrong(f"interface={text!r} is not an IPv4 address", "give this machine's own") from error


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
