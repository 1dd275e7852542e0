"""Manifest, signature and keys: who made a package, and that it is what they made."""

from __future__ import annotations

import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from groundstation.core.canonical import canonical_json
from groundstation.core.errors import CertificateError
from groundstation.store.evidence_archive import PackageError, read_member, scan_archive, write_archive
from groundstation.store.evidence_key import open_signing_key, public_key_file, read_public_key
from groundstation.store.evidence_package import FIRST, Link, open_package, write_package

FACTS = {"content": "incident", "incident_id": "INC-1", "created_utc_us": 1_790_000_000_000_000, "speed_m_s": 1.25}
MEMBERS = [("clip.ts", b"pictures" * 100), ("track.json", b'{"positions":[]}')]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def package(data_dir: Path) -> Path:
    path = data_dir / "evidence" / "INC-1.evidence.zip"
    write_package(path, FACTS, MEMBERS, open_signing_key(data_dir), Link(1, FIRST))
    return path


def own_key(data_dir: Path):
    return read_public_key(public_key_file(data_dir))


def rewrite(path: Path, change) -> None:
    """Take the members apart, change them, and write a well-formed archive of them."""
    members = [(e.name, read_member(path, e)) for e in scan_archive(path)]
    write_archive(path, change(members))


def fault_of(path: Path, key=None) -> str:
    with pytest.raises(PackageError) as caught:
        open_package(path, key)
    return caught.value.fault


def test_a_package_says_what_was_put_in(package: Path, data_dir: Path) -> None:
    found = open_package(package, own_key(data_dir))
    assert found.incident_id == "INC-1"
    assert found.link == Link(1, FIRST)
    assert found.manifest["speed_m_s"] == 1.25
    assert found.read("clip.ts") == MEMBERS[0][1]
    assert found.read_json("track.json") == {"positions": []}
    assert found.known_signer
    with pytest.raises(PackageError, match=r"holds no boxes\.json"):
        found.read("boxes.json")


def test_without_a_key_it_is_whole_but_nobody_vouches_for_it(package: Path) -> None:
    assert not open_package(package).known_signer


def test_every_changed_byte_is_found(package: Path, data_dir: Path) -> None:
    whole, key = package.read_bytes(), own_key(data_dir)
    for at in range(0, len(whole), 7):
        package.write_bytes(whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1 :])
        fault_of(package, key)


def test_content_exchanged_with_right_checksums(package: Path) -> None:
    rewrite(package, lambda m: [(n, b"other" if n == "clip.ts" else c) for n, c in m])
    assert fault_of(package) == "changed"


def test_a_member_taken_out(package: Path) -> None:
    rewrite(package, lambda m: [(n, c) for n, c in m if n != "track.json"])
    assert fault_of(package) == "members"


def test_a_member_put_in(package: Path) -> None:
    rewrite(package, lambda m: [*m, ("alibi.json", b"{}")])
    assert fault_of(package) == "members"


def test_members_in_another_order(package: Path) -> None:
    rewrite(package, lambda m: [*m[:2], m[3], m[2]])
    assert fault_of(package) == "changed"


def test_a_manifest_changed_with_the_old_signature(package: Path, data_dir: Path) -> None:
    def change(members):
        manifest = json.loads(members[0][1]) | {"incident_id": "INC-2"}
        return [("manifest.json", canonical_json(manifest)), *members[1:]]

    rewrite(package, change)
    assert fault_of(package) == "signature"
    assert fault_of(package, own_key(data_dir)) == "signature"


def test_a_package_made_anew_with_another_key(package: Path, data_dir: Path, tmp_path: Path) -> None:
    forger = open_signing_key(tmp_path / "forger")
    write_package(package, FACTS, [("clip.ts", b"forged"), MEMBERS[1]], forger, Link(1, FIRST))
    assert not open_package(package).known_signer, "without a key only the signature itself can be checked"
    assert fault_of(package, own_key(data_dir)) == "key"


