"""``groundstation signing keys|new|setup|clear``: keys for signed links, and giving them to aircraft.

It sends no heartbeat: an aircraft would otherwise take it for its ground station and act on the loss when it ends.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import Any

from groundstation.core.clock import SystemClock
from groundstation.core.errors import ConfigError, LinkError
from groundstation.link.base import Link
from groundstation.link.open import SigningClocks, link_id_of, open_link
from groundstation.link.setup_signing import change_key, find_aircraft
from groundstation.link.signing import LinkSigner
from groundstation.link.signing_keys import KeyFile, default_key_file
from groundstation.link.url import LinkSpec, parse_link_url

_CLEAR_WARNING = "the key goes over this link in clear, and whoever hears it can command the aircraft"


def run(options: argparse.Namespace) -> int:
    """Run one action. Raises :class:`ConfigError` and :class:`LinkError`; see :mod:`geofences.errors` for exit codes."""
    keys = KeyFile(options.keys or default_key_file())
    if options.action == "keys":
        result: dict[str, Any] = {"file": str(keys.path), "keys": list(keys.names())}
        text = "\n".join(keys.names()) or f"no keys in {keys.path}"
    elif options.action == "new":
        keys.add(options.name, _passphrase() if options.passphrase_stdin else None)
        result = {"file": str(keys.path), "name": options.name}
        text = f"key {options.name!r} is in {keys.path}; keep a copy where nobody else can read it"
    else:
        result = asyncio.run(_change(options, keys))
        text = f"aircraft {result['system']}: {result['outcome']}"
        if options.action == "setup":
            text += f"; from now on give its links as URL?sign={options.name}"
    print(json.dumps(result) if options.json else text)
    return 0


def _passphrase() -> str:
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise ConfigError(
            "signing new: no passphrase on the input", "write it as the first line, or leave the option out"
        )
    return line


def require_private(spec: LinkSpec, allowed: bool) -> None:
    """Raises :class:`ConfigError` for a link on which others could read a key, unless the operator vouches for it."""
    if spec.scheme not in ("serial", "loopback") and not allowed:
        raise ConfigError(
            f"signing setup: {spec.url} may be listened to: {_CLEAR_WARNING}",
            "connect the aircraft by USB, or give --link-is-private if nobody else can hear it",
        )


async def _change(options: argparse.Namespace, keys: KeyFile) -> dict[str, Any]:
    spec, clock = parse_link_url(options.link), SystemClock()
    key = None
    if options.action == "setup":
        require_private(spec, options.link_is_private)
        key = keys.get(options.name)
        print(f"groundstation: warning: {_CLEAR_WARNING}", file=sys.stderr)
    clocks = SigningClocks(clock)
    link = open_link(options.link, clock, clocks=clocks)
    await link.open()
    try:
        return await _change_over(options, keys, key, link, spec, clocks)
    finally:
        await link.close()


async def _change_over(
    options: argparse.Namespace, keys: KeyFile, key: bytes | None, link: Link, spec: LinkSpec, clocks: SigningClocks
) -> dict[str, Any]:
    await link.wait_connected(options.timeout_s)
    target, heard = await find_aircraft(link, options.system, options.timeout_s)
    if key is None:
        sent = await change_key(link, target, None, 0, None)
        return {"ok": True, "system": target[0], "outcome": "sends unsigned packets again", "sent": sent}
    if heard.radio and not options.link_is_private:
        raise LinkError(
            f"link {link.name}: is a radio (it reports its strength): {_CLEAR_WARNING}",
            "connect the aircraft by USB, or give --link-is-private if nobody else can hear it",
        )
    stamps = clocks.of(keys.clock_file(options.name))
    new = LinkSigner(key, stamps, spec.link_id if spec.link_id >= 0 else link_id_of(options.link))
    sent = await change_key(link, target, key, stamps.next(), new)
    ahead_s = round(new.offset_s, 1)
    return {
        "ok": True, "system": target[0], "outcome": f"signs with {options.name!r}", "sent": sent, "clock_ahead_s": ahead_s,
    }  # fmt: skip
