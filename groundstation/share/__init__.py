"""Sharing tracks and incidents with neighbouring stations, as far as an agreement allows."""

from groundstation.share.agreement import Agreement
from groundstation.share.agreement_file import read_draft, write_draft
from groundstation.share.agreement_signed import make_signed, read_agreement
from groundstation.share.certificates import CertificateFiles, make_pair
from groundstation.share.corridor import Corridor
from groundstation.share.service import ShareService
from groundstation.share.settings import PeerSettings, ShareSettings
from groundstation.share.summary import PeerSummary, lost_between, share_summary

__all__ = [
    "Agreement",
    "CertificateFiles",
    "Corridor",
    "PeerSettings",
    "PeerSummary",
    "ShareService",
    "ShareSettings",
    "lost_between",
    "make_pair",
    "make_signed",
    "read_agreement",
    "read_draft",
    "share_summary",
    "write_draft",
]
