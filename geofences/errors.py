"""Root of the error tree, here at the bottom so that every package can raise into it.

The tree (each error says what is wrong, where, and what to do; only these reach the operator)::

    MarchwardenError(message, remedy)      anything the program itself reports; exit code 1
    ├── ConfigError                        configuration, scenario or area file; exit code 2
    ├── PlanError                          a plan that must not be flown, with its findings; exit code 3
    ├── LinkError                          a MAVLink link that cannot be opened or was lost; exit code 4
    ├── VideoError                         a video that cannot be read; exit code 5
    ├── ModelError                         a detector model that is missing or unusable; exit code 6
    ├── CertificateError                   a certificate or key that is missing, expired or not ours; exit code 7
    ├── PortInUseError                     a port that another program holds; exit code 8
    ├── StoreError                         a database or disk that does not take our data; exit code 9
    └── EvidenceError                      an evidence package that cannot be made or trusted; exit code 10, or one that
                                           says what is wrong with it, see groundstation.store.evidence_archive

``groundstation.core.errors`` re-exports it for the station.
"""

from __future__ import annotations


class MarchwardenError(Exception):
    """What went wrong and what to do about it.

    ``message`` names the place (file, URL, field); ``remedy`` is the next step for the operator, one sentence.
    """

    exit_code = 1

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} ({self.remedy})" if self.remedy else self.message


class ConfigError(MarchwardenError):
    """A configuration, scenario or area file that cannot be used."""

    exit_code = 2


class PlanError(MarchwardenError):
    """A plan that must not be uploaded or flown."""

    exit_code = 3


class LinkError(MarchwardenError):
    """A MAVLink link that cannot be opened, or was lost while it was needed."""

    exit_code = 4


class VideoError(MarchwardenError):
    """A video that cannot be opened or decoded."""

    exit_code = 5


class ModelError(MarchwardenError):
    """A detector model that is missing, damaged or of the wrong kind."""

    exit_code = 6


class CertificateError(MarchwardenError):
    """A certificate or key that is missing, unreadable, expired, or does not belong to the peer."""

    exit_code = 7


class PortInUseError(MarchwardenError):
    """A port that another program already holds."""

    exit_code = 8


class StoreError(MarchwardenError):
    """A database or disk that does not take our data."""

    exit_code = 9


class EvidenceError(MarchwardenError):
    """An evidence package that cannot be made, read or trusted."""

    exit_code = 10
