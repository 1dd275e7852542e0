"""The agreement with one neighbour as it is now: read again when its file changes, closed whenever in doubt.

A termination (``groundstation share agreement terminate``) or a new signature takes effect in a running station within
:data:`LOOK_PERIOD_S` of the file being written. Owns no clock.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from groundstation.core.errors import CertificateError, ConfigError
from groundstation.share.agreement_signed import (
    SignedAgreement,
    Standing,
    read_signed,
    standing,
    termination_document,
    with_termination,
    write_signed,
)
from groundstation.share.agreement_terms import Agreement
from groundstation.share.signing import neighbour_key, open_share_key

_log = logging.getLogger("groundstation.share.agreement")

LOOK_PERIOD_S = 2.0
READ_PERIOD_S = 20.0
"""Read even if the file looks the same: some file systems tell times by the second, and keys may have changed."""


class AgreementWatch:
    """``path`` None: there is none. Used by one thread."""

    def __init__(self, path: Path | None, own: str, peer: str, data_dir: Path) -> None:
        self._path = path
        self._own, self._peer, self._data_dir = own, peer, data_dir
        self._stamp: tuple[int, ...] = ()
        self._look_at_s = self._read_at_s = float("-inf")
        self.standing = Standing(None, "no agreement")
        self.signed: SignedAgreement | None = None
        self._ended: SignedAgreement | None = None

    @property
    def agreement(self) -> Agreement | None:
        """What is in force as of the last look; None: nothing is shared, :attr:`words` say why."""
        return self.standing.agreement

    @property
    def words(self) -> str:
        """For people: "signed by both", "waits for the signature of belmark", "ended by ... at ..."."""
        return self.standing.words

    @property
    def termination(self) -> dict[str, Any] | None:
        """The signed termination, to be sent to the neighbour."""
        ended = self.signed.termination if self.signed is not None else None
        return None if ended is None else termination_document(ended)

    def open(self, now_s: float) -> None:
        """The first look. Raises :class:`ConfigError` for a file that could never be in force: a draft, a damaged one, one
        between others. One that waits for a signature, or was ended, raises nothing: it is only not in force."""
        if self._path is None:
            return
        signed = read_signed(self._path)
        if set(signed.agreement.parties) != {self._own, self._peer}:
            raise ConfigError(
                f"{self._path}: is between {' and '.join(signed.agreement.parties)}, "
                f"not between {self._own} and {self._peer}",
                "give the agreement with this neighbour",
            )
        self.look(now_s)

    def look(self, now_s: float) -> bool:
        """Look at the file when that is due; True when what is in force, or why not, has changed. Raises nothing."""
        if self._path is None or now_s < self._look_at_s:
            return False
        self._look_at_s = now_s + LOOK_PERIOD_S
        try:
            status = self._path.stat()
            stamp: tuple[int, ...] = (status.st_mtime_ns, status.st_size, status.st_ino)
        except OSError:
            stamp = ()
        if stamp == self._stamp and now_s < self._read_at_s:
            return False
        self._stamp, self._read_at_s = stamp, now_s + READ_PERIOD_S
        before = self.standing
        self.standing = self._read()
        # Of an agreement that is still the same the object stays, with the geometry that was worked out for it.
        if before.agreement is not None and self.standing.agreement == before.agreement:
            self.standing = before
        if self.standing == before:
            return False
        _log.info("agreement with %s: %s", self._peer, self.standing.words)
        return True

    def _read(self) -> Standing:
        assert self._path is not None
        try:
            self.signed = read_signed(self._path)
            ended = self._ended
            if ended is not None and ended.agreement.digest() == self.signed.agreement.digest():
                # A disk that refused to keep the neighbour's termination does not bring the agreement back.
                self.signed = ended
            own_key = open_share_key(self._data_dir).public
            return standing(self.signed, self._own, self._peer, own_key, neighbour_key(self._data_dir, self._peer))
        except (ConfigError, CertificateError) as error:
            self.signed = None
            return Standing(None, str(error))

    def take_termination(self, document: dict[str, Any]) -> bool:
        """The neighbour has sent its termination: it is written into our file and takes effect at once.

        False, with a line in the log, when it is not signed by the neighbour for this agreement.
        """
        if self._path is None or self.signed is None:
            return False
        try:
            key = neighbour_key(self._data_dir, self._peer)
            if key is None:
                raise ConfigError(f"the key of {self._peer} is not known here", "exchange keys")
            signed = with_termination(self.signed, document, key)
        except (ConfigError, CertificateError) as error:
            _log.warning("%s: %s", self._peer, error)
            return False
        # In force no longer even if the disk refuses.
        self.signed = self._ended = signed
        self.standing = standing(signed, self._own, self._peer, key, key)
        try:
            write_signed(signed, self._path)
        except ConfigError as error:
            _log.error("%s", error)
        self._look_at_s = float("-inf")
        return True
