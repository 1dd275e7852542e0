"""What sharing tells the console: who leads, whose clock, which receipt, what is new in the neighbour's picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SubjectKind = Literal["track", "incident"]
ReceiptLevel = Literal["stored", "seen", "accepted"]
LeadPhase = Literal["held", "offered", "accepted", "demanded", "handed_over"]
"""``held``: nothing is under way. ``offered``: the holder has offered it. ``accepted``: the other has accepted and the
holder has not answered. ``demanded``: the other takes it over, or told the holder to cease. ``handed_over``: the holder
has let go and the new holder has not confirmed."""
NoticeKind = Literal[
    "corrected", "withdrawn", "erase_requested", "erased", "cease", "question", "answer", "linked", "unseen",
    "judged", "volumes",
]  # fmt: skip
"""``unseen``: stored there, and nobody there has looked at it for a minute. ``judged``: their officer says of a pair that it
is the same (code "pair_agree") or not ("pair_disagree"). ``volumes``: where their aircraft may be is here, anew."""


@dataclass(frozen=True)
class ShareSubject:
    """A track or an incident that two stations speak of. ``originator`` is the station that told it.

    ``subject_id`` is the local id where this station is the originator, else the name that it has on the wire.
    """

    originator: str
    subject_id: str
    kind: SubjectKind = "track"


@dataclass(frozen=True)
class LeadState:
    """Who is in charge of one subject, as this station knows it.

    ``term`` counts the changes of the holder. ``confirmed`` is False while the other station may not know this yet, or
    the link is down: then it is to be shown as "lead not confirmed". ``cease``: the other station has told the holder to
    cease. ``deadline_utc_us``: when an open offer ends (0 = none).
    """

    peer: str
    subject: ShareSubject
    holder: str
    term: int
    phase: LeadPhase
    confirmed: bool
    t_utc_us: int
    deadline_utc_us: int = 0
    cease: bool = False
    detail: str = ""


@dataclass(frozen=True)
class PeerClock:
    """A neighbour's clock against ours: theirs shows ``offset_us`` more, to ``uncertainty_us``."""

    peer: str
    t_utc_us: int
    offset_us: float
    uncertainty_us: float
    fit_to_fuse: bool
    probes: int
    detail: str = ""


@dataclass(frozen=True)
class RemoteReceipt:
    """The neighbour has stored, seen or accepted what we told.

    ``t_there_utc_us`` is the time by its clock (0 for "stored", which is known by ours only), ``t_utc_us`` when we learnt.
    """

    peer: str
    subject: ShareSubject
    level: ReceiptLevel
    t_utc_us: int
    t_there_utc_us: int = 0


@dataclass(frozen=True)
class SharePicture:
    """How current the neighbour's picture is here.

    ``current``: the newest of every track is here. ``complete``: all history is, too. ``missed_incidents`` came while the
    link was down, ``missed_records`` counts all that came late.
    """

    peer: str
    t_utc_us: int
    current: bool
    complete: bool
    missed_records: int = 0
    missed_incidents: tuple[str, ...] = ()
    since_utc_us: int = 0


@dataclass(frozen=True)
class ShareNotice:
    """Something between the stations that a person has to know: a code (``share.texts`` words it in five languages).

    ``reference`` ties an answer to its question.
    """

    peer: str
    kind: NoticeKind
    code: str
    t_utc_us: int
    subject: ShareSubject | None = None
    reference: str = ""
    text: str = ""


@dataclass(frozen=True)
class ApprovalRequest:
    """A subject of ours that a neighbour in a third country would be told if ``needed`` officers approved it.

    ``class_name`` and ``kind_of_incident`` say what it is; ``t_utc_us`` is when it first waited. ``open`` False: it waits no
    more (approved, withdrawn, or gone).
    """

    peer: str
    subject: ShareSubject
    t_utc_us: int
    class_name: str = ""
    kind_of_incident: str = ""
    approved_by: tuple[str, ...] = ()
    needed: int = 2
    open: bool = True


@dataclass(frozen=True)
class ShareOutcome:
    """What came of an order to the sharing: ``ok``, or why not."""

    ok: bool
    reason: str = ""
    reference: str = ""
