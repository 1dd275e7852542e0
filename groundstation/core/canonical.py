"""One way to write JSON as bytes, so that equal content has equal bytes and equal hashes."""

from __future__ import annotations

import json
from typing import Any

# One for all: json.dumps would make one for each value.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical_json(value: Any) -> bytes:
    """Keys sorted, no spaces, UTF-8, no NaN: RFC 8785 for strings, integers, and floats of everyday size.

    Raises ``ValueError`` for NaN and infinities.
    """
    return _ENCODER.encode(value).encode()
