"""Certificates of stations: one authority and one station certificate per station, checked before anything is opened.

Each station has its own authority; neighbours exchange the authority's certificate (never its key). Certificates live
for days, because the transport knows no revocation: what is not renewed ends by itself.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from groundstation.core.errors import CertificateError

_log = logging.getLogger("groundstation.share.certificates")

_RENEW = "have it issued anew by its authority, or make a new pair"


@dataclass(frozen=True)
class CertificateFiles:
    """One station's files, PEM. ``authority_key`` stays where the certificates are made."""

    common_name: str
    authority: Path
    authority_key: Path
    certificate: Path
    key: Path


@dataclass(frozen=True)
class CheckedCertificates:
    """What the check found."""

    common_name: str
    expires_utc: datetime
    begins_utc: datetime


def make_pair(
    directory: Path,
    name: str,
    *,
    days: float = 30.0,
    hosts: Sequence[str] = ("localhost", "127.0.0.1"),
    now_utc: datetime | None = None,
    authority_days: float | None = None,
) -> CertificateFiles:
    """Make an authority and a certificate with the common name ``name``, signed by it, in ``directory``.

    Files: ``<name>-ca.crt``, ``<name>-ca.key``, ``<name>.crt``, ``<name>.key``; keys are readable by their owner only.
    ``hosts`` are the names and addresses under which neighbours reach this station. Existing files are replaced.
    ``authority_days``: how long the authority lives, that the neighbours pin; None: as long as the certificate.
    """
    now = now_utc or datetime.now(UTC)
    directory.mkdir(parents=True, exist_ok=True)
    files = CertificateFiles(
        name,
        directory / f"{name}-ca.crt",
        directory / f"{name}-ca.key",
        directory / f"{name}.crt",
        directory / f"{name}.key",
    )
    authority_key = ec.generate_private_key(ec.SECP256R1())
    authority_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{name} authority")])
    authority = (
        _builder(authority_name, authority_name, authority_key.public_key(), now, authority_days or days)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _station_certificate(name, authority, authority_key, key.public_key(), now, days, hosts)
    for path, made in ((files.authority, authority), (files.certificate, certificate)):
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    for path, private in ((files.authority_key, authority_key), (files.key, key)):
        _write_key(path, private)
    return files


def _station_certificate(
    name: str,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    days: float,
    hosts: Sequence[str],
) -> x509.Certificate:
    return (
        _builder(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), authority.subject, key, now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False
        )
        .add_extension(x509.SubjectAlternativeName([_general_name(h) for h in hosts]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def renew_certificate(
    certificate: Path,
    authority: Path,
    authority_key: Path,
    days: float,
    now_utc: datetime,
    hosts: Sequence[str] | None = None,
) -> datetime:
    """Issue the station's certificate anew, for the same key, name and (without ``hosts``) hosts; returns when it expires.

    The file is replaced in one step. Raises :class:`CertificateError`; then the old one is still there.
    """
    try:
        old = x509.load_pem_x509_certificate(_read(certificate))
        private = serialization.load_pem_private_key(_read(authority_key), password=None)
    except (ValueError, TypeError) as error:
        raise CertificateError(f"{authority_key} or {certificate}: is not PEM: {error}", _RENEW) from error
    public = old.public_key()
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(public, ec.EllipticCurvePublicKey):
        raise CertificateError(f"{authority_key}: is not an authority made here", _RENEW)
    issuer = _load(authority, now_utc)
    names = old.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    name = str(old.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
    made = _station_certificate(name, issuer, private, public, now_utc, days, hosts or [str(n.value) for n in names])
    part = certificate.with_suffix(".part")
    try:
        part.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        part.replace(certificate)
    except OSError as error:
        raise CertificateError(f"{certificate}: cannot be replaced: {error.strerror}", "check the folder") from error
    return made.not_valid_after_utc


def fingerprint_sha256(certificate: Path) -> str:
    """SHA-256 of a certificate, hexadecimal. Raises :class:`CertificateError`."""
    try:
        return x509.load_pem_x509_certificate(_read(certificate)).fingerprint(hashes.SHA256()).hex()
    except ValueError as error:
        raise CertificateError(f"{certificate}: is not a certificate in PEM: {error}", _RENEW) from error


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: float
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        # A neighbour's clock may be a little behind.
        .not_valid_before(now - timedelta(minutes=10))
        .not_valid_after(now + timedelta(days=days))
    )


def _key_usage(signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    content = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.unlink(missing_ok=True)
    # Made with its final rights: there is no moment at which others could read it.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)


def check_certificates(
    certificate: Path, key: Path, peer_authority: Path, now_utc: datetime, own_authority: Path | None = None
) -> CheckedCertificates:
    """Check what a link to a neighbour will need.

    Raises :class:`CertificateError`, naming the file, for one that is missing or unreadable, out of its validity,
    a key that is not the certificate's, a ``peer_authority`` that is no authority, and, with ``own_authority`` given,
    a certificate that it has not signed.
    """
    own = _load(certificate, now_utc)
    try:
        private = serialization.load_pem_private_key(_read(key), password=None)
    except (ValueError, TypeError) as error:
        raise CertificateError(f"{key}: is not a private key in PEM: {error}", "give the station's own key") from error
    spki = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    if private.public_key().public_bytes(*spki) != own.public_key().public_bytes(*spki):
        raise CertificateError(f"{key}: is not the key of {certificate}", "give the key made with that certificate")
    if os.name == "posix" and stat.S_IMODE(key.stat().st_mode) & 0o077:
        _log.warning("%s: other users can read this key: chmod 600 it", key)
    authority = _load(peer_authority, now_utc)
    if not _is_authority(authority):
        raise CertificateError(
            f"{peer_authority}: is not an authority's certificate", "ask the neighbour for its authority's certificate"
        )
    if own_authority is not None:
        try:
            own.verify_directly_issued_by(_load(own_authority, now_utc))
        except Exception as error:  # InvalidSignature, ValueError and TypeError are all "not by this authority"
            if isinstance(error, CertificateError):
                raise
            raise CertificateError(f"{certificate}: is not signed by {own_authority}", _RENEW) from error
    names = own.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    if not names:
        raise CertificateError(f"{certificate}: has no common name", _RENEW)
    return CheckedCertificates(str(names[0].value), own.not_valid_after_utc, own.not_valid_before_utc)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise CertificateError(f"{path}: is missing", "copy it there, or make a new pair") from error
    except OSError as error:
        raise CertificateError(f"{path}: cannot be read: {error.strerror}", "check its owner and rights") from error


def _load(path: Path, now_utc: datetime) -> x509.Certificate:
    try:
        certificate = x509.load_pem_x509_certificate(_read(path))
    except ValueError as error:
        raise CertificateError(f"{path}: is not a certificate in PEM: {error}", _RENEW) from error
    if now_utc >= certificate.not_valid_after_utc:
        raise CertificateError(f"{path}: expired at {certificate.not_valid_after_utc:%Y-%m-%d %H:%M} UTC", _RENEW)
    if now_utc < certificate.not_valid_before_utc:
        raise CertificateError(
            f"{path}: is valid only from {certificate.not_valid_before_utc:%Y-%m-%d %H:%M} UTC",
            "check this machine's clock",
        )
    return certificate


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
