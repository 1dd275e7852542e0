from __future__ import annotations

import logging
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from groundstation.core.errors import CertificateError
from groundstation.share.certificates import CertificateFiles, check_certificates, make_pair

NOW = datetime(2026, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> CertificateFiles:
    return make_pair(tmp_path_factory.mktemp("ours"), "ours", days=10, now_utc=NOW)


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> CertificateFiles:
    return make_pair(tmp_path_factory.mktemp("theirs"), "theirs", days=10, now_utc=NOW)


def test_a_good_pair(ours: CertificateFiles, theirs: CertificateFiles) -> None:
    checked = check_certificates(ours.certificate, ours.key, theirs.authority, NOW, ours.authority)
    assert checked.common_name == "ours"
    assert checked.expires_utc == NOW + timedelta(days=10)


@pytest.mark.skipif(os.name != "posix", reason="file rights of POSIX")
def test_keys_are_for_their_owner(ours: CertificateFiles) -> None:
    for path in (ours.key, ours.authority_key):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.name != "posix", reason="file rights of POSIX")
def test_a_key_that_others_can_read_is_told(
    ours: CertificateFiles, theirs: CertificateFiles, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    key = tmp_path / "open.key"
    key.write_bytes(ours.key.read_bytes())
    key.chmod(0o644)
    with caplog.at_level(logging.WARNING):
        check_certificates(ours.certificate, key, theirs.authority, NOW)
    assert "open.key" in caplog.text


@pytest.mark.parametrize("which", ["certificate", "key", "authority"])
@pytest.mark.parametrize("fault", ["missing", "no PEM"])
def test_missing_and_damaged_files_are_named(
    ours: CertificateFiles, theirs: CertificateFiles, tmp_path: Path, which: str, fault: str
) -> None:
    bad = tmp_path / "bad.pem"
    if fault == "no PEM":
        bad.write_text("hello")
    paths = {"certificate": ours.certificate, "key": ours.key, "authority": theirs.authority} | {which: bad}
    with pytest.raises(CertificateError, match=r"bad\.pem") as caught:
        check_certificates(paths["certificate"], paths["key"], paths["authority"], NOW)
    assert caught.value.remedy


def test_time_is_checked_for_each(ours: CertificateFiles, theirs: CertificateFiles, tmp_path: Path) -> None:
    late = NOW + timedelta(days=11)
    with pytest.raises(CertificateError, match=r"ours\.crt: expired"):
        check_certificates(ours.certificate, ours.key, theirs.authority, late)
    with pytest.raises(CertificateError, match=r"ours\.crt: is valid only from"):
        check_certificates(ours.certificate, ours.key, theirs.authority, NOW - timedelta(days=1))
    fresh = make_pair(tmp_path, "fresh", days=30, now_utc=NOW)
    with pytest.raises(CertificateError, match=r"theirs-ca\.crt: expired"):
        check_certificates(fresh.certificate, fresh.key, theirs.authority, late)


def test_a_key_of_another_certificate(ours: CertificateFiles, theirs: CertificateFiles) -> None:
    with pytest.raises(CertificateError, match=r"theirs\.key: is not the key"):
        check_certificates(ours.certificate, theirs.key, theirs.authority, NOW)


def test_a_certificate_of_another_authority(ours: CertificateFiles, theirs: CertificateFiles) -> None:
    with pytest.raises(CertificateError, match=r"ours\.crt: is not signed by .*theirs-ca\.crt"):
        check_certificates(ours.certificate, ours.key, theirs.authority, NOW, theirs.authority)


def test_a_station_is_no_authority(ours: CertificateFiles, theirs: CertificateFiles) -> None:
    with pytest.raises(CertificateError, match=r"theirs\.crt: is not an authority"):
        check_certificates(ours.certificate, ours.key, theirs.certificate, NOW)
