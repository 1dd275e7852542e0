"""Whether what a neighbour says may be used here."""

from __future__ import annotations

from groundstation.share.agreement_watch import AgreementWatch
from groundstation.share.bodies import DUTY_KINDS
from groundstation.share.inbox import BURIED
from groundstation.share.life import Life
from groundstation.share.wire import Envelope


class Check:
    """Why an incoming envelope is kept but not used; "" when it is used."""

    def __init__(self, own_name: str, peer: str, watch: AgreementWatch, life: Life) -> None:
        self._life = life
        self._own_name = own_name
        self._peer = peer
        self._watch = watch

    def __call__(self, envelope: Envelope) -> str:
        if (envelope.originator, envelope.recipient) != (self._peer, self._own_name):
            return f"it is from {envelope.originator} to {envelope.recipient}"
        if self._life.about_buried(envelope):
            return BURIED
        if envelope.kind in DUTY_KINDS:
            return ""  # owed for what was told before, whatever became of the agreement
        agreement = self._watch.agreement
        if agreement is None:
            return f"there is no agreement with this neighbour ({self._watch.words})"
        if envelope.agreement_id != agreement.agreement_id:
            return f"agreement {envelope.agreement_id} is not {agreement.agreement_id}"
        return ""
