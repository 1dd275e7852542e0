"""Pairing by two files and two fingerprints; what is wrong is refused and changes nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from groundstation.app.config import StationConfig, StationSection
from groundstation.app.main import main
from groundstation.app.share_setup import share_settings, with_pairing
from groundstation.core.canonical import canonical_json
from groundstation.core.errors import CertificateError, ConfigError, MarchwardenError
from groundstation.share.certificates import check_certificates
from groundstation.share.deny import Denied, DenyWatch, deny, read_deny_list
from groundstation.share.pairing import (
    INVITE,
    Invitation,
    accept_invitation,
    endpoints,
    init_station,
    make_invitation,
    paired_peers,
    peer_authority,
    read_invitation,
    read_peer,
    revoke_peer,
    same_fingerprint,
)
from groundstation.share.signing import neighbour_key, open_share_key


def invited(folder: Path, name: str, endpoint: str = "", to: str = "") -> tuple[Path, Invitation]:
    init_station(folder / name, name, [], 7.0, renew=False)
    invitation, content = make_invitation(folder / name, name, to, endpoint, "")
    path = folder / f"{name}.invite.json"
    path.write_bytes(content)
    return path, invitation


def test_both_accept_and_know_each_other(tmp_path: Path) -> None:
    a_file, a = invited(tmp_path, "a", "127.0.0.1:7447")
    b_file, b = invited(tmp_path, "b")
    accept_invitation(tmp_path / "a", "a", read_invitation(b_file), b.fingerprint())
    accept_invitation(tmp_path / "b", "b", read_invitation(a_file), a.fingerprint().lower().replace("-", " "))
    peers = {n: paired_peers(tmp_path / n) for n in ("a", "b")}
    assert endpoints(tmp_path / "a", "a", peers["a"][0]) == ("", "127.0.0.1:7447")
    assert endpoints(tmp_path / "b", "b", peers["b"][0]) == ("127.0.0.1:7447", "")
    known = neighbour_key(tmp_path / "a", "b")
    assert known is not None
    assert known.raw == open_share_key(tmp_path / "b").public.raw
    config = with_pairing(StationConfig(station=StationSection(name="a", data_dir=tmp_path / "a")))
    settings = share_settings(config)
    (peer,) = settings.peers
    assert (peer.name, peer.common_name, peer.listen, peer.agreement) == ("b", "b", "127.0.0.1:7447", None)
    assert settings.own_authority_key is not None  # the station can renew its certificate itself
    check_certificates(settings.certificate, settings.key, peer.authority, datetime.now(UTC), settings.own_authority)


def test_no_secret_leaves_with_an_invitation(tmp_path: Path) -> None:
    path, _ = invited(tmp_path, "a", "127.0.0.1:7447")
    assert b"PRIVATE" not in path.read_bytes()
    assert set(json.loads(path.read_bytes())["station"]) == set(Invitation.__dataclass_fields__)


@pytest.mark.parametrize("said", ["", "AAAA-AAAA-AAAA-AAAA", "yes"])
def test_a_wrong_fingerprint_changes_nothing(tmp_path: Path, said: str) -> None:
    init_station(tmp_path / "a", "a", [], 7.0, renew=False)
    b_file, _ = invited(tmp_path, "b")
    with pytest.raises(CertificateError):
        accept_invitation(tmp_path / "a", "a", read_invitation(b_file), said)
    assert paired_peers(tmp_path / "a") == []
    assert neighbour_key(tmp_path / "a", "b") is None
    assert not peer_authority(tmp_path / "a", "b").exists()


def test_every_word_of_an_invitation_is_under_the_fingerprint_and_the_signature(tmp_path: Path) -> None:
    path, good = invited(tmp_path, "a", "127.0.0.1:7447")
    other = replace(invited(tmp_path, "b")[1], issued_utc="2020-01-01T00:00:00Z")
    for name in Invitation.__dataclass_fields__:
        changed = replace(good, **{name: getattr(other, name) or "x"})
        assert not same_fingerprint(changed.fingerprint(), good)
        document = json.loads(path.read_bytes())
        document["station"] = asdict(changed)
        path.with_suffix(".x").write_text(json.dumps(document))
        with pytest.raises(MarchwardenError):
            read_invitation(path.with_suffix(".x"))


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe", b"{" * 3000, b"x" * 30_000, b'{"format": 1}'])
def test_what_is_no_invitation_is_named_as_such(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match="no invitation"):
        read_invitation(path)


def test_an_older_invitation_and_another_key_are_refused(tmp_path: Path) -> None:
    init_station(tmp_path / "a", "a", [], 7.0, renew=False)
    b_file, b = invited(tmp_path, "b")
    accept_invitation(tmp_path / "a", "a", read_invitation(b_file), b.fingerprint())
    old = replace(b, issued_utc="2020-01-01T00:00:00Z")
    with pytest.raises(ConfigError, match="older"):
        accept_invitation(tmp_path / "a", "a", old, old.fingerprint())
    init_station(tmp_path / "b", "b", [], 7.0, renew=True)
    new, _ = make_invitation(tmp_path / "b", "b", "", "", "")
    with pytest.raises(CertificateError, match="another"):
        accept_invitation(tmp_path / "a", "a", new, new.fingerprint())
    accept_invitation(tmp_path / "a", "a", new, new.fingerprint(), replace=True)
    assert peer_authority(tmp_path / "a", "b").read_text() == new.authority_pem


def test_revoked_means_neither_that_key_nor_that_authority_again(tmp_path: Path) -> None:
    init_station(tmp_path / "a", "a", [], 7.0, renew=False)
    b_file, b = invited(tmp_path, "b")
    accept_invitation(tmp_path / "a", "a", read_invitation(b_file), b.fingerprint())
    revoke_peer(tmp_path / "a", "b", "lost laptop")
    with pytest.raises(ConfigError, match="revoked"):
        accept_invitation(tmp_path / "a", "a", read_invitation(b_file), b.fingerprint())
    init_station(tmp_path / "b", "b", [], 7.0, renew=True)
    new, _ = make_invitation(tmp_path / "b", "b", "", "", "")
    accept_invitation(tmp_path / "a", "a", new, new.fingerprint(), replace=True)
    watch = DenyWatch(tmp_path / "a")
    watch.look(0.0)
    assert watch.why("b") == ""
    assert "lost laptop" in watch.why("b", signing_key=b.signing_key)  # the old key stays out for good
    with pytest.raises(ConfigError, match="no neighbour"):
        revoke_peer(tmp_path / "a", "nobody", "")


def test_a_damaged_deny_list_denies_everybody(tmp_path: Path) -> None:
    deny(tmp_path, Denied("c", "2026-01-01T00:00:00Z"))
    watch = DenyWatch(tmp_path)
    watch.look(0.0)
    assert (watch.why("c") != "", watch.why("b")) == (True, "")
    (tmp_path / "share_deny.json").write_text("{")
    watch.look(5.0)
    assert watch.why("b")
    with pytest.raises(ConfigError):
        read_deny_list(tmp_path)


def test_neither_side_listens_is_said(tmp_path: Path) -> None:
    init_station(tmp_path / "a", "a", [], 7.0, renew=False)
    b_file, b = invited(tmp_path, "b")
    peer = accept_invitation(tmp_path / "a", "a", read_invitation(b_file), b.fingerprint())
    with pytest.raises(ConfigError, match="where it listens"):
        endpoints(tmp_path / "a", "a", peer)


def test_the_command_line_from_init_to_revoke(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def share(*arguments: str) -> dict[str, object]:
        assert main(["share", *arguments, "--json"]) == 0
        answer: dict[str, object] = json.loads(capsys.readouterr().out)
        return answer

    station = {n: ["--station", n, "--data-dir", str(tmp_path / n)] for n in ("a", "b")}
    said = {}
    for n in ("a", "b"):
        assert share("init", *station[n])["made"] is True
        assert share("init", *station[n])["made"] is False
        said[n] = share(
            "invite",
            *station[n],
            "--endpoint",
            "127.0.0.1:7447" if n == "a" else "",
            "--out",
            str(tmp_path / f"{n}.json"),
        )["fingerprint"]
    assert main(["share", "accept", str(tmp_path / "b.json"), *station["a"], "--fingerprint", "no"]) == 7
    share("accept", str(tmp_path / "b.json"), *station["a"], "--fingerprint", str(said["b"]))
    peers = share("status", *station["a"])["peers"]
    assert isinstance(peers, list)
    assert (peers[0]["name"], peers[0]["connected"], peers[0]["revoked"]) == ("b", False, False)
    share("revoke", "b", *station["a"])
    assert read_peer(tmp_path / "a", "b") is not None
    peers = share("status", *station["a"])["peers"]
    assert isinstance(peers, list)
    assert peers[0]["revoked"] is True


def test_the_signature_is_for_invitations_alone(tmp_path: Path) -> None:
    path, invitation = invited(tmp_path, "a")
    key = open_share_key(tmp_path / "a")
    signature = bytes.fromhex(json.loads(path.read_bytes())["signature"])
    content = canonical_json(asdict(invitation))
    assert key.public.has_signed(INVITE, signature, content)
    assert not key.public.has_signed(b"marchwarden agreement, version 1\n", signature, content)
