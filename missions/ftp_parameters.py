"""All parameters of an aircraft as ArduPilot's file ``@PARAM/param.pck``.

The layout was read in ArduPilot's ``AP_Filesystem_Param.cpp``: a header of three little-endian 16-bit numbers (magic,
parameters in this file, parameters in all), then per parameter a byte with type (low half) and flags, a byte with the
number of letters shared with the name before (low half) and of those that follow less one, those letters, and the value.
Zero bytes between parameters are padding, which keeps a value from lying across two packets.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from geofences.errors import LinkError

FILE = "@PARAM/param.pck"
_MAGIC, _MAGIC_WITH_DEFAULTS = 0x671B, 0x671C
_HEADER = struct.Struct("<HHH")
_WITH_DEFAULT = 1
# Type number -> (layout, MAV_PARAM_TYPE).
_TYPES = {
    1: (struct.Struct("<b"), 2),
    2: (struct.Struct("<h"), 4),
    3: (struct.Struct("<i"), 6),
    4: (struct.Struct("<f"), 9),
}


@dataclass(frozen=True)
class ParameterValue:
    """One parameter. ``param_type``: ``MAV_PARAM_TYPE``. ``default``: None where the file does not give it."""

    name: str
    value: float
    param_type: int
    default: float | None = None


def decode_parameters(data: bytes) -> tuple[ParameterValue, ...]:
    """All parameters in the order of the aircraft. Raises :class:`LinkError` for a file that is damaged or not whole.

    With the variant "withdefaults" a parameter that has its default carries none.
    """
    if len(data) < _HEADER.size:
        raise LinkError(f"{FILE}: only {len(data)} bytes", "read it again")
    magic, count, _ = _HEADER.unpack_from(data)
    if magic not in (_MAGIC, _MAGIC_WITH_DEFAULTS):
        raise LinkError(f"{FILE}: it begins with {magic:#06x}", "read the parameters one by one")
    found: list[ParameterValue] = []
    at, last = _HEADER.size, b""
    while at < len(data):
        if data[at] == 0:
            at += 1
            continue
        where = f"{FILE}: parameter {len(found)} at byte {at}"
        kind, flags = data[at] & 0x0F, data[at] >> 4
        if kind not in _TYPES or at + 2 > len(data) or flags & ~_WITH_DEFAULT:
            raise LinkError(f"{where}: damaged", "read it again")
        layout, param_type = _TYPES[kind]
        common, rest = data[at + 1] & 0x0F, (data[at + 1] >> 4) + 1
        start = at + 2 + rest
        end = start + layout.size * (2 if flags & _WITH_DEFAULT else 1)
        name = last[:common] + data[at + 2 : start]
        if end > len(data) or len(name) != common + rest or len(name) > 16 or not name.isascii():
            raise LinkError(f"{where}: damaged", "read it again")
        (value,) = layout.unpack_from(data, start)
        default = float(layout.unpack_from(data, start + layout.size)[0]) if flags & _WITH_DEFAULT else None
        found.append(ParameterValue(name.decode("ascii"), float(value), param_type, default))
        at, last = end, name
    if len(found) != count:
        raise LinkError(f"{FILE}: {len(found)} of {count} parameters", "read it again")
    return tuple(found)
