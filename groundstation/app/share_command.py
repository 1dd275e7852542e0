"""``groundstation share init|invite|accept|status|revoke``: pairing two stations, and ending it."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path
from typing import Any

from groundstation.app.config import read_config
from groundstation.app.share_duty_options import ACTIONS as DUTY_ACTIONS
from groundstation.core.errors import ConfigError, StoreError
from groundstation.share.certificates import fingerprint_sha256
from groundstation.share.deny import read_deny_list
from groundstation.share.pairing import (
    accept_invitation,
    endpoints,
    init_station,
    is_initialised,
    make_invitation,
    own_files,
    paired_peers,
    peer_authority,
    read_invitation,
    revoke_peer,
)
from groundstation.share.signing import neighbour_key, open_share_key
from groundstation.share.status_file import read_status
from groundstation.share.summary import PeerSummary, share_summary

RUNS_WITHIN_S = 5.0
"""A status that was written longer ago is of a station that does not run."""


# Actions with a file of their own, imported when they are asked for.
_ELSEWHERE = {
    "agreement": "groundstation.app.share_agreement_command",
    "ledger": "groundstation.app.share_ledger_command",
    **dict.fromkeys(DUTY_ACTIONS, "groundstation.app.share_duty_command"),
}


def run(options: argparse.Namespace) -> int:
    """Carry out one action; 0 when it was done."""
    if options.share_action in _ELSEWHERE:
        return int(importlib.import_module(_ELSEWHERE[options.share_action]).run(options))
    name, data_dir = _station(options)
    actions = {"init": _init, "invite": _invite, "accept": _accept, "status": _status, "revoke": _revoke}
    document, lines = actions[options.share_action](options, name, data_dir)
    print(json.dumps(document, indent=1) if options.json else "\n".join(lines))
    return 0


def _station(options: argparse.Namespace) -> tuple[str, Path]:
    if options.config is not None:
        station = read_config(options.config).station
        return options.station or station.name, options.data_dir or station.data_dir
    if not options.station or options.data_dir is None:
        raise ConfigError("which station is it?", "give --config FILE, or --station NAME and --data-dir DIR")
    return options.station, options.data_dir


Answer = tuple[dict[str, Any], list[str]]


def _init(options: argparse.Namespace, name: str, data_dir: Path) -> Answer:
    was = is_initialised(data_dir, name)
    files = init_station(data_dir, name, options.host, options.days, options.renew)
    key = open_share_key(data_dir).public
    document = {
        "station": name,
        "made": not was or options.renew,
        "authority": str(files.authority),
        "authority_sha256": fingerprint_sha256(files.authority),
        "certificate": str(files.certificate),
        "signing_key": key.raw.hex(),
    }
    said = "made" if document["made"] else "was there already, nothing was changed"
    return document, [
        f"{name}: authority, certificate and signing key: {said}",
        f"next: groundstation share invite --endpoint HOST:PORT, at {name}; and the same at the neighbour",
    ]


def _invite(options: argparse.Namespace, name: str, data_dir: Path) -> Answer:
    invitation, content = make_invitation(data_dir, name, options.to, options.endpoint, options.listen)
    out = options.out or (options.config.parent if options.config else Path()) / f"{name}.invite.json"
    try:
        out.write_bytes(content)
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written: {error.strerror}", "give another --out") from error
    document = {
        "station": name, "file": str(out), "endpoint": options.endpoint, "fingerprint": invitation.fingerprint(),
    }  # fmt: skip
    return document, [
        f"{out}: send this file to the neighbour; it holds nothing secret",
        f"fingerprint, to be read out by telephone: {invitation.fingerprint()}",
    ]


def _accept(options: argparse.Namespace, name: str, data_dir: Path) -> Answer:
    if not is_initialised(data_dir, name):
        raise ConfigError(f"{name} has no certificate yet", "groundstation share init")
    invitation = read_invitation(options.invitation)
    fingerprint = options.fingerprint
    if not fingerprint:
        if not sys.stdin.isatty():
            raise ConfigError(
                "the fingerprint was not given",
                f"call {invitation.name}, and give what it reads out: --fingerprint ...",
            )
        # It is typed, not shown for a nod: a nod is given to anything.
        fingerprint = input(f"Call {invitation.name} and type the fingerprint that they read out: ")
    agreement = str(options.agreement.resolve()) if options.agreement is not None else ""
    peer = accept_invitation(data_dir, name, invitation, fingerprint, agreement, options.replace)
    try:
        connect, listen = endpoints(data_dir, name, peer)
        way = f"connects to {connect}" if connect else f"listens on {listen}"
    except ConfigError as error:
        connect = listen = ""
        way = f"not reachable yet: {error}"
    document = {"station": name, "neighbour": peer.name, "connect": connect, "listen": listen, "agreement": agreement}
    return document, [
        f"{peer.name} is accepted: its authority counts for {peer.name} alone, its records by its key alone",
        f"{name} {way}",
        "nothing is shared before an agreement is signed by both" if not agreement else f"agreement: {agreement}",
    ]


def _status(options: argparse.Namespace, name: str, data_dir: Path) -> Answer:
    status = read_status(data_dir)
    age_s = time.time() - status["t_utc_us"] / 1e6 if status is not None else float("inf")
    runs = abs(age_s) <= RUNS_WITHIN_S
    live: dict[str, Any] = status["peers"] if status is not None and runs else {}
    try:
        books = share_summary(data_dir)
    except StoreError:  # it has never run
        books = {}
    denied = {d.name: d for d in read_deny_list(data_dir)}
    paired = {p.name: p for p in paired_peers(data_dir)}
    names = sorted({*live, *books, *paired})
    peers = [_peer_status(n, name, data_dir, paired, live, books, denied) for n in names]
    document = {
        "station": name,
        "initialised": is_initialised(data_dir, name),
        "running": runs,
        "peers": peers,
    }
    if is_initialised(data_dir, name):
        document["authority_sha256"] = fingerprint_sha256(own_files(data_dir, name).authority)
    count = f"{len(peers)} neighbour{'s' * (len(peers) != 1)}"
    lines = [f"{name}: {'running' if runs else 'not running'}, {count}"]
    if not document["initialised"] and not peers:
        lines.append(f"  {name} has no keys for sharing yet: groundstation share init")
    for p in peers:
        state = "REVOKED" if p["revoked"] else "connected" if p["connected"] else "not connected"
        lines.append(
            f"  {p['name']}: {state}; sent {p['sent']}, stored there {p['stored']}, waiting {p['waiting']}, "
            f"received {p['received']}{'; ' + p['detail'] if p['detail'] else ''}"
        )
    return document, lines


def _peer_status(
    peer: str,
    own: str,
    data_dir: Path,
    paired: dict[str, Any],
    live: dict[str, Any],
    books: dict[str, PeerSummary],
    denied: dict[str, Any],
) -> dict[str, Any]:
    now, book = live.get(peer, {}), books.get(peer, PeerSummary())
    key, authority = neighbour_key(data_dir, peer), peer_authority(data_dir, peer)
    connect = listen = ""
    if peer in paired:
        try:
            connect, listen = endpoints(data_dir, own, paired[peer])
        except ConfigError as error:
            connect = f"({error})"
    return {
        "name": peer,
        "paired": peer in paired,
        "revoked": peer in denied,
        "revoked_since": denied[peer].since_utc if peer in denied else "",
        "connected": bool(now.get("connected", False)),
        "detail": str(now.get("detail", "")),
        "connect": connect,
        "listen": listen,
        "authority_sha256": fingerprint_sha256(authority) if authority.is_file() else "",
        "signing_key": key.raw.hex() if key is not None else "",
        "certificate_expires_utc": str(now.get("certificate_expires_utc", "")),
        "sent": book.sent_seq,
        "stored": book.stored_seq,
        "waiting": book.sent_seq - book.stored_seq,
        "received": book.records_received,
        "refused": book.refused,
    }


def _revoke(options: argparse.Namespace, name: str, data_dir: Path) -> Answer:
    entry = revoke_peer(data_dir, options.name, options.reason)
    document = {"station": name, "neighbour": options.name, "revoked_since": entry.since_utc, "reason": entry.reason}
    return document, [
        f"{options.name} is revoked: a running station closes the session within seconds and opens no other",
        "it can be accepted again only with a new authority and a new key (there: share init --renew)",
    ]
