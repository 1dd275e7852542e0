"""The sharing of a station as its file and its pairing say together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from groundstation.app.config import PeerSection, StationConfig
from groundstation.core.errors import ConfigError
from groundstation.share.pairing import endpoints, is_initialised, own_files, paired_peers, peer_authority
from groundstation.share.settings import PeerSettings, ShareSettings


def with_pairing(config: StationConfig) -> StationConfig:
    """The configuration with what ``share init`` and ``share accept`` have made below the data folder.

    What the file says itself goes before. Raises :class:`ConfigError` when the file expects a pairing and there is none.
    """
    data_dir, name, share = config.station.data_dir, config.station.name, config.share
    peers = paired_peers(data_dir)
    if not is_initialised(data_dir, name):
        if share.paired or peers:
            raise ConfigError(f"{name} is not paired with anybody yet", "groundstation share init --config FILE")
        return config
    files = own_files(data_dir, name)
    if not peers and share.paired:
        raise ConfigError(f"{name} has accepted no neighbour yet", "groundstation share accept FILE --config FILE")
    known = {p.name for p in share.peers}
    added: list[PeerSection] = []
    for peer in peers:
        if peer.name in known:
            continue
        connect, listen = endpoints(data_dir, name, peer)
        agreement = Path(peer.agreement) if peer.agreement else None
        added.append(
            PeerSection(
                name=peer.name,
                connect=connect,
                listen=listen,
                ca=peer_authority(data_dir, peer.name),
                agreement=agreement,
                agreement_may_come=True,
            )
        )
    update: dict[str, Any] = {"peers": [*share.peers, *added]}
    if share.certificate is None:
        update |= {
            "certificate": files.certificate,
            "key": files.key,
            "ca": files.authority,
            "ca_key": files.authority_key if files.authority_key.is_file() else None,
        }
    return config.model_copy(update={"share": share.model_copy(update=update)})


def share_settings(config: StationConfig) -> ShareSettings:
    """The settings of the service. Raises :class:`ConfigError` when a neighbour is named and no certificate of our own."""
    share = config.share
    if share.certificate is None or share.key is None:
        raise ConfigError(
            "a neighbour is named, but no certificate and key of our own",
            "groundstation share init --config FILE, or set [share] certificate and key",
        )
    return ShareSettings(
        name=config.station.name,
        certificate=share.certificate,
        key=share.key,
        data_dir=config.station.data_dir,
        own_authority=share.ca,
        own_authority_key=share.ca_key,
        certificate_days=share.certificate_days,
        protected_areas=share.protected_areas,
        protection_steps=tuple(share.protection_steps),
        peers=tuple(
            PeerSettings(p.name, p.common_name or p.name, p.ca, p.connect, p.listen, p.agreement, p.agreement_may_come)
            for p in share.peers
        ),
    )
