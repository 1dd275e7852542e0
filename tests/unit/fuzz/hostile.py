"""Messages that mean no good: any content, from anybody, to anybody, as they come off the wire."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from missions.mavlink import mavlink2 as m

VEHICLE, STATION = (1, 1), (255, 190)
_OTHERS = [(1, 0), (1, 100), (1, 154), (2, 1), (254, 190), (255, 190), (0, 0)]
_RANGE = {
    "uint8_t": (0, 255), "int8_t": (-128, 127), "uint16_t": (0, 65535), "int16_t": (-32768, 32767),
    "uint32_t": (0, 2**32 - 1), "int32_t": (-(2**31), 2**31 - 1), "uint64_t": (0, 2**64 - 1),
    "int64_t": (-(2**63), 2**63 - 1),
}  # fmt: skip
_KINDS = {str(kind.msgname): kind for kind in m.mavlink_map.values()}
_REALS = st.one_of(
    st.sampled_from((math.nan, math.inf, -math.inf, 0.0, 1.0, -1.0, 1e38)), st.floats(-400.0, 400.0, width=32)
)


def _number(type_name: str) -> st.SearchStrategy[Any]:
    if type_name in ("float", "double"):
        return _REALS
    low, high = _RANGE[type_name]
    few = sorted({low, high, 0, 1, 2, 3, 4, min(high, 13), min(high, 15)} & set(range(max(low, -2), 16)) | {low, high})
    return st.one_of(st.sampled_from(few), st.integers(low, high))


@st.composite
def messages(draw: st.DrawFn, kinds: tuple[str, ...], texts: tuple[bytes, ...] = ()) -> Any:
    """A message of one of ``kinds`` with odd content, decoded; mostly from the vehicle to this station."""
    kind = _KINDS[draw(st.sampled_from(kinds))]
    likely = draw(st.booleans())
    lengths = dict(zip(kind.ordered_fieldnames, kind.array_lengths, strict=True))
    values: list[Any] = []
    for name, type_name in zip(kind.fieldnames, kind.fieldtypes, strict=True):
        length = lengths[name]
        if name == "target_system" and likely:
            values.append(STATION[0])
        elif name == "target_component" and likely:
            values.append(STATION[1])
        elif name == "mission_type" and likely:
            values.append(0)
        elif type_name == "char":
            raw = st.binary(min_size=max(length, 1), max_size=max(length, 1))
            values.append(draw(st.one_of(st.sampled_from(texts), raw) if texts else raw))
        elif length:
            values.append(
                [draw(_number(type_name))] * length if draw(st.booleans()) else list(draw(_bytes(length, type_name)))
            )
        else:
            values.append(draw(_number(type_name)))
    source = VEHICLE if draw(st.booleans()) else draw(st.sampled_from(_OTHERS))
    return received(kind(*values), source)


def _bytes(length: int, type_name: str) -> st.SearchStrategy[Any]:
    if type_name == "uint8_t":
        return st.binary(min_size=length, max_size=length)
    return st.lists(_number(type_name), min_size=length, max_size=length)


def received(message: Any, source: tuple[int, int] = VEHICLE) -> Any:
    """As the other end gets it."""
    parsed = m.MAVLink(None).parse_buffer(bytes(message.pack(m.MAVLink(None, *source))))
    assert parsed is not None
    return parsed[0]


def packed(message: Any) -> bytes:
    """The bytes of a received message."""
    return bytes(message.get_msgbuf())


def is_from_vehicle(message: Any) -> bool:
    """Whether the vehicle's autopilot sent it."""
    return (message.get_srcSystem(), message.get_srcComponent()) == VEHICLE


def is_for_us(message: Any) -> bool:
    """Whether it is meant for this station, or for everybody."""
    system, component = getattr(message, "target_system", 0), getattr(message, "target_component", 0)
    return system in (0, STATION[0]) and component in (0, STATION[1])