def test_the_own_public_key_beside_anothers_signature(package: Path, data_dir: Path, tmp_path: Path) -> None:
    forger = open_signing_key(tmp_path / "forger")

    def change(members):
        return [members[0], ("manifest.sig", forger.sign(members[0][1])), *members[2:]]

    rewrite(package, change)
    assert fault_of(package, own_key(data_dir)) == "signature"


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b"nonsense", b'{"format":"x"}', b'{"format": "marchwarden-evidence"}', b"[" * 5000, b"\xff\xfe"],
)
def test_a_manifest_that_is_none(package: Path, manifest: bytes) -> None:
    rewrite(package, lambda m: [("manifest.json", manifest), *m[1:]])
    assert fault_of(package) in ("signature", "format")


@pytest.mark.parametrize(
    "wrong", [{"chain": {"number": 0, "previous_sha256": ""}}, {"chain": 7}, {"created_utc_us": 1.5}]
)
def test_facts_that_no_station_writes_even_when_signed(package: Path, data_dir: Path, wrong: dict) -> None:
    write_package(package, FACTS | wrong, MEMBERS, open_signing_key(data_dir), None)
    assert fault_of(package) == "format"


def test_a_newer_version_is_told_as_such(package: Path) -> None:
    def change(members):
        manifest = json.loads(members[0][1]) | {"version": 2}
        return [("manifest.json", canonical_json(manifest)), *members[1:]]

    rewrite(package, change)
    with pytest.raises(PackageError, match="version 2"):
        open_package(package)


# -- keys ----------------------------------------------------------------------------------------------------------------


def test_the_key_is_made_once_and_for_its_owner_only(data_dir: Path) -> None:
    first = open_signing_key(data_dir)
    assert open_signing_key(data_dir).public.key_id == first.public.key_id == own_key(data_dir).key_id
    if os.name == "posix":
        assert stat.S_IMODE((data_dir / "keys" / "evidence.key").stat().st_mode) == 0o600
    assert sorted(p.name for p in (data_dir / "keys").iterdir()) == ["evidence.key", "evidence.pub"]


def test_a_disk_without_links_will_do(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("os.link", refuse)
    assert open_signing_key(data_dir).public.key_id == own_key(data_dir).key_id
    assert sorted(p.name for p in (data_dir / "keys").iterdir()) == ["evidence.key", "evidence.pub"]


def test_a_lost_public_key_is_written_again(data_dir: Path) -> None:
    key = open_signing_key(data_dir)
    public_key_file(data_dir).unlink()
    open_signing_key(data_dir)
    assert own_key(data_dir).key_id == key.public.key_id


def test_a_damaged_key_is_not_replaced(data_dir: Path) -> None:
    open_signing_key(data_dir)
    path = data_dir / "keys" / "evidence.key"
    path.write_text("not a key")
    with pytest.raises(CertificateError, match=r"evidence\.key"):
        open_signing_key(data_dir)
    assert path.read_text() == "not a key"


def certificate_of(data_dir: Path, path: Path, now: datetime, days: float = 10.0) -> None:
    private = serialization.load_pem_private_key((data_dir / "keys" / "evidence.key").read_bytes(), None)
    assert isinstance(private, Ed25519PrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "arvenia evidence")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=days)).not_valid_after(now + timedelta(days=days))
        .sign(private, None)
    )  # fmt: skip
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def test_a_certificate_of_the_key_will_do_if_it_was_valid_then(package: Path, data_dir: Path, tmp_path: Path) -> None:
    made = datetime.fromtimestamp(FACTS["created_utc_us"] / 1e6, UTC)
    certificate_of(data_dir, tmp_path / "now.crt", made)
    certificate_of(data_dir, tmp_path / "late.crt", made + timedelta(days=100))
    assert open_package(package, read_public_key(tmp_path / "now.crt")).known_signer
    assert fault_of(package, read_public_key(tmp_path / "late.crt")) == "key"


def test_keys_of_another_kind_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "ec.pub"
    path.write_bytes(
        generate_private_key(SECP256R1()).public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )  # fmt: skip
    with pytest.raises(CertificateError, match="Ed25519"):
        read_public_key(path)
    path.write_text("nonsense")
    with pytest.raises(CertificateError, match=r"ec\.pub"):
        read_public_key(path)
    with pytest.raises(CertificateError, match="cannot be read"):
        read_public_key(tmp_path / "none.pub")
