"""Link URLs: ``SCHEME[+WORD...]://ADDRESS[?OPTION=VALUE&...]`` read into a checked :class:`LinkSpec`.

========== ============================ ==========================================================
scheme     address                      meaning
========== ============================ ==========================================================
udpin      ``udpin://HOST:PORT``        listen; answer whoever speaks
udpout     ``udpout://HOST:PORT``       speak first, to one address
tcp        ``tcp://HOST:PORT``          connect to a server; reconnects
tcpin      ``tcpin://HOST:PORT``        serve; answer every client
serial     ``serial:/dev/ttyUSB0``      ``baud=57600``; reopens
replay     ``replay:flight.tlog``       ``speed=1`` times real time; 0 is as fast as it can
loopback   ``loopback:NAME``            two ends within one process, for tests
========== ============================ ==========================================================

Words: ``+record`` (``record=FILE.tlog``), and for tests, each way: ``+lossy`` (``loss=0.05``), ``+delay``
(``delay_ms=100``), ``+jitter`` (``jitter_ms=50``), ``+reorder`` (``reorder=0.05``, ``reorder_ms=50``), ``+duplicate``
(``duplicate=0.05``), all with ``seed=1``.

Signing: ``sign=NAME`` of a key (``keys=FILE``; see :mod:`groundstation.link.signing_keys`), ``link_id=0..255``.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, unquote

from groundstation.core.errors import LinkError

SCHEMES = ("udpin", "udpout", "tcp", "tcpin", "serial", "replay", "loopback")
WORDS = ("record", "lossy", "delay", "jitter", "reorder", "duplicate")
_NETWORK = ("udpin", "udpout", "tcp", "tcpin")
_OPTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "serial": ("baud",),
        "replay": ("speed",),
        "record": ("record",),
        "lossy": ("loss", "seed"),
        "delay": ("delay_ms",),
        "jitter": ("jitter_ms", "seed"),
        "reorder": ("reorder", "reorder_ms", "seed"),
        "duplicate": ("duplicate", "seed"),
    }
)
_SIGNING = ("sign", "keys", "link_id")
_NEEDED = MappingProxyType(
    {
        "lossy": "loss=0..1", "delay": "delay_ms=", "jitter": "jitter_ms=", "reorder": "reorder=0..1",
        "duplicate": "duplicate=0..1",
    }
)  # fmt: skip
_FIRST_BAUD, _LAST_BAUD = 1200, 4_000_000


@dataclass(frozen=True)
class LinkSpec:
    """A link URL, read and checked. ``path`` is a device, file or name; ``host`` and ``port`` are for networks."""

    url: str
    scheme: str
    words: tuple[str, ...] = ()
    host: str = ""
    port: int = 0
    path: str = ""
    baud: int = 57_600
    speed: float = 1.0
    record: str = ""
    loss: float = 0.0
    seed: int = 0
    delay_s: float = 0.0
    jitter_s: float = 0.0
    reorder: float = 0.0
    reorder_s: float = 0.05
    duplicate: float = 0.0
    sign: str = ""
    keys: str = ""
    link_id: int = -1


def _suggest(word: str, known: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean {close[0]!r}?" if close else f"known: {', '.join(known)}"


def _host_port(address: str, scheme: str, problems: list[str]) -> tuple[str, int]:
    host, colon, port_text = address.rpartition(":")
    if not colon:
        problems.append(f"{address or 'the address'!r} has no port: write {scheme}://HOST:PORT")
        return address, 0
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    if not host:
        problems.append(f"no host before ':{port_text}': write {scheme}://HOST:PORT")
    if not (port_text.isascii() and port_text.isdigit()) or not 0 <= int(port_text) <= 65_535:
        problems.append(f"port {port_text!r} is not a number from 0 to 65535")
        return host, 0
    if int(port_text) == 0 and scheme in ("tcp", "udpout"):
        problems.append("port 0 cannot be connected to")
    return host, int(port_text)


def _number(options: Mapping[str, str], name: str, low: float, high: float, default: float, bad: list[str]) -> float:
    if name not in options:
        return default
    try:
        value = float(options[name])
    except ValueError:
        bad.append(f"{name}={options[name]!r} is not a number")
        return default
    if not low <= value <= high:
        bad.append(f"{name}={options[name]} is not between {low:g} and {high:g}")
        return default
    return value


def parse_link_url(url: str) -> LinkSpec:
    """Read a link URL.

    Raises :class:`LinkError` that lists every problem of the URL at once.
    """
    problems: list[str] = []
    head, colon, rest = url.strip().partition(":")
    scheme, *words = head.split("+")
    if not colon:
        raise LinkError(
            f"link {url!r}: is not a URL: no scheme",
            f"write for example udpin://0.0.0.0:14550; {_suggest(head, SCHEMES)}",
        )
    if scheme not in SCHEMES:
        problems.append(f"unknown scheme {scheme!r}: {_suggest(scheme, SCHEMES)}")
    for word in words:
        if word not in WORDS:
            problems.append(f"unknown word '+{word}': {_suggest(word, WORDS)}")
    address, _, query = rest.partition("?")
    address = unquote(address.removeprefix("//"))
    options = dict(parse_qsl(query, keep_blank_values=True))
    known = tuple(dict.fromkeys(o for part in (scheme, *words) for o in _OPTIONS.get(part, ())))
    if scheme != "replay":
        known += _SIGNING
    for name in options:
        if name not in known:
            problems.append(f"unknown option {name!r}: {_suggest(name, known) if known else 'this link takes none'}")
    host, port = "", 0
    if scheme in _NETWORK:
        host, port = _host_port(address.rstrip("/"), scheme, problems)
    elif scheme in SCHEMES and not address:
        problems.append(f"nothing after '{scheme}:'")
    for word, option in _NEEDED.items():
        if word in words and option.partition("=")[0] not in options:
            problems.append(f"'+{word}' needs {option}")
    if "sign" not in options and ("keys" in options or "link_id" in options):
        problems.append("'keys' and 'link_id' need sign=NAME")
    if options.get("sign", "x") == "":
        problems.append("sign= needs the name of a key")
    baud = _number(options, "baud", _FIRST_BAUD, _LAST_BAUD, 57_600, problems)
    speed = _number(options, "speed", 0.0, 1000.0, 1.0, problems)
    loss = _number(options, "loss", 0.0, 1.0, 0.0, problems)
    seed = _number(options, "seed", 0, 2**31, 0, problems)
    delay_ms = _number(options, "delay_ms", 0.0, 60_000.0, 0.0, problems)
    jitter_ms = _number(options, "jitter_ms", 0.0, 60_000.0, 0.0, problems)
    reorder = _number(options, "reorder", 0.0, 1.0, 0.0, problems)
    reorder_ms = _number(options, "reorder_ms", 0.0, 60_000.0, 50.0, problems)
    duplicate = _number(options, "duplicate", 0.0, 1.0, 0.0, problems)
    link_id = _number(options, "link_id", 0, 255, -1, problems)
    if problems:
        raise LinkError(f"link {url!r}: " + "; ".join(problems), "correct the link URL")
    return LinkSpec(
        url, scheme, tuple(words), host, port, "" if host else address, int(baud), speed, options.get("record", ""),
        loss, int(seed), delay_ms / 1000.0, jitter_ms / 1000.0, reorder, reorder_ms / 1000.0, duplicate,
        options.get("sign", ""), options.get("keys", ""), int(link_id),
    )  # fmt: skip
