"""The bodies of the records that are no position: corrections, withdrawals, leads, receipts, questions.

All values are codes, numbers and names on the wire; there is no free text that could carry what no agreement allows.
Unknown keys are refused. Texts for the codes in five languages: :mod:`groundstation.share.texts`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}$")]
_Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
_Hex64 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_Hex128 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]
_Time = Annotated[int, Field(ge=0, lt=2**62)]
_SubjectKind = Literal["track", "incident"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class CorrectionBody(_Body):
    """What was told of the subject was wrong: the class is another one. ``reason``: "wrong_class", ..."""

    of: _SubjectKind
    cls: Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z-]+$")]
    reason: _Code
    t_utc_us: _Time


class WithdrawalBody(_Body):
    """The originator takes the subject back; nothing that was or will be told of it may be used."""

    of: _SubjectKind
    reason: _Code
    t_utc_us: _Time


class EraseRequestBody(WithdrawalBody):
    """Withdrawn, and all copies are to be deleted, with proof."""


class EraseDoneBody(_Body):
    """Proof of execution: how many records were deleted, and the SHA-256 over their chain hashes in order."""

    of: _SubjectKind
    records: Annotated[int, Field(ge=0, lt=2**40)]
    proof_sha256: _Hex64
    t_utc_us: _Time


class LeadBody(_Body):
    """One message of :mod:`groundstation.share.lead`. ``originator`` and the envelope's subject name what it is about."""

    action: Literal["offer", "accept", "decline", "timeout", "take_over", "cease", "transfer", "confirm"]
    originator: _Name
    of: _SubjectKind
    term: Annotated[int, Field(ge=0, lt=2**40)]
    holder: _Name
    offer: Annotated[int, Field(ge=0, lt=2**40)] = 0
    deadline_utc_us: _Time = 0
    t_utc_us: _Time = 0


class AckBody(_Body):
    """A person there has seen the subject, or acts on it."""

    level: Literal["seen", "accepted"]
    of: _SubjectKind
    t_utc_us: _Time


class CheckpointBody(_Body):
    """The signed head of the sender's disclosure ledger, and what its last one said, as that ledger has it now."""

    seq: Annotated[int, Field(ge=0, lt=2**62)]
    head: _Hex64
    previous_seq: Annotated[int, Field(ge=0, lt=2**62)] = 0
    previous_head: _Hex64 = "0" * 64
    signature: _Hex128
    t_utc_us: _Time


class RequestBody(_Body):
    """ "Do you have something near here?" """

    lat_deg: Annotated[float, Field(ge=-90.0, le=90.0)]
    lon_deg: Annotated[float, Field(ge=-180.0, le=180.0)]
    radius_m: Annotated[float, Field(gt=0.0, le=20_000.0)]
    from_utc_us: _Time
    to_utc_us: _Time
    categories: Annotated[list[_Code], Field(max_length=10)] = []


class AnswerBody(_Body):
    """Without a track: yes, no, ask the duty officer, or (from a person) declined."""

    answer: Literal["yes", "no", "ask_duty_officer", "declined"]
    by: Literal["rule", "officer"]
    t_utc_us: _Time


class LinkBody(_Body):
    """The envelope's subject and ``other`` are one matter."""

    of: _SubjectKind
    other_originator: _Name
    other: _Name
    other_of: _SubjectKind
    t_utc_us: _Time


class JudgementBody(_Body):
    """The sender's officer says of the envelope's subject (a track of the sender) and ``own`` (one of the recipient, by the
    name that the recipient gave it) that they are the same, or not."""

    own: _Name
    verdict: Literal["agree", "disagree"]
    t_utc_us: _Time


class VolumeBody(_Body):
    """Aircraft of the sender may be anywhere in ``outline`` ``[lat, lon]`` between the heights AMSL and the times."""

    outline: Annotated[
        list[Annotated[list[Annotated[float, Field(ge=-180.0, le=180.0)]], Field(min_length=2, max_length=2)]],
        Field(min_length=3, max_length=100),
    ]
    low_amsl_m: Annotated[float, Field(ge=-500.0, le=20_000.0)]
    high_amsl_m: Annotated[float, Field(ge=-500.0, le=20_000.0)]
    from_utc_us: _Time
    until_utc_us: _Time


class VolumesBody(_Body):
    """All volumes of the sender from now on; they take the place of those told before."""

    volumes: Annotated[list[VolumeBody], Field(max_length=60)]
    t_utc_us: _Time


class TerminationBody(_Body):
    """The sender has ended the agreement: its signed termination (:mod:`groundstation.share.agreement_signed`)."""

    document: dict[str, Any]
    t_utc_us: _Time


BODIES: dict[str, type[_Body]] = {
    "correction": CorrectionBody,
    "withdrawal": WithdrawalBody,
    "erase_request": EraseRequestBody,
    "erase_done": EraseDoneBody,
    "lead": LeadBody,
    "ack": AckBody,
    "checkpoint": CheckpointBody,
    "request": RequestBody,
    "answer": AnswerBody,
    "link": LinkBody,
    "judgement": JudgementBody,
    "volumes": VolumesBody,
    "termination": TerminationBody,
}

DUTY_KINDS: frozenset[str] = frozenset(
    {"withdrawal", "erase_request", "erase_done", "ack", "checkpoint", "termination"}
)
"""They say nothing new about anybody, and what is owed for what was told before does not end with an agreement."""

AT_ONCE_KINDS: frozenset[str] = frozenset({"lead", "withdrawal", "erase_request", "termination"})
"""Used as soon as they come, even when records before them are still missing."""

URGENT_KINDS: frozenset[str] = AT_ONCE_KINDS | {
    "incident",
    "correction",
    "request",
    "answer",
    "link",
    "ack",
    "judgement",
}
"""Sent before positions, and first after an outage."""


def checked_body(kind: str, values: dict[str, Any]) -> dict[str, Any]:
    """The body as it travels. Raises ``ValueError`` for one that the neighbour would refuse."""
    return BODIES[kind].model_validate(values).model_dump()
