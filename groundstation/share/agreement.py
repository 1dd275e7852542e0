"""What may be told to whom: the agreement as an object, and the one function that everything outgoing passes.

The object is in :mod:`groundstation.share.agreement_terms`, the function in :mod:`groundstation.share.policy`; this is
where the rest of the program takes both from.
"""

from __future__ import annotations

from groundstation.share.agreement_terms import (
    FIELDS,
    OTHER_INCIDENTS,
    PURPOSES,
    Agreement,
    Field,
    GatewayAllowance,
    OwnForceClause,
    RescueClause,
)
from groundstation.share.policy import (
    INNER_MARGIN_FRACTION,
    PASSING,
    WIRE,
    EndState,
    Kind,
    Reason,
    Release,
    Subject,
    Withheld,
    release,
)

__all__ = [
    "FIELDS",
    "INNER_MARGIN_FRACTION",
    "OTHER_INCIDENTS",
    "PASSING",
    "PURPOSES",
    "WIRE",
    "Agreement",
    "EndState",
    "Field",
    "GatewayAllowance",
    "Kind",
    "OwnForceClause",
    "Reason",
    "Release",
    "RescueClause",
    "Subject",
    "Withheld",
    "release",
]
